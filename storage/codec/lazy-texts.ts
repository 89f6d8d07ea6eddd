// Texts of a TEMPLATE block as a vector that puts them together when somebody looks at their bytes: a
// reader that knows templates (a search, a path of JSON) asks its parts instead (column/text-parts.ts).

import type { DataType } from '../column/data-type.ts'
import { withParts, type TextParts } from '../column/text-parts.ts'
import type { BytesVector } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { DecodedStrings } from './string-block.ts'

export function lazyTexts(
  type: DataType, nulls: Uint8Array | null, parts: TextParts, account: MemoryAccount, kernels: Kernels,
): BytesVector {
  let joined: DecodedStrings | null = null
  const texts = () => joined ??= joinParts(parts, account, kernels)
  return withParts({
    kind: 'bytes', type, length: parts.codes.length, isConst: false, nulls,
    get offsets() { return texts().offsets },
    get bytes() { return texts().bytes },
  }, parts)
}

/** All texts whole. */
export function joinParts(
  { frames, codes, allSlots }: TextParts, account: MemoryAccount, kernels: Kernels): DecodedStrings {
  const count = codes.length
  const slots = allSlots()
  const offsets = account.u32(count + 1)
  const length = kernels.joinLengths(frames.offsets.byteOffset, frames.bytes.byteOffset,
    codes.byteOffset, count, slots.byteOffset, count, offsets.byteOffset)
  const bytes = account.u8(length)
  kernels.joinTexts(frames.offsets.byteOffset, frames.bytes.byteOffset, codes.byteOffset, count,
    slots.byteOffset, count, offsets.byteOffset, bytes.byteOffset)
  return { offsets, bytes }
}
