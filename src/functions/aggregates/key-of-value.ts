// 128 bits that stand for the values of a row: the key of exact distinct counts over strings, floats,
// arrays and several arguments. Numbers are their own bits; the rest is hashed.
// Invariant: equal values give equal keys in every worker; unequal ones differ but for 2^-64 chances.

import { bareType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { hash128 } from '../../../storage/kernels/keys.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import type { EvalContext } from '../values/function.ts'
import { writeKeyText } from '../values/text.ts'
import { asBytes } from '../values/vectors.ts'

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
      writeKeyText(out, arg, row)
      out.byte(44)
    }
    hash128(out.bytes, 0, out.length, words)
  }, free: () => context.account.free(out.bytes.byteOffset) }
}
