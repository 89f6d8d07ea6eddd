// min and max: numbers in a double a group (extreme-numbers.ts), everything else by the order of compareAt.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import { ExtremeNumbers, WideExtremes } from './extreme-numbers.ts'
import type { AggregateDef, AggregateStates } from '../values/function.ts'
import { KeptValues, keptStates } from './kept-values.ts'
import { compareAt } from '../base/comparison.ts'

/** Numbers whose every value is a double: not the 64-bit ones. */
function fitsDouble(type: DataType): boolean {
  switch (type.id) {
    case 'Bool': case 'Int8': case 'Int16': case 'Int32': case 'UInt8': case 'UInt16': case 'UInt32':
    case 'Float32': case 'Float64': case 'Date': case 'Date32': case 'DateTime': case 'Time':
    case 'Enum8': case 'Enum16': case 'IPv4': return true
    default: return false
  }
}

/** 64-bit numbers, which are doubles while they are safe integers. */
const isWideNumber = (type: DataType): boolean => ['Int64', 'UInt64', 'DateTime64', 'Time64', 'Interval'].includes(type.id)
  || (type.id === 'Decimal' && !isLarge(type))

const extreme = (name: 'min' | 'max', direction: number): AggregateDef => ({
  name, isCaseInsensitive: true, arity: [1, 1], nulls: 'skip', keepsArgumentType: true,
  takesTimes: () => true, returnType: ([arg]) => bareType(arg),
  create: ([arg], _parameters, context) => {
    const type = bareType(arg)
    if (fitsDouble(type)) return new ExtremeNumbers(name, type, context)
    const makeKept = (): AggregateStates => {
      const kept = new KeptValues(type, context)
      return keptStates(kept, ([vector], row, group) => {
        const best = kept.vectorOf(group)
        if (best < 0 || compareAt(vector, row, kept.view(), best, -direction) === direction) {
          kept.set(group, vector, row)
        }
      }, context)
    }
    return isWideNumber(type) ? new WideExtremes(name, type, context, makeKept) : makeKept()
  },
})

export const MIN_MAX: readonly AggregateDef[] = [extreme('min', -1), extreme('max', 1)]
