// FROM: a table, a subquery, a common table expression or a table function, as a plan and the names
// by which its columns are known.

import { parseDataType } from '../../storage/column/parse-type.ts'
import { FLOAT64, isNullable, STRING, type DataType } from '../../storage/column/data-type.ts'
import { quoteName } from '../../storage/column/type-names.ts'
import type { TableMeta } from '../../storage/face.ts'
import { joinKeeps } from '../../storage/join-rows.ts'
import type {
  Expression, Sample, TableExpression, TableName, WithQuery,
} from '../sql/ast.ts'
import { parseExpression } from '../sql/parse.ts'
import { planArrayJoin } from './array-join.ts'
import { inSession, typedCall } from './calls.ts'
import { unknownName } from './errors.ts'
import { resolve } from './expressions.ts'
import { planJoin } from './joins.ts'
import { lower, sourceLeaf } from './lower.ts'
import { conjunction, filterOver } from './nodes.ts'
import { QueryError, type PlanNode, type TypedExpr } from './plan.ts'
import { planRecursive, recursiveParts } from './recursive.ts'
import { constant, type Resolved } from './resolved.ts'
import { sampleOf, withFactor } from './sample.ts'
import { planTableFunction, systemTable } from './table-functions.ts'
import { NO_SOURCE, Scope, sourceOf, type Source } from './scope.ts'

export type Origin = { readonly node: PlanNode; readonly source: Source }

/** One row without columns: the FROM of `SELECT 1`. */
const ONE: Origin = { node: { op: 'one', columns: [] }, source: NO_SOURCE }

export function planFrom(scope: Scope, from: TableExpression | null): Origin {
  if (from === null) return ONE
  switch (from.kind) {
    case 'join': return planJoin(scope, from, planFrom)
    case 'array join': return planArrayJoin(scope, from, planFrom, resolve)
    default:
  }
  const origin = planOne(scope, from)
  const { alias, columnAliases } = from
  const [own] = origin.source.tables
  const columns = origin.source.columns.map((column, i) =>
    ({ ...column, name: columnAliases?.[i] ?? column.name }))
  return {
    node: origin.node,
    source: { columns, tables: [alias === undefined ? own : [alias, ...own]] },
  }
}

/** SAMPLE of what has no sampling key. */
function refuseSample(sample: Sample | null, what: string, code: string): void {
  if (sample !== null) throw new QueryError(`SAMPLE: ${what}`, sample, code)
}

function planOne(scope: Scope, from: Extract<TableExpression, { kind: 'table' | 'table function'
  | 'table subquery' }>): Origin {
  switch (from.kind) {
    case 'table': return planTable(scope, from)
    case 'table subquery':
      refuseSample(from.sample, 'a subquery has no sampling key', 'UNSUPPORTED_METHOD')
      if (from.final) throw new QueryError('A subquery has no FINAL', from, 'UNSUPPORTED_METHOD')
      // ClickHouse numbers every subquery, and calls scalars by their number.
      scope.analysis.subqueryName(from.query)
      return originOf(scope.analysis.planQuery(from.query, scope), [])
    case 'table function':
      refuseSample(from.sample, 'a table function has no sampling key', 'SAMPLING_NOT_SUPPORTED')
      return originOf(planTableFunction(scope, from), [])
    default: return from satisfies never
  }
}

function originOf(node: PlanNode, qualifiers: readonly string[]): Origin {
  const columns = node.columns.map(({ name, type }) => ({ name, type: parseDataType(type) }))
  return { node, source: sourceOf(columns, qualifiers) }
}

function planTable(scope: Scope, from: TableName): Origin {
  const name = from.parts.at(-1) as string
  const system = systemTable(from.parts)
  if (system !== null) return originOf(system, [name])
  const working = from.parts.length === 1 ? scope.findWorking(name) : null
  if (working !== null) return originOf(working, [name])
  const found = from.parts.length === 1 ? scope.findCte(name) : null
  if (found !== null) return planCte(found.cte, found.scope, name, from)
  // `workspace.name` is a shared data source; `default.name` and the like name one of our own.
  const { analysis } = scope
  const { catalog } = analysis
  const written = from.parts.join('.')
  const table = catalog.table(written) ?? (from.parts.length > 1 ? catalog.table(name) : null)
  if (table === null) {
    const known = [...catalog.tableNames(), ...catalog.pipeNames?.() ?? [], ...cteNames(scope)]
    throw unknownName('table', written, known, from, 'UNKNOWN_TABLE')
  }
  // A Join table is one row of each key from the moment on that a second one is inserted.
  const final = from.final || !['all', null].includes(joinKeeps(table))
    || (analysis.isSet('final') && COMBINING.test(table.engine))
  if (from.final && !COMBINING.test(table.engine)) {
    throw new QueryError(`${name} is a ${table.engine}: its rows do not combine, so it has no FINAL`,
      from, 'ILLEGAL_FINAL')
  }
  const qualifiers = [...new Set([table.name, name])]
  const scan = analysis.inServerZone(() => planScan(scope, table, final, qualifiers))
  const origin = analysis.sessionZone() === null ? scan : ofSession(scope, scan, from)
  if (table.sampleBy != null) return sampled(scope, table, table.sampleBy, origin, from)
  refuseSample(from.sample, `${name} has no sampling key (ENGINE_SAMPLING_KEY)`,
    'SAMPLING_NOT_SUPPORTED')
  return origin
}

/** The columns of a table with moments of the session's zone. */
function ofSession(scope: Scope, { node, source }: Origin, span: TableName): Origin {
  const { analysis } = scope
  const values = source.columns.map(({ name, type }, index) =>
    inSession(analysis, { kind: 'column', index, type, name, span }, span))
  return {
    node: {
      op: 'project', input: node, exprs: values.map((value) => lower(analysis, value, sourceLeaf)),
      columns: values.map(({ type }, i) => ({ name: node.columns[i].name, type: type.name })),
    },
    source: { ...source, columns: source.columns.map((column, i) => ({ ...column, type: values[i].type })) },
  }
}

/** A table with a sampling key: the rows that SAMPLE asks for, and _sample_factor. */
function sampled(
  scope: Scope, table: TableMeta, key: string, { node, source }: Origin, { sample }: TableName,
): Origin {
  const inner = new Scope(scope.analysis, null)
  inner.source = source
  const made = (text: string): Resolved => resolve(inner, parseExpression(text))
  for (const slot of sample?.slots ?? []) scope.analysis.slots.consume(slot)
  const { condition, factor } = sample === null ? { condition: null, factor: '1.' }
    : sampleOf(sample, key, made(key).type, `(SELECT count() FROM ${quoteName(table.name)})`)
  const lowered = (text: string) => lower(scope.analysis, made(text), sourceLeaf)
  const rows = condition === null ? node : filterOver(node, [lowered(condition)])
  return {
    node: withFactor(rows, lowered(`toFloat64(${factor})`)),
    source: { ...source, columns: [...source.columns,
      { name: '_sample_factor', type: FLOAT64, table: 0, isOutsideStar: true }] },
  }
}

/** Engines whose rows of one sorting key combine. */
const COMBINING = /^(Replacing|Summing|Aggregating|Collapsing|VersionedCollapsing)MergeTree$/

const cteNames = (scope: Scope | null): string[] =>
  (scope === null ? [] : [...scope.ctes.keys(), ...cteNames(scope.parent)])

/** A CTE is planned where it is used, in the scope that declares it: twice used, twice planned. It
 * does not see itself, so that `WITH t AS (SELECT … FROM t)` reads the table. */
function planCte(cte: WithQuery, scope: Scope, name: string, from: TableName): Origin {
  if (from.final) throw new QueryError('A subquery has no FINAL', from, 'UNSUPPORTED_METHOD')
  refuseSample(from.sample, `${name} is a query, which has no sampling key`, 'UNSUPPORTED_METHOD')
  scope.analysis.subqueryName(cte.query)
  scope.analysis.countExpansion(from)
  scope.ctes.delete(name)
  try {
    const parts = scope.recursive.has(name) ? recursiveParts(cte) : null
    const node = parts === null ? scope.analysis.planQuery(cte.query, scope) : planRecursive(scope, cte, parts)
    const origin = originOf(node, [name])
    const columns = origin.source.columns.map((column, i) =>
      ({ ...column, name: cte.columns[i] ?? column.name }))
    return { node: origin.node, source: sourceOf(columns, [name]) }
  } finally {
    scope.ctes.set(name, cte)
  }
}

// ------------------------------------------------------------------------------------- tables

/** A scan of all columns; passes drop those that nothing reads. */
function planScan(
  scope: Scope, table: TableMeta, final: boolean, qualifiers: readonly string[],
): Origin {
  const { analysis } = scope
  const columns = table.columns.map(({ name, type }) => ({ name, type: parseDataType(type).name }))
  const inner = new Scope(analysis, null)
  inner.source = sourceOf(
    table.columns.map(({ name, type }) => ({ name, type: parseDataType(type) })), [table.name])
  const { catalog } = analysis
  const token = catalog.tokenFilter?.(table.name) ?? null
  const sight = catalog.sight?.(table) ?? null
  const always = [token, sight === null ? null : parseExpression(sight), keysOfJoin(table)].flatMap((condition) =>
    (condition === null ? [] : [lower(analysis, resolve(inner, condition), sourceLeaf)]))
  analysis.tables.add(table.name)
  return originOf({
    op: 'scan', table: table.name, tableId: table.id, final, columns, filter: null, before: null,
    columnIds: table.columns.map((column) => column.id),
    tokenFilter: conjunction(always),
    defaults: table.columns.map((column) => (column.defaultExpr === null ? null
      : defaultOf(inner, table, column.name, column.defaultExpr, column.type))),
  }, qualifiers)
}

/** A Join table has no rows with NULL in a key. */
function keysOfJoin({ engineArgs, columns }: TableMeta): Expression | null {
  const keys = (engineArgs?.join?.keys ?? []).filter((key) =>
    columns.some(({ name, type }) => name === key && isNullable(parseDataType(type))))
  return keys.length === 0 ? null
    : parseExpression(keys.map((key) => `isNotNull(${quoteName(key)})`).join(' AND '))
}

/** DEFAULT as an expression over the table's columns, of the column's type. */
function defaultOf(
  scope: Scope, table: TableMeta, column: string, text: string, type: string,
): TypedExpr {
  try {
    return expressionOver(scope, parseExpression(text), parseDataType(type))
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new QueryError(`DEFAULT of column '${column}' of ${table.name}: ${why}`, null,
      error instanceof QueryError ? error.code : 'BAD_ARGUMENTS')
  }
}

/** An expression over the source of a scope; `type`: what it is cast to, null: what it is. */
export function expressionOver(
  scope: Scope, expr: Expression, type: DataType | null,
): TypedExpr {
  let value: Resolved = resolve(scope, expr)
  if (type !== null && value.type !== type) {
    value = typedCall(scope.analysis, 'CAST', [value, constant(type.name, STRING)], expr)
  }
  return lower(scope.analysis, value, sourceLeaf)
}
