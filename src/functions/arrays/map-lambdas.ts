// Maps with a lambda over their pairs, sorted, and added up: mapApply, mapFilter, mapExists, mapAll, mapSort,
// mapAdd, mapSubtract, and keys or values by a LIKE pattern.
// Invariant: the lambda is called once per block with all keys and all values.

import { bareType, mapOf, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { ArrayVector, TupleVector, Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { asArray, sumTypeOf } from './arrays.ts'
import { byOwnValues, keyOf } from '../base/by-values.ts'
import { conditionMask } from '../base/call.ts'
import { compareAt } from '../base/comparison.ts'
import { ANY_COUNT, badArgument, define, numbersBy } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef, type LambdaCall } from '../values/function.ts'
import { expectCondition, noLambda } from './higher-order.ts'
import { likeMatcher } from '../strings/string-search.ts'
import { isInteger, isString, leastSupertype, mapWith } from '../values/types.ts'
import { isUuid, uuidRank } from '../values/uuid-order.ts'
import { arrayVector, asBytes, retype, take } from '../values/vectors.ts'

function typesOf(name: string, arg: ArgInfo | undefined, index: number): readonly DataType[] {
  if (arg === undefined) throw new FunctionError(`Function ${name} takes a map after its lambda`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  const type = bareType(arg.type)
  if (type.id !== 'Map') throw badArgument(name, index, arg.type)
  return type.args
}

type Lists = ArrayVector & { readonly values: TupleVector }

function asMap(vector: Vector, rowCount: number, context: EvalContext): Lists {
  const lists = asArray(vector, rowCount, context)
  if (lists.values.kind !== 'tuple' || bareType(vector.type).id !== 'Map') throw new FunctionError(`Here stands a map, not ${vector.type.name}`)
  return lists as Lists
}

/** What the lambda says of each pair. */
function mapped(lists: Lists, rowCount: number, { account }: EvalContext, lambda: LambdaCall): Vector {
  const rowOf = account.u32(lists.offsets[rowCount])
  for (let row = 0; row < rowCount; row++) rowOf.fill(row, lists.offsets[row], lists.offsets[row + 1])
  return lambda(lists.values.fields, rowOf, lists.offsets[rowCount])
}

/** A function of a map with a lambda before it. */
const withPairs = (name: string, least: number, typeOf: (args: readonly ArgInfo[]) => DataType,
  evaluate: FunctionDef['evaluate']): FunctionDef => define(name, [least, 2], (args) => {
    if (args.length > 1) expectCondition(name, args)
    return typeOf(args)
  }, (args, type, rowCount, context, lambda) => {
    if (lambda === null && (least > 1 || args.length > 1)) throw noLambda(name)
    return evaluate(args, type, rowCount, context, lambda)
  },
  { nulls: 'own', lambdaParameters: ([map]) => typesOf(name, map, 1) })

/** The pairs at the places that `each` keeps, row by row. */
function keepPairs(lists: Lists, type: DataType, rowCount: number, { account }: EvalContext,
  each: (row: number, keep: (at: number) => void) => void): Vector {
  const places = account.u32(lists.offsets[rowCount])
  const offsets = account.u32(rowCount + 1)
  let count = 0
  offsets[0] = 0
  for (let row = 0; row < rowCount; row++) {
    each(row, (at) => { places[count++] = at })
    offsets[row + 1] = count
  }
  return arrayVector(type, offsets, take(lists.values, places, count, account))
}

const mapFilter = withPairs('mapFilter', 2, ([, map]) => map.type,
  ([map], type, rowCount, context, lambda) => {
    const lists = asMap(map, rowCount, context)
    const mask = conditionMask(mapped(lists, rowCount, context, lambda as LambdaCall), lists.offsets[rowCount], context)
    return keepPairs(lists, type, rowCount, context, (row, keep) => {
      for (let at = lists.offsets[row]; at < lists.offsets[row + 1]; at++) if (mask[at] === 1) keep(at)
    })
  })

const mapApply = withPairs('mapApply', 2, ([body]) => {
  if (body.type.id === 'Tuple' && body.type.args.length === 2) return mapWith(body.type.args[0], body.type.args[1])
  throw new FunctionError(`The lambda of mapApply gives a tuple of a key and a value, not ${body.type.name}`)
}, ([map], type, rowCount, context, lambda) => {
  const lists = asMap(map, rowCount, context)
  const count = lists.offsets[rowCount]
  const pairs = mapped(lists, rowCount, context, lambda as LambdaCall)
  const all = take(pairs, Uint32Array.from({ length: count }, (_, i) => i), count, context.account)
  return arrayVector(type, lists.offsets, retype(all, lists.values.type))
})

/** 1 where some (all) pairs pass. */
const test = (name: string, isAll: boolean): FunctionDef => withPairs(name, 2, () => UINT8,
  ([map], type, rowCount, context, lambda) => {
    const lists = asMap(map, rowCount, context)
    const mask = conditionMask(mapped(lists, rowCount, context, lambda as LambdaCall), lists.offsets[rowCount], context)
    return numbersBy(type, rowCount, context, (row) => {
      for (let at = lists.offsets[row]; at < lists.offsets[row + 1]; at++) {
        if ((mask[at] === 1) !== isAll) return isAll ? 0 : 1
      }
      return isAll ? 1 : 0
    })
  })

/** Pairs by key, or by what a lambda says of them. `hasLimit`: how many pairs must stand in order, before the
 * map; the others may stand as they come. */
const sort = (name: string, direction: number, hasLimit = false): FunctionDef => define(name, hasLimit ? [2, 3] : [1, 2], (args) => {
  if (hasLimit && !isInteger(bareType(args[args.length - 2].type))) throw badArgument(name, args.length - 2, args[args.length - 2].type)
  const map = args[args.length - 1]
  typesOf(name, map, args.length - 1)
  return map.type
}, (args, type, rowCount, context, lambda) => {
  const lists = asMap(args[args.length - 1], rowCount, context)
  const by = lambda === null ? lists.values.fields[0] : mapped(lists, rowCount, context, lambda)
  return keepPairs(lists, type, rowCount, context, (row, keep) => {
    const places = Array.from({ length: lists.offsets[row + 1] - lists.offsets[row] }, (_, i) => lists.offsets[row] + i)
    places.sort((a, b) => compareAt(by, a, by, b, direction) * direction) // NULL and NaN last in either
    places.forEach(keep)
  })
}, { nulls: 'own', lambdaParameters: (others) => typesOf(name, others[others.length - 1], others.length) })

/** Pairs whose key (0) or value (1) is like a pattern. */
function likePlaces([map, pattern]: readonly Vector[], side: number, rowCount: number, context: EvalContext,
): { lists: Lists; matches: (row: number, at: number) => boolean } {
  const lists = asMap(map, rowCount, context)
  const texts = asBytes(lists.values.fields[side], context.account)
  const patterns = asBytes(pattern, context.account)
  let [known, matcher] = [-1, likeMatcher('', false)]
  return {
    lists, matches: (row, at) => {
      const slot = patterns.isConst ? 0 : row
      if (slot !== known) {
        const bytes = patterns.bytes.subarray(patterns.offsets[slot], patterns.offsets[slot + 1])
        matcher = likeMatcher(Buffer.from(bytes).toString(), false)
        known = slot
      }
      return matcher.test(texts.bytes, texts.offsets[at], texts.offsets[at + 1])
    },
  }
}

const expectLike = (name: string, [map, pattern]: readonly ArgInfo[], side: number): void => {
  if (!isString(bareType(typesOf(name, map, 0)[side]))) throw badArgument(name, 0, map.type)
  if (!isString(pattern.type)) throw badArgument(name, 1, pattern.type)
}

const containsLike = (name: string, side: number): FunctionDef => define(name, [2, 2], (args) => {
  expectLike(name, args, side)
  return UINT8
}, (args, type, rowCount, context) => {
  const { lists, matches } = likePlaces(args, side, rowCount, context)
  return numbersBy(type, rowCount, context, (row) => {
    for (let at = lists.offsets[row]; at < lists.offsets[row + 1]; at++) if (matches(row, at)) return 1
    return 0
  })
})

const extractLike = (name: string, side: number): FunctionDef => define(name, [2, 2], (args) => {
  expectLike(name, args, side)
  return args[0].type
}, (args, type, rowCount, context) => {
  const { lists, matches } = likePlaces(args, side, rowCount, context)
  return keepPairs(lists, type, rowCount, context, (row, keep) => {
    for (let at = lists.offsets[row]; at < lists.offsets[row + 1]; at++) if (matches(row, at)) keep(at)
  })
})

type Pair = readonly [Value, number | bigint]

/** Values of equal keys added up (subtracted), keys in order. */
const combine = (name: string, sign: number): FunctionDef => byOwnValues(name, [2, ANY_COUNT], (args) => {
  const all = args.map((arg, i) => typesOf(name, arg, i))
  return mapOf(leastSupertype(all.map(([key]) => key)), sumTypeOf(leastSupertype(all.map(([, value]) => value))))
}, (maps, type) => {
  const sums = new Map<string, [Value, number | bigint]>()
  maps.forEach((map, i) => {
    // Of the type that the signature asks for: a list of pairs.
    for (const [key, value] of map as unknown as readonly Pair[]) {
      const held = sums.get(keyOf(key))
      const part = i > 0 && sign < 0 ? -value : value
      if (held === undefined) sums.set(keyOf(key), [key, part])
      else held[1] = plus(held[1], part)
    }
  })
  const rankOf = isUuid(type.args[0]) ? (key: Value): Value => uuidRank(String(key)) : (key: Value): Value => key
  return [...sums.values()].sort(([a], [b]) => order(rankOf(a), rankOf(b)))
})

function plus(a: number | bigint, b: number | bigint): number | bigint {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  return BigInt(a) + BigInt(b)
}

function order(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return (a as number) < (b as number) ? -1 : 1
}

export const MAP_LAMBDAS: readonly FunctionDef[] = [
  mapFilter, mapApply, test('mapExists', false), test('mapAll', true), sort('mapSort', 1), sort('mapReverseSort', -1),
  sort('mapPartialSort', 1, true), sort('mapPartialReverseSort', -1, true),
  containsLike('mapContainsKeyLike', 0), containsLike('mapContainsValueLike', 1),
  extractLike('mapExtractKeyLike', 0), extractLike('mapExtractValueLike', 1), combine('mapAdd', 1), combine('mapSubtract', -1),
]
