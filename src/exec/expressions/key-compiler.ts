// Expressions of a table's definition (partition key, sorting key) for the store's tasks: the store
// hands in text, a loop over blocks comes back. The same parser, analyzer and functions as queries use.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { KeyCompiler } from '../../../storage/merge/run-task.ts'
import { analyze } from '../../plan/analyze.ts'
import { QueryError, type PlanNode, type TypedExpr } from '../../plan/plan.ts'
import { parseQuery } from '../../sql/parse.ts'
import { compileExpression } from './expression.ts'
import { runtimeAlone } from '../runtime/runtime.ts'

const TABLE = 'this_table'

/** Columns that the plan's rows have, as numbers of the table's columns. */
function columnsOf(node: PlanNode): readonly number[] {
  if (node.op === 'scan') return node.columnIds
  if (node.op === 'project') return columnsOf(node.input)
  throw new QueryError('A key of a table is an expression over its columns', null, 'BAD_ARGUMENTS')
}

function typedKey(
  expression: string, columns: readonly { readonly name: string; readonly type: DataType }[],
): { readonly expr: TypedExpr; readonly used: readonly number[] } {
  const meta = {
    id: 1, schemaVersion: 1, name: TABLE, engine: 'MergeTree', partitionBy: 'tuple()', sortBy: [], ttl: null,
    settings: {},
    columns: columns.map((column, id) => ({ id, name: column.name, type: column.type.name, defaultExpr: null })),
  }
  const { root } = analyze(parseQuery(`SELECT ${expression} FROM ${TABLE}`), {
    table: (name) => name === TABLE ? meta : null, tableNames: () => [TABLE],
  }, [], true)
  if (root.op !== 'project' || root.exprs.length !== 1) {
    throw new QueryError('A key of a table is an expression over its columns', null, 'BAD_ARGUMENTS')
  }
  return { expr: root.exprs[0], used: columnsOf(root) }
}

type TypedKey = ReturnType<typeof typedKey>

/** Analysed keys by text and columns: a task compiles one for each of thousands of small parts. */
const KEYS_MAX = 64
const known = new Map<string, TypedKey>()

function knownKey(
  expression: string, columns: readonly { readonly name: string; readonly type: DataType }[],
): TypedKey {
  const name = JSON.stringify([expression, columns.map((column) => [column.name, column.type.name])])
  let key = known.get(name)
  if (key === undefined) {
    key = typedKey(expression, columns)
    if (known.size === KEYS_MAX) known.clear()
    known.set(name, key)
  }
  return key
}

/** Compiles a key; throws QueryError when the text is wrong or names what is not there. */
export const keyCompiler: KeyCompiler = (expression, columns, { account, kernels, nowMs }) => {
  const { expr, used } = knownKey(expression, columns)
  const context = { account, kernels, nowMs: nowMs ?? 0, checkAlive: () => {} }
  const evaluate = compileExpression(expr, runtimeAlone(context, 'A key of a table has no subqueries'))
  return (block) => evaluate({
    rowCount: block.rowCount, columns: used.map((index) => block.columns[index]),
  })
}
