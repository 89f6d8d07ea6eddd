// A query whose rows go into a table: materialized views and copies. Columns meet by name, as in
// ClickHouse's INSERT INTO … SELECT; what the query does not give takes the column's DEFAULT.

import { parseDataType } from '../../storage/column/parse-type.ts'
import type { ColumnSpec, TableMeta } from '../../storage/face.ts'
import { parseExpression } from '../sql/parse.ts'
import { analyzeExpression } from './analyze.ts'
import { hasNode, inputsOf, mapInputs, subplansOf } from './nodes.ts'
import { QueryError, type OutputColumn, type PlanNode, type TypedExpr, type TypedPlan } from './plan.ts'

const NOWHERE = { at: 0, end: 0 }

/** The plan with the table's columns, in their order and types. Throws QueryError where the query
 * gives a column twice, none that the table has, or one of a type that can't be cast. */
export function planInto(plan: TypedPlan, table: TableMeta): TypedPlan {
  const given = namedOnce(plan.root.columns)
  if (!table.columns.some(({ name }) => given.has(name))) {
    throw new QueryError(`The query gives none of the columns of ${table.name} (`
      + `${table.columns.map(({ name }) => name).join(', ')})`, null, 'NO_SUCH_COLUMN_IN_TABLE')
  }
  const columns = table.columns.map(({ name, type }) => ({ name, type }))
  const plain: PlanNode = {
    op: 'project', input: plan.root, columns,
    exprs: table.columns.map((column) => {
      const index = given.get(column.name)
      return index === undefined ? typeDefault(column.type)
        : castTo(index, plan.root.columns[index].type, column.type)
    }),
  }
  return { ...plan, root: withDefaults(plain, table, given), format: null }
}

function namedOnce(columns: readonly OutputColumn[]): ReadonlyMap<string, number> {
  const given = new Map<string, number>()
  columns.forEach(({ name }, index) => {
    if (given.has(name)) {
      throw new QueryError(`The query gives column ${name} twice`, null, 'DUPLICATE_COLUMN')
    }
    given.set(name, index)
  })
  return given
}

const text = (value: string): TypedExpr => ({ kind: 'literal', value, type: 'String', slot: -1 })

function castTo(index: number, from: string, to: string): TypedExpr {
  const column: TypedExpr = { kind: 'column', index, type: from }
  return from === to ? column
    : { kind: 'call', name: 'CAST', type: to, span: NOWHERE, args: [column, text(to)] }
}

const typeDefault = (type: string): TypedExpr =>
  ({ kind: 'call', name: 'defaultValueOfTypeName', type, span: NOWHERE, args: [text(type)] })

/** DEFAULT may name other columns of the table: it is computed over the finished ones. */
function withDefaults(
  input: PlanNode, table: TableMeta, given: ReadonlyMap<string, number>,
): PlanNode {
  const isComputed = ({ name, defaultExpr }: ColumnSpec) => defaultExpr !== null && !given.has(name)
  if (!table.columns.some(isComputed)) return input
  return {
    op: 'project', input, columns: input.columns,
    exprs: table.columns.map((column, index): TypedExpr => (isComputed(column)
      ? analyzeExpression(parseExpression(column.defaultExpr as string), table.columns,
        parseDataType(column.type).name)
      : { kind: 'column', index, type: input.columns[index].type })),
  }
}

type Scan = PlanNode & { readonly op: 'scan' }

/** Scans whose rows a query goes through once: the leftmost of each branch of its UNIONs. */
export function leadingScans(root: PlanNode): readonly Scan[] {
  if (root.op === 'scan') return [root]
  if (root.op === 'union') return root.inputs.flatMap(leadingScans)
  const [first] = inputsOf(root)
  return first === undefined ? [] : leadingScans(first)
}

/** Tables whose new rows make a view run. */
export const triggersOf = (root: PlanNode): ReadonlySet<string> => new Set(leadingScans(root).map(({ table }) => table))

/** Where a triggered plan reads its trigger elsewhere, too (a right side of a join, a subquery): the plan whose leading
 * scans are of table `apartId`, so that those can have a part of its rows and the others all. null: it does not. */
export function apartFromRest(plan: TypedPlan, trigger: string, apartId: number): TypedPlan | null {
  const root = leadApart(plan.root, apartId)
  const readsIt = (node: PlanNode) => node.op === 'scan' && node.table === trigger && node.tableId !== apartId
  return [root, ...subplansOf(plan)].some((below) => hasNode(below, readsIt)) ? { ...plan, root } : null
}

function leadApart(node: PlanNode, apartId: number): PlanNode {
  if (node.op === 'scan') return { ...node, tableId: apartId }
  if (node.op === 'join') return { ...node, left: leadApart(node.left, apartId) }
  return mapInputs(node, (input) => leadApart(input, apartId))
}

/** The plan for new rows of one trigger: branches of UNIONs that other tables trigger are left out. What
 * is joined to a trigger stays whole. */
export function triggeredBy(node: PlanNode, table: string): PlanNode {
  if (node.op === 'join') return { ...node, left: triggeredBy(node.left, table) }
  const input = mapInputs(node, (below) => triggeredBy(below, table))
  if (input.op !== 'union') return input
  return { ...input, inputs: input.inputs.filter((below) => triggersOf(below).has(table)) }
}
