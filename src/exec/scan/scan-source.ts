// Rows that a scan looks at, and their columns on demand: either a whole block, of which columns are
// unpacked, or chosen rows of several row sets, which are gathered without unpacking their blocks.
// Invariant: after narrow(), columns hold just the rows that are left.

import type { DataType } from '../../../storage/column/data-type.ts'
import { BLOCK_ROWS_MAX, type CodesVector, type Vector } from '../../../storage/column/vector.ts'
import type { ColumnReader } from '../../../storage/part/row-set.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import type { BesideRows } from './beside-rows.ts'
import { isPlainStrings } from '../dictionaries/entered-column.ts'
import { gatherNumbers, gatherStrings } from './gather-rows.ts'
import type { JointKeys } from './joint-keys.ts'
import { chosenOf, unpackCodes } from '../dictionaries/kept-codes.ts'
import type { MissingColumns } from './missing-columns.ts'
import type { NearMaps } from '../dictionaries/near-maps.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { concatVectors } from '../../../storage/codec/take.ts'
import { asBytes, asConst, pick, retype, take } from '../../functions/values/vectors.ts'
import type { RowList, ScanRowSet } from './scan-row-set.ts'

export type ScanColumns = {
  readonly types: readonly DataType[]
  readonly columnIds: readonly number[]
  readonly missing: MissingColumns
  readonly account: MemoryAccount
  readonly context: EvalContext
  readonly countBytes: (bytes: number) => void
  readonly nearMaps: NearMaps
}

/** Plain strings as shared codes where the scan wants them so. `block`: the rows are all of it. */
function coded(
  vector: Vector, from: ScanRowSet, column: number, columns: ScanColumns, block = -1): Vector {
  const entered = from.entered[column]
  const reader = from.readers[column]
  if (entered === null || reader === null || !isPlainStrings(vector)) return vector
  return block < 0 ? entered.codesOf(vector, columns.context)
    : entered.codesOfBlock(vector, { reader, label: from.rowSet.label, block }, columns.context)
}

export interface ScanSource {
  readonly rowCount: number
  load(column: number): Vector
  /** As the rows have it: for a condition, which leaves few rows of many. */
  loadRaw(column: number): Vector
  /** What load() would have given, from loadRaw()'s vector after narrow(). */
  finish(column: number, raw: Vector): Vector
  /** The rows' keys as one code each, where it can be had; null: by their columns. */
  joint(keys: JointKeys): CodesVector | null
  /** Leaves the given rows of those there are (ascending). */
  narrow(rows: Uint32Array): void
  /** Rows that hold one of these strings, found without making strings of the column; null: load it. */
  equalRows(column: number, wanted: readonly Uint8Array[]): Uint32Array | null
}

/** Below this share of a block's rows, gathering costs less than unpacking. */
const GATHER_SHARE = 1 / 8
/** Bytes counted for a gathered value. */
const GATHERED_BYTES = 4

/** The rows of one block, or a piece of them. */
export class BlockSource implements ScanSource {
  rowCount: number
  private rows: Uint32Array | null = null
  /** The block is too wide to be unpacked whole. */
  private isPiece = false
  /** Rows [first, end) of the block are those whose bytes are counted. */
  private first = 0
  private end: number
  private readonly from: ScanRowSet
  private readonly block: number
  private readonly firstRow: number
  private readonly blockRows: number
  private readonly columns: ScanColumns

  constructor(from: ScanRowSet, block: number, blockRowsMax: number, columns: ScanColumns) {
    this.from = from
    this.block = block
    this.firstRow = block * blockRowsMax
    this.blockRows = from.rowSet.blockRows(block)
    this.rowCount = this.blockRows
    this.end = this.blockRows
    this.columns = columns
  }

  /** Rows [first, end) of the block alone, which are gathered whatever their share is. */
  cut(first: number, end: number): void {
    this.isPiece = true
    this.choose(first, end)
  }

  /** Rows [first, end) of the block alone. */
  choose(first: number, end: number): void {
    const rows = this.columns.account.u32(end - first)
    for (let i = 0; i < rows.length; i++) rows[i] = first + i
    this.first = first
    this.end = end
    this.narrow(rows)
  }

  load(column: number): Vector {
    if (this.from.entered[column] === null || this.isThin()) return this.finish(column, this.loadRaw(column))
    return this.keptCodes(column) ?? this.chosen(this.finishWhole(column, this.decoded(column)))
  }

  finish(column: number, raw: Vector): Vector {
    return this.rows === null ? this.finishWhole(column, raw) : coded(raw, this.from, column, this.columns)
  }

  private finishWhole(column: number, raw: Vector): Vector {
    return coded(raw, this.from, column, this.columns, this.block)
  }

  /** True where so few rows are left that they are gathered. */
  private isThin(): boolean {
    return this.rows !== null && (this.isPiece || this.rowCount < this.blockRows * GATHER_SHARE)
  }

  loadRaw(column: number): Vector {
    const { account, types } = this.columns
    const reader = this.from.readers[column]
    if (reader === null) return this.columns.missing.of(column, this.rowCount, (other) => this.load(other))
    const kept = this.keptCodes(column)
    if (kept !== null) return kept
    const map = this.from.maps[column]
    if (this.rows !== null && this.isThin()) {
      const absolute = account.u32(this.rowCount)
      for (let i = 0; i < this.rowCount; i++) absolute[i] = this.rows[i] + this.firstRow
      this.columns.countBytes(this.rowCount * GATHERED_BYTES)
      const gathered = reader.gather(absolute, this.rowCount, account, map)
      return retype(gathered, types[column])
    }
    return this.chosen(this.decoded(column))
  }

  /** All rows of the block; the row set has the column. */
  private decoded(column: number): Vector {
    const { account, types } = this.columns
    const reader = this.from.readers[column] as ColumnReader
    const bytes = reader.blockBytes(this.block)
    const until = (row: number) => Math.floor(bytes * row / this.blockRows)
    this.columns.countBytes(until(this.end) - until(this.first))
    const map = this.columns.nearMaps.of(this.from.maps[column], this.blockRows)
    return retype(reader.decode(this.block, account, map, true), types[column])
  }

  private chosen(whole: Vector): Vector {
    return this.rows === null ? whole : take(whole, this.rows, this.rowCount, this.columns.context.account)
  }

  /** Shared codes that an earlier query left of a block without a dictionary. */
  private keptCodes(column: number): Vector | null {
    const { rowCount, block, blockRows } = this
    const entered = this.from.entered[column]
    const reader = this.from.readers[column]
    if (entered === null || reader === null) return null
    const codes = entered.kept({ reader, label: this.from.rowSet.label, block }, blockRows)
    if (codes === null) return null
    this.columns.countBytes(rowCount * GATHERED_BYTES)
    return {
      kind: 'codes', type: this.columns.types[column], length: rowCount, isConst: false, nulls: null,
      codes: this.unpacked(codes), dictionary: entered.dictionary,
    }
  }

  joint(keys: JointKeys): CodesVector | null {
    const { rows, rowCount, blockRows, from, block, columns } = this
    const kept = keys.kept(from.rowSet, block)
    if (kept !== null) {
      columns.countBytes(rowCount * GATHERED_BYTES)
      return keys.vectorOf(this.unpacked(kept), rowCount)
    }
    const isWhole = rows === null || !this.isThin()
    const source = rows === null || !isWhole ? this : new BlockSource(from, block, BLOCK_ROWS_MAX, columns)
    const codes = keys.codesOf(
      keys.columns.map((column) => source.load(column)), isWhole ? blockRows : rowCount, columns.context)
    if (codes === null) return null
    // A default may be another one in the next query.
    if (isWhole && keys.columns.every((column) => from.readers[column] !== null)) keys.keep(from.rowSet, block, codes, columns.context)
    return keys.vectorOf(rows === null || source === this ? codes : chosenOf(codes, rows, columns.account), rowCount)
  }

  /** Codes of the rows there are, of those that were kept. */
  private unpacked(kept: Uint8Array): Uint32Array {
    return unpackCodes(kept, this.blockRows, this.rows, this.columns.context)
  }

  equalRows(column: number, wanted: readonly Uint8Array[]): Uint32Array | null {
    const reader = this.from.readers[column]
    if (reader === null || this.rows !== null) return null
    this.columns.countBytes(reader.blockBytes(this.block))
    return reader.equalRows(this.block, wanted, this.columns.account)
  }

  narrow(rows: Uint32Array): void {
    const before = this.rows
    this.rowCount = rows.length
    if (before === null) {
      this.rows = rows
      return
    }
    const after = this.columns.account.u32(rows.length)
    for (let i = 0; i < rows.length; i++) after[i] = before[rows[i]]
    this.rows = after
  }
}

/** A column in which all chosen rows hold one value. */
export type KnownColumn = { readonly column: number; readonly value: Vector }

/** Chosen rows of several row sets, one list after the other. */
export class RowsSource implements ScanSource {
  rowCount: number
  private lists: readonly RowList[]
  private readonly columns: ScanColumns
  private readonly known: KnownColumn | null
  /** Of the string whose rows these are; null: nothing is known of them. */
  private readonly beside: BesideRows | null

  constructor(lists: readonly RowList[], columns: ScanColumns, known: KnownColumn | null, beside: BesideRows | null) {
    this.lists = lists
    this.columns = columns
    this.known = known
    this.beside = beside
    this.rowCount = lists.reduce((sum, list) => sum + list.rows.length, 0)
  }

  load(column: number): Vector {
    if (this.known?.column === column) return asConst(this.known.value, this.rowCount)
    const { account, types } = this.columns
    this.columns.countBytes(this.rowCount * GATHERED_BYTES)
    return this.fromBeside(column) ?? gatherStrings(this.lists, column, this.rowCount, types[column], account)
      ?? gatherNumbers(this.lists, column, this.rowCount, types[column], account) ?? this.loadParts(column)
  }

  /** Values that lie next to each other; null: they are not known, or where they lie. */
  private fromBeside(column: number): Vector | null {
    const { lists, beside, rowCount, columns: { account, types, columnIds } } = this
    if (beside === null || lists.length === 0) return null
    for (const { place } of lists) if (place < 0) return null
    const type = types[column]
    const dictionary = lists[0].from.maps[column]?.dictionary ?? null
    const values = beside.valuesOf(columnIds[column], type, dictionary)
    if (values === null) return null
    const found = account.u32(rowCount)
    let at = 0
    for (const { rows, place } of lists) for (let i = 0; i < rows.length; i++) found[at++] = values[place + i]
    return dictionary === null ? { kind: 'number', type, length: rowCount, isConst: false, nulls: null, values: found }
      : { kind: 'codes', type, length: rowCount, isConst: false, nulls: null, codes: found, dictionary }
  }

  /** Row sets in turn, their vectors then put together. */
  private loadParts(column: number): Vector {
    const { account, types } = this.columns
    const parts = this.lists.map((list) => {
      const { from, rows } = list
      const reader = from.readers[column]
      if (reader === null) {
        const own = new RowsSource([list], this.columns, this.known, null)
        return this.columns.missing.of(column, rows.length, (other) => own.load(other))
      }
      const gathered = reader.gather(rows, rows.length, account, from.maps[column])
      return retype(coded(gathered, from, column, this.columns), types[column])
    })
    if (parts.length === 1) return parts[0]
    if (parts.every(({ kind, isConst }) => kind === 'number' && !isConst)) {
      return concatVectors(parts, types[column], account)
    }
    const which = account.u32(this.rowCount)
    const rows = account.u32(this.rowCount)
    let at = 0
    this.lists.forEach((list, part) => {
      for (let i = 0; i < list.rows.length; i++, at++) {
        which[at] = part
        rows[at] = i
      }
    })
    return pick(parts, which, rows, this.rowCount, types[column], account)
  }

  /** The rows are few already, and of row sets that may differ: they come in one form. */
  loadRaw(column: number): Vector { return this.load(column) }

  finish(_column: number, raw: Vector): Vector { return raw }

  equalRows(): null { return null }

  joint(): null { return null }

  narrow(rows: Uint32Array): void {
    const lists: RowList[] = []
    let at = 0
    let start = 0
    for (const list of this.lists) {
      const end = start + list.rows.length
      const first = at
      while (at < rows.length && rows[at] < end) at++
      if (at > first) {
        const kept = this.columns.account.u32(at - first)
        for (let i = first; i < at; i++) kept[i - first] = list.rows[rows[i] - start]
        lists.push({ from: list.from, rows: kept, place: -1 })
      }
      start = end
    }
    this.lists = lists
    this.rowCount = rows.length
  }
}

/** Rows [from, to) of columns that lie in memory whole. */
export class WholeSource implements ScanSource {
  rowCount: number
  private rows: Uint32Array
  private readonly columns: readonly Vector[]
  private readonly account: MemoryAccount

  constructor(columns: readonly Vector[], from: number, to: number, account: MemoryAccount) {
    this.columns = columns
    this.account = account
    this.rowCount = to - from
    this.rows = account.u32(this.rowCount)
    for (let i = 0; i < this.rowCount; i++) this.rows[i] = from + i
  }

  load(column: number): Vector {
    // The columns' dictionaries go with them: what is kept of a row needs its bytes.
    const rows = take(this.columns[column], this.rows, this.rowCount, this.account)
    return rows.kind === 'codes' ? asBytes(rows, this.account) : rows
  }

  loadRaw(column: number): Vector { return this.load(column) }

  finish(_column: number, raw: Vector): Vector { return raw }

  equalRows(): null { return null }

  joint(): null { return null }

  narrow(rows: Uint32Array): void {
    const before = this.rows
    this.rows = this.account.u32(rows.length)
    for (let i = 0; i < rows.length; i++) this.rows[i] = before[rows[i]]
    this.rowCount = rows.length
  }
}
