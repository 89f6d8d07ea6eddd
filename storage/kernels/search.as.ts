// The kernel that looks for a text in many: see search.ts for what it promises.

function isAt(at: usize, needle: usize, length: u32): bool {
  let i: u32 = 0
  for (; i + 8 <= length; i += 8) if (load<u64>(at + i) != load<u64>(needle + i)) return false
  for (; i < length; i++) if (load<u8>(at + i) != load<u8>(needle + i)) return false
  return true
}

/** The first place in [from, end) where the needle stands; end: nowhere. Sixteen places at a time are
 * asked for the needle's first and last byte. */
export function findNeedle(from: usize, end: usize, needle: usize, length: u32): usize {
  let at = from
  while (at + length + 15 <= end) {
    const first = i8x16.splat(load<i8>(needle))
    const last = i8x16.splat(load<i8>(needle + length - 1))
    let hits = 0
    // Asked behind its body: see unpackBits.
    do {
      hits = i8x16.bitmask(v128.and(i8x16.eq(v128.load(at), first), i8x16.eq(v128.load(at + length - 1), last)))
      at += 16
    } while (hits == 0 && at + length + 15 <= end)
    while (hits != 0) {
      const place = at - 16 + <usize>ctz<i32>(hits)
      if (isAt(place, needle, length)) return place
      hits &= hits - 1
    }
  }
  for (; at + length <= end; at++) if (isAt(at, needle, length)) return at
  return end
}

export function findInStrings(
  offsets: usize, bytes: usize, count: u32, needle: usize, length: u32, target: usize,
): u32 {
  memory.fill(target, 0, <usize>count << 2)
  if (count == 0) return 0
  const end = bytes + load<u32>(offsets + (<usize>count << 2))
  let at = bytes + load<u32>(offsets)
  let row: u32 = 0
  let found: u32 = 0
  for (;;) {
    at = findNeedle(at, end, needle, length)
    if (at == end) break
    while (bytes + load<u32>(offsets + (<usize>row << 2), 4) <= at) row++
    const rowEnd = bytes + load<u32>(offsets + (<usize>row << 2), 4)
    if (at + length > rowEnd) {
      at++ // it reaches into the next string
      continue
    }
    store<u32>(target + (<usize>row << 2), <u32>(at - bytes) - load<u32>(offsets + (<usize>row << 2)) + 1)
    found++
    at = rowEnd
  }
  return found
}

export function findBehind(
  offsets: usize, bytes: usize, count: u32, needle: usize, length: u32, behind: u32, places: usize,
): void {
  for (let row: u32 = 0; row < count; row++) {
    const at = places + (<usize>row << 2)
    const place = load<u32>(at)
    if (place == 0) continue
    const start = bytes + load<u32>(offsets + (<usize>row << 2))
    const end = bytes + load<u32>(offsets + (<usize>row << 2), 4)
    const found = findNeedle(start + place - 1 + behind, end, needle, length)
    store<u32>(at, found == end ? 0 : <u32>(found - start) + 1)
  }
}

function answerEach(codes: usize, count: u32, frames: usize, target: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    const frame = frames + (<usize>load<u32>(codes + (<usize>row << 2)) << 4)
    const kind = load<u32>(frame)
    if (kind < 2) {
      store<u8>(target + row, <u8>kind)
      continue
    }
    const value = load<u32>(<usize>load<u32>(frame, 4) + (<usize>row << 2))
    let range = <usize>load<u32>(frame, 8)
    const end = range + (<usize>load<u32>(frame, 12) << 3)
    // Two ranges at a time, and no branch on what values are.
    const values = i32x4.splat(value)
    let isIn: u32 = 0
    for (; range + 16 <= end; range += 16) {
      const ends = v128.load(range)
      const notAbove = i32x4.le_u(values, ends)
      const within = v128.and(i32x4.ge_u(values, ends), i32x4.shuffle(notAbove, notAbove, 1, 1, 3, 3))
      isIn |= <u32>v128.any_true(within)
    }
    if (range < end) isIn |= <u32>(value >= load<u32>(range)) & <u32>(value <= load<u32>(range, 4))
    store<u8>(target + row, <u8>isIn)
  }
}

/** The first frame that asks a number, where all that do ask the same of the same; 0: there is none such. */
function onlyQuestion(frames: usize, frameCount: u32): usize {
  let only: usize = 0
  for (let i: u32 = 0; i < frameCount; i++) {
    const frame = frames + (<usize>i << 4)
    if (load<u32>(frame) < 2) continue
    if (only == 0) only = frame
    else if (v128.any_true(v128.xor(v128.load(only), v128.load(frame)))) return 0
  }
  return only
}

/** Whether each number is in one of the ranges, four at a time. */
function answerNumbers(values: usize, count: u32, ranges: usize, rangeCount: u32, target: usize): void {
  const end = ranges + (<usize>rangeCount << 3)
  for (let row: u32 = 0; row < count; row += 4) {
    const four = v128.load(values + (<usize>row << 2))
    let isIn = i32x4.splat(0)
    for (let range = ranges; range < end; range += 8) {
      const from = v128.load32_splat(range)
      isIn = v128.or(isIn, i32x4.le_u(i32x4.sub(four, from), i32x4.sub(v128.load32_splat(range, 4), from)))
    }
    const halves = i16x8.narrow_i32x4_u(v128.and(isIn, i32x4.splat(1)), isIn)
    store<u32>(target + row, i32x4.extract_lane(i8x16.narrow_i16x8_u(halves, halves), 0))
  }
}

export function answerFrames(codes: usize, count: u32, frames: usize, frameCount: u32, target: usize): void {
  const only = onlyQuestion(frames, frameCount)
  if (only == 0) {
    answerEach(codes, count, frames, target)
    return
  }
  answerNumbers(<usize>load<u32>(only, 4), count, <usize>load<u32>(only, 8), load<u32>(only, 12), target)
  for (let row: u32 = 0; row < count; row++) {
    const kind = load<u32>(frames + (<usize>load<u32>(codes + (<usize>row << 2)) << 4))
    store<u8>(target + row, select<u8>(<u8>kind, load<u8>(target + row), kind < 2))
  }
}

export function numbersOfFrames(codes: usize, count: u32, frames: usize, target: usize): void {
  for (let row: u32 = 0; row < count; row++) {
    const frame = frames + (<usize>load<u32>(codes + (<usize>row << 2)) << 4)
    const numbers = <usize>load<u32>(frame)
    const value = numbers == 0 ? load<f64>(frame, 8) : <f64>load<u32>(numbers + (<usize>row << 2))
    store<f64>(target + (<usize>row << 3), value)
  }
}
