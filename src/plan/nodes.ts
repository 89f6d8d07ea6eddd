// Small tools on plan nodes and conditions that the passes share.

import { parseDataType } from '../../storage/column/parse-type.ts'
import { isNullable } from '../../storage/column/data-type.ts'
import { findFunction } from '../functions/registry.ts'
import type { PlanNode, TypedExpr, TypedPlan } from './plan.ts'

/** The same node over other inputs. */
export function mapInputs(node: PlanNode, map: (input: PlanNode) => PlanNode): PlanNode {
  switch (node.op) {
    case 'one': case 'rows': case 'generate': case 'scan': return node
    case 'union': return { ...node, inputs: node.inputs.map(map) }
    case 'join': return { ...node, left: map(node.left), right: map(node.right) }
    default: return { ...node, input: map(node.input) }
  }
}

/** The nodes right below. */
export function inputsOf(node: PlanNode): readonly PlanNode[] {
  switch (node.op) {
    case 'one': case 'rows': case 'generate': case 'scan': return []
    case 'union': return node.inputs
    case 'join': return [node.left, node.right]
    default: return [node.input]
  }
}

/** Whether a node, or one below it, is of a kind. */
export const hasNode = (node: PlanNode, is: (node: PlanNode) => boolean): boolean =>
  is(node) || inputsOf(node).some((input) => hasNode(input, is))

/** The plans that a query has beside its root and its totals: those of subqueries. */
export const subplansOf = ({ sets, scalars, recursions }: Pick<TypedPlan, 'sets' | 'scalars' | 'recursions'>): PlanNode[] => [
  ...sets.flatMap((set) => (set.kind === 'plan' ? [set.plan] : [])), ...scalars.map(({ plan }) => plan),
  ...recursions.flatMap(({ base, step }) => [base, step])]

/** Column `index` as an expression. */
export const columnOf = (node: PlanNode, index: number): TypedExpr =>
  ({ kind: 'column', index, type: node.columns[index].type })

/** All columns of a node as expressions. */
export const allColumns = (node: PlanNode): TypedExpr[] =>
  node.columns.map((_, index) => columnOf(node, index))

/** The node's rows under other names. */
export const renamed = (node: PlanNode, columns: PlanNode['columns']): PlanNode =>
  ({ ...node, columns })

/** The conditions that an AND joins. */
export const conjunctsOf = (condition: TypedExpr): readonly TypedExpr[] =>
  (condition.kind === 'call' && condition.name === 'and' ? condition.args.flatMap(conjunctsOf)
    : [condition])

/** One condition out of several; null out of none. */
export function conjunction(conditions: readonly TypedExpr[]): TypedExpr | null {
  if (conditions.length <= 1) return conditions[0] ?? null
  const mayBeNull = conditions.some(({ type }) => isNullable(parseDataType(type)))
  return {
    kind: 'call', name: 'and', args: conditions, type: mayBeNull ? 'Nullable(UInt8)' : 'UInt8',
    span: { at: 0, end: 0 },
  }
}

/** True where each evaluation may give another value: such expressions keep their place. */
export function isVolatile(expr: TypedExpr): boolean {
  switch (expr.kind) {
    case 'call': return findFunction(expr.name)?.isVolatile === true || expr.args.some(isVolatile)
    case 'in': return expr.exprs.some(isVolatile)
    case 'lambda': return isVolatile(expr.body) || expr.captures.some(isVolatile)
    default: return false
  }
}

export const filterOver = (input: PlanNode, conditions: readonly TypedExpr[]): PlanNode => {
  const condition = conjunction(conditions)
  return condition === null ? input : { op: 'filter', input, condition, columns: input.columns }
}
