// Which side of a join becomes its table: the one with fewer rows, where the kind of join allows both.
// A LEFT join builds a right side that is small all the same, so that its rows come in the left side's
// order: endpoints that fill gaps (times LEFT JOIN counts) lean on it, as ClickHouse answers them.
// Invariant: every worker of a query sees the same row sets, so all decide alike.

import type { PlanNode } from '../../plan/plan.ts'
import type { IsLeftBuilt } from '../runtime/stages.ts'

type JoinNode = Extract<PlanNode, { op: 'join' }>

/** Rows that a filter keeps of ten, as long as nothing better is known. */
const KEPT_OF_TEN = 2
/** Rows for one group, in the same spirit. */
const ROWS_A_GROUP = 8

/** So many rows are a table in a millisecond or two. */
const SMALL_ROWS = 65_536

/** `rowsOf`: rows of a stored table. */
export function joinSides(rowsOf: (tableId: number) => number): IsLeftBuilt {
  const known = new Map<JoinNode, boolean>()
  return (join) => {
    let isLeft = known.get(join)
    if (isLeft === undefined) known.set(join, isLeft = isLeftBuilt(join, rowsOf))
    return isLeft
  }
}

/** any, semi, anti and asof look each row of one side up in the other. */
function isLeftBuilt(join: JoinNode, rowsOf: (tableId: number) => number): boolean {
  if (join.strictness !== 'all') return join.kind === 'right'
  const keepsLeft = join.kind === 'left' || join.kind === 'full'
  if (keepsLeft && estimatedRows(join.right, rowsOf) <= SMALL_ROWS) return false
  return bytesOf(join.left, rowsOf) < bytesOf(join.right, rowsOf)
}

const bytesOf = (node: PlanNode, rowsOf: (tableId: number) => number): number =>
  estimatedRows(node, rowsOf) * (node.columns.length + 1)

/** Recursive tables are small. */
const RECURSION_ROWS = 1000

/** A guess, never a promise. */
function estimatedRows(node: PlanNode, rowsOf: (tableId: number) => number): number {
  const below = (input: PlanNode) => estimatedRows(input, rowsOf)
  switch (node.op) {
    case 'one': return 1
    case 'rows': return RECURSION_ROWS
    case 'generate': {
      const [last] = node.args.slice(-1)
      return last?.kind === 'literal' ? Number(last.value) : Number.MAX_SAFE_INTEGER
    }
    case 'scan': {
      const rows = rowsOf(node.tableId)
      return node.filter === null ? rows : rows * KEPT_OF_TEN / 10
    }
    case 'filter': return below(node.input) * KEPT_OF_TEN / 10
    case 'aggregate': return node.keys.length === 0 ? 1 : below(node.input) / ROWS_A_GROUP
    case 'union': return node.inputs.reduce((sum, input) => sum + below(input), 0)
    case 'join': return Math.max(below(node.left), below(node.right))
    case 'limit': return Math.min(below(node.input), node.limit?.value ?? Number.MAX_SAFE_INTEGER)
    default: return below(node.input)
  }
}
