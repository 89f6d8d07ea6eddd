// A segment whose file is damaged in some blocks, made anew: the damaged blocks hold nothing, and the mask
// takes out all rows of them, so that the rest is read as before. Damaged postings are left out: rows are
// found without them. What names all rows (a dictionary, the footer) cannot be mended so.
//
//   old bytes with blank blocks | a footer with their checksums      -> segment-ID
//   the old mask, and the rows of blank blocks                       -> mask-ID-VERSION
//
// The files are whole and synced when remakeSegment() answers; the caller's manifest edit shows them.

import { join } from 'node:path'
import { ByteWriter } from '../bytes/byte-writer.ts'
import { crc32c } from '../bytes/crc32c.ts'
import { elementType, storageOf } from '../codec/arrays.ts'
import { CODEC_ARRAY, CODEC_NUMBERS, CODEC_STRINGS, CODEC_TUPLE } from '../codec/codecs.ts'
import { bareType, type DataType } from '../column/data-type.ts'
import { parseDataType } from '../column/parse-type.ts'
import { BLOCK_ROWS_MAX } from '../column/vector.ts'
import type { Disk } from '../disk/disk.ts'
import type { SegmentRef } from '../face.ts'
import { readFooter, writeFooter, type ColumnEntry } from '../part/footer.ts'
import { encodeMask, maskFile, readMask } from '../segment/delete-mask.ts'

/** Way and base of a stream of equal numbers (codec/numbers.ts): all zeros. */
const ZEROS = [0, 0]
/** Masks of a new segment begin with this version. */
const FIRST_VERSION = 1

/** What of a column cannot be read. */
export type Damage = { readonly columnId: number; readonly block: number | null }

/** Bytes of a block that holds type's nothing, for any number of rows. */
function blankBlock(type: DataType): number[] {
  switch (storageOf(type)) {
    case 'bytes': return [CODEC_STRINGS, ...ZEROS]
    case 'array': return [CODEC_ARRAY, ...ZEROS, ...blankBlock(elementType(type))]
    case 'tuple': {
      const { args } = bareType(type)
      return [CODEC_TUPLE, args.length, ...args.flatMap(blankBlock)]
    }
    default: return [CODEC_NUMBERS, ...ZEROS]
  }
}

/** Rows of blocks that are not deleted already, and the mask without them. */
export function rowsOfBlocks(
  disk: Disk, folder: string, segment: SegmentRef, blocks: ReadonlySet<number>,
): { readonly bits: Uint8Array; readonly rows: number } {
  const bits = readMask(disk, folder, segment)?.slice() ?? new Uint8Array(Math.ceil(segment.rowCount / 8))
  let rows = 0
  for (const block of blocks) {
    const end = Math.min(segment.rowCount, (block + 1) * BLOCK_ROWS_MAX)
    for (let row = block * BLOCK_ROWS_MAX; row < end; row++) {
      if ((bits[row >> 3] >> (row & 7) & 1) === 1) continue
      bits[row >> 3] |= 1 << (row & 7)
      rows++
    }
  }
  return { bits, rows }
}

/** Writes the segment anew under another id. Throws where a block has no room for a blank one or is not
 * damaged, and what the disk says. */
export function remakeSegment(
  disk: Disk, folder: string, segment: SegmentRef, damages: readonly Damage[], id: number,
): SegmentRef {
  const bytes = disk.readWhole(join(folder, segment.file)).slice()
  const footer = readFooter(segment.file, bytes.length, (at, length) => bytes.subarray(at, at + length))
  const columns = footer.columnIds.map((columnId) => {
    const own = damages.filter((damage) => damage.columnId === columnId)
    return mendedColumn(bytes, footer.entry(columnId) as ColumnEntry, own)
  })
  const out = new ByteWriter(bytes.length + 4096)
  const end = Math.max(...footer.columnIds.map((columnId) => (footer.entry(columnId) as ColumnEntry).run.starts.at(-1) as number))
  out.copy(bytes.subarray(0, end))
  writeFooter(out, footer, columns, 'sections')
  const file = `segment-${String(id).padStart(10, '0')}`
  const blocks = new Set(damages.flatMap(({ block }) => block === null ? [] : [block]))
  const { bits, rows } = rowsOfBlocks(disk, folder, segment, blocks)
  const maskedRows = segment.maskedRows + rows
  disk.writeWholeSync(join(folder, file), [out.bytes()])
  if (maskedRows > 0) {
    disk.writeWholeSync(join(folder, maskFile(id, FIRST_VERSION)), [encodeMask(id, segment.rowCount, maskedRows, bits)])
  }
  disk.syncFolder(folder)
  return { ...segment, id, file, bytes: out.length, maskedRows, maskVersion: maskedRows > 0 ? FIRST_VERSION : 0 }
}

/** Blanks damaged blocks in the bytes; answers the entry with the checksums of now. */
function mendedColumn(bytes: Uint8Array, entry: ColumnEntry, damages: readonly Damage[]): ColumnEntry {
  const { run: { starts, checksums }, blockCount } = entry
  if (damages.length === 0) return entry
  if (checksums === null) throw new Error(`column ${entry.name} has no blocks of its own to mend`)
  const mended = checksums.slice()
  const blank = blankBlock(entry.dictionary === null ? parseDataType(entry.type) : parseDataType('UInt32'))
  for (const { block } of damages) {
    if (block === null) continue
    const section = bytes.subarray(starts[block], starts[block + 1])
    if (crc32c(section) === checksums[block]) throw new Error(`block ${block} of column ${entry.name} is right by now; nothing was changed`)
    if (section.length < blank.length) throw new Error(`block ${block} of column ${entry.name} has no room for a blank one`)
    section.fill(0)
    section.set(blank)
    mended[block] = crc32c(section)
  }
  if (damages.every(({ block }) => block !== null)) return { ...entry, run: { starts, checksums: mended } }
  const sections = blockCount + (entry.dictionary === null ? 0 : 1)
  return {
    ...entry, hasPostings: false,
    run: { starts: starts.slice(0, sections + 1), checksums: mended.slice(0, sections) },
  }
}
