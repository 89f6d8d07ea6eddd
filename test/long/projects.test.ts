// More random projects (test/differential/projects.ts), each with more inserts.

import { afterAll, beforeAll, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { runProject } from '../differential/projects.ts'
import { BUDGET_MS, SEED, TIMEOUT_MS } from './budget.ts'

let oracle: Oracle
beforeAll(async () => { oracle = await startOracle() })
afterAll(() => oracle.close())

it('answers as ClickHouse does: random projects', async () => {
  const end = Date.now() + BUDGET_MS
  for (let seed = SEED * 1000; Date.now() < end; seed++) await runProject(seed, oracle, 30)
}, TIMEOUT_MS)
