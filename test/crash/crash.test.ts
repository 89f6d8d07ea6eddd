import { expect, it } from 'vitest'
import { describePlan, planOf } from './plan.ts'
import { simulate } from './simulate.ts'

const SEEDS = Number(process.env.SEEDS ?? 300)
const FROM = Number(process.env.FROM ?? 1)

it(`holds what it acknowledged, and nothing else, over ${SEEDS} seeds`, async () => {
  for (let seed = FROM; seed < FROM + SEEDS; seed++) {
    const { failure, trace } = await simulate(planOf(seed))
    if (failure !== null) {
      expect.fail(`${failure}\n${describePlan(planOf(seed))}\n${trace.join('\n')}`)
    }
  }
}, 600_000)
