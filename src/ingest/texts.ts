// Rows of a quarantine to the JSON lines that they once were, or that a CSV's would have been: the way
// back of what did not fit.
//
//   {"c__error_column":["id"],"id":"x1","tags":"[1,2]","n":null} -> {"c0":"x1","c1":[1,2],"c2":0}

import { quarantinedName } from './plan-spec.ts'
import { cellOf, jsonOf, NUMBER, type CsvCell } from './csv.ts'

/** One column of the data source, and what the quarantine calls it: the key that it gets in the row, what its text becomes, and what it is
 * where it has none although nothing was wrong with that (a CSV's empty cell): JSON, null: nothing. */
export type TextColumn = { readonly column: string; readonly name: string; readonly key: string; readonly cell: CsvCell; readonly absent: string | null }

/** What a column without a text is. `hasDefault`: it is computed, or NULL. */
export function textColumn(column: string, key: string, type: string, hasDefault: boolean): TextColumn {
  const cell = cellOf(type)
  return { column, name: quarantinedName(column), key, cell, absent: hasDefault ? null : absentOf(type, cell) }
}

function absentOf(type: string, cell: CsvCell): string | null {
  if (cell === 'number') return '0'
  if (/^Array|^Nested/.test(type)) return '[]'
  if (/^Map/.test(type)) return '{}'
  if (/^(LowCardinality\()?String/.test(type)) return '""'
  if (/^DateTime/.test(type)) return '"1970-01-01 00:00:00"'
  if (/^Date/.test(type)) return '"1970-01-01"'
  return type === 'Bool' ? 'false' : null
}

/** A row: names of the columns that were wrong, and the texts. */
type Row = { readonly c__error_column: readonly string[]; readonly [column: string]: unknown }

/** Rows of a quarantine as JSON lines to lines of the data source. */
export function textsToJson(lines: Uint8Array, columns: readonly TextColumn[]): Uint8Array {
  const out: string[] = []
  for (const line of Buffer.from(lines).toString('utf8').split('\n')) {
    if (line === '') continue
    out.push(rowOf(JSON.parse(line) as Row, columns))
  }
  return Buffer.from(out.join('\n'))
}

function rowOf(row: Row, columns: readonly TextColumn[]): string {
  const values = columns.flatMap(({ column, name, key, cell, absent }) => {
    const text = row[name]
    const value = typeof text === 'string' ? valueOf(text, cell) : row.c__error_column.includes(column) ? null : absent
    return value === null ? [] : [`${JSON.stringify(key)}:${value}`]
  })
  return `{${values.join(',')}}`
}

function valueOf(text: string, cell: CsvCell): string {
  if (cell === 'number' && NUMBER.test(text)) return text
  return (cell === 'json' ? jsonOf(text) : null) ?? JSON.stringify(text)
}
