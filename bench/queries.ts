// The benchmark's queries in each engine's dialect. `{from}` and `{to}` are the time bounds, moved by
// a second a repetition, so that no engine can answer from a cache of results; `{half}` is half of the rows.

import type { SetName } from './sets.ts'

export type Engine = 'clickhouse' | 'duckdb' | 'pipit'

export type BenchQuery = {
  readonly name: string
  /** ClickHouse's SQL, which Pipit speaks. */
  readonly sql: string
  readonly duckdb: string
  /** False: approximate, answers are not compared. */
  readonly isExact: boolean
  /** 'all': the two years; 'month': one month. */
  readonly range: 'all' | 'month'
  readonly sets: readonly SetName[]
}

const WHERE = "timestamp BETWEEN '{from}' AND '{to}'"
const DUCK = "timestamp BETWEEN TIMESTAMP '{from}' AND TIMESTAMP '{to}'"

const sessions = (where: string, order: string) => `SELECT session_id, user_id, min(timestamp) AS session_start, `
  + `max(timestamp) AS session_end, dateDiff('second', min(timestamp), max(timestamp)) AS seconds, count() AS events, `
  + `device_type, browser, os, location FROM {table} WHERE ${WHERE}${where} `
  + `GROUP BY session_id, user_id, device_type, browser, os, location HAVING seconds > 0 `
  + `ORDER BY session_start DESC${order} LIMIT 100`

const duckSessions = (where: string, order: string) => `SELECT session_id, user_id, min(timestamp) AS session_start, `
  + `max(timestamp) AS session_end, date_diff('second', min(timestamp), max(timestamp)) AS seconds, count(*) AS events, `
  + `device_type, browser, os, location FROM {table} WHERE ${DUCK}${where} `
  + `GROUP BY ALL HAVING date_diff('second', min(timestamp), max(timestamp)) > 0 `
  + `ORDER BY session_start DESC${order} LIMIT 100`

const features = (distinct: string) => `SELECT feature, event_type, count() AS c, ${distinct}(user_id) AS u, `
  + `${distinct}(session_id) AS s, min(timestamp), max(timestamp) FROM {table} WHERE ${WHERE} `
  + 'GROUP BY feature, event_type ORDER BY c DESC, feature, event_type'

const duckFeatures = (open: string) => `SELECT feature, event_type, count(*) AS c, ${open} user_id) AS u, `
  + `${open} session_id) AS s, min(timestamp), max(timestamp) FROM {table} WHERE ${DUCK} `
  + 'GROUP BY feature, event_type ORDER BY c DESC, feature, event_type'

const active = (unit: string) => `SELECT toStartOfInterval(timestamp, INTERVAL 1 ${unit}) AS period, uniqExact(user_id), `
  + `uniqExact(session_id), count() FROM {table} WHERE ${WHERE} GROUP BY period ORDER BY period`

// ClickHouse's weeks are dates, its days moments.
const duckActive = (unit: string, type: string) => `SELECT CAST(date_trunc('${unit}', timestamp) AS ${type}) AS period, count(DISTINCT user_id), `
  + `count(DISTINCT session_id), count(*) FROM {table} WHERE ${DUCK} GROUP BY period ORDER BY period`

const CORE: readonly Omit<BenchQuery, 'sets'>[] = [
  {
    name: 'one user', isExact: true, range: 'all', sql: sessions(" AND user_id = '{user}'", ', session_id'),
    duckdb: duckSessions(" AND user_id = '{user}'", ', session_id'),
  },
  {
    name: 'sessions of all users', isExact: true, range: 'all', sql: sessions('', ', session_id'),
    duckdb: duckSessions('', ', session_id'),
  },
  {
    name: 'features, exact distinct', isExact: true, range: 'all', sql: features('uniqExact'),
    duckdb: duckFeatures('count(DISTINCT'),
  },
  {
    name: 'features, approximate', isExact: false, range: 'all', sql: features('uniq'),
    duckdb: duckFeatures('approx_count_distinct('),
  },
  { name: 'active users by week', isExact: true, range: 'all', sql: active('week'), duckdb: duckActive('week', 'DATE') },
  { name: 'one month by day', isExact: true, range: 'month', sql: active('day'), duckdb: duckActive('day', 'TIMESTAMP') },
  {
    name: 'JSON average by tier', isExact: true, range: 'all',
    sql: "SELECT JSONExtractString(metadata, 'tier') AS tier, avg(JSONExtractFloat(metadata, 'duration')), count() "
      + `FROM {table} WHERE ${WHERE} GROUP BY tier ORDER BY tier`,
    duckdb: "SELECT json_extract_string(metadata, '$.tier') AS tier, "
      + "avg(CAST(json_extract(metadata, '$.duration') AS DOUBLE)), count(*) "
      + `FROM {table} WHERE ${DUCK} GROUP BY tier ORDER BY tier`,
  },
  {
    name: 'LIKE over metadata', isExact: true, range: 'all',
    sql: `SELECT count() FROM {table} WHERE ${WHERE} AND metadata LIKE '%"duration":42%'`,
    duckdb: `SELECT count(*) FROM {table} WHERE ${DUCK} AND metadata LIKE '%"duration":42%'`,
  },
  {
    // The built side: a row for each user.
    name: 'join with all users', isExact: true, range: 'all',
    sql: 'SELECT e.feature AS feature, count() AS c, sum(u.total) AS s, max(u.first) AS m FROM {table} AS e '
      + 'JOIN (SELECT user_id, count() AS total, min(timestamp) AS first FROM {table} GROUP BY user_id) AS u '
      + `ON u.user_id = e.user_id WHERE e.${WHERE} GROUP BY feature ORDER BY feature`,
    duckdb: 'SELECT e.feature AS feature, count(*) AS c, sum(u.total)::BIGINT AS s, max(u.first) AS m FROM {table} AS e '
      + 'JOIN (SELECT user_id, count(*) AS total, min(timestamp) AS first FROM {table} GROUP BY user_id) AS u '
      + `ON u.user_id = e.user_id WHERE e.${DUCK} GROUP BY feature ORDER BY feature`,
  },
  {
    name: 'gaps within sessions (window)', isExact: true, range: 'month',
    sql: "SELECT count() AS c, sum(gap) AS s, max(gap) AS m FROM (SELECT dateDiff('second', lagInFrame(timestamp, 1, timestamp) "
      + `OVER (PARTITION BY session_id ORDER BY timestamp), timestamp) AS gap FROM {table} WHERE ${WHERE})`,
    duckdb: "SELECT count(*) AS c, sum(gap)::BIGINT AS s, max(gap) AS m FROM (SELECT date_diff('second', lag(timestamp, 1, timestamp) "
      + `OVER (PARTITION BY session_id ORDER BY timestamp), timestamp) AS gap FROM {table} WHERE ${DUCK})`,
  },
]

/** The pipes' queries and what stands beside them, on both sets of events. */
export const CORE_QUERIES: readonly BenchQuery[] = CORE.map((query) => ({ ...query, sets: ['app_events', 'hard_events'] }))
