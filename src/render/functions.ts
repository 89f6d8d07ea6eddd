// Functions of template expressions that are no parameter types: Python's own (len, range), the ones
// that write SQL (column, symbol, sql_and), dates, errors, secrets. Looked up once, when a template is
// compiled. Invariant: what becomes SQL text here is an identifier, quoted; values stay Literals.

import { parseByFormat, parseMoment } from './dates.ts'
import { compare, contains, iterable, known, LIST_ITEMS_MAX, limitList } from './operators.ts'
import type { Scope } from './scope.ts'
import {
  Dict, Fragment, Literal, Missing, missingFault, plain, repr, TemplateFault, toJson, toText, truthy,
  Tuple, Typed, typeName, type Value,
} from './values.ts'

/** Arguments as evaluated; `names` are the parameters' names where an argument is a bare name. */
export type FunctionCall = {
  readonly scope: Scope
  readonly args: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  readonly names: readonly (string | null)[]
}
export type TemplateFunction = (call: FunctionCall) => Value

const NOTHING = new Fragment([])
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/

const arg = (call: FunctionCall, index: number, name: string): Value =>
  call.args[index] ?? call.named.get(name) ?? null

/** The argument, or `fallback` where it is left out or a parameter that is missing. */
function argOr(call: FunctionCall, index: number, name: string, fallback: Value): Value {
  const value = plain(arg(call, index, name))
  return value === null || value instanceof Missing ? fallback : value
}

function textArg(call: FunctionCall, index: number, name: string, what: string): string {
  const value = known(arg(call, index, name))
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return String(value)
  throw new TemplateFault(`${what} expects a text, not ${typeName(value)}`)
}

// --------------------------------------------------------------------------------- Python's own

function range(call: FunctionCall): Value {
  const bounds = call.args.map(bound => {
    const value = known(bound)
    if (typeof value === 'bigint') return Number(value)
    throw new TemplateFault(`range expects whole numbers, not ${typeName(value)}`)
  })
  const [from, to] = bounds.length === 1 ? [0, bounds[0]] : bounds
  const step = bounds[2] ?? 1
  if (step === 0 || to === undefined) throw new TemplateFault('range needs an end and a step that is not 0')
  const count = Math.max(0, Math.ceil((to - from) / step))
  if (count > LIST_ITEMS_MAX) {
    throw new TemplateFault(`range makes at most ${LIST_ITEMS_MAX} numbers`, { code: 'template-limit' })
  }
  return Array.from({ length: count }, (_, i) => BigInt(from + i * step))
}

function toInteger(value: Value): Value {
  const bare = known(value)
  if (typeof bare === 'bigint') return bare
  if (typeof bare === 'boolean') return BigInt(bare)
  if (typeof bare === 'number' && Number.isFinite(bare)) return BigInt(Math.trunc(bare))
  if (typeof bare === 'string' && /^\s*[+-]?\d{1,90}\s*$/.test(bare)) return BigInt(bare.trim().replace('+', ''))
  throw new TemplateFault(`int() can't read ${repr(bare)}`)
}

function toFloat(value: Value): Value {
  const bare = known(value)
  const number = typeof bare === 'string' && bare.trim() === '' ? NaN
    : typeof bare === 'string' || typeof bare === 'number' || typeof bare === 'bigint' ? Number(bare)
    : typeof bare === 'boolean' ? Number(bare) : NaN
  if (Number.isNaN(number)) throw new TemplateFault(`float() can't read ${repr(bare)}`)
  return number
}

function lengthOf(value: Value): Value {
  const bare = known(value)
  if (typeof bare === 'string') return BigInt([...bare].length)
  if (bare instanceof Dict) return BigInt(bare.entries.size)
  return BigInt(iterable(bare).length)
}

function extreme(call: FunctionCall, sign: number, name: string): Value {
  const items = call.args.length === 1 ? iterable(call.args[0]) : call.args
  if (items.length === 0) throw new TemplateFault(`${name}() of nothing`)
  return items.reduce((best, item) => compare(item, best, name) * sign > 0 ? item : best)
}

function sorted(call: FunctionCall): Value {
  const items = [...iterable(arg(call, 0, 'iterable'))].sort((a, b) => compare(a, b, 'sorted'))
  return truthy(call.named.get('reverse') ?? false) ? items.reverse() : items
}

function sum(call: FunctionCall): Value {
  let total: number | bigint = 0n
  for (const item of iterable(arg(call, 0, 'iterable'))) {
    const value = known(item)
    if (typeof value !== 'bigint' && typeof value !== 'number') {
      throw new TemplateFault(`sum() adds numbers, not ${typeName(value)}`)
    }
    total = typeof total === 'bigint' && typeof value === 'bigint' ? total + value
      : Number(total) + Number(value)
  }
  return total
}

function round(call: FunctionCall): Value {
  const value = known(arg(call, 0, 'number'))
  const digits = Number(toInteger(argOr(call, 1, 'ndigits', 0n)))
  if (typeof value === 'bigint') return value
  if (typeof value !== 'number') throw new TemplateFault(`round() can't round ${typeName(value)}`)
  const scale = 10 ** Math.max(-300, Math.min(300, digits))
  const scaled = value * scale
  // Half goes to the even neighbour, as in Python.
  const whole = Math.abs(scaled % 1) === 0.5 ? 2 * Math.round(scaled / 2) : Math.round(scaled)
  return call.args.length > 1 ? whole / scale : BigInt(whole)
}

function absolute(value: Value): Value {
  const bare = known(value)
  if (typeof bare === 'bigint') return bare < 0n ? -bare : bare
  if (typeof bare === 'number') return Math.abs(bare)
  throw new TemplateFault(`abs() can't be applied to ${typeName(bare)}`)
}

const PYTHON: Record<string, TemplateFunction> = {
  len: call => lengthOf(arg(call, 0, 'obj')),
  range,
  int: call => toInteger(arg(call, 0, 'x')),
  float: call => toFloat(arg(call, 0, 'x')),
  str: call => toText(arg(call, 0, 'object')),
  bool: call => truthy(arg(call, 0, 'x')),
  list: call => call.args.length === 0 ? [] : [...iterable(call.args[0])],
  tuple: call => new Tuple(call.args.length === 0 ? [] : iterable(call.args[0])),
  sorted,
  reversed: call => [...iterable(arg(call, 0, 'sequence'))].reverse(),
  min: call => extreme(call, -1, 'min'),
  max: call => extreme(call, 1, 'max'),
  sum,
  abs: call => absolute(arg(call, 0, 'x')),
  round,
  any: call => iterable(arg(call, 0, 'iterable')).some(truthy),
  all: call => iterable(arg(call, 0, 'iterable')).every(truthy),
  enumerate: call => iterable(arg(call, 0, 'iterable')).map((item, i) =>
    new Tuple([BigInt(i) + (toInteger(argOr(call, 1, 'start', 0n)) as bigint), item])),
  zip: call => {
    const lists = call.args.map(iterable)
    const count = lists.length === 0 ? 0 : Math.min(...lists.map(list => list.length))
    return Array.from({ length: count }, (_, i) => new Tuple(lists.map(list => list[i])))
  },
}

// --------------------------------------------------------------------------------- SQL by name

/** A name in backticks, part by part: safe whatever it holds. */
export function quoteIdentifier(name: string): string {
  return name.split('.').map(part => `\`${part.replace(/[\\`]/g, '\\$&')}\``).join('.')
}

function nameOf(call: FunctionCall, what: string): string {
  const given = plain(arg(call, 0, 'x'))
  if (given instanceof Missing || given === null) {
    const fallback = argOr(call, 1, 'default', null)
    if (fallback !== null) return toText(fallback)
    if (call.scope.placeholders) return 'placeholder'
    if (given instanceof Missing) throw missingFault(given)
    throw new TemplateFault(`${what} needs a name`)
  }
  const value = Array.isArray(given) ? given[given.length - 1] : given
  if (typeof value !== 'string' || value === '') throw new TemplateFault(`${what} needs a name, not ${repr(given)}`)
  return value
}

const column: TemplateFunction = call => new Fragment([quoteIdentifier(nameOf(call, 'column()'))])

/** `columns('a,b', 'default', fn='sum')`. */
const columns: TemplateFunction = call => {
  const given = plain(arg(call, 0, 'x'))
  const source = given instanceof Missing || given === null ? argOr(call, 1, 'default', null) : given
  if (source === null && !call.scope.placeholders) {
    if (given instanceof Missing) throw missingFault(given)
    throw new TemplateFault('columns() needs the names of columns')
  }
  const names = source === null ? ['placeholder'] : typeof source === 'string'
    ? source.split(',').map(name => name.trim()) : iterable(source).map(toText)
  const fn = functionName(arg(call, 2, 'fn'))
  const texts = names.filter(name => name !== '').map(name => {
    const quoted = quoteIdentifier(name)
    return fn === null ? quoted : `${fn}(${quoted}) AS ${quoted}`
  })
  if (texts.length === 0) throw new TemplateFault('columns() needs at least one name')
  return new Fragment([texts.join(',')])
}

function functionName(value: Value): string | null {
  const name = value instanceof Missing ? value.name : plain(value)
  if (name === null) return null
  if (typeof name === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name
  throw new TemplateFault(`fn is the name of a function, not ${repr(name)}`)
}

/** `symbol(x)`: a name in backticks; `quote=''` leaves them out where the name needs none. */
const symbol: TemplateFunction = call => {
  const name = nameOf(call, 'symbol()')
  const quote = call.named.get('quote')
  if (quote === undefined) return new Fragment([quoteIdentifier(name)])
  if (plain(quote) === "'") return new Fragment([new Literal(name)])
  return new Fragment([bareName(name, 'symbol()')])
}

const table: TemplateFunction = call => {
  const name = nameOf(call, 'table()')
  return plain(call.named.get('quote') ?? null) === "'" ? new Fragment([new Literal(name)])
    : new Fragment([bareName(name, 'table()')])
}

function bareName(name: string, what: string): string {
  if (IDENTIFIER.test(name)) return name
  throw new TemplateFault(`${what} is given '${name.slice(0, 80)}'; expected letters, digits, _ and dots`,
    { code: 'bad-parameter' })
}

const SQL_AND_OPERATORS: Record<string, string> = {
  in: 'IN', not_in: 'NOT IN', eq: '=', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=',
  like: 'LIKE', ilike: 'ILIKE', not_like: 'NOT LIKE',
}

/** `sql_and(user_id__in=Array(users), price__gt=Int32(price))`: conditions of the parameters that are
 * there, joined with AND; 1 where there are none. */
const sqlAnd: TemplateFunction = call => {
  const parts: (string | Literal)[] = []
  for (const [key, value] of call.named) {
    if (value instanceof Missing || value === null) continue
    const at = key.lastIndexOf('__')
    const operator = at < 0 ? '=' : SQL_AND_OPERATORS[key.slice(at + 2)]
    if (operator === undefined) {
      throw new TemplateFault(`sql_and() does not know ${key}; expected column__in, __lt, __gte and so on`)
    }
    const name = quoteIdentifier(at < 0 ? key : key.slice(0, at))
    parts.push(`${parts.length === 0 ? '' : ' AND '}${name} ${operator} `, new Literal(value))
  }
  return parts.length === 0 ? new Fragment(['1']) : new Fragment(parts)
}

const SQL: Record<string, TemplateFunction> = {
  column, columns, symbol, Symbol: symbol, table, TABLE: table, sql_and: sqlAnd,
  sql_unescape: call => {
    const what = toText(argOr(call, 1, 'what', ''))
    const text = toText(arg(call, 0, 'x'))
    return what === '' ? text : text.replaceAll(`\\${what}`, what)
  },
}

// --------------------------------------------------------------------------- lists and dates

const splitToArray: TemplateFunction = call => {
  const given = plain(arg(call, 0, 'x'))
  const source = given instanceof Missing || given === null ? argOr(call, 1, 'default', '') : given
  if (Array.isArray(source)) return source
  const separator = toText(argOr(call, 2, 'separator', ','))
  if (separator === '') throw new TemplateFault('split_to_array() needs a separator that is not empty')
  return limitList(toText(source).split(separator).map(item => item.trim()))
}

const enumerateWithLast: TemplateFunction = call => {
  const items = iterable(arg(call, 0, 'arr'))
  return items.map((item, i) => new Tuple([i === items.length - 1, item]))
}

const SECONDS_FORMAT = '%Y-%m-%d %H:%M:%S'

/** Both dates in seconds since 1970; null where one can't be read and `none_if_error` allows it. */
function dateSeconds(call: FunctionCall, index: number, format: string): number | null {
  const value = arg(call, index, `date_${index + 1}`)
  const name = call.names[index] ?? `date_${index + 1}`
  const bare = plain(value)
  if (bare instanceof Missing) {
    if (call.scope.placeholders) return 0
    throw missingFault(bare)
  }
  const text = toText(Array.isArray(bare) ? bare[bare.length - 1] : bare)
  const backup = argOr(call, 3, 'backup_date_format', null)
  const seconds = parseByFormat(text, format) ??
    (backup === null ? null : parseByFormat(text, toText(backup))) ??
    // A typed DateTime, a date alone and ISO 8601 are read whatever the format says.
    parseMoment(text)?.seconds ?? null
  if (seconds !== null) return seconds
  if (truthy(argOr(call, 4, 'none_if_error', false))) return null
  throw new TemplateFault(`${name} is '${text.slice(0, 80)}', which is no date of the form ${format}`,
    { code: 'bad-parameter', parameter: { name, type: 'DateTime', value: text } })
}

function dateDifference(unitSeconds: number, defaultFormat: string): TemplateFunction {
  return call => {
    const format = toText(argOr(call, 2, 'date_format', defaultFormat))
    const first = dateSeconds(call, 0, format)
    const second = dateSeconds(call, 1, format)
    if (first === null || second === null) return null
    return BigInt(Math.floor(Math.abs(second - first) / unitSeconds))
  }
}

const dayDifference: TemplateFunction = call => {
  const days = [0, 1].map(i => Math.floor((dateSeconds(call, i, '%Y-%m-%d') ?? 0) / 86_400))
  return BigInt(Math.abs(days[1] - days[0]))
}

const LISTS_AND_DATES: Record<string, TemplateFunction> = {
  split_to_array: splitToArray,
  enumerate_with_last: enumerateWithLast,
  day_diff: dayDifference,
  date_diff_in_seconds: dateDifference(1, SECONDS_FORMAT),
  date_diff_in_minutes: dateDifference(60, SECONDS_FORMAT),
  date_diff_in_hours: dateDifference(3_600, SECONDS_FORMAT),
  date_diff_in_days: dateDifference(86_400, '%Y-%m-%d'),
}

// ------------------------------------------------------------------------- errors and settings

const error: TemplateFunction = call => {
  if (call.scope.placeholders) return NOTHING
  throw new TemplateFault(toText(arg(call, 0, 'message')), { code: 'template-error' })
}

const customError: TemplateFunction = call => {
  if (call.scope.placeholders) return NOTHING
  const body = plain(arg(call, 0, 'message'))
  const status = argOr(call, 1, 'code', 400n)
  const code = typeof status === 'bigint' && status >= 400n && status <= 599n ? Number(status) : 400
  throw new TemplateFault(body instanceof Dict ? toJson(body) : toText(body),
    { code: 'template-error', status: code })
}

const secret: TemplateFunction = call => {
  const name = textArg(call, 0, 'name', 'tb_secret()')
  const value = Object.hasOwn(call.scope.request.secrets, name) ? call.scope.request.secrets[name] : null
  if (value !== null) return new Typed('String', value, true)
  const fallback = argOr(call, 1, 'default', null)
  if (fallback !== null) return new Typed('String', toText(fallback), true)
  if (call.scope.placeholders) return new Typed('String', '', true)
  throw new TemplateFault(`the secret ${name} is not set; set it with: pipit secret set ${name} VALUE`,
    { code: 'missing-secret' })
}

function durationSeconds(text: string): number | null {
  const parts = /^(\d{1,9})\s*(s|m|h|d)?$/.exec(text.trim())
  if (parts === null) return null
  return Number(parts[1]) * { s: 1, m: 60, h: 3_600, d: 86_400 }[parts[2] as 's' ?? 's']
}

const SETTINGS: Record<string, TemplateFunction> = {
  error,
  custom_error: customError,
  tb_secret: secret,
  tb_var: secret,
  max_threads: call => {
    const count = toInteger(arg(call, 0, 'threads')) as bigint
    if (count > 0n && count <= 1_024n) call.scope.request.hints.maxThreads = Number(count)
    return NOTHING
  },
  cache_ttl: call => {
    const seconds = durationSeconds(toText(arg(call, 0, 'ttl')))
    if (seconds === null) throw new TemplateFault('cache_ttl() expects a time such as 5m')
    call.scope.request.hints.cacheSeconds = seconds
    return NOTHING
  },
  backend_hint: () => NOTHING,
  activate_feature_flag: () => NOTHING,
  /** `get(name, default)` of a parameter, `get(dict, key, default)` of a dict. */
  get: call => {
    const target = plain(arg(call, 0, 'x'))
    if (target instanceof Dict) {
      const key = toText(arg(call, 1, 'key'))
      return target.entries.get(key) ?? arg(call, 2, 'default')
    }
    const name = target instanceof Missing ? target.name : toText(target)
    const value = call.names[0] === null ? call.scope.get(name) : target
    return value instanceof Missing ? arg(call, 1, 'default') : value
  },
  /** `min_length(value, n)`: the value, or 400 where it is shorter. */
  min_length: call => {
    const value = known(arg(call, 0, 'x'))
    const length = lengthOf(value) as bigint
    const least = toInteger(arg(call, 1, 'n')) as bigint
    if (length >= least || call.scope.placeholders) return arg(call, 0, 'x')
    throw new TemplateFault(`${call.names[0] ?? 'the value'} has ${length} characters; at least ${least} are needed`,
      { code: 'bad-parameter' })
  },
  /** A claim of the request's JWT. */
  jwt_claim: call => {
    const name = textArg(call, 0, 'name', 'jwt_claim()')
    const claim = call.scope.request.claims[name]
    if (typeof claim === 'string') return claim
    return claim === undefined || claim === null ? arg(call, 1, 'default') : toJsonValue(claim)
  },
  has: call => contains(arg(call, 0, 'container'), arg(call, 1, 'item')),
}

const toJsonValue = (claim: unknown): Value =>
  typeof claim === 'number' && Number.isSafeInteger(claim) ? BigInt(claim)
    : typeof claim === 'number' || typeof claim === 'boolean' ? claim : JSON.stringify(claim)

/** All functions by name. `defined` and the parameter types are not here: expression.ts compiles them,
 * because they look at their argument's name. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  [PYTHON, SQL, LISTS_AND_DATES, SETTINGS].flatMap(group => Object.entries(group)))
