// Values as cells of CSV and TabSeparated, and names and types as the lines before them.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { shownTypeName } from '../../../storage/column/type-names.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { isSwitchedOn } from '../values/switches.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import type { OutputSettings } from './styled-values.ts'
import { writeValue } from '../values/text.ts'
import { alternativeVector, isVariant } from '../values/variant-fields.ts'

const QUOTE = 34
const COMMA = 44
const TAB = 9
/** What stands for NULL. */
const NULL_TEXT = '\\N'
const BACKSLASH = 92

/** CSV quotes all but plain numbers; a quote inside is doubled. */
export function writeCsvValue(out: ByteBuilder, vector: Vector, row: number, delimiter = COMMA, missing = NULL_TEXT): void {
  const at = vector.isConst ? 0 : row
  if (vector.nulls !== null && vector.nulls[at] !== 0) {
    out.text(missing)
    return
  }
  if (vector.kind === 'tuple' && isVariant(vector.type)) {
    const value = alternativeVector(vector, at)
    if (value === null) out.text(missing)
    else if (value.kind === 'tuple') writeEscaped(out, value, at, (byte) => byte === QUOTE ? '""' : null, true)
    else writeCsvValue(out, value, at, delimiter, missing)
    return
  }
  // The elements of a tuple are columns of their own.
  if (vector.kind === 'tuple') {
    vector.fields.forEach((field, index) => {
      if (index > 0) out.byte(delimiter)
      writeCsvValue(out, field, at, delimiter, missing)
    })
    return
  }
  if (/^(U?Int\d+|Float\d+|Decimal|Bool|Interval)$/.test(bareType(vector.type).id)) {
    writeValue(out, vector, at, false)
    return
  }
  writeEscaped(out, vector, at, (byte) => byte === QUOTE ? '""' : null, true)
}

const TSV_ESCAPES: Readonly<Record<number, string>> = {
  0: '\\0', 8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 39: "\\'", 92: '\\\\',
}

/** The value as it is: a text that holds tabs or lines is not told from several. */
export function writeRawValue(out: ByteBuilder, vector: Vector, row: number, _delimiter = TAB, missing = NULL_TEXT): void {
  const at = vector.isConst ? 0 : row
  const value = vector.kind === 'tuple' && isVariant(vector.type) ? alternativeVector(vector, at) : vector
  if (value === null || (value.nulls !== null && value.nulls[at] !== 0)) out.text(missing)
  else writeValue(out, value, at, false)
}

export function writeTsvValue(out: ByteBuilder, vector: Vector, row: number, delimiter = TAB, missing = NULL_TEXT): void {
  const at = vector.isConst ? 0 : row
  if (vector.kind === 'tuple' && isVariant(vector.type)) {
    const value = alternativeVector(vector, at)
    if (value === null) out.text(missing)
    else writeTsvValue(out, value, at, delimiter, missing)
  } else if (vector.nulls !== null && vector.nulls[at] !== 0) out.text(missing)
  else if (vector.kind === 'codes' || vector.kind === 'bytes') {
    writeEscaped(out, vector, at, (byte) => TSV_ESCAPES[byte] ?? null, false)
  } else writeValue(out, vector, at, false)
}

/** The value's text with some bytes replaced. */
function writeEscaped(
  out: ByteBuilder, vector: Vector, at: number, escape: (byte: number) => string | null, isQuoted: boolean,
): void {
  const start = out.length
  writeValue(out, vector, at, false)
  const text = out.bytes.slice(start, out.length)
  out.length = start
  if (isQuoted) out.byte(QUOTE)
  let from = 0
  text.forEach((byte, index) => {
    const replacement = byte > BACKSLASH ? null : escape(byte)
    if (replacement === null) return
    out.slice(text, from, index)
    out.text(replacement)
    from = index + 1
  })
  out.slice(text, from, text.length)
  if (isQuoted) out.byte(QUOTE)
}

export type SeparatedStyle = 'csv' | 'tsv' | 'raw'

/** A name as a cell. */
export const escapedName = (style: SeparatedStyle, name: string): string => (style === 'csv' ? `"${name.replaceAll('"', '""')}"`
  : style === 'raw' ? name : name.replace(/[\0\b\t\n\f\r'\\]/g, (char) => TSV_ESCAPES[char.charCodeAt(0)]))

/** What the elements of a tuple are called, each a column of a CSV file. */
function leafNames(name: string, type: DataType): string[] {
  const { id, args, names } = bareType(type)
  return id !== 'Tuple' ? [name] : args.flatMap((arg, i) => leafNames(`${name}.${names?.[i] ?? i + 1}`, arg))
}

/** Types of the elements of a tuple, each a column of a CSV file. */
function leafTypes(type: DataType): string[] {
  const { id, args } = bareType(type)
  return id !== 'Tuple' ? [shownTypeName(type.name)] : args.flatMap(leafTypes)
}

/** The cells of two lines before the rows: of names and of types. */
export const headCells = (
  style: SeparatedStyle, names: readonly string[], types: readonly string[],
): readonly [names: readonly string[], types: readonly string[]] => (style !== 'csv' ? [names, types.map(shownTypeName)]
  : [names.flatMap((name, i) => leafNames(name, parseDataType(types[i]))), types.flatMap((type) => leafTypes(parseDataType(type)))])

/** What parts cells, stands for NULL and ends a line. */
export type SeparatedMarks = { readonly between: string; readonly missing: string; readonly end: string }

/** The marks of a style as SETTINGS want them. */
export function separatedMarks(style: SeparatedStyle, settings: OutputSettings | undefined): SeparatedMarks {
  const isCsv = style === 'csv'
  const kind = isCsv ? 'csv' : 'tsv'
  return {
    between: isCsv ? String(settings?.format_csv_delimiter ?? ',') : '\t',
    missing: String(settings?.[`format_${kind}_null_representation`] ?? NULL_TEXT),
    end: isSwitchedOn(settings, `output_format_${kind}_crlf_end_of_line`) ? '\r\n' : '\n',
  }
}
