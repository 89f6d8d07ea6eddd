// Aggregates with their combinators over stored columns answer as ClickHouse does, values and types,
// in one worker and merged over three.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { COMBINED } from './combinator.cases.ts'
import { FAMILY_CASES, FAMILY_ORDERED } from './families.cases.ts'
import { MOMENT_CASES } from './moments.cases.ts'
import { ORDERED_CASES, QUANTILE_CASES } from './quantiles.cases.ts'
import { STATISTICS_CASES, STATISTICS_ORDERED, TIME_WINDOW_CASES } from './statistics.cases.ts'
import {
  AGGREGATE_COLUMNS, AGGREGATE_ROWS, aggregateAnswer, fillOracle, theirAnswer,
} from './table.ts'

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  await fillOracle(oracle)
}, 60_000)
afterAll(() => oracle.close())

it('has rows for every column', () => {
  for (const row of AGGREGATE_ROWS.flat()) expect(row.length).toBe(AGGREGATE_COLUMNS.length)
})

describe.each([1, 3])('with %i workers', (workerCount) => {
  it.each([...COMBINED, ...MOMENT_CASES, ...QUANTILE_CASES, ...FAMILY_CASES, ...STATISTICS_CASES])('%s', async (sql) => {
    expect(aggregateAnswer(sql, workerCount)).toEqual(await theirAnswer(oracle, sql))
  })
})

it.each([...ORDERED_CASES, ...FAMILY_ORDERED, ...STATISTICS_ORDERED, ...TIME_WINDOW_CASES])('in one worker: %s', async (sql) => {
  expect(aggregateAnswer(sql, 1)).toEqual(await theirAnswer(oracle, sql))
})
