// Arrays and tuples in sorting keys: rows lie, combine and are found as in ClickHouse.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const COLUMNS = '`tags` Array(String), `named` Map(String, Int8), `pair` Tuple(UInt8, String), `steps` Array(Array(Int16)), `n` UInt32'
const TABLES = [['plain', 'MergeTree', 'tags, n'], ['latest', 'ReplacingMergeTree', 'steps, tags, pair'], ['mapped', 'ReplacingMergeTree', 'named']] as const

const WORDS = ['', 'a', 'ab', 'b', 'é']
const rowOf = (n: number) => ({
  tags: Array.from({ length: n % 4 }, (_, i) => WORDS[(n * 7 + i * i) % 5]), pair: [n % 3, WORDS[n % 4]],
  named: Object.fromEntries(WORDS.slice(0, n % 4).map((word, i) => [word, ((n + i) % 3) - 1])),
  steps: Array.from({ length: n % 3 }, (_, i) => Array.from({ length: (n + i) % 3 }, (_, j) => ((n * 31 + j * 17) % 9) - 4)), n,
})
const INSERTS = [0, 300, 600].map((from) => Array.from({ length: 300 }, (_, i) => rowOf(from + (i * 53) % 300)))

const STATEMENTS = [
  'SELECT count(), sum(n) FROM plain WHERE tags = [\'a\', \'ab\']',
  'SELECT count(), sum(n) FROM plain WHERE tags > [\'a\'] AND n < 700', 'SELECT tags, n FROM plain ORDER BY tags DESC, n LIMIT 9',
  'SELECT named, n FROM mapped FINAL ORDER BY n',
  'SELECT steps, tags, pair, n FROM latest FINAL ORDER BY steps, tags, pair', 'SELECT count() FROM latest FINAL WHERE has(tags, \'b\')',
]

let ours: TestEngine
let oracle: Oracle
beforeAll(async () => {
  ours = await openTestEngine(Object.fromEntries(TABLES.map(([name, engine, key]) => [`${name}.datasource`,
    `SCHEMA >\n  ${COLUMNS.split(', `').join(',\n  `')}\n\nENGINE "${engine}"\nENGINE_SORTING_KEY "${key}"\n`])))
  oracle = await startOracle()
  for (const [name, engine, key] of TABLES) {
    await oracle.query(`CREATE TABLE ${name} (${COLUMNS}) ENGINE = ${engine} ORDER BY (${key})`)
    const all = INSERTS.flat().map((row) => JSON.stringify(row)).join('\n')
    await oracle.query(`INSERT INTO ${name} FORMAT JSONEachRow ${all}`)
  }
})
afterAll(async () => {
  await ours.close()
  await oracle.close()
})

async function compare(statements: readonly string[]) {
  for (const sql of statements) {
    const answer = await oracle.query(sql)
    if (!answer.ok) throw new Error(`${sql}: ${answer.error}`)
    expect(await ours.rows(sql), sql).toEqual((JSON.parse(answer.text) as { data: unknown }).data)
  }
}

it('answers as ClickHouse\'s in memory, in segments and merged', async () => {
  for (const rows of INSERTS) {
    for (const [name] of TABLES) await ours.insert(name, rows)
    if (rows === INSERTS[0]) await ours.engine.store.flush()
  }
  await compare(STATEMENTS)
  await ours.engine.store.flush()
  await compare(STATEMENTS)
  await ours.restart()
  await compare(STATEMENTS)
})
