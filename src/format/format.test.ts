import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { vectorOf } from '../functions/values/values.ts'
import type { Value } from '../functions/values/value.ts'
import { startOracle, type Oracle } from '../../test/oracle/oracle.ts'
import { formatResult, preparation } from './format.ts'

const work = new WorkMemory(64 * 2 ** 20)
const account = new MemoryAccount(work, 32 * 2 ** 20)
const means = { account, kernels: loadKernels(work) }
const stats = { elapsedMs: 1, rowsRead: 3, bytesRead: 4 }

/** A column: its name, type, the SQL of each row's value for the oracle, and the value. */
const COLUMNS: readonly [string, string, readonly string[], readonly Value[]][] = [
  ['n', 'UInt8', ['1', '255'], [1, 255]],
  ['big', 'UInt64', ['18446744073709551615', '5'], [18446744073709551615n, 5n]],
  ['f', 'Float64', ['1.5', '1e21'], [1.5, 1e21]],
  ['na/n', 'Float64', ['nan', '-inf'], [Number.NaN, Number.NEGATIVE_INFINITY]],
  ['s', 'String', ["'a\"b/c\\\\d\\'\\n\\t'", "'é\\x01'"], ['a"b/c\\d\'\n\t', 'é\x01']],
  ['maybe', 'Nullable(String)', ['NULL', "'x'"], [null, 'x']],
  ['d', 'Date', ["'2024-02-29'", "'1970-01-01'"], [19782, 0]],
  ['t', 'DateTime', ["'2024-02-29 12:34:56'", "'1970-01-01 00:00:00'"], [1709210096, 0]],
  ['b', 'Bool', ['true', 'false'], [true, false]],
  ['list', 'Array(String)', ["['a','b\\'c']", '[]'], [['a', "b'c"], []]],
  ['v', 'Variant(Array(UInt8), String)', ['[1,2]', "'a\"\\tb'"], [[0, [1, 2], ''], [1, [], 'a"\tb']]],
]

let oracle: Oracle
beforeAll(async () => { oracle = await startOracle() })
afterAll(() => oracle.close())

const result = (chosen: readonly (typeof COLUMNS)[number][] = COLUMNS) => ({
  columns: chosen.map(([name, type]) => ({ name, type })), rowsBeforeLimit: null,
  blocks: [0, 1].map((row) => ({
    rowCount: 1,
    columns: chosen.map(([, type, , values]): Vector => vectorOf([values[row]], parseDataType(type), account)),
  })),
})

const statement = [0, 1].map((row) => `SELECT ${COLUMNS.map(([name, type, texts]) => (
  `CAST(${texts[row]}, '${type}') AS \`${name}\``)).join(', ')}`).join(' UNION ALL ')

it.each(['JSONEachRow', 'CSV', 'CSVWithNames', 'TabSeparated', 'TabSeparatedWithNames', 'JSON', 'JSONCompact'])(
  '%s is what ClickHouse writes', async (format) => {
    const ours = Buffer.from(formatResult(format, result(), stats, 1e6, means)).toString()
    const theirs = await oracle.query(`SELECT * FROM (${statement}) ORDER BY n SETTINGS output_format_json_quote_64bit_integers = 0`, format)
    if (!theirs.ok) throw new Error(theirs.error)
    if (!format.startsWith('JSON') || format === 'JSONEachRow') expect(ours).toBe(theirs.text)
    else {
      // The envelope is set with other white space: compared as values, its numbers as text.
      const exact = (text: string) => JSON.parse(text.replace(/18446744073709551615/g, '"18446744073709551615"')) as Record<string, unknown>
      const { statistics, ...rest } = exact(ours)
      const { statistics: _, ...wanted } = exact(theirs.text)
      expect(rest).toEqual(wanted)
      expect(statistics).toEqual({ elapsed: 0.001, rows_read: 3, bytes_read: 4 })
    }
  })

it('Prometheus is what ClickHouse writes', async () => {
  const samples = [
    ['hits', 'Hits\nof all', 'counter', [['org', 'a"b\\c'], ['x', 'y']], 5, 1700000000000],
    ['hits', 'Hits\nof all', 'counter', [['org', 'z']], 2.5, 0], ['up', '', 'gauge', [], 1, 0],
  ] as const
  const types = ['String', 'String', 'String', 'Map(String, String)', 'Float64', 'Int64']
  const names = ['name', 'help', 'type', 'labels', 'value', 'timestamp']
  const ours = formatResult('Prometheus', {
    columns: names.map((name, i) => ({ name, type: types[i] })), rowsBeforeLimit: null,
    blocks: [{ rowCount: 3, columns: names.map((_, i) => vectorOf(samples.map((row) => row[i] as Value), parseDataType(types[i]), account)) }],
  }, stats, 1e6, means)
  const literal = (value: unknown): string => typeof value === 'number' ? String(value)
    : Array.isArray(value) ? `map(${value.flat().map(literal).join(', ')})`
      : `'${String(value).replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}'`
  const rows = samples.map((row) => `SELECT ${row.map((value, i) => (
    `CAST(${Array.isArray(value) && value.length === 0 ? 'map()' : literal(value)}, '${types[i]}') AS ${names[i]}`)).join(', ')}`)
  // A UNION's rows come in any order.
  const theirs = await oracle.query(`SELECT * FROM (${rows.join(' UNION ALL ')}) ORDER BY name, value DESC`, 'Prometheus')
  if (!theirs.ok) throw new Error(theirs.error)
  expect(Buffer.from(ours).toString().trim()).toBe(theirs.text.trim())
})

it('Parquet holds the same values', async () => {
  const { parquetReadObjects } = await import('hyparquet')
  await preparation('Parquet')
  const plain = COLUMNS.filter(([name]) => name !== 'v')
  const bytes = formatResult('Parquet', result(plain), stats, 1e6, means)
  const rows = await parquetReadObjects({ file: bytes.buffer.slice(0, bytes.length) as ArrayBuffer })
  expect(rows[0]).toMatchObject({
    n: 1, f: 1.5, s: 'a"b/c\\d\'\n\t', maybe: null, d: new Date('2024-02-29'), t: new Date('2024-02-29T12:34:56Z'), b: true,
    list: ['a', "b'c"], big: 18446744073709551615n,
  })
  expect(rows[1]).toMatchObject({ n: 255, big: 5n, maybe: 'x', b: false, list: [] })
  expect(() => formatResult('Parquet', result(plain), stats, 100, means)).toThrow(/larger than 100 bytes/)
  expect(() => formatResult('Parquet', result(), stats, 1e6, means)).toThrow(/Variant\(Array\(UInt8\), String\) cannot be written/)
})

it('ends a result that is too large with the limit\'s name', () => {
  expect(() => formatResult('JSON', result(), stats, 100, means)).toThrow(/larger than 100 bytes \(setting max_result_bytes\)/)
})

it('refuses a format that it has not, naming those that it has', () => {
  expect(() => formatResult('Arrow', result(), stats, 100, means)).toThrow(/Format Arrow is not supported yet; use one of JSON/)
})
