// Values from their text: integers, floats, times, UUIDs. Part of the NDJSON kernel; ndjson-values.ts
// is the reference and says what each form means.
// Invariant: reads [text, text + length) and at most 16 bytes more.

import {
  S_NANOS, S_POWERS, S_VALUE,
} from './ndjson-layout'

/** An integer into S_VALUE (u64 where `wide`), false: none, or out of 64 bits. */
export function ndjsonInteger(s: usize, text: usize, length: u32, wide: bool): bool {
  let p = text
  const end = text + length
  const sign = <u32>load<u8>(p)
  const negative = sign == 45
  if (negative || sign == 43) p++
  if (p >= end) return false
  while (p < end && load<u8>(p) == 48) p++
  const first = p
  let value: u64 = 0
  while (p < end) {
    const digit = <u32>load<u8>(p) - 48
    if (digit > 9) return false
    value = value * 10 + digit
    p++
  }
  const count = p - first
  if (count > 20) return false
  if (count == 20) {
    // 20 digits: more than 2^64 either begins with 2 or has wrapped below 10^19.
    if (load<u8>(first) != 49 || value < 10000000000000000000) return false
  }
  if (wide) {
    if (negative && value != 0) return false
  } else if (negative) {
    if (value > 9223372036854775808) return false
    value = 0 - value
  } else if (value > 9223372036854775807) return false
  store<u64>(s, value, S_VALUE)
  return true
}

/** Results of ndjsonFloat. */
const FLOAT_BAD: u32 = 0
const FLOAT_READ: u32 = 1
const FLOAT_DEFER: u32 = 2

/** A float into S_VALUE (f64). 2: its nearest double needs more than one exact operation. */
export function ndjsonFloat(s: usize, text: usize, length: u32): u32 {
  let p = text
  const end = text + length
  const sign = <u32>load<u8>(p)
  const negative = sign == 45
  if (negative || sign == 43) p++
  if (p >= end) return FLOAT_BAD
  let mantissa: u64 = 0
  let digits: u32 = 0
  let any = false
  let exponent: i32 = 0
  let point = false
  while (p < end) {
    const c = <u32>load<u8>(p)
    const digit = c - 48
    if (digit < 10) {
      any = true
      if (digits != 0 || digit != 0) digits++
      if (digits <= 19) mantissa = mantissa * 10 + digit
      if (point) exponent--
    } else if (c == 46 && !point) point = true
    else break
    p++
  }
  if (!any) {
    // nan, inf, infinity: by name, in the caller's slow path.
    return p == text + <usize>(negative || sign == 43) && isNamed(p, end - p) ? FLOAT_DEFER : FLOAT_BAD
  }
  if (p < end) {
    if ((load<u8>(p) | 32) != 101) return FLOAT_BAD
    p++
    const downward = p < end && load<u8>(p) == 45
    if (p < end && (downward || load<u8>(p) == 43)) p++
    if (p >= end) return FLOAT_BAD
    let power: i32 = 0
    while (p < end) {
      const digit = <u32>load<u8>(p) - 48
      if (digit > 9) return FLOAT_BAD
      if (power < 100000) power = power * 10 + <i32>digit
      p++
    }
    exponent += downward ? -power : power
  }
  if (digits > 19 || mantissa > 9007199254740992 || exponent > 22 || exponent < -22) {
    return mantissa == 0 && digits <= 19 ? signedZero(s, negative) : FLOAT_DEFER
  }
  // Both operands are exact, so one rounding gives the nearest double (Clinger 1990).
  const powers = load<usize>(s, S_POWERS)
  let value = <f64>mantissa
  if (exponent < 0) value /= load<f64>(powers + (<usize>-exponent << 3))
  else value *= load<f64>(powers + (<usize>exponent << 3))
  store<f64>(s, negative ? -value : value, S_VALUE)
  return FLOAT_READ
}

/** `nan`, `inf` or `infinity`, in any case. */
function isNamed(p: usize, length: usize): bool {
  if (length == 3) {
    const word = (load<u32>(p) & 0xffffff) | 0x202020
    return word == 0x6e616e || word == 0x666e69
  }
  return length == 8 && (load<u64>(p) | 0x2020202020202020) == 0x7974696e69666e69
}

function signedZero(s: usize, negative: bool): u32 {
  store<f64>(s, negative ? -0.0 : 0.0, S_VALUE)
  return FLOAT_READ
}

/** Days since 1970 of a date that exists (Hinnant's days_from_civil, its eras spread over the years). */
function daysOf(year: i32, month: i32, day: i32): i32 {
  // Years that begin in March, 400 more of them than there are: none is below 0.
  const isEarly = month < 3
  const y = <u32>(year + 400 - <i32>isEarly)
  const centuries = y / 100
  const dayOfYear = (<u32>(month + (isEarly ? 9 : -3)) * 153 + 2) / 5 + <u32>day - 1
  return <i32>(y * 365 + (y >> 2) - centuries + (centuries >> 2) + dayOfYear) - 865565
}

function isDay(year: i32, month: i32, day: i32): bool {
  if (month < 1 || month > 12 || day < 1 || day > 31) return false
  if (month == 2) {
    const leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0)
    return day <= (leap ? 29 : 28)
  }
  return day < 31 || (month != 4 && month != 6 && month != 9 && month != 11)
}

@inline
function two(p: usize): i32 {
  return (<i32>load<u8>(p) - 48) * 10 + (<i32>load<u8>(p, 1) - 48)
}

/** `YYYY-MM-DD hh:mm:ss` (or T between), the form that senders use most: all of its digits at once. */
function commonTime(s: usize, p: usize): bool {
  const head = v128.load(p)
  const tail = v128.load(p, 3)
  const marks = i8x16.bitmask(i8x16.eq(head, i8x16(0, 0, 0, 0, 45, 0, 0, 45, 0, 0, 32, 0, 0, 58, 0, 0)))
  const between = <u32>load<u8>(p, 10) == 84 ? 0x400 : 0
  if ((marks | between) != 0x2490 || load<u8>(p, 16) != 58) return false
  // Two digits a lane: the year in two, month, day, hour, minute, second, and the second again.
  const digits = i8x16.sub(
    i8x16.shuffle(head, tail, 0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 30, 31, 30, 31), i8x16.splat(48))
  if (!i8x16.all_true(i8x16.lt_u(digits, i8x16.splat(10)))) return false
  const parts = i16x8.add(
    i16x8.mul(v128.and(digits, i16x8.splat(255)), i16x8.splat(10)), i16x8.shr_u(digits, 8))
  if (v128.any_true(i16x8.gt_u(parts, i16x8(99, 99, 12, 31, 23, 59, 59, 59)))) return false
  const sums = i32x4.dot_i16x8_s(parts, i16x8(100, 1, 0, 0, 3600, 60, 1, 0))
  const year = i32x4.extract_lane(sums, 0)
  const month = <i32>i16x8.extract_lane_u(parts, 2)
  const day = <i32>i16x8.extract_lane_u(parts, 3)
  if (month == 0 || day == 0 || (day > 28 && !isDay(year, month, day))) return false
  const seconds = i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3)
  store<i64>(s, <i64>daysOf(year, month, day) * 86400 + <i64>seconds, S_VALUE)
  store<u32>(s, 0, S_NANOS)
  return true
}

/** Reads at most nine digits of a fraction as nanoseconds; behind all of its digits. */
function fraction(s: usize, from: usize, end: usize): usize {
  let p = from
  let nanos: u32 = 0
  let scale: u32 = 100000000
  while (p < end && <u32>load<u8>(p) - 48 < 10) {
    nanos += (<u32>load<u8>(p) - 48) * scale
    scale /= 10
    p++
  }
  store<u32>(s, nanos, S_NANOS)
  return p
}

/** Unix time: up to 11 digits are seconds, 13 milliseconds, 16 microseconds, 19 nanoseconds. */
function unixTime(s: usize, text: usize, from: usize, end: usize): bool {
  const negative = load<u8>(text) == 45
  let p = from
  let value: i64 = 0
  while (p < end && <u32>load<u8>(p) - 48 < 10) {
    if (p - from < 19) value = value * 10 + <i64>(<u32>load<u8>(p) - 48)
    p++
  }
  const count = p - from
  if (count == 0) return false
  let nanos: u32 = 0
  const whole = p
  if (p < end) {
    if (load<u8>(p) != 46) return false
    p = fraction(s, p + 1, end)
    if (p != end || p == whole + 1) return false
    nanos = load<u32>(s, S_NANOS)
  }
  if (count > 11) {
    if (negative || value < 0) return false
    let unit: i64 = 0
    if (count == 13) unit = 1000
    else if (count == 16) unit = 1000000
    else if (count == 19) unit = 1000000000
    else return false
    nanos = <u32>(value % unit * (1000000000 / unit))
    value /= unit
  }
  if (negative) {
    // -1.25 is 1.25 seconds before 1970: floor, and a fraction that counts upwards.
    value = -value
    if (nanos != 0) {
      value--
      nanos = 1000000000 - nanos
    }
  }
  store<i64>(s, value, S_VALUE)
  store<u32>(s, nanos, S_NANOS)
  return true
}

/** One or two digits at p: the number | bytes << 8; 0: none. */
function field(p: usize, end: usize): u32 {
  if (p >= end) return 0
  const a = <u32>load<u8>(p) - 48
  if (a > 9) return 0
  if (p + 1 < end) {
    const b = <u32>load<u8>(p, 1) - 48
    if (b < 10) return (2 << 8) | (a * 10 + b)
  }
  return (1 << 8) | a
}

/** Seconds east of UTC at p; i32.MIN_VALUE: no zone that ends at `end`. */
function zoneOffset(from: usize, end: usize): i32 {
  let p = from
  if (p < end && load<u8>(p) == 32) p++
  if (p >= end) return p == from ? 0 : i32.MIN_VALUE
  const c = <u32>load<u8>(p)
  if ((c | 32) == 122) return p + 1 == end ? 0 : i32.MIN_VALUE
  if (end - p == 3) {
    const word = load<u32>(p) & 0xffffff
    if (word == 0x435455 || word == 0x544d47) return 0
  }
  if (c != 43 && c != 45) return i32.MIN_VALUE
  p++
  const hours = field(p, end)
  if (hours >> 8 != 2) return i32.MIN_VALUE
  p += 2
  let minutes: u32 = 0
  if (p < end) {
    if (load<u8>(p) == 58) p++
    const read = field(p, end)
    if (read >> 8 != 2) return i32.MIN_VALUE
    minutes = read & 255
    p += 2
  }
  if (p != end || (hours & 255) > 14 || minutes > 59) return i32.MIN_VALUE
  const seconds = <i32>((hours & 255) * 3600 + minutes * 60)
  return c == 45 ? -seconds : seconds
}

/** Hour, minute, second and fraction at p: seconds of the day into S_VALUE; behind them, or 0. */
function clock(s: usize, from: usize, end: usize): usize {
  let p = from
  const hour = field(p, end)
  if (hour == 0) return 0
  p += hour >> 8
  if (p >= end || load<u8>(p) != 58) return 0
  const minute = field(++p, end)
  if (minute >> 8 != 2) return 0
  p += 2
  let second: u32 = 0
  if (p < end && load<u8>(p) == 58) {
    second = field(++p, end)
    if (second >> 8 != 2) return 0
    p += 2
    if (p < end && load<u8>(p) == 46) {
      const digits = p + 1
      p = fraction(s, digits, end)
      if (p == digits) return 0
    }
  }
  if ((hour & 255) > 23 || (minute & 255) > 59 || (second & 255) > 59) return 0
  store<i64>(s, <i64>((hour & 255) * 3600 + (minute & 255) * 60 + (second & 255)), S_VALUE)
  return p
}

/** A time: seconds since 1970 into S_VALUE, what exceeds them into S_NANOS. */
export function ndjsonTime(s: usize, text: usize, length: u32): bool {
  if (length == 19 && commonTime(s, text)) return true
  const end = text + length
  const sign = length > 0 ? <u32>load<u8>(text) : 0
  let p = text + <usize>(sign == 45 || sign == 43)
  const start = p
  while (p < end && <u32>load<u8>(p) - 48 < 10) p++
  if (p != text + 4 || start != text || p >= end || load<u8>(p) != 45) {
    return unixTime(s, text, start, end)
  }
  const year = two(text) * 100 + two(text + 2)
  const month = field(++p, end)
  if (month == 0) return false
  p += month >> 8
  if (p >= end || load<u8>(p) != 45) return false
  const day = field(++p, end)
  if (day == 0) return false
  p += day >> 8
  if (!isDay(year, <i32>(month & 255), <i32>(day & 255))) return false
  let seconds = <i64>daysOf(year, <i32>(month & 255), <i32>(day & 255)) * 86400
  store<u32>(s, 0, S_NANOS)
  if (p < end) {
    const between = <u32>load<u8>(p)
    if (between != 32 && (between | 32) != 116) return false
    p = clock(s, p + 1, end)
    if (p == 0) return false
    seconds += load<i64>(s, S_VALUE)
    const east = zoneOffset(p, end)
    if (east == i32.MIN_VALUE) return false
    seconds -= <i64>east
  }
  store<i64>(s, seconds, S_VALUE)
  return true
}

function hexOf(p: usize): u64 {
  const c = <u32>load<u8>(p)
  if (c - 48 < 10) return c - 48
  const letter = (c | 32) - 97
  return letter < 6 ? letter + 10 : 256
}

/** A UUID, with its four dashes or without any, to 16 bytes: two u64, the first half first. */
export function ndjsonUuid(text: usize, length: u32, out: usize): bool {
  if (length != 36 && length != 32) return false
  let p = text
  let high: u64 = 0
  let low: u64 = 0
  for (let i: u32 = 0; i < 32; i++) {
    if (length == 36 && (i == 8 || i == 12 || i == 16 || i == 20)) {
      if (load<u8>(p++) != 45) return false
    }
    const digit = hexOf(p++)
    if (digit > 15) return false
    if (i < 16) high = (high << 4) | digit
    else low = (low << 4) | digit
  }
  store<u64>(out, high)
  store<u64>(out, low, 8)
  return true
}
