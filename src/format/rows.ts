// Formats of rows that are less asked for: JSONCompactEachRow and JSONStringsEachRow, JSONColumns, Values, Markdown.

import { shownTypeName } from '../../storage/column/type-names.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { ByteBuilder } from '../functions/values/byte-builder.ts'
import { writeJsonText } from '../functions/values/json-string.ts'
import { writeJsonValue, writeShown } from '../functions/values/json-value.ts'
import { writeValue } from '../functions/values/text.ts'
import { nullsOf } from '../functions/values/variant-fields.ts'
import { writeMarkdownHead, writeMarkdownRow } from '../functions/strings/pretty-values.ts'
import type { QueryResult } from './result.ts'
import type { HeadLines } from './separated.ts'

type Check = (out: ByteBuilder) => void

function eachRow(result: QueryResult, each: (columns: readonly Vector[], row: number) => void): void {
  for (const { columns, rowCount } of result.blocks) for (let row = 0; row < rowCount; row++) each(columns, row)
}

/** A list a line; lists of names and types before them. */
export function writeCompactRows(out: ByteBuilder, result: QueryResult, headLines: HeadLines, check: Check): void {
  const heads = [result.columns.map(({ name }) => name), result.columns.map(({ type }) => shownTypeName(type))]
  const list = (count: number, item: (index: number) => void) => {
    out.byte(91)
    for (let index = 0; index < count; index++) {
      if (index > 0) out.text(', ')
      item(index)
    }
    out.text(']\n')
  }
  for (const head of heads.slice(0, headLines)) list(head.length, (index) => { writeJsonText(out, head[index]) })
  eachRow(result, (columns, row) => {
    list(columns.length, (index) => { writeJsonValue(out, columns[index], row) })
    check(out)
  })
}

/** An object a line, all values as texts. */
export function writeStringRows(out: ByteBuilder, result: QueryResult, check: Check): void {
  eachRow(result, (columns, row) => {
    columns.forEach((column, index) => {
      out.byte(index === 0 ? 123 : 44)
      writeJsonText(out, result.columns[index].name)
      out.byte(58)
      writeShown(out, column, row)
    })
    out.text('}\n')
    check(out)
  })
}

/** A list of all values for each column. */
export function writeJsonColumns(out: ByteBuilder, result: QueryResult, check: Check): void {
  out.text('{\n')
  result.columns.forEach(({ name }, index) => {
    out.text(index === 0 ? '\t' : ',\n\t')
    writeJsonText(out, name)
    out.text(': [')
    let isFirst = true
    eachRow(result, (columns, row) => {
      if (!isFirst) out.text(', ')
      isFirst = false
      writeJsonValue(out, columns[index], row)
      check(out)
    })
    out.byte(93)
  })
  out.text('\n}\n')
}

/** `(1,'a'),(2,'b')`: what stands behind VALUES. */
export function writeValues(out: ByteBuilder, result: QueryResult, check: Check): void {
  let isFirst = true
  eachRow(result, (columns, row) => {
    out.text(isFirst ? '(' : ',(')
    isFirst = false
    columns.forEach((column, index) => {
      if (index > 0) out.byte(44)
      const at = column.isConst ? 0 : row
      if ((nullsOf(column)?.[at] ?? 0) !== 0) out.text('NULL')
      else writeValue(out, column, at, true)
    })
    out.byte(41)
    check(out)
  })
}

/** A table of Markdown. */
export function writeMarkdown(out: ByteBuilder, result: QueryResult, check: Check): void {
  writeMarkdownHead(out, result.columns.map(({ name }) => name), result.columns.map(({ type }) => type))
  eachRow(result, (columns, row) => {
    writeMarkdownRow(out, columns, row)
    check(out)
  })
}
