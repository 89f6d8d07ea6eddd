// Passes on LIMIT: below projections, into the queries of a UNION ALL, and into the sort under it.

import { mapInputs } from './nodes.ts'
import type { PlanNode } from './plan.ts'

/** LIMIT goes below projections (a projection keeps the number of rows), and each query of a UNION
 * ALL yields no more than the whole may. */
export function pushLimits(root: PlanNode): PlanNode {
  const node = mapInputs(root, pushLimits)
  if (node.op !== 'limit') return node
  const { input } = node
  if (input.op === 'project') {
    const below: PlanNode = { ...node, input: input.input, columns: input.input.columns }
    return { ...input, input: pushLimits(below), columns: node.columns }
  }
  if (input.op === 'union' && node.limit !== null && node.offset === null) {
    const { limit } = node
    const inputs = input.inputs.map((part): PlanNode => (part.op === 'limit' ? part
      : pushLimits({ op: 'limit', input: part, limit, offset: null, columns: part.columns })))
    return { ...node, input: { ...input, inputs } }
  }
  return node
}

/** The sort under a LIMIT need not keep more rows than LIMIT and OFFSET want. */
export function fuseLimits(root: PlanNode): PlanNode {
  const node = mapInputs(root, fuseLimits)
  if (node.op !== 'limit' || node.limit === null || node.input.op !== 'sort') return node
  const { limit, offset } = node
  if (limit.expr !== undefined || offset?.expr !== undefined) return node
  return { ...node, input: { ...node.input, limit: { limit, offset: offset ?? NONE } } }
}

const NONE = { value: 0, slot: -1 }
