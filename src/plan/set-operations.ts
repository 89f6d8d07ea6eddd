// UNION, INTERSECT and EXCEPT. The latter two are joins: rows of the left side that have, or have not,
// an equal one on the right (NULL equals NULL here). Their ALL counts: the third of three equal rows
// looks for a third one on the right, so equal rows are numbered first.

import { parseDataType } from '../../storage/column/parse-type.ts'
import { supertypeOrVariant } from '../functions/values/types.ts'
import { isVariant } from '../functions/values/variant-fields.ts'
import { whichTypeOf } from '../functions/numbers/variants.ts'
import type { Query, SetOperation, WithItem } from '../sql/ast.ts'
import type { Analysis } from './analysis.ts'
import { withSpan } from './errors.ts'
import { joinOf } from './join-node.ts'
import { allColumns } from './nodes.ts'
import { QueryError, type OutputColumn, type PlanNode, type TypedExpr } from './plan.ts'
import type { Scope } from './scope.ts'
import { castColumns } from './sets.ts'

export function planSetOperation(
  analysis: Analysis, query: SetOperation, parent: Scope | null,
): PlanNode {
  const [word, mode = defaultMode(analysis, query)] = query.operator.split(' ')
  const shared = withOf(query.queries[0])
  const inputs = query.queries.map((part, i) => analysis.planQuery(i === 0 ? part : sharing(part, shared), parent))
  const [first] = inputs
  inputs.forEach((input, i) => {
    if (input.columns.length !== first.columns.length) {
      throw new QueryError(`The queries of ${word.toUpperCase()} must have as many columns: the first `
        + `has ${first.columns.length}, number ${i + 1} has ${input.columns.length}`,
      query.queries[i], 'UNION_ALL_RESULT_STRUCTURES_MISMATCH')
    }
  })
  const types = first.columns.map((_, column) => withSpan(query, () =>
    supertypeOrVariant(inputs.map((input) => parseDataType(input.columns[column].type)))))
  const columns = first.columns.map(({ name }, i) => ({ name, type: types[i].name }))
  const cast = inputs.map((input) => castColumns(input, types, { at: query.at, end: query.end }))
  if (word === 'union') {
    const union: PlanNode = { op: 'union', inputs: cast, columns }
    const totals = inputs.map((input) => analysis.totalsOf.get(input)).find((node) => node !== undefined)
    if (totals !== undefined && mode === 'all') {
      analysis.totalsOf.set(union, castColumns(totals, types, { at: query.at, end: query.end }))
    }
    return mode === 'all' ? union : distinct(union, columns)
  }
  return cast.slice(1).reduce((left, right) => compared(left, right, {
    columns, isDistinct: mode === 'distinct', isExcept: word === 'except',
  }), named(cast[0], columns))
}

/** The first query's WITH holds for all of them. */
const withOf = (query: Query): readonly WithItem[] =>
  (query.kind === 'set' ? withOf(query.queries[0]) : query.kind === 'select' ? query.with : [])

/** A later query with the names that the first one's WITH gives, but for those that it gives itself. */
function sharing(query: Query, shared: readonly WithItem[]): Query {
  if (shared.length === 0) return query
  if (query.kind === 'set') return { ...query, queries: query.queries.map((part) => sharing(part, shared)) }
  if (query.kind !== 'select') return query
  const own = new Set(query.with.map(givenName))
  return { ...query, with: [...shared.filter((item) => !own.has(givenName(item))), ...query.with] }
}

const givenName = (item: WithItem): string | null =>
  (item.kind === 'query' ? item.name : item.expr.alias ?? null)

/** What a UNION, INTERSECT or EXCEPT without ALL or DISTINCT means. */
function defaultMode(analysis: Analysis, query: SetOperation): string {
  const mode = String(analysis.setting(`${query.operator}_default_mode`)
    ?? (query.operator === 'union' ? '' : 'ALL')).toLowerCase()
  if (mode !== '') return mode
  throw new QueryError(`Write ${query.operator.toUpperCase()} ALL or DISTINCT: without, it is ambiguous`,
    query, 'EXPECTED_ALL_OR_DISTINCT')
}

const distinct = (input: PlanNode, columns: readonly OutputColumn[]): PlanNode =>
  ({ op: 'distinct', input, columns })

const named = (input: PlanNode, columns: readonly OutputColumn[]): PlanNode =>
  ({ op: 'project', input, exprs: allColumns(input), columns })

type Comparison = {
  readonly columns: readonly OutputColumn[]; readonly isDistinct: boolean; readonly isExcept: boolean
}

function compared(
  left: PlanNode, right: PlanNode, { columns, isDistinct, isExcept }: Comparison,
): PlanNode {
  const [a, b] = isDistinct ? [distinct(left, columns), right] : [numbered(left), numbered(right)]
  const width = a.columns.length
  const span = { at: 0, end: 0 }
  const equalBy = (of: (index: number) => TypedExpr, index: number): TypedExpr => (
    { kind: 'call', name: 'isNotDistinctFrom', type: 'UInt8', span, args: [of(index), of(width + index)] })
  const equal = a.columns.flatMap(({ type }, index): TypedExpr[] => {
    const column = (at: number): TypedExpr => ({ kind: 'column', index: at, type })
    const parsed = parseDataType(type)
    if (!isVariant(parsed)) return [equalBy(column, index)]
    // 4 and 4.0 are equal, but not the same value.
    const which = (at: number): TypedExpr => ({ kind: 'call', name: 'variantType', type: whichTypeOf(parsed).name, span, args: [column(at)] })
    return [equalBy(column, index), equalBy(which, index)]
  })
  const joined = joinOf({
    kind: 'left', strictness: isExcept ? 'anti' : 'semi', left: a, right: b, types: null, asof: null,
    condition: equal.length === 1 ? equal[0]
      : { kind: 'call', name: 'and', args: equal, type: 'UInt8', span },
  })
  return {
    op: 'project', input: joined, columns, exprs: allColumns(joined).slice(0, columns.length),
  }
}

/** Behind the columns the number of the row among the rows that are equal to it in some columns. */
export function numbered(
  input: PlanNode, partition: readonly number[] = [...input.columns.keys()],
): PlanNode {
  const number = {
    name: 'row_number', combinators: [], parameters: [], args: [], argTypes: [], type: 'UInt64',
    span: { at: 0, end: 0 },
  }
  const current = { kind: 'current', direction: 'preceding', offset: 0 } as const
  return {
    op: 'window', input, partition, order: [],
    functions: [{
      call: number, isAggregate: false, frame: { unit: 'rows', start: current, finish: current },
    }],
    columns: [...input.columns, { name: '__number', type: 'UInt64' }],
  }
}
