// A table for people: names above, columns padded to their widest value. Also Vertical, for rows that
// are wider than a terminal.

import { bareType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { ByteBuilder } from '../functions/byte-builder.ts'
import { writeValue } from '../functions/text.ts'
import type { QueryResult } from './result.ts'

/** Rows shown; a table longer than that is no longer read by a person. */
const ROWS_MAX = 10_000
const NULL_TEXT = 'ᴺᵁᴸᴸ'
const decoder = new TextDecoder()
const NUMBERS = /^(U?Int\d+|Float\d+|Decimal)$/

/** The value's text; `out` is used as a scratch pad and left as it was. */
function cellText(out: ByteBuilder, vector: Vector, row: number): string {
  const at = vector.isConst ? 0 : row
  const isNull = vector.nulls !== null && vector.nulls[at] === 1
  if (isNull || bareType(vector.type).id === 'Nothing') return NULL_TEXT
  const start = out.length
  writeValue(out, vector, at, false)
  const text = decoder.decode(out.bytes.slice(start, out.length))
  out.length = start
  return text
}

function cellsOf(out: ByteBuilder, result: QueryResult): string[][] {
  const rows: string[][] = []
  for (const { columns, rowCount } of result.blocks) {
    for (let row = 0; row < rowCount && rows.length < ROWS_MAX; row++) {
      rows.push(columns.map((column) => cellText(out, column, row)))
    }
  }
  return rows
}

const widthOf = (text: string): number => [...text].length

/** Columns side by side under their names; nothing at all without rows. */
export function writePretty(
  out: ByteBuilder, result: QueryResult, check: (out: ByteBuilder) => void): void {
  const rows = cellsOf(out, result)
  if (rows.length === 0) return
  const names = result.columns.map(({ name }) => name)
  const widths = names.map((name, c) =>
    rows.reduce((width, row) => Math.max(width, widthOf(row[c])), widthOf(name)))
  const isNumber = result.blocks[0].columns.map(({ type }) => NUMBERS.test(bareType(type).id))
  const line = (cells: readonly string[], edge: string) => {
    const padded = cells.map((cell, c) => {
      const padding = ' '.repeat(widths[c] - widthOf(cell))
      return isNumber[c] ? padding + cell : cell + padding
    })
    out.text(`${edge} ${padded.join(` ${edge} `)} ${edge}\n`)
    check(out)
  }
  const rule = (left: string, middle: string, right: string, stroke: string) =>
    out.text(`${left}${widths.map((width) => stroke.repeat(width + 2)).join(middle)}${right}\n`)
  rule('┏', '┳', '┓', '━')
  line(names, '┃')
  rule('┡', '╇', '┩', '━')
  for (const row of rows) line(row, '│')
  rule('└', '┴', '┘', '─')
  if (rows.length === ROWS_MAX) out.text(`Showed first ${ROWS_MAX} rows.\n`)
}

/** A row below the other, a column a line. */
export function writeVertical(
  out: ByteBuilder, result: QueryResult, check: (out: ByteBuilder) => void): void {
  const width = Math.max(0, ...result.columns.map(({ name }) => widthOf(name)))
  cellsOf(out, result).forEach((row, i) => {
    const title = `Row ${i + 1}:`
    out.text(`${i > 0 ? '\n' : ''}${title}\n${'─'.repeat(title.length)}\n`)
    row.forEach((cell, c) => {
      const { name } = result.columns[c]
      out.text(`${name}: ${' '.repeat(width - widthOf(name))}${cell}\n`)
    })
    check(out)
  })
}
