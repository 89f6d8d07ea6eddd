// Values for other values and small services: transform, isZeroOrNull, isNullable, throwIf, ignore,
// names of the server, sizes as people read them.
// Invariant: nothing here tells of the machine that Pipit runs on.

import { bareType, isNullable, lowCardinalityOf, STRING, UINT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { castVector } from '../values/cast.ts'
import { conditionMask } from '../base/call.ts'
import { keyOf } from '../base/by-values.ts'
import { ANY_COUNT, badArgument, constantOf, define, expectTypes, numberReader, numbersBy } from '../base/define.ts'
import { stringsBy } from '../base/define-text.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { doubles } from '../base/slot-states.ts'
import { fitsLowCardinality, isNumber, leastSupertype, meetingType } from '../values/types.ts'
import { constVector, valueAt, vectorOf } from '../values/values.ts'
import { isVariant } from '../values/variant-fields.ts'
import { numberVector, retype } from '../values/vectors.ts'

const listType = (name: string, args: readonly ArgInfo[], index: number): DataType => {
  const type = bareType(args[index].type)
  if (type.id !== 'Array') throw badArgument(name, index, args[index].type)
  return type.args[0]
}

/** transform(x, from, to[, else]): without else, x itself. */
const transform = define('transform', [3, 4], (args) => {
  const to = listType('transform', args, 2)
  meetingType([bareType(args[0].type), bareType(listType('transform', args, 1))])
  const others = args.length > 3 ? args[3].type : args[0].type
  const type = leastSupertype([to, others])
  const isCoded = args[0].type.id === 'LowCardinality' && type.id !== 'LowCardinality' && fitsLowCardinality(type)
  // A dictionary's values alone decide where all else is constant.
  return isCoded && (args.length < 4 || args[3].value !== undefined) ? lowCardinalityOf(type) : type
}, (args, type, rowCount, context) => {
  const [from, to] = [1, 2].map((i) => constantOf('transform', args, i) as readonly Value[])
  const common = meetingType([bareType(args[0].type), bareType(bareType(args[1].type).args[0])])
  // The zeros at the end of a FixedString count here, and one in the list that has some is no text's equal.
  const element = bareType(bareType(args[1].type).args[0])
  const isFixed = bareType(args[0].type).id === 'FixedString' && element.id === 'String'
  const isNone = (value: Value): boolean => typeof value === 'string' && value.endsWith('\0') && element.id === 'FixedString' && args[0].type.id === 'String'
  const own = retype(args[0], isFixed ? STRING : bareType(args[0].type), null)
  const wanted = common === null ? own : castVector(own, common, context)
  const places = new Map<string, number>()
  from.forEach((value, i) => { if (!isNone(value) && !places.has(keyOf(value))) places.set(keyOf(value), i) })
  const results = castVector(vectorOf(to, bareType(args[2].type).args[0], context.account), type, context)
  const rest = castVector(args.length > 3 ? args[3] : args[0], type, context)
  return vectorOf(Array.from({ length: rowCount }, (_, row) => {
    const isNull = args[0].nulls?.[args[0].isConst ? 0 : row] === 1
    const at = isNull ? undefined : places.get(keyOf(valueAt(wanted, row)))
    return at === undefined ? valueAt(rest, row) : valueAt(results, at)
  }), type, context.account)
}, { nulls: 'own' })

const zeroOrNull = define('isZeroOrNull', [1, 1], () => UINT8, ([a], type, rowCount, context) => {
  const mask = conditionMask(a, rowCount, context)
  for (let row = 0; row < rowCount; row++) mask[row] ^= 1
  return numberVector(type, mask)
}, { nulls: 'own' })

const throwIf = define('throwIf', [1, 3], () => UINT8, (args, type, rowCount, context) => {
  const mask = conditionMask(args[0], rowCount, context)
  if (mask.includes(1)) {
    throw new FunctionError(args.length > 1 ? String(constantOf('throwIf', args, 1))
      : "Value passed to 'throwIf' function is non-zero", 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO')
  }
  return numberVector(type, mask.fill(0))
})

const constantText = (name: string, value: string, aliases: readonly string[] = []): FunctionDef =>
  define(name, [0, 0], () => STRING, (_args, type, rowCount, context) => constVector(value, type, rowCount, context.account),
    { aliases })

const BINARY = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB', 'ZiB', 'YiB']
const DECIMAL = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB', 'ZB', 'YB']
const QUANTITY = ['', ' thousand', ' million', ' billion', ' trillion', ' quadrillion', ' quintillion', ' sextillion', ' septillion',
  ' octillion', ' nonillion', ' decillion', ' undecillion', ' duodecillion', ' tredecillion', ' quattuordecillion', ' quindecillion',
  ' sexdecillion', ' septendecillion', ' octodecillion', ' novemdecillion', ' vigintillion']

function readable(value: number, base: number, units: readonly string[], gap: string): string {
  let [rest, unit] = [value, 0]
  for (; Math.abs(rest) >= base && unit < units.length - 1; unit++) rest /= base
  return `${rest.toFixed(2).replace('e+', 'e')}${gap}${units[unit]}`
}

const readableOf = (name: string, base: number, units: readonly string[], gap: string, aliases: readonly string[] = []): FunctionDef =>
  define(name, [1, 1], (args) => {
    expectTypes(name, args, (type) => isNumber(type) || type.id === 'Decimal')
    return STRING
  }, ([a], type, rowCount, context) => {
    const read = doubles(a)
    return stringsBy(type, rowCount, context, (row) => readable(read(row), base, units, gap))
  }, { aliases })

/** A bar of a chart: x between least and most, up to `width` characters. */
const bar = define('bar', [3, 4], (args) => {
  expectTypes('bar', args, isNumber)
  return STRING
}, (args, type, rowCount, context) => {
  const [value, least, most] = args.slice(0, 3).map(numberReader)
  const width = args.length > 3 ? Number(constantOf('bar', args, 3)) : 80
  return stringsBy(type, rowCount, context, (row) => {
    const [here, from, to] = [value(row), least(row), most(row)]
    const share = here <= from ? 0 : here >= to ? 1 : (here - from) / (to - from)
    const eighths = Number.isNaN(share) ? 0 : Math.floor(share * width * 8)
    return '█'.repeat(Math.floor(eighths / 8)) + ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8]
  })
})

export const CHOOSING: readonly FunctionDef[] = [
  transform, zeroOrNull, throwIf, bar,
  define('isNullable', [1, 1], () => UINT8, ([a], type, rowCount, context) =>
    constVector(Number(isNullable(a.type) || isVariant(a.type)), type, rowCount, context.account), { nulls: 'own' }),
  define('ignore', [0, ANY_COUNT], () => UINT8, (_args, type, rowCount, context) =>
    constVector(0, type, rowCount, context.account), { nulls: 'own' }),
  define('isConstant', [1, 1], () => UINT8, ([a], type, rowCount, context) =>
    constVector(Number(a.isConst), type, rowCount, context.account), { nulls: 'own' }),
  define('rowNumberInBlock', [0, 0], () => UINT64, (_args, type, rowCount, context) =>
    numbersBy(type, rowCount, context, (row) => row), { isVolatile: true }),
  constantText('version', '26.7.2.1'), constantText('currentDatabase', 'default', ['DATABASE', 'SCHEMA', 'current_database']),
  constantText('currentUser', 'default', ['user', 'current_user', 'session_user']), constantText('hostName', 'localhost', ['hostname']),
  readableOf('formatReadableSize', 1024, BINARY, ' ', ['FORMAT_BYTES']), readableOf('formatReadableDecimalSize', 1000, DECIMAL, ' '),
  readableOf('formatReadableQuantity', 1000, QUANTITY, ''),
]
