// A light scanner for pieces of SQL in project files: schemas, sorting keys, and the tables a node
// reads. It knows words, quotes, comments and brackets, no grammar. Invariant: it never throws and
// tokens cover the text in order; what it can't read (an open quote) is one token to the end.

type ScanKind = 'word' | 'quoted' | 'string' | 'number' | 'punct'

/** `text` is the token as written; `name` the unquoted name of a word or quoted identifier. */
export type ScanToken = {
  readonly kind: ScanKind
  readonly text: string
  readonly name: string
  readonly at: number
  readonly end: number
}

const WORD = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*/y
const NUMBER = /0[xX][0-9a-fA-F]+|(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y
const SPACE = /\s+/y
const LINE_COMMENT = /--[^\n]*|#[ !][^\n]*/y

/** All tokens of `sql`, comments and spaces left out. */
export function scanSql(sql: string): ScanToken[] {
  const tokens: ScanToken[] = []
  let at = 0
  while (at < sql.length) {
    const skipped = skipBlank(sql, at)
    if (skipped > at) {
      at = skipped
      continue
    }
    const token = scanToken(sql, at)
    tokens.push(token)
    at = token.end
  }
  return tokens
}

/** The offset after spaces and one comment at `at`; `at` itself where there is none. */
function skipBlank(sql: string, at: number): number {
  const space = match(SPACE, sql, at)
  if (space > at) return space
  const comment = match(LINE_COMMENT, sql, at)
  if (comment > at) return comment
  if (sql.startsWith('/*', at)) {
    const close = sql.indexOf('*/', at + 2)
    return close < 0 ? sql.length : close + 2
  }
  return at
}

function scanToken(sql: string, at: number): ScanToken {
  const first = sql[at]
  if (first === "'") return token('string', sql, at, endOfQuoted(sql, at))
  if (first === '`' || first === '"') {
    const end = endOfQuoted(sql, at)
    const name = unquoteName(sql.slice(at, end))
    return { kind: 'quoted', text: sql.slice(at, end), name, at, end }
  }
  const word = match(WORD, sql, at)
  if (word > at) return token('word', sql, at, word)
  const number = match(NUMBER, sql, at)
  if (number > at) return token('number', sql, at, number)
  return token('punct', sql, at, at + 1)
}

function token(kind: ScanKind, sql: string, at: number, end: number): ScanToken {
  const text = sql.slice(at, end)
  return { kind, text, name: text, at, end }
}

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : at
}

/** The offset after the quoted text that opens at `at`: backslashes escape, a doubled quote is one
 * quote of the text. The end of `sql` where the quote never closes. */
function endOfQuoted(sql: string, at: number): number {
  const quote = sql[at]
  let i = at + 1
  while (i < sql.length) {
    if (sql[i] === '\\') i += 2
    else if (sql[i] !== quote) i += 1
    else if (sql[i + 1] === quote) i += 2
    else return i + 1
  }
  return sql.length
}

/** The name inside backticks or double quotes. */
function unquoteName(text: string): string {
  const quote = text[0]
  const inner = text.length > 1 && text.endsWith(quote) ? text.slice(1, -1) : text.slice(1)
  return inner.replaceAll(quote + quote, quote).replace(/\\(.)/gs, '$1')
}
