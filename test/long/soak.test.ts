// Inserts, queries, deletes and merges for a while, over as many rows as a team keeps: answers stay right, memory,
// handles and files flat. PIPIT_SOAK_SECONDS=3600 for an hour; by default its share of the long tests' time.

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
/** Beyond so many rows the oldest half of them is deleted; a short run is to see it, too. */
const ROWS_MAX = SECONDS < 60 ? 100_000 : 400_000
/** Events of a writer over the two years that its generator spans. */
const GENERATED = 1e9
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

/** Rows by their second, of all that is to be there. */
class Kept {
  private readonly bySecond = new Map<string, number>()
  rows = 0

  add(ndjson: string): void {
    for (const [, second] of ndjson.matchAll(/"timestamp":"([^"]+)"/g)) {
      this.bySecond.set(second, (this.bySecond.get(second) ?? 0) + 1)
      this.rows++
    }
  }

  /** Forgets the older half; the first second that stays. */
  halve(): string {
    const seconds = [...this.bySecond.keys()].sort()
    const most = this.rows / 2
    let at = 0
    for (; this.rows > most; at++) {
      this.rows -= this.bySecond.get(seconds[at]) ?? 0
      this.bySecond.delete(seconds[at])
    }
    return seconds[at]
  }
}

const residentMiB = () => Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'latin1'))?.[1]) / 1024
const handles = () => readdirSync(`/proc/${server.pid}/fd`).length
const files = () => readdirSync(server.data).length + readdirSync(join(server.data, 'segments')).length

it.runIf(process.platform === 'linux')(`stays right and flat for ${SECONDS} seconds`, async () => {
  await server.start(['--no-demo'], { PIPIT_MEMORY_BYTES: `${MEMORY_MIB}MB` })
  const began = Date.now()
  const isOver = () => Date.now() - began > SECONDS * 1000
  const kept = new Kept()
  let stored = 0
  let deletes = 0
  /** Sent, and not yet heard of. */
  const underWay = new Set<Promise<void>>()
  /** Writers wait for it. */
  let halving: Promise<void> = Promise.resolve()
  const send = async (batch: string, key: string) => {
    const { status } = await heard('POST', '/v0/events?name=app_events&wait=true', batch, { 'idempotency-key': key })
    if (status !== 200) return // 503: none was stored
    stored += ROWS
    kept.add(batch)
  }
  const write = async (writer: number) => {
    const generator = new EventGenerator('app_events', GENERATED, writer + 1)
    for (let batch = 0; !isOver(); batch++) {
      for (let last = halving; ; last = halving) {
        await last
        if (last === halving) break
      }
      const sending = send(generator.next(ROWS), `${writer} ${batch}`)
      underWay.add(sending)
      await sending
      underWay.delete(sending)
    }
  }
  const halve = async () => {
    await Promise.all(underWay)
    const first = kept.halve()
    const { status, text } = await heard('POST', `/v0/datasources/app_events/delete?delete_condition=${encodeURIComponent(`timestamp < '${first}'`)}`)
    expect([Math.floor(status / 100), text]).toEqual([2, text])
    deletes++
    expect(await count()).toBe(kept.rows)
  }
  const seen: { resident: number; handles: number; files: number }[] = []
  const look = async () => {
    while (!isOver()) {
      const before = kept.rows
      const n = await count()
      expect(n).toBeGreaterThanOrEqual(before)
      expect(n).toBeLessThanOrEqual(kept.rows + WRITERS * ROWS)
      seen.push({ resident: residentMiB(), handles: handles(), files: files() })
      if (kept.rows > ROWS_MAX) await (halving = halve())
      await new Promise((resolve) => { setTimeout(resolve, 200) })
    }
  }
  await Promise.all([...Array.from({ length: WRITERS }, (_, writer) => write(writer)), look()])
  expect(await count()).toBe(kept.rows)
  const half = seen.length >> 1
  const most = (what: keyof (typeof seen)[number]) =>
    [seen.slice(0, half), seen.slice(half)].map((of) => Math.max(...of.map((one) => one[what])))
  const [resident, handlesMost, filesMost] = [most('resident'), most('handles'), most('files')]
  process.stderr.write(`soak: ${SECONDS} s, ${stored} rows stored and ${deletes} times half of them deleted, ${seen.length} looks; at most in each half: `
    + `${resident.map((one) => one.toFixed(0)).join(' and ')} MiB resident, ${handlesMost.join(' and ')} handles, ${filesMost.join(' and ')} files\n`)
  expect(resident[1]).toBeLessThan(MEMORY_MIB)
  // The first half warms caches up.
  expect(handlesMost[1]).toBeLessThan(handlesMost[0] * 1.5 + 50)
  expect(filesMost[1]).toBeLessThan(filesMost[0] * 1.5 + 50)
}, SECONDS * 1000 + 180_000)
