-- Operators over arrays and tuples.
SELECT [1,2]*2, toTypeName([1,2]*2)
SELECT 2*[1,2], toTypeName(2*[1,2])
SELECT [1,2]/2
SELECT 2/[1,2]
! SELECT [1,2]+1
! SELECT 1+[1]
! SELECT [4]%[3]
SELECT [4]%3
! SELECT intDiv([4],[3])
SELECT intDiv([4],3)
! SELECT [4]/[3]
! SELECT [4]*[3]
! SELECT -[1,2]
! SELECT [1,2]+[1]
SELECT [1]*NULL
SELECT [1]+NULL
SELECT [toDate('2024-01-01')]+[1], [toDate('2024-01-01')] - [toDate('2023-01-01')]
SELECT [(1,2)]+[(3,4)]
! SELECT ['a']+['b']
! SELECT []+[]
! SELECT [1]+[]
SELECT [[1],[2]]*2
SELECT (1,2)+(3,4), (1,2)-(3,4), (1,2)*2, 2*(1,2), (1,2)/2, -(1,2)
SELECT (1,2)*(3,4)
! SELECT (1,2)+1
SELECT ([1],2)+([3],4)
! SELECT map('a',1)+map('a',2)
SELECT [toDecimal32(1.5,2)]+[toDecimal32(1.5,1)]
SELECT [1.5]*toInt64(3), toTypeName([1.5]*toInt64(3))
! SELECT [1] + [toLowCardinality('a')]
! SELECT abs([1,-1])
! SELECT bitAnd([1],[1])
! SELECT intDiv((4,5),2), (4,5)%2, modulo((4,5),(2,3))
SELECT [1] - [2], toTypeName([1]-[2])
SELECT [now()] - [INTERVAL 1 DAY] > []
! SELECT [1]*['a']
! SELECT multiply([toDate('2024-01-01')], 2)
SELECT toLowCardinality(1)*[1]
SELECT intDiv((4,5),2)
SELECT (4,5)%2
SELECT 5 % [3]
SELECT intDiv(5,[3])
SELECT [1]+[2]+[3], ([1,2]*2)[2]
SELECT ((1,2),3)+((4,5),6)
! SELECT (1,'a')+(2,'b')
! SELECT (1,2)+(1,2,3)
! SELECT negate([1])
SELECT (now(),1)-(now(),1)
SELECT groupArray(age) * 2, groupArray(age) + groupArray(age), groupArray(age) * sum(age) FROM (SELECT age FROM us ORDER BY age)
SELECT [age, 1] * age, [age] + [1], (age, 1) + (1, age), (age, 2) / 2 FROM us ORDER BY ALL
SELECT u FROM us WHERE [age] + [1] = [21] ORDER BY u
SELECT u, age FROM us ORDER BY u, age LIMIT -1 BY country
SELECT u, age FROM us ORDER BY u, age LIMIT -1 OFFSET 1 BY country
SELECT u, age FROM us ORDER BY u, age LIMIT 1 OFFSET -1 BY country
SELECT u, age FROM us ORDER BY u, age LIMIT -2 OFFSET -1 BY country
SELECT number FROM numbers(20000) ORDER BY number LIMIT -2 OFFSET -1 BY number % 3
SELECT toTypeName(coalesce(country, 'x')), toTypeName(coalesce(country, u)), toTypeName(coalesce(country, NULL)), toTypeName(ifNull(country, 'x')), toTypeName(coalesce(NULL, country, 'a')), toTypeName(coalesce(country, country)), coalesce(nullIf(country, ''), 'none') FROM us ORDER BY ALL
! SELECT toNullable([1])
! SELECT 5 / (3, 2)
SELECT name, (age, name) = (20, 'N0'), (age, name) != (22, 'N0'), (age, name) < (22, 'N1'), (age, name) >= (22, 'N1'), toTypeName((age, name) = (1, '')) FROM us ORDER BY ALL
SELECT u FROM us WHERE (age, name) != (22, 'N2') ORDER BY ALL
SELECT unnest([1,2]), globalIn(1, (1,2)), globalNotIn(1, (1,2))
SELECT sumMapWithOverflow([toUInt8(1)], [toUInt8(200)]), toTypeName(sumMapWithOverflow([toUInt8(1)], [toUInt8(200)])) FROM numbers(2)
SELECT tumbleStart(t, INTERVAL 1 DAY) AS w, count(), array_concat_agg([q]) = groupArrayArray([q]) FROM pr GROUP BY w ORDER BY w
SELECT toIntervalDay(1) + toIntervalHour(2), toDate('2024-01-01') + (toIntervalDay(1) + toIntervalMonth(2)), toDateTime('2024-01-01 00:00:00') - (toIntervalDay(1), toIntervalHour(2))
SELECT (toIntervalDay(1) + toIntervalHour(2)) + toIntervalMinute(5), toIntervalDay(1) - toIntervalHour(2), INTERVAL 1 DAY + INTERVAL 1 DAY + toDate('2024-01-01')
SELECT INTERVAL '1-2' YEAR TO MONTH, INTERVAL '5 12:30:45' DAY TO SECOND, INTERVAL '-5 12:30' DAY TO MINUTE, INTERVAL '12:30' HOUR TO MINUTE, toDate('2024-01-31') + INTERVAL '1-2' YEAR TO MONTH
! SELECT INTERVAL '1-2' MONTH TO YEAR
! SELECT INTERVAL '1-15' YEAR TO MONTH
SELECT OVERLAY('abc' PLACING 'z' FROM 2), OVERLAY('abc', 'z', 2)
SELECT CAST('{"a":{"b":5},"c":"x"}' AS JSON).a.b::Int64, CAST('{"a":1}' AS JSON).a > 0, CAST('{"a":1}' AS JSON).a
SELECT j.a AS x, count() FROM (SELECT CAST('{"a":1}' AS JSON) AS j) GROUP BY x SETTINGS allow_suspicious_types_in_group_by = 1
SELECT j.a AS x FROM (SELECT CAST('{"a":1}' AS JSON) AS j) ORDER BY x SETTINGS allow_suspicious_types_in_order_by = 1
! SELECT row_number() OVER (PARTITION BY j.a) AS x FROM (SELECT CAST('{"a":1}' AS JSON) AS j)
! SELECT j.a IN (1, 2) FROM (SELECT CAST('{"a":1}' AS JSON) AS j)
! SELECT JSONExtract('{}', 'a', 'Foo')
! SELECT 1 SETTINGS constructor = 1
SELECT min((g, n)), max((g,n)), min([n]), max([n]) FROM (SELECT rowNumber AS id, g, n FROM (SELECT age AS rowNumber, u AS g, if(age % 2 = 0, NULL, age) AS n FROM us))
SELECT id FROM (SELECT rowNumber AS id, g, n FROM (SELECT age AS rowNumber, u AS g, if(age % 2 = 0, NULL, age) AS n FROM us)) ORDER BY (g, n), id
SELECT id FROM (SELECT rowNumber AS id, g, n FROM (SELECT age AS rowNumber, u AS g, if(age % 2 = 0, NULL, age) AS n FROM us)) ORDER BY [n], id
SELECT id FROM (SELECT rowNumber AS id, g, n FROM (SELECT age AS rowNumber, u AS g, if(age % 2 = 0, NULL, age) AS n FROM us)) ORDER BY [n] DESC, id
SELECT id FROM (SELECT rowNumber AS id, g, n FROM (SELECT age AS rowNumber, u AS g, if(age % 2 = 0, NULL, age) AS n FROM us)) ORDER BY (g, n) DESC NULLS FIRST, id
SELECT id FROM (SELECT rowNumber AS id, g, n FROM (SELECT age AS rowNumber, u AS g, if(age % 2 = 0, NULL, age) AS n FROM us)) ORDER BY (g, n) ASC NULLS FIRST, id
SELECT arraySort([NULL, 1, 2]), arrayReverseSort([NULL, 1, 2]), arraySort([(1, NULL), (1, 2)]), arrayReverseSort([(1, NULL), (1, 2)]), arrayMax([(1, 2), (1, 3)])
SELECT (1, n) > (1, 0), greatest([n], [1]) FROM (SELECT rowNumber AS id, g, n FROM (SELECT age AS rowNumber, u AS g, if(age % 2 = 0, NULL, age) AS n FROM us)) ORDER BY id
SELECT row_number() OVER (ORDER BY (g, n) DESC, id), id FROM (SELECT rowNumber AS id, g, n FROM (SELECT age AS rowNumber, u AS g, if(age % 2 = 0, NULL, age) AS n FROM us)) ORDER BY id
SELECT toStartOfInterval(toDateTime('2024-03-31 00:30:00', 'Europe/Berlin') + toIntervalMinute(number * 30), INTERVAL 2 HOUR) AS a, toStartOfInterval(toDateTime('2024-10-27 00:30:00', 'Europe/Berlin') + toIntervalMinute(number * 30), INTERVAL 3 HOUR) AS b, toStartOfInterval(toDateTime('2024-03-10 00:30:00', 'America/New_York') + toIntervalMinute(number * 30), INTERVAL 4 HOUR) AS c FROM numbers(14)
SELECT ((1, NULL), 3) = ((1, 2), 3), ((1, nullIf(age, 20)), 3) = ((1, 21), 3) AS x FROM us ORDER BY ALL
-- Whole numbers of 64 bits with and without a sign among each other.
SELECT has([-1::Int64], 18446744073709551615), indexOf([-1::Int64, 5], 5::UInt64), countEqual([-1::Int64, 5], 5::UInt64), arrayRemove([-1::Int64, 5], 5::UInt64), mapContains(map(-1::Int64, 1), 18446744073709551615), mapContains(map(1::UInt8, 1), 257), transform(-1::Int64, [18446744073709551615], ['a'], 'b'), transform(5::Int64, [5::UInt64], ['a'], 'b'), has([18446744073709551615], -1), greatest(-1::Int64, 5::UInt64), least(-1::Int64, 5::UInt64), least(18446744073709551615, 5::Int64), greatest(18446744073709551615, -5::Int64)
SELECT has([i], id::UInt64), indexOf([i, id::Int64], toUInt64(id)), countEqual([i - 500, id::Int64], toUInt64(id)), greatest(i - 500, toUInt64(id)), least(i - 500, toUInt64(id)), transform(i - 500, [toUInt64(17), 34], ['x', 'y'], '-'), has([toUInt64(id)], i - 17) FROM ev ORDER BY id LIMIT 40
SELECT has([18446744073709551615, 17], i), indexOf([18446744073709551615, 34], i) FROM ev ORDER BY id LIMIT 10
-- What lies in all lists is of their narrowest type.
SELECT arrayIntersect([300, 1]::Array(Int32), [44, 1]::Array(UInt8)) AS a, toTypeName(a), arrayIntersect([-1]::Array(Int64), [18446744073709551615]::Array(UInt64)) AS b, toTypeName(b), arrayIntersect([1.5, 2], [2]) AS c, toTypeName(c), arrayIntersect([[1],[2]],[[300],[1]]) AS d, toTypeName(d), arrayIntersect([(1,'a')],[(300,'b'),(1,'a')]) AS e, toTypeName(e), arrayIntersect([1,NULL]::Array(Nullable(Int32)), [1,NULL]::Array(Nullable(UInt8)),[1]) AS f, toTypeName(f), arrayIntersect([1,NULL]::Array(Nullable(Int32)), [2, 1,NULL]::Array(Nullable(UInt8))) AS g, toTypeName(g), arrayIntersect(a, [], a) AS h, toTypeName(h), toTypeName(arrayIntersect([true],[1])) AS k, toTypeName(arrayIntersect([3::Float32],[2::Int32], [300])), arrayIntersect([NULL],[NULL]), arrayIntersect([], [NULL]) AS j, toTypeName(j)
SELECT arrayIntersect([i, 5, 7], [toUInt64(id), 17, 5]) AS x, toTypeName(x), arrayIntersect([n, id], [7, 17, 3]) AS y, toTypeName(y), arrayIntersect([id, 2], [toUInt8(id), 2, 9]) AS z, toTypeName(z), arrayIntersect(a, ['p1', 'p2']), arrayIntersect(a, []) AS w, toTypeName(w) FROM ev ORDER BY id LIMIT 20
-- A lambda that is asked for a condition and gives none.
! SELECT arrayFilter(x -> x, a) FROM ev
! SELECT arrayExists(x -> [1], a) FROM ev
! SELECT arrayAll(x -> tuple(1), a) FROM ev
! SELECT arrayCount(x -> toDate(1), a) FROM ev
! SELECT arrayFirstOrNull(x -> toInt128(1), a) FROM ev
! SELECT arrayLastIndex(x -> toDecimal32(1, 2), a) FROM ev
! SELECT arrayFill(x -> x, a) FROM ev
! SELECT arrayReverseSplit(x -> x, a) FROM ev
! SELECT arrayExists(a) FROM ev
! SELECT mapFilter((k, v) -> k, map(u, 1)) FROM ev
SELECT arrayFilter(x -> NULL, a), arrayCount(x -> toNullable(1), a), arrayExists(x -> true, a), arrayFirst(x -> if(x = 'p1', NULL, 1), a), mapFilter((k, v) -> NULL, map(u, 1)) FROM ev ORDER BY id LIMIT 3
SELECT mapContainsKey(map(id, 1), n), mapContainsKey(map(id, 1), NULL), toTypeName(mapContainsKey(map(id, 1), n)) FROM ev ORDER BY id LIMIT 3
SELECT mapContainsKey(map(k, 1), toNullable(k)), mapContainsKey(map(k, 1), nullIf(k, 'k1')) FROM ev ORDER BY id LIMIT 3
SELECT arrayIntersect([toDate('2020-01-01'), toDate('2020-01-02')], [toDateTime('2020-01-01 00:00:00'), toDateTime('2020-01-02 05:00:00')]) x, toTypeName(x)
SELECT arrayIntersect([toDateTime64('2020-01-01 00:00:00',3)], [toDateTime('2020-01-01 00:00:00')]) x, toTypeName(x), arrayIntersect([toDateTime64('2020-01-01 00:00:00',3)], [toDate('2020-01-01')]) y, toTypeName(y)
SELECT arrayIntersect([toDecimal64(1, 2)], [toDecimal32(1, 1)]) x, toTypeName(x), arrayIntersect([toDecimal64(1.25, 2)], [toDecimal32(1.2, 1)]) y, arrayIntersect([toDecimal64(1.25,2)], [toDecimal128(1.25,5)]) z, toTypeName(z)
SELECT arrayIntersect([CAST(1, 'Decimal(5, 1)')], [CAST(1, 'Decimal(7, 2)')]) x, toTypeName(x)
SELECT arrayIntersect([CAST(1, 'Decimal(5, 1)')], [CAST(1, 'Decimal(12, 2)')]) x, toTypeName(x)
SELECT arrayIntersect([toDateTime('2020-01-01 00:00:00', 'Asia/Tokyo')], [toDateTime('2020-01-01 00:00:00', 'Asia/Tokyo')]) x, toTypeName(x)
SELECT arrayIntersect([toDateTime('2020-01-01 00:00:00', 'Asia/Tokyo')], [toDate('2020-01-01')]) x, toTypeName(x)
SELECT arrayIntersect([t], [d, t]) x, toTypeName(x), arrayIntersect([d], [toDateTime(d)]) FROM ev ORDER BY id LIMIT 1
-- Arrays, tuples and maps alone are joined by ||; with anything else they are texts.
SELECT ['paid'] || if('paid' IN ['paid'], ['comped', 'gift'], []), concat([1], [2, 300], [-1]), [1] || [] || [2.5]
SELECT (1, 2) || (3, 'a'), map('a', 1) || map('b', 2), concat(map(1, 2), map(3, 4), map(5, 6))
SELECT ['a'] || 'b', concat([1]), concat((1, 2)), concat([1], [2], 'x'), concat(tuple(1), map(1, 2)), [1] || NULL
SELECT id, k || a, arraySort(a || [k]) FROM ev ORDER BY id
SELECT count() FROM ev WHERE k IN (SELECT arrayJoin(['x'] || [k]) FROM ev)
SELECT arrayIntersect(materialize([1.5, 2.7, 3]), [1, 2, 3]), arrayIntersect([1, 2, 3], [1.5, 2.7, 3]), arrayIntersect([1.5, NULL], [1, NULL, 2]), arrayIntersect([1.5, NULL], [1, 2]), arrayIntersect([[1.5]], [[1]]), arrayIntersect([1.1, 1.2]::Array(Float64), [1.1]::Array(Float32))
! SELECT arrayIntersect([nan], [0, 1])
! SELECT arrayIntersect([1.5, 2.5]::Array(Decimal(9, 1)), [1, 2])
SELECT id, (id, n) IN ((40, NULL), (45, NULL), (1, 11)) AS pair, tuple(id, n) AS t, t IN ((45, NULL), (1, 11)) AS one FROM ev WHERE id % 9 < 2 ORDER BY id
