// JSON text in plain TypeScript: the reference of ndjson-text.as.ts, and what turns a raw value that
// the kernel set aside (an array, a map, a rejected row) into its parts.
// Invariant: ends at a newline at the latest, as the kernel does: no token but space contains one.

import { DEPTH_MAX, ERROR_DEPTH, ERROR_SYNTAX } from './ndjson-layout.ts'

/** Where reading failed, and why (ERROR_*). */
export type Failure = { error: number; at: number }

const QUOTE = 34
const BACKSLASH = 92
const NEWLINE = 10

const fail = (failure: Failure, error: number, at: number): number => {
  failure.error = error
  failure.at = at
  return -1
}

/** Behind the spaces at p. */
export function skipSpace(u8: Uint8Array, from: number, end: number): number {
  let p = from
  while (p < end && (u8[p] === 32 || u8[p] === 10 || u8[p] === 13 || u8[p] === 9)) p++
  return p
}

const hexDigit = (c: number): number => {
  if (c >= 48 && c <= 57) return c - 48
  const letter = (c | 32) - 97
  return letter >= 0 && letter < 6 ? letter + 10 : -1
}

/** Four hexadecimal digits, -1: they are not. */
function hex4(u8: Uint8Array, p: number): number {
  let value = 0
  for (let i = 0; i < 4; i++) {
    const digit = hexDigit(u8[p + i])
    if (digit < 0) return -1
    value = value * 16 + digit
  }
  return value
}

function putUtf8(out: Uint8Array, at: number, c: number): number {
  if (c < 0x80) {
    out[at] = c
    return at + 1
  }
  const bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4
  for (let i = bytes - 1, rest = c; i > 0; i--, rest >>= 6) out[at + i] = 0x80 | (rest & 63)
  out[at] = (0xf00 >> bytes) & 0xff | (c >> (6 * (bytes - 1)))
  return at + bytes
}

const SHORT_ESCAPES: Readonly<Record<number, number>> = {
  34: 34, 92: 92, 47: 47, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9,
}

/** The first quote, backslash or newline at or behind p. */
export function textEnd(u8: Uint8Array, from: number): number {
  let p = from
  while (u8[p] !== QUOTE && u8[p] !== BACKSLASH && u8[p] !== NEWLINE && p < u8.length) p++
  return p
}

/** Writes the object or array at [from, end), which has been read, without the spaces between its tokens to
 * out[at ..]; its bytes there. */
export function compactComposite(u8: Uint8Array, from: number, end: number, out: Uint8Array, at: number): number {
  let to = at
  let isText = false
  for (let p = from; p < end; p++) {
    const c = u8[p]
    if (isText && c === BACKSLASH) out[to++] = u8[p++]
    else if (c === QUOTE) isText = !isText
    if (isText || c > 32) out[to++] = u8[p]
  }
  return to - at
}

/** Decodes the string whose text starts at `from` into out[at ..]; `target.bytes` takes its length.
 * Behind the closing quote, or -1. A lone surrogate becomes U+FFFD. */
export function decodeString(
  u8: Uint8Array, from: number, out: Uint8Array, at: number, target: { bytes: number }, failure: Failure,
): number {
  let p = from
  let to = at
  for (;;) {
    const c = u8[p]
    if (c === QUOTE) {
      target.bytes = to - at
      return p + 1
    }
    if (c === NEWLINE || c === undefined) return fail(failure, ERROR_SYNTAX, p)
    if (c !== BACKSLASH) {
      out[to++] = c
      p++
      continue
    }
    const escape = u8[p + 1]
    if (escape !== 117) {
      const plain = SHORT_ESCAPES[escape]
      if (plain === undefined) return fail(failure, ERROR_SYNTAX, p + 2)
      out[to++] = plain
      p += 2
      continue
    }
    let code = hex4(u8, p + 2)
    if (code < 0) return fail(failure, ERROR_SYNTAX, p + 6)
    p += 6
    if (code >= 0xd800 && code < 0xe000) {
      const isPair = code < 0xdc00 && u8[p] === BACKSLASH && u8[p + 1] === 117
      const low = isPair ? hex4(u8, p + 2) : -1
      if (low >= 0xdc00 && low < 0xe000) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
        p += 6
      } else code = 0xfffd
    }
    to = putUtf8(out, to, code)
  }
}

/** Behind the string whose text starts at p, or -1. */
export function skipString(u8: Uint8Array, from: number, failure: Failure): number {
  let p = from
  for (;;) {
    const c = u8[p]
    if (c === QUOTE) return p + 1
    if (c === NEWLINE || c === undefined) return fail(failure, ERROR_SYNTAX, p)
    p += c === BACKSLASH && u8[p + 1] !== NEWLINE ? 2 : 1
  }
}

const isDigit = (c: number): boolean => c >= 48 && c <= 57

function skipDigits(u8: Uint8Array, from: number): number {
  let p = from
  while (isDigit(u8[p])) p++
  return p
}

const WORDS: readonly (readonly number[])[] = ['true', 'false', 'null']
  .map((word) => [...word].map((letter) => letter.charCodeAt(0)))

/** Behind the number, `true`, `false` or `null` at p, or -1. */
export function skipScalar(u8: Uint8Array, from: number, failure: Failure): number {
  let p = from
  if (u8[p] === 45 || isDigit(u8[p])) {
    if (u8[p] === 45) p++
    let start = p
    p = skipDigits(u8, p)
    let isWhole = p > start
    if (u8[p] === 46) {
      start = ++p
      p = skipDigits(u8, p)
      isWhole &&= p > start
    }
    if (u8[p] === 101 || u8[p] === 69) {
      p++
      if (u8[p] === 43 || u8[p] === 45) p++
      start = p
      p = skipDigits(u8, p)
      isWhole &&= p > start
    }
    return isWhole ? p : fail(failure, ERROR_SYNTAX, p)
  }
  for (const word of WORDS) {
    if (word.every((letter, i) => u8[from + i] === letter)) return from + word.length
  }
  while (u8[p] >= 97 && u8[p] <= 122) p++
  return fail(failure, ERROR_SYNTAX, p)
}

function skipKey(u8: Uint8Array, from: number, end: number, failure: Failure): number {
  if (u8[from] !== QUOTE) return fail(failure, ERROR_SYNTAX, from)
  const behind = skipString(u8, from + 1, failure)
  if (behind < 0) return -1
  const p = skipSpace(u8, behind, end)
  return u8[p] === 58 ? skipSpace(u8, p + 1, end) : fail(failure, ERROR_SYNTAX, p)
}

/** Behind the object or array at p, or -1. */
export function skipComposite(u8: Uint8Array, from: number, end: number, failure: Failure): number {
  const closers: number[] = []
  let p = from
  for (;;) {
    const c = u8[p]
    if (c === 123 || c === 91) {
      if (closers.length === DEPTH_MAX) return fail(failure, ERROR_DEPTH, p)
      closers.push(c + 2)
      p = skipSpace(u8, p + 1, end)
      if (u8[p] !== c + 2) {
        if (c === 123) p = skipKey(u8, p, end, failure)
        if (p < 0) return -1
        continue
      }
    } else {
      p = c === QUOTE ? skipString(u8, p + 1, failure) : skipScalar(u8, p, failure)
      if (p < 0) return -1
    }
    for (;;) {
      p = skipSpace(u8, p, end)
      const close = closers[closers.length - 1]
      if (u8[p] === close) {
        p++
        closers.pop()
        if (closers.length === 0) return p
        continue
      }
      if (u8[p] !== 44) return fail(failure, ERROR_SYNTAX, p)
      p = skipSpace(u8, p + 1, end)
      if (close === 125) p = skipKey(u8, p, end, failure)
      if (p < 0) return -1
      break
    }
  }
}

/** Behind any value at p, or -1. */
export function skipValue(u8: Uint8Array, p: number, end: number, failure: Failure): number {
  if (u8[p] === QUOTE) return skipString(u8, p + 1, failure)
  if (u8[p] === 123 || u8[p] === 91) return skipComposite(u8, p, end, failure)
  return skipScalar(u8, p, failure)
}
