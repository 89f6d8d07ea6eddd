// Aggregates over the elements of arrays, and lists beside lists: arrayReduce, arrayReduceInRanges,
// arrayZipUnaligned, arrayRemove.
// Invariant: each row (each range) is a group of its own.

import { arrayOf, bareType, type DataType } from '../../../storage/column/data-type.ts'
import type { ArrayVector, Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { asArray } from '../arrays/arrays.ts'
import { bindAggregate, parseFunc } from '../aggregates/bind-aggregate.ts'
import { byOwnValues, keyOf } from '../base/by-values.ts'
import type { BoundAggregate } from '../aggregates/combinators.ts'
import { ANY_COUNT, define, numberReader, elementOf } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { meetingType, nullableIfPossible, tupleOf } from '../values/types.ts'
import { valueAt } from '../values/values.ts'
import { arrayVector, retype, take } from '../values/vectors.ts'

function aggregateOf(name: string, text: unknown, types: readonly DataType[]): BoundAggregate {
  if (typeof text !== 'string') {
    throw new FunctionError(`First argument for function ${name} must be constant string: name of aggregate function`)
  }
  const { name: plain, parameters } = parseFunc(text)
  return bindAggregate(plain, [], types, parameters)
}

function listsOf(name: string, args: readonly Vector[], rowCount: number, context: EvalContext): ArrayVector[] {
  const lists = args.map((arg) => asArray(arg, rowCount, context))
  for (const list of lists) {
    for (let row = 0; row <= rowCount; row++) {
      if (list.offsets[row] === lists[0].offsets[row]) continue
      throw new FunctionError(`Lengths of all arrays passed to ${name} must be equal`, 'SIZES_OF_ARRAYS_DONT_MATCH')
    }
  }
  return lists
}

/** One result for each group of elements. */
function reduced(bound: BoundAggregate, groups: Uint32Array, groupCount: number, args: readonly Vector[],
  type: DataType, context: EvalContext): Vector {
  const states = bound.create(context)
  states.resize(groupCount)
  states.update(groups, groups.length, args)
  return retype(states.finish(groupCount), type)
}

const elements = (name: string, args: readonly ArgInfo[], from: number): DataType[] =>
  args.map((arg, i) => elementOf(name, i + from, bareType(arg.type)))

const arrayReduce = define('arrayReduce', [2, ANY_COUNT], ([name, ...args]) =>
  aggregateOf('arrayReduce', name.value, elements('arrayReduce', args, 1)).type,
([name, ...args], type, rowCount, context) => {
  const lists = listsOf('arrayReduce', args, rowCount, context)
  const groups = context.account.u32(lists[0].offsets[rowCount])
  for (let row = 0; row < rowCount; row++) groups.fill(row, lists[0].offsets[row], lists[0].offsets[row + 1])
  const values = lists.map((list) => list.values)
  return reduced(aggregateOf('arrayReduce', valueAt(name, 0), values.map((v) => v.type)), groups, rowCount, values, type, context)
}, { nulls: 'own' })

/** Elements [from, to) of a range (index from 1 or from the end, length) in a list of `size`. */
function rangeOf(index: number, length: number, size: number): [number, number] {
  const start = index > 0 ? index - 1 : index < 0 ? size + index : 0
  const end = length >= 0 ? start + length : size + length
  return [Math.max(0, start), Math.min(size, end)]
}

const arrayReduceInRanges = define('arrayReduceInRanges', [3, ANY_COUNT], ([name, ranges, ...args]) => {
  elementOf('arrayReduceInRanges', 1, ranges.type)
  return arrayOf(aggregateOf('arrayReduceInRanges', name.value, elements('arrayReduceInRanges', args, 2)).type)
}, ([name, ranges, ...args], type, rowCount, context) => {
  const lists = listsOf('arrayReduceInRanges', args, rowCount, context)
  const wanted = asArray(ranges, rowCount, context)
  if (wanted.values.kind !== 'tuple') throw new FunctionError('Ranges of arrayReduceInRanges are tuples (index, length)')
  const [index, length] = wanted.values.fields.map(numberReader)
  const [places, groups]: [number[], number[]] = [[], []] // one block's
  for (let row = 0; row < rowCount; row++) {
    const first = lists[0].offsets[row]
    for (let range = wanted.offsets[row]; range < wanted.offsets[row + 1]; range++) {
      const [start, end] = rangeOf(index(range), length(range), lists[0].offsets[row + 1] - first)
      for (let at = start; at < end; at++) {
        places.push(first + at)
        groups.push(range)
      }
    }
  }
  const values = lists.map((list) => take(list.values, Uint32Array.from(places), places.length, context.account))
  const bound = aggregateOf('arrayReduceInRanges', valueAt(name, 0), values.map((v) => v.type))
  const results = reduced(bound, Uint32Array.from(groups), wanted.offsets[rowCount], values, type.args[0], context)
  return arrayVector(type, wanted.offsets, results)
}, { nulls: 'own' })

type Rows = readonly (readonly Value[])[]

export const ARRAY_REDUCE: readonly FunctionDef[] = [
  arrayReduce, arrayReduceInRanges,
  byOwnValues('arrayZipUnaligned', [1, ANY_COUNT], (args) =>
    arrayOf(tupleOf(elements('arrayZipUnaligned', args, 0).map(nullableIfPossible))), (lists) =>
    Array.from({ length: Math.max(...(lists as Rows).map((list) => list.length)) }, (_, i) =>
      (lists as Rows).map((list) => list[i] ?? null))),
  { ...byOwnValues('arrayRemove', [2, 2], ([list, value]) => {
    meetingType([elementOf('arrayRemove', 0, list.type), value.type])
    return list.type
  }, ([list, value]) => (list as readonly Value[]).filter((element) => keyOf(element) !== keyOf(value))),
  aliases: ['array_remove'] },
]
