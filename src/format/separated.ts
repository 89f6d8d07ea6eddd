// CSV, TabSeparated and TabSeparatedRaw, with lines of names and types or without.

import { bareType, type DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { shownTypeName } from '../../storage/column/type-names.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import type { ByteBuilder } from '../functions/byte-builder.ts'
import { writeValue } from '../functions/text.ts'
import { alternativeVector, isVariant } from '../functions/variant-fields.ts'
import type { QueryResult } from './result.ts'

const TAB = 9
const NEWLINE = 10
const QUOTE = 34
const COMMA = 44
const BACKSLASH = 92

/** CSV quotes all but plain numbers; a quote inside is doubled. */
function writeCsvValue(out: ByteBuilder, vector: Vector, row: number): void {
  const at = vector.isConst ? 0 : row
  if (vector.nulls !== null && vector.nulls[at] !== 0) {
    out.text('\\N')
    return
  }
  if (vector.kind === 'tuple' && isVariant(vector.type)) {
    const value = alternativeVector(vector, at)
    if (value === null) out.text('\\N')
    else if (value.kind === 'tuple') writeEscaped(out, value, at, (byte) => byte === QUOTE ? '""' : null, true)
    else writeCsvValue(out, value, at)
    return
  }
  // The elements of a tuple are columns of their own.
  if (vector.kind === 'tuple') {
    vector.fields.forEach((field, index) => {
      if (index > 0) out.byte(COMMA)
      writeCsvValue(out, field, at)
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
function writeRawValue(out: ByteBuilder, vector: Vector, row: number): void {
  const at = vector.isConst ? 0 : row
  const value = vector.kind === 'tuple' && isVariant(vector.type) ? alternativeVector(vector, at) : vector
  if (value === null || (value.nulls !== null && value.nulls[at] !== 0)) out.text('\\N')
  else writeValue(out, value, at, false)
}

export function writeTsvValue(out: ByteBuilder, vector: Vector, row: number): void {
  const at = vector.isConst ? 0 : row
  if (vector.kind === 'tuple' && isVariant(vector.type)) {
    const value = alternativeVector(vector, at)
    if (value === null) out.text('\\N')
    else writeTsvValue(out, value, at)
  } else if (vector.nulls !== null && vector.nulls[at] !== 0) out.text('\\N')
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

/** What the elements of a tuple are called, each a column of a CSV file. */
const leafNames = (name: string, type: DataType): string[] =>
  (type.id !== 'Tuple' ? [name] : type.args.flatMap((arg, i) =>
    leafNames(`${name}.${type.names?.[i] ?? i + 1}`, arg)))

/** Types of the elements of a tuple, each a column of a CSV file. */
const leafTypes = (type: DataType): string[] => (type.id !== 'Tuple' ? [shownTypeName(type.name)] : type.args.flatMap(leafTypes))

export type SeparatedStyle = 'csv' | 'tsv' | 'raw'
/** Lines before the rows: of names, of types. */
export type HeadLines = 0 | 1 | 2

const WRITERS = { csv: writeCsvValue, tsv: writeTsvValue, raw: writeRawValue }

const escapedName = (style: SeparatedStyle, name: string): string => (style === 'csv' ? `"${name.replaceAll('"', '""')}"`
  : style === 'raw' ? name : name.replace(/[\0\b\t\n\f\r'\\]/g, (char) => TSV_ESCAPES[char.charCodeAt(0)]))

export function writeSeparated(
  out: ByteBuilder, result: QueryResult, style: SeparatedStyle, headLines: HeadLines, check: (out: ByteBuilder) => void,
): void {
  const isCsv = style === 'csv'
  const separator = isCsv ? COMMA : TAB
  const line = (cells: readonly string[]) => out.text(`${cells.map((cell) => escapedName(style, cell)).join(isCsv ? ',' : '\t')}\n`)
  if (headLines > 0) {
    line(isCsv ? result.columns.flatMap(({ name, type }) => leafNames(name, parseDataType(type))) : result.columns.map(({ name }) => name))
  }
  if (headLines > 1) {
    line(result.columns.flatMap(({ type }) => (isCsv ? leafTypes(parseDataType(type)) : [shownTypeName(type)])))
  }
  const write = WRITERS[style]
  const writeRows = ({ columns, rowCount }: Block) => {
    for (let row = 0; row < rowCount; row++) {
      columns.forEach((column, index) => {
        if (index > 0) out.byte(separator)
        write(out, column, row)
      })
      out.byte(NEWLINE)
      check(out)
    }
  }
  result.blocks.forEach(writeRows)
  if (result.totals === null || result.totals === undefined) return
  // The totals stand behind an empty line.
  out.byte(NEWLINE)
  writeRows(result.totals)
}
