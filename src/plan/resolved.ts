// Expressions between syntax and plan: names and types are resolved, aggregates still stand where
// they were written, columns are numbered as the rows of FROM. lower.ts makes TypedExpr of them.
// Invariant: trees are immutable; one tree may be shared by several places (an alias used twice).

import { UINT8, type DataType } from '../../storage/column/data-type.ts'
import type { PlanNode, Span, WindowFrame } from './plan.ts'
import type { Value } from '../functions/values/value.ts'

export type Literal = {
  readonly kind: 'literal'; readonly value: Value; readonly type: DataType
  /** The plan's slot, once the literal's type is decided by its use; -1: not (yet) a slot. */
  readonly slot: number
  /** The call's slot that the literal came from; -1: written in the SQL. */
  readonly source: number
}

/** A constant that stands in no slot. */
export const constant = (value: Value, type: DataType = UINT8): Literal =>
  ({ kind: 'literal', value, type, slot: -1, source: -1 })

export type Column = {
  readonly kind: 'column'; readonly index: number; readonly type: DataType
  readonly name: string; readonly span: Span
}

export type Call = {
  readonly kind: 'call'; readonly name: string; readonly args: readonly Resolved[]
  readonly type: DataType; readonly span: Span
  /** Another value at each row or call: never moved, never constant. */
  readonly isVolatile: boolean
}

export type Aggregate = {
  readonly kind: 'aggregate'; readonly name: string; readonly combinators: readonly string[]
  readonly parameters: readonly Value[]; readonly args: readonly Resolved[]
  readonly type: DataType; readonly span: Span
  /** As written, for errors. */
  readonly text: string
}

export type LambdaExpr = {
  readonly kind: 'lambda'; readonly id: number; readonly parameterCount: number
  readonly body: Resolved; readonly type: DataType
}

export type WindowOrder = {
  readonly value: Resolved; readonly descending: boolean; readonly nullsFirst: boolean
}

/** A function over a window. */
export type WindowExpr = {
  readonly kind: 'window'; readonly name: string; readonly combinators: readonly string[]
  readonly parameters: readonly Value[]; readonly args: readonly Resolved[]
  readonly partition: readonly Resolved[]; readonly order: readonly WindowOrder[]
  readonly frame: WindowFrame; readonly type: DataType; readonly span: Span
  /** As written, for names and errors. */
  readonly text: string
  readonly isAggregate: boolean
}

/** One element of an array: multiplies the rows. */
export type ArrayJoinExpr = {
  readonly kind: 'arrayJoin'; readonly array: Resolved; readonly type: DataType; readonly span: Span
}

/** grouping(a, b): which keys the row's grouping set leaves out. */
export type GroupingExpr = {
  readonly kind: 'grouping'; readonly keys: readonly Resolved[]; readonly type: DataType
  readonly span: Span
}

/** A subquery that reads columns of the query around: rows of keys and then the value; `outer`: what the
 * keys equal. */
export type CorrelatedExpr = {
  readonly kind: 'correlated'; readonly plan: PlanNode; readonly outer: readonly Resolved[]
  /** The leaf of the plan that stands for the values of `outer`; null: it needs none. */
  readonly domain: PlanNode | null
  readonly type: DataType; readonly span: Span; readonly number: number
}

export type Resolved =
  | Literal | Column | Call | Aggregate | WindowExpr | ArrayJoinExpr
  | GroupingExpr | CorrelatedExpr | LambdaExpr
  /** A lambda's parameter inside of its body. */
  | {
    readonly kind: 'parameter'; readonly lambda: number; readonly position: number
    readonly type: DataType
  }
  | {
    readonly kind: 'in'; readonly exprs: readonly Resolved[]; readonly set: number
    readonly negated: boolean; readonly type: DataType; readonly span: Span
  }
  | { readonly kind: 'scalar'; readonly scalar: number; readonly type: DataType }

/** The expressions right below. */
export function childrenOf(expr: Resolved): readonly Resolved[] {
  switch (expr.kind) {
    case 'call': case 'aggregate': return expr.args
    case 'lambda': return [expr.body]
    case 'arrayJoin': return [expr.array]
    case 'grouping': return expr.keys
    case 'correlated': return expr.outer
    case 'window':
      return [...expr.args, ...expr.partition, ...expr.order.map((one) => one.value)]
    case 'in': return expr.exprs
    default: return []
  }
}

const sizes = new WeakMap<Resolved, number>()

/** Expressions of a tree, those of a shared one wherever it stands. */
export function sizeOf(expr: Resolved): number {
  let size = sizes.get(expr)
  if (size === undefined) {
    size = 1
    for (const child of childrenOf(expr)) size += sizeOf(child)
    sizes.set(expr, size)
  }
  return size
}

/** The first expression of the tree, outermost first, that `test` accepts. */
export function findIn(expr: Resolved, test: (expr: Resolved) => boolean): Resolved | null {
  if (test(expr)) return expr
  for (const child of childrenOf(expr)) {
    const found = findIn(child, test)
    if (found !== null) return found
  }
  return null
}

/** A volatile call that is one value a row: not of an element in a lambda, nor of what windows make later. */
export const isOncePerRow = (expr: Resolved): expr is Call => expr.kind === 'call' && expr.isVolatile
  && findIn(expr, ({ kind }) => kind === 'parameter' || kind === 'window' || kind === 'lambda') === null

/** The first aggregate of a tree, null: none. */
export const aggregateIn = (expr: Resolved): Aggregate | null =>
  findIn(expr, (part) => part.kind === 'aggregate') as Aggregate | null

/** True where the value is one for all rows of the query. */
export const isConstant = (expr: Resolved): boolean =>
  findIn(expr, (part) => part.kind === 'column' || part.kind === 'aggregate'
    || part.kind === 'window' || part.kind === 'arrayJoin' || part.kind === 'grouping'
    || part.kind === 'correlated'
    || part.kind === 'parameter' || (part.kind === 'call' && part.isVolatile)) === null

/** The call's slots that a tree's literals came from, in order. */
export function sourcesOf(expr: Resolved): number[] {
  if (expr.kind === 'literal') return expr.source < 0 ? [] : [expr.source]
  return childrenOf(expr).flatMap(sourcesOf)
}

/** Text that two trees share when they mean the same. Literals count by their value; with
 * `isStrict` also by where the value came from (other calls may have other values there). */
export function keyOf(expr: Resolved, isStrict: boolean): string {
  const all = (exprs: readonly Resolved[]) => exprs.map((part) => keyOf(part, isStrict)).join(',')
  switch (expr.kind) {
    case 'column': return `#${expr.index}`
    case 'parameter': return `$${expr.lambda}.${expr.position}`
    case 'scalar': return `?${expr.scalar}`
    case 'literal': {
      const place = isStrict && expr.source >= 0 ? `@${expr.source}` : ''
      return `${valueText(expr.value)}:${expr.type.name}${place}`
    }
    case 'lambda': return `\\${expr.id}(${keyOf(expr.body, isStrict)})`
    case 'in': return `in${expr.negated ? '!' : ''}${expr.set}(${all(expr.exprs)})`
    case 'call': return `${expr.name}(${all(expr.args)}):${expr.type.name}`
    case 'aggregate': {
      const parameters = expr.parameters.map(valueText).join()
      return `${expr.name}-${expr.combinators.join('-')}<${parameters}>(${all(expr.args)})`
    }
    case 'correlated': return `correlated${expr.number}(${all(expr.outer)})`
    case 'grouping': return `grouping(${all(expr.keys)})`
    case 'arrayJoin': return `arrayJoin(${keyOf(expr.array, isStrict)})`
    case 'window': {
      const { name, combinators, frame } = expr
      const order = expr.order.map((one) =>
        `${keyOf(one.value, isStrict)} ${one.descending} ${one.nullsFirst}`)
      return `over:${name}-${combinators.join('-')}<${expr.parameters.map(valueText).join()}>`
        + `(${all(expr.args)})[${all(expr.partition)}|${order.join()}|${JSON.stringify(frame)}]`
    }
    default: return expr satisfies never
  }
}

/** A value as text that tells values apart. */
export function valueText(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`
  if (typeof value === 'string') return `'${value}'`
  if (Object.is(value, -0)) return '-0'
  return String(value)
}
