// The output formats by ClickHouse's names: rows to finished bytes, ready for the socket.

import type { WrittenRows } from '../exec/order/written-rows.ts'
import type { ByteBuilder } from '../functions/values/byte-builder.ts'
import type { SeparatedStyle } from '../functions/strings/separated-values.ts'
import { isTypedJson, worded } from '../functions/strings/styled-values.ts'
import { withValidUtf8 } from '../functions/values/utf8.ts'
import { QueryError } from '../plan/plan.ts'
import { isSwitchedOn } from '../functions/values/switches.ts'
import { writeJson, writeJsonEachRow, writtenJson, type Means } from './json.ts'
import { isParquetLoaded, loadParquet, parquetOf } from './parquet.ts'
import { writePretty, writeVertical } from './pretty.ts'
import { writePrometheus } from './prometheus.ts'
import { newSink, NEW_BYTES, ResultTooLarge, type AnswerBytes, type QueryResult, type ResultStats } from './result.ts'
import { writeCompactRows, writeJsonColumns, writeMarkdown, writeStringRows, writeValues } from './rows.ts'
import { writeSeparated, type HeadLines } from './separated.ts'
import { styled } from './styled.ts'

type Check = (out: ByteBuilder) => void
type Writer = (out: ByteBuilder, result: QueryResult, stats: ResultStats, check: Check, means: Means) => void

const separated = (style: SeparatedStyle, headLines: HeadLines): Writer =>
  (out, result, _stats, check) => writeSeparated(out, result, style, headLines, check)
const compactRows = (headLines: HeadLines): Writer => (out, result, _stats, check) => writeCompactRows(out, result, headLines, check)
const eachRow: Writer = (out, result, _stats, check, means) => writeJsonEachRow(out, result, means, check)

/** Names with lines of names and types. */
const withHeads = (names: readonly string[], of: (headLines: HeadLines) => Writer): Readonly<Record<string, Writer>> =>
  Object.fromEntries(names.flatMap((name) =>
    [[name, of(0)], [`${name}WithNames`, of(1)], [`${name}WithNamesAndTypes`, of(2)]]))

const FORMATS: Readonly<Record<string, Writer>> = {
  JSON: (out, result, stats, check, means) => writeJson(out, result, stats, false, means, check),
  JSONCompact: (out, result, stats, check, means) => writeJson(out, result, stats, true, means, check),
  JSONEachRow: eachRow, JSONLines: eachRow, NDJSON: eachRow,
  ...withHeads(['CSV'], (headLines) => separated('csv', headLines)),
  ...withHeads(['TabSeparated', 'TSV'], (headLines) => separated('tsv', headLines)),
  ...withHeads(['TabSeparatedRaw', 'TSVRaw'], (headLines) => separated('raw', headLines)),
  ...withHeads(['JSONCompactEachRow'], compactRows),
  JSONStringsEachRow: (out, result, _stats, check) => writeStringRows(out, result, check),
  JSONColumns: (out, result, _stats, check) => writeJsonColumns(out, result, check),
  Values: (out, result, _stats, check) => writeValues(out, result, check),
  Markdown: (out, result, _stats, check) => writeMarkdown(out, result, check),
  Null: () => {},
  Pretty: (out, result, _stats, check) => writePretty(out, result, false, check),
  PrettyCompact: (out, result, _stats, check) => writePretty(out, result, true, check),
  Vertical: (out, result, _stats, check) => writeVertical(out, result, check),
  Prometheus: (out, result, _stats, check) => writePrometheus(out, result, check),
}

const NEWLINE = 10
const COMMA = 44
const OPENED = 91
const CLOSED = 93

/** Not written value by value into a sink. */
const PARQUET = 'Parquet'

export const formatNames = (): string[] => [...Object.keys(FORMATS), PARQUET]

/** Throws QueryError for a format that is not here. Call it before the query runs. */
export function checkFormat(name: string): void {
  if (FORMATS[name] === undefined && name !== PARQUET) {
    throw new QueryError(`Format ${name} is not supported yet; use one of ${formatNames().join(', ')}`,
      null, 'UNKNOWN_FORMAT')
  }
}

/** What has to be awaited before formatResult() knows a format; null: nothing. */
export const preparation = (name: string): Promise<void> | null =>
  name === PARQUET && !isParquetLoaded() ? loadParquet() : null

/** The result's bytes in a buffer of their own or in `memory` (it leaves the worker). Throws ResultTooLarge. */
export function formatResult(
  name: string, result: QueryResult, stats: ResultStats, bytesMax: number, means: Means, memory = NEW_BYTES,
): Uint8Array {
  checkFormat(name)
  if (result.written) return writtenResult(name, result, result.written, stats, bytesMax, means, memory)
  if (name === PARQUET) return parquetOf(result, bytesMax, means.account)
  const out = newSink(means.account)
  const shown = styled(result, isTypedJson(name), means.account)
  FORMATS[name](out, shown, stats, (sink) => {
    if (sink.length > bytesMax) throw new ResultTooLarge(bytesMax)
  }, means)
  return reworded(name, out.bytes.slice(0, out.length), result, false)
}

function writtenResult(
  name: string, result: QueryResult, rows: WrittenRows, stats: ResultStats, bytesMax: number, means: Means, memory: AnswerBytes,
): Uint8Array {
  const { bytes, isValid } = writtenJson(name, result, rows, stats, bytesMax, means, memory)
  let answer: Uint8Array | null = null
  try {
    return answer = reworded(name, bytes, result, isValid)
  } finally {
    if (answer !== bytes) memory.giveBack(bytes)
  }
}

/** Formats of JSON that are an object a line. */
const LINES: ReadonlySet<string> = new Set(['JSONEachRow', 'JSONLines', 'NDJSON', 'JSONStringsEachRow'])

/** Formats whose bytes are always valid UTF-8. */
const VALID: ReadonlySet<string> = new Set(['JSON', 'JSONCompact'])

/** JSON as settings want its text: of valid characters (`isValid`: it is), slashes without an escape, lines as one list. */
function reworded(name: string, bytes: Uint8Array, { settings }: QueryResult, isValid: boolean): Uint8Array {
  if (!name.includes('JSON')) return bytes
  const valid = VALID.has(name) && !isValid ? withValidUtf8(bytes) : bytes
  if (settings === undefined) return valid
  const plain = worded(valid, settings)
  return LINES.has(name) && isSwitchedOn(settings, 'output_format_json_array_of_rows') ? asList(plain) : plain
}

/** Within a value of JSON there is no end of a line. */
function asList(lines: Uint8Array): Uint8Array {
  const body = lines.length === 0 ? Uint8Array.of(NEWLINE) : lines
  let rows = 0
  for (let at = body.indexOf(NEWLINE); at >= 0; at = body.indexOf(NEWLINE, at + 1)) rows++
  const list = new Uint8Array(body.length + rows + 3)
  list.set([OPENED, NEWLINE])
  let end = 2
  for (const byte of body) {
    if (byte === NEWLINE && --rows > 0) list[end++] = COMMA
    list[end++] = byte
  }
  list.set([CLOSED, NEWLINE], end)
  return list
}
