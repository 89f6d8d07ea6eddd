// Answers as JSON, column by column: the values of a column become cells (their texts, end to end), and
// rows are joined from the cells of all columns. The references of cells.as.ts.
//
//   column  "a" 17 null …      cells   bytes at `target`, offsets (u32, count + 1, from 0) at `cells`
//   row i   before[0] cell[0][i]  before[1] cell[1][i] … tail
//
// Numbers need no cells: rows take them as they are. Texts of codes lie anywhere, each behind its length: what a row
// needs of one is a place in memory, or two that are neighbours.
//
// `nulls` is 0 or a byte a row, 1 where the cell is `null`. All pointers lie in work memory.
// Invariant: kernels read and write up to 16 bytes past what they are given; the slack of a cell of
// memory covers that.

import type { KernelMemory } from './kernel-memory.ts'

export type CellKernels = {
  /** Strings [from, from + count) in quotes, escaped as ClickHouse does (`/` too). Takes at most six
   * times their bytes and four for each. Answers the bytes written. */
  readonly stringCells: (
    offsets: number, bytes: number, nulls: number, from: number, count: number, cells: number, target: number,
  ) => number
  /** Doubles [from, from + count) as the shortest decimals that are them, at most NUMBER_BYTES each, from
   * cell `first` on (where cells[first] ends the one before). Answers the first cell that it does not
   * write: a number of more than 15 digits or 9 places, below 0.001, -0, none; `count`: all are written. */
  readonly floatCells: (
    values: number, nulls: number, from: number, first: number, count: number, cells: number, target: number,
  ) => number
  /** Moments in quotes: local seconds since 1970 (f64), and with precision 1 to 9 their fractions (u32,
   * scaled). DATE_ONLY: without the time. At most 32 bytes each. `nulls` begins at the first. */
  readonly momentCells: (
    seconds: number, fractions: number, precision: number, nulls: number, count: number, cells: number,
    target: number) => number
  /** Where the text of each of the codes (u32) [from, from + count) begins, into `rows`, 0 for NULL; by `known`,
   * which has a word a code (0: not written yet). Codes without one stand at `fresh` and get FRESH_TEXT and their
   * number there, in `known` as in `rows`, until placeTexts(). Answers how many. */
  readonly codeTexts: (
    codes: number, nulls: number, from: number, count: number, known: number, rows: number, fresh: number) => number
  /** The same by a table of pairs (a code and one more, where its text begins; all 0: empty) of which less than half
   * are in use with these, `mask` pairs less one. `places` gets which word of it is a fresh code's. */
  readonly codeTextsBySlots: (
    codes: number, nulls: number, from: number, count: number, slots: number, mask: number, rows: number, fresh: number,
    places: number) => number
  /** Writes `count` fresh texts (`ends`: their offsets in `bytes`, count + 1, lost) behind `at` bytes of `texts`, each
   * behind a word that says its length, and where each begins into the words of `known` that `places` names, and into
   * `rows`. Answers how many bytes `texts` has then. */
  readonly placeTexts: (
    ends: number, bytes: number, count: number, texts: number, at: number, known: number, places: number, rows: number,
    rowCount: number) => number
  /** Bytes of `count` joined rows, or more where columns are numbers. `columns`: CELL_COLUMN_WORDS u32 a column:
   *
   *   | what it is: | CELLS   | TEXTS                         | INTEGERS + a kind | DOUBLES |
   *   | of each row | cells   | where its text begins         | values            | values  |
   *   |             | bytes   | texts, each behind its length | nulls             | nulls   |
   *   what stands before it | its bytes | decimal places of the last double (at first 0) | two words free
   */
  readonly joinedCellsLength: (columns: number, columnCount: number, tailLength: number, count: number) => number
  /** The rows, each with the bytes at `tail` behind it. Answers the bytes written; below 0: -1 less the number of a
   * column with a double that it does not write (floatCells). Numbers have at most NUMBER_BYTES. `ends` (a u32 a
   * row; 0: none) gets where each row ends, `before` bytes more than were written. */
  readonly joinCells: (
    columns: number, columnCount: number, tail: number, tailLength: number, count: number, target: number,
    ends: number, before: number,
  ) => number
}

/** Kinds of arrays of whole numbers: their place is their number. */
export const INTEGER_KINDS = [
  Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float64Array, BigInt64Array, BigUint64Array,
] as const
export const DATE_ONLY = 255
/** Of a number, at most. */
export const NUMBER_BYTES = 32
/** Words of a column's entry of joinCells(), and the first of them. */
export const CELL_COLUMN_WORDS = 8
export const CELLS = 0
export const TEXTS = 1
export const INTEGERS = 2
export const DOUBLES = 11
/** In place of where a text begins: one that is not written yet. */
export const FRESH_TEXT = 0x80000000

const SHORT: Readonly<Record<number, string>> = {
  8: '\\b', 9: '\\t', 10: '\\n', 12: '\\f', 13: '\\r', 34: '\\"', 47: '\\/', 92: '\\\\',
}

const padded = (value: number, width: number): string => String(value).padStart(width, '0')

function escaped(bytes: Uint8Array): Buffer {
  const pieces = Array.from(bytes, (byte) => {
    if (SHORT[byte] !== undefined) return Buffer.from(SHORT[byte])
    return byte < 32 ? Buffer.from(`\\u00${byte.toString(16).padStart(2, '0')}`) : Buffer.from([byte])
  })
  return Buffer.concat([Buffer.from('"'), ...pieces, Buffer.from('"')])
}

/** Null: more digits than floatCells() writes. */
function shortFloat(value: number): string | null {
  const magnitude = Math.abs(value)
  if (Object.is(value, 0)) return '0'
  if (!(magnitude >= 0.001 && magnitude < 1e15)) return null
  for (let scale = 1; scale <= 1e9; scale *= 10) {
    const whole = Math.round(magnitude * scale)
    if (whole >= 1e15) return null
    if (whole / scale === magnitude) return String(value)
  }
  return null
}

function codeHash(code: number): number {
  const mixed = Math.imul(code, 0x9e3779b1)
  return (mixed ^ mixed >>> 16) >>> 0
}

function momentText(second: number, fraction: number, precision: number): string {
  const at = new Date(second * 1000)
  const date = `${padded(at.getUTCFullYear(), 4)}-${padded(at.getUTCMonth() + 1, 2)}-${padded(at.getUTCDate(), 2)}`
  if (precision === DATE_ONLY) return `"${date}"`
  const time = `${padded(at.getUTCHours(), 2)}:${padded(at.getUTCMinutes(), 2)}:${padded(at.getUTCSeconds(), 2)}`
  return `"${date} ${time}${precision === 0 ? '' : `.${padded(fraction, precision)}`}"`
}

export function cellsReference(work: KernelMemory): CellKernels {
  const { u8, u32, buffer } = work
  /** Cells of rows [0, count) by `textOf`. */
  const write = (
    nulls: number, from: number, count: number, cells: number, target: number, textOf: (row: number) => Uint8Array,
  ): number => {
    let length = 0
    u32[cells / 4] = 0
    for (let i = 0; i < count; i++) {
      const text = nulls !== 0 && u8[nulls + from + i] !== 0 ? Buffer.from('null') : textOf(from + i)
      u8.set(text, target + length)
      length += text.length
      u32[cells / 4 + i + 1] = length
    }
    return length
  }
  const isNull = (nulls: number, row: number): boolean => nulls !== 0 && u8[nulls + row] !== 0
  /** Row i of the column whose entry is at word `column`; null: a double that is not written. */
  const cellOf = (column: number, i: number): Uint8Array | null => {
    const [kind, values, bytes] = u32.subarray(column, column + 3)
    if (kind === CELLS) return u8.slice(bytes + u32[values / 4 + i], bytes + u32[values / 4 + i + 1])
    if (kind === TEXTS) {
      const text = bytes + u32[values / 4 + i]
      return u8.slice(text + 4, text + 4 + new DataView(buffer).getUint32(text, true))
    }
    if (isNull(bytes, i)) return Buffer.from('null')
    if (kind < DOUBLES) return Buffer.from(String(BigInt(new INTEGER_KINDS[kind - INTEGERS](buffer, values, i + 1)[i])))
    const text = shortFloat(new Float64Array(buffer, values, i + 1)[i])
    return text === null ? null : Buffer.from(text)
  }
  /** What codeTexts() does, by who finds the word of a code in `known`. */
  const textsOf = (
    codes: number, nulls: number, from: number, count: number, known: number, rows: number, fresh: number, places: number,
    placeOf: (code: number) => number,
  ): number => {
    let added = 0
    for (let i = 0; i < count; i++) {
      u32[rows / 4 + i] = 0
      if (isNull(nulls, from + i)) continue
      const code = u32[codes / 4 + from + i]
      const place = placeOf(code)
      if (u32[known / 4 + place] === 0) {
        u32[known / 4 + place] = FRESH_TEXT + added
        u32[places / 4 + added] = place
        u32[fresh / 4 + added++] = code
      }
      u32[rows / 4 + i] = u32[known / 4 + place]
    }
    return added
  }
  const columnsOf = (columns: number, columnCount: number): number[] => (
    Array.from({ length: columnCount }, (_, index) => columns / 4 + index * CELL_COLUMN_WORDS))
  return {
    stringCells: (offsets, bytes, nulls, from, count, cells, target) => write(nulls, from, count, cells, target,
      (row) => escaped(u8.subarray(bytes + u32[offsets / 4 + row], bytes + u32[offsets / 4 + row + 1]))),
    floatCells(values, nulls, from, first, count, cells, target) {
      const array = new Float64Array(buffer, values, from + count)
      if (first === 0) u32[cells / 4] = 0
      for (let i = first; i < count; i++) {
        const isNull = nulls !== 0 && u8[nulls + from + i] !== 0
        const text = isNull ? 'null' : shortFloat(array[from + i])
        if (text === null) return i
        const at = u32[cells / 4 + i]
        u8.set(Buffer.from(text), target + at)
        u32[cells / 4 + i + 1] = at + text.length
      }
      return count
    },
    momentCells(seconds, fractions, precision, nulls, count, cells, target) {
      const array = new Float64Array(buffer, seconds, count)
      return write(nulls, 0, count, cells, target, (row) => Buffer.from(
        momentText(array[row], precision === DATE_ONLY || precision === 0 ? 0 : u32[fractions / 4 + row], precision)))
    },
    codeTexts: (codes, nulls, from, count, known, rows, fresh) =>
      textsOf(codes, nulls, from, count, known, rows, fresh, fresh, (code) => code),
    codeTextsBySlots: (codes, nulls, from, count, slots, mask, rows, fresh, places) =>
      textsOf(codes, nulls, from, count, slots, rows, fresh, places, (code) => {
        let slot = codeHash(code) & mask
        while (u32[slots / 4 + 2 * slot] !== code + 1 && u32[slots / 4 + 2 * slot] !== 0) slot = slot + 1 & mask
        u32[slots / 4 + 2 * slot] = code + 1
        return 2 * slot + 1
      }),
    placeTexts(ends, bytes, count, texts, at, known, places, rows, rowCount) {
      let end = at
      for (let i = 0; i < count; i++) {
        const start = u32[ends / 4 + i]
        const length = u32[ends / 4 + i + 1] - start
        u32[known / 4 + u32[places / 4 + i]] = end
        new DataView(buffer).setUint32(texts + end, length, true)
        u8.copyWithin(texts + end + 4, bytes + start, bytes + start + length)
        u32[ends / 4 + i] = end
        end += 4 + length
      }
      for (let i = 0; i < rowCount; i++) {
        const start = u32[rows / 4 + i]
        if (start >= FRESH_TEXT) u32[rows / 4 + i] = u32[ends / 4 + start - FRESH_TEXT]
      }
      return end
    },
    joinedCellsLength(columns, columnCount, tailLength, count) {
      let total = count * tailLength
      for (const column of columnsOf(columns, columnCount)) {
        for (let i = 0; i < count; i++) {
          total += u32[column + 4] + (u32[column] >= INTEGERS ? NUMBER_BYTES : cellOf(column, i)?.length ?? 0)
        }
      }
      return total
    },
    joinCells(columns, columnCount, tail, tailLength, count, target, ends, before) {
      let out = target
      const copy = (bytes: Uint8Array): void => {
        u8.set(bytes, out)
        out += bytes.length
      }
      for (let i = 0; i < count; i++) {
        for (const [index, column] of columnsOf(columns, columnCount).entries()) {
          copy(u8.slice(u32[column + 3], u32[column + 3] + u32[column + 4]))
          const cell = cellOf(column, i)
          if (cell === null) return -1 - index
          copy(cell)
        }
        copy(u8.slice(tail, tail + tailLength))
        if (ends !== 0) u32[ends / 4 + i] = before + out - target
      }
      return out - target
    },
  }
}
