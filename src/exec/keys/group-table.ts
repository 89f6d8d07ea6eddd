// Groups of equal keys: rows in, dense group numbers out. Keys become words (key-words.ts), words are
// packed by the bits that their values use into as few 32-bit bins as will hold them
// (group-layout.ts), and the kernels of groups.ts find or enter the packed keys, by buckets that group-buckets.ts
// chooses.
//
// A word of values that lie near each other far from zero (ids beyond 2^63, moments) is xor-ed with the first
// one that came, its base: so it needs the bits in which values differ, not all of them.
//
// Invariant: the record of group g holds its key; when a word needs more bits than the layout has, all
// groups are packed anew and keep their numbers.

import type { DataType } from '../../../storage/column/data-type.ts'
import { BLOCK_ROWS_MAX, type Vector } from '../../../storage/column/vector.ts'
import type { Kernels } from '../../../storage/kernels/load.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { bucketsFor, type Buckets } from './group-buckets.ts'
import { growWords } from '../blocks/growing.ts'
import { binsOf, inWork, layoutOf, packRecords, packWords, unpackRecords, type Layout } from './group-layout.ts'
import { ScratchAccount } from '../blocks/scratch.ts'
import { keyColumn, VALUES, type KeyColumn, type Word } from './key-words.ts'

const BUCKETS_MIN = 256
/** Words of more bits get a base, where one makes them narrower. */
const BASE_BITS_MIN = 16

function areConstant(keys: readonly Vector[]): boolean {
  for (const { isConst } of keys) if (!isConst) return false
  return true
}

/** Groups of another worker that are brought in at a time: copies of all of them would be a worker's most. Words of so
 * many fit a power of two with the slack of a cell. */
const IMPORTED_A_TURN = 60_000

/** What find() says of an unknown key. */
export const MISSING = 0xffffffff

/** Groups on their way to another worker: the bits that the layout has for their words and that these
 * use, the words' bases, what the words of each column mean (KeyColumn.meaning), and their records. */
export type ExportedGroups = {
  readonly bits: readonly number[]; readonly used: readonly number[]; readonly bases: readonly number[]
  readonly meanings: readonly number[]; readonly records: Uint32Array
}

const bitsOf = (value: number): number => 32 - Math.clz32(value)

/** The groups of one worker. */
export class GroupTable {
  groupCount = 0
  private readonly types: readonly DataType[]
  private readonly columns: readonly KeyColumn[]
  private readonly context: EvalContext
  private readonly account: MemoryAccount
  private readonly kernels: Kernels
  private layout: Layout
  /** null: buckets are still to be chosen. */
  private mode: Buckets | null = null
  private heads: Uint32Array
  private records: Uint32Array
  private rowsSeen = 0
  private readonly likely: number
  /** Groups passed over while buckets were the widest word; infinite: never again. */
  private directSteps = 0

  /** Bits that the words of rows have used. */
  private readonly used: number[]
  /** By word; null: no row has come. */
  private bases: readonly number[] | null = null

  /** `types`: of the key columns as they come in; at least one. `expected`: bits of their words as a
   * like query used them; null: nothing is known. `likely`: how many groups that had. */
  constructor(
    types: readonly DataType[], context: EvalContext, expected: readonly number[] | null = null, likely = 0,
  ) {
    this.likely = likely
    this.types = types
    this.context = context
    this.account = context.account
    this.kernels = context.kernels
    // Of several keys none may have as many values as there are groups.
    const values = types.length > 1 ? undefined : () => Math.min(likely, context.expectedRows?.() ?? 0)
    const columns: KeyColumn[] = []
    this.used = []
    for (const type of types) {
      const column = keyColumn(type, context, values)
      columns.push(column)
      for (let word = 0; word < column.wordCount; word++) this.used.push(0)
    }
    this.columns = columns
    this.layout = layoutOf([...(expected?.length === this.used.length ? expected : this.used)])
    this.records = this.account.u32(32)
    this.heads = this.account.u32(1)
  }

  /** Bytes of the groups and of where they are found. */
  get bytes(): number { return this.records.byteLength + this.heads.byteLength }

  /** Bits of each word, for the next query of the kind. */
  get usedBits(): readonly number[] { return this.used }

  /** The group of each row, new keys entered. The result lies in `scratch`. */
  groupsOf(keys: readonly Vector[], rowCount: number, scratch: MemoryAccount): Uint32Array {
    const out = scratch.u32(rowCount)
    if (rowCount === 0) return out
    if (rowCount > 1 && areConstant(keys)) {
      this.rowsSeen += rowCount - 1
      return out.fill(this.groupsOf(keys, 1, scratch)[0])
    }
    this.rowsSeen += rowCount
    const words = this.wordsOf(keys, rowCount, true, scratch)
    const bits: number[] = []
    for (let i = 0; i < words.length; i++) {
      bits.push(words[i].bits)
      if (bits[i] > this.used[i]) this.used[i] = bits[i]
    }
    this.makeRoom(bits, rowCount)
    const bins = packWords(words, this.layout, rowCount, scratch, this.kernels)
    this.enter(bins, rowCount, out, scratch)
    return out
  }

  /** For `count` more groups whose words need these bits. */
  private makeRoom(bits: readonly number[], count: number): void {
    const have = this.layout.bits
    if (bits.some((wanted, i) => wanted > have[i])) this.relayout(bits.map((wanted, i) => Math.max(wanted, have[i])))
    const stride = this.layout.binCount + 1
    this.records = growWords(
      this.account, this.records, this.groupCount * stride, (this.groupCount + count) * stride)
    this.chooseBuckets()
  }

  /** The group of each row, MISSING (0xffffffff) where no group has the key. */
  find(keys: readonly Vector[], rowCount: number, scratch: MemoryAccount): Uint32Array {
    const out = scratch.u32(rowCount)
    if (this.groupCount === 0) return out.fill(MISSING)
    const words = this.wordsOf(keys, rowCount, false, scratch)
    const { bits } = this.layout
    if (words.every(({ bits: used, missing }, w) => missing === undefined && used <= bits[w])) {
      this.probe(packWords(words, this.layout, rowCount, scratch, this.kernels), rowCount, out, false, scratch)
      return out
    }
    const isBeyond = scratch.u8(rowCount).fill(0)
    const fitted = words.map(({ values, missing }, w) => {
      if (missing !== undefined) {
        for (let i = 0; i < rowCount; i++) isBeyond[i] |= missing[i]
      }
      if (bits[w] === 32) return { values, bits: 32 }
      const copy = scratch.u32(rowCount)
      for (let i = 0; i < rowCount; i++) {
        if (values[i] >>> bits[w] !== 0) isBeyond[i] = 1
        else copy[i] = values[i]
        if (isBeyond[i] === 1) copy[i] = 0
      }
      return { values: copy, bits: bits[w] }
    })
    this.probe(packWords(fitted, this.layout, rowCount, scratch, this.kernels), rowCount, out, false, scratch)
    for (let i = 0; i < rowCount; i++) if (isBeyond[i] === 1) out[i] = MISSING
    return out
  }

  /** The key columns of all groups, or of those in `rows`, in `account`. */
  keys(account: MemoryAccount, rows: Uint32Array | null = null): Vector[] {
    let first = 0
    return this.columns.map((column) => {
      const words: Uint32Array[] = []
      for (let w = 0; w < column.wordCount; w++) words.push(this.word(first + w, rows))
      first += column.wordCount
      const vector = column.vectorOf(words, rows === null ? this.groupCount : rows.length, account)
      for (const word of words) this.account.free(word.byteOffset)
      return vector
    })
  }

  /** One word of all groups, or of those in `rows`; the caller frees it. */
  private word(word: number, rows: Uint32Array | null = null): Uint32Array {
    const values = this.packedWord(word, rows)
    const base = this.bases?.[word] ?? 0
    if (base !== 0) this.kernels.xorWords(values.byteOffset, base, values.length, values.byteOffset)
    return values
  }

  /** As it lies in the records. */
  private packedWord(word: number, rows: Uint32Array | null = null): Uint32Array {
    return unpackRecords(this.records, this.layout, word, rows, rows === null ? this.groupCount : rows.length,
      this.account, this.kernels)
  }

  /** Gives its memory back; what its keys hold besides goes with the account. */
  free(): void {
    this.account.free(this.records.byteOffset)
    this.account.free(this.heads.byteOffset)
  }

  /** All words of groups, in the table's account; the caller frees them. */
  groupWords(groups: Uint32Array): Uint32Array[] { return this.used.map((_, word) => this.word(word, groups)) }

  /** What the words of each column mean (KeyColumn.meaning); null: those of some mean something here alone. */
  get meanings(): readonly number[] | null {
    const meanings: number[] = []
    for (const { meaning } of this.columns) {
      if (meaning === null) return null
      meanings.push(meaning)
    }
    return meanings
  }

  private allWords(): Uint32Array[] { return this.used.map((_, word) => this.packedWord(word)) }

  /** All groups as another worker may enter them: views. Null: their words mean something here alone. */
  exportRecords(): ExportedGroups | null {
    const { meanings } = this
    if (meanings === null) return null
    const { binCount, bits } = this.layout
    const bases = this.bases ?? this.used.map(() => 0)
    return { bits, used: this.used, bases, meanings, records: this.records.subarray(0, this.groupCount * (binCount + 1)) }
  }

  /** Enters another worker's groups; answers which ones they are here. The result lies in `scratch`. */
  importRecords(from: ExportedGroups, scratch: EvalContext): Uint32Array {
    const { account } = scratch
    const layout = layoutOf(from.bits)
    const stride = layout.binCount + 1
    const count = from.records.length / stride
    if (!this.columns.every((column, i) => column.takesMeaning(from.meanings[i]))) {
      const records = account.u32(from.records.length)
      records.set(from.records)
      const theirs = new GroupTable(this.types, scratch)
      theirs.columns.forEach((column, i) => column.setMeaning(from.meanings[i], scratch))
      theirs.layout = layout
      theirs.bases = from.bases
      theirs.records = records
      theirs.groupCount = count
      return this.groupsOf(theirs.keys(account), count, account)
    }
    this.columns.forEach((column, i) => column.setMeaning(from.meanings[i], this.context))
    this.rowsSeen += count
    const out = account.u32(Math.max(1, count)).subarray(0, count)
    const temporary = new ScratchAccount(account)
    for (let first = 0; first < count; first += IMPORTED_A_TURN) {
      const end = Math.min(count, first + IMPORTED_A_TURN)
      const records = temporary.u32((end - first) * stride)
      records.set(from.records.subarray(first * stride, end * stride))
      const bins = this.importedBins(from, layout, records, count - first, temporary)
      this.enter(bins, end - first, out.subarray(first, end), temporary)
      temporary.releaseAll()
    }
    return out
  }

  /** Of some records. Room is made for `coming`: for all at once, of which these are the first. */
  private importedBins(
    from: ExportedGroups, layout: Layout, records: Uint32Array, coming: number, account: MemoryAccount,
  ): readonly Uint32Array[] {
    const count = records.length / (layout.binCount + 1)
    const { kernels } = this
    const bases = this.bases ??= from.bases
    const shifted = from.bases.map((base, word) => {
      const by = base ^ bases[word]
      if (by === 0) return null
      const values = unpackRecords(records, layout, word, null, count, account, kernels)
      return { values, bits: bitsOf(kernels.xorWords(values.byteOffset, by, count, values.byteOffset)) }
    })
    const bits = from.bits.map((have, word) => shifted[word]?.bits ?? have)
    shifted.forEach((word, i) => { this.used[i] = Math.max(this.used[i], word?.bits ?? from.used[i]) })
    this.makeRoom(bits, coming)
    if (shifted.every((word) => word === null) && layout.bits.every((have, i) => have === this.layout.bits[i])) {
      return binsOf(records, layout, count, account, kernels)
    }
    return packWords(shifted.map((word, i) => word ?? {
      bits: bits[i], values: unpackRecords(records, layout, i, null, count, account, kernels),
    }), this.layout, count, account, kernels)
  }

  private wordsOf(
    keys: readonly Vector[], rowCount: number, isNew: boolean, scratch: MemoryAccount): Word[] {
    const words: Word[] = []
    for (let i = 0; i < this.columns.length; i++) {
      const column = this.columns[i]
      const first = words.length
      for (const word of column.words(keys[i], rowCount, isNew, scratch)) words.push(word)
      const recode = column.takeRecoding()
      if (recode !== null && this.groupCount > 0) this.recode(first, column.wordCount, recode)
    }
    const bases = this.bases ??= this.chooseBases(words, rowCount, scratch)
    for (let i = 0; i < words.length; i++) {
      if (bases[i] !== 0) words[i] = this.based(words[i], bases[i], rowCount, scratch)
    }
    return words
  }

  /** Of the first rows. */
  private chooseBases(words: readonly Word[], rowCount: number, scratch: MemoryAccount): readonly number[] {
    const bases: number[] = []
    for (const { meaning, wordCount } of this.columns) {
      for (let w = 0; w < wordCount; w++) {
        const word = words[bases.length]
        const base = meaning === VALUES && word.bits > BASE_BITS_MIN ? word.values[0] : 0
        bases.push(base !== 0 && this.based(word, base, rowCount, scratch).bits < word.bits ? base : 0)
      }
    }
    return bases
  }

  private based(word: Word, base: number, rowCount: number, scratch: MemoryAccount): Word {
    const values = scratch.u32(rowCount)
    const source = inWork(word.values, rowCount, scratch)
    const bits = bitsOf(this.kernels.xorWords(source.byteOffset, base, rowCount, values.byteOffset))
    return { values, bits, missing: word.missing }
  }

  /** Rewrites the first word of a column in all groups; under a NULL (its last word) it stays 0. */
  private recode(word: number, wordCount: number, map: (code: number) => number): void {
    const all = this.allWords()
    let used = 0
    for (let g = 0; g < this.groupCount; g++) {
      if (wordCount > 1 && all[word + wordCount - 1][g] === 1) continue
      all[word][g] = map(all[word][g])
      used |= all[word][g]
    }
    const bits = this.layout.bits.map((have, i) => (i === word ? 32 - Math.clz32(used) : have))
    this.repack(layoutOf(bits), all)
  }

  private relayout(bits: readonly number[]): void {
    this.repack(layoutOf(bits), this.groupCount === 0 ? [] : this.allWords())
  }

  /** Packs `words` of all groups by a new layout; the words are freed. */
  private repack(layout: Layout, words: readonly Uint32Array[]): void {
    this.layout = layout
    this.directSteps = 0
    // Of no groups nothing lies anywhere yet, and buckets are chosen when rows come.
    if (this.groupCount === 0) {
      this.mode = null
      return
    }
    this.account.free(this.records.byteOffset)
    this.records = this.account.u32(Math.max(32, this.groupCount * (layout.binCount + 1)))
    packRecords(this.records, words, layout, this.groupCount)
    for (const word of words) this.account.free(word.byteOffset)
    this.rebuild(this.wantedMode())
  }

  private wantedMode(): Buckets {
    const { layout, rowsSeen: rows, groupCount: groups, likely, directSteps: steps, account: { limitBytes } } = this
    return bucketsFor(layout, { rows, groups, likely, steps, limitBytes })
  }

  /** Other buckets where rows have come to pay for them, or when the ones in use have become few. */
  private chooseBuckets(): void {
    const mode = this.wantedMode()
    if (mode === 'hashed' && this.mode === 'direct') this.directSteps = Number.POSITIVE_INFINITY
    if (mode !== this.mode || (mode === 'hashed' && this.groupCount > this.heads.length)) {
      this.rebuild(mode)
    }
  }

  private rebuild(mode: Buckets): void {
    const { layout, account, kernels } = this
    this.mode = mode
    const buckets = mode === 'dense' ? 1 << layout.binBits[0] : mode === 'direct' ? 1 << layout.widestBits
      : this.groupCount < BUCKETS_MIN / 2 ? BUCKETS_MIN : 1 << 33 - Math.clz32(this.groupCount)
    account.free(this.heads.byteOffset)
    this.heads = account.u32(buckets).fill(0)
    kernels.relinkGroups(this.heads.byteOffset, buckets - 1, mode === 'hashed' ? 1 : 0,
      this.records.byteOffset, layout.binCount, this.groupCount)
  }

  /** The group of each row, new ones entered: a block's rows at a time, or as many as there are groups. Buckets for
   * those there are would be too few for very many new ones, which come at once from other workers and from codes. */
  private enter(bins: readonly Uint32Array[], rowCount: number, out: Uint32Array, scratch: MemoryAccount): void {
    for (let from = 0, end = 0; from < rowCount; from = end) {
      end = Math.min(rowCount, from + Math.max(BLOCK_ROWS_MAX, this.groupCount))
      if (from > 0) this.chooseBuckets()
      const some = end - from === rowCount ? bins : bins.map((bin) => bin.subarray(from, end))
      this.groupCount = this.probe(some, end - from, out.subarray(from, end), true, scratch)
    }
  }

  private probe(
    bins: readonly Uint32Array[], rowCount: number, out: Uint32Array, isNew: boolean, scratch: MemoryAccount,
  ): number {
    const { layout, kernels, heads, records, groupCount } = this
    if (this.mode === 'dense') {
      return kernels.denseGroups(heads.byteOffset, records.byteOffset, bins[0].byteOffset, rowCount,
        groupCount, isNew ? 1 : 0, out.byteOffset)
    }
    const pointers = scratch.u32(layout.binCount + 1)
    bins.forEach((bin, b) => { pointers[b] = bin.byteOffset })
    const steps = pointers.subarray(layout.binCount)
    const known = kernels.findGroups(heads.byteOffset, heads.length - 1, this.mode === 'hashed' ? 1 : 0,
      records.byteOffset, pointers.byteOffset, layout.binCount, rowCount, groupCount, isNew ? 1 : 0,
      out.byteOffset, steps.byteOffset)
    if (this.mode === 'direct') this.directSteps += steps[0]
    return known
  }
}

