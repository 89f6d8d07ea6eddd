// formatRow and formatRowNoNewline: the other arguments as one row of an output format.
// Invariant: the analyzer appends three constants: what the arguments are called, and their types, as arrays of texts, and
// the SETTINGS that say how values are written (settingsText).

import { lowCardinalityOf, STRING } from '../../../storage/column/data-type.ts'
import { shownTypeName } from '../../../storage/column/type-names.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { ANY_COUNT, constantInfo, constantOf, define, overDictionary } from '../base/define.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { writeJsonText } from '../values/json-string.ts'
import { writeJsonValue, writeShown } from '../values/json-value.ts'
import { cellText, isNumberType, writeMarkdownHead, writeMarkdownRow, writeVerticalRow } from './pretty-values.ts'
import {
  escapedName, headCells, separatedMarks, writeCsvValue, writeRawValue, writeTsvValue, type SeparatedStyle,
} from './separated-values.ts'
import { isTypedJson, rewordFrom, settingsOfText, stylist, type OutputSettings } from './styled-values.ts'
import { writeValue } from '../values/text.ts'
import { nullsOf } from '../values/variant-fields.ts'

/** What a row consists of. */
type Columns = {
  readonly names: readonly string[]; readonly types: readonly string[]; readonly values: readonly Vector[]
  readonly settings: OutputSettings
}
/** Writes a row with the newline at its end. */
type RowWriter = (out: ByteBuilder, columns: Columns, row: number) => void
type ValueWriter = (out: ByteBuilder, vector: Vector, row: number) => void
/** Lines before the row: of names, of types. */
type Heads = 0 | 1 | 2

/** Items between brackets, with what parts them. */
function listed(out: ByteBuilder, count: number, [open, between, close]: readonly [string, string, string], item: (index: number) => void): void {
  out.text(open)
  for (let index = 0; index < count; index++) {
    if (index > 0) out.text(between)
    item(index)
  }
  out.text(close)
}

const CELLS = { csv: writeCsvValue, tsv: writeTsvValue, raw: writeRawValue }

/** `end`: of a line, whatever SETTINGS say. */
const separated = (style: SeparatedStyle, heads: Heads, end: string | null = null): RowWriter => (out, { names, types, values, settings }, row) => {
  const marks = separatedMarks(style, settings)
  const { between, missing } = marks
  for (const cells of headCells(style, names, types).slice(0, heads)) {
    out.text(`${cells.map((cell) => escapedName(style, cell)).join(between)}${end ?? marks.end}`)
  }
  listed(out, values.length, ['', between, end ?? marks.end],
    (index) => CELLS[style](out, values[index], row, between.charCodeAt(0), missing))
}

const object = (write: ValueWriter): RowWriter => (out, { names, values }, row) =>
  listed(out, values.length, ['{', ',', '}'], (index) => {
    writeJsonText(out, names[index])
    out.text(':')
    write(out, values[index], row)
  })

const list = (write: ValueWriter): RowWriter => (out, { values }, row) =>
  listed(out, values.length, ['[', ', ', ']'], (index) => write(out, values[index], row))

const line = (write: RowWriter): RowWriter => (out, columns, row) => {
  write(out, columns, row)
  out.text('\n')
}

const compact = (write: ValueWriter, heads: Heads): RowWriter => (out, columns, row) => {
  for (const head of [columns.names, columns.types.map(shownTypeName)].slice(0, heads)) {
    listed(out, head.length, ['[', ', ', ']\n'], (index) => writeJsonText(out, head[index]))
  }
  line(list(write))(out, columns, row)
}

/** What the columns are, then the row. */
const withProgress = (write: RowWriter): RowWriter => (out, columns, row) => {
  listed(out, columns.names.length, ['{"meta":[', ',', ']}\n'], (index) => {
    out.text('{"name":')
    writeJsonText(out, columns.names[index])
    out.text(',"type":')
    writeJsonText(out, shownTypeName(columns.types[index]))
    out.text('}')
  })
  out.text('{"row":')
  write(out, columns, row)
  out.text('}\n')
}

const quoted: ValueWriter = (out, vector, row) => {
  if (nullsOf(vector)?.[vector.isConst ? 0 : row] === 1) out.text('NULL')
  else writeValue(out, vector, row, true)
}

/** A name as TSKV has it: an equals sign would end it. */
const tskvName = (name: string): string => name.split("'").map((part) => escapedName('tsv', part)).join("'").replaceAll('=', '\\=')

const tskv: RowWriter = (out, { names, values, settings }, row) => {
  const { between, missing } = separatedMarks('tsv', settings)
  listed(out, values.length, ['', between, '\n'], (index) => {
    out.text(`${tskvName(names[index])}=`)
    writeTsvValue(out, values[index], row, undefined, missing)
  })
}

const sqlInsert: RowWriter = (out, { names, values }, row) => {
  listed(out, names.length, ['INSERT INTO table (', ', ', ') VALUES '], (index) => out.text(`\`${names[index]}\``))
  listed(out, values.length, ['(', ', ', ');\n'], (index) => quoted(out, values[index], row))
}

const vertical: RowWriter = (out, { names, values }, row) =>
  writeVerticalRow(out, 'Row 1:', names, values.map((value) => cellText(out, value, row, false)),
    values.map(({ type }) => isNumberType(type.name)))

const markdown: RowWriter = (out, { names, types, values }, row) => {
  writeMarkdownHead(out, names, types)
  writeMarkdownRow(out, values, row)
}

/** By the names of formats in small letters; `WithNames` and `WithNamesAndTypes` may stand behind those with heads. */
const WITH_HEADS: Readonly<Record<string, (heads: Heads) => RowWriter>> = {
  csv: (heads) => separated('csv', heads),
  ...Object.fromEntries(['tsv', 'tabseparated'].map((name) => [name, (heads: Heads) => separated('tsv', heads)])),
  customseparated: (heads) => separated('tsv', heads, '\n'),
  ...Object.fromEntries(['tsvraw', 'tabseparatedraw', 'raw'].map((name) => [name, (heads: Heads) => separated('raw', heads)])),
  jsoncompacteachrow: (heads) => compact(writeJsonValue, heads),
  jsoncompactstringseachrow: (heads) => compact(writeShown, heads),
}

const EACH_ROW = object(writeJsonValue)
const OTHERS: Readonly<Record<string, RowWriter>> = {
  ...Object.fromEntries(['jsoneachrow', 'jsonlines', 'ndjson'].map((name) => [name, line(EACH_ROW)])),
  jsonstringseachrow: line(object(writeShown)),
  jsoneachrowwithprogress: withProgress(EACH_ROW), jsonstringseachrowwithprogress: withProgress(object(writeShown)),
  jsoncompacteachrowwithprogress: withProgress(list(writeJsonValue)),
  jsoncompactstringseachrowwithprogress: withProgress(list(writeShown)),
  tskv, sqlinsert: sqlInsert, vertical, markdown, md: markdown, lineasstring: separated('raw', 0),
}

const values: RowWriter = (out, { values: all }, row) =>
  listed(out, all.length, ['(', ',', ')'], (index) => quoted(out, all[index], row))

function writerOf(name: string, format: string): RowWriter {
  const [, base, head] = /^(.*?)(withnames|withnamesandtypes)?$/.exec(format.toLowerCase()) as RegExpExecArray
  if (Object.hasOwn(WITH_HEADS, base)) return WITH_HEADS[base](head === undefined ? 0 : head === 'withnames' ? 1 : 2)
  if (head === undefined && Object.hasOwn(OTHERS, base)) return OTHERS[base]
  if (head === undefined && base === 'values') return values
  throw new FunctionError(`${name} does not write rows of the format ${format}: use CSV, TSV, TSVRaw, CustomSeparated, `
    + 'JSONCompactEachRow, JSONCompactStringsEachRow (each also WithNames and WithNamesAndTypes), JSONEachRow, JSONStringsEachRow '
    + '(these also WithProgress), TSKV, Values, SQLInsert, Vertical, Markdown or LineAsString', 'UNKNOWN_FORMAT')
}

const NEWLINE = 10

const rowFormatter = (name: string, hasNewline: boolean): FunctionDef => define(name, [2, ANY_COUNT], (args) => {
  if (args.length < 5) throw new FunctionError(`${name} takes a format and at least one value`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  if (args[0].type.id !== 'String') throw new FunctionError(`The first argument of ${name} is the constant name of a format`)
  writerOf(name, String(constantInfo(name, args, 0)))
  return overDictionary(args.slice(1, -3)) ? lowCardinalityOf(STRING) : STRING
}, (args, type, rowCount, { account }) => {
  const format = String(constantOf(name, args, 0))
  const write = writerOf(name, format)
  const settings = settingsOfText(String(constantOf(name, args, args.length - 1)))
  const isJson = isTypedJson(format)
  const cells = args.slice(1, -3)
  const columns: Columns = {
    names: constantOf(name, args, args.length - 3) as readonly string[],
    types: constantOf(name, args, args.length - 2) as readonly string[],
    values: cells.map(stylist(settings, isJson, account) ?? ((cell) => cell)), settings,
  }
  const out = new ByteBuilder(rowCount, account)
  for (let row = 0; row < rowCount; row++) {
    const start = out.length
    write(out, columns, row)
    if (/json/i.test(format)) rewordFrom(out, start, settings)
    if (!hasNewline && out.length > 0 && out.bytes[out.length - 1] === NEWLINE && write !== values) out.length--
    out.endRow()
  }
  return out.finish(type)
}, { nulls: 'own' })

export const FORMAT_ROW: readonly FunctionDef[] = [rowFormatter('formatRow', true), rowFormatter('formatRowNoNewline', false)]
