// session_timezone: moments whose type names no zone are of the session's. While a query with that
// setting is planned their type names it behind a mark (`DateTime('@Asia/Tokyo')`), so that every
// function reads and writes them so, and nobody is shown it: names of types leave it out.
// Invariant: keys, TTLs, DEFAULTs and filters of tokens are always of the server's zone.

import type { DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { SESSION_MARK } from '../../storage/column/type-names.ts'
import type { Span } from './plan.ts'
import { QueryError } from './plan.ts'

const PLAIN = /\bDateTime(?=[,)]|$)/g
const PRECISE = /\bDateTime64\((\d)\)(?=[,)]|$)/g

/** The type with moments of the session's zone; null: it has none without a zone of its own. */
export function zonedType(type: DataType, zone: string): DataType | null {
  // States are read by those who know their own types.
  if (!type.name.includes('DateTime') || type.name.includes('AggregateFunction')) return null
  const name = type.name.replace(PLAIN, `DateTime('${SESSION_MARK}${zone}')`)
    .replace(PRECISE, (_, digits: string) => `DateTime64(${digits}, '${SESSION_MARK}${zone}')`)
  return name === type.name ? null : parseDataType(name)
}

/** '' is the server's own. Throws where there is no such zone. */
export function checkZone(text: string, span: Span | null): void {
  if (text === '') return
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
  } catch {
    throw new QueryError(`The setting session_timezone names a time zone such as 'Europe/Berlin', not '${text}'`,
      span, 'BAD_ARGUMENTS')
  }
}
