// JOIN with a table of ENGINE "Join": it is for one kind of join by its keys, and ClickHouse refuses any
// other. A subquery around the table is read as any rows are.

import type { JoinArgs } from '../../storage/face.ts'
import type { Join } from '../sql/ast.ts'
import { QueryError, type JoinKind, type JoinStrictness, type PlanNode } from './plan.ts'
import type { Scope } from './scope.ts'

/** What the right side of a join was made for; null: it is no such table, or every row meets every row. */
export function madeFor({ analysis }: Scope, join: Join, right: PlanNode): JoinArgs | null {
  if (join.right.kind !== 'table' || right.op !== 'scan') return null
  if (join.join === 'cross' || join.join === 'comma' || join.join === 'paste') return null
  return analysis.catalog.table(right.table)?.engineArgs?.join ?? null
}

/** Refuses a join of another kind, and one by anything but the table's keys as they are. */
export function refuseOther(
  made: JoinArgs, join: Join, written: { readonly kind: JoinKind; readonly strictness: JoinStrictness },
  planned: PlanNode,
): void {
  const refuse = (why: string): QueryError => new QueryError(`${why}; write (SELECT * FROM the table) to join it `
    + 'in another way', join.right, 'INCOMPATIBLE_TYPE_OF_JOIN')
  if (made.kind !== written.kind || made.strictness !== written.strictness) {
    throw refuse(`The table is for ${made.strictness.toUpperCase()} ${made.kind.toUpperCase()} JOIN`)
  }
  const found = joinIn(planned)
  if (found === null || found.right.op !== 'scan' || found.on.length !== 1 || found.on[0].residual !== null
    || !isByKeys(found.on[0].keys.map(({ right }) => right), found.right, made)) {
    throw refuse(`The table is joined by its keys (${made.keys.join(', ')}) alone, in their own types`)
  }
}

type JoinNode = Extract<PlanNode, { op: 'join' }>

function joinIn(node: PlanNode): JoinNode | null {
  if (node.op === 'join') return node
  return node.op === 'project' || node.op === 'limit-by' ? joinIn(node.input) : null
}

const isByKeys = (columns: readonly number[], right: PlanNode, { keys }: JoinArgs): boolean =>
  columns.length === keys.length && keys.every((key) =>
    columns.some((index) => right.columns[index]?.name === key))
