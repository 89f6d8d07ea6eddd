-- A call that gives another value each time is one value wherever a query writes it.
SELECT a + 1 - a, a = a FROM (SELECT rand() AS a FROM numbers(3))
SELECT toUInt8(a = a), b = a FROM (SELECT rand() AS a, a AS b FROM numbers(3))
SELECT count() FROM (SELECT rand() AS a FROM numbers(1000) WHERE a > 2147483648) WHERE a <= 2147483648
SELECT count() FROM (SELECT rand() % 2 AS a, number FROM numbers(1000) WHERE a = 1) WHERE a = 0
SELECT countIf(a != b) FROM (SELECT rand() AS a, a AS b FROM numbers(1000) ORDER BY a LIMIT 100)
SELECT uniqExact(a) < 5 FROM (SELECT rand() % 2 AS a, count() FROM numbers(1000) GROUP BY a)
SELECT countIf(k != r) FROM (SELECT rand() % 10 AS r, r AS k, count() FROM numbers(1000) GROUP BY k, r)
SELECT countIf(x != y) FROM (SELECT rand() AS x, x AS y FROM numbers(100) WHERE rand() > 0)
SELECT count() FROM (SELECT rand() AS x FROM numbers(1000) WHERE rand() > 2147483648) WHERE x < 2147483648
SELECT arrayMap(x -> rand() = rand(), [1,2,3])
SELECT length(arrayDistinct(arrayMap(x -> rand(), range(10)))) > 1
SELECT count() FROM (SELECT id FROM ev WHERE rand() % 2 = 0 AND i > 3)  WHERE id < 0
SELECT countIf(x != y), countIf(toString(x) != z) FROM (SELECT generateUUIDv4() AS x, x AS y, toString(generateUUIDv4()) AS z FROM ev)
SELECT k, count() > 0 FROM ev GROUP BY k ORDER BY rand() * 0, k
SELECT max(rand()) = max(rand()), sum(rand()) = sum(rand()) FROM ev
SELECT k, rand() = rand() FROM ev GROUP BY k ORDER BY k
SELECT id FROM ev WHERE rand() >= 0 ORDER BY id, rand() LIMIT 3
SELECT DISTINCT rand() = rand() FROM ev
SELECT rand(id) = rand(id), rand(1) = rand(2) FROM ev LIMIT 1
SELECT count() OVER (PARTITION BY rand() * 0) FROM ev LIMIT 1
SELECT sum(x = y) FROM (SELECT rand() AS x, rand() AS y, arrayJoin([1,2]) FROM numbers(5))
SELECT sum(x = y) FROM (SELECT rand() AS x, rand() AS y FROM numbers(5) GROUP BY x)
SELECT x = y, sum(n) FROM (SELECT rand() AS x, rand() AS y, count() AS n FROM numbers(5) GROUP BY x WITH ROLLUP) WHERE x > 0 GROUP BY ALL
SELECT id, rand() >= 0 FROM ev PREWHERE rand() >= 0 WHERE id < 3 AND rand() >= 0 ORDER BY id
SELECT any(a.x = b.x) FROM (SELECT rand() AS x, 1 AS k) a JOIN (SELECT rand() AS x, 1 AS k) b USING k
