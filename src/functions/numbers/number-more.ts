// Small functions of numbers and of readable sizes: divideOrNull, widthBucket, formatReadableTimeDelta,
// parseReadableSize, uptime.
// Invariant: what has no answer is NULL or refused, never NaN by accident.

import {
  bareType, FLOAT64, isNullable, nullableOf, STRING, UINT16, UINT32, UINT64, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { byOwnValues, byValues } from '../base/by-values.ts'
import { castVector } from '../values/cast.ts'
import {
  badArgument, bigReader, constantInfo, constantOf, define, expectTypes, likeSource, numberReader, numbersBy,
} from '../base/define.ts'
import { stringsBy } from '../base/define-text.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { shrink } from '../values/parse-value.ts'
import { doubles } from '../base/slot-states.ts'
import { isInteger, isNumber, isString, leastSupertype } from '../values/types.ts'
import { constVector, vectorOf } from '../values/values.ts'

const UNITS: readonly (readonly [name: string, seconds: number])[] =
  [['year', 31_536_000], ['month', 2_635_200], ['day', 86_400], ['hour', 3600], ['minute', 60], ['second', 1]]

/** `1 day, 2 hours and 3 seconds`; units that are 0 are left out. */
function timeDelta(seconds: number, largest: number): string {
  const isWhole = Math.abs(seconds) < 2 ** 53 // beyond, years are all that a number tells
  let rest = Math.trunc(Math.abs(seconds))
  const parts: string[] = []
  for (const [name, size] of UNITS.slice(largest)) {
    if (parts.length > 0 && !isWhole) break
    const count = Math.floor(rest / size)
    rest -= count * size
    if (count > 0) parts.push(`${String(count).replace('e+', 'e')} ${name}${count === 1 ? '' : 's'}`)
  }
  if (!Number.isFinite(seconds)) return Number.isNaN(seconds) ? 'nan' : seconds > 0 ? 'inf' : '-inf'
  if (parts.length === 0) return `${seconds < 0 ? '-' : ''}0 ${UNITS[UNITS.length - 1][0]}s`
  const last = parts.pop() as string
  const text = parts.length === 0 ? last : `${parts.join(', ')} and ${last}`
  return seconds < 0 ? `-${text}` : text
}

/** Units of intervals that have so many seconds. */
const INTERVAL_SECONDS: Readonly<Record<string, number>> = { Second: 1, Minute: 60, Hour: 3600, Day: 86_400, Week: 604_800 }

const largestUnit = (text: string): number => UNITS.findIndex(([name]) => `${name}s` === text)

const formatReadableTimeDelta = define('formatReadableTimeDelta', [1, 2], (args) => {
  const { type } = args[0]
  if (!isNumber(type) && type.id !== 'Decimal' && (type.id !== 'Interval' || !((type.func ?? '') in INTERVAL_SECONDS))) {
    throw badArgument('formatReadableTimeDelta', 0, type)
  }
  if (args.length > 1 && largestUnit(String(constantInfo('formatReadableTimeDelta', args, 1))) < 0) {
    throw new FunctionError(`formatReadableTimeDelta does not know the unit '${String(args[1].value)}'`, 'BAD_ARGUMENTS')
  }
  return STRING
}, (args, type, rowCount, context) => {
  const read = doubles(args[0])
  const unit = args[0].type.id === 'Interval' ? INTERVAL_SECONDS[args[0].type.func ?? ''] : 1
  const largest = args.length > 1 ? largestUnit(String(constantOf('formatReadableTimeDelta', args, 1))) : 0
  return stringsBy(type, rowCount, context, (row) => timeDelta(read(row) * unit, largest))
})

const SIZE = /^\s*(\d+(?:\.\d+)?)\s*([KMGTPE]?)(i?)B\s*$/i

/** `1.5 GiB` in bytes, rounded up; null for what is no size. */
function bytesOfSize(text: string): number | null {
  const match = SIZE.exec(text)
  if (match === null || (match[2] === '' && match[3] !== '')) return null
  const power = match[2] === '' ? 0 : 'KMGTPE'.indexOf(match[2].toUpperCase()) + 1
  return Math.ceil(Number(match[1]) * (match[3] === '' ? 1000 : 1024) ** power)
}

const readableSize = (suffix: '' | 'OrNull' | 'OrZero'): FunctionDef => byOwnValues(`parseReadableSize${suffix}`, [1, 1], (args) => {
  const [{ type }] = args
  if (!isString(bareType(type))) throw badArgument(`parseReadableSize${suffix}`, 0, type)
  return likeSource(args, suffix === 'OrNull' || isNullable(type) ? nullableOf(UINT64) : UINT64)
}, ([text]): Value => {
  if (text === null) return null
  const size = bytesOfSize(String(text))
  if (size !== null) return size
  if (suffix === '') throw new FunctionError(`Cannot read '${String(text)}' as a readable size`, 'CANNOT_PARSE_INPUT_ASSERTION_FAILED')
  return suffix === 'OrNull' ? null : 0
})

const WIDER: Readonly<Record<string, DataType>> = { UInt8: UINT16, UInt16: UINT32, UInt32: UINT64, UInt64: UINT64 }

const widthBucket = define('widthBucket', [4, 4], (args) => {
  expectTypes('widthBucket', args, isNumber)
  const type = WIDER[args[3].type.id]
  if (type === undefined) throw badArgument('widthBucket', 3, args[3].type)
  return type
}, (args, type, rowCount, context) => {
  const [value, low, high, count] = args.map(numberReader)
  return numbersBy(type, rowCount, context, (row) => {
    const [x, from, to, buckets] = [value(row), low(row), high(row), count(row)]
    if (buckets === 0) throw new FunctionError('widthBucket takes at least one bucket', 'BAD_ARGUMENTS')
    return x < from || to <= from ? 0 : x >= to ? buckets + 1 : Math.floor((x - from) * buckets / (to - from)) + 1
  })
}, { aliases: ['width_bucket'] })

const UINT64_MAX = 2n ** 64n - 1n

/** Whole powers; beyond 64 bits the greatest number. A whole exponent of ten is read as an integer of 32 bits. */
const wholePower = (name: string, base: bigint): FunctionDef => define(name, [1, 1], (args) => {
  expectTypes(name, args, isNumber)
  return UINT64
}, ([a], type, rowCount, context) => {
  const isNarrow = base === 10n && isInteger(a.type)
  const read: (row: number) => number = isNarrow ? wholeReader(a) : numberReader(a)
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    const exponent = read(row)
    if (!(exponent >= 0)) return 0
    const power = exponent >= 64 ? UINT64_MAX : base ** BigInt(Math.trunc(exponent))
    return shrink(power > UINT64_MAX ? UINT64_MAX : power)
  }), type, context.account)
})

function wholeReader(vector: Vector): (row: number) => number {
  const read = bigReader(vector)
  return (row) => Number(BigInt.asIntN(32, read(row)))
}

/** Where a span begins and ends in `size` digits, counted from 1 or from the end; a length below 0 leaves digits out at
 * the end. */
function spanOf(size: number, offset: number, length: number | undefined): readonly [start: number, end: number] {
  const start = offset > 0 ? offset - 1 : size + offset
  const end = length === undefined ? size : length < 0 ? size + length : start + length
  return [Math.max(0, start), Math.min(size, end)]
}

const digits = byValues('digits', [2, 3], (args) => {
  expectTypes('digits', args, (type) => isInteger(type) && !/128|256/.test(type.id))
  return UINT64
}, ([number, offset, length]) => {
  const text = String(typeof number === 'boolean' ? Number(number) : number).replace('-', '')
  if (Number(offset) === 0) throw new FunctionError('Function digits counts from 1', 'ZERO_ARRAY_OR_TUPLE_INDEX')
  const [start, end] = spanOf(text.length, Number(offset), length === undefined ? undefined : Number(length))
  return start < end ? BigInt(text.slice(start, end)) : 0
})

export const NUMBER_MORE: readonly FunctionDef[] = [
  formatReadableTimeDelta, readableSize(''), readableSize('OrNull'), readableSize('OrZero'), widthBucket,
  wholePower('intExp10', 10n), wholePower('intExp2', 2n),
  byValues('divideOrNull', [2, 2], (args) => {
    expectTypes('divideOrNull', args, isNumber)
    return nullableOf(FLOAT64)
  }, ([a, b]) => (Number(b) === 0 ? null : Number(a) / Number(b))),
  define('ifNotFinite', [2, 2], (args) => {
    expectTypes('ifNotFinite', args, isNumber)
    return leastSupertype(args.map((arg) => arg.type))
  }, (args, type, rowCount, context) => {
    const [x, y] = args.map((arg) => numberReader(castVector(arg, type, context)))
    return numbersBy(type, rowCount, context, (row) => (Number.isFinite(x(row)) ? x(row) : y(row)))
  }),
  define('uptime', [0, 0], () => UINT32, (_args, type, rowCount, context) =>
    constVector(Math.floor(process.uptime()), type, rowCount, context.account), { isPerQuery: true }),
  digits,
]
