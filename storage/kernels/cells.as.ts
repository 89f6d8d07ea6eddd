// Kernels that write values as the cells of a JSON text: see cells.ts for what each promises.

import { digitsOf, eightDigits, putLast } from './texts.as'

const QUOTE: u8 = 34
const BACKSLASH: u8 = 92
const SLASH: u8 = 47
/** `null` as a little-endian word. */
const NULL_TEXT: u32 = 0x6c6c756e
const DAY_SECONDS: i64 = 86400
const DATE_ONLY: u32 = 255
/** Bytes of a column's entry of joinCells. */
const COLUMN: usize = 20

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

/** Decimal digits; answers where the next byte goes. Up to eight bytes are written. */
@inline
function fewDigits(value: u32, out: usize): usize { return putLast(eightDigits(value), digitsOf(value), out) }

/** Decimal digits of any number. */
function digits(value: u64, out: usize): usize {
  if (value < EIGHT) return fewDigits(<u32>value, out)
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
  let at = out
  if (value < 0) store<u8>(at++, 45)
  // A number that rounds up to a whole one is that one.
  const before = <u64>magnitude
  let rest = <u32>(<u64>nearest(magnitude * scaleOf(places)) - before * <u64>scaleOf(places))
  at = digits(before, at)
  if (rest == 0) return at
  while (rest % 10 == 0) {
    rest /= 10
    places--
  }
  store<u8>(at++, 46)
  if (places <= 8) return putLast(eightDigits(rest), places, at)
  const first = rest / 100000000
  store<u8>(at++, <u8>first + 48)
  return putLast(eightDigits(rest - first * 100000000), 8, at)
}

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
        if (!(magnitude >= FLOAT_LEAST && magnitude < DIGITS_BOUND)) return i
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

export function integerCells(
  values: usize, kind: u32, nulls: usize, from: u32, count: u32, cells: usize, target: usize,
): u32 {
  let out = target
  store<u32>(cells, 0)
  for (let i: u32 = 0; i < count; i++) {
    const row = <usize>(from + i)
    if (isNull(nulls, from + i)) {
      store<u32>(out, NULL_TEXT)
      out += 4
    } else {
      switch (kind) {
        case 0: out = integer(<i64>load<u8>(values + row), out); break
        case 1: out = integer(<i64>load<i8>(values + row), out); break
        case 2: out = integer(<i64>load<u16>(values + (row << 1)), out); break
        case 3: out = integer(<i64>load<i16>(values + (row << 1)), out); break
        case 4: out = integer(<i64>load<u32>(values + (row << 2)), out); break
        case 5: out = integer(<i64>load<i32>(values + (row << 2)), out); break
        case 6: out = integer(<i64>load<f64>(values + (row << 3)), out); break
        case 7: out = integer(load<i64>(values + (row << 3)), out); break
        default: out = digits(load<u64>(values + (row << 3)), out)
      }
    }
    store<u32>(cells + (<usize>i << 2), <u32>(out - target), 4)
  }
  return <u32>(out - target)
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
  if (length <= 256) for (let k: u32 = 0; k < length; k += 16) v128.store(out + k, v128.load(from + k))
  else memory.copy(out, from, length)
  return out + length
}

export function codeCells(
  codes: usize, nulls: usize, from: u32, count: u32, slots: usize, mask: u32, known: u32, rows: usize, fresh: usize,
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
      store<u32>(at, known + added, 4)
      store<u32>(fresh + (<usize>added << 2), code)
      added++
    }
    store<u32>(rows + (<usize>i << 2), load<u32>(at, 4))
  }
  return added
}

export function joinedCellsLength(columns: usize, columnCount: u32, tailLength: u32, count: u32): u32 {
  let total = count * tailLength
  for (let c: u32 = 0; c < columnCount; c++) {
    const column = columns + <usize>c * COLUMN
    const cells = <usize>load<u32>(column)
    const rows = <usize>load<u32>(column, 8)
    total += count * load<u32>(column, 16)
    if (rows == 0) {
      total += load<u32>(cells + (<usize>count << 2))
      continue
    }
    for (let i: u32 = 0; i < count; i++) {
      const cell = cells + (<usize>load<u32>(rows + (<usize>i << 2)) << 2)
      total += load<u32>(cell, 4) - load<u32>(cell)
    }
  }
  return total
}

export function joinCells(
  columns: usize, columnCount: u32, tail: usize, tailLength: u32, count: u32, target: usize, ends: usize, before: u32,
): u32 {
  let out = target
  const end = columns + <usize>columnCount * COLUMN
  for (let i: u32 = 0; i < count; i++) {
    for (let column = columns; column < end; column += COLUMN) {
      out = copy(<usize>load<u32>(column, 12), load<u32>(column, 16), out)
      const rows = <usize>load<u32>(column, 8)
      const row = rows == 0 ? i : load<u32>(rows + (<usize>i << 2))
      const cell = <usize>load<u32>(column) + (<usize>row << 2)
      const start = load<u32>(cell)
      out = copy(<usize>load<u32>(column, 4) + start, load<u32>(cell, 4) - start, out)
    }
    out = copy(tail, tailLength, out)
    if (ends != 0) store<u32>(ends + (<usize>i << 2), before + <u32>(out - target))
  }
  return <u32>(out - target)
}
