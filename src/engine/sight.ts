// Rows whose TTL is over are out of sight at once, whenever their bytes go. A table's TTL becomes a
// condition of every scan; where it is a time column and a span, one that zone maps can answer.

import { bareType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { TableMeta } from '../../storage/face.ts'
import { ROW_END } from '../functions/dates/date-more.ts'

/** Spans of fixed length: `a + span > now()` is `a > now() - span`. */
const COLUMN_AND_SPAN = new RegExp(
  '^`?(\\w+)`?\\s*\\+\\s*(?:toInterval(Second|Minute|Hour|Day|Week)\\s*\\(\\s*(\\d+)\\s*\\)'
  + '|INTERVAL\\s+(\\d+)\\s+(SECOND|MINUTE|HOUR|DAY|WEEK))$', 'i')

/** The condition that rows of a table in sight fulfil; null: all are. */
export function sightOf(table: TableMeta): string | null {
  if (table.ttl === null) return null
  const text = table.ttl.trim()
  const found = COLUMN_AND_SPAN.exec(text)
  if (found !== null) {
    const [, column, unit = found[5], count = found[4]] = found
    const type = table.columns.find(({ name }) => name === column)?.type
    if (type !== undefined && bareType(parseDataType(type)).id === 'DateTime' && !type.startsWith('Nullable')) {
      return `\`${column}\` > now() - INTERVAL ${count} ${unit.toUpperCase()}`
    }
  }
  // NULL: such a row is never over.
  return `ifNull(${ROW_END}(${text}) > now(), 1)`
}
