// CSV, TabSeparated and TabSeparatedRaw, with lines of names and types or without.

import type { Block } from '../../storage/column/vector.ts'
import type { ByteBuilder } from '../functions/byte-builder.ts'
import { isSwitchedOn } from '../plan/settings.ts'
import {
  escapedName, headCells, writeCsvValue, writeRawValue, writeTsvValue, type SeparatedStyle,
} from '../functions/separated-values.ts'
import type { QueryResult } from './result.ts'

const TAB = 9
const NEWLINE = 10
const RETURN = 13

/** Lines before the rows: of names, of types. */
export type HeadLines = 0 | 1 | 2

const WRITERS = { csv: writeCsvValue, tsv: writeTsvValue, raw: writeRawValue }

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
  for (const cells of headCells(style, result.columns.map(({ name }) => name), result.columns.map(({ type }) => type)).slice(0, headLines)) {
    line(cells)
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
