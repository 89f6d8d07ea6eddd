// UUIDs order by their second half first, as in ClickHouse, while storage sorts and bounds them by their
// bytes as they lie: statements over several segments and rows in memory, and over segments alone.

import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const uuidOf = (n: number): string => createHash('md5').update(String(n)).digest('hex')
  .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')

/** Keys of 4,000 values, a parent of 40, a few rows without. */
const rowOf = (n: number) => ({
  id: uuidOf(n % 4000), parent: n % 23 === 0 ? null : uuidOf(n % 40), n, g: n % 5,
})
const INSERTS = [0, 3000, 6000, 9000].map((from) => Array.from({ length: 3000 }, (_, i) => rowOf(from + i)))

const LOW = uuidOf(7)
const HALF = '00000000-0000-0000-8000-000000000000'
const STATEMENTS = [
  'SELECT id, n FROM ev ORDER BY id, n LIMIT 30',
  'SELECT id, n FROM ev ORDER BY id DESC, n LIMIT 5 OFFSET 5000',
  'SELECT n FROM ev ORDER BY id, n',
  'SELECT n FROM ev ORDER BY parent DESC, id, n LIMIT 3000',
  'SELECT n FROM ev ORDER BY parent NULLS FIRST, n DESC LIMIT 700',
  'SELECT id FROM ev ORDER BY id LIMIT 3 WITH TIES',
  'SELECT g, id, n FROM ev ORDER BY id, n LIMIT 2 BY g',
  'SELECT min(id), max(id), min(parent), max(parent), argMin(n, (id, n)), argMax(n, (id, n)) FROM ev',
  'SELECT g, min(id) AS low, max(parent) AS high FROM ev GROUP BY g ORDER BY low',
  'SELECT parent, count() AS c FROM ev GROUP BY parent ORDER BY parent LIMIT 10',
  'SELECT id, count() AS c FROM ev GROUP BY id ORDER BY id DESC LIMIT 10',
  ...['<', '<=', '>', '>=', '=', '!='].flatMap((sign) => [
    `SELECT count(), sum(n) FROM ev WHERE id ${sign} '${LOW}'`, `SELECT count(), sum(n) FROM ev WHERE '${LOW}' ${sign} parent AND g = 1`,
  ]),
  `SELECT count(), sum(n) FROM ev WHERE id < toUUID('${HALF}')`,
  `SELECT count(), sum(n) FROM ev PREWHERE id BETWEEN toUUID('${HALF}') AND toUUID('c0000000-0000-0000-c000-000000000000')`,
  'SELECT count() FROM ev WHERE id < parent',
  'SELECT n, rank() OVER (PARTITION BY g ORDER BY parent) AS r FROM ev WHERE n < 200 ORDER BY n',
  'SELECT g, arraySort(groupUniqArray(parent)) AS parents, groupArraySorted(3)(id) AS first FROM ev GROUP BY g ORDER BY g',
  'SELECT n FROM ev ORDER BY (g, id), n LIMIT 50',
  'SELECT k, least, greatest FROM ends FINAL ORDER BY k',
  'SELECT k, min(least), max(greatest) FROM ends GROUP BY k ORDER BY k',
]

let ours: TestEngine
let oracle: Oracle
beforeAll(async () => {
  ours = await openTestEngine({
    'ev.datasource': 'SCHEMA >\n  `id` UUID,\n  `parent` Nullable(UUID),\n  `n` UInt32,\n  `g` UInt8\n\n'
      + 'ENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n',
    'ends.datasource': 'SCHEMA >\n  `k` UInt8,\n  `least` SimpleAggregateFunction(min, UUID),\n  `greatest` SimpleAggregateFunction(max, UUID)\n\n'
      + 'ENGINE "AggregatingMergeTree"\nENGINE_SORTING_KEY "k"\n',
  })
  oracle = await startOracle()
  const all = INSERTS.flat().map((row) => JSON.stringify(row)).join('\n')
  await told('CREATE TABLE ev (id UUID, parent Nullable(UUID), n UInt32, g UInt8) ENGINE = MergeTree ORDER BY id')
  await told(`INSERT INTO ev FORMAT JSONEachRow ${all}`)
  await told('CREATE TABLE ends ENGINE = MergeTree ORDER BY k AS SELECT g AS k, min(id) AS least, max(id) AS greatest FROM ev GROUP BY g')
}, 60_000)
afterAll(async () => {
  await ours.close()
  await oracle.close()
})

async function told(sql: string): Promise<string> {
  const answer = await oracle.query(sql)
  if (!answer.ok) throw new Error(`${sql}: ${answer.error}`)
  return answer.text
}

/** There the rows of `ends` are combined as they come. */
const theirs = async (sql: string): Promise<unknown> =>
  (JSON.parse(await told(`${sql.replace(' FINAL', '')} SETTINGS output_format_json_quote_64bit_integers = 0`)) as { data: unknown }).data

async function compare(moment: string): Promise<void> {
  for (const sql of STATEMENTS) expect(await ours.rows(sql), `${moment}: ${sql}`).toEqual(await theirs(sql))
}

it('over segments and rows in memory, and over segments alone', async () => {
  for (const [index, rows] of INSERTS.entries()) {
    await ours.insert('ev', rows)
    await ours.insert('ends', rows.map(({ id, g }) => ({ k: g, least: id, greatest: id })))
    if (index < INSERTS.length - 1) await ours.engine.store.flush()
  }
  await compare('apart')
  await ours.engine.store.flush()
  await ours.restart()
  await compare('from files')
}, 120_000)
