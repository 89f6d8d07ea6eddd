SELECT * FROM (SELECT k, sum(i) AS s FROM ev GROUP BY k WITH TOTALS) ORDER BY k
SELECT k, s FROM (SELECT k, sum(i) AS s FROM ev GROUP BY k WITH TOTALS) WHERE s > 10 ORDER BY k
SELECT sum(s) FROM (SELECT k, sum(i) AS s FROM ev GROUP BY k WITH TOTALS)
SELECT k, s + 1 FROM (SELECT k, sum(i) AS s FROM ev GROUP BY k WITH TOTALS) ORDER BY k LIMIT 2
SELECT k, s FROM (SELECT k, sum(i) AS s FROM ev GROUP BY k WITH TOTALS) AS x JOIN us ON x.s > us.age ORDER BY k, s LIMIT 3
WITH x AS (SELECT k, sum(i) AS s FROM ev GROUP BY k WITH TOTALS) SELECT * FROM x ORDER BY k
SELECT DISTINCT k, s FROM (SELECT k, sum(i) AS s FROM ev GROUP BY k WITH TOTALS) ORDER BY k
SELECT count() FROM (SELECT k, sum(i) AS s FROM ev GROUP BY k WITH TOTALS)
SELECT k, sum(s) FROM (SELECT k, u, sum(i) AS s FROM ev GROUP BY k, u WITH TOTALS) GROUP BY k WITH TOTALS ORDER BY k
SELECT count() FROM ev WHERE 0 GROUP BY GROUPING SETS ((k), ())
SELECT k, count() FROM ev WHERE 0 GROUP BY GROUPING SETS ((k), ()) ORDER BY k
SELECT count() FROM ev WHERE 0 GROUP BY GROUPING SETS (())
SELECT k, u, count() FROM ev GROUP BY GROUPING SETS ((k, u), (k), ()) ORDER BY k, u LIMIT 20
SELECT k, count() FROM ev WHERE 0 GROUP BY k WITH ROLLUP
SELECT k, count() FROM ev WHERE 0 GROUP BY k WITH CUBE
SELECT k, count() FROM ev WHERE 0 GROUP BY ROLLUP(k)
! SELECT * FROM (SELECT * FROM ev) FINAL LIMIT 1
! SELECT * FROM ev FINAL WHERE id = 1
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT * FROM r ORDER BY n
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT sum(n) FROM r
! WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count() FROM r
WITH RECURSIVE r AS (SELECT 1 AS n, 'a' AS p UNION ALL SELECT n + 1, concat(p, 'x') FROM r WHERE n < 5) SELECT * FROM r ORDER BY n
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 5) SELECT n FROM r ORDER BY n
WITH RECURSIVE fib AS (SELECT toUInt64(0) AS a, toUInt64(1) AS b, 1 AS n UNION ALL SELECT b, a + b, n + 1 FROM fib WHERE n < 20) SELECT a FROM fib ORDER BY n
WITH RECURSIVE tree AS (SELECT id, 0 AS depth FROM ev WHERE id = 1 UNION ALL SELECT e.id, t.depth + 1 FROM ev AS e JOIN tree AS t ON e.id = t.id * 2 AND t.depth < 5) SELECT * FROM tree ORDER BY id
! WITH RECURSIVE r AS (SELECT toUInt64(1) AS n UNION DISTINCT SELECT n % 3 FROM r) SELECT * FROM r ORDER BY n
! WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 2000) SELECT max(n) FROM r
WITH RECURSIVE a AS (SELECT 1 AS n), b AS (SELECT n FROM a) SELECT * FROM b
! SELECT count() FROM ev SAMPLE 0.1
! SELECT s FROM us ORDER BY u COLLATE 'en'
SELECT u FROM us ORDER BY name COLLATE 'en', u
SELECT arrayJoin(['b', 'A', 'a', 'B', 'ä', 'z', 'Z', 'é', 'e']) AS x ORDER BY x COLLATE 'en'
SELECT arrayJoin(['b', 'A', 'a', 'B', 'ä', 'z', 'Z', 'é', 'e']) AS x ORDER BY x DESC COLLATE 'de'
SELECT arrayJoin(['ö', 'z', 'o', 'ä', 'å']) AS x ORDER BY x COLLATE 'sv'
! SELECT arrayJoin(['ö', 'z', 'o', NULL, 'a']) AS x ORDER BY x COLLATE 'tr' NULLS FIRST
SELECT arrayJoin(['б', 'а', 'я', 'ё', 'е']) AS x ORDER BY x COLLATE 'ru'
! SELECT 1 AS x ORDER BY x COLLATE 'en'
! SELECT 'a' AS x ORDER BY x COLLATE 'nope'
! SELECT id, sum(i) OVER (ORDER BY d GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM ev ORDER BY id LIMIT 5
! SELECT id, count() OVER (ORDER BY k GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS s FROM ev ORDER BY id LIMIT 5
WITH x -> x + 1 AS f SELECT f(1)
WITH (x, y) -> x * y AS f SELECT f(2, 3), f(4, 5)
! WITH x -> x + id AS f SELECT f(1) FROM us LIMIT 1
! SELECT (x -> x * 2) AS f, f(3)
WITH x -> x * 2 AS f SELECT arrayMap(f, [1, 2])
WITH (x -> upper(x)) AS f SELECT f(u) FROM us ORDER BY u
! SELECT arrayMap(x -> f(x), [1]) FROM us
SELECT d, i FROM (SELECT toDate('2024-01-01') + number * 2 AS d, number AS i FROM numbers(4)) ORDER BY d WITH FILL INTERPOLATE (i)
SELECT d, i FROM (SELECT toDate('2024-01-01') + number * 2 AS d, number AS i FROM numbers(4)) ORDER BY d WITH FILL INTERPOLATE (i AS i + 10)
SELECT d, i, j FROM (SELECT toDate('2024-01-01') + number * 2 AS d, number AS i, number AS j FROM numbers(4)) ORDER BY d WITH FILL INTERPOLATE
SELECT d, i FROM (SELECT toDate('2024-01-01') + number * 2 AS d, number AS i FROM numbers(4)) ORDER BY d WITH FILL FROM toDate('2023-12-30') TO toDate('2024-01-10') STEP 1 INTERPOLATE (i AS i * 2)
SELECT id, row_number() OVER (PARTITION BY k ORDER BY id) AS rn FROM ev QUALIFY rn = 1 ORDER BY id
SELECT DISTINCT ON (k) k, id FROM ev ORDER BY k, id
SELECT DISTINCT ON (k, u) k, u, id FROM ev ORDER BY id LIMIT 5
SELECT * APPLY(sum) FROM (SELECT i, f FROM ev)
SELECT * APPLY(x -> x + 1) FROM (SELECT i, f FROM ev ORDER BY id LIMIT 2)
SELECT COLUMNS('^[if]$') APPLY(max) APPLY(toString) FROM ev
SELECT COLUMNS(i, f) APPLY(x -> round(x, 1)) FROM ev ORDER BY id LIMIT 2
SELECT * EXCEPT(i, f) REPLACE(id + 1 AS id) FROM ev ORDER BY id LIMIT 1
SELECT ev.* EXCEPT(a) APPLY(toString) FROM ev ORDER BY id LIMIT 1
SELECT COLUMNS('a') EXCEPT(age), u FROM us ORDER BY u LIMIT 2
SELECT * APPLY(quantile(0.5)) FROM (SELECT i, f FROM ev)
SELECT count(*) FILTER (WHERE id > 5), sum(i) FILTER (WHERE k = 'k1') FROM ev
SELECT id > 5 ? 'a' : 'b' FROM ev ORDER BY id LIMIT 8
! SELECT id % 2 ? id % 3 ? 1 : 2 : 3 FROM ev ORDER BY id LIMIT 8
SELECT x + 1 AS y, id * 2 AS x FROM ev WHERE y > 5 ORDER BY y LIMIT 3
SELECT id AS a, a + 1 AS b, b + 1 AS c FROM us RIGHT JOIN ev USING (u) ORDER BY c LIMIT 3
SELECT sum(id AS z), max(z) FROM ev
SELECT (SELECT max(age) FROM us) AS m, m + 1, [m, m]
SELECT u, (id AS y) + 1 FROM ev WHERE y < 3 ORDER BY y
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT * FROM r AS a JOIN r AS b ON a.n = b.n + 1 ORDER BY a.n
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT n FROM r WHERE n IN (SELECT n * 2 FROM r) ORDER BY n
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 10 UNION ALL SELECT n * 100 FROM r WHERE n < 3) SELECT n FROM r ORDER BY n
WITH RECURSIVE r AS (SELECT u, 0 AS d FROM us WHERE u = 'u1' UNION ALL SELECT us.u, r.d + 1 FROM us, r WHERE substring(us.u, 2) = toString(toUInt32(substring(r.u, 2)) + 1)) SELECT * FROM r ORDER BY d
WITH RECURSIVE r AS (SELECT min(id) AS id FROM ev UNION ALL SELECT id + 10 FROM r WHERE id < (SELECT max(id) FROM ev)) SELECT ev.id, k FROM r JOIN ev USING id ORDER BY id
WITH RECURSIVE r AS (SELECT toDate('2024-02-27') AS d UNION ALL SELECT d + 1 FROM r WHERE d < '2024-03-02') SELECT d, count(ev.id) FROM r LEFT JOIN ev ON ev.d = r.d GROUP BY d ORDER BY d
WITH RECURSIVE r AS (SELECT [1] AS p, 1 AS n UNION ALL SELECT arrayPushBack(p, n + 1), n + 1 FROM r WHERE n < 4) SELECT p FROM r ORDER BY n
WITH RECURSIVE r AS (SELECT 1 AS n, NULL AS x UNION ALL SELECT n + 1, n FROM r WHERE n < 4) SELECT n, x FROM r ORDER BY n
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 5 LIMIT 1) SELECT n FROM r ORDER BY n
! WITH RECURSIVE r AS (SELECT n FROM r) SELECT * FROM r
! WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 20) SELECT count() FROM r SETTINGS max_recursive_cte_evaluation_depth = 5
! WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n, n FROM r) SELECT * FROM r
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 6), s AS (SELECT n * n AS q FROM r) SELECT sum(q), max(q) FROM s
WITH RECURSIVE r AS (SELECT 1 AS n WHERE 0 UNION ALL SELECT n + 1 FROM r WHERE n < 6) SELECT count() FROM r
WITH RECURSIVE r AS (SELECT number AS n FROM numbers(3) UNION ALL SELECT n + 3 FROM r WHERE n < 30) SELECT n % 3 AS m, count(), sum(n) FROM r GROUP BY m ORDER BY m
SELECT count() FROM (SELECT * FROM generateRandom('a UInt8, b String', 1, 10, 2) LIMIT 5)
SELECT toTypeName(a), toTypeName(b) FROM generateRandom('a Array(Int8), b Nullable(DateTime64(3))') LIMIT 1
SELECT count(), max(length(b)) <= 7, max(length(c)) <= 3 FROM (SELECT * FROM generateRandom('a UInt64, b String, c Array(Tuple(Int128, Decimal(40, 3))), d LowCardinality(Nullable(String)), e Map(String, UUID), f FixedString(3), g Enum8(\'x\' = 1, \'y\' = 2), h IPv4, i IPv6, j Date, k DateTime(\'Europe/Berlin\'), l Float32, m Bool', 42, 7, 3) LIMIT 20000)
SELECT uniqExact(a) > 900 FROM (SELECT a FROM generateRandom('a UInt64') LIMIT 1000)
! SELECT * FROM generateRandom('a Nope')
SELECT min(a) >= -128, max(a) <= 127, uniqExact(a) > 200 FROM (SELECT a FROM generateRandom('a Int8', 5) LIMIT 5000)
SELECT i, toString(c) != '' FROM (SELECT *, 1 AS i FROM generateRandom('c UUID', 3)) LIMIT 2
SELECT x FROM (WITH 5 AS n SELECT n AS x UNION ALL SELECT n + 1) ORDER BY x
SELECT x FROM (WITH a AS (SELECT 1 AS x), b AS (SELECT 2 AS x) SELECT x FROM a UNION ALL WITH b AS (SELECT 7 AS x) SELECT x FROM b) ORDER BY x
(WITH b AS (SELECT 1 AS x) SELECT x FROM b) UNION ALL SELECT x FROM b
! SELECT 1 AS x UNION ALL (WITH b AS (SELECT 1 AS x) SELECT x FROM b) UNION ALL SELECT x FROM b
WITH b AS (SELECT 1 AS x) SELECT x FROM b INTERSECT SELECT x FROM b
WITH b AS (SELECT 1 AS x) SELECT x FROM b UNION ALL (SELECT x FROM b UNION DISTINCT SELECT x FROM b)
SELECT x FROM (WITH a AS (SELECT 1 AS x) SELECT x FROM a UNION ALL SELECT x FROM (SELECT x + 1 AS x FROM a)) ORDER BY x
SELECT id, x FROM ev LEFT ARRAY JOIN a AS x, arrayMap(y -> y || '!', a) AS k WHERE id < 5 ORDER BY id, x, k
SELECT k, x, y FROM (SELECT 'q' AS k, [1, 2] AS x, [3, 4] AS y) ARRAY JOIN x, y AS k ORDER BY x
SELECT t.id, i FROM (SELECT id, [10, 20] AS l, i FROM ev WHERE id < 3) AS t ARRAY JOIN l AS i ORDER BY t.id, i
SELECT id, sum(i) AS i FROM (SELECT id, [10, 20] AS l, i FROM ev WHERE id < 3) ARRAY JOIN l AS i GROUP BY id ORDER BY id
SELECT m.1, m.2, id FROM ev ARRAY JOIN map(k, id) AS m WHERE id < 3 ORDER BY id
SELECT e.id, u.name, x FROM ev AS e ARRAY JOIN a AS x LEFT JOIN us AS u ON e.u = u.u WHERE e.id < 4 ORDER BY e.id, x, u.age
SELECT n.a, n.b FROM (SELECT [1, 2] AS `n.a`, ['x', 'y'] AS `n.b`) ARRAY JOIN n ORDER BY n.a
SELECT m.a, m.b, n.a FROM (SELECT [1, 2] AS `n.a`, ['x', 'y'] AS `n.b`) ARRAY JOIN n AS m ORDER BY m.a
SELECT * FROM (SELECT 1 AS z, [1, 2] AS `n.a`, ['x', 'y'] AS `n.b`) ARRAY JOIN n ORDER BY n.a
SELECT z, n.a FROM (SELECT 1 AS z, emptyArrayUInt8() AS `n.a`, emptyArrayString() AS `n.b`) LEFT ARRAY JOIN n
SELECT z, n.a, x FROM (SELECT 1 AS z, [1, 2] AS `n.a`, ['x', 'y'] AS `n.b`) ARRAY JOIN n, arrayEnumerate(n.a) AS x ORDER BY x
SELECT n.a FROM (SELECT [1, 2] AS `n.a`, ['x', 'y'] AS `n.b`) ARRAY JOIN n.a ORDER BY n.a
! SELECT 1 FROM (SELECT [1] AS a) ARRAY JOIN nope
SELECT id, n FROM ev ARRAY JOIN a AS n WHERE id < 4 ORDER BY id, n
SELECT id, n FROM ev ARRAY JOIN arrayEnumerate(a) AS n WHERE id < 4 ORDER BY id, n
SELECT id, x, n FROM ev ARRAY JOIN a AS x, arrayEnumerate(a) AS n WHERE id < 4 ORDER BY id, n
SELECT id, n + 1 FROM ev ARRAY JOIN a AS x, arrayEnumerate(a) AS n WHERE n > 1 AND id < 6 ORDER BY id, n
SELECT * FROM (SELECT id, n, a FROM ev) ARRAY JOIN arrayEnumerate(a) AS n WHERE id < 4 ORDER BY id, n
SELECT n, sum(i) FROM ev ARRAY JOIN arrayEnumerate(a) AS n GROUP BY n ORDER BY n
SELECT id, a FROM ev ARRAY JOIN a WHERE id < 4 ORDER BY id, a
SELECT id, a FROM ev ARRAY JOIN arrayMap(x -> upper(x), a) AS a WHERE id < 4 ORDER BY id, a
SELECT id, a, k FROM ev ARRAY JOIN a AS k WHERE id < 4 ORDER BY id, k
SELECT id, e.n FROM ev AS e ARRAY JOIN a AS n WHERE id < 4 ORDER BY id, n
SELECT count() FROM ev ARRAY JOIN a AS id WHERE id = 'p1'
