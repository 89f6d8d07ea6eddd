// WITH RECURSIVE: the parts of a UNION ALL that do not read the table under definition are its first
// rows; the others are asked again and again, over the rows that they gave last, until they give none.
//
//   WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 9) -> base, step
//
// Invariant: a column's type holds what the first rows and every later ones give: types are joined
// until they no longer change.

import type { DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { leastSupertype } from '../functions/values/types.ts'
import type { Query, SetOperation, WithQuery } from '../sql/ast.ts'
import { withSpan } from './errors.ts'
import { QueryError, type OutputColumn, type PlanNode } from './plan.ts'
import type { Scope } from './scope.ts'
import { castColumns } from './sets.ts'

const DEPTH_MAX_DEFAULT = 1000
/** Integers double four times at most before they keep their width. */
const TYPE_ROUNDS_MAX = 8

/** The two halves of a recursive table; null: the query does not read itself. */
export function recursiveParts(
  { name, query }: WithQuery): { readonly query: SetOperation; readonly base: Query[]; readonly step: Query[] } | null {
  if (!reads(query, name) || query.kind !== 'set') return null
  const base = query.queries.filter((part) => !reads(part, name))
  const step = query.queries.filter((part) => reads(part, name))
  if (query.operator !== 'union all' || base.length === 0) {
    throw new QueryError(`The recursive table ${name} must be a UNION ALL of parts that do not read it and `
      + 'parts that do', query, 'UNSUPPORTED_METHOD')
  }
  return { query, base, step }
}

/** Whether a table of this name is read anywhere in a query. */
function reads(query: Query, name: string): boolean {
  const walk = (node: unknown): boolean => {
    if (Array.isArray(node)) return node.some(walk)
    if (node === null || typeof node !== 'object') return false
    const { kind, parts } = node as { kind?: unknown; parts?: unknown }
    if (kind === 'table' && Array.isArray(parts) && parts.length === 1 && parts[0] === name) return true
    return Object.values(node).some(walk)
  }
  return walk(query)
}

/** The rows of a recursive table. `scope` declares it, without its own name. */
export function planRecursive(
  scope: Scope, cte: WithQuery, parts: NonNullable<ReturnType<typeof recursiveParts>>): PlanNode {
  const { analysis } = scope
  const base = parts.base.map((part) => analysis.planQuery(part, scope))
  const number = analysis.newRecursion()
  const names = base[0].columns.map((column, i) => cte.columns[i] ?? column.name)
  let types = commonTypes(parts.query, base)
  for (let round = 0; ; round++) {
    const columns = names.map((column, i): OutputColumn => ({ name: column, type: types[i].name }))
    scope.working.set(cte.name, { op: 'rows', recursion: number, isWorking: true, columns })
    const step = planSteps(scope, cte.name, parts.step)
    const wider = commonTypes(parts.query, [...base, ...step])
    if (round < TYPE_ROUNDS_MAX && wider.some((type, i) => type !== types[i])) {
      types = wider
      continue
    }
    const depth = Number(analysis.setting('max_recursive_cte_evaluation_depth') ?? DEPTH_MAX_DEFAULT)
    analysis.recursions[number] = {
      base: joined(base, types, columns, parts.query),
      step: joined(step, types, columns, parts.query), depthMax: depth,
    }
    return { op: 'rows', recursion: number, isWorking: false, columns }
  }
}

function planSteps(scope: Scope, name: string, step: readonly Query[]): PlanNode[] {
  try {
    return step.map((part) => scope.analysis.planQuery(part, scope))
  } finally {
    scope.working.delete(name)
  }
}

function commonTypes(query: SetOperation, nodes: readonly PlanNode[]): DataType[] {
  const width = nodes[0].columns.length
  if (nodes.some((node) => node.columns.length !== width)) {
    throw new QueryError('All parts of a recursive table must have as many columns', query,
      'UNION_ALL_RESULT_STRUCTURES_MISMATCH')
  }
  return nodes[0].columns.map((_, i) => withSpan(query, () =>
    leastSupertype(nodes.map((node) => parseDataType(node.columns[i].type)))))
}

function joined(
  nodes: readonly PlanNode[], types: readonly DataType[],
  columns: readonly OutputColumn[], query: SetOperation,
): PlanNode {
  const inputs = nodes.map((node) => castColumns(node, types, { at: query.at, end: query.end }))
  return { op: 'union', inputs, columns }
}
