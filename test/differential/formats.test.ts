// Every type, plain and within arrays, tuples and maps, in every text format: the bytes are ClickHouse's.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { formatResult, preparation } from '../../src/format/format.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { createTables, worldOf } from './oracle-cases.ts'
import { PAIR_TABLE, PAIR_TYPES } from './type-pairs.ts'

const work = new WorkMemory(64 * 2 ** 20)
const kernels = loadKernels(work)
let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  await createTables(oracle, [PAIR_TABLE])
}, 60_000)
afterAll(() => oracle.close())

const STATS = { elapsedMs: 0, rowsRead: 0, bytesRead: 0 }

/** Columns that one statement shows; texts of the oracle end at a zero byte, so no FixedString. */
const NUMBERS = PAIR_TYPES.flatMap((type, i) => (type.startsWith('FixedString') ? [] : [i]))

/** With more columns ClickHouse writes Pretty formats as Vertical. */
const FEW = NUMBERS.filter((i) => /^(UInt64|Float32|String|Date|Array\(String\))$/.test(PAIR_TYPES[i]))

function statements(numbers: readonly number[]): string[] {
  const shown = (of: (column: string) => string, numbers: readonly number[]) =>
    `SELECT ${numbers.map((i) => `${of(`c${i}`)} AS x${i}`).join(', ')} FROM m ORDER BY id`
  const plain = numbers.filter((i) => !/^(Array|Tuple|Map)/.test(PAIR_TYPES[i]))
  return [
    shown((column) => column, numbers), shown((column) => `[${column}, ${column}]`, numbers),
    shown((column) => `tuple(${column}, 1)`, numbers), shown((column) => `map('k', ${column})`, numbers),
    shown((column) => `nullIf(${column}, ${column})`, plain), shown((column) => `[[${column}], []]`, numbers),
    shown((column) => `map('k', [tuple(${column})])`, numbers),
  ]
}

/** Times of a clock: Parquet has none. */
const CLOCK = 'SELECT toTime(-5 - id) AS t, toTime64(id * 3600.125, 3) AS f, [toTime64(1.5, 2)] AS a, map(toTime(1), toTime(id)) AS m, nullIf(toTime(id), toTime(1)) AS n, '
  + '(toTime(id), toTime64(2, 0)) AS p FROM m ORDER BY id'

/** Tuples with names, and texts of several lines. */
const NAMED = [
  "SELECT CAST((1, (2, 'x')), 'Tuple(a UInt8, b Tuple(c UInt8, d String))') AS x, 'a\\nb' AS y FROM m ORDER BY id",
  "SELECT [CAST((1, 'it''s'), 'Tuple(a UInt8, `b c` String)')] AS x, map('k', CAST(tuple(NULL), 'Tuple(n Nullable(UInt8))')) AS y",
  "SELECT CAST(([1, 2], map('a', 1), toDate('2024-01-01')), 'Tuple(a Array(UInt8), b Map(String, UInt8), c Date)') AS x, 5 AS n",
]

/** The envelope of JSON is set with other white space. */
function comparable(format: string, text: string): unknown {
  if (format !== 'JSON' && format !== 'JSONCompact') return text.split('\n')
  const exact = text.replace(/"(?:[^"\\]|\\.)*"|-?\d{16,}/g, (all) => (all[0] === '"' ? all : `"${all}"`))
  return { ...JSON.parse(exact) as Record<string, unknown>, statistics: null }
}

it.each(['JSON', 'JSONCompact', 'JSONEachRow', 'CSV', 'CSVWithNames', 'TabSeparated', 'TabSeparatedWithNames',
  'PrettyCompact', 'Pretty', 'Vertical', 'JSONCompactEachRowWithNamesAndTypes', 'CSVWithNamesAndTypes', 'TSVRawWithNamesAndTypes',
  'JSONStringsEachRow', 'JSONColumns', 'JSONLines', 'Values', 'Markdown'])('%s is what ClickHouse writes of every type', async (format) => {
  const world = worldOf([PAIR_TABLE])
  for (const sql of [...NAMED, CLOCK, ...statements(format.startsWith('Pretty') ? FEW : NUMBERS)]) {
    const wanted = await oracle.query(sql, format)
    if (!wanted.ok) throw new Error(`${wanted.error}: ${sql}`)
    const account = new MemoryAccount(work, 2 ** 25)
    const bytes = world.withResult(sql, 1, (result) =>
      formatResult(format, result, STATS, 2 ** 24, { account, kernels }))
    account.releaseAll()
    expect(comparable(format, new TextDecoder().decode(bytes)), sql.slice(0, 100)).toEqual(comparable(format, wanted.text))
  }
})

it('settings say how values are written', async () => {
  const world = worldOf([PAIR_TABLE])
  const cases: [format: string, sql: string][] = [
    ...['JSONEachRow', 'JSONStringsEachRow', 'JSONCompactEachRow'].flatMap((format): [string, string][] => [
      [format, "SELECT 'a/b\\\\\\/c' AS `x/y`, number FROM numbers(3) SETTINGS output_format_json_escape_forward_slashes = 0"],
      [format, "SELECT 'a\\nb' AS x, number FROM numbers(3) SETTINGS output_format_json_array_of_rows = 1"],
      [format, 'SELECT number FROM numbers(0) SETTINGS output_format_json_array_of_rows = 1'],
    ]),
    ['JSONEachRow', "SELECT concat('aé', unhex('ff41fffe42e282'), '😀', unhex('f0'), '/') AS x SETTINGS output_format_json_validate_utf8 = 1"],
    ['JSONStringsEachRow', "SELECT concat('aé', unhex('ff41fffe42e282'), '/') AS x, [unhex('fffe')] AS y SETTINGS output_format_json_validate_utf8 = 1"],
    ['JSON', "SELECT concat('aé', unhex('ff41fffe42e282f09f98c3'), '😀', unhex('f0ed')) AS x SETTINGS output_format_write_statistics = 0"],
    ['CSV', "SELECT NULL AS a, toNullable('x') AS b, (1, NULL) AS c, [NULL] AS d SETTINGS format_csv_null_representation = ''"],
    ['TSV', "SELECT NULL AS a, toNullable('x') AS b, (1, NULL) AS c SETTINGS format_tsv_null_representation = 'nothing'"],
    ['TSVRaw', "SELECT NULL AS a, toNullable('x') AS b SETTINGS format_tsv_null_representation = ''"],
    ['JSONEachRow', "SELECT map('k', [map('i', 1)]) AS m, [map('k', 1)] AS l SETTINGS output_format_json_map_as_array_of_tuples = 1"],
    ['JSON', "SELECT map('k', 1) AS m SETTINGS output_format_json_map_as_array_of_tuples = 1, output_format_write_statistics = 0"],
    ['JSONEachRow', "SELECT map('k', toDateTime('2024-07-01 12:00:00', 'Europe/Madrid')) AS m, [toNullable(toDateTime64('2024-07-01 12:00:00.5', 3, "
      + "'Asia/Tokyo')), NULL] AS l, toLowCardinality(toDateTime('2024-01-01 12:00:00', 'Asia/Tokyo')) AS d SETTINGS date_time_output_format = 'iso'"],
    ...['CSVWithNamesAndTypes', 'TSVWithNames', 'TSVRaw'].flatMap((format): [string, string][] => [
      [format, "SELECT 1 AS a, 'x;y' AS b, [1, 2] AS c, (1, 'z') AS d SETTINGS format_csv_delimiter = ';'"],
      [format, "SELECT number AS a, 'x' AS b FROM numbers(2) SETTINGS output_format_csv_crlf_end_of_line = 1, output_format_tsv_crlf_end_of_line = 1"],
      [format, "SELECT if(number = 1, NULL, (number, 'a')) AS t, toDateTime('2024-07-01 12:00:00', 'Asia/Tokyo') AS at FROM numbers(2) "
        + "SETTINGS date_time_output_format = 'unix_timestamp'"],
    ]),
  ]
  for (const [format, sql] of cases) {
    const wanted = await oracle.query(sql, format)
    if (!wanted.ok) throw new Error(`${wanted.error}: ${sql}`)
    const account = new MemoryAccount(work, 2 ** 22)
    const bytes = world.withResult(sql, 1, (result) => formatResult(format, result, STATS, 2 ** 24, { account, kernels }))
    account.releaseAll()
    const text = new TextDecoder().decode(bytes)
    const asRead = (one: string): unknown => (format === 'JSON' ? JSON.parse(one) : one)
    expect(asRead(text), `${format}: ${sql}`).toEqual(asRead(wanted.text))
  }
})

it('Parquet is read as what ClickHouse writes: types and values', async () => {
  await preparation('Parquet')
  const world = worldOf([PAIR_TABLE])
  const folder = mkdtempSync(join(tmpdir(), 'pipit-parquet-'))
  const must = async (sql: string): Promise<string> => {
    const answer = await oracle.query(sql, 'JSONCompactEachRowWithNamesAndTypes')
    if (!answer.ok) throw new Error(`${answer.error}: ${sql}`)
    return answer.text
  }
  try {
    // Times of day are no part of Parquet, neither here nor there.
    const all = PAIR_TYPES.flatMap((type, i) => (type.startsWith('Time') ? [] : [i]))
    for (const [i, sql] of [...NAMED, ...statements(all)].entries()) {
      const [own, theirs] = ['own', 'theirs'].map((name) => join(folder, `${name}${i}.parquet`))
      const account = new MemoryAccount(work, 2 ** 25)
      const bytes = world.withResult(sql, 1, (result) => formatResult('Parquet', result, STATS, 2 ** 24, { account, kernels }))
      account.releaseAll()
      writeFileSync(own, bytes)
      await must(`INSERT INTO FUNCTION file('${theirs}', Parquet) ${sql}`)
      expect(await must(`SELECT * FROM file('${own}', Parquet)`), sql.slice(0, 100)).toBe(await must(`SELECT * FROM file('${theirs}', Parquet)`))
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
