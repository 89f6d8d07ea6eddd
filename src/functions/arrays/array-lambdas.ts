// More functions with a lambda over the elements of arrays: arrayFill, arraySplit, arrayCumSum,
// arrayDifference, arrayFirstOrNull.
// Invariant: the lambda is called once per block, as in higher-order.ts.

import { arrayOf, bareType, FLOAT64, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { ArrayVector, Vector } from '../../../storage/column/vector.ts'
import { sumTypeOf } from './arrays.ts'
import { conditionMask } from '../base/call.ts'
import { bigReader, numberReader, numbersBy, elementOf } from '../base/define.ts'
import type { ArgInfo, EvalContext, FunctionDef } from '../values/function.ts'
import { elementsOrMapped, withLambda } from './higher-order.ts'
import { shrink } from '../values/parse-value.ts'
import { doubledBytes, integerType, nullableIfPossible, numberInfo } from '../values/types.ts'
import { defaultVector, vectorOf } from '../values/values.ts'
import { arrayVector, largeVector, pick, take } from '../values/vectors.ts'

const bodyOf = (name: string, args: readonly ArgInfo[]): DataType =>
  (args.length === 1 ? elementOf(name, 0, args[0].type) : args[0].type)

const listOf = (name: string, args: readonly ArgInfo[]): DataType =>
  arrayOf(elementOf(name, args.length - 1 === 0 ? 0 : 1, args[Math.min(1, args.length - 1)].type))

/** Each element, or the last one before it (after it) for which the lambda holds. */
const fill = (name: string, isReverse: boolean): FunctionDef =>
  withLambda(name, (args) => listOf(name, args), (args, type, rowCount, context, lambda) => {
    const { lists, result, count } = elementsOrMapped(name, args, rowCount, context, lambda)
    const mask = conditionMask(result, count, context)
    const places = context.account.u32(count)
    for (let row = 0; row < rowCount; row++) {
      const [start, end] = [lists.offsets[row], lists.offsets[row + 1]]
      let last = isReverse ? end - 1 : start
      for (let i = 0; i < end - start; i++) {
        const at = isReverse ? end - 1 - i : start + i
        if (mask[at] === 1 || i === 0) last = at
        places[at] = last
      }
    }
    return arrayVector(type, lists.offsets, take(lists.values, places, count, context.account))
  }, 2)

/** Arrays cut before (after) the elements for which the lambda holds. */
const split = (name: string, isReverse: boolean): FunctionDef =>
  withLambda(name, (args) => arrayOf(listOf(name, args)), (args, type, rowCount, context, lambda) => {
    const { lists, result, count } = elementsOrMapped(name, args, rowCount, context, lambda)
    const mask = conditionMask(result, count, context)
    const inner = context.account.u32(count + 1)
    const outer = context.account.u32(rowCount + 1)
    let pieces = 0
    inner[0] = 0
    outer[0] = 0
    for (let row = 0; row < rowCount; row++) {
      const [start, end] = [lists.offsets[row], lists.offsets[row + 1]]
      for (let at = start + 1; at < end; at++) {
        if (mask[isReverse ? at - 1 : at] === 1) inner[++pieces] = at
      }
      if (end > start) inner[++pieces] = end
      outer[row + 1] = pieces
    }
    const parts: ArrayVector = arrayVector(type.args[0], inner.subarray(0, pieces + 1), lists.values)
    return arrayVector(type, outer, parts)
  }, 2)

/** Running sums; the second form never falls below 0. */
const cumulative = (name: string, isNonNegative: boolean): FunctionDef =>
  withLambda(name, (args) => arrayOf(sumTypeOf(bodyOf(name, args))), (args, type, rowCount, context, lambda) => {
    const { lists, result, count } = elementsOrMapped(name, args, rowCount, context, lambda)
    if (isLarge(type.args[0])) {
      const whole = bigReader(result)
      let sum = 0n
      const starts = new Set(lists.offsets.subarray(0, rowCount))
      return arrayVector(type, lists.offsets, largeVector(type.args[0], count, context.account, (at) => {
        sum = (starts.has(at) ? 0n : sum) + whole(at)
        if (isNonNegative && sum < 0n) sum = 0n
        return sum
      }))
    }
    const read = numberReader(result)
    const sums = new Float64Array(count)
    for (let row = 0; row < rowCount; row++) {
      let sum = 0
      for (let at = lists.offsets[row]; at < lists.offsets[row + 1]; at++) {
        sum = isNonNegative ? Math.max(0, sum + read(at)) : sum + read(at)
        sums[at] = sum
      }
    }
    return arrayVector(type, lists.offsets, numbersBy(type.args[0], count, context, (at) => sums[at]))
  }, 1)

/** Each element minus the one before; the first is 0. */
const difference = withLambda('arrayDifference', (args) => {
  const body = bareType(bodyOf('arrayDifference', args))
  if (body.id === 'Decimal') return arrayOf(body)
  const info = numberInfo(body)
  if (info === null || info.isFloat) return arrayOf(FLOAT64)
  return arrayOf(integerType(doubledBytes(info.bytes), true))
}, (args, type, rowCount, context, lambda) => {
  const { lists, result, count } = elementsOrMapped('arrayDifference', args, rowCount, context, lambda)
  const starts = new Set(lists.offsets.subarray(0, rowCount))
  if (isLarge(type.args[0])) {
    const whole = bigReader(result)
    return arrayVector(type, lists.offsets, largeVector(type.args[0], count, context.account, (at) =>
      (starts.has(at) ? 0n : whole(at) - whole(at - 1))))
  }
  if (type.args[0].id === 'Decimal' && result.kind === 'big') {
    const ticks = bigReader(result)
    return arrayVector(type, lists.offsets, vectorOf(Array.from({ length: count }, (_, at) =>
      (starts.has(at) ? 0 : shrink(ticks(at) - ticks(at - 1)))), type.args[0], context.account))
  }
  const read = numberReader(result)
  return arrayVector(type, lists.offsets, numbersBy(type.args[0], count, context, (at) =>
    (starts.has(at) ? 0 : read(at) - read(at - 1))))
}, 1)

const firstOrNull = (name: string, isLast: boolean): FunctionDef =>
  withLambda(name, (args) => nullableIfPossible(elementOf(name, 1, args[1].type)), (args, type, rowCount, context, lambda) => {
    const { lists, result, count } = elementsOrMapped(name, args, rowCount, context, lambda)
    const mask = conditionMask(result, count, context)
    const which = context.account.u8(rowCount)
    const rows = context.account.u32(rowCount)
    for (let row = 0; row < rowCount; row++) {
      const found = placeOf(mask, lists.offsets[row], lists.offsets[row + 1], isLast)
      which[row] = found < 0 ? 1 : 0
      rows[row] = Math.max(0, found)
    }
    return pick([lists.values, nothing(type, rowCount, context)], which, rows, rowCount, type, context.account)
  }, 2)

function placeOf(mask: Uint8Array, start: number, end: number, isLast: boolean): number {
  for (let i = 0; i < end - start; i++) {
    const at = isLast ? end - 1 - i : start + i
    if (mask[at] === 1) return at
  }
  return -1
}

const nothing = (type: DataType, rowCount: number, context: EvalContext): Vector =>
  defaultVector(type, Math.max(1, rowCount), context.account)

export const ARRAY_LAMBDAS: readonly FunctionDef[] = [
  fill('arrayFill', false), fill('arrayReverseFill', true), split('arraySplit', false), split('arrayReverseSplit', true),
  cumulative('arrayCumSum', false), cumulative('arrayCumSumNonNegative', true), difference,
  firstOrNull('arrayFirstOrNull', false), firstOrNull('arrayLastOrNull', true),
]
