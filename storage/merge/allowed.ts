// Values without which an engine can't combine rows: those that ClickHouse refuses at the insert, where they
// would otherwise be found by a merge, when nobody is there to be told.

import type { TableSpec } from '../face.ts'

export type AllowedValues = { readonly column: string; readonly values: readonly number[] }

/** What a column of the table may hold; null: anything. (VersionedCollapsingMergeTree takes any sign, there
 * as here.) */
export function allowedValues({ engine, engineArgs }: Pick<TableSpec, 'engine' | 'engineArgs'>): AllowedValues | null {
  const { sign = null, isDeleted = null } = engineArgs ?? {}
  if (engine === 'CollapsingMergeTree' && sign !== null) return { column: sign, values: [1, -1] }
  if (engine === 'ReplacingMergeTree' && isDeleted !== null) return { column: isDeleted, values: [0, 1] }
  return null
}

/** `1 or -1` */
export const allowedText = (values: readonly number[]): string => values.join(' or ')
