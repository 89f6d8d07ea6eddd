// JSON, JSONCompact and JSONEachRow: of whole results, or of rows that were written where they were read
// (row-texts.ts), to which only what stands around them is added.

import { isUtf8 } from 'node:buffer'
import type { Block, Vector } from '../../storage/column/vector.ts'
import { shownTypeName } from '../../storage/column/type-names.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { WrittenRows } from '../exec/order/written-rows.ts'
import type { ByteBuilder } from '../functions/values/byte-builder.ts'
import { writeJsonValue } from '../functions/values/json-value.ts'
import { isSwitchedOn } from '../functions/values/switches.ts'
import { CellWriter } from './cells.ts'
import { newSink, ResultTooLarge, rowCountOf, type AnswerBytes, type QueryResult, type ResultStats } from './result.ts'

/** Called after every few rows: a result that is too large ends early. */
type Check = (out: ByteBuilder) => void

/** What stands in every answer with these columns. */
type Envelope = {
  readonly head: Uint8Array; readonly keys: readonly Uint8Array[]
  /** The keys, the first with the bracket before it. */
  readonly opened: readonly Uint8Array[]
}

/** By the columns of a plan, which answers many calls. */
const envelopes = new WeakMap<QueryResult['columns'], Envelope>()
const encoder = new TextEncoder()

function envelopeOf(columns: QueryResult['columns']): Envelope {
  let envelope = envelopes.get(columns)
  if (envelope === undefined) {
    const quoted = (text: string) => JSON.stringify(text).replaceAll('/', '\\/')
    const meta = columns.map(({ name, type }) => `{"name":${quoted(name)},"type":${quoted(shownTypeName(type))}}`)
    const keys = columns.map(({ name }, index) => encoder.encode(`${index === 0 ? '' : ','}${quoted(name)}:`))
    envelopes.set(columns, envelope = {
      head: encoder.encode(`{"meta":[${meta.join()}],"data":[`), keys,
      opened: keys.map((key, index) => (index === 0 ? Buffer.concat([encoder.encode('{'), key]) : key)),
    })
  }
  return envelope
}

/** What stands behind the rows. */
function writeEnd(out: ByteBuilder, result: QueryResult, stats: ResultStats, isCompact: boolean): void {
  out.text(']')
  if (result.totals !== null && result.totals !== undefined) {
    out.text(',"totals":')
    writeRow(out, result.totals.columns, 0, isCompact ? null : envelopeOf(result.columns).keys)
  }
  out.text(`,"rows":${rowCountOf(result)}`)
  if (result.rowsBeforeLimit !== null) out.text(`,"rows_before_limit_at_least":${result.rowsBeforeLimit}`)
  if (!isSwitchedOn(result.settings, 'output_format_write_statistics')) {
    out.byte(125)
    return
  }
  out.text(`,"statistics":{"elapsed":${(stats.elapsedMs / 1000).toFixed(6)},"rows_read":${stats.rowsRead},`
    + `"bytes_read":${stats.bytesRead}}}`)
}

/** Below so many rows a block is written value by value: cells cost more to set up. */
const CELLS_ROWS_MIN = 64

/** Behind a row that others may follow. */
const ROW_END = ','

/** Memory and kernels of the worker that writes. */
export type Means = { readonly account: MemoryAccount; readonly kernels: Kernels }

/** All rows, as objects by `keys` or, without, as arrays; `end` stands behind each. */
function writeRows(
  out: ByteBuilder, result: QueryResult, keys: readonly Uint8Array[] | null, end: string,
  { account, kernels }: Means, check: Check,
): void {
  const writer = newRowWriter(result.columns, { keys, end }, rowCountOf(result), { account, kernels })
  try {
    for (const block of result.blocks) writer.write(out, block, check, null)
  } finally {
    writer.end()
  }
}

/** Writes blocks of rows; `ends` (in work memory; null: not wanted) gets where each row ends in `out`. */
export type RowWriter = {
  readonly write: (out: ByteBuilder, block: Block, check: Check, ends: Uint32Array | null) => void
  /** Lets go of what it knows. */
  readonly end: () => void
}

/** For some `rowCount` rows: what it knows of strings grows with them. */
export function newRowWriter(
  columns: QueryResult['columns'], { keys, end }: RowForm, rowCount: number, { account, kernels }: Means): RowWriter {
  const befores = keys === null ? columns.map((_, index) => encoder.encode(index === 0 ? '[' : ','))
    : envelopeOf(columns).opened
  // Made when there are rows enough: most answers have few.
  let cells: CellWriter | null = null
  return {
    end: () => cells?.end(),
    write: (out, block, check, ends) => {
      if (block.rowCount >= CELLS_ROWS_MIN) {
        cells ??= new CellWriter(befores, encoder.encode((keys === null ? ']' : '}') + end), rowCount, account, kernels)
        return cells.write(out, block, check, ends)
      }
      for (let row = 0; row < block.rowCount; row++) {
        writeRow(out, block.columns, row, keys)
        out.text(end)
        if (ends !== null) ends[row] = out.length
        check(out)
      }
    },
  }
}

/** Rows as objects or, `isCompact`, as arrays, in the envelope of ClickHouse's JSON formats. */
export function writeJson(
  out: ByteBuilder, result: QueryResult, stats: ResultStats, isCompact: boolean, means: Means, check: Check,
): void {
  const { head, keys } = envelopeOf(result.columns)
  out.slice(head, 0, head.length)
  writeRows(out, result, isCompact ? null : keys, ROW_END, means, check)
  if (rowCountOf(result) > 0) out.length-- // the last comma
  writeEnd(out, result, stats, isCompact)
}

/** The answer of rows that are written already: their bytes, copied once, in what stands around them. `isValid`: all
 * of it is UTF-8. Where it fails, `memory` has back what it gave. */
export function writtenJson(
  format: string, result: QueryResult, rows: WrittenRows, stats: ResultStats, bytesMax: number, means: Means, memory: AnswerBytes,
): { readonly bytes: Uint8Array; readonly isValid: boolean } {
  const out = newSink(means.account)
  const isLines = format === 'JSONEachRow'
  const { head } = envelopeOf(result.columns)
  if (!isLines) {
    out.slice(head, 0, head.length)
    writeEnd(out, result, stats, format === 'JSONCompact')
  }
  const [before, comma] = isLines ? [0, 0] : [head.length, Math.min(1, rows.byteLength)]
  const end = before + rows.byteLength - comma
  const length = end + out.length - before
  if (length > bytesMax) throw new ResultTooLarge(bytesMax)
  const bytes = memory.take(length)
  try {
    bytes.set(out.bytes.subarray(0, before))
    let at = before
    let isValid = isUtf8(head)
    rows.each(means, before, (piece) => {
      isValid &&= isUtf8(piece)
      bytes.set(at + piece.length > end ? piece.subarray(0, end - at) : piece, at) // without the last comma
      at += piece.length
    })
    bytes.set(out.bytes.subarray(before, out.length), end)
    return { bytes, isValid }
  } catch (error) {
    memory.giveBack(bytes)
    throw error
  }
}

/** How rows of a format are written: by keys or, null, as arrays; and what stands behind each. */
export type RowForm = { readonly keys: readonly Uint8Array[] | null; readonly end: string }

/** The form of a format's rows, where each stands by itself; null: it has none. */
export function rowFormOf(format: string, columns: QueryResult['columns']): RowForm | null {
  if (format === 'JSONCompact') return { keys: null, end: ROW_END }
  const { keys } = envelopeOf(columns)
  return format === 'JSON' ? { keys, end: ROW_END } : format === 'JSONEachRow' ? { keys, end: '\n' } : null
}

/** An object by `keys`; without, an array. */
function writeRow(
  out: ByteBuilder, columns: readonly Vector[], row: number, keys: readonly Uint8Array[] | null,
): void {
  if (keys !== null) {
    writeObject(out, columns, row, keys)
    return
  }
  out.byte(91)
  for (let index = 0; index < columns.length; index++) {
    if (index > 0) out.byte(44)
    writeJsonValue(out, columns[index], row)
  }
  out.byte(93)
}

function writeObject(
  out: ByteBuilder, columns: readonly Vector[], row: number, keys: readonly Uint8Array[]): void {
  out.byte(123)
  for (let index = 0; index < columns.length; index++) {
    out.slice(keys[index], 0, keys[index].length)
    writeJsonValue(out, columns[index], row)
  }
  out.byte(125)
}

/** One object a line. */
export function writeJsonEachRow(out: ByteBuilder, result: QueryResult, means: Means, check: Check): void {
  writeRows(out, result, envelopeOf(result.columns).keys, '\n', means, check)
}
