SELECT nullIf(k, 'k0') AS kk, toTypeName(kk) FROM ev ORDER BY id LIMIT 2
SELECT nullIf(k, u) AS kk, toTypeName(kk) FROM ev ORDER BY id LIMIT 2
SELECT nullIf(i, 17) AS x, nullIf(f, 0) AS y, toTypeName(x) FROM ev ORDER BY id LIMIT 3
SELECT untuple((id, i)) FROM ev ORDER BY id LIMIT 2
SELECT untuple((id, i)) AS p FROM ev ORDER BY id LIMIT 2
SELECT u, sum(age) OVER (PARTITION BY country ORDER BY age ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS s FROM us ORDER BY u, age
SELECT u, count() OVER (PARTITION BY country) AS c, max(since) OVER (PARTITION BY country) AS m FROM us ORDER BY u, age
SELECT u, dense_rank() OVER (ORDER BY country, age) AS r FROM us ORDER BY u, age
SELECT k, price, lag(price, 1, -1.) OVER (PARTITION BY k ORDER BY t) AS before FROM pr ORDER BY k, t
SELECT k, price, nth_value(price, 2) OVER (PARTITION BY k ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS second FROM pr ORDER BY k, t
SELECT k, t, min(price) OVER (PARTITION BY k ORDER BY t RANGE BETWEEN 100000 PRECEDING AND CURRENT ROW) AS low FROM pr ORDER BY k, t
SELECT k, sum(q) AS s, sum(s) OVER (ORDER BY k) AS running FROM pr GROUP BY k ORDER BY k
SELECT k, count() AS c, cume_dist() OVER (ORDER BY count()) AS share FROM pr GROUP BY k ORDER BY k
SELECT k FROM pr QUALIFY row_number() OVER (PARTITION BY k ORDER BY t DESC) = 1 ORDER BY k
SELECT k, price FROM pr QUALIFY price = max(price) OVER (PARTITION BY k) ORDER BY k
SELECT l.k, l.price, r.price FROM pr AS l JOIN pr AS r ON l.k = r.k AND l.t < r.t ORDER BY l.k, l.price, r.price LIMIT 8
SELECT l.k, count() AS later FROM pr AS l LEFT JOIN pr AS r ON l.k = r.k AND l.t < r.t GROUP BY l.k ORDER BY l.k
SELECT us.u, pr.k FROM us CROSS JOIN (SELECT DISTINCT k FROM pr) AS pr ORDER BY us.u, us.age, pr.k LIMIT 6
SELECT us.u FROM us SEMI LEFT JOIN ev ON us.u = ev.u ORDER BY us.u, us.age
SELECT us.u FROM us ANTI LEFT JOIN ev ON us.u = ev.u ORDER BY us.u
SELECT us.u, ev.k != '' AS any FROM us ANY LEFT JOIN ev ON us.u = ev.u ORDER BY us.u, us.age
SELECT us.u, x.c FROM us RIGHT JOIN (SELECT u, count() AS c FROM ev GROUP BY u) AS x ON us.u = x.u ORDER BY x.u, us.u, us.age, x.c
SELECT us.u, x.u, x.c FROM us FULL JOIN (SELECT u, count() AS c FROM ev GROUP BY u) AS x ON us.u = x.u ORDER BY us.u, x.u, us.age
SELECT u, country, c FROM us INNER JOIN (SELECT u, count() AS c FROM ev GROUP BY u) AS x USING (u) ORDER BY u, age
SELECT a.u FROM us AS a JOIN us AS b ON a.country = b.country AND a.age + 2 = b.age ORDER BY a.u
SELECT a.u, b.u FROM us AS a JOIN us AS b ON a.name = b.name AND a.u < b.u ORDER BY a.u, b.u
SELECT a.u, b.u, c.u FROM us AS a JOIN us AS b ON a.country = b.country JOIN us AS c ON b.country = c.country WHERE a.u < b.u AND b.u < c.u ORDER BY a.u, b.u, c.u LIMIT 5
SELECT count() FROM us AS a, us AS b WHERE a.country = b.country AND a.u != b.u
SELECT e.k, p.first FROM (SELECT DISTINCT k FROM ev) AS e LEFT JOIN (SELECT k, min(price) AS first FROM pr GROUP BY k) AS p ON e.k = p.k ORDER BY e.k
SELECT country, groupArray((u, age)) AS people FROM (SELECT * FROM us ORDER BY age) GROUP BY country ORDER BY country
SELECT country, arraySort(x -> -x, groupArray(age)) AS ages FROM us GROUP BY country ORDER BY country
SELECT arrayJoin(arrayEnumerate(groupArray(u))) AS n FROM (SELECT u FROM us ORDER BY u) ORDER BY n LIMIT 3
SELECT u, x FROM (SELECT u, [age, age + 1] AS ages FROM us) ARRAY JOIN ages AS x WHERE x % 2 = 0 ORDER BY u, x
SELECT u, n, x FROM (SELECT u, ['a', 'b'] AS l FROM us WHERE age < 22) ARRAY JOIN l AS x, arrayEnumerate(l) AS n ORDER BY u, n
SELECT m.1 AS key, m.2 AS value FROM (SELECT map('x', 1, 'y', 2) AS mm) ARRAY JOIN mm AS m ORDER BY key
SELECT toStartOfMonth(since) AS month, count(), uniqExact(country) FROM us GROUP BY month ORDER BY month
SELECT toYear(since) AS y, toQuarter(since) AS q, count() FROM us GROUP BY y, q WITH TOTALS ORDER BY y, q
SELECT country, count() AS c FROM us GROUP BY country WITH ROLLUP ORDER BY c DESC, country
SELECT country, age > 23 AS old, count() FROM us GROUP BY GROUPING SETS ((country, old), (country), ()) ORDER BY country, old, count()
SELECT count() FROM us WHERE since > '2023-12-01' AND since <= toDate('2023-12-20')
SELECT u FROM us WHERE since IN ('2023-11-29', '2023-12-04') ORDER BY u
SELECT u FROM us WHERE (country, age) IN (('c0', 22), ('c1', 23)) ORDER BY u
SELECT u FROM us WHERE age IN (SELECT toUInt8(20 + number) FROM numbers(3)) ORDER BY u
SELECT u FROM us WHERE name IS NULL OR name = 'twice' ORDER BY u
SELECT u, ifNull(name, '-') AS n, length(name) AS l FROM us ORDER BY u, age
SELECT u, name = 'N0' AS eq, name != 'N0' AS ne, name IS NOT DISTINCT FROM NULL AS nd FROM us ORDER BY u, age
SELECT u, coalesce(name, u) AS who, toTypeName(who) FROM us ORDER BY u, age LIMIT 3
SELECT if(name IS NULL, u, name) AS who FROM us ORDER BY u, age LIMIT 4
SELECT concat(country, '/', toString(age)) AS tag FROM us ORDER BY u, age LIMIT 3
SELECT substring(u, 2) AS digits, toUInt8OrNull(digits) AS n FROM us ORDER BY u, age
SELECT leftPad(toString(age), 4, '0') AS padded, reverse(padded) AS back FROM us ORDER BY u, age LIMIT 3
SELECT replaceAll(u, 'u', 'user-') AS long, position(long, '-') AS at FROM us ORDER BY u, age LIMIT 3
SELECT arrayStringConcat(arrayMap(x -> upper(x), splitByString('-', 'a-b-c')), '+') AS joined
SELECT toDecimal32(age, 2) / 3 AS third, round(third, 1) AS r FROM us ORDER BY u, age LIMIT 3
SELECT age % 7 AS m, intDiv(age, 7) AS d, -age AS neg, toTypeName(neg) FROM us ORDER BY u, age LIMIT 3
SELECT bitAnd(age, 12) AS a, bitOr(age, 3) AS o, bitShiftLeft(age, 1) AS l FROM us ORDER BY u, age LIMIT 3
SELECT sum(age) AS s, avg(age) AS a, max(age) - min(age) AS range, toTypeName(s), toTypeName(a) FROM us
SELECT count(name), count(*), count(1), uniqExact(name) FROM us
SELECT quantileExact(0.5)(age), quantileExactLow(0.5)(age), quantileExactHigh(0.5)(age) FROM us
SELECT argMin(u, age), argMax(u, age), argMaxIf(u, age, country = 'c1') FROM us
SELECT groupUniqArrayIf(country, age > 20) AS c, length(c) FROM us WHERE country = 'c0'
SELECT sumIf(age, country = 'c0') AS a, avgIf(age, country = 'c1') AS b, countIf(name IS NULL) AS c FROM us
SELECT sumOrNull(age), maxOrNull(age), avgOrDefault(age) FROM us WHERE u = 'nobody'
SELECT toTypeName(sum(q)), toTypeName(avg(q)), toTypeName(max(q)), toTypeName(sum(price)) FROM pr
SELECT * FROM us ORDER BY since DESC, u LIMIT 3
SELECT us.* FROM us JOIN (SELECT max(age) AS m FROM us WHERE age < 90) AS x ON us.age = x.m
SELECT now() > toDateTime('2020-01-01 00:00:00') AS ok, today() >= toDate('2020-01-01') AS fine
SELECT * FROM (SELECT 1 AS a UNION ALL SELECT 2) AS x JOIN (SELECT 2 AS a) AS y USING a
SELECT (SELECT count() FROM us) + (SELECT count() FROM pr) AS both
SELECT 1 WHERE EXISTS (SELECT 1 FROM us WHERE age > 90)
SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM us WHERE age > 200)
! SELECT untuple(1)
! SELECT untuple((1, 2), 3)
! SELECT u FROM us GROUP BY country
! SELECT country, row_number() OVER (ORDER BY age) FROM us GROUP BY country
! SELECT u FROM us WHERE age IN (SELECT u, age FROM us)
! SELECT sum(name) FROM us
! SELECT us.u FROM us JOIN ev ON us.u > 5
! SELECT toDecimal32(1, 20)
! SELECT quantile('x')(age) FROM us
SELECT uniq(*), uniqExact(*), uniqHLL12(*), uniqCombined(*), uniqUpTo(9)(*) FROM (SELECT number % 3 AS a, 1 AS b, 2 AS c, 3 AS d, 4 AS e, 5 AS f, 6 AS g, 7 AS h, 8 AS i, 9 AS j, 10 AS k, 11 AS l, 12 AS m, 13 AS n, 14 AS o, 15 AS p, toString(number % 5) AS q, number AS r FROM numbers(40))
SELECT count(j.a), count(DISTINCT j.a), uniq(j.b), uniqExact(j.b), uniqIf(j.b, j.b IS NOT NULL), countIf(j.a, number > 1), count(j.b) FROM (SELECT number, concat('{"b":', toString(number % 3), if(number % 2, ',"a":"x"', ''), '}')::JSON AS j FROM numbers(7) UNION ALL SELECT 9, '{}'::JSON)
SELECT number FROM system.numbers WHERE number < 5 ORDER BY number
SELECT number FROM system.numbers WHERE number <= dateDiff('day', toDate('2024-01-01'), toDate('2024-01-04')) AND number != 2 ORDER BY number
SELECT sum(number), count() FROM system.numbers WHERE 100 > number AND number * 2 > 7
SELECT number FROM system.numbers WHERE number = 3.5 OR number = 4 LIMIT 1
SELECT number FROM numbers(3, 10) WHERE number < 7.5
SELECT number FROM system.numbers WHERE number < -1
SELECT number FROM system.numbers WHERE number = (SELECT max(length(u)) FROM us)
SELECT number IN splitByChar(',', '5,6') AS a, number NOT IN splitByChar(',', '2,6') AS b FROM numbers(7)
SELECT toDate('2024-01-01') + number IN splitByChar(',', '2024-01-01,2024-01-03') FROM numbers(4)
! SELECT number IN splitByChar(',', '5,6x') FROM numbers(7)
SELECT t.number, z FROM numbers(2) AS t JOIN (SELECT 1 AS number, 3 AS z) USING number SETTINGS joined_subquery_requires_alias = 0
SELECT count() FROM numbers(3) CROSS JOIN (SELECT 1 AS a) CROSS JOIN numbers(4) SETTINGS joined_subquery_requires_alias = 0
SELECT sum(id), sum(id + 1), sum(id - 300), sum(7 - id), avg(id) FROM ev
SELECT k, sum(toInt64(id) + 9223372036854775807), sum(toInt64(id) + 5), sum(toInt64(id) - 5), sum(toUInt64(id) + 18446744073709551615), sum(toUInt64(id) + 1), count() FROM ev GROUP BY k ORDER BY k
SELECT k, sum(toInt8(i) + 1) AS a, sum(toInt8(i) + 2) AS b, sum(toUInt8(id) - 1), sum(toUInt8(id) + -1), toTypeName(a), toTypeName(b) FROM ev GROUP BY k HAVING a > b - 1000 ORDER BY b DESC, k LIMIT 3
SELECT sum(id + 1), sum(id + 2), toTypeName(sum(id + 1)) FROM ev WHERE 0
SELECT k, sum(id + 1), sum(id + 2) FROM ev GROUP BY k WITH TOTALS ORDER BY k
SELECT k, sum(id + 1), sum(id + 2) FROM ev GROUP BY ROLLUP(k) ORDER BY k
SELECT sum(number + 1) + sum(number + 2), sumIf(number + 1, number > 2), sum(DISTINCT number + 1), sum(number + 3) FROM numbers(9)
SELECT number FROM system.numbers WHERE number IN (3, 1, 7) AND number > 1 ORDER BY number
SELECT uniqExact(generateSnowflakeID()) FROM numbers(10000)
SELECT count() FROM (SELECT generateSnowflakeID() AS a FROM numbers(5)) AS x JOIN (SELECT generateSnowflakeID() AS a FROM numbers(5)) AS y USING a
SELECT '2024-03-08 00:00:00' - INTERVAL 30 DAY AS a, toTypeName(a), INTERVAL 3 HOUR + '2024-03-08' AS b, toTypeName(b), '2024-01-01' - INTERVAL 1 MICROSECOND AS c, toTypeName(c)
SELECT id, toNullable(toString(d)) - INTERVAL 1 MONTH AS a, toTypeName(a), toLowCardinality(toString(t)) + INTERVAL 1 WEEK AS b, toTypeName(b) FROM ev ORDER BY id
SELECT count() FROM ev WHERE t BETWEEN ('2023-11-16 00:00:00' - INTERVAL 1 DAY) AND '2023-11-16 00:00:00' + INTERVAL 12 HOUR
!SELECT s - INTERVAL 1 DAY FROM ev
!SELECT INTERVAL 1 DAY - '2024-01-01'
SELECT mapReverseSort((k, v) -> v, map('a', nan, 'b', 1., 'c', 2.)) AS e
SELECT mapSort((k, v) -> v, map('a', nan, 'b', 1., 'c', 2.)) AS e
SELECT mapReverseSort((k, v) -> v, map('a', NULL, 'b', 1., 'c', 2.)) AS e
SELECT mapPartialSort((k, v) -> v, 2, map('a', nan, 'b', 1., 'c', 2.)) AS e, mapPartialReverseSort((k, v) -> v, 2, map('a', nan, 'b', 1., 'c', 2.)) AS f
SELECT arrayPartialReverseSort(2, [1., nan, 3, 5]) AS g, arrayPartialSort(2, [1., nan, 3, 5]) AS h
SELECT arrayPartialReverseSort(x -> x, 4, [1., nan, 3, 5]) AS g, arrayPartialSort(x -> -x, 4, [1., nan, 3, 5]) AS h, arrayReverseSort(x -> x, [1., nan, 3, 5]) AS i, arraySort(x -> -x, [1., nan, 3, 5]) AS j
SELECT arrayReverseSort(x -> x, [1, NULL, 3]) AS i, arraySort(x -> x, [1, NULL, 3]) AS j, arrayReverseSort((x, y) -> y, [1, 2, 3], [nan, 1, 2]) AS k
SELECT arrayFold((acc, x) -> if(x > acc, x, acc), [1., nan, 3], toFloat64(0)) AS a, arrayMax([1., nan, 3]) AS b, arrayMin([nan, 1.]) AS c
SELECT erfc(0.5), erfc(1.), erfc(1.5), erfc(2.5), erfc(2.9), erfc(5), erfc(-1.5), erfc(0), erfc(27), erf(1.5), erf(2.99)
SELECT toDateTime64OrNull('') AS a, toDateTime64OrNull('', 3) AS b, toDateTime64OrZero('') AS c, toDateTimeOrNull('') AS d, toDateOrNull('') AS e, toDate32OrNull('') AS f, toDateTime64OrNull('', 3, 'Asia/Tokyo') AS g, parseDateTimeBestEffortOrNull('') AS h, parseDateTime64BestEffortOrNull('') AS i
SELECT toDateTime64OrNull(s) AS a, toDateTime64OrNull(toNullable(s)) AS c FROM (SELECT arrayJoin(['', ' ', '0', '5', '2024-01-02', '-3.5', '-5', '3.25']) AS s)
! SELECT intDiv(materialize(toInt64(-9223372036854775808)), materialize(toInt64(-1))) AS a
! SELECT intDiv(materialize(toInt32(-2147483648)), -1) AS a, intDiv(materialize(toInt8(-128)), toInt8(-1)) AS b
SELECT s, toDateTime64OrNull(s) AS a, toDateTime64OrZero(toNullable(s), 6) AS b FROM (SELECT arrayJoin(['12345', '-12345', '+5','1.','1234567890.1234567','123','1234','1234.5','12345.5','','-1234567890', '-3.5', '0.5', '2024-01-02 03:04:05.678']) AS s)
SELECT splitByChar(',', NULL) AS a, toTypeName(a), splitByString(', ', toNullable('a, b')) AS b, toTypeName(b), splitByRegexp(',', toLowCardinality(toNullable('a,b'))) AS c, toTypeName(c), splitByChar(',', 'a,b', NULL) AS d
SELECT splitByChar(',', s) AS a, splitByString('', s) AS b, splitByString(',', s, 1) AS c FROM (SELECT if(number=0,NULL,'a,b') AS s FROM numbers(2))
SELECT splitByChar(',', s) AS a, toTypeName(a) FROM (SELECT toLowCardinality(if(number=0,NULL,'a,b')) AS s FROM numbers(2))
SELECT splitByChar(',', s) AS a FROM (SELECT if(number=0,NULL,'a,b') AS s FROM numbers(2))
SELECT splitByString(',', s) AS a FROM (SELECT if(number=0,NULL,'a,b') AS s FROM numbers(2))
SELECT splitByRegexp(',', s) AS a FROM (SELECT if(number=0,NULL,'a,b') AS s FROM numbers(2))
SELECT splitByWhitespace(s) AS a FROM (SELECT if(number=0,NULL,'a b') AS s FROM numbers(2))
SELECT splitByNonAlpha(s) AS a FROM (SELECT if(number=0,NULL,'a b') AS s FROM numbers(2))
SELECT alphaTokens(s) AS a FROM (SELECT if(number=0,NULL,'a b') AS s FROM numbers(2))
SELECT extractAll(s, '[a-z]') AS a FROM (SELECT if(number=0,NULL,'a b') AS s FROM numbers(2))
SELECT tokens(s) AS a FROM (SELECT if(number=0,NULL,'a b') AS s FROM numbers(2))
SELECT ngrams(s, 2) AS a FROM (SELECT if(number=0,NULL,'abc') AS s FROM numbers(2))
SELECT extractAllGroups(s, '([a-z])') AS a FROM (SELECT if(number=0,NULL,'a b') AS s FROM numbers(2))
SELECT extractGroups(s, '([a-z])') AS a FROM (SELECT if(number=0,NULL,'a b') AS s FROM numbers(2))
SELECT URLHierarchy(s) AS a FROM (SELECT if(number=0,NULL,'http://a/b') AS s FROM numbers(2))
SELECT extractURLParameters(s) AS a FROM (SELECT if(number=0,NULL,'http://a/b?c=1') AS s FROM numbers(2))
SELECT extractKeyValuePairs(s) AS a FROM (SELECT if(number=0,NULL,'a:1') AS s FROM numbers(2))
SELECT bitmaskToArray(n) AS a FROM (SELECT if(number=0,NULL,3) AS n FROM numbers(2))
SELECT mapFromString(s) AS a FROM (SELECT if(number=0,NULL,'[1]') AS s FROM numbers(2))
SELECT arrayStringConcat(splitByChar(',', ifNull(s, '')), '-') AS a FROM (SELECT if(number=0,NULL,'a,b') AS s FROM numbers(2))
SELECT length(splitByChar(',', s)) AS a FROM (SELECT if(number=0,NULL,'a,b') AS s FROM numbers(2))
SELECT arrayJoin(splitByChar(',', s)) AS a FROM (SELECT if(number=0,NULL,'a,b') AS s FROM numbers(2))
! SELECT splitByChar(s, 'a,b') AS a FROM (SELECT if(number=0,NULL,',') AS s FROM numbers(2))
SELECT x, nullIn(x, (1, NULL)), notNullIn(x, (1, NULL)), nullIn(x, (1, 2)), notNullIn(x, (1, 2)), globalNullIn(x, (1, NULL)), globalNotNullIn(x, (2, 3)), nullIn(x, [1, NULL]), toTypeName(nullIn(x, (1, NULL))), toTypeName(notNullIn(x, (1, 2))), in(x, (1, NULL)) FROM (SELECT arrayJoin([1, 2, NULL]) AS x)
SELECT nullIn(n, (SELECT n FROM ev WHERE id < 20)) AS a, notNullIn(u, (SELECT u FROM us)) AS b FROM ev ORDER BY id LIMIT 20
SELECT nullIn(NULL, NULL), nullIn(1, 1), nullIn('a', ('a', 'b')), notNullIn('c', ('a', 'b')), nullIn(k, ('k1', 'k2')), toTypeName(nullIn(k, ('k1', 'k2'))) FROM ev LIMIT 1
SELECT count() FROM ev WHERE nullIn(n, (1, 2, 3, 11)) OR notNullIn(k, ('k1', 'k2'))
! SELECT nullIn(1)
-- Counts of characters and elements, with fractions and beyond 63 bits; empty texts; NULLs as if not written.
SELECT left(s, 18446744073709551615), left(s, 1.5), left(s, -0.5), leftUTF8(s, -1.5), leftUTF8(s, 1.5), right(s, -1.5), rightUTF8(s, 18446744073709551614), right(s, 1.5), rightUTF8(s, -0.5), rightUTF8(s, f) FROM ev ORDER BY id LIMIT 20
SELECT jaroSimilarity('', ''), jaroWinklerSimilarity('', ''), jaroSimilarity(s, ''), jaroSimilarity('', s), jaroWinklerSimilarity('', s), jaroWinklerSimilarity(s, 's1'), jaroSimilarity('x', 'y') FROM ev ORDER BY id LIMIT 5
SELECT arraySlice(a, NULL), arraySlice(a, 2, NULL), arraySlice(a, NULL, 2), arraySlice(a, NULL, NULL), arraySlice(a, 18446744073709551615), arraySlice(a, 1, 18446744073709551614), arraySlice(a, n), arraySlice(a, 1, n), arraySlice(a, toNullable(2)) FROM ev ORDER BY id LIMIT 30
SELECT bitRotateLeft(toUInt8(id), toInt8(i)) AS x, toTypeName(x), bitRotateLeft(-1, i) AS y, toTypeName(y), bitRotateRight(toUInt8(id), toUInt64(3)) AS z, toTypeName(z), bitRotateLeft(toUInt8(id), toUInt16(1000)), bitRotateLeft(id, 3), toTypeName(bitRotateRight(toInt16(i), toUInt8(1))) FROM ev ORDER BY id LIMIT 20
SELECT moduloOrZero(toInt8(-1), toUInt32(13)), moduloOrZero(1.5, 0), moduloOrZero(1.5, 0.), moduloOrZero(5, 0.), moduloOrZero(i, f), moduloOrZero(f, toUInt32(i)), moduloOrZero(toInt64(-i), toUInt32(13)), moduloOrZero(i, 0), moduloOrZero(toInt8(-1), toUInt64(13)) FROM ev ORDER BY id LIMIT 20
SELECT ifNotFinite(f / 0, n), ifNotFinite(n, 5), toTypeName(ifNotFinite(n, toInt8(5))), ifNotFinite(1 / 0, NULL), ifNotFinite(f, toInt128(5)) AS x, toTypeName(x), toTypeName(ifNotFinite(i, 2.5)), ifNotFinite(nan, f), ifNotFinite(1, 'a') FROM ev ORDER BY id LIMIT 12
SELECT positiveModuloOrNull(f - 3, toInt64(9007199254740993)) > 0, positiveModulo(f - 3, toInt64(4)), arraySlice(a, toInt128(-1)) FROM ev ORDER BY id LIMIT 20
-- Whole numbers rounded up or down beyond their type wrap around there.
SELECT ceil(toUInt8(255), -1), ceil(toInt8(127), -1), ceil(toUInt8(251), -1), ceil(toUInt16(65535), -2), ceil(toInt8(-128), -1), floor(toInt8(-128), -1), ceil(toUInt64(18446744073709551615), -1), floor(toInt8(-127), -2), ceil(toUInt8(5), -3), floor(toInt8(-5), -3), ceil(toInt16(30000), -4), ceil(toInt16(30001), -4), floor(toInt16(-30001), -4), ceil(toUInt32(4294967295), -9), ceil(toInt64(9223372036854775807), -3), floor(toInt64(-9223372036854775807), -3), ceil(toInt64(5), -18)
SELECT ceil(i, -2), floor(-i, -2), ceil(n, -1), floor(n, -1), round(i, -2), trunc(-i, -2), ceil(toUInt8(id), -1), ceil(toInt8(id + 30), -1) FROM ev ORDER BY id
SELECT sqidEncode(1, 2, 3), sqidEncode(0), sqid(1), sqidEncode(18446744073709551615), sqidEncode(toUInt8(255), toUInt16(65535), toUInt32(4294967295), toUInt64(1)), sqidEncode(1, 1, 1, 1, 1, 1, 1, 1)
SELECT sqidDecode('86Rf07'), sqidDecode(''), sqidDecode('!'), sqidDecode(sqidEncode(1, 5, 18446744073709551615)), toTypeName(sqidDecode('a')), sqidDecode('zzzzzzzzzzzzzzzzzzzzzzz')
! SELECT sqidEncode(-1)
! SELECT sqidEncode()
! SELECT sqidEncode('a')
! SELECT sqidEncode(1.5)
! SELECT sqidEncode(toUInt128(1))
! SELECT sqidEncode([1, 2])
SELECT sqidEncode(true)
SELECT sqidEncode(toNullable(1)), toTypeName(sqidEncode(toNullable(1))), sqidEncode(NULL), sqidDecode(NULL)
SELECT id, sqidEncode(id), sqidEncode(id, toUInt64(i)), sqidDecode(sqidEncode(id, toUInt64(i))) FROM ev ORDER BY id
SELECT number, sqidEncode(number) FROM numbers(400)
SELECT number, sqidDecode(sqidEncode(number * number * 7919)) FROM numbers(50)
SELECT sqidDecode(s) FROM ev ORDER BY id
! SELECT sqidDecode(toFixedString('86Rf07', 6))
SELECT toTypeName(localtime()), toTypeName(LOCALTIME()), localtime() = toTime(now()), toTypeName(localTime())
! SELECT localtime(1)
SELECT toTypeName(toLowCardinality(5) + 1), toTypeName(concat(toLowCardinality('a'), 'b')), toTypeName(upper(toLowCardinality('a'))), toTypeName(toLowCardinality('a') = 'b'), toTypeName(length(toLowCardinality('abc')))
SELECT toTypeName(materialize(toLowCardinality('a'))), toTypeName(concat(toLowCardinality('a'), toLowCardinality('b'))), toTypeName(if(1, toLowCardinality('a'), 'b'))
SELECT toTypeName(concat(k, toLowCardinality('b'))), toTypeName(concat(s, toLowCardinality('b'))), toTypeName(k = toLowCardinality('a')), toTypeName(s = toLowCardinality('a')) FROM ev LIMIT 1
