// Window functions against the oracle, with one worker and three. ORDER BY in the window is total
// where the function tells rows apart.

import { describe } from 'vitest'
import { differential, type SqlTable } from './oracle-cases.ts'

const COUNT = 500
const list = (of: (i: number) => string) => Array.from({ length: COUNT }, (_, i) => of(i)).join(',')

const tables: readonly SqlTable[] = [
  {
    name: 'w', columns: 'id UInt32, g String, v Nullable(Int32), t DateTime, f Float64',
    rowSets: ["(1,'a',10,1000,1.5),(2,'a',20,1010,2.5),(3,'a',NULL,1010,1)",
      "(4,'b',5,1000,0),(5,'b',5,1030,1),(6,'c',7,1000,9)"],
  },
  {
    name: 'e', columns: 'id UInt32, u String, k LowCardinality(String), n Nullable(Int32), i Int64, t DateTime, f Float64, s String, d Date',
    rowSets: [0, 1, 2].map((part) => list((j) => {
      const i = part * COUNT + j
      return `(${i},'u${i * 7 % 23}','k${i % 4}',${i % 9 === 0 ? 'NULL' : i * 31 % 50 - 20},${i * 17 % 1000},`
        + `${1_700_000_000 + i * 37 % 5000},${(i * 13 % 64) / 8},'s${i * 11 % 300}',${19700 + i % 30})`
    })),
  },
]

const SMALL = [
  'row_number() OVER (PARTITION BY g ORDER BY id)',
  'sum(v) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s',
  'rank() OVER (PARTITION BY g ORDER BY t), dense_rank() OVER (PARTITION BY g ORDER BY t), percent_rank() OVER (PARTITION BY g ORDER BY t), cume_dist() OVER (PARTITION BY g ORDER BY t)',
  'ntile(2) OVER (PARTITION BY g ORDER BY t, id), ntile(4) OVER (ORDER BY id)',
  'lagInFrame(v) OVER (PARTITION BY g ORDER BY id), leadInFrame(v) OVER (PARTITION BY g ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)',
  'lag(v, 1, 0) OVER (PARTITION BY g ORDER BY id), lead(id, 1) OVER (PARTITION BY g ORDER BY id), lead(v, 2, 99) OVER (ORDER BY id)',
  "lag(g) OVER (ORDER BY id), lagInFrame(g, 1, 'zz') OVER (ORDER BY id), lagInFrame(id, 1, 7) OVER (ORDER BY id), lag(v, 0) OVER (ORDER BY id)",
  'first_value(v) OVER (PARTITION BY g ORDER BY id), last_value(v) OVER (PARTITION BY g ORDER BY id), nth_value(v, 2) OVER (PARTITION BY g ORDER BY id), any(v) OVER (PARTITION BY g)',
  'sum(f) OVER (ORDER BY t RANGE BETWEEN 10 PRECEDING AND 20 FOLLOWING), count() OVER (ORDER BY t RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)',
  'sum(f) OVER (ORDER BY t DESC RANGE BETWEEN 10 PRECEDING AND CURRENT ROW)',
  'count() OVER (ORDER BY v), count(v) OVER (PARTITION BY g ORDER BY t)',
  'groupArray(id) OVER (PARTITION BY g ORDER BY id), avg(v) OVER (PARTITION BY g), uniqExact(g) OVER (ORDER BY id)',
  'min(v) OVER (ORDER BY id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING), max(id) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING)',
  'quantile(0.5)(f) OVER (PARTITION BY g ORDER BY id), argMax(id, f) OVER (PARTITION BY g)',
  'countIf(v > 5) OVER (PARTITION BY g), sumIf(f, id > 2) OVER (ORDER BY id)',
  'sum(v) FILTER (WHERE id > 1) OVER (PARTITION BY g)',
  'sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING), sum(id) OVER (ORDER BY id ROWS BETWEEN CURRENT ROW AND 0 FOLLOWING)',
  'sum(id) OVER (ORDER BY f DESC, id ROWS 1 PRECEDING)',
  'max(id) OVER (PARTITION BY g ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) - 1 AS z',
  "dateDiff('second', lagInFrame(t) OVER (ORDER BY id), t), toTypeName(row_number() OVER ())",
  'count(*) OVER (PARTITION BY g) c, c * 2',
  'sum(v) OVER w1, count() OVER (w1 ROWS UNBOUNDED PRECEDING)',
  'avg(f) OVER (ORDER BY id DESC ROWS BETWEEN CURRENT ROW AND 2 FOLLOWING)',
  'row_number() OVER (PARTITION BY g, v ORDER BY id) - 1 AS rn, if(rn = 0, id, 0)',
  'first_value(v) RESPECT NULLS OVER (ORDER BY id DESC), last_value(v) RESPECT NULLS OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), first_value(v) IGNORE NULLS OVER (ORDER BY id DESC)',
  'count() OVER (PARTITION BY v), sum(f) OVER (PARTITION BY v)',
]

const STATEMENTS = [
  ...SMALL.map((calls) => `SELECT id, ${calls} FROM w${calls.includes('w1') ? ' WINDOW w1 AS (PARTITION BY g ORDER BY t)' : ''} ORDER BY id`),
  'SELECT g, count(), sum(count()) OVER (), sum(count()) OVER (ORDER BY g) FROM w GROUP BY g ORDER BY g',
  'SELECT g, sum(v) AS s, rank() OVER (ORDER BY sum(v) DESC) AS r FROM w GROUP BY g QUALIFY r <= 2 ORDER BY r',
  'SELECT id, row_number() OVER (ORDER BY id DESC) AS rn FROM w QUALIFY rn > 2 ORDER BY id',
  "SELECT id FROM w QUALIFY row_number() OVER (PARTITION BY g ORDER BY id) = 1 ORDER BY id",
  'SELECT DISTINCT g, max(v) OVER (PARTITION BY g) FROM w ORDER BY g',
  'SELECT id FROM w ORDER BY row_number() OVER (ORDER BY f, id)',
  'SELECT g, x FROM (SELECT g, sum(id) OVER (PARTITION BY g ORDER BY id) AS x FROM w) WHERE g != \'b\' ORDER BY g, x',
  'SELECT id, row_number() OVER (ORDER BY id) AS rn FROM w WHERE rn > 2',
  'SELECT sum(v) OVER nope FROM w', 'SELECT sum(sum(v) OVER ()) FROM w', 'SELECT row_number() FROM w',
  'SELECT id, sum(v) OVER (ORDER BY id ROWS BETWEEN 2 FOLLOWING AND 1 FOLLOWING) FROM w',
  'SELECT g, sum(v) FROM w GROUP BY g HAVING row_number() OVER () > 1',
  'SELECT id, upper(g) OVER () FROM w',
]

const LARGER = [
  'SELECT sum(x), max(x) FROM (SELECT row_number() OVER (PARTITION BY u ORDER BY t, id) AS x FROM e)',
  'SELECT id, sum(i) OVER (PARTITION BY k ORDER BY t, id) AS x FROM e ORDER BY id LIMIT 300',
  'SELECT id, sum(i) OVER (ORDER BY t, id ROWS BETWEEN 50 PRECEDING AND 3 PRECEDING) AS x, avg(n) OVER (PARTITION BY u ORDER BY id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING) AS y FROM e ORDER BY id LIMIT 300',
  'SELECT id, max(n) OVER (PARTITION BY k ORDER BY t RANGE BETWEEN 100 PRECEDING AND 50 FOLLOWING) AS x, min(d) OVER (PARTITION BY u ORDER BY t) AS y FROM e ORDER BY id LIMIT 300',
  'SELECT id, sum(f) OVER (PARTITION BY k ORDER BY t) AS x, uniqExact(s) OVER (PARTITION BY k ORDER BY id) AS y FROM e ORDER BY id LIMIT 300',
  'SELECT id, max(s) OVER (PARTITION BY k ORDER BY id) AS x, min(s) OVER (PARTITION BY u ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS y, lag(s, 2) OVER (PARTITION BY u ORDER BY id) AS z FROM e ORDER BY id LIMIT 300',
  'SELECT id, arraySort(groupUniqArray(k) OVER (PARTITION BY u)), count() OVER (PARTITION BY u, k), rank() OVER (PARTITION BY k ORDER BY n), dense_rank() OVER (PARTITION BY k ORDER BY n DESC NULLS FIRST) FROM e WHERE u = \'u3\' ORDER BY id',
  'SELECT u, t, sum(c) OVER (PARTITION BY u ORDER BY t) FROM (SELECT u, toStartOfHour(t) AS t, count() AS c FROM e GROUP BY u, t) ORDER BY u, t',
  'SELECT k, sum(i) AS s, s / sum(s) OVER () AS share FROM e GROUP BY k ORDER BY k',
]

/** What stands above and below windows that are shared out by their partitions. */
const STACKED = [
  "SELECT count(), sum(gap), max(gap) FROM (SELECT dateDiff('second', lagInFrame(t, 1, t) OVER (PARTITION BY u ORDER BY t), t) AS gap FROM e)",
  'SELECT k, max(r), sum(x) FROM (SELECT k, row_number() OVER (PARTITION BY u ORDER BY t, id) AS r, sum(i) OVER (PARTITION BY k, u ORDER BY id) AS x FROM e) GROUP BY k ORDER BY k',
  'SELECT u, id, s FROM e QUALIFY row_number() OVER (PARTITION BY u ORDER BY t DESC, id) = 1 ORDER BY u',
  'SELECT id, concat(lead(s, 2, s) OVER (PARTITION BY k ORDER BY s, id), u) AS x, lag(id, 3, 7) OVER (PARTITION BY u ORDER BY id) AS y, lagInFrame(n, 1000000) OVER (PARTITION BY u ORDER BY id) AS z FROM e ORDER BY id LIMIT 250',
  'SELECT id, x, dense_rank() OVER (PARTITION BY x ORDER BY n, s) AS y FROM (SELECT id, n, s, count() OVER (PARTITION BY u ORDER BY id) % 5 AS x FROM e) ORDER BY id LIMIT 250',
  'SELECT id, count() OVER (PARTITION BY n) AS a, count() OVER (PARTITION BY f, d) AS b, min(id) OVER (PARTITION BY n % 3, k) AS c, max(id) OVER (PARTITION BY [u, k]) AS d2, sum(id) OVER (PARTITION BY upper(u), [k]) AS e2 FROM e ORDER BY id LIMIT 250',
  'SELECT id, count() OVER (PARTITION BY NULL ORDER BY id) AS a, count() OVER (PARTITION BY 1, u) AS b, sum(1) OVER (PARTITION BY i ORDER BY id) AS c, first_value(s) OVER (PARTITION BY toInt8(i) ORDER BY id) AS f1 FROM e ORDER BY id LIMIT 250',
  'SELECT a.id AS id, row_number() OVER (PARTITION BY b.u ORDER BY a.id, b.id) AS x FROM e AS a JOIN e AS b ON a.id = b.i ORDER BY id, x LIMIT 250',
  'SELECT a.id AS id, sum(b.i) OVER (PARTITION BY a.u ORDER BY a.id) AS x FROM e AS a RIGHT JOIN e AS b ON a.id = b.i ORDER BY id, x LIMIT 700',
  'SELECT a.id AS id, a.x, b.g FROM (SELECT id, u, count() OVER (PARTITION BY u ORDER BY id) AS x FROM e) AS a LEFT JOIN w AS b ON a.id = b.id ORDER BY id LIMIT 250',
  'SELECT g, count(), sum(r) FROM (SELECT u AS g, row_number() OVER (PARTITION BY u ORDER BY id) AS r FROM e UNION ALL SELECT g, row_number() OVER (PARTITION BY g ORDER BY id) FROM w UNION ALL SELECT g, 1 FROM w) GROUP BY g ORDER BY g',
  'SELECT k, count(), sum(c) FROM (SELECT k, count() AS c FROM e GROUP BY k UNION ALL SELECT k, 1 FROM e) GROUP BY k ORDER BY k',
  'SELECT u, c, rank() OVER (PARTITION BY c % 3 ORDER BY c DESC, u) AS r FROM (SELECT u, s, count() AS c FROM e GROUP BY u, s) ORDER BY u, c, r LIMIT 250',
  'SELECT x, count() FROM (SELECT DISTINCT u, count() OVER (PARTITION BY u, k) AS x FROM e) GROUP BY x ORDER BY x',
  'SELECT count(), sum(x) FROM (SELECT i, sum(id) OVER (PARTITION BY i ORDER BY id) AS x FROM e ORDER BY x DESC, id LIMIT 20)',
  'SELECT id, groupArray(s) OVER (PARTITION BY u ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS x, any(map(k, n)) OVER (PARTITION BY u ORDER BY id) AS y FROM e ORDER BY id LIMIT 250',
  ...['z', 'toFloat32(z)', 'z, k', '[z]', '(z, k)', 'if(n > 0, z, NULL)', '[[z, 1], [f]]'].map((key) => `SELECT id, count() OVER (PARTITION BY ${key}) AS a, row_number() OVER (PARTITION BY ${key} ORDER BY id) AS b `
    + 'FROM (SELECT *, arrayElement([0.0, -0.0, nan, 1.5, -1.5, inf], id % 6 + 1) AS z FROM e) ORDER BY id LIMIT 250 '
    // Threads share out rows by the bits of a key there.
    + 'SETTINGS max_threads = 1'),
  'SELECT u, count() FROM (SELECT u, row_number() OVER (PARTITION BY u ORDER BY id) AS r FROM e) WHERE r <= 3 GROUP BY u WITH TOTALS ORDER BY u',
]

describe('windows', () => {
  differential(tables, [...STATEMENTS, ...LARGER, ...STACKED], 3)
})
