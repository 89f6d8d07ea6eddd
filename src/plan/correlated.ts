// Subqueries that read columns of the query around: `(SELECT max(w) FROM u WHERE u.id = t.id)`. Where
// the two meet in equalities only, the subquery becomes rows by those keys, and the query around looks
// its rows up in them:
//
//   rows ANY LEFT JOIN (SELECT key, value … GROUP BY key) ON key = column of the rows
//
// In other conditions it needs the values themselves: correlated-domain.ts.
// Invariant: a row without a match has NULL, as a scalar without a row has.

import { parseDataType } from '../../storage/column/parse-type.ts'
import { nullableIfPossible } from '../functions/values/types.ts'
import type { Expression, Query, SelectQuery } from '../sql/ast.ts'
import { aggregateNamed } from './aggregates.ts'
import type { Analysis } from './analysis.ts'
import { overRows, typedByDomain } from './correlated-domain.ts'
import { notYet } from './errors.ts'
import { joinOf } from './join-node.ts'
import { lower, type Leaf } from './lower.ts'
import { conjunction } from './nodes.ts'
import type { PlanNode, Span, TypedExpr } from './plan.ts'
import type { CorrelatedExpr, Resolved } from './resolved.ts'
import { Scope, sourceOf, syntaxChildren, type Source } from './scope.ts'

type Resolve = (scope: Scope, expr: Expression) => Resolved
type Pair = { readonly inner: Expression; readonly outer: Expression }

const VALUE = '__value'

/** The value of the subquery for each row around it; `isExists`: 1 where it has a row. */
export function typedCorrelated(
  scope: Scope, query: Query, span: Span, resolve: Resolve, isExists: boolean,
): Resolved {
  if (query.kind !== 'select' || (!isExists && query.select.length !== 1)) {
    throw notYet('correlated subqueries of several columns or queries', span)
  }
  const one: Expression = { kind: 'literal', type: 'number', text: '1', at: span.at, end: span.end }
  const value = isExists ? one : query.select[0]
  return (isSimple(query) ? byKeys(scope, query, value, span, resolve) : null)
    ?? typedByDomain(scope, query, value, span, { resolve, hasAggregate })
}

/** The subquery as rows by keys; null: it meets the query around in more than equalities of WHERE. */
function byKeys(
  scope: Scope, query: SelectQuery, value: Expression, span: Span, resolve: Resolve,
): CorrelatedExpr | null {
  const inner = new Scope(scope.analysis, scope)
  const source = namesOf(scope, query, span)
  if (source === null) return null
  inner.source = source
  const parts = takenApart(inner, query.where)
  if (parts === null) return null
  const { pairs, rest } = parts
  const keys = pairs.map((pair, i): Expression => ({ ...pair.inner, alias: `__key_${i}` }))
  const isGrouped = hasAggregate(value)
  const { at, end } = span
  const plan = scope.analysis.planQuery({
    ...query, select: [...keys, { ...value, alias: VALUE }], where: rest,
    groupBy: isGrouped
      ? { keys: keys.map((key) => ({ ...key, alias: undefined })), all: false, sets: null, rollup: false, cube: false, totals: false, at, end }
      : null,
  }, scope)
  const type = nullableIfPossible(parseDataType(plan.columns[keys.length].type))
  return {
    kind: 'correlated', plan, outer: pairs.map((pair) => resolve(scope, pair.outer)), type, span,
    domain: null, number: scope.analysis.newLambda(),
  }
}

const isSimple = (query: SelectQuery): boolean => query.groupBy === null && query.having === null
  && !query.distinct && query.distinctOn === null && query.limit === null && query.limitBy === null
  && query.qualify === null && query.prewhere === null && query.from !== null

/** The columns of the one table of FROM, and what may stand before them; null: it is not one. */
function namesOf(scope: Scope, query: SelectQuery, { at, end }: Span): Source | null {
  const { from } = query
  if (from === null || from.kind === 'join' || from.kind === 'array join') return null
  const all = scope.analysis.planQuery({
    ...query, where: null, orderBy: null,
    select: [{ kind: 'asterisk', qualifier: [], transformers: [], at, end }],
  }, scope)
  const names = [from.alias, from.kind === 'table' ? from.parts.at(-1) : undefined]
  return sourceOf(all.columns.map(({ name, type }) => ({ name, type: parseDataType(type) })),
    names.filter((name) => name !== undefined))
}

/** The conjuncts of WHERE: equalities of an inner with an outer expression, and those of the inner query
 * alone; null: there are others. */
function takenApart(
  inner: Scope, where: Expression | null,
): { pairs: readonly Pair[]; rest: Expression | null } | null {
  const pairs: Pair[] = []
  const rest: Expression[] = []
  for (const part of where === null ? [] : conjunctsOf(where)) {
    const side = sideOf(inner, part)
    if (side === 'inner' || side === 'none') rest.push(part)
    else if (part.kind === 'call' && part.name === 'equals' && part.args.length === 2) {
      const [left, right] = part.args
      const sides = `${sideOf(inner, left)} ${sideOf(inner, right)}`
      if (sides === 'inner outer') pairs.push({ inner: left, outer: right })
      else if (sides === 'outer inner') pairs.push({ inner: right, outer: left })
      else return null
    } else return null
  }
  if (where === null || pairs.length === 0) return null
  const { at, end } = where
  return {
    pairs,
    rest: rest.length === 0 ? null : rest.length === 1 ? rest[0]
      : { kind: 'call', name: 'and', form: 'operator', args: rest, params: null, at, end },
  }
}

const conjunctsOf = (expr: Expression): readonly Expression[] =>
  (expr.kind === 'call' && expr.name === 'and' ? expr.args.flatMap(conjunctsOf) : [expr])

/** Whose columns an expression reads. */
function sideOf(inner: Scope, expr: Expression): 'none' | 'inner' | 'outer' | 'both' {
  const sides = new Set<string>()
  const visit = (part: Expression): void => {
    if (part.kind === 'identifier') {
      const alias = inner.findColumn(part.parts) === null ? inner.findAlias(part.parts[0]) : null
      // The text of an alias around is read here, too.
      if (alias !== null && !inner.resolving.has(part.parts[0])) {
        inner.resolving.add(part.parts[0])
        visit(alias)
        inner.resolving.delete(part.parts[0])
      } else sides.add(inner.findColumn(part.parts) === null ? 'outer' : 'inner')
    }
    for (const child of syntaxChildren(part)) visit(child)
  }
  visit(expr)
  if (sides.size === 2) return 'both'
  return sides.has('inner') ? 'inner' : sides.has('outer') ? 'outer' : 'none'
}

const hasAggregate = (expr: Expression): boolean =>
  (expr.kind === 'call' && expr.over === undefined && aggregateNamed(expr.name) !== null)
  || syntaxChildren(expr).some(hasAggregate)

/** The rows with the value of a correlated subquery behind their columns. */
export function lookedUp(
  analysis: Analysis, rows: PlanNode, expr: CorrelatedExpr, leaf: Leaf,
): PlanNode {
  const { outer, type, domain } = expr
  const plan = overRows(analysis, rows, expr, leaf)
  const width = rows.columns.length
  const equal = outer.map((key, i): TypedExpr => ({
    // Its own values find each row again, NULL as any other.
    kind: 'call', name: domain === null ? 'equals' : 'isNotDistinctFrom', type: 'UInt8',
    span: { at: 0, end: 0 },
    args: [lower(analysis, key, leaf), { kind: 'column', index: width + i, type: plan.columns[i].type }],
  }))
  const joined = joinOf({
    kind: 'left', strictness: 'any', left: rows, right: plan, asof: null, condition: conjunction(equal),
    types: [...rows.columns, ...plan.columns.slice(0, -1)].map((column) => column.type).concat(type.name),
  })
  const kept = [...rows.columns.keys(), width + outer.length]
  return {
    op: 'project', input: joined,
    columns: kept.map((index) => joined.columns[index]),
    exprs: kept.map((index) => ({ kind: 'column', index, type: joined.columns[index].type })),
  }
}
