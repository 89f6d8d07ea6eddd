// CSV and TabSeparated, with or without names and types.
// CSV quotes text with double quotes; TabSeparated escapes with backslashes.

import { bareType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { ByteWriter } from './byte-writer.ts'
import type { FormatInput } from './result.ts'
import { isTextual, nestedText, numberText, stringBytes } from './value-text.ts'

const TSV_ESCAPES: (string | undefined)[] = []
TSV_ESCAPES[0] = '\\0'
TSV_ESCAPES[8] = '\\b'
TSV_ESCAPES[9] = '\\t'
TSV_ESCAPES[10] = '\\n'
TSV_ESCAPES[12] = '\\f'
TSV_ESCAPES[13] = '\\r'
TSV_ESCAPES[39] = "\\'"
TSV_ESCAPES[92] = '\\\\'

const CSV_ESCAPES: (string | undefined)[] = []
CSV_ESCAPES[34] = '""'

const encoder = new TextEncoder()

type Dialect = {
  readonly separator: number
  readonly text: (out: ByteWriter, bytes: Uint8Array) => void
  /** Nested values, which hold separators. */
  readonly nested: (out: ByteWriter, text: string) => void
  /** Dates, enums: text without anything to escape. */
  readonly plain: (out: ByteWriter, text: string) => void
  readonly spreadsTuples: boolean
}

const csvText = (out: ByteWriter, bytes: Uint8Array): void => {
  out.byte(34)
  out.escaped(bytes, CSV_ESCAPES)
  out.byte(34)
}

const CSV: Dialect = {
  separator: 44,
  text: csvText,
  nested: (out, text) => csvText(out, encoder.encode(text)),
  plain: (out, text) => csvText(out, encoder.encode(text)),
  spreadsTuples: true,
}

const TSV: Dialect = {
  separator: 9,
  text: (out, bytes) => out.escaped(bytes, TSV_ESCAPES),
  nested: (out, text) => out.text(text),
  plain: (out, text) => out.text(text),
  spreadsTuples: false,
}

function writeCell(out: ByteWriter, vector: Vector, row: number, dialect: Dialect): void {
  const slot = vector.isConst ? 0 : row
  if (vector.nulls !== null && vector.nulls[slot] === 1) return out.text('\\N')
  const type = bareType(vector.type)
  switch (vector.kind) {
    case 'number': case 'big': {
      const text = type.id === 'Nothing' ? '\\N' : numberText(vector.values[slot], type)
      return isTextual(type) ? dialect.plain(out, text) : out.text(text)
    }
    case 'codes': case 'bytes': return dialect.text(out, stringBytes(vector, slot))
    case 'array': return dialect.nested(out, nestedText(vector, row))
    case 'tuple':
      if (!dialect.spreadsTuples) return dialect.nested(out, nestedText(vector, row))
      vector.fields.forEach((field, i) => {
        if (i > 0) out.byte(dialect.separator)
        writeCell(out, field, slot, dialect)
      })
  }
}

function separated(
  input: FormatInput, limitBytes: number, dialect: Dialect, withNames: boolean, withTypes: boolean,
): Uint8Array {
  const out = new ByteWriter(limitBytes)
  const header = (texts: readonly string[]) => {
    texts.forEach((text, i) => {
      if (i > 0) out.byte(dialect.separator)
      dialect.text(out, encoder.encode(text))
    })
    out.byte(10)
  }
  if (withNames) header(input.columns.map(({ name }) => name))
  if (withTypes) header(input.columns.map(({ type }) => type))
  for (const block of input.blocks) {
    for (let row = 0; row < block.rowCount; row++) {
      for (let c = 0; c < block.columns.length; c++) {
        if (c > 0) out.byte(dialect.separator)
        writeCell(out, block.columns[c], row, dialect)
      }
      out.byte(10)
    }
  }
  return out.finish()
}

export const csv = (
  input: FormatInput, limitBytes: number, withNames: boolean, withTypes: boolean): Uint8Array =>
  separated(input, limitBytes, CSV, withNames, withTypes)

export const tabSeparated = (
  input: FormatInput, limitBytes: number, withNames: boolean, withTypes: boolean): Uint8Array =>
  separated(input, limitBytes, TSV, withNames, withTypes)
