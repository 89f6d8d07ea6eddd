// sumWithOverflow: the sum in the type of what is summed; what does not fit wraps around.

import { bareType } from '../../storage/column/data-type.ts'
import { castVector } from './cast.ts'
import { SumStates, sumType } from './count-sum.ts'
import type { AggregateDef } from './function.ts'

export const SUM_WITH_OVERFLOW: readonly AggregateDef[] = [{
  name: 'sumWithOverflow', arity: [1, 1], nulls: 'skip', keepsArgumentType: true,
  returnType: ([arg]) => {
    sumType('sumWithOverflow', arg)
    return bareType(arg)
  },
  create: ([arg], _parameters, context) => {
    const sums = new SumStates(sumType('sumWithOverflow', arg), context)
    const finish = sums.finish.bind(sums)
    return Object.assign(sums, {
      finish: (groupCount: number) => castVector(finish(groupCount), bareType(arg), context),
    })
  },
}]
