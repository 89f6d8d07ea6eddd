// Which columns of each scan of a stage are keys above it: of groups, joins, windows, arguments of
// aggregates. Strings of such columns are worth a code even where they hardly repeat within a block.

import type { PlanNode, TypedExpr } from '../../plan/plan.ts'

type Columns = ReadonlySet<number>

const NONE: Columns = new Set()
/** Aggregates that look at a string and keep one: to enter each would cost more, and all of them memory. */
const KEEPS_A_VALUE: ReadonlySet<string> = new Set(['any', 'anyLast', 'argMax', 'argMin', 'max', 'min'])

/** By scan: columns whose values are compared with those of other rows. */
export function keyedColumns(root: PlanNode): ReadonlyMap<PlanNode, Columns> {
  const keyed = new Map<PlanNode, Columns>()
  const walk = (node: PlanNode, above: Columns): void => {
    switch (node.op) {
      case 'one': case 'rows': case 'generate': return
      case 'scan':
        keyed.set(node, new Set([...keyed.get(node) ?? NONE, ...above]))
        return
      case 'union':
        for (const input of node.inputs) walk(input, above)
        return
      case 'project': return walk(node.input, through(node.exprs, above))
      case 'aggregate':
        return walk(node.input, new Set([
          ...node.keys, ...node.aggregates.flatMap(({ name, args }) => (KEEPS_A_VALUE.has(name) ? [] : args))]))
      case 'distinct': return walk(node.input, new Set(node.input.columns.keys()))
      case 'window': return walk(node.input, new Set([...above, ...node.partition]))
      case 'limit-by': return walk(node.input, new Set([...above, ...node.keys]))
      case 'join': {
        const keys = node.on.flatMap((condition) => condition.keys)
        const leftCount = node.left.columns.length
        walk(node.left, new Set([...above, ...keys.map(({ left }) => left)]))
        walk(node.right, new Set([
          ...[...above].map((column) => column - leftCount), ...keys.map(({ right }) => right)]))
        return
      }
      default: walk(node.input, above)
    }
  }
  walk(root, NONE)
  return keyed
}

/** Columns below a projection that it hands up as they are. */
function through(exprs: readonly TypedExpr[], above: Columns): Columns {
  const below = new Set<number>()
  exprs.forEach((expr, index) => {
    if (above.has(index) && expr.kind === 'column') below.add(expr.index)
  })
  return below
}
