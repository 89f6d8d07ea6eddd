// Texts apart, as templates store them (codec/template-block.ts): a vector of bytes may say what its
// texts are made of, for readers that ask each frame once and the numbers by row.
// Invariant: only that vector has parts; whatever is made of it (copies, other rows) has none.

import type { BytesVector, Vector } from './vector.ts'

/** Row r is frame codes[r] with the numbers slotOf(s)[r] at its marks. */
export type TextParts = {
  readonly frames: { readonly offsets: Uint32Array; readonly bytes: Uint8Array }
  readonly frameCount: number
  readonly codes: Uint32Array
  /** The numbers of a slot, unpacked when first asked for: most readers want one of many. */
  readonly slotOf: (slot: number) => Uint32Array
  /** All slots one after the other. */
  readonly allSlots: () => Uint32Array
}

const PARTS = Symbol('parts of texts')

/** The vector with its parts. Not enumerable: spreading the vector leaves them behind. */
export function withParts(vector: BytesVector, parts: TextParts): BytesVector {
  return Object.defineProperty(vector, PARTS, { value: parts })
}

/** The vector with parts that are made when somebody asks for them. */
export function withPartsLater(vector: BytesVector, make: () => TextParts | null): BytesVector {
  let parts: TextParts | null | undefined
  return Object.defineProperty(vector, PARTS, { get: () => (parts === undefined ? parts = make() : parts) })
}

/** null: the vector's texts are whole. */
export const partsOf = (vector: Vector): TextParts | null =>
  (vector as { readonly [PARTS]?: TextParts | null })[PARTS] ?? null
