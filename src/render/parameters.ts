// The types that a template can give a parameter: `Int32(limit, 10)`, `DateTime(start)`. From the
// request's text (or JSON value) to a Typed value. Invariant: what leaves here is checked against
// its type, so that writer.ts can write it as a literal of that type.

import { wellFormed } from '../sql/raw-text.ts'
import { dateText, dateTimeText, parseMoment } from './dates.ts'
import {
  Dict, floatText, fromJson, Missing, plain, repr, TemplateFault, toJson, Tuple,
  Typed, type Value,
} from './values.ts'

/** A parameter type: its check, what it expects (for errors), and a value for checking
 * templates. */
export type ParameterType = {
  readonly name: string
  readonly expects: string
  /** The typed value, or null where `raw` is none. `raw` is text, number, boolean or list. */
  readonly parse: (raw: Value) => Typed | null
  readonly placeholder: Typed
}

const INTEGER_TEXT = /^\s*[+-]?\d+\s*$/
const FLOAT_TEXT = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/
const UUID_TEXT = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
// Longer digits are no number of any type; BigInt() of a megabyte would block the thread.
const NUMBER_CHARS_MAX = 90

/** `slot`: what the slot's type is, where it is not the parameter's. */
function integerType(name: string, bits: bigint, signed: boolean, slot = name): ParameterType {
  const low = signed ? -(1n << (bits - 1n)) : 0n
  const high = signed ? (1n << (bits - 1n)) - 1n : (1n << bits) - 1n
  const parse = (raw: Value): Typed | null => {
    let value: bigint
    if (typeof raw === 'bigint') value = raw
    else if (typeof raw === 'boolean') value = BigInt(raw)
    else if (typeof raw === 'number' && Number.isInteger(raw)) value = BigInt(raw)
    else if (typeof raw === 'string' && raw.length <= NUMBER_CHARS_MAX && INTEGER_TEXT.test(raw)) {
      value = BigInt(raw.trim().replace('+', ''))
    } else return null
    return value < low || value > high ? null : new Typed(slot, value)
  }
  const expects = `a whole number from ${low} to ${high}`
  return { name, expects, parse, placeholder: new Typed(slot, 0n) }
}

function floatType(name: string): ParameterType {
  const parse = (raw: Value): Typed | null => {
    const value = typeof raw === 'number' || typeof raw === 'bigint' ? Number(raw)
      : typeof raw === 'boolean' ? Number(raw)
      : typeof raw === 'string' && raw.length <= 400 && FLOAT_TEXT.test(raw) ? Number(raw) : NaN
    return Number.isFinite(value) ? new Typed(name, value) : null
  }
  return { name, expects: 'a number', parse, placeholder: new Typed(name, 0) }
}

function scalarText(raw: Value): string | null {
  if (typeof raw === 'string') return raw
  if (typeof raw === 'bigint') return String(raw)
  if (typeof raw === 'number') return floatText(raw)
  if (typeof raw === 'boolean') return raw ? 'true' : 'false'
  return raw instanceof Dict || Array.isArray(raw) || raw instanceof Tuple ? toJson(raw) : null
}

function textType(
  name: string, expects: string, placeholder: string, check: (text: string) => string | null,
): ParameterType {
  const parse = (raw: Value): Typed | null => {
    const text = scalarText(raw)
    const value = text === null ? null : check(text)
    return value === null ? null : new Typed(name, value)
  }
  return { name, expects, parse, placeholder: new Typed(name, placeholder) }
}

const parseUuid = (text: string): string | null =>
  UUID_TEXT.test(text.trim()) ? text.trim() : null

function parseDate(text: string): string | null {
  const moment = parseMoment(text)
  return moment === null ? null : dateText(moment.seconds)
}

/** Texts read lately: defaults and a dashboard's bounds come with every call, and reading one costs as
 * much as the rest of a point query's rendering. */
const dateTimesRead = new Map<string, string | null>()
const DATE_TIMES_READ_MAX = 256

function parseDateTime(text: string): string | null {
  const known = dateTimesRead.get(text)
  if (known !== undefined) return known
  const moment = parseMoment(text)
  const read = moment === null ? null : dateTimeText(moment.seconds)
  if (dateTimesRead.size >= DATE_TIMES_READ_MAX) dateTimesRead.clear()
  dateTimesRead.set(text, read)
  return read
}

function parseDateTime64(text: string): string | null {
  const moment = parseMoment(text)
  if (moment === null) return null
  const whole = dateTimeText(moment.seconds)
  return moment.fraction === '' ? whole : `${whole}.${moment.fraction}`
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true], ['1', true], ['yes', true], ['on', true], ['t', true], ['y', true],
  ['false', false], ['0', false], ['no', false], ['off', false], ['f', false], ['n', false],
  ['', false],
])
const BOOLEAN: ParameterType = {
  name: 'Boolean', expects: 'true or false, 1 or 0', placeholder: new Typed('Bool', false),
  parse: raw => {
    const value = BOOLEANS.get(scalarText(raw)?.trim().toLowerCase() ?? 'none')
    return value === undefined ? null : new Typed('Bool', value)
  },
}

const DATE_EXPECTS = 'a date such as 2024-01-31'
const DATETIME_EXPECTS = 'a date and time such as 2024-01-31 10:00:00'

/** All scalar types by the name that templates call. */
export const PARAMETER_TYPES: ReadonlyMap<string, ParameterType> = new Map(([
  ...[8n, 16n, 32n, 64n, 128n, 256n].flatMap(bits => [
    integerType(`Int${bits}`, bits, true), integerType(`UInt${bits}`, bits, false)]),
  integerType('Int', 64n, true), integerType('Integer', 64n, true, 'Int'),
  floatType('Float32'), floatType('Float64'), floatType('Float'),
  // A lone surrogate has no UTF-8: it leaves as the replacement character.
  textType('String', 'a text', '', wellFormed),
  textType('UUID', 'a UUID such as 6e3c0b8a-4f5e-4a1b-9a63-1f2d3c4b5a69',
    '00000000-0000-0000-0000-000000000000', parseUuid),
  textType('Date', DATE_EXPECTS, '2024-01-01', parseDate),
  textType('Date32', DATE_EXPECTS, '2024-01-01', parseDate),
  textType('DateTime', DATETIME_EXPECTS, '2024-01-01 00:00:00', parseDateTime),
  textType('DateTime64', `${DATETIME_EXPECTS}.123`, '2024-01-01 00:00:00.000', parseDateTime64),
  BOOLEAN, { ...BOOLEAN, name: 'Bool' },
] satisfies ParameterType[]).map(type => [type.name, type]))

/** How a template declares a parameter, beside its type. */
export type Declaration = {
  /** The parameter's name; null where the argument is another expression. */
  readonly name: string | null
  readonly fallback: Value | undefined
  readonly optional: boolean
}

const MISSING_NAME = 'value'

/** A scalar parameter: `raw` checked against `type`, the default where the request has none. */
export function scalarParameter(
  type: ParameterType, raw: Value, declaration: Declaration, placeholders: boolean,
): Value {
  const name = declaration.name ?? MISSING_NAME
  let value = plain(raw)
  let code = 'bad-parameter'
  // Repeated keys: the last one counts, as for a form.
  if (Array.isArray(value) && type.name !== 'String') value = plain(value[value.length - 1] ?? null)
  else if (Array.isArray(value) && value.every(item => typeof item === 'string')) {
    value = value[value.length - 1] ?? null
  }
  if (value === null || value instanceof Missing) {
    const fallback = declaration.fallback === undefined ? null : plain(declaration.fallback)
    // Real projects write Date(day, '') for a parameter without a default.
    // So is DateTime64(at, 3): the digits after the second, as SQL writes the type, are no moment.
    const isNone = (fallback === '' && type.parse('') === null) || (type.name === 'DateTime64' && typeof fallback === 'bigint')
    if (fallback === null || isNone || fallback instanceof Missing) {
      // Tinybird's Boolean is false where the request says nothing; it is never asked for.
      return placeholders || type.placeholder.type === 'Bool' ? type.placeholder
        : new Missing(name, type.name, declaration.optional)
    }
    value = fallback
    code = 'bad-default'
  }
  const typed = type.parse(value)
  if (typed === null) throw typeFault(name, type.name, type.expects, value, code)
  return typed
}

function typeFault(
  name: string, type: string, expects: string, value: Value, code = 'bad-parameter',
): TemplateFault {
  const shown = typeof value === 'string' ? value : repr(value)
  const short = shown.length > 80 ? `${shown.slice(0, 80)}…` : shown
  const what = code === 'bad-default' ? 'default of the parameter' : 'parameter'
  return new TemplateFault(
    `The ${what} ${name} is '${short}', which is no ${type}; expected ${expects}`,
    { code, parameter: { name, type, value: short } })
}

/** `Array(ids, 'Int32', '1,2')`: a list of typed values. Text is split at commas. */
export function arrayParameter(
  type: ParameterType, raw: Value, declaration: Declaration, placeholders: boolean,
): Value {
  const name = declaration.name ?? MISSING_NAME
  const given = plain(raw)
  const source = given === null || given instanceof Missing ? plain(declaration.fallback ?? null) : given
  if (source === null || source instanceof Missing) {
    if (placeholders) return [type.placeholder]
    return new Missing(name, `Array(${type.name})`, declaration.optional)
  }
  const items = listItems(source, type)
  return items.map(item =>
    scalarParameter(type, item, { ...declaration, name, fallback: undefined }, false))
    .map(item => {
      if (item instanceof Missing) {
        throw typeFault(name, `Array(${type.name})`, type.expects, source)
      }
      return item
    })
}

function listItems(source: Value, type: ParameterType): readonly Value[] {
  if (Array.isArray(source)) return source
  if (source instanceof Tuple) return source.items
  if (typeof source !== 'string') return [source]
  if (source === '' && type.name !== 'String') return []
  return source.split(',').map(item => type.name === 'String' ? item : item.trim())
}

/** What a parameter that the template declares as `Array(name, type)` is where it stands by itself: a list of plain
 * values, as in `for` and `','.join(name)`. A text that does not fit the type stays the text. */
export function listedParameter(type: ParameterType, raw: Value): Value {
  const given = plain(raw)
  if (given === null || given instanceof Missing || (given === '' && type.name !== 'String')) return raw
  const items = listItems(given, type).map(item => type.parse(plain(item)))
  return items.includes(null) ? raw : items.map(item => item?.value ?? null)
}

/** `JSON(filters, '[]')`: parsed JSON, as dicts and lists; an empty dict where the request has none. */
export function jsonParameter(raw: Value, declaration: Declaration, placeholders: boolean): Value {
  const name = declaration.name ?? MISSING_NAME
  const given = plain(raw)
  const absent = given === null || given instanceof Missing
  const source = absent ? plain(declaration.fallback ?? null) : given
  if (source === null || source instanceof Missing) return placeholders ? [] : new Dict(new Map())
  if (typeof source !== 'string') return source
  try {
    return fromJson(JSON.parse(source))
  } catch {
    throw typeFault(name, 'JSON', 'JSON text such as {"a": 1}', source)
  }
}
