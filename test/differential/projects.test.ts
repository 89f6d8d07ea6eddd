// Random projects (projects.ts) beside ClickHouse. `npm run test:long` runs more of them.

import { afterAll, beforeAll, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { runProject } from './projects.ts'

let oracle: Oracle
beforeAll(async () => { oracle = await startOracle() })
afterAll(() => oracle.close())

it.each([1, 2, 3, 4, 5, 6])('answers as ClickHouse does: project %i', async (seed) => {
  await runProject(seed, oracle, 10)
}, 60_000)
