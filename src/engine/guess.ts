// What a file's columns may be, from its beginning: names, types, where JSON values lie. A guess: what
// comes later in the file can differ, so types are chosen with room.
//
//   CSV      first records -> delimiter, heading, a type a column
//   NDJSON   first lines -> paths ($.a, $.a.b, $.a[:], $.a[:].b) -> a type a path
//   Parquet  the footer's schema

import { COMMA, DIALECTS, firstRecord, type CsvDialect } from '../ingest/csv.ts'
import { firstRecordBytes } from './import-pieces.ts'

export type FileFormat = 'csv' | 'ndjson' | 'parquet'

export type GuessedColumn = {
  readonly name: string
  readonly type: string
  /** Where JSON has it; null: the file has columns of its own. */
  readonly path: string | null
  /** Share of the rows that have it, in percent. */
  readonly presentPercent: number
}

export type Guess = {
  readonly format: FileFormat
  /** CSV: how it is written; null for others. */
  readonly dialect: CsvDialect | null
  readonly hasHeading: boolean
  readonly columns: readonly GuessedColumn[]
  /** The first rows, by the columns' names. */
  readonly preview: readonly Readonly<Record<string, unknown>>[]
}

/** Bytes of a file that a guess looks at. */
export const GUESS_BYTES = 256 * 1024
const ROWS_MAX = 1000
const PREVIEW_ROWS = 10
/** From so many values on, few distinct ones make a LowCardinality column. */
const LOW_CARDINALITY_VALUES = 100

/** By its name, else by its first bytes. */
export function formatOf(name: string, first: Uint8Array): FileFormat {
  const plain = name.split(/[?#]/)[0].toLowerCase().replace(/\.gz$/, '')
  if (/\.(parquet|pq)$/.test(plain) || Buffer.from(first.subarray(0, 4)).toString('latin1') === 'PAR1') return 'parquet'
  if (/\.(nd)?jsonl?$/.test(plain)) return 'ndjson'
  if (/\.[ct]sv$/.test(plain)) return 'csv'
  return first.find((byte) => byte > 32) === 123 ? 'ndjson' : 'csv'
}

/** The beginning of a file; `isWhole`: there is no more of it. */
export function guessColumns(format: 'csv' | 'ndjson', sample: Uint8Array, isWhole: boolean, dialect: CsvDialect | null = null): Guess {
  return format === 'csv' ? guessCsv(sample, isWhole, dialect ?? guessDialect(sample)) : guessJson(sample, isWhole)
}

function recordsOf(sample: Uint8Array, isWhole: boolean, dialect: CsvDialect): string[][] {
  const records: string[][] = []
  let rest = sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf ? sample.subarray(3) : sample
  while (rest.length > 0 && records.length <= ROWS_MAX) {
    const bytes = firstRecordBytes(rest, dialect)
    if (bytes === rest.length && !isWhole && rest[rest.length - 1] !== 10) break
    const cells = firstRecord(rest.subarray(0, bytes), dialect).map((cell) => cell.replace(/\r$/, ''))
    if (cells.length > 1 || cells[0].trim() !== '') records.push(cells)
    rest = rest.subarray(bytes)
  }
  return records
}

/** The delimiter that the first records have most of, all as many. */
function guessDialect(sample: Uint8Array): CsvDialect {
  const begin = sample.subarray(0, 16 * 1024)
  let best = COMMA
  let most = 0
  for (const dialect of DIALECTS) {
    const counts = recordsOf(begin, begin.length === sample.length, dialect).slice(0, 10).map((cells) => cells.length)
    const least = Math.min(...counts)
    const score = counts.length === 0 ? 0 : (least - 1) * (Math.max(...counts) === least ? 2 : 1)
    if (score > most) [best, most] = [dialect, score]
  }
  return best
}

function guessCsv(sample: Uint8Array, isWhole: boolean, dialect: CsvDialect): Guess {
  const records = recordsOf(sample, isWhole, dialect)
  const width = Math.max(0, ...records.slice(0, 100).map((cells) => cells.length))
  const columnOf = (rows: readonly string[][], index: number) => rows.map((cells) => cells[index] ?? '')
  const [first = [], ...others] = records
  const isTexts = first.length === width && new Set(first).size === width
    && first.every((cell) => cell.trim() !== '' && typeOfText(cell) === 'String')
  const hasHeading = isTexts && (others.length === 0 || first.some((cell, index) => {
    const values = columnOf(others, index)
    return typeOfTexts(values) !== 'String' || !values.includes(cell)
  }))
  const rows = hasHeading ? others : records
  const names = uniqueNames(Array.from({ length: width }, (_, index) => (hasHeading ? first[index] : `column_${index + 1}`)))
  const columns = names.map((name, index): GuessedColumn => {
    const values = columnOf(rows, index)
    const present = values.filter((value) => value !== '')
    const type = typeOfTexts(present)
    const isMissing = present.length < values.length && !type.includes('String')
    return { name, type: isMissing ? `Nullable(${type})` : type, path: null, presentPercent: percent(present.length, values.length) }
  })
  const preview = rows.slice(0, PREVIEW_ROWS).map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? null])))
  return { format: 'csv', dialect, hasHeading, columns, preview }
}

type Found = { readonly values: unknown[]; present: number }

function guessJson(sample: Uint8Array, isWhole: boolean): Guess {
  const lines = Buffer.from(sample).toString('utf8').split('\n')
  if (!isWhole) lines.pop()
  const found = new Map<string, Found>()
  let rows = 0
  const preview: Record<string, unknown>[] = []
  for (const line of lines.slice(0, ROWS_MAX)) {
    const row = parsed(line)
    if (row === null) continue
    rows++
    const seen = new Map<string, unknown>()
    walk(row, '$', seen)
    for (const [path, value] of seen) {
      const entry = found.get(path) ?? { values: [], present: 0 }
      found.set(path, entry)
      if (value === null) continue
      entry.present++
      if (Array.isArray(value) && path.includes('[:]')) entry.values.push(...value.slice(0, ROWS_MAX))
      else entry.values.push(value)
    }
    if (preview.length < PREVIEW_ROWS) preview.push(row)
  }
  const paths = [...found.keys()]
  const names = uniqueNames(paths.map((path) => path.replace(/^\$\.?/, '').replaceAll('[:]', '')))
  const columns = paths.map((path, index): GuessedColumn => {
    const { values, present } = found.get(path) as Found
    const element = typeOfValues(values)
    const isList = path.includes('[:]')
    const type = isList ? `Array(${element.replace(/^LowCardinality\((.*)\)$/, '$1')})` : present < rows ? nullable(element) : element
    return { name: names[index], type, path, presentPercent: percent(present, rows) }
  })
  return { format: 'ndjson', dialect: null, hasHeading: false, columns, preview }
}

const nullable = (type: string): string =>
  (type.startsWith('LowCardinality(') ? `LowCardinality(Nullable(${type.slice(15, -1)}))` : `Nullable(${type})`)

function parsed(line: string): Record<string, unknown> | null {
  try {
    const row: unknown = JSON.parse(line)
    return typeof row === 'object' && row !== null && !Array.isArray(row) ? row as Record<string, unknown> : null
  } catch {
    return null // a line that is none says nothing of the columns
  }
}

/** Leaves of an object by their paths. */
function walk(object: Readonly<Record<string, unknown>>, at: string, seen: Map<string, unknown>): void {
  for (const [key, value] of Object.entries(object)) {
    const path = /^[^.[\]\s]+$/.test(key) ? `${at}.${key}` : `${at}['${key}']`
    const isObject = (one: unknown) => typeof one === 'object' && one !== null && !Array.isArray(one)
    if (isObject(value)) walk(value as Record<string, unknown>, path, seen)
    else if (!Array.isArray(value)) seen.set(path, value)
    else if (value.length > 0 && value.every(isObject)) {
      for (const name of new Set(value.flatMap((one) => Object.keys(one as object)))) {
        seen.set(`${path}[:].${name}`, value.map((one) => (one as Record<string, unknown>)[name]))
      }
    } else seen.set(value.some((one) => typeof one === 'object' && one !== null) ? path : `${path}[:]`, value)
  }
}

const INTEGER = /^-?\d{1,19}$/
const UNSIGNED = /^\d{1,20}$/
const DECIMAL = /^-?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/
const DATE = /^\d{4}-[01]\d-[0-3]\d$/
const TIME = /^\d{4}-[01]\d-[0-3]\d[ T][0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/

function typeOfText(text: string): string {
  if (INTEGER.test(text) || UNSIGNED.test(text)) return 'Int'
  if (DECIMAL.test(text)) return 'Float64'
  if (DATE.test(text)) return 'Date'
  if (TIME.test(text)) return 'DateTime'
  return /^(true|false)$/i.test(text) ? 'Bool' : 'String'
}

function typeOfTexts(texts: readonly string[]): string {
  const kinds = new Set(texts.filter((text) => text !== '').map(typeOfText))
  if (kinds.size === 2 && kinds.has('Int') && kinds.has('Float64')) return 'Float64'
  if (kinds.size === 2 && kinds.has('Date') && kinds.has('DateTime')) return timeType(texts)
  if (kinds.size !== 1) return textType(texts)
  const [kind] = kinds
  if (kind === 'Int') return integerType(texts.filter((text) => text !== ''))
  return kind === 'DateTime' ? timeType(texts) : kind === 'String' ? textType(texts) : kind
}

function timeType(texts: readonly string[]): string {
  const digits = Math.max(...texts.map((text) => (/\.(\d+)/.exec(text)?.[1] ?? '').length))
  return digits === 0 ? 'DateTime' : `DateTime64(${digits <= 3 ? 3 : digits <= 6 ? 6 : 9})`
}

const textType = (texts: readonly string[]): string =>
  (texts.length >= LOW_CARDINALITY_VALUES && new Set(texts).size <= texts.length / 20 ? 'LowCardinality(String)' : 'String')

/** Larger than what was seen: more will come. */
function integerType(texts: readonly string[]): string {
  const values = texts.map(BigInt)
  if (values.some((value) => value >= 2n ** 63n)) return values.every((value) => value < 2n ** 64n && value >= 0n) ? 'UInt64' : 'String'
  return values.every((value) => value > -1_000_000n && value < 1_000_000n) ? 'Int32' : 'Int64'
}

function typeOfValues(values: readonly unknown[]): string {
  const kinds = new Set(values.map((value) => typeof value))
  if (kinds.size !== 1) return 'String'
  const [kind] = kinds
  if (kind === 'boolean') return 'Bool'
  if (kind === 'object') return 'String'
  if (kind !== 'number') {
    const type = typeOfTexts(values as string[])
    // A number in quotes is a text that happens to look so.
    return /^(U?Int|Float|Bool)/.test(type) ? textType(values as string[]) : type
  }
  return (values as number[]).every(Number.isInteger) ? integerType((values as number[]).map((value) => BigInt(value).toString())) : 'Float64'
}

const percent = (count: number, all: number): number => (all === 0 ? 0 : Math.round(100 * count / all))

/** Names that columns can have, each once. */
function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  return names.map((name, index) => {
    const plain = name.trim().replace(/\W+/g, '_').replace(/^_+|_+$/g, '') || `column_${index + 1}`
    const legal = /^\d/.test(plain) ? `_${plain}` : plain
    let unique = legal
    for (let more = 2; taken.has(unique); more++) unique = `${legal}_${more}`
    taken.add(unique)
    return unique
  })
}

/** The SCHEMA of these columns, as a .datasource file has it. */
export const schemaText = (columns: readonly GuessedColumn[], separator = ', '): string =>
  columns.map(({ name, type, path }) => `\`${name}\` ${type}${path === null ? '' : ` \`json:${path}\``}`).join(separator)
