// The CSV kernel against its reference and against csv-parse: same rows, same counts, same quarantine,
// whatever the bytes; records cut where csvSplit says are those of the whole; and nothing written outside
// of its buffers.

import { isDeepStrictEqual } from 'node:util'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { CsvDialect } from '../../src/ingest/csv.ts'
import { RecordSplitter, SplitterRoom } from '../../src/ingest/record-splitter.ts'
import { benchOf, parseBodies, planOf, type Bench, type Parsed } from '../../src/ingest/test-rows.ts'

const kernel = benchOf(true)
const reference = benchOf(false)
const rooms = [kernel, reference].map(({ work, kernels }) => new SplitterRoom(work, kernels))

const TYPED = ['s String', 'n Int32', 'f Nullable(Float64)', 't Nullable(DateTime)', 'l LowCardinality(Nullable(String))', 'a Array(String) DEFAULT []', 'd String DEFAULT \'none\'']
const DIALECTS: readonly CsvDialect[] = [
  { delimiter: 44, quote: 34, escape: -1 }, { delimiter: 59, quote: 39, escape: 92 }, { delimiter: 9, quote: 34, escape: 34 }, { delimiter: 124, quote: -1, escape: -1 },
]
const dialects = fc.constantFrom(...DIALECTS)

function parsed(bench: Bench, columns: readonly string[], bytes: Uint8Array, dialect: CsvDialect): Parsed {
  const names = columns.map((column) => /^\w+/.exec(column)?.[0] as string)
  return parseBodies(bench, planOf(...columns), [{ bytes, format: 'ndjson', gzip: false, csv: { dialect, columns: names }, firstLine: 7 }])
}

function agree(columns: readonly string[], bytes: Uint8Array, dialect: CsvDialect): Parsed {
  const [ours, theirs] = [kernel, reference].map((bench) => parsed(bench, columns, bytes, dialect))
  if (!isDeepStrictEqual(ours, theirs)) expect(ours).toEqual(theirs)
  return ours
}

const cells = fc.oneof(
  fc.constantFrom('', '1', '-2.5', 'x', '""', '"', '\\N', '"a""b"', '"a\nb"', '\'q\'', '[\'p\',"q"]', '"[1,2]"', '2024-01-02 03:04:05', ' ', '"x" ', '"x"y', '\\', '\r', '"\\""', '\0', '\ufeff'),
  fc.string({ unit: 'binary', maxLength: 30 }), fc.integer().map(String), fc.nat(40).map((n) => `"${'long, '.repeat(n)}"`),
)
const texts = fc.tuple(fc.array(fc.array(cells, { minLength: 1, maxLength: 9 }), { maxLength: 12 }), fc.constantFrom(',', ';', '\t', '|'), fc.constantFrom('\n', '\r\n', '\n\n', '\n\r\n'))
  .map(([rows, delimiter, end]) => Buffer.from(rows.map((row) => row.join(delimiter)).join(end)))
const hostile = fc.array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...'",;\t|\'\\\n\r a1'.split('').map((letter) => letter.charCodeAt(0))) }, { weight: 1, arbitrary: fc.nat(255) }), { maxLength: 300 })
  .map((list) => Uint8Array.from(list))

it('reads any bytes as its reference does', () => {
  fc.assert(fc.property(fc.oneof(texts, hostile), dialects, (bytes, dialect) => { agree(TYPED, bytes, dialect) }), { numRuns: 300 })
})

it('reads records over many windows of input, and those longer than one', () => {
  const rows = Array.from({ length: 400 }, (_, i) => `row ${i},${i},${i / 4},,${i % 2 === 0 ? '\\N' : '"a\n""b"""'},"['x']",${'y'.repeat(i % 9 === 0 ? 40_000 : 3)}`)
  const { rows: found, quarantine } = agree(TYPED, Buffer.from(`${rows.join('\n')}\n"never closed,1`), DIALECTS[0])
  expect(found).toHaveLength(400)
  expect(found[1]).toEqual({ s: 'row 1', n: 1, f: 0.25, t: null, l: 'a\n"b"', a: ['x'], d: 'yyy' })
  expect(quarantine).toMatchObject([{ c__error: [expect.stringMatching(/a quote at byte 1 is not closed/) as string] }])
})

it('says of records that do not fit where and why', () => {
  const bytes = Buffer.from('a,1,,,,,\nb,x,,,,,\n"c"d,1,,,,,\ne,1\nf,1,,,,,,7\ng,1,,,,,,\n')
  const { rows, perBody, quarantine } = agree(TYPED, bytes, DIALECTS[0])
  expect(rows.map(({ s }) => s)).toEqual(['a', 'g'])
  expect(perBody[0].firstError).toBe("line 8: value 'x' on column 'n' is not Int32")
  expect(quarantine.map((row) => (row.c__error as string[])[0])).toEqual([
    "value 'x' on column 'n' is not Int32", "unexpected 'd' at byte 4, behind a closing quote: \"c\"d,1,,,,,",
    'fewer fields than the file has columns: e,1', 'more fields than the file has columns, the first at byte 10: f,1,,,,,,7',
  ])
})

it('reads records as csv-parse does', () => {
  fc.assert(fc.property(fc.oneof(texts, hostile), fc.constantFrom(...DIALECTS.slice(0, 3)), (bytes, dialect) => {
    let theirs: string[][]
    // A CR that ends the input ends its line, as in ClickHouse; csv-parse takes it for text.
    const ended = bytes[bytes.length - 1] === 13 ? [...bytes, 10] : bytes
    try {
      theirs = parse(Buffer.from(ended), {
        delimiter: String.fromCharCode(dialect.delimiter), quote: String.fromCharCode(dialect.quote), escape: String.fromCharCode(dialect.escape < 0 ? dialect.quote : dialect.escape),
        record_delimiter: ['\r\n', '\n'], relax_quotes: true, relax_column_count: true, skip_empty_lines: true, encoding: 'latin1',
      }) as string[][]
    } catch {
      return // It takes no quote but at the beginning and end of a field.
    }
    const { rows } = agree(['a String', 'b String', 'c String'], bytes, dialect)
    const width = theirs.filter((row) => row.length === 3 || (row.length > 3 && row.slice(3).every((cell) => cell === '')))
    if (theirs.every((row) => !row.some((cell) => cell.includes('"') || cell.includes('\'')))) {
      expect(rows.map(({ a, b, c }) => [a, b, c])).toEqual(width.map((row) => row.slice(0, 3)))
    }
  }), { numRuns: 300, examples: [[Uint8Array.from([9, 9, 13]), DIALECTS.find(({ delimiter }) => delimiter === 9) ?? DIALECTS[0]]] })
})

it('cuts a stream where records end, wherever its pieces do', () => {
  fc.assert(fc.property(fc.oneof(texts, hostile), dialects, fc.array(fc.nat(), { maxLength: 5 }), (bytes, dialect, cuts) => {
    const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)
    const ends = rooms.map((room) => {
      const splitter = new RecordSplitter(room, dialect)
      let from = 0
      let last = 0
      for (const place of places) {
        last = Math.max(last, splitter.endOf(bytes.subarray(0, place), from))
        from = place
      }
      return last
    })
    expect(ends[1]).toBe(ends[0])
    expect(rooms[0].kernels.csvLines(0, 0)).toBe(0)
    const splitter = new RecordSplitter(rooms[0], dialect)
    expect(splitter.linesOf(bytes)).toBe(bytes.reduce((sum, byte) => sum + Number(byte === 10), 0))
    const columns = ['a String', 'b String', 'c String']
    const whole = agree(columns, bytes, dialect)
    const parts = [bytes.subarray(0, ends[0]), bytes.subarray(ends[0])].map((part) => agree(columns, part, dialect))
    expect(parts.flatMap(({ rows }) => rows)).toEqual(whole.rows)
    expect(parts.flatMap(({ quarantine }) => quarantine)).toEqual(whole.quarantine)
  }), { numRuns: 200 })
})
