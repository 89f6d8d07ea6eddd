// How many ticks a Decimal holds: as many as the integer below it, whatever its digits.

import type { DataType } from '../../../storage/column/data-type.ts'
import { FunctionError } from './function.ts'
import { decimalDigits } from './types.ts'

/** Refuses ticks that the integer below a Decimal cannot hold. */
export function ticksWithin(type: DataType): (ticks: bigint) => bigint {
  const digits = decimalDigits(type.precision)
  const bits = digits === 9 ? 32 : digits === 18 ? 64 : digits === 38 ? 128 : 256
  const most = 2n ** BigInt(bits - 1)
  return (ticks) => {
    if (ticks < most && ticks >= -most) return ticks
    throw new FunctionError(`A value is too large for ${type.name}`, 'DECIMAL_OVERFLOW')
  }
}
