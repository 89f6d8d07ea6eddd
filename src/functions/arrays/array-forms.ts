// Arrays made longer, shorter, turned and joined: arrayPushBack, arrayResize, arrayZip, arrayUnion,
// arrayEnumerateUniq, arrayRotateLeft and their kin.
// Invariant: positions count from 1, from the end where negative.

import {
  arrayOf, bareType, FLOAT64, UINT32, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Value } from '../values/value.ts'
import { byOwnValues, byValues, distinct, keyOf, type List, listOf } from '../base/by-values.ts'
import { castVector } from '../values/cast.ts'
import { ANY_COUNT, badArgument, define, numberReader, elementOf } from '../base/define.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { isInteger, isNumber, leastSupertype, nullableIfPossible, tupleOf } from '../values/types.ts'
import { defaultValue, valueAt, vectorOf } from '../values/values.ts'

const SIZE_MAX = 1_000_000

const sameList = (name: string) => ([list]: readonly ArgInfo[]): DataType => {
  elementOf(name, 0, list.type)
  return bareType(list.type)
}

const allLists = (name: string) => (args: readonly ArgInfo[]): DataType =>
  arrayOf(leastSupertype(args.map((arg, i) => elementOf(name, i, arg.type))))

const withElement = (name: string, index: number) => (args: readonly ArgInfo[]): DataType =>
  arrayOf(leastSupertype([elementOf(name, 0, args[0].type), args[index].type]))

/** The array and the element at `index` are seen in the result's type. */
const ofOneType = (def: FunctionDef, index: number): FunctionDef => ({ ...def,
  evaluate: (args, type, rowCount, context, lambda) => def.evaluate(args.map((arg, i) =>
    (i === 0 ? castVector(arg, type, context) : i === index ? castVector(arg, type.args[0], context) : arg)), type, rowCount, context, lambda) })

/** Another size: cut, or filled up at the end (at the start where the size is negative). */
function resized(values: List, size: number, fill: Value): List {
  if (!(Math.abs(size) <= SIZE_MAX)) {
    throw new FunctionError(`arrayResize: more than ${SIZE_MAX} elements`, 'TOO_LARGE_ARRAY_SIZE')
  }
  const gap = Array.from({ length: Math.max(0, Math.abs(size) - values.length) }, () => fill)
  if (size >= 0) return [...values.slice(0, size), ...gap]
  return [...gap, ...values.slice(Math.max(0, values.length + size))]
}

function rotated(values: List, by: number): List {
  if (values.length === 0) return values
  const at = ((by % values.length) + values.length) % values.length
  return [...values.slice(at), ...values.slice(0, at)]
}

const shifted = (values: List, by: number, fill: Value): List => {
  const size = Math.min(Math.abs(by), values.length)
  const gap = Array.from({ length: size }, () => fill)
  return by >= 0 ? [...values.slice(size), ...gap] : [...gap, ...values.slice(0, values.length - size)]
}

const shift = (name: string, sign: number): FunctionDef => ofOneType(byOwnValues(name, [2, 3], (args) =>
  (args.length > 2 ? withElement(name, 2)(args) : sameList(name)(args)),
([values, by, fill], type) => shifted(listOf(values), sign * Number(by), fill === undefined ? defaultValue(type.args[0]) : fill)), 2)

/** How often each element occurred so far, or the number of its kind. */
const enumerated = (name: string, isDense: boolean): FunctionDef =>
  byOwnValues(name, [1, ANY_COUNT], (args) => {
    args.forEach((arg, i) => elementOf(name, i, arg.type))
    return arrayOf(UINT32)
  }, (lists) => {
    const seen = new Map<string, number>()
    return listOf(lists[0]).map((_, i) => {
      const key = keyOf(lists.map((values) => listOf(values)[i]))
      const known = seen.get(key)
      const next = isDense ? known ?? seen.size + 1 : (known ?? 0) + 1
      seen.set(key, next)
      return next
    })
  })

const zip = byOwnValues('arrayZip', [1, ANY_COUNT],
  (args) => arrayOf(tupleOf(args.map((arg, i) => elementOf('arrayZip', i, arg.type)))),
  (lists) => {
    const size = listOf(lists[0]).length
    if (lists.some((values) => listOf(values).length !== size)) {
      throw new FunctionError('The arrays passed to arrayZip must have equal sizes', 'SIZES_OF_ARRAYS_DONT_MATCH')
    }
    return Array.from({ length: size }, (_, i) => lists.map((values) => listOf(values)[i]))
  })

const union = (lists: readonly Value[]): List => distinct(lists.flatMap(listOf))

function symmetric(lists: readonly Value[]): List {
  const sets = lists.map((values) => new Set(listOf(values).map(keyOf)))
  return union(lists).filter((value) => !sets.every((set) => set.has(keyOf(value))))
}

const elementOrNull = byOwnValues('arrayElementOrNull', [2, 2], ([values, index]) => {
  if (!isInteger(bareType(index.type))) throw badArgument('arrayElementOrNull', 1, index.type)
  return nullableIfPossible(elementOf('arrayElementOrNull', 0, values.type))
}, ([values, index]) => {
  const at = Number(index) > 0 ? Number(index) - 1 : listOf(values).length + Number(index)
  return index === null || Number(index) === 0 ? null : listOf(values)[at] ?? null
})

const EMPTY = ['UInt8', 'UInt16', 'UInt32', 'UInt64', 'Int8', 'Int16', 'Int32', 'Int64', 'Float32', 'Float64',
  'Date', 'DateTime', 'String']

/** Whether the second array stands in the first as it is. */
const substr = (a: List, b: List): number => {
  const [keys, wanted] = [a.map(keyOf), b.map(keyOf)]
  return Number(wanted.length === 0 || keys.some((_, at) => wanted.every((key, i) => keys[at + i] === key)))
}

/** The size may be any number: its fraction counts for nothing. */
const arrayResize = define('arrayResize', [2, 3], (args) => {
  const own = args[1].type.id === 'LowCardinality' ? args[1].type.args[0] : args[1].type
  if (!isNumber(own) && own.id !== 'Decimal') throw badArgument('arrayResize', 1, args[1].type)
  return args.length > 2 ? withElement('arrayResize', 2)(args) : sameList('arrayResize')(args)
}, ([values, size, fill], type, rowCount, context) => {
  const lists = castVector(values, type, context)
  const fills = fill === undefined ? null : castVector(fill, type.args[0], context)
  const sizeOf = numberReader(size)
  const unit = 10 ** size.type.scale
  return vectorOf(Array.from({ length: rowCount }, (_, row) => resized(listOf(valueAt(lists, row)), Math.trunc(sizeOf(row) / unit),
    fills === null ? defaultValue(type.args[0]) : valueAt(fills, row))), type, context.account)
}, { nulls: 'own' })

export const ARRAY_FORMS: readonly FunctionDef[] = [
  ofOneType(byOwnValues('arrayPushBack', [2, 2], withElement('arrayPushBack', 1), ([values, one]) => [...listOf(values), one]), 1),
  ofOneType(byOwnValues('arrayPushFront', [2, 2], withElement('arrayPushFront', 1), ([values, one]) => [one, ...listOf(values)]), 1),
  byOwnValues('arrayPopBack', [1, 1], sameList('arrayPopBack'), ([values]) => listOf(values).slice(0, -1)),
  byOwnValues('arrayPopFront', [1, 1], sameList('arrayPopFront'), ([values]) => listOf(values).slice(1)),
  arrayResize,
  byOwnValues('arrayWithConstant', [2, 2], ([, { type }]) => arrayOf(type.id === 'LowCardinality' ? type.args[0] : type), ([size, one]) => {
    if (Number(size) > SIZE_MAX) {
      throw new FunctionError(`arrayWithConstant: more than ${SIZE_MAX} elements`, 'TOO_LARGE_ARRAY_SIZE')
    }
    return Array.from({ length: Math.max(0, Number(size)) }, () => one)
  }),
  zip, enumerated('arrayEnumerateUniq', false), enumerated('arrayEnumerateDense', true), elementOrNull,
  byOwnValues('arrayRotateLeft', [2, 2], sameList('arrayRotateLeft'), ([values, by]) => rotated(listOf(values), Number(by))),
  byOwnValues('arrayRotateRight', [2, 2], sameList('arrayRotateRight'), ([values, by]) => rotated(listOf(values), -Number(by))),
  shift('arrayShiftLeft', 1), shift('arrayShiftRight', -1),
  byOwnValues('arrayUnion', [1, ANY_COUNT], allLists('arrayUnion'), union),
  byOwnValues('arraySymmetricDifference', [1, ANY_COUNT], allLists('arraySymmetricDifference'), symmetric),
  byOwnValues('arrayExcept', [2, 2], (args) => {
    elementOf('arrayExcept', 1, args[1].type)
    return sameList('arrayExcept')(args)
  }, ([values, others]) => {
    const gone = new Set(listOf(others).map(keyOf))
    return listOf(values).filter((value) => !gone.has(keyOf(value)))
  }),
  byOwnValues('arrayShingles', [2, 2], ([values]) => arrayOf(sameList('arrayShingles')([values])), ([values, size]) => {
    const count = Number(size)
    if (!(count > 0)) throw new FunctionError('The length of arrayShingles is a positive whole number', 'BAD_ARGUMENTS')
    return Array.from({ length: Math.max(0, listOf(values).length - count + 1) }, (_, at) => listOf(values).slice(at, at + count))
  }),
  byValues('arrayJaccardIndex', [2, 2], (args) => {
    allLists('arrayJaccardIndex')(args)
    return FLOAT64
  }, (lists) => {
    const sets = lists.map((values) => new Set(listOf(values).map(keyOf)))
    const common = [...sets[0]].filter((key) => sets[1].has(key)).length
    return common / (sets[0].size + sets[1].size - common)
  }),
  byValues('hasSubstr', [2, 2], (args) => {
    allLists('hasSubstr')(args)
    return UINT8
  }, ([a, b]) => substr(listOf(a), listOf(b))),
  ...EMPTY.map((name) => byValues(`emptyArray${name}`, [0, 0], () => arrayOf(parseDataType(name)), () => [])),
]
