// Joins against the oracle: every kind and strictness, ON and USING, with one worker and three.

import { describe } from 'vitest'
import { differential } from './oracle-cases.ts'

const COUNT = 200
const numbers = (count: number, of: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => of(i)).join(',')

const tables = [
  {
    name: 'a', columns: 'id UInt32, k UInt8, x String, v Int32',
    rowSets: ["(1,1,'a1',10),(2,1,'a2',20)", "(2,2,'a22',21),(3,2,'a3',30)"],
  },
  {
    name: 'b', columns: 'id UInt64, k UInt16, y String, v Nullable(Int32)',
    rowSets: ["(2,1,'b2',20),(2,2,'b22',NULL)", "(3,3,'b3',31),(4,4,'b4',40)"],
  },
  {
    name: 'c', columns: 'id UInt8, k UInt8, z String, v Int8',
    rowSets: ["(2,1,'c2',1),(4,2,'c4',2),(5,3,'c5',3)"],
  },
  {
    name: 'l', columns: 'id UInt32, s String, lc LowCardinality(String), n Nullable(Int32), t DateTime, f Float64, u UInt64',
    rowSets: [0, 1, 2].map((part) => numbers(COUNT, (j) => {
      const i = part * COUNT + j
      return `(${i},'s${i % 37}','t${i % 5}',${i % 7 === 0 ? 'NULL' : i % 11},${1_700_000_000 + i * 61},${(i % 13) / 4},${i % 17})`
    })),
  },
  {
    name: 'r', columns: 'id Int64, s Nullable(String), lc String, n Int16, t DateTime, e Array(String), d Date',
    rowSets: [0, 1].map((part) => numbers(COUNT, (j) => {
      const i = part * COUNT + j
      return `(${i * 2 - 50},${i % 6 === 0 ? 'NULL' : `'s${i % 41}'`},'t${i % 7}',${i % 19 - 3},${1_700_000_000 + i * 97},['e${i % 3}'],${19700 + i % 9})`
    })),
  },
]

const KINDS = ['JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN', 'SEMI JOIN', 'LEFT SEMI JOIN',
  'RIGHT SEMI JOIN', 'ANTI JOIN', 'LEFT ANTI JOIN', 'RIGHT ANTI JOIN']

const CONDITIONS = ['ON a.id = b.id', 'USING id', 'USING (k, id)', 'ON a.v = b.v', 'ON b.k = a.k AND b.id = a.id']

const NAMES = [
  'SELECT * FROM a JOIN b ON a.id = b.id ORDER BY ALL',
  'SELECT * FROM a LEFT JOIN b USING id ORDER BY ALL',
  'SELECT * FROM a RIGHT JOIN b USING id ORDER BY ALL',
  'SELECT * FROM a FULL JOIN b USING id ORDER BY ALL',
  'SELECT id, a.id, b.id FROM a FULL JOIN b USING id ORDER BY ALL',
  'SELECT id, a.id, b.id FROM a FULL JOIN b ON a.id = b.id ORDER BY ALL',
  'SELECT id, a.id, b.id FROM a LEFT JOIN b USING id ORDER BY ALL',
  'SELECT toTypeName(id), toTypeName(a.id), toTypeName(b.v) FROM a LEFT JOIN b USING id ORDER BY ALL LIMIT 1',
  'SELECT * FROM a JOIN b ON a.id = b.id JOIN c ON c.id = b.id ORDER BY ALL',
  'SELECT a.*, b.* FROM a JOIN b ON a.id = b.id JOIN c ON c.id = b.id ORDER BY ALL',
  'SELECT id FROM a JOIN b ON a.id = b.id JOIN c ON c.id = b.id',
  'SELECT v FROM a JOIN b ON a.id = b.id ORDER BY ALL',
  'SELECT a.v, b.v, a.id FROM a JOIN b ON a.id = b.id ORDER BY ALL',
  'SELECT t.id, u.v FROM a AS t JOIN b AS u ON t.id = u.id ORDER BY ALL',
  'SELECT a.id FROM a AS t JOIN b AS u ON t.id = u.id ORDER BY ALL',
  'SELECT * FROM a AS t, b AS u WHERE t.id = u.id ORDER BY ALL',
  'SELECT * FROM a JOIN b USING id JOIN c USING id ORDER BY ALL',
  'SELECT * FROM (SELECT id FROM a) JOIN (SELECT id FROM b) USING id ORDER BY ALL SETTINGS joined_subquery_requires_alias = 0',
  'SELECT * FROM (SELECT id, v FROM a) AS l JOIN (SELECT id, v FROM b) AS r ON l.id = r.id ORDER BY ALL',
  'SELECT *, a.id FROM a JOIN b ON a.id = b.id ORDER BY ALL',
  "SELECT COLUMNS('id') FROM a JOIN b ON a.id = b.id ORDER BY ALL",
  'SELECT * EXCEPT(v) FROM a JOIN b ON a.id = b.id ORDER BY ALL',
  'SELECT a.* EXCEPT(v), b.y FROM a JOIN b ON a.id = b.id ORDER BY ALL',
  'SELECT * FROM a NATURAL JOIN b ORDER BY ALL',
  'SELECT id + 1 AS id FROM a JOIN b USING id ORDER BY id',
  'SELECT a.id AS aid, sum(b.v) FROM a LEFT JOIN b ON aid = b.id GROUP BY aid ORDER BY aid',
  'SELECT x, t FROM a JOIN (SELECT id, sum(v) AS t FROM b GROUP BY id) AS q ON a.id = q.id ORDER BY ALL',
  'WITH q AS (SELECT id, sum(v) AS t FROM b GROUP BY id) SELECT x, q.t FROM a LEFT JOIN q USING id ORDER BY ALL',
  'SELECT a.id = b.id FROM a JOIN b USING id LIMIT 1',
  'SELECT sum(a.v), sum(b.v) FROM a JOIN b USING id',
  'SELECT a.v + b.v, upper(b.y) FROM a JOIN b USING id ORDER BY ALL',
  'SELECT v AS x FROM a JOIN b USING id ORDER BY x LIMIT 1',
  'SELECT b.* REPLACE (b.v + 1 AS v) FROM a JOIN b USING id ORDER BY ALL LIMIT 1',
  'SELECT * FROM a LEFT JOIN b ON a.id = b.id ORDER BY ALL SETTINGS join_use_nulls = 1',
  'SELECT * FROM a FULL JOIN b USING id ORDER BY ALL SETTINGS join_use_nulls = 1',
  'SELECT id, b.id FROM a RIGHT JOIN b USING id ORDER BY ALL SETTINGS join_use_nulls = 1',
  'SELECT `b.id` FROM (SELECT * FROM a JOIN b ON a.id = b.id) WHERE `b.id` = 3',
  'SELECT y, id FROM (SELECT * FROM a JOIN b ON a.id = b.id) AS t JOIN c ON t.`b.id` = c.id ORDER BY ALL',
  'SELECT * FROM a JOIN b USING (id) JOIN (SELECT y, 1 AS w FROM b) AS d USING y ORDER BY ALL',
  'SELECT * FROM a AS l JOIN a AS r USING id WHERE l.v < r.v ORDER BY ALL',
  'SELECT a.nope FROM a JOIN b USING id', 'SELECT nope.id FROM a JOIN b USING id',
  'SELECT * FROM a JOIN b USING nope', 'SELECT * FROM a JOIN b ON a.id = b.nope',
  'SELECT 1 FROM a JOIN b ON a.id = b.id AND sum(a.id) > 1',
]

// Without ORDER BY: a LEFT join keeps the order of its left side, with rows that have no match where they are.
const FILLED = [
  'SELECT i, z FROM (SELECT arrayJoin(range(1, 8)) AS i) AS g LEFT JOIN c ON c.id = g.i',
  "SELECT i, b.id FROM (SELECT arrayJoin([5, 3, 2, 9, 2, 4, 1]) AS i) AS g LEFT JOIN b ON b.id = g.i AND b.y != 'b3'",
  'SELECT i, n FROM (SELECT arrayJoin(range(1, 8)) AS i) AS g LEFT JOIN (SELECT id AS i, count() AS n FROM b GROUP BY id) AS q USING i',
]

const MEANINGS = [
  'SELECT count() FROM a JOIN b ON a.id = b.id AND a.v > b.v',
  'SELECT * FROM a LEFT JOIN b ON a.id = b.id AND a.v > b.v ORDER BY ALL',
  'SELECT * FROM a RIGHT JOIN b ON a.id = b.id AND a.v > b.v ORDER BY ALL',
  'SELECT * FROM a FULL JOIN b ON a.id = b.id AND a.v > b.v ORDER BY ALL',
  'SELECT * FROM a LEFT JOIN b ON a.id = b.id OR a.v = b.v ORDER BY ALL',
  'SELECT * FROM a JOIN b ON (a.id = b.id AND a.v > 20) OR a.v = b.v ORDER BY ALL',
  "SELECT * FROM a LEFT JOIN b ON a.id = b.id AND a.v > 20 AND b.y != 'b2' ORDER BY ALL",
  "SELECT * FROM a LEFT JOIN b ON a.id = b.id AND b.id > 100 WHERE b.y = '' ORDER BY ALL",
  'SELECT * FROM a LEFT JOIN b ON 1 = 1 ORDER BY ALL',
  'SELECT a.id, c.id FROM a JOIN c ON a.id > c.id ORDER BY ALL',
  'SELECT * FROM b LEFT JOIN b AS b2 ON b.v <=> b2.v ORDER BY ALL',
  'SELECT * FROM b FULL JOIN b AS b2 USING v ORDER BY ALL',
  'SELECT * FROM a CROSS JOIN c ORDER BY ALL',
  'SELECT * FROM a, b, c WHERE a.id = b.id AND b.id = c.id ORDER BY ALL',
  'SELECT count() FROM a, b, c',
  'SELECT a.x FROM a ANY LEFT JOIN b ON a.id = b.id ORDER BY ALL',
  'SELECT a.id FROM a ANY JOIN b ON a.id = b.id ORDER BY ALL',
  'SELECT b.y FROM a ANY RIGHT JOIN b ON a.id = b.id ORDER BY ALL',
  'SELECT a.id, c.id FROM a SEMI JOIN c ON a.id = c.id AND a.v > 20 ORDER BY ALL',
  'SELECT a.id, c.id FROM a ANTI LEFT JOIN c ON a.id = c.id AND a.v > 20 ORDER BY ALL',
  'SELECT a.id, c.id FROM a ANY LEFT JOIN c ON a.id = c.id AND a.v > c.v + 19 ORDER BY ALL',
  'SELECT * FROM a ASOF JOIN b ON a.id = b.id AND a.v >= b.v ORDER BY ALL',
  'SELECT * FROM a ASOF LEFT JOIN c ON a.id = c.id AND a.v >= c.v ORDER BY ALL',
  'SELECT * FROM a ASOF LEFT JOIN c USING (id, v) ORDER BY ALL',
  'SELECT a.id, a.v, c.v FROM a ASOF JOIN c ON a.k = c.k AND a.v < c.v * 100 ORDER BY ALL',
  'SELECT a.id, a.v, c.v FROM a ASOF JOIN c ON a.k = c.k AND c.v * 10 <= a.v ORDER BY ALL',
  'SELECT l.* FROM a LEFT JOIN (SELECT toUInt32(2) AS id, toLowCardinality(\'q\') AS lc, '
    + 'toDate(\'2020-01-01\') AS d, [1] AS arr, (1, \'a\') AS t, true AS bo) AS l ON a.id = l.id ORDER BY ALL',
]

const LARGER = [
  ...KINDS.flatMap((kind) => ['ON l.id = r.id', 'ON l.s = r.s', 'ON l.lc = r.lc AND l.n = r.n',
    'ON l.s = r.s AND l.id < r.id', 'USING (lc, s)', 'ON l.n = r.n AND l.t > r.t AND r.lc != l.lc']
    .map((on) => {
      const left = kind.startsWith('RIGHT SEMI') || kind.startsWith('RIGHT ANTI') ? '' : ', sum(l.id), count(l.n), min(l.s), uniqExact(l.lc)'
      const right = /^(LEFT )?(SEMI|ANTI)/.test(kind) ? '' : ', sum(r.id), min(r.s), uniqExact(r.d), sum(length(r.e))'
      return `SELECT count()${left}${right} FROM l ${kind} r ${on}`
    })),
  'SELECT l.id, r.id, r.e FROM l JOIN r ON l.id = r.id ORDER BY l.id',
  'SELECT count(), sum(l.id * r.id) FROM l JOIN r ON l.id % 3 = r.n % 3',
  'SELECT count(), sum(l.id) FROM l CROSS JOIN r WHERE l.n = r.n',
  'SELECT count(), sum(l.id) FROM l CROSS JOIN r',
  'SELECT l.id, r.t FROM l ASOF JOIN r ON l.lc = r.lc AND l.t >= r.t ORDER BY l.id',
  'SELECT l.id, r.t FROM l ASOF LEFT JOIN r ON l.lc = r.lc AND l.t < r.t ORDER BY l.id',
  'SELECT count(), sum(l.id) FROM l WHERE s IN (SELECT s FROM r WHERE n > 3)',
  'SELECT l.lc, count(), sum(q.c) FROM l LEFT JOIN (SELECT lc, count() AS c FROM r GROUP BY lc) AS q ON q.lc = l.lc GROUP BY l.lc ORDER BY l.lc',
  'SELECT count(), sum(x.id) FROM l JOIN r ON l.s = r.s JOIN l AS x ON x.lc = r.lc',
  'SELECT l.id FROM l JOIN r ON l.id = r.id WHERE r.n > 5 AND l.s != \'s1\' ORDER BY l.id LIMIT 5',
  'SELECT count(), sum(r.n) FROM l LEFT JOIN r ON l.id = r.id WHERE r.n = 0',
  'SELECT count() FROM l FULL JOIN r ON l.id = r.id WHERE l.id > 100 AND r.n > 2',
  'SELECT count(), sum(l.id), sum(r.id) FROM l JOIN r ON l.s = r.s OR l.lc = r.lc',
  'SELECT count(), sum(l.id), sum(r.id) FROM l FULL JOIN r ON l.id = r.id OR l.t = r.t',
  'SELECT count() FROM l JOIN r ON toString(l.id) = toString(r.id) AND upper(l.lc) = upper(r.lc)',
]

// Rows of the outer query are told apart by the keys here: over equal ones this ClickHouse counts inner rows
// several times.
const CORRELATED = [
  'SELECT id FROM a WHERE EXISTS (SELECT 1 FROM b WHERE b.id = a.id) ORDER BY ALL',
  'SELECT id FROM a WHERE NOT EXISTS (SELECT 1 FROM b WHERE b.id = a.id AND y != \'b2\') ORDER BY ALL',
  'SELECT id, (SELECT max(v) FROM b WHERE b.id = a.id) AS m FROM a ORDER BY id',
  'SELECT id, (SELECT sum(v) + 1 FROM b AS x WHERE x.k = a.k AND x.id = a.id) AS m FROM a ORDER BY id',
  'SELECT id, (SELECT z FROM c WHERE c.id = a.id AND c.v < 9) AS m FROM a ORDER BY id',
  'SELECT id FROM a WHERE v > (SELECT avg(v) FROM b WHERE b.k = a.k) ORDER BY ALL',
  'SELECT id FROM a WHERE id IN (SELECT id FROM b WHERE b.k = a.k)',
]

describe('joins', () => {
  differential(tables, [
    // Which of several matches SEMI takes is free: of its other side nothing is asked.
    ...KINDS.flatMap((kind) => CONDITIONS.map((on) => {
      const side = !kind.includes('SEMI') ? '*' : kind.startsWith('RIGHT') ? 'b.y' : 'a.x'
      return `SELECT ${side} FROM a ${kind} b ${on} ORDER BY ALL`
    })),
    ...NAMES, ...FILLED, ...MEANINGS, ...LARGER, ...CORRELATED,
  ])
})
