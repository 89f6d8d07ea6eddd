// Texts of a TEMPLATE block as a vector that puts them together when somebody looks at their bytes: a
// reader that knows templates (a search, a path of JSON) asks each frame once and the numbers by row.
// Invariant: only the vector itself has parts; whatever is made of it (copies, other rows) is plain.

import type { DataType } from '../column/data-type.ts'
import type { BytesVector, Vector } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { DecodedStrings } from './string-block.ts'

/** A block's texts apart: row r is frame codes[r] with the numbers slots[s * codes.length + r]. */
export type TextParts = {
  readonly frames: DecodedStrings
  readonly frameCount: number
  readonly codes: Uint32Array
  readonly slots: Uint32Array
}

const PARTS = Symbol('parts of texts')

export function lazyTexts(
  type: DataType, nulls: Uint8Array | null, parts: TextParts, account: MemoryAccount, kernels: Kernels,
): BytesVector {
  let joined: DecodedStrings | null = null
  const texts = () => joined ??= joinParts(parts, account, kernels)
  const vector: BytesVector = {
    kind: 'bytes', type, length: parts.codes.length, isConst: false, nulls,
    get offsets() { return texts().offsets },
    get bytes() { return texts().bytes },
  }
  // Not enumerable: spreading the vector leaves it behind.
  Object.defineProperty(vector, PARTS, { value: parts })
  return vector
}

/** The parts of a vector that lazyTexts() made; null for any other. */
export const partsOf = (vector: Vector): TextParts | null =>
  (vector as { readonly [PARTS]?: TextParts })[PARTS] ?? null

/** All texts whole. */
export function joinParts(
  { frames, codes, slots }: TextParts, account: MemoryAccount, kernels: Kernels): DecodedStrings {
  const count = codes.length
  const offsets = account.u32(count + 1)
  const length = kernels.joinLengths(frames.offsets.byteOffset, frames.bytes.byteOffset,
    codes.byteOffset, count, slots.byteOffset, count, offsets.byteOffset)
  const bytes = account.u8(length)
  kernels.joinTexts(frames.offsets.byteOffset, frames.bytes.byteOffset, codes.byteOffset, count,
    slots.byteOffset, count, offsets.byteOffset, bytes.byteOffset)
  return { offsets, bytes }
}
