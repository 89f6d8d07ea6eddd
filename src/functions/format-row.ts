// formatRow and formatRowNoNewline: the other arguments as one row of an output format.
// Invariant: the analyzer appends a constant: what the arguments are called, as an array of texts.

import { lowCardinalityOf, STRING } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { ByteBuilder } from './byte-builder.ts'
import { ANY_COUNT, constantInfo, constantOf, define, overDictionary } from './define.ts'
import { FunctionError, type FunctionDef } from './function.ts'
import { writeJsonText } from './json-string.ts'
import { writeJsonValue, writeShown } from './json-value.ts'
import { writeCsvValue, writeRawValue, writeTsvValue } from './separated-values.ts'
import { writeValue } from './text.ts'
import { nullsOf } from './variant-fields.ts'

/** What stands around and between the values of a row, and how each is written. */
type RowForm = {
  readonly before: string
  readonly between: string
  readonly after: string
  readonly write: (out: ByteBuilder, vector: Vector, row: number) => void
  /** `"name":` before each value. */
  readonly isNamed?: boolean
}

const EACH_ROW: RowForm = { before: '{', between: ',', after: '}\n', write: writeJsonValue, isNamed: true }
const TABS: RowForm = { before: '', between: '\t', after: '\n', write: writeTsvValue }
const RAW: RowForm = { ...TABS, write: writeRawValue }

/** By the names of formats in small letters. */
const FORMS: Readonly<Record<string, RowForm>> = {
  csv: { before: '', between: ',', after: '\n', write: writeCsvValue },
  tsv: TABS, tabseparated: TABS, tsvraw: RAW, tabseparatedraw: RAW, raw: RAW,
  jsoneachrow: EACH_ROW, jsonlines: EACH_ROW, ndjson: EACH_ROW,
  customseparated: TABS, jsonstringseachrow: { ...EACH_ROW, write: writeShown },
  jsoncompactstringseachrow: { before: '[', between: ', ', after: ']\n', write: writeShown },
  jsoncompacteachrow: { before: '[', between: ', ', after: ']\n', write: writeJsonValue },
  values: { before: '(', between: ',', after: ')', write: (out, vector, row) => {
    if (nullsOf(vector)?.[vector.isConst ? 0 : row] === 1) out.text('NULL')
    else writeValue(out, vector, row, true)
  } },
}

function formOf(name: string, format: string): RowForm {
  const form = Object.hasOwn(FORMS, format.toLowerCase()) ? FORMS[format.toLowerCase()] : undefined
  if (form !== undefined) return form
  throw new FunctionError(`${name} does not write rows of the format ${format}: use CSV, TSV, TSVRaw, CustomSeparated, `
    + 'JSONEachRow, JSONCompactEachRow, JSONStringsEachRow, JSONCompactStringsEachRow or Values', 'UNKNOWN_FORMAT')
}

const rowFormatter = (name: string, hasNewline: boolean): FunctionDef => define(name, [2, ANY_COUNT], (args) => {
  if (args.length < 3) throw new FunctionError(`${name} takes a format and at least one value`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  if (args[0].type.id !== 'String') throw new FunctionError(`The first argument of ${name} is the constant name of a format`)
  formOf(name, String(constantInfo(name, args, 0)))
  return overDictionary(args.slice(1, -1)) ? lowCardinalityOf(STRING) : STRING
}, (args, type, rowCount, { account }) => {
  const form = formOf(name, String(constantOf(name, args, 0)))
  const names = constantOf(name, args, args.length - 1) as readonly string[]
  const values = args.slice(1, -1)
  const after = hasNewline ? form.after : form.after.trimEnd()
  const out = new ByteBuilder(rowCount, account)
  for (let row = 0; row < rowCount; row++) {
    out.text(form.before)
    values.forEach((value, index) => {
      if (index > 0) out.text(form.between)
      if (form.isNamed === true) {
        writeJsonText(out, names[index])
        out.text(':')
      }
      form.write(out, value, row)
    })
    out.text(after)
    out.endRow()
  }
  return out.finish(type)
}, { nulls: 'own' })

export const FORMAT_ROW: readonly FunctionDef[] = [rowFormatter('formatRow', true), rowFormatter('formatRowNoNewline', false)]
