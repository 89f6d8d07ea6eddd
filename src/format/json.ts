// JSON, JSONCompact and JSONEachRow: straight from columns to bytes.
// Integers of any width are written whole and unquoted; NaN and infinities are null.

import { bareType } from '../../storage/column/data-type.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import { ByteWriter } from './byte-writer.ts'
import type { FormatInput, FormatStats } from './result.ts'
import { isTextual, numberText, stringBytes } from './value-text.ts'

const ESCAPES: (string | undefined)[] = []
for (let byte = 0; byte < 32; byte++) ESCAPES[byte] = `\\u${byte.toString(16).padStart(4, '0').toUpperCase()}`
ESCAPES[8] = '\\b'
ESCAPES[9] = '\\t'
ESCAPES[10] = '\\n'
ESCAPES[12] = '\\f'
ESCAPES[13] = '\\r'
ESCAPES[34] = '\\"'
ESCAPES[92] = '\\\\'

const encoder = new TextEncoder()

/** Writes one value of a column as JSON. */
function writeJson(out: ByteWriter, vector: Vector, row: number): void {
  const slot = vector.isConst ? 0 : row
  if (vector.nulls !== null && vector.nulls[slot] === 1) return out.text('null')
  const type = bareType(vector.type)
  switch (vector.kind) {
    case 'number': case 'big': {
      const value = vector.values[slot]
      if (type.id === 'Nothing' || !isFiniteValue(value)) return out.text('null')
      if (!isTextual(type)) return out.text(numberText(value, type))
      return type.names === null ? quotedText(out, numberText(value, type))
        : quotedBytes(out, encoder.encode(numberText(value, type)))
    }
    case 'codes': case 'bytes': return quotedBytes(out, stringBytes(vector, slot))
    case 'array': return type.id === 'Map' ? writeMap(out, vector, slot) : writeArray(out, vector, slot)
    case 'tuple': return writeTuple(out, vector, slot, type.names)
  }
}

const isFiniteValue = (value: number | bigint): boolean =>
  typeof value === 'bigint' || Number.isFinite(value)

function quotedText(out: ByteWriter, text: string): void {
  out.byte(34)
  out.text(text)
  out.byte(34)
}

function quotedBytes(out: ByteWriter, bytes: Uint8Array): void {
  out.byte(34)
  out.escaped(bytes, ESCAPES)
  out.byte(34)
}

function writeArray(out: ByteWriter, vector: Vector & { kind: 'array' }, slot: number): void {
  out.byte(91)
  for (let at = vector.offsets[slot]; at < vector.offsets[slot + 1]; at++) {
    if (at > vector.offsets[slot]) out.byte(44)
    writeJson(out, vector.values, at)
  }
  out.byte(93)
}

function writeMap(out: ByteWriter, vector: Vector & { kind: 'array' }, slot: number): void {
  const pairs = vector.values
  if (pairs.kind !== 'tuple') throw new Error('format: a map without pairs')
  const [keys, values] = pairs.fields
  out.byte(123)
  for (let at = vector.offsets[slot]; at < vector.offsets[slot + 1]; at++) {
    if (at > vector.offsets[slot]) out.byte(44)
    const isQuoted = keys.kind === 'codes' || keys.kind === 'bytes' || isTextual(bareType(keys.type))
    if (!isQuoted) out.byte(34)
    writeJson(out, keys, at)
    if (!isQuoted) out.byte(34)
    out.byte(58)
    writeJson(out, values, at)
  }
  out.byte(125)
}

/** Named tuples are objects. */
function writeTuple(
  out: ByteWriter, vector: Vector & { kind: 'tuple' }, slot: number, names: readonly string[] | null,
): void {
  out.byte(names === null ? 91 : 123)
  vector.fields.forEach((field, i) => {
    if (i > 0) out.byte(44)
    if (names !== null) {
      quotedBytes(out, encoder.encode(names[i]))
      out.byte(58)
    }
    writeJson(out, field, slot)
  })
  out.byte(names === null ? 93 : 125)
}

const nameKey = (name: string): string => JSON.stringify(name)

/** One object a line. */
export function jsonEachRow(input: FormatInput, limitBytes: number): Uint8Array {
  const out = new ByteWriter(limitBytes)
  const keys = input.columns.map(({ name }, i) => `${i > 0 ? ',' : ''}${nameKey(name)}:`)
  for (const block of input.blocks) {
    for (let row = 0; row < block.rowCount; row++) {
      out.byte(123)
      for (let c = 0; c < keys.length; c++) {
        out.text(keys[c])
        writeJson(out, block.columns[c], row)
      }
      out.text('}\n')
    }
  }
  return out.finish()
}

/** The answer with meta, data, counts and statistics; `isCompact`: rows as arrays. */
export function json(
  input: FormatInput, stats: FormatStats, limitBytes: number, isCompact: boolean): Uint8Array {
  const out = new ByteWriter(limitBytes)
  out.text('{\n\t"meta":\n\t[\n')
  input.columns.forEach(({ name, type }, i) => {
    out.text(`${i > 0 ? ',\n' : ''}\t\t{\n\t\t\t"name": ${nameKey(name)},\n\t\t\t"type": ${nameKey(type)}\n\t\t}`)
  })
  out.text('\n\t],\n\n\t"data":\n\t[\n')
  const rows = writeRows(out, input, isCompact)
  out.text(`\n\t],\n\n\t"rows": ${rows},\n\n`)
  if (input.rowsBeforeLimit !== null) {
    out.text(`\t"rows_before_limit_at_least": ${input.rowsBeforeLimit},\n\n`)
  }
  out.text(`\t"statistics":\n\t{\n\t\t"elapsed": ${stats.elapsedMs / 1000},\n`
    + `\t\t"rows_read": ${stats.rowsRead},\n\t\t"bytes_read": ${stats.bytesRead}\n\t}\n}\n`)
  return out.finish()
}

function writeRows(out: ByteWriter, input: FormatInput, isCompact: boolean): number {
  const keys = input.columns.map(({ name }, i) =>
    (isCompact ? (i > 0 ? ', ' : '') : `${i > 0 ? ',\n' : ''}\t\t\t${nameKey(name)}: `))
  const open = isCompact ? '\t\t[' : '\t\t{\n'
  const close = isCompact ? ']' : '\n\t\t}'
  let rows = 0
  for (const block of input.blocks) {
    for (let row = 0; row < block.rowCount; row++) {
      if (rows++ > 0) out.text(',\n')
      out.text(open)
      writeCells(out, block, row, keys)
      out.text(close)
    }
  }
  return rows
}

function writeCells(out: ByteWriter, block: Block, row: number, keys: readonly string[]): void {
  for (let c = 0; c < keys.length; c++) {
    if (keys[c] !== '') out.text(keys[c])
    writeJson(out, block.columns[c], row)
  }
}
