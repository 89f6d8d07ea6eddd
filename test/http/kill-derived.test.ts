// A few of the rounds of kill-derived.ts; test/long runs more.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { DerivedRounds } from './kill-derived.ts'

const rounds = new DerivedRounds()
beforeAll(() => rounds.fill())
afterAll(() => rounds.close())

it('goes on with the populate of a view after a kill, and counts each row once', async () => {
  await rounds.populate('more', 1)
  expect(rounds.foundDone[0]).toBeGreaterThan(0)
  await rounds.check(['counts', 'more'])
})

it('has done a rebuild, a comparison and a replay wholly or not at all when it is killed in the midst', async () => {
  await rounds.killed('/v0/pipes/count/rebuild', 30)
  await rounds.killed('/v0/pipes/count/verify', 30)
  rounds.mendSchema()
  await rounds.restart()
  await rounds.killed('/v0/datasources/visits/quarantine/replay', 30)
  await rounds.replayed()
})
