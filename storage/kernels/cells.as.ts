// Kernels that write values as the cells of a JSON text: see cells.ts for what each promises.

import { eightDigits, putLast } from './texts.as'

const QUOTE: u8 = 34
const BACKSLASH: u8 = 92
const SLASH: u8 = 47
/** `null` as a little-endian word. */
const NULL_TEXT: u32 = 0x6c6c756e
const DAY_SECONDS: i64 = 86400
const DATE_ONLY: u32 = 255
/** Bytes of a column's entry of joinCells, and where its words are. */
const COLUMN: usize = 32
const VALUES: usize = 4
const BYTES: usize = 8
const BEFORE: usize = 12
const BEFORE_BYTES: usize = 16
const PLACES: usize = 20
/** What a column's entry tells of; the kinds of whole numbers lie between. */
const CELLS: u32 = 0
const TEXTS: u32 = 1
const INTEGERS: u32 = 2
const DOUBLES: u32 = 11

@inline
function isNull(nulls: usize, row: u32): bool { return nulls != 0 && load<u8>(nulls + row) != 0 }

@inline
function hexDigit(value: u8): u8 { return value < 10 ? 48 + value : 87 + value }

/** One byte that may not stand as it is; answers where the next goes. */
function escape(byte: u8, out: usize): usize {
  store<u8>(out, BACKSLASH)
  if (byte == QUOTE || byte == BACKSLASH || byte == SLASH) {
    store<u8>(out, byte, 1)
    return out + 2
  }
  const short: u8 = byte == 8 ? 98 : byte == 9 ? 116 : byte == 10 ? 110 : byte == 12 ? 102 : byte == 13 ? 114 : 0
  if (short != 0) {
    store<u8>(out, short, 1)
    return out + 2
  }
  store<u8>(out, 117, 1)
  store<u16>(out, 0x3030, 2)
  store<u8>(out, hexDigit(byte >> 4), 4)
  store<u8>(out, hexDigit(byte & 15), 5)
  return out + 6
}

export function stringCells(
  offsets: usize, bytes: usize, nulls: usize, from: u32, count: u32, cells: usize, target: usize,
): u32 {
  let out = target
  store<u32>(cells, 0)
  for (let i: u32 = 0; i < count; i++) {
    const row = from + i
    if (isNull(nulls, row)) {
      store<u32>(out, NULL_TEXT)
      out += 4
      store<u32>(cells + (<usize>i << 2), <u32>(out - target), 4)
      continue
    }
    const at = offsets + (<usize>row << 2)
    let p = bytes + load<u32>(at)
    const end = bytes + load<u32>(at, 4)
    store<u8>(out++, QUOTE)
    while (p < end) {
      const piece = v128.load(p)
      v128.store(out, piece)
      let stops = i8x16.bitmask(v128.or(
        v128.or(i8x16.lt_u(piece, i8x16.splat(32)), i8x16.eq(piece, i8x16.splat(QUOTE))),
        v128.or(i8x16.eq(piece, i8x16.splat(BACKSLASH)), i8x16.eq(piece, i8x16.splat(SLASH)))))
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
      out = escape(load<u8>(p++), out + plain)
    }
    store<u8>(out++, QUOTE)
    store<u32>(cells + (<usize>i << 2), <u32>(out - target), 4)
  }
  return <u32>(out - target)
}

const EIGHT: u64 = 100000000
const ZEROS: u64 = 0x3030303030303030

/** Decimal digits; answers where the next byte goes. Eight bytes are written. Zeros before the first digit are
 * counted in the digits themselves, the last of which stays: no branch asks how many there are. */
@inline
function fewDigits(value: u32, out: usize): usize {
  const eight = eightDigits(value)
  const zeros = ctz(eight | 1 << 56) & 56
  store<u64>(out, (eight | ZEROS) >> zeros)
  return out + 8 - <usize>(zeros >> 3)
}

/** Decimal digits of a number of nine and more. */
function manyDigits(value: u64, out: usize): usize {
  const high = value / EIGHT
  const low = <u32>(value - high * EIGHT)
  if (high < EIGHT) out = fewDigits(<u32>high, out)
  else {
    const top = high / EIGHT
    out = putLast(eightDigits(<u32>(high - top * EIGHT)), 8, fewDigits(<u32>top, out))
  }
  return putLast(eightDigits(low), 8, out)
}

@inline
function digits(value: u64, out: usize): usize {
  return value < EIGHT ? fewDigits(<u32>value, out) : manyDigits(value, out)
}

@inline
function integer(value: i64, out: usize): usize {
  if (value >= 0) return digits(<u64>value, out)
  store<u8>(out, 45)
  return digits(<u64>0 - <u64>value, out + 1)
}

/** More decimal places, or digits in all, are left to others. */
const PLACES_MAX: u32 = 9
const DIGITS_BOUND: f64 = 1e15
const FLOAT_LEAST: f64 = 0.001

/** 10^places. */
@inline
function scaleOf(places: u32): f64 {
  switch (places) {
    case 0: return 1
    case 1: return 10
    case 2: return 100
    case 3: return 1000
    case 4: return 10000
    case 5: return 100000
    case 6: return 1000000
    case 7: return 10000000
    case 8: return 100000000
    default: return 1000000000
  }
}

/** How many decimal places show a number, at most PLACES_MAX; one more: it is no decimal of few digits. `hint`:
 * what another number of its column needed. */
function placesOf(magnitude: f64, hint: u32): u32 {
  const scale = scaleOf(hint)
  const whole = nearest(magnitude * scale)
  if (whole < DIGITS_BOUND && whole / scale == magnitude) return hint
  for (let places: u32 = 0; places <= PLACES_MAX; places++) {
    const scale = scaleOf(places)
    const whole = nearest(magnitude * scale)
    if (whole >= DIGITS_BOUND) break
    if (whole / scale == magnitude) return places
  }
  return PLACES_MAX + 1
}

/** Writes a decimal of so many places, without zeros at its end; answers where the next byte goes. */
@inline
function decimal(value: f64, magnitude: f64, places: u32, out: usize): usize {
  store<u8>(out, 45)
  let at = out + <usize>(value < 0)
  // A number that rounds up to a whole one is that one.
  const before = <u64>magnitude
  let rest = <u32>(<u64>nearest(magnitude * scaleOf(places)) - before * <u64>scaleOf(places))
  at = digits(before, at)
  store<u8>(at, 46)
  if (places <= 8) {
    const eight = eightDigits(rest * <u32>scaleOf(8 - places))
    store<u64>(at, eight | ZEROS, 1)
    return rest == 0 ? at : at + 9 - <usize>(clz(eight) >> 3)
  }
  if (rest == 0) return at
  while (rest % 10 == 0) {
    rest /= 10
    places--
  }
  at++
  if (places <= 8) return putLast(eightDigits(rest), places, at)
  const first = rest / 100000000
  store<u8>(at++, <u8>first + 48)
  return putLast(eightDigits(rest - first * 100000000), 8, at)
}

/** Whether the shortest text of a double is none that decimal() writes. */
@inline
function isOdd(magnitude: f64): bool { return !(magnitude >= FLOAT_LEAST && magnitude < DIGITS_BOUND) }

/** The shortest texts of doubles where these are decimals of few digits. Decimals of up to 15 digits are all
 * different doubles: one that is this number is its shortest, once zeros at its end are gone. */
export function floatCells(
  values: usize, nulls: usize, from: u32, first: u32, count: u32, cells: usize, target: usize,
): u32 {
  if (first == 0) store<u32>(cells, 0)
  let out = target + load<u32>(cells + (<usize>first << 2))
  let places: u32 = 0
  for (let i = first; i < count; i++) {
    const row = from + i
    if (isNull(nulls, row)) {
      store<u32>(out, NULL_TEXT)
      out += 4
    } else {
      const value = load<f64>(values + (<usize>row << 3))
      const magnitude = abs(value)
      if (reinterpret<u64>(value) == 0) store<u8>(out++, 48)
      else {
        if (isOdd(magnitude)) return i
        const needed = placesOf(magnitude, places)
        if (needed > PLACES_MAX) return i
        places = needed
        out = decimal(value, magnitude, places, out)
      }
    }
    store<u32>(cells + (<usize>i << 2), <u32>(out - target), 4)
  }
  return count
}

@inline
function two(value: u32, out: usize): void {
  const tens = value / 10
  store<u16>(out, <u16>(48 + tens) | (<u16>(48 + value - tens * 10) << 8))
}

/** `YYYY-MM-DD` of days since 1970 (Hinnant, chrono-compatible low-level date algorithms). */
function day(days: i32, out: usize): void {
  const shifted = days + 719468
  const era = (shifted >= 0 ? shifted : shifted - 146096) / 146097
  const dayOfEra = <u32>(shifted - era * 146097)
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const shiftedMonth = (5 * dayOfYear + 2) / 153
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = <u32>(<i32>yearOfEra + era * 400) + (month <= 2 ? 1 : 0)
  two(year / 100 % 100, out)
  two(year % 100, out + 2)
  store<u8>(out, 45, 4)
  two(month, out + 5)
  store<u8>(out, 45, 7)
  two(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, out + 8)
}

export function momentCells(
  seconds: usize, fractions: usize, precision: u32, nulls: usize, count: u32, cells: usize, target: usize,
): u32 {
  let out = target
  // The day that was written last, and where.
  let known: i64 = i64.MIN_VALUE
  let text: usize = 0
  store<u32>(cells, 0)
  for (let i: u32 = 0; i < count; i++) {
    if (isNull(nulls, i)) {
      store<u32>(out, NULL_TEXT)
      out += 4
      store<u32>(cells + (<usize>i << 2), <u32>(out - target), 4)
      continue
    }
    const second = <i64>load<f64>(seconds + (<usize>i << 3))
    let days = second / DAY_SECONDS
    if (days * DAY_SECONDS > second) days--
    store<u8>(out, QUOTE)
    if (days == known) {
      store<u64>(out, load<u64>(text), 1)
      store<u16>(out, load<u16>(text, 8), 9)
    } else day(<i32>days, out + 1)
    known = days
    text = out + 1
    out += 11
    if (precision != DATE_ONLY) {
      const rest = <u32>(second - days * DAY_SECONDS)
      store<u8>(out, 32)
      two(rest / 3600, out + 1)
      store<u8>(out, 58, 3)
      two(rest / 60 % 60, out + 4)
      store<u8>(out, 58, 6)
      two(rest % 60, out + 7)
      out += 9
      if (precision != 0) {
        store<u8>(out, 46)
        let fraction = load<u32>(fractions + (<usize>i << 2))
        for (let digit = precision; digit > 0; digit--) {
          const next = fraction / 10
          store<u8>(out + digit, <u8>(fraction - next * 10) + 48)
          fraction = next
        }
        out += 1 + precision
      }
    }
    store<u8>(out++, QUOTE)
    store<u32>(cells + (<usize>i << 2), <u32>(out - target), 4)
  }
  return <u32>(out - target)
}

@inline
function copy(from: usize, length: u32, out: usize): usize {
  v128.store(out, v128.load(from))
  if (length > 16) copyRest(from, length, out)
  return out + length
}

@inline
function copyRest(from: usize, length: u32, out: usize): void {
  if (length <= 256) for (let k: u32 = 16; k < length; k += 16) v128.store(out + k, v128.load(from + k))
  else memory.copy(out, from, length)
}

/** In place of where a text begins: one that is not written yet, by its number. */
const FRESH: u32 = 0x80000000

export function codeTexts(
  codes: usize, nulls: usize, from: u32, count: u32, known: usize, rows: usize, fresh: usize,
): u32 {
  let added: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const row = from + i
    let start: u32 = 0
    if (!isNull(nulls, row)) {
      const code = load<u32>(codes + (<usize>row << 2))
      const at = known + (<usize>code << 2)
      start = load<u32>(at)
      if (start == 0) {
        start = FRESH | added
        store<u32>(at, start)
        store<u32>(fresh + (<usize>added << 2), code)
        added++
      }
    }
    store<u32>(rows + (<usize>i << 2), start)
  }
  return added
}

export function codeTextsBySlots(
  codes: usize, nulls: usize, from: u32, count: u32, slots: usize, mask: u32, rows: usize, fresh: usize, places: usize,
): u32 {
  let added: u32 = 0
  for (let i: u32 = 0; i < count; i++) {
    const row = from + i
    if (isNull(nulls, row)) {
      store<u32>(rows + (<usize>i << 2), 0)
      continue
    }
    const code = load<u32>(codes + (<usize>row << 2))
    const mixed = code * 0x9e3779b1
    let slot = (mixed ^ mixed >> 16) & mask
    let held = load<u32>(slots + (<usize>slot << 3))
    while (held != code + 1 && held != 0) {
      slot = slot + 1 & mask
      held = load<u32>(slots + (<usize>slot << 3))
    }
    const at = slots + (<usize>slot << 3)
    if (held == 0) {
      store<u32>(at, code + 1)
      store<u32>(at, FRESH | added, 4)
      store<u32>(fresh + (<usize>added << 2), code)
      store<u32>(places + (<usize>added << 2), slot << 1 | 1)
      added++
    }
    store<u32>(rows + (<usize>i << 2), load<u32>(at, 4))
  }
  return added
}

export function placeTexts(
  ends: usize, bytes: usize, count: u32, texts: usize, at: u32, known: usize, places: usize, rows: usize, rowCount: u32,
): u32 {
  for (let i: u32 = 0; i < count; i++) {
    const cell = ends + (<usize>i << 2)
    const start = load<u32>(cell)
    const length = load<u32>(cell, 4) - start
    store<u32>(known + (<usize>load<u32>(places + (<usize>i << 2)) << 2), at)
    store<u32>(texts + at, length)
    // Its text is copied from here on: what was its start says where it is now.
    copy(bytes + start, length, texts + at + 4)
    store<u32>(cell, at)
    at += 4 + length
  }
  for (let i: u32 = 0; i < rowCount; i++) {
    const row = rows + (<usize>i << 2)
    const start = load<u32>(row)
    if (start >= FRESH) store<u32>(row, load<u32>(ends + (<usize>(start & ~FRESH) << 2)))
  }
  return at
}

/** Bytes of a number's text, at most. */
const NUMBER_BYTES: u32 = 32

export function joinedCellsLength(columns: usize, columnCount: u32, tailLength: u32, count: u32): u32 {
  let total = count * tailLength
  for (let c: u32 = 0; c < columnCount; c++) {
    const column = columns + <usize>c * COLUMN
    const kind = load<u32>(column)
    const values = <usize>load<u32>(column, VALUES)
    total += count * load<u32>(column, BEFORE_BYTES)
    if (kind == CELLS) total += load<u32>(values + (<usize>count << 2)) - load<u32>(values)
    else if (kind == TEXTS) {
      const texts = <usize>load<u32>(column, BYTES)
      for (let i: u32 = 0; i < count; i++) total += load<u32>(texts + <usize>load<u32>(values + (<usize>i << 2)))
    } else total += count * NUMBER_BYTES
  }
  return total
}

@inline
function wholeNumber(kind: u32, values: usize, i: u32, out: usize): usize {
  const row = <usize>i
  switch (kind) {
    case 0: return fewDigits(<u32>load<u8>(values + row), out)
    case 1: return integer(<i64>load<i8>(values + row), out)
    case 2: return fewDigits(<u32>load<u16>(values + (row << 1)), out)
    case 3: return integer(<i64>load<i16>(values + (row << 1)), out)
    case 4: return digits(<u64>load<u32>(values + (row << 2)), out)
    case 5: return integer(<i64>load<i32>(values + (row << 2)), out)
    case 6: return integer(<i64>load<f64>(values + (row << 3)), out)
    case 7: return integer(load<i64>(values + (row << 3)), out)
    default: return digits(load<u64>(values + (row << 3)), out)
  }
}

export function joinCells(
  columns: usize, columnCount: u32, tail: usize, tailLength: u32, count: u32, target: usize, ends: usize, before: u32,
): i32 {
  let out = target
  const end = columns + <usize>columnCount * COLUMN
  for (let i: u32 = 0; i < count; i++) {
    for (let column = columns; column < end; column += COLUMN) {
      out = copy(<usize>load<u32>(column, BEFORE), load<u32>(column, BEFORE_BYTES), out)
      const kind = load<u32>(column)
      const values = <usize>load<u32>(column, VALUES)
      const bytes = <usize>load<u32>(column, BYTES)
      if (kind == CELLS) {
        const cell = values + (<usize>i << 2)
        const start = load<u32>(cell)
        out = copy(bytes + start, load<u32>(cell, 4) - start, out)
      } else if (kind == TEXTS) {
        const text = bytes + <usize>load<u32>(values + (<usize>i << 2))
        out = copy(text + 4, load<u32>(text), out)
      } else if (isNull(bytes, i)) {
        store<u32>(out, NULL_TEXT)
        out += 4
      } else if (kind < DOUBLES) out = wholeNumber(kind - INTEGERS, values, i, out)
      else {
        const value = load<f64>(values + (<usize>i << 3))
        const magnitude = abs(value)
        if (reinterpret<u64>(value) == 0) store<u8>(out++, 48)
        else {
          const places = load<u32>(column, PLACES)
          const needed = isOdd(magnitude) ? PLACES_MAX + 1 : placesOf(magnitude, places)
          if (needed > PLACES_MAX) return -1 - <i32>((column - columns) / COLUMN)
          if (needed != places) store<u32>(column, needed, PLACES)
          out = decimal(value, magnitude, needed, out)
        }
      }
    }
    out = copy(tail, tailLength, out)
    if (ends != 0) store<u32>(ends + (<usize>i << 2), before + <u32>(out - target))
  }
  return <i32>(out - target)
}
