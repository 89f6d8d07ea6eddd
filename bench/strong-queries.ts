// Where the peers are strong: keys that hardly repeat, top-N over many groups, sorting, search without a
// dictionary, regular expressions, exports of whole rows, many aggregates, wide tables, large keys.
// Bounds as in bench/queries.ts.

import type { BenchQuery } from './queries.ts'
import type { SetName } from './sets.ts'

const EVENTS: readonly SetName[] = ['app_events', 'hard_events']
const WIDE: readonly SetName[] = ['wide_events']

const BETWEEN = "timestamp BETWEEN '{from}' AND '{to}'"
const DUCK_BETWEEN = "timestamp BETWEEN TIMESTAMP '{from}' AND TIMESTAMP '{to}'"
const WIDE_BETWEEN = "ts BETWEEN '{from}' AND '{to}'"
const WIDE_DUCK_BETWEEN = "ts BETWEEN TIMESTAMP '{from}' AND TIMESTAMP '{to}'"

type Half = Pick<BenchQuery, 'name' | 'sql' | 'duckdb'> & Partial<BenchQuery>
const exact = (sets: readonly SetName[], half: Half): BenchQuery => ({ isExact: true, range: 'all', sets, ...half })

/** `f(0), f(1) … f(count - 1)`. */
const list = (count: number, f: (index: number) => string): string => Array.from({ length: count }, (_, i) => f(i)).join(', ')

export const STRONG_QUERIES: readonly BenchQuery[] = [
  exact(EVENTS, {
    name: 'sums by a unique key',
    sql: 'SELECT count(), sum(s), max(s) FROM (SELECT event_id, sum(length(metadata)) AS s FROM {table} '
      + `WHERE ${BETWEEN} GROUP BY event_id)`,
    duckdb: 'SELECT count(*), sum(s)::BIGINT, max(s)::BIGINT FROM (SELECT event_id, sum(strlen(metadata)) AS s FROM {table} '
      + `WHERE ${DUCK_BETWEEN} GROUP BY event_id)`,
  }),
  exact(EVENTS, {
    name: 'top ten of all sessions',
    sql: `SELECT session_id, count() AS c, sum(length(metadata)) AS s FROM {table} WHERE ${BETWEEN} `
      + 'GROUP BY session_id ORDER BY c DESC, session_id LIMIT 10',
    duckdb: `SELECT session_id, count(*) AS c, sum(strlen(metadata))::BIGINT AS s FROM {table} WHERE ${DUCK_BETWEEN} `
      + 'GROUP BY session_id ORDER BY c DESC, session_id LIMIT 10',
  }),
  exact(EVENTS, {
    name: 'sort, the middle of it',
    sql: `SELECT event_id, timestamp FROM {table} WHERE ${BETWEEN} ORDER BY event_id LIMIT 10 OFFSET {half}`,
    duckdb: `SELECT event_id, timestamp FROM {table} WHERE ${DUCK_BETWEEN} ORDER BY event_id LIMIT 10 OFFSET {half}`,
  }),
  exact(EVENTS, {
    name: 'LIKE over unique ids',
    sql: `SELECT count() FROM {table} WHERE ${BETWEEN} AND event_id LIKE '%42%7%'`,
    duckdb: `SELECT count(*) FROM {table} WHERE ${DUCK_BETWEEN} AND event_id LIKE '%42%7%'`,
  }),
  exact(EVENTS, {
    name: 'regular expression',
    sql: `SELECT count() FROM {table} WHERE ${BETWEEN} AND match(metadata, '"duration":[1-4]7[,}]')`,
    duckdb: `SELECT count(*) FROM {table} WHERE ${DUCK_BETWEEN} AND regexp_matches(metadata, '"duration":[1-4]7[,}]')`,
  }),
  exact(EVENTS, {
    name: 'export of a month',
    range: 'month',
    sql: `SELECT * FROM {table} WHERE ${BETWEEN} ORDER BY timestamp, event_id`,
    duckdb: `COPY (SELECT * FROM {table} WHERE ${DUCK_BETWEEN} ORDER BY timestamp, event_id) TO '/dev/null' (FORMAT json)`,
    isExact: false,
  }),
  exact(WIDE, {
    name: 'thirty sums of one column',
    sql: `SELECT ${list(30, (i) => `sum(n4 + ${i})`)} FROM {table} WHERE ${WIDE_BETWEEN}`,
    duckdb: `SELECT ${list(30, (i) => `sum(n4 + ${i})::BIGINT`)} FROM {table} WHERE ${WIDE_DUCK_BETWEEN}`,
  }),
  exact(WIDE, {
    name: 'eighty columns by one of them',
    sql: `SELECT t1, ${list(50, (i) => `sum(n${i})`)}, ${list(30, (i) => `max(f${i})`)} FROM {table} `
      + `WHERE ${WIDE_BETWEEN} GROUP BY t1 ORDER BY t1`,
    duckdb: `SELECT t1, ${list(50, (i) => `sum(n${i})::BIGINT`)}, ${list(30, (i) => `max(f${i})`)} FROM {table} `
      + `WHERE ${WIDE_DUCK_BETWEEN} GROUP BY t1 ORDER BY t1`,
  }),
  exact(WIDE, {
    name: '64-bit keys',
    sql: `SELECT toString(id) AS key, count() AS c, sum(n8) AS s FROM {table} WHERE ${WIDE_BETWEEN} `
      + 'GROUP BY id ORDER BY c DESC, id LIMIT 10',
    duckdb: `SELECT id::VARCHAR AS key, count(*) AS c, sum(n8)::BIGINT AS s FROM {table} WHERE ${WIDE_DUCK_BETWEEN} `
      + 'GROUP BY id ORDER BY c DESC, id LIMIT 10',
  }),
  exact(WIDE, {
    name: 'whole rows of a wide table',
    range: 'month',
    sql: `SELECT * FROM {table} WHERE ${WIDE_BETWEEN} ORDER BY ts, id`,
    duckdb: `COPY (SELECT * FROM {table} WHERE ${WIDE_DUCK_BETWEEN} ORDER BY ts, id) TO '/dev/null' (FORMAT json)`,
    isExact: false,
  }),
]
