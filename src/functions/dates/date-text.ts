// Dates as text in forms other than ISO's: formatDateTime and parseDateTimeBestEffort.
// Invariant: formatDateTime knows MySQL's letters as ClickHouse does; unknown ones are an error.

import { bareType, dateTimeOf, nullableOf, STRING, type DataType } from
  '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { civilFromDays, dayOf, daysFromCivil, monthOf, offsetAt, weekdayOf, yearOf } from
  '../values/calendar.ts'
import { bestEffort, MONTHS } from '../values/best-effort.ts'
import { castVector } from '../values/cast.ts'
import { dateTime64Type, expectZone, hasDigits, momentOfDigits, zoneArgument } from '../base/conversion.ts'
import {
  badArgument, constantInfo, constantOf, define, knownZone, likeSource, numberReader,
} from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { ticksOf } from '../values/parse-value.ts'
import { textReader } from '../base/strings.ts'
import { isDay, isString, isTemporal } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'
import { ByteBuilder } from '../values/byte-builder.ts'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

export type Moment = { readonly seconds: number; readonly fraction: number; readonly offset: number }

const two = (value: number): string => String(value).padStart(2, '0')

/** The text of one letter of a format. `seconds` are local. */
function letter(code: string, { seconds, fraction, offset }: Moment): string {
  const day = Math.floor(seconds / 86400)
  const civil = civilFromDays(day)
  const rest = seconds - day * 86400
  const hour = Math.floor(rest / 3600)
  const twelve = hour % 12 === 0 ? 12 : hour % 12
  const minute = Math.floor(rest / 60) % 60
  switch (code) {
    case 'Y': return String(yearOf(civil)).padStart(4, '0')
    case 'y': return two(yearOf(civil) % 100)
    case 'C': return two(Math.floor(yearOf(civil) / 100))
    case 'm': case 'c': return two(monthOf(civil))
    case 'd': return two(dayOf(civil))
    case 'e': return String(dayOf(civil))
    case 'H': case 'k': return two(hour)
    case 'I': case 'h': case 'l': return two(twelve)
    case 'i': return two(minute)
    case 'M': return MONTHS[monthOf(civil) - 1]
    case 'b': return MONTHS[monthOf(civil) - 1].slice(0, 3)
    case 'S': case 's': return two(rest % 60)
    case 'f': return String(fraction).padStart(6, '0')
    case 'j': return String(day - daysFromCivil(yearOf(civil), 1, 1) + 1).padStart(3, '0')
    case 'a': return DAYS[weekdayOf(day) - 1].slice(0, 3)
    case 'W': return DAYS[weekdayOf(day) - 1]
    case 'u': return String(weekdayOf(day))
    case 'w': return String(weekdayOf(day) % 7)
    case 'p': return hour < 12 ? 'AM' : 'PM'
    case 'Q': return String(Math.ceil(monthOf(civil) / 3))
    case 'F': return `${letter('Y', { seconds, fraction, offset })}-${two(monthOf(civil))}-${two(dayOf(civil))}`
    case 'D': return `${two(monthOf(civil))}/${two(dayOf(civil))}/${two(yearOf(civil) % 100)}`
    case 'T': return `${two(hour)}:${two(minute)}:${two(rest % 60)}`
    case 'R': return `${two(hour)}:${two(minute)}`
    case 'r': return `${two(twelve)}:${two(minute)} ${hour < 12 ? 'AM' : 'PM'}`
    case 'V': case 'G': return isoWeek(day, code === 'V')
    case 'g': return isoWeek(day, false).slice(-2)
    case 'z': return `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 3600))}`
      + two(Math.floor(Math.abs(offset) / 60) % 60)
    case 'n': return '\n'
    case 't': return '\t'
    case '%': return '%'
    default: throw new FunctionError(`formatDateTime does not know %${code}`, 'BAD_ARGUMENTS')
  }
}

function isoWeek(day: number, isWeek: boolean): string {
  const thursday = day - weekdayOf(day) + 4
  const year = yearOf(civilFromDays(thursday))
  return isWeek ? two(Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1) : String(year)
}

const formatDateTime = define('formatDateTime', [2, 3], (args) => {
  if (!isTemporal(args[0].type)) throw badArgument('formatDateTime', 0, args[0].type)
  if (!isString(args[1].type)) throw badArgument('formatDateTime', 1, args[1].type)
  const format = String(constantInfo('formatDateTime', args, 1))
  if (isDay(args[0].type) && /^(?:[^%]|%[^z])*%z/s.test(format)) {
    throw new FunctionError(`formatDateTime: a ${args[0].type.name} has no offset from UTC (%z)`)
  }
  if (/^(?:[^%]|%.)*%$/s.test(format)) {
    throw new FunctionError("formatDateTime: a format does not end with '%'; write '%%'", 'BAD_ARGUMENTS')
  }
  expectZone('formatDateTime', args, 2)
  return STRING
}, (args, type, rowCount, context) => {
  const pieces = String(constantOf('formatDateTime', args, 1)).split(/(%.)/s)
  const read = momentReader(args, context)
  const out = new ByteBuilder(rowCount, context.account, rowCount * 20)
  for (let row = 0; row < rowCount; row++) {
    const moment = read(row)
    for (const piece of pieces) {
      out.text(piece.startsWith('%') && piece.length === 2 ? letter(piece[1], moment) : piece)
    }
    out.endRow()
  }
  return out.finish(type)
}, { aliases: ['DATE_FORMAT'] })

export function momentReader(args: readonly Vector[], context: EvalContext): (row: number) => Moment {
  const [date] = args
  const zoneOf = zoneReader(date, args[2], context)
  const scale = date.type.id === 'DateTime64' ? 10 ** date.type.precision : 1
  const read = numberReader(castVector(date, date.type, context))
  const isWholeDay = isDay(date.type)
  return (row) => {
    const ticks = read(row)
    const seconds = isWholeDay ? ticks * 86400 : Math.floor(ticks / scale)
    const offset = isWholeDay ? 0 : offsetAt(zoneOf(row), seconds)
    const fraction = isWholeDay ? 0 : Math.floor((ticks - seconds * scale) * (1e6 / scale))
    return { seconds: seconds + offset, fraction, offset }
  }
}

/** The zone of each row: of the moments themselves, one for all, or another each row. */
function zoneReader(date: Vector, zones: Vector | undefined, context: EvalContext): (row: number) => string | null {
  if (zones === undefined || zones.isConst) {
    const zone = zones === undefined ? date.type.zone : String(valueAt(zones, 0))
    return () => zone
  }
  const read = textReader(zones, context)
  const known = new Set<string>()
  return (row) => {
    const zone = read(row)
    if (zone === '') return 'UTC' // of a row where the zone is NULL
    if (!known.has(zone)) known.add(knownZone('formatDateTime', zone))
    return zone
  }
}

const SECONDS_MAX = 4_294_967_295

type Mode = 'throw' | 'null' | 'zero'

const best = (name: string, mode: Mode, isFine: boolean, isUs: boolean): FunctionDef => {
  const targetOf = (args: readonly ArgInfo[]): DataType => {
    if (!isString(args[0].type)) throw badArgument(name, 0, args[0].type)
    if (!isFine) return !isUs && hasDigits(args) ? momentOfDigits(name, args) : dateTimeOf(zoneArgument(name, args, 1))
    const digits = args.length > 1 ? Number(constantInfo(name, args, 1)) : 3
    if (!Number.isInteger(digits)) throw badArgument(name, 1, args[1].type)
    return dateTime64Type(name, args, digits)
  }
  return define(name, [1, 3],
    (args) => (mode === 'null' ? likeSource(args, nullableOf(targetOf(withBareText(args)))) : targetOf(args)),
    ([a], type, rowCount, context) => {
      const bare = bareType(type)
      const read = textReader(a, context)
      const values: Value[] = [] // one block at most
      for (let row = 0; row < rowCount; row++) {
        const isNull = a.nulls !== null && a.nulls[a.isConst ? 0 : row] === 1
        const found = isNull ? null : bestEffort(read(row), bare.zone, isUs, context.nowMs)
        if (found === null && mode === 'throw') {
          throw new FunctionError(`Cannot read '${read(row)}' as a date and time (${name})`,
            'CANNOT_PARSE_DATETIME')
        }
        values.push(found === null ? (mode === 'null' ? null : 0)
          : bare.id === 'DateTime64' ? ticksOf(found.seconds, found.fraction, bare.precision)
            : Math.min(Math.max(found.seconds, 0), SECONDS_MAX))
      }
      return vectorOf(values, type, context.account)
    }, { nulls: mode === 'null' ? 'own' : 'propagate' })
}

/** The OrNull forms see Nullable text as it is. */
const withBareText = (args: readonly ArgInfo[]): readonly ArgInfo[] => args.map((arg) => ({
  ...arg, type: arg.type.id === 'Nullable' || arg.type.id === 'LowCardinality'
    ? withBareText([{ ...arg, type: arg.type.args[0] }])[0].type : arg.type,
}))

const forms = (name: string, isFine: boolean, isUs: boolean): FunctionDef[] => [
  best(name, 'throw', isFine, isUs), best(`${name}OrNull`, 'null', isFine, isUs),
  best(`${name}OrZero`, 'zero', isFine, isUs),
]

export const DATE_TEXT: readonly FunctionDef[] = [
  formatDateTime, ...forms('parseDateTimeBestEffort', false, false),
  ...forms('parseDateTime64BestEffort', true, false), ...forms('parseDateTimeBestEffortUS', false, true),
  ...forms('parseDateTime64BestEffortUS', true, true),
]
