// Literals as ClickHouse types them: the narrowest integer, else Float64; and as it prints them in
// column names. Invariant: integers beyond 2^53 are bigint, all others number.

import {
  BOOL, FLOAT64, INT16, INT32, INT64, INT8, NOTHING, nullableOf, STRING, UINT16, UINT32, UINT64,
  UINT8, type DataType,
} from '../../storage/column/data-type.ts'
import type { Literal as LiteralNode } from '../sql/ast.ts'
import type { Value } from './plan.ts'

export type TypedValue = { readonly value: Value; readonly type: DataType }

/** The type of NULL. */
export const NULL_TYPE: DataType = nullableOf(NOTHING)

/** Type and value of a literal. */
export function literalValue(node: LiteralNode): TypedValue {
  switch (node.type) {
    case 'string': return { value: node.value, type: STRING }
    case 'bool': return { value: node.value ? 1 : 0, type: BOOL }
    case 'null': return { value: null, type: NULL_TYPE }
    case 'number': return numberValue(node.text)
    default: return node satisfies never
  }
}

/** A number as written; integers that no 64 bits hold are floats. */
export function numberValue(text: string): TypedValue {
  const integer = /^-?(?:0x[0-9a-f]+|0b[01]+|\d+)$/i.test(text) ? integerOf(text) : null
  if (integer !== null) {
    const type = integerType(integer, text.startsWith('-'))
    if (type !== null) return { value: exactNumber(integer), type }
    return { value: Number(integer), type: FLOAT64 }
  }
  const plain = text.replace(/^([+-]?)(inf(?:inity)?)$/i, '$1Infinity')
  return { value: /^[+-]?nan$/i.test(plain) ? NaN : floatOf(plain), type: FLOAT64 }
}

/** Hexadecimal floats (0x1.8p3) are the one form that Number() does not read. */
function floatOf(text: string): number {
  const hex = /^(-?)0x([0-9a-f]*)\.?([0-9a-f]*)(?:p([+-]?\d+))?$/i.exec(text)
  if (hex === null) return Number(text)
  const [, sign, whole, fraction, exponent] = hex
  const size = parseInt(whole + fraction || '0', 16) * 2 ** (Number(exponent ?? 0) - 4 * fraction.length)
  return sign === '-' ? -size : size
}

function integerOf(text: string): bigint {
  // 010 is ten: ClickHouse reads no octal numbers, and BigInt('010') is ten too.
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text)
}

/** number while it is exact, else bigint. */
export const exactNumber = (integer: bigint): number | bigint =>
  integer >= -(2n ** 53n) && integer <= 2n ** 53n ? Number(integer) : integer

const UNSIGNED: readonly (readonly [bigint, DataType])[] =
  [[0xffn, UINT8], [0xffffn, UINT16], [0xffffffffn, UINT32], [2n ** 64n - 1n, UINT64]]
const SIGNED: readonly (readonly [bigint, DataType])[] =
  [[0x80n, INT8], [0x8000n, INT16], [0x80000000n, INT32], [2n ** 63n, INT64]]

function integerType(integer: bigint, isSigned: boolean): DataType | null {
  if (!isSigned || integer >= 0n) {
    return UNSIGNED.find(([max]) => integer <= max)?.[1] ?? null
  }
  return SIGNED.find(([max]) => -integer <= max)?.[1] ?? null
}

/** A literal as column names show it: `1.`, `'it\'s'`, `NULL`. */
export function literalName(node: LiteralNode): string {
  switch (node.type) {
    case 'string': return quoted(node.value)
    case 'bool': return String(node.value)
    case 'null': return 'NULL'
    case 'number': {
      const { value, type } = numberValue(node.text)
      return type === FLOAT64 ? floatName(Number(value)) : String(value)
    }
    default: return node satisfies never
  }
}

function floatName(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf'
  const text = Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e')
  return /[.e]/.test(text) ? text : `${text}.`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\', "'": "\\'", '\n': '\\n', '\t': '\\t', '\r': '\\r', '\0': '\\0', '\b': '\\b',
  '\f': '\\f',
}

/** A text in quotes, escaped as ClickHouse prints it. */
export const quoted = (text: string): string =>
  `'${text.replace(/[\\'\n\t\r\0\b\f]/g, (char) => ESCAPES[char])}'`

/** A value as types and names show it: `0.9`, `'x'`, `[1, 2]`. */
export function valueName(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(valueName).join(', ')}]`
  return typeof value === 'string' ? quoted(value) : value === null ? 'NULL' : String(value)
}
