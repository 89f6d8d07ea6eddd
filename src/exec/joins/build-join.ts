// A join of the plan as an operator: which side streams, which is the table, and what a pair must
// fulfil besides equal keys.

import { parseDataType } from '../../../storage/column/parse-type.ts'
import { columnsOf } from '../../plan/lower.ts'
import type { JoinCondition, PlanNode, TypedExpr } from '../../plan/plan.ts'
import type { JoinMode, JoinParts } from './join.ts'
import { joinSpec, type JoinSpec, type JoinTable } from './join-table.ts'
import { conjuncts } from '../expressions/predicate.ts'

type JoinNode = Extract<PlanNode, { op: 'join' }>

/** Hands out the table of a join once its stage has run. */
export type TableOf = (join: PlanNode, spec: JoinSpec) => JoinTable

export function joinParts(
  node: JoinNode, isLeftBuilt: boolean, needed: ReadonlySet<number>, tableOf: TableOf,
): JoinParts {
  const leftCount = node.left.columns.length
  const types = node.columns.map(({ type }) => parseDataType(type))
  const mode = modeOf(node, isLeftBuilt)
  const spec = joinSpec(node.on, node.asof, isLeftBuilt,
    isLeftBuilt ? types.slice(0, leftCount) : types.slice(leftCount),
    mode.keepsProbe || mode.matches === 'none')
  return {
    mode, leftCount, types, needed,
    residuals: node.on.map((_, i) => residualOf(node, i)), table: () => tableOf(node, spec),
  }
}

function modeOf({ kind, strictness, asof }: JoinNode, isLeftBuilt: boolean): JoinMode {
  const keepsLeft = kind === 'left' || kind === 'full'
  const keepsRight = kind === 'right' || kind === 'full'
  const isKept = strictness !== 'semi' && strictness !== 'anti'
  return {
    isLeftBuilt,
    keepsProbe: isKept && (isLeftBuilt ? keepsRight : keepsLeft),
    keepsBuilt: strictness === 'all' && (isLeftBuilt ? keepsLeft : keepsRight),
    matches: strictness === 'all' ? 'all' : strictness === 'anti' ? 'none' : 'first',
    nearest: asof === null ? null : { probe: asof.left, built: asof.right, op: asof.op },
  }
}

/** The rest of one alternative. A pair that an alternative before it has found is not found again. */
function residualOf(node: JoinNode, number: number): TypedExpr[] {
  const own = conjuncts(node.on[number].residual)
  return [...own, ...node.on.slice(0, number).map((before) => notTrue(wholeOf(node, before)))]
}

const NOWHERE = { at: 0, end: 0 }

function wholeOf(node: JoinNode, { keys, residual }: JoinCondition): TypedExpr[] {
  const leftCount = node.left.columns.length
  const equal = keys.map(({ left, right, isNullSafe }): TypedExpr => ({
    kind: 'call', name: isNullSafe ? 'isNotDistinctFrom' : 'equals', type: 'Nullable(UInt8)',
    span: NOWHERE,
    args: [
      { kind: 'column', index: left, type: node.columns[left].type },
      { kind: 'column', index: leftCount + right, type: node.columns[leftCount + right].type },
    ],
  }))
  return [...equal, ...conjuncts(residual)]
}

/** Also where it is NULL. */
function notTrue(conditions: readonly TypedExpr[]): TypedExpr {
  const all: TypedExpr = conditions.length === 1 ? conditions[0]
    : { kind: 'call', name: 'and', type: 'Nullable(UInt8)', span: NOWHERE, args: conditions }
  const zero: TypedExpr = { kind: 'literal', value: 0, type: 'UInt8', slot: -1 }
  const known: TypedExpr = { kind: 'call', name: 'ifNull', args: [all, zero], type: 'UInt8', span: NOWHERE }
  return { kind: 'call', name: 'not', args: [known], type: 'UInt8', span: NOWHERE }
}

/** The columns that the probing side must yield. */
export function probeColumns(parts: JoinParts, node: JoinNode): Set<number> {
  const { mode, leftCount } = parts
  const wanted = new Set<number>()
  for (const { keys } of node.on) {
    for (const key of keys) wanted.add(mode.isLeftBuilt ? key.right : key.left)
  }
  if (node.asof !== null) wanted.add(node.asof.left)
  const read = new Set(parts.needed)
  for (const list of parts.residuals) for (const expr of list) columnsOf(expr, read)
  for (const index of read) {
    const isLeft = index < leftCount
    if (isLeft !== mode.isLeftBuilt) wanted.add(isLeft ? index : index - leftCount)
  }
  return wanted
}
