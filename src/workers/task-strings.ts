// Strings of what a merge or a flush has made, entered in the table's dictionaries before a query sees it: a query
// enters all of them within one slice (46,000 of them behind a flush of inserts), while others wait for that slice. Only
// of columns that queries have entered of the sources, so nearly all strings are known and no lock is held for them.

import type { PartRef, SegmentRef, StoreTask, TableMeta, TaskResult } from '../../storage/face.ts'
import type { CodeMap, ColumnReader, RowSet } from '../../storage/part/row-set.ts'
import type { SharedDictionaries } from '../exec/dictionaries/shared-dictionary.ts'
import type { RowSets } from './row-sets.ts'

type Refs = readonly (PartRef | SegmentRef)[]

/** Where they are entered, and what opens row sets. */
export type StringsWorld = {
  readonly dictionaries: Pick<SharedDictionaries, 'existing' | 'known' | 'mapLocal'>
  readonly rowSets: Pick<RowSets, 'aside'>
}

/** Enters them as far as there is room. What stands in the way stands in a query's way, too, which says so. */
export function enterStrings(task: StoreTask, result: TaskResult, { dictionaries, rowSets }: StringsWorld): void {
  const found = madeBy(task, result)
  if (found === null) return
  const { table, sources, made } = found
  /** What `act` finds of a column's local codes; null: it has none, or no query has asked for it. */
  const mapOf = (act: 'known' | 'mapLocal', set: RowSet, id: number): CodeMap | null => {
    const reader: ColumnReader | null = set.column(id)
    const dictionary = reader === null || reader.distinctCount < 0 ? null : dictionaries.existing(table.id, id)
    return reader === null || dictionary === null ? null : dictionaries[act](dictionary, set.label, reader)
  }
  const asked = table.columns.filter(({ id }) => dictionaries.existing(table.id, id) !== null)
  if (asked.length === 0) return
  const entered = rowSets.aside(sources, table.name, (sets) => asked.filter(({ id }) => sets.some((set) => mapOf('known', set, id) !== null)))
  if (entered.length === 0) return
  rowSets.aside(made, table.name, (sets) => {
    for (const set of sets) for (const { id } of entered) mapOf('mapLocal', set, id)
  })
}

/** null: nothing that has the place of its sources. */
function madeBy(task: StoreTask, result: TaskResult): { readonly table: TableMeta; readonly sources: Refs; readonly made: Refs } | null {
  if (result === null) return null
  if (task.kind === 'merge-parts') {
    const { table, parts, partId } = task
    if (partId === undefined || !('address' in result)) return null
    const [{ firstSequence }, { lastSequence }] = [parts[0], parts[parts.length - 1]]
    return { table, sources: parts, made: [{ ...result, kind: 'part', id: partId, firstSequence, lastSequence }] }
  }
  if (task.kind !== 'flush' && task.kind !== 'merge' || !('segments' in result)) return null
  return { table: task.table, sources: task.kind === 'flush' ? task.parts : task.segments, made: result.segments }
}
