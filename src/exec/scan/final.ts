// FINAL: what a query sees of a table whose rows combine, as if everything had been merged. Row sets
// that cannot share a key are not compared. Engines that choose among rows give a mask, those that
// make new values give the rows.
//
//   row sets -> clusters (final-clusters.ts) -> sort by key -> a mask a row set, or rows of new values
//
// Invariant: a mask depends on the row sets of its cluster alone, which never change: it is kept for
// later queries under their names. Conditions are asked of rows that a mask has left.

import { EncodeSpace } from '../../../storage/codec/space.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { ColumnSpec, TableMeta } from '../../../storage/face.ts'
import { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import {
  combineRule, groupStarts, RowChooser, sortKeysOf, type CombineRule,
} from '../../../storage/merge/combine.ts'
import {
  foldTypeOf, ValueCombiner, withoutGroups, type GroupedRows,
} from '../../../storage/merge/combine-values.ts'
import { datedCompiler, evaluatePlace, tableColumn, type KeyCompiler } from '../../../storage/merge/keys.ts'
import { isUnpartitioned, splitRows } from '../../../storage/merge/partitions.ts'
import { keyWords, sortRows } from '../../../storage/merge/sort.ts'
import type { RowSet } from '../../../storage/part/row-set.ts'
import { isDeleted } from '../../../storage/segment/delete-mask.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { clustersOf, isPartitionedByKey } from './final-clusters.ts'
import { foldCompiler } from '../expressions/fold-compiler.ts'
import { keyCompiler } from '../expressions/key-compiler.ts'

/** One byte a row of a row set, 1: FINAL shows it; null: all of them. */
export type RowMask = Uint8Array | null

/** Bytes of masks that one worker keeps. */
const CACHE_BYTES = 128 * 2 ** 20

/** Masks of clusters by the names of their row sets; the one not used for longest goes first. */
export class MaskCache {
  private readonly masks = new Map<string, readonly RowMask[]>()
  private bytes = 0

  find(key: string): readonly RowMask[] | null {
    const found = this.masks.get(key)
    if (found === undefined) return null
    this.masks.delete(key)
    this.masks.set(key, found)
    return found
  }

  keep(key: string, masks: readonly RowMask[]): void {
    this.masks.set(key, masks)
    this.bytes += bytesOf(masks)
    for (const [oldest, gone] of this.masks) {
      if (this.bytes <= CACHE_BYTES) return
      this.masks.delete(oldest)
      this.bytes -= bytesOf(gone)
    }
  }
}

const bytesOf = (masks: readonly RowMask[]): number =>
  masks.reduce((sum, mask) => sum + (mask?.length ?? 0), 0)

/** The rows of one table under FINAL, for one run. */
export class FinalRows {
  /** Numbers of row sets that are compared with each other; every row set is in one. */
  readonly clusters: readonly (readonly number[])[]
  private readonly table: TableMeta
  private readonly rule: CombineRule
  private readonly rowSets: readonly RowSet[]
  private readonly context: EvalContext
  private readonly cache: MaskCache
  private readonly compileKey: KeyCompiler
  /** Rows that a PREWHERE leaves, of a row set by its number; null: there is none. */
  private readonly before: ((rowSet: number) => RowMask) | null

  /** `rowSets` in the order of their commits. The table's engine has a rule. */
  constructor(
    table: TableMeta, rowSets: readonly RowSet[], context: EvalContext, cache: MaskCache,
    before: ((rowSet: number) => RowMask) | null = null,
  ) {
    this.before = before
    this.table = table
    this.rule = combineRule(table) as CombineRule
    this.rowSets = rowSets
    this.context = context
    this.compileKey = datedCompiler(keyCompiler, context.nowMs)
    this.cache = cache
    this.clusters = clustersOf(table, rowSets, (parts) => this.partitionsOf(parts))
  }

  /** A mask for each row set of a cluster. */
  masksOf(cluster: number): readonly RowMask[] {
    const sets = this.clusters[cluster].map((index) => this.rowSets[index])
    const left = this.leftBefore(cluster)
    if (left !== null) return this.isWhole(cluster) ? left : this.chosen(sets, left)
    const key = `${this.table.schemaVersion}|${sets.map(({ label, maskVersion }) => `${label} ${maskVersion}`).join('|')}`
    const known = this.cache.find(key)
    if (known !== null) return known
    const masks = this.isWhole(cluster) ? [null] : this.chosen(sets)
    this.cache.keep(key, masks)
    return masks
  }

  /** What a PREWHERE leaves of each row set of a cluster. */
  private leftBefore(cluster: number): readonly RowMask[] | null {
    const { before } = this
    return before === null ? null : this.clusters[cluster].map(before)
  }

  /** True where a cluster is one segment, which is combined already, and FINAL hides no more of it. */
  isWhole(cluster: number): boolean {
    const [first, ...others] = this.clusters[cluster].map((index) => this.rowSets[index])
    return others.length === 0 && first.isSorted && this.rule.isDeleted === null
      && this.rule.kind !== 'collapsing'
  }

  /** True where rows of one key become new values; else a mask tells which of them stay. */
  get makesValues(): boolean { return this.rule.kind === 'summing' || this.rule.kind === 'aggregating' }

  /** True where a row that is shown may have a value of this column that no stored row has. */
  makesValuesOf(columnId: number): boolean {
    const column = this.table.columns.find(({ id }) => id === columnId)
    return column !== undefined && foldTypeOf(this.table, this.rule, column) !== null
  }

  /** Names of the partitions that rows of memory parts have. */
  private partitionsOf(parts: readonly RowSet[]): ReadonlySet<string> {
    return this.scratched((space) => {
      const rowCount = parts.reduce((sum, set) => sum + set.rowCount, 0)
      const key = evaluatePlace(this.table.partitionBy, this.table, parts, this.compileKey, space)
      return new Set(splitRows(key, rowCount, space).map(({ name }) => name))
    })
  }

  /** Rows of a cluster in the order of the sorting key, and where groups of one key begin. */
  private grouped(sets: readonly RowSet[], space: EncodeSpace, left: readonly RowMask[] | null): GroupedRows {
    const { table } = this
    const rowCount = sets.reduce((sum, set) => sum + set.rowCount, 0)
    const key = (text: string): Vector => evaluatePlace(text, table, sets, this.compileKey, space)
    const rows = livingRows(sets, left, space.account.u32(rowCount))
    // ClickHouse reads one partition after the other: the last one's row counts as the youngest.
    if (!isPartitionedByKey(table) && !isUnpartitioned(table.partitionBy)) {
      sortRows(keyWords([key(table.partitionBy)], rowCount, space), rows, space)
    }
    const words = keyWords(sortKeysOf(table).map(key), rowCount, space)
    sortRows(words, rows, space)
    this.context.checkAlive()
    return { rows, starts: groupStarts(words, rows, space) }
  }

  private chosen(sets: readonly RowSet[], left: readonly RowMask[] | null = null): RowMask[] {
    return this.scratched((space) => {
      const { rows, starts } = this.grouped(sets, space, left)
      const chooser = new RowChooser(this.rule, (column) => tableColumn(column, this.table, sets, this.compileKey, space), this.table, true, space)
      let kept = 0
      for (let group = 0; group < starts.length - 1; group++) {
        kept = chooser.choose(rows, starts[group], starts[group + 1], rows, kept)
      }
      return masksFor(sets, rows.subarray(0, kept))
    })
  }

  /** Rows of a cluster whose engine makes new values: calls `use` with the wanted columns, whole, in
   * memory that goes when it returns. */
  combine(
    cluster: number, columnIds: readonly number[], use: (columns: readonly Vector[], rowCount: number) => void,
  ): void {
    const sets = this.clusters[cluster].map((index) => this.rowSets[index])
    const combiner = new ValueCombiner(this.table, this.rule, foldCompiler)
    const left = this.leftBefore(cluster)
    this.scratched((space) => {
      const all = this.grouped(sets, space, left)
      const wanted = columnIds.map((id) =>
        this.table.columns.find((one) => one.id === id) as ColumnSpec)
      const read = (column: ColumnSpec): Vector => tableColumn(column, this.table, sets, this.compileKey, space)
      const kept = combiner.keptGroups(all, wanted, read, space)
      const grouped = kept === null ? all : withoutGroups(all, kept, space)
      const rowCount = grouped.starts.length - 1
      use(wanted.map((column) =>
        combiner.combine(column, read(column), grouped, read, space)), rowCount)
    })
  }

  /** Memory for one computation, within what is left of the query's. */
  private scratched<T>(use: (space: EncodeSpace) => T): T {
    const { account, kernels } = this.context
    const own = new MemoryAccount(account.work, account.limitBytes - account.usedBytes, account.workBytesMax)
    try {
      return use(new EncodeSpace(own, kernels))
    } finally {
      own.releaseAll()
    }
  }
}

/** Numbers, over all sets, of the rows that are not deleted, of those `left`; in `out`. */
function livingRows(sets: readonly RowSet[], left: readonly RowMask[] | null, out: Uint32Array): Uint32Array {
  let count = 0
  let first = 0
  sets.forEach(({ rowCount, deleted }, index) => {
    const mask = left?.[index] ?? null
    for (let row = 0; row < rowCount; row++) {
      if ((deleted === null || !isDeleted(deleted, row)) && (mask === null || mask[row] === 1)) out[count++] = first + row
    }
    first += rowCount
  })
  return out.subarray(0, count)
}

/** Rows are numbered over all sets, in any order. */
function masksFor(sets: readonly RowSet[], rows: Uint32Array): RowMask[] {
  const rowCount = sets.reduce((sum, set) => sum + set.rowCount, 0)
  const all = new Uint8Array(rowCount)
  for (let i = 0; i < rows.length; i++) all[rows[i]] = 1
  let from = 0
  return sets.map((set) => all.subarray(from, from += set.rowCount))
}
