// Subqueries inside of expressions: plans of their own whose rows become a set (IN) or whose first
// row becomes one value (scalars, EXISTS). They see the constants of the query around, not its
// columns.

import { nullableOf, UINT64 } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { quoteName } from '../../storage/column/type-names.ts'
import { nullableIfPossible } from '../functions/values/types.ts'
import type { Exists, Identifier, Query, Subquery } from '../sql/ast.ts'
import { typedCall } from './calls.ts'
import type { PlanNode, Span } from './plan.ts'
import { constant, type Resolved } from './resolved.ts'
import type { Scope } from './scope.ts'
import { typedInPlan } from './sets.ts'

const ZERO: Resolved = constant(0)

/** `x IN t` for a table or common table expression t. */
export function tableQuery(scope: Scope, name: Identifier): Query | null {
  const last = name.parts.at(-1) as string
  const isTable = scope.findCte(last) !== null || scope.analysis.catalog.table(last) !== null
  if (!isTable || scope.aliases.has(last) || scope.findColumn(name.parts) !== null) return null
  const { at, end } = name
  return {
    kind: 'select', with: [], recursive: false, distinct: false, distinctOn: null,
    select: [{ kind: 'asterisk', qualifier: [], transformers: [], at, end }],
    from: { kind: 'table', parts: name.parts, final: false, sample: null, at, end },
    prewhere: null, where: null, groupBy: null, having: null, windows: [], qualify: null,
    orderBy: null, limitBy: null, limit: null, settings: [], at, end,
  }
}

/** `left IN (query)`. */
export function typedInQuery(
  scope: Scope, left: readonly Resolved[], query: Query, not: boolean, span: Span,
): Resolved {
  const plan = scope.analysis.planQuery(query, scope)
  const types = plan.columns.map((column) => parseDataType(column.type))
  return typedInPlan(scope.analysis, left, plan, types, not, span)
}

/** A scalar: one value; several columns make a tuple. */
export function typedScalar(scope: Scope, expr: Subquery): Resolved {
  const { analysis } = scope
  analysis.subqueryName(expr)
  let plan = analysis.planQuery(expr.query, scope)
  const isWide = plan.columns.length > 1
  if (isWide) plan = asTuple(plan)
  const own = parseDataType(plan.columns[0].type)
  const type = isWide ? own : nullableIfPossible(own)
  return { kind: 'scalar', scalar: analysis.addScalar(plan, type.name), type }
}

function asTuple(input: PlanNode): PlanNode {
  const args = input.columns.map(({ type }, index) => ({ kind: 'column' as const, index, type }))
  const names = input.columns.map(({ name }) => name)
  const isNamed = new Set(names).size === names.length
  const type = parseDataType(`Tuple(${input.columns.map((column) =>
    (isNamed ? `${quoteName(column.name)} ${column.type}` : column.type)).join(', ')})`).name
  return {
    op: 'project', input, columns: [{ name: 'tuple', type }],
    exprs: [{ kind: 'call', name: 'tuple', args, type, span: { at: 0, end: 0 } }],
  }
}

/** EXISTS: does the first row exist? A scalar of the count of at most one row. */
export function typedExists(scope: Scope, expr: Exists): Resolved {
  const { analysis } = scope
  const input = analysis.planQuery(expr.query, scope)
  const columns = [{ name: 'count()', type: UINT64.name }]
  const plan: PlanNode = {
    op: 'aggregate', keys: [], columns,
    input: {
      op: 'limit', input, limit: { value: 1, slot: -1 }, offset: null, columns: input.columns,
    },
    aggregates: [{
      name: 'count', combinators: [], parameters: [], args: [], argTypes: [], type: UINT64.name,
      span: { at: expr.at, end: expr.end },
    }],
  }
  const type = nullableOf(UINT64)
  const count: Resolved = { kind: 'scalar', scalar: analysis.addScalar(plan, type.name), type }
  return typedCall(analysis, 'ifNull', [
    typedCall(analysis, 'greater', [count, ZERO], expr), ZERO], expr)
}
