// Folds and partial sorts: arrayFold, arrayPartialSort, arrayPartialReverseSort.
// Invariant: a fold takes the n-th elements of all rows at once, so the lambda is called once a place.

import { bareType } from '../../../storage/column/data-type.ts'
import { asArray } from './arrays.ts'
import { compareAt } from '../base/comparison.ts'
import { ANY_COUNT, badArgument, define, elementOf } from '../base/define.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { noLambda } from './higher-order.ts'
import { isInteger } from '../values/types.ts'
import { arrayVector, materialize, pick, take } from '../values/vectors.ts'

const arrayFold = define('arrayFold', [3, ANY_COUNT], (args) => {
  const start = args[args.length - 1].type
  if (args[0].type === start) return start
  throw new FunctionError(`Return type of lambda function must be the same as the accumulator type. Inferred `
    + `return type: ${args[0].type.name}, inferred accumulator type: ${start.name}`, 'TYPE_MISMATCH')
}, (args, type, rowCount, context, lambda) => {
  if (lambda === null) throw noLambda('arrayFold')
  const { account } = context
  const lists = args.slice(0, -1).map((arg) => asArray(arg, rowCount, context))
  const sizeOf = (row: number): number => lists[0].offsets[row + 1] - lists[0].offsets[row]
  for (let row = 0; row < rowCount; row++) {
    if (lists.every((list) => list.offsets[row + 1] - list.offsets[row] === sizeOf(row))) continue
    throw new FunctionError('The arrays passed to arrayFold must have equal sizes', 'SIZES_OF_ARRAYS_DONT_MATCH')
  }
  let held = materialize({ ...args[args.length - 1], length: rowCount }, account)
  for (let place = 0; ; place++) {
    const rows = Uint32Array.from({ length: rowCount }, (_, row) => row).filter((row) => sizeOf(row) > place)
    if (rows.length === 0) return held
    const elements = lists.map((list) => take(list.values, rows.map((row) => list.offsets[row] + place), rows.length, account))
    const rowOf = account.u32(rows.length)
    rowOf.set(rows)
    const next = lambda([take(held, rows, rows.length, account), ...elements], rowOf, rows.length)
    const which = new Uint8Array(rowCount)
    const from = Uint32Array.from({ length: rowCount }, (_, row) => row)
    rows.forEach((row, i) => {
      which[row] = 1
      from[row] = i
    })
    held = pick([held, next], which, from, rowCount, type, account)
    context.checkAlive()
  }
}, {
  nulls: 'own',
  lambdaParameters: (args) => [args[args.length - 1].type,
    ...args.slice(0, -1).map((arg, i) => elementOf('arrayFold', i + 1, arg.type))],
})

/** The first `limit` elements in order, the others as they come: we sort all, which is one such order. */
const partialSort = (name: string, direction: number): FunctionDef => define(name, [2, ANY_COUNT], (args) => {
  const list = args.findIndex(({ type }) => bareType(type).id === 'Array')
  if (list < 1 || !isInteger(args[list - 1].type)) throw badArgument(name, Math.max(0, list - 1), args[Math.max(0, list - 1)].type)
  return args[list].type
}, (args, type, rowCount, context, lambda) => {
  const arrays = args.slice(1).map((arg) => asArray(arg, rowCount, context))
  const [lists] = arrays
  const rowOf = context.account.u32(lists.offsets[rowCount])
  for (let row = 0; row < rowCount; row++) rowOf.fill(row, lists.offsets[row], lists.offsets[row + 1])
  const by = lambda === null ? lists.values : lambda(arrays.map((list) => list.values), rowOf, rowOf.length)
  const places = Uint32Array.from({ length: rowOf.length }, (_, i) => i)
  for (let row = 0; row < rowCount; row++) {
    places.subarray(lists.offsets[row], lists.offsets[row + 1]).sort((a, b) => compareAt(by, a, by, b, direction) * direction)
  }
  return arrayVector(type, lists.offsets, take(lists.values, places, places.length, context.account))
}, { nulls: 'own', lambdaParameters: (args) => args.slice(1).map((arg, i) => elementOf(name, i + 2, arg.type)) })

export const ARRAY_FOLD: readonly FunctionDef[] = [
  arrayFold, partialSort('arrayPartialSort', 1), partialSort('arrayPartialReverseSort', -1),
]
