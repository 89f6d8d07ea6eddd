// Random queries against the oracle, shrunk to a small one when answers differ. The failure names seed
// and path: fast-check replays it.

import fc from 'fast-check'
import type { Oracle } from '../oracle/oracle.ts'
import { isEqual, ours, oursByOtherPlan, oursInPasses, theirs, worldOf } from './oracle-cases.ts'
import { grammarArbitrary } from './grammar-arbitrary.ts'
import { queryArbitrary, randomTables } from './query-arbitrary.ts'
import { wideQueryArbitrary, wideTables } from './wide-arbitrary.ts'

/** Differences that are ClickHouse's own accidents, by what the query holds. */
const ACCIDENTS: readonly RegExp[] = [
  // A NULL in RANGE with an offset counts as the value before it.
  /RANGE BETWEEN \d.*\bn\b|\bn\b.*RANGE BETWEEN \d/,
  // The count of a Nullable column over a window reads a part of it that is not there.
  /count\(c\d+\) OVER/,
  // Array(DateTime) where the column has a zone.
  /groupUniqArray\(c18\)/,
  // A negative fraction as Int128 is -2^64.
  /CAST\((?:[xy]\.)?c[89] AS (Int128|Decimal)/,
]

/** Common statements, tables of every type, and every clause. */
const GRAMMARS = { common: queryArbitrary, wide: wideQueryArbitrary, clauses: grammarArbitrary }
type Grammar = keyof typeof GRAMMARS

/** Throws with the smallest query found whose answers differ. */
export async function fuzzQueries(
  oracle: Oracle, options: {
    readonly seed: number; readonly queries: number; readonly tables: number; readonly grammar: Grammar
  },
): Promise<{ asked: number; refused: number }> {
  const world = worldOf(options.grammar === 'wide' ? wideTables(options.tables) : randomTables(options.tables))
  let asked = 0
  let refused = 0
  await fc.assert(fc.asyncProperty(GRAMMARS[options.grammar](), async (sql) => {
    const wanted = await theirs(oracle, sql)
    asked++
    if ('error' in wanted) {
      refused++
      return
    }
    if (ACCIDENTS.some((accident) => accident.test(sql))) return
    for (const way of ['1 worker', '3 workers', 'a plan of other values', '2 workers in passes'] as const) {
      const got = way === 'a plan of other values' ? oursByOtherPlan(world, sql)
        : way === '2 workers in passes' ? oursInPasses(world, sql, 2) : ours(world, sql, Number(way[0]))
      if (got !== null && !isEqual(got, wanted)) {
        throw new Error(`${sql}\n  ${way}: ${JSON.stringify(got).slice(0, 600)}\n  oracle:    `
          + JSON.stringify(wanted).slice(0, 600))
      }
    }
  }), { seed: options.seed, numRuns: options.queries, endOnFailure: false })
  return { asked, refused }
}
