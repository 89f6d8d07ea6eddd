// Answers as JSON, column by column: the values of a column become cells (their texts, end to end), and
// rows are joined from the cells of all columns. The references of cells.as.ts.
//
//   column  "a" 17 null …      cells   bytes at `target`, offsets (u32, count + 1, from 0) at `cells`
//   row i   before[0] cell[0][i]  before[1] cell[1][i] … tail
//
// `nulls` is 0 or a byte a row, 1 where the cell is `null`. All pointers lie in work memory.
// Invariant: kernels read and write up to 16 bytes past what they are given; the slack of a cell of
// memory covers that.

import type { WorkMemory } from './work-memory.ts'

export type CellKernels = {
  /** Strings [from, from + count) in quotes, escaped as ClickHouse does (`/` too). Takes at most six
   * times their bytes and four for each. Answers the bytes written. */
  readonly stringCells: (
    offsets: number, bytes: number, nulls: number, from: number, count: number, cells: number, target: number,
  ) => number
  /** Whole numbers [from, from + count) of a kind of INTEGER_KINDS in digits, at most 20 bytes each. */
  readonly integerCells: (
    values: number, kind: number, nulls: number, from: number, count: number, cells: number, target: number,
  ) => number
  /** Doubles [from, from + count) as the shortest decimals that are them, at most FLOAT_BYTES each, from
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
  /** The cell of each of the codes (u32) [from, from + count) into `rows`, 0 for NULL; by a table of pairs
   * (a code and one more, its cell; all 0: empty) of which less than half are in use with these, `mask`
   * pairs less one. Codes that it lacks get cells from `known` on and stand at `fresh`, in that order.
   * Answers how many. */
  readonly codeCells: (
    codes: number, nulls: number, from: number, count: number, slots: number, mask: number, known: number,
    rows: number, fresh: number) => number
  /** Bytes of `count` joined rows. `columns`: five u32 a column: cells, their bytes, 0 or which cell
   * each row has (u32), what stands before it, its bytes. */
  readonly joinedCellsLength: (columns: number, columnCount: number, tailLength: number, count: number) => number
  /** The rows, each with the bytes at `tail` behind it. Answers the bytes written. `ends` (a u32 a row;
   * 0: none) gets where each row ends, `before` bytes more than were written. */
  readonly joinCells: (
    columns: number, columnCount: number, tail: number, tailLength: number, count: number, target: number,
    ends: number, before: number,
  ) => number
}

/** Kinds of arrays that integerCells() reads: their place is their number. */
export const INTEGER_KINDS = [
  Uint8Array, Int8Array, Uint16Array, Int16Array, Uint32Array, Int32Array, Float64Array, BigInt64Array, BigUint64Array,
] as const
export const DATE_ONLY = 255
export const FLOAT_BYTES = 32
/** Words of a column's entry of joinCells(). */
export const CELL_COLUMN_WORDS = 5

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

export function cellsReference(work: WorkMemory): CellKernels {
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
  /** Row i of the column whose entry is at word `column`: [start, end) in memory. */
  const cellOf = (column: number, i: number): [number, number] => {
    const rows = u32[column + 2]
    const cell = u32[column] / 4 + (rows === 0 ? i : u32[rows / 4 + i])
    return [u32[column + 1] + u32[cell], u32[column + 1] + u32[cell + 1]]
  }
  const columnsOf = (columns: number, columnCount: number): number[] => (
    Array.from({ length: columnCount }, (_, index) => columns / 4 + index * CELL_COLUMN_WORDS))
  return {
    stringCells: (offsets, bytes, nulls, from, count, cells, target) => write(nulls, from, count, cells, target,
      (row) => escaped(u8.subarray(bytes + u32[offsets / 4 + row], bytes + u32[offsets / 4 + row + 1]))),
    integerCells(values, kind, nulls, from, count, cells, target) {
      const array = new INTEGER_KINDS[kind](buffer, values, from + count)
      return write(nulls, from, count, cells, target, (row) => Buffer.from(String(BigInt(array[row]))))
    },
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
    codeCells(codes, nulls, from, count, slots, mask, known, rows, fresh) {
      let added = 0
      for (let i = 0; i < count; i++) {
        const code = u32[codes / 4 + from + i]
        if (nulls !== 0 && u8[nulls + from + i] !== 0) {
          u32[rows / 4 + i] = 0
          continue
        }
        let slot = codeHash(code) & mask
        for (; u32[slots / 4 + 2 * slot] !== code + 1; slot = slot + 1 & mask) {
          if (u32[slots / 4 + 2 * slot] !== 0) continue
          u32[slots / 4 + 2 * slot] = code + 1
          u32[slots / 4 + 2 * slot + 1] = known + added
          u32[fresh / 4 + added++] = code
          break
        }
        u32[rows / 4 + i] = u32[slots / 4 + 2 * slot + 1]
      }
      return added
    },
    joinedCellsLength(columns, columnCount, tailLength, count) {
      let total = count * tailLength
      for (const column of columnsOf(columns, columnCount)) {
        for (let i = 0; i < count; i++) {
          const [start, end] = cellOf(column, i)
          total += u32[column + 4] + end - start
        }
      }
      return total
    },
    joinCells(columns, columnCount, tail, tailLength, count, target, ends, before) {
      let out = target
      const copy = (start: number, end: number): void => {
        u8.copyWithin(out, start, end)
        out += end - start
      }
      for (let i = 0; i < count; i++) {
        for (const column of columnsOf(columns, columnCount)) {
          copy(u32[column + 3], u32[column + 3] + u32[column + 4])
          copy(...cellOf(column, i))
        }
        copy(tail, tail + tailLength)
        if (ends !== 0) u32[ends / 4 + i] = before + out - target
      }
      return out - target
    },
  }
}
