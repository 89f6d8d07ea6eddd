// Kernels that ask texts for a pattern without writing them: see patterns.ts for what each promises.

export function likeUuids(keys: usize, count: u32, program: usize, masks: usize, target: usize): void {
  const digitCount = load<u32>(program)
  const firstPart = program + 8 + (<usize>digitCount << 2)
  const partCount = load<u32>(firstPart - 4)
  const masksEnd = masks + (<usize>digitCount << 3)
  for (let i: u32 = 0; i < count; i++) {
    const packed = v128.load(keys + (<usize>i << 4))
    const high = i8x16.shr_u(packed, 4)
    const low = v128.and(packed, i8x16.splat(15))
    const first = i8x16.shuffle(high, low, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
    const second = i8x16.shuffle(high, low, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
    let digit = program + 4
    for (let mask = masks; mask < masksEnd; mask += 8, digit += 4) {
      const value = v128.load8_splat(digit)
      store<u64>(mask, <u64>(<u32>i8x16.bitmask(i8x16.eq(first, value)) | <u32>i8x16.bitmask(i8x16.eq(second, value)) << 16))
    }
    let part = firstPart
    // Words of 64 bits: no shift by all of a word's.
    let at: u64 = 0
    let isHeld: u32 = 1
    for (let left = partCount; left > 0; left--) {
      let places = <u64>load<u32>(part)
      const length = load<u32>(part, 4)
      part += 8
      for (let k: u32 = 0; k < length; k++, part += 4) places &= load<u64>(masks + (<usize>load<u32>(part) << 3)) >> k
      places = places >> at << at
      if (places == 0) {
        isHeld = 0
        break
      }
      at = ctz(places) + length
    }
    store<u8>(target + i, <u8>isHeld)
  }
}
