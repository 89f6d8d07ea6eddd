// Clauses of the SELECT against the oracle, with one worker and three: array joins, grouping sets,
// totals, limits, WITH FILL, set operations, table functions.

import { describe } from 'vitest'
import { differential, type SqlTable } from './oracle-cases.ts'

const COUNT = 3000

const tables: readonly SqlTable[] = [
  {
    name: 't', columns: 'id UInt32, g String, h UInt8, v Int32, a Array(String), b Array(UInt8), n Nullable(Int32), lc LowCardinality(String)',
    rowSets: ["(1,'x',1,10,['p','q'],[1,2],1,'p'),(2,'x',2,20,[],[],NULL,'q')",
      "(3,'y',1,30,['r'],[3],5,'p'),(4,'y',2,5,['p'],[9],NULL,'q')"],
  },
  {
    name: 'big', columns: 'id UInt32, k String, a Array(String), n Array(UInt16), d Date',
    rowSets: [0, 1, 2].map((part) => Array.from({ length: COUNT }, (_, j) => {
      const i = part * COUNT + j
      const list = (of: (n: number) => string) => Array.from({ length: i % 5 }, (__, n) => of(n)).join(',')
      return `(${i},'k${i % 17}',[${list((n) => `'e${(i + n) % 7}'`)}],[${list((n) => String(n * i % 900))}],${19700 + i % 40})`
    }).join(',')),
  },
]

const ARRAY_JOINS = [
  'SELECT id, a FROM t ARRAY JOIN a ORDER BY ALL', 'SELECT id, x FROM t ARRAY JOIN a AS x ORDER BY ALL',
  'SELECT id, a, x FROM t LEFT ARRAY JOIN a AS x ORDER BY ALL',
  'SELECT id, x, y, num FROM t ARRAY JOIN a AS x, b AS y, arrayEnumerate(a) AS num ORDER BY ALL',
  'SELECT * FROM t ARRAY JOIN a ORDER BY ALL', 'SELECT * FROM t ARRAY JOIN a AS x ORDER BY ALL',
  'SELECT id, arrayJoin(a) AS x FROM t ORDER BY ALL',
  'SELECT id, arrayJoin(a) AS x, arrayJoin(b) FROM t ORDER BY ALL',
  "SELECT id, arrayJoin(a) AS x, concat(x, '!'), length(arrayJoin(a)) FROM t ORDER BY ALL",
  'SELECT arrayJoin(a) AS x, count() FROM t GROUP BY x ORDER BY x', 'SELECT sum(arrayJoin(b)) FROM t',
  'SELECT id FROM t WHERE arrayJoin(b) > 1 ORDER BY id', 'SELECT arrayJoin([1, 2, 3]) AS x, x * 2',
  "SELECT count() FROM t ARRAY JOIN a WHERE a = 'p'",
  'SELECT id, x FROM t ARRAY JOIN [1, 2] AS x WHERE id < 3 ORDER BY ALL',
  'SELECT id, arrayJoin(arrayJoin([[1, 2], [3]])) AS x FROM t WHERE id < 3 ORDER BY ALL',
  'SELECT arrayJoin(groupArray(id)) AS x FROM t ORDER BY x',
  'SELECT g, x, c FROM (SELECT g, arrayJoin(groupUniqArray(h)) AS x, count() AS c FROM t GROUP BY g) ORDER BY ALL',
  'SELECT arrayJoin(a) AS x FROM t WHERE x != \'p\' ORDER BY x',
  'SELECT id, x, row_number() OVER (PARTITION BY id ORDER BY x) FROM t ARRAY JOIN a AS x ORDER BY ALL',
  'SELECT arrayJoin(range(number)) AS x, count() FROM numbers(6) GROUP BY x ORDER BY x',
  'SELECT id FROM t ARRAY JOIN v AS x', 'SELECT arrayJoin(v) FROM t',
  'SELECT arrayJoin(a) AS e, count(), uniqExact(k), sum(id) FROM big GROUP BY e ORDER BY e',
  'SELECT count(), sum(x), sum(id) FROM big ARRAY JOIN n AS x WHERE x > 100 AND id % 2 = 0',
  'SELECT k, sum(x) FROM big LEFT ARRAY JOIN n AS x GROUP BY k ORDER BY k',
  'SELECT count(), sum(arrayJoin(range(300))) FROM big WHERE id < 500',
  "SELECT count() FROM big LEFT ARRAY JOIN a AS x WHERE x = ''",
]

const GROUPINGS = [
  'SELECT g, h, sum(v) FROM t GROUP BY g, h WITH ROLLUP ORDER BY ALL',
  'SELECT g, h, sum(v) FROM t GROUP BY ROLLUP(g, h) ORDER BY ALL',
  'SELECT g, h, sum(v), grouping(g), grouping(h), grouping(g, h) FROM t GROUP BY CUBE(g, h) ORDER BY ALL',
  'SELECT g, h, sum(v) FROM t GROUP BY GROUPING SETS ((g, h), (g), ()) ORDER BY ALL',
  'SELECT g, lc, count() FROM t GROUP BY GROUPING SETS ((g), (lc)) ORDER BY ALL',
  'SELECT g, lc, count() FROM t GROUP BY GROUPING SETS (g, lc) ORDER BY ALL',
  'SELECT g, sum(v) FROM t GROUP BY g WITH TOTALS ORDER BY g',
  'SELECT g, sum(v) FROM t GROUP BY g WITH TOTALS HAVING sum(v) > 30 ORDER BY g',
  'SELECT n, count() AS c FROM t GROUP BY n WITH TOTALS HAVING c < 2 ORDER BY n',
  'SELECT g, h, sum(v) FROM t GROUP BY g, h WITH ROLLUP WITH TOTALS ORDER BY ALL',
  'SELECT g, count() AS c, c / 4 FROM t GROUP BY g WITH TOTALS ORDER BY c, g LIMIT 1',
  'SELECT count() FROM t WITH TOTALS', 'SELECT g, n, count() FROM t GROUP BY g, n WITH ROLLUP ORDER BY ALL',
  "SELECT concat(g, '!') AS k, upper(k), count() FROM t GROUP BY k WITH ROLLUP ORDER BY ALL",
  'SELECT upper(g) AS u, sum(v) FROM t GROUP BY ALL ORDER BY ALL',
  'SELECT grouping(g), count() FROM t GROUP BY g ORDER BY ALL',
  'SELECT g, sum(v) AS s FROM t GROUP BY ROLLUP(g) HAVING s > 30 ORDER BY ALL',
  'SELECT 1 AS x, g, count() FROM t GROUP BY x, g WITH ROLLUP ORDER BY ALL',
  'SELECT g, count() FROM t WHERE 0 GROUP BY g WITH ROLLUP',
  'SELECT lc, toTypeName(lc), count() FROM t GROUP BY lc WITH CUBE ORDER BY ALL',
  'SELECT grouping(g) FROM t', 'SELECT h, count() FROM t GROUP BY GROUPING SETS ((g), (g))',
  'SELECT k, toMonth(d) AS m, count(), uniqExact(d) FROM big GROUP BY k, m WITH CUBE ORDER BY ALL',
  'SELECT sum(v) FILTER (WHERE h = 1), count() FILTER (WHERE g = \'x\') FROM t',
]

const LIMITS = [
  ...['1 WITH TIES', '3 WITH TIES'].map((limit) => `SELECT h FROM t ORDER BY h LIMIT ${limit}`),
  'SELECT h FROM t ORDER BY h DESC LIMIT 1 OFFSET 1 WITH TIES',
  'SELECT id FROM t ORDER BY id LIMIT 2 OFFSET 1 * 2 - (SELECT 1)',
  'WITH (SELECT toUInt8(2)) AS p SELECT id FROM t ORDER BY id LIMIT p OFFSET p - assumeNotNull(p)',
  'SELECT id FROM (SELECT id FROM t UNION ALL SELECT id FROM t) ORDER BY id LIMIT (SELECT 3)',
  ...['-2', '0.5', '1 OFFSET -2', '-2 OFFSET 1', '-1 OFFSET -1', '0.3 OFFSET 0.2', '2 OFFSET 1', '-9', '0.01']
    .map((limit) => `SELECT id FROM t ORDER BY id LIMIT ${limit}`),
  'SELECT g, id FROM t ORDER BY id LIMIT 1 OFFSET 1 BY g', 'SELECT DISTINCT ON (g) g, id FROM t ORDER BY id',
  'SELECT id FROM t LIMIT 1 WITH TIES', 'SELECT id FROM t ORDER BY id OFFSET 2 ROWS FETCH FIRST 1 ROWS ONLY',
]

const FILLS = [
  'SELECT number, number + 1 AS s FROM numbers(5) WHERE number IN (1, 3) ORDER BY number WITH FILL',
  "SELECT number AS n, 'x' AS s FROM numbers(7) WHERE number % 3 = 1 ORDER BY n WITH FILL FROM 0 TO 8 STEP 2",
  'SELECT number AS n, number * 10 AS v FROM numbers(7) WHERE number % 3 = 1 ORDER BY n WITH FILL INTERPOLATE (v)',
  'SELECT number AS n, number * 10 AS v FROM numbers(7) WHERE number % 3 = 1 ORDER BY n WITH FILL FROM 0 TO 8 INTERPOLATE (v AS v + 1)',
  "SELECT toDate('2024-01-01') + number * 3 AS d, number FROM numbers(3) ORDER BY d WITH FILL STEP INTERVAL 1 DAY",
  "SELECT toDate('2024-01-01') + number * 3 AS d FROM numbers(3) ORDER BY d WITH FILL STEP 2",
  "SELECT toDateTime('2024-01-01 00:00:00') + number * 7200 AS d FROM numbers(3) ORDER BY d WITH FILL STEP toIntervalHour(1)",
  'SELECT number AS n FROM numbers(3) ORDER BY n DESC WITH FILL STEP -1',
  'SELECT number AS n FROM numbers(10) WHERE n % 5 = 0 ORDER BY n WITH FILL STALENESS 3',
  "SELECT toDate('2024-01-01') + number AS d, count() FROM numbers(1) GROUP BY d ORDER BY d WITH FILL FROM toDate('2023-12-31') TO toDate('2024-01-04')",
  "SELECT toStartOfMonth(toDate('2024-01-15') + number * 60) AS d FROM numbers(3) ORDER BY d WITH FILL STEP INTERVAL 1 MONTH",
  'SELECT toInt32(number) - 2 AS n FROM numbers(3) ORDER BY n DESC WITH FILL FROM 4 TO -5',
  'SELECT g, h FROM t ORDER BY g, h WITH FILL FROM 0 TO 4', 'SELECT id, v FROM t WHERE id > 9 ORDER BY id WITH FILL FROM 1 TO 4',
  'SELECT h, count() AS c FROM t GROUP BY h ORDER BY h WITH FILL FROM 0 TO 5 LIMIT 3',
  "SELECT toStartOfDay(toDateTime('2024-03-01 10:00:00') + number * 200000) AS d, sum(number) FROM numbers(4) GROUP BY d ORDER BY d WITH FILL STEP INTERVAL 1 DAY",
  "SELECT number / 2 AS f FROM numbers(4) WHERE number != 1 ORDER BY f WITH FILL STEP 0.5",
  'SELECT g FROM t ORDER BY g WITH FILL', 'SELECT id FROM t ORDER BY id WITH FILL STEP -1',
]

const SETS = [
  'SELECT 1 UNION DISTINCT SELECT 1', 'SELECT 1 UNION SELECT 2', 'SELECT h FROM t INTERSECT SELECT 1',
  'SELECT h FROM t INTERSECT DISTINCT SELECT 1', 'SELECT h FROM t EXCEPT DISTINCT SELECT 1',
  'SELECT * FROM (SELECT h FROM t EXCEPT SELECT 1) ORDER BY 1',
  'SELECT * FROM (SELECT h FROM t EXCEPT ALL SELECT 1) ORDER BY 1',
  'SELECT * FROM (SELECT number FROM numbers(4) INTERSECT SELECT number + 2 FROM numbers(4)) ORDER BY 1',
  'SELECT * FROM (SELECT id, n FROM t EXCEPT SELECT 1, 1) ORDER BY 1',
  'SELECT * FROM (SELECT n FROM t INTERSECT DISTINCT SELECT NULL) ORDER BY 1',
  'SELECT * FROM (SELECT h FROM t INTERSECT ALL SELECT arrayJoin([1, 1, 1, 3])) ORDER BY 1',
  'SELECT * FROM (SELECT g FROM t UNION ALL SELECT k FROM big EXCEPT SELECT \'k3\') ORDER BY 1 LIMIT 5',
  'SELECT count() FROM (SELECT k, d FROM big INTERSECT DISTINCT SELECT k, d + 1 FROM big)',
  'SELECT 1, 2 INTERSECT SELECT 1',
]

const FUNCTIONS = [
  "SELECT * FROM values('a Int32, b String', (1, 'x'), (2, 'y'))", "SELECT * FROM values((1, 'x'), (300, 'y'))",
  'SELECT * FROM values(1, 2, 300)', "SELECT * FROM values('a UInt8', 1, 2)", "SELECT * FROM values('x', 'y')",
  "SELECT * FROM values('a Date, b Nullable(Float64)', ('2024-01-01', NULL), ('2024-01-02', 1.5))",
  "SELECT * FROM values('a Array(Int32), b Tuple(String, UInt8)', ([1, 2], ('q', 3)))",
  "SELECT * FROM (VALUES (1, 'x'), (2, 'y')) AS q (i, s)", "SELECT a + 1 FROM values('a Int32', 1) AS v",
  'SELECT * FROM generateSeries(1, 5, 2) AS g', 'SELECT * FROM generate_series(10, 1)',
  'SELECT number FROM system.numbers LIMIT 2', "SELECT * FROM null('x Int32, y String')",
  'SELECT * FROM view(SELECT 1 AS x, 2 AS y)', 'SELECT * FROM zeros(2)', 'SELECT * FROM system.one',
  "SELECT * FROM file('no-such-file.csv')", "SELECT * FROM values('a Int32', 'x')", 'SELECT * FROM nambers(3)',
  "SELECT v.a, t.id FROM values('a UInt32', 1, 2, 9) AS v LEFT JOIN t ON t.id = v.a ORDER BY ALL",
]

const OTHERS = [
  "SELECT DISTINCT a FROM t WHERE g = 'none'", 'SELECT a, count() FROM t WHERE id > 9 GROUP BY a',
  'SELECT DISTINCT -1, h FROM t ORDER BY ALL', 'SELECT h, count() FROM t GROUP BY h, -2 ORDER BY h',
  'SELECT id > (SELECT 1) FROM (SELECT id FROM t) ORDER BY ALL',
  'SELECT id, n IN (1, NULL), n NOT IN (1), (id, g) IN ((1, \'x\'), (3, \'z\')) FROM t ORDER BY id',
  'SELECT id FROM t WHERE (g, h) IN (SELECT g, h FROM t WHERE v > 15) ORDER BY id',
  'SELECT h = 1 ? \'a\' : \'b\', id::String, v::Nullable(Float64) FROM t ORDER BY id',
  'SELECT * EXCEPT (a, b, n) REPLACE (v + 1 AS v) FROM t ORDER BY id',
  "SELECT COLUMNS('^[gh]$') APPLY(toString) FROM t ORDER BY ALL",
  'SELECT * FROM (SELECT g, h FROM t) ORDER BY ALL DESC LIMIT 2',
  'SELECT id FROM t PREWHERE id > 1 WHERE id < 4 ORDER BY id',
  'SELECT number FROM numbers(3) WHERE EXISTS (SELECT 1 FROM t WHERE v > 25)',
  'SELECT g, (SELECT max(v) FROM t) - max(v) AS x FROM t GROUP BY g ORDER BY x',
]

describe('clauses', () => {
  differential(tables, [...ARRAY_JOINS, ...GROUPINGS, ...LIMITS, ...FILLS, ...SETS, ...FUNCTIONS, ...OTHERS])
})
