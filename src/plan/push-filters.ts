// Pass: conditions go down to where their rows come from, through projections (their expressions
// are put in), below GROUP BY where they look at keys only, into every query of a UNION, into the
// scan, to the sides of a JOIN. They stop at LIMIT, because it counts rows, and at expressions with another value at each
// row.

import { equalityOf, joinOf, sideOf } from './join-node.ts'
import { columnsOf, mapColumns, substitute } from './lower.ts'
import { columnOf, conjunction, conjunctsOf, filterOver, isVolatile, mapInputs } from './nodes.ts'
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
    case 'array-join': {
      const [down, stay] = split(conditions, (condition) =>
        [...columnsOf(condition, new Set())].every((index) => index < node.input.columns.length))
      return filterOver({ ...node, input: push(node.input, down) }, stay)
    }
    case 'window': {
      // A whole partition goes or stays: the others' values do not change.
      const [down, stay] = split(conditions, (condition) =>
        [...columnsOf(condition, new Set())].every((index) => node.partition.includes(index)))
      return filterOver({ ...node, input: push(node.input, down) }, stay)
    }
    case 'distinct': case 'sort':
      if (node.op === 'sort' && node.limit !== null) break
      return { ...node, input: push(node.input, conditions) }
    case 'union':
      return { ...node, inputs: node.inputs.map((input) => push(input, conditions)) }
    case 'join': return pushJoin(node, conditions)
    case 'scan': {
      const own = node.filter === null ? [] : conjunctsOf(node.filter)
      return { ...node, filter: conjunction([...own, ...conditions]) }
    }
    default:
  }
  return filterOver(mapInputs(node, (input) => push(input, [])), conditions)
}

type JoinNode = Extract<PlanNode, { op: 'join' }>

/** A condition on one side goes to that side where a row of it is in the result only for itself; of
 * an inner join an equality between the sides becomes a key (`FROM a, b WHERE a.id = b.id`). */
function pushJoin(node: JoinNode, conditions: readonly TypedExpr[]): PlanNode {
  const leftCount = node.left.columns.length
  const down = { left: [] as TypedExpr[], right: [] as TypedExpr[] }
  const keys: TypedExpr[] = []
  const stay: TypedExpr[] = []
  const isPlain = node.strictness === 'all' && node.kind === 'inner'
  for (const condition of conditions) {
    const side = isVolatile(condition) ? 'none' : sideOf(condition, leftCount)
    if (side === 'left' && maySink(node, 'left')) down.left.push(condition)
    else if (side === 'right' && maySink(node, 'right')) {
      down.right.push(mapColumns(condition, (index) => index - leftCount))
    } else if (isPlain && node.on.length === 1 && equalityOf(condition, leftCount) !== null) {
      keys.push(condition)
    } else stay.push(condition)
  }
  const left = push(node.left, down.left)
  const right = push(node.right, down.right)
  const joined: PlanNode = { ...node, left, right }
  return filterOver(keys.length === 0 ? joined : withKeys(joined, keys), stay)
}

/** The side's rows appear only by their own values: no defaults in their place, and none chosen in
 * place of others. */
function maySink({ kind, strictness }: JoinNode, side: 'left' | 'right'): boolean {
  if (kind === 'inner') return strictness === 'all' || (strictness === 'asof' && side === 'left')
  return kind === side
}

/** The join with more keys. Its old keys and condition come along as one condition again. */
function withKeys(node: JoinNode, equalities: readonly TypedExpr[]): PlanNode {
  const leftCount = node.left.columns.length
  const [{ keys, residual }] = node.on
  const old = keys.map(({ left, right, isNullSafe }): TypedExpr => ({
    kind: 'call', name: isNullSafe ? 'isNotDistinctFrom' : 'equals', type: 'UInt8',
    span: { at: 0, end: 0 },
    args: [columnOf(node.left, left), { kind: 'column', index: leftCount + right, type: node.right.columns[right].type }],
  }))
  return joinOf({
    kind: node.kind, strictness: node.strictness, left: node.left, right: node.right, asof: null,
    condition: conjunction([...old, ...(residual === null ? [] : [residual]), ...equalities]),
    types: node.columns.map(({ type }) => type),
  })
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
