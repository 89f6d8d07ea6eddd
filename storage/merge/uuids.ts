// A String column of nothing but UUIDs goes through a merge as 16 bytes a row.

import { CODEC_UUID } from '../codec/codecs.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { evenOffsets, UUID_BYTES, UUID_TEXT_BYTES } from '../column/uuid-texts.ts'
import { BLOCK_ROWS_MAX } from '../column/vector.ts'
import type { ImageWriter } from '../part/image-writer.ts'
import { textEnds, type Ends } from '../part/zones.ts'
import { isEveryBlock, type Order, type Source } from './sources.ts'

/** All rows of a column, in the account's memory. */
export type UuidRows = { readonly bytes: Uint8Array; readonly rowCount: number }

/** All rows end to end; null: some block is of another kind, or has NULLs. */
export function readUuids(sources: readonly Source[], rowCount: number, space: EncodeSpace): UuidRows | null {
  if (!isEveryBlock(sources, CODEC_UUID)) return null
  const bytes = space.account.u8(rowCount * UUID_BYTES)
  let at = 0
  for (const { set, reader } of sources) {
    for (let block = 0; block < set.blockCount; block++) {
      const length = set.blockRows(block) * UUID_BYTES
      // Twice: a copy from shared memory to another place within eight bytes is one byte at a time.
      reader.withBlock(block, (encoded) => {
        const copy = space.account.copyOf(encoded.subarray(1, 1 + length))
        bytes.set(copy, at)
        space.account.freeCopy(copy)
      })
      at += length
    }
  }
  return { bytes, rowCount }
}

/** Writes rows as the blocks of a column that was begun. */
export function writeUuidRows(
  space: EncodeSpace, writer: ImageWriter, all: UuidRows, order: Order, hasZones = true,
): void {
  const scratch = space.scratch()
  const rowCount = order === null ? all.rowCount : order.length
  const offsets = evenOffsets(Math.min(rowCount, BLOCK_ROWS_MAX), UUID_BYTES, scratch)
  const taken = order === null ? null : scratch.u8(Math.min(rowCount, BLOCK_ROWS_MAX) * UUID_BYTES)
  for (let from = 0; from < rowCount; from += BLOCK_ROWS_MAX) {
    const to = Math.min(rowCount, from + BLOCK_ROWS_MAX)
    const bytes = taken ?? all.bytes.subarray(from * UUID_BYTES)
    if (order !== null) {
      space.kernels.takeUuids(all.bytes.byteOffset, order.byteOffset + from * 4, to - from, bytes.byteOffset)
    }
    space.out.u8(CODEC_UUID)
    space.out.copy(bytes.subarray(0, (to - from) * UUID_BYTES))
    writer.endBlock(hasZones ? endsOf(space, bytes, offsets, to - from) : null, 0)
  }
  scratch.releaseAll()
}

/** Bytes order as the texts do. */
function endsOf(space: EncodeSpace, bytes: Uint8Array, offsets: Uint32Array, count: number): Ends {
  const { kernels, account } = space
  kernels.stringEnds(offsets.byteOffset, bytes.byteOffset, 0, count, space.survey.byteOffset)
  const [least, greatest] = new Uint32Array(space.survey.buffer, space.survey.byteOffset, 2)
  const text = account.u8(2 * UUID_TEXT_BYTES)
  kernels.formatUuids(bytes.byteOffset + least * UUID_BYTES, 1, text.byteOffset)
  kernels.formatUuids(bytes.byteOffset + greatest * UUID_BYTES, 1, text.byteOffset + UUID_TEXT_BYTES)
  const ends = textEnds(text.subarray(0, UUID_TEXT_BYTES), text.subarray(UUID_TEXT_BYTES), count)
  account.free(text.byteOffset)
  return ends
}
