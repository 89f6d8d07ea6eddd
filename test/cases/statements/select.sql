SELECT k, count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY k ORDER BY ALL
SELECT k, countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY k ORDER BY ALL
SELECT k, count() FROM ev GROUP BY k HAVING count() > 2 ORDER BY ALL
SELECT k, count() AS c FROM ev WHERE id > 20 GROUP BY k ORDER BY ALL LIMIT 5
SELECT k, count(), sum(i) FROM ev GROUP BY k WITH ROLLUP ORDER BY ALL
SELECT k, count(), sum(i) FROM ev GROUP BY k WITH CUBE ORDER BY ALL
SELECT k, count(), sum(i) FROM ev GROUP BY k WITH TOTALS ORDER BY ALL
SELECT DISTINCT k FROM ev ORDER BY ALL
SELECT u, count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY u ORDER BY ALL
SELECT u, countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY u ORDER BY ALL
SELECT u, count() FROM ev GROUP BY u HAVING count() > 2 ORDER BY ALL
SELECT u, count() AS c FROM ev WHERE id > 20 GROUP BY u ORDER BY ALL LIMIT 5
SELECT u, count(), sum(i) FROM ev GROUP BY u WITH ROLLUP ORDER BY ALL
SELECT u, count(), sum(i) FROM ev GROUP BY u WITH CUBE ORDER BY ALL
SELECT u, count(), sum(i) FROM ev GROUP BY u WITH TOTALS ORDER BY ALL
SELECT DISTINCT u FROM ev ORDER BY ALL
SELECT k, u, count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY k, u ORDER BY ALL
SELECT k, u, countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY k, u ORDER BY ALL
SELECT k, u, count() FROM ev GROUP BY k, u HAVING count() > 2 ORDER BY ALL
SELECT k, u, count() AS c FROM ev WHERE id > 20 GROUP BY k, u ORDER BY ALL LIMIT 5
SELECT k, u, count(), sum(i) FROM ev GROUP BY k, u WITH ROLLUP ORDER BY ALL
SELECT k, u, count(), sum(i) FROM ev GROUP BY k, u WITH CUBE ORDER BY ALL
SELECT k, u, count(), sum(i) FROM ev GROUP BY k, u WITH TOTALS ORDER BY ALL
SELECT DISTINCT k, u FROM ev ORDER BY ALL
SELECT toStartOfMonth(t), count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY toStartOfMonth(t) ORDER BY ALL
SELECT toStartOfMonth(t), countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY toStartOfMonth(t) ORDER BY ALL
SELECT toStartOfMonth(t), count() FROM ev GROUP BY toStartOfMonth(t) HAVING count() > 2 ORDER BY ALL
SELECT toStartOfMonth(t), count() AS c FROM ev WHERE id > 20 GROUP BY toStartOfMonth(t) ORDER BY ALL LIMIT 5
SELECT toStartOfMonth(t), count(), sum(i) FROM ev GROUP BY toStartOfMonth(t) WITH ROLLUP ORDER BY ALL
SELECT toStartOfMonth(t), count(), sum(i) FROM ev GROUP BY toStartOfMonth(t) WITH CUBE ORDER BY ALL
SELECT toStartOfMonth(t), count(), sum(i) FROM ev GROUP BY toStartOfMonth(t) WITH TOTALS ORDER BY ALL
SELECT DISTINCT toStartOfMonth(t) FROM ev ORDER BY ALL
SELECT n, count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY n ORDER BY ALL
SELECT n, countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY n ORDER BY ALL
SELECT n, count() FROM ev GROUP BY n HAVING count() > 2 ORDER BY ALL
SELECT n, count() AS c FROM ev WHERE id > 20 GROUP BY n ORDER BY ALL LIMIT 5
SELECT n, count(), sum(i) FROM ev GROUP BY n WITH ROLLUP ORDER BY ALL
SELECT n, count(), sum(i) FROM ev GROUP BY n WITH CUBE ORDER BY ALL
SELECT n, count(), sum(i) FROM ev GROUP BY n WITH TOTALS ORDER BY ALL
SELECT DISTINCT n FROM ev ORDER BY ALL
SELECT k, n, count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY k, n ORDER BY ALL
SELECT k, n, countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY k, n ORDER BY ALL
SELECT k, n, count() FROM ev GROUP BY k, n HAVING count() > 2 ORDER BY ALL
SELECT k, n, count() AS c FROM ev WHERE id > 20 GROUP BY k, n ORDER BY ALL LIMIT 5
SELECT k, n, count(), sum(i) FROM ev GROUP BY k, n WITH ROLLUP ORDER BY ALL
SELECT k, n, count(), sum(i) FROM ev GROUP BY k, n WITH CUBE ORDER BY ALL
SELECT k, n, count(), sum(i) FROM ev GROUP BY k, n WITH TOTALS ORDER BY ALL
SELECT DISTINCT k, n FROM ev ORDER BY ALL
SELECT a, count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY a ORDER BY ALL
SELECT a, countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY a ORDER BY ALL
SELECT a, count() FROM ev GROUP BY a HAVING count() > 2 ORDER BY ALL
SELECT a, count() AS c FROM ev WHERE id > 20 GROUP BY a ORDER BY ALL LIMIT 5
SELECT a, count(), sum(i) FROM ev GROUP BY a WITH ROLLUP ORDER BY ALL
SELECT a, count(), sum(i) FROM ev GROUP BY a WITH CUBE ORDER BY ALL
SELECT a, count(), sum(i) FROM ev GROUP BY a WITH TOTALS ORDER BY ALL
SELECT DISTINCT a FROM ev ORDER BY ALL
SELECT d, count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY d ORDER BY ALL
SELECT d, countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY d ORDER BY ALL
SELECT d, count() FROM ev GROUP BY d HAVING count() > 2 ORDER BY ALL
SELECT d, count() AS c FROM ev WHERE id > 20 GROUP BY d ORDER BY ALL LIMIT 5
SELECT d, count(), sum(i) FROM ev GROUP BY d WITH ROLLUP ORDER BY ALL
SELECT d, count(), sum(i) FROM ev GROUP BY d WITH CUBE ORDER BY ALL
SELECT d, count(), sum(i) FROM ev GROUP BY d WITH TOTALS ORDER BY ALL
SELECT DISTINCT d FROM ev ORDER BY ALL
SELECT i % 7, count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY i % 7 ORDER BY ALL
SELECT i % 7, countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY i % 7 ORDER BY ALL
SELECT i % 7, count() FROM ev GROUP BY i % 7 HAVING count() > 2 ORDER BY ALL
SELECT i % 7, count() AS c FROM ev WHERE id > 20 GROUP BY i % 7 ORDER BY ALL LIMIT 5
SELECT i % 7, count(), sum(i) FROM ev GROUP BY i % 7 WITH ROLLUP ORDER BY ALL
SELECT i % 7, count(), sum(i) FROM ev GROUP BY i % 7 WITH CUBE ORDER BY ALL
SELECT i % 7, count(), sum(i) FROM ev GROUP BY i % 7 WITH TOTALS ORDER BY ALL
SELECT DISTINCT i % 7 FROM ev ORDER BY ALL
SELECT u, d, count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY u, d ORDER BY ALL
SELECT u, d, countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY u, d ORDER BY ALL
SELECT u, d, count() FROM ev GROUP BY u, d HAVING count() > 2 ORDER BY ALL
SELECT u, d, count() AS c FROM ev WHERE id > 20 GROUP BY u, d ORDER BY ALL LIMIT 5
SELECT u, d, count(), sum(i) FROM ev GROUP BY u, d WITH ROLLUP ORDER BY ALL
SELECT u, d, count(), sum(i) FROM ev GROUP BY u, d WITH CUBE ORDER BY ALL
SELECT u, d, count(), sum(i) FROM ev GROUP BY u, d WITH TOTALS ORDER BY ALL
SELECT DISTINCT u, d FROM ev ORDER BY ALL
SELECT lower(u), count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY lower(u) ORDER BY ALL
SELECT lower(u), countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY lower(u) ORDER BY ALL
SELECT lower(u), count() FROM ev GROUP BY lower(u) HAVING count() > 2 ORDER BY ALL
SELECT lower(u), count() AS c FROM ev WHERE id > 20 GROUP BY lower(u) ORDER BY ALL LIMIT 5
SELECT lower(u), count(), sum(i) FROM ev GROUP BY lower(u) WITH ROLLUP ORDER BY ALL
SELECT lower(u), count(), sum(i) FROM ev GROUP BY lower(u) WITH CUBE ORDER BY ALL
SELECT lower(u), count(), sum(i) FROM ev GROUP BY lower(u) WITH TOTALS ORDER BY ALL
SELECT DISTINCT lower(u) FROM ev ORDER BY ALL
SELECT tuple(k, u), count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY tuple(k, u) ORDER BY ALL
SELECT tuple(k, u), countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY tuple(k, u) ORDER BY ALL
SELECT tuple(k, u), count() FROM ev GROUP BY tuple(k, u) HAVING count() > 2 ORDER BY ALL
SELECT tuple(k, u), count() AS c FROM ev WHERE id > 20 GROUP BY tuple(k, u) ORDER BY ALL LIMIT 5
SELECT tuple(k, u), count(), sum(i) FROM ev GROUP BY tuple(k, u) WITH TOTALS ORDER BY ALL
SELECT DISTINCT tuple(k, u) FROM ev ORDER BY ALL
SELECT f, count(), sum(i), avg(f), min(s), max(n), uniqExact(u), arraySort(groupArray(id)) FROM ev GROUP BY f ORDER BY ALL
SELECT f, countIf(n > 0), sumIf(i, k = 'k1'), argMax(id, i), argMin(s, id), any(1), quantileExact(0.9)(i) FROM ev GROUP BY f ORDER BY ALL
SELECT f, count() FROM ev GROUP BY f HAVING count() > 2 ORDER BY ALL
SELECT f, count() AS c FROM ev WHERE id > 20 GROUP BY f ORDER BY ALL LIMIT 5
SELECT f, count(), sum(i) FROM ev GROUP BY f WITH ROLLUP ORDER BY ALL
SELECT f, count(), sum(i) FROM ev GROUP BY f WITH CUBE ORDER BY ALL
SELECT f, count(), sum(i) FROM ev GROUP BY f WITH TOTALS ORDER BY ALL
SELECT DISTINCT f FROM ev ORDER BY ALL
SELECT k, u, count(), grouping(k), grouping(u), grouping(k, u) FROM ev GROUP BY GROUPING SETS ((k), (u)) ORDER BY ALL
SELECT k, u, count(), grouping(k), grouping(u), grouping(k, u) FROM ev GROUP BY GROUPING SETS ((k, u), ()) ORDER BY ALL
SELECT k, u, count(), grouping(k), grouping(u), grouping(k, u) FROM ev GROUP BY GROUPING SETS ((k), (u), (k, u), ()) ORDER BY ALL
SELECT k, count() FROM ev GROUP BY GROUPING SETS ((k), (k)) ORDER BY ALL
SELECT k, u, count(), grouping(k), grouping(u), grouping(k, u) FROM ev GROUP BY GROUPING SETS (k, u) ORDER BY ALL
SELECT k, count() FROM ev GROUP BY GROUPING SETS ((k, d), (d)) ORDER BY ALL
SELECT id FROM ev ORDER BY n, id LIMIT 12
SELECT id FROM ev ORDER BY n, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY n DESC, id LIMIT 12
SELECT id FROM ev ORDER BY n DESC, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY n NULLS FIRST, id LIMIT 12
SELECT id FROM ev ORDER BY n NULLS FIRST, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY n DESC NULLS FIRST, id LIMIT 12
SELECT id FROM ev ORDER BY n DESC NULLS FIRST, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY n DESC NULLS LAST, id LIMIT 12
SELECT id FROM ev ORDER BY n DESC NULLS LAST, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY f, id LIMIT 12
SELECT id FROM ev ORDER BY f, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY k, id DESC LIMIT 12
SELECT id FROM ev ORDER BY k, id DESC LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY s DESC, id LIMIT 12
SELECT id FROM ev ORDER BY s DESC, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY a, id LIMIT 12
SELECT id FROM ev ORDER BY a, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY t, id LIMIT 12
SELECT id FROM ev ORDER BY t, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY -id LIMIT 12
SELECT id FROM ev ORDER BY -id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY length(a), id LIMIT 12
SELECT id FROM ev ORDER BY length(a), id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY (k, id) LIMIT 12
SELECT id FROM ev ORDER BY (k, id) LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY d DESC, id LIMIT 12
SELECT id FROM ev ORDER BY d DESC, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY lower(u), id LIMIT 12
SELECT id FROM ev ORDER BY lower(u), id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY f % 1, id LIMIT 12
SELECT id FROM ev ORDER BY f % 1, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY i % 10 DESC, id LIMIT 12
SELECT id FROM ev ORDER BY i % 10 DESC, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY rand() * 0, id LIMIT 12
SELECT id FROM ev ORDER BY rand() * 0, id LIMIT 5 OFFSET 7
SELECT id FROM ev ORDER BY k = 'k1', id LIMIT 12
SELECT id FROM ev ORDER BY k = 'k1', id LIMIT 5 OFFSET 7
SELECT id, k FROM ev ORDER BY id LIMIT 3
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 3
SELECT id, k FROM ev ORDER BY id LIMIT 3 OFFSET 2
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 3 OFFSET 2
SELECT id, k FROM ev ORDER BY id LIMIT 2, 3
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 2, 3
SELECT id, k FROM ev ORDER BY id OFFSET 95
SELECT i % 5 AS x, id FROM ev ORDER BY x , id OFFSET 95
SELECT id, k FROM ev ORDER BY id OFFSET 5 ROWS FETCH FIRST 3 ROWS ONLY
SELECT i % 5 AS x, id FROM ev ORDER BY x , id OFFSET 5 ROWS FETCH FIRST 3 ROWS ONLY
SELECT id, k FROM ev ORDER BY id LIMIT 0
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 0
SELECT id, k FROM ev ORDER BY id LIMIT 1000
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 1000
SELECT id, k FROM ev ORDER BY id LIMIT 2 BY k
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 2 BY k
SELECT id, k FROM ev ORDER BY id LIMIT 1 BY k, u LIMIT 10
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 1 BY k, u LIMIT 10
SELECT id, k FROM ev ORDER BY id LIMIT 1 OFFSET 1 BY k
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 1 OFFSET 1 BY k
SELECT id, k FROM ev ORDER BY id LIMIT 1, 1 BY k
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 1, 1 BY k
SELECT id, k FROM ev ORDER BY id LIMIT -3
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT -3
SELECT id, k FROM ev ORDER BY id LIMIT 0.05
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 0.05
SELECT id, k FROM ev ORDER BY id LIMIT 3 WITH TIES
SELECT i % 5 AS x FROM ev ORDER BY x LIMIT 3 WITH TIES
SELECT id, k FROM ev ORDER BY id LIMIT 1 BY u LIMIT 3 OFFSET 2
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 1 BY u LIMIT 3 OFFSET 2
SELECT id, k FROM ev ORDER BY id LIMIT 1 + 2
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 1 + 2
SELECT id, k FROM ev ORDER BY id LIMIT (SELECT 3)
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT (SELECT 3)
SELECT id, k FROM ev ORDER BY id LIMIT -3 OFFSET -2
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT -3 OFFSET -2
SELECT id, k FROM ev ORDER BY id LIMIT 5 OFFSET 0.5
SELECT i % 5 AS x, id FROM ev ORDER BY x , id LIMIT 5 OFFSET 0.5
SELECT toInt32(id) AS x, count() FROM ev WHERE id IN (1, 3, 9) GROUP BY x ORDER BY x WITH FILL LIMIT 60
SELECT toInt32(id) AS x, k FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL INTERPOLATE (k) LIMIT 60
SELECT toInt32(id) AS x, i FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL INTERPOLATE (i AS i + 1) LIMIT 60
SELECT i AS x, count() FROM ev WHERE id IN (1, 3, 9) GROUP BY x ORDER BY x WITH FILL FROM 0 LIMIT 60
SELECT toInt32(id) AS x, k FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL FROM 0 INTERPOLATE (k) LIMIT 60
SELECT toInt32(id) AS x, i FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL FROM 0 INTERPOLATE (i AS i + 1) LIMIT 60
SELECT toInt32(id) AS x, count() FROM ev WHERE id IN (1, 3, 9) GROUP BY x ORDER BY x WITH FILL TO 40 LIMIT 60
SELECT toInt32(id) AS x, k FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL TO 40 INTERPOLATE (k) LIMIT 60
SELECT toInt32(id) AS x, i FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL TO 40 INTERPOLATE (i AS i + 1) LIMIT 60
SELECT i AS x, count() FROM ev WHERE id IN (1, 3, 9) GROUP BY x ORDER BY x WITH FILL FROM 0 TO 20 STEP 2 LIMIT 60
SELECT toInt32(id) AS x, k FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL FROM 0 TO 20 STEP 2 INTERPOLATE (k) LIMIT 60
SELECT toInt32(id) AS x, i FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL FROM 0 TO 20 STEP 2 INTERPOLATE (i AS i + 1) LIMIT 60
SELECT i AS x, count() FROM ev WHERE id IN (1, 3, 9) GROUP BY x ORDER BY x WITH FILL STEP 3 LIMIT 60
SELECT toInt32(id) AS x, k FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL STEP 3 INTERPOLATE (k) LIMIT 60
SELECT toInt32(id) AS x, i FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL STEP 3 INTERPOLATE (i AS i + 1) LIMIT 60
SELECT i AS x, count() FROM ev WHERE id IN (1, 3, 9) GROUP BY x ORDER BY x WITH FILL FROM 1 TO 10 LIMIT 60
SELECT toInt32(id) AS x, k FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL FROM 1 TO 10 INTERPOLATE (k) LIMIT 60
SELECT toInt32(id) AS x, i FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL FROM 1 TO 10 INTERPOLATE (i AS i + 1) LIMIT 60
SELECT toInt32(id) AS x, count() FROM ev WHERE id IN (1, 3, 9) GROUP BY x ORDER BY x WITH FILL STALENESS 3 LIMIT 60
SELECT toInt32(id) AS x, k FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL STALENESS 3 INTERPOLATE (k) LIMIT 60
SELECT toInt32(id) AS x, i FROM ev WHERE id IN (1, 3, 9) ORDER BY x WITH FILL STALENESS 3 INTERPOLATE (i AS i + 1) LIMIT 60
SELECT toDate('2024-01-01') + id * 10 AS x FROM ev WHERE id < 4 ORDER BY x WITH FILL STEP 1 LIMIT 40
SELECT toDate('2024-01-01') + id * 10 AS x FROM ev WHERE id < 4 ORDER BY x DESC WITH FILL STEP -1 LIMIT 40
SELECT toDate('2024-01-01') + id * 10 AS x FROM ev WHERE id < 4 ORDER BY x WITH FILL STEP INTERVAL 1 DAY LIMIT 40
SELECT toDate('2024-01-01') + id * 10 AS x FROM ev WHERE id < 4 ORDER BY x DESC WITH FILL STEP INTERVAL -1 DAY LIMIT 40
SELECT toDate('2024-01-01') + id * 10 AS x FROM ev WHERE id < 4 ORDER BY x WITH FILL STEP INTERVAL 1 WEEK LIMIT 40
SELECT toDate('2024-01-01') + id * 10 AS x FROM ev WHERE id < 4 ORDER BY x DESC WITH FILL STEP INTERVAL -1 WEEK LIMIT 40
SELECT toDate('2024-01-01') + id * 10 AS x FROM ev WHERE id < 4 ORDER BY x WITH FILL STEP INTERVAL 1 MONTH LIMIT 40
SELECT toDate('2024-01-01') + id * 10 AS x FROM ev WHERE id < 4 ORDER BY x DESC WITH FILL STEP INTERVAL -1 MONTH LIMIT 40
SELECT toDate('2024-01-01') + id * 10 AS x FROM ev WHERE id < 4 ORDER BY x WITH FILL STEP toIntervalDay(2) LIMIT 40
SELECT toDate('2024-01-01') + id * 10 AS x FROM ev WHERE id < 4 ORDER BY x DESC WITH FILL STEP toIntervalDay(-2) LIMIT 40
SELECT toStartOfHour(t) AS x, count() FROM ev WHERE id < 4 GROUP BY x ORDER BY x WITH FILL STEP 3600 LIMIT 30
SELECT toStartOfHour(t) AS x, count() FROM ev WHERE id < 4 GROUP BY x ORDER BY x WITH FILL STEP INTERVAL 1 HOUR LIMIT 30
SELECT toStartOfHour(t) AS x, count() FROM ev WHERE id < 4 GROUP BY x ORDER BY x WITH FILL STEP INTERVAL 30 MINUTE LIMIT 30
SELECT k, toInt32(id % 7) AS x, count() FROM ev WHERE id % 5 = 0 GROUP BY k, x ORDER BY k, x WITH FILL FROM 0 TO 4
SELECT toFloat64(id) / 2 AS x FROM ev WHERE id IN (1, 3) ORDER BY x WITH FILL STEP 0.25
SELECT id, a FROM ev ARRAY JOIN a ORDER BY ALL LIMIT 60
SELECT a, count(), sum(i) FROM ev ARRAY JOIN a GROUP BY a ORDER BY ALL
SELECT id, a FROM ev ARRAY JOIN a WHERE id % 3 = 0 AND a != 'p2' ORDER BY ALL LIMIT 40
SELECT id, a FROM ev LEFT ARRAY JOIN a ORDER BY ALL LIMIT 60
SELECT a, count(), sum(i) FROM ev LEFT ARRAY JOIN a GROUP BY a ORDER BY ALL
SELECT id, a FROM ev LEFT ARRAY JOIN a WHERE id % 3 = 0 AND a != 'p2' ORDER BY ALL LIMIT 40
SELECT id, x FROM ev ARRAY JOIN a AS x ORDER BY ALL LIMIT 60
SELECT x, count(), sum(i) FROM ev ARRAY JOIN a AS x GROUP BY x ORDER BY ALL
SELECT id, x FROM ev ARRAY JOIN a AS x WHERE id % 3 = 0 AND x != 'p2' ORDER BY ALL LIMIT 40
SELECT id, x, nr FROM ev ARRAY JOIN a AS x, arrayEnumerate(a) AS nr ORDER BY ALL LIMIT 60
SELECT x, count(), sum(i) FROM ev ARRAY JOIN a AS x, arrayEnumerate(a) AS nr GROUP BY x ORDER BY ALL
SELECT id, x FROM ev ARRAY JOIN a AS x, arrayEnumerate(a) AS nr WHERE id % 3 = 0 AND x != 'p2' ORDER BY ALL LIMIT 40
SELECT id, x, z FROM ev LEFT ARRAY JOIN a AS x, arrayMap(y -> concat(y, k), a) AS z ORDER BY ALL LIMIT 60
SELECT x, count(), sum(i) FROM ev LEFT ARRAY JOIN a AS x, arrayMap(y -> concat(y, k), a) AS z GROUP BY x ORDER BY ALL
SELECT id, x FROM ev LEFT ARRAY JOIN a AS x, arrayMap(y -> concat(y, k), a) AS z WHERE id % 3 = 0 AND x != 'p2' ORDER BY ALL LIMIT 40
SELECT id, x FROM ev ARRAY JOIN [1, 2, 3] AS x ORDER BY ALL LIMIT 60
SELECT x, count(), sum(i) FROM ev ARRAY JOIN [1, 2, 3] AS x GROUP BY x ORDER BY ALL
SELECT id, x FROM ev ARRAY JOIN [1, 2, 3] AS x WHERE id % 3 = 0 AND x != 2 ORDER BY ALL LIMIT 40
SELECT id, x FROM ev ARRAY JOIN range(id % 4) AS x ORDER BY ALL LIMIT 60
SELECT x, count(), sum(i) FROM ev ARRAY JOIN range(id % 4) AS x GROUP BY x ORDER BY ALL
SELECT id, x FROM ev ARRAY JOIN range(id % 4) AS x WHERE id % 3 = 0 AND x != 2 ORDER BY ALL LIMIT 40
SELECT id, x FROM ev ARRAY JOIN arrayFilter(y -> y != 'p1', a) AS x ORDER BY ALL LIMIT 60
SELECT x, count(), sum(i) FROM ev ARRAY JOIN arrayFilter(y -> y != 'p1', a) AS x GROUP BY x ORDER BY ALL
SELECT id, x FROM ev ARRAY JOIN arrayFilter(y -> y != 'p1', a) AS x WHERE id % 3 = 0 AND x != 'p2' ORDER BY ALL LIMIT 40
SELECT arrayJoin(a) AS x, count() FROM ev GROUP BY x ORDER BY x
SELECT id, arrayJoin(a) FROM ev WHERE id < 9 ORDER BY ALL
SELECT id, arrayJoin([1, 2]) AS x, arrayJoin(['a', 'b']) AS y FROM ev WHERE id < 3 ORDER BY ALL
SELECT arrayJoin(arrayJoin([[1, 2], [3]])) AS x ORDER BY x
SELECT id, arrayJoin(a) AS x FROM ev WHERE x = 'p1' ORDER BY id LIMIT 5
SELECT k, v FROM (SELECT map('a', 1, 'b', 2) AS m) ARRAY JOIN mapKeys(m) AS k, mapValues(m) AS v ORDER BY k
SELECT x.1, x.2 FROM (SELECT [(1, 'a'), (2, 'b')] AS l) ARRAY JOIN l AS x ORDER BY 1
SELECT sum(x) FROM (SELECT id, arrayJoin(range(id)) AS x FROM ev WHERE id < 20)
SELECT * FROM (SELECT k FROM ev WHERE id < 30 UNION ALL SELECT k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT u, k FROM ev WHERE id < 30 UNION ALL SELECT u, k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT n FROM ev WHERE id < 30 UNION ALL SELECT n FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT i % 3 FROM ev WHERE id < 30 UNION ALL SELECT i % 4 FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT a FROM ev WHERE id < 30 UNION ALL SELECT a FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT toInt8(id % 5) FROM ev WHERE id < 30 UNION ALL SELECT toInt64(i % 5) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT s FROM ev WHERE id < 30 UNION ALL SELECT u FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT f FROM ev WHERE id < 30 UNION ALL SELECT toFloat32(f) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT k FROM ev WHERE id < 30 UNION DISTINCT SELECT k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT u, k FROM ev WHERE id < 30 UNION DISTINCT SELECT u, k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT n FROM ev WHERE id < 30 UNION DISTINCT SELECT n FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT i % 3 FROM ev WHERE id < 30 UNION DISTINCT SELECT i % 4 FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT a FROM ev WHERE id < 30 UNION DISTINCT SELECT a FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT toInt8(id % 5) FROM ev WHERE id < 30 UNION DISTINCT SELECT toInt64(i % 5) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT s FROM ev WHERE id < 30 UNION DISTINCT SELECT u FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT f FROM ev WHERE id < 30 UNION DISTINCT SELECT toFloat32(f) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT k FROM ev WHERE id < 30 INTERSECT SELECT k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT u, k FROM ev WHERE id < 30 INTERSECT SELECT u, k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT n FROM ev WHERE id < 30 INTERSECT SELECT n FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT i % 3 FROM ev WHERE id < 30 INTERSECT SELECT i % 4 FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT a FROM ev WHERE id < 30 INTERSECT SELECT a FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT toInt8(id % 5) FROM ev WHERE id < 30 INTERSECT SELECT toInt64(i % 5) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT s FROM ev WHERE id < 30 INTERSECT SELECT u FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT f FROM ev WHERE id < 30 INTERSECT SELECT toFloat32(f) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT k FROM ev WHERE id < 30 INTERSECT DISTINCT SELECT k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT u, k FROM ev WHERE id < 30 INTERSECT DISTINCT SELECT u, k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT n FROM ev WHERE id < 30 INTERSECT DISTINCT SELECT n FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT i % 3 FROM ev WHERE id < 30 INTERSECT DISTINCT SELECT i % 4 FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT a FROM ev WHERE id < 30 INTERSECT DISTINCT SELECT a FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT toInt8(id % 5) FROM ev WHERE id < 30 INTERSECT DISTINCT SELECT toInt64(i % 5) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT s FROM ev WHERE id < 30 INTERSECT DISTINCT SELECT u FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT f FROM ev WHERE id < 30 INTERSECT DISTINCT SELECT toFloat32(f) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT k FROM ev WHERE id < 30 EXCEPT SELECT k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT u, k FROM ev WHERE id < 30 EXCEPT SELECT u, k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT n FROM ev WHERE id < 30 EXCEPT SELECT n FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT i % 3 FROM ev WHERE id < 30 EXCEPT SELECT i % 4 FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT a FROM ev WHERE id < 30 EXCEPT SELECT a FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT toInt8(id % 5) FROM ev WHERE id < 30 EXCEPT SELECT toInt64(i % 5) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT s FROM ev WHERE id < 30 EXCEPT SELECT u FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT f FROM ev WHERE id < 30 EXCEPT SELECT toFloat32(f) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT k FROM ev WHERE id < 30 EXCEPT DISTINCT SELECT k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT u, k FROM ev WHERE id < 30 EXCEPT DISTINCT SELECT u, k FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT n FROM ev WHERE id < 30 EXCEPT DISTINCT SELECT n FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT i % 3 FROM ev WHERE id < 30 EXCEPT DISTINCT SELECT i % 4 FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT a FROM ev WHERE id < 30 EXCEPT DISTINCT SELECT a FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT toInt8(id % 5) FROM ev WHERE id < 30 EXCEPT DISTINCT SELECT toInt64(i % 5) FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT s FROM ev WHERE id < 30 EXCEPT DISTINCT SELECT u FROM ev WHERE id > 15) ORDER BY ALL
SELECT * FROM (SELECT f FROM ev WHERE id < 30 EXCEPT DISTINCT SELECT toFloat32(f) FROM ev WHERE id > 15) ORDER BY ALL
! SELECT 1 AS x UNION ALL SELECT 2 UNION DISTINCT SELECT 1 ORDER BY x
SELECT count() FROM (SELECT 1 UNION ALL SELECT 1 INTERSECT SELECT 1)
! (SELECT 1 AS x) UNION ALL (SELECT 2 AS x) ORDER BY x
! SELECT 1 UNION SELECT 1
SELECT x FROM (SELECT 1 AS x UNION ALL SELECT NULL) ORDER BY x
! SELECT 1, 'a' UNION ALL SELECT 2
SELECT * FROM (SELECT 1 AS a, 2 AS b UNION ALL SELECT 3 AS b, 4 AS a) ORDER BY ALL
SELECT toTypeName(x) FROM (SELECT toUInt8(1) AS x UNION ALL SELECT toInt16(-1)) LIMIT 1
SELECT toTypeName(x) FROM (SELECT toDate('2024-01-01') AS x UNION ALL SELECT toDateTime('2024-01-01 00:00:00')) LIMIT 1
SELECT x FROM (SELECT toDate('2024-01-01') AS x UNION ALL SELECT toDateTime('2024-01-01 01:00:00')) ORDER BY x
WITH (SELECT max(id) FROM ev) AS m SELECT m, id FROM ev WHERE id = m
WITH 5 AS x, x + 1 AS y SELECT x, y, x * y
WITH t AS (SELECT k, count() AS c FROM ev GROUP BY k) SELECT a.k, b.c FROM t AS a JOIN t AS b USING k ORDER BY a.k
WITH a AS (SELECT 1 AS x), b AS (SELECT x + 1 AS y FROM a), c AS (SELECT y * 2 AS z FROM b) SELECT * FROM a, b, c
SELECT (SELECT id FROM ev WHERE id > 1000) IS NULL
! SELECT (SELECT id FROM ev)
SELECT id IN (SELECT 1) AS x FROM ev ORDER BY id LIMIT 3
SELECT * FROM (SELECT id AS x FROM ev ORDER BY id LIMIT 3) WHERE x > 0
SELECT x, count() FROM (SELECT k AS x FROM ev) GROUP BY x ORDER BY x
SELECT sum(c) FROM (SELECT count() AS c FROM ev GROUP BY k, u)
! SELECT max(id) AS id FROM ev WHERE id < 50
SELECT id + 1 AS id FROM ev WHERE id < 5 ORDER BY id
SELECT i AS id, id AS old FROM ev ORDER BY old LIMIT 3
SELECT k, count() AS c, c * 2 AS d, d + c FROM ev GROUP BY k ORDER BY c DESC, k
SELECT id AS x, x + 1 AS x2 FROM ev WHERE x2 > 97 ORDER BY x2
SELECT toDate(t) AS t, count() FROM ev GROUP BY t ORDER BY t LIMIT 3
SELECT sum(i) AS i FROM ev
SELECT if(k = 'k1', 'one', k) AS k, count() FROM ev GROUP BY k ORDER BY k
SELECT count() FROM ev WHERE (SELECT 1)
SELECT 1 WHERE 0
SELECT 1 AS a WHERE a = 1
SELECT * FROM ev WHERE 1 = 0
SELECT count(), count(*), count(1), count(n), count(DISTINCT k), COUNT(DISTINCT k, u) FROM ev
SELECT -id, +id, NOT id, id IS NULL, id::String || 'x' FROM ev ORDER BY id LIMIT 2
SELECT * EXCEPT (a, s) FROM ev ORDER BY id LIMIT 2
SELECT ev.id, e.k FROM ev AS e LIMIT 1
SELECT e.* FROM ev AS e ORDER BY id LIMIT 1
SELECT id id2 FROM ev ORDER BY id2 LIMIT 1
SELECT a[1], a[-1], a[2], a[9], length(a), empty(a) FROM ev ORDER BY id LIMIT 6
SELECT id BETWEEN 1 AND 2, id NOT BETWEEN 1 AND 2 FROM ev ORDER BY id LIMIT 4
SELECT CASE WHEN id < 2 THEN 'a' WHEN id < 4 THEN 'b' END FROM ev ORDER BY id LIMIT 6
SELECT t + INTERVAL 1 DAY, t - INTERVAL 2 HOUR, d + 1, d - toDate('2023-12-01'), t - t, d + INTERVAL 1 MONTH FROM ev ORDER BY id LIMIT 2
SELECT u LIKE 'u1%', u ILIKE 'U1', u NOT LIKE '%2', match(u, '^u[12]$') FROM ev ORDER BY id LIMIT 5
SELECT DISTINCT k, u FROM ev ORDER BY k DESC, u LIMIT 7
SELECT DISTINCT k FROM ev ORDER BY id LIMIT 3
SELECT DISTINCT ON (u) u, id FROM ev ORDER BY u, id DESC
SELECT any(k) FROM (SELECT k FROM ev WHERE id = 3)
SELECT k FROM ev GROUP BY k HAVING max(id) > 98 ORDER BY k
SELECT k, sum(i) FROM ev GROUP BY 1 ORDER BY 2 DESC
SELECT upper(k), count() FROM ev GROUP BY k ORDER BY k
SELECT upper(k) FROM ev GROUP BY upper(k) ORDER BY 1
! SELECT u FROM ev GROUP BY k
! SELECT sum(i) FROM ev GROUP BY sum(i)
! SELECT nope FROM ev
! SELECT id FROM nope
! SELECT k, id FROM ev GROUP BY k
! SELECT max(max(id)) FROM ev
! SELECT id FROM ev WHERE sum(id) > 1
! SELECT id FROM ev ORDER BY nope
! SELECT 1 +
SELECT count() FROM ev PREWHERE id > 50 WHERE k = 'k1'
! SELECT count() FROM ev FINAL
SELECT toDateTime('2024-05-06 07:8:09'), toDateTime('2024-05-06 7:08:09'), toDateTime('2024-05-06 07:08:9')
SELECT toDateTime('2024-5-6 7:8:9.5'), toDateTime64('2024-5-6 7:8:9.5', 3), toDateTime('2024-5-6 17:8:19')
SELECT toDateTimeOrNull('2024-5-6 7:8:9'), toDateTimeOrNull('2024-05-06 7:8:09'), toDateTime64OrNull('2024-5-6 7:8:9')
SELECT toDateTimeOrDefault('abc', 'UTC', toDateTime(5)), toDateTimeOrDefault('abc', 'Asia/Tokyo', toDateTime(5, 'UTC')), toDateTimeOrDefault('abc', 'Asia/Tokyo')
SELECT id AS x, x AS id FROM ev ORDER BY id LIMIT 2
SELECT k AS u, u AS k FROM ev ORDER BY ev.id LIMIT 2
!SELECT id + 1 AS x, x * 2 AS id FROM ev ORDER BY ev.id LIMIT 2
SELECT i AS a, a AS b, b AS i FROM ev ORDER BY ev.id LIMIT 2
SELECT id AS x, x AS id, count() FROM ev GROUP BY x, id ORDER BY ALL LIMIT 2
!SELECT x AS y, y AS x FROM ev
SELECT toString(id) AS x, x AS id FROM ev WHERE id = '3'
SELECT upper(k) AS name, name AS k FROM ev ORDER BY ev.id LIMIT 1
