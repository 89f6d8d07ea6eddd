// Subqueries that read columns of the query around in any condition (`ev.i > us.age`): the values that
// they read are a table beside their own, each combination once, and the subquery is grouped by them:
//
//   rows ANY LEFT JOIN (SELECT values, value FROM its own tables, values … GROUP BY values) ON values
//
// Invariant: until the rows around are planned, a node without rows stands for the table of values.

import { parseDataType } from '../../storage/column/parse-type.ts'
import { nullableIfPossible } from '../functions/values/types.ts'
import type { Expression, Identifier, Query, SelectQuery, TableExpression } from '../sql/ast.ts'
import { notYet } from './errors.ts'
import { lower, type Leaf } from './lower.ts'
import { mapInputs } from './nodes.ts'
import { QueryError, type PlanNode, type Span } from './plan.ts'
import type { CorrelatedExpr, Resolved } from './resolved.ts'
import { Scope } from './scope.ts'
import type { Analysis } from './analysis.ts'

type Resolve = (scope: Scope, expr: Expression) => Resolved

/** A subquery read a column of the query around it. */
export class CorrelatedQuery extends QueryError {
  readonly expr: Identifier
  constructor(expr: Identifier) {
    super(`not supported yet: correlated subqueries ('${expr.parts.join('.')}' is a column of the `
      + 'query around)', expr, 'NOT_IMPLEMENTED')
    this.expr = expr
  }
}

const TABLE = '__outer'
/** So many columns of the query around may be read. */
const OUTER_MAX = 16

/** The value of the subquery for each row around it. `hasAggregate`: of an expression. */
export function typedByDomain(
  scope: Scope, query: SelectQuery, value: Expression, span: Span,
  { resolve, hasAggregate }: { resolve: Resolve; hasAggregate: (expr: Expression) => boolean },
): CorrelatedExpr {
  if (query.limit !== null || query.limitBy !== null || query.qualify !== null || query.prewhere !== null
    || query.groupBy?.all === true || query.groupBy?.sets != null || query.groupBy?.rollup === true
    || query.groupBy?.cube === true || query.groupBy?.totals === true) {
    throw notYet('correlated subqueries with LIMIT, QUALIFY or GROUPING SETS', span)
  }
  const outer: Resolved[] = []
  let current: SelectQuery = { ...query, select: [{ ...value, alias: '__value' }], orderBy: null }
  for (;;) {
    const domain: PlanNode = {
      op: 'one', columns: outer.map(({ type }, i) => ({ name: `${TABLE}_${i}`, type: type.name })),
    }
    const inner = new Scope(scope.analysis, scope)
    inner.working.set(TABLE, domain)
    try {
      const plan = scope.analysis.planQuery(withValues(current, outer.length, span, hasAggregate), inner)
      const type = nullableIfPossible(parseDataType(plan.columns[outer.length].type))
      return {
        kind: 'correlated', plan, outer, type, span, domain, number: scope.analysis.newLambda(),
      }
    } catch (error) {
      if (!(error instanceof CorrelatedQuery)) throw error
      if (error.expr.parts[0].startsWith(TABLE) || outer.length === OUTER_MAX) {
        throw notYet('this correlated subquery: it reads columns of the query around deep inside', span)
      }
      const replaced = withName(current, error.expr, `${TABLE}_${outer.length}`)
      outer.push(resolve(scope, error.expr))
      current = replaced
    }
  }
}

/** The query with the columns of the query around as a table beside its own, and in front of its list. */
function withValues(
  query: SelectQuery, count: number, { at, end }: Span, hasAggregate: (expr: Expression) => boolean,
): Query {
  const names = Array.from({ length: count }, (_, i): Identifier =>
    ({ kind: 'identifier', parts: [`${TABLE}_${i}`], at, end }))
  const table: TableExpression = { kind: 'table', parts: [TABLE], final: false, sample: null, at, end }
  const from: TableExpression = query.from === null ? table : {
    kind: 'join', join: 'cross', strictness: null, locality: null, left: query.from, right: table,
    on: null, using: null, natural: false, at, end,
  }
  const isGrouped = query.groupBy !== null || query.having !== null || query.select.some(hasAggregate)
  return {
    ...query, from, select: [...names, ...query.select],
    groupBy: !isGrouped ? null : {
      keys: [...names, ...query.groupBy?.keys ?? []], all: false, sets: null, rollup: false,
      cube: false, totals: false, at, end,
    },
  }
}

/** The tree with one identifier under another name; it is plain data, so any field may hold it. */
function withName(query: SelectQuery, { at, end, parts }: Identifier, name: string): SelectQuery {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit)
    if (typeof node !== 'object' || node === null) return node
    const expr = node as Identifier
    if (expr.kind === 'identifier' && expr.at === at && expr.end === end
      && expr.parts.join('.') === parts.join('.')) return { ...expr, parts: [name] }
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)]))
  }
  return visit(query) as SelectQuery
}

/** The subquery's plan over the values that the rows around have. */
export function overRows(
  analysis: Analysis, rows: PlanNode, { plan, outer, domain }: CorrelatedExpr, leaf: Leaf,
): PlanNode {
  if (domain === null) return plan
  const values: PlanNode = {
    op: 'distinct', columns: domain.columns,
    input: {
      op: 'project', input: rows, columns: domain.columns,
      exprs: outer.map((value) => lower(analysis, value, leaf)),
    },
  }
  const visit = (node: PlanNode): PlanNode => (node === domain ? values : mapInputs(node, visit))
  return visit(plan)
}
