// What each answer to an insert says of the rows: RELIABILITY.md, "What an answer says of the rows".

import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer, writeProject } from './server.ts'

const BODY_MAX = 20_000
const project = writeProject({
  'rows.datasource': 'SCHEMA >\n    id UInt32 `json:$.id`,\n    s String `json:$.s`\nENGINE MergeTree\nENGINE_SORTING_KEY id\n',
})
const server = new TestServer(project, mkdtempSync(join(tmpdir(), 'pipit-answers-')))
const start = async () => await server.start(['--no-demo'], { PIPIT_BODY_BYTES_MAX: String(BODY_MAX) })
beforeAll(async () => { await start() })
afterAll(() => server.remove())

let last = 0
const row = (): string => JSON.stringify({ id: ++last, s: 'x' })
const send = async (body: string, key = '', query = 'name=rows&wait=true', headers: Record<string, string> = {}) =>
  await server.call('POST', `/v0/events?${query}`, body, { ...key === '' ? {} : { 'idempotency-key': key }, ...headers })
const count = async (table = 'rows') => Number((await server.rows(`SELECT count() AS n FROM ${table}`))[0].n)

it('has rows of 200 and 202 after a kill', async () => {
  expect((await send(row())).status).toBe(200)
  expect((await send(row(), '', 'name=rows')).status).toBe(202)
  await server.stop('SIGKILL')
  await start()
  expect(await count()).toBe(2)
}, 60_000)

it('has nothing of 400, 403, 404, 413, 415 and 422, and takes the same key with the right request', async () => {
  const before = await count()
  const refused: [number, string, string, Record<string, string>][] = [
    [400, row(), '', {}], [400, '', 'name=rows', {}], [400, row(), 'name=rows&format=xml', {}],
    [403, row(), 'name=rows', { authorization: 'Bearer wrong' }], [404, row(), 'name=nothing', {}],
    [413, JSON.stringify({ id: 1, s: 'x'.repeat(BODY_MAX) }), 'name=rows', {}],
    [415, row(), 'name=rows', { 'content-encoding': 'br' }],
  ]
  for (const [index, [status, body, query, headers]] of refused.entries()) {
    const answer = await send(body, `refused ${index}`, query, headers)
    expect([status, answer.status, JSON.parse(answer.text)]).toEqual([status, status, expect.objectContaining({ error: expect.any(String) as string })])
  }
  expect(await count()).toBe(before)
  for (const index of refused.keys()) expect((await send(row(), `refused ${index}`)).status).toBe(200)
  expect(await count()).toBe(before + refused.length)
  expect((await send(row(), 'refused 0')).status).toBe(422)
  expect(await count()).toBe(before + refused.length)
}, 60_000)

it('sets rows that do not fit aside where it answers 400, once for a key', async () => {
  const before = await count()
  const body = '{"id":"none"}\n{"id":-1}\n'
  for (let time = 0; time < 2; time++) {
    const answer = await send(body, 'misfits')
    expect([answer.status, JSON.parse(answer.text)]).toMatchObject([400, { successful_rows: 0, quarantined_rows: 2 }])
  }
  expect([await count(), await count('rows_quarantine')]).toEqual([before, 2])
}, 60_000)

it('has nothing of a file that is refused: 400, 403, 404, 409', async () => {
  const before = await count()
  const file = async (query: string, body: string, headers: Record<string, string> = {}) =>
    (await server.call('POST', `/v0/datasources?format=ndjson&${query}`, body, headers)).status
  expect(await file('name=rows&mode=create', row())).toBe(409)
  expect(await file('name=nothing&mode=replace', row())).toBe(404)
  expect(await file('name=rows&mode=append', row(), { authorization: 'Bearer wrong' })).toBe(403)
  expect(await file('name=rows&mode=append&replace_condition=1', row())).toBe(400)
  expect(await file('name=rows&mode=append', '{"id":"none"}\n')).toBe(400)
  expect(await count()).toBe(before)
}, 60_000)

it('has nothing of 429, and takes the same key a second later', async () => {
  const before = await count()
  const soon = Math.floor(Date.now() / 1000) + 3600
  const made = await server.call('POST', `/v0/tokens?name=slow&expiration_time=${soon}`, JSON.stringify({
    scopes: [{ type: 'DATASOURCES:APPEND', resource: 'rows' }], limits: { rps: 1 },
  }), { 'content-type': 'application/json' })
  const { token } = JSON.parse(made.text) as { token: string }
  const bodies = Array.from({ length: 6 }, row)
  const post = async (index: number) => await send(bodies[index], `slow ${index}`, 'name=rows&wait=true', { authorization: `Bearer ${token}` })
  const answers = await Promise.all(bodies.map(async (_, index) => await post(index)))
  const taken = answers.filter(({ status }) => status === 200).length
  const refused = answers.flatMap(({ status }, index) => status === 429 ? [index] : [])
  expect([taken + refused.length, taken > 0, refused.length > 0]).toEqual([6, true, true])
  expect(answers[refused[0]].headers['retry-after']).toBe('1')
  expect(await count()).toBe(before + taken)
  await expect.poll(async () => (await post(refused[0])).status, { timeout: 10_000, interval: 300 }).toBe(200)
  expect(await count()).toBe(before + taken + 1)
}, 60_000)

/** Sends a request and goes away some time later without an answer. */
function sendAndLeave(body: string, key: string, leaveMs: number): Promise<void> {
  const { hostname, port } = new URL(server.url)
  const head = `POST /v0/events?name=rows&wait=true HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${server.token}\r\n`
    + `idempotency-key: ${key}\r\ncontent-length: ${body.length}\r\n\r\n`
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      // What was written may lie in the socket alone when it is closed.
      socket.write(head + body.slice(0, leaveMs === 0 ? 10 : body.length), () => {
        setTimeout(() => {
          socket.destroy()
          resolve()
        }, leaveMs)
      })
    })
    socket.on('error', () => resolve())
  })
}

it('has rows without an answer as a whole or not at all, and once when they are sent again with their key', async () => {
  const before = await count()
  const bodies = Array.from({ length: 24 }, () => `${row()}\n${row()}\n${row()}`)
  await Promise.all(bodies.map((body, index) => sendAndLeave(body, `cut ${index}`, index % 6)))
  expect((await count() - before) % 3).toBe(0)
  const replayed = await Promise.all(bodies.map(async (body, index) => {
    const { status, headers } = await send(body, `cut ${index}`)
    expect(status).toBe(200)
    return headers['idempotency-replayed'] === 'true'
  }))
  expect(await count()).toBe(before + 72)
  expect(replayed.filter((was) => !was).length).toBeGreaterThanOrEqual(4)
}, 60_000)
