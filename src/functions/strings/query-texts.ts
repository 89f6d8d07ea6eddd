// Queries as texts without their values: what statements that differ in literals alone have in common.
// Invariant: a text that is no SQL is taken up to the first character that no token begins with.

import { nullableOf, STRING as STRING_TYPE, UINT64 } from '../../../storage/column/data-type.ts'
import type { Query } from '../../sql/ast.ts'
import { SqlSyntaxError } from '../../sql/errors.ts'
import { formatQuery } from '../../sql/format-query.ts'
import { MARK, NUMBER, QUOTED, STRING, tokenizeUntilFault, WORD } from '../../sql/lex.ts'
import { parseQuery } from '../../sql/parse.ts'
import { byValues } from '../base/by-values.ts'
import { define, expectTypes, ofStrings, stringsToString } from '../base/define.ts'
import { stringsBy } from '../base/define-text.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { sipHash64 } from '../hashes/sip-hash.ts'
import { textReader } from '../base/strings.ts'
import { bigVector, newBigs } from '../values/vectors.ts'

/** Bytes from which on a name looks generated, as a UUID's do. */
const GENERATED_BYTES = 36
const DIGITS_MAX = 2

/** Names with blanks, with several digits or very long: most are made for one query. */
const isGenerated = (name: string): boolean => /\s/.test(name) || (name.match(/\d/g) ?? []).length > DIGITS_MAX
  || Buffer.byteLength(name) >= GENERATED_BYTES

type Token = { readonly kind: number; readonly text: string; readonly isAfterBlank: boolean; readonly isName: boolean }

const BLANK_OR_COMMENT = /^(?:\s|--|\/\/|#[ !]|\/\*[^]*?\*\/)/

/** The tokens, and whether blanks or comments stand behind the last. */
function tokensOf(query: string): { readonly tokens: readonly Token[]; readonly isBlankLast: boolean } {
  const { kinds, starts, ends } = tokenizeUntilFault(query)
  const tokens: Token[] = []
  let end = 0
  for (let i = 0; i < kinds.length && ends[i] > starts[i]; i++) {
    const isName = kinds[i] === QUOTED || (kinds[i] === WORD && query[ends[i]] !== '(')
    tokens.push({ kind: kinds[i], text: query.slice(starts[i], ends[i]), isAfterBlank: starts[i] > end, isName })
    end = ends[i]
  }
  return { tokens, isBlankLast: BLANK_OR_COMMENT.test(query.slice(end)) }
}

const isLiteral = ({ kind }: Token): boolean => kind === NUMBER || kind === STRING
const isMark = ({ kind, text }: Token, marks: string): boolean => kind === MARK && text.length === 1 && marks.includes(text)

/** The query with `?` for literals, `?..` for lists of them and one blank for blanks and comments. */
function normalized(query: string, keepsNames: boolean): string {
  const { tokens, isBlankLast } = tokensOf(query)
  let out = ''
  let literals = 0
  let comma = false
  let blank = false
  const endList = (): void => {
    out += `${literals > 1 ? '..' : ''}${comma ? ',' : ''}${blank ? ' ' : ''}`
    literals = 0
    comma = false
    blank = false
  }
  tokens.forEach((token, i) => {
    if (token.isAfterBlank && i > 0) {
      if (literals === 0) out += ' '
      else blank = true
    }
    if (isLiteral(token)) {
      if (literals === 0) out += '?'
      literals++
      blank = false
      comma = false
    } else if (isMark(token, ',') && literals > 0) comma = true
    else if (!comma || !isMark(token, '+-')) {
      if (!isMark(token, ',')) endList()
      out += token.isName && !keepsNames && isGenerated(token.text) ? '`?`' : token.text
    }
  })
  if (isBlankLast && tokens.length > 0) {
    if (literals === 0) out += ' '
    else blank = true
  }
  endList()
  return out
}

/** What the hash is made of: literals and generated names as one byte each. */
function hashed(query: string, keepsNames: boolean): string {
  let out = ''
  let literals = 0
  let comma = false
  const endList = (): void => {
    out += `${literals > 1 ? '\0' : ''}${comma ? ',' : ''}`
    literals = 0
    comma = false
  }
  for (const token of tokensOf(query).tokens) {
    if (isLiteral(token)) {
      if (literals === 0) out += '\0'
      literals++
      comma = false
    } else if (isMark(token, ',') && literals > 0) comma = true
    else {
      if (!isMark(token, ',')) endList()
      out += token.isName && !keepsNames && isGenerated(token.text) ? '\x01' : token.text
    }
  }
  endList()
  return out
}

const normalizing = (name: string, keepsNames: boolean): FunctionDef =>
  define(name, [1, 1], stringsToString(name), ([a], type, rowCount, context) => {
    const read = textReader(a, context)
    return stringsBy(type, rowCount, context, (row) => normalized(read(row), keepsNames))
  })

const hashing = (name: string, keepsNames: boolean): FunctionDef =>
  define(name, [1, 1], ofStrings(name, UINT64), ([a], type, rowCount, context) => {
    const read = textReader(a, context)
    const out = newBigs(type, rowCount, context.account)
    for (let row = 0; row < rowCount; row++) out[row] = sipHash64(Buffer.from(hashed(read(row), keepsNames)))
    return bigVector(type, out)
  })

/** A statement, or what would be one behind SELECT, as ClickHouse has it with `implicit_select`. Throws SqlSyntaxError. */
function parseImplicit(text: string): Query {
  try {
    return parseQuery(text)
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    try {
      return parseQuery(`SELECT ${text}`)
    } catch {
      throw error
    }
  }
}

/** formatQuery and its kin, of SELECT statements. `isOrNull`: NULL for a text that is none, else an error. */
const formatting = (name: string, isOneLine: boolean, isOrNull: boolean): FunctionDef =>
  byValues(name, [1, 1], (args) => {
    expectTypes(name, args, (type) => type === STRING_TYPE)
    return isOrNull ? nullableOf(STRING_TYPE) : STRING_TYPE
  }, ([text]) => {
    try {
      return formatQuery(parseImplicit(String(text)), isOneLine)
    } catch (error) {
      if (!(error instanceof SqlSyntaxError)) throw error
      if (isOrNull) return null
      throw new FunctionError(`${name}: ${error.message}`, 'SYNTAX_ERROR')
    }
  })

export const QUERY_TEXTS: readonly FunctionDef[] = [
  normalizing('normalizeQuery', false), normalizing('normalizeQueryKeepNames', true),
  formatting('formatQuery', false, false), formatting('formatQueryOrNull', false, true),
  formatting('formatQuerySingleLine', true, false), formatting('formatQuerySingleLineOrNull', true, true),
  hashing('normalizedQueryHash', false), hashing('normalizedQueryHashKeepNames', true),
]
