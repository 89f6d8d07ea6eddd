// SIGKILL of a real server under load from several writers, again and again over the same folder.
// PIPIT_KILL_ROUNDS sets how often; by default 50 times.

import { expect, it } from 'vitest'
import { seededRandom } from '../../bench/generator.ts'
import { killRounds } from '../http/kill.ts'
import { DerivedRounds } from '../http/kill-derived.ts'
import { SEED, TIMEOUT_MS } from './budget.ts'

const ROUNDS = Number(process.env.PIPIT_KILL_ROUNDS ?? 50)

it(`keeps what it acknowledged, once, over ${ROUNDS} kills`, async () => {
  const { batches, rows } = await killRounds(ROUNDS, 10, seededRandom(SEED))
  process.stderr.write(`kill: ${ROUNDS} kills, ${batches} batches and ${rows} rows acknowledged, seed ${SEED}\n`)
  expect(batches).toBeGreaterThan(ROUNDS)
  expect(rows).toBeGreaterThan(ROUNDS)
}, Math.max(TIMEOUT_MS, ROUNDS * 10_000))

it('has done populates, rebuilds, comparisons, copies and a replay wholly or not at all', async () => {
  const random = seededRandom(SEED)
  const rounds = new DerivedRounds()
  try {
    await rounds.fill()
    await rounds.populate('more', 4)
    for (let round = 0; round < 12; round++) {
      for (const path of ['count/rebuild', 'count/verify', 'keep/copy']) await rounds.killed(`/v0/pipes/${path}`, random() * 400)
    }
    rounds.mendSchema()
    await rounds.restart()
    for (let round = 0; round < 4; round++) await rounds.killed('/v0/datasources/visits/quarantine/replay', random() * 200)
    await rounds.replayed()
  } finally {
    await rounds.close()
  }
}, TIMEOUT_MS + 300_000)
