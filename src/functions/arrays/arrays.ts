// Arrays without lambdas: array, arrayElement, has, range, arrayConcat, arrayDistinct, sums …
// Invariant: what grows with elements is accounted before it is filled; range(1e9) is an error.

import {
  arrayOf, bareType, DYNAMIC, FLOAT64, isNullable, NOTHING, STRING, UINT32, UINT64, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import type { ArrayVector, Vector } from '../../../storage/column/vector.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { castToMeet, castToString, castVector } from '../values/cast.ts'
import { compareAt } from '../base/comparison.ts'
import { ANY_COUNT, badArgument, constantOf, countReader, define, elementOf, numberReader, numbersBy } from '../base/define.ts'
import { FunctionError, type EvalContext, type FunctionDef } from '../values/function.ts'
import { itemsOf } from '../base/json-paths.ts'
import { doubles } from '../base/slot-states.ts'
import {
  decimalOf, isInteger, leastSubtype, leastSupertype, meetingType, nullableIfPossible, numberInfo, integerType, supertypeOrVariant, withoutNullable,
} from '../values/types.ts'
import { defaultVector, valueAt } from '../values/values.ts'
import { nullsOf } from '../values/variant-fields.ts'
import { arrayVector, asBytes, asConst, materialize, numberVector, pick, retype, slotOf, take } from
  '../values/vectors.ts'

/** An array argument as a full vector of arrays. */
export function asArray(vector: Vector, rowCount: number, context: EvalContext): ArrayVector {
  const full = vector.isConst ? materialize({ ...vector, length: rowCount }, context.account) : vector
  if (full.kind !== 'array') throw new FunctionError(`${vector.type.name} is no array`)
  return full
}

/** An array argument where each row's is only read: of a constant (it may be a subquery's, of many thousands of elements)
 * there is one, at 0, for all rows. */
function arraysOf(vector: Vector, rowCount: number, context: EvalContext): { lists: ArrayVector; placeOf: (row: number) => number } {
  return vector.isConst ? { lists: asArray(vector, 1, context), placeOf: () => 0 }
    : { lists: asArray(vector, rowCount, context), placeOf: (row) => row }
}

const array = define('array', [0, ANY_COUNT],
  (args) => arrayOf(args.length === 0 ? NOTHING : supertypeOrVariant(args.map((arg) => arg.type))),
  (args, type, rowCount, context) => {
    const { account } = context
    const offsets = account.u32(rowCount + 1)
    const width = args.length
    for (let row = 0; row <= rowCount; row++) offsets[row] = row * width
    if (width === 0) return arrayVector(type, offsets, { ...defaultVector(NOTHING, 0, account), isConst: false })
    const sources = args.map((arg) => castVector(arg, type.args[0], context))
    const which = account.u32(rowCount * width)
    const rows = account.u32(rowCount * width)
    for (let i = 0; i < which.length; i++) {
      which[i] = i % width
      rows[i] = Math.floor(i / width)
    }
    return arrayVector(type, offsets, pick(sources, which, rows, which.length, type.args[0], account))
  }, { nulls: 'own' })

/** a[i], from 1 or from the end; beyond it the element's default. Maps by their keys. */
const arrayElement = define('arrayElement', [2, 2], ([list, index]) => {
  const bare = bareType(list.type)
  if (bare === DYNAMIC) return bare
  if (bare.id === 'Map') return isNullable(index.type) ? nullableIfPossible(bare.args[1]) : bare.args[1]
  const element = elementOf('arrayElement', 0, list.type)
  if (!isInteger(bareType(index.type))) throw badArgument('arrayElement', 1, index.type)
  return isNullable(index.type) ? nullableIfPossible(element) : element
}, ([list, index], type, rowCount, context) => {
  if (type === DYNAMIC) return itemsOf(list, numberReader(index), rowCount, context)
  const { lists, placeOf } = arraysOf(list, rowCount, context)
  const { account } = context
  const which = account.u8(rowCount)
  const rows = account.u32(rowCount)
  const find = bareType(list.type).id === 'Map' ? keyFinder(lists, index, context)
    : indexFinder(lists, index)
  for (let row = 0; row < rowCount; row++) {
    const at = find(placeOf(row), row)
    which[row] = at < 0 ? 1 : 0
    rows[row] = Math.max(0, at)
  }
  const values = lists.values.kind === 'tuple' && bareType(list.type).id === 'Map'
    ? lists.values.fields[1] : lists.values
  const picked = castVector(values, type, context)
  return pick([picked, elementDefault(type, rowCount, context)], which, rows, rowCount, type, account)
}, { nulls: 'own' })

const elementDefault = (type: DataType, rowCount: number, context: EvalContext): Vector =>
  defaultVector(type, Math.max(1, rowCount), context.account)

type ElementFinder = (place: number, row: number) => number

function indexFinder(lists: ArrayVector, index: Vector): ElementFinder {
  const read = numberReader(index)
  return (place, row) => {
    const start = lists.offsets[place]
    const end = lists.offsets[place + 1]
    const wanted = read(row)
    const at = wanted > 0 ? start + wanted - 1 : end + wanted
    return wanted === 0 || at < start || at >= end ? -1 : at
  }
}

function keyFinder(maps: ArrayVector, key: Vector, context: EvalContext): ElementFinder {
  const pairs = maps.values
  if (pairs.kind !== 'tuple') throw new Error('functions: a map holds pairs')
  const [keys] = pairs.fields
  const wanted = castVector(key, keys.type, context)
  return (place, row) => {
    for (let at = maps.offsets[place]; at < maps.offsets[place + 1]; at++) {
      if (compareAt(keys, at, wanted, row) === 0) return at
    }
    return -1
  }
}

/** The elements of a list, and of a map its keys. */
const searched = (name: string, type: DataType): DataType => (bareType(type).id === 'Map' ? bareType(type).args[0] : elementOf(name, 0, type))

/** Fewer elements are found sooner one by one. */
const KNOWN_MIN = 32

/** Where each value of a long constant list stands first, from 1, and how often it does; null: the list is short, or of
 * values that are not equal by their keys alone. */
function placesOf(values: Vector, length: number): Map<unknown, { first: number; count: number }> | null {
  const bare = bareType(values.type)
  if (length < KNOWN_MIN || !(isInteger(bare) || bare.id === 'String')) return null
  const places = new Map<unknown, { first: number; count: number }>()
  for (let at = 0; at < length; at++) {
    const key = keyAt(values, at)
    const known = places.get(key)
    if (known === undefined) places.set(key, { first: at + 1, count: 1 })
    else known.count += 1
  }
  return places
}

/** The same for equal integers and texts: a text by its bytes, which need not be UTF-8. */
function keyAt(vector: Vector, row: number): unknown {
  const slot = slotOf(vector, row)
  if (vector.nulls !== null && vector.nulls[slot] === 1) return null
  const bytes = vector.kind === 'codes' ? vector.dictionary.bytesOf(vector.codes[slot])
    : vector.kind === 'bytes' ? vector.bytes.subarray(vector.offsets[slot], vector.offsets[slot + 1]) : null
  return bytes === null ? valueAt(vector, row) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1')
}

/** A FixedString beside texts as a text with the zeros at its end: constants that are looked for tell it apart by them. */
function withOwnZeros(sides: readonly Vector[]): readonly Vector[] {
  const isText = ({ type }: Vector): boolean => bareType(type).id === 'String'
  const isFixed = ({ type }: Vector): boolean => bareType(type).id === 'FixedString'
  return sides.some(isText) && sides.some(isFixed) ? sides.map((side) => (isFixed(side) ? retype(side, STRING) : side)) : sides
}

/** Finds a value in each row's array: `each(found place or -1, count of equal ones)`. */
const search = (name: string, type: DataType, each: (first: number, count: number) => number) =>
  define(name, [2, 2], ([list, value]) => {
    if (name !== 'has') elementOf(name, 0, list.type)
    meetingType([searched(name, list.type), value.type])
    return type
  }, ([list, value], result, rowCount, context) => {
    const { lists, placeOf } = arraysOf(list, rowCount, context)
    const elements = lists.values.kind === 'tuple' && bareType(list.type).id === 'Map' ? lists.values.fields[0] : lists.values
    const isExact = list.isConst || (value.isConst && elements.type.id === 'String')
    const [values, wanted] = castToMeet(isExact ? withOwnZeros([elements, value]) : [elements, value], context)
    const known = list.isConst ? placesOf(values, lists.offsets[1]) : null
    return numbersBy(result, rowCount, context, (row) => {
      if (known !== null) {
        const found = known.get(keyAt(wanted, row))
        return each(found?.first ?? 0, found?.count ?? 0)
      }
      let first = 0
      let count = 0
      const place = placeOf(row)
      const start = lists.offsets[place]
      for (let at = start; at < lists.offsets[place + 1]; at++) {
        if (compareAt(values, at, wanted, row) !== 0) continue
        if (count++ === 0) first = at - start + 1
      }
      return each(first, count)
    })
  }, { nulls: 'own' })

const setSearch = (name: string, isAll: boolean): FunctionDef => define(name, [2, 2], (args) => {
  leastSupertype(args.map((arg, i) => elementOf(name, i, arg.type)))
  return UINT8
}, (args, type, rowCount, context) => {
  const [{ lists: a, placeOf: placeA }, { lists: b, placeOf: placeB }] = args.map((arg) => arraysOf(arg, rowCount, context))
  const common = leastSupertype([a.values.type, b.values.type])
  const [x, y] = [a, b].map((list) => castVector(list.values, common, context))
  return numbersBy(type, rowCount, context, (row) => {
    const [atA, atB] = [placeA(row), placeB(row)]
    for (let j = b.offsets[atB]; j < b.offsets[atB + 1]; j++) {
      let found = false
      for (let i = a.offsets[atA]; i < a.offsets[atA + 1] && !found; i++) {
        found = compareAt(x, i, y, j) === 0
      }
      if (found !== isAll) return isAll ? 0 : 1
    }
    return isAll ? 1 : 0
  })
}, { nulls: 'own' })

const RANGE_ELEMENTS_MAX = 500_000_000 // ClickHouse's function_range_max_elements_in_block

function refuseNegative(to: (row: number) => number, rowCount: number): void {
  for (let row = 0; row < rowCount; row++) {
    if (to(row) < 0) throw new FunctionError('range takes no negative number where only an end is given', 'ARGUMENT_OUT_OF_BOUND')
  }
}

const range = define('range', [1, 3], (args) => {
  args.forEach((arg, i) => {
    if (!isInteger(arg.type)) throw badArgument('range', i, arg.type)
  })
  return arrayOf(leastSupertype(args.map((arg) => arg.type)))
}, (args, type, rowCount, context) => {
  const { account } = context
  const readers = args.map(numberReader)
  const from = args.length > 1 ? readers[0] : () => 0
  const to = args.length > 1 ? readers[1] : readers[0]
  if (args.length === 1) refuseNegative(to, rowCount)
  const step = args.length > 2 ? readers[2] : () => 1
  const offsets = account.u32(rowCount + 1)
  let total = 0
  for (let row = 0; row < rowCount; row++) {
    offsets[row] = total
    if (step(row) === 0) throw new FunctionError('range: the step is 0', 'ARGUMENT_OUT_OF_BOUND')
    total += Math.max(0, Math.ceil((to(row) - from(row)) / step(row)))
    if (total > RANGE_ELEMENTS_MAX) {
      throw new FunctionError(`range makes more than ${RANGE_ELEMENTS_MAX} elements in a block`,
        'ARGUMENT_OUT_OF_BOUND')
    }
  }
  offsets[rowCount] = total
  const values = numbersOf(type.args[0], total, context)
  for (let row = 0; row < rowCount; row++) {
    context.checkAlive()
    let value = from(row)
    for (let at = offsets[row]; at < offsets[row + 1]; at++, value += step(row)) values[at] = value
  }
  return arrayVector(type, offsets, numberVector(type.args[0], values))
})

function numbersOf(type: DataType, count: number, context: EvalContext) {
  const vector = numbersBy(type, 0, context, () => 0)
  const Type = vector.values.constructor as new (b: ArrayBuffer, o: number, n: number) => typeof vector.values
  const pointer = context.account.allocate(count * vector.values.BYTES_PER_ELEMENT)
  return new Type(context.account.work.buffer, pointer, count)
}

/** A number made of each row's elements. */
const reduction = (name: string, typeOf: (element: DataType) => DataType,
  reduceOf: (element: DataType) => (read: (at: number) => number, start: number, end: number) => number): FunctionDef =>
  define(name, [1, 1], ([list]) => {
    const element = elementOf(name, 0, list.type)
    if (numberInfo(element) === null && element.id !== 'Decimal') throw badArgument(name, 0, list.type)
    return typeOf(element)
  }, ([list], type, rowCount, context) => {
      const lists = asArray(list, rowCount, context)
      const read = doubles(lists.values)
      const reduce = reduceOf(bareType(lists.values.type))
      return numbersBy(type, rowCount, context, (row) =>
        reduce(read, lists.offsets[row], lists.offsets[row + 1]))
    })

function sumOf(read: (at: number) => number, start: number, end: number): number {
  let sum = 0
  for (let at = start; at < end; at++) sum += read(at)
  return sum
}

export function sumTypeOf(element: DataType): DataType {
  const info = numberInfo(element)
  if (element.id === 'Decimal') return decimalOf(element.precision <= 38 ? 38 : 76, element.scale)
  if (info === null) throw new FunctionError(`Function arraySum does not take Array(${element.name})`)
  return info.isFloat ? FLOAT64 : integerType(Math.max(8, info.bytes), info.isSigned)
}

/** How many values differ; NULL is one of them. */
const uniq = define('arrayUniq', [1, 1], ([list]) => {
  elementOf('arrayUniq', 0, list.type)
  return UINT32
}, ([list], type, rowCount, context) => {
  const lists = asArray(list, rowCount, context)
  return numbersBy(type, rowCount, context, (row) => {
    let count = 0
    distinctPlaces(lists, lists.offsets[row], lists.offsets[row + 1], () => { count++ }, true)
    return count
  })
})

const extreme = (name: string, direction: number): FunctionDef =>
  define(name, [1, 1], ([list]) => elementOf(name, 0, list.type), ([list], type, rowCount, context) => {
    const lists = asArray(list, rowCount, context)
    const which = context.account.u8(rowCount)
    const rows = context.account.u32(rowCount)
    for (let row = 0; row < rowCount; row++) {
      const start = lists.offsets[row]
      const end = lists.offsets[row + 1]
      let best = -1
      for (let at = start; at < end; at++) {
        if (lists.values.nulls?.[at] === 1) continue
        if (best < 0 || compareAt(lists.values, at, lists.values, best, -direction) === direction) best = at
      }
      which[row] = best < 0 ? 1 : 0
      rows[row] = Math.max(0, best)
    }
    // NULL where NULLs are possible.
    const own = isNullable(lists.values.type) ? lists.values.type : type
    return pick([lists.values, elementDefault(own, rowCount, context)], which, rows, rowCount, own, context.account)
  })

/** The same arrays with other elements in other order: `choose` lists the places to keep. */
const rearranged = (name: string,
  choose: (lists: ArrayVector, start: number, end: number, keep: (at: number) => void) => void,
  aliases: readonly string[] = [], typeOf: (list: DataType, element: DataType) => DataType = (list) => list) =>
  define(name, [1, 1], ([list]) => typeOf(list.type, elementOf(name, 0, list.type)), ([list], type, rowCount, context) => {
    const lists = asArray(list, rowCount, context)
    const places = context.account.u32(lists.offsets[rowCount])
    const offsets = context.account.u32(rowCount + 1)
    let count = 0
    offsets[0] = 0
    for (let row = 0; row < rowCount; row++) {
      choose(lists, lists.offsets[row], lists.offsets[row + 1], (at) => { places[count++] = at })
      offsets[row + 1] = count
    }
    const values = take(lists.values, places, count, context.account)
    // Where NULLs are left out, the elements' type has none.
    const kept = isNullable(type.args[0]) ? values : retype(values, type.args[0], null)
    return arrayVector(type, offsets, kept)
  }, { aliases })

function distinctPlaces(
  lists: ArrayVector, start: number, end: number, keep: (at: number) => void, hasNull = false): void {
  const seen = new Set<unknown>() // one row's
  for (let at = start; at < end; at++) {
    const value = valueAt(lists.values, at)
    const key = typeof value === 'object' ? JSON.stringify(value, (_, v: unknown) =>
      (typeof v === 'bigint' ? `${v}n` : v)) : value
    // ClickHouse's arrayDistinct leaves NULL out.
    if ((value === null && !hasNull) || seen.has(key)) continue
    seen.add(key)
    keep(at)
  }
}

export const sortedPlaces = (direction: number) =>
  (lists: ArrayVector, start: number, end: number, keep: (at: number) => void): void => {
    const places = Array.from({ length: end - start }, (_, i) => start + i)
    const { values } = lists
    // NULL and NaN are last whatever the direction.
    const isLast = (at: number): boolean => values.nulls?.[at] === 1
      || (values.kind === 'number' && Number.isNaN(values.values[at]))
    places.sort((a, b) => {
      if (isLast(a) || isLast(b)) return compareAt(values, a, values, b)
      return compareAt(values, a, values, b, direction) * direction
    })
    places.forEach(keep)
  }

const concat = define('arrayConcat', [1, ANY_COUNT],
  (args) => arrayOf(leastSupertype(args.map((arg, i) => elementOf('arrayConcat', i, arg.type)))),
  (args, type, rowCount, context) => {
    const { account } = context
    const lists = args.map((arg) => asArray(castVector(arg, type, context), rowCount, context))
    const offsets = account.u32(rowCount + 1)
    const total = lists.reduce((sum, list) => sum + list.offsets[rowCount], 0)
    const which = account.u32(total)
    const rows = account.u32(total)
    let count = 0
    offsets[0] = 0
    for (let row = 0; row < rowCount; row++) {
      lists.forEach((list, l) => {
        for (let at = list.offsets[row]; at < list.offsets[row + 1]; at++) {
          which[count] = l
          rows[count++] = at
        }
      })
      offsets[row + 1] = count
    }
    return arrayVector(type, offsets,
      pick(lists.map((l) => l.values), which, rows, total, type.args[0], account))
  })

const isNothing = (type: DataType): boolean => bareType(type).id === 'Nothing'

/** Reads counts of which some may be NULL, as if not written: `absent` then. */
function countOr(vector: Vector, absent: number): (row: number) => number {
  if (isNothing(vector.type)) return () => absent
  const [read, nulls] = [countReader(vector), nullsOf(vector)]
  return nulls === null ? read : (row) => (nulls[vector.isConst ? 0 : row] === 1 ? absent : read(row))
}

const slice = define('arraySlice', [2, 3], ([list, ...counts]) => {
  if (isNothing(list.type)) return list.type
  for (const [i, { type }] of counts.entries()) if (!isInteger(bareType(type)) && !isNothing(type)) throw badArgument('arraySlice', i + 1, type)
  elementOf('arraySlice', 0, list.type)
  return list.type
}, (args, type, rowCount, context) => {
  if (isNothing(type)) return asConst(defaultVector(type, 1, context.account), rowCount)
  const lists = asArray(args[0], rowCount, context)
  const offset = countOr(args[1], 1)
  const size = args.length > 2 ? countOr(args[2], Number.POSITIVE_INFINITY) : () => Number.POSITIVE_INFINITY
  const places = context.account.u32(lists.offsets[rowCount])
  const offsets = context.account.u32(rowCount + 1)
  let count = 0
  offsets[0] = 0
  for (let row = 0; row < rowCount; row++) {
    const start = lists.offsets[row]
    const end = lists.offsets[row + 1]
    const from = offset(row) > 0 ? start + offset(row) - 1 : end + offset(row)
    const to = size(row) < 0 ? end + size(row) : from + size(row)
    for (let at = Math.max(start, from); at < Math.min(end, to); at++) places[count++] = at
    offsets[row + 1] = count
  }
  return arrayVector(type, offsets, take(lists.values, places, count, context.account))
}, { nulls: 'own' })

const flatten = define('arrayFlatten', [1, 1], ([list]) => arrayOf(innermost(elementOf('arrayFlatten', 0, list.type))),
  ([list], type, rowCount, context) => {
    let lists = asArray(list, rowCount, context)
    while (lists.values.kind === 'array') {
      const inner = lists.values
      const offsets = context.account.u32(rowCount + 1)
      for (let row = 0; row <= rowCount; row++) offsets[row] = inner.offsets[lists.offsets[row]]
      lists = arrayVector(type, offsets, inner.values)
    }
    return retype(lists, type)
  }, { aliases: ['flatten'] })

const innermost = (type: DataType): DataType =>
  (type.id === 'Array' ? innermost(type.args[0]) : type)

/** Whether a Float is in values of a type. */
const hasFractions = (type: DataType): boolean => numberInfo(bareType(type))?.isFloat === true || type.args.some(hasFractions)

const intersect = define('arrayIntersect', [1, ANY_COUNT],
  (args) => {
    const elements = args.map((arg, i) => elementOf('arrayIntersect', i, arg.type))
    meetingType(elements)
    return arrayOf(leastSubtype(elements))
  },
  (args, type, rowCount, context) => {
    const elements = args.map((arg) => arg.type.args[0])
    // Decimals and fractions are cut to the answer's type before they are compared, as there.
    const isCut = elements.every((one) => bareType(one).id === 'Decimal') || elements.some(hasFractions)
    const meeting = !isCut ? meetingType(elements) : elements.some(isNullable) ? nullableIfPossible(type.args[0]) : type.args[0]
    const [first, ...others] = args.map((arg) =>
      asArray(meeting === null ? arg : castVector(arg, arrayOf(meeting), context), rowCount, context))
    const places = context.account.u32(first.offsets[rowCount])
    const offsets = context.account.u32(rowCount + 1)
    let count = 0
    offsets[0] = 0
    for (let row = 0; row < rowCount; row++) {
      distinctPlaces(first, first.offsets[row], first.offsets[row + 1], (at) => {
        if (others.every((other) => holds(other, row, first.values, at))) places[count++] = at
      }, true)
      offsets[row + 1] = count
    }
    const values = take(first.values, places, count, context.account)
    const element = type.args[0]
    // A NULL is in none of the lists where the type is none that can be NULL.
    return arrayVector(type, offsets, castVector(isNullable(element) ? values : assumed(values), element, context))
  })

const assumed = (vector: Vector): Vector => (vector.nulls === null ? vector : retype(vector, withoutNullable(vector.type), null))

function holds(lists: ArrayVector, row: number, values: Vector, at: number): boolean {
  for (let i = lists.offsets[row]; i < lists.offsets[row + 1]; i++) {
    if (compareAt(lists.values, i, values, at) === 0) return true
  }
  return false
}

const stringConcat = define('arrayStringConcat', [1, 2], ([list]) => {
  elementOf('arrayStringConcat', 0, list.type)
  return STRING
}, (args, type, rowCount, context) => {
  const lists = asArray(args[0], rowCount, context)
  const text = asBytes(castToString(lists.values, context), context.account)
  const separator = args.length > 1 ? String(constantOf('arrayStringConcat', args, 1)) : ''
  const out = new ByteBuilder(rowCount, context.account, text.bytes.length)
  const { nulls } = lists.values
  for (let row = 0; row < rowCount; row++) {
    let isFirst = true
    for (let at = lists.offsets[row]; at < lists.offsets[row + 1]; at++) {
      if (nulls !== null && nulls[slotOf(lists.values, at)] === 1) continue
      if (!isFirst) out.text(separator)
      isFirst = false
      out.slice(text.bytes, text.offsets[at], text.offsets[at + 1])
    }
    out.endRow()
  }
  return out.finish(type)
}, { aliases: ['array_to_string'] })

const enumerate = define('arrayEnumerate', [1, 1], ([list]) => {
  elementOf('arrayEnumerate', 0, list.type)
  return arrayOf(UINT32)
}, ([list], type, rowCount, context) => {
  const lists = asArray(list, rowCount, context)
  const values = context.account.u32(lists.offsets[rowCount])
  for (let row = 0; row < rowCount; row++) {
    const start = lists.offsets[row]
    for (let at = start; at < lists.offsets[row + 1]; at++) values[at] = at - start + 1
  }
  return arrayVector(type, lists.offsets, numberVector(UINT32, values))
})

/** The mean of Decimals has their digits, cut off. */
const decimalAverage = (unit: number) => (read: (at: number) => number, start: number, end: number): number =>
  (start === end ? 0 : Math.trunc(Math.round(sumOf(read, start, end) * unit) / (end - start)) / unit)

const average = (read: (at: number) => number, start: number, end: number): number =>
  (start === end ? 0 : sumOf(read, start, end) / (end - start))

const product = (read: (at: number) => number, start: number, end: number): number => {
  let total = start === end ? 0 : 1
  for (let at = start; at < end; at++) total *= read(at)
  return total
}

const always64 = (): DataType => FLOAT64

/** One value of one array; with a lambda, of what it makes of the elements. */
export const OF_ONE_ARRAY: readonly FunctionDef[] = [
  reduction('arrayAvg', always64, (element) => (element.id === 'Decimal' ? decimalAverage(10 ** element.scale) : average)), reduction('arrayProduct', always64, () => product),
  extreme('arrayMin', -1), extreme('arrayMax', 1),
]

export const ARRAYS: readonly FunctionDef[] = [
  array, arrayElement, search('indexOfAssumeSorted', UINT64, (first) => first), search('has', UINT8, (first) => Math.min(first, 1)),
  search('indexOf', UINT64, (first) => first), search('countEqual', UINT64, (_, count) => count),
  setSearch('hasAll', true), setSearch('hasAny', false), range,
  uniq, rearranged('arrayDistinct', distinctPlaces, [], (_list, element) => arrayOf(withoutNullable(element))),
  rearranged('arrayReverse', (_lists, start, end, keep) => {
    for (let at = end - 1; at >= start; at--) keep(at)
  }),
  rearranged('arrayCompact', (lists, start, end, keep) => {
    for (let at = start; at < end; at++) {
      if (at === start || compareAt(lists.values, at, lists.values, at - 1) !== 0) keep(at)
    }
  }),
  concat, slice, flatten, intersect, stringConcat, enumerate,
]
