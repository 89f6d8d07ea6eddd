// A table for people: names above, columns padded to their widest value. Also Vertical, for rows that
// are wider than a terminal.

import type { ByteBuilder } from '../functions/values/byte-builder.ts'
import { cellText, isNumberType, isRightBound, sizeOf, widthOf, writeVerticalRow } from '../functions/strings/pretty-values.ts'
import type { QueryResult } from './result.ts'

/** Rows shown; a table longer than that is no longer read by a person. */
const ROWS_MAX = 10_000

function cellsOf(out: ByteBuilder, result: QueryResult, asObjects: boolean): string[][] {
  const rows: string[][] = []
  for (const { columns, rowCount } of result.blocks) {
    for (let row = 0; row < rowCount && rows.length < ROWS_MAX; row++) {
      rows.push(columns.map((column) => cellText(out, column, row, asObjects)))
    }
  }
  return rows
}

type Rule = (left: string, middle: string, right: string, stroke: string) => void

/** Columns side by side under their names, rows numbered; nothing at all without rows. `isCompact`: the
 * names in the frame, and no lines between rows. */
export function writePretty(
  out: ByteBuilder, result: QueryResult, isCompact: boolean, check: (out: ByteBuilder) => void): void {
  writeTable(out, result, isCompact, check)
  if (result.totals === null || result.totals === undefined) return
  out.text('\nTotals:\n')
  writeTable(out, { ...result, blocks: [result.totals] }, isCompact, check)
}

type Line = { readonly text: string; readonly isAfter: boolean; readonly isBefore: boolean }

/** Texts of several lines, side by side: what goes on below, and what goes on from above, is marked. */
function linesOf(row: readonly string[]): Line[][] {
  const cells = row.map((cell) => cell.split('\n'))
  return Array.from({ length: Math.max(...cells.map((lines) => lines.length)) }, (_, line) => cells.map((lines) => ({
    text: lines[line] ?? '', isAfter: line > 0 && line < lines.length, isBefore: line + 1 < lines.length,
  })))
}

function writeTable(
  out: ByteBuilder, result: QueryResult, isCompact: boolean, check: (out: ByteBuilder) => void): void {
  const rows = cellsOf(out, result, true)
  if (rows.length === 0) return
  const names = result.columns.map(({ name }) => name)
  const widths = names.map((name, c) =>
    rows.reduce((width, row) => Math.max(width, ...row[c].split('\n').map(widthOf)), widthOf(name)))
  const [isNumber] = result.blocks[0].columns.map(({ type }) => isNumberType(type.name))
  const isRight = result.blocks[0].columns.map(({ type }) => isRightBound(type.name))
  const margin = ' '.repeat(String(rows.length).length + 2)
  const padded = (cells: readonly string[], by: string) => cells.map((cell, c) => {
    const padding = by.repeat(widths[c] - widthOf(cell))
    return isRight[c] ? padding + cell : cell + padding
  })
  const rule: Rule = (left, middle, right, stroke) =>
    out.text(`${margin}${left}${widths.map((width) => stroke.repeat(width + 2)).join(middle)}${right}\n`)
  if (isCompact) out.text(`${margin}┌─${padded(names, '─').join('─┬─')}─┐\n`)
  else {
    rule('┏', '┳', '┓', '━')
    out.text(`${margin}┃ ${padded(names, ' ').join(' ┃ ')} ┃\n`)
    rule('┡', '╇', '┩', '━')
  }
  const isAlone = names.length === 1
  rows.forEach((row, i) => {
    if (!isCompact && i > 0) rule('├', '┼', '┤', '─')
    const size = isAlone ? sizeOf(row[0], isNumber) : ''
    const lines = linesOf(row)
    lines.forEach((cells, line) => {
      const number = line === 0 ? `${i + 1}. `.padStart(margin.length) : margin
      const texts = padded(cells.map(({ text }) => text), ' ').map((text, c) =>
        `${cells[c].isAfter ? '↳' : ' '}${text}${cells[c].isBefore ? '↴' : ' '}`)
      out.text(`${number}│${texts.join('│')}│${line === 0 ? size : ''}\n`)
    })
    check(out)
  })
  rule('└', '┴', '┘', '─')
  if (rows.length === ROWS_MAX) out.text(`Showed first ${ROWS_MAX} rows.\n`)
}

/** A row below the other, a column a line. */
export function writeVertical(
  out: ByteBuilder, result: QueryResult, check: (out: ByteBuilder) => void): void {
  const names = result.columns.map(({ name }) => name)
  const isNumber = result.blocks[0]?.columns.map(({ type }) => isNumberType(type.name)) ?? []
  const write = (title: string, row: readonly string[]) => {
    writeVerticalRow(out, title, names, row, isNumber)
    check(out)
  }
  cellsOf(out, result, false).forEach((row, i) => {
    if (i > 0) out.byte(10)
    write(`Row ${i + 1}:`, row)
  })
  if (result.totals === null || result.totals === undefined) return
  out.text('\n\n')
  for (const row of cellsOf(out, { ...result, blocks: [result.totals] }, false)) write('Totals:', row)
}
