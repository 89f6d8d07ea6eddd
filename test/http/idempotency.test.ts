// Inserts and files with an Idempotency-Key: once, whatever happens between the first and the next time.

import { mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer } from './server.ts'
import { EventGenerator } from '../../bench/generator.ts'

const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const server = new TestServer(example, mkdtempSync(join(tmpdir(), 'pipit-once-')))
beforeAll(async () => { await server.start() })
afterAll(() => server.remove())

const body = (rows: number, seed: number) => new EventGenerator('app_events', rows, seed).next(rows)
const post = (key: string, text: string) => server.call('POST', '/v0/events?name=app_events&wait=true', text, { 'idempotency-key': key })
const count = async () => Number((await server.rows('SELECT count() AS n FROM app_events'))[0].n)

it('stores a body once and answers as the first time', async () => {
  const text = `${body(7, 1)}not json\n`
  const first = await post('a', text)
  expect(JSON.parse(first.text)).toEqual({ successful_rows: 7, quarantined_rows: 1, duplicate_rows: 0 })
  expect(first.headers['idempotency-replayed']).toBe(undefined)
  const again = await post('a', text)
  expect([again.status, again.text, again.headers['idempotency-replayed']]).toEqual([first.status, first.text, 'true'])
  expect(await count()).toBe(7)
}, 180_000)

it('refuses the key with another body with 422, and keeps keys of data sources apart', async () => {
  const other = await post('a', body(3, 2))
  expect(other.status).toBe(422)
  expect(other.text).toMatch(/'a' was used for another body/)
  expect(await count()).toBe(7)
}, 180_000)

it('stores a body once that many send at the same time', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => post('b', body(5, 3))))
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(await count()).toBe(12)
}, 180_000)

it('does not remember a body of which nothing was stored', async () => {
  expect((await post('c', '')).status).toBe(400)
  expect((await post('c', body(1, 4))).status).toBe(200)
  expect(await count()).toBe(13)
}, 180_000)

const file = (key: string, text: string, query = 'mode=append') => server.call('POST', `/v0/datasources?name=app_events&format=ndjson&${query}`, text, { 'idempotency-key': key })
const countsOf = (text: string) => {
  const { successful_rows, quarantined_rows } = JSON.parse(text) as Record<string, number>
  return [successful_rows, quarantined_rows]
}

it('stores a file once, however many send it, and answers as the first time', async () => {
  const text = `${body(9, 6)}not json\n`
  const answers = await Promise.all(Array.from({ length: 4 }, () => file('f', text)))
  for (const answer of answers) expect([answer.status, ...countsOf(answer.text)]).toEqual([200, 9, 1])
  expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true').length).toBe(3)
  expect(await count()).toBe(22)
  expect((await file('f', body(2, 7))).status).toBe(422)
  expect((await file('f', text, 'mode=replace')).status).toBe(422)
  expect((await post('f', text)).status).toBe(422)
  expect((await file('a', body(2, 7))).status).toBe(422)
  expect(await count()).toBe(22)
  await server.stop('SIGKILL')
  await server.start()
  const again = await file('f', text)
  expect([again.status, ...countsOf(again.text), again.headers['idempotency-replayed']]).toEqual([200, 9, 1, 'true'])
  expect(await count()).toBe(22)
}, 180_000)

it('stores a file that was refused with its key when it comes again', async () => {
  expect((await file('g', body(3, 8), 'mode=append&replace_condition=1')).status).toBe(400)
  expect((await file('g', body(3, 8))).headers['idempotency-replayed']).toBe(undefined)
  expect(await count()).toBe(25)
}, 180_000)

it('remembers across kills, after the rows were flushed and their log file is gone', async () => {
  const logs = () => readdirSync(server.data).filter((name) => name.startsWith('wal-'))
  const before = logs()
  await server.stop('SIGKILL')
  await server.start()
  expect((await post('b', body(5, 3))).headers['idempotency-replayed']).toBe('true')
  // A delete flushes; a log file whose rows are all in segments goes.
  for (const [name, column] of [['app_events', 'event_id'], ['app_events_quarantine', 'event_id'], ['hourly_events', 'feature']]) {
    await server.call('POST', `/v0/datasources/${name}/delete?delete_condition=${encodeURIComponent(`${column} = 'nobody'`)}`)
  }
  expect(logs().filter((name) => before.includes(name))).toEqual([])
  await server.stop('SIGKILL')
  await server.start()
  expect((await post('b', body(5, 3))).headers['idempotency-replayed']).toBe('true')
  expect((await post('a', body(3, 2))).status).toBe(422)
  expect((await file('f', `${body(9, 6)}not json\n`)).headers['idempotency-replayed']).toBe('true')
  expect(await count()).toBe(25)
}, 180_000)
