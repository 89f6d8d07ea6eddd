// Functions of template expressions that are no parameter types: Python's own (len, range), the
// ones that write SQL (column, symbol, sql_and), dates, errors, secrets. Looked up once, when a
// template is compiled. Invariant: what becomes SQL text here is an identifier, quoted; values stay
// Literals.

import { parseByFormat, parseMoment } from './dates.ts'
import { arg, argOr, type FunctionCall, type TemplateFunction } from './function-call.ts'
import { iterable, known, limitList } from './operators.ts'
import { lengthOf, PYTHON_FUNCTIONS, toInteger } from './python-functions.ts'
import {
  Dict, Fragment, Literal, Missing, missingFault, plain, repr, TemplateFault, toJson, toText,
  truthy, Tuple, Typed, typeName, type Value,
} from './values.ts'

const NOTHING = new Fragment([])
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/

function textArg(call: FunctionCall, index: number, name: string, what: string): string {
  const value = known(arg(call, index, name))
  if (typeof value === 'string') return value
  if (typeof value === 'bigint') return String(value)
  throw new TemplateFault(`${what} expects a text, not ${typeName(value)}`)
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
  if (typeof value !== 'string' || value === '') {
    throw new TemplateFault(`${what} needs a name, not ${repr(given)}`)
  }
  return value
}

const column: TemplateFunction = call => new Fragment([quoteIdentifier(nameOf(call, 'column()'))])

/** `columns('a,b', 'default', fn='sum')`. */
const columns: TemplateFunction = call => {
  const given = plain(arg(call, 0, 'x'))
  const source = given instanceof Missing || given === null ? argOr(call, 1, 'default', null)
    : given
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
  const message = `${what} is given '${name.slice(0, 80)}'; expected letters, digits, _ and dots`
  throw new TemplateFault(message, { code: 'bad-parameter' })
}

const SQL_AND_OPERATORS: Record<string, string> = {
  in: 'IN', not_in: 'NOT IN', eq: '=', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=',
  like: 'LIKE', ilike: 'ILIKE', not_like: 'NOT LIKE',
}

/** `sql_and(user_id__in=Array(users), price__gt=Int32(price))`: conditions of the parameters that
 * are there, joined with AND; 1 where there are none. */
const sqlAnd: TemplateFunction = call => {
  const parts: (string | Literal)[] = []
  for (const [key, value] of call.named) {
    if (value instanceof Missing || value === null) continue
    const at = key.lastIndexOf('__')
    const operator = at < 0 ? '=' : SQL_AND_OPERATORS[key.slice(at + 2)]
    if (operator === undefined) {
      throw new TemplateFault(
        `sql_and() does not know ${key}; expected column__in, __lt, __gte and so on`)
    }
    const name = quoteIdentifier(at < 0 ? key : key.slice(0, at))
    parts.push(`${parts.length === 0 ? '' : ' AND '}${name} ${operator} `, new Literal(value))
  }
  return parts.length === 0 ? new Fragment(['1']) : new Fragment(parts)
}

const SQL: Record<string, TemplateFunction> = {
  column, columns, symbol, Symbol: symbol, Column: symbol, table, TABLE: table, sql_and: sqlAnd,
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
  if (separator === '') {
    throw new TemplateFault('split_to_array() needs a separator that is not empty')
  }
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
  const message = `${name} is '${text.slice(0, 80)}', which is no date of the form ${format}`
  throw new TemplateFault(message,
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
  if (!(body instanceof Dict)) throw new TemplateFault(toText(body), { code: 'template-error', status: code })
  const json = toJson(body)
  throw new TemplateFault(json, { code: 'template-error', status: code, body: json })
}

const secret: TemplateFunction = call => {
  const name = textArg(call, 0, 'name', 'tb_secret()')
  const { secrets } = call.scope.request
  const value = Object.hasOwn(secrets, name) ? secrets[name] : null
  if (value !== null) return new Typed('String', value, true)
  const fallback = argOr(call, 1, 'default', null)
  if (fallback !== null) return new Typed('String', toText(fallback), true)
  if (call.scope.placeholders) return new Typed('String', '', true)
  const message = `the secret ${name} is not set; set it with: pipit secret set ${name} VALUE`
  throw new TemplateFault(message, { code: 'missing-secret' })
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
  /** A hint: one that is no number is passed over. */
  max_threads: call => {
    const count = Number(toText(plain(arg(call, 0, 'threads'))))
    if (count > 0 && count <= 1_024) call.scope.request.hints.maxThreads = Math.trunc(count)
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
  // Parts of ClickHouse that Tinybird turns on and off; none of them changes an answer.
  activate: () => NOTHING,
  disable: () => NOTHING,
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
    const name = call.names[0] ?? 'the value'
    const message = `${name} has ${length} characters; at least ${least} are needed`
    throw new TemplateFault(message, { code: 'bad-parameter' })
  },
  /** A claim of the request's JWT. */
  jwt_claim: call => {
    const name = textArg(call, 0, 'name', 'jwt_claim()')
    const claim = call.scope.request.claims[name]
    if (typeof claim === 'string') return claim
    return claim === undefined || claim === null ? arg(call, 1, 'default') : toJsonValue(claim)
  },
}

const toJsonValue = (claim: unknown): Value =>
  typeof claim === 'number' && Number.isSafeInteger(claim) ? BigInt(claim)
    : typeof claim === 'number' || typeof claim === 'boolean' ? claim : JSON.stringify(claim)

/** All functions by name. `defined` and the parameter types are not here: expression.ts compiles
 * them, because they look at their argument's name. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map(
  [PYTHON_FUNCTIONS, SQL, LISTS_AND_DATES, SETTINGS].flatMap(group => Object.entries(group)))
