// Pass: conditions that are constant go away (`1 = 1`), or make the whole condition 0 (`1 = 0`).
// Literals that are slots decide nothing here: another call has other values.

import { conjunction, conjunctsOf, mapInputs } from './nodes.ts'
import type { PlanNode, TypedExpr } from './plan.ts'
import type { Value } from '../functions/values/value.ts'

export function simplifyConditions(root: PlanNode): PlanNode {
  const node = mapInputs(root, simplifyConditions)
  if (node.op === 'scan' && node.filter !== null) {
    return { ...node, filter: simplified(node.filter) }
  }
  if (node.op !== 'filter') return node
  const condition = simplified(node.condition)
  return condition === null ? node.input : { ...node, condition }
}

/** null: always true. */
function simplified(condition: TypedExpr): TypedExpr | null {
  const kept: TypedExpr[] = []
  for (const part of conjunctsOf(condition)) {
    const value = constantOf(part)
    if (value === undefined) kept.push(part)
    else if (value === null || Number(value) === 0) {
      return { kind: 'literal', value: 0, type: 'UInt8', slot: -1 }
    }
  }
  return conjunction(kept)
}

/** The value of a literal, or of a comparison of two literals; undefined: it must be computed. */
function constantOf(expr: TypedExpr): Value | undefined {
  if (expr.kind === 'literal') return expr.slot < 0 ? expr.value : undefined
  if (expr.kind !== 'call' || !(expr.name in COMPARE) || expr.args.length !== 2) return undefined
  const [left, right] = expr.args.map((arg) => constantOf(arg))
  if (typeof left !== typeof right) return undefined
  if (typeof left !== 'number' && typeof left !== 'string') return undefined
  return Number(COMPARE[expr.name](left, right as typeof left))
}

type Plain = number | string
const COMPARE: Readonly<Record<string, (a: Plain, b: Plain) => boolean>> = {
  equals: (a, b) => a === b,
  notEquals: (a, b) => a !== b,
}
