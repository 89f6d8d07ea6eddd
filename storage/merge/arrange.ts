// The order and the number of the rows that flush, merge and insert write: by partition, sorted by key,
// and those that the table's engine keeps.
//
//   row sets -> partitions.ts -> sort.ts -> groups of equal keys -> combine.ts, combine-values.ts

import { EncodeSpace } from '../codec/space.ts'
import type { TableMeta } from '../face.ts'
import type { Kernels } from '../kernels/load.ts'
import { MemoryAccount, type WorkMemory } from '../kernels/work-memory.ts'
import type { RowSet } from '../part/row-set.ts'
import { combineRule, groupStarts, RowChooser, sortKeysOf, type CombineRule } from './combine.ts'
import { ValueCombiner, withoutGroups, type GroupedRows } from './combine-values.ts'
import type { FoldCompiler } from './fold.ts'
import type { KeptColumns } from './kept-columns.ts'
import { evaluatePlace, tableColumn, type KeyCompiler } from './keys.ts'
import { isUnpartitioned, onePartition, splitRows, type Partition } from './partitions.ts'
import { keyWords, sortRows } from './sort.ts'

/** What knows SQL, and the memory that it works in. */
export type Compilers = {
  readonly kernels: Kernels
  readonly work: WorkMemory
  readonly compileKey: KeyCompiler
  readonly compileFold: FoldCompiler
}

/** Rows of a partition in the order of the sorting key; `grouped`: those of one key become one. */
export type Arranged = Partition & { readonly grouped: GroupedRows | null }

export const rowCountOf = ({ rows, grouped }: Arranged): number =>
  (grouped === null ? rows.length : grouped.starts.length - 1)

/** Null: no column of the table's rows gets a new value. */
export function valueCombiner(table: TableMeta, world: Compilers): ValueCombiner | null {
  const rule = combineRule(table)
  return rule !== null && isOfValues(rule) ? new ValueCombiner(table, rule, world.compileFold) : null
}

/** Rows of all sets by partition; `known`: all are of this one. */
export function partitionsOf(
  table: TableMeta, sets: readonly RowSet[], known: string | null, world: Compilers,
  account: MemoryAccount,
): Partition[] {
  const rowCount = sets.reduce((sum, set) => sum + set.rowCount, 0)
  if (known !== null || isUnpartitioned(table.partitionBy)) {
    return [onePartition(known ?? 'all', rowCount, account)]
  }
  const scratch = new MemoryAccount(world.work, account.limitBytes)
  try {
    const space = new EncodeSpace(scratch, world.kernels)
    const key = evaluatePlace(table.partitionBy, table, sets, world.compileKey, space)
    return splitRows(key, rowCount, { account, kernels: world.kernels })
  } finally {
    scratch.releaseAll()
  }
}

/** Puts the rows of each partition in the order of the sorting key; those stay that the engine keeps.
 * A partition may be left without rows. `kept`: takes the columns that are read for it. */
export function sortPartitions(
  table: TableMeta, sets: readonly RowSet[], partitions: readonly Partition[], world: Compilers,
  space: EncodeSpace, kept: KeptColumns | null = null,
): Arranged[] {
  const rowCount = sets.reduce((sum, set) => sum + set.rowCount, 0)
  const account = new MemoryAccount(world.work, space.account.limitBytes)
  const rule = combineRule(table)
  try {
    const own = new EncodeSpace(account, world.kernels)
    const keys = sortKeysOf(table).map((expression) => {
      const key = evaluatePlace(expression, table, sets, world.compileKey, own)
      const column = table.columns.find(({ name }) => name === expression)
      if (column !== undefined) kept?.keep(column.id, key)
      return key
    })
    const words = keyWords(keys, rowCount, own)
    for (const { rows } of partitions) sortRows(words, rows, own)
    if (rule === null) return partitions.map((own) => ({ ...own, grouped: null }))
    if (isOfValues(rule)) {
      return partitions.map(({ name, rows }) => {
        const grouped = { rows, starts: groupStarts(words, rows, space) }
        return { name, rows, grouped: withoutZeros(table, sets, grouped, world, space) }
      })
    }
    const chooser = new RowChooser(rule, (column) => tableColumn(column, table, sets, world.compileKey, own), table, false, own)
    return partitions.map(({ name, rows }) => {
      const starts = groupStarts(words, rows, own)
      let kept = 0
      for (let group = 0; group < starts.length - 1; group++) {
        kept = chooser.choose(rows, starts[group], starts[group + 1], rows, kept)
      }
      return { name, rows: rows.subarray(0, kept), grouped: null }
    })
  } finally {
    account.releaseAll()
  }
}

/** Summing and aggregating make new values; the other engines choose among rows. */
const isOfValues = ({ kind }: CombineRule): boolean => kind === 'summing' || kind === 'aggregating'

/** The groups that stay. */
function withoutZeros(
  table: TableMeta, sets: readonly RowSet[], grouped: GroupedRows, world: Compilers,
  space: EncodeSpace,
): GroupedRows {
  const account = new MemoryAccount(world.work, space.account.limitBytes)
  try {
    const own = new EncodeSpace(account, world.kernels)
    const kept = valueCombiner(table, world)?.keptGroups(
      grouped, table.columns, (column) => tableColumn(column, table, sets, world.compileKey, own), own) ?? null
    return kept === null ? grouped : withoutGroups(grouped, kept, space)
  } finally {
    account.releaseAll()
  }
}
