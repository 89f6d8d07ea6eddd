// Which views make rows of different sorting keys, so that nothing of them has to be combined.

import { expect, it } from 'vitest'
import type { TableMeta } from '../../storage/face.ts'
import { analyze } from '../plan/analyze.ts'
import { planInto } from '../plan/into-table.ts'
import { parseQuery } from '../sql/parse.ts'
import { hasDistinctKeys } from './distinct-keys.ts'

const columnsOf = (text: string) => text.split('; ').map((column, id) => {
  const [name, ...type] = column.split(' ')
  return { id, name, type: type.join(' '), defaultExpr: null }
})
const table = (engine: string, columns: string, sortBy: readonly string[]): TableMeta => ({
  id: 2, name: 't', schemaVersion: 1, engine, columns: columnsOf(columns), sortBy, partitionBy: 'tuple()', ttl: null, settings: {},
})
const events: TableMeta = { ...table('MergeTree', 'day Date; user String; n UInt32; x Float64; maybe Nullable(UInt8)', ['day']), id: 1, name: 'events' }
const planned = (sql: string, into: TableMeta) => planInto(
  analyze(parseQuery(sql), { table: (name: string) => (name === 'events' ? events : null) } as never), into) // a catalog of one table

const sums = (columns = 'day Date; user LowCardinality(String); n UInt64', sortBy = ['day', 'user']) => table('SummingMergeTree', columns, sortBy)
const states = table('AggregatingMergeTree', 'day Date; user LowCardinality(String); n AggregateFunction(sum, UInt32)', ['day', 'user'])

it.each([
  ['SELECT day, user, count() AS n FROM events GROUP BY day, user', sums(), true],
  ['SELECT user, day, count(n) AS n FROM events GROUP BY user, day HAVING n > 1', sums(), true],
  ['SELECT day, user, sumState(n) AS n FROM events GROUP BY day, user', states, true],
  ['SELECT day, any(user) AS user, sumState(n) AS n FROM events GROUP BY day', states, true],
  ['SELECT day, user, sumState(n) AS n FROM (SELECT toDate(day) AS day, user, n FROM events) GROUP BY day, user', states, true],
  ['SELECT day, lower(user) AS user, sumState(n) AS n FROM events GROUP BY day, user', states, true],
  // All sums may be zero: such rows are dropped.
  ['SELECT day, user, sum(n) AS n FROM events GROUP BY day, user', sums(), false],
  ['SELECT day, user, count(maybe) AS n FROM events GROUP BY day, user', sums(), false],
  ['SELECT day, user, countIf(n > 1) AS n FROM events GROUP BY day, user', sums(), false],
  ['SELECT day, user, count() AS n FROM events GROUP BY day, user', sums('day Date; user String; n UInt8'), false],
  ['SELECT day, user, count() AS n FROM events GROUP BY day, user', sums('day Date; user String; n UInt64; aMap.k Array(UInt8)'), false],
  // A value alone becomes another one.
  ['SELECT day, user, groupArray(n) AS n FROM events GROUP BY day, user', table('AggregatingMergeTree', 'day Date; user String; n SimpleAggregateFunction(groupUniqArrayArray, Array(UInt32))', ['day', 'user']), false],
  ['SELECT day, user, groupArray(n) AS n FROM events GROUP BY day, user', table('AggregatingMergeTree', 'day Date; user String; n SimpleAggregateFunction(groupArrayArray, Array(UInt32))', ['day', 'user']), true],
  // A key of the GROUP BY is no column of the sorting key, or becomes another value there.
  ['SELECT day, user, count() AS n FROM events GROUP BY day, user', sums(undefined, ['day']), false],
  ['SELECT day, lower(user) AS u, u AS user, sumState(n) AS n FROM events GROUP BY day, events.user', states, false],
  ['SELECT day, user, sumState(n) AS n FROM events GROUP BY day, user, x', states, false],
  ['SELECT day, user, sumState(n) AS n FROM events GROUP BY day, user WITH ROLLUP', states, false],
  ['SELECT day, user, initializeAggregation(\'sumState\', n) AS n FROM events', states, false],
  ['SELECT day, user, sumState(n) AS n FROM events GROUP BY day, user UNION ALL SELECT day, user, sumState(n) AS n FROM events GROUP BY day, user', states, false],
  ['SELECT day, user, count() AS n FROM events GROUP BY day, user', table('MergeTree', 'day Date; user String; n UInt64', ['day', 'user']), false],
  ['SELECT x AS day, count() AS n FROM events GROUP BY x', table('AggregatingMergeTree', 'day Float64; n UInt64', ['day']), false],
] as const)('%s', (sql, into, isDistinct) => {
  expect(hasDistinctKeys(planned(sql, into).root, into)).toBe(isDistinct)
})
