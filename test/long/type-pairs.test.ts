// The whole matrix of types and operators against ClickHouse: some 33,000 statements.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTables, isEqual, ours, theirs, worldOf } from '../differential/oracle-cases.ts'
import { mayDiffer, PAIR_TABLE, pairStatements } from '../differential/type-pairs.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  await createTables(oracle, [PAIR_TABLE])
}, 60_000)
afterAll(() => oracle.close())

it('answers all pairs of types as ClickHouse does', async () => {
  const world = worldOf([PAIR_TABLE])
  const differing: string[] = []
  for (const statement of pairStatements()) {
    const wanted = await theirs(oracle, statement.sql)
    const got = ours(world, statement.sql, 1)
    if (!isEqual(got, wanted) && !mayDiffer(statement, wanted)) {
      differing.push(`${statement.operator}: ${statement.types}: ${JSON.stringify(got).slice(0, 200)} `
        + `instead of ${JSON.stringify(wanted).slice(0, 200)}`)
    }
  }
  expect(differing.join('\n')).toBe('')
}, 1_800_000)
