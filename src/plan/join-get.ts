// joinGet and joinGetOrNull: a column of a Join table by its keys. The table's rows are looked up as those
// of a correlated subquery are (correlated.ts): a hash join that gives each row at most one other.
//
//   rows ANY LEFT JOIN (SELECT keys, column FROM the table) ON keys = arguments
//
// Invariant: equal look-ups of a statement are one.

import { bareType, isNullable, nullableOf, type DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { JoinArgs, TableMeta } from '../../storage/face.ts'
import { nullableIfPossible } from '../functions/values/types.ts'
import type { Expression, FunctionCall } from '../sql/ast.ts'
import { nearestName } from '../sql/suggest.ts'
import { notYet, unknownName } from './errors.ts'
import { foldValue } from './fold.ts'
import { QueryError, type PlanNode, type Span } from './plan.ts'
import { findIn, isConstant, type Resolved } from './resolved.ts'
import type { Scope } from './scope.ts'

export const JOIN_GET = /^joinGet(OrNull)?$/

/** `joinGet('table', 'column', key, …)`. */
export function typedJoinGet(
  scope: Scope, expr: FunctionCall, resolve: (scope: Scope, expr: Expression) => Resolved,
): Resolved {
  const [named, column, ...keys] = expr.args
  if (keys.length === 0) {
    throw new QueryError(`Function ${expr.name} takes the name of a Join table, that of a column and the keys`,
      expr, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  const table = tableNamed(scope, named, expr.name)
  const join = joinOfTable(table, named)
  const outer = keys.map((key) => resolve(scope, key))
  checkKeys(table, join, outer, keys, expr)
  const name = columnNamed(scope, table, join, resolve(scope, column), column)
  const { plan, number } = rowsOf(scope, table, [...join.keys, name], expr)
  const own = parseDataType(plan.columns[join.keys.length].type)
  if (outer.some((key) => findIn(key, ({ kind }) => kind === 'parameter') !== null)) {
    throw notYet(`${expr.name} in a lambda`, expr)
  }
  const type = expr.name === 'joinGet' ? own : orNull(own, expr)
  return { kind: 'correlated', plan, outer, type, span: expr, domain: null, number: number * 2 + (type === own ? 0 : 1) }
}

/** The table that the first argument names: a text, or the name itself. */
function tableNamed({ analysis: { catalog } }: Scope, expr: Expression, called: string): TableMeta {
  const written = expr.kind === 'identifier' ? expr.parts.join('.')
    : expr.kind === 'literal' && expr.type === 'string' && expr.slot === undefined ? expr.value : null
  if (written === null) {
    throw new QueryError(`The first argument of ${called} is the name of a table, as it is or in quotes`, expr,
      'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  const table = catalog.table(written)
    ?? (written.includes('.') ? catalog.table(written.slice(written.lastIndexOf('.') + 1)) : null)
  if (table === null) throw unknownName('table', written, catalog.tableNames(), expr, 'UNKNOWN_TABLE')
  return table
}

function joinOfTable({ name, engine, engineArgs }: TableMeta, span: Span): JoinArgs {
  const join = engineArgs?.join
  if (join === undefined) {
    throw new QueryError(`${name} is a ${engine}: joinGet reads tables of ENGINE "Join"`, span, 'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  if (join.strictness !== 'any' || join.kind !== 'left') {
    throw new QueryError(`${name} is for ${join.strictness.toUpperCase()} ${join.kind.toUpperCase()} JOIN: joinGet `
      + 'reads tables of ENGINE_JOIN_STRICTNESS "ANY" and ENGINE_JOIN_TYPE "LEFT"', span, 'INCOMPATIBLE_TYPE_OF_JOIN')
  }
  return join
}

/** Keys are of the table's types, NULL and LowCardinality aside: nothing is cast. */
function checkKeys(
  table: TableMeta, { keys }: JoinArgs, given: readonly Resolved[], written: readonly Expression[], span: Span,
): void {
  if (given.length !== keys.length) {
    throw new QueryError(`${table.name} has ${keys.length === 1 ? 'one key' : `${keys.length} keys`} (${keys.join(', ')}), `
      + `not ${given.length}`, span, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  keys.forEach((key, i) => {
    const wanted = bareType(typeOf(table, key))
    const own = bareType(given[i].type)
    if (own === wanted) return
    throw new QueryError(`The key ${key} of ${table.name} is ${wanted.name}, not ${own.name}: write `
      + `CAST(…, '${wanted.name}')`, written[i], 'TYPE_MISMATCH')
  })
}

const typeOf = (table: TableMeta, name: string): DataType =>
  parseDataType((table.columns.find((column) => column.name === name) ?? { type: 'Nothing' }).type)

function columnNamed(
  { analysis }: Scope, table: TableMeta, { keys }: JoinArgs, value: Resolved, span: Span,
): string {
  const name = isConstant(value) ? foldValue(analysis, value) : undefined
  if (typeof name !== 'string') {
    throw new QueryError('The second argument of joinGet is the name of a column, in quotes', span, 'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  const known = table.columns.map((column) => column.name).filter((one) => !keys.includes(one))
  if (known.includes(name)) return name
  const near = nearestName(name, known)
  const hint = near === null ? `; beside its keys it has ${known.join(', ')}` : `. Did you mean '${near}'?`
  throw new QueryError(keys.includes(name) ? `${name} is a key of ${table.name}: joinGet reads the other columns`
    : `${table.name} has no column '${name}'${hint}`, span, 'NO_SUCH_COLUMN_IN_TABLE')
}

/** The table's keys and the column, whatever WITH around calls the same. */
function rowsOf(
  { analysis }: Scope, table: TableMeta, names: readonly string[], { at, end }: Span,
): { readonly plan: PlanNode; readonly number: number } {
  const text = JSON.stringify([table.name, names])
  const known = analysis.lookups.get(text)
  if (known !== undefined) return known
  const plan = analysis.planQuery({
    kind: 'select', with: [], recursive: false, distinct: false, distinctOn: null,
    select: names.map((name) => ({ kind: 'identifier', parts: [name], at, end })),
    from: { kind: 'table', parts: [table.name], final: false, sample: null, at, end },
    prewhere: null, where: null, groupBy: null, having: null, windows: [], qualify: null,
    orderBy: null, limitBy: null, limit: null, settings: [], at, end,
  }, null)
  // Numbers of correlated subqueries are from 0 upwards.
  const made = { plan, number: -1 - analysis.lookups.size }
  analysis.lookups.set(text, made)
  return made
}

/** The type of a value that may be missing. */
function orNull(type: DataType, span: Span): DataType {
  if (isNullable(type)) return type
  if (type.id === 'LowCardinality') {
    throw new QueryError(`joinGetOrNull gives no ${type.name}, which cannot be in a Nullable: write joinGet`, span,
      'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  return nullableIfPossible(type) === type ? type : nullableOf(type)
}
