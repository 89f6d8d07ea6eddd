// Values of tables for people: as text, but tuples with names as JSON over several lines; rows of Vertical.
// Invariant: `out` is a scratch pad, and is left as it was.

import { nullsOf } from '../values/variant-fields.ts'
import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import { writeJsonValue } from '../values/json-value.ts'
import { escapedName, writeTsvValue } from './separated-values.ts'
import { NULL_TEXT, writeValue } from '../values/text.ts'

const decoder = new TextDecoder()

/** Columns that a terminal gives a text: the signs of East Asia and emoji take two. */
export function widthOf(text: string): number {
  let width = 0
  for (const sign of text) width += WIDE.test(sign) ? 2 : 1
  return width
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u

const UNITS = ['', ' thousand', ' million', ' billion', ' trillion', ' quadrillion', ' quintillion', ' sextillion',
  ' septillion']

/** A large number's size in words, behind it; what is larger still has too many digits for one. */
export function sizeOf(cell: string, isNumber: boolean): string {
  const number = isNumber ? Number(cell) : 0
  if (!(Math.abs(number) > 1e6 && Math.abs(number) < 1e18)) return ''
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.abs(number)) / 3))
  return ` -- ${(number / 1000 ** power).toFixed(2)}${UNITS[power]}`
}

/** A row under its title, a column a line, the values below each other. */
export function writeVerticalRow(
  out: ByteBuilder, title: string, names: readonly string[], cells: readonly string[], isNumber: readonly boolean[],
): void {
  const width = Math.max(0, ...names.map(widthOf))
  out.text(`${title}\n${'─'.repeat(title.length)}\n`)
  cells.forEach((cell, c) => {
    out.text(`${names[c]}: ${' '.repeat(width - widthOf(names[c]))}${cell}${sizeOf(cell, isNumber[c])}\n`)
  })
}

/** By a type's name: is it a number? */
export const isNumberType = (type: string): boolean => /^(U?Int\d+|Float\d+|Decimal)$/.test(bareType(parseDataType(type)).id)

/** Numbers and what counts days or seconds end at the right edge. */
export const isRightBound = (type: string): boolean => isNumberType(type) || /^(Date|Time)/.test(bareType(parseDataType(type)).id)

/** Does a type hold a tuple with names? */
function hasNames(type: DataType): boolean {
  const bare = bareType(type)
  if (bare.id === 'Tuple' && bare.names !== null) return true
  return ['Array', 'Tuple', 'Map'].includes(bare.id) && bare.args.some(hasNames)
}

function taken(out: ByteBuilder, write: () => void): string {
  const start = out.length
  write()
  const text = decoder.decode(out.bytes.slice(start, out.length))
  out.length = start
  return text
}

/** The value's text. `asObjects`: tuples with names as JSON. */
export function cellText(out: ByteBuilder, vector: Vector, row: number, asObjects: boolean): string {
  const at = vector.isConst ? 0 : row
  const isNull = nullsOf(vector)?.[at] === 1
  if (isNull || bareType(vector.type).id === 'Nothing') return NULL_TEXT
  return asObjects && hasNames(vector.type) ? named(out, vector, at) : taken(out, () => writeValue(out, vector, at, false))
}

/** Down to the tuples with names everything is as in other texts. */
function named(out: ByteBuilder, vector: Vector, row: number): string {
  if (!hasNames(vector.type)) return taken(out, () => writeValue(out, vector, row, true))
  const at = vector.isConst ? 0 : row
  const { names } = bareType(vector.type)
  if (vector.kind === 'tuple') {
    if (names !== null) return json(out, vector, at, 0)
    return `(${vector.fields.map((field) => named(out, field, at)).join(',')})`
  }
  if (vector.kind !== 'array') return ''
  const items = Array.from({ length: vector.offsets[at + 1] - vector.offsets[at] }, (_, i) => vector.offsets[at] + i)
  const { values } = vector
  if (bareType(vector.type).id !== 'Map' || values.kind !== 'tuple') {
    return `[${items.map((item) => named(out, values, item)).join(',')}]`
  }
  const [keys, held] = values.fields
  return `{${items.map((item) => `${named(out, keys, item)}:${named(out, held, item)}`).join(',')}}`
}

/** Blanks before what stands within so many objects: ClickHouse's first step is wider than the others. */
const indent = (depth: number): string => (depth === 0 ? '' : ' '.repeat(depth + 1))

/** Objects a line a field. */
function json(out: ByteBuilder, vector: Vector, row: number, depth: number): string {
  const at = vector.isConst ? 0 : row
  const isNull = vector.nulls !== null && vector.nulls[at] === 1
  const { id, names } = bareType(vector.type)
  const object = (entries: readonly string[]): string => (entries.length === 0 ? '{}'
    : `{\n${entries.map((entry) => indent(depth + 1) + entry).join(',\n')}\n${indent(depth)}}`)
  if (!isNull && vector.kind === 'tuple' && names !== null) {
    return object(vector.fields.map((field, i) => `${JSON.stringify(names[i])}: ${json(out, field, at, depth + 1)}`))
  }
  if (!isNull && vector.kind === 'array') {
    const items = Array.from({ length: vector.offsets[at + 1] - vector.offsets[at] }, (_, i) => vector.offsets[at] + i)
    const { values } = vector
    if (id === 'Map' && values.kind === 'tuple') {
      const [keys, held] = values.fields
      return object(items.map((item) =>
        `${quoted(json(out, keys, item, depth))}: ${json(out, held, item, depth + 1)}`))
    }
    return `[${items.map((item) => json(out, values, item, depth)).join(',')}]`
  }
  return taken(out, () => writeJsonValue(out, vector, at))
}

const quoted = (text: string): string => (text.startsWith('"') ? text : `"${text}"`)

/** The names and the line below them, which says where columns are bound, of a table of Markdown. */
export function writeMarkdownHead(out: ByteBuilder, names: readonly string[], types: readonly string[]): void {
  out.text(`| ${names.map((name) => escapedName('tsv', name)).join(' | ')} |\n`)
  out.text(`|${types.map((type) => (isRightBound(type) ? '-:' : ':-')).join('|')}|\n`)
}

export function writeMarkdownRow(out: ByteBuilder, columns: readonly Vector[], row: number): void {
  out.text('| ')
  columns.forEach((column, index) => {
    if (index > 0) out.text(' | ')
    writeTsvValue(out, column, row)
  })
  out.text(' |\n')
}
