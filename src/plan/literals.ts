// Literals as ClickHouse types them: the narrowest integer, else Float64; and as it prints them in
// column names. Invariant: integers beyond 2^53 are bigint, all others number.

import {
  BOOL, FLOAT64, INT16, INT32, INT64, INT8, NOTHING, nullableOf, STRING, UINT16, UINT32, UINT64,
  UINT8, type DataType,
} from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Literal as LiteralNode } from '../sql/ast.ts'
import { numberValue as readNumber, quoteString } from '../sql/literals.ts'
import type { Value } from '../functions/values/value.ts'

export type TypedValue = { readonly value: Value; readonly type: DataType }

/** The type of NULL. */
export const NULL_TYPE: DataType = nullableOf(NOTHING)

/** Type and value of a literal. */
export function literalValue(node: LiteralNode): TypedValue {
  switch (node.type) {
    case 'string': return { value: node.value, type: STRING }
    case 'bool': return { value: node.value ? 1 : 0, type: BOOL }
    case 'null': return { value: null, type: NULL_TYPE }
    case 'number': return node.declared === undefined ? numberValue(node.text) : declaredValue(node.text, node.declared)
    default: return node satisfies never
  }
}

/** A number of a parameter's own type. */
function declaredValue(text: string, declared: string): TypedValue {
  const type = parseDataType(declared)
  if (!declared.startsWith('Float')) return { value: exactNumber(BigInt(text)), type }
  return { value: declared === 'Float32' ? Math.fround(Number(text)) : Number(text), type }
}

/** A number as written; integers that no 64 bits hold are floats. */
export function numberValue(text: string): TypedValue {
  const number = readNumber(text)
  if (number.kind === 'float') return { value: number.value, type: FLOAT64 }
  return { value: exactNumber(number.value), type: integerType(number.value) }
}

/** number while it is exact, else bigint. */
export const exactNumber = (integer: bigint): number | bigint =>
  integer >= -(2n ** 53n) && integer <= 2n ** 53n ? Number(integer) : integer

const UNSIGNED: readonly (readonly [bigint, DataType])[] =
  [[0xffn, UINT8], [0xffffn, UINT16], [0xffffffffn, UINT32]]
const SIGNED: readonly (readonly [bigint, DataType])[] =
  [[0x80n, INT8], [0x8000n, INT16], [0x80000000n, INT32]]

function integerType(integer: bigint): DataType {
  if (integer >= 0n) return UNSIGNED.find(([max]) => integer <= max)?.[1] ?? UINT64
  return SIGNED.find(([max]) => -integer <= max)?.[1] ?? INT64
}

/** A literal as column names show it: `1.`, `'it\'s'`, `NULL`. */
export function literalName(node: LiteralNode): string {
  switch (node.type) {
    case 'string': return quoteString(node.value)
    case 'bool': return String(node.value)
    case 'null': return 'NULL'
    case 'number': {
      if (node.declared !== undefined) return `to${node.declared}('${node.text}')`
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

/** A value as types and names show it: `0.9`, `'x'`, `[1, 2]`. */
export function valueName(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(valueName).join(', ')}]`
  return typeof value === 'string' ? quoteString(value) : value === null ? 'NULL' : String(value)
}
