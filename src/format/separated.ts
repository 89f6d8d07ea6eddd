// CSV, TabSeparated and TabSeparatedRaw, with lines of names and types or without.

import type { Block } from '../../storage/column/vector.ts'
import type { ByteBuilder } from '../functions/values/byte-builder.ts'
import {
  escapedName, headCells, separatedMarks, writeCsvValue, writeRawValue, writeTsvValue, type SeparatedStyle,
} from '../functions/strings/separated-values.ts'
import type { QueryResult } from './result.ts'

const NEWLINE = 10

/** Lines before the rows: of names, of types. */
export type HeadLines = 0 | 1 | 2

const WRITERS = { csv: writeCsvValue, tsv: writeTsvValue, raw: writeRawValue }

export function writeSeparated(
  out: ByteBuilder, result: QueryResult, style: SeparatedStyle, headLines: HeadLines, check: (out: ByteBuilder) => void,
): void {
  const { between, missing, end } = separatedMarks(style, result.settings)
  const separator = between.charCodeAt(0)
  const line = (cells: readonly string[]) => out.text(`${cells.map((cell) => escapedName(style, cell)).join(between)}${end}`)
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
      out.text(end)
      check(out)
    }
  }
  result.blocks.forEach(writeRows)
  if (result.totals === null || result.totals === undefined) return
  // The totals stand behind an empty line.
  out.byte(NEWLINE)
  writeRows(result.totals)
}
