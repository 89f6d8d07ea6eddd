// Hashes of strings by which rows are shared out (storage/kernels/text-hashes.ts), without their texts where a vector
// knows them in fewer bytes.
// Invariant: equal strings have one hash, however a vector knows them.

import { serialsOf, type Serials } from '../../../storage/column/serial-texts.ts'
import { UUID_WORDS, uuidsOf } from '../../../storage/column/uuid-texts.ts'
import type { BytesVector } from '../../../storage/column/vector.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { inWorkMemory } from '../../functions/values/vectors.ts'

/** What the kernel takes for a number at the end of a text. */
const NUMBERS_END = 1e9

/** A hash of each string of a vector (one of a constant); the caller frees it. */
export function textHashes(vector: BytesVector, context: EvalContext): Uint32Array {
  const { account, kernels } = context
  const { buffer } = account.work
  const uuids = uuidsOf(vector)
  if (uuids !== null && uuids.values.buffer === buffer) {
    const count = uuids.values.length / UUID_WORDS
    const hashes = account.u32(count)
    kernels.hashUuids(uuids.values.byteOffset, count, hashes.byteOffset)
    return hashes
  }
  const serials = serialsOf(vector)
  return serials !== null && serials.values.buffer === buffer && isNumbered(serials) ? numberedHashes(serials, context)
    : plainHashes(vector, context)
}

/** Whether all digits at the end of the texts are those of their numbers. */
const isNumbered = ({ shape: { prefix, digits, suffix }, values, most }: Serials): boolean =>
  values instanceof Uint32Array && most < NUMBERS_END && digits === 0 && suffix.length === 0 && !isDigit(prefix.at(-1) ?? 0)

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57

function numberedHashes({ shape, values }: Serials, { account, kernels }: EvalContext): Uint32Array {
  const prefix = account.copyOf(shape.prefix)
  const hashes = account.u32(values.length)
  kernels.hashNumbered(prefix.byteOffset, prefix.length, values.byteOffset, values.length, hashes.byteOffset)
  account.freeCopy(prefix)
  return hashes
}

function plainHashes(vector: BytesVector, { account, kernels }: EvalContext): Uint32Array {
  const text = inWorkMemory(vector, account)
  const count = text.isConst ? 1 : text.length
  const hashes = account.u32(Math.max(1, count))
  const scratch = account.u32(UUID_WORDS)
  kernels.hashTexts(text.offsets.byteOffset, text.bytes.byteOffset, count, hashes.byteOffset, scratch.byteOffset)
  account.free(scratch.byteOffset)
  if (text !== vector) for (const array of [text.offsets, text.bytes]) account.free(array.byteOffset)
  return hashes
}
