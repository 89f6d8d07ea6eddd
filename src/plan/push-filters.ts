// Pass: conditions go down to where their rows come from, through projections (their expressions
// are put in), below GROUP BY where they look at keys only, into every query of a UNION, into the
// scan. They stop at LIMIT, because it counts rows, and at expressions with another value at each
// row.

import { columnsOf, mapColumns, substitute } from './lower.ts'
import { conjunction, conjunctsOf, filterOver, isVolatile, mapInputs } from './nodes.ts'
import type { PlanNode, TypedExpr } from './plan.ts'

export const pushFilters = (root: PlanNode): PlanNode => push(root, [])

/** `node` with `conditions` (over its columns) applied as deep as they go. */
function push(node: PlanNode, conditions: readonly TypedExpr[]): PlanNode {
  switch (node.op) {
    case 'filter': return push(node.input, [...conjunctsOf(node.condition), ...conditions])
    case 'project': {
      const [down, stay] = split(conditions, (condition) =>
        [...columnsOf(condition, new Set())].every((index) => !isVolatile(node.exprs[index])))
      const below = down.map((condition) => substitute(condition, (index) => node.exprs[index]))
      return filterOver({ ...node, input: push(node.input, below) }, stay)
    }
    case 'aggregate': {
      const { keys } = node
      const [down, stay] = split(conditions, (condition) => keys.length > 0
        && [...columnsOf(condition, new Set())].every((index) => index < keys.length))
      const below = down.map((condition) => mapColumns(condition, (index) => keys[index]))
      return filterOver({ ...node, input: push(node.input, below) }, stay)
    }
    case 'distinct': case 'sort':
      if (node.op === 'sort' && node.limit !== null) break
      return { ...node, input: push(node.input, conditions) }
    case 'union':
      return { ...node, inputs: node.inputs.map((input) => push(input, conditions)) }
    case 'scan': {
      const own = node.filter === null ? [] : conjunctsOf(node.filter)
      return { ...node, filter: conjunction([...own, ...conditions]) }
    }
    default:
  }
  return filterOver(mapInputs(node, (input) => push(input, [])), conditions)
}

/** Conditions that go down and those that stay; a volatile one always stays. */
function split(
  conditions: readonly TypedExpr[], goesDown: (condition: TypedExpr) => boolean,
): [TypedExpr[], TypedExpr[]] {
  const down: TypedExpr[] = []
  const stay: TypedExpr[] = []
  for (const condition of conditions) {
    (!isVolatile(condition) && goesDown(condition) ? down : stay).push(condition)
  }
  return [down, stay]
}
