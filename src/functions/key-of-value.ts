// 128 bits that stand for the values of a row: the key of exact distinct counts over strings, floats,
// arrays and several arguments. Numbers are their own bits; the rest is hashed.
// Invariant: equal values give equal keys in every worker; unequal ones differ but for 2^-64 chances.

import { bareType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { ByteBuilder } from './byte-builder.ts'
import type { EvalContext } from './function.ts'
import { writeValue } from './text.ts'
import { asBytes } from './vectors.ts'

/** Four words of a row at a time. */
export type KeyWriter = {
  readonly words: Uint32Array
  write(row: number): void
  /** Returns what it took. */
  free(): void
}

/** Keys of rows of these vectors. Strings may come as codes in one worker and as bytes in another. */
export function keyWriter(args: readonly Vector[], context: EvalContext): KeyWriter {
  const words = new Uint32Array(4)
  const [first] = args
  if (args.length === 1 && first.kind === 'number') return numberKeys(first, words)
  if (args.length === 1 && first.kind === 'big') {
    const { values, isConst } = first
    return { words, free: () => {}, write: (row) => {
      const bits = BigInt.asUintN(64, values[isConst ? 0 : row])
      words[0] = Number(bits & 0xffffffffn)
      words[1] = Number(bits >> 32n)
    } }
  }
  const { id } = bareType(first.type)
  if (args.length === 1 && (first.kind === 'codes' || first.kind === 'bytes') && id !== 'UUID') {
    const text = asBytes(first, context.account)
    return { words, write: (row) => {
      const slot = text.isConst ? 0 : row
      hash128(text.bytes, text.offsets[slot], text.offsets[slot + 1], words)
    }, free: () => {
      if (text === first) return
      context.account.free(text.offsets.byteOffset)
      context.account.free(text.bytes.byteOffset)
    } }
  }
  return textKeys(args, words, context)
}

/** Integers as two's complement, floats by their bits. */
function numberKeys(vector: Vector & { kind: 'number' }, words: Uint32Array): KeyWriter {
  const { values, isConst } = vector
  const isFloat = bareType(vector.type).id.startsWith('Float')
  const double = new Float64Array(1)
  const halves = new Uint32Array(double.buffer)
  return { words, free: () => {}, write: (row) => {
    const value = values[isConst ? 0 : row]
    if (isFloat) {
      double[0] = value
      words[0] = halves[0]
      words[1] = halves[1]
    } else {
      words[0] = value % 4294967296
      words[1] = Math.floor(value / 4294967296)
    }
  } }
}

/** Anything by its unambiguous text. */
function textKeys(args: readonly Vector[], words: Uint32Array, context: EvalContext): KeyWriter {
  const out = new ByteBuilder(0, context.account)
  return { words, write: (row) => {
    out.length = 0
    for (const arg of args) {
      writeValue(out, arg, row, true)
      out.byte(44)
    }
    hash128(out.bytes, 0, out.length, words)
  }, free: () => context.account.free(out.bytes.byteOffset) }
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

/** MurmurHash3 x86_128 (Austin Appleby, public domain) of bytes [start, end) into four words. */
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

const word = (bytes: Uint8Array, at: number): number =>
  bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)

/** Up to four bytes from `at`, zeros beyond the end. */
function tail(bytes: Uint8Array, at: number, end: number): number {
  let value = 0
  for (let i = Math.min(4, end - at) - 1; i >= 0; i--) value = (value << 8) | bytes[at + i]
  return value
}
