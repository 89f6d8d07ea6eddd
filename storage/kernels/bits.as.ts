// Kernels for bit-packed numbers: see bits.ts for what each promises.

/** Unpacks `count` numbers of `width` bits (1..32), packed low bit first, from `source` into u32 at
 * `target`. Reads at most 8 bytes past the packed bytes. */
export function unpackBits(source: usize, width: u32, count: u32, target: usize): void {
  const mask: u64 = (<u64>1 << <u64>width) - 1
  let bit: u64 = 0
  for (let i: u32 = 0; i < count; i++) {
    const word = load<u64>(source + <usize>(bit >> 3)) >> (bit & 7)
    store<u32>(target + (<usize>i << 2), <u32>(word & mask))
    bit += width
  }
}

/** As unpackBits, each number replaced by map[number] (u32 at `map`). */
export function unpackBitsMapped(
  source: usize, width: u32, count: u32, map: usize, target: usize,
): void {
  const mask: u64 = (<u64>1 << <u64>width) - 1
  let bit: u64 = 0
  for (let i: u32 = 0; i < count; i++) {
    const word = load<u64>(source + <usize>(bit >> 3)) >> (bit & 7)
    store<u32>(target + (<usize>i << 2), load<u32>(map + (<usize>(word & mask) << 2)))
    bit += width
  }
}
