// What a scan reads, seen over HTTP: after a flush a condition on one user reads that user's rows and
// hardly any other, and EXPLAIN names what was considered and what was skipped by what.

import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TestServer, writeProject } from './server.ts'

const FILES = {
  'datasources/visits.datasource': 'SCHEMA >\n    `at` DateTime `json:$.at`,\n    `user` String `json:$.user`,\n'
    + '    `page` String `json:$.page`,\n    `n` UInt32 `json:$.n`,\n    `pad` String `json:$.pad`\n\n'
    + 'ENGINE "MergeTree"\nENGINE_PARTITION_KEY "toYYYYMM(at)"\nENGINE_SORTING_KEY "at, user"\n',
}
/** Wide rows and a server with little memory, which flushes early. */
const ROWS = 100_000
const A_BODY = 10_000
const PAD_BYTES = 100
const MEMORY_BYTES = 320 * 2 ** 20
const FIRST = Date.UTC(2024, 0, 1)
const STEP_MS = 35_000 // all rows are some forty days: two partitions

const project = writeProject(FILES)
let server: TestServer

function body(from: number): string {
  return Array.from({ length: A_BODY }, (_, i) => {
    const n = from + i
    const at = new Date(FIRST + n * STEP_MS).toISOString().slice(0, 19).replace('T', ' ')
    return `{"at":"${at}","user":"user_${Math.imul(n, 0x9e3779b1) >>> 7 & 1023}","page":"/p${n % 50}","n":${n},"pad":"${randomBytes(PAD_BYTES).toString('hex')}"}\n`
  }).join('')
}

/** All row sets have postings: none is a small memory part any more. */
async function isFlushed(): Promise<boolean> {
  const [, all, found] = /(\d+) row sets.*postings: \d+ rows of (\d+) row sets/.exec(await explain("SELECT count() FROM visits WHERE user = 'user_7'")) ?? []
  return all !== undefined && all === found
}

beforeAll(async () => {
  server = await new TestServer(project).start(['--no-demo'], { PIPIT_MEMORY_BYTES: String(MEMORY_BYTES) })
  for (let from = 0; from < ROWS; from += A_BODY) {
    const answer = await server.call('POST', '/v0/events?name=visits&wait=true', body(from))
    expect(JSON.parse(answer.text)).toEqual({ successful_rows: A_BODY, quarantined_rows: 0 })
  }
  // What came while a flush was on its way waits for the next: more rows bring it.
  for (let from = ROWS, until = Date.now() + 1500; !await isFlushed(); await new Promise((resolve) => { setTimeout(resolve, 50) })) {
    if (Date.now() < until) continue
    await server.call('POST', '/v0/events?name=visits&wait=true', body(from))
    from += A_BODY
    until = Date.now() + 1500
  }
})
afterAll(async () => {
  await server.remove()
  rmSync(project, { recursive: true, force: true })
})

type Result = { readonly data: Record<string, number>[]; readonly statistics: { readonly rows_read: number } }

async function read(sql: string): Promise<Result> {
  const { status, text } = await server.call('POST', '/v0/sql', `${sql} FORMAT JSON`)
  if (status !== 200) throw new Error(text)
  return JSON.parse(text) as Result
}

const explain = async (sql: string): Promise<string> => {
  const { text } = await server.call('POST', '/v0/sql?explain=true', sql)
  return (JSON.parse(text) as { explain: string }).explain
}

describe('a scan after a flush', () => {
  it('reads at most twice the rows of one user', async () => {
    for (const user of ['user_7', 'user_999', 'user_0']) {
      const { data, statistics } = await read(`SELECT count() AS c, sum(n) AS s FROM visits WHERE user = '${user}'`)
      expect(data[0].c).toBeGreaterThan(50)
      expect(statistics.rows_read).toBeGreaterThanOrEqual(data[0].c)
      expect(statistics.rows_read).toBeLessThanOrEqual(2 * data[0].c)
    }
  })

  it('reads nothing for a user who is not there', async () => {
    const { data, statistics } = await read("SELECT count() AS c FROM visits WHERE user = 'nobody'")
    expect(data).toEqual([{ c: 0 }])
    expect(statistics.rows_read).toBe(0)
    expect(await explain("SELECT count() FROM visits WHERE user = 'nobody'")).toMatch(/scan visits: [1-9]\d* row sets \(0 skipped by zone map, [1-9]\d* by dictionary\)/)
  })

  it('names rows found by postings, and partitions and blocks skipped by zone maps', async () => {
    expect(await explain("SELECT count() FROM visits WHERE user = 'user_7'")).toMatch(/postings: \d+ rows of [1-9]\d* row sets; \d+ rows read/)
    const range = "at BETWEEN '2024-01-03 00:00:00' AND '2024-01-03 01:00:00'"
    const [, skippedSets, skippedBlocks, rows] = /\((\d+) skipped by zone map.*\((\d+) skipped by zone map\); (\d+) rows read/
      .exec(await explain(`SELECT count() FROM visits WHERE ${range}`)) ?? []
    expect(Number(skippedSets)).toBeGreaterThan(0)
    expect(Number(skippedBlocks)).toBeGreaterThan(0)
    const { data } = await read(`SELECT count() AS c FROM visits WHERE ${range}`)
    expect(data[0].c).toBe(103)
    expect(Number(rows)).toBeLessThanOrEqual(3 * 8192)
  })
})
