// Texts that are a number each between two texts that all of them share (`evt_123`, codec/serial-block.ts), as a
// vector that knows its numbers: who keeps, moves, orders or searches such texts does so with four or eight bytes a
// row, and texts are put together when somebody looks at their bytes.
// Invariant: only a vector made here has serials; other ways to copy a vector leave them behind.

import type { Kernels } from '../kernels/load.ts'
import { MARKS } from '../kernels/texts.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { DataType } from './data-type.ts'
import { withPartsLater, type TextParts } from './text-parts.ts'
import type { BytesVector, Vector } from './vector.ts'

/** What all texts share. `digits` 0: as many as the number needs, else so many, with leading zeros. */
export type SerialShape = {
  readonly prefix: Uint8Array
  readonly digits: number
  readonly suffix: Uint8Array
}

/** Whole numbers below 2^32, or else below 2^53. */
export type SerialNumbers = Uint32Array | Float64Array

/** Numbers in memory of the account, none above `most`, and what stands around them, in ordinary memory.
 * `made`: what lies in the account because somebody has looked at the texts or their parts. */
export type Serials = {
  readonly shape: SerialShape
  readonly values: SerialNumbers
  readonly most: number
  readonly made: readonly (Uint8Array | Uint32Array)[]
  readonly account: MemoryAccount
}

/** Digits of the largest safe integer. */
const DIGITS_MAX = 16
/** Digits of a number that a mark can stand for (kernels/texts.ts). */
const MARKED_DIGITS_MAX = 9

const SERIALS = Symbol('numbers of texts')

/** null: the vector's texts are no numbers between two texts, or nobody has told. */
export const serialsOf = (vector: Vector): Serials | null =>
  (vector as { readonly [SERIALS]?: Serials })[SERIALS] ?? null

/** The serials of vectors of one shape and width of numbers; null: not all have some, or these differ. */
export function alikeSerials(vectors: readonly Vector[]): Serials[] | null {
  const all: Serials[] = []
  for (const vector of vectors) {
    const serials = serialsOf(vector)
    if (serials === null || (all.length > 0 && !areAlike(serials, all[0]))) return null
    all.push(serials)
  }
  return all.length === 0 ? null : all
}

const areAlike = (a: Serials, b: Serials): boolean =>
  a.values.BYTES_PER_ELEMENT === b.values.BYTES_PER_ELEMENT && isSameShape(a.shape, b.shape)

/** What none of the numbers is above. */
export const mostOf = (serials: readonly Serials[]): number => serials.reduce((most, one) => Math.max(most, one.most), 0)

export const isSameShape = (a: SerialShape, b: SerialShape): boolean => a === b || (a.digits === b.digits
  && Buffer.compare(a.prefix, b.prefix) === 0 && Buffer.compare(a.suffix, b.suffix) === 0)

/** The strings of numbers in work memory. */
export function joinSerials(
  shape: SerialShape, values: Float64Array, account: MemoryAccount, kernels: Kernels,
): { offsets: Uint32Array; bytes: Uint8Array } {
  const count = values.length
  const { digits } = shape
  const [prefix, suffix] = [shape.prefix, shape.suffix].map((affix) => account.copyOf(affix))
  const offsets = account.u32(count + 1)
  const out = account.u8(count * (prefix.length + suffix.length + (digits === 0 ? DIGITS_MAX : digits)))
  const length = kernels.serialTexts(values.byteOffset, count, prefix.byteOffset, prefix.length, digits,
    suffix.byteOffset, suffix.length, offsets.byteOffset, out.byteOffset)
  account.freeCopy(prefix)
  account.freeCopy(suffix)
  return { offsets, bytes: out.subarray(0, length) }
}

/** The strings of numbers of either width in work memory. */
export function textsOfSerials(
  { shape, values }: Pick<Serials, 'shape' | 'values'>, account: MemoryAccount, kernels: Kernels,
): { offsets: Uint32Array; bytes: Uint8Array } {
  if (values instanceof Float64Array) return joinSerials(shape, values, account, kernels)
  const doubles = account.f64(values.length)
  kernels.wordsToDoubles(values.byteOffset, values.length, 0, 1, doubles.byteOffset)
  const texts = joinSerials(shape, doubles, account, kernels)
  account.free(doubles.byteOffset)
  return texts
}

/** A vector of the texts of numbers, which lie in the account's memory, as what is made of them will. */
export function serialVector(
  type: DataType, nulls: Uint8Array | null, numbers: Pick<Serials, 'shape' | 'values' | 'most'>, account: MemoryAccount, kernels: Kernels,
): BytesVector {
  const { shape, values, most } = numbers
  let texts: ReturnType<typeof joinSerials> | null = null
  const made: (Uint8Array | Uint32Array)[] = []
  const all = () => {
    if (texts === null) {
      texts = textsOfSerials(numbers, account, kernels)
      made.push(texts.offsets, texts.bytes)
    }
    return texts
  }
  const vector: BytesVector = {
    kind: 'bytes', type, length: values.length, isConst: false, nulls,
    get offsets() { return all().offsets },
    get bytes() { return all().bytes },
  }
  Object.defineProperty(vector, SERIALS, { value: { shape, values, most, made, account } satisfies Serials })
  return withPartsLater(vector, () => {
    const parts = partsOfSerials(numbers, account)
    if (parts !== null) made.push(parts.frames.offsets, parts.frames.bytes, parts.codes)
    return parts
  })
}

/** Texts of the same shape with other numbers. */
export function serialsLike(
  { type, nulls }: { readonly type: DataType; readonly nulls: Uint8Array | null },
  { shape, most }: Pick<Serials, 'shape' | 'most'>, values: SerialNumbers, account: MemoryAccount,
): BytesVector {
  const { kernels } = account.work
  if (kernels === null) throw new Error('serial texts: the memory has no kernels')
  return serialVector(type, nulls, { shape, values, most }, account, kernels)
}

/** The texts as one frame with a mark; null: the number is longer than a mark's, or marks or digits stand in the
 * texts around it. */
function partsOfSerials({ shape, values, most }: Pick<Serials, 'shape' | 'values' | 'most'>, account: MemoryAccount): TextParts | null {
  const { prefix, digits, suffix } = shape
  const isPlain = (byte: number) => byte >= MARKS && (byte < 48 || byte > 57)
  if (!(values instanceof Uint32Array) || most >= 10 ** MARKED_DIGITS_MAX || digits > MARKED_DIGITS_MAX) return null
  if (!prefix.every(isPlain) || !suffix.every(isPlain)) return null
  const bytes = account.u8(prefix.length + 1 + suffix.length)
  bytes.set(prefix)
  bytes[prefix.length] = digits
  bytes.set(suffix, prefix.length + 1)
  const offsets = account.u32(2)
  offsets.set([0, bytes.length])
  const codes = account.u32(values.length).fill(0)
  return { frames: { offsets, bytes }, frameCount: 1, codes, slotOf: () => values, allSlots: () => values }
}
