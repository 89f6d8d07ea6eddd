// Large answers lie in memory that serves again (src/workers/answer-memory.ts): each is what it would be alone.

import { mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer, writeProject } from './server.ts'

const project = writeProject({
  'rows.datasource': 'SCHEMA >\n    id UInt32 `json:$.id`,\n    s String `json:$.s`\nENGINE MergeTree\nENGINE_SORTING_KEY id\n',
})
const server = new TestServer(project, mkdtempSync(join(tmpdir(), 'pipit-large-answers-')))
beforeAll(async () => { await server.start(['--no-demo']) })
afterAll(() => server.remove())

const ROWS = 150_000
const statement = (first: number) => `SELECT number + ${first} AS n, concat('row ', toString(number)) AS s FROM numbers(${ROWS}) ORDER BY n FORMAT JSONEachRow`
const linesOf = (first: number) => Array.from({ length: ROWS }, (_, i) => `{"n":${first + i},"s":"row ${i}"}\n`).join('')
const ask = async (first: number) => (await server.call('POST', '/v0/sql', statement(first))).text

it('are right one after the other, beside each other, and while one waits for a client that does not read', async () => {
  for (const first of [0, 1_000_000, 5]) expect(await ask(first) === linesOf(first)).toBe(true)
  const some = [10, 20, 30, 40, 50, 60]
  const texts = await Promise.all(some.map(ask))
  expect(texts.map((text, i) => text === linesOf(some[i]))).toEqual(some.map(() => true))

  const slow = connect(Number(new URL(server.url).port), '127.0.0.1')
  const body = statement(70)
  slow.write(`POST /v0/sql HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${server.token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  slow.pause()
  for (const first of [80, 90]) expect(await ask(first) === linesOf(first)).toBe(true)
  let text = ''
  slow.setEncoding('latin1').on('data', (chunk: string) => { text += chunk }).resume()
  await expect.poll(() => text.endsWith(linesOf(70)), { timeout: 20_000 }).toBe(true)
  slow.destroy()

  // Who leaves in the midst of an answer takes none of the next.
  const gone = connect(Number(new URL(server.url).port), '127.0.0.1')
  gone.write(`POST /v0/sql HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${server.token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
  await new Promise((resolve) => { gone.once('data', resolve) })
  gone.destroy()
  for (const first of [100, 110]) expect(await ask(first) === linesOf(first)).toBe(true)
}, 60_000)

it('reach a client that reads them in pieces, long after one another', async () => {
  const slow = connect(Number(new URL(server.url).port), '127.0.0.1')
  const closed = new Promise((resolve) => { slow.once('close', resolve) })
  const body = statement(130)
  slow.write(`POST /v0/sql HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${server.token}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`)
  let text = ''
  slow.setEncoding('latin1').on('data', (chunk: string) => { text += chunk })
  await new Promise((resolve) => { slow.once('data', resolve) })
  slow.pause()
  // The library gives up on a socket that has been full for ten seconds.
  await new Promise((resolve) => { setTimeout(resolve, 17_000) })
  slow.resume()
  await Promise.race([closed, expect.poll(() => text.endsWith(linesOf(130)), { timeout: 20_000 }).toBe(true)])
  slow.destroy()
  expect(text.endsWith(linesOf(130))).toBe(true)
}, 60_000)
