// A disk that fills up under a served process: inserts, files and copies get 507 with the reason, queries go on,
// and with room again everything goes on by itself. What was acknowledged is there once, what was refused is not.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { TestServer, writeProject } from './server.ts'

const project = writeProject({
  'datasources/events.datasource': `SCHEMA >
    n UInt32 \`json:$.n\`,
    text String \`json:$.text\`

ENGINE "MergeTree"
ENGINE_SORTING_KEY "n"
`,
  'datasources/copied.datasource': `SCHEMA >
    n UInt32 \`json:$.n\`,
    text String \`json:$.text\`

ENGINE "MergeTree"
ENGINE_SORTING_KEY "n"
`,
  'pipes/copy.pipe': `NODE n
SQL >
    SELECT n, text FROM events

TYPE copy
TARGET_DATASOURCE copied
COPY_MODE replace
`,
})
const folder = mkdtempSync(join(tmpdir(), 'pipit-filling-'))
const sign = join(folder, 'full')
const server = new TestServer(project, join(folder, 'data'))
afterAll(async () => {
  await server.remove()
  rmSync(folder, { recursive: true })
  rmSync(project, { recursive: true })
})

const env = {
  NODE_OPTIONS: `--import=${fileURLToPath(new URL('filling-disk.mjs', import.meta.url))}`,
  PIPIT_TEST_DISK_FULL: sign, PIPIT_TEST_DISK: join(folder, 'data'),
}
let next = 0
const acknowledged: number[] = []
const refused: number[] = []

/** Rows in one request; notes what became of them. Answers the code, and the reason of a refusal. */
async function insert(path: string, rows: number): Promise<{ status: number; text: string }> {
  const numbers = Array.from({ length: rows }, () => next++)
  const body = numbers.map((n) => JSON.stringify({ n, text: `row ${n} ${'x'.repeat(n % 50)}` })).join('\n')
  const { status, text } = await server.call('POST', path, body);
  (status === 200 || status === 202 ? acknowledged : refused).push(...numbers)
  return { status, text }
}
const EVENTS = '/v0/events?name=events&wait=true'
const FILE = '/v0/datasources?name=events&mode=append&format=ndjson'

async function copy(): Promise<{ status: string; error?: string }> {
  const started = await server.call('POST', '/v0/pipes/copy/copy')
  if (started.status === 507) return { status: 'error', error: started.text }
  expect(started.status, started.text).toBe(200)
  const { job } = JSON.parse(started.text) as { job: { job_id: string } }
  for (;;) {
    const found = JSON.parse((await server.call('GET', `/v0/jobs/${job.job_id}`)).text) as { status: string; error?: string }
    if (found.status === 'done' || found.status === 'error') return found
    await new Promise((resolve) => { setTimeout(resolve, 30) })
  }
}

const stored = async (table: string): Promise<number[]> =>
  (await server.rows(`SELECT n FROM ${table} ORDER BY n`)).map(({ n }) => Number(n))
const sorted = () => [...acknowledged].sort((a, b) => a - b)

it('refuses what has no room, answers queries, and goes on when there is room', async () => {
  await server.start(['--no-demo'], env)
  let copied: number[] = []
  for (let round = 0; round < 4; round++) {
    expect((await insert(EVENTS, 20)).status).toBe(200)
    expect((await insert(FILE, 3000)).status).toBe(200)
    expect(await copy()).toMatchObject({ status: 'done' })
    copied = sorted()

    // It fills up beside writers that do not stop.
    let isOver = false
    const writers = Array.from({ length: 4 }, async () => {
      while (!isOver) {
        const { status, text } = await insert(EVENTS, 7)
        if (status !== 200) expect({ status, text }).toMatchObject({ status: 507, text: expect.stringMatching(/The rows were not stored/) as string })
      }
    })
    await new Promise((resolve) => { setTimeout(resolve, 150) })
    writeFileSync(sign, '')
    await new Promise((resolve) => { setTimeout(resolve, 150) })
    for (const path of [EVENTS, FILE]) {
      const { status, text } = await insert(path, 3000)
      expect({ status, text }).toMatchObject({ status: 507, text: expect.stringMatching(/The rows were not stored.*(ENOSPC|no space)/) as string })
    }
    expect((await copy()).status).toBe('error')
    isOver = true
    await Promise.all(writers)
    expect(await stored('events')).toEqual(sorted())
    expect(await stored('copied')).toEqual(copied)

    rmSync(sign)
    const until = Date.now() + 20_000
    while ((await insert(EVENTS, 1)).status !== 200) {
      expect(Date.now()).toBeLessThan(until)
      await new Promise((resolve) => { setTimeout(resolve, 50) })
    }
    expect(await stored('events')).toEqual(sorted())
    if (round % 2 === 1) {
      await server.stop('SIGKILL')
      await server.start(['--no-demo'], env)
      expect(await stored('events')).toEqual(sorted())
      expect(await stored('copied')).toEqual(copied)
    }
  }
  expect(refused.length).toBeGreaterThan(0)
}, 180_000)
