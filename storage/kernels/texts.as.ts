// Kernels that take numbers out of texts and put them back: see texts.ts for what each promises.

/** Bytes below it are marks. */
const MARKS: u8 = 10
const CHUNK_DIGITS: u32 = 9

@inline
function isDigitAt(p: usize): bool { return <u32>load<u8>(p) - 48 < 10 }

@inline
function place(slots: usize, stride: u32, slot: u32, row: u32): usize {
  return slots + ((<usize>slot * <usize>stride + <usize>row) << 2)
}

/** A number into its slot; a slot that no row had before is filled up to here. */
@inline
function putNumber(slots: usize, stride: u32, slot: u32, row: u32, used: u32, value: u32): void {
  if (slot >= used) for (let i: u32 = 0; i < row; i++) store<u32>(place(slots, stride, slot, i), value)
  store<u32>(place(slots, stride, slot, row), value)
}

/** The number that eight digits are, the first of them the lowest byte; a byte of 0 is a leading zero. */
@inline
function valueOf(digits: u64): u32 {
  const pairs = ((digits & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8
  const fours = ((pairs & 0x00ff00ff00ff00ff) * 6553601) >> 16
  return <u32>(((fours & 0x0000ffff0000ffff) * 42949672960001) >> 32)
}

export function splitTexts(
  offsets: usize, bytes: usize, from: u32, count: u32, pairs: u32, frameOffsets: usize,
  frames: usize, slots: usize, stride: u32, slotsMax: u32,
): i32 {
  let out = frames
  let used: u32 = 0
  store<u32>(frameOffsets, 0)
  for (let row: u32 = 0; row < count; row++) {
    const at = offsets + (<usize>(from + row) << 2)
    let p = bytes + load<u32>(at)
    const end = bytes + load<u32>(at, 4)
    let slot: u32 = 0
    while (p < end) {
      // What stands before the next number, 16 bytes at a time, more than are kept.
      const piece = v128.load(p)
      v128.store(out, piece)
      let stops = i8x16.bitmask(v128.or(i8x16.lt_u(piece, i8x16.splat(MARKS)),
        i8x16.lt_u(i8x16.sub(piece, i8x16.splat(48)), i8x16.splat(10))))
      const left = end - p
      if (left < 16) stops &= (1 << <i32>left) - 1
      if (stops == 0) {
        const step: usize = left < 16 ? left : 16
        p += step
        out += step
        continue
      }
      const plain = <usize>ctz(stops)
      p += plain
      out += plain
      const c = load<u8>(p)
      if (c < MARKS) return -1
      // Up to eight digits are a number by three multiplications, whatever their count.
      const ahead = i8x16.bitmask(i8x16.lt_u(i8x16.sub(v128.load(p), i8x16.splat(48)), i8x16.splat(10)))
      const run = <usize>ctz(~ahead)
      const seen = run < end - p ? run : end - p
      if (seen <= 8) {
        if (slot == slotsMax) return -1
        putNumber(slots, stride, slot, row, used, valueOf(load<u64>(p) << (64 - (<u64>seen << 3))))
        slot++
        if (slot > used) used = slot
        const isKept = seen > 1 && (c == 48 || (seen == 2 && pairs != 0))
        store<u8>(out++, isKept ? <u8>seen : 0)
        p += seen
        continue
      }
      let stop = p + seen
      while (stop < end && isDigitAt(stop)) stop++
      const digits = <u32>(stop - p)
      const isFixed = digits > CHUNK_DIGITS || c == 48
      while (p < stop) {
        const left = <u32>(stop - p)
        const chunk = left < CHUNK_DIGITS ? left : CHUNK_DIGITS
        let value: u32 = 0
        for (let i: u32 = 0; i < chunk; i++) value = value * 10 + <u32>load<u8>(p + i) - 48
        if (slot == slotsMax) return -1
        putNumber(slots, stride, slot, row, used, value)
        slot++
        if (slot > used) used = slot
        store<u8>(out++, isFixed ? <u8>chunk : 0)
        p += chunk
      }
    }
    for (; slot < used; slot++) {
      store<u32>(place(slots, stride, slot, row), load<u32>(place(slots, stride, slot, row - 1)))
    }
    store<u32>(frameOffsets + (<usize>row << 2), <u32>(out - frames), 4)
  }
  return used
}

@inline
export function digitsOf(value: u32): u32 {
  if (value < 10) return 1
  if (value < 100) return 2
  if (value < 1000) return 3
  if (value < 10000) return 4
  if (value < 100000) return 5
  if (value < 1000000) return 6
  if (value < 10000000) return 7
  return value < 100000000 ? 8 : value < 1000000000 ? 9 : 10
}

const ZEROS: u64 = 0x3030303030303030

/** The eight digits of a value below 10^8 as bytes 0 to 9, the first lowest: halves of four digits lie
 * side by side, then pairs, then digits, and each step divides all of them at once. */
@inline
export function eightDigits(value: u32): u64 {
  const high = value / 10000
  let x = <u64>high | <u64>(value - high * 10000) << 32
  const hundreds = (x * 5243 >> 19) & 0x0000007f0000007f
  x = hundreds | (x - hundreds * 100) << 16
  const tens = (x * 103 >> 10) & 0x000f000f000f000f
  return tens | (x - tens * 10) << 8
}

/** The last `digits` (1 to 8) of eight; answers where the next byte goes. */
@inline
export function putLast(eight: u64, digits: u32, out: usize): usize {
  store<u64>(out, (eight | ZEROS) >> ((8 - digits) << 3))
  return out + digits
}

/** Bytes of an entry of joinLengths()' table: the bytes of a frame's texts, of numbers of as many digits as they need one
 * each, and a bit for each slot with one. */
const FRAME_BYTES: usize = 8

/** Writes the entries of all frames; answers the bits that all of them have (low half) and that some have. */
function measureFrames(frameOffsets: usize, frames: usize, frameCount: u32, table: usize): u64 {
  let all: u32 = 0xffffffff
  let any: u32 = 0
  for (let frame: u32 = 0; frame < frameCount; frame++) {
    const at = frameOffsets + (<usize>frame << 2)
    let length = load<u32>(at, 4) - load<u32>(at)
    let open: u32 = 0
    let slot: u32 = 0
    const end = frames + load<u32>(at, 4)
    for (let p = frames + load<u32>(at); p < end; p += 16) {
      let marks = i8x16.bitmask(i8x16.lt_u(v128.load(p), i8x16.splat(MARKS)))
      if (end - p < 16) marks &= (1 << <i32>(end - p)) - 1
      for (; marks != 0; marks &= marks - 1, slot++) {
        const mark = <u32>load<u8>(p + ctz(marks))
        if (mark == 0) open |= 1 << slot
        else length += mark - 1
      }
    }
    store<u32>(table + <usize>frame * FRAME_BYTES, length)
    store<u32>(table + <usize>frame * FRAME_BYTES, open, 4)
    all &= open
    any |= open
  }
  return <u64>all | <u64>any << 32
}

/** Words of the entries of four rows' frames. */
@inline
function ofFrames(table: usize, codes: usize): v128 {
  let words = v128.load32_zero(table + <usize>load<u32>(codes) * FRAME_BYTES)
  words = i32x4.replace_lane(words, 1, load<i32>(table + <usize>load<u32>(codes, 4) * FRAME_BYTES))
  words = i32x4.replace_lane(words, 2, load<i32>(table + <usize>load<u32>(codes, 8) * FRAME_BYTES))
  return i32x4.replace_lane(words, 3, load<i32>(table + <usize>load<u32>(codes, 12) * FRAME_BYTES))
}

/** No number of a slot has more digits. */
function digitsMax(values: usize, count: u32): u32 {
  let four = i32x4.splat(0)
  const end = values + (<usize>count << 2)
  let at = values
  for (; at + 16 <= end; at += 16) four = v128.or(four, v128.load(at))
  let all = i32x4.extract_lane(four, 0) | i32x4.extract_lane(four, 1) | i32x4.extract_lane(four, 2) | i32x4.extract_lane(four, 3)
  for (; at < end; at += 4) all |= load<i32>(at)
  return digitsOf(<u32>all)
}

/** One less, for each of four, where it needs another digit. */
@inline
function lessDigit(less: v128, values: v128, most: i32): v128 {
  return i32x4.add(less, i32x4.gt_s(values, i32x4.splat(most)))
}

/** The digits that each of four numbers, of at most `most` digits (nine), needs beyond the first: the negative of them. */
@inline
function lessDigits(values: v128, most: u32): v128 {
  let less = i32x4.gt_s(values, i32x4.splat(9))
  if (most > 2) less = lessDigit(less, values, 99)
  if (most > 3) less = lessDigit(less, values, 999)
  if (most > 4) less = lessDigit(less, values, 9999)
  if (most > 5) less = lessDigit(less, values, 99999)
  if (most > 6) less = lessDigit(less, values, 999999)
  if (most > 7) less = lessDigit(less, values, 9999999)
  return most > 8 ? lessDigit(less, values, 99999999) : less
}

/** Adds the digits of a slot's numbers beyond their first to their rows' lengths, four at a time. */
@inline
function addDigits(values: usize, lengths: usize, bytes: usize, most: u32): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(lengths + at, i32x4.sub(v128.load(lengths + at), lessDigits(v128.load(values + at), most)))
  }
}

/** The same where not all frames have the slot with as many digits as its numbers need. */
function addOpenDigits(values: usize, lengths: usize, bytes: usize, slot: u32, table: usize, codes: usize): void {
  for (let at: usize = 0; at < bytes; at += 16) {
    const isOpen = i32x4.shr_s(i32x4.shl(ofFrames(table + 4, codes + at), 31 - <i32>slot), 31)
    const less = v128.and(isOpen, lessDigits(v128.load(values + at), 9))
    v128.store(lengths + at, i32x4.sub(v128.load(lengths + at), less))
  }
}

/** Makes lengths, a multiple of four, offsets from 0, which are one more; answers the last. */
function sumLengths(lengths: usize, bytes: usize): u32 {
  const none = i32x4.splat(0)
  let sums = none
  let four = v128.load(lengths)
  store<u32>(lengths, 0)
  for (let at = lengths, end = lengths + bytes; at < end; at += 16) {
    // The offset behind these lies where the next length does.
    const next = v128.load(at, 16)
    const pairs = i32x4.add(four, i32x4.shuffle(none, four, 0, 4, 5, 6))
    sums = i32x4.add(i32x4.add(pairs, i32x4.shuffle(none, pairs, 0, 0, 4, 5)), i32x4.shuffle(sums, sums, 3, 3, 3, 3))
    v128.store(at, sums, 4)
    four = next
  }
  return i32x4.extract_lane(sums, 3)
}

export function joinLengths(
  frameOffsets: usize, frames: usize, frameCount: u32, codes: usize, count: u32, slots: usize, stride: u32,
  table: usize, target: usize,
): u32 {
  const open = measureFrames(frameOffsets, frames, frameCount, table)
  // Lengths first, then their sums. What a slot's numbers have at most spares comparisons.
  const whole = count & ~3
  const bytes = <usize>whole << 2
  for (let at: usize = 0; at < bytes; at += 16) v128.store(target + at, ofFrames(table, codes + at))
  for (let some = <u32>(open >> 32); some != 0; some &= some - 1) {
    const slot = ctz(some)
    const values = place(slots, stride, slot, 0)
    const most = digitsMax(values, whole)
    if (most < 2) continue
    if ((<u32>open >> slot & 1) == 0) addOpenDigits(values, target, bytes, slot, table, codes)
    else if (most == 2) addDigits(values, target, bytes, 2)
    else if (most == 3) addDigits(values, target, bytes, 3)
    else if (most <= 5) addDigits(values, target, bytes, 5)
    else addDigits(values, target, bytes, 9)
  }
  let total = sumLengths(target, bytes)
  for (let row = whole; row < count; row++) {
    const entry = table + <usize>load<u32>(codes + (<usize>row << 2)) * FRAME_BYTES
    total += load<u32>(entry)
    for (let own = load<u32>(entry, 4); own != 0; own &= own - 1) {
      total += digitsOf(load<u32>(place(slots, stride, ctz(own), row))) - 1
    }
    store<u32>(target + (<usize>row << 2), total, 4)
  }
  return total
}

export function joinTexts(
  frameOffsets: usize, frames: usize, codes: usize, count: u32, slots: usize, stride: u32,
  targetOffsets: usize, target: usize,
): void {
  for (let row: u32 = 0; row < count; row++) {
    const at = frameOffsets + (<usize>load<u32>(codes + (<usize>row << 2)) << 2)
    let p = frames + load<u32>(at)
    const end = frames + load<u32>(at, 4)
    let out = target + load<u32>(targetOffsets + (<usize>row << 2))
    let slot: u32 = 0
    while (p < end) {
      const piece = v128.load(p)
      v128.store(out, piece)
      const left = <u32>(end - p)
      let marks = i8x16.bitmask(i8x16.lt_u(piece, i8x16.splat(MARKS)))
      if (left < 16) marks &= (1 << left) - 1
      if (marks == 0) {
        const step: u32 = left < 16 ? left : 16
        p += step
        out += step
        continue
      }
      const plain = <usize>ctz(marks)
      out += plain
      p += plain
      const mark = <u32>load<u8>(p++)
      const value = load<u32>(place(slots, stride, slot, row))
      slot++
      const digits = mark != 0 ? mark : digitsOf(value)
      if (digits > 8) {
        const high = value / 100000000
        putLast(eightDigits(high), digits - 8, out)
        putLast(eightDigits(value - high * 100000000), 8, out + digits - 8)
      } else putLast(eightDigits(value), digits, out)
      out += digits
    }
  }
}

export function readSerials(
  offsets: usize, bytes: usize, from: u32, count: u32, prefix: u32, suffix: u32, low: usize, high: usize,
): u32 {
  const first = bytes + load<u32>(offsets + (<usize>from << 2))
  const firstBytes = load<u32>(offsets + (<usize>from << 2), 4) - load<u32>(offsets + (<usize>from << 2))
  const firstEnd = first + firstBytes - suffix
  let isFixed = true
  let hasZero = false
  for (let i: u32 = 0; i < count; i++) {
    const at = offsets + (<usize>(from + i) << 2)
    const length = load<u32>(at, 4) - load<u32>(at)
    const digits = length - prefix - suffix
    if (length <= prefix + suffix || digits > 15) return 0
    const start = bytes + load<u32>(at)
    for (let k: u32 = 0; k < prefix; k++) if (load<u8>(start + k) != load<u8>(first + k)) return 0
    const end = start + prefix + digits
    for (let k: u32 = 0; k < suffix; k++) if (load<u8>(end + k) != load<u8>(firstEnd + k)) return 0
    let value: u64 = 0
    for (let p = start + prefix; p < end; p++) {
      if (!isDigitAt(p)) return 0
      value = value * 10 + <u64>load<u8>(p) - 48
    }
    if (digits > 1 && load<u8>(start + prefix) == 48) hasZero = true
    if (length != firstBytes) isFixed = false
    store<u32>(low + (<usize>i << 2), <u32>value)
    store<u32>(high + (<usize>i << 2), <u32>(value >> 32))
  }
  if (!hasZero) return 1
  return isFixed ? 2 : 0
}

@inline
function needed(eight: u64): u32 { return eight == 0 ? 1 : 8 - (<u32>ctz(eight) >> 3) }

@inline
function copyAffix(from: usize, bytes: u32, out: usize): usize {
  for (let at: u32 = 0; at < bytes; at += 16) v128.store(out + at, v128.load(from + at))
  return out + bytes
}

export function serialTexts(
  values: usize, count: u32, prefix: usize, prefixBytes: u32, digits: u32, suffix: usize, suffixBytes: u32,
  offsets: usize, target: usize,
): u32 {
  let out = target
  store<u32>(offsets, 0)
  for (let row: u32 = 0; row < count; row++) {
    const value = <u64>load<f64>(values + (<usize>row << 3))
    const high = value / 100000000
    const last = eightDigits(<u32>(value - high * 100000000))
    out = copyAffix(prefix, prefixBytes, out)
    for (let zeros = digits; zeros > 16; zeros--) store<u8>(out++, 48)
    if (digits == 0 ? high == 0 : digits <= 8) out = putLast(last, digits == 0 ? needed(last) : digits, out)
    else {
      const first = eightDigits(<u32>high)
      out = putLast(first, digits == 0 ? needed(first) : digits > 16 ? 8 : digits - 8, out)
      out = putLast(last, 8, out)
    }
    out = copyAffix(suffix, suffixBytes, out)
    store<u32>(offsets + (<usize>row << 2), <u32>(out - target), 4)
  }
  return <u32>(out - target)
}

export function alignDigits(values: usize, count: u32, scales: usize, fill: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const value = load<f64>(values + (<usize>i << 3))
    const digits = value < 4294967296 ? digitsOf(<u32>value) : 8 + digitsOf(<u32>(value / 100000000))
    const scale = load<f64>(scales + (<usize>digits << 3))
    store<f64>(target + (<usize>i << 3), value * scale + (fill == 0 ? 0 : scale - 1))
  }
}

export function alignWords(values: usize, count: u32, scales: usize, fill: u32, target: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    const value = load<u32>(values + (<usize>i << 2))
    const scale = load<u32>(scales + (<usize>digitsOf(value) << 2))
    store<u32>(target + (<usize>i << 2), value * scale + (fill == 0 ? 0 : scale - 1))
  }
}
