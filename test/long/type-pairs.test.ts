// The matrix of types and operators against ClickHouse, some 33,000 statements: as many of them as the
// time allows, from another one on with each seed; with PIPIT_PAIRS=all the whole.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTables, isEqual, ours, theirs, worldOf } from '../differential/oracle-cases.ts'
import { mayDiffer, PAIR_TABLE, pairStatements } from '../differential/type-pairs.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { BUDGET_MS, SEED } from './budget.ts'

/** Statements between the first ones of two seeds: about what one run asks. */
const STRIDE = 5000

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  await createTables(oracle, [PAIR_TABLE])
}, 60_000)
afterAll(() => oracle.close())

it('answers all pairs of types as ClickHouse does', async () => {
  const world = worldOf([PAIR_TABLE])
  const differing: string[] = []
  const all = [...pairStatements()]
  const began = Date.now()
  const isOver = () => process.env.PIPIT_PAIRS !== 'all' && Date.now() - began > BUDGET_MS
  for (let asked = 0; asked < all.length && !isOver(); asked++) {
    const statement = all[(SEED * STRIDE + asked) % all.length]
    const wanted = await theirs(oracle, statement.sql)
    const got = ours(world, statement.sql, 1)
    if (!isEqual(got, wanted) && !mayDiffer(statement, wanted)) {
      differing.push(`${statement.operator}: ${statement.types}: ${JSON.stringify(got).slice(0, 200)} `
        + `instead of ${JSON.stringify(wanted).slice(0, 200)}`)
    }
  }
  expect(differing.join('\n')).toBe('')
}, 1_800_000)
