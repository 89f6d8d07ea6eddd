// Texts of a TEMPLATE block as a vector that puts them together when somebody looks at their bytes: a
// reader that knows templates (a search, a path of JSON) asks its parts instead (column/text-parts.ts).

import type { DataType } from '../column/data-type.ts'
import { withParts, type TextParts } from '../column/text-parts.ts'
import type { BytesVector } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import { FRAME_WORDS } from '../kernels/texts.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { DecodedStrings } from './string-block.ts'

export function lazyTexts(
  type: DataType, nulls: Uint8Array | null, parts: TextParts, account: MemoryAccount, kernels: Kernels,
): BytesVector {
  let offsets: Uint32Array | null = null
  let bytes: Uint8Array | null = null
  // Who asks for lengths alone needs no bytes.
  const ends = () => offsets ??= joinEnds(parts, account, kernels)
  return withParts({
    kind: 'bytes', type, length: parts.codes.length, isConst: false, nulls,
    get offsets() { return ends() },
    get bytes() { return bytes ??= joinBytes(parts, ends(), account, kernels) },
  }, parts)
}

/** All texts whole. */
export function joinParts(parts: TextParts, account: MemoryAccount, kernels: Kernels): DecodedStrings {
  const offsets = joinEnds(parts, account, kernels)
  return { offsets, bytes: joinBytes(parts, offsets, account, kernels) }
}

/** Where the texts begin and end. */
function joinEnds({ frames, frameCount, codes, allSlots }: TextParts, account: MemoryAccount, kernels: Kernels): Uint32Array {
  const count = codes.length
  const offsets = account.u32(count + 1)
  const table = account.u32(Math.max(1, frameCount) * FRAME_WORDS)
  kernels.joinLengths(frames.offsets.byteOffset, frames.bytes.byteOffset, frameCount, codes.byteOffset, count,
    allSlots().byteOffset, count, table.byteOffset, offsets.byteOffset)
  account.free(table.byteOffset)
  return offsets
}

function joinBytes(
  { frames, codes, allSlots }: TextParts, offsets: Uint32Array, account: MemoryAccount, kernels: Kernels): Uint8Array {
  const count = codes.length
  const bytes = account.u8(offsets[count])
  kernels.joinTexts(frames.offsets.byteOffset, frames.bytes.byteOffset, codes.byteOffset, count,
    allSlots().byteOffset, count, offsets.byteOffset, bytes.byteOffset)
  return bytes
}
