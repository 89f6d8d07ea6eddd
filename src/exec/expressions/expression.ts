// TypedExpr to evaluators: closures over typed arrays, built once per run of a query. Constant parts
// are evaluated once; parts over one dictionary column once per value used (memo.ts).
// Invariant: an evaluator's vector lies in scratch memory (constants: the query's) and nobody changes
// it; it has the block's rows.

import { bareType, isNullable } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Block, Vector } from '../../../storage/column/vector.ts'
import { invoke } from '../../functions/base/call.ts'
import { FunctionError, type EvalContext, type LambdaCall } from '../../functions/values/function.ts'
import { ROW_END } from '../../functions/dates/date-more.ts'
import { findFunction } from '../../functions/registry.ts'
import { constVector } from '../../functions/values/values.ts'
import { asConst, take } from '../../functions/values/vectors.ts'
import { columnsOf } from '../../plan/lower.ts'
import { QueryError, type Span, type TypedExpr } from '../../plan/plan.ts'
import { memoised } from './memo.ts'
import { keepVector } from '../blocks/block-codec.ts'
import { literalValue, ONE_ROW, type Runtime } from '../runtime/runtime.ts'
import { perPlan } from '../runtime/per-plan.ts'
import { totalEvaluator } from './row-ends.ts'
import { shortCircuit } from './short-circuit.ts'
import type { Evaluator } from './evaluator.ts'

type Call = Extract<TypedExpr, { kind: 'call' }>
type In = Extract<TypedExpr, { kind: 'in' }>

/** Compiles an expression, with memoisation of what hangs on one dictionary column. */
export function compileExpression(expr: TypedExpr, runtime: Runtime): Evaluator {
  if (isConstant(expr)) return compileConstant(expr, runtime)
  const column = memoColumn(expr)
  if (column >= 0) {
    return memoised(column, expr, compileDirect(expr, runtime), runtime)
  }
  return compileDirect(expr, runtime)
}

/** Compiles without memoising the expression itself (its parts may be). */
export function compileDirect(expr: TypedExpr, runtime: Runtime): Evaluator {
  switch (expr.kind) {
    case 'column': {
      const { index } = expr
      return (block) => block.columns[index]
    }
    case 'literal': case 'scalar': return compileConstant(expr, runtime)
    case 'call': return shortCircuit(expr, runtime, compileExpression) ?? compileCall(expr, runtime)
    case 'in': return compileIn(expr, runtime)
    case 'lambda': throw new Error('exec: a lambda stands outside of a call')
  }
}

/** No column and nothing volatile: one value for all rows. */
export function isConstant(expr: TypedExpr): boolean {
  switch (expr.kind) {
    case 'literal': case 'scalar': return true
    case 'column': return false
    default: return isConstantCall(expr)
  }
}

const isConstantCall = perPlan((expr: Exclude<TypedExpr, { kind: 'literal' | 'scalar' | 'column' }>): boolean => {
  switch (expr.kind) {
    case 'call': return !(findFunction(expr.name)?.isVolatile === true) && expr.args.every(isConstant)
    case 'in': return expr.exprs.every(isConstant)
    case 'lambda': return expr.captures.length === 0 && !hasVolatile(expr.body)
  }
})

function hasVolatile(expr: TypedExpr): boolean {
  switch (expr.kind) {
    case 'call': return findFunction(expr.name)?.isVolatile === true || expr.args.some(hasVolatile)
    case 'in': return expr.exprs.some(hasVolatile)
    case 'lambda': return hasVolatile(expr.body)
    default: return false
  }
}

/** The one string column that a call hangs on; -1: none, several, or volatile. */
export const memoColumn = (expr: TypedExpr): number =>
  (expr.kind === 'call' || expr.kind === 'in' ? memoColumnOf(expr) : -1)

/** A column of strings as it is. */
export const isStringColumn = (expr: TypedExpr): boolean =>
  expr.kind === 'column' && bareType(parseDataType(expr.type)).id === 'String'

const memoColumnOf = perPlan((expr: Call | In): number => {
  if (hasVolatile(expr)) return -1
  const columns = columnsOf(expr, new Set())
  if (columns.size !== 1) return -1
  const [index] = columns
  return bareType(parseDataType(columnType(expr, index))).id === 'String' ? index : -1
})

function columnType(expr: TypedExpr, index: number): string {
  if (expr.kind === 'column') return expr.index === index ? expr.type : ''
  const below = expr.kind === 'call' ? expr.args : expr.kind === 'in' ? expr.exprs
    : expr.kind === 'lambda' ? expr.captures : []
  for (const part of below) {
    const type = columnType(part, index)
    if (type !== '') return type
  }
  return ''
}

function compileConstant(expr: TypedExpr, runtime: Runtime): Evaluator {
  let one: Vector | null = null
  return (block) => {
    // A literal's vector lies in the query's account already; what is computed lies in scratch memory.
    one ??= asConst(expr.kind === 'literal' ? constantOf(expr, runtime)
      : keepVector(constantOf(expr, runtime), runtime.durable.account), 1)
    return asConst(one, block.rowCount)
  }
}

/** The constant's vector of one row. */
export function constantOf(expr: TypedExpr, runtime: Runtime): Vector {
  const { account } = runtime.durable
  if (expr.kind === 'literal') {
    return constVector(literalValue(expr, runtime.slots), parseDataType(expr.type), 1, account)
  }
  if (expr.kind === 'scalar') {
    const { value, type } = runtime.scalarOf(expr.scalar)
    return constVector(value, parseDataType(type), 1, account)
  }
  return asConst(compileDirect(expr, runtime)(ONE_ROW), 1)
}

function compileCall(expr: Call, runtime: Runtime): Evaluator {
  const def = findFunction(expr.name)
  if (def === null) {
    throw new QueryError(`Function ${expr.name} does not exist`, expr.span, 'UNKNOWN_FUNCTION')
  }
  const type = parseDataType(expr.type)
  const lambda = expr.args.find((arg) => arg.kind === 'lambda')
  const args = expr.args.filter((arg) => arg.kind !== 'lambda').map((arg) => {
    const part = compileExpression(arg, runtime)
    return expr.name === ROW_END ? totalEvaluator(part, arg, runtime) : part
  })
  const { scratch } = runtime
  const lambdaOf = lambda === undefined ? null : compileLambda(lambda, runtime)
  return (block) => {
    try {
      const values = args.map((arg) => arg(block))
      return invoke(def, values, type, block.rowCount, scratch, lambdaOf?.(block) ?? null)
    } catch (error) {
      throw placed(error, expr.span)
    }
  }
}

/** A lambda over a block: captures are evaluated once, and repeated for each element. */
function compileLambda(
  lambda: Extract<TypedExpr, { kind: 'lambda' }>, runtime: Runtime): (block: Block) => LambdaCall {
  const captures = lambda.captures.map((capture) => compileExpression(capture, runtime))
  const body = compileExpression(lambda.body, runtime)
  const { account } = runtime.scratch
  return (block) => {
    const outside = captures.map((capture) => capture(block))
    return (parameters, rowOfElement, count) => body({
      rowCount: count,
      columns: [...outside.map((vector) => (vector.isConst ? asConst(vector, count)
        : take(vector, rowOfElement, count, account))), ...parameters],
    })
  }
}

function compileIn(expr: In, runtime: Runtime): Evaluator {
  const sides = expr.exprs.map((side) => compileExpression(side, runtime))
  const type = parseDataType(expr.type)
  const { scratch } = runtime
  return (block) => {
    const columns = sides.map((side) => side(block))
    const isConst = columns.every((column) => column.isConst) && block.rowCount > 0
    const rowCount = isConst ? 1 : block.rowCount
    const values = runtime.setOf(expr.set).contains(columns, rowCount, scratch)
    if (expr.negated) for (let row = 0; row < rowCount; row++) values[row] ^= 1
    const nulls = isNullable(type) ? nullsOf(columns[0], rowCount, values, scratch) : null
    return { kind: 'number', type, length: block.rowCount, isConst, nulls, values }
  }
}

/** NULL IN (…) is NULL; its slot holds the default. */
function nullsOf(
  side: Vector, rowCount: number, values: Uint8Array, context: EvalContext): Uint8Array | null {
  if (side.nulls === null) return null
  const nulls = context.account.u8(rowCount)
  for (let row = 0; row < rowCount; row++) {
    nulls[row] = side.nulls[side.isConst ? 0 : row]
    if (nulls[row] === 1) values[row] = 0
  }
  return nulls
}

/** A function's complaint with the place of its call in the SQL. */
function placed(error: unknown, span: Span): unknown {
  return error instanceof FunctionError ? new QueryError(error.message, span, error.code) : error
}
