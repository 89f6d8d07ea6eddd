// Data sources as tables of the store: a data source and its quarantine are two tables.

import { parseDataType } from '../../storage/column/parse-type.ts'
import { isNullable } from '../../storage/column/data-type.ts'
import type { ColumnSpec, JoinArgs, TableMeta, TableSpec } from '../../storage/face.ts'
import { quarantinedName } from '../ingest/plan-spec.ts'
import type { ColumnDef, DatasourceDef, EngineDef, Place, SourceText } from '../project/definitions.ts'

/** Suffix of the table that keeps rows which did not fit. */
export const QUARANTINE_SUFFIX = '_quarantine'

/** A table as a project wants it; the store gives ids. */
export type WantedTable = Omit<TableSpec, 'columns'> & {
  readonly columns: readonly Omit<ColumnSpec, 'id'>[]
}

/** Texts of a sorting key: `a, b`, `(a, b)`, `tuple()`. */
export function splitKey(text: string | null): string[] {
  if (text === null) return []
  let inner = text.trim()
  if (/^tuple\s*\(\s*\)$/i.test(inner)) return []
  const tuple = /^(?:tuple\s*)?\(([\s\S]*)\)$/i.exec(inner)
  if (tuple !== null && isOneGroup(inner.slice(inner.indexOf('(')))) inner = tuple[1]
  return splitTopLevel(inner).map((part) => part.trim().replace(/^`(.*)`$/, '$1'))
    .filter((part) => part !== '')
}

/** True where the bracket that opens the text closes at its end. */
function isOneGroup(text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '(') depth++
    else if (text[at] === ')' && --depth === 0) return at === text.length - 1
  }
  return false
}

function splitTopLevel(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  let quote = ''
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (quote !== '') {
      if (char === quote) quote = ''
    } else if (char === "'" || char === '`' || char === '"') quote = char
    else if (char === '(' || char === '[') depth++
    else if (char === ')' || char === ']') depth--
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
  }
  return [...parts, text.slice(from)]
}

function columnOf(column: ColumnDef): Omit<ColumnSpec, 'id'> {
  return {
    name: column.name, type: parseDataType(column.type).name,
    defaultExpr: column.defaultExpr?.text ?? null,
  }
}

const plainName = (source: SourceText | null): string | null =>
  source === null ? null : source.text.trim().replace(/^`(.*)`$/, '$1')

/** The table of a data source. A sorting key that is not given is the first column, as Tinybird
 * does it; a partition key that is not given is none. */
export const tableOf = (source: DatasourceDef): WantedTable => ({
  ...tableFrom(source.name, source.columns.map(columnOf), source.engine),
  ...source.deduplicateBy === null ? {} : { deduplicateBy: source.deduplicateBy },
})

/** A table of these columns under ENGINE settings. */
export function tableFrom(
  name: string, columns: WantedTable['columns'], engine: EngineDef,
): WantedTable {
  const join = joinArgs(engine)
  return {
    name, columns,
    engine: engine.name,
    engineArgs: {
      version: plainName(engine.version), isDeleted: plainName(engine.isDeleted),
      sign: plainName(engine.sign), columns: engine.columns, ...join === null ? {} : { join },
    },
    partitionBy: engine.partitionKey?.text.trim() || 'tuple()',
    sortBy: join?.keys ?? splitKey(engine.sortingKey?.text ?? engine.primaryKey?.text ?? null),
    ttl: engine.ttl?.text ?? null,
    ...plainSampling(engine.samplingKey?.text.trim() ?? ''),
    settings: engine.settings,
  }
}

/** The engine of a target that no file describes: states combine by what the rows are of. */
export function engineFor(columns: readonly { readonly name: string; readonly type: string }[]): EngineDef {
  const isState = (type: string): boolean => /^(Simple)?AggregateFunction\(/.test(type)
  const keys = columns.filter(({ type }) => !isState(type)).map(({ name }) => `\`${name}\``)
  const hasStates = keys.length < columns.length
  const sortingKey = hasStates && keys.length > 0 ? keys.join(', ') : 'tuple()'
  return {
    name: hasStates ? 'AggregatingMergeTree' : 'MergeTree', partitionKey: null,
    sortingKey: { file: '', line: 1, column: 1, text: sortingKey }, primaryKey: null, samplingKey: null, ttl: null,
    version: null, isDeleted: null, sign: null, columns: [], settings: {},
    joinStrictness: null, joinType: null, joinKeys: [],
  }
}

/** What a Join table is for; null: it is none. */
function joinArgs({ name, joinStrictness, joinType, joinKeys }: EngineDef): JoinArgs | null {
  if (name !== 'Join') return null
  return {
    strictness: (joinStrictness?.text ?? 'any').toLowerCase() as JoinArgs['strictness'],
    kind: (joinType?.text ?? 'left').toLowerCase() as JoinArgs['kind'],
    keys: joinKeys.map((key) => plainName(key) as string),
  }
}

const plainSampling = (text: string): { sampleBy?: string } => (text === '' ? {} : { sampleBy: text })

/** How long a quarantine keeps its rows. */
const QUARANTINE_DAYS = 30

/** The quarantine of a table: its columns as strings, and why the row is here. */
export function quarantineOf(source: { readonly name: string; readonly columns: readonly { readonly name: string }[] }): WantedTable {
  const text = (name: string) => ({ name, type: 'Nullable(String)', defaultExpr: null })
  return {
    name: `${source.name}${QUARANTINE_SUFFIX}`,
    columns: [
      ...source.columns.map((column) => text(quarantinedName(column.name))),
      { name: 'c__error_column', type: 'Array(String)', defaultExpr: null },
      { name: 'c__error', type: 'Array(String)', defaultExpr: null },
      text('c__import_id'),
      { name: 'insertion_date', type: 'DateTime', defaultExpr: null },
      text('c__row'),
    ],
    engine: 'MergeTree', partitionBy: 'toYYYYMM(insertion_date)', sortBy: ['insertion_date'],
    ttl: `insertion_date + toIntervalDay(${QUARANTINE_DAYS})`, settings: {},
  }
}

/** What stands in the way of a change, and where its file says it. */
export type Incompatibility = { readonly why: string; readonly placeIn: (source: DatasourceDef) => Place | null | undefined }

/** What stands in the way of turning the stored table into the wanted one; null: nothing. */
export function incompatibility(stored: TableMeta, wanted: WantedTable): Incompatibility | null {
  if (stored.sortBy.join(', ') !== wanted.sortBy.join(', ')) {
    const why = `its sorting key was (${stored.sortBy.join(', ')}) and is now (${wanted.sortBy.join(', ')})`
    return { why, placeIn: ({ engine }) => engine.sortingKey ?? engine.primaryKey }
  }
  if (stored.partitionBy !== wanted.partitionBy) {
    return { why: `its partition key was ${stored.partitionBy} and is now ${wanted.partitionBy}`, placeIn: ({ engine }) => engine.partitionKey }
  }
  // Rows of a Join table go when others of their keys are there, for good; others combine by what the file says.
  const [before, now] = [stored, wanted].map(engineText)
  if (before !== now && (before.startsWith('Join') || now.startsWith('Join'))) {
    return { why: `its engine was ${before} and is now ${now}`, placeIn: () => null }
  }
  for (const column of wanted.columns) {
    const placeIn = ({ columns }: DatasourceDef) => columns.find(({ name }) => name === column.name)
    const before = stored.columns.find(({ name }) => name === column.name)
    if (before !== undefined && before.type !== column.type) {
      return { why: `column ${column.name} was ${before.type} and is now ${column.type}`, placeIn }
    }
    if (before === undefined && column.defaultExpr === null && !hasTypeDefault(column.type)) {
      return { why: `column ${column.name} is new and has no default`, placeIn }
    }
  }
  return null
}

/** An engine, with the kind of join that a Join table is for. */
function engineText({ engine, engineArgs }: WantedTable): string {
  const { join } = engineArgs ?? {}
  return join === undefined ? engine : `${engine} (${join.strictness} ${join.kind}, by ${join.keys.join(', ')})`
}

/** Rows from before a new column show its default: every type but an aggregate state has one. */
const hasTypeDefault = (type: string): boolean =>
  isNullable(parseDataType(type)) || !type.startsWith('AggregateFunction')

/** True where the stored table is what the project wants. */
export function isSame(stored: TableMeta, wanted: WantedTable): boolean {
  const plain = (columns: readonly Omit<ColumnSpec, 'id'>[]) =>
    columns.map(({ name, type, defaultExpr }) => [name, type, defaultExpr])
  const facts = (table: WantedTable) => JSON.stringify(
    [plain(table.columns), table.ttl, table.settings, table.engine, table.engineArgs ?? null, table.deduplicateBy ?? null, table.sampleBy ?? null])
  return facts(stored) === facts(wanted)
}
