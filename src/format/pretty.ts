// A table for people: names above, columns padded to their widest value. Also Vertical, for rows that
// are wider than a terminal.

import { bareType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { ByteWriter } from './byte-writer.ts'
import type { FormatInput } from './result.ts'
import { isTextual, nestedText, numberText, stringBytes } from './value-text.ts'

/** Rows shown; a table longer than that is no longer read by a person. */
const ROWS_MAX = 10_000
const decoder = new TextDecoder()

function cellText(vector: Vector, row: number): string {
  const slot = vector.isConst ? 0 : row
  if (vector.nulls !== null && vector.nulls[slot] === 1) return 'ᴺᵁᴸᴸ'
  const type = bareType(vector.type)
  switch (vector.kind) {
    case 'number': case 'big':
      return type.id === 'Nothing' ? 'ᴺᵁᴸᴸ' : numberText(vector.values[slot], type)
    case 'codes': case 'bytes': return decoder.decode(stringBytes(vector, slot).slice())
    default: return nestedText(vector, row)
  }
}

function cellsOf(input: FormatInput): { rows: string[][]; isCut: boolean } {
  const rows: string[][] = []
  for (const block of input.blocks) {
    for (let row = 0; row < block.rowCount; row++) {
      if (rows.length === ROWS_MAX) return { rows, isCut: true }
      rows.push(block.columns.map((column) => cellText(column, row)))
    }
  }
  return { rows, isCut: false }
}

const widthOf = (text: string): number => [...text].length

export function pretty(input: FormatInput, limitBytes: number): Uint8Array {
  const out = new ByteWriter(limitBytes)
  const { rows, isCut } = cellsOf(input)
  if (rows.length === 0) return out.finish()
  const names = input.columns.map(({ name }) => name)
  const widths = names.map((name, c) =>
    rows.reduce((width, row) => Math.max(width, widthOf(row[c])), widthOf(name)))
  const rightAligned = input.blocks[0].columns.map((column) =>
    (column.kind === 'number' || column.kind === 'big') && !isTextual(bareType(column.type)))
  const line = (cells: readonly string[], edge: string) => {
    const padded = cells.map((cell, c) => {
      const padding = ' '.repeat(widths[c] - widthOf(cell))
      return rightAligned[c] ? padding + cell : cell + padding
    })
    out.text(`${edge} ${padded.join(` ${edge} `)} ${edge}\n`)
  }
  const rule = (left: string, middle: string, right: string, stroke: string) =>
    out.text(`${left}${widths.map((width) => stroke.repeat(width + 2)).join(middle)}${right}\n`)
  rule('┏', '┳', '┓', '━')
  line(names, '┃')
  rule('┡', '╇', '┩', '━')
  for (const row of rows) line(row, '│')
  rule('└', '┴', '┘', '─')
  if (isCut) out.text(`Showed first ${ROWS_MAX} rows.\n`)
  return out.finish()
}

export function vertical(input: FormatInput, limitBytes: number): Uint8Array {
  const out = new ByteWriter(limitBytes)
  const { rows } = cellsOf(input)
  const width = Math.max(0, ...input.columns.map(({ name }) => widthOf(name)))
  rows.forEach((row, i) => {
    const title = `Row ${i + 1}:`
    out.text(`${i > 0 ? '\n' : ''}${title}\n${'─'.repeat(title.length)}\n`)
    row.forEach((cell, c) => {
      const { name } = input.columns[c]
      out.text(`${name}: ${' '.repeat(width - widthOf(name))}${cell}\n`)
    })
  })
  return out.finish()
}
