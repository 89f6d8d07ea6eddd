// Arithmetic where a side is the value of a JSON path without a type (Dynamic): each row by the kinds of its own
// values, whole numbers in 64 bits, all others as doubles. The result is Dynamic again.

import { DYNAMIC } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { FunctionError, type EvalContext } from '../values/function.ts'
import { floatText } from '../values/float-text.ts'
import { numberInfo } from '../values/types.ts'
import { valueAt } from '../values/values.ts'

type Operand = bigint | number

const WHOLE: Readonly<Record<string, (x: bigint, y: bigint) => bigint>> = {
  plus: (x, y) => x + y, minus: (x, y) => x - y, multiply: (x, y) => x * y, intDiv: (x, y) => x / y, modulo: (x, y) => x % y,
}
const REAL: Readonly<Record<string, (x: number, y: number) => number>> = {
  plus: (x, y) => x + y, minus: (x, y) => x - y, multiply: (x, y) => x * y, divide: (x, y) => x / y, modulo: (x, y) => x % y,
  intDiv: (x, y) => Math.trunc(x / y),
}

/** The number that a value is. Throws for what is none. */
function operandOf(name: string, vector: Vector, row: number): Operand {
  const value = valueAt(vector, row)
  if (typeof value === 'boolean') return value ? 1n : 0n
  const isReal = numberInfo(vector.type)?.isFloat === true
  if (typeof value === 'bigint') return value
  if (typeof value === 'number') return isReal || !Number.isInteger(value) ? value : BigInt(value)
  return parsed(name, value)
}

function parsed(name: string, value: Value): Operand {
  const text = String(value)
  if (/^-?\d+$/.test(text)) return BigInt(text)
  if (text === 'true' || text === 'false') return text === 'true' ? 1n : 0n
  const number = Number(text)
  if (text !== '' && !Number.isNaN(number)) return number
  throw new FunctionError(`Function ${name} does not take ${text.slice(0, 40)}, the value of a JSON path: convert it, as in `
    + 'j.a::Float64')
}

/** name(a, b) of each row; neither side is NULL. */
export function dynamicArithmetic(name: string, a: Vector, b: Vector, rowCount: number, { account }: EvalContext): Vector {
  const out = new ByteBuilder(rowCount, account, rowCount * 8)
  for (let row = 0; row < rowCount; row++) {
    const [x, y] = [operandOf(name, a, row), operandOf(name, b, row)]
    if (typeof x === 'bigint' && typeof y === 'bigint' && name !== 'divide') {
      if (y === 0n && (name === 'intDiv' || name === 'modulo')) throw new FunctionError(`Division by zero in ${name}`, 'ILLEGAL_DIVISION')
      out.text(String(BigInt.asIntN(64, WHOLE[name](x, y))))
    } else out.text(floatText(REAL[name](Number(x), Number(y))))
    out.endRow()
  }
  return out.finish(DYNAMIC)
}
