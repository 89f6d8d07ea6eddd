// ClickHouse's query parameters in SQL of a request: `{name:Type}` is the value of `param_name=`, as its
// HTTP interface and its clients send it. Each becomes a constant of its type before the statement is read.
// Invariant: a value is only ever text within one literal or one quoted name; what is no value of its type
// is refused by name.

import { MARK, QUOTED, tokenize, WORD, type Tokens } from '../sql/lex.ts'
import { quoteString } from '../sql/literals.ts'
import { ParameterError } from './errors.ts'
import type { ParamValue } from './renderer.ts'

const MAY_HAVE_ONE = /\{\s*[\w`"]+\s*:/

/** The statement with constants in place of its parameters. Templates have none: theirs are `{{…}}`. */
export function withQueryParameters(sql: string, params: Readonly<Record<string, ParamValue>>): string {
  if (!MAY_HAVE_ONE.test(sql) || /^\s*%/.test(sql)) return sql
  let out = ''
  let done = 0
  for (const { start, end, name, type } of parametersOf(sql)) {
    out += sql.slice(done, start) + constantOf(name, type, params[`param_${name}`])
    done = end
  }
  return out + sql.slice(done)
}

type Found = { readonly start: number; readonly end: number; readonly name: string; readonly type: string }

function parametersOf(sql: string): Found[] {
  const tokens = tokensOrNone(sql)
  const found: Found[] = []
  for (let i = 0; tokens !== null && i + 4 < tokens.kinds.length; i++) {
    const isOne = isMark(tokens, i, '{') && (tokens.kinds[i + 1] === WORD || tokens.kinds[i + 1] === QUOTED)
      && isMark(tokens, i + 2, ':')
    if (!isOne) continue
    let close = i + 3
    while (close < tokens.kinds.length && !isMark(tokens, close, '}')) close++
    if (close === tokens.kinds.length) break
    const spelling = sql.slice(tokens.starts[i + 1], tokens.ends[i + 1])
    found.push({
      start: tokens.starts[i], end: tokens.ends[close],
      name: tokens.kinds[i + 1] === QUOTED ? tokens.texts[i + 1] : spelling,
      type: sql.slice(tokens.starts[i + 3], tokens.starts[close]).trim(),
    })
    i = close
  }
  return found
}

const isMark = (tokens: Tokens, index: number, mark: string): boolean =>
  tokens.kinds[index] === MARK && tokens.texts[index] === mark

/** What can't be cut into tokens is refused with its place when the statement is read. */
function tokensOrNone(sql: string): Tokens | null {
  try {
    return tokenize(sql)
  } catch {
    return null
  }
}

function constantOf(name: string, type: string, value: ParamValue | undefined): string {
  if (value === undefined) {
    throw new ParameterError(`Substitution \`${name}\` is not set: give its value as param_${name}=`,
      'UNKNOWN_QUERY_PARAMETER', null, { name, type, value: '' })
  }
  const last = Array.isArray(value) && !type.startsWith('Array') && !type.startsWith('Tuple') ? value.at(-1) : value
  if (type === 'Identifier') return `\`${String(last).replace(/[\\`]/g, '\\$&')}\``
  const cast = (literal: string) => `_CAST(${literal}, ${quoteString(type)})`
  if (last === null) return cast('NULL')
  if (typeof last === 'object') return cast(jsonLiteral(last))
  const text = String(last)
  if (text === '\\N' && type.startsWith('Nullable')) return cast('NULL')
  const bare = /^(?:Nullable|LowCardinality)\((.*)\)$/s.exec(type)?.[1] ?? type
  if (!isNumeric(bare)) return type === 'String' ? quoteString(unescaped(text)) : cast(quoteString(unescaped(text)))
  if (!fits(text, bare)) {
    throw new ParameterError(`Value ${text.slice(0, 80)} cannot be parsed as ${type} for query parameter '${name}'`,
      'BAD_QUERY_PARAMETER', null, { name, type, value: text.slice(0, 80) })
  }
  return cast(/^(?:Dec|Float)/.test(bare) ? quoteString(text) : text)
}

const isNumeric = (type: string): boolean => /^(?:U?Int\d+|Float\d+|Decimal\d*\s*(?:\(.*\))?)$/s.test(type)

/** Is it a number of the type, and no more than that? */
function fits(text: string, type: string): boolean {
  const bits = Number(/^U?Int(\d+)$/.exec(type)?.[1] ?? 0)
  if (bits === 0) return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$|^[+-]?(?:inf|nan)$/i.test(text)
  if (!/^[+-]?\d{1,80}$/.test(text)) return false
  const value = BigInt(text.replace('+', ''))
  const top = 1n << BigInt(type.startsWith('U') ? bits : bits - 1)
  return value < top && value >= (type.startsWith('U') ? 0n : -top)
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', 0: '\0' }

/** Values come escaped as in a TSV file. */
const unescaped = (text: string): string =>
  text.replace(/\\(x[0-9a-fA-F]{2}|.)/gs, (_, escape: string) => (escape.length === 3
    ? String.fromCharCode(Number.parseInt(escape.slice(1), 16)) : ESCAPES[escape] ?? escape))

/** A list or an object of a JSON body. */
function jsonLiteral(value: unknown): string {
  if (value === null || value === undefined) return 'NULL'
  if (typeof value === 'string') return quoteString(value)
  if (Array.isArray(value)) return `[${value.map(jsonLiteral).join(', ')}]`
  if (typeof value === 'object') {
    return `map(${Object.entries(value).flatMap(([key, one]) => [quoteString(key), jsonLiteral(one)]).join(', ')})`
  }
  return String(value)
}
