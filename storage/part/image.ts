// An image as a RowSet: opened once a worker, blocks decoded or gathered on demand. A block's checksum
// is compared when it is first read here; what differs is never served.

import { crc32c } from '../bytes/crc32c.ts'
import { isNullAt, readBlockHead, type BlockHead } from '../codec/block.ts'
import { codeAt, decodeBlock, decodeCodes } from '../codec/decode.ts'
import { gatherRows } from '../codec/gather.ts'
import { isNullable, type DataType } from '../column/data-type.ts'
import { parseDataType } from '../column/parse-type.ts'
import { BLOCK_ROWS_MAX, type Vector } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { ByteSource } from './byte-source.ts'
import { openDictionary } from './dictionary.ts'
import { readFooter, type ColumnFooter, type Section } from './footer.ts'
import { openPostings, type Postings } from './postings.ts'
import { CorruptBlock, type CodeMap, type ColumnReader, type LocalDictionary, type RowSet, type Zone } from './row-set.ts'
import { readZone } from './zones.ts'

export type ImagePlace = {
  readonly label: string
  readonly firstSequence: number
  readonly lastSequence: number
}

/** Reads the footer; throws when the image is damaged or newer. */
export function openImage(source: ByteSource, place: ImagePlace, kernels: Kernels): RowSet {
  const footer = readFooter(place.label, source.byteLength, (offset, bytes) => source.view(offset, bytes, -1))
  const columns = new Map(footer.columns.map((column) => [column.id, column]))
  const readers = new Map<number, ColumnReader>()
  return {
    label: place.label, rowCount: footer.rowCount, schemaVersion: footer.schemaVersion, isSorted: footer.isSorted,
    firstSequence: place.firstSequence, lastSequence: place.lastSequence,
    blockCount: Math.ceil(footer.rowCount / BLOCK_ROWS_MAX),
    blockRows: (block) => Math.min(BLOCK_ROWS_MAX, footer.rowCount - block * BLOCK_ROWS_MAX),
    column: (columnId) => {
      const stored = columns.get(columnId)
      if (stored === undefined) return null
      let reader = readers.get(columnId)
      if (reader === undefined) readers.set(columnId, reader = new ImageColumn(source, place.label, stored, kernels))
      return reader
    },
  }
}

class ImageColumn implements ColumnReader {
  readonly columnId: number
  readonly type: DataType
  readonly dictionary: LocalDictionary | null
  readonly hasPostings: boolean
  readonly distinctCount: number
  readonly zone: Zone | null
  private readonly source: ByteSource
  private readonly label: string
  private readonly stored: ColumnFooter
  private readonly kernels: Kernels
  private readonly checked = new Set<number>()
  private openedPostings: Postings | null = null

  constructor(source: ByteSource, label: string, stored: ColumnFooter, kernels: Kernels) {
    this.source = source
    this.label = label
    this.stored = stored
    this.kernels = kernels
    this.columnId = stored.id
    this.type = parseDataType(stored.type)
    this.dictionary = stored.dictionary === null ? null : openDictionary(aligned(this.section(stored.dictionary, -1)))
    this.hasPostings = stored.postings !== null
    this.distinctCount = this.dictionary?.size ?? -1
    this.zone = wholeZone(stored.blocks.map((_, block) => this.blockZone(block)), stored.zones.map((zone) => zone[2]))
  }

  blockZone(block: number): Zone | null {
    const { dictionary } = this
    return readZone(this.stored.zones[block], dictionary === null ? null : (rank) => (
      dictionary.bytes.subarray(dictionary.offsets[rank], dictionary.offsets[rank + 1])))
  }

  blockBytes(block: number): number { return this.stored.blocks[block][1] }

  decode(block: number, account: MemoryAccount, map: CodeMap | null): Vector {
    const bytes = this.section(this.stored.blocks[block], block)
    if (this.dictionary === null) return decodeBlock(bytes, this.type, account, this.kernels)
    if (map === null) return this.decodeStrings(bytes, account)
    const { codes, nulls } = decodeCodes(bytes, map.toShared, account, this.kernels)
    return {
      kind: 'codes', type: this.type, length: codes.length, isConst: false, nulls, codes, dictionary: map.dictionary,
    }
  }

  gather(rows: Uint32Array, count: number, account: MemoryAccount, map: CodeMap | null): Vector {
    const { dictionary } = this
    const blockAt = (block: number) => this.section(this.stored.blocks[block], block)
    if (dictionary === null) return gatherRows(rows, count, this.type, account, this.kernels, blockAt)
    const codes = account.u32(count)
    const nulls = isNullable(this.type) ? account.u8(count) : null
    let block = -1
    let bytes: Uint8Array = EMPTY
    let head: BlockHead | null = null
    for (let index = 0; index < count; index++) {
      const wanted = Math.floor(rows[index] / BLOCK_ROWS_MAX)
      if (wanted !== block || head === null) {
        block = wanted
        bytes = blockAt(block)
        head = readBlockHead(bytes)
      }
      const row = rows[index] - block * BLOCK_ROWS_MAX
      const code = codeAt(bytes, head, row)
      codes[index] = map === null ? code : map.toShared[code]
      if (nulls !== null) nulls[index] = head.nullsAt >= 0 && isNullAt(bytes, head.nullsAt, row) ? 1 : 0
    }
    if (map !== null) {
      return { kind: 'codes', type: this.type, length: count, isConst: false, nulls, codes, dictionary: map.dictionary }
    }
    return this.stringsOfCodes(codes, nulls, dictionary, account)
  }

  postings(localCode: number): Uint32Array { return this.postingsList().rowsOf(localCode) }

  postingsCount(localCode: number): number {
    return this.hasPostings ? this.postingsList().countOf(localCode) : -1
  }

  private postingsList(): Postings {
    if (this.stored.postings === null) throw new Error(`${this.label}: column ${this.stored.name} has no postings`)
    this.openedPostings ??= openPostings(aligned(this.section(this.stored.postings, -2)), this.stored.dictionarySize)
    return this.openedPostings
  }

  private decodeStrings(bytes: Uint8Array, account: MemoryAccount): Vector {
    const dictionary = this.dictionary as LocalDictionary
    const head = readBlockHead(bytes)
    const codes = account.u32(head.rows)
    const nulls = head.nullsAt < 0 ? null : account.u8(head.rows)
    for (let row = 0; row < head.rows; row++) {
      codes[row] = codeAt(bytes, head, row)
      if (nulls !== null) nulls[row] = isNullAt(bytes, head.nullsAt, row) ? 1 : 0
    }
    return this.stringsOfCodes(codes, nulls, dictionary, account)
  }

  /** The strings themselves; `codes` goes back to the account. */
  private stringsOfCodes(
    codes: Uint32Array, nulls: Uint8Array | null, dictionary: LocalDictionary, account: MemoryAccount,
  ): Vector {
    const from = dictionary.offsets
    const offsets = account.u32(codes.length + 1)
    offsets[0] = 0
    for (let row = 0; row < codes.length; row++) {
      const length = dictionary.size === 0 ? 0 : from[codes[row] + 1] - from[codes[row]]
      offsets[row + 1] = offsets[row] + length
    }
    const bytes = account.u8(offsets[codes.length])
    for (let row = 0; row < codes.length; row++) {
      bytes.set(dictionary.bytes.subarray(from[codes[row]], from[codes[row]] + offsets[row + 1] - offsets[row]), offsets[row])
    }
    account.free(codes.byteOffset)
    return { kind: 'bytes', type: this.type, length: codes.length, isConst: false, nulls, offsets, bytes }
  }

  /** A section's bytes, compared with their checksum the first time. `block` -1: the dictionary, -2:
   * the postings. */
  private section([offset, bytes, checksum]: Section, block: number): Uint8Array {
    const view = this.source.view(offset, bytes, offset)
    if (!this.checked.has(block)) {
      if (crc32c(view) !== checksum) {
        throw new CorruptBlock(this.label, this.stored.name, block, 'its checksum differs')
      }
      this.checked.add(block)
    }
    return view
  }
}

const EMPTY = new Uint8Array(0)

/** A view that typed arrays can be laid over: a copy where the source's bytes lie at an odd place. */
const aligned = (view: Uint8Array): Uint8Array => view.byteOffset % 4 === 0 ? view : view.slice()

/** The zone over all blocks; null as soon as one block has values but no zone. */
function wholeZone(zones: readonly (Zone | null)[], nullCounts: readonly number[]): Zone | null {
  let whole: Zone | null = null
  for (const zone of zones) {
    if (zone === null) return null
    whole = whole === null ? zone : {
      min: isLess(zone.min, whole.min) ? zone.min : whole.min,
      max: isLess(whole.max, zone.max) ? zone.max : whole.max,
      nullCount: 0,
    }
  }
  return whole === null ? null : { ...whole, nullCount: nullCounts.reduce((sum, count) => sum + count, 0) }
}

function isLess(a: Zone['min'], b: Zone['min']): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) < 0
  return a < b
}
