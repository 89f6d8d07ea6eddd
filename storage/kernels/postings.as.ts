// Kernels for row postings: see postings.ts for what each promises.

export function countCodes(codes: usize, nulls: usize, count: u32, counts: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    if (nulls != 0 && load<u8>(nulls + row) != 0) continue
    const at = counts + (<usize>load<u32>(codes + (<usize>row << 2)) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
}

export function placeRows(codes: usize, nulls: usize, count: u32, next: usize, rows: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    if (nulls != 0 && load<u8>(nulls + row) != 0) continue
    const at = next + (<usize>load<u32>(codes + (<usize>row << 2)) << 2)
    const place = load<u32>(at)
    store<u32>(rows + (<usize>place << 2), row)
    store<u32>(at, place + 1)
  }
}

/** Adds the low `bits` (up to 57) bits of value at bit `at` of zeroed bytes. */
@inline
function put(target: usize, at: u64, value: u64): void {
  const place = target + <usize>(at >> 3)
  store<u64>(place, load<u64>(place) | (value << (at & 7)))
}

export function packLists(
  rows: usize, counts: usize, from: u32, to: u32, rowBits: u32, target: usize,
): u32 {
  let bit: u64 = 0
  let next = rows
  for (let code = from; code < to; code++) {
    const count = load<u32>(counts + (<usize>code << 2))
    const countBits = 31 - clz<u32>(count + 1)
    put(target, bit, <u64>countBits | (<u64>((count + 1) & ((1 << countBits) - 1)) << 5))
    bit += 5 + countBits
    if (count == 0) continue
    let skipAt: u64 = 0
    if (count >= 64) {
      skipAt = bit
      bit += 32
    }
    const start = bit
    const first = load<u32>(next)
    put(target, bit, <u64>first)
    bit += rowBits
    if (count > 1) {
      const span = load<u32>(next + (<usize>(count - 1) << 2)) - first - (count - 1)
      const mean = span / (count - 1)
      const low = mean == 0 ? 0 : 31 - clz<u32>(mean)
      put(target, bit, <u64>low)
      bit += 5
      let before = first
      for (let i: u32 = 1; i < count; i++) {
        const row = load<u32>(next + (<usize>i << 2))
        const gap = row - before - 1
        before = row
        const high = gap >> low
        if (high < 16) {
          put(target, bit, (((<u64>1 << <u64>high) - 1)) | (<u64>(gap & ((1 << low) - 1)) << <u64>(high + 1)))
          bit += high + 1 + low
        } else {
          put(target, bit, 0xffff | (<u64>gap << 16))
          bit += 48
        }
      }
    }
    if (count >= 64) put(target, skipAt, bit - start)
    next += <usize>count << 2
  }
  return <u32>bit
}
