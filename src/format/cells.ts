// Rows of a JSON format by way of cells: a chunk of rows at a time, each column is written as cells (its
// kernel, or value by value), then rows are joined from them (storage/kernels/cells.ts). Numbers, and texts of codes
// that are known, go into the rows without cells between.
// Invariant: the bytes are those that writeJsonValue() writes row by row.

import { bareType, type DataType } from '../../storage/column/data-type.ts'
import { partsOf } from '../../storage/column/text-parts.ts'
import type { BigVector, Block, BytesVector, CodesVector, Dictionary, NumberVector, Vector } from '../../storage/column/vector.ts'
import {
  CELL_COLUMN_WORDS, CELLS, DATE_ONLY, DOUBLES, INTEGER_KINDS, INTEGERS, NUMBER_BYTES, TEXTS,
} from '../../storage/kernels/cells.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import { FRAME_WORDS, MARKS } from '../../storage/kernels/texts.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { ScratchAccount } from '../exec/blocks/scratch.ts'
import { ByteBuilder } from '../functions/values/byte-builder.ts'
import { offsetAt } from '../functions/values/calendar.ts'
import { writeEscaped } from '../functions/values/json-string.ts'
import { writeJsonValue } from '../functions/values/json-value.ts'
import { floatText } from '../functions/values/float-text.ts'
import { FIRST_SECOND, LAST_SECOND } from '../functions/values/text.ts'
import { inWorkMemory } from '../functions/values/vectors.ts'
import { CodeCells } from './code-cells.ts'

const CHUNK_ROWS = 1024
/** Rows of a chunk have no more bytes than are taken without counting, numbers as long as can be; but so many rows. */
const CHUNK_ROWS_MIN = 64
/** Bytes of one string column in a chunk, unless one row alone has more. */
const CHUNK_BYTES = 1 << 19
const ESCAPED_BYTES = 6
/** Room above what is needed that is taken without counting. */
const LOOSE_BYTES = 1 << 20
const DAY_SECONDS = 86_400

/** Rows [from, from + count) of a column, as joinCells() takes them: `kind` says what `values` and `bytes` are. `most`:
 * their bytes, or more. */
type Cells = { readonly kind: number; readonly values: number; readonly bytes: number; readonly most: number }
type CellColumn = {
  readonly of: (from: number, count: number) => Cells
  /** Writes the column where joinCells() does not; null: it always does. */
  readonly otherwise: (() => CellColumn) | null
}

const cellColumn = (of: CellColumn['of']): CellColumn => ({ of, otherwise: null })

/** Where the cells of a column lie, used again from chunk to chunk. */
class Scratch {
  private held: Uint8Array | null = null
  private readonly account: MemoryAccount
  readonly offsets: Uint32Array

  constructor(account: MemoryAccount) {
    this.account = account
    this.offsets = account.u32(CHUNK_ROWS + 1)
  }

  /** A place for so many bytes; what was asked for before is gone. */
  bytes(count: number): number {
    if (this.held === null || this.held.length < count) {
      if (this.held !== null) this.account.free(this.held.byteOffset)
      this.held = null
      this.held = this.account.u8(count)
    }
    return this.held.byteOffset
  }
}

const nullsAt = (nulls: Uint8Array | null, account: MemoryAccount): number => {
  if (nulls === null) return 0
  if (nulls.buffer === account.work.buffer) return nulls.byteOffset
  const copy = account.u8(nulls.length)
  copy.set(nulls)
  return copy.byteOffset
}

/** Texts in parts pay where a frame has so many rows. */
const ROWS_A_FRAME = 32
/** Digits of a mark's number, a UInt32, at most. */
const MARK_DIGITS_MAX = 10
/** Bytes that joining texts may write behind the last of them. */
const JOIN_SPARE = 32
const QUOTE = 34
/** Before a text whose length is not known yet. */
const NO_LENGTH = new Uint8Array(4)

function stringColumn(vector: BytesVector, account: MemoryAccount, kernels: Kernels): CellColumn {
  const { offsets, bytes } = inWorkMemory(vector, account)
  const nulls = nullsAt(vector.nulls, account)
  const scratch = new Scratch(account)
  return cellColumn((from, count) => {
    const place = scratch.bytes((offsets[from + count] - offsets[from]) * ESCAPED_BYTES + 4 * count)
    kernels.stringCells(offsets.byteOffset, bytes.byteOffset, nulls, from, count, scratch.offsets.byteOffset, place)
    return { kind: CELLS, values: scratch.offsets.byteOffset, bytes: place, most: scratch.offsets[count] }
  })
}

/** Texts in parts (storage/column/text-parts.ts): frames are escaped once, and rows put together from them. null: the
 * vector has none, too many frames for its rows, or texts that are long. */
function partsColumn(vector: BytesVector, account: MemoryAccount, kernels: Kernels): CellColumn | null {
  const parts = vector.nulls === null ? partsOf(vector) : null
  if (parts === null || parts.frameCount * ROWS_A_FRAME > vector.length) return null
  const frames = new ByteBuilder(parts.frameCount, account)
  let longest = 0
  for (let frame = 0; frame < parts.frameCount; frame++) {
    const [start, end] = [parts.frames.offsets[frame], parts.frames.offsets[frame + 1]]
    longest = Math.max(longest, writeFrame(frames, parts.frames.bytes, start, end))
    frames.endRow()
  }
  if (longest * CHUNK_ROWS > CHUNK_BYTES) return null
  const { codes, allSlots } = parts
  const [slots, stride] = [allSlots(), vector.length]
  const table = account.u32(Math.max(1, parts.frameCount) * FRAME_WORDS)
  const scratch = new Scratch(account)
  return cellColumn((from, count) => {
    const [offsets, rows] = [frames.rowOffsets.byteOffset, codes.byteOffset + 4 * from]
    const numbers = slots.byteOffset + 4 * from
    const most = kernels.joinLengths(offsets, frames.bytes.byteOffset, parts.frameCount, rows, count, numbers, stride,
      table.byteOffset, scratch.offsets.byteOffset)
    const place = scratch.bytes(most + JOIN_SPARE)
    kernels.joinTexts(offsets, frames.bytes.byteOffset, rows, count, numbers, stride, scratch.offsets.byteOffset, place)
    return { kind: CELLS, values: scratch.offsets.byteOffset, bytes: place, most }
  })
}

/** Writes a frame as a JSON text, with its marks; answers how many bytes a text of it has at most. */
function writeFrame(out: ByteBuilder, bytes: Uint8Array, start: number, end: number): number {
  const before = out.length
  let marks = 0
  out.byte(QUOTE)
  for (let at = start; at < end;) {
    const first = at
    while (at < end && bytes[at] >= MARKS) at++
    writeEscaped(out, bytes, first, at)
    while (at < end && bytes[at] < MARKS) {
      out.byte(bytes[at++])
      marks++
    }
  }
  out.byte(QUOTE)
  return out.length - before + marks * MARK_DIGITS_MAX
}

function codesColumn(vector: CodesVector, cells: CodeCells, account: MemoryAccount): CellColumn {
  let { codes } = vector
  if (codes.buffer !== account.work.buffer) {
    codes = account.u32(codes.length)
    codes.set(vector.codes)
  }
  const nulls = nullsAt(vector.nulls, account)
  return cellColumn((from, count) => {
    const { rows, bytes, most } = cells.of(codes, nulls, from, count)
    return { kind: TEXTS, values: rows, bytes, most }
  })
}

/** Numbers as they lie, where kernels reach them: rows take them without cells. */
function numberColumn(
  values: NumberVector['values'] | BigVector['values'], nulls: Uint8Array | null, kind: number, account: MemoryAccount,
  otherwise: CellColumn['otherwise'],
): CellColumn {
  let at = values.byteOffset
  if (values.buffer !== account.work.buffer) {
    at = account.allocate(values.byteLength)
    new Uint8Array(account.work.buffer, at, values.byteLength)
      .set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }
  const nullsFrom = nullsAt(nulls, account)
  return {
    otherwise,
    of: (from, count) => ({
      kind, values: at + from * values.BYTES_PER_ELEMENT, bytes: nullsFrom === 0 ? 0 : nullsFrom + from, most: count * NUMBER_BYTES,
    }),
  }
}

/** Of a chunk, above this share of numbers that the kernel does not write, it is not asked again. */
const ODD_SHARE = 1 / 2

/** Doubles of which some have many digits: these by hand. */
function floatColumn(vector: NumberVector & { values: Float64Array }, account: MemoryAccount, kernels: Kernels): CellColumn {
  let { values } = vector
  if (values.buffer !== account.work.buffer) {
    values = account.f64(vector.values.length)
    values.set(vector.values)
  }
  const nulls = nullsAt(vector.nulls, account)
  const scratch = new Scratch(account)
  const { offsets } = scratch
  const place = scratch.bytes(CHUNK_ROWS * NUMBER_BYTES)
  const bytes = new Uint8Array(account.work.buffer, place, CHUNK_ROWS * NUMBER_BYTES)
  let isOdd = false
  return cellColumn((from, count) => {
    let odd = 0
    offsets[0] = 0
    for (let i = 0; ; i++) {
      if (!isOdd) i = kernels.floatCells(values.byteOffset, nulls, from, i, count, offsets.byteOffset, place)
      if (i >= count) break
      const isNull = vector.nulls !== null && vector.nulls[from + i] !== 0
      const text = isNull || !Number.isFinite(values[from + i]) ? 'null' : floatText(values[from + i])
      for (let at = 0; at < text.length; at++) bytes[offsets[i] + at] = text.charCodeAt(at)
      offsets[i + 1] = offsets[i] + text.length
      odd++
    }
    isOdd ||= odd > count * ODD_SHARE
    return { kind: CELLS, values: offsets.byteOffset, bytes: place, most: offsets[count] }
  })
}

/** Dates and moments: their local seconds, in the column's zone, then digits. */
function momentColumn(vector: NumberVector, bare: DataType, account: MemoryAccount, kernels: Kernels): CellColumn {
  const { values } = vector
  const nulls = nullsAt(vector.nulls, account)
  const scratch = new Scratch(account)
  const place = scratch.bytes(CHUNK_ROWS * 32)
  const seconds = account.f64(CHUNK_ROWS)
  const fractions = account.u32(CHUNK_ROWS)
  const isDate = bare.id === 'Date' || bare.id === 'Date32'
  const precision = isDate ? DATE_ONLY : bare.id === 'DateTime64' ? bare.precision : 0
  const scale = isDate ? 1 : 10 ** precision
  return cellColumn((from, count) => {
    for (let i = 0; i < count; i++) {
      const value = values[from + i]
      if (isDate) seconds[i] = value * DAY_SECONDS
      else {
        const second = Math.floor(value / scale)
        fractions[i] = value - second * scale
        const shown = second < FIRST_SECOND ? FIRST_SECOND : second > LAST_SECOND ? LAST_SECOND : second
        seconds[i] = shown + offsetAt(bare.zone, shown)
      }
    }
    kernels.momentCells(seconds.byteOffset, fractions.byteOffset, precision, nulls === 0 ? 0 : nulls + from, count,
      scratch.offsets.byteOffset, place)
    return { kind: CELLS, values: scratch.offsets.byteOffset, bytes: place, most: scratch.offsets[count] }
  })
}

/** Any other: value by value, or one text for all rows of a constant. */
function anyColumn(vector: Vector, account: MemoryAccount): CellColumn {
  const texts = new ByteBuilder(CHUNK_ROWS, account)
  if (vector.isConst) {
    texts.slice(NO_LENGTH, 0, NO_LENGTH.length)
    writeJsonValue(texts, vector, 0)
    const length = texts.length - NO_LENGTH.length
    new DataView(texts.bytes.buffer).setUint32(texts.bytes.byteOffset, length, true)
    const rows = account.u32(CHUNK_ROWS).fill(0)
    return cellColumn((_, count) => ({ kind: TEXTS, values: rows.byteOffset, bytes: texts.bytes.byteOffset, most: count * length }))
  }
  return cellColumn((from, count) => {
    texts.restart()
    for (let row = from; row < from + count; row++) {
      writeJsonValue(texts, vector, row)
      texts.endRow()
    }
    return { kind: CELLS, values: texts.rowOffsets.byteOffset, bytes: texts.bytes.byteOffset, most: texts.length }
  })
}

const INTEGER = /^U?Int(8|16|32|64)$/
const MOMENT = /^(Date|Date32|DateTime|DateTime64)$/

/** `cellsOf`: what is known of the column's codes; `apart` gets the vector where it is written by its parts; `isOdd`:
 * doubles of the blocks before were not all written by joinCells(). */
function columnOf(
  vector: Vector, account: MemoryAccount, kernels: Kernels, cellsOf: (dictionary: Dictionary) => CodeCells,
  apart: Set<Vector>, isOdd: boolean,
): CellColumn {
  const bare = bareType(vector.type)
  if (vector.isConst) return anyColumn(vector, account)
  const isText = bare.id === 'String' || bare.id === 'FixedString'
  if (vector.kind === 'bytes' && isText) {
    const column = partsColumn(vector, account, kernels)
    if (column === null) return stringColumn(vector, account, kernels)
    apart.add(vector)
    return column
  }
  if (vector.kind === 'codes' && isText) return codesColumn(vector, cellsOf(vector.dictionary), account)
  if ((vector.kind === 'number' || vector.kind === 'big') && INTEGER.test(bare.id)) {
    const kind = INTEGER_KINDS.findIndex((Kind) => vector.values instanceof Kind)
    if (kind >= 0) return numberColumn(vector.values, vector.nulls, INTEGERS + kind, account, null)
  }
  const { values } = vector as Partial<NumberVector>
  if (vector.kind === 'number' && bare.id === 'Float64' && values instanceof Float64Array) {
    const byHand = (): CellColumn => floatColumn({ ...vector, values }, account, kernels)
    return isOdd ? byHand() : numberColumn(values, vector.nulls, DOUBLES, account, byHand)
  }
  if (vector.kind === 'number' && MOMENT.test(bare.id)) return momentColumn(vector, bare, account, kernels)
  return anyColumn(vector, account)
}

/** Writes the entry of a column for joinCells(); answers its bytes, or more. */
function place(entries: Uint32Array, column: number, { kind, values, bytes, most }: Cells): number {
  const at = column * CELL_COLUMN_WORDS
  entries[at] = kind
  entries[at + 1] = values
  entries[at + 2] = bytes
  return most
}

/** Rows from `from` on that make a chunk: fewer where strings are long. Those in `apart` are not. */
function chunkRows(block: Block, from: number, most: number, apart: ReadonlySet<Vector>): number {
  let count = Math.min(most, block.rowCount - from)
  for (const vector of block.columns) {
    if (vector.kind !== 'bytes' || vector.isConst || apart.has(vector)) continue
    const { offsets } = vector
    while (count > 1 && offsets[from + count] - offsets[from] > CHUNK_BYTES) count >>= 1
  }
  return count
}

/** Writes the rows of blocks of like columns: `befores[c]` before each value of column c, `tail` behind
 * each row. What is known of codes stays from block to block, until end(). */
export class CellWriter {
  private readonly befores: readonly Uint8Array[]
  private readonly tail: Uint8Array
  private rowsAhead: number
  private readonly account: MemoryAccount
  private readonly kernels: Kernels
  /** By column: cells that outlive the block, and what they lie in. */
  private readonly known: CodeCells[] = []
  private readonly kept: ScratchAccount[] = []
  /** Of a row: what stands around its values; and rows of a chunk. */
  private readonly fixedBytes: number
  private readonly chunkMost: number
  /** Columns with doubles that joinCells() does not write. */
  private readonly odd = new Set<number>()

  constructor(
    befores: readonly Uint8Array[], tail: Uint8Array, rowCount: number, account: MemoryAccount, kernels: Kernels) {
    this.befores = befores
    this.tail = tail
    this.rowsAhead = rowCount
    this.account = account
    this.kernels = kernels
    this.fixedBytes = befores.reduce((sum, { length }) => sum + length, tail.length)
    const rowBytes = this.fixedBytes + befores.length * NUMBER_BYTES
    this.chunkMost = Math.max(CHUNK_ROWS_MIN, Math.min(CHUNK_ROWS, Math.floor(LOOSE_BYTES / rowBytes)))
  }

  /** Appends all rows of a block. `check` is called after each chunk. `ends` (in work memory) gets where
   * each row ends in `out`. */
  write(out: ByteBuilder, block: Block, check: (out: ByteBuilder) => void, ends: Uint32Array | null = null): void {
    const scratch = new ScratchAccount(this.account)
    try {
      this.writeBlock(out, block, check, ends, scratch)
      this.rowsAhead -= block.rowCount
    } finally {
      scratch.releaseAll()
    }
  }

  end(): void { this.kept.forEach((kept) => kept.releaseAll()) }

  private writeBlock(
    out: ByteBuilder, block: Block, check: (out: ByteBuilder) => void, ends: Uint32Array | null, scratch: MemoryAccount,
  ): void {
    const { befores, tail, kernels } = this
    const apart = new Set<Vector>()
    const columns = block.columns.map((vector, index) =>
      columnOf(vector, scratch, kernels, (dictionary) => this.cellsOf(index, dictionary), apart, this.odd.has(index)))
    const entries = scratch.u32(columns.length * CELL_COLUMN_WORDS).fill(0)
    const placed = [...befores, tail].map((bytes) => scratch.copyOf(bytes).byteOffset)
    for (let index = 0; index < columns.length; index++) {
      entries[index * CELL_COLUMN_WORDS + 3] = placed[index]
      entries[index * CELL_COLUMN_WORDS + 4] = befores[index].length
    }
    for (let from = 0; from < block.rowCount;) {
      const count = chunkRows(block, from, this.chunkMost, apart)
      let most = count * this.fixedBytes
      for (let index = 0; index < columns.length; index++) most += place(entries, index, columns[index].of(from, count))
      out.reserve(most <= LOOSE_BYTES ? most
        : kernels.joinedCellsLength(entries.byteOffset, columns.length, tail.length, count))
      for (;;) {
        const length = kernels.joinCells(entries.byteOffset, columns.length, placed[columns.length], tail.length, count,
          out.bytes.byteOffset + out.length, ends === null ? 0 : ends.byteOffset + 4 * from, out.length)
        if (length >= 0) {
          out.length += length
          break
        }
        const odd = -1 - length
        const { otherwise } = columns[odd]
        if (otherwise === null) throw new Error('format: a column is not written, and not otherwise')
        this.odd.add(odd)
        columns[odd] = otherwise()
        place(entries, odd, columns[odd].of(from, count))
      }
      check(out)
      from += count
    }
  }

  private cellsOf(column: number, dictionary: Dictionary): CodeCells {
    const known = this.known.at(column)
    if (known === undefined || known.dictionary !== dictionary || known.codesMax < dictionary.size) {
      // Where each block brings a dictionary of its own, or it has grown, those of before go.
      const kept = this.kept[column] ??= new ScratchAccount(this.account)
      kept.releaseAll()
      this.known[column] = new CodeCells(dictionary, this.rowsAhead, CHUNK_ROWS, kept, this.kernels)
    }
    return this.known[column]
  }
}
