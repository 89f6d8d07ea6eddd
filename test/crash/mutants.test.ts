import { expect, it } from 'vitest'
import { MUTANTS } from './mutants.ts'
import { planOf } from './plan.ts'
import { simulate } from './simulate.ts'

/** Seeds until which a mutant must be found. */
const SEEDS_MAX = 400

it.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('finds: %s', async (_name, { plant }) => {
  const { twist, uproot } = plant()
  try {
    for (let seed = 1; seed <= SEEDS_MAX; seed++) {
      if ((await simulate(planOf(seed), twist)).failure !== null) return
    }
  } finally {
    uproot?.()
  }
  expect.fail(`${SEEDS_MAX} seeds do not show it`)
})
