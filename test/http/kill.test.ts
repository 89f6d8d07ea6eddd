// A real process killed with SIGKILL under load from several writers: every acknowledged batch is there
// once, and of the others all rows or none. Some rounds are killed during deletes and backups.
// PIPIT_KILL_ROUNDS=50 runs more rounds.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { TestServer } from './server.ts'

const ROUNDS = Number(process.env.PIPIT_KILL_ROUNDS ?? 8)
const WRITERS = 6
const ROWS = 20
const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'pipit-kill-'))
const server = new TestServer(example, join(place, 'data'))
afterAll(async () => {
  await server.remove()
  rmSync(place, { recursive: true, force: true })
})

const batchOf = (name: string) => Array.from({ length: ROWS }, (_, row) => JSON.stringify({
  event_id: `${name}-${row}`, user_id: `user_${row}`, session_id: name, event_type: row % 2 === 0 ? 'view' : 'click',
  feature: 'search', timestamp: '2025-01-02 03:04:05', device_type: 'phone', browser: 'b', os: 'o', location: 'l', metadata: '{}',
})).join('\n')

it(`keeps what it acknowledged over ${ROUNDS} kills`, async () => {
  const acknowledged = new Set<string>()
  const unknown = new Set<string>()
  for (let round = 0; round < ROUNDS; round++) {
    await server.start()
    let isKilled = false
    const write = async (writer: number) => {
      for (let batch = 0; !isKilled; batch++) {
        const name = `r${round}w${writer}b${batch}`
        // Sent again with its key after an unknown outcome, a batch is still there once.
        const again = batch % 5 === 4 ? [...unknown].find((one) => !acknowledged.has(one)) : undefined
        const sent = again ?? name
        unknown.add(sent)
        const answer = await server.call('POST', '/v0/events?name=app_events&wait=true', batchOf(sent), { 'idempotency-key': sent }).catch(() => null)
        if (answer?.status === 200) acknowledged.add(sent)
      }
    }
    const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer))
    const others = round % 2 === 0 ? null : server.call('POST',
      round % 4 === 1 ? `/v0/datasources/app_events/delete?delete_condition=${encodeURIComponent("event_id = 'nobody'")}`
        : `/v0/backup?folder=${encodeURIComponent(join(place, 'backup'))}`).catch(() => null)
    await new Promise((resolve) => { setTimeout(resolve, 150 + round * 67 % 400) })
    await server.stop('SIGKILL')
    isKilled = true
    await Promise.all([...writers, others])
  }
  await server.start()
  const batches = await server.rows('SELECT session_id AS s, count() AS n, uniqExact(event_id) AS u FROM app_events GROUP BY s')
  expect(batches.filter(({ n, u }) => n !== ROWS || u !== ROWS)).toEqual([])
  const there = new Set(batches.map(({ s }) => s as string))
  expect([...acknowledged].filter((name) => !there.has(name))).toEqual([])
  expect([...there].filter((name) => !unknown.has(name))).toEqual([])
  expect(acknowledged.size).toBeGreaterThan(ROUNDS)
}, 600_000)
