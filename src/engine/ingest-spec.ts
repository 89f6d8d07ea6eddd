// How rows become parts of a data source and of its quarantine.

import type { ColumnSpec, TableMeta } from '../../storage/face.ts'
import { allowedValues } from '../../storage/merge/allowed.ts'
import type { IngestSpec } from '../workers/messages.ts'

/** A column of a data source, as far as reading rows needs it. */
type ReadColumn = {
  readonly name: string; readonly type: string; readonly jsonPath: string | null; readonly defaultExpr: { readonly text: string } | null
}

/** `columns`: those of the file that describes the table. */
export function ingestSpecOf(table: TableMeta, quarantine: TableMeta, columns: readonly ReadColumn[]): IngestSpec {
  const ids = new Map(table.columns.map((column) => [column.name, column.id]))
  const allowed = allowedValues(table)
  return {
    table, quarantine, keyColumn: ids.get(table.deduplicateBy?.column ?? '') ?? null,
    columns: columns.map((column) => ({
      id: ids.get(column.name) as number, name: column.name, type: column.type,
      jsonPath: column.jsonPath, defaultText: column.defaultExpr?.text ?? null, defaultValue: null,
      ...allowed?.column === column.name ? { allowed: allowed.values } : {},
    })),
  }
}

/** Columns of a table that a pipe makes itself: read by their names. */
export const madeColumns = (columns: readonly ColumnSpec[]): ReadColumn[] => columns.map(({ name, type, defaultExpr }) => ({
  name, type, jsonPath: `$.${name}`, defaultExpr: defaultExpr === null ? null : { text: defaultExpr },
}))
