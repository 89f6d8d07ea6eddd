// A short slice of the random queries; test/long/fuzz.test.ts runs more with another seed each day.

import { expect, it } from 'vitest'
import { startOracle } from '../oracle/oracle.ts'
import { fuzzQueries } from './fuzz.ts'
import { createTables } from './oracle-cases.ts'
import { randomTables } from './query-arbitrary.ts'
import { wideTables } from './wide-arbitrary.ts'

it('answers random queries as the oracle does', async () => {
  const oracle = await startOracle()
  try {
    await createTables(oracle, randomTables(1))
    await createTables(oracle, wideTables(1))
    await fuzzQueries(oracle, { seed: 20, queries: 60, tables: 1, grammar: 'wide' })
    await fuzzQueries(oracle, { seed: 20, queries: 60, tables: 1, grammar: 'clauses' })
    const { asked, refused } = await fuzzQueries(oracle, { seed: 20, queries: 60, tables: 1, grammar: 'common' })
    expect(asked).toBeGreaterThanOrEqual(60)
    expect(refused).toBeLessThan(asked / 4)
  } finally {
    await oracle.close()
  }
}, 60_000)
