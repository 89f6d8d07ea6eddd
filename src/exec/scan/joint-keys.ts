// Several stored columns that are the keys of a GROUP BY as one: a number for each combination of their
// values that rows have. The numbers are of a shared dictionary (its strings are the words of the keys, packed),
// and those of whole blocks are kept beside it, as codes of strings are (entered-column.ts): the next
// GROUP BY of these columns reads four bytes a row, and groups are looked up by one number.
//
//   coordinator: choose() -> number of the dictionary, in every morsel
//   each worker: open() -> scan: kept() or codesOf() + keep() -> groups by code -> columnsOf() of those left
//
// Invariant: the dictionary's first string says which columns, types and dictionaries its words are of;
// nothing else is read by them. A run that can't go on with codes gives columns from then on.

import { bareType, STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { CodesVector, Vector } from '../../../storage/column/vector.ts'
import type { RowSet } from '../../../storage/part/row-set.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { columnsOf } from '../../plan/lower.ts'
import type { PlanNode } from '../../plan/plan.ts'
import { GroupTable } from '../keys/group-table.ts'
import { growWords } from '../blocks/growing.ts'
import { keyColumn, type KeyColumn } from '../keys/key-words.ts'
import { packedBytesMax, packWords } from '../blocks/packed-words.ts'
import type { ScanPiece } from './scan-prune.ts'
import type { SharedDictionaries } from '../dictionaries/shared-dictionary.ts'
import type { SharedDictionary } from '../dictionaries/string-table.ts'

/** Combinations entered under one hold of the dictionary's lock. */
const BATCH = 512
/** Blocks that are looked at to tell how many are kept, and the share that is enough. */
const SAMPLES = 16
const KEPT_SHARE = 3 / 4
/** Combinations that repeat less often than this pays for are not kept. */
const BYTES_FREE = 16 * 1024 * 1024
const BYTES_A_ROW = 16
/** Rows after which it is told from those that were met again how many there will be (expectedDistinct). */
const SAMPLE_ROWS = 131_072
/** Share of the query's memory that may be in use while combinations are entered. */
const MEMORY_SHARE = 1 / 4
/** Of a query with less than this as its share no row is given a code: the first blocks would take it all. */
const MEMORY_MIN = 2 ** 20

type ScanNode = Extract<PlanNode, { op: 'scan' }>

/** Keys of an aggregation as columns of the scan below it. `beside`: columns of the scan that somebody
 * else reads. */
export type JointSpec = {
  readonly scan: ScanNode; readonly columns: readonly number[]; readonly beside: ReadonlySet<number>
}

/** Null: some key is no stored column, or rows do not come from a scan as they are. */
export function jointSpec(node: PlanNode & { op: 'aggregate' }): JointSpec | null {
  let { input } = node
  let columns = [...node.keys]
  let beside = new Set(node.aggregates.flatMap(({ args }) => args))
  while (input.op === 'project') {
    const { exprs } = input
    // An expression that nobody reads could fail over what stands for a column that is not read.
    for (const index of exprs.keys()) if (!columns.includes(index) && !beside.has(index)) return null
    columns = columns.map((index) => {
      const expr = exprs[index]
      return expr.kind === 'column' ? expr.index : -1
    })
    if (columns.includes(-1)) return null
    const read = new Set<number>()
    for (const index of beside) columnsOf(exprs[index], read)
    beside = read
    ;({ input } = input)
  }
  if (input.op === 'filter') ({ input } = input)
  if (input.op !== 'scan' || input.final || columns.length < 2) return null
  return { scan: input, columns, beside }
}

/** Bits of a number's words, about; 0: the words of other types mean something in one query alone. */
function bitsOf(type: DataType): number {
  const bare = bareType(type)
  switch (bare.id) {
    case 'Bool': return 1
    case 'Int8': case 'UInt8': case 'Enum8': return 8
    case 'Int16': case 'UInt16': case 'Enum16': case 'Date': return 12
    case 'Int32': case 'UInt32': case 'Date32': case 'DateTime': case 'IPv4': case 'Int64': case 'UInt64':
    case 'DateTime64': case 'Time': case 'Time64': return 32
    default: return 0
  }
}

/** Codes of one dictionary and what they stand for. */
export class JointKeys {
  readonly dictionary: SharedDictionary
  /** Columns of the scan. */
  readonly columns: readonly number[]
  private readonly types: readonly DataType[]
  private readonly meanings: readonly number[]
  private readonly dictionaries: SharedDictionaries
  private readonly durable: EvalContext
  private keyColumns: readonly KeyColumn[] | null = null
  /** Rows that were not kept: their groups, and the codes of these. */
  private table: GroupTable | null = null
  private toShared: Uint32Array | null = null
  private entered = 0
  private hasStopped = false

  constructor(
    dictionary: SharedDictionary, columns: readonly number[], types: readonly DataType[],
    meanings: readonly number[], dictionaries: SharedDictionaries, durable: EvalContext,
  ) {
    this.dictionary = dictionary
    this.columns = columns
    this.types = types
    this.meanings = meanings
    this.dictionaries = dictionaries
    this.durable = durable
  }

  /** Whether rows that are not kept can be given codes. */
  get canEnter(): boolean {
    const { dictionary, dictionaries, durable } = this
    const { usedBytes, plainRows, size } = dictionary
    if (this.hasStopped || !this.hasMemory || usedBytes > dictionaries.jointBudgetBytes) return false
    if (usedBytes <= BYTES_FREE + BYTES_A_ROW * plainRows) return true
    const rows = Math.max(plainRows, durable.expectedRows?.() ?? 0)
    return plainRows >= SAMPLE_ROWS && usedBytes <= BYTES_FREE + BYTES_A_ROW * rows
      && usedBytes / size * expectedDistinct(size, plainRows, rows) <= BYTES_FREE + BYTES_A_ROW * rows
  }

  private get hasMemory(): boolean {
    const { account } = this.durable
    return account.usedBytes <= account.limitBytes * MEMORY_SHARE
  }

  /** Codes of all rows of a block as they are kept (kept-codes.ts); null: they were not. */
  kept(rowSet: RowSet, block: number): Uint8Array | null {
    return this.dictionaries.blockCodes(this.dictionary, rowSet, rowSet.label, block, rowSet.blockRows(block))
  }

  keep(rowSet: RowSet, block: number, codes: Uint32Array, context: EvalContext): void {
    this.dictionaries.keepBlockCodes(this.dictionary, rowSet.label, block, codes, context)
  }

  /** Codes of rows by their keys, in the scratch account; null: there is no room for what is new, or a
   * key has no shared code. */
  codesOf(keys: readonly Vector[], rowCount: number, { account, kernels }: EvalContext): Uint32Array | null {
    if (!this.canEnter) return this.stop()
    const table = this.table ??= new GroupTable(this.types, this.durable)
    const codes = table.groupsOf(keys, rowCount, account)
    const { meanings } = table
    if (meanings === null || meanings.some((meaning, i) => meaning !== this.meanings[i])) return this.stop()
    const toShared = this.enterNew(table)
    if (toShared === null) return this.stop()
    kernels.mapWords(codes.byteOffset, rowCount, toShared.byteOffset)
    return codes
  }

  vectorOf(codes: Uint32Array, length: number): CodesVector {
    return { kind: 'codes', type: STRING, length, isConst: false, nulls: null, codes, dictionary: this.dictionary }
  }

  /** The keys that codes stand for. */
  columnsOf(codes: Uint32Array, count: number, account: MemoryAccount): Vector[] {
    this.keyColumns ??= this.types.map((type, i) => {
      const column = keyColumn(type, this.durable)
      column.setMeaning(this.meanings[i], this.durable)
      return column
    })
    const wordCount = this.keyColumns.reduce((sum, column) => sum + column.wordCount, 0)
    const words = Array.from({ length: wordCount }, () => account.u32(Math.max(1, count)))
    this.dictionary.wordsOf(codes, count, words)
    let first = 0
    const columns = this.keyColumns.map((column) => {
      const own = words.slice(first, first += column.wordCount)
      return column.vectorOf(own, count, account)
    })
    for (const word of words) account.free(word.byteOffset)
    return columns
  }

  /** What rows of this run needed goes; were some to come after all, it would be made anew. */
  endRows(): void {
    const { table, toShared } = this
    table?.free()
    if (toShared !== null) this.durable.account.free(toShared.byteOffset)
    this.table = null
    this.toShared = null
    this.entered = 0
  }

  /** Rows come by their keys from now on; nothing new is entered for a while, by any query, unless it is only
   * this one that has no memory for it. */
  private stop(): null {
    const { hasMemory } = this
    this.endRows()
    this.hasStopped = true
    return hasMemory ? this.dictionaries.refuse(this.dictionary) : null
  }

  /** Codes by group; null: the dictionary takes no more. */
  private enterNew(table: GroupTable): Uint32Array | null {
    const { account } = this.durable
    const { groupCount } = table
    let toShared = this.toShared ?? account.u32(1024)
    toShared = this.toShared = growWords(account, toShared, this.entered, groupCount)
    while (this.entered < groupCount) {
      const count = Math.min(BATCH, groupCount - this.entered)
      const groups = account.u32(count)
      for (let i = 0; i < count; i++) groups[i] = this.entered + i
      const words = table.groupWords(groups)
      const bytes = account.u8(packedBytesMax(count, words.length))
      const offsets = account.u32(count + 1)
      packWords(words, count, bytes, offsets)
      const isEntered = this.dictionary.enter(bytes, offsets, 0, count, toShared.subarray(this.entered))
      for (const array of [groups, bytes, offsets, ...words]) account.free(array.byteOffset)
      if (!isEntered) return null
      this.entered += count
    }
    return toShared
  }
}

/** The keys of one GROUP BY in one run: by code once open. */
export class JointColumn {
  keys: JointKeys | null = null
  private readonly spec: JointSpec
  private readonly types: readonly DataType[]
  private readonly dictionaries: SharedDictionaries
  private readonly durable: EvalContext

  /** `types`: of the spec's columns. */
  constructor(spec: JointSpec, types: readonly DataType[], dictionaries: SharedDictionaries, durable: EvalContext) {
    this.spec = spec
    this.types = types
    this.dictionaries = dictionaries
    this.durable = durable
  }

  /** The number of the dictionary whose codes rows are to come with; 0: they come with their columns.
   * `codes`: columns that come as shared codes. `isBroad`: blocks are mostly read whole. */
  choose(
    rowSets: readonly RowSet[], pieces: readonly ScanPiece[], codes: readonly number[], isBroad: boolean,
  ): number {
    const { scan, columns } = this.spec
    if (pieces.some(({ via }) => via >= 0) || !this.isWorthwhile(rowSets, pieces, codes)) return 0
    const meanings = this.meanings()
    if (meanings === null) return 0
    const dictionary = this.dictionaries.joint(scan.tableId, this.signature(meanings))
    if (dictionary === null) return 0
    const keys = new JointKeys(dictionary, columns, this.types, meanings, this.dictionaries, this.durable)
    const isKept = keptShare(keys, rowSets, pieces) >= KEPT_SHARE
    if (!isKept && !(isBroad && this.mayKeep(keys, rowsIn(rowSets, pieces)))) return 0
    this.keys = keys
    return dictionary.id
  }

  /** Whether codes of so many rows are to be kept: what is asked once, or has no room as a whole, is not. */
  private mayKeep(keys: JointKeys, rows: number): boolean {
    const { dictionary } = keys
    return dictionary.addUse() > 0 && this.durable.account.limitBytes * MEMORY_SHARE >= MEMORY_MIN && keys.canEnter
      && rows * 4 <= this.dictionaries.jointRoomBytes && !this.dictionaries.isRefused(dictionary)
  }

  /** The keys by the codes of the dictionary of this number; null: it is gone. */
  open(id: number): JointKeys | null {
    if (this.keys?.dictionary.id === id) return this.keys
    const dictionary = this.dictionaries.byId(id)
    const meanings = this.meanings()
    if (dictionary === null || meanings === null || dictionary.id !== id) return null
    if (!dictionary.isOf(this.signature(meanings))) return null
    return this.keys = new JointKeys(
      dictionary, this.spec.columns, this.types, meanings, this.dictionaries, this.durable)
  }

  private isWorthwhile(rowSets: readonly RowSet[], pieces: readonly ScanPiece[], codes: readonly number[]): boolean {
    const { rowsMin, bitsMin } = this.dictionaries.jointFrom
    if (rowsIn(rowSets, pieces) < rowsMin) return false
    const { scan, columns } = this.spec
    let bits = 0
    for (const [i, column] of columns.entries()) {
      const type = this.types[i]
      const own = bitsOf(type)
      if (own > 0) bits += own
      else if (bareType(type).id !== 'String' || !codes.includes(column)) return false
      else bits += 32 - Math.clz32(this.dictionaries.of(scan.tableId, scan.columnIds[column])?.size ?? 0)
    }
    return bits >= bitsMin
  }

  /** What words of each key mean (KeyColumn.meaning); null: a dictionary is not to be had. */
  private meanings(): readonly number[] | null {
    const { scan, columns } = this.spec
    const meanings: number[] = []
    for (const [i, column] of columns.entries()) {
      if (bareType(this.types[i]).id !== 'String') {
        meanings.push(-1)
        continue
      }
      const dictionary = this.dictionaries.of(scan.tableId, scan.columnIds[column])
      if (dictionary === null) return null
      meanings.push(dictionary.id)
    }
    return meanings
  }

  private signature(meanings: readonly number[]): Uint8Array {
    const { scan, columns } = this.spec
    const text = columns.map((column, i) => `${scan.columnIds[column]} ${this.types[i].name} ${meanings[i]}`).join(', ')
    return new TextEncoder().encode(text)
  }
}

/** How many distinct values `all` rows will have, of which the first `rows` had `distinct`, if each row draws any
 * of the values with the same chance: n draws of D values give D (1 - exp(-n / D)) of them, about. */
export function expectedDistinct(distinct: number, rows: number, all: number): number {
  if (distinct >= rows) return all
  const drawn = (count: number, values: number) => values * -Math.expm1(-count / values)
  // Of more values more are drawn: D lies between, to one part in a thousand.
  let [low, high] = [distinct, 2 * distinct]
  while (drawn(rows, high) < distinct && high < all * rows) high *= 2
  while (high > low * 1.001) {
    const middle = (low + high) / 2
    if (drawn(rows, middle) < distinct) low = middle
    else high = middle
  }
  return Math.min(all, drawn(all, high))
}

function rowsIn(rowSets: readonly RowSet[], pieces: readonly ScanPiece[]): number {
  let rows = 0
  for (const { rowSet, from, to } of pieces) {
    for (let block = from; block < to; block++) rows += rowSets[rowSet].blockRows(block)
  }
  return rows
}

/** The share of blocks whose codes are kept, by some of them. */
function keptShare(keys: JointKeys, rowSets: readonly RowSet[], pieces: readonly ScanPiece[]): number {
  const step = Math.max(1, Math.floor(pieces.length / SAMPLES))
  let known = 0
  let asked = 0
  for (let i = 0; i < pieces.length; i += step, asked++) {
    const { rowSet, from } = pieces[i]
    if (keys.kept(rowSets[rowSet], from) !== null) known++
  }
  return asked === 0 ? 0 : known / asked
}
