SELECT * FROM large ORDER BY id
SELECT a FROM large ORDER BY a DESC, id LIMIT 8
SELECT e, f, g, h FROM large ORDER BY e, f, id
SELECT c, d, id FROM large ORDER BY c DESC NULLS FIRST, d, id
SELECT n, id FROM large ORDER BY n NULLS FIRST, id
SELECT a, count() FROM large GROUP BY a ORDER BY a
SELECT e, count(), sum(id) FROM large GROUP BY e ORDER BY e
SELECT n, count() FROM large GROUP BY n ORDER BY n
SELECT b, d, count() FROM large GROUP BY b, d ORDER BY b, d
SELECT f, k, count() FROM large ARRAY JOIN l AS k GROUP BY f, k ORDER BY f, k
SELECT min(a), max(a), min(b), max(b), min(c), max(c), min(d), max(d), min(e), max(e), min(f), max(f), min(n), max(n) FROM large
SELECT sum(a), sum(b), sum(c), sum(d), sum(e), sum(f), sum(n), sum(g), sum(h) FROM large WHERE id > 5
SELECT sum(a), sum(b) FROM large
SELECT avg(a), avg(b), avg(c), avg(e), avg(f), avg(n), avg(g) FROM large WHERE id > 5
SELECT id % 3 AS m, sum(a), avg(e), min(n), max(f), uniqExact(b), uniqExact(e), sum(g) FROM large WHERE id > 5 GROUP BY m ORDER BY m
SELECT uniqExact(a), uniqExact(b), uniqExact(c), uniqExact(d), uniqExact(e), uniqExact(f), uniqExact(n), uniq(d) FROM large
SELECT count(n), count(), countIf(n > 0), sumIf(a, id > 5), maxIf(e, id > 5), minIf(d, id < 3) FROM large
SELECT argMax(a, id), argMin(id, a), argMax(id, e), argMin(f, d) FROM large
SELECT arraySort(groupArray(a)), arraySort(groupUniqArray(b)) FROM large WHERE id > 8
SELECT id FROM large WHERE a > 0 ORDER BY id
SELECT id FROM large WHERE a = -1 ORDER BY id
SELECT id FROM large WHERE b = 18446744073709551616 ORDER BY id
SELECT id FROM large WHERE a = '12345678901234567890123' ORDER BY id
SELECT id FROM large WHERE d >= '99999999999999999999999' ORDER BY id
SELECT id FROM large WHERE e > 1 AND e < 13 ORDER BY id
SELECT id FROM large WHERE e = '12.5' ORDER BY id
SELECT id FROM large WHERE f = toDecimal256('-1.5', 20) ORDER BY id
SELECT id FROM large WHERE a IN (0, 1, -1) ORDER BY id
SELECT id FROM large WHERE n IN (SELECT n FROM large WHERE id < 6) ORDER BY id
SELECT id FROM large WHERE (a, b) IN ((0, 1), (1, 2)) ORDER BY id
SELECT id FROM large WHERE e IN (SELECT e FROM large WHERE id = 3) ORDER BY id
SELECT id FROM large WHERE n IS NULL ORDER BY id
SELECT id, a BETWEEN -1 AND 1, e BETWEEN 0 AND 13 FROM large ORDER BY id
SELECT DISTINCT a % 3 FROM large ORDER BY 1
SELECT DISTINCT b FROM large ORDER BY b
SELECT l.id, r.id FROM large AS l JOIN large AS r ON l.a = r.a ORDER BY l.id, r.id
SELECT l.id, r.id FROM large AS l LEFT JOIN large AS r ON l.n = r.n ORDER BY l.id, r.id
SELECT l.id, r.id, r.b FROM large AS l LEFT JOIN (SELECT * FROM large WHERE id < 4) AS r ON l.b = r.b ORDER BY l.id, r.id
SELECT l.id, r.a, r.e FROM large AS l LEFT JOIN (SELECT * FROM large WHERE id < 4) AS r ON l.id = r.id + 5 ORDER BY l.id
SELECT l.id, r.id FROM large AS l FULL JOIN (SELECT * FROM large WHERE id < 8) AS r USING (e, f) ORDER BY l.id, r.id
SELECT id, row_number() OVER (ORDER BY a, id), rank() OVER (ORDER BY e), sum(a) OVER (PARTITION BY b ORDER BY id), lag(e) OVER (ORDER BY id), max(c) OVER (ORDER BY id ROWS 2 PRECEDING), min(n) OVER (PARTITION BY d) FROM large WHERE id > 4 ORDER BY id
SELECT id, sum(e) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING), avg(f) OVER (ORDER BY id), first_value(d) OVER (ORDER BY id DESC) FROM large WHERE id > 3 ORDER BY id
SELECT a + 1, a - 1, a * 2, -a, abs(a), a % 7, intDiv(a, 3) FROM large WHERE id > 1 ORDER BY id
SELECT b + 1, b * 3, b - 1, b % 10, intDiv(b, 2), -b FROM large ORDER BY id
SELECT e + 1, e - 0.5, e * 2, e / 4, -e, abs(e), round(e, 2), floor(e), ceil(e), trunc(e, 1) FROM large WHERE id > 0 ORDER BY id
SELECT f + f, f * 2, f - 1, f / 3 FROM large WHERE id > 0 ORDER BY id
SELECT g + e, g * h, h / 2, g - h, g + id, h * id FROM large WHERE id > 0 ORDER BY id
SELECT toString(a), toString(e), toFloat64(a), toFloat64(e), toInt64(h), toInt32(g), toDecimal64(h, 3), toInt128(id), toDecimal128(id, 2), CAST(a AS Int8), CAST(b AS UInt64) FROM large ORDER BY id
SELECT if(id % 2 = 0, a, b) FROM large WHERE id > 4 ORDER BY id
SELECT if(id % 2 = 0, a, id), coalesce(n, a), ifNull(n, 0), nullIf(a, 0), multiIf(id = 1, c, id = 2, id, 5) FROM large ORDER BY id
SELECT greatest(a, n), least(e, g), greatest(b, id), least(f, e) FROM large ORDER BY id
SELECT l[1], arraySum(l), arrayMax(l), arrayMap(x -> x * x, l), has(l, 2), arraySort(l), arrayReverse(l), length(l) FROM large ORDER BY id
SELECT (a, e), tuple(b).1, map('x', a)['x'], [e, e], array(n) FROM large ORDER BY id
SELECT * FROM (SELECT a, b FROM large WHERE id < 3 UNION ALL SELECT c, d FROM large WHERE id IN (2, 3)) ORDER BY ALL
SELECT a FROM large INTERSECT SELECT n FROM large ORDER BY a
SELECT e FROM large EXCEPT SELECT e FROM large WHERE id > 4 ORDER BY e
SELECT b, sum(a) FROM large WHERE id > 5 GROUP BY b WITH ROLLUP ORDER BY b, 2
SELECT b, sum(e) FROM large WHERE id > 5 GROUP BY b WITH TOTALS ORDER BY b
SELECT b, id FROM large ORDER BY b, id LIMIT 1 BY b
SELECT b FROM large ORDER BY b LIMIT 3 WITH TIES
SELECT toInt128(id) AS x FROM large WHERE id IN (1, 4) ORDER BY x WITH FILL
SELECT sumMerge(s), avgMerge(v), maxMerge(m), uniqExactMerge(u) FROM (SELECT sumState(a) AS s, avgState(e) AS v, maxState(f) AS m, uniqExactState(b) AS u FROM large WHERE id > 5 GROUP BY id % 3)
SELECT quantileExact(0.5)(e), median(g), quantile(0.9)(a), quantileExact(a) FROM large WHERE id > 5
SELECT stddevPop(a), varSamp(e), sumWithOverflow(a), sumWithOverflow(h), sumCount(e), groupBitOr(b), groupBitAnd(b), groupBitXor(a) FROM large WHERE id > 5
SELECT toTypeName(a), toTypeName(b), toTypeName(e), toTypeName(a + 1), toTypeName(sum(a)), toTypeName(avg(a)) FROM large GROUP BY 1, 2, 3, 4 LIMIT 1
SELECT hex(a), bin(b) FROM large WHERE id > 3 ORDER BY id
SELECT cityHash64(a), sipHash64(d), xxHash64(e), murmurHash3_64(c) FROM large ORDER BY id
SELECT a < b FROM large WHERE id > 1 ORDER BY id
SELECT a = n, a != c, e < f, e >= g, a <=> n FROM large ORDER BY id
SELECT a > 1.5, b < 2.5e10, e > 1.25 FROM large ORDER BY id
SELECT bitAnd(b, 7), bitOr(a, 8), bitXor(a, b), bitShiftLeft(b, 3), bitShiftRight(a, 2), bitNot(a), bitCount(b) FROM large WHERE id > 5 ORDER BY id
SELECT entropy(b) > 0, groupArraySorted(2)(a), anyLast(id) FROM large WHERE id > 8
SELECT toInt128OrNull('x'), toInt256OrZero('5'), toUInt128OrDefault('-', toUInt128(7)), toDecimal128OrNull('abc', 2), toDecimal256OrZero('1.5', 3)
SELECT CAST(1.9 AS Int128), CAST('7' AS UInt256), CAST(toDate('2024-01-01') AS Int128), toInt128(toDateTime('2024-01-01 00:00:00')), CAST(NULL AS Nullable(Int256)), toDate(toInt128(19000))
! SELECT intDiv(toInt128(1), 0)
! SELECT toInt128('x')
! SELECT toInt128(1) + 1.5
! SELECT toUInt256(1) * toFloat32(2)
! SELECT bitShiftLeft(1, toInt128(2))
! SELECT toDecimal32('12345678901', 2)
! SELECT toDecimal128(1, 50)
! SELECT CAST(nan AS Int128)
SELECT intDiv(toDecimal64('3.75',2), 2)
SELECT intDiv(toDecimal64('-3.75',2), 2)
SELECT intDiv(toDecimal64('3.75',2), toDecimal32('1.5',1))
SELECT intDiv(7, toDecimal64('2.5', 2))
SELECT intDiv(toDecimal64('7.5',1), 2.5)
SELECT toDecimal64('3.75',2) % 2
SELECT 7 % toDecimal64('2.5', 2)
SELECT toDecimal64('7.5',1) % 2.5
SELECT toDecimal64('-7.55',2) % toDecimal64('2.5', 2)
SELECT toTypeName(toDecimal64('3.75',2) % 2)
SELECT toTypeName(7 % toDecimal64('2.5', 2))
SELECT toTypeName(toDecimal64('7.5',1) % 2.5)
SELECT toDecimal64('3.75',2) / 2
SELECT toDecimal64('3.75',2) / toDecimal32('1.5',1)
SELECT 7 / toDecimal64('2.5', 2)
SELECT intDivOrZero(toDecimal64('3.75',2), 2)
SELECT intDivOrZero(toInt128(7), 2)
SELECT moduloOrZero(toInt128(7), 0)
SELECT intDivOrZero(toInt128(7), 0)
SELECT round(toDecimal128('12345678901234567890.12345', 5), 2)
SELECT floor(toDecimal128('-1.5', 3))
SELECT ceil(toInt256('12345678901234567890123'), -3)
SELECT round(toInt128('1234567890123456789012'), -5)
SELECT trunc(toDecimal256('1.999',3),1)
SELECT sqrt(toInt128(16))
SELECT exp(toDecimal128('1', 2))
SELECT log(toUInt256(10))
SELECT sign(toInt128(-4))
SELECT sign(toDecimal128('-3.3', 1))
SELECT bitAnd(toInt128(12), 10)
SELECT bitOr(toUInt256(12), toInt8(-1))
SELECT bitXor(toInt128(-1), toUInt8(3))
SELECT bitShiftLeft(toUInt128(1), 100)
SELECT bitShiftRight(toInt128('-170141183460469231731687303715884105728'), 100)
SELECT bitNot(toInt128(5))
SELECT bitNot(toUInt128(5))
SELECT bitCount(toUInt128('340282366920938463463374607431768211455'))
SELECT greatest(toInt128(5), 7)
SELECT least(toUInt256(5), 7)
SELECT greatest(toDecimal128('1.5',1), toDecimal64('2.55',2))
SELECT toInt128(5) IN (1, 5)
SELECT toUInt256(5) IN (6)
SELECT toDecimal128('1.5',1) IN (1.5, 2)
SELECT toInt128(5) BETWEEN 1 AND 10
SELECT (toInt128(1), 2) = (1, 2)
SELECT hex(toInt128(255))
SELECT toString(toDecimal256('-0.00001', 5))
SELECT bin(toUInt128(5))
! SELECT toInt128('0xff')
SELECT cityHash64(toInt128(5))
SELECT sipHash64(toUInt256(5))
SELECT xxHash64(toDecimal128('1.5', 2))
SELECT murmurHash3_64(toInt128(-1))
SELECT intHash64(toInt64(5))
SELECT halfMD5(toInt128(1))
SELECT if(number > 1, toInt128(number), 5) FROM numbers(3)
SELECT ifNull(toNullable(toInt128(number)), 3) FROM numbers(3)
SELECT multiIf(number = 0, toUInt256(1), number = 1, 2, 3) FROM numbers(3)
SELECT nullIf(toInt128(number), 1) FROM numbers(3)
SELECT coalesce(NULL, toInt256(number)) FROM numbers(3)
SELECT arraySort([toInt128(5), -3, 2])
SELECT arraySum([toInt128(5), 7])
SELECT arrayMax([toUInt256(5), 7])
SELECT arrayAvg([toInt128(5), 8])
SELECT arrayMap(x -> x * 2, [toInt128(5)])
SELECT has([toInt128(5)], 5)
SELECT indexOf([toInt128(5), 6], 6)
SELECT arrayDistinct([toInt128(5), 5])
SELECT arrayCumSum([toInt128(5), 5])
SELECT arrayDifference([toInt128(5), 7])
SELECT arrayProduct([toInt128(5), 5])
SELECT arrayReduce('sum', [toInt128(5), 5])
SELECT arrayUniq([toInt128(1), 1])
SELECT arrayReverse([toInt128(1), 2])
SELECT arrayElement([toInt128(1)], 1)
SELECT arrayConcat([toInt128(1)], [2])
SELECT map('a', toInt128(5)) AS m, m['a'], m['b'], map(toInt128(1), 2)[1], tuple(toInt128(1), toDecimal128('1.25', 2)), [(toInt128(1), 'x')]
SELECT sum(toInt128(number)) FROM numbers(10)
SELECT avg(toInt128(number)) FROM numbers(10)
SELECT min(toInt128(number)) FROM numbers(10)
SELECT max(toUInt256(number)) FROM numbers(10)
SELECT uniq(toInt128(number)) FROM numbers(10)
SELECT uniqExact(toInt128(number)) FROM numbers(10)
SELECT count(toInt128(number)) FROM numbers(10)
SELECT groupArray(toInt128(number)) FROM numbers(10)
SELECT argMax(toInt128(number), number) FROM numbers(10)
SELECT argMin(number, toInt128(number)) FROM numbers(10)
SELECT groupUniqArray(toInt128(1)) FROM numbers(10)
SELECT quantile(0.5)(toInt128(number)) FROM numbers(10)
SELECT median(toDecimal128(number, 2)) FROM numbers(10)
SELECT stddevPop(toInt128(number)) FROM numbers(10)
SELECT varSamp(toDecimal128(number, 2)) FROM numbers(10)
SELECT groupBitXor(toInt128(number)) FROM numbers(10)
SELECT toTypeName(sum(toInt128(number))) FROM numbers(10)
SELECT toTypeName(avg(toInt128(number))) FROM numbers(10)
SELECT toTypeName(sum(toUInt128(number))) FROM numbers(10)
SELECT toTypeName(sum(toUInt256(number))) FROM numbers(10)
SELECT toTypeName(sum(toDecimal256(number, 3))) FROM numbers(10)
SELECT toTypeName(avg(toDecimal128(number, 3))) FROM numbers(10)
SELECT toTypeName(sum(toDecimal64(number, 3))) FROM numbers(10)
SELECT toTypeName(sumWithOverflow(toInt128(number))) FROM numbers(10)
SELECT toTypeName(sumWithOverflow(toDecimal32(number,1))) FROM numbers(10)
SELECT toTypeName(sumCount(toInt128(number))) FROM numbers(10)
SELECT toTypeName(median(toInt128(number))) FROM numbers(10)
SELECT toTypeName(median(toDecimal128(number,2))) FROM numbers(10)
SELECT toTypeName(quantileExact(toInt128(number))) FROM numbers(10)
SELECT toTypeName(sumKahan(number)) FROM numbers(10)
SELECT sum(toDecimal64('99999999999999.9999', 4)) FROM numbers(200000)
SELECT avg(toDecimal64('99999999999999.9999', 4)) FROM numbers(200000)
SELECT sum(toDecimal128('9999999999999999999999.5', 2)) FROM numbers(200000)
SELECT min(toDecimal128(number, 5)) FROM numbers(200000)
SELECT max(toDecimal256(number, 5)) FROM numbers(200000)
! SELECT number % 3 AS k, sum(toInt128(number)), sumIf(toInt256(number), number > 5), maxOrNull(toInt128(number)), sumState(toInt128(number)) = '' FROM numbers(10) GROUP BY k ORDER BY k
SELECT sumMerge(s), avgMerge(a), uniqMerge(u), maxMerge(m) FROM (SELECT sumState(toInt128(number)) AS s, avgState(toDecimal128(number, 2)) AS a, uniqState(toUInt256(number)) AS u, maxState(toInt256(number)) AS m FROM numbers(100) GROUP BY number % 3)
SELECT toInt128(number) AS x, count() FROM numbers(6) GROUP BY x ORDER BY x DESC
SELECT DISTINCT toDecimal128(number % 3, 4) AS x FROM numbers(6) ORDER BY x
SELECT a.x, b.y FROM (SELECT toInt128(number) AS x FROM numbers(5)) a JOIN (SELECT toInt128(number * 2) AS y FROM numbers(5)) b ON a.x = b.y ORDER BY a.x
SELECT a.x, b.y FROM (SELECT toInt128(number) AS x FROM numbers(5)) a LEFT JOIN (SELECT number * 2 AS y FROM numbers(5)) b ON a.x = b.y ORDER BY a.x
SELECT a.x, b.y FROM (SELECT number AS x FROM numbers(5)) a LEFT JOIN (SELECT toInt128(number * 2) AS y, number * 2 AS z FROM numbers(5)) b ON a.x = b.z ORDER BY a.x
! SELECT toInt128(number) AS x FROM numbers(3) UNION ALL SELECT toInt256(7) ORDER BY x
SELECT toInt128(number) AS x, row_number() OVER (ORDER BY x DESC), sum(x) OVER (ORDER BY number), lag(x) OVER (ORDER BY number), max(x) OVER () FROM numbers(4) ORDER BY number
SELECT toInt128(number * 2) AS x FROM numbers(3) ORDER BY x WITH FILL
SELECT formatReadableSize(toUInt128(5000)), toDate(toInt128(5)), toUInt128(toDate('2024-01-01')), toInt128(toDateTime('2024-01-01 00:00:00')), toFloat32(toInt128(7)), toDecimal64(toDecimal256('5.678', 3), 1), CAST(5 AS Nullable(Int128)), toNullable(toInt256(3)), materialize(toInt128(5)), assumeNotNull(toNullable(toInt128(5)))
SELECT toDecimal128('1.10', 2)::String
SELECT toDecimal256('1.10', 40)
SELECT -toDecimal128('1.10', 20)
SELECT abs(toDecimal256('-5.5', 1))
SELECT toDecimal128('1.1', 2) + 1
SELECT 1.5::Decimal(38,3) * 2
SELECT toDecimal128('1.5', 10) * toDecimal128('2.5', 10)
SELECT toDecimal128('10', 5) / 3
SELECT toDecimal32(1.25, 2) * toDecimal64(3, 1)
! SELECT toDecimal32(9999999, 2) * 100
SELECT toDecimal64('1', 17) * 10
! SELECT toDecimal32('21474836.47', 2) + 1
! SELECT isFinite(toDecimal128(1,1))
SELECT empty([toInt128(1)])
SELECT length(toString(toInt256(-100)))
SELECT notEquals(toInt128(1), 2)
SELECT toInt128(3) = 3.0
SELECT toInt128(3) < 3.5
SELECT toUInt256('100000000000000000000000') > 1e22
SELECT toInt128(2) = '2'
SELECT max(x), min(x) FROM (SELECT toDecimal128(number, 3) - 5 AS x FROM numbers(10))
SELECT avgWeighted(toInt128(number), number) FROM numbers(5)
SELECT sumIf(toDecimal128(number, 1), number > 3) FROM numbers(5)
SELECT entropy(toInt128(number)) FROM numbers(5)
SELECT deltaSum(number) FROM numbers(5)
SELECT maxMap(map(1, toInt128(number))) FROM numbers(5)
SELECT argMax((toInt128(number), 'x'), number) FROM numbers(5)
SELECT groupBitAnd(toUInt128(number)) FROM numbers(5)
SELECT toIntervalDay(toInt128(1)) FROM numbers(1)
SELECT number + toInt128(1) FROM numbers(1)
SELECT toJSONString(toInt128('123456789012345678901234567890'))
SELECT toJSONString(map('a', toDecimal128('1.5', 3)))
SELECT format('{} x', toInt128(5))
SELECT concat('a', toInt128(5))
SELECT toString(tuple(toInt128(5)))
SELECT accurateCast(toInt128(5), 'UInt8')
SELECT accurateCastOrNull(toInt128(300), 'UInt8')
SELECT accurateCastOrNull(-5, 'UInt128')
SELECT accurateCastOrDefault(toInt128(-5), 'UInt64')
SELECT toInt8(toInt128(300))
SELECT toUInt128(18446744073709551615) + 1
SELECT toInt128(-9223372036854775808) - 1
SELECT toInt256(1) / 0
SELECT toInt128(0) / 0
! SELECT intDiv(toInt128(1), 0)
! SELECT toInt128(1) % 0
! SELECT range(toInt128(3)), toInt128(5) AS x, number + x FROM numbers(toUInt128(2)) LIMIT toInt128(1)
SELECT arrayJoin([toInt128(1), 2]) AS x, x * x, toInt128(x) IN (SELECT toInt128(number) FROM numbers(2))
SELECT number AS n, toInt64(n) + 9007199254740991 AS i, i = 9007199254740992.0 AS c0, i > 9007199254740992.0 AS c1, 9007199254740992.0 >= i AS c2, i != nan AS c3, i < nan AS c4, i <= 1 / 0 AS c5, toUInt64(n + 18446744073709551610) = 18446744073709551616.0 AS c6, toInt128(i) <= 9007199254740992.0 AS c7, toInt256(n) > 1.5 AS c8 FROM numbers(4) ORDER BY n
SELECT count() FROM numbers(10) WHERE toInt64(number) + 9007199254740990 = 9007199254740992.0
SELECT quantileExact(x), quantilesExact(0.1, 0.9)(x), quantileExactLow(x), quantileExactHigh(x), medianExact(x), quantileExactIf(x, x > 9007199254740995), quantileExactOrNull(x), arrayReduce('quantileExact', groupArray(x)), quantileExactForEach([x, 1]), quantileExactMap(map('a', x)), quantileExact(nullIf(x, 9007199254740997)) FROM (SELECT 9007199254740993::Int64 + number * 2 AS x FROM numbers(5))
SELECT quantileExact(x), quantilesExactLow(0.5, 0.2)(x) FROM (SELECT toUInt64(18446744073709551615 - number * 1001) AS x FROM numbers(500) UNION ALL SELECT number AS x FROM numbers(100))
SELECT x % 7 AS g, quantileExact(x), quantileExactHigh(-x::Int64) FROM (SELECT 9007199254740990 + number AS x FROM numbers(70)) GROUP BY g ORDER BY g
SELECT quantileExactMerge(s), quantilesExactMerge(0.2, 0.7)(s) FROM (SELECT quantileExactState(number * 4 + 9223372036854775807) AS s FROM numbers(50) GROUP BY number % 3)
SELECT id, quantileExact(b) OVER (ORDER BY id) FROM (SELECT number AS id, 9223372036854775807 + number * 3 AS b FROM numbers(9)) ORDER BY id
