// `npm run simulate -- --seeds N [--from S]`: many runs of the simulator; a failure is cut down and
// printed with its seed and trace, and ends it with 1.

import { describePlan, planOf, type Plan } from './plan.ts'
import { shrink } from './shrink.ts'
import { simulate } from './simulate.ts'

function numberOf(option: string, otherwise: number): number {
  const at = process.argv.indexOf(option)
  const value = at < 0 ? otherwise : Number(process.argv[at + 1])
  if (Number.isInteger(value) && value >= 0) return value
  process.stderr.write(`simulate: ${option} takes a whole number\n`)
  process.exit(2)
}

async function report(plan: Plan): Promise<void> {
  const smallest = await shrink(plan, async (smaller) => (await simulate(smaller)).failure !== null)
  const { failure, trace } = await simulate(smallest)
  process.stdout.write(`\nFAILED seed ${plan.seed}: ${failure}\n\n${describePlan(smallest)}\n\n${trace.join('\n')}\n`)
}

const seeds = numberOf('--seeds', 10_000)
const from = numberOf('--from', 1)
const began = Date.now()
let calls = 0
for (let seed = from; seed < from + seeds; seed++) {
  const result = await simulate(planOf(seed))
  calls += result.calls
  if (result.failure !== null) {
    await report(planOf(seed))
    process.exit(1)
  }
  if (seed % 1000 === 0) process.stdout.write(`${seed - from + 1} seeds, ${((Date.now() - began) / 1000).toFixed(0)} s\n`)
}
process.stdout.write(`${seeds} seeds from ${from} hold: ${calls} disk calls, ${((Date.now() - began) / 1000).toFixed(1)} s\n`)
