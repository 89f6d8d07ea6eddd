// Statements made comparable: the clock stands still, aggregate states are finalized, ORDER BY is total.
// Invariant: both engines are given the same text.

import { parseQuery } from '../sql/parse.ts'
import { printExpression, printQuery } from '../sql/print.ts'
import { quoteName } from '../sql/literals.ts'
import { MARK, tokenize, WORD, type Tokens } from '../sql/lex.ts'
import type { Expression, OrderItem, SelectQuery } from '../sql/ast.ts'

const VOLATILE = /^(rand\w*|generateUUIDv\d|generateULID|generateSnowflakeID|fuzzBits|rowNumberInAllBlocks|hostName|queryID|version|generateRandom)$/i

/** A function of a statement that answers differently each time; null where there is none. */
export function volatileFunction(sql: string): string | null {
  const tokens = tokenize(sql)
  const at = tokens.kinds.findIndex((kind, i) => kind === WORD && tokens.texts[i + 1] === '('
    && VOLATILE.test(sql.slice(tokens.starts[i], tokens.ends[i])))
  return at < 0 ? null : sql.slice(tokens.starts[at], tokens.ends[at])
}

const dateText = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10)
const DAY_SECONDS = 86_400

/** The text with now(), now64(), today() and yesterday() as values of the moment `nowSeconds`. */
export function pinned(sql: string, nowSeconds: number): string {
  const tokens = tokenize(sql)
  let out = ''
  let done = 0
  for (let i = 0; i < tokens.kinds.length; i++) {
    if (tokens.kinds[i] !== WORD || tokens.texts[i + 1] !== '(') continue
    const close = closing(tokens, i + 1)
    const inner = close < 0 ? '' : sql.slice(tokens.ends[i + 1], tokens.starts[close]).trim()
    const value = close < 0 ? null : momentOf(tokens.texts[i], inner, nowSeconds)
    if (value === null) continue
    out += sql.slice(done, tokens.starts[i]) + value
    done = tokens.ends[close]
    i = close
  }
  return out + sql.slice(done)
}

/** The token that closes a bracket; -1 when none does. */
function closing(tokens: Tokens, open: number): number {
  let depth = 0
  for (let i = open; i < tokens.kinds.length; i++) {
    if (tokens.kinds[i] !== MARK) continue
    if (tokens.texts[i] === '(') depth++
    else if (tokens.texts[i] === ')' && --depth === 0) return i
  }
  return -1
}

function momentOf(name: string, inner: string, nowSeconds: number): string | null {
  switch (name) {
    case 'NOW': return `toDateTime(${nowSeconds}${inner === '' ? '' : `, ${inner}`})`
    case 'NOW64': return `toDateTime64(${nowSeconds}, ${inner === '' ? '3' : inner})`
    case 'TODAY': return `toDate('${dateText(nowSeconds)}')`
    case 'YESTERDAY': return `toDate('${dateText(nowSeconds - DAY_SECONDS)}')`
    default: return null
  }
}

/** Functions whose answer depends on the order of rows, and those that stand in for them. */
const ORDERLESS: readonly (readonly [RegExp, string])[] = [
  [/^any(_value)?$/i, 'min'], [/^(first_value|anyRespectNulls)$/i, 'min'], [/^anyIf$/, 'minIf'],
  [/^(anyLast|last_value)$/i, 'max'], [/^anyLastIf$/, 'maxIf'], [/^anySimpleState$/, 'minSimpleState'],
  [/^anyLastSimpleState$/, 'maxSimpleState'], [/^(row_number)$/i, 'rank'],
  [/^anyState$/, 'minState'], [/^anyIfState$/, 'minIfState'], [/^anyLastState$/, 'maxState'], [/^anyLastIfState$/, 'maxIfState'],
]

/** Values that are as frequent come in any order. */
const TOP = /^(topK|approx_top_\w)\w*(?<!State)$/

/** The text with ORDER BY ALL before each LIMIT of a subquery that has no order. */
function orderedWithin(sql: string): string {
  const tokens = tokenize(sql)
  const hasOrder = [true] // of each open bracket; the statement itself is no subquery
  const places: number[] = []
  for (let i = 0; i < tokens.kinds.length; i++) {
    const text = tokens.texts[i]
    if (tokens.kinds[i] === MARK && text === '(') hasOrder.push(false)
    else if (tokens.kinds[i] === MARK && text === ')') hasOrder.pop()
    else if (tokens.kinds[i] !== WORD) continue
    else if (text === 'ORDER') hasOrder[hasOrder.length - 1] = true
    else if (text === 'UNION' && hasOrder.length > 1) hasOrder[hasOrder.length - 1] = false
    else if (text === 'LIMIT' && hasOrder.at(-1) === false) places.push(tokens.starts[i])
  }
  return places.reduceRight((text, at) => `${text.slice(0, at)}ORDER BY ALL ${text.slice(at)}`, sql)
}

/** The text with functions that see rows in any order made ones that do not; argMax(a, b) as the a beside
 * the greatest (b, a), lists sorted. `changes` says which. */
export function determined(sql: string): { text: string; changes: readonly string[] } {
  const ordered = orderedWithin(sql)
  const { text, changes } = withoutOrder(ordered)
  return { text, changes: ordered === sql ? changes : ['ORDER BY ALL before LIMIT', ...changes] }
}

function withoutOrder(sql: string): { text: string; changes: readonly string[] } {
  const tokens = tokenize(sql)
  const changes = new Set<string>()
  let out = ''
  let done = 0
  for (let i = 0; i < tokens.kinds.length; i++) {
    if (tokens.kinds[i] !== WORD || tokens.texts[i + 1] !== '(') continue
    const name = sql.slice(tokens.starts[i], tokens.ends[i])
    const stand = ORDERLESS.find(([pattern]) => pattern.test(name))?.[1]
    const close = closing(tokens, i + 1)
    const argument = sql.slice(tokens.ends[i + 1], tokens.starts[close])
    const comma = /^argM(in|ax)(If)?$/.test(name) ? topComma(tokens, i + 1, close) : -1
    const list = /^group(Uniq)?Array(If)?$/.test(name)
    const top = TOP.test(name)
    if (stand === undefined && comma < 0 && !list && !top) continue
    out += sql.slice(done, tokens.starts[i])
    if (stand !== undefined) {
      out += stand
      done = tokens.ends[i]
      changes.add(`${stand}() for ${name}()`)
      continue
    }
    if (top) {
      // Parameters come first: topK(10)(x).
      const end = tokens.texts[close + 1] === '(' ? closing(tokens, close + 1) : close
      out += `arraySort(${sql.slice(tokens.starts[i], tokens.ends[end])})`
      changes.add(`sorted ${name}()`)
      done = tokens.ends[end]
      i = end
      continue
    }
    const inner = withoutOrder(argument.trim()).text
    if (list) out += `arraySort(${name}(${inner}))`
    else out += bestPair(sql, tokens, name, i, comma, close)
    changes.add(list ? `sorted ${name}()` : `ties of ${name}() broken`)
    done = tokens.ends[close]
    i = close
  }
  return { text: out + sql.slice(done), changes: [...changes] }
}

/** The first comma of an argument list; -1 where there is none. */
function topComma(tokens: Tokens, open: number, close: number): number {
  let depth = 0
  for (let i = open + 1; i < close; i++) {
    if (tokens.kinds[i] !== MARK) continue
    if ('([{'.includes(tokens.texts[i])) depth++
    else if (')]}'.includes(tokens.texts[i])) depth--
    else if (tokens.texts[i] === ',' && depth === 0) return i
  }
  return -1
}

function bestPair(sql: string, tokens: Tokens, name: string, at: number, comma: number, close: number): string {
  const value = withoutOrder(sql.slice(tokens.ends[at + 1], tokens.starts[comma])).text
  const rest = withoutOrder(sql.slice(tokens.ends[comma], tokens.starts[close]).trim()).text
  const [best, condition] = name.endsWith('If') ? [rest.slice(0, rest.lastIndexOf(',')), rest.slice(rest.lastIndexOf(','))]
    : [rest, '']
  return `tupleElement(${name.startsWith('argMax') ? 'max' : 'min'}${condition === '' ? '' : 'If'}`
    + `((${best}, ${value})${condition}), 2)`
}

type Column = { readonly name: string; readonly type: string }

const isState = ({ type }: Column): boolean => type.startsWith('AggregateFunction')
export const hasStates = (columns: readonly Column[]): boolean => columns.some(isState)

/** The statement with its aggregate states as the values that they stand for. */
export function finalized(sql: string, columns: readonly Column[]): string {
  const list = columns.map((column) => {
    const name = quoteName(column.name)
    if (!isState(column)) return name
    const value = `finalizeAggregation(${name})`
    return `${column.type.startsWith('AggregateFunction(topK') ? `arraySort(${value})` : value} AS ${name}`
  })
  return `SELECT ${list.join(', ')} FROM (${sql})`
}

/** The statement with every column of its result behind the keys of ORDER BY, so that it has one right
 * answer; null where its form does not allow that or it has no ORDER BY. */
export function totallyOrdered(sql: string, columns: readonly Column[]): string | null {
  const query = parseQuery(sql)
  if (query.kind !== 'select' || query.orderBy === null || query.limit?.withTies === true) return null
  const { orderBy, limit } = query
  if (orderBy.interpolate !== null || orderBy.items.some(({ fill }) => fill !== null)) return null
  if (query.groupBy?.totals === true || query.groupBy?.all === true) return null
  const names = columns.map(({ name }) => name)
  if (new Set(names).size !== names.length) return null
  const limitBy = limitByOf(query, names)
  if (limitBy === null) return null
  const added: Expression[] = []
  const keys: string[] = []
  for (const item of orderBy.items) {
    const { expr } = item
    if (expr === null) return null // ORDER BY ALL
    const key = keyOf(expr, names)
    if (key !== null) keys.push(key + direction(item))
    else {
      if (query.distinct || query.distinctOn !== null) return null
      keys.push(`__key${added.length}${direction(item)}`)
      added.push({ ...expr, alias: `__key${added.length}` })
    }
  }
  const inner: SelectQuery = { ...query, orderBy: null, limit: null, limitBy: null, select: [...query.select, ...added],
    format: undefined, outerSettings: undefined }
  const part = (word: string, expr: Expression | null | undefined): string =>
    (expr === null || expr === undefined ? '' : ` ${word} ${printExpression(expr)}`)
  return `SELECT ${names.map(quoteName).join(', ')} FROM (${printQuery(inner)}) ORDER BY `
    + [...keys, ...names.map(quoteName)].join(', ') + limitBy + part('LIMIT', limit?.limit) + part('OFFSET', limit?.offset)
}

/** The output columns (`names`) by whose values alone the statement orders its rows, none where it has no
 * ORDER BY; null where rows stand by something else, too. */
export function orderingColumns(sql: string, names: readonly string[]): readonly string[] | null {
  const query = parseQuery(sql)
  if (query.kind !== 'select') return null
  const { orderBy } = query
  if (orderBy === null) return []
  if (orderBy.interpolate !== null) return null
  const keys = orderBy.items.map(({ expr }) => expr === null ? null : keyOf(expr, names))
  return keys.includes(null) ? null : names.filter((name) => keys.includes(quoteName(name)))
}

/** LIMIT BY as written over the output columns, empty where there is none; null where it names something else. */
function limitByOf({ limitBy }: SelectQuery, names: readonly string[]): string | null {
  if (limitBy === null) return ''
  if (limitBy.all) return null
  const keys = limitBy.by.map((expr) => keyOf(expr, names))
  if (keys.includes(null)) return null
  const offset = limitBy.offset === null ? '' : ` OFFSET ${printExpression(limitBy.offset)}`
  return ` LIMIT ${printExpression(limitBy.limit)}${offset} BY ${keys.join(', ')}`
}

/** The output column that a key is; null where it is none. */
function keyOf(expr: Expression, names: readonly string[]): string | null {
  if (expr.kind === 'literal') {
    const place = Number(printExpression(expr))
    return Number.isInteger(place) && names[place - 1] !== undefined ? quoteName(names[place - 1]) : null
  }
  const text = printExpression(expr).replaceAll('`', '')
  return names.includes(text) ? quoteName(text) : null
}

const direction = ({ descending, nulls }: OrderItem): string =>
  `${descending ? ' DESC' : ''}${nulls === null ? '' : ` NULLS ${nulls.toUpperCase()}`}`
