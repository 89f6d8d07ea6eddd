// Inserts, queries, deletes and merges for a while: answers stay right, memory, handles and files flat.
// PIPIT_SOAK_SECONDS=3600 for an hour; by default its share of the long tests' time.

import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { EventGenerator } from '../../bench/generator.ts'
import { TestServer } from '../http/server.ts'
import { BUDGET_MS } from './budget.ts'

const SECONDS = Number(process.env.PIPIT_SOAK_SECONDS ?? BUDGET_MS / 1000)
const WRITERS = 4
const ROWS = 200
const MEMORY_MIB = 512
const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const server = new TestServer(example, mkdtempSync(join(tmpdir(), 'pipit-soak-')))
afterAll(() => server.remove())

/** A call as often as it takes to hear an answer: on a busy machine a server closes a connection that the caller is
 * about to use. Sent again with its key a batch is stored once. */
async function heard(...call: Parameters<typeof server.call>): ReturnType<typeof server.call> {
  for (let left = 20; ; left--) {
    try {
      return await server.call(...call)
    } catch (error) {
      if (left === 0) throw error
    }
  }
}
const count = async () => Number((JSON.parse((await heard('POST', '/v0/sql', 'SELECT count() AS n FROM app_events FORMAT JSON')).text) as { data: { n: number }[] }).data[0].n)

const residentMiB = () => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'latin1'))?.[1]) / 1024
const handles = () => readdirSync(`/proc/${server.pid}/fd`).length
const files = () => readdirSync(server.data).length + readdirSync(join(server.data, 'segments')).length

it.runIf(process.platform === 'linux')(`stays right and flat for ${SECONDS} seconds`, async () => {
  await server.start([], { PIPIT_MEMORY_BYTES: `${MEMORY_MIB}MB` })
  const began = Date.now()
  const isOver = () => Date.now() - began > SECONDS * 1000
  const atStart = await count()
  let acknowledged = atStart
  let sent = atStart
  const write = async (writer: number) => {
    const generator = new EventGenerator('app_events', 1e9, writer + 1)
    for (let batch = 0; !isOver(); batch++) {
      sent += ROWS
      const { status } = await heard('POST', '/v0/events?name=app_events&wait=true', generator.next(ROWS), { 'idempotency-key': `${writer} ${batch}` })
      if (status === 200) acknowledged += ROWS
      else sent -= ROWS // 503: none was stored
    }
  }
  const seen: { resident: number; handles: number; files: number }[] = []
  const look = async () => {
    while (!isOver()) {
      const before = acknowledged
      const n = await count()
      expect(n).toBeGreaterThanOrEqual(before)
      expect(n).toBeLessThanOrEqual(sent)
      await heard('POST', `/v0/datasources/app_events_quarantine/delete?delete_condition=${encodeURIComponent("event_id = 'nobody'")}`)
      seen.push({ resident: residentMiB(), handles: handles(), files: files() })
      await new Promise((resolve) => { setTimeout(resolve, 200) })
    }
  }
  await Promise.all([...Array.from({ length: WRITERS }, (_, writer) => write(writer)), look()])
  expect(await count()).toBe(acknowledged)
  process.stderr.write(`soak: ${SECONDS} s, ${acknowledged} rows, ${seen.length} looks; resident ${Math.min(...seen.map(({ resident }) => resident)).toFixed(0)} to `
    + `${Math.max(...seen.map(({ resident }) => resident)).toFixed(0)} MiB, at most ${Math.max(...seen.map((one) => one.handles))} handles, ${Math.max(...seen.map((one) => one.files))} files\n`)
  const half = seen.length >> 1
  const most = (of: typeof seen, what: keyof (typeof seen)[number]) => Math.max(...of.map((one) => one[what]))
  // Handles: the first half warms caches up; the second must not grow much beyond it.
  expect(most(seen.slice(half), 'resident')).toBeLessThan(MEMORY_MIB)
  expect(most(seen.slice(half), 'handles')).toBeLessThan(most(seen.slice(0, half), 'handles') + 200)
  expect(most(seen.slice(half), 'files')).toBeLessThan(600)
}, SECONDS * 1000 + 180_000)
