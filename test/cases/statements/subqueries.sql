SELECT u, (SELECT max(i) FROM ev WHERE ev.u = us.u) AS m FROM us ORDER BY u, age
SELECT u FROM us WHERE EXISTS (SELECT 1 FROM ev WHERE ev.u = us.u AND ev.i > 900) ORDER BY u, age
SELECT u FROM us WHERE NOT EXISTS (SELECT 1 FROM ev WHERE ev.u = us.u) ORDER BY u
SELECT u FROM us WHERE EXISTS (SELECT * FROM ev WHERE ev.u = us.u AND ev.i > us.age) ORDER BY u, age
SELECT u, (SELECT count() FROM ev WHERE ev.i > us.age * 20) AS c FROM us ORDER BY u, age
SELECT u, (SELECT count() FROM ev WHERE ev.u = us.u) AS c FROM us ORDER BY u, age
SELECT u, (SELECT sum(i) FROM ev WHERE ev.u = us.u AND ev.id > 50) AS c FROM us ORDER BY u, age
! SELECT u, (SELECT i FROM ev WHERE ev.u = us.u ORDER BY id LIMIT 1) AS c FROM us ORDER BY u, age
SELECT u, age FROM us WHERE age > (SELECT avg(age) FROM us AS x WHERE x.country = us.country) ORDER BY u, age
SELECT u, age FROM us AS o WHERE age > (SELECT avg(age) FROM us AS x WHERE x.country = o.country) ORDER BY u, age
SELECT u, age FROM us AS o WHERE age = (SELECT max(x.age) FROM us AS x WHERE x.country = o.country AND x.u != o.u) ORDER BY u, age
! SELECT u FROM us WHERE u IN (SELECT u FROM ev WHERE ev.i > us.age * 30) ORDER BY u, age
SELECT u, (SELECT age + 1) AS b FROM us ORDER BY u, age
SELECT u, (SELECT max(i) FROM ev WHERE ev.u = us.u AND ev.k = 'k1') + 1 AS m FROM us ORDER BY u, age
! SELECT u, (SELECT groupArray(k) FROM (SELECT k FROM ev WHERE ev.u = us.u ORDER BY id LIMIT 2)) AS m FROM us ORDER BY u, age
SELECT u FROM us WHERE (SELECT count() FROM ev WHERE ev.u = us.u) > 9 ORDER BY u, age
SELECT count() FROM us WHERE EXISTS (SELECT 1 FROM ev JOIN pr ON ev.k = pr.k WHERE ev.u = us.u AND pr.q > 3)
SELECT u, EXISTS (SELECT 1 FROM ev WHERE ev.u = us.u) AS e FROM us ORDER BY u, age
SELECT u, EXISTS (SELECT 1 FROM ev WHERE ev.u = us.u AND ev.t < toDateTime(us.since)) AS e FROM us ORDER BY u, age
SELECT u, (SELECT max(i) FROM ev WHERE us.u = u AND k IN ('k1','k2')) AS e FROM us ORDER BY u, age
SELECT u FROM us WHERE age >= ALL (SELECT age FROM us AS x WHERE x.country = us.country) ORDER BY u
SELECT u FROM us WHERE age = ANY (SELECT age FROM us AS x WHERE x.country = 'c1') ORDER BY u
! SELECT tuple(1 AS a, 2 AS b) AS t, t.a
SELECT CAST((1, 'x') AS Tuple(a UInt8, b String)) AS t, t.a, t.b, t.1, tupleElement(t, 'b'), t.*
SELECT t.* FROM (SELECT CAST((1, 'x') AS Tuple(a UInt8, b String)) AS t)
SELECT t.a, t.b FROM (SELECT CAST((1, 'x') AS Tuple(a UInt8, b String)) AS t)
! SELECT t.c FROM (SELECT CAST((1, 'x') AS Tuple(a UInt8, b String)) AS t)
SELECT arr.a, arr.b FROM (SELECT CAST([(1, 'x'), (2, 'y')] AS Array(Tuple(a UInt8, b String))) AS arr)
SELECT arr.a, arr.b FROM (SELECT CAST([(1, 'x'), (2, 'y')] AS Nested(a UInt8, b String)) AS arr)
SELECT toTypeName(CAST([(1, 'x')] AS Nested(a UInt8, b String)))
SELECT n.a, n.b FROM (SELECT CAST([(1, 'x'), (2, 'y')] AS Nested(a UInt8, b String)) AS n) ARRAY JOIN n
SELECT a, b FROM (SELECT [1,2] AS a, ['x','y'] AS b) ARRAY JOIN a, b
! SELECT a, b FROM (SELECT [1,2] AS a, ['x'] AS b) ARRAY JOIN a, b
SELECT x, y FROM (SELECT [1,2] AS a, ['x','z'] AS b) ARRAY JOIN a AS x, b AS y
SELECT a FROM (SELECT map('x', 1, 'y', 2) AS a) ARRAY JOIN a
SELECT x.1, x.2 FROM (SELECT map('x', 1, 'y', 2) AS a) ARRAY JOIN a AS x
SELECT num, x FROM ev ARRAY JOIN a AS x, arrayEnumerate(a) AS num ORDER BY id, num LIMIT 4
SELECT id, x FROM ev LEFT ARRAY JOIN a AS x ORDER BY id, x LIMIT 4
SELECT untuple(CAST((1, 'x') AS Tuple(a UInt8, b String)))
SELECT untuple((1, 'x')) AS q
SELECT (1, 'a') = (1, 'a'), (1, 2) < (1, 3), (1, 2) IN ((1, 2), (3, 4))
SELECT ev.id, pr.price FROM ev ASOF JOIN pr ON ev.k = pr.k AND ev.t >= pr.t ORDER BY ev.id LIMIT 5
SELECT ev.id, pr.price FROM ev ASOF LEFT JOIN pr ON ev.k = pr.k AND ev.t < pr.t ORDER BY ev.id LIMIT 5
SELECT ev.id, pr.price FROM ev ASOF JOIN pr USING (k, t) ORDER BY ev.id LIMIT 5
! SELECT ev.id, pr.price FROM ev ASOF JOIN pr ON ev.k = pr.k AND ev.t = pr.t ORDER BY ev.id LIMIT 5
! SELECT ev.id, pr.price FROM ev ASOF JOIN pr ON ev.k = pr.k ORDER BY ev.id LIMIT 5
! SELECT ev.id, pr.price FROM ev ASOF JOIN pr ON ev.k = pr.k AND ev.t > pr.t AND ev.i > pr.q ORDER BY ev.id LIMIT 5
! SELECT ev.id, pr.price FROM ev ASOF RIGHT JOIN pr ON ev.k = pr.k AND ev.t >= pr.t ORDER BY ev.id LIMIT 5
SELECT ev.id, pr.price FROM ev ASOF JOIN pr ON ev.k = pr.k AND toUnixTimestamp(ev.t) >= toUnixTimestamp(pr.t) - 100 ORDER BY ev.id LIMIT 5
SELECT ev.id, pr.q FROM ev ASOF JOIN pr ON ev.k = pr.k AND ev.i >= pr.q ORDER BY ev.id LIMIT 5
SELECT * FROM (SELECT 1 AS a, 'l' AS l) AS x JOIN (SELECT toInt64(1) AS a, 'r' AS r) AS y USING (a)
SELECT *, toTypeName(a) FROM (SELECT toUInt8(1) AS a) AS x LEFT JOIN (SELECT toInt8(1) AS a) AS y USING (a)
SELECT *, toTypeName(a) FROM (SELECT toUInt8(1) AS a) AS x FULL JOIN (SELECT toInt32(2) AS a) AS y USING (a) ORDER BY a
SELECT *, toTypeName(a) FROM (SELECT toUInt8(1) AS a) AS x RIGHT JOIN (SELECT toNullable(toInt32(1)) AS a) AS y USING (a)
! SELECT * FROM (SELECT 1 AS a) AS x JOIN (SELECT '1' AS a) AS y USING (a)
SELECT * FROM (SELECT 1 AS a) AS x JOIN (SELECT 1.0 AS a) AS y USING (a)
SELECT * FROM (SELECT toDate('2020-01-01') AS a) AS x JOIN (SELECT toDateTime('2020-01-01 00:00:00') AS a) AS y USING (a)
SELECT * FROM (SELECT toLowCardinality('q') AS a) AS x JOIN (SELECT 'q' AS a) AS y USING (a)
SELECT count() FROM us AS x JOIN us AS y ON x.u = y.u OR x.country = y.country
SELECT count() FROM us AS x LEFT JOIN us AS y ON x.u = y.u OR x.age = y.age + 1
SELECT count() FROM us AS x FULL JOIN us AS y ON x.u = y.u OR x.age = y.age + 1
SELECT count() FROM us AS x JOIN us AS y ON 1
SELECT count() FROM us AS x JOIN us AS y ON 0
SELECT count() FROM us AS x LEFT JOIN us AS y ON 0
SELECT count() FROM us AS x LEFT JOIN us AS y ON 1 = 1
SELECT count() FROM us AS x JOIN us AS y ON true
SELECT count() FROM us AS x JOIN us AS y ON x.age < y.age
SELECT count() FROM us AS x LEFT JOIN us AS y ON x.u = y.u AND x.age < 25
SELECT count() FROM us AS x LEFT JOIN us AS y ON x.u = y.u AND y.age < 25
SELECT count() FROM us AS x LEFT JOIN us AS y ON x.u = y.u AND NULL
SELECT count() FROM us AS x JOIN us AS y ON x.u = y.u AND 1
SELECT count() FROM us AS x LEFT ANY JOIN us AS y ON x.u = y.u OR x.age = y.age
! SELECT count() FROM us AS x ANY FULL JOIN us AS y ON x.u = y.u
! SELECT count() FROM us AS x SEMI FULL JOIN us AS y ON x.u = y.u
SELECT * FROM (SELECT number AS a FROM numbers(2)) AS x PASTE JOIN (SELECT number + 10 AS b FROM numbers(2)) AS y
SELECT * FROM (SELECT number AS a FROM numbers(2)) AS x PASTE JOIN (SELECT number + 10 AS a FROM numbers(3)) AS y
SELECT count() FROM us NATURAL JOIN ev
SELECT us.u, x.i FROM us, ev AS x WHERE us.u = x.u ORDER BY us.u, us.age, x.id LIMIT 3
SELECT toDateTime('2023-11-30 10:00:00') IN (SELECT since FROM us), toDateTime64('2023-11-30 10:00:00', 3) IN (SELECT since FROM us), toDate('2023-11-30') IN (SELECT toDateTime('2023-11-30 10:00:00'))
SELECT count() FROM pr WHERE t IN (SELECT toDate('2023-11-15'))

-- A constant array of many elements is one for all rows: read by place, searched, compared.
WITH (SELECT groupArray(number * 3) FROM numbers(20000)) AS a SELECT sum(a[number % 1000 + 1]), sum(a[-1 - number]), sum(a[number + 19000]) FROM numbers(8192)
WITH (SELECT groupArray(number * 3) FROM numbers(2000)) AS a SELECT sum(has(a, number)), sum(indexOf(a, number)), sum(countEqual(a, number)) FROM numbers(900)
WITH (SELECT groupArray(toString(number % 700)) FROM numbers(900)) AS a SELECT sum(has(a, toString(number))), sum(indexOf(a, toString(number))), sum(countEqual(a, toString(number))) FROM numbers(800)
WITH (SELECT groupArray(if(number % 7 = 0, NULL, number)) FROM numbers(100)) AS a SELECT number, has(a, if(number % 2 = 0, NULL, number)), countEqual(a, number), indexOf(a, NULL) FROM numbers(9) ORDER BY number
WITH (SELECT groupArray(-number) FROM numbers(100)) AS a SELECT sum(has(a, toInt8(number) - 50)), sum(indexOf(a, 3 - number)) FROM numbers(200)
WITH (SELECT groupArray(number) FROM numbers(1000)) AS a SELECT sum(hasAny(a, [number * 10, 7])), sum(hasAll([1, 2, number], [number])), sum(hasAny([number], a)) FROM numbers(1000, 20)
WITH (SELECT groupArray(['a', toString(number)]) FROM numbers(300)) AS a SELECT a[number][2], a[number][-2], a[500][1] FROM numbers(290, 12) ORDER BY number
WITH map('a', 1, 'b', 2) AS m SELECT sum(m[if(number % 3 = 0, 'a', 'b')]), sum(m['c']), sum(indexOf(range(100), number)) FROM numbers(50)

-- An alias of a query around stands for its text: names in it are looked up where it is read.
WITH number AS y SELECT * FROM (SELECT y, number FROM (SELECT 3 AS number))
SELECT n + 1 AS x, (SELECT max(x) FROM numbers(5)) FROM (SELECT number AS n FROM numbers(3)) ORDER BY x
SELECT number + 1 AS x, (SELECT max(x) FROM numbers(5)) FROM numbers(3) ORDER BY x
SELECT number AS n, (SELECT count() FROM numbers(5) WHERE number = n) FROM numbers(3) ORDER BY n
SELECT number AS n FROM numbers(3) WHERE n IN (SELECT n FROM numbers(2)) ORDER BY n
WITH number * 2 AS d SELECT d, s FROM (SELECT number, d AS s FROM numbers(3)) ORDER BY d
WITH x + 1 AS y SELECT * FROM (SELECT y FROM (SELECT 1 AS x))
WITH x + 1 AS y SELECT * FROM (SELECT 3 AS x, y)
WITH 3 AS x, x + 1 AS y SELECT * FROM (SELECT y FROM (SELECT 10 AS x))
WITH y AS (SELECT 1 AS a), a + 1 AS b SELECT * FROM (SELECT b FROM y)
WITH toDate('2024-01-01') + number AS d SELECT d, c FROM numbers(3) AS q LEFT JOIN (SELECT d AS dd, count() AS c FROM numbers(2) GROUP BY d) AS t ON d = t.dd ORDER BY d
SELECT number AS k, EXISTS(SELECT 1 FROM numbers(2) WHERE number = k) AS e FROM numbers(3) ORDER BY k
WITH sum(number) AS s SELECT s, (SELECT s FROM numbers(3)) FROM numbers(5)
WITH count() AS c SELECT * FROM (SELECT c, number % 2 AS p FROM numbers(5) GROUP BY p) ORDER BY p
WITH (SELECT max(number) FROM numbers(9)) AS m, m + 1 AS k SELECT * FROM (SELECT k, number FROM numbers(2) WHERE number < k) ORDER BY number
SELECT id AS n, (SELECT count() FROM (SELECT number % 4 AS id, number AS w, number % 2 AS g FROM numbers(8)) AS u WHERE u.w = n AND u.g = t.gg) FROM (SELECT number AS id, number % 2 AS gg FROM numbers(3)) AS t ORDER BY n
WITH arrayFilter(x -> x != '', splitByChar(',', 'a,b')) AS steps SELECT tupleElement(t, 1) AS n, toUInt64(tupleElement(t, 2)) AS i FROM (SELECT arrayJoin(arrayZip(steps, arrayEnumerate(steps))) AS t) ORDER BY n
WITH tuple(1, 'a') AS p SELECT * FROM (SELECT p.2, p.1 + number FROM numbers(2)) ORDER BY 2
WITH row_number() OVER (ORDER BY number) AS rn SELECT * FROM (SELECT number, rn FROM numbers(3)) ORDER BY number
SELECT us.u AS n, (SELECT max(ev.id) FROM ev WHERE ev.u = toString(n)) FROM us ORDER BY n
SELECT u AS n, (SELECT count() FROM ev WHERE ev.u = toString(n)) FROM us ORDER BY n
WITH age * 2 AS twice SELECT u, twice FROM us WHERE twice > (SELECT avg(twice) FROM us) ORDER BY u
