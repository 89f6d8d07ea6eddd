// Output formats by name: blocks to finished bytes, ready for the socket.
//
//   exec/pipeline.ts -> formatResult -> server/answer.ts

import { csv, tabSeparated } from './separated.ts'
import { json, jsonEachRow } from './json.ts'
import { pretty, vertical } from './pretty.ts'
import type { FormatInput, FormatStats } from './result.ts'

export { ResultTooLarge } from './result.ts'

type Formatter = (input: FormatInput, stats: FormatStats, limitBytes: number) => Uint8Array

const eachRow: Formatter = (input, _stats, limit) => jsonEachRow(input, limit)
const asPretty: Formatter = (input, _stats, limit) => pretty(input, limit)
const asCsv = (withNames: boolean, withTypes = false): Formatter =>
  (input, _stats, limit) => csv(input, limit, withNames, withTypes)
const asTsv = (withNames: boolean, withTypes = false): Formatter =>
  (input, _stats, limit) => tabSeparated(input, limit, withNames, withTypes)

const FORMATS: Readonly<Record<string, Formatter>> = {
  json: (input, stats, limit) => json(input, stats, limit, false),
  jsoncompact: (input, stats, limit) => json(input, stats, limit, true),
  jsoneachrow: eachRow, jsonlines: eachRow, ndjson: eachRow,
  csv: asCsv(false), csvwithnames: asCsv(true), csvwithnamesandtypes: asCsv(true, true),
  tsv: asTsv(false), tabseparated: asTsv(false),
  tsvwithnames: asTsv(true), tabseparatedwithnames: asTsv(true),
  tsvwithnamesandtypes: asTsv(true, true), tabseparatedwithnamesandtypes: asTsv(true, true),
  pretty: asPretty, prettycompact: asPretty,
  vertical: (input, _stats, limit) => vertical(input, limit),
  null: () => new Uint8Array(0),
}

/** A format that is asked for and does not exist. */
export class UnknownFormat extends Error {
  constructor(name: string) {
    super(`Unknown format ${name}: known are JSON, JSONCompact, JSONEachRow, CSV, CSVWithNames, `
      + 'TabSeparated, TabSeparatedWithNames, Pretty, Vertical')
    this.name = 'UnknownFormat'
  }
}

export const isKnownFormat = (name: string): boolean => name.toLowerCase() in FORMATS

/** The result in a format (any case). Throws ResultTooLarge beyond `limitBytes`, UnknownFormat. */
export function formatResult(
  format: string, input: FormatInput, stats: FormatStats, limitBytes: number): Uint8Array {
  const formatter = FORMATS[format.toLowerCase()]
  if (formatter === undefined) throw new UnknownFormat(format)
  return formatter(input, stats, limitBytes)
}
