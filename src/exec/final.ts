// FINAL over an engine that chooses among rows of one sorting key: which rows of each row set a query
// sees, as if everything had been merged. Row sets that cannot share a key are not compared.
//
//   row sets -> clusters (overlapping keys; partitions apart where the key decides them) -> sort by key -> choose -> a mask a row set
//
// Invariant: a mask depends on the row sets of its cluster alone, which never change: it is kept for
// later queries under their names. Conditions are asked of rows that a mask has left.

import { EncodeSpace } from '../../storage/codec/space.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { TableMeta } from '../../storage/face.ts'
import { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { combineRule, groupStarts, RowChooser, sortKeysOf, type CombineRule } from '../../storage/merge/combine.ts'
import { columnsIn, evaluateKey } from '../../storage/merge/keys.ts'
import { isUnpartitioned, splitRows } from '../../storage/merge/partitions.ts'
import { keyWords, sortRows } from '../../storage/merge/sort.ts'
import type { RowSet, Zone } from '../../storage/part/row-set.ts'
import type { EvalContext } from '../functions/function.ts'
import { keyCompiler } from './key-compiler.ts'

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
  /** Rows of one key are in one partition. */
  private readonly isByKey: boolean

  /** `rowSets` in the order of their commits. The table's engine has a rule. */
  constructor(
    table: TableMeta, rowSets: readonly RowSet[], context: EvalContext, cache: MaskCache,
  ) {
    this.table = table
    this.rule = combineRule(table) as CombineRule
    this.rowSets = rowSets
    this.context = context
    this.cache = cache
    this.isByKey = !isUnpartitioned(table.partitionBy)
      && columnsIn(table.partitionBy, table).every(({ name }) => table.sortBy.includes(name))
    this.clusters = this.makeClusters()
  }

  /** A mask for each row set of a cluster. */
  masksOf(cluster: number): readonly RowMask[] {
    const sets = this.clusters[cluster].map((index) => this.rowSets[index])
    const key = `${this.table.schemaVersion}|${sets.map(({ label }) => label).join('|')}`
    const known = this.cache.find(key)
    if (known !== null) return known
    const masks = this.isWhole(sets) ? [null] : this.compute(sets)
    this.cache.keep(key, masks)
    return masks
  }

  /** A segment is combined already; FINAL hides no more of it than the engine's marks ask for. */
  private isWhole(sets: readonly RowSet[]): boolean {
    return sets.length === 1 && sets[0].isSorted && this.rule.kind === 'replacing'
      && this.rule.isDeleted === null && sets[0].schemaVersion === this.table.schemaVersion
  }

  /** Rows of two partitions may be of one key unless the key decides the partition. */
  private makeClusters(): (readonly number[])[] {
    const { rowSets, table } = this
    const parts: number[] = []
    const byPartition = new Map<string, number[]>()
    rowSets.forEach(({ isSorted, partition }, index) => {
      if (!isSorted) parts.push(index)
      else {
        const name = this.isByKey ? partition : ''
        byPartition.set(name, [...byPartition.get(name) ?? [], index])
      }
    })
    const clusters: (readonly number[])[] = []
    const mixed: number[] = []
    const touched = this.partitionsOf(parts.map((index) => rowSets[index]))
    for (const [partition, segments] of byPartition) {
      if (touched.has(partition)) mixed.push(...segments)
      else clusters.push(...splitByKey(segments, rowSets, table))
    }
    if (parts.length > 0) clusters.push([...mixed, ...parts].sort((a, b) => a - b))
    return clusters
  }

  /** Names of the partitions, as makeClusters() tells them apart, that rows of memory parts have. */
  private partitionsOf(parts: readonly RowSet[]): ReadonlySet<string> {
    if (parts.length === 0) return new Set()
    if (!this.isByKey) return new Set([''])
    return this.scratched((space) => {
      const rowCount = parts.reduce((sum, set) => sum + set.rowCount, 0)
      const key = evaluateKey(this.table.partitionBy, this.table, parts, keyCompiler, space)
      return new Set(splitRows(key, rowCount, space.account).map(({ name }) => name))
    })
  }

  private compute(sets: readonly RowSet[]): RowMask[] {
    const { table, rule } = this
    return this.scratched((space) => {
      const rowCount = sets.reduce((sum, set) => sum + set.rowCount, 0)
      const key = (text: string): Vector => evaluateKey(text, table, sets, keyCompiler, space)
      const rows = space.account.u32(rowCount)
      for (let row = 0; row < rowCount; row++) rows[row] = row
      // ClickHouse reads one partition after the other: the last one's row counts as the youngest.
      if (!this.isByKey && !isUnpartitioned(table.partitionBy)) {
        sortRows(keyWords([key(table.partitionBy)], rowCount, space), rows, space)
      }
      const words = keyWords(sortKeysOf(table).map(key), rowCount, space)
      sortRows(words, rows, space)
      this.context.checkAlive()
      const starts = groupStarts(words, rows, space)
      const chooser = new RowChooser(rule, table, sets, true, space)
      let kept = 0
      for (let group = 0; group < starts.length - 1; group++) {
        kept = chooser.choose(rows, starts[group], starts[group + 1], rows, kept)
      }
      return masksFor(sets, rows.subarray(0, kept))
    })
  }

  /** Memory for one computation, within what is left of the query's. */
  private scratched<T>(use: (space: EncodeSpace) => T): T {
    const { account, kernels } = this.context
    const own = new MemoryAccount(account.work, account.limitBytes - account.usedBytes)
    try {
      return use(new EncodeSpace(own, kernels))
    } finally {
      own.releaseAll()
    }
  }
}

/** Rows are numbered over all sets, in any order. */
function masksFor(sets: readonly RowSet[], rows: Uint32Array): RowMask[] {
  const rowCount = sets.reduce((sum, set) => sum + set.rowCount, 0)
  const all = new Uint8Array(rowCount)
  for (let i = 0; i < rows.length; i++) all[rows[i]] = 1
  let from = 0
  return sets.map((set) => all.subarray(from, from += set.rowCount))
}

/** Segments of one partition, apart where the zones of the first key column do not touch. */
function splitByKey(
  segments: readonly number[], rowSets: readonly RowSet[], table: TableMeta,
): number[][] {
  const column = table.columns.find(({ name }) => name === table.sortBy[0])
  // A zone says nothing of NaN, which is a key like any other.
  if (column?.type.includes('Float') === true) return [[...segments]]
  const zones = new Map<number, Zone>()
  for (const index of segments) {
    const zone = column === undefined ? null : rowSets[index].column(column.id)?.zone ?? null
    if (zone === null || zone.nullCount > 0) return [[...segments]]
    zones.set(index, zone)
  }
  const zoneOf = (index: number) => zones.get(index) as Zone
  const ordered = [...segments].sort((a, b) => compareEnds(zoneOf(a).min, zoneOf(b).min))
  const clusters: number[][] = []
  let max: Zone['max'] | null = null
  for (const index of ordered) {
    const zone = zoneOf(index)
    if (max === null || compareEnds(zone.min, max) > 0) clusters.push([index])
    else clusters[clusters.length - 1].push(index)
    if (max === null || compareEnds(zone.max, max) > 0) max = zone.max
  }
  return clusters.map((cluster) => cluster.sort((a, b) => a - b))
}

function compareEnds(a: Zone['min'], b: Zone['min']): number {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  return a < b ? -1 : a > b ? 1 : 0
}
