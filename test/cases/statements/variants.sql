-- Which type values of several types have
SELECT [toInt64(1),1.5] AS x, toTypeName(x)
SELECT map('a',1,'b','x') AS x, toTypeName(x)
SELECT multiIf(number=0,1,number=1,'a',NULL) AS x, toTypeName(x) FROM numbers(3)
SELECT CASE WHEN number=0 THEN 1 WHEN number=1 THEN 'a' ELSE [1] END AS x, toTypeName(x) FROM numbers(3)
SELECT ifNull(NULL,'a') AS x, toTypeName(x) FROM numbers(3)
! SELECT greatest(toInt64(1),1.5) AS x
SELECT 1 AS x EXCEPT SELECT 'a'
! SELECT 1 IN (1,'a')
! SELECT number IN (0,'1','a') FROM numbers(2)
SELECT [toLowCardinality('a'),1] AS x, toTypeName(x) FROM numbers(2)
SELECT if(number=0,toDateTime(0),1) AS x, toTypeName(x) FROM numbers(2)
SELECT if(number=0,toDecimal32(1.5,2),toUInt64(1)) AS x, toTypeName(x) FROM numbers(2)
SELECT if(number=0,true,2) AS x, toTypeName(x) FROM numbers(2)
SELECT if(number=0,toFixedString('aa',2),1) AS x, toTypeName(x) FROM numbers(2)
SELECT if(number=0,tuple(1,2),'x') AS x, toTypeName(x) FROM numbers(2)
SELECT if(number=0,toInt64(1),toUInt64(1)) AS x, toTypeName(x) FROM numbers(2)
SELECT multiIf(number=0,if(number=0,1,'a'),toDate('2020-01-01')) AS x, toTypeName(x) FROM numbers(4)
SELECT if(number=0,if(number=0,1,'a'),NULL) AS x, toTypeName(x) FROM numbers(4)
SELECT array(1,'a')
SELECT toTypeName(map('k',[1,'a']))
! SELECT CASE 1 WHEN 1 THEN 'a' ELSE 2 END
! SELECT round(if(number, 1.5, number)) AS x, toTypeName(x) from numbers(2)
SELECT [1.5, count()]
SELECT toTypeName(arrayFold((acc,x)->acc+x,[1,2],1.5))
! SELECT * FROM (SELECT 1 AS k) a JOIN (SELECT 'x' AS k) b USING k
SELECT nullIf(number,1.5) FROM numbers(1)
! SELECT max(if(number, 1.5, number)) from numbers(2)
-- Functions, conversions and aggregates over a Variant
! SELECT avg(if(number>0, 1.5, number)) AS x, toTypeName(x) from numbers(2)
! SELECT if(number>0, 'a', number) = number AS x, toTypeName(x) from numbers(2)
! SELECT if(number>0, 'a', number) < 'b' AS x, toTypeName(x) from numbers(2)
SELECT length(if(number>0, '7', [1,2])) AS x, toTypeName(x) from numbers(2)
SELECT toString(if(number>0, -1.5, NULL::Nullable(String))) AS x, toTypeName(x) from numbers(2)
SELECT if(number>0, -1.5, '7')::String AS x, toTypeName(x) from numbers(2)
SELECT multiIf(number=0, -1.5, number=1,'7', NULL)::Nullable(String) AS x, toTypeName(x) from numbers(3)
! SELECT nullIf(multiIf(number=0, -1.5, number=1,'7', NULL),'7') AS x, toTypeName(x) from numbers(3)
SELECT uniq(multiIf(number=0, -1.5, number=1,'7', NULL)) AS x, toTypeName(x) from numbers(3)
SELECT groupArray(multiIf(number=0, -1.5, number=1,'7', NULL)) AS x, toTypeName(x) from numbers(3)
SELECT countIf(multiIf(number=0, -1.5, number=1,'7', NULL) = '7') AS x, toTypeName(x) from numbers(3)
! SELECT stddevPop(if(number>0, 1.5, number)) AS x, toTypeName(x) from numbers(2)
SELECT if(number>0, 1.5, number) x from numbers(3) ORDER BY x SETTINGS allow_suspicious_types_in_order_by=1
SELECT count(DISTINCT multiIf(number%4=0, -1.5, number%4=1,'7', number%4=2, -number, NULL)) x from numbers(8)
SELECT arrayReverse(array(1,'a',1)) AS x, toTypeName(x)
! SELECT indexOf(array(1,'a',1),'a') AS x, toTypeName(x)
SELECT arrayMap(x->variantType(x),array(1,'a',NULL)) AS x, toTypeName(x)
! SELECT variantElement(if(number>0, 1.5, number),'String') AS x, toTypeName(x) from numbers(3)
! SELECT variantElement(1,'Str') AS x, toTypeName(x) from numbers(1)
! SELECT x.String FROM (SELECT if(number>0, 1.5, [1]) AS x from numbers(3))
SELECT '1'::Variant(UInt8,String) AS x, toTypeName(x), variantType(x)
SELECT if(number>0, 1.5, number)::Variant(UInt64,Float64,String) AS x, toTypeName(x), variantType(x) FROM numbers(2)
SELECT ['1','a']::Array(Variant(UInt8,String)) AS x, toTypeName(x)
! SELECT CAST('1', 'Variant(Variant(UInt8),String)')
SELECT x, variantType(x) FROM (SELECT 1 AS x UNION ALL SELECT '7')
SELECT '12'::Variant(Int64,UInt64,String) AS x, variantType(x)
SELECT 'true'::Variant(Bool,String) AS x, variantType(x)
! SELECT ''::Variant(UInt8,Date) AS x, variantType(x)
SELECT multiIf(number=0,1.5,number=1,'a\'"\t,',number=2,[1,2],NULL) AS x, [x], (x,'1') FROM numbers(4)
! SELECT number FROM numbers(4) ORDER BY [if(number>0,'a',number)]
! SELECT row_number() OVER (ORDER BY if(number>0,'a',number)) FROM numbers(4)
SELECT if(number>0,'a',number) IS NOT DISTINCT FROM if(number>0,'a',number) FROM numbers(4)
SELECT * FROM (SELECT number k FROM numbers(2)) a LEFT JOIN (SELECT number+1 k, if(number>0,'a',number) v FROM numbers(2)) b ON a.k=b.k ORDER BY a.k
SELECT hex(if(number>0,'a',number)) x, toTypeName(x) FROM numbers(2)
SELECT identity(if(number>0,'a',number)) x, toTypeName(x) FROM numbers(2)
SELECT arrayWithConstant(2,if(number>0,'a',number)) x, toTypeName(x) FROM numbers(2)
! SELECT if(number>0,1.5,number) AND 1 x, toTypeName(x) FROM numbers(2)
SELECT if(number>0,1.5,number) + if(number>0,1.5,number) x, toTypeName(x) FROM numbers(2)
SELECT toInt32OrNull(if(number>0,'5','7'::FixedString(1))) x, toTypeName(x) FROM numbers(2)
! SELECT toYear(multiIf(number>1,NULL,number>0,toDate(1),toUInt64(3))) x, toTypeName(x) FROM numbers(3)
! SELECT length(if(0,'a',2))
SELECT min2(if(number>0,1.5,number),1) x FROM numbers(2)
! SELECT has(['a'],if(number>0,'a',number)) x FROM numbers(2)
SELECT arrayMap(x->x*2,[toInt64(1),1.5]) x, toTypeName(x)
SELECT x FROM (SELECT array(1,'a',NULL) a) ARRAY JOIN a AS x
SELECT anyHeavy(x) FROM (SELECT arrayJoin(array(1,'a',NULL)) x)
SELECT toString(array(1,'a',NULL)), toString((1,array(1,'a',NULL)))
SELECT array(1,'a',NULL)::Array(String) x
! SELECT dynamicType(if(number>0,'a',number)) FROM numbers(2)
SELECT if(number>0,'a',number) AS x FROM numbers(0)
SELECT count() FROM (SELECT if(number>0,'a',number) AS x FROM numbers(10)) WHERE x.String = 'a'
SELECT * FROM (SELECT if(number>0,'a',number) AS x FROM numbers(3)) EXCEPT SELECT toUInt64(0)
-- Columns of several row sets, by one worker and by three
SELECT id, multiIf(id % 3 = 0, u, id % 3 = 1, id, NULL) AS v, variantType(v) FROM ev ORDER BY id
SELECT id, multiIf(id % 3 = 0, u, id % 3 = 1, i, id % 7 = 2, a, NULL) AS v FROM ev ORDER BY id LIMIT 17 OFFSET 30
SELECT v, count() FROM (SELECT multiIf(id % 3 = 0, k, id % 3 = 1, n, NULL) AS v FROM ev) GROUP BY v ORDER BY v SETTINGS allow_suspicious_types_in_group_by = 1, allow_suspicious_types_in_order_by = 1
SELECT v, sum(i) FROM (SELECT i, multiIf(id % 5 = 0, d, id % 5 = 1, k, id % 5 = 2, f, n) AS v FROM ev) GROUP BY v ORDER BY v SETTINGS allow_suspicious_types_in_group_by = 1, allow_suspicious_types_in_order_by = 1
SELECT multiIf(id % 5 = 0, d, id % 5 = 1, k, id % 5 = 2, f, i) AS v, id FROM ev ORDER BY v DESC, id SETTINGS allow_suspicious_types_in_order_by = 1
SELECT multiIf(id % 5 = 0, d, id % 5 = 1, k, id % 5 = 2, f, n) AS v, id FROM ev ORDER BY v NULLS FIRST, id LIMIT 31 SETTINGS allow_suspicious_types_in_order_by = 1
SELECT k, arraySort(groupArray(toString(v))), count(v), uniq(v), uniqExact(v), uniqCombined(v) FROM (SELECT k, multiIf(id % 5 = 0, d, id % 5 = 1, s, id % 5 = 2, f, n) AS v FROM ev) GROUP BY k ORDER BY k
SELECT k, argMax(v, id), argMin(v, id), argMaxIf(v, id, id < 50) FROM (SELECT k, id, multiIf(id % 5 = 0, d, id % 5 = 1, s, id % 5 = 2, f, n) AS v FROM ev) GROUP BY k ORDER BY k
SELECT count() FROM (SELECT DISTINCT multiIf(id % 5 = 0, d, id % 5 = 1, k, id % 5 = 2, f, n) AS v FROM ev)
SELECT count(DISTINCT multiIf(id % 2 = 0, id % 10, toString(id % 10))) FROM ev
SELECT k, length(groupUniqArray(multiIf(id % 2 = 0, id % 10, toString(id % 10)))) FROM ev GROUP BY k ORDER BY k
SELECT k, arrayMap(x -> toString(x), groupArray(3)(v)) FROM (SELECT k, if(id % 2 = 0, s, n) AS v FROM ev ORDER BY id) GROUP BY k ORDER BY k
SELECT v FROM (SELECT id, if(id % 2 = 0, s, i) AS v FROM ev) WHERE v.Int64 > 900 ORDER BY id
SELECT v + 1, v * 2.5 FROM (SELECT id, if(id % 2 = 0, f, i) AS v FROM ev) ORDER BY id LIMIT 9
SELECT sum(toFloat64(v)), sum(v.Float64), sum(v.Int64) FROM (SELECT id, if(id % 2 = 0, f, i) AS v FROM ev)
SELECT toString(v), v::String, concat(v, '!'), length(toString(v)) FROM (SELECT id, multiIf(id % 2 = 0, f, id % 3 = 0, NULL, i) AS v FROM ev) ORDER BY id LIMIT 9
SELECT e.id, v.v, w FROM (SELECT id, u FROM ev WHERE id < 20) AS e LEFT JOIN (SELECT u, if(age % 2 = 0, name, age) AS v, [age, name] AS w FROM us) AS v ON e.u = v.u ORDER BY e.id, toString(v.v)
SELECT e.id, v.v FROM (SELECT id, u FROM ev WHERE id < 20) AS e LEFT JOIN (SELECT u, if(age % 2 = 0, name, age) AS v FROM us) AS v ON e.u = v.u ORDER BY e.id, toString(v.v) SETTINGS join_use_nulls = 1
SELECT x, variantType(x) FROM (SELECT id AS x FROM ev WHERE id < 3 UNION DISTINCT SELECT 'x' UNION DISTINCT SELECT n FROM ev WHERE id < 10) ORDER BY toString(x)
SELECT k, v FROM (SELECT k, if(id % 2 = 0, s, i) AS v, id FROM ev) ORDER BY k, id LIMIT 2 BY k
SELECT id, lagInFrame(v) OVER (PARTITION BY k ORDER BY id), leadInFrame(v, 2) OVER (PARTITION BY k ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING), first_value(v) OVER (PARTITION BY k ORDER BY id) FROM (SELECT id, k, multiIf(id % 2 = 0, s, id % 3 = 0, NULL, i) AS v FROM ev) ORDER BY id
SELECT arrayMap(x -> (x, toTypeName(x)), array(s, i, n, d)) FROM ev ORDER BY id LIMIT 4
SELECT map('s', s, 'i', i, 'n', n)['i'], map('s', s, 'n', n)['zz'] FROM ev ORDER BY id LIMIT 5
SELECT arrayJoin(array(s, i, n)) AS v, variantType(v) FROM ev WHERE id < 4 ORDER BY id, toString(v)
SELECT (SELECT if(id = 7, s, i) FROM ev WHERE id = 7) AS v, toTypeName(v), (SELECT array(id, s) FROM ev WHERE id = 8) AS w
SELECT v FROM (SELECT if(id > 5, s, i) AS v FROM ev WHERE id > 1000)
SELECT uniq(v), count(v), any(v), groupArray(v), argMax(v, 1) FROM (SELECT if(id > 5, s, i) AS v FROM ev WHERE id > 1000)
SELECT if(id > 5, s, i) AS v, max(id) FROM ev GROUP BY v, k HAVING v.String = 's3' ORDER BY k SETTINGS allow_suspicious_types_in_group_by = 1
SELECT k, any(v) FROM (SELECT k, if(k = 'k1', k, 7) AS v FROM ev) GROUP BY k ORDER BY k
SELECT k, if(k = 'k1', k, 7) AS v, if(s = 's3', s, toDate('2024-01-01')) AS w, variantType(v) FROM ev ORDER BY id LIMIT 12
SELECT upper(v) FROM (SELECT id, if(k = 'k1', k, u) AS v FROM ev) ORDER BY id LIMIT 3
SELECT toYear(v) FROM (SELECT id, if(id % 2 = 0, d, s) AS v FROM ev WHERE id % 2 = 0) ORDER BY id LIMIT 3
! SELECT toYear(v) FROM (SELECT id, if(id % 2 = 0, d, s) AS v FROM ev) ORDER BY id LIMIT 3
SELECT multiIf(variantType(v) = 'String', v.String, variantType(v) = 'Int64', 'number', 'none') FROM (SELECT id, multiIf(id % 3 = 0, s, id % 3 = 1, i, NULL) AS v FROM ev) ORDER BY id LIMIT 6
SELECT coalesce(v, 'none'), ifNull(v, 0.5), isNull(v), v IS NOT NULL, assumeNotNull(v) FROM (SELECT id, multiIf(id % 3 = 0, s, id % 3 = 1, i, NULL) AS v FROM ev) ORDER BY id LIMIT 6
SELECT tuple(v, 1), (v, v).2, [v], map('k', v) FROM (SELECT id, multiIf(id % 3 = 0, s, id % 3 = 1, i, NULL) AS v FROM ev) ORDER BY id LIMIT 6
SELECT toJSONString(map('a', v)), toJSONString(tuple(v)) FROM (SELECT id, multiIf(id % 3 = 0, s, id % 3 = 1, i, NULL) AS v FROM ev) ORDER BY id LIMIT 6
SELECT count() FROM (SELECT multiIf(id % 3 = 0, s, id % 3 = 1, i, NULL) AS v FROM ev) WHERE v IS NULL
SELECT i = v FROM (SELECT i, if(id % 2 = 0, i, f) AS v FROM ev WHERE id < 4)
SELECT k, v FROM (SELECT k, if(id % 2 = 0, s, i) AS v FROM ev WHERE id < 12) EXCEPT SELECT 'k1', if(id % 2 = 0, s, i) FROM ev
SELECT if(number % 2 = 0, number, 'x') AS v FROM numbers(20000) WHERE number % 4999 = 0
SELECT uniqExact(v), uniq(v) > 9000, count() FROM (SELECT if(number % 2 = 0, number, toString(number % 100)) AS v FROM numbers(20000))
SELECT v, count() AS c FROM (SELECT if(number % 2 = 0, number % 5, toString(number % 5)) AS v FROM numbers(20000)) GROUP BY v ORDER BY v SETTINGS allow_suspicious_types_in_group_by = 1, allow_suspicious_types_in_order_by = 1
SELECT sum(length(toString(v))) FROM (SELECT if(number % 2 = 0, number, toString(number * 1000)) AS v FROM numbers(20000))
SELECT v FROM (SELECT if(number % 2 = 0, number, toString(number * 1000)) AS v, number FROM numbers(20000)) ORDER BY number DESC LIMIT 5
SELECT toTypeName(v), v FROM (SELECT if(number = 0, toInt8(1), 'a') AS v FROM numbers(2) UNION ALL SELECT toInt8(3))
SELECT anyLast(x), any(x) RESPECT NULLS FROM (SELECT arrayJoin(array(1, 'a', NULL)) AS x)
SELECT if(number = 0, 'x', 1) AS v, v, toTypeName([v, v, 'b']) FROM numbers(2)
SELECT if(number = 0, toDecimal64(1.5, 3), 'a') AS v, if(number = 0, toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), 1.5) AS w, if(number = 0, toDateTime64('2024-01-01 00:00:00', 3), '') AS x, if(number = 0, toInt128(5), 'a') AS y, if(number = 0, true, 'a') AS z FROM numbers(2)
SELECT if(number = 0, (1, 'a'), [1]) AS v, v.`Tuple(UInt8, String)`.1 AS e, v.`Array(UInt8)` FROM numbers(2)
SELECT if(number = 0, map('a', 1), 'b') AS v, v.`Map(String, UInt8)`, v.String FROM numbers(2)
SELECT v.1 FROM (SELECT (if(number = 0, 1, 'b'), 2) AS v FROM numbers(2))
! SELECT sum(v.1.UInt8) FROM (SELECT (if(number = 0, 1, 'b'), 2) AS v FROM numbers(2))
SELECT if(number = 0, CAST('a', 'Enum8(\'a\' = 1)'), toDate(5)) AS v, toString(v) FROM numbers(2)
SELECT if(number = 0, nan, 'a') AS v, if(number = 0, inf, toUInt64(3)) AS w FROM numbers(2)
SELECT if(number = 0, 18446744073709551615, -1) AS v FROM numbers(2)
SELECT if(number = 0, 18446744073709551615, -1) AS v, v + 1, toFloat64(v), -v FROM numbers(2)
SELECT NULL::Variant(UInt8, String) AS v, v IS NULL, toString(v) FROM numbers(2)
SELECT if(n > 0, n, s) AS v, variantType(v) FROM ev ORDER BY id LIMIT 12
SELECT i / 2 AS h, if(i > 500, h, i) AS v, if(v > 300, 'big', v) AS w FROM ev ORDER BY id LIMIT 6
SELECT greatest(v, v), least(v, v) FROM (SELECT id, if(id % 2 = 0, s, i) AS v FROM ev) ORDER BY id LIMIT 3
SELECT count() FROM ev WHERE if(id % 2 = 0, i, f) > 10
SELECT k, countIf(v > 10), avgIf(toFloat64(v), v > 10) FROM (SELECT k, if(id % 2 = 0, i, f) AS v FROM ev) GROUP BY k ORDER BY k
SELECT * FROM (SELECT 1 AS x UNION ALL SELECT 'b' UNION ALL SELECT [1]) ORDER BY toString(x)
SELECT number AS n, sum(n) OVER () AS t, if(n = 0, NULL, if(n = 1, 'a', t)) AS v FROM numbers(3)
SELECT groupArray(if(number = 1, 'a', number)) AS g, g[2], arrayMap(x -> x.String, g), length(g) FROM numbers(3)
SELECT arrayFilter(x -> variantType(x) = 'String', array(1, 'a', 'b', NULL)) AS v, arrayCount(x -> x IS NULL, array(1, 'a', NULL)), arrayExists(x -> x.UInt8 = 1, array(1, 'a'))
SELECT arrayDistinct(array(1, 'a', 1, '1')), arrayReverse(array(1, 'a')), arrayConcat(array(1, 'a'), array(2, 'b')), arraySlice(array(1, 'a', NULL), 2), arrayPushBack(array(1, 'a'), NULL)
SELECT arrayZip(array(1, 'a'), [3, 4]), arrayFlatten([array(1, 'a'), array('b', 2)]), arrayUniq(array(1, '1', 1)), arrayEnumerateUniq(array(1, '1', 1))
SELECT mapValues(map('a', 1, 'b', 'x')), mapKeys(map('a', 1, 'b', 'x')), mapApply((k, v) -> (k, toString(v)), map('a', 1, 'b', 'x'))
SELECT v.k, count() FROM (SELECT if(id % 2 = 0, s, i) AS k FROM ev) AS v JOIN (SELECT if(id % 3 = 0, s, i) AS k FROM ev) AS w USING k GROUP BY v.k ORDER BY toString(v.k) SETTINGS allow_suspicious_types_in_group_by = 1
SELECT count() FROM (SELECT if(id % 2 = 0, s, i) AS k FROM ev) AS v JOIN (SELECT if(id % 3 = 0, s, i) AS k FROM ev) AS w USING k
SELECT v, count() FROM (SELECT if(id % 2 = 0, s, i) AS v FROM ev) GROUP BY v WITH ROLLUP ORDER BY 2 DESC, toString(v) LIMIT 3 SETTINGS allow_suspicious_types_in_group_by = 1
! SELECT groupArrayState(v) AS st, groupArrayMerge(st) FROM (SELECT if(id % 2 = 0, s, i) AS v FROM ev WHERE id < 4)
SELECT groupArrayMerge(st) FROM (SELECT groupArrayState(if(number = 1, 'a', number)) AS st FROM numbers(3))
SELECT uniqExactMerge(st), toTypeName(any(st)) FROM (SELECT uniqExactState(if(number = 1, 'a', number)) AS st FROM numbers(3))
SELECT x, y FROM (SELECT array(1, 'a') AS x, [2, 3] AS y) ARRAY JOIN x, y
SELECT DISTINCT ON (v) v, id FROM (SELECT id, if(id % 2 = 0, k, i % 2) AS v FROM ev ORDER BY id) ORDER BY id
WITH if(1, 'a', 2) AS v SELECT v, v = 'a', concat(v, 'b'), variantType(v)
WITH (SELECT if(1, 'a', 2)) AS v SELECT v, toTypeName(v), concat(v, 'b'), variantType(v)
SELECT (SELECT if(0, 'a', 2)) + 1 AS x
! SELECT * FROM (SELECT if(number = 1, 'a', number) AS v FROM numbers(3)) WHERE v = 1
SELECT * FROM (SELECT if(number = 1, 1.5, number) AS v, number AS n FROM numbers(6)) WHERE v >= n AND v < 4
SELECT n, v FROM (SELECT number AS n, if(n % 2 = 0, n, 'x') AS v FROM numbers(10)) WHERE n BETWEEN 3 AND 6 ORDER BY n DESC LIMIT 3
SELECT if(number = 0, if(number = 1, 1, 'a'), if(number = 2, toDate(1), 1.5)) AS v FROM numbers(3)
SELECT CAST(if(number = 0, 1, 'a'), 'Variant(Date, String, UInt8)') AS v FROM numbers(2)
SELECT CAST(if(number = 0, 1, 'a'), 'Nullable(UInt8)') AS v FROM numbers(1)
SELECT CAST(if(number = 0, 1, '2') AS LowCardinality(String)) AS v, toTypeName(v) FROM numbers(2)
SELECT accurateCastOrNull(if(number = 0, 1, 'a'), 'UInt8') AS v, toTypeName(v) FROM numbers(2)
! SELECT toInt32OrZero(if(number = 0, 'b', toFixedString('a', 1))) AS v
! SELECT toUInt8OrNull(if(number = 0, 1, 'a')) FROM numbers(2)
SELECT parseDateTimeBestEffort(if(number = 0, toFixedString('2024-01-01', 10), '2024-01-02')) FROM numbers(2)
SELECT splitByChar(',', if(number = 0, 'a,b', 1)) FROM numbers(1)
SELECT v LIKE '%a%' FROM (SELECT if(number = 0, 'a', toLowCardinality('bab')) AS v FROM numbers(2))
SELECT v LIKE '%a%' FROM (SELECT if(number = 0, 'a', 1) AS v FROM numbers(1))
SELECT substring(v, 1, 1), position(v, 'a') FROM (SELECT if(number = 0, 'abc', 1) AS v FROM numbers(1))
SELECT if(number = 0, 'abc', 1) AS v, if(number = 0, 1, v) AS w, if(v IS NULL, 'n', w) FROM numbers(2)
SELECT arrayElement(array(1, 'a', NULL), number + 1) AS v, v + 0 FROM numbers(1)
SELECT array(1, 'a')[5] AS v, variantType(v)
SELECT map('a', 1, 'b', 'x')['c'] AS v
SELECT map('a', 1, 'b', 'x')['b'] AS v, length(v)
SELECT mapFilter((k, v) -> variantType(v) = 'String', map('a', 1, 'b', 'x'))
SELECT mapContains(map('a', 1, 'b', 'x'), 'a'), length(map('a', 1, 'b', 'x'))
SELECT JSONExtractString(toJSONString(map('a', 1, 'b', 'x')), 'b')
SELECT tuple(1, array(1, 'x')) = tuple(1, array(1, 'x'))
SELECT array(1, 'x') = array(1, 'x'), array(1, 'x') = array(1, 'y')
SELECT array(1, 'x') < array('x', 1)
SELECT if(number > 0, toDateTime64('2024-01-01 00:00:00.123', 3, 'Europe/Berlin'), 5) AS v, v + 1, toString(v) FROM numbers(2)
SELECT if(number > 0, INTERVAL 1 DAY, 'a') AS v FROM numbers(2)
SELECT now() + v FROM (SELECT if(number > 5, 1.5, number) AS v FROM numbers(0))
! SELECT quantile(v) FROM (SELECT if(number = 1, 'a', number) AS v FROM numbers(3))
SELECT count(if(number = 1, 'a', number) + 1) FROM numbers(1)
SELECT max(toString(v)), min(v.UInt64) FROM (SELECT if(number = 1, 'a', number) AS v FROM numbers(3))
SELECT if(toNullable(number) > 0, 'a', 1) AS v FROM numbers(2)
SELECT if(NULL, 'a', 1) AS v, toTypeName(v)
SELECT multiIf(1, 'a', NULL) AS v, toTypeName(v)
SELECT if(number > 0, [], 'a') AS v, toTypeName(v) FROM numbers(2)
SELECT [NULL, 'a', number] AS v, toTypeName(v) FROM numbers(1)
SELECT if(number > 0, tuple(), 'a') AS v FROM numbers(2)
SELECT bar(if(number = 1, 1.5, number), 0, 10, 4) FROM numbers(3)
SELECT throwIf(if(number > 5, 'a', number) = 'zz') FROM numbers(0)
! SELECT greatest(1, 'a'), 1
SELECT min2(if(number > 0, 'a', 1), 2) FROM numbers(1)
SELECT k, sumIf(i, v = 1) FROM (SELECT k, i, if(id % 2 = 0, id % 3, 1.5) AS v FROM ev) GROUP BY k ORDER BY k
SELECT v FROM (SELECT number, if(number = 1, 'a', number) AS v FROM numbers(5)) ORDER BY number LIMIT 3 WITH TIES
SELECT number, v FROM (SELECT number * 2 AS number, if(number = 1, 'a', number) AS v FROM numbers(3)) ORDER BY number WITH FILL
SELECT number, v FROM (SELECT number * 2 AS number, if(number = 1, 'a', number) AS v FROM numbers(3)) ORDER BY number WITH FILL INTERPOLATE (v)
SELECT COLUMNS('v') APPLY toString FROM (SELECT if(number = 1, 'a', number) AS v FROM numbers(3))
SELECT if(number>0,'a',number) IN ('a','b') FROM numbers(3)
SELECT multiIf(number=0,1,number=1,'a',NULL) IN (1,'a') FROM numbers(3)
SELECT multiIf(number=0,1,number=1,'a',NULL) NOT IN (1) FROM numbers(3)
SELECT multiIf(number=0,1,number=1,'1',NULL) IN (1) FROM numbers(3)
SELECT multiIf(number=0,1,number=1,'1',NULL) IN ('1') FROM numbers(3)
SELECT multiIf(number=0,1.5,number=1,'1',NULL) IN (1.5) FROM numbers(3)
SELECT multiIf(number=0,300,number=1,'1',NULL) IN (300) FROM numbers(3)
SELECT multiIf(number=0,toUInt64(300),number=1,'1',NULL) IN (300) FROM numbers(3)
SELECT multiIf(number=0,1,number=1,'1',NULL) IN (NULL) FROM numbers(3)
! SELECT number IN (array(1,'a')) FROM numbers(3)
SELECT 'a' IN (SELECT if(number>0,'a',number) FROM numbers(3))
SELECT toInt64(4) AS x INTERSECT SELECT toFloat64(4)
SELECT toInt64(4) AS x EXCEPT SELECT toFloat64(4)
SELECT toInt64(4) AS x, 'a' AS y EXCEPT DISTINCT SELECT toFloat64(4), 'a'
SELECT * FROM (SELECT i AS x FROM ev EXCEPT SELECT toFloat64(i) / 2 FROM ev) ORDER BY toString(x)
SELECT count(DISTINCT r) FROM (SELECT arrayJoin([1, 2, 3]) AS a, rand() AS r FROM numbers(100))
SELECT count(DISTINCT r) FROM (SELECT arrayJoin([1, 2, 3]) + 0 AS a, generateUUIDv4() AS r FROM numbers(100) ORDER BY r)
SELECT count(DISTINCT r) FROM (SELECT arrayJoin([1, 2, 3]) AS a, rand(a) AS r FROM numbers(100))
SELECT toTypeName(toDecimal64(if(id = 1, i, toFloat64(id)), 2)), toDecimal64(if(id = 1, i, toFloat64(id)), 2), toTypeName(toDateTime64(if(id = 1, t, '2024-05-06 07:08:09'), 3)), toDateTime64(if(id = 1, t, '2024-05-06 07:08:09'), 3, 'UTC'), toDecimal32(if(id = 1, '3.25', i), 1) FROM ev ORDER BY id LIMIT 3
SELECT id, if(rand() % 2 = 3, i, 1.5) + 1 AS x, toTypeName(x) FROM ev ORDER BY id LIMIT 3
SELECT id FROM ev WHERE if(id = 1, i, toFloat64(id)) IN (SELECT toInt64(id) FROM ev) ORDER BY id
SELECT id FROM ev WHERE if(id % 2 = 1, toString(id), id) NOT IN (SELECT 2) ORDER BY id
SELECT id, if(id % 2 = 1, toString(id), id) IN (SELECT id FROM ev WHERE id < 5) FROM ev ORDER BY id
SELECT CAST('1', 'Enum8(\'a\' = 1)'), CAST(toString(id % 2 + 1), 'Enum8(\'a\' = 1, \'1\' = 2)') FROM ev ORDER BY id
SELECT parseDateTimeBestEffort('2024-05-06 25:00:00'), parseDateTimeBestEffort('2024-05-06 24:00:00'), parseDateTimeBestEffort('2024-05-06 25:61:61'), parseDateTimeBestEffort('2024-05-06 99:00:00')
-- A Decimal beside whole numbers of 128 bits and more.
SELECT if(id = 1, toInt128(5), toDecimal64(1.5, 2)) AS x, toTypeName(x), if(id = 2, toUInt128('340282366920938463463374607431768211455'), toDecimal256(1.5, 2)) AS y, toTypeName(y), multiIf(id = 1, toInt256(5), id = 2, toDecimal64(1.5, 2), toDecimal256(3, 5)) AS z, toTypeName(z) FROM ev WHERE id < 4 ORDER BY id
SELECT toTypeName([toInt128(id), toDecimal64(1, 2)]), toTypeName(coalesce(toNullable(toInt128(5)), toDecimal64(1.5, 2))), toTypeName(ifNull(toNullable(toInt128(5)), toDecimal64(1.5, 2))), toTypeName(map('a', toInt128(5), 'b', toDecimal64(1.5, 2))), toTypeName(if(id = 1, toUInt64(5), toDecimal64(1.5, 2))) FROM ev LIMIT 1
SELECT x, toTypeName(x) FROM (SELECT toInt128(5) AS x UNION ALL SELECT toDecimal64(1.5, 2)) ORDER BY toString(x)
SELECT if(id % 2 = 0, a, e) AS x, toTypeName(x) FROM large ORDER BY id
-- Hashes of Variants: of the number of the alternative and the value's bytes.
SELECT cityHash64(if(id % 2 = 0, id, s)), xxHash64(if(id % 3 = 0, NULL, if(id % 2 = 0, i, s))), sipHash64(if(id % 2 = 0, f, s)), murmurHash2_64(if(id % 2 = 0, d, k)), farmHash64(if(id % 2 = 0, a, s)) FROM ev ORDER BY id LIMIT 12
SELECT cityHash64([1, 'a']), cityHash64([if(1, 1, 'a')]), cityHash64(1::Variant(UInt8, String), 'x'), cityHash64(tuple(1::Variant(UInt8, String), 5)), cityHash64(NULL::Variant(UInt32, String)), cityHash64(repeat('a', 200)::Variant(UInt32, String)), cityHash64([1,2]::Array(UInt8)::Variant(Array(UInt8), String)), cityHash64(['a','b']::Variant(Array(String), UInt8)), cityHash64((1::UInt8,'b')::Tuple(UInt8, String)::Variant(Tuple(UInt8, String), UInt8)), cityHash64(map('a', 5::Variant(UInt8, String)))
SELECT hex(sipHash128(1::Variant(UInt8, String))), xxHash32(1::Variant(UInt8, String)), murmurHash3_32(1::Variant(UInt8, String)), hex(murmurHash3_128(1::Variant(UInt8, String))), metroHash64(1::Variant(UInt8, String)), murmurHash2_32(1::Variant(UInt8, String)), sipHash64Keyed((1::UInt64, 2::UInt64), 1::Variant(UInt8, String)), gccMurmurHash(1::Variant(UInt8, String)), javaHash('a'::Variant(UInt8, String))
SELECT cityHash64(toInt128(5)::Variant(Int128, String)), cityHash64(toDecimal32(1.5, 2)::Variant(Decimal(9, 2), String)), cityHash64(toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')::Variant(UUID, String)), cityHash64('ab'::FixedString(3)::Variant(FixedString(3), UInt8)), cityHash64([1, NULL]::Array(Nullable(UInt8))::Variant(Array(Nullable(UInt8)), String)), cityHash64(toIPv4('1.2.3.4')::Variant(IPv4, String)), cityHash64(true::Variant(Bool, String)), cityHash64(toDateTime64('2024-01-02 03:04:05.123', 3)::Variant(DateTime64(3), String)), cityHash64(map('a', 1::UInt8)::Variant(Map(String, UInt8), UInt8))
SELECT cityHash64('x'::LowCardinality(String)::Variant(LowCardinality(String), UInt8))
! SELECT MD5(1::Variant(UInt8, String))
! SELECT intHash64(1::Variant(UInt8, String))
SELECT farmFingerprint64(1::Variant(UInt8, String)), xxh3(1::Variant(UInt8, String)), wyHash64(1::Variant(UInt8, String)), halfMD5(1::Variant(UInt8, String)), hiveHash('a'::Variant(UInt8, String)), kafkaMurmurHash(1::Variant(UInt8, String)), hex(sipHash128ReferenceKeyed((1::UInt64, 2::UInt64), 1::Variant(UInt8, String)))
-- Joins by Variants of one type.
SELECT count() FROM ev AS l JOIN ev AS r ON if(l.id % 2 = 0, l.id % 4, l.k) = if(r.id % 2 = 0, r.id % 4, r.k)
SELECT l.x, r.x, r.y FROM (SELECT if(id % 2 = 0, id, s) AS x FROM ev WHERE id < 9) AS l JOIN (SELECT if(id % 3 = 0, id, s) AS x, id AS y FROM ev WHERE id < 12) AS r ON l.x = r.x AND r.y < 8 ORDER BY r.y, toString(l.x)
SELECT l.i, r.y FROM (SELECT if(id % 5 = 0, NULL, if(id % 2 = 0, id, s)) AS x, id AS i FROM ev WHERE id < 9) AS l LEFT JOIN (SELECT if(id % 3 = 0, id, s) AS x, id AS y FROM ev WHERE id < 12) AS r ON l.x = r.x ORDER BY l.i, r.y
! SELECT count() FROM (SELECT if(id % 2 = 0, id, s) AS x FROM ev) AS l JOIN (SELECT id AS x FROM ev) AS r ON l.x = r.x
-- Beside String no text becomes a time of day.
SELECT x, variantType(x) FROM (SELECT s AS x FROM ev WHERE id < 3 UNION ALL SELECT arrayJoin(['7', '00:00:07', '']) UNION ALL SELECT toTime(5)) ORDER BY toString(x)
SELECT variantType(CAST(materialize('00:00:07') AS Variant(String, Time))), variantType(CAST(materialize('00:00:07.5') AS Variant(Time64(3), String))), variantType(CAST(materialize('00:00:07') AS Variant(Time, UInt64))), variantType(CAST(materialize('7') AS Variant(Time, UInt64)))
