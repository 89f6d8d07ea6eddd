// CSV, TabSeparated and TabSeparatedRaw, with lines of names and types or without.

import { bareType, type DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { shownTypeName } from '../../storage/column/type-names.ts'
import type { Block } from '../../storage/column/vector.ts'
import type { ByteBuilder } from '../functions/byte-builder.ts'
import { isSwitchedOn } from '../plan/settings.ts'
import { TSV_ESCAPES, writeCsvValue, writeRawValue, writeTsvValue } from '../functions/separated-values.ts'
import type { QueryResult } from './result.ts'

const TAB = 9
const NEWLINE = 10
const RETURN = 13

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
  const separator = isCsv ? String(result.settings?.format_csv_delimiter ?? ',').charCodeAt(0) : TAB
  const missing = String(result.settings?.[`format_${isCsv ? 'csv' : 'tsv'}_null_representation`] ?? '\\N')
  const hasReturns = isSwitchedOn(result.settings, `output_format_${isCsv ? 'csv' : 'tsv'}_crlf_end_of_line`)
  const line = (cells: readonly string[]) => {
    out.text(cells.map((cell) => escapedName(style, cell)).join(String.fromCharCode(separator)))
    if (hasReturns) out.byte(RETURN)
    out.byte(NEWLINE)
  }
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
        write(out, column, row, separator, missing)
      })
      if (hasReturns) out.byte(RETURN)
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
