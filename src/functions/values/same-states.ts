// Which aggregates have states that are each other's: sumIf(x, c) sums up as sum(x) does, so its states may go
// into a column of sum's. -If, -Array, -State and -Merge choose what is aggregated and add nothing; levels
// of a quantile are asked for in the end.
// Invariant: bytes of a state mean the same to all aggregates of one key.

import { isNullable, type DataType } from '../../../storage/column/data-type.ts'
import { withoutDictionaries } from './types.ts'

/** A sketch of these keeps nothing of the levels; of -GK and -DD the first parameter is an accuracy. */
const QUANTILES = /^(?:quantiles?|median)(?!.*(?:GK|DD)$)(.*)$/

/** The last combinator of a name; groupArray and groupUniqArray have none. */
const OUTER = /(?:If|(?<!^group(?:Uniq)?)Array|State|Merge)$/

/** Equal for state types whose states are each other's. */
function stateKey(type: DataType): string {
  const func = type.func ?? ''
  const name = /^\w+/.exec(func)?.[0] ?? ''
  let [plain, args] = [name, type.args]
  for (let outer = OUTER.exec(plain)?.[0]; outer !== undefined; outer = OUTER.exec(plain)?.[0]) {
    if (outer === 'If' && !args.some(isNullable)) args = args.slice(0, -1)
    else if (outer === 'Array' && args.every(({ id }) => id === 'Array')) args = args.map((arg) => arg.args[0])
    else if (outer === 'Merge' && args[0]?.id === 'AggregateFunction') return stateKey(args[0])
    else if (outer !== 'State') break
    plain = plain.slice(0, -outer.length)
  }
  if (plain === 'count') return plain
  const kind = QUANTILES.exec(plain)?.[1]
  const own = kind === undefined ? `${plain}${func.slice(name.length)}` : `quantile${kind}`
  return [own, ...args.map((arg) => withoutDictionaries(arg).name)].join(', ')
}

/** Whether states of one type, AggregateFunction(...), are states of the other. */
export const areSameStates = (a: DataType, b: DataType): boolean =>
  a === b || (a.id === b.id && a.id === 'AggregateFunction' && stateKey(a) === stateKey(b))

/** Whether all that differs is what is asked of the states in the end. */
export const areQuantiles = (name: string): boolean => QUANTILES.test(name)
