// A real process killed with SIGKILL under load from several writers: every acknowledged batch, and every
// acknowledged row of a data source with DEDUPLICATE_BY, is there once, and of the others all or none.

import { expect, it } from 'vitest'
import { seededRandom } from '../../bench/generator.ts'
import { killRounds } from './kill.ts'

const ROUNDS = 8

it(`keeps what it acknowledged over ${ROUNDS} kills`, async () => {
  const { batches, rows } = await killRounds(ROUNDS, ROUNDS, seededRandom(1))
  expect(batches).toBeGreaterThan(ROUNDS)
  expect(rows).toBeGreaterThan(ROUNDS)
}, 600_000)
