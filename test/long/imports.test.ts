// Files that never lay anywhere: streams made while they are sent. One that is larger than the memory that the
// server takes goes in, and an error far down names its line.

import { readFileSync, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { request } from 'undici'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer, writeProject } from '../http/server.ts'

const MiB = 2 ** 20
/** 10 GB are 130,000,000. */
const LINES = Number(process.env.PIPIT_CSV_LINES ?? 10_000_000)
const BROKEN_LINE = 5_000_000
const FORM_LINES = 4_000_000
/** Less than the file has: threads, what --memory allows for rows and files, and one merge (630 MiB seen). */
const PEAK_BYTES = 750 * MiB

const root = writeProject({
  'rows.datasource': 'SCHEMA >\n  `id` UInt64,\n  `at` DateTime,\n  `name` String,\n  `note` String\n\nENGINE "MergeTree"\nENGINE_SORTING_KEY "at, id"\n',
})
const server = new TestServer(root)
beforeAll(() => server.start(['--no-demo', '--memory', '1GB']))
afterAll(async () => {
  await server.remove()
  rmSync(root, { recursive: true, force: true })
})

const peakBytes = (): number => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) * 1024

type Line = (line: number) => string
const csvLine: Line = (line) => (line === BROKEN_LINE ? `x${line},2024-01-01 00:00:00,broken,?\n`
  : `${line},2024-01-${String(1 + line % 28).padStart(2, '0')} 00:00:00,"name ${line % 1000}",${(line * 2_654_435_761) % 4_294_967_296} and somewhat more of a note than that\n`)
const jsonLine: Line = (line) => `${JSON.stringify({ id: line, at: `2024-02-0${1 + line % 9} 00:00:00`, name: `name ${line % 1000}`, note: `note ${(line * 40_503) % 65_536}` })}\n`

function* linesOf(line: Line, from: number, to: number): Generator<Buffer> {
  for (let at = from; at <= to; at += 5000) {
    let text = ''
    for (let one = at; one < Math.min(to + 1, at + 5000); one++) text += line(one)
    yield Buffer.from(text)
  }
}

async function send(query: string, chunks: Iterable<Buffer>, headers: Record<string, string> = {}) {
  const answer = await request(`${server.url}/v0/datasources?name=rows&${query}`, {
    method: 'POST', body: Readable.from(chunks), headersTimeout: 0, bodyTimeout: 0, headers: { authorization: `Bearer ${server.token}`, ...headers },
  })
  return await answer.body.json() as { successful_rows: number; quarantined_rows: number; error: string | false }
}

function* csv(lines: number): Generator<Buffer> {
  yield Buffer.from('id,at,name,note\n')
  yield* linesOf(csvLine, 2, lines)
}

function* form(lines: number): Generator<Buffer> {
  yield Buffer.from('--b1\r\nContent-Disposition: form-data; name="csv"; filename="f.ndjson"\r\n\r\n')
  yield* linesOf(jsonLine, 1, lines)
  yield Buffer.from('\r\n--b1--\r\n')
}

let sentBytes = 0
function* counted(chunks: Iterable<Buffer>): Generator<Buffer> {
  for (const chunk of chunks) {
    sentBytes += chunk.length
    yield chunk
  }
}

it('takes files larger than its memory, and names line 5,000,000', async () => {
  // Line 1 is the heading.
  const answer = await send('mode=replace&format=csv', counted(csv(LINES)))
  expect(sentBytes).toBeGreaterThan(PEAK_BYTES)
  expect(answer).toMatchObject({ successful_rows: LINES - 2, quarantined_rows: 1 })
  expect(answer.error).toMatch(`line ${BROKEN_LINE}: value 'x${BROKEN_LINE}' on column 'id' is not UInt64`)
  expect(await server.rows('SELECT count() AS n, sum(id) AS s FROM rows')).toEqual([{ n: LINES - 2, s: (LINES * (LINES + 1)) / 2 - 1 - BROKEN_LINE }])
  expect(await server.rows('SELECT id, note FROM rows_quarantine')).toEqual([{ id: `x${BROKEN_LINE}`, note: '?' }])
  const sent = await send('mode=append', form(FORM_LINES), { 'content-type': 'multipart/form-data; boundary=b1' })
  expect(sent).toMatchObject({ successful_rows: FORM_LINES, quarantined_rows: 0 })
  expect(peakBytes()).toBeLessThan(PEAK_BYTES)
}, 900_000 * Math.max(1, LINES / 10_000_000))

it('ends at a line that never does, and stores nothing', async () => {
  const before = await server.rows('SELECT count() AS n FROM rows')
  function* endless(): Generator<Buffer> {
    yield Buffer.from('id,at,name,note\n1,2024-01-01 00:00:00,a,')
    for (let sent = 0; sent < 1024; sent++) yield Buffer.alloc(MiB, 'x')
  }
  expect((await send('mode=append&format=csv', endless())).error).toMatch(/record at line 2 is longer than 67108864 bytes/)
  expect(await server.rows('SELECT count() AS n FROM rows')).toEqual(before)
}, 300_000)
