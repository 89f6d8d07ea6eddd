// A scanner over the bytes of one JSON document: finds a value by keys and indexes without making
// objects of the rest.
// Invariant: it never reads beyond `end`; malformed text gives -1, never an exception.

import { wellFormed } from '../../sql/raw-text.ts'

const QUOTE = 34
const BACKSLASH = 92
const COMMA = 44
const COLON = 58
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125
const OPEN_ARRAY = 91
const CLOSE_ARRAY = 93
const DEPTH_MAX = 1000

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'true' | 'false' | 'null'

export const isSpace = (byte: number): boolean =>
  byte === 32 || byte === 10 || byte === 13 || byte === 9

/** The first place from `at` that is not white space. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let i = at
  while (i < end && isSpace(bytes[i])) i++
  return i
}

/** The place after the string whose opening quote is at `at`; -1 when it does not end. */
export function skipString(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const byte = bytes[i]
    if (byte === QUOTE) return i + 1
    if (byte === BACKSLASH) i++
  }
  return -1
}

/** The place after the value that begins at `at` (white space skipped); -1 when malformed. */
export function skipValue(bytes: Uint8Array, at: number, end: number): number {
  let i = skipSpace(bytes, at, end)
  if (i >= end) return -1
  const first = bytes[i]
  if (first === QUOTE) return skipString(bytes, i, end)
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) {
    const start = i
    while (i < end && !isDelimiter(bytes[i])) i++
    return i === start ? -1 : i
  }
  let depth = 0
  while (i < end) {
    const byte = bytes[i]
    if (byte === QUOTE) {
      i = skipString(bytes, i, end)
      if (i < 0) return -1
      continue
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      if (++depth > DEPTH_MAX) return -1
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (--depth === 0) return i + 1
    }
    i++
  }
  return -1
}

const isDelimiter = (byte: number): boolean =>
  byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_ARRAY || byte === COLON || isSpace(byte)

/** What kind of value begins at `at`; null for none. */
export function kindAt(bytes: Uint8Array, at: number, end: number): JsonKind | null {
  if (at < 0 || at >= end) return null
  const byte = bytes[at]
  switch (byte) {
    case OPEN_OBJECT: return 'object'
    case OPEN_ARRAY: return 'array'
    case QUOTE: return 'string'
    case 116: return 'true'
    case 102: return 'false'
    case 110: return 'null'
    default: return byte === 45 || (byte >= 48 && byte <= 57) ? 'number' : null
  }
}

/** Whether the string at `at` (its quote) spells `key`. Escapes are decoded only when present. */
function spells(bytes: Uint8Array, at: number, after: number, key: Uint8Array): boolean {
  const size = after - at - 2
  let isEscaped = false
  for (let i = 0; i < size; i++) {
    const byte = bytes[at + 1 + i]
    if (byte === BACKSLASH) {
      isEscaped = true
      break
    }
    if (i >= key.length || byte !== key[i]) return false
  }
  if (!isEscaped) return size === key.length
  const text = decodeString(bytes, at, after)
  return text !== null && text === decoder.decode(key)
}

const decoder = new TextDecoder()

/** The text of the string at [at, after) with its quotes; null when its escapes are wrong. */
export function decodeString(bytes: Uint8Array, at: number, after: number): string | null {
  const raw = decoder.decode(bytes.subarray(at, after))
  if (!raw.includes('\\')) return raw.slice(1, -1)
  try {
    return wellFormed(JSON.parse(raw) as string)
  } catch {
    return null
  }
}

/** Where the value under `key` begins in the object at `at`; -1 for none. */
export function findKey(bytes: Uint8Array, at: number, end: number, key: Uint8Array): number {
  if (bytes[at] !== OPEN_OBJECT) return -1
  let i = skipSpace(bytes, at + 1, end)
  while (i < end && bytes[i] === QUOTE) {
    const after = skipString(bytes, i, end)
    if (after < 0) return -1
    const colon = skipSpace(bytes, after, end)
    if (bytes[colon] !== COLON) return -1
    const value = skipSpace(bytes, colon + 1, end)
    if (spells(bytes, i, after, key)) return value < end ? value : -1
    i = nextMember(bytes, value, end)
    if (i < 0) return -1
  }
  return -1
}

/** The place of the member after the value at `value`; -1 at the end of the container. */
function nextMember(bytes: Uint8Array, value: number, end: number): number {
  const after = skipValue(bytes, value, end)
  if (after < 0) return -1
  const comma = skipSpace(bytes, after, end)
  return comma < end && bytes[comma] === COMMA ? skipSpace(bytes, comma + 1, end) : -1
}

/** Where each value of an array or object begins. */
export function members(bytes: Uint8Array, at: number, end: number): number[] {
  const places: number[] = []
  const isObject = bytes[at] === OPEN_OBJECT
  if (!isObject && bytes[at] !== OPEN_ARRAY) return places
  let i = skipSpace(bytes, at + 1, end)
  while (i >= 0 && i < end && bytes[i] !== CLOSE_OBJECT && bytes[i] !== CLOSE_ARRAY) {
    let value = i
    if (isObject) {
      const after = bytes[i] === QUOTE ? skipString(bytes, i, end) : -1
      const colon = after < 0 ? end : skipSpace(bytes, after, end)
      if (colon >= end || bytes[colon] !== COLON) return places
      value = skipSpace(bytes, colon + 1, end)
    }
    places.push(value)
    i = nextMember(bytes, value, end)
  }
  return places
}

/** The names of an object's members. */
export function keysOf(bytes: Uint8Array, at: number, end: number): string[] {
  const keys: string[] = []
  if (bytes[at] !== OPEN_OBJECT) return keys
  let i = skipSpace(bytes, at + 1, end)
  while (i >= 0 && i < end && bytes[i] === QUOTE) {
    const after = skipString(bytes, i, end)
    if (after < 0) return keys
    keys.push(decodeString(bytes, i, after) ?? '')
    const colon = skipSpace(bytes, after, end)
    if (bytes[colon] !== COLON) return keys
    i = nextMember(bytes, skipSpace(bytes, colon + 1, end), end)
  }
  return keys
}
