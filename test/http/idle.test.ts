// Quiet at rest: an idle server writes nothing to its disk, takes hardly any time, and little memory.
// PIPIT_IDLE_SECONDS=300 looks for longer.

import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { TestServer } from './server.ts'

const SECONDS = Number(process.env.PIPIT_IDLE_SECONDS ?? 6)
const RESIDENT_MIB_MAX = 200
const CPU_SHARE_MAX = 0.005
/** Ticks of one look at the clocks: the wake-up itself. */
const TICKS_FREE = 2
const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const server = new TestServer(example, mkdtempSync(join(tmpdir(), 'pipit-idle-')))
afterAll(() => server.remove())

const sleep = (seconds: number) => new Promise((resolve) => { setTimeout(resolve, seconds * 1000) })
const proc = (name: string) => readFileSync(`/proc/${server.pid}/${name}`, 'latin1')
const written = () => Number(/^wchar: (\d+)$/m.exec(proc('io'))?.[1])
const ticks = () => {
  const fields = proc('stat').slice(proc('stat').lastIndexOf(')') + 2).split(' ')
  return Number(fields[11]) + Number(fields[12])
}

/** What threads write to each other's event file descriptors now and then. */
const WAKE_UP_BYTES = 200

/** Until what the start and the query left to do in the background is done. */
async function untilQuiet(): Promise<void> {
  const began = Date.now()
  for (let before = 0; written() - before > WAKE_UP_BYTES;) {
    expect(Date.now() - began).toBeLessThan(120_000)
    before = written()
    await sleep(8)
  }
}

it.runIf(process.platform === 'linux')(`writes nothing for ${SECONDS} seconds`, async () => {
  await server.start([]) // loads the example's events
  await server.stop()
  await server.start()
  await server.rows('SELECT feature, count() AS n FROM app_events GROUP BY feature')
  await untilQuiet()
  const [bytes, time] = [written(), ticks()]
  await sleep(SECONDS)
  // Threads wake each other through event file descriptors of eight bytes.
  expect(written() - bytes).toBeLessThan(SECONDS * 200)
  expect((ticks() - time - TICKS_FREE) / 100 / SECONDS).toBeLessThan(CPU_SHARE_MAX * 4)
  const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(proc('status'))?.[1]) / 1024
  expect(resident).toBeLessThan(RESIDENT_MIB_MAX)
}, 400_000)
