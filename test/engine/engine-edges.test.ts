// Corners of the engines that combine rows, each a few rows in several inserts, beside ClickHouse: under
// FINAL while they lie apart, and without it when all of them were merged.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

type Case = {
  readonly columns: string
  readonly file: string
  readonly ddl: string
  readonly partition?: string
  readonly sort?: string
  /** Rows as values of the columns, an insert each. */
  readonly inserts: readonly (readonly (readonly unknown[])[])[]
}

const DELETING = '`k` UInt8, `v` UInt32, `gone` UInt8, `x` String'
const SIGNED = '`k` UInt8, `v` UInt32, `sign` Int8, `x` String'

const CASES: Readonly<Record<string, Case>> = {
  deleted_rows: {
    columns: DELETING, file: 'ENGINE "ReplacingMergeTree"\nENGINE_VER "v"\nENGINE_IS_DELETED "gone"', ddl: 'ReplacingMergeTree(v, gone)',
    inserts: [
      [[1, 1, 0, 'a'], [3, 1, 1, 'only gone'], [4, 1, 0, 'a'], [4, 3, 1, 'c'], [4, 2, 0, 'b']], [[1, 2, 1, 'b'], [2, 5, 1, 'a']],
      [[1, 1, 0, 'late'], [2, 5, 0, 'same version, back']], [[5, 7, 0, 'a']], [[5, 7, 1, 'same version, gone']], [[6, 0, 1, 'a']], [[6, 0, 0, 'b']],
    ],
  },
  versions_of_states: {
    columns: SIGNED, file: 'ENGINE "VersionedCollapsingMergeTree"\nENGINE_SIGN "sign"\nENGINE_VERSION "v"', ddl: 'VersionedCollapsingMergeTree(sign, v)',
    inserts: [
      [[1, 1, 1, 'a'], [2, 1, -1, 'cancelled first'], [3, 1, 1, 'a'], [3, 1, 1, 'twice']], [[1, 1, -1, 'a'], [1, 2, 1, 'b'], [4, 9, 1, 'a']],
      [[1, 2, -1, 'b'], [2, 1, 1, 'then there'], [3, 1, -1, 'one of them']], [[4, 9, -1, 'a'], [4, 8, 1, 'older version']], [[5, 1, -1, 'a'], [5, 2, 1, 'b'], [5, 1, 1, 'c']],
      [[6, 1, 1, 'a'], [6, 1, -1, 'b'], [6, 1, 1, 'c']], [[6, 1, -1, 'd'], [6, 1, 1, 'e']],
    ],
  },
  states: {
    columns: SIGNED, file: 'ENGINE "CollapsingMergeTree"\nENGINE_SIGN "sign"', ddl: 'CollapsingMergeTree(sign)',
    inserts: [
      [[1, 1, 1, 'a'], [2, 1, 1, 'a'], [3, 1, -1, 'only cancelled']], [[1, 1, -1, 'a'], [1, 2, 1, 'b']], [[2, 1, -1, 'a']],
      [[4, 1, 1, 'a']], [[4, 1, -1, 'a'], [4, 2, 1, 'b']], [[4, 2, -1, 'b'], [4, 3, 1, 'c']],
    ],
  },
  last_of_a_key_in_partitions: {
    columns: '`k` UInt8, `d` Date, `x` String', file: 'ENGINE "ReplacingMergeTree"', ddl: 'ReplacingMergeTree', partition: 'toYYYYMM(d)',
    inserts: [[[1, '2024-01-01', 'a'], [2, '2024-02-01', 'a']], [[1, '2024-02-01', 'b'], [2, '2024-01-01', 'b']], [[1, '2024-01-02', 'c']], [[3, '2024-03-01', 'a']]],
  },
  equal_versions_in_partitions: {
    columns: '`k` UInt8, `v` UInt8, `d` Date, `x` String', file: 'ENGINE "ReplacingMergeTree"\nENGINE_VER "v"', ddl: 'ReplacingMergeTree(v)', partition: 'toYYYYMM(d)',
    inserts: [[[1, 2, '2024-01-01', 'a'], [2, 1, '2024-02-01', 'a']], [[1, 2, '2024-02-01', 'b'], [2, 1, '2024-01-01', 'b']], [[1, 1, '2024-03-01', 'lower']], [[2, 1, '2024-02-03', 'c']]],
  },
  sums_of_all_kinds: {
    columns: '`k` UInt8, `a` Int32, `b` Nullable(Int32), `f` Float64, `w` UInt8, `m` Decimal(9, 2), `big` Int128, `s` String, `l` LowCardinality(String), '
      + '`at` DateTime, `list` Array(UInt8), `e` Bool',
    file: 'ENGINE "SummingMergeTree"', ddl: 'SummingMergeTree',
    inserts: [
      [[1, 5, null, 0.5, 200, '1.25', '5', 'first', 'x', '2024-01-01 00:00:00', [1], true], [2, 0, 0, 0, 0, '0', '0', 'all zero', 'x', '2024-01-01 00:00:00', [2], false]],
      [[1, -5, 3, -0.5, 100, '-1.25', '-5', 'second', 'y', '2025-01-01 00:00:00', [3], true], [3, 4, null, 0, 0, '0', '0', 'a', 'z', '2024-01-01 00:00:00', [], false]],
      [[3, -4, null, 0, 0, '0', '0', 'b', 'z', '2024-01-01 00:00:00', [], false], [4, 2147483647, 1, 1e300, 255, '9999999.99', '9', 'wide', 'x', '2024-01-01 00:00:00', [], true]],
      [[4, 1, -1, 1e300, 1, '0.01', '1', 'wider', 'x', '2024-01-01 00:00:00', [], true], [5, 1, null, 0, 0, '0', '0', 'a', 'x', '2024-01-01 00:00:00', [], false]],
      [[5, -1, null, 0, 0, '0', '0', 'b', 'x', '2024-01-01 00:00:00', [], false]],
    ],
  },
  sums_of_some: {
    columns: '`k` UInt8, `a` Int32, `b` Int32, `x` String', file: 'ENGINE "SummingMergeTree"\nENGINE_COLUMNS "a"', ddl: 'SummingMergeTree(a)',
    inserts: [[[1, 1, 5, 'a'], [2, 3, 1, 'a'], [3, 0, 7, 'zero']], [[1, 2, 6, 'b'], [2, -3, 2, 'b']], [[2, 0, 9, 'c'], [4, 1, 1, 'a']], [[4, -1, 1, 'b']]],
  },
  sums_of_maps: {
    columns: '`k` UInt8, `n` UInt32, `partsMap.id` Array(UInt8), `partsMap.hits` Array(Int32), `partsMap.ms` Array(Int64), `plain.a` Array(UInt8)',
    file: 'ENGINE "SummingMergeTree"', ddl: 'SummingMergeTree',
    inserts: [
      [[1, 1, [1, 2], [10, 20], [1, 1], [7]], [2, 0, [1], [5], [0], []], [3, 1, [], [], [], []]], [[1, 1, [2, 3], [-20, 1], [-1, 5], [8]], [2, 0, [1], [-5], [0], []]],
      [[3, 1, [9, 9, 8], [1, 2, 0], [1, 1, 0], []], [4, 0, [1], [1], [1], [1]]],
    ],
  },
  states_of_functions: {
    columns: '`k` UInt8, `s` SimpleAggregateFunction(sum, Int64), `m` SimpleAggregateFunction(max, Nullable(Int32)), `y` SimpleAggregateFunction(any, String), '
      + '`z` SimpleAggregateFunction(anyLast, String), `g` SimpleAggregateFunction(groupArrayArray, Array(UInt8)), `x` String',
    file: 'ENGINE "AggregatingMergeTree"', ddl: 'AggregatingMergeTree',
    inserts: [
      [[1, 1, null, 'a', 'a', [1], 'first'], [2, 0, 5, '', '', [], 'a']], [[1, -1, 3, 'b', 'b', [2, 1], 'second']], [[2, 0, null, 'b', 'b', [9], 'b'], [1, 5, 2, 'c', 'c', [], 'third']],
    ],
  },
}

const names = (columns: string) => [...columns.matchAll(/`([\w.]+)`/g)].map(([, name]) => name)

let ours: TestEngine
let oracle: Oracle
beforeAll(async () => {
  ours = await openTestEngine(Object.fromEntries(Object.entries(CASES).map(([name, { columns, file, partition = '', sort = 'k' }]) => [
    `${name}.datasource`, `SCHEMA >\n  ${columns.replaceAll(', `', ',\n  `').split('\n').map((line) => line.replace(/`([\w.]+)` (Array\S+?)(,?)$/, '`$1` $2 `json:$.$1[:]`$3')).join('\n')}\n\n`
      + `${file}\nENGINE_SORTING_KEY "${sort}"\n${partition === '' ? '' : `ENGINE_PARTITION_KEY "${partition}"\n`}`,
  ])))
  oracle = await startOracle()
  for (const [name, { columns, ddl, partition = '', sort = 'k' }] of Object.entries(CASES)) {
    const made = await oracle.query(`CREATE TABLE ${name} (${columns}) ENGINE = ${ddl}${partition === '' ? '' : ` PARTITION BY ${partition}`} ORDER BY ${sort}${ddl === 'AggregatingMergeTree' ? ' SETTINGS allow_dimensions_outside_sorting_key = 1' : ''}`)
    if (!made.ok) throw new Error(made.error)
    await oracle.query(`SYSTEM STOP MERGES ${name}`)
  }
})
afterAll(async () => {
  await ours.close()
  await oracle.close()
})

async function theirs(sql: string): Promise<unknown[][]> {
  const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`)
  if (!answer.ok) throw new Error(`${sql}: ${answer.error}`)
  return (JSON.parse(answer.text) as { data: unknown[][] }).data
}

describe.each(Object.entries(CASES))('%s', (name, { columns, inserts }) => {
  const same = async (sql: string, moment: string) => expect(await ours.rows(sql), `${moment}: ${sql}`).toEqual(await theirs(sql))

  it('are as ClickHouse has them, before and after merges', async () => {
    const final = [`SELECT * FROM ${name} FINAL ORDER BY ALL`, `SELECT k, count() FROM ${name} FINAL WHERE k > 1 GROUP BY k ORDER BY k`]
    for (const [index, rows] of inserts.entries()) {
      const objects = rows.map((row) => Object.fromEntries(names(columns).map((column, at) => [column, row[at]])))
      // A dotted name is a path here and a column there.
      const nested = objects.map((row) => Object.entries(row).reduce<Record<string, unknown>>((all, [column, value]) => {
        const [first, second] = column.split('.')
        if (second === undefined) return { ...all, [column]: value }
        return { ...all, [first]: { ...all[first] as object | undefined, [second]: value } }
      }, {}))
      await ours.insert(name, nested)
      const answer = await oracle.query(`INSERT INTO ${name} FORMAT JSONEachRow ${objects.map((row) => JSON.stringify(row)).join('\n')}`)
      if (!answer.ok) throw new Error(answer.error)
      for (const sql of final) await same(sql, `insert ${index}`)
    }
    await oracle.query(`SYSTEM START MERGES ${name}`)
    await ours.engine.store.flush(name)
    await oracle.query(`OPTIMIZE TABLE ${name} FINAL`)
    for (const sql of [...final, `SELECT * FROM ${name} ORDER BY ALL`]) await same(sql, 'merged')
  })
})
