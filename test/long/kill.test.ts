// SIGKILL of a real server under load from several writers, again and again over the same folder: every
// acknowledged batch is there once, one without an answer is there whole or not at all.

import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { EventGenerator, seededRandom } from '../../bench/generator.ts'
import { TestServer } from '../http/server.ts'
import { BUDGET_MS, SEED, TIMEOUT_MS } from './budget.ts'

const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const WRITERS = 8
const KILL_AFTER_MS_MAX = 2500

type Batch = { readonly rows: number; acknowledged: boolean }

/** A batch whose rows say which they are: the session is the batch, the event its row. */
function bodyOf(id: string, rows: number, generator: EventGenerator): string {
  return generator.next(rows).trimEnd().split('\n').map((line, row) => line
    .replace(/"event_id":"[^"]*"/, `"event_id":"${id}-${row}"`)
    .replace(/"session_id":"[^"]*"/, `"session_id":"${id}"`)).join('\n')
}

it('keeps every acknowledged batch once, whenever the process is killed', async () => {
  const random = seededRandom(SEED)
  const generator = new EventGenerator('app_events', 100_000_000, SEED)
  const batches = new Map<string, Batch>()
  const server = await new TestServer(example).start()
  let round = 0
  const write = async (writer: number) => {
    for (let number = 0; ; number++) {
      const id = `r${round}w${writer}n${number}`
      const batch = { rows: 1 + Math.floor(random() * 300), acknowledged: false }
      batches.set(id, batch)
      try {
        const answer = await server.call('POST', '/v0/events?name=app_events', bodyOf(id, batch.rows, generator))
        batch.acknowledged = answer.status === 202
      } catch {
        return // killed
      }
    }
  }
  const check = async () => {
    const rows = await server.rows('SELECT session_id, count() AS n, uniqExact(event_id) AS u FROM app_events GROUP BY session_id')
    const found = new Map(rows.map((row) => [row.session_id as string, row]))
    for (const [id, { rows: sent, acknowledged }] of batches) {
      const { n, u } = found.get(id) ?? { n: 0, u: 0 }
      const where = `seed ${SEED}, round ${round}, batch ${id}, acknowledged ${acknowledged}`
      if (acknowledged) expect([where, n, u]).toEqual([where, sent, sent])
      else expect([[0, 0], [sent, sent]], where).toContainEqual([n, u])
    }
  }
  const until = Date.now() + BUDGET_MS
  try {
    for (; Date.now() < until || round < 2; round++) {
      const writers = Array.from({ length: WRITERS }, (_, writer) => write(writer))
      await new Promise((resolve) => { setTimeout(resolve, 100 + random() * KILL_AFTER_MS_MAX) })
      await server.stop('SIGKILL')
      await Promise.all(writers)
      await server.start()
      await check()
    }
  } finally {
    await server.remove()
  }
  const acknowledged = [...batches.values()].filter((batch) => batch.acknowledged).length
  process.stderr.write(`kill: ${round} kills, ${acknowledged} of ${batches.size} batches acknowledged, seed ${SEED}\n`)
  expect(acknowledged).toBeGreaterThan(0)
}, TIMEOUT_MS)
