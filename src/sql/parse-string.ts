// The string literal, which many rules take: values, collations, patterns, file names.
import type { StringLiteral } from './ast.ts'
import type { Cursor } from './cursor.ts'
import { readString } from './literals.ts'

/** The STRING token at the cursor as a literal; the caller has looked at its kind. */
export function parseString(cursor: Cursor): StringLiteral {
  const { at } = cursor
  const value = readString(cursor.spelling())
  cursor.index++
  const { end } = cursor
  return { kind: 'literal', type: 'string', value, ...cursor.slotField(at, end), at, end }
}
