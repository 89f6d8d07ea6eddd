// One column of an opened image: zone maps, dictionary, postings, blocks decoded or gathered. What is
// read of the footer and held of the dictionary is kept until the image is closed.

import { ByteReader } from '../bytes/byte-reader.ts'
import { readBlock, textBytesOf, type Block } from '../codec/block.ts'
import { decodeBlock, decodeCodes } from '../codec/decode.ts'
import { equalCodeRows, equalStringRows } from '../codec/equal-rows.ts'
import {
  gatherCodes, gatherCodesInto, gatherNumbersInto, gatherRows, headOf, type BlocksFrom,
} from '../codec/gather.ts'
import type { DataType } from '../column/data-type.ts'
import { parseDataType } from '../column/parse-type.ts'
import { BLOCK_ROWS_MAX, type Vector } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { DamagedBytes, type ByteSource } from './byte-source.ts'
import { expandDictionary, expandedBytes, openDictionary } from './dictionary.ts'
import type { ColumnEntry } from './footer.ts'
import { PackedCodes, type CodePlaces } from './packed-codes.ts'
import { Postings } from './postings.ts'
import {
  CorruptBlock, type CodeMap, type ColumnReader, type LocalDictionary, type Zone,
} from './row-set.ts'
import { joinEnds, type Ends } from './zones.ts'

/** Texts of smaller blocks are not measured: they are few, or hardly differ. */
const SMALL_BLOCK_BYTES = 4096

export class ImageColumn implements ColumnReader {
  readonly columnId: number
  readonly type: DataType
  readonly hasPostings: boolean
  readonly distinctCount: number
  private readonly source: ByteSource
  private readonly label: string
  private readonly entry: ColumnEntry
  private readonly rowCount: number
  private readonly kernels: Kernels
  private openedDictionary: LocalDictionary | null = null
  private readonly blocks: BlocksFrom
  private readonly packed: PackedCodes
  private packedSince = 0
  /** Leased sections by number, while they stay: finding one is a look into an array. */
  private readonly leased: (Uint8Array | undefined)[] = []
  private leasedSince = 0
  /** The block that was asked for last, for errors. */
  private lastBlock = 0
  private openedPostings: Postings | null = null
  private wholeZone: Zone | null | undefined = undefined

  constructor(
    source: ByteSource, label: string, entry: ColumnEntry, rowCount: number, kernels: Kernels,
  ) {
    this.source = source
    this.label = label
    this.entry = entry
    this.rowCount = rowCount
    this.kernels = kernels
    this.columnId = entry.id
    this.type = parseDataType(entry.type)
    this.hasPostings = entry.hasPostings
    this.distinctCount = entry.dictionary?.size ?? -1
    this.packed = new PackedCodes(entry.dictionary === null ? 0 : entry.blockCount)
    const heads: Block[] = []
    this.blocks = {
      type: this.type, heads, rowsOf: (block) => this.rowsOf(block),
      blockAt: (block) => {
        this.lastBlock = block
        return this.leasedAt(block)
      },
    }
  }

  get dictionary(): LocalDictionary | null { return this.openedDictionary ?? this.openDictionary() }

  /** Apart from the getter: what a closure sees is made anew at each call, whether it is used or not. */
  private openDictionary(): LocalDictionary | null {
    const { dictionary, blockCount, run } = this.entry
    if (dictionary === null) return null
    const { size, textBytes } = dictionary
    const expanded = this.named('its dictionary', blockCount, () => this.source.hold(
      run, blockCount, expandedBytes(size, textBytes),
      (from, to) => expandDictionary(from, size, to)))
    return this.openedDictionary = openDictionary(expanded, size)
  }

  get dictionaryTextBytes(): number { return this.entry.dictionary?.textBytes ?? 0 }

  expandDictionary(target: Uint8Array, account?: MemoryAccount): void {
    const { run, blockCount } = this.entry
    const space = account === undefined ? null : { account, kernels: this.kernels }
    this.named('its dictionary', blockCount, () =>
      this.source.expand(run, blockCount, target, (from, to) => expandDictionary(from, this.distinctCount, to, space)))
  }

  get zone(): Zone | null {
    if (this.wholeZone === undefined) this.wholeZone = this.joinZones()
    return this.wholeZone
  }

  blockZone(block: number): Zone | null {
    return this.zoneOf(this.entry.zones[block], this.entry.nullCounts?.[block] ?? 0)
  }

  blockBytes(block: number): number {
    const { starts } = this.entry.run
    return starts[block + 1] - starts[block]
  }

  textBytes(block: number, isSmallWanted = false): number {
    const { dictionary } = this.entry
    if (dictionary !== null) return dictionary.textBytes / Math.max(1, dictionary.size) * this.rowsOf(block)
    if (!isSmallWanted && this.blockBytes(block) <= SMALL_BLOCK_BYTES) return 0
    return this.withBlock(block, (bytes) => textBytesOf(readBlock(new ByteReader(bytes), this.type, this.rowsOf(block)), bytes))
  }

  decode(block: number, account: MemoryAccount, map: CodeMap | null, isLazy = false): Vector {
    const { type, kernels } = this
    const rows = this.rowsOf(block)
    const { blockCount } = this.entry
    return this.named('its block', block, () => {
      const bytes = this.source.view(this.entry.run, block, blockCount - 1 - block)
      if (this.entry.dictionary === null) return decodeBlock(bytes, type, rows, account, kernels, isLazy)
      const { codes, nulls } = decodeCodes(
        bytes, type, rows, map === null ? null : map.toShared, account, kernels)
      return this.vectorOfCodes(codes, nulls, map, account)
    })
  }

  codecOf(block: number): number {
    return this.named('its block', block, () => this.source.read(this.entry.run.starts[block], 1)[0])
  }

  withBlock<T>(block: number, use: (bytes: Uint8Array) => T): T {
    const ahead = this.entry.blockCount - 1 - block
    return this.named('its block', block, () => use(this.source.view(this.entry.run, block, ahead)))
  }

  gather(rows: Uint32Array, count: number, account: MemoryAccount, map: CodeMap | null): Vector {
    const { type, heads, rowsOf, blockAt } = this.blocks
    const from = { type, heads, rowsOf, blockAt, rows, count, account, kernels: this.kernels }
    try {
      if (this.entry.dictionary === null) return gatherRows(from)
      const { codes, nulls } = gatherCodes(from, map === null ? null : map.toShared)
      return this.vectorOfCodes(codes, nulls, map, account)
    } catch (error) {
      throw this.damage(error, 'its block', this.lastBlock)
    }
  }

  gatherCodes(rows: Uint32Array, map: CodeMap | null, out: Uint32Array, at: number): boolean {
    if (this.distinctCount < 0) return false
    const toShared = map === null ? null : map.toShared
    try {
      if (this.packedSince === this.source.leasesEnded && this.packed.pick(rows, toShared, out, at)) return true
      this.learnBlocks(rows)
      return this.packed.pick(rows, toShared, out, at)
        || gatherCodesInto(this.blocks, rows, toShared, out, at)
    } catch (error) {
      throw this.damage(error, 'its block', this.lastBlock)
    }
  }

  locateCodes(rows: Uint32Array, places: CodePlaces, at: number): boolean {
    return this.packedSince === this.source.leasesEnded && this.packed.locate(rows, places, at)
  }

  /** A section's bytes on lease. Only what lies in shared memory is kept: other bytes may be many. */
  private leasedAt(section: number): Uint8Array {
    const { leased, source } = this
    if (this.leasedSince !== source.leasesEnded) {
      leased.length = 0
      this.leasedSince = source.leasesEnded
    }
    const known = leased[section]
    if (known !== undefined) return known
    const bytes = source.lease(this.entry.run, section)
    if (bytes.buffer instanceof SharedArrayBuffer) leased[section] = bytes
    return bytes
  }

  private learnBlocks(rows: Uint32Array): void {
    const { packed, source } = this
    if (this.packedSince !== source.leasesEnded) {
      packed.clear()
      this.packedSince = source.leasesEnded
    }
    for (let block = packed.unknownBlock(rows); block >= 0; block = packed.unknownBlock(rows)) {
      const bytes = this.blocks.blockAt(block)
      packed.learn(block, headOf(this.blocks, block, bytes), bytes)
    }
  }

  gatherNumbers(rows: Uint32Array, out: Uint32Array | Float64Array, at: number): boolean {
    if (this.distinctCount >= 0) return false
    try {
      return gatherNumbersInto(this.blocks, rows, out, at)
    } catch (error) {
      throw this.damage(error, 'its block', this.lastBlock)
    }
  }

  equalRows(
    block: number, wanted: readonly Uint8Array[], account: MemoryAccount,
  ): Uint32Array | null {
    const { type, kernels, dictionary } = this
    const rows = this.rowsOf(block)
    return this.withBlock(block, (bytes) => {
      if (dictionary === null) return equalStringRows(bytes, type, rows, wanted, account, kernels)
      const codes = wanted.map((text) => dictionary.find(text)).filter((code) => code >= 0)
      return equalCodeRows(bytes, type, rows, codes, account, kernels)
    })
  }

  postings(localCode: number): Uint32Array {
    try {
      return this.postingLists().rowsOf(localCode)
    } catch (error) {
      throw this.damage(error, 'its postings', -1)
    }
  }

  postingsCount(localCode: number): number {
    if (!this.hasPostings) return -1
    try {
      return this.postingLists().countOf(localCode)
    } catch (error) {
      throw this.damage(error, 'its postings', -1)
    }
  }

  private rowsOf(block: number): number {
    return Math.min(BLOCK_ROWS_MAX, this.rowCount - block * BLOCK_ROWS_MAX)
  }

  private postingLists(): Postings {
    const { run, blockCount, dictionary, name } = this.entry
    if (!this.hasPostings || dictionary === null) {
      throw new Error(`${this.label}: column ${name} has no postings`)
    }
    if (this.openedPostings === null) {
      const index = run.starts.length - 2
      const bytes = run.starts[index + 1] - run.starts[index]
      const directory = this.source.hold(run, index, (bytes + 3) & ~3, (from, to) => to.set(from))
      this.openedPostings = new Postings(directory, dictionary.size,
        (page) => this.leasedAt(blockCount + 1 + page))
    }
    return this.openedPostings
  }

  /** `codes` go back to the account unless they are the answer. */
  private vectorOfCodes(
    codes: Uint32Array, nulls: Uint8Array | null, map: CodeMap | null, account: MemoryAccount,
  ): Vector {
    const { type } = this
    const { length } = codes
    if (map !== null) {
      return { kind: 'codes', type, length, isConst: false, nulls, codes, dictionary: map.dictionary }
    }
    const { offsets: from, bytes: strings } = this.dictionary as LocalDictionary
    const offsets = account.u32(codes.length + 1)
    offsets[0] = 0
    for (let row = 0; row < codes.length; row++) {
      const isNull = nulls !== null && nulls[row] !== 0
      offsets[row + 1] = offsets[row] + (isNull ? 0 : from[codes[row] + 1] - from[codes[row]])
    }
    const bytes = account.u8(offsets[codes.length])
    for (let row = 0; row < codes.length; row++) {
      // Byte by byte: a view and a copy of it cost more than the few bytes of most strings.
      let at = offsets[row]
      for (let source = from[codes[row]]; at < offsets[row + 1]; at++) bytes[at] = strings[source++]
    }
    account.free(codes.byteOffset)
    return { kind: 'bytes', type, length, isConst: false, nulls, offsets, bytes }
  }

  private zoneOf(ends: Ends, nullCount: number): Zone | null {
    if (ends === null) return null
    const { dictionary } = this
    if (dictionary === null) return { min: ends.min, max: ends.max, nullCount }
    const stringAt = (rank: number) => dictionary.bytes.subarray(
      dictionary.offsets[rank], dictionary.offsets[rank + 1])
    return { min: stringAt(Number(ends.min)), max: stringAt(Number(ends.max)), nullCount }
  }

  /** Blocks of nothing but NULLs count as NULLs; another block without a zone leaves none. */
  private joinZones(): Zone | null {
    const { zones, nullCounts, blockCount } = this.entry
    let joined: Ends | undefined = undefined
    let nullCount = 0
    for (let block = 0; block < blockCount; block++) {
      const nulls = nullCounts?.[block] ?? 0
      nullCount += nulls
      if (nulls === this.rowsOf(block)) continue
      joined = joined === undefined ? zones[block] : joinEnds(joined, zones[block])
    }
    return joined === undefined ? null : this.zoneOf(joined, nullCount)
  }

  /** Runs `read`; damaged bytes are named as `what` of this column, and views end in any case. */
  private named<T>(what: string, block: number, read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw this.damage(error, what, block)
    } finally {
      this.source.release()
    }
  }

  /** An error of reading, with its place where bytes are not what was written. */
  private damage(error: unknown, what: string, block: number): unknown {
    if (!(error instanceof DamagedBytes || error instanceof RangeError)) return error
    return new CorruptBlock(this.label, this.entry.name, block, `${what}: ${error.message}`)
  }
}
