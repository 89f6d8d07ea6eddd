SELECT sumMap(map(s, i)), sumForEach([i]), sumResample(0, 3, 1)(i, id), sumArgMin(i, id) FROM ev WHERE 0
SELECT sumMapIf(map(s, i), id > 1000), avgMap(map(k, i)), groupArrayMap(map(s, i)) FROM ev WHERE id > 1000
SELECT maxMap(map(k, id)), sumMap(map(k, i)), sumMapIf(map(k, i), id > 50), uniqExactMap(map(k, s)) FROM ev
SELECT k, maxMap(map(k, id)), finalizeAggregation(maxMapState(map(k, id))) FROM ev GROUP BY k ORDER BY k
SELECT uniqIfOrNull(s, 0), uniqExactIfOrNull(n, id > 1000), uniqHLL12IfOrNull(s, 0), uniqCombinedIfOrNull(s, 0), countIfOrNull(0) FROM ev
SELECT k, uniqExactIfOrNull(s, id < 3), sumIfOrNull(i, id < 3), uniqExactOrNullIf(s, id < 3) FROM ev GROUP BY k ORDER BY k
SELECT uniqIfOrNull(s, 1), countIfOrNull(1) FROM ev WHERE 0
SELECT toTypeName(n), count() FROM ev
SELECT toTypeName(sum(i)), toTypeName(n) FROM ev
SELECT toTypeName(position(toTypeName(n), k)), toTypeName(transform(k, ['a'], ['x'], s)), toTypeName(transform(k, ['a'], ['x'], 'q')) FROM ev LIMIT 1
SELECT substring('xyz', id % 3, 2) AS a, substring(s, id % 2), substringUTF8(s, toInt8(id % 3) - 1) FROM ev ORDER BY id LIMIT 9
SELECT substring('xyz', 0, 2)
! SELECT substring(s, 0, 2) FROM ev
-- The default of -IfOrDefault is for groups without a row that passes; NULL for those without one that has no NULL.
SELECT sumIfOrDefault(toNullable(number), number > 5), toTypeName(sumIfOrDefault(toNullable(number), number > 1)) FROM numbers(3)
SELECT sumOrDefaultIf(toNullable(number), number > 5), avgIfOrDefault(toNullable(number), number > 7), countIfOrDefault(toNullable(number) > 7), maxIfOrDefault(toNullable(number), number > 70) FROM numbers(6)
SELECT sumIfOrDefault(if(number > 9, number, NULL), number > 1), maxIfOrDefault(toNullable(toString(number)), number > 70), anyIfOrDefault(toNullable(toDate(number)), number > 70) FROM numbers(6)
SELECT groupArrayIfOrDefault(toNullable(number), number > 70), minIfOrDefault(toNullable(number), toNullable(number) > 70), minIfOrDefault(number, toNullable(number) > 70) FROM numbers(6)
SELECT k, sumIfOrDefault(n, id > 1000), avgIfOrNull(n, id > 3), minIfOrDefault(n, id > 3) FROM ev GROUP BY k ORDER BY k
SELECT toTypeName(sumIfOrNullState(number, number > 1)), finalizeAggregation(sumIfOrNullState(number, number > 1)) FROM numbers(3)
SELECT toTypeName(avgOrNullIfState(i, id > 7)), toTypeName(avgIfOrDefaultState(n, id > 7)), finalizeAggregation(avgIfOrDefaultState(n, id > 7)) FROM ev
SELECT sumIfOrNullMerge(s) FROM (SELECT sumIfOrNullState(i, id > 3) AS s FROM ev GROUP BY k)
SELECT sumIfOrDefaultMerge(s), toTypeName(any(s)) FROM (SELECT sumIfOrDefaultState(n, id > 3) AS s FROM ev GROUP BY k)
SELECT deltaSum(n), toTypeName(deltaSum(n)), groupBitmap(abs(n)), groupBitmapIf(abs(n), id > 3), toTypeName(groupBitmapIf(abs(n), id > 3)) FROM (SELECT * FROM ev ORDER BY id) WHERE id < 2
SELECT groupBitmapMerge(s), toTypeName(groupBitmapMerge(s)) FROM (SELECT groupBitmapState(abs(n)) AS s FROM ev GROUP BY k)
-- Aggregates see no LowCardinality, at any depth.
SELECT min((k, id)), toTypeName(max((k, id))), argMax((k, 1), id) FROM ev
SELECT toTypeName(any((k, 1))), toTypeName(groupArray((k, 1))), toTypeName(max([k])), toTypeName(groupUniqArrayArray([k])), toTypeName(max(map('a', k))) FROM ev
SELECT toTypeName(anyState([k])), toTypeName(uniqState((k, 1))), toTypeName(groupArrayForEach([k])), toTypeName(any(CAST((k, 1), 'Tuple(a LowCardinality(String), `b c` UInt8)'))) FROM ev
SELECT arraySort(groupUniqArrayArray([k, 'x'])), max([k, 'x']), min(map('a', k)), any(tuple(k)) = tuple(any(k)) FROM ev
SELECT anyMerge(s) IN (['k0'], ['k1'], ['k2'], ['k3']) FROM (SELECT anyState([k]) AS s FROM ev GROUP BY id)
SELECT countMerge(o), sumMerge(b), uniqMerge(c), argMaxMerge(e) FROM (SELECT CAST(countIfState(i > 3) AS AggregateFunction(count, UInt64)) AS o, CAST(sumIfState(id, id > 3) AS AggregateFunction(sum, UInt32)) AS b, CAST(uniqArrayIfState(a, id > 1) AS AggregateFunction(uniq, String)) AS c, CAST(argMaxState(k, id) AS AggregateFunction(argMaxState, String, UInt32)) AS e FROM ev)
SELECT finalizeAggregation(CAST(uniqState(u) AS AggregateFunction(uniqIf, String, UInt8))), finalizeAggregation(CAST(countState() AS AggregateFunction(countIf, UInt8))) FROM ev
SELECT quantileMerge(0.9)(s), quantileMerge(s), quantilesMerge(0.1, 0.7)(s), medianMerge(s) FROM (SELECT quantileState(0.25)(id) AS s FROM ev)
SELECT quantileExactMerge(0.9)(s), any(finalizeAggregation(CAST(s AS AggregateFunction(quantilesExact(0.3, 0.2), UInt32)))) FROM (SELECT quantilesExactState(0.5, 0.9)(id) AS s FROM ev)
SELECT toTypeName(argMaxMergeState(d)), toTypeName(countMergeState(c)) FROM (SELECT CAST(argMaxState(k, id) AS AggregateFunction(argMaxState, String, UInt32)) AS d, countIfState(id > 3) AS c FROM ev)
SELECT countMerge(s) FROM (SELECT countArrayState(a) AS s FROM ev)
!SELECT CAST(uniqIfState(toNullable(u), id > 3) AS AggregateFunction(uniq, Nullable(String))) FROM ev
!SELECT CAST(countIfState(n > 3) AS AggregateFunction(count)) FROM ev
!SELECT CAST(uniqExactState(u) AS AggregateFunction(uniq, String)) FROM ev
!SELECT CAST(groupArrayState(3)(u) AS AggregateFunction(groupArray(4), String)) FROM ev
!SELECT topKMerge(4)(s) FROM (SELECT topKState(3)(u) AS s FROM ev)
!SELECT uniqMerge(s) FROM (SELECT uniqDistinctState(u) AS s FROM ev)
!SELECT maxIntersections(id, id + 5) FROM ev

-- topK beyond its capacity: what is dropped, and which of equal ones come first.
SELECT topK(1)(x), topK(2)(x) FROM (SELECT arrayJoin(['a', 'a', '', 'https://shop.example.co.uk', 'ccc', 'bb', 'bb', 'dddddddd', '', 'bb', 'épsilon']) AS x)
SELECT topK(1)(x), topK(2)(x), topK(3)(x) FROM (SELECT arrayJoin(['é', 'a', 'ccc', 'dd', 'h', 'bb', 'ccc', '', 'ccc', 'h', 'h', '', 'é', '', 'é', 'e', 'bb', 'e', '', 'dd', '', 'a']) AS x)
SELECT topK(1)(x), topK(3)(x), topK(10)(x), topK(20)(x) FROM (SELECT toString(toUInt32(sqrt(cityHash64(number, 628) % 90000))) AS x FROM numbers(2500))
SELECT topK(1)(x), topK(3)(x), topK(10)(x), topK(20)(x) FROM (SELECT concat('https://example.com/', toString(toUInt32(sqrt(cityHash64(number, 7) % 90000)))) AS x FROM numbers(2500))
SELECT topK(3)(toUInt32(v)), topK(3)(toInt8(v % 100 - 50)), topK(3)(v / 3), topK(3)(toInt64(v) - 300), topK(3)(toDate(v)), topK(3)(toDecimal32(v, 2)), topK(3)(toDateTime64(v, 3, 'UTC')), topK(3)(toFloat32(v)) FROM (SELECT toUInt32(sqrt(cityHash64(number, 9) % 90000)) AS v FROM numbers(2500))
SELECT number % 5 AS g, topK(3)(x), topKWeighted(3)(x, number % 4 + 1), approx_top_k(4)(x), approx_top_sum(3, 20)(x, number % 4 + 1) FROM (SELECT toUInt32(sqrt(cityHash64(number, 3) % 90000)) AS x, number FROM numbers(2500)) GROUP BY g ORDER BY g
SELECT topKMerge(3)(s), topKMerge(3)(t) FROM (SELECT number % 5 AS g, topKState(3)(x) AS s, topKState(3)(toString(x)) AS t FROM (SELECT toUInt32(sqrt(cityHash64(number, 3) % 90000)) AS x, number FROM numbers(2500)) GROUP BY g ORDER BY g)
SELECT topK(2, 2, 'counts')(x), topK(500)(x)[499], topKIf(2)(x, x % 3 = 1) FROM (SELECT toUInt32(sqrt(cityHash64(number, 5) % 4000000)) AS x FROM numbers(9000))
SELECT topKMerge(2)(s) FROM (SELECT topKState(2)(toUInt8(number % 5)) AS s FROM numbers(9) UNION ALL SELECT topKState(2)(toUInt8(number % 7)) FROM numbers(40) UNION ALL SELECT topKState(2)(toUInt8(1)) FROM numbers(0))

-- What makes unlike texts of unlike values is not there for counts of distinct ones.
SELECT uniq(toString(number)), uniqCombined(hex(number)), uniqHLL12(toString(number)), uniqExact(toString(number)), uniqCombined64(reverse(toString(number))), uniq(tuple(number)), uniq(-toInt64(number)) FROM numbers(70000)
SELECT uniq(toString(number), number), uniqIf(toString(number), number % 2), uniq(toString(toNullable(number))), uniqCombined(20)(toString(number)), uniq(toString(number % 90000)) FROM numbers(70000)
SELECT uniq(toString(toDate(number % 9))), uniq(toString([number])), uniqExact(toString(if(number % 3 = 0, NULL, number))), uniq(toString(generateUUIDv4())) > 90 FROM numbers(100)
SELECT DISTINCT uniq(toString(number)) OVER () FROM numbers(70000)
