// Kernels over 64-bit integers beyond 2^53: see bigs.ts for what each promises.

export function bigEnds(values: usize, count: u32, isSigned: u32, out: usize): void {
  // Signed ones order as unsigned ones whose first bit is the other.
  const flip = isSigned != 0 ? <u64>1 << 63 : 0
  let min = load<u64>(values) ^ flip
  let max = min
  for (let i: u32 = 1; i < count; i++) {
    const value = load<u64>(values + (<usize>i << 3)) ^ flip
    min = value < min ? value : min
    max = value > max ? value : max
  }
  store<u64>(out, min ^ flip)
  store<u64>(out, max ^ flip, 8)
}

export function bigHalves(values: usize, count: u32, base: usize, low: usize, high: usize): void {
  const least = load<u64>(base)
  for (let i: u32 = 0; i < count; i++) {
    const value = load<u64>(values + (<usize>i << 3)) - least
    store<u32>(low + (<usize>i << 2), <u32>value)
    store<u32>(high + (<usize>i << 2), <u32>(value >> 32))
  }
}
