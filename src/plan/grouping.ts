// GROUP BY: keys and arguments are projected, then aggregated; what stands above reads the keys and
// aggregates as columns. Invariant: two aggregates that mean the same are computed once.

import type { Analysis } from './analysis.ts'
import { lower, sourceLeaf, type Leaf } from './lower.ts'
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
}

/** The aggregated rows, and what expressions above are as columns of them. */
export function aggregateRows(
  analysis: Analysis, input: PlanNode, grouping: Grouping,
): { rows: PlanNode; leaf: Leaf } {
  const keys = distinctKeys(grouping)
  const aggregates = new Map<string, Aggregate>()
  const keyTexts = keys.map((key) => keyOf(key, false))
  for (const value of grouping.values) collect(value, keyTexts, aggregates)
  const calls = [...aggregates.values()]

  const projected = new Projection(analysis, input)
  const keyNumbers = keys.map((key) => projected.add(key))
  const made = calls.map((call): AggregateCall => ({
    name: call.name, combinators: call.combinators, parameters: call.parameters,
    args: call.args.map((arg) => projected.add(arg)),
    argTypes: call.args.map((arg) => arg.type.name), type: call.type.name, span: { at: call.span.at, end: call.span.end },
  }))
  const columns: OutputColumn[] = [
    ...keys.map((key, i) => ({ name: projected.columns[keyNumbers[i]].name, type: key.type.name })),
    ...calls.map((call) => ({ name: call.text, type: call.type.name })),
  ]
  const rows: PlanNode = {
    op: 'aggregate', input: projected.node(), keys: keyNumbers, aggregates: made, columns,
  }
  return { rows, leaf: leafOver(analysis, keys, keyTexts, [...aggregates.keys()], calls) }
}

/** Constants group nothing, but a GROUP BY of constants alone still gives no row for no rows. */
function distinctKeys({ keys, isGrouped }: Grouping): Resolved[] {
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
  value: Resolved, keyTexts: readonly string[], into: Map<string, Aggregate>,
): void {
  if (keyTexts.includes(keyOf(value, false))) return
  if (value.kind === 'aggregate') {
    const key = keyOf(value, true)
    if (!into.has(key)) into.set(key, value)
    return
  }
  for (const child of childrenOf(value)) collect(child, keyTexts, into)
}

/** Keys and arguments side by side, each once. */
class Projection {
  readonly columns: OutputColumn[] = []
  private readonly exprs: TypedExpr[] = []
  private readonly numbers = new Map<string, number>()
  private readonly analysis: Analysis
  private readonly input: PlanNode

  constructor(analysis: Analysis, input: PlanNode) {
    this.analysis = analysis
    this.input = input
  }

  add(value: Resolved): number {
    const key = keyOf(value, true)
    let number = this.numbers.get(key)
    if (number === undefined) {
      number = this.exprs.push(lower(this.analysis, value, sourceLeaf)) - 1
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
  analysis: Analysis, keys: readonly Resolved[], keyTexts: readonly string[],
  aggregateKeys: readonly string[], calls: readonly Aggregate[],
): Leaf {
  return (expr) => {
    if (expr.kind === 'aggregate') {
      const number = aggregateKeys.indexOf(keyOf(expr, true))
      return { kind: 'column', index: keys.length + number, type: calls[number].type.name }
    }
    const number = keyTexts.indexOf(keyOf(expr, false))
    if (number < 0) return null
    const [own, others] = [sourcesOf(keys[number]), sourcesOf(expr)]
    if (own.join() !== others.join()) {
      for (const source of [...own, ...others]) analysis.slots.consume(source)
    }
    return { kind: 'column', index: number, type: expr.type.name }
  }
}
