// Far more calls at once than can be answered soon: what is too much gets 503 and Retry-After, all others their
// answers; who has the answer already is told so meanwhile, and who may not ask is told that.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { Agent, request } from 'undici'
import { TestServer, writeProject } from './server.ts'

const AT_ONCE = 900
/** What may wait while nothing is known of the server (CAPACITY_FIRST of src/engine/backlog.ts). */
const WAIT_MAX = 512

const server = new TestServer(writeProject({
  'things.datasource': 'SCHEMA >\n    `n` UInt32 `json:$.n`\nENGINE MergeTree\nENGINE_SORTING_KEY n\n',
  'total.pipe': 'NODE a\nSQL >\n    SELECT sum(n) AS total FROM things\nTYPE endpoint\n',
}))
beforeAll(() => server.start())
afterAll(() => server.remove())

const STATEMENT = encodeURIComponent('SELECT max(sqrt(number)) AS m FROM numbers(200000)')

it('refuses what is too much early, and goes on with the rest', async () => {
  await server.call('POST', '/v0/events?name=things&wait=true', '{"n":1}\n{"n":2}')
  const known = await server.call('GET', '/v0/pipes/total.json')
  const etag = String(known.headers.etag)
  const dispatcher = new Agent({ connections: AT_ONCE })
  const ask = async (): Promise<{ status: number; retry: unknown; text: string }> => {
    const { statusCode, headers, body } = await request(`${server.url}/v0/sql?q=${STATEMENT}`, {
      dispatcher, headers: { authorization: `Bearer ${server.token}` },
    })
    return { status: statusCode, retry: headers['retry-after'], text: await body.text() }
  }
  let [unchanged, forbidden] = [0, 0]
  const meanwhile = async (): Promise<void> => {
    unchanged = (await server.call('GET', '/v0/pipes/total.json', undefined, { 'if-none-match': etag })).status
    forbidden = (await server.call('GET', '/v0/pipes/total.json?token=wrong', undefined, { authorization: 'Bearer wrong' })).status
  }
  const calls = Array.from({ length: AT_ONCE }, ask)
  await Promise.race(calls.map(async (call) => { if ((await call).status !== 503) await new Promise(() => {}) }))
  await meanwhile()
  const answers = await Promise.all(calls)
  const refused = answers.filter(({ status }) => status === 503)
  const answered = answers.filter(({ status }) => status === 200)
  expect(refused.length + answered.length).toBe(AT_ONCE)
  expect(answered.length).toBeGreaterThanOrEqual(WAIT_MAX)
  expect(refused.length).toBeGreaterThan(0)
  expect(new Set(refused.map(({ retry }) => retry))).toEqual(new Set(['1']))
  expect(refused[0].text).toContain('(TOO_MANY_QUERIES)')
  expect(new Set(answered.map(({ text }) => text.replace(/"statistics".*/s, ''))).size).toBe(1)
  expect([unchanged, forbidden]).toEqual([304, 403])
  expect((await ask()).status).toBe(200)
  await dispatcher.close()
}, 60_000)
