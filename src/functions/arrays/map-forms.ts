// Maps from arrays, sorted, filtered and joined: mapFromArrays, mapUpdate, mapAdd, mapFilter …
// Invariant: pairs keep the order in which ClickHouse keeps them.

import { bareType, mapOf, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { byOwnValues, keyOf } from '../base/by-values.ts'
import { ANY_COUNT, badArgument, elementOf } from '../base/define.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { leastSupertype, mapWith } from '../values/types.ts'

type Pairs = readonly (readonly [Value, Value])[]
// A Map is a list of pairs wherever its type was checked; Value says only that it is a list.
const pairs = (value: Value): Pairs => value as unknown as Pairs // values of a Map are pairs
const asValue = (list: Pairs): Value => list as unknown as Value // the same the other way

const mapArgs = (name: string, arg: ArgInfo, index = 0): readonly DataType[] => {
  const type = bareType(arg.type)
  if (type.id !== 'Map') throw badArgument(name, index, arg.type)
  return type.args
}

const commonMap = (name: string) => (args: readonly ArgInfo[]): DataType => {
  const all = args.map((arg, i) => mapArgs(name, arg, i))
  return mapOf(leastSupertype(all.map(([key]) => key)), leastSupertype(all.map(([, value]) => value)))
}

/** The first map's pairs that the second does not have, then the second's. */
function updated(a: Pairs, b: Pairs): Pairs {
  const others = new Set(b.map(([key]) => keyOf(key)))
  return [...a.filter(([key]) => !others.has(keyOf(key))), ...b]
}

const values = (name: string, pick: (pair: readonly [Value, Value]) => Value): FunctionDef =>
  byOwnValues(name, [2, 2], ([map, value]) => {
    const [key, held] = mapArgs(name, map)
    leastSupertype([name.includes('Value') ? held : key, value.type])
    return UINT8
  }, ([map, wanted]) => Number(pairs(map).some((pair) => keyOf(pick(pair)) === keyOf(wanted))))

const mapFromArrays = byOwnValues('mapFromArrays', [2, 2], (args) => {
  const [key, value] = args.map((arg, i) => elementOf('mapFromArrays', i, arg.type))
  return mapWith(key, value)
}, ([keys, held]) => {
  const [a, b] = [keys as readonly Value[], held as readonly Value[]]
  if (a.length !== b.length) {
    throw new FunctionError('mapFromArrays takes arrays of equal sizes', 'SIZES_OF_ARRAYS_DONT_MATCH')
  }
  return a.map((key, i) => [key, b[i]])
})

export const MAP_FORMS: readonly FunctionDef[] = [
  { ...mapFromArrays, aliases: ['MAP_FROM_ARRAYS'] },
  byOwnValues('mapUpdate', [2, 2], commonMap('mapUpdate'), ([a, b]) => asValue(updated(pairs(a), pairs(b)))),
  byOwnValues('mapConcat', [1, ANY_COUNT], commonMap('mapConcat'), (maps) => asValue(maps.flatMap(pairs))),
  values('mapContainsValue', ([, value]) => value),
]
