// CSV and TabSeparated, with names or without.

import { bareType, type DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import type { ByteBuilder } from '../functions/byte-builder.ts'
import { writeValue } from '../functions/text.ts'
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

function writeTsvValue(out: ByteBuilder, vector: Vector, row: number): void {
  const at = vector.isConst ? 0 : row
  if (vector.nulls !== null && vector.nulls[at] !== 0) out.text('\\N')
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

/** Names as a first line when `withNames`. */
export function writeSeparated(
  out: ByteBuilder, result: QueryResult, isCsv: boolean, withNames: boolean, check: (out: ByteBuilder) => void,
): void {
  const separator = isCsv ? COMMA : TAB
  if (withNames) {
    const columns = isCsv ? result.columns.flatMap(({ name, type }) => leafNames(name, parseDataType(type)))
      : result.columns.map(({ name }) => name)
    const names = columns.map((name) => isCsv ? `"${name.replaceAll('"', '""')}"`
      : name.replace(/[\0\b\t\n\f\r'\\]/g, (char) => TSV_ESCAPES[char.charCodeAt(0)]))
    out.text(`${names.join(isCsv ? ',' : '\t')}\n`)
  }
  const write = isCsv ? writeCsvValue : writeTsvValue
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
