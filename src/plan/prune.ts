// Pass: from the top down, each operator is told which of its columns are read, and drops the
// others. Invariant: columns keep their order; the root keeps all of its columns.

import { columnsOf, mapColumns } from './lower.ts'
import type { PlanNode } from './plan.ts'

/** A node with fewer columns; column i of the old one is column `numbers[i]` of it (-1: dropped).
 * */
type Pruned = { readonly node: PlanNode; readonly numbers: readonly number[] }

export const pruneColumns = (root: PlanNode): PlanNode =>
  prune(root, new Set(root.columns.keys())).node

function prune(node: PlanNode, wanted: ReadonlySet<number>): Pruned {
  switch (node.op) {
    case 'one': case 'rows': case 'generate': return { node, numbers: node.columns.map((_, i) => i) }
    case 'scan': return pruneScan(node, wanted)
    case 'project': return pruneProject(node, wanted)
    case 'aggregate': return pruneAggregate(node, wanted)
    case 'limit-share': {
      const ties = node.ties ?? []
      const { node: input, numbers } =
        prune(node.input, new Set([...wanted, ...ties.map((key) => key.index)]))
      const moved = node.ties?.map((key) => ({ ...key, index: numbers[key.index] })) ?? null
      return { node: { ...node, input, ties: moved, columns: keptNames(node, numbers) }, numbers }
    }
    case 'fill': {
      // Which columns interpolation reads is not worth the trouble: rows are few.
      const { node: input, numbers } = prune(node.input, new Set(node.columns.keys()))
      return { node: { ...node, input }, numbers }
    }
    case 'array-join': return pruneArrayJoin(node, wanted)
    case 'window': return pruneWindow(node, wanted)
    case 'union': return pruneUnion(node, wanted)
    case 'join': return pruneJoin(node, wanted)
    case 'filter': {
      const { node: input, numbers } = prune(node.input, columnsOf(node.condition, new Set(wanted)))
      const condition = mapColumns(node.condition, (index) => numbers[index])
      return { node: { ...node, input, condition, columns: keptNames(node, numbers) }, numbers }
    }
    case 'distinct': {
      // Every column takes part in the comparison.
      const { node: input, numbers } = prune(node.input, new Set(node.columns.keys()))
      return { node: { ...node, input }, numbers }
    }
    case 'limit': {
      const { node: input, numbers } = prune(node.input, wanted)
      return { node: { ...node, input, columns: keptNames(node, numbers) }, numbers }
    }
    case 'sort': {
      const read = new Set([...wanted, ...node.keys.map((key) => key.index)])
      const { node: input, numbers } = prune(node.input, read)
      const keys = node.keys.map((key) => ({ ...key, index: numbers[key.index] }))
      return { node: { ...node, input, keys, columns: keptNames(node, numbers) }, numbers }
    }
    case 'limit-by': {
      const { node: input, numbers } = prune(node.input, new Set([...wanted, ...node.keys]))
      const keys = node.keys.map((key) => numbers[key])
      return { node: { ...node, input, keys, columns: keptNames(node, numbers) }, numbers }
    }
    default: return node satisfies never
  }
}

/** Columns of a node that passes its input's rows on, under the node's own names. */
const keptNames = (node: PlanNode, numbers: readonly number[]) =>
  node.columns.filter((_, i) => numbers[i] >= 0)

/** Numbers after keeping only `kept`, ascending. */
function renumber(count: number, kept: ReadonlySet<number>): number[] {
  let next = 0
  return Array.from({ length: count }, (_, i) => (kept.has(i) ? next++ : -1))
}

type Op<Name extends PlanNode['op']> = Extract<PlanNode, { op: Name }>

function pruneScan(node: Op<'scan'>, wanted: ReadonlySet<number>): Pruned {
  const read = new Set(wanted)
  if (node.filter !== null) columnsOf(node.filter, read)
  if (node.tokenFilter !== null) columnsOf(node.tokenFilter, read)
  if (node.before !== null) columnsOf(node.before, read)
  // A default may be made of other columns, which have defaults too: the set grows while walked.
  for (const index of read) {
    const byDefault = node.defaults[index]
    if (byDefault !== null) columnsOf(byDefault, read)
  }
  const numbers = renumber(node.columns.length, read)
  const kept = <T>(list: readonly T[]) => list.filter((_, i) => numbers[i] >= 0)
  const moved = <E extends Op<'scan'>['filter']>(expr: E) =>
    (expr === null ? null : mapColumns(expr, (index) => numbers[index]))
  return {
    node: {
      ...node, columnIds: kept(node.columnIds), columns: kept(node.columns),
      filter: moved(node.filter), tokenFilter: moved(node.tokenFilter), before: moved(node.before),
      defaults: kept(node.defaults).map(moved),
    },
    numbers,
  }
}

function pruneProject(node: Op<'project'>, wanted: ReadonlySet<number>): Pruned {
  const numbers = renumber(node.exprs.length, wanted)
  const exprs = node.exprs.filter((_, i) => numbers[i] >= 0)
  const read = new Set<number>()
  for (const expr of exprs) columnsOf(expr, read)
  const below = prune(node.input, read)
  return {
    node: {
      ...node, input: below.node, columns: keptNames(node, numbers),
      exprs: exprs.map((expr) => mapColumns(expr, (index) => below.numbers[index])),
    },
    numbers,
  }
}

function pruneAggregate(node: Op<'aggregate'>, wanted: ReadonlySet<number>): Pruned {
  const kept = new Set([...node.keys.keys(), ...wanted])
  const numbers = renumber(node.columns.length, kept)
  const aggregates = node.aggregates.filter((_, i) => kept.has(node.keys.length + i))
  const read = new Set([...node.keys, ...aggregates.flatMap((call) => call.args)])
  const below = prune(node.input, read)
  return {
    node: {
      ...node, input: below.node, columns: keptNames(node, numbers),
      keys: node.keys.map((key) => below.numbers[key]),
      aggregates: aggregates.map((call) =>
        ({ ...call, args: call.args.map((arg) => below.numbers[arg]) })),
    },
    numbers,
  }
}

/** All inputs must yield the same columns in the same order. */
function pruneUnion(node: Op<'union'>, wanted: ReadonlySet<number>): Pruned {
  const numbers = renumber(node.columns.length, wanted)
  const order = [...wanted].sort((a, b) => a - b)
  const columns = keptNames(node, numbers)
  const inputs = node.inputs.map((input) => {
    const below = prune(input, wanted)
    if (below.node.columns.length === order.length) return below.node
    return {
      op: 'project' as const, input: below.node, columns,
      exprs: order.map((index) => ({
        kind: 'column' as const, index: below.numbers[index], type: node.columns[index].type,
      })),
    }
  })
  return { node: { ...node, inputs, columns }, numbers }
}

/** Each side keeps what is wanted of it, its keys, and what the conditions read. */
function pruneJoin(node: Op<'join'>, wanted: ReadonlySet<number>): Pruned {
  const count = node.left.columns.length
  const read = new Set(wanted)
  for (const { keys, residual } of node.on) {
    for (const key of keys) read.add(key.left).add(count + key.right)
    if (residual !== null) columnsOf(residual, read)
  }
  if (node.asof !== null) read.add(node.asof.left).add(count + node.asof.right)
  const all = [...read]
  const left = prune(node.left, new Set(all.filter((index) => index < count)))
  const right = prune(node.right,
    new Set(all.filter((index) => index >= count).map((index) => index - count)))
  const leftCount = left.node.columns.length
  const numbers = [...left.numbers,
    ...right.numbers.map((number) => (number < 0 ? -1 : leftCount + number))]
  const on = node.on.map(({ keys, residual }) => ({
    keys: keys.map((key) =>
      ({ ...key, left: left.numbers[key.left], right: right.numbers[key.right] })),
    residual: residual === null ? null : mapColumns(residual, (index) => numbers[index]),
  }))
  const asof = node.asof === null ? null : {
    ...node.asof, left: left.numbers[node.asof.left], right: right.numbers[node.asof.right],
  }
  return {
    node: {
      ...node, left: left.node, right: right.node, on, asof, columns: keptNames(node, numbers),
    },
    numbers,
  }
}

/** Functions that nobody reads are not computed. */
function pruneWindow(node: Op<'window'>, wanted: ReadonlySet<number>): Pruned {
  const count = node.input.columns.length
  const functions = node.functions.filter((_, i) => wanted.has(count + i))
  const read = new Set([...wanted].filter((index) => index < count))
  for (const index of [...node.partition, ...node.order.map((key) => key.index),
    ...functions.flatMap(({ call }) => call.args)]) read.add(index)
  const { node: input, numbers: below } = prune(node.input, read)
  const kept = input.columns.length
  let next = kept
  const numbers = [...below, ...node.functions.map((_, i) => (wanted.has(count + i) ? next++ : -1))]
  if (functions.length === 0) return { node: input, numbers }
  return {
    node: {
      ...node, input, columns: keptNames(node, numbers),
      partition: node.partition.map((index) => below[index]),
      order: node.order.map((key) => ({ ...key, index: below[key.index] })),
      functions: functions.map((one) => ({
        ...one, call: { ...one.call, args: one.call.args.map((arg) => below[arg]) },
      })),
    },
    numbers,
  }
}

/** All arrays stay: they say how many rows there are. */
function pruneArrayJoin(node: Op<'array-join'>, wanted: ReadonlySet<number>): Pruned {
  const count = node.input.columns.length
  const read = new Set([...[...wanted].filter((index) => index < count), ...node.arrays])
  const { node: input, numbers: below } = prune(node.input, read)
  const kept = input.columns.length
  const numbers = [...below, ...node.arrays.map((_, i) => kept + i)]
  return {
    node: {
      ...node, input, arrays: node.arrays.map((index) => below[index]),
      columns: keptNames(node, numbers),
    },
    numbers,
  }
}
