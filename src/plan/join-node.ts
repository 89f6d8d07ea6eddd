// A join out of two sides and what must hold for a pair: equalities of one side with the other
// become keys (computed in a projection below the join), all else stays a condition of the pair.
// Invariant: the node yields the columns of left, then of right, and no others.

import {
  bareType, INT64, isNullable, nullableOf, STRING, type DataType,
} from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { FunctionError } from '../functions/values/function.ts'
import { isInteger, leastSupertype } from '../functions/values/types.ts'
import { columnsOf, mapColumns } from './lower.ts'
import { allColumns, conjunction, conjunctsOf, isVolatile } from './nodes.ts'
import type {
  AsofCondition, JoinCondition, JoinKey, JoinKind, JoinStrictness, OutputColumn, PlanNode,
  TypedExpr,
} from './plan.ts'

type JoinNode = Extract<PlanNode, { op: 'join' }>

/** A side of a join while its keys are collected: its columns, and behind them computed keys. */
export class JoinSide {
  private readonly exprs: TypedExpr[]
  private readonly columns: OutputColumn[]
  readonly input: PlanNode

  constructor(input: PlanNode) {
    this.input = input
    this.exprs = allColumns(input)
    this.columns = [...input.columns]
  }

  /** The number of the column that holds `expr`. */
  add(expr: TypedExpr): number {
    if (expr.kind === 'column') return expr.index
    this.columns.push({ name: `__key_${this.columns.length}`, type: expr.type })
    return this.exprs.push(expr) - 1
  }

  get width(): number { return this.exprs.length }

  node(): PlanNode {
    if (this.exprs.length === this.input.columns.length) return this.input
    return { op: 'project', input: this.input, exprs: this.exprs, columns: this.columns }
  }
}

/** Which side's columns an expression over both reads. */
export type SideOf = 'none' | 'left' | 'right' | 'both'

export function sideOf(expr: TypedExpr, leftCount: number): SideOf {
  const columns = [...columnsOf(expr, new Set())]
  const isLeft = columns.some((index) => index < leftCount)
  const isRight = columns.some((index) => index >= leftCount)
  return isLeft ? (isRight ? 'both' : 'left') : isRight ? 'right' : 'none'
}

/** An equality of an expression of the left side with one of the right, as expressions of their own
 * side that have one type; null: it is none. */
export function equalityOf(
  expr: TypedExpr, leftCount: number,
): { readonly left: TypedExpr; readonly right: TypedExpr; readonly isNullSafe: boolean } | null {
  if (expr.kind !== 'call' || isVolatile(expr) || expr.args.length !== 2) return null
  if (expr.name !== 'equals' && expr.name !== 'isNotDistinctFrom') return null
  const sides = expr.args.map((arg) => sideOf(arg, leftCount))
  if (sides.join() !== 'left,right' && sides.join() !== 'right,left') return null
  const [left, right] = sides[0] === 'left' ? expr.args : [expr.args[1], expr.args[0]]
  const common = keyType(parseDataType(left.type), parseDataType(right.type))
  if (common === null) return null
  return {
    left: asKey(left, common), right: asKey(mapColumns(right, (i) => i - leftCount), common),
    isNullSafe: expr.name === 'isNotDistinctFrom',
  }
}

/** The type in which two keys are compared; null: not by hashing. */
export function keyType(left: DataType, right: DataType): DataType | null {
  const [a, b] = [bareType(left), bareType(right)]
  if (a === b) return a
  try {
    return bareType(leastSupertype([a, b]))
  } catch (error) {
    if (!(error instanceof FunctionError)) throw error
    // UInt64 beside a signed one: values that no Int64 holds equal none.
    return isInteger(a) && isInteger(b) ? INT64 : null
  }
}

/** `expr` as a key of a type; numbers that the type does not hold become NULL, which equals nothing.
 * */
export function asKey(expr: TypedExpr, type: DataType): TypedExpr {
  const own = parseDataType(expr.type)
  if (bareType(own) === type) return expr
  const isExact = type === INT64 && bareType(own).id === 'UInt64'
  const result = isExact || isNullable(own) ? nullableOf(type) : type
  return {
    kind: 'call', name: isExact ? 'accurateCastOrNull' : 'CAST', type: result.name,
    span: { at: 0, end: 0 },
    args: [expr, {
      kind: 'literal', value: isExact ? type.name : result.name, type: STRING.name, slot: -1,
    }],
  }
}

export type JoinParts = {
  readonly kind: JoinKind; readonly strictness: JoinStrictness
  readonly left: PlanNode; readonly right: PlanNode
  /** Over the columns of left, then of right. */
  readonly condition: TypedExpr | null
  /** Types that the output has instead (NULL for a missing side); null: the sides' own. */
  readonly types: readonly string[] | null
  readonly asof: {
    readonly left: TypedExpr; readonly right: TypedExpr; readonly op: AsofCondition['op']
  } | null
}

/** The join; its condition is taken apart. */
export function joinOf(parts: JoinParts): PlanNode {
  const leftCount = parts.left.columns.length
  const [left, right] = [new JoinSide(parts.left), new JoinSide(parts.right)]
  const conjuncts = parts.condition === null ? [] : conjunctsOf(parts.condition).filter(
    (part) => !isTrue(part))
  const alternatives = alternativesOf(conjuncts, leftCount)
  const made = alternatives.map((list) => {
    const keys: JoinKey[] = []
    const rest: TypedExpr[] = []
    for (const part of list) {
      const equality = equalityOf(part, leftCount)
      if (equality === null) rest.push(part)
      else {
        keys.push({
          left: left.add(equality.left), right: right.add(equality.right),
          isNullSafe: equality.isNullSafe,
        })
      }
    }
    return { keys, rest }
  })
  const asof = parts.asof === null ? null : {
    left: left.add(parts.asof.left), right: right.add(parts.asof.right), op: parts.asof.op,
  }
  // Right columns move by as many as the left side got keys.
  const moved = (expr: TypedExpr) => mapColumns(expr, (index) =>
    (index < leftCount ? index : index - leftCount + left.width))
  const on: JoinCondition[] = made.map(({ keys, rest }) => {
    const residual = conjunction(rest)
    return { keys, residual: residual === null ? null : moved(residual) }
  })
  return trimmed(parts, left.node(), right.node(), on, asof)
}

/** The join node, and above it the sides' own columns only. */
function trimmed(
  parts: JoinParts, left: PlanNode, right: PlanNode, on: readonly JoinCondition[],
  asof: AsofCondition | null,
): PlanNode {
  const leftCount = parts.left.columns.length
  const own = [...parts.left.columns, ...parts.right.columns]
    .map(({ name, type }, i) => ({ name, type: parts.types?.[i] ?? type }))
  const columns = [
    ...own.slice(0, leftCount), ...left.columns.slice(leftCount),
    ...own.slice(leftCount), ...right.columns.slice(parts.right.columns.length),
  ]
  const { kind, strictness } = parts
  const node: JoinNode = { op: 'join', kind, strictness, left, right, on, asof, columns }
  if (columns.length === own.length) return node
  return {
    op: 'project', input: node, columns: own,
    exprs: own.map(({ type }, i) => ({
      kind: 'column', index: i < leftCount ? i : i - leftCount + left.columns.length, type,
    })),
  }
}

const isTrue = (expr: TypedExpr): boolean =>
  expr.kind === 'literal' && expr.slot < 0 && expr.value !== null && Number(expr.value) !== 0

/** Several only for an OR without which there would be no key at all. */
function alternativesOf(
  conjuncts: readonly TypedExpr[], leftCount: number,
): readonly (readonly TypedExpr[])[] {
  const hasKey = (list: readonly TypedExpr[]) =>
    list.some((part) => equalityOf(part, leftCount) !== null)
  if (hasKey(conjuncts)) return [conjuncts]
  for (const part of conjuncts) {
    if (part.kind !== 'call' || part.name !== 'or') continue
    const others = conjuncts.filter((other) => other !== part)
    const choices = part.args.map((arg) => [...conjunctsOf(arg), ...others])
    if (choices.every(hasKey)) return choices
  }
  return [conjuncts]
}
