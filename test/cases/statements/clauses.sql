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
! WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count() FROM r
! WITH RECURSIVE r AS (SELECT toUInt64(1) AS n UNION DISTINCT SELECT n % 3 FROM r) SELECT * FROM r ORDER BY n
! WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 2000) SELECT max(n) FROM r
! SELECT count() FROM ev SAMPLE 0.1
! SELECT count() FROM ev SAMPLE 1/10
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
