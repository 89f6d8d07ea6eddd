// A slice of the simulator; `npm run simulate -- --seeds N` runs more. A failure prints the seed and
// the shortest trace that still fails.

import { expect, it } from 'vitest'
import { describePlan, planOf, type Plan } from './plan.ts'
import { shrink } from './shrink.ts'
import { simulate } from './simulate.ts'

/** Seeds of the slice, cut where the machine is slow. */
const SEEDS = 1500
const SLICE_MS = 15_000

async function mustHold(plan: Plan): Promise<number> {
  const { failure, calls } = await simulate(plan)
  if (failure === null) return calls
  const smallest = await shrink(plan, async (smaller) => (await simulate(smaller)).failure !== null)
  const { trace } = await simulate(smallest)
  return expect.fail(`${failure}\n${describePlan(smallest)}\n${trace.join('\n')}`)
}

it('holds what it acknowledged, and nothing else, whatever the disk does', async () => {
  const began = Date.now()
  let seed = 1
  for (; seed <= SEEDS && Date.now() - began < SLICE_MS; seed++) await mustHold(planOf(seed))
  expect(seed).toBeGreaterThan(10)
})

/** A run that does a little of everything. */
const tour: Plan = {
  ...planOf(4), faults: [], powerLoss: 1,
  steps: [
    [{ kind: 'insert', tables: ['by_rest'], count: 5 }, { kind: 'insert', tables: ['by_rest', 'whole'], count: 2 }],
    [{ kind: 'flush', table: 'by_rest' }], [{ kind: 'insert', tables: ['by_rest'], count: 9 }],
    [{ kind: 'truncate', table: 'whole' }, { kind: 'insert', tables: ['whole'], count: 3 }],
    [{ kind: 'flush', table: 'by_rest' }, { kind: 'flush', table: 'whole' }, { kind: 'insert', tables: ['whole'], count: 3 }],
    [{ kind: 'alter', table: 'whole' }], [{ kind: 'insert', tables: ['by_rest', 'whole'], count: 30 }],
    [{ kind: 'reopen' }], [{ kind: 'insert', tables: ['whole'], count: 4 }], [{ kind: 'drop', table: 'by_rest' }],
  ],
}

it.each(['crash', 'EIO', 'ENOSPC'] as const)('stands %s at every call of the disk', async (code) => {
  const calls = await mustHold(tour)
  for (let call = 1; call <= calls; call++) {
    for (const powerLoss of [0, 1]) {
      await mustHold({ ...tour, powerLoss, faults: [{ from: call, to: call + 1, code, probability: 1 }] })
    }
  }
})
