// What a function's range says of its column: no row is lost, whatever the function, the zone and the bound;
// and row sets that can have none are not read.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TestTable, TestWorld, type Row } from '../test-table.ts'

const HOUR = 3600
/** Moments around changes of clocks, of years, at the ends of what a DateTime holds, and anywhere. */
const NEAR = [0, 86_399, 1_208_000, 951_827_696, 1_711_846_800, 1_729_990_800, 1_704_067_200, 1_518_919_200, 1_325_239_200, 4_233_600_000, 4_294_967_295]
const moment = fc.oneof(
  fc.tuple(fc.constantFrom(...NEAR), fc.integer({ min: -30 * HOUR, max: 30 * HOUR })).map(([at, by]) => at + by),
  fc.integer({ min: 0, max: 4_294_967_295 }),
).map((at) => Math.min(4_294_967_295, Math.max(0, at)))

const COLUMNS = [
  ['t', 'DateTime'], ['b', "DateTime('America/Sao_Paulo')"], ['m', 'DateTime64(3)'], ['d', 'Date'], ['n', 'Nullable(DateTime)'],
  ['ms', 'Int64'], ['s', 'UInt32'], ['p', 'DateTime64(9)'],
] as const

const rowOf = (at: number, index: number): Row => [
  at, at, at * 1000 + index % 1000, Math.floor(at / 86_400) % 65_536, index % 5 === 0 ? null : at, at * 1000 + index % 1000, at,
  BigInt(at) * 1_000_000_000n + BigInt(index),
]

const MOMENTS = ['t', 'b', 'm', 'n', 'fromUnixTimestamp64Milli(ms)', 'toDateTime(s)', "fromUnixTimestamp64Milli(ms, 'Asia/Tokyo')"]
const FUNCTIONS = [
  'toDate(@)', 'toDate32(@)', '@::Date', 'toStartOfHour(@)', 'toStartOfFifteenMinutes(@)', 'toStartOfDay(@)', 'toStartOfWeek(@)',
  'toMonday(@)', 'toStartOfMonth(@)', 'toStartOfYear(@)', 'toLastDayOfMonth(@)', 'toStartOfInterval(@, INTERVAL 7 MONTH)',
  'toStartOfInterval(@, INTERVAL 100 YEAR)', "date_trunc('week', @)", "date_trunc('hour', @, 'America/New_York')", 'toYear(@)',
  'toYYYYMM(@)', 'toYYYYMMDD(@)', 'toUnixTimestamp(@)', "toDate(@, 'Pacific/Apia')", 'toStartOfHour(toStartOfMinute(@))',
  'toStartOfDay(toDateTime64(@, 3))', 'toDate(toStartOfHour(@))', '@',
]
const DAY_FUNCTIONS = ['toStartOfMonth(d)', 'toYear(d)', 'toMonday(d)', 'toYYYYMM(d)', 'toDateTime(d)', "toDateTime(d, 'Asia/Tokyo')", 'd', 'm', 'p', 't']

function worldOf(moments: readonly number[]): TestWorld {
  const table = new TestTable('e', 1, COLUMNS)
  // Row sets of neighbours, as segments are: zones are narrow.
  const sorted = [...moments].sort((a, b) => a - b)
  for (let from = 0; from < sorted.length; from += 6) {
    table.add(sorted.slice(from, from + 6).map((at, i) => rowOf(at, from + i)), true)
  }
  return new TestWorld([table])
}

const expression = fc.oneof(
  fc.tuple(fc.constantFrom(...FUNCTIONS), fc.constantFrom(...MOMENTS)).map(([f, column]) => f.replace('@', column)),
  fc.constantFrom(...DAY_FUNCTIONS))
const OPERATORS = ['=', '<', '<=', '>', '>=']

describe('ranges of functions', () => {
  it('keep every row that the condition keeps', () => {
    fc.assert(fc.property(fc.array(moment, { minLength: 12, maxLength: 60 }), expression, fc.constantFrom(...OPERATORS), moment, fc.nat(3),
      (moments, expr, operator, at, kind) => {
        const world = worldOf(moments)
        // What is compared with a text or a time that it is not is refused either way.
        const rowsOf = (sql: string) => {
          try {
            return world.run(sql).rows
          } catch (error) {
            return (error as Error).name
          }
        }
        const sample = kind < 2 ? rowsOf(`SELECT toString(${expr}) FROM e LIMIT 1 OFFSET ${at % moments.length}`)[0][0] : null
        const bound = kind < 2 && sample !== null ? `'${String(sample)}'`
          : kind === 2 ? `toDateTime(${at})` : `toDate(${Math.floor(at / 86_400) % 65_536})`
        const run = (compared: string) => rowsOf(`SELECT count(), sum(s) FROM e WHERE ${compared} ${operator} ${bound}`)
        expect(run(expr)).toEqual(run(`materialize(${expr})`))
        if (operator !== '=') return
        expect(rowsOf(`SELECT count() FROM e WHERE ${expr} IN (${bound})`))
          .toEqual(rowsOf(`SELECT count() FROM e WHERE materialize(${expr}) IN (${bound})`))
      }), { numRuns: 100 })
  })

  it('leave out row sets that can have no such row', () => {
    const world = worldOf(Array.from({ length: 120 }, (_, i) => 1_700_000_000 + i * 86_400))
    for (const condition of [
      "toDate(t) = '2024-01-15'", "toDate(t) >= '2024-01-10' AND toDate(t) < '2024-01-20'", 'toYYYYMM(t) = 202401', "toDate(m) = '2024-01-15'",
      "toStartOfMonth(d) = '2024-01-01'", "date_trunc('month', t) = '2024-01-01'", "toDate(b) = '2024-01-15'", "t::Date = '2024-01-15'",
      "toDate(fromUnixTimestamp64Milli(ms)) = '2024-01-15'", "toDate(t) IN ('2024-01-15', '2024-01-17')",
      "m >= toDateTime('2024-01-10 00:00:00') AND m < toDateTime('2024-01-20 00:00:00')", "p < toDateTime('2023-11-20 00:00:00')",
      "d >= toDateTime('2024-02-20 00:00:00')", "toDate(t) > toDateTime('2024-02-20 12:00:00')",
    ]) {
      const { skipped, rows } = world.withResult(`SELECT count() FROM e WHERE ${condition}`, 1, (result, run) => ({
        rows: result.blocks[0].rowCount, skipped: Number(/\((\d+) skipped by zone map/.exec(run.explain())?.[1]),
      }))
      expect(rows, condition).toBe(1)
      expect(skipped, condition).toBeGreaterThanOrEqual(14)
    }
  })
})
