// What ingestion is told about a table, as plain data that crosses to a worker. One spec belongs to
// one (table, schema version); ingest.ts compiles it.

/** One column of a table. */
export type IngestColumnSpec = {
  readonly id: number
  readonly name: string
  /** Canonical type text. */
  readonly type: string
  /** `$.a`, `$.a.b[:]`, `$`; null: rows never carry the column, it always takes its default. */
  readonly jsonPath: string | null
  /** The DEFAULT expression; null: none. */
  readonly defaultText: string | null
  /** The value of a constant DEFAULT, written as JSON would carry it; null: none, or not known to be
   * constant. Literals (`''`, `0`, `true`, `[]`) are read from `defaultText` without it. */
  readonly defaultValue: string | number | boolean | null
  /** The numbers that the table's engine lets it hold; absent: any value of the type. */
  readonly allowed?: readonly number[]
}

/** A column of a quarantine table. */
export type QuarantineColumn = { readonly name: string; readonly type: string }

/** Columns of a quarantine that say why and when. */
const OWN = new Set(['c__error_column', 'c__error', 'c__import_id', 'insertion_date', 'c__row'])

/** What a data source's column is called in its quarantine. */
export const quarantinedName = (name: string): string => (OWN.has(name) ? `${name}__value` : name)

/** The columns of `NAME_quarantine`: why, then the raw text of every column, then when; `c__row` is the
 * whole row where its columns could not be told apart. */
export function quarantineColumns(names: readonly string[]): QuarantineColumn[] {
  return [
    { name: 'c__error_column', type: 'Array(String)' },
    { name: 'c__error', type: 'Array(String)' },
    { name: 'c__import_id', type: 'Nullable(String)' },
    ...names.map((name) => ({ name: quarantinedName(name), type: 'Nullable(String)' })),
    { name: 'insertion_date', type: 'DateTime' },
    { name: 'c__row', type: 'Nullable(String)' },
  ]
}
