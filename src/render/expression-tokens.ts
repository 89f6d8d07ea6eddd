// Text of a template expression to tokens: Python's names, numbers, texts and operators. First step
// of expression-parse.ts. Invariant: numbers and texts carry their values; whole numbers are exact.

import { TemplateFault, type Value } from './values.ts'

/** `at` is the offset in the node's SQL. */
export type Token = {
  readonly kind: 'name' | 'number' | 'string' | 'operator' | 'end'
  readonly text: string
  readonly value: Value
  readonly at: number
}

const SPACE = /(?:\s|\\\n|#[^\n]*)+/y
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y
const NUMBER = /0[xX][0-9a-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y
const STRING = /([rRuU]?)("""|'''|"|')/y
const OPERATOR = /\*\*|\/\/|==|!=|<>|<=|>=|->|:=|<<|>>|[-+*/%()[\]{},:.=<>&|^~]/y
// A chain `a + a + …` nests to the left: its length is a depth, too.
const TOKENS_MAX = 4_000

/** The tokens of an expression, an end token last. Throws TemplateFault. */
export function tokenize(text: string, base: number): Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    return pattern.exec(text)
  }
  while (at < text.length) {
    if (tokens.length > TOKENS_MAX) throw syntaxFault('the expression is too long', base + at)
    const space = take(SPACE)
    if (space !== null) {
      at += space[0].length
      continue
    }
    const quote = take(STRING)
    const match = quote ?? take(NUMBER) ?? take(NAME) ?? take(OPERATOR)
    if (match === null) throw syntaxFault(`${text[at]} is not expected here`, base + at)
    if (quote !== null) {
      const { value, end } =
        readString(text, at + quote[0].length, quote[2], quote[1] !== '', base + at)
      tokens.push({ kind: 'string', text: text.slice(at, end), value, at: base + at })
      at = end
      continue
    }
    tokens.push(classify(match[0], base + at))
    at += match[0].length
  }
  tokens.push({ kind: 'end', text: '', value: null, at: base + text.length })
  return tokens
}

function classify(text: string, at: number): Token {
  if (/^[.\d]/.test(text) && text !== '.') {
    const digits = text.replaceAll('_', '')
    const whole = /^(\d+|0[xX][0-9a-fA-F]+)$/.test(digits)
    return { kind: 'number', text, value: whole ? BigInt(digits) : Number(digits), at }
  }
  return { kind: /^[A-Za-z_]/.test(text) ? 'name' : 'operator', text, value: null, at }
}

const ESCAPES: Record<string, string> = {
  n: '\n', t: '\t', r: '\r', '0': '\0', a: '\x07', b: '\b', f: '\f', v: '\v', '\n': '',
}

function readString(
  text: string, start: number, quote: string, raw: boolean, at: number,
): { value: string; end: number } {
  let value = ''
  let i = start
  while (i < text.length) {
    if (text.startsWith(quote, i)) return { value, end: i + quote.length }
    if (text[i] === '\\' && i + 1 < text.length) {
      const hex = /^\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/.exec(text.slice(i, i + 6))
      if (raw) value += text.slice(i, i + 2)
      else if (hex !== null) value += String.fromCharCode(parseInt(hex[1] ?? hex[2], 16))
      else if (/['"\\]/.test(text[i + 1])) value += text[i + 1]
      else value += ESCAPES[text[i + 1]] ?? text.slice(i, i + 2)
      i += hex !== null && !raw ? hex[0].length : 2
    } else {
      value += text[i]
      i += 1
    }
  }
  throw syntaxFault(`the text that begins with ${quote} does not end`, at)
}

/** What is wrong with a template's text, at an offset in the node's SQL. */
export const syntaxFault = (message: string, offset: number): TemplateFault =>
  new TemplateFault(message, { offset, code: 'template-syntax' })
