// JSON, JSONCompact and JSONEachRow.

import type { Vector } from '../../storage/column/vector.ts'
import type { ByteBuilder } from '../functions/byte-builder.ts'
import { writeJsonText, writeJsonValue } from '../functions/json-value.ts'
import { rowCountOf, type QueryResult, type ResultStats } from './result.ts'

/** Calls `check` after every row: a result that is too large ends early. */
type Check = (out: ByteBuilder) => void

function keysOf(result: QueryResult): string[] {
  return result.columns.map(({ name }) => `${JSON.stringify(name).replaceAll('/', '\\/')}:`)
}

function writeMeta(out: ByteBuilder, result: QueryResult): void {
  out.text('{"meta":[')
  result.columns.forEach(({ name, type }, index) => {
    out.text(index === 0 ? '{"name":' : ',{"name":')
    writeJsonText(out, name)
    out.text(',"type":')
    writeJsonText(out, type)
    out.text('}')
  })
  out.text('],"data":[')
}

function writeEnd(out: ByteBuilder, result: QueryResult, stats: ResultStats): void {
  out.text(`,"rows":${rowCountOf(result)}`)
  if (result.rowsBeforeLimit !== null) out.text(`,"rows_before_limit_at_least":${result.rowsBeforeLimit}`)
  out.text(`,"statistics":{"elapsed":${(stats.elapsedMs / 1000).toFixed(6)},"rows_read":${stats.rowsRead},`
    + `"bytes_read":${stats.bytesRead}}}`)
}

/** Rows as objects or, `isCompact`, as arrays, in the envelope of ClickHouse's JSON formats. */
export function writeJson(
  out: ByteBuilder, result: QueryResult, stats: ResultStats, isCompact: boolean, check: Check,
): void {
  const keys = keysOf(result)
  writeMeta(out, result)
  let isFirst = true
  for (const { columns, rowCount } of result.blocks) {
    for (let row = 0; row < rowCount; row++) {
      if (!isFirst) out.byte(44)
      isFirst = false
      writeRow(out, columns, row, isCompact ? null : keys)
      check(out)
    }
  }
  out.text(']')
  if (result.totals !== null && result.totals !== undefined) {
    out.text(',"totals":')
    writeRow(out, result.totals.columns, 0, isCompact ? null : keys)
  }
  writeEnd(out, result, stats)
}

/** An object by `keys`; without, an array. */
function writeRow(
  out: ByteBuilder, columns: readonly Vector[], row: number, keys: readonly string[] | null,
): void {
  out.byte(keys === null ? 91 : 123)
  columns.forEach((column, index) => {
    if (index > 0) out.byte(44)
    if (keys !== null) out.text(keys[index])
    writeJsonValue(out, column, row)
  })
  out.byte(keys === null ? 93 : 125)
}

/** One object a line. */
export function writeJsonEachRow(out: ByteBuilder, result: QueryResult, check: Check): void {
  const keys = keysOf(result)
  for (const { columns, rowCount } of result.blocks) {
    for (let row = 0; row < rowCount; row++) {
      out.byte(123)
      columns.forEach((column, index) => {
        if (index > 0) out.byte(44)
        out.text(keys[index])
        writeJsonValue(out, column, row)
      })
      out.text('}\n')
      check(out)
    }
  }
}
