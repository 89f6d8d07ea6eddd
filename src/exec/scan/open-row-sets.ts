// The row sets of a scan as it reads them: readers, and for columns that come as shared codes the maps from local
// ones. What a query opens, the next one of its plan mostly opens again: it is kept with the list of row sets.
// Invariant: what is kept holds no memory of a query, and maps that are known to live.

import { threadId } from 'node:worker_threads'
import type { CodeMap, ColumnReader, RowSet } from '../../../storage/part/row-set.ts'
import type { PlanNode } from '../../plan/plan.ts'
import { EnteredColumn } from '../dictionaries/entered-column.ts'
import { perPlan } from '../runtime/per-plan.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { nothingOf, readersIn } from './scan-columns.ts'
import type { ScanRowSet } from './scan-row-set.ts'
import type { SharedDictionaries } from '../dictionaries/shared-dictionary.ts'

type ScanNode = Extract<PlanNode, { op: 'scan' }>
/** By row set; undefined: not known yet. */
type Maps = readonly (CodeMap | undefined)[]

/** Strings entered into a shared dictionary for one row read, at most: few rows are no reason to map a whole row set. */
const ENTERED_A_ROW = 4
const ENTERED_FREE = 4096

/** What was opened last of a list: the maps are those of its columns `codes`, in their order. */
type Kept = { readonly codes: readonly number[]; readonly maps: readonly Maps[]; readonly rowSets: (ScanRowSet | undefined)[] }

const keptOf = perPlan((_list: readonly RowSet[]) => perPlan((_columnIds: readonly number[]): { last: Kept | null } => ({ last: null })))

const NO_CODES: readonly number[] = []

/** Those of one scan. */
export class OpenRowSets {
  private readonly node: ScanNode
  /** Columns that are keys above (keyed-columns.ts). */
  private readonly keyed: ReadonlySet<number>
  private readonly rows: () => readonly RowSet[]
  private readonly dictionaries: SharedDictionaries
  private readonly runtime: Runtime
  private codes: readonly number[] | null = null
  /** Open with `codes`: those that any query can read, and those that only this one can. */
  private shared: (ScanRowSet | undefined)[] = []
  private readonly own: (ScanRowSet | undefined)[] = []
  private readonly entered: (EnteredColumn | null | undefined)[] = []
  /** Maps of columns that come as shared codes: of the coordinator, which has looked at them all. */
  private readonly mapped: (Maps | undefined)[] = []

  constructor(
    node: ScanNode, keyed: ReadonlySet<number>, rows: () => readonly RowSet[], dictionaries: SharedDictionaries, runtime: Runtime,
  ) {
    this.node = node
    this.keyed = keyed
    this.rows = rows
    this.dictionaries = dictionaries
    this.runtime = runtime
  }

  /** Row sets are opened with these columns as shared codes from now on; false: they are already. */
  begin(codes: readonly number[]): boolean {
    if (this.codes !== null && areSame(this.codes, codes)) return false
    this.codes = codes
    this.own.length = 0
    this.shared = this.keptWith(codes)
    return true
  }

  open(index: number): ScanRowSet {
    const known = this.shared[index] ?? this.own[index]
    if (known !== undefined) return known
    const opened = this.opening(index, this.codes ?? NO_CODES)
    if (opened.entered === nothingOf(this.node)) this.shared[index] = opened
    else this.own[index] = opened
    return opened
  }

  /** A row set with all columns as they are. */
  plain(index: number): ScanRowSet { return this.opening(index, NO_CODES) }

  /** What an earlier query has opened with the same codes and maps; else a list to fill. */
  private keptWith(codes: readonly number[]): (ScanRowSet | undefined)[] {
    const maps: Maps[] = []
    for (const column of codes) {
      if (column >= this.node.columns.length) continue
      const known = this.mapped[column]
      if (known === undefined) return []
      maps.push(known)
    }
    const kept = keptOf(this.rows())(this.node.columnIds)
    const { last } = kept
    if (last !== null && areSame(last.codes, codes) && areSame(last.maps, maps)) return last.rowSets
    const rowSets: (ScanRowSet | undefined)[] = []
    kept.last = { codes, maps, rowSets }
    return rowSets
  }

  private opening(index: number, codes: readonly number[]): ScanRowSet {
    const rowSet = this.rows()[index]
    const readers = readersIn(rowSet)(this.node.columnIds)
    const none = nothingOf(this.node)
    // A point query opens many row sets for a few rows each: arrays only where something is in them.
    let maps: (CodeMap | null)[] | null = null
    let entered: (EnteredColumn | null)[] | null = null
    for (const column of codes) {
      if (column >= readers.length) continue
      const known = this.mapped[column]?.[index]
      const reader = readers[column]
      if (known !== undefined) (maps ??= [...none])[column] = known
      else if (reader !== null && reader.distinctCount >= 0) (maps ??= [...none])[column] = this.mapOf(column, index, reader)
      else if (reader !== null) (entered ??= [...none])[column] = this.enteredColumn(column)
    }
    return { rowSet, readers, maps: maps ?? none, entered: entered ?? none }
  }

  /** Whether a string column of the row sets `used` can be mapped to shared codes at a fair price; then it is. */
  map(column: number, used: readonly number[], rowsToRead: number): boolean {
    const dictionary = this.dictionaries.of(this.node.tableId, this.node.columnIds[column])
    if (dictionary === null) return false
    const rowSets = this.rows()
    const maps = this.dictionaries.lists.of(rowSets, this.node.columnIds[column], dictionary)
    let known = 0
    while (known < used.length && maps[used[known]] !== undefined) known++
    if (known === used.length) {
      this.mapped[column] = maps
      return true
    }
    let fresh = 0
    let plainRows = 0
    let codedRows = 0
    let areMapped = true
    for (const index of used) {
      const rowSet = rowSets[index]
      if (maps[index] !== undefined) {
        codedRows += rowSet.rowCount
        continue
      }
      const reader = rowSet.column(this.node.columnIds[column])
      if (reader === null) continue
      if (reader.distinctCount < 0) {
        plainRows += rowSet.rowCount
        continue
      }
      codedRows += rowSet.rowCount
      const map = this.dictionaries.known(dictionary, rowSet.label, reader)
      if (map === null) {
        fresh += reader.distinctCount
        areMapped = false
      } else maps[index] = map
      if (fresh > ENTERED_FREE + rowsToRead * ENTERED_A_ROW) return false
    }
    if (plainRows > rowsToRead * 2 + ENTERED_FREE) return false
    // Row sets without a dictionary say that strings hardly repeat there; only keys are worth entering.
    if (plainRows > codedRows && !(this.keyed.has(column) && dictionary.takesPlain(plainRows))) return false
    // Where two threads map the same row sets, as they do after a start, each finds the other's half done.
    for (const index of areMapped ? [] : threadId % 2 === 0 ? used.toReversed() : used) {
      if (maps[index] !== undefined) continue
      this.runtime.scratch.checkAlive()
      const reader = rowSets[index].column(this.node.columnIds[column])
      if (reader === null || reader.distinctCount < 0) continue
      const map = this.dictionaries.mapLocal(dictionary, rowSets[index].label, reader)
      if (map === null) return false
      maps[index] = map
    }
    this.mapped[column] = maps
    return true
  }

  private mapOf(column: number, index: number, reader: ColumnReader): CodeMap | null {
    const dictionary = this.dictionaries.of(this.node.tableId, this.node.columnIds[column])
    return dictionary === null ? null : this.dictionaries.mapLocal(dictionary, this.rows()[index].label, reader)
  }

  private enteredColumn(column: number): EnteredColumn | null {
    let known = this.entered[column]
    if (known === undefined) {
      const dictionary = this.dictionaries.of(this.node.tableId, this.node.columnIds[column])
      known = dictionary === null ? null : new EnteredColumn(dictionary, this.dictionaries, this.runtime.durable)
      this.entered[column] = known
    }
    return known
  }
}

function areSame<T>(some: readonly T[], others: readonly T[]): boolean {
  if (some.length !== others.length) return false
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false
  return true
}
