// Which rows of a Join table stay: what ClickHouse's engine of that name keeps in its hash table. Asked where
// rows combine (merge/combine.ts) and where they are read.

import type { TableMeta } from './face.ts'

/** Of each key the first row, or (as its setting says) the last; all of them, where its kind of join gives
 * each row of the table; null: it is no Join table. */
export function joinKeeps({ engine, engineArgs, settings }: TableMeta): 'first' | 'last' | 'all' | null {
  if (engine !== 'Join') return null
  const { strictness, kind, keys } = engineArgs?.join ?? { strictness: 'all', kind: 'left', keys: [] }
  if (keys.length === 0 || strictness === 'all' || kind === 'right' || kind === 'full') return 'all'
  return /^(1|true)$/i.test(settings.join_any_take_last_row ?? '') ? 'last' : 'first'
}
