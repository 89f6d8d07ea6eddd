// GROUP BY: keys and arguments are projected, then aggregated; what stands above reads the keys and
// aggregates as columns. Invariant: two aggregates that mean the same are computed once.

import type { Analysis } from './analysis.ts'
import { groupingOf, inSets, orOfNothing } from './grouping-sets.ts'
import { decidedKey } from './group-keys.ts'
import { lower, type Leaf } from './lower.ts'
import type { AggregateCall, OutputColumn, PlanNode, TypedExpr } from './plan.ts'
import {
  childrenOf, isConstant, keyOf, sourcesOf, type Aggregate, type Resolved,
} from './resolved.ts'

export type Grouping = {
  readonly keys: readonly Resolved[]
  /** GROUP BY was written: no rows in, no rows out. */
  readonly isGrouped: boolean
  /** Everything above that may hold aggregates. */
  readonly values: readonly Resolved[]
  /** GROUPING SETS with `()`, which gives a row for no rows, too. */
  readonly hasEmptySet: boolean
  /** ROLLUP, CUBE, GROUPING SETS: of each set the numbers of its keys, out of so many keys; null: all
   * keys in one set. */
  readonly sets: ((keyCount: number, numberOf: (key: Resolved) => number) =>
  readonly (readonly number[])[]) | null
}

/** The aggregated rows, and what expressions above are as columns of them. `below`: what expressions
 * are as columns of the input. */
export function aggregateRows(
  analysis: Analysis, input: PlanNode, below: Leaf, grouping: Grouping,
): { rows: PlanNode; leaf: Leaf } {
  const keySet = keysOf(analysis, grouping)
  const { keys, sets, written } = keySet
  const aggregates = new Map<string, Aggregate>()
  for (const value of grouping.values) collect(value, written, aggregates)
  const calls = [...aggregates.values()]

  const projected = new Projection(analysis, input, below)
  const keyNumbers = keys.map((key) => projected.add(key))
  const made = calls.map((call): AggregateCall => ({
    name: call.name, combinators: call.combinators, parameters: call.parameters,
    args: call.args.map((arg) => projected.add(arg)),
    argTypes: call.args.map((arg) => arg.type.name), type: call.type.name,
    span: { at: call.span.at, end: call.span.end },
  }))
  const plain = projected.node()
  const grouped = sets === null ? { node: plain, keys: keyNumbers }
    : inSets(plain, keyNumbers, sets)
  const columns: OutputColumn[] = [
    ...grouped.keys.map((number) => grouped.node.columns[number]),
    ...calls.map((call) => ({ name: call.text, type: call.type.name })),
  ]
  const groups: PlanNode = {
    op: 'aggregate', input: grouped.node, keys: grouped.keys, aggregates: made, columns,
  }
  const rows = sets === null || keys.length === 0 || !grouping.hasEmptySet ? groups
    : orOfNothing(groups, plain, sets.findIndex((list) => list.length === 0))
  return {
    rows, leaf: leafOver(analysis, keySet, rows, [...aggregates.keys()]),
  }
}

type Keys = {
  readonly keys: readonly Resolved[]
  /** The number of what a written key became; -1: it is none, or constant. */
  readonly numberOf: (expr: Resolved) => number
  readonly sets: readonly (readonly number[])[] | null
  /** What each written key became, by its text. */
  readonly written: ReadonlyMap<string, Resolved>
  /** Numbers and sets as grouping() counts them: of keys as they were written, where as many sets are left. */
  readonly asked: { readonly numberOf: Keys['numberOf']; readonly sets: Keys['sets'] }
}

function keysOf(analysis: Analysis, grouping: Grouping): Keys {
  const written = new Map<string, Resolved>()
  const decided = grouping.keys.map((key) => {
    const meant = grouping.sets === null ? key : decidedKey(analysis, key)
    const text = keyOf(key, false)
    if (!written.has(text)) written.set(text, meant)
    return meant
  })
  const numbersIn = (keys: readonly Resolved[]): Keys['numberOf'] => {
    const texts = keys.map((key) => keyOf(key, false))
    return (expr) => texts.indexOf(keyOf(expr, false))
  }
  const distinct = distinctKeys(decided, grouping.isGrouped)
  // Of constants alone each written set has a row, and all of them their values.
  const constantSets = distinct.every(isConstant) ? grouping.sets?.(0, () => -1) ?? [] : null
  const keys = constantSets !== null && constantSets.length > 1 ? [] : distinct
  const own = numbersIn(keys)
  const numberOf: Keys['numberOf'] = (expr) => own(written.get(keyOf(expr, false)) ?? expr)
  const sets = constantSets === null ? grouping.sets?.(keys.length, numberOf) ?? null : constantSets.length > 1 ? constantSets : null
  const plain = distinctKeys(grouping.keys, grouping.isGrouped)
  const plainNumber = numbersIn(plain)
  const plainSets = sets === null ? null : grouping.sets?.(plain.length, plainNumber) ?? null
  const asked = plainSets?.length === sets?.length ? { numberOf: plainNumber, sets: plainSets } : { numberOf, sets }
  return { keys, numberOf, sets, written, asked }
}

/** Constants group nothing, but a GROUP BY of constants alone still gives no row for no rows. */
function distinctKeys(keys: readonly Resolved[], isGrouped: boolean): Resolved[] {
  const seen = new Map<string, Resolved>()
  for (const key of keys) {
    const text = keyOf(key, true)
    if (!seen.has(text)) seen.set(text, key)
  }
  const all = [...seen.values()]
  const varying = all.filter((key) => !isConstant(key))
  return varying.length > 0 || !isGrouped ? varying : all.slice(0, 1)
}

function collect(
  value: Resolved, written: ReadonlyMap<string, Resolved>, into: Map<string, Aggregate>,
): void {
  if (written.has(keyOf(value, false))) return
  if (value.kind === 'aggregate') {
    const key = keyOf(value, true)
    if (!into.has(key)) into.set(key, value)
    return
  }
  if (value.kind === 'grouping') return
  for (const child of childrenOf(value)) collect(child, written, into)
}

/** Keys and arguments side by side, each once. */
class Projection {
  readonly columns: OutputColumn[] = []
  private readonly exprs: TypedExpr[] = []
  private readonly numbers = new Map<string, number>()
  private readonly analysis: Analysis
  private readonly input: PlanNode
  private readonly leaf: Leaf

  constructor(analysis: Analysis, input: PlanNode, leaf: Leaf) {
    this.analysis = analysis
    this.input = input
    this.leaf = leaf
  }

  add(value: Resolved): number {
    const key = keyOf(value, true)
    let number = this.numbers.get(key)
    if (number === undefined) {
      number = this.exprs.push(lower(this.analysis, value, this.leaf)) - 1
      const name = value.kind === 'column' ? value.name : `__${number}`
      this.columns.push({ name, type: value.type.name })
      this.numbers.set(key, number)
    }
    return number
  }

  node(): PlanNode {
    return { op: 'project', input: this.input, exprs: this.exprs, columns: this.columns }
  }
}

/** A key matches an expression of the same meaning also when their values came from different slots
 * of the call; both values then decide the plan. */
function leafOver(
  analysis: Analysis, { keys, numberOf, sets, written, asked }: Keys, rows: PlanNode,
  aggregateKeys: readonly string[],
): Leaf {
  const firstCall = sets === null ? keys.length : keys.length + 1
  const column = (index: number): TypedExpr =>
    ({ kind: 'column', index, type: rows.columns[index].type })
  return (expr) => {
    if (expr.kind === 'aggregate') {
      const number = aggregateKeys.indexOf(keyOf(expr, true))
      return number < 0 ? null : column(firstCall + number)
    }
    if (expr.kind === 'grouping') {
      const wanted = expr.keys.map(asked.numberOf)
      if (wanted.includes(-1)) return null
      return groupingOf(wanted, asked.sets, sets === null ? column(0) : column(keys.length))
    }
    const number = numberOf(expr)
    if (number < 0) {
      const constantKey = written.get(keyOf(expr, false))
      return constantKey === undefined ? null : lower(analysis, constantKey, () => null)
    }
    const [own, others] = [sourcesOf(keys[number]), sourcesOf(expr)]
    if (own.join() !== others.join()) {
      for (const source of [...own, ...others]) analysis.slots.consume(source)
    }
    return column(number)
  }
}
