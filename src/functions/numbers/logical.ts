// and, or, not, xor with three values: NULL AND 0 is 0, NULL OR 1 is 1.
// Invariant: results hold 0 or 1 only, 0 under a NULL.

import { BOOL, bareType, isNullable, nullableOf, UINT8, type DataType } from
  '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { ANY_COUNT, badArgument, define } from '../base/define.ts'
import { type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { isNumber } from '../values/types.ts'
import { noNulls } from '../values/values.ts'
import { numberVector } from '../values/vectors.ts'

function logicalType(name: string, args: readonly ArgInfo[]): DataType {
  args.forEach((arg, i) => {
    const bare = bareType(arg.type)
    if ((!isNumber(bare) && bare.id !== 'Nothing') || isLarge(bare)) throw badArgument(name, i, arg.type)
  })
  const bare = args.some((arg) => bareType(arg.type).id === 'Bool') ? BOOL : UINT8
  return args.some((arg) => isNullable(arg.type)) ? nullableOf(bare) : bare
}

const FALSE = 0
const TRUE = 1
const UNKNOWN = 2

/** 0, 1 or 2 (NULL) a row. */
function truth(vector: Vector, rowCount: number, out: Uint8Array): void {
  if (vector.kind !== 'number' && vector.kind !== 'big') {
    throw new Error(`functions: ${vector.type.name} is no condition`)
  }
  const { nulls, isConst } = vector
  if (vector.kind === 'number' && vector.values instanceof Uint8Array && nulls === null && !isConst) {
    const { values } = vector
    for (let row = 0; row < rowCount; row++) out[row] = values[row] !== 0 ? TRUE : FALSE
    return
  }
  for (let row = 0; row < rowCount; row++) {
    const slot = isConst ? 0 : row
    out[row] = nulls !== null && nulls[slot] === 1 ? UNKNOWN
      : Number(vector.values[slot]) !== 0 ? TRUE : FALSE
  }
}

type Combine = (sum: Uint8Array, next: Uint8Array, rowCount: number) => void

const combineAnd: Combine = (sum, next, rowCount) => {
  for (let i = 0; i < rowCount; i++) {
    const x = sum[i]
    const y = next[i]
    sum[i] = x === FALSE || y === FALSE ? FALSE : x === UNKNOWN || y === UNKNOWN ? UNKNOWN : TRUE
  }
}

const combineOr: Combine = (sum, next, rowCount) => {
  for (let i = 0; i < rowCount; i++) {
    const x = sum[i]
    const y = next[i]
    sum[i] = x === TRUE || y === TRUE ? TRUE : x === UNKNOWN || y === UNKNOWN ? UNKNOWN : FALSE
  }
}

const combineXor: Combine = (sum, next, rowCount) => {
  for (let i = 0; i < rowCount; i++) {
    sum[i] = sum[i] === UNKNOWN || next[i] === UNKNOWN ? UNKNOWN : sum[i] ^ next[i]
  }
}

function finish(
  truths: Uint8Array, type: DataType, rowCount: number, context: EvalContext): Vector {
  if (!isNullable(type)) return numberVector(type, truths)
  const nulls = noNulls(rowCount, context.account)
  let any = false
  for (let row = 0; row < rowCount; row++) {
    if (truths[row] !== UNKNOWN) continue
    truths[row] = 0
    nulls[row] = 1
    any = true
  }
  return numberVector(type, truths, any ? nulls : null)
}

const logical = (name: string, combine: Combine): FunctionDef =>
  define(name, [2, ANY_COUNT], (args) => logicalType(name, args),
    (args, type, rowCount, context) => {
      const sum = context.account.u8(rowCount)
      truth(args[0], rowCount, sum)
      const next = context.account.u8(rowCount)
      for (const arg of args.slice(1)) {
        truth(arg, rowCount, next)
        combine(sum, next, rowCount)
      }
      return finish(sum, type, rowCount, context)
    }, { nulls: 'own' })

const not = define('not', [1, 1], (args) => logicalType('not', args),
  ([a], type, rowCount, context) => {
    const out = context.account.u8(rowCount)
    truth(a, rowCount, out)
    for (let row = 0; row < rowCount; row++) out[row] = out[row] === UNKNOWN ? UNKNOWN : 1 - out[row]
    return finish(out, type, rowCount, context)
  }, { nulls: 'own' })

export const LOGICAL: readonly FunctionDef[] =
  [logical('and', combineAnd), logical('or', combineOr), logical('xor', combineXor), not]
