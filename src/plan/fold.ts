// Values of constant expressions that the plan itself needs: a precision, a time zone, LIMIT 5 * 2,
// an item of an IN list. Everything else that is constant is computed when the query runs.
// Invariant: reading a value consumes the slots that it came from.

import { parseDataType } from '../../storage/column/parse-type.ts'
import { referenceKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { invoke, isUserError } from '../functions/base/call.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../functions/values/function.ts'
import { findFunction } from '../functions/registry.ts'
import { constVector, valueAt } from '../functions/values/values.ts'
import type { Analysis } from './analysis.ts'
import type { TypedExpr } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import type { Resolved } from './resolved.ts'

/** The value of a constant; undefined where it is none, or not one that the analyzer can compute.
 * */
export function foldValue(analysis: Analysis, expr: Resolved): Value | undefined {
  if (expr.kind === 'literal') {
    analysis.slots.consume(expr.source)
    return expr.value
  }
  if (expr.kind !== 'call') return undefined
  const def = findFunction(expr.name)
  if (def === null || def.isVolatile === true || def.isPerQuery === true) return undefined
  const values: Value[] = []
  for (const arg of expr.args) {
    const value = foldValue(analysis, arg)
    if (value === undefined) return undefined
    values.push(value)
  }
  return computed(def, values, expr)
}

/** The function over one row. What it refuses (a text that is no number) stays for the run, which
 * may never come to it. */
function computed(def: FunctionDef, values: readonly Value[], expr: Call): Value | undefined {
  const context = contextOf()
  try {
    const vectors = values.map((value, i) =>
      constVector(value, expr.args[i].type, 1, context.account))
    return valueAt(invoke(def, vectors, expr.type, 1, context), 0)
  } catch (error) {
    if (isUserError(error)) return undefined
    throw error
  } finally {
    context.account.releaseAll()
  }
}

type Call = Extract<Resolved, { kind: 'call' }>

/** What a function says of a constant that is always computed (a text that is no number); null: nothing, or it is
 * no constant. */
export function constantFault(expr: TypedExpr): FunctionError | null {
  try {
    typedValue(expr)
    return null
  } catch (error) {
    if (error instanceof FunctionError) return error
    if (isUserError(error)) return null
    throw error
  }
}

/** The value of a constant; undefined: it is none. Throws what a function says. */
function typedValue(expr: TypedExpr): Value | undefined {
  if (expr.kind === 'literal') return expr.value
  const def = expr.kind === 'call' ? findFunction(expr.name) : null
  if (expr.kind !== 'call' || def === null || def.isVolatile === true || def.isPerQuery === true) return undefined
  const values = expr.args.map(typedValue)
  if (values.includes(undefined)) return undefined
  const context = contextOf()
  try {
    const vectors = values.map((value, i) => constVector(value as Value, parseDataType(expr.args[i].type), 1, context.account))
    return valueAt(invoke(def, vectors, parseDataType(expr.type), 1, context), 0)
  } finally {
    context.account.releaseAll()
  }
}

const FOLD_BYTES = 4 << 20 // A constant is small; one that is not is computed when the query runs.
let made: EvalContext | null = null

/** A context of the analyzer's own: it runs on the main thread, where no worker's memory is. */
function contextOf(): EvalContext {
  if (made !== null) return made
  const work = new WorkMemory(FOLD_BYTES)
  const checkAlive = () => undefined
  made = {
    account: new MemoryAccount(work, FOLD_BYTES), kernels: referenceKernels(work), nowMs: 0,
    checkAlive,
  }
  return made
}
