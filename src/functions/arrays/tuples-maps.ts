// Tuples and maps: tuple, tupleElement, map, mapKeys, mapValues, mapContains.
// Invariant: a map is an array of (key, value) pairs in the order given.

import { arrayOf, bareType, isNullable, UINT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { ArrayVector, Vector } from '../../../storage/column/vector.ts'
import { asArray } from './arrays.ts'
import { castToMeet, castVector } from '../values/cast.ts'
import { compareAt } from '../base/comparison.ts'
import { ANY_COUNT, badArgument, constantInfo, constantOf, define, numbersBy } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { meetingType, mapWith, nullableIfPossible, supertypeOrVariant, tupleOf } from '../values/types.ts'
import { arrayVector, asConst, elementTypeOf, materialize, pick, retype } from '../values/vectors.ts'

const tuple = define('tuple', [0, ANY_COUNT], (args) => tupleOf(args.map((arg) => arg.type)),
  (args, type, rowCount, context) => ({
    kind: 'tuple', type, length: rowCount, isConst: false, nulls: null,
    fields: args.map((arg) => materialize({ ...arg, length: rowCount }, context.account)),
  }), { nulls: 'own' })

/** Which element a constant number (from 1) or name means. */
function elementIndex(type: DataType, key: unknown): number {
  const index = typeof key === 'string' ? type.names?.indexOf(key) ?? -1 : Number(key) - 1
  if (index >= 0 && index < type.args.length) return index
  throw new FunctionError(`${type.name} has no element ${String(key)}`,
    typeof key === 'string' ? 'BAD_ARGUMENTS' : 'ARGUMENT_OUT_OF_BOUND')
}

const tupleElement = define('tupleElement', [2, 3], (args) => {
  const key = constantInfo('tupleElement', args, 1)
  const elementOf = (full: DataType): DataType => {
    const type = bareType(full)
    // Of an array of tuples the elements of all of them.
    if (type.id === 'Array') return arrayOf(elementOf(type.args[0]))
    if (type.id !== 'Tuple') throw badArgument('tupleElement', 0, args[0].type)
    const element = type.args[elementIndex(type, key)]
    return isNullable(full) ? nullableIfPossible(element) : element
  }
  return elementOf(args[0].type)
}, (args, _type, _rowCount, context) => elementVector(args[0], constantOf('tupleElement', args, 1), context), { nulls: 'own' })

function elementVector(vector: Vector, key: unknown, context: EvalContext): Vector {
  if (vector.kind === 'array') {
    const values = elementVector(vector.values, key, context)
    return { ...vector, type: arrayOf(values.type), values }
  }
  if (vector.kind !== 'tuple') throw new Error(`functions: ${vector.type.name} is no tuple`)
  const field = vector.fields[elementIndex(bareType(vector.type), key)]
  const element = vector.isConst ? asConst(field, vector.length) : field
  return isNullable(vector.type) ? belowNulls(element, vector.nulls, context) : element
}

/** An element of tuples that may be NULL: NULL where its tuple is. */
function belowNulls(element: Vector, nulls: Uint8Array | null, { account }: EvalContext): Vector {
  const type = nullableIfPossible(element.type)
  if (!isNullable(type) || nulls === null) return retype(element, type)
  const count = element.isConst ? 1 : element.length
  const own = account.u8(count)
  for (let slot = 0; slot < count; slot++) own[slot] = nulls[slot] | (element.nulls?.[slot] ?? 0)
  return retype(element, type, own)
}

/** Keys at even places, values at odd ones. */
const half = (args: readonly ArgInfo[], odd: number): DataType =>
  supertypeOrVariant(args.filter((_, i) => i % 2 === odd).map((arg) => arg.type))

const map = define('map', [0, ANY_COUNT], (args) => {
  if (args.length % 2 === 1) {
    throw new FunctionError('Function map takes keys and values in turn: an even number of arguments',
      'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  return mapWith(half(args, 0), half(args, 1))
}, (args, type, rowCount, context) => {
  const { account } = context
  const width = args.length / 2
  const offsets = account.u32(rowCount + 1)
  for (let row = 0; row <= rowCount; row++) offsets[row] = row * width
  const which = account.u32(rowCount * width)
  const rows = account.u32(rowCount * width)
  for (let i = 0; i < which.length; i++) {
    which[i] = i % width
    rows[i] = Math.floor(i / width)
  }
  const fields = [0, 1].map((odd): Vector => {
    const element = type.args[odd]
    const sources = args.filter((_, i) => i % 2 === odd).map((arg) => castVector(arg, element, context))
    return sources.length === 0 ? emptyOf(element) : pick(sources, which, rows, which.length, element, account)
  })
  const pairs: Vector = {
    kind: 'tuple', type: elementTypeOf(type), length: which.length, isConst: false, nulls: null, fields,
  }
  return arrayVector(type, offsets, pairs)
}, { nulls: 'own' })

const emptyOf = (type: DataType): Vector =>
  ({ kind: 'number', type, length: 0, isConst: false, nulls: null, values: new Uint8Array(0) })

function mapTypes(name: string, arg: ArgInfo): readonly DataType[] {
  const type = bareType(arg.type)
  if (type.id !== 'Map') throw badArgument(name, 0, arg.type)
  return type.args
}

const side = (name: string, field: number): FunctionDef =>
  define(name, [1, 1], ([arg]) => arrayOf(mapTypes(name, arg)[field]),
    ([arg], type, rowCount, context) => {
      const maps = asArray(arg, rowCount, context)
      if (maps.values.kind !== 'tuple') throw new Error('functions: a map holds pairs')
      return arrayVector(type, maps.offsets, maps.values.fields[field])
    })

/** Lengths of the arrays that lie so deep in an array: the subcolumns size1, size2, … */
const sizes = define('__sizes', [2, 2], ([arg, depth]) => sizesType(arg.type, Number(depth.value)),
  ([arg], type, rowCount, context) => sizesOf(asArray(arg, rowCount, context), type, context))

const sizesType = (type: DataType, depth: number): DataType => {
  if (type.id !== 'Array') throw badArgument('__sizes', 0, type)
  return depth === 0 ? UINT64 : arrayOf(sizesType(type.args[0], depth - 1))
}

function sizesOf(arrays: ArrayVector, type: DataType, context: EvalContext): Vector {
  const { offsets, values, length } = arrays
  if (type.id !== 'Array') return numbersBy(type, length, context, (row) => offsets[row + 1] - offsets[row])
  return arrayVector(type, offsets, sizesOf(asArray(values, offsets[length], context), type.args[0], context))
}

const mapContains = define('mapContainsKey', [2, 2], ([arg, key]) => {
  meetingType([mapTypes('mapContainsKey', arg)[0], key.type])
  return UINT8
}, ([arg, key], type, rowCount, context) => {
  const maps = asArray(arg, rowCount, context)
  if (maps.values.kind !== 'tuple') throw new Error('functions: a map holds pairs')
  const [keys, wanted] = castToMeet([maps.values.fields[0], key], context)
  return numbersBy(type, rowCount, context, (row) => {
    for (let at = maps.offsets[row]; at < maps.offsets[row + 1]; at++) {
      if (compareAt(keys, at, wanted, row) === 0) return 1
    }
    return 0
  })
}, { aliases: ['mapContains'], nulls: 'own' })

export const TUPLES_MAPS: readonly FunctionDef[] =
  [tuple, tupleElement, map, side('mapKeys', 0), side('mapValues', 1), mapContains,
    // Subcolumns of a map (m.keys, m.values) are what the functions give, with elements as they are stored.
    side('__keys', 0), side('__values', 1), sizes]
