// Nested columns whose name ends with Map: a SummingMergeTree adds them up by key, beside ClickHouse's.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const COLUMNS = '`k` UInt32, `manyMap` Nested(day Date, userID UInt32, kindType String, n UInt64, w Int32), `oddMap` Nested(a UInt8, bKey Float64, n UInt8), `hitsMap` Nested(key UInt16, n UInt64, d Int32), `nameMap` Nested(s String, w Float64), '
  + '`plain` Nested(key UInt8, v UInt32), `w` UInt8'

let ours: TestEngine
let oracle: Oracle
beforeAll(async () => {
  ours = await openTestEngine({
    'datasources/t.datasource': `SCHEMA >\n  ${COLUMNS.replaceAll(', `', ',\n  `')}\n\nENGINE "SummingMergeTree"\nENGINE_SORTING_KEY "k"\n`,
  })
  oracle = await startOracle()
  await oracle.query(`CREATE TABLE t (${COLUMNS}) ENGINE = SummingMergeTree ORDER BY k`)
  await oracle.query('SYSTEM STOP MERGES t')
})
afterAll(async () => {
  await ours.close()
  await oracle.close()
})

let seed = 5
const random = (below: number): number => {
  seed = (Math.imul(seed, 1103515245) + 12345) >>> 0
  return (seed >>> 8) % below
}
const list = <T>(count: number, one: (_: unknown, index: number) => T): T[] => Array.from({ length: count }, one)

async function insert(rows: number) {
  const data = list(rows, () => {
    const [hits, names, plain, many] = [random(4), random(3), random(2), random(5)]
    const keys = list(many, (_, i) => [`2024-01-0${1 + random(2)}`, random(2), `t${i}`] as const)
    return {
      k: random(6), w: random(3),
      'hitsMap.key': list(hits, () => random(4)), 'hitsMap.n': list(hits, () => random(3)), 'hitsMap.d': list(hits, () => random(3) - 1),
      'nameMap.s': list(names, () => `s${random(4)}`), 'nameMap.w': list(names, () => random(8) / 4),
      'manyMap.day': keys.map(([day]) => day), 'manyMap.userID': keys.map(([, user]) => user), 'manyMap.kindType': keys.map(([, , kind]) => kind),
      'manyMap.n': list(many, () => 1 + random(3)), 'manyMap.w': list(many, () => random(3) - 1),
      'oddMap.a': list(plain, () => random(3)), 'oddMap.bKey': list(plain, () => random(3)), 'oddMap.n': list(plain, () => random(3)),
      'plain.key': list(plain, () => random(4)), 'plain.v': list(plain, () => random(9)),
    }
  })
  await ours.insert('t', data.map((row) => ({
    k: row.k, w: row.w, hitsMap: { key: row['hitsMap.key'], n: row['hitsMap.n'], d: row['hitsMap.d'] },
    manyMap: { day: row['manyMap.day'], userID: row['manyMap.userID'], kindType: row['manyMap.kindType'], n: row['manyMap.n'], w: row['manyMap.w'] },
    oddMap: { a: row['oddMap.a'], bKey: row['oddMap.bKey'], n: row['oddMap.n'] }, nameMap: { s: row['nameMap.s'], w: row['nameMap.w'] }, plain: { key: row['plain.key'], v: row['plain.v'] },
  })))
  const answer = await oracle.query(`INSERT INTO t FORMAT JSONEachRow ${data.map((row) => JSON.stringify(row)).join('\n')}`)
  if (!answer.ok) throw new Error(answer.error)
}

async function compare(...statements: readonly string[]) {
  for (const sql of statements) {
    const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`)
    if (!answer.ok) throw new Error(answer.error)
    expect(await ours.rows(sql), sql).toEqual((JSON.parse(answer.text) as { data: unknown }).data)
  }
}

// Maps are read whole: without its keys ClickHouse does not know a map for one.
const FINAL = ['SELECT * FROM t FINAL ORDER BY k', 'SELECT k, hitsMap.key, hitsMap.n, hitsMap.d FROM t FINAL WHERE k > 2 ORDER BY k', 'SELECT sum(w) FROM t FINAL']

it('adds up values by key at the insert, under FINAL and in segments', async () => {
  await insert(1)
  await insert(20)
  await compare('SELECT * FROM t ORDER BY ALL', ...FINAL)
  await ours.engine.store.flush()
  for (let i = 0; i < 3; i++) {
    await insert(10)
    await compare(...FINAL)
    await ours.engine.store.flush()
    await compare(...FINAL)
  }
  await ours.restart()
  await compare(...FINAL)
})
