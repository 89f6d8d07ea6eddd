// Code maps of a table's row sets as a point query asks for them: all of a list, column by column, again
// and again. What was found for a list is kept for a few seconds, in which none of it can go.

import type { CodeMap, RowSet } from '../../../storage/part/row-set.ts'
import { seconds } from './code-maps.ts'

/** Much shorter than unused maps are kept (KEEP_SECONDS). */
const LAST_SECONDS = 5

type ColumnMaps = { readonly since: number; readonly maps: CodeMap[] }

/** The maps that one thread has found. */
export class ListMaps {
  private readonly lists = new WeakMap<readonly RowSet[], Map<number, ColumnMaps>>()

  /** Maps to `dictionary` by row set of the list, as far as they are known; the caller adds others that
   * it has just found. */
  of(list: readonly RowSet[], columnId: number, dictionary: CodeMap['dictionary']): (CodeMap | undefined)[] {
    let columns = this.lists.get(list)
    if (columns === undefined) this.lists.set(list, columns = new Map())
    const now = seconds()
    const known = columns.get(columnId)
    if (known !== undefined && now >= known.since && now < known.since + LAST_SECONDS) {
      let at = 0
      while (at < known.maps.length && known.maps[at] === undefined) at++
      const first: CodeMap | undefined = known.maps[at]
      if (first === undefined || first.dictionary === dictionary) return known.maps
    }
    const maps: CodeMap[] = []
    maps.length = list.length // filled from either end: from the far one it would become a table of indexes
    columns.set(columnId, { since: now, maps })
    return maps
  }
}
