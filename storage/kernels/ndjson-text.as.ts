// JSON text at a pointer: strings, spaces, and values that nobody wants. Part of the NDJSON kernel.
// Invariant: every loop ends at a newline at the latest, and newlines stand behind the input
// (ndjson-layout.ts), so nothing reads more than 16 bytes past it.

import {
  DEPTH_MAX, ERROR_DEPTH, ERROR_SYNTAX, REJECT_BYTES, R_AT, R_END, R_START, R_WHY, S_ERROR, S_ERROR_AT,
  S_ORIGIN, S_OUT, S_REJECTS, S_REJECT_COUNT, S_REMAINING, S_SCRATCH, S_STACK, S_STRAYS, S_TEXT_BYTES,
} from './ndjson-layout'

const QUOTE: u32 = 34
const BACKSLASH: u32 = 92
const NEWLINE: u32 = 10

/** Notes what went wrong and where; 0, for the caller to hand on. A place at or behind the end of the
 * input means that the text may only be cut off there: a token that ends in an error is reported at
 * its end, not at its start. */
export function ndjsonFail(s: usize, error: u32, at: usize): usize {
  store<u32>(s, error, S_ERROR)
  store<usize>(s, at, S_ERROR_AT)
  return 0
}

/** A bit for each quote, backslash and control character. */
@inline
function textStops(v: v128): i32 {
  return i8x16.bitmask(v128.or(
    v128.or(i8x16.eq(v, i8x16.splat(34)), i8x16.eq(v, i8x16.splat(92))),
    i8x16.lt_u(v, i8x16.splat(32)),
  ))
}

/** The first quote, backslash or control character at or behind p. */
@inline
export function ndjsonTextEnd(from: usize): usize {
  let p = from
  while (true) {
    const stops = textStops(v128.load(p))
    if (stops) return p + ctz(stops)
    p += 16
  }
}

/** The first newline at or behind p. */
export function ndjsonLineEnd(from: usize): usize {
  let p = from
  while (true) {
    const stops = i8x16.bitmask(i8x16.eq(v128.load(p), i8x16.splat(10)))
    if (stops) return p + ctz(stops)
    p += 16
  }
}

/** Behind the spaces at p; newlines are spaces up to `end`. */
@inline
export function ndjsonSpace(from: usize, end: usize): usize {
  let p = from
  while (p < end) {
    const c = <u32>load<u8>(p)
    if (c != 32 && c != 10 && c != 13 && c != 9) break
    p++
  }
  return p
}

function hexDigit(c: u32): u32 {
  if (c - 48 < 10) return c - 48
  const letter = (c | 32) - 97
  return letter < 6 ? letter + 10 : 256
}

/** Four hexadecimal digits; above 0xffff: they are not. */
function hex4(p: usize): u32 {
  let value: u32 = 0
  for (let i: usize = 0; i < 4; i++) {
    const digit = hexDigit(<u32>load<u8>(p + i))
    if (digit > 15) return 0x10000
    value = (value << 4) | digit
  }
  return value
}

function storeUtf8(out: usize, c: u32): usize {
  if (c < 0x80) {
    store<u8>(out, <u8>c)
    return out + 1
  }
  if (c < 0x800) {
    store<u8>(out, <u8>(0xc0 | (c >> 6)))
    store<u8>(out, <u8>(0x80 | (c & 63)), 1)
    return out + 2
  }
  if (c < 0x10000) {
    store<u8>(out, <u8>(0xe0 | (c >> 12)))
    store<u8>(out, <u8>(0x80 | ((c >> 6) & 63)), 1)
    store<u8>(out, <u8>(0x80 | (c & 63)), 2)
    return out + 3
  }
  store<u8>(out, <u8>(0xf0 | (c >> 18)))
  store<u8>(out, <u8>(0x80 | ((c >> 12) & 63)), 1)
  store<u8>(out, <u8>(0x80 | ((c >> 6) & 63)), 2)
  store<u8>(out, <u8>(0x80 | (c & 63)), 3)
  return out + 4
}

/** The character that `\c` stands for, 0: none. */
function shortEscape(c: u32): u32 {
  switch (c) {
    case 98: return 8
    case 102: return 12
    case 110: return 10
    case 114: return 13
    case 116: return 9
    default: return 0
  }
}

/** Writes the object or array at [from, end), which has been read, without the spaces between its tokens into the
 * scratch (S_SCRATCH); its bytes there. */
export function ndjsonCompact(s: usize, from: usize, end: usize): u32 {
  const scratch = load<usize>(s, S_SCRATCH)
  let out = scratch
  let p = from
  while (p < end) {
    const c = <u32>load<u8>(p)
    if (c == QUOTE) {
      const text = p++
      while (true) {
        p = ndjsonTextEnd(p)
        const stop = <u32>load<u8>(p)
        p += stop == BACKSLASH ? 2 : 1
        if (stop == QUOTE) break
      }
      memory.copy(out, text, p - text)
      out += p - text
    } else {
      if (c > 32) store<u8>(out++, <u8>c)
      p++
    }
  }
  return <u32>(out - scratch)
}

/** What the escape at p stands for to `out`, which stands behind it in S_OUT then. Behind the escape, or 0. */
function unescapeOne(s: usize, p: usize, out: usize): usize {
  const e = <u32>load<u8>(p, 1)
  if (e != 117) {
    const plain = e == QUOTE || e == BACKSLASH || e == 47 ? e : shortEscape(e)
    if (plain == 0) return ndjsonFail(s, ERROR_SYNTAX, p + 2)
    store<u8>(out, <u8>plain)
    store<usize>(s, out + 1, S_OUT)
    return p + 2
  }
  let code = hex4(p + 2)
  if (code > 0xffff) return ndjsonFail(s, ERROR_SYNTAX, p + 6)
  let next = p + 6
  if (code - 0xd800 < 0x800) {
    let low: u32 = 0
    if (code < 0xdc00 && load<u16>(next) == 0x755c) low = hex4(next + 2)
    if (low - 0xdc00 < 0x400) {
      code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
      next += 6
    } else code = 0xfffd
  }
  store<usize>(s, storeUtf8(out, code), S_OUT)
  return next
}

/** A bit for each of 16 bytes that is `c`. */
@inline
function places(v: v128, c: i8): u32 {
  return <u32>i8x16.bitmask(i8x16.eq(v, i8x16.splat(c)))
}

const ODD_PLACES: u32 = 0xaaaa

/** Which backslashes of 16 bytes escape what follows them, where nothing before does: a run of them begins with one that
 * does, and alternates. Subtracting carries through runs, as in simdjson (Keiser and Lemire 2019). */
@inline
function escapesOf(backslashes: u32): u32 {
  return ((((backslashes << 1) | ODD_PLACES) - backslashes) ^ ODD_PLACES) & backslashes
}

/** Decodes the string that starts at `text`, of which [text, from) needs no decoding, into the scratch
 * (S_SCRATCH, S_TEXT_BYTES). Behind its closing quote, or 0. A lone surrogate becomes U+FFFD.
 * Goes through 16 bytes at a time, whatever is in them: only the last waits to know where the text ends. */
export function ndjsonUnescape(s: usize, text: usize, from: usize): usize {
  const scratch = load<usize>(s, S_SCRATCH)
  for (let at = text; at < from; at += 16) v128.store(scratch + (at - text), v128.load(at))
  const remaining = load<usize>(s, S_REMAINING)
  let p = from
  let out = scratch + (from - text)
  // 1: the byte before p escapes the one at p.
  let carry: u32 = 0
  while (true) {
    const v = v128.load(p)
    const backslashes = places(v, 92)
    const quotes = places(v, 34)
    const escapes = escapesOf(backslashes & ~carry)
    const escaped = (escapes << 1) | carry
    // Those that stand for themselves only lose their backslash; the others are decoded one by one.
    const others = escaped & ~(backslashes | quotes | places(v, 47)) & 0xffff
    const stops = (quotes & ~escaped) | places(v, 10) | others
    // Eight bytes at a time without their escapes: nothing branches on where these stand.
    const low = escapes & 255
    v128.store64_lane(out, i8x16.swizzle(v, v128.load64_zero(remaining + (<usize>low << 3))), 0)
    const high = i8x16.add(v128.load64_zero(remaining + (<usize>(escapes >> 8) << 3)), i8x16.splat(8))
    v128.store64_lane(out + 8 - popcnt(low), i8x16.swizzle(v, high), 0)
    if (stops == 0) {
      out += 16 - popcnt(escapes)
      carry = escapes >> 15
      p += 16
      continue
    }
    const end = <u32>ctz(stops)
    out += end - popcnt(escapes & ((1 << end) - 1))
    p += end
    if ((others >> end) & 1) {
      p = unescapeOne(s, p - 1, out)
      if (p == 0) return 0
      out = load<usize>(s, S_OUT)
      carry = 0
      continue
    }
    if (load<u8>(p) != QUOTE) return ndjsonFail(s, ERROR_SYNTAX, p)
    store<u32>(s, <u32>(out - scratch), S_TEXT_BYTES)
    return p + 1
  }
}

/** Behind the string whose text starts at p, or 0. */
export function ndjsonSkipString(s: usize, from: usize): usize {
  let p = from
  while (true) {
    p = ndjsonTextEnd(p)
    const c = <u32>load<u8>(p)
    if (c == QUOTE) return p + 1
    if (c == NEWLINE) return ndjsonFail(s, ERROR_SYNTAX, p)
    // What a backslash hides is skipped; another control character is text.
    p += c == BACKSLASH && <u32>load<u8>(p, 1) != NEWLINE ? 2 : 1
  }
}

@inline
function digits(from: usize): usize {
  let p = from
  while (<u32>load<u8>(p) - 48 < 10) p++
  return p
}

/** Behind the number, `true`, `false` or `null` at p, or 0. */
export function ndjsonSkipScalar(s: usize, from: usize): usize {
  let p = from
  const c = <u32>load<u8>(p)
  if (c == 45 || c - 48 < 10) {
    if (c == 45) p++
    let start = p
    p = digits(p)
    let ok = p != start
    if (load<u8>(p) == 46) {
      start = ++p
      p = digits(p)
      ok = ok && p != start
    }
    if ((load<u8>(p) | 32) == 101) {
      p++
      if (load<u8>(p) == 43 || load<u8>(p) == 45) p++
      start = p
      p = digits(p)
      ok = ok && p != start
    }
    return ok ? p : ndjsonFail(s, ERROR_SYNTAX, p)
  }
  const word = load<u32>(p)
  if (word == 0x6c6c756e || word == 0x65757274) return p + 4
  if (word == 0x736c6166 && load<u8>(p, 4) == 101) return p + 5
  // A word cut off by the end of the input is an error at that end.
  while (<u32>load<u8>(p) - 97 < 26) p++
  return ndjsonFail(s, ERROR_SYNTAX, p)
}

/** Behind `"key" :` at p (and the space behind it), or 0. */
function skipKey(s: usize, from: usize, end: usize): usize {
  if (load<u8>(from) != QUOTE) return ndjsonFail(s, ERROR_SYNTAX, from)
  let p = ndjsonSkipString(s, from + 1)
  if (p == 0) return 0
  p = ndjsonSpace(p, end)
  if (load<u8>(p) != 58) return ndjsonFail(s, ERROR_SYNTAX, p)
  return ndjsonSpace(p + 1, end)
}

/** Behind the object or array at p, or 0. */
export function ndjsonSkipComposite(s: usize, from: usize, end: usize): usize {
  const stack = load<usize>(s, S_STACK)
  let depth: usize = 0
  let p = from
  while (true) {
    const c = <u32>load<u8>(p)
    if (c == 123 || c == 91) {
      if (depth == DEPTH_MAX) return ndjsonFail(s, ERROR_DEPTH, p)
      // The closing bracket is the opening one plus 2.
      store<u8>(stack + depth++, <u8>(c + 2))
      p = ndjsonSpace(p + 1, end)
      if (<u32>load<u8>(p) != c + 2) {
        if (c == 123) {
          p = skipKey(s, p, end)
          if (p == 0) return 0
        }
        continue
      }
    } else {
      p = c == QUOTE ? ndjsonSkipString(s, p + 1) : ndjsonSkipScalar(s, p)
      if (p == 0) return 0
    }
    // Behind a value, or at the bracket that closes an empty one.
    while (true) {
      p = ndjsonSpace(p, end)
      const next = <u32>load<u8>(p)
      const close = <u32>load<u8>(stack + depth - 1)
      if (next == close) {
        p++
        if (--depth == 0) return p
        continue
      }
      if (next != 44) return ndjsonFail(s, ERROR_SYNTAX, p)
      p = ndjsonSpace(p + 1, end)
      if (close == 125) {
        p = skipKey(s, p, end)
        if (p == 0) return 0
      }
      break
    }
  }
}

/** Behind any value at p, or 0. */
export function ndjsonSkipValue(s: usize, p: usize, end: usize): usize {
  const c = <u32>load<u8>(p)
  if (c == QUOTE) return ndjsonSkipString(s, p + 1)
  if (c == 123 || c == 91) return ndjsonSkipComposite(s, p, end)
  return ndjsonSkipScalar(s, p)
}

/** Notes a row that can't be stored: where it lies, why, and where the reason stands. */
export function ndjsonReject(s: usize, start: usize, end: usize, why: u32, at: usize): void {
  const count = load<u32>(s, S_REJECT_COUNT)
  const record = load<usize>(s, S_REJECTS) + <usize>count * REJECT_BYTES
  const origin = load<usize>(s, S_ORIGIN)
  store<usize>(record, start - origin, R_START)
  store<usize>(record, end - origin, R_END)
  store<u32>(record, why, R_WHY)
  store<usize>(record, at - origin, R_AT)
  store<u32>(s, count + 1, S_REJECT_COUNT)
  store<u32>(s, 1, S_STRAYS)
}
