// Random queries by the thousand. The seed is PIPIT_SEED, else the day; FUZZ_SEED and
// FUZZ_QUERIES choose others.

import { it } from 'vitest'
import { startOracle } from '../oracle/oracle.ts'
import { fuzzQueries } from '../differential/fuzz.ts'
import { createTables } from '../differential/oracle-cases.ts'
import { randomTables } from '../differential/query-arbitrary.ts'
import { wideTables } from '../differential/wide-arbitrary.ts'

const seed = Number(process.env.FUZZ_SEED ?? process.env.PIPIT_SEED ?? Math.floor(Date.now() / 86_400_000))
const queries = Number(process.env.FUZZ_QUERIES ?? 2000)

it(`answers ${queries} random queries of seed ${seed} as the oracle does`, async () => {
  const oracle = await startOracle()
  try {
    await createTables(oracle, randomTables(seed))
    await createTables(oracle, wideTables(seed))
    for (const grammar of ['wide', 'clauses', 'common'] as const) {
      await fuzzQueries(oracle, { seed, queries: Math.ceil(queries / 3), tables: seed, grammar })
    }
  } finally {
    await oracle.close()
  }
}, 3_600_000)
