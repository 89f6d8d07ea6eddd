// Bitmaps: the states of groupBitmap as sets, made of arrays, combined, asked and listed.
// Invariant: the bytes of a bitmap are those of a groupBitmap state (FORMAT.md 4): a count, then each
// number as 64 bits.

import { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import {
  arrayOf, internType, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { parseFunc } from '../aggregates/bind-aggregate.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { badArgument, bigReader, define, numbersBy, elementOf } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { shrink } from '../values/parse-value.ts'
import { isInteger } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'
import { asBytes, bigVector, newBigs } from '../values/vectors.ts'

/** Bitmaps of at most so many numbers list them as they came, larger ones in order. */
const SMALL = 32

const bitmapOf = (type: DataType): DataType =>
  internType(`AggregateFunction(groupBitmap, ${type.name})`, 'AggregateFunction', { args: [type], func: 'groupBitmap' })

/** The type of the numbers in a bitmap. */
function numbersOf(name: string, index: number, type: DataType): DataType {
  if (type.id !== 'AggregateFunction' || !parseFunc(type.func ?? '').name.startsWith('groupBitmap')) {
    throw badArgument(name, index, type)
  }
  const [inner] = type.args
  return inner.id === 'AggregateFunction' ? numbersOf(name, index, inner) : inner
}

/** Reads each row's numbers, as unsigned 64 bits. */
function bitmapReader(vector: Vector, context: EvalContext): (row: number) => bigint[] {
  const states = asBytes(vector, context.account)
  const reader = new ByteReader(states.bytes)
  return (row) => {
    const slot = states.isConst ? 0 : row
    reader.at = states.offsets[slot]
    if (reader.at === states.offsets[slot + 1]) return []
    return Array.from({ length: reader.varint() }, () => BigInt.asUintN(64, BigInt(reader.i64())))
  }
}

function bitmapsBy(
  type: DataType, rowCount: number, context: EvalContext, each: (row: number) => readonly bigint[]): Vector {
  const out = new ByteBuilder(rowCount, context.account)
  for (let row = 0; row < rowCount; row++) {
    const numbers = each(row)
    if (numbers.length > 0) out.varint(numbers.length)
    for (const number of numbers) out.i64(number)
    out.endRow()
  }
  return out.finish(type)
}

const build = define('bitmapBuild', [1, 1], ([list]) => {
  const type = elementOf('bitmapBuild', 0, list.type)
  if (!isInteger(type)) throw badArgument('bitmapBuild', 0, list.type)
  return bitmapOf(type)
}, ([list], type, rowCount, context) => bitmapsBy(type, rowCount, context, (row) =>
  [...new Set((valueAt(list, row) as readonly (number | bigint | boolean)[]).map((value) => BigInt.asUintN(64, BigInt(value))))]))

const toArray = define('bitmapToArray', [1, 1],
  ([bitmap]) => arrayOf(numbersOf('bitmapToArray', 0, bitmap.type)),
  ([bitmap], type, rowCount, context) => {
    const read = bitmapReader(bitmap, context)
    const [element] = type.args
    const cut = element.id.startsWith('U') ? BigInt.asUintN : BigInt.asIntN
    return vectorOf(Array.from({ length: rowCount }, (_, row): Value => {
      const numbers = read(row)
      return (numbers.length > SMALL ? sorted(numbers) : numbers).map((number) => shrink(cut(64, number)))
    }), type, context.account)
  })

const sorted = (numbers: readonly bigint[]): bigint[] => [...numbers].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

type Numbers = readonly bigint[]

const minus = (a: Numbers, b: Numbers): bigint[] => {
  const taken = new Set(b)
  return a.filter((number) => !taken.has(number))
}
const both = (a: Numbers, b: Numbers): bigint[] => {
  const wanted = new Set(b)
  return a.filter((number) => wanted.has(number))
}

const SETS: Readonly<Record<string, (a: Numbers, b: Numbers) => bigint[]>> = {
  And: both, Or: (a, b) => [...new Set([...a, ...b])], Andnot: minus, Xor: (a, b) => [...minus(a, b), ...minus(b, a)],
}

/** The type of two bitmaps of the same numbers. */
function sameNumbers(name: string, args: readonly ArgInfo[]): DataType {
  const [a, b] = args.map((arg, i) => numbersOf(name, i, arg.type))
  if (a === b) return bitmapOf(a)
  throw new FunctionError(`The nested type in bitmaps must be the same, but one is ${a.name}, and the other is ${b.name}`)
}

const combined = (name: string): FunctionDef => define(`bitmap${name}`, [2, 2], (args) => sameNumbers(`bitmap${name}`, args),
  (args, type, rowCount, context) => {
    const [a, b] = args.map((arg) => bitmapReader(arg, context))
    return bitmapsBy(type, rowCount, context, (row) => SETS[name](a(row), b(row)))
  })

/** A number made of two bitmaps. */
const pairNumber = (name: string, type: DataType, each: (a: Numbers, b: Numbers) => number): FunctionDef =>
  define(name, [2, 2], (args) => {
    sameNumbers(name, args)
    return type
  }, (args, result, rowCount, context) => {
    const [a, b] = args.map((arg) => bitmapReader(arg, context))
    return numbersBy(result, rowCount, context, (row) => each(a(row), b(row)))
  })

/** A number made of one. */
const number = (name: string, each: (numbers: Numbers, type: DataType) => bigint): FunctionDef =>
  define(name, [1, 1], ([bitmap]) => {
    numbersOf(name, 0, bitmap.type)
    return UINT64
  }, ([bitmap], type, rowCount, context) => {
    const read = bitmapReader(bitmap, context)
    const inner = numbersOf(name, 0, bitmap.type)
    const out = newBigs(type, rowCount, context.account)
    for (let row = 0; row < rowCount; row++) out[row] = each(read(row), inner)
    return bigVector(type, out)
  })

const contains = define('bitmapContains', [2, 2], ([bitmap, value]) => {
  numbersOf('bitmapContains', 0, bitmap.type)
  if (!isInteger(value.type)) throw badArgument('bitmapContains', 1, value.type)
  return UINT8
}, ([bitmap, value], type, rowCount, context) => {
  const read = bitmapReader(bitmap, context)
  const wanted = bigReader(value)
  return numbersBy(type, rowCount, context, (row) => (read(row).includes(BigInt.asUintN(64, wanted(row))) ? 1 : 0))
})

/** The part of a bitmap that two numbers name. */
const part = (name: string, each: (ordered: Numbers, from: bigint, to: bigint) => Numbers): FunctionDef =>
  define(name, [3, 3], ([bitmap, ...bounds]) => {
    bounds.forEach(({ type }, i) => { if (!isInteger(type)) throw badArgument(name, i + 1, type) })
    return bitmapOf(numbersOf(name, 0, bitmap.type))
  }, ([bitmap, from, to], type, rowCount, context) => {
    const read = bitmapReader(bitmap, context)
    const [a, b] = [bigReader(from), bigReader(to)]
    return bitmapsBy(type, rowCount, context, (row) => each(sorted(read(row)), a(row), b(row)))
  })

/** Numbers of one list become those of another. */
const transform = define('bitmapTransform', [3, 3], ([bitmap, ...lists]) => {
  lists.forEach(({ type }, i) => {
    if (!isInteger(elementOf('bitmapTransform', i + 1, type))) throw badArgument('bitmapTransform', i + 1, type)
  })
  return bitmapOf(numbersOf('bitmapTransform', 0, bitmap.type))
}, ([bitmap, from, to], type, rowCount, context) => {
  const read = bitmapReader(bitmap, context)
  return bitmapsBy(type, rowCount, context, (row) => {
    const [before, after] = [from, to].map((list) => (valueAt(list, row) as readonly (number | bigint)[]).map(BigInt))
    if (before.length !== after.length) {
      throw new FunctionError('For bitmapTransform the lists of numbers must be of the same length', 'TYPE_MISMATCH')
    }
    const numbers = new Set(read(row))
    before.forEach((value, i) => { if (numbers.delete(value)) numbers.add(after[i]) })
    return [...numbers]
  })
})

const EMPTY_MIN = 0xffffffffn
const EMPTY_MIN_WIDE = 0xffffffffffffffffn
const isWide = (type: DataType): boolean => type.id.endsWith('64')
const size = (name: string) => (a: Numbers, b: Numbers): number => SETS[name](a, b).length

export const BITMAPS: readonly FunctionDef[] = [
  build, toArray, ...Object.keys(SETS).map(combined), contains, transform,
  ...Object.keys(SETS).map((name) => pairNumber(`bitmap${name}Cardinality`, UINT64, size(name))),
  pairNumber('bitmapHasAny', UINT8, (a, b) => (both(a, b).length > 0 ? 1 : 0)),
  pairNumber('bitmapHasAll', UINT8, (a, b) => (minus(b, a).length === 0 ? 1 : 0)),
  number('bitmapCardinality', (numbers) => BigInt(numbers.length)),
  number('bitmapMin', (numbers, type) => sorted(numbers)[0] ?? (isWide(type) ? EMPTY_MIN_WIDE : EMPTY_MIN)),
  number('bitmapMax', (numbers) => sorted(numbers).at(-1) ?? 0n),
  part('bitmapSubsetInRange', (ordered, from, to) => ordered.filter((value) => value >= from && value < to)),
  part('bitmapSubsetLimit', (ordered, from, count) => ordered.filter((value) => value >= from).slice(0, Number(count))),
  part('subBitmap', (ordered, from, count) => ordered.slice(Number(from), Number(from) + Number(count))),
]
