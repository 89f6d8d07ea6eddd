// Pairs of types under operators: a slice of the matrix, another each week; the whole of it is in
// test/long/type-pairs.test.ts.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTables, isEqual, ours, theirs, worldOf } from './oracle-cases.ts'
import { mayDiffer, PAIR_TABLE, pairStatements } from './type-pairs.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'

const SLICES = 60
const WEEK_MS = 7 * 86_400_000
const slice = Number(process.env.PIPIT_SEED ?? Math.floor(Date.now() / WEEK_MS)) % SLICES

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  await createTables(oracle, [PAIR_TABLE])
}, 60_000)
afterAll(() => oracle.close())

it(`answers a slice of all pairs of types as ClickHouse does (PIPIT_SEED=${slice})`, async () => {
  const world = worldOf([PAIR_TABLE])
  const differing: string[] = []
  let number = 0
  for (const statement of pairStatements()) {
    if (number++ % SLICES !== slice) continue
    const wanted = await theirs(oracle, statement.sql)
    const got = ours(world, statement.sql, 1)
    if (isEqual(got, wanted) || mayDiffer(statement, wanted)) continue
    differing.push(`${statement.operator}: ${statement.types}\n  ${JSON.stringify(got).slice(0, 300)}`
      + `\n  ${JSON.stringify(wanted).slice(0, 300)}`)
  }
  expect(differing.join('\n')).toBe('')
}, 120_000)
