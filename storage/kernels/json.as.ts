// Kernels over JSON documents: see json.ts for what each promises.

const INVALID: usize = 0 // pointer 0 is never valid
const ASK: usize = 1 // the reference has to look at the document
const DEPTH_MAX: u32 = 1024
const PATH_WORDS: usize = 17

@inline
function skipSpace(from: usize, end: usize): usize {
  let at = from
  while (at < end) {
    const char = load<u8>(at)
    if (char > 32) break
    if (char != 32 && char != 10 && char != 13 && char != 9) break
    at++
  }
  return at
}

@inline
function isDigit(char: u8): bool { return <u8>(char - 48) < 10 }

function hexAt(at: usize): u32 {
  let value: u32 = 0
  for (let i: usize = 0; i < 4; i++) {
    const char = <u32>load<u8>(at + i)
    const folded = char | 32
    if (char - 48 < 10) value = value << 4 | char - 48
    else if (folded - 97 < 6) value = value << 4 | folded - 87
    else return 0xffffffff
  }
  return value
}

/** The place after the escape whose backslash is at `at`. */
function skipEscape(at: usize, end: usize): usize {
  if (end - at < 2) return INVALID
  const char = load<u8>(at, 1)
  if (char != 117) {
    const isKnown = char == 34 || char == 92 || char == 47 || char == 98 || char == 102
      || char == 110 || char == 114 || char == 116
    return isKnown ? at + 2 : INVALID
  }
  if (end - at < 6) return INVALID
  const unit = hexAt(at + 2)
  if (unit > 0xffff || (unit >= 0xdc00 && unit < 0xe000)) return INVALID
  if (unit < 0xd800 || unit >= 0xe000) return at + 6
  if (end - at < 12 || load<u16>(at, 6) != 0x755c) return INVALID
  const low = hexAt(at + 8)
  return low >= 0xdc00 && low < 0xe000 ? at + 12 : INVALID
}

/** The place after the character of several bytes at `at`. */
function skipCharacter(at: usize, end: usize): usize {
  const first = <u32>load<u8>(at)
  const size: usize = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (size == 0 || size > end - at) return INVALID
  const second = <u32>load<u8>(at, 1)
  if ((second & 0xc0) != 0x80) return INVALID
  if (first == 0xe0 && second < 0xa0) return INVALID
  if (first == 0xed && second > 0x9f) return INVALID
  if (first == 0xf0 && second < 0x90) return INVALID
  if (first == 0xf4 && second > 0x8f) return INVALID
  if (size > 2 && (load<u8>(at, 2) & 0xc0) != 0x80) return INVALID
  if (size > 3 && (load<u8>(at, 3) & 0xc0) != 0x80) return INVALID
  return at + size
}

/** Which of the sixteen bytes at `at` are no plain characters of a string. */
@inline
function oddBytes(at: usize): i32 {
  const bytes = v128.load(at)
  return i8x16.bitmask(v128.or(
    v128.or(i8x16.eq(bytes, i8x16.splat(34)), i8x16.eq(bytes, i8x16.splat(92))),
    i8x16.lt_s(bytes, i8x16.splat(32)))) // signed: bytes from 0x80 on are below, too
}

/** The closing quote of a plain string of at most fifteen bytes, whose first is at `from`; 0: it is
 * longer or not plain. */
@inline
function shortEnd(from: usize, end: usize): usize {
  const hits = oddBytes(from)
  const at = from + <usize>ctz<i32>(hits)
  return hits != 0 && at < end && load<u8>(at) == 34 ? at : 0
}

/** The place after the string whose opening quote is at `from`. */
function skipString(from: usize, end: usize): usize {
  let at = from + 1
  while (at < end) {
    const hits = oddBytes(at)
    if (hits == 0) {
      at += 16
      continue
    }
    at += <usize>ctz<i32>(hits)
    if (at >= end) return INVALID
    const char = load<u8>(at)
    if (char == 34) return at + 1
    if (char == 92) at = skipEscape(at, end)
    else if (char >= 128) at = skipCharacter(at, end)
    else return INVALID
    if (at == INVALID) return INVALID
  }
  return INVALID
}

/** The place after the number at `from`. ASK where its value may be beyond what its kind holds. */
function skipNumber(from: usize, end: usize): usize {
  let at = from
  if (load<u8>(at) == 45) at++
  const first = at
  while (at < end && isDigit(load<u8>(at))) at++
  const digits = at - first
  if (digits == 0 || (digits > 1 && load<u8>(first) == 48)) return INVALID
  let isPlain = true
  if (at < end && load<u8>(at) == 46) {
    const start = ++at
    while (at < end && isDigit(load<u8>(at))) at++
    if (at == start) return INVALID
    isPlain = false
  }
  let exponentDigits: usize = 0
  if (at < end && (load<u8>(at) | 32) == 101) {
    at++
    if (at < end && (load<u8>(at) == 43 || load<u8>(at) == 45)) at++
    const start = at
    while (at < end && isDigit(load<u8>(at))) at++
    exponentDigits = at - start
    if (exponentDigits == 0) return INVALID
    isPlain = false
  }
  // Up to 18 digits are an integer; up to 1e99 and 200 digits before the point are a double.
  return (isPlain ? digits > 18 : exponentDigits > 2 || digits > 200) ? ASK : at
}

/** The place after `true`, `false` or `null`. */
function skipWord(at: usize, end: usize): usize {
  const left = end - at
  const four = load<u32>(at)
  if (left >= 4 && (four == 0x65757274 || four == 0x6c6c756e)) return at + 4
  return left >= 5 && four == 0x736c6166 && load<u8>(at, 4) == 101 ? at + 5 : INVALID
}

@inline
function hasBackslash(from: usize, to: usize): bool {
  for (let at = from; at < to; at++) if (load<u8>(at) == 92) return true
  return false
}

/** True where the keys at `a` and `b` are the same. */
@inline
function isSameKey(a: usize, b: usize, size: u32): bool {
  let i: u32 = 0
  for (; i + 8 <= size; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false
  const rest = size - i
  if (rest == 0) return true
  return ((load<u64>(a + i) ^ load<u64>(b + i)) << (<u64>(8 - rest) << 3)) == 0
}

/** Paths of `mask` whose step number `depth` leads to this member; `key` 0: of an array. */
@inline
function matching(
  paths: usize, mask: u32, depth: u32, key: usize, keyBytes: u32, ordinal: u32,
): u32 {
  let found: u32 = 0
  let rest = mask
  while (rest != 0) {
    const path = ctz<u32>(rest)
    rest &= rest - 1
    const step = paths + ((<usize>path * PATH_WORDS + 1 + (<usize>depth << 1)) << 2)
    const address = load<u32>(step)
    const size = load<u32>(step, 4)
    if (address <= 1) {
      // 0: value number `size`; 1: the same, of arrays only.
      if (size == ordinal && (address == 0 || key == 0)) found |= <u32>1 << path
    } else if (size == keyBytes && key != 0 && isSameKey(key, <usize>address, size)) {
      found |= <u32>1 << path
    }
  }
  return found
}

/** Paths of `mask` that end after `steps` steps. */
function ending(paths: usize, mask: u32, steps: u32): u32 {
  let found: u32 = 0
  let rest = mask
  while (rest != 0) {
    const path = ctz<u32>(rest)
    rest &= rest - 1
    if (load<u32>(paths + ((<usize>path * PATH_WORDS) << 2)) == steps) found |= <u32>1 << path
  }
  return found
}

/** Notes where a value lies for all paths of `mask`. `out`: start of the row's first path. */
function note(mask: u32, from: u32, to: u32, out: usize, stride: usize): void {
  let rest = mask
  while (rest != 0) {
    const path = <usize>ctz<u32>(rest)
    rest &= rest - 1
    const place = out + (path << 1) * stride
    store<u32>(place, from)
    store<u32>(place + stride, to)
  }
}

/** The place after the value at `from` (no space before it), where no path leads. */
function skipValue(from: usize, end: usize, depth: u32): usize {
  if (from >= end) return INVALID
  const char = load<u8>(from)
  if (char == 34) {
    const quote = shortEnd(from + 1, end)
    return quote != 0 ? quote + 1 : skipString(from, end)
  }
  if (char == 123 || char == 91) return depth == DEPTH_MAX ? INVALID : skipContainer(from, end, depth)
  return char == 45 || isDigit(char) ? skipNumber(from, end) : skipWord(from, end)
}

function skipContainer(from: usize, end: usize, depth: u32): usize {
  const isObject = load<u8>(from) == 123
  const closing: u8 = isObject ? 125 : 93
  let at = skipSpace(from + 1, end)
  if (at < end && load<u8>(at) == closing) return at + 1
  while (at < end) {
    if (isObject) {
      if (load<u8>(at) != 34) return INVALID
      const quote = shortEnd(at + 1, end)
      at = quote != 0 ? quote + 1 : skipString(at, end)
      if (at == INVALID) return INVALID
      at = skipSpace(at, end)
      if (at >= end || load<u8>(at) != 58) return INVALID
      at = skipSpace(at + 1, end)
    }
    at = skipValue(at, end, depth + 1)
    if (at <= ASK) return at
    at = skipSpace(at, end)
    if (at >= end) return INVALID
    const next = load<u8>(at)
    if (next == closing) return at + 1
    if (next != 44) return INVALID
    at = skipSpace(at + 1, end)
  }
  return INVALID
}

/** As skipValue(), of which `mask` are the paths that lead here or further. */
function findInValue(
  from: usize, end: usize, depth: u32, mask: u32, paths: usize, bytes: usize, out: usize,
  stride: usize,
): usize {
  const targets = ending(paths, mask, depth)
  const open = mask & ~targets
  const isContainer = from < end && (load<u8>(from) == 123 || load<u8>(from) == 91)
  const after = open != 0 && isContainer && depth < DEPTH_MAX
    ? findInContainer(from, end, depth, open, paths, bytes, out, stride)
    : skipValue(from, end, depth)
  if (after > ASK) note(targets, <u32>(from - bytes), <u32>(after - bytes), out, stride)
  return after
}

function findInContainer(
  from: usize, end: usize, depth: u32, wanted: u32, paths: usize, bytes: usize, out: usize,
  stride: usize,
): usize {
  const isObject = load<u8>(from) == 123
  const closing: u8 = isObject ? 125 : 93
  let open = wanted
  let at = skipSpace(from + 1, end)
  if (at < end && load<u8>(at) == closing) return at + 1
  for (let ordinal: u32 = 1; at < end; ordinal++) {
    let key: usize = 0
    let keyBytes: u32 = 0
    if (isObject) {
      if (load<u8>(at) != 34) return INVALID
      key = at + 1
      let quote = shortEnd(key, end)
      if (quote == 0) {
        const after = skipString(at, end)
        if (after == INVALID) return INVALID
        quote = after - 1
        if (open != 0 && hasBackslash(key, quote)) return ASK
      }
      keyBytes = <u32>(quote - key)
      at = skipSpace(quote + 1, end)
      if (at >= end || load<u8>(at) != 58) return INVALID
      at = skipSpace(at + 1, end)
    }
    const here = open == 0 ? 0 : matching(paths, open, depth, key, keyBytes, ordinal)
    open &= ~here // the first member of a name counts
    at = here == 0 ? skipValue(at, end, depth + 1)
      : findInValue(at, end, depth + 1, here, paths, bytes, out, stride)
    if (at <= ASK) return at
    at = skipSpace(at, end)
    if (at >= end) return INVALID
    const next = load<u8>(at)
    if (next == closing) return at + 1
    if (next != 44) return INVALID
    at = skipSpace(at + 1, end)
  }
  return INVALID
}

const SCALARS_MAX: u32 = 64
const SCALAR_BYTES: usize = 20 // words: start and end in the model, kind; start and end in this document
const NO_SCALAR: u32 = 0xffffffff
const STRING: u32 = 0
const NUMBER: u32 = 1
const WORD: u32 = 2
const PATHS_AT: usize = <usize>SCALARS_MAX * SCALAR_BYTES

/** Whether `size` bytes at `a` and `b` are the same. */
@inline
function isSame(a: usize, b: usize, size: usize): bool {
  let i: usize = 0
  for (; i + 16 <= size; i += 16) {
    if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false
  }
  const rest = <u32>(size - i)
  if (rest == 0) return true
  const same = i8x16.bitmask(i8x16.eq(v128.load(a + i), v128.load(b + i)))
  return ((~same) & ((1 << rest) - 1)) == 0
}

/** The place after the scalar of a kind at `at`. */
@inline
function skipScalar(at: usize, end: usize, kind: u32): usize {
  if (at >= end) return INVALID
  const char = load<u8>(at)
  if (kind == STRING) {
    if (char != 34) return INVALID
    const quote = shortEnd(at + 1, end)
    return quote != 0 ? quote + 1 : skipString(at, end)
  }
  if (kind == NUMBER) return char == 45 || isDigit(char) ? skipNumber(at, end) : INVALID
  return skipWord(at, end)
}

/** Takes a good document as the model of those to come: its scalars, keys aside, and which of them
 * each path found. Answers how many there are; NO_SCALAR: it is no model. */
function model(from: usize, end: usize, shape: usize, pathCount: u32, bytes: usize, out: usize, stride: usize): u32 {
  let found: u32 = 0
  let at = from
  while (at < end) {
    const char = load<u8>(at)
    let kind = NO_SCALAR
    let after = at + 1
    if (char == 34) {
      after = skipString(at, end)
      const next = skipSpace(after, end)
      if (next >= end || load<u8>(next) != 58) kind = STRING
    } else if (char == 45 || isDigit(char)) {
      after = skipNumber(at, end)
      kind = NUMBER
    } else if (char >= 97 && char <= 122) {
      after = skipWord(at, end)
      kind = WORD
    }
    if (after <= ASK) return NO_SCALAR
    if (kind != NO_SCALAR) {
      if (found == SCALARS_MAX) return NO_SCALAR
      const scalar = shape + <usize>found * SCALAR_BYTES
      store<u32>(scalar, <u32>at)
      store<u32>(scalar, <u32>after, 4)
      store<u32>(scalar, kind, 8)
      found++
    }
    at = after
  }
  for (let path: u32 = 0; path < pathCount; path++) {
    const place = out + (<usize>path << 1) * stride
    const start = <u32>bytes + load<u32>(place)
    const isFound = load<u32>(place + stride) != 0
    let number = NO_SCALAR
    for (let i: u32 = 0; isFound && i < found; i++) {
      const scalar = shape + <usize>i * SCALAR_BYTES
      if (load<u32>(scalar) == start) number = i
    }
    if (number == NO_SCALAR && isFound) return NO_SCALAR // a container
    store<u32>(shape + PATHS_AT + (<usize>path << 2), number)
  }
  return found
}

/** Whether a document is the model with other scalars; then its values are noted. */
function isLikeModel(
  from: usize, end: usize, start: usize, modelEnd: usize, shape: usize, scalars: u32, pathCount: u32,
  bytes: usize, out: usize, stride: usize,
): bool {
  let at = from
  let before = start
  for (let i: u32 = 0; i < scalars; i++) {
    const scalar = shape + <usize>i * SCALAR_BYTES
    const size = <usize>load<u32>(scalar) - before
    if (size > end - at || !isSame(at, before, size)) return false
    at += size
    const after = skipScalar(at, end, load<u32>(scalar, 8))
    if (after <= ASK) return false
    store<u32>(scalar, <u32>(at - bytes), 12)
    store<u32>(scalar, <u32>(after - bytes), 16)
    at = after
    before = <usize>load<u32>(scalar, 4)
  }
  if (modelEnd - before != end - at || !isSame(at, before, end - at)) return false
  for (let path: u32 = 0; path < pathCount; path++) {
    const number = load<u32>(shape + PATHS_AT + (<usize>path << 2))
    if (number == NO_SCALAR) continue
    const place = out + (<usize>path << 1) * stride
    const scalar = shape + <usize>number * SCALAR_BYTES
    store<u32>(place, load<u32>(scalar, 12))
    store<u32>(place + stride, load<u32>(scalar, 16))
  }
  return true
}

/** Documents that may miss the model, less those that met it, before it is left alone for a while. */
const CREDIT_MAX: i32 = 8
const PAUSE_ROWS: u32 = 64

export function locateJson(
  offsets: usize, bytes: usize, count: u32, paths: usize, pathCount: u32, status: usize, target: usize,
  shape: usize,
): void {
  const stride = <usize>count << 2
  const mask: u32 = pathCount == 0 ? 0 : <u32>-1 >> (32 - pathCount)
  memory.fill(target, 0, stride * (<usize>pathCount << 1))
  let scalars = NO_SCALAR
  let start: usize = 0
  let modelEnd: usize = 0
  let credit = CREDIT_MAX
  let resume: u32 = 0
  for (let row: u32 = 0; row < count; row++) {
    let from = bytes + load<u32>(offsets + (<usize>row << 2))
    const end = bytes + load<u32>(offsets + (<usize>row << 2), 4)
    const out = target + (<usize>row << 2)
    if (row >= resume && scalars != NO_SCALAR
      && isLikeModel(from, end, start, modelEnd, shape, scalars, pathCount, bytes, out, stride)) {
      store<u8>(status + row, 1)
      if (credit < CREDIT_MAX) credit++
      continue
    }
    if (end - from >= 3 && load<u16>(from) == 0xbbef && load<u8>(from, 2) == 0xbf) from += 3
    let at = findInValue(skipSpace(from, end), end, 0, mask, paths, bytes, out, stride)
    if (at > ASK && skipSpace(at, end) != end) at = INVALID
    store<u8>(status + row, at > ASK ? 1 : at == ASK ? 2 : 0)
    if (at <= ASK) note(mask, 0, 0, out, stride)
    else if (row >= resume) {
      scalars = model(from, end, shape, pathCount, bytes, out, stride)
      start = from
      modelEnd = end
      credit -= 2
      if (credit < 0) {
        credit = CREDIT_MAX / 2
        resume = row + PAUSE_ROWS
      }
    }
  }
}

export function readJsonNumbers(
  bytes: usize, starts: usize, ends: usize, count: u32, target: usize, kinds: usize,
): void {
  for (let row: u32 = 0; row < count; row++) {
    let at = bytes + load<u32>(starts + (<usize>row << 2))
    const end = bytes + load<u32>(ends + (<usize>row << 2))
    let kind: u8 = 0
    let number: f64 = 0
    if (at < end && (load<u8>(at) == 45 || isDigit(load<u8>(at)))) {
      const isNegative = load<u8>(at) == 45
      if (isNegative) at++
      let mantissa: u64 = 0
      let digits: u32 = 0
      let scale: i32 = 0
      let isPlain = true
      for (; at < end; at++) {
        const char = load<u8>(at)
        if (char == 46) {
          isPlain = false
          continue
        }
        if (!isDigit(char)) break
        mantissa = mantissa * 10 + (char - 48)
        if (mantissa != 0) digits++
        if (!isPlain) scale--
      }
      if (at < end) {
        isPlain = false
        at++
        const isBelow = load<u8>(at) == 45
        if (isBelow || load<u8>(at) == 43) at++
        let exponent: i32 = 0
        for (; at < end; at++) if (exponent < 10000) exponent = exponent * 10 + (load<u8>(at) - 48)
        scale += isBelow ? -exponent : exponent
      }
      // 15 digits are exact, and so are the powers of ten up to 22: one operation rounds right.
      if (digits <= 15 && scale >= -22 && scale <= 22) {
        let power: f64 = 1
        for (let i = scale < 0 ? -scale : scale; i > 0; i--) power *= 10
        number = scale < 0 ? <f64>mantissa / power : <f64>mantissa * power
        kind = isPlain ? 1 : 2
        if (isNegative && (kind == 2 || mantissa != 0)) number = -number
      }
    }
    store<f64>(target + (<usize>row << 3), number)
    store<u8>(kinds + row, kind)
  }
}

/** Writes a character of UTF-8; answers the place after it. */
function putCharacter(to: usize, code: u32): usize {
  if (code < 0x80) {
    store<u8>(to, <u8>code)
    return to + 1
  }
  if (code < 0x800) {
    store<u8>(to, <u8>(0xc0 | code >> 6))
    store<u8>(to, <u8>(0x80 | code & 63), 1)
    return to + 2
  }
  if (code < 0x10000) {
    store<u8>(to, <u8>(0xe0 | code >> 12))
    store<u8>(to, <u8>(0x80 | code >> 6 & 63), 1)
    store<u8>(to, <u8>(0x80 | code & 63), 2)
    return to + 3
  }
  store<u8>(to, <u8>(0xf0 | code >> 18))
  store<u8>(to, <u8>(0x80 | code >> 12 & 63), 1)
  store<u8>(to, <u8>(0x80 | code >> 6 & 63), 2)
  store<u8>(to, <u8>(0x80 | code & 63), 3)
  return to + 4
}

/** Bytes [from, end) of a valid string without its quotes; answers the place after what it wrote. */
function unescape(from: usize, end: usize, target: usize): usize {
  let at = from
  let to = target
  while (at < end) {
    const char = load<u8>(at)
    if (char != 92) {
      store<u8>(to++, char)
      at++
      continue
    }
    const escape = load<u8>(at, 1)
    at += 2
    if (escape != 117) {
      store<u8>(to++, escape == 98 ? 8 : escape == 102 ? 12 : escape == 110 ? 10
        : escape == 114 ? 13 : escape == 116 ? 9 : escape)
      continue
    }
    let code = hexAt(at)
    at += 4
    if (code >= 0xd800 && code < 0xdc00) {
      code = 0x10000 + ((code - 0xd800) << 10) + (hexAt(at + 2) - 0xdc00)
      at += 6
    }
    to = putCharacter(to, code)
  }
  return to
}

export function readJsonStrings(
  bytes: usize, starts: usize, ends: usize, count: u32, targetOffsets: usize, target: usize,
): u32 {
  let to = target
  let others: u32 = 0
  store<u32>(targetOffsets, 0)
  for (let row: u32 = 0; row < count; row++) {
    const from = bytes + load<u32>(starts + (<usize>row << 2))
    const end = bytes + load<u32>(ends + (<usize>row << 2))
    if (from < end) {
      if (load<u8>(from) == 34) to = unescape(from + 1, end - 1, to)
      else others++
    }
    store<u32>(targetOffsets + (<usize>row << 2), <u32>(to - target), 4)
  }
  return others
}
