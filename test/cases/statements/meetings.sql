SELECT u FROM us AS o WHERE age > (SELECT avg(age) FROM us AS x WHERE x.country != o.country) ORDER BY u, age
SELECT u, (SELECT count() FROM us AS x WHERE x.age < o.age) AS younger FROM us AS o ORDER BY u, age
SELECT u, (SELECT max(price) FROM pr WHERE pr.q < us.age - 20) AS p FROM us ORDER BY u, age
SELECT u FROM us WHERE EXISTS (SELECT 1 FROM pr WHERE pr.q > us.age - 22 AND pr.price < 10) ORDER BY u, age
SELECT u FROM us WHERE NOT EXISTS (SELECT 1 FROM ev WHERE ev.u = us.u AND ev.i > us.age * 30) ORDER BY u, age
SELECT count() FROM us AS o WHERE (SELECT count() FROM ev WHERE ev.u = o.u AND ev.i < o.age * 10) > 1
SELECT k, (SELECT sum(i) FROM ev AS e WHERE e.k = pr.k AND e.t > pr.t) AS s FROM pr ORDER BY k, t
SELECT u, EXISTS (SELECT 1 FROM us AS x WHERE x.country = us.country AND x.u != us.u AND x.age = us.age + 2) AS e FROM us ORDER BY u, age
SELECT u FROM us AS o WHERE age = (SELECT min(age) FROM us AS x WHERE x.country = o.country) ORDER BY u
SELECT x.a, y.b FROM (SELECT number AS a FROM numbers(3) ORDER BY a) AS x PASTE JOIN (SELECT number * 2 AS b FROM numbers(3) ORDER BY b DESC) AS y
SELECT a, b, a + b AS s FROM (SELECT arrayJoin([1, 2, 3]) AS a ORDER BY a) AS x PASTE JOIN (SELECT arrayJoin([10, 20]) AS b ORDER BY b) AS y
SELECT t.* FROM (SELECT CAST((1, 'a', [2]), 'Tuple(x UInt8, y String, z Array(UInt8))') AS t)
SELECT untuple(t), id FROM (SELECT id, (k, u) AS t FROM ev ORDER BY id LIMIT 2) ORDER BY id
SELECT untuple((k, i)) FROM ev ORDER BY id LIMIT 2
SELECT list.a, list.b FROM (SELECT CAST([(1, 'x'), (2, 'y')], 'Array(Tuple(a UInt8, b String))') AS list)
SELECT arraySum(list.a) AS s, arrayStringConcat(list.b) AS c FROM (SELECT CAST([(1, 'x'), (2, 'y')], 'Array(Tuple(a UInt8, b String))') AS list)
SELECT tupleElement([(1, 'x'), (2, 'y')], 2) AS names
SELECT k, count() FROM ev GROUP BY ROLLUP(k) ORDER BY k NULLS FIRST SETTINGS group_by_use_nulls = 1
SELECT k, toDate(t) AS day, count() FROM ev GROUP BY CUBE(k, day) ORDER BY k, day LIMIT 8 SETTINGS group_by_use_nulls = 1
SELECT k, day, count(), k IS NULL, day IS NULL FROM (SELECT k, toDate(t) AS day FROM ev) GROUP BY GROUPING SETS ((k), (day), ()) ORDER BY k, day SETTINGS group_by_use_nulls = 1
SELECT k, count() FROM ev WHERE k != 'k0' GROUP BY ROLLUP(k) HAVING count() > 20 ORDER BY k SETTINGS group_by_use_nulls = 1
SELECT min(i), max(i), sum(i) FROM ev WHERE k = 'nope' SETTINGS aggregate_functions_null_for_empty = 1
SELECT k, minIf(i, i > 900), maxIf(i, i < 0) FROM ev GROUP BY k ORDER BY k SETTINGS aggregate_functions_null_for_empty = 1
SELECT countIf(n IN (NULL, 11)), countIf(n NOT IN (NULL, 11)) FROM ev SETTINGS transform_null_in = 1
SELECT countIf(n IN (SELECT n FROM ev WHERE id < 10)) FROM ev SETTINGS transform_null_in = 1
SELECT id FROM ev WHERE n NOT IN (11, NULL) ORDER BY id LIMIT 3 SETTINGS transform_null_in = 1
SELECT k AS u, count() FROM ev GROUP BY k ORDER BY k SETTINGS prefer_column_name_to_alias = 1
SELECT toStartOfDay(t) AS t, count() AS c FROM ev WHERE t > '2023-11-16 12:00:00' GROUP BY t ORDER BY t
SELECT toStartOfDay(t) AS t, count() AS c FROM ev WHERE t > '2023-11-16 12:00:00' GROUP BY t ORDER BY t LIMIT 3 SETTINGS prefer_column_name_to_alias = 1
SELECT id FROM ev ORDER BY id SETTINGS limit = 3, offset = 10
SELECT id FROM ev ORDER BY id LIMIT 20 SETTINGS offset = 15
SELECT k FROM ev GROUP BY k ORDER BY k SETTINGS limit = 2
SELECT count(DISTINCT s) FROM ev SETTINGS count_distinct_implementation = 'uniq'
SELECT x.u, y.c FROM us AS x LEFT JOIN (SELECT u, count() AS c FROM ev GROUP BY u) AS y USING (u) ORDER BY x.u, x.age SETTINGS join_use_nulls = 1
SELECT x.u, y.c, isNull(y.c) FROM us AS x LEFT JOIN (SELECT u, count() AS c FROM ev GROUP BY u) AS y ON x.u = y.u WHERE y.c IS NULL ORDER BY x.u SETTINGS join_use_nulls = 1
! SELECT 1 AS x UNION SELECT 1 UNION SELECT 2 ORDER BY x SETTINGS union_default_mode = 'DISTINCT'
SELECT count() FROM (SELECT 1 AS x UNION SELECT 1) SETTINGS union_default_mode = 'ALL'
SELECT t FROM ev ORDER BY id LIMIT 2 SETTINGS date_time_output_format = 'iso'
SELECT t, toDateTime64(t, 3) AS w FROM ev ORDER BY id LIMIT 2 SETTINGS date_time_output_format = 'unix_timestamp'
SELECT groupArray(t) AS ts FROM (SELECT t FROM ev ORDER BY id LIMIT 2) SETTINGS date_time_output_format = 'iso'
SELECT i, f FROM ev ORDER BY id LIMIT 2 SETTINGS output_format_json_quote_64bit_integers = 1, output_format_json_quote_64bit_floats = 1
SELECT map(k, i) AS m, [i] AS l, (i, k) AS t FROM ev ORDER BY id LIMIT 2 SETTINGS output_format_json_quote_64bit_integers = 1
SELECT toDecimal64(i, 2) AS d FROM ev ORDER BY id LIMIT 2 SETTINGS output_format_json_quote_decimals = 1
SELECT CAST((k, i), 'Tuple(a String, b Int64)') AS t FROM ev ORDER BY id LIMIT 2 SETTINGS output_format_json_named_tuples_as_objects = 0
SELECT s, count() FROM sm SAMPLE 1/2 GROUP BY s ORDER BY s
SELECT s, count() * any(_sample_factor) AS about FROM sm SAMPLE 1/3 OFFSET 1/3 WHERE id > 100 GROUP BY s ORDER BY s
SELECT count() FROM sm SAMPLE 0.25 WHERE id IN (SELECT id FROM sm SAMPLE 0.5)
SELECT count() FROM (SELECT id FROM sm SAMPLE 0.1 UNION ALL SELECT id FROM sm SAMPLE 0.1 OFFSET 0.9)
SELECT day, kind, c FROM (SELECT toDate('2024-01-01') + number * 2 AS day, number AS kind, 1 AS c FROM numbers(3)) ORDER BY day WITH FILL, kind WITH FILL FROM 0 TO 3
SELECT day, kind, c FROM (SELECT toDate('2024-01-01') + number * 2 AS day, number AS kind, 1 AS c FROM numbers(3)) ORDER BY day WITH FILL, kind WITH FILL FROM 0 TO 3 INTERPOLATE (c AS c + 1)
SELECT a, b, c FROM (SELECT number * 2 AS a, number % 2 AS b, number AS c FROM numbers(4)) ORDER BY a WITH FILL STEP 1, b WITH FILL FROM 0 TO 2, c WITH FILL FROM 0 TO 2
SELECT a, b FROM (SELECT number AS a, number * 10 AS b FROM numbers(8) WHERE number % 3 = 0) ORDER BY a WITH FILL STALENESS 2 INTERPOLATE (b)
SELECT toDateTime('2024-01-01 00:00:00') + number * 90 AS t, number AS v FROM numbers(3) ORDER BY t WITH FILL STEP INTERVAL 30 SECOND INTERPOLATE (v AS v)
SELECT toDateTime64('2024-01-01 00:00:00', 3) + number AS t FROM numbers(2) ORDER BY t WITH FILL STEP INTERVAL 250 MILLISECOND
SELECT id FROM ev ORDER BY id LIMIT -2
SELECT id FROM ev ORDER BY id LIMIT -2 OFFSET -3
SELECT id FROM ev ORDER BY id LIMIT 0.05
SELECT id FROM ev ORDER BY id LIMIT 0.02 OFFSET 0.5
SELECT any(n) RESPECT NULLS AS first, anyLast(n) RESPECT NULLS AS last FROM (SELECT n FROM ev ORDER BY id)
SELECT toIPv4('10.0.0.1') IN ('10.0.0.1', '10.0.0.2') AS hit, toIPv4('10.0.0.3') IN ('10.0.0.1') AS miss
SELECT toIPv4('10.0.0.9') BETWEEN toIPv4('10.0.0.0') AND toIPv4('10.0.0.255') AS inside
SELECT toIPv6('::1') = '::1' AS a, toIPv4('1.2.3.4') = '1.2.3.4' AS b
SELECT toDateTime64('2024-01-01 00:00:01.5', 1) - toDateTime('2024-01-01 00:00:00') AS gap, toTypeName(gap)
SELECT toDateTime('2024-01-02 00:00:00') - toDateTime('2024-01-01 00:00:00') AS s, toDate('2024-01-02') - toDate('2024-01-01') AS d
! SELECT toDate('2024-01-02') - toDateTime('2024-01-01 00:00:00')
! SELECT toDate32('2024-01-02') - toDate32('2024-01-01')
! SELECT toDate('2024-01-02') = 5
! SELECT toDate('2024-01-02') < toFloat32(5)
! SELECT least(toUInt64(1), toFloat64(2))
! SELECT greatest(toInt64(1), toFloat32(2))
! SELECT [1, 2] IN (7)
! SELECT 1 SETTINGS join_use_nulls = 'perhaps'
! SELECT number FROM numbers(10) SETTINGS max_result_rows = 5
! SELECT id FROM ev ORDER BY id LIMIT 2.5
! SELECT count() FROM ev SAMPLE 1/2
! SELECT sum(i) OVER (ORDER BY s RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) FROM ev
! SELECT number AS a FROM numbers(3) ORDER BY a WITH FILL FROM 5 TO 1
! SELECT number AS a, 1 AS b FROM numbers(3) ORDER BY a WITH FILL TO 5 INTERPOLATE (a)
! SELECT toDate('2024-01-01') AS d ORDER BY d WITH FILL TO toDate('2024-01-05') STEP INTERVAL 1 HOUR
-- Intervals of several units.
SELECT toIntervalDay(1) < toIntervalHour(30), toIntervalDay(1) = toIntervalHour(24), INTERVAL 1 YEAR > INTERVAL 3 QUARTER
! SELECT toIntervalDay(1) < toIntervalMonth(30)
! SELECT [INTERVAL 1 DAY, INTERVAL 1 MONTH]
SELECT [INTERVAL 1 DAY, INTERVAL 1 HOUR] AS x, toTypeName(x), [INTERVAL 1 DAY, 5] AS y, toTypeName(y)
SELECT greatest(INTERVAL 1 DAY, INTERVAL 30 HOUR) AS x, toTypeName(x)
SELECT if(number = 1, INTERVAL 1 DAY, INTERVAL 30 HOUR) AS x, toTypeName(x) FROM numbers(2)
SELECT CAST(INTERVAL 1 DAY AS IntervalHour), CAST(INTERVAL 30 HOUR AS IntervalDay), CAST(INTERVAL -9 DAY AS IntervalWeek), CAST(INTERVAL 1 MONTH AS IntervalDay), toIntervalQuarter(INTERVAL 13 MONTH)
SELECT CAST(toNullable(toIntervalDay(number)) AS Nullable(IntervalNanosecond)) FROM numbers(3)
SELECT max(x), toTypeName(max(x)) FROM (SELECT arrayJoin([INTERVAL 1 DAY, INTERVAL 1 HOUR]) AS x)
SELECT INTERVAL 1 DAY < 5, INTERVAL 6 DAY < toInt64(5)
