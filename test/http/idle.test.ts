// Quiet at rest: an idle server writes nothing to its disk, takes hardly any time, and little memory.
// The kernel counts what a process hands to a disk (write_bytes); where the folder is none of a disk,
// names, sizes and times of its files tell.
// PIPIT_IDLE_SECONDS=300 looks for longer.

import { mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TestServer } from './server.ts'

const SECONDS = Number(process.env.PIPIT_IDLE_SECONDS ?? 6)
/** 200 MB; 170 to 180 MiB are seen. */
const RESIDENT_MIB_MAX = 200e6 / 2 ** 20
const CPU_SHARE_MAX = 0.005
/** Ticks of one look at the clocks: the wake-up itself. */
const TICKS_FREE = 2
// A few seconds are too short for a share of that size, and V8 may still collect something in one of them.
const SHARE_MAX = SECONDS < 60 ? CPU_SHARE_MAX * 4 : CPU_SHARE_MAX
const LOOKS = SECONDS < 60 ? 4 : 1
/** Of eight seconds in which nothing but timers ran. */
const TICKS_QUIET = 8
const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const data = mkdtempSync(join(tmpdir(), 'pipit-idle-'))
const server = new TestServer(example, data)
beforeAll(async () => {
  await server.start([]) // loads the example's events
  await server.stop()
  await server.start(['--no-demo'], { PIPIT_WARM_UP: 'on' })
})
afterAll(() => server.remove())

const sleep = (seconds: number) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000) })
const proc = (name: string) => readFileSync(`/proc/${server.pid}/${name}`, 'latin1')
const residentMiB = () => Number(/^VmRSS:\s+(\d+) kB$/m.exec(proc('status'))?.[1]) / 1024
const written = () => Number(/^write_bytes: (\d+)$/m.exec(proc('io'))?.[1])
const files = () => readdirSync(data, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort()
  .map((file) => ({ file, size: statSync(file).size, changed: statSync(file).mtimeMs }))
const ticks = () => {
  const fields = proc('stat').slice(proc('stat').lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** Until what the start and the query left to do in the background is done, garbage collected too. */
async function untilQuiet(): Promise<void> {
  const began = Date.now()
  for (let before = [-1, -TICKS_QUIET]; written() !== before[0] || ticks() - before[1] >= TICKS_QUIET;) {
    expect(Date.now() - began).toBeLessThan(120_000)
    before = [written(), ticks()]
    await sleep(8)
  }
}

it.runIf(process.platform === 'linux')(`writes nothing for ${SECONDS} seconds`, async () => {
  await server.rows('SELECT feature, count() AS n FROM app_events GROUP BY feature')
  await untilQuiet()
  // What the server notes of the last calls it writes within a minute of them (src/server/service-log.ts).
  if (SECONDS >= 60) await sleep(66)
  const [bytes, before] = [written(), files()]
  let share = Infinity
  for (let look = 0; look < LOOKS && share >= SHARE_MAX; look++) {
    const time = ticks()
    await sleep(SECONDS)
    share = (ticks() - time - TICKS_FREE) / 100 / SECONDS
  }
  expect(written()).toBe(bytes)
  expect(files()).toEqual(before)
  expect(share).toBeLessThan(SHARE_MAX)
  expect(residentMiB()).toBeLessThan(RESIDENT_MIB_MAX)
}, SECONDS * LOOKS * 1000 + 400_000)

it.runIf(process.platform === 'linux')('gives back what a large query has touched, and answers as before', async () => {
  const sql = 'SELECT count() AS c, sum(k * n) AS s FROM (SELECT number * 7919 % 2000003 AS k, count() AS n FROM numbers(2000000) GROUP BY k)'
  let sum = 0
  for (let number = 0; number < 2_000_000; number++) sum += number * 7919 % 2_000_003
  for (let turn = 0; turn < 2; turn++) {
    // Whoever has parsed rows keeps what it parses the next into.
    const row = JSON.stringify({ timestamp: '2025-01-01 00:00:00', user_id: 'u', feature: 'f', session_id: 's' })
    await Promise.all(Array.from({ length: 16 }, () => server.call('POST', '/v0/events?name=app_events', row)))
    const before = residentMiB()
    expect(await server.rows(sql)).toEqual([{ c: 2_000_000, s: sum }])
    const touched = residentMiB() - before
    expect(touched).toBeGreaterThan(60) // tables of two million groups
    await expect.poll(() => residentMiB() - before, { timeout: 60_000, interval: 500 }).toBeLessThan(touched / 2)
  }
}, 200_000)
