// Small calls as nested lists, evaluated directly on vectors and printed as SQL for the oracle:
// ['plus', 1, ['toInt8', 2]]. A string is a text constant, { type, value } a typed column.

import { parseDataType } from '../../storage/column/parse-type.ts'
import {
  FLOAT64, INT16, INT32, INT64, INT8, nullableOf, NOTHING, STRING, UINT16, UINT32, UINT64, UINT8,
  type DataType,
} from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import type { Value } from './values/value.ts'
import { callType, invoke } from './base/call.ts'
import { castToString } from './values/cast.ts'
import type { EvalContext } from './values/function.ts'
import { findFunction } from './registry.ts'
import { constVector, valueAt, vectorOf } from './values/values.ts'

/** A column of one row. `sql` gives it where the value's text is not its SQL. */
export type Typed = { readonly type: string; readonly value: Value; readonly sql?: string }
export type Expression = number | string | null | Typed | readonly [string, ...Expression[]]

const MEMORY_BYTES = 2 ** 28

/** A context over a memory of its own. */
export function testContext(limitBytes = MEMORY_BYTES): EvalContext {
  const work = new WorkMemory(MEMORY_BYTES)
  return {
    account: new MemoryAccount(work, limitBytes), kernels: loadKernels(work),
    nowMs: Date.UTC(2024, 4, 1, 12, 30, 15), checkAlive: () => {},
  }
}

/** The type that ClickHouse gives a literal number. */
function literalType(value: number): DataType {
  if (!Number.isInteger(value)) return FLOAT64
  const unsigned: [number, DataType][] = [[255, UINT8], [65535, UINT16], [4294967295, UINT32]]
  const signed: [number, DataType][] = [[-128, INT8], [-32768, INT16], [-2147483648, INT32]]
  return value >= 0 ? unsigned.find(([most]) => value <= most)?.[1] ?? UINT64
    : signed.find(([least]) => value >= least)?.[1] ?? INT64
}

const quote = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`

/** SQL of an expression; columns are materialized. */
export function renderCall(expression: Expression): string {
  if (expression === null) return 'NULL'
  if (typeof expression === 'number') return String(expression)
  if (typeof expression === 'string') return quote(expression)
  if (isCall(expression)) {
    const [name, ...args] = expression
    return `${name}(${args.map(renderCall).join(', ')})`
  }
  const text = expression.sql ?? (expression.value === null ? 'NULL'
    : typeof expression.value === 'string' ? quote(expression.value) : String(expression.value))
  return `materialize(CAST(${text}, ${quote(expression.type)}))`
}

const isCall = (e: Expression): e is readonly [string, ...Expression[]] => Array.isArray(e)

/** `type<tab>text` of an expression, or `error …`. */
export function evaluateCall(expression: Expression): string {
  const context = testContext()
  try {
    const vector = evaluate(expression, context)
    const text = valueAt(vector, 0) === null && vector.nulls !== null ? '\\N'
      : String(valueAt(castToString(vector, context), 0))
    return `${vector.type.name}\t${text}`
  } catch (error) {
    return `error ${(error as Error).message}`
  }
}

function evaluate(expression: Expression, context: EvalContext): Vector {
  const { account } = context
  if (expression === null) return constVector(null, nullableOf(NOTHING), 1, account)
  if (typeof expression === 'number') {
    return constVector(expression, literalType(expression), 1, account)
  }
  if (typeof expression === 'string') return constVector(expression, STRING, 1, account)
  if (!isCall(expression)) return vectorOf([expression.value], parseDataType(expression.type), account)
  const [name, ...rest] = expression
  const def = findFunction(name)
  if (def === null) throw new Error(`no function ${name}`)
  const args = rest.map((arg) => evaluate(arg, context))
  const infos = args.map((arg) => ({
    type: arg.type, value: arg.isConst ? valueAt(arg, 0) : undefined,
  }))
  return invoke(def, args, callType(def, infos), 1, context)
}
