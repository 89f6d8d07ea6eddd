// A failing plan cut down: fewer steps, fewer actions, fewer faults, as long as it still fails.

import type { Plan } from './plan.ts'

/** Runs tried at most. */
const TRIES_MAX = 400

/** The smallest plan found that `fails` still says true of. */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  let best = plan
  let tries = 0
  for (let hasShrunk = true; hasShrunk && tries < TRIES_MAX;) {
    hasShrunk = false
    for (const smaller of smallerThan(best)) {
      if (tries++ > TRIES_MAX) break
      if (!await fails(smaller)) continue
      best = smaller
      hasShrunk = true
      break
    }
  }
  return best
}

function* smallerThan(plan: Plan): Generator<Plan> {
  const { steps, faults } = plan
  for (let count = steps.length >> 1; count >= 1; count >>= 1) {
    for (let from = steps.length - count; from >= 0; from -= count) {
      yield { ...plan, steps: steps.filter((_, index) => index < from || index >= from + count) }
    }
  }
  for (let fault = 0; fault < faults.length; fault++) {
    yield { ...plan, faults: faults.filter((_, index) => index !== fault) }
  }
  for (let at = 0; at < steps.length; at++) {
    if (steps[at].length < 2) continue
    for (let action = 0; action < steps[at].length; action++) {
      yield { ...plan, steps: steps.map((step, index) => index === at ? step.filter((_, own) => own !== action) : step) }
    }
  }
}
