// The values inside literal tokens: escapes, heredocs, hexadecimal strings, numbers. Also writes
// strings and names back. Invariant: readQuoted(quoteString(s)) gives s, for every string.

import { bytesOfText, textOfBytes } from './raw-text.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07', b: '\b', e: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', 0: '\0', N: '',
}
// A backslash before one of these only protects it; before any other character it stays.
const PROTECTED = new Set(['\\', "'", '"', '`', '/', '='])

/** The value of a STRING token, given its spelling: 'x', x'41', b'0101', $tag$x$tag$, curly. */
export function readString(spelling: string): string {
  switch (spelling[0]) {
    case "'":
      return readQuoted(spelling)
    case '$': {
      const tagChars = spelling.indexOf('$', 1) + 1
      return spelling.slice(tagChars, spelling.length - tagChars)
    }
    case 'x':
    case 'X':
      return textOfBytes(bytesOfDigits(spelling.slice(2, -1), 16))
    case 'b':
    case 'B':
      return textOfBytes(bytesOfDigits(spelling.slice(2, -1), 2))
    default:
      return spelling.slice(1, -1)
  }
}

/** What stands between two equal quotes, with escapes and doubled quotes resolved. */
export function readQuoted(spelling: string): string {
  const quote = spelling[0]
  const inner = spelling.slice(1, -1)
  if (quote === '\u201c') return inner
  if (!inner.includes('\\') && !inner.includes(quote)) return inner
  let out = ''
  let escapedBytes = false
  for (let i = 0; i < inner.length; i++) {
    const char = inner[i]
    if (char === quote) i++
    if (char !== '\\' || i + 1 >= inner.length) {
      out += char
      continue
    }
    const next = inner[++i]
    const code = Number.parseInt(inner.slice(i + 1, i + 3), 16)
    if (next === 'x' && /^[0-9a-fA-F]{2}$/.test(inner.slice(i + 1, i + 3))) {
      out += code < 0x80 ? String.fromCharCode(code) : String.fromCharCode(0xdc00 + code)
      escapedBytes ||= code >= 0x80
      i += 2
    } else if (next in ESCAPES) out += ESCAPES[next]
    else out += PROTECTED.has(next) ? next : `\\${next}`
  }
  // Escaped bytes may spell UTF-8 between them: '\xc3\xa9' is é.
  return escapedBytes ? textOfBytes(bytesOfText(out)) : out
}

/** Digits of base 16 or 2 to bytes; a first byte with too few digits is filled with zeros. */
function bytesOfDigits(digits: string, base: 2 | 16): Uint8Array {
  const digitsPerByte = base === 16 ? 2 : 8
  const byteCount = Math.ceil(digits.length / digitsPerByte)
  const padded = digits.padStart(byteCount * digitsPerByte, '0')
  const byteAt = (i: number): number =>
    Number.parseInt(padded.slice(i * digitsPerByte, (i + 1) * digitsPerByte), base)
  return Uint8Array.from({ length: byteCount }, (_, i) => byteAt(i))
}

/** What the text of a number literal means: `integer` fits UInt64, or Int64 if it is negative. */
export type NumberValue =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }

const INTEGER_MIN = -(2n ** 63n)
const INTEGER_MAX = 2n ** 64n - 1n

/** The value of a number literal as ClickHouse reads it: what no 64-bit integer holds is a float. */
export function numberValue(text: string): NumberValue {
  const negative = text.startsWith('-')
  const digits = text.replace(/^[+-]/, '').replaceAll('_', '')
  if (/^(?:\d+|0[xX][0-9a-fA-F]+|0[bB][01]+)$/.test(digits)) {
    // Leading zeros mean nothing: 012 is twelve.
    const magnitude = BigInt(digits)
    const value = negative ? -magnitude : magnitude
    if (value >= INTEGER_MIN && value <= INTEGER_MAX) return { kind: 'integer', value }
    return { kind: 'float', value: Number(value) }
  }
  const magnitude = floatValue(digits)
  return { kind: 'float', value: negative ? -magnitude : magnitude }
}

function floatValue(digits: string): number {
  const lower = digits.toLowerCase()
  if (lower.startsWith('inf')) return Infinity
  if (lower === 'nan') return NaN
  if (!lower.startsWith('0x')) return Number(lower)
  const [mantissa, exponent = '0'] = lower.slice(2).split('p')
  const [whole, fraction = ''] = mantissa.split('.')
  return Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length)
}

/** 'value' with escapes, as one literal that reads back to the same bytes. */
export function quoteString(value: string): string {
  return `'${escapeText(value, "'")}'`
}

const BARE_NAME = /^[a-zA-Z_]\w*$/
// Words that do not read back as a name where a name is wanted.
const QUOTED_WORDS = new Set([
  'ALL', 'AND', 'ANTI', 'ANY', 'ARRAY', 'AS', 'ASOF', 'BETWEEN', 'CASE', 'CAST', 'COLUMNS', 'CROSS',
  'DATE', 'DISTINCT', 'DIV', 'ELSE', 'END', 'EXCEPT', 'EXISTS', 'FETCH', 'FINAL', 'FORMAT', 'FROM',
  'FULL', 'GLOBAL', 'GROUP', 'HAVING', 'ILIKE', 'IN', 'INF', 'INFINITY', 'INNER', 'INTERSECT',
  'INTERVAL', 'INTO', 'IS', 'JOIN', 'LEFT', 'LIKE', 'LIMIT', 'MOD', 'NAN', 'NATURAL', 'NOT', 'NULL',
  'OFFSET', 'ON', 'ONLY', 'OR', 'ORDER', 'OVER', 'PARALLEL', 'PASTE', 'PREWHERE', 'QUALIFY', 'REGEXP',
  'RIGHT', 'SAMPLE', 'SELECT', 'SEMI', 'SETTINGS', 'STREAM', 'TABLE', 'THEN', 'TIMESTAMP', 'TOP',
  'TRUE', 'FALSE', 'UNION', 'USING', 'VALUES', 'WHEN', 'WHERE', 'WINDOW', 'WITH', 'UUID', 'BY',
])

/** A name as it can stand in SQL: bare where it reads back as that name, else in backquotes. */
export function quoteName(name: string): string {
  if (BARE_NAME.test(name) && !QUOTED_WORDS.has(name.toUpperCase())) return name
  return `\`${escapeText(name, '`')}\``
}

/** A name inside a data type, quoted only where ClickHouse quotes it: `Tuple(date Date)`. */
export function quoteElement(name: string): string {
  const isWord = /^(?:ALL|DISTINCT|FROM|NULL|SELECT|TABLE|VALUES)$/i.test(name)
  return BARE_NAME.test(name) && !isWord ? name : `\`${escapeText(name, '`')}\``
}

const CONTROLS: Readonly<Record<string, string>> = {
  '\0': '\\0', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t',
}

function escapeText(value: string, quote: string): string {
  return value.replace(/[\\'`\0\b\f\n\r\t\udc80-\udcff]/gu, (char) => {
    const code = char.charCodeAt(0)
    if (code >= 0xdc80) return `\\x${(code - 0xdc00).toString(16).toUpperCase()}`
    if (char in CONTROLS) return CONTROLS[char]
    return char === '\\' || char === quote ? `\\${char}` : char
  })
}
