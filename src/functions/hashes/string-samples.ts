// The 32-bit hashes by which uniq samples strings: CityHash64 and a finalizer, a block at a time; of
// strings that come by number once a code, also other hashes.

import type { BytesVector, CodesVector, Dictionary } from '../../../storage/column/vector.ts'
import type { EvalContext } from '../values/function.ts'
import { grown } from '../values/state-array.ts'
import { asBytes, inWorkMemory } from '../values/vectors.ts'

/** A hash of each string of a vector (one of a constant); the caller frees it. */
export function stringSamples(vector: BytesVector, { account, kernels }: EvalContext): Uint32Array {
  const text = inWorkMemory(vector, account)
  const count = text.isConst ? 1 : text.length
  const samples = account.u32(Math.max(1, count))
  kernels.citySamples(text.offsets.byteOffset, text.bytes.byteOffset, count, samples.byteOffset)
  if (text !== vector) {
    account.free(text.offsets.byteOffset)
    account.free(text.bytes.byteOffset)
  }
  return samples
}

/** Hashes of one dictionary's codes, made when a code is first seen. */
export class CodeSamples {
  private samples: Uint32Array | null = null
  private known: Uint8Array | null = null
  private dictionary: Dictionary | null = null
  private readonly context: EvalContext
  private readonly hashesOf: (vector: BytesVector, context: EvalContext) => Uint32Array

  /** `hashesOf`: as stringSamples(), by which strings are hashed. */
  constructor(context: EvalContext, hashesOf = stringSamples) {
    this.context = context
    this.hashesOf = hashesOf
  }

  /** A hash of each row (one of a constant); the caller frees it. */
  of(vector: CodesVector): Uint32Array {
    const { account, kernels } = this.context
    this.adopt(vector.dictionary)
    const count = vector.isConst ? 1 : vector.length
    const isHere = vector.codes.buffer === account.work.buffer
    const codes = isHere ? vector.codes : account.u32(count)
    if (!isHere) codes.set(vector.codes.subarray(0, count))
    this.learn(vector, codes, count)
    const out = account.u32(count)
    const samples = this.samples as Uint32Array
    kernels.takeWords(samples.byteOffset, codes.byteOffset, count, out.byteOffset)
    if (!isHere) account.free(codes.byteOffset)
    return out
  }

  private adopt(dictionary: Dictionary): void {
    const { account } = this.context
    if (this.dictionary?.id !== dictionary.id) this.known?.fill(0)
    this.dictionary = dictionary
    const size = Math.max(1, dictionary.size)
    this.samples = grown(Uint32Array, this.samples, size, account)
    this.known = grown(Uint8Array, this.known, size, account)
  }

  /** Hashes the strings of codes that were not seen before, all of a block at once. */
  private learn(vector: CodesVector, codes: Uint32Array, count: number): void {
    const { account, kernels } = this.context
    const fresh = account.u32(count)
    const size = kernels.unknownCodes(
      codes.byteOffset, count, (this.known as Uint8Array).byteOffset, fresh.byteOffset)
    if (size > 0) {
      const text = asBytes(
        { ...vector, isConst: false, nulls: null, length: size, codes: fresh }, account)
      const hashes = this.hashesOf(text, this.context)
      const samples = this.samples as Uint32Array
      for (let i = 0; i < size; i++) samples[fresh[i]] = hashes[i]
      for (const array of [hashes, text.offsets, text.bytes]) account.free(array.byteOffset)
    }
    account.free(fresh.byteOffset)
  }
}
