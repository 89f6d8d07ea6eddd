// Calling a function as the executor and the analyzer do: NULLs, LowCardinality and constants are
// dealt with here once, so that most functions see plain values only.
// Invariant: a result under a NULL holds the type's default.

import {
  bareType, isNullable, lowCardinalityOf, NOTHING, nullableOf, type DataType,
} from '../../../storage/column/data-type.ts'
import { DataTypeError } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { MemoryLimitExceeded } from '../../../storage/kernels/work-memory.ts'
import type { ArgInfo, EvalContext, FunctionDef, LambdaCall } from '../values/function.ts'
import { FunctionError } from '../values/function.ts'
import { fitsLowCardinality, nullableIfPossible } from '../values/types.ts'
import { defaultValue, defaultVector, markNulls, noNulls, vectorOf } from '../values/values.ts'
import { asConst, pick, retype, rowsWhere, slotOf, take } from '../values/vectors.ts'

/** The type of a call, after the rules for NULL and LowCardinality. Throws FunctionError. */
export function callType(def: FunctionDef, args: readonly ArgInfo[]): DataType {
  checkArity(def, args.length)
  if (def.nulls === 'own') return typeOf(def, args)
  if (args.some((arg) => arg.type.id === 'Nullable' && arg.type.args[0].id === 'Nothing')) {
    return nullableOf(NOTHING)
  }
  const bare = args.map((arg) => ({ type: bareType(arg.type), value: arg.value }))
  let type = typeOf(def, bare)
  if (args.some((arg) => isNullable(arg.type))) type = nullableIfPossible(type)
  return def.isPlain !== true && isDictionaryCall(args) && fitsLowCardinality(type) ? lowCardinalityOf(type) : type
}

/** The rule's answer; a type that cannot be is the caller's fault. */
function typeOf(def: FunctionDef, args: readonly ArgInfo[]): DataType {
  try {
    return def.returnType(args)
  } catch (error) {
    if (error instanceof DataTypeError) throw new FunctionError(error.message, 'BAD_ARGUMENTS')
    throw error
  }
}

/** One LowCardinality column and else constants: ClickHouse keeps the result LowCardinality. */
export function isDictionaryCall(args: readonly ArgInfo[]): boolean {
  const columns = args.filter((arg) => arg.value === undefined)
  const coded = columns.filter((arg) => arg.type.id === 'LowCardinality')
  return coded.length === 1 && columns.length === 1
}

function checkArity(def: FunctionDef, count: number): void {
  const [least, most] = def.arity
  if (count >= least && count <= most) return
  const wanted = least === most ? `${least}` : most > 1000 ? `at least ${least}` : `${least} to ${most}`
  throw new FunctionError(`Function ${def.name} takes ${wanted} arguments, not ${count}`,
    'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
}

/** Evaluates a call over a block. `type` is what callType said. Calls over constants only give a
 * constant. */
export function invoke(
  def: FunctionDef, args: readonly Vector[], type: DataType, rowCount: number,
  context: EvalContext, lambda: LambdaCall | null = null,
): Vector {
  const isFolded = rowCount > 0 && lambda === null && !def.isVolatile
    && args.every((arg) => arg.isConst)
  if (isFolded) {
    const one = args.map((arg) => asConst(arg, 1))
    return asConst(invokeRows(def, one, type, 1, context, null), rowCount)
  }
  return invokeRows(def, args, type, rowCount, context, lambda)
}

function invokeRows(
  def: FunctionDef, args: readonly Vector[], type: DataType, rowCount: number,
  context: EvalContext, lambda: LambdaCall | null,
): Vector {
  if (def.nulls === 'own') return def.evaluate(args, type, rowCount, context, lambda)
  if (type.id === 'Nullable' && type.args[0].id === 'Nothing') {
    return defaultVector(type, rowCount, context.account)
  }
  const bare = args.map((arg) => retype(arg, bareType(arg.type), null))
  const nulls = unionNulls(args, rowCount, context)
  const inner = bareType(type)
  if (nulls === null) {
    return withType(def.evaluate(bare, inner, rowCount, context, lambda), type)
  }
  return overNulls(def, bare, type, nulls, rowCount, context, lambda)
}

const withType = (vector: Vector, type: DataType): Vector =>
  (vector.type === type ? vector : retype(vector, type))

function unionNulls(
  args: readonly Vector[], rowCount: number, context: EvalContext): Uint8Array | null {
  if (args.every((arg) => arg.nulls === null)) return null
  const nulls = noNulls(rowCount, context.account)
  let any = false
  for (const arg of args) any = markNulls(arg, nulls, rowCount) || any
  return any ? nulls : null
}

/** Evaluates the rows without NULL only (a default under a NULL may be what the function refuses,
 * as 0 in a division), then puts them back among NULLs. */
function overNulls(
  def: FunctionDef, args: readonly Vector[], type: DataType, nulls: Uint8Array, rowCount: number,
  context: EvalContext, lambda: LambdaCall | null,
): Vector {
  const { account } = context
  const present = account.u8(rowCount)
  for (let row = 0; row < rowCount; row++) present[row] = nulls[row] ^ 1
  const rows = rowsWhere(present, rowCount, account)
  if (rows.length === 0) return retypeNulls(defaultVector(type, rowCount, account), type)
  const compact = args.map((arg) => (arg.isConst ? asConst(arg, rows.length)
    : take(arg, rows, rows.length, account)))
  const result = def.evaluate(compact, bareType(type), rows.length, context,
    lambda === null ? null : (parameters, rowOf, count) =>
      lambda(parameters, mapRows(rows, rowOf, context), count))
  const places = account.u32(rowCount).fill(0)
  for (let i = 0; i < rows.length; i++) places[rows[i]] = result.isConst ? 0 : i
  const rest = vectorOf([defaultValue(bareType(type))], bareType(type), account)
  const spread = pick([result, asConst(rest, rowCount)], nulls, places, rowCount,
    bareType(type), account)
  if (!isNullable(type)) return retype(spread, type, null)
  // The function may have NULLs of its own.
  markNulls(spread, nulls, rowCount)
  return retype(spread, type, nulls)
}

const retypeNulls = (vector: Vector, type: DataType): Vector =>
  (isNullable(type) ? retype(vector, type) : retype(vector, type, null))

function mapRows(rows: Uint32Array, rowOf: Uint32Array, context: EvalContext): Uint32Array {
  const mapped = context.account.u32(rowOf.length)
  for (let i = 0; i < rowOf.length; i++) mapped[i] = rows[rowOf[i]]
  return mapped
}

/** True for errors that are the query's own fault (a bad value), not of the engine. */
export const isUserError = (error: unknown): boolean =>
  error instanceof FunctionError || error instanceof MemoryLimitExceeded

/** One byte a row: 1 where a condition holds (NULL and 0 do not). */
export function conditionMask(
  condition: Vector, rowCount: number, context: EvalContext): Uint8Array {
  const mask = context.account.u8(rowCount)
  const { nulls } = condition
  if (condition.kind !== 'number' && condition.kind !== 'big') return mask.fill(0)
  const { values } = condition
  for (let row = 0; row < rowCount; row++) {
    const slot = slotOf(condition, row)
    mask[row] = Number(values[slot]) !== 0 && (nulls === null || nulls[slot] === 0) ? 1 : 0
  }
  return mask
}
