// Dates as text by a format: parseDateTime (MySQL's letters), parseDateTimeInJodaSyntax, their OrNull and
// OrZero forms, formatDateTimeInJodaSyntax, fromUnixTimestamp.
// Invariant: a format is taken apart once per block; text must fit it to its end.

import {
  bareType, dateTime64Of, dateTimeOf, nullableOf, STRING, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { civilFromDays, dayOf, daysFromCivil, daysInMonth, monthOf, utcOfLocal, weekdayOf, yearOf } from '../values/calendar.ts'
import { castVector } from '../values/cast.ts'
import { expectZone, zoneArgument } from '../base/conversion.ts'
import { DATE_TEXT, momentReader, type Moment } from './date-text.ts'
import { badArgument, constantInfo, constantOf, define, likeSource, ofFamily } from '../base/define.ts'
import { stringsBy } from '../base/define-text.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { ticksOf } from '../values/parse-value.ts'
import { textReader } from '../base/strings.ts'
import { isInteger, isString, isTemporal } from '../values/types.ts'
import { vectorOf } from '../values/values.ts'

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September',
  'October', 'November', 'December']

/** What a text has said so far. */
type Parts = {
  year: number | null; month: number; day: number; dayOfYear: number; week: number; weekday: number
  /** What the last piece about a day spoke of. */
  way: 'none' | 'month' | 'year' | 'week'
  hour: number; minute: number; second: number
  fraction: string; isHalfDay: boolean; isPm: boolean | null; offset: number | null
}

/** One piece of a format: what it looks like, and what it says. */
type Piece = { readonly pattern: RegExp; readonly set: (parts: Parts, text: string) => void }

const piece = (source: string, set: Piece['set'] = () => {}): Piece => ({ pattern: new RegExp(source, 'iy'), set })
const literal = (text: string): Piece => ({ pattern: new RegExp(text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'y'), set: () => {} })

const named = (names: readonly string[], length: number): string =>
  names.map((name) => name.slice(0, length)).join('|')
const monthNamed = (p: Parts, text: string): void => {
  p.month = MONTHS.findIndex((month) => month.toLowerCase().startsWith(text.toLowerCase())) + 1
  p.way = 'month'
}
const monthDay = (field: 'month' | 'day') => (p: Parts, text: string): void => {
  p[field] = Number(text)
  p.way = 'month'
}
const isoPart = (field: 'week' | 'weekday') => (p: Parts, text: string): void => {
  p[field] = Number(text)
  p.way = 'week'
}
const shortYear = (p: Parts, text: string): void => { p.year = Number(text) + (Number(text) < 70 ? 2000 : 1900) }
const isoYear = (set: Piece['set']) => (p: Parts, text: string): void => {
  set(p, text)
  p.way = 'week'
}
const halfHour = (p: Parts, text: string): void => {
  p.hour = Number(text)
  p.isHalfDay = true
}
const offset = (p: Parts, text: string): void => {
  p.offset = (text.startsWith('-') ? -1 : 1) * (Number(text.slice(1, 3)) * 3600 + Number(text.slice(3)) * 60)
}

const SETTERS = {
  year: (p: Parts, text: string): void => { p.year = Number(text) },
  month: monthDay('month'),
  day: monthDay('day'),
  dayOfYear: (p: Parts, text: string): void => {
    p.dayOfYear = Number(text)
    p.way = 'year'
  },
  week: isoPart('week'),
  weekday: isoPart('weekday'),
  // Sunday is 0, or 7.
  weekdayFromSunday: (p: Parts, text: string): void => isoPart('weekday')(p, text === '0' ? '7' : text),
  hour: (p: Parts, text: string): void => { p.hour = Number(text) },
  minute: (p: Parts, text: string): void => { p.minute = Number(text) },
  second: (p: Parts, text: string): void => { p.second = Number(text) },
  fraction: (p: Parts, text: string): void => { p.fraction = text },
  half: (p: Parts, text: string): void => { p.isPm = text.toLowerCase() === 'pm' },
}

/** Letters that stand for several. */
const SHORTHANDS: Readonly<Record<string, string>> = {
  D: '%m/%d/%y', F: '%Y-%m-%d', T: '%H:%i:%S', R: '%H:%i', r: '%h:%i %p', n: '\n', t: '\t', '%': '%',
}

function mysqlLetter(letter: string): Piece {
  switch (letter) {
    case 'Y': return piece('\\d{4}', SETTERS.year)
    case 'y': return piece('\\d{2}', shortYear)
    case 'C': return piece('\\d{2}', (p, text) => { p.year = Number(text) * 100 })
    case 'm': return piece('\\d{2}', SETTERS.month)
    case 'c': return piece('\\d{1,2}', SETTERS.month)
    case 'b': return piece(named(MONTHS, 3), monthNamed)
    case 'M': return piece(named(MONTHS, 20), monthNamed)
    case 'd': return piece('\\d{2}', SETTERS.day)
    case 'e': return piece(' \\d|\\d{1,2}', SETTERS.day)
    case 'j': return piece('\\d{3}', SETTERS.dayOfYear)
    case 'G': return piece('\\d{4}', isoYear(SETTERS.year))
    case 'g': return piece('\\d{2}', isoYear(shortYear))
    case 'V': return piece('\\d{2}', SETTERS.week)
    case 'u': return piece('[1-7]', SETTERS.weekday)
    case 'w': return piece('[0-7]', SETTERS.weekdayFromSunday)
    case 'a': return piece(named(DAYS, 3))
    case 'W': return piece(named(DAYS, 20))
    case 'H': return piece('\\d{2}', SETTERS.hour)
    case 'k': return piece(' \\d|\\d{1,2}', SETTERS.hour)
    case 'h': case 'I': return piece('\\d{2}', halfHour)
    case 'l': return piece(' \\d|\\d{1,2}', halfHour)
    case 'i': return piece('\\d{2}', SETTERS.minute)
    case 's': case 'S': return piece('\\d{2}', SETTERS.second)
    case 'f': return piece('\\d{1,6}', SETTERS.fraction)
    case 'p': return piece('am|pm', SETTERS.half)
    case 'z': return piece('[+-]\\d{4}', offset)
    default: throw new FunctionError(`parseDateTime does not know %${letter}`, 'BAD_ARGUMENTS')
  }
}

function mysqlPieces(format: string): Piece[] {
  return format.split(/(%.)/s).filter((text) => text !== '').flatMap((text) => {
    if (text.length !== 2 || !text.startsWith('%')) return [literal(text)]
    const more = SHORTHANDS[text[1]]
    return more === undefined ? [mysqlLetter(text[1])] : more.length === 1 ? [literal(more)] : mysqlPieces(more)
  })
}

/** Runs of a letter, quoted text ('' is a quote) and the rest. */
function jodaTokens(format: string): { letter: string | null; text: string }[] {
  return [...format.matchAll(/([A-Za-z])\1*|'((?:[^']|'')*)'|[^A-Za-z']+/g)].map((match) => {
    if (match[1] !== undefined) return { letter: match[1], text: match[0] }
    return { letter: null, text: match[2] === undefined ? match[0] : match[2] === '' ? "'" : match[2].replace(/''/g, "'") }
  })
}

function jodaPiece(letter: string, count: number): Piece {
  switch (letter) {
    case 'y': case 'Y': return count === 2 ? piece('\\d{2}', shortYear) : piece('\\d{1,4}', SETTERS.year)
    case 'M': return count < 3 ? piece('\\d{1,2}', SETTERS.month) : piece(`${named(MONTHS, 20)}|${named(MONTHS, 3)}`, monthNamed)
    case 'd': return piece('\\d{1,2}', SETTERS.day)
    case 'D': return piece('\\d{1,3}', SETTERS.dayOfYear)
    case 'E': return piece(`${named(DAYS, 20)}|${named(DAYS, 3)}`)
    case 'H': return piece('\\d{1,2}', SETTERS.hour)
    case 'k': return piece('\\d{1,2}', (p, text) => { p.hour = Number(text) % 24 })
    case 'h': case 'K': return piece('\\d{1,2}', halfHour)
    case 'm': return piece('\\d{1,2}', SETTERS.minute)
    case 's': return piece('\\d{1,2}', SETTERS.second)
    case 'S': return piece(`\\d{${count}}`, SETTERS.fraction)
    case 'a': return piece('am|pm', SETTERS.half)
    case 'Z': return piece('[+-]\\d{4}', offset)
    default: throw new FunctionError(`not supported yet: '${letter}' in a Joda format`, 'NOT_IMPLEMENTED')
  }
}

const jodaPieces = (format: string): Piece[] =>
  jodaTokens(format).map(({ letter, text }) => (letter === null ? literal(text) : jodaPiece(letter, text.length)))

/** The moment of a text; null where it does not fit. */
function parsed(text: string, pieces: readonly Piece[], zone: string | null): { seconds: number; fraction: string } | null {
  const parts: Parts = {
    year: null, month: 1, day: 1, dayOfYear: 1, week: 1, weekday: 1, way: 'none', hour: 0, minute: 0, second: 0,
    fraction: '', isHalfDay: false, isPm: null, offset: null,
  }
  let at = 0
  for (const { pattern, set } of pieces) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return null
    set(parts, match[0])
    at += match[0].length
  }
  return at === text.length ? momentOf(parts, zone) : null
}

/** Days since 1970; null where there is no such day. A day without its year is of 2000. */
function dayNumber(p: Parts): number | null {
  const year = p.year ?? (p.way === 'none' ? 1970 : 2000)
  if (p.way === 'week') {
    if (p.week < 1 || p.week > 53) return null
    // The fourth of January is always in the first week.
    const fourth = daysFromCivil(year, 1, 4)
    return fourth - weekdayOf(fourth) + (p.week - 1) * 7 + p.weekday
  }
  if (p.way === 'year') {
    const day = daysFromCivil(year, 1, 1) + p.dayOfYear - 1
    return p.dayOfYear < 1 || yearOf(civilFromDays(day)) !== year ? null : day
  }
  if (p.month < 1 || p.month > 12 || p.day < 1 || p.day > daysInMonth(year, p.month)) return null
  return daysFromCivil(year, p.month, p.day)
}

function momentOf(p: Parts, zone: string | null): { seconds: number; fraction: string } | null {
  if (p.minute > 59 || p.second > 59 || p.hour > (p.isHalfDay ? 12 : 23)) return null
  const hour = p.isHalfDay ? p.hour % 12 + (p.isPm === true ? 12 : 0) : p.hour
  const day = dayNumber(p)
  if (day === null) return null
  const local = day * 86_400 + hour * 3600 + p.minute * 60 + p.second
  return { seconds: p.offset === null ? utcOfLocal(zone, local) : local - p.offset, fraction: p.fraction }
}

type Syntax = { readonly pieces: (format: string) => Piece[]; readonly digits: (format: string) => number; readonly standard: string }

const MYSQL: Syntax = { pieces: mysqlPieces, digits: () => 6, standard: '%Y-%m-%d %H:%i:%s' }
const MYSQL_FINE: Syntax = { ...MYSQL, standard: '%Y-%m-%d %H:%i:%s.%f' }
const JODA: Syntax = { pieces: jodaPieces, digits: (format) => /S+/.exec(format)?.[0].length ?? 0, standard: 'yyyy-MM-dd HH:mm:ss' }

/** parseX(text, format, zone) in its three forms. */
const parser = (name: string, syntax: Syntax, isFine: boolean) =>
  (suffix: '' | 'OrNull' | 'OrZero'): FunctionDef => {
    const full = `${name}${suffix}`
    const typeOf = (args: readonly ArgInfo[]): DataType => {
      if (!isString(bareType(args[0].type))) throw badArgument(full, 0, args[0].type)
      const format = args.length > 1 ? String(constantInfo(full, args, 1)) : syntax.standard
      syntax.pieces(format)
      const zone = zoneArgument(full, args, 2) ?? 'UTC'
      const type = isFine ? dateTime64Of(syntax.digits(format), zone) : dateTimeOf(zone)
      return suffix === 'OrNull' ? likeSource(args, nullableOf(type)) : type
    }
    return define(full, [1, 3], typeOf, (args, type, rowCount, context) => {
      const pieces = syntax.pieces(args.length > 1 ? String(constantOf(full, args, 1)) : syntax.standard)
      const bare = bareType(type)
      const read = textReader(args[0], context)
      const { nulls, isConst } = args[0]
      const values: Value[] = [] // one block at most
      for (let row = 0; row < rowCount; row++) {
        const isNull = nulls !== null && nulls[isConst ? 0 : row] === 1
        const found = isNull ? null : parsed(read(row), pieces, bare.zone)
        const isOut = found !== null && !isFine && (found.seconds < 0 || found.seconds > 4294967295)
        if (found !== null && !isOut) values.push(isFine ? ticksOf(found.seconds, found.fraction, bare.precision) : found.seconds)
        else if (suffix === '') throw new FunctionError(`Cannot read '${read(row)}' by the format (${name})`, 'CANNOT_PARSE_DATETIME')
        else values.push(suffix === 'OrNull' ? null : 0)
      }
      return vectorOf(values, type, context.account)
    }, { nulls: suffix === 'OrNull' ? 'own' : 'propagate',
      aliases: full === 'parseDateTime' ? ['TO_UNIXTIME'] : full === 'parseDateTimeOrNull' ? ['str_to_date'] : [] })
  }

const pad = (value: number, count: number): string => String(value).padStart(count, '0')

/** The text of a run of one letter. */
function jodaText(letter: string, count: number, { seconds, fraction }: Moment): string {
  const day = Math.floor(seconds / 86_400)
  const civil = civilFromDays(day)
  const rest = seconds - day * 86_400
  const hour = Math.floor(rest / 3600)
  switch (letter) {
    case 'G': return 'AD'
    case 'C': return pad(Math.floor(yearOf(civil) / 100), count)
    case 'Y': case 'y': return count === 2 ? pad(yearOf(civil) % 100, 2) : pad(yearOf(civil), count)
    case 'M': return count < 3 ? pad(monthOf(civil), count) : MONTHS[monthOf(civil) - 1].slice(0, count === 3 ? 3 : 20)
    case 'd': return pad(dayOf(civil), count)
    case 'D': return pad(day - daysFromCivil(yearOf(civil), 1, 1) + 1, count)
    case 'e': return pad(weekdayOf(day), count)
    case 'E': return DAYS[weekdayOf(day) - 1].slice(0, count < 4 ? 3 : 20)
    case 'a': return hour < 12 ? 'AM' : 'PM'
    case 'K': return pad(hour % 12, count)
    case 'h': return pad(hour % 12 === 0 ? 12 : hour % 12, count)
    case 'H': return pad(hour, count)
    case 'k': return pad(hour === 0 ? 24 : hour, count)
    case 'm': return pad(Math.floor(rest / 60) % 60, count)
    case 's': return pad(rest % 60, count)
    case 'S': return pad(fraction, 6).padEnd(count, '0').slice(0, count)
    case 'w': case 'x': {
      const thursday = day - weekdayOf(day) + 4
      const year = yearOf(civilFromDays(thursday))
      return pad(letter === 'x' ? year : Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1, count)
    }
    default: throw new FunctionError(`not supported yet: '${letter}' in a Joda format`, 'NOT_IMPLEMENTED')
  }
}

const formatJoda = define('formatDateTimeInJodaSyntax', [2, 3], (args) => {
  if (!isTemporal(args[0].type)) throw badArgument('formatDateTimeInJodaSyntax', 0, args[0].type)
  constantInfo('formatDateTimeInJodaSyntax', args, 1)
  expectZone('formatDateTimeInJodaSyntax', args, 2)
  return STRING
}, (args, type, rowCount, context) => {
  const tokens = jodaTokens(String(constantOf('formatDateTimeInJodaSyntax', args, 1)))
  const read = momentReader(args, context)
  return stringsBy(type, rowCount, context, (row) => {
    const moment = read(row)
    return tokens.map(({ letter, text }) => (letter === null ? text : jodaText(letter, text.length, moment))).join('')
  })
})

/** fromUnixTimestamp(n) is a moment, fromUnixTimestamp(n, format) its text. */
const fromUnix = (name: string, formatter: FunctionDef, aliases: readonly string[]): FunctionDef => define(name, [1, 3], (args) => {
  if (!isInteger(args[0].type)) throw badArgument(name, 0, args[0].type)
  if (args.length === 1) return dateTimeOf(null)
  return formatter.returnType([{ type: dateTimeOf(null), value: undefined }, ...args.slice(1)])
}, (args, type, rowCount, context) => {
  const moment = castVector(args[0], dateTimeOf(null), context)
  if (args.length === 1) return moment
  return formatter.evaluate([moment, ...args.slice(1)], type, rowCount, context, null)
}, { aliases })

const formatDateTime = ofFamily(DATE_TEXT, 'formatDateTime')
const FORMS = ['', 'OrNull', 'OrZero'] as const

export const DATE_PARSE: readonly FunctionDef[] = [
  ...FORMS.map(parser('parseDateTime', MYSQL, false)), ...FORMS.map(parser('parseDateTime64', MYSQL_FINE, true)),
  ...FORMS.map(parser('parseDateTimeInJodaSyntax', JODA, false)), ...FORMS.map(parser('parseDateTime64InJodaSyntax', JODA, true)),
  formatJoda, fromUnix('fromUnixTimestamp', formatDateTime, ['FROM_UNIXTIME']), fromUnix('fromUnixTimestampInJodaSyntax', formatJoda, []),
]
