// AggregatingMergeTree behind materialized views, beside ClickHouse's: states as they are merged by
// queries, FINAL, segments being written, and restarts.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const RAW = '`k` UInt32, `s` String, `at` DateTime, `v` UInt32, `u` Nullable(String)'
const STATES = [
  '`k` UInt32', '`month` Date', '`hits` AggregateFunction(count)', '`users` AggregateFunction(uniq, Nullable(String))',
  '`mean` AggregateFunction(avg, UInt32)', '`exact` AggregateFunction(uniqExact, String)',
  '`busy` AggregateFunction(countIf, UInt8)', '`best` AggregateFunction(argMax, String, UInt32)',
  '`most` SimpleAggregateFunction(max, UInt32)', '`total` SimpleAggregateFunction(sum, UInt64)',
  '`some` SimpleAggregateFunction(any, String)',
]
/** Aggregates that make another value of one row alone. */
const LONE = '`k` UInt32; `seen` SimpleAggregateFunction(groupUniqArrayArray, Array(UInt8)); '
  + '`most` SimpleAggregateFunction(maxMap, Tuple(Array(UInt8), Array(UInt64)))'
const VIEW = 'SELECT k, toStartOfMonth(at) AS month, countState() AS hits, uniqState(u) AS users, avgState(v) AS mean, '
  + 'uniqExactState(s) AS exact, countIfState(v > 50) AS busy, argMaxState(s, v) AS best, max(v) AS most, '
  + 'sum(toUInt64(v)) AS total, any(\'one\') AS some FROM raw GROUP BY k, month'
const TOPS = 'SELECT g, topKState(2)(w) AS top FROM words GROUP BY g'
const MERGED = 'countMerge(hits) AS h, uniqMerge(users) AS u, round(avgMerge(mean), 6) AS m, uniqExactMerge(exact) AS e, '
  + 'countIfMerge(busy) AS b, argMaxMerge(best) AS a, max(most) AS mo, sum(total) AS t, any(some) AS so'

let ours: TestEngine
let oracle: Oracle
beforeAll(async () => {
  ours = await openTestEngine({
    'datasources/raw.datasource': `SCHEMA >\n  ${RAW.split(', `').join(',\n  `')}\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "k"\n`,
    'datasources/states.datasource': `SCHEMA >\n  ${STATES.join(',\n  ')}\n\nENGINE "AggregatingMergeTree"\n`
      + 'ENGINE_PARTITION_KEY "toYYYYMM(month)"\nENGINE_SORTING_KEY "month, k"\n',
    'datasources/lone.datasource': `SCHEMA >\n  ${LONE.split('; ').join(',\n  ')}\n\nENGINE "AggregatingMergeTree"\nENGINE_SORTING_KEY "k"\n`,
    'datasources/tops.datasource': 'SCHEMA >\n  `g` UInt8, `top` AggregateFunction(topK(2), String)\n\n'
      + 'ENGINE "AggregatingMergeTree"\nENGINE_SORTING_KEY "g"\n',
    'datasources/words.datasource': 'SCHEMA >\n  `g` UInt8 `json:$.g`, `w` String `json:$.w`\n',
    'pipes/tops_fill.pipe': `NODE n\nSQL >\n  ${TOPS}\n\nTYPE materialized\nDATASOURCE tops\n`,
    'pipes/fill.pipe': `NODE n\nSQL >\n  ${VIEW}\n\nTYPE materialized\nDATASOURCE states\n`,
  })
  expect(ours.engine.badViews).toEqual([])
  oracle = await startOracle()
  await oracle.query(`CREATE TABLE raw (${RAW}) ENGINE = MergeTree ORDER BY k`)
  await oracle.query(`CREATE TABLE states (${STATES.join(', ')}) ENGINE = AggregatingMergeTree `
    + 'PARTITION BY toYYYYMM(month) ORDER BY (month, k)')
  await oracle.query(`CREATE TABLE lone (${LONE.replaceAll(';', ',')}) ENGINE = AggregatingMergeTree ORDER BY k`)
  await oracle.query(`CREATE MATERIALIZED VIEW fill TO states AS ${VIEW}`)
  await oracle.query('CREATE TABLE words (g UInt8, w String) ENGINE = MergeTree ORDER BY tuple()')
  await oracle.query('CREATE TABLE tops (g UInt8, top AggregateFunction(topK(2), String)) ENGINE = AggregatingMergeTree ORDER BY g')
  await oracle.query(`CREATE MATERIALIZED VIEW tops_fill TO tops AS ${TOPS}`)
})
afterAll(async () => {
  await ours.close()
  await oracle.close()
})

let seed = 11
const random = (below: number): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
  return (seed >>> 8) % below
}

async function insert(count: number) {
  // `v` never repeats within a test: argMax has one answer.
  const rows = Array.from({ length: count }, () => ({
    k: random(12), s: `s${random(30)}`, at: `2024-0${1 + random(3)}-${10 + random(15)} 10:00:00`, v: random(1 << 24),
    u: random(6) === 0 ? null : `user${random(200)}`,
  }))
  await ours.insert('raw', rows)
  await oracle.query(`INSERT INTO raw FORMAT JSONEachRow ${rows.map((row) => JSON.stringify(row)).join('\n')}`)
}

const QUERIES = [
  `SELECT k, ${MERGED} FROM states GROUP BY k ORDER BY k`,
  `SELECT month, ${MERGED} FROM states WHERE k < 6 GROUP BY month ORDER BY month`,
  `SELECT month, k, finalizeAggregation(hits), finalizeAggregation(users), round(finalizeAggregation(mean), 6), most, total, some FROM states FINAL ORDER BY month, k`,
  'SELECT count() FROM states FINAL',
  'SELECT k, most FROM states FINAL WHERE most > 8000000 AND month = \'2024-02-01\' ORDER BY k',
]

async function compare(moment: string) {
  for (const sql of QUERIES) {
    const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`)
    if (!answer.ok) throw new Error(`${sql}: ${answer.error}`)
    expect(await ours.rows(sql), `${moment}: ${sql}`).toEqual((JSON.parse(answer.text) as { data: unknown }).data)
  }
}

it('answers as ClickHouse\'s does in memory, in segments, merged, and after a restart', async () => {
  await insert(200)
  await compare('one part')
  await insert(300)
  await compare('two parts')
  await ours.engine.store.flush()
  await compare('flushed')
  for (let i = 0; i < 7; i++) {
    await insert(50)
    await ours.engine.store.flush()
  }
  await insert(20)
  await compare('segments and a part')
  await ours.restart()
  await compare('after a restart')
})

it('keeps of the counters of topK what ClickHouse keeps', async () => {
  const sql = 'SELECT g, topKMerge(2)(top) AS t FROM tops GROUP BY g ORDER BY g'
  const both = async () => {
    const answer = await oracle.query(sql)
    expect(await ours.rows(sql)).toEqual((JSON.parse((answer as { text: string }).text) as { data: unknown }).data)
  }
  for (let turn = 0; turn < 2; turn++) {
    const rows = Array.from({ length: 900 }, (_, i) => ({ g: i % 3, w: `w${Math.min(random(150), random(150))}` }))
    await ours.insert('words', rows)
    await oracle.query(`INSERT INTO words FORMAT JSONEachRow ${rows.map((row) => JSON.stringify(row)).join('\n')}`)
    await both()
  }
  await oracle.query('OPTIMIZE TABLE tops FINAL')
  await ours.engine.store.flush()
  await both()
})

it('folds a row that is alone of its key', async () => {
  const sql = 'SELECT k, arraySort(seen), most FROM lone ORDER BY k'
  for (const rows of [[{ k: 1, seen: [2, 2, 1], most: [[2, 2, 1], [3, 9, 0]] }], [{ k: 2, seen: [5, 5], most: [[], []] }, { k: 3, seen: [7], most: [[4, 4], [1, 1]] }]]) {
    await ours.insert('lone', rows)
    await oracle.query(`INSERT INTO lone FORMAT JSONEachRow ${rows.map((row) => JSON.stringify(row)).join('\n')}`)
  }
  const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`)
  expect(await ours.rows(sql)).toEqual((JSON.parse((answer as { text: string }).text) as { data: unknown }).data)
})

it('makes rows of one key one row when they are written', async () => {
  await ours.engine.store.flush()
  const stored = ours.engine.store.stats().find(({ name }) => name === 'states')
  expect(stored?.rowCount).toBeLessThan(36 * ((stored?.segments ?? 0) / 3 + 1))
})
