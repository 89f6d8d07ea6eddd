// Joins and windows in the real server, over enough rows that workers help each other: the table of a
// join crosses to them, what they matched comes back.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer, writeProject } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await new TestServer(writeProject({
    'datasources/events.datasource': 'SCHEMA >\n    `id` UInt32 `json:$.id`,\n    `k` String `json:$.k`\n\n'
      + 'ENGINE "MergeTree"\nENGINE_SORTING_KEY "id"\n',
  })).start()
}, 60_000)
afterAll(() => server.remove())

async function rowsOf(sql: string): Promise<unknown> {
  const answer = await server.call('POST', '/v0/sql', `${sql} FORMAT JSONCompact`)
  expect(answer.text).toMatch(/^\{"meta"/)
  return (JSON.parse(answer.text) as { data: unknown }).data
}

const MANY = 'numbers(2000000)'

it('joins many rows with a table that every worker gets', async () => {
  expect(await rowsOf(`SELECT count(), sum(y.number) FROM ${MANY} AS x JOIN numbers(1000) AS y ON x.number % 5000 = y.number`))
    .toEqual([[400000, 199800000]])
})

it('keeps rows of either side, matched in whichever worker', async () => {
  expect(await rowsOf(`SELECT count(), countIf(x.number = 0) FROM ${MANY} AS x RIGHT JOIN numbers(3000) AS y ON x.number = y.number * 1000`))
    .toEqual([[3000, 1001]])
  expect(await rowsOf(`SELECT count() FROM ${MANY} AS x FULL JOIN numbers(3000) AS y ON x.number = y.number * 1000`))
    .toEqual([[2001000]])
})

it('joins joins, sets and scalars of earlier stages', async () => {
  expect(await rowsOf(`SELECT count() FROM ${MANY} AS x JOIN numbers(100) AS y ON x.number = y.number `
    + 'JOIN (SELECT number AS n FROM numbers(50)) AS z ON z.n = y.number '
    + 'WHERE x.number IN (SELECT number * 2 FROM numbers(10)) AND x.number > (SELECT 4)')).toEqual([[7]])
})

it('computes windows over rows of all workers', async () => {
  expect(await rowsOf(`SELECT max(r), sum(r) FROM (SELECT row_number() OVER (PARTITION BY number % 1000 ORDER BY number) AS r FROM numbers(1000000))`))
    .toEqual([[1000, 500500000]])
})

it('ends with the limit\'s name where a join needs too much memory', async () => {
  const answer = await server.call('POST', '/v0/sql', `SELECT count() FROM ${MANY} AS x JOIN ${MANY} AS y ON x.number = y.number `
    + 'SETTINGS max_memory_usage = 10000000 FORMAT JSON')
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('max_memory_usage')
})

it('says where in the statement a join is wrong', async () => {
  const answer = await server.call('POST', '/v0/sql', 'SELECT e.idd FROM events AS e JOIN numbers(3) AS n ON n.number = e.id')
  expect(answer.status).toBe(400)
  expect(answer.text).toContain("Did you mean 'e.id'?")
})
