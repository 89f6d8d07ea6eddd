// Values as keys of 128 bits, and keys by number. A UUID in its text form is its own 16 bytes, any
// other string MurmurHash3 x86_128 (Austin Appleby, public domain) of its bytes. The references of
// keys.as.ts.
//
//   slots: code + 1 a slot, 0: free, open addressing;  key of code c: known[4 * c .. 4 * c + 4)
//
// Invariant: equal strings have equal keys whatever block they come in; unequal ones differ but for
// 2^-64 chances, and UUIDs always do.

import type { KernelMemory } from './kernel-memory.ts'

export type KeyKernels = {
  /** Writes the key of each string, 16 bytes each, at `target`. Reads up to 4 bytes past a string. */
  readonly stringKeys: (offsets: number, bytes: number, count: number, target: number) => void
  /** Codes (u32 at `codes`) of `count` keys; new ones are entered at `known`, or with `isNew` 0 have
   * 0xffffffff. Answers how many are known. The caller has made room: more than size + count slots, and that many keys. */
  readonly internKeys: (
    keys: number, count: number, slots: number, mask: number, known: number, size: number,
    isNew: number, codes: number) => number
  /** The same of keys of 32 bits, 4 bytes each. */
  readonly internNumbers: (
    keys: number, count: number, slots: number, mask: number, known: number, size: number,
    isNew: number, codes: number) => number
}

const C1 = 0x239b961b
const C2 = 0xab0e9789
const C3 = 0x38b34ae5
const C4 = 0xa1e38b93

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits))

function finalize(h: number): number {
  let x = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35)
  return x ^ (x >>> 16)
}

const word = (bytes: Uint8Array, at: number): number =>
  bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)

/** Up to four bytes from `at`, zeros beyond the end. */
function tail(bytes: Uint8Array, at: number, end: number): number {
  let value = 0
  for (let i = Math.min(4, end - at) - 1; i >= 0; i--) value = (value << 8) | bytes[at + i]
  return value
}

/** MurmurHash3 x86_128 of bytes [start, end) into four words. */
export function hash128(bytes: Uint8Array, start: number, end: number, out: Uint32Array): void {
  const length = end - start
  let a = 0x9747b28c
  let b = 0x3c6ef372
  let c = 0x78dde6e4
  let d = 0x1b873593
  let at = start
  for (; at + 16 <= end; at += 16) {
    a = Math.imul(rotate(a ^ Math.imul(rotate(Math.imul(word(bytes, at), C1), 15), C2), 19) + b, 5) + 0x561ccd1b | 0
    b = Math.imul(rotate(b ^ Math.imul(rotate(Math.imul(word(bytes, at + 4), C2), 16), C3), 17) + c, 5) + 0x0bcaa747 | 0
    c = Math.imul(rotate(c ^ Math.imul(rotate(Math.imul(word(bytes, at + 8), C3), 17), C4), 15) + d, 5) + 0x96cd1c35 | 0
    d = Math.imul(rotate(d ^ Math.imul(rotate(Math.imul(word(bytes, at + 12), C4), 18), C1), 13) + a, 5) + 0x32ac3b17 | 0
  }
  a ^= Math.imul(rotate(Math.imul(tail(bytes, at, end), C1), 15), C2)
  b ^= Math.imul(rotate(Math.imul(tail(bytes, at + 4, end), C2), 16), C3)
  c ^= Math.imul(rotate(Math.imul(tail(bytes, at + 8, end), C3), 17), C4)
  d ^= Math.imul(rotate(Math.imul(tail(bytes, at + 12, end), C4), 18), C1)
  a ^= length
  b ^= length
  c ^= length
  d ^= length
  a = a + b + c + d | 0
  b = b + a | 0
  c = c + a | 0
  d = d + a | 0
  a = finalize(a)
  b = finalize(b)
  c = finalize(c)
  d = finalize(d)
  a = a + b + c + d | 0
  out[0] = a
  out[1] = b + a
  out[2] = c + a
  out[3] = d + a
}

const UUID_TEXT_BYTES = 36
const DASH = 45

/** Value of a lower-case hexadecimal digit; -1: it is none. */
const digitOf = (byte: number): number =>
  byte >= 48 && byte <= 57 ? byte - 48 : byte >= 97 && byte <= 102 ? byte - 87 : -1

const DASHES: readonly number[] = [8, 13, 18, 23]

/** The 16 bytes of a UUID in its text form, as words; false: bytes [start, end) are something else. */
export function packUuid(bytes: Uint8Array, start: number, end: number, out: Uint32Array): boolean {
  if (end - start !== UUID_TEXT_BYTES || DASHES.some((at) => bytes[start + at] !== DASH)) return false
  let at = start
  for (let i = 0; i < 16; i++) {
    if (bytes[at] === DASH && DASHES.includes(at - start)) at++
    const high = digitOf(bytes[at])
    const low = digitOf(bytes[at + 1])
    if (high < 0 || low < 0) return false
    const shift = (i & 3) * 8
    const value = (high << 4 | low) << shift
    out[i >> 2] = shift === 0 ? value : out[i >> 2] | value
    at += 2
  }
  return true
}

/** The key of one string, as stringKeys makes it. */
export function stringKey(bytes: Uint8Array, start: number, end: number, out: Uint32Array): void {
  if (!packUuid(bytes, start, end, out)) hash128(bytes, start, end, out)
}

const GOLDEN = 0x9e3779b97f4a7c15n
const MIX = 0xbf58476d1ce4e5b9n

/** Where a key is looked for first: the high half of a hash of 64 bits. */
function slotOfKey(words: Uint32Array, at: number): number {
  const low = BigInt(words[at]) | BigInt(words[at + 1]) << 32n
  const high = BigInt(words[at + 2]) | BigInt(words[at + 3]) << 32n
  let hash = BigInt.asUintN(64, (low ^ (low >> 32n)) * GOLDEN) ^ high
  hash = BigInt.asUintN(64, (hash ^ (hash >> 32n)) * MIX)
  return Number(hash >> 32n)
}

/** The same of a key of 32 bits. */
function slotOfNumber(key: number): number {
  const hash = Math.imul(key ^ (key >>> 15), 0x9e3779b1)
  return hash ^ (hash >>> 16)
}

/** Keys of so many words, by `slotAt` of the place of one. */
const internBy = (u32: Uint32Array, width: number, slotAt: (at: number) => number): KeyKernels['internKeys'] => {
  const isSame = (a: number, b: number): boolean => {
    for (let word = 0; word < width; word++) if (u32[a + word] !== u32[b + word]) return false
    return true
  }
  return (keys, count, slots, mask, known, size, isNew, codes) => {
    let entered = size
    for (let i = 0; i < count; i++) {
      const at = keys / 4 + i * width
      let slot = slotAt(at) & mask
      let code = u32[slots / 4 + slot] - 1
      while (code >= 0 && !isSame(known / 4 + code * width, at)) {
        slot = (slot + 1) & mask
        code = u32[slots / 4 + slot] - 1
      }
      if (code < 0 && isNew !== 0) {
        code = entered++
        u32.copyWithin(known / 4 + code * width, at, at + width)
        u32[slots / 4 + slot] = code + 1
      }
      u32[codes / 4 + i] = code
    }
    return entered
  }
}

export function keysReference({ u8, u32 }: KernelMemory): KeyKernels {
  const key = new Uint32Array(4)
  return {
    stringKeys(offsets, bytes, count, target) {
      for (let i = 0; i < count; i++) {
        stringKey(u8, bytes + u32[offsets / 4 + i], bytes + u32[offsets / 4 + i + 1], key)
        u32.set(key, target / 4 + i * 4)
      }
    },
    internKeys: internBy(u32, 4, (at) => slotOfKey(u32, at)),
    internNumbers: internBy(u32, 1, (at) => slotOfNumber(u32[at])),
  }
}
