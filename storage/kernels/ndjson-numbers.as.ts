// Numbers as most senders write them, eight digits at a time. Part of the NDJSON kernel; what is written otherwise is
// left to ndjson-values.as.ts, and both mean the same.
// Invariant: reads at most 24 bytes behind the last digit: newlines end every number there.

import { S_POWERS, S_VALUE } from './ndjson-layout'

/** Whole numbers up to here are doubles without rounding. */
const EXACT_MAX: u64 = 9007199254740992
/** So many digits are less than 2^64. */
const DIGITS_MAX: usize = 19
const ZEROS: u64 = 0x3030303030303030

/** The high bit of each of eight bytes that is no digit, up to the first of them; all less '0'. */
@inline
function stopsOf(word: u64): u64 {
  return ((word + 0x7676767676767676) | word) & 0x8080808080808080
}

/** The number of eight digits, the first in the lowest byte. */
@inline
function eight(word: u64): u64 {
  const pairs = word * 10 + (word >> 8)
  return ((pairs & 0xff000000ff) * 0xf424000000064 + ((pairs >> 16) & 0xff000000ff) * 0x271000000001) >> 32
}

/** 10^count. */
@inline
function power(s: usize, count: usize): f64 {
  return load<f64>(load<usize>(s, S_POWERS) + (count << 3))
}

/** Digits at p behind the number `before`, both together to S_VALUE; behind them, 0: more than 24 digits. */
@inline
function readDigits(s: usize, from: usize, before: u64): usize {
  let p = from
  let value = before
  while (true) {
    const word = load<u64>(p) ^ ZEROS
    const stops = stopsOf(word)
    if (stops == 0) {
      value = value * 100000000 + eight(word)
      p += 8
      if (p > from + 16) return 0
      continue
    }
    const count = <usize>ctz(stops) >> 3
    if (count != 0) {
      const few = eight(word << (64 - (count << 3)))
      value = value == 0 ? few : value * <u64><i64>power(s, count) + few
    }
    store<u64>(s, value, S_VALUE)
    return p + count
  }
}

/** Digits and a sign before them to S_VALUE as an integer. Behind them; 0: there are none, or too many to be sure. */
@inline
export function ndjsonPlainInteger(s: usize, from: usize, wide: bool): usize {
  const negative = load<u8>(from) == 45
  const first = from + <usize>negative
  const p = readDigits(s, first, 0)
  // Of no digits, or of none because there were too many, this is more than any number of digits.
  if (p - first - 1 >= DIGITS_MAX) return 0
  if (negative || !wide) {
    const value = load<i64>(s, S_VALUE)
    if (value < 0 || wide) return 0
    store<i64>(s, negative ? -value : value, S_VALUE)
  }
  return p
}

/** Digits, and some behind a point, with a sign before them, to S_VALUE as a double. Behind them; 0: it is written
 * otherwise, or its nearest double takes more than one exact operation. */
@inline
export function ndjsonPlainFloat(s: usize, from: usize): usize {
  const negative = load<u8>(from) == 45
  const first = from + <usize>negative
  let p = readDigits(s, first, 0)
  if (p - first - 1 >= DIGITS_MAX) return 0
  let digits: usize = 0
  if (load<u8>(p) == 46) {
    const point = p
    p = readDigits(s, point + 1, load<u64>(s, S_VALUE))
    digits = p - point - 1
    if (digits - 1 >= DIGITS_MAX || digits + (point - first) > DIGITS_MAX) return 0
  }
  const mantissa = load<u64>(s, S_VALUE)
  if (mantissa > EXACT_MAX) return 0
  const value = <f64><i64>mantissa / power(s, digits)
  store<f64>(s, negative ? -value : value, S_VALUE)
  return p
}
