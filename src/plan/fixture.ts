// The tables that the tests of the analyzer read, for Pipit and for the oracle, and one-line ways
// to ask either.

import type { TableMeta } from '../../storage/face.ts'
import { parseQuery } from '../sql/parse.ts'
import { Analysis } from './analysis.ts'
import { analyze, planQuery, type Catalog, type SlotInfo } from './analyze.ts'
import { QueryError, type PlanNode, type TypedPlan } from './plan.ts'

const EVENTS: readonly (readonly [name: string, type: string])[] = [
  ['timestamp', 'DateTime'], ['session_id', 'String'], ['user_id', 'String'], ['type', 'String'],
  ['tag', 'LowCardinality(String)'], ['metadata', 'String'],
]

const TYPED: readonly (readonly [name: string, type: string])[] = [
  ['ts', 'DateTime'], ['s', 'String'], ['a', 'Int32'], ['b', 'UInt8'], ['f', 'Float64'],
  ['n', 'Nullable(Int32)'], ['ns', 'Nullable(String)'], ['lc', 'LowCardinality(String)'],
  ['lcn', 'LowCardinality(Nullable(String))'], ['arr', 'Array(String)'], ['nums', 'Array(Int32)'],
  ['m', 'Map(String, String)'], ['d', 'Date'], ['d64', 'DateTime64(3)'],
  ['dec', 'Decimal(10, 2)'], ['en', "Enum8('x' = 1, 'y' = 2)"], ['u64', 'UInt64'],
  ['i64', 'Int64'], ['bo', 'Bool'],
]

const tableOf = (name: string, id: number, columns: typeof EVENTS): TableMeta => ({
  name, id, schemaVersion: 1, engine: 'MergeTree', partitionBy: '', sortBy: [columns[0][0]], ttl: null,
  settings: {},
  columns: columns.map(([column, type], i) =>
    ({ id: i + 1, name: column, type, defaultExpr: null })),
})

const TABLES: readonly TableMeta[] = [
  tableOf('app_events', 1, EVENTS), tableOf('typed', 2, TYPED),
  {
    ...tableOf('grown', 3, [['a', 'Int32'], ['b', 'Int64'], ['c', 'String']]),
    columns: [
      { id: 1, name: 'a', type: 'Int32', defaultExpr: null },
      { id: 2, name: 'b', type: 'Int64', defaultExpr: 'a + 1' },
      { id: 5, name: 'c', type: 'String', defaultExpr: null },
    ],
  },
]

export const CATALOG: Catalog = {
  table: (name) => TABLES.find((table) => table.name === name) ?? null,
  tableNames: () => TABLES.map((table) => table.name),
}

/** CREATE TABLE of every table, for the oracle. */
export const CREATE_TABLES: readonly string[] = TABLES.map(({ name, columns }) =>
  `CREATE TABLE ${name} (${columns.map((c) => `${c.name} ${c.type}`).join(', ')})`
  + ' ENGINE = MergeTree ORDER BY tuple()')

/** The plan of a statement. Slots stand in it as `{{value}}`, strings in quotes, numbers of a declared type
 * as templates write them: `{{toInt32('5')}}`. */
export function plan(sql: string, catalog: Catalog = CATALOG): TypedPlan {
  const slots: (SlotInfo & { start: number; end: number; secret: boolean })[] = []
  let text = ''
  for (const [i, piece] of sql.split(/\{\{|\}\}/).entries()) {
    if (i % 2 === 1) {
      const [, declared, digits = piece] = /^to(U?Int\d+|Float\d+)\('(.*)'\)$/.exec(piece) ?? []
      const isText = piece.startsWith("'")
      const isFloat = declared === undefined ? /[.e]/.test(piece) : declared.startsWith('Float')
      const value = isText ? piece.slice(1, -1) : isFloat ? Number(digits) : BigInt(digits)
      const type = declared ?? (isText ? 'String' : isFloat ? 'Float' : 'Int')
      const start = text.length
      slots.push({ start, end: start + piece.length, type, value, secret: false })
    }
    text += piece
  }
  return analyze(parseQuery(text, { slots }), catalog, slots)
}

/** The plan before any pass. */
export const rawPlan = (sql: string): PlanNode =>
  new Analysis(CATALOG, [], planQuery).planQuery(parseQuery(sql), null)

/** `name Type, …` of the result. */
export const metaOf = (sql: string): string =>
  plan(sql).root.columns.map(({ name, type }) => `${name} ${type}`).join(', ')

/** What the analyzer refuses: `piece of SQL: message`. */
export function errorOf(sql: string): string {
  try {
    plan(sql)
  } catch (error) {
    if (error instanceof QueryError) return `${sql.slice(error.at, error.end)}: ${error.message}`
    throw error
  }
  return 'no error'
}
