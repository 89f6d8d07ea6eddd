// Folding rows of a merge: states and simple values of groups become one, whatever way they are stored.

import { describe, expect, it } from 'vitest'
import { LocalStrings } from '../../../storage/column/local-strings.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { bindState } from '../../functions/aggregates/bind-aggregate.ts'
import { testContext } from '../../functions/differential.harness.ts'
import { asBytes, retype } from '../../functions/values/vectors.ts'
import { valueAt, vectorOf } from '../../functions/values/values.ts'
import { foldCompiler, storedStates } from './fold-compiler.ts'

const context = testContext()
const { account } = context

/** One state a value. */
function statesOf(typeName: string, values: readonly (string | number)[]): Vector {
  const type = parseDataType(typeName)
  const states = bindState(type).create(context)
  states.resize(values.length)
  const groups = Uint32Array.from(values, (_, i) => i)
  states.update(groups, values.length, [vectorOf(values, type.args[0], account)])
  return retype(states.serialize(values.length), type)
}

function finalized(states: Vector): unknown[] {
  const merged = bindState(states.type).create(context)
  merged.resize(states.length)
  merged.mergeRows(Uint32Array.from({ length: states.length }, (_, i) => i), states.length,
    asBytes(states, account))
  const result = merged.finish(states.length)
  return Array.from({ length: states.length }, (_, row) => valueAt(result, row))
}

const GROUPS = Uint32Array.of(0, 0, 1, 2, 2, 2)

describe('foldCompiler', () => {
  it.each([
    ['AggregateFunction(sum, UInt32)', [1, 2, 3, 4, 5, 6], [3, 3, 15]],
    ['AggregateFunction(uniq, String)', ['a', 'b', 'c', 'd', 'd', 'e'], [2, 1, 2]],
    ['AggregateFunction(max, String)', ['a', 'b', 'c', 'f', 'd', 'e'], ['b', 'c', 'f']],
    ['AggregateFunction(avg, Float64)', [1, 2, 3, 4, 5, 9], [1.5, 3, 6]],
  ])('merges states of %s, twice as once', (type, values, expected) => {
    const fold = foldCompiler(type, context)
    const states = statesOf(type, values)
    const folded = fold?.(states, GROUPS, 3) as Vector
    expect(folded.type.name).toBe(type)
    expect(finalized(folded)).toEqual(expected)
    expect(finalized(fold?.(folded, Uint32Array.of(0, 1, 2), 3) as Vector)).toEqual(expected)
  })

  it('reads states that a dictionary holds', () => {
    const states = statesOf('AggregateFunction(count, UInt8)', [1, 1])
    const text = asBytes(states, account)
    const one = text.bytes.slice(0, text.offsets[1])
    const coded: Vector = {
      kind: 'codes', type: states.type, length: 6, isConst: false, nulls: null,
      codes: new Uint32Array(6), dictionary: new LocalStrings(1, one, Uint32Array.of(0, one.length)),
    }
    const folded = foldCompiler(states.type.name, context)?.(coded, GROUPS, 3) as Vector
    expect(finalized(folded)).toEqual([2, 1, 3])
  })

  it.each([
    ['SimpleAggregateFunction(max, DateTime)', [1, 5, 3, 4, 9, 6], [5, 3, 9]],
    ['SimpleAggregateFunction(sum, UInt64)', [1, 5, 3, 4, 9, 6], [6, 3, 19]],
    ['SimpleAggregateFunction(anyLast, Nullable(String))', ['a', null, null, 'b', null, 'c'], ['a', null, 'c']],
  ])('aggregates values of %s', (typeName, values, expected) => {
    const type = parseDataType(typeName)
    const folded = foldCompiler(typeName, context)?.(vectorOf(values, type, account), GROUPS, 3) as Vector
    expect(folded.type).toBe(type)
    expect([0, 1, 2].map((row) => valueAt(folded, row))).toEqual(expected)
  })

  it('has no fold for other types', () => {
    expect(foldCompiler('String', context)).toBeNull()
  })
})

it.each(['quantileExact, Int64', 'quantileExactLow, Nullable(Int64)', 'quantileExactIf, Int64, UInt8', 'quantileExactForEach, Array(Int64)', 'quantileExactMap, Map(UInt8, Int64)'])(
  'keeps states of AggregateFunction(%s) as doubles, which words of a query become', (name) => {
    const type = parseDataType(`AggregateFunction(${name})`)
    const stateOf = (value: bigint | number): Vector => {
      const states = bindState(type).create(context)
      states.resize(1)
      const column = name.includes('Map') ? [[1, value]] : name.includes('Array') ? [value] : value
      const args = type.args.map((arg, i) => vectorOf([i === 0 ? column : 1], arg, account))
      states.update(Uint32Array.of(0), 1, args)
      return retype(states.serialize(1), type)
    }
    const bytesOf = (states: Vector): number[] => [...asBytes(states, account).bytes]
    const double = [...new Uint8Array(Float64Array.of(2 ** 53).buffer)]
    expect(bytesOf(storedStates(stateOf(2n ** 53n + 1n), context))).toEqual([...bytesOf(stateOf(7)).slice(0, -double.length), ...double])
    expect(bytesOf(storedStates(stateOf(7), context))).toEqual(bytesOf(stateOf(7)))
  })

it.each([['UInt64', 2n ** 64n - 1n], ['Int64', 2n ** 63n - 1n]])(
  'takes a stored state of the greatest %s, a double of one more, for the greatest', (value, greatest) => {
    const type = parseDataType(`AggregateFunction(quantileExact, ${value})`)
    const stateOf = (one: bigint) => {
      const states = bindState(type).create(context)
      states.resize(1)
      states.update(Uint32Array.of(0), 1, [vectorOf([one], type.args[0], account)])
      return retype(states.serialize(1), type)
    }
    for (const order of [[storedStates(stateOf(greatest), context), stateOf(2n ** 53n + 1n)], [stateOf(2n ** 53n + 1n), storedStates(stateOf(greatest), context)]]) {
      const merged = bindState(type).create(context)
      merged.resize(1)
      for (const state of order) merged.mergeRows(Uint32Array.of(0), 1, asBytes(state, account))
      expect(valueAt(merged.finish(1), 0)).toBe(greatest)
    }
  })
