-- Aggregates of Decimals and times: results are whole ticks of their type.
SELECT median(h), quantile(0.3)(h), quantiles(0.1, 0.5, 0.77)(h), toString(median(h)), median(toNullable(h)), median(g), quantiles(0.3, 0.77)(g) FROM large
SELECT quantileMerge(0.3)(s), quantileIf(0.77)(h, id > 3), quantileOrNull(0.3)(h) FROM (SELECT quantileState(0.3)(large.h) AS s, max(large.h) AS h, max(large.id) AS id FROM large GROUP BY large.id % 3)
SELECT quantile(0.3)(toDateTime64(t, 3) + toIntervalMillisecond(id)), quantiles(0.1, 0.77)(toDateTime64(t, 6)), median(d), median(t), quantile(0.3)(t), quantile(0.31)(d) FROM ev
SELECT k, quantile(0.3)(toDateTime64(t, 3)), median(toDecimal32(i, 1) / 3), medianExact(toDecimal64(i, 2)) FROM ev GROUP BY k ORDER BY k
SELECT quantileInterpolatedWeighted(0.3)(h, id), quantileInterpolatedWeighted(0.3)(toDateTime64(id, 3), id), quantileExactWeighted(0.3)(h, id), quantileExactWeightedInterpolated(0.3)(h, id) FROM large
SELECT id, median(toDateTime64(t, 3)) OVER (ORDER BY id), quantile(0.3)(toDecimal64(i, 2)) OVER (ORDER BY id) FROM ev ORDER BY id LIMIT 9
SELECT groupArrayMovingAvg(2)(h), groupArrayMovingAvg(h), groupArrayMovingSum(2)(h) FROM (SELECT * FROM large ORDER BY id)
! SELECT quantileDeterministic(0.3)(toDateTime64(t, 3), id) FROM ev
! SELECT quantileExactExclusive(0.3)(h) FROM large
! SELECT quantileExactInclusive(0.3)(h) FROM large
SELECT quantileDeterministic(0.3)(t, id), quantileDeterministic(0.3)(d, id), quantileGK(100, 0.3)(h), quantileBFloat16(t), quantileDD(0.01, 0.5)(t), quantileTiming(t), quantileExactExclusive(0.3)(t), quantileExactInclusive(d) FROM ev, large LIMIT 1
SELECT avg(d), avg(t), avg(toDateTime64(t, 3)), avg(toDate32(d)), avg(toDateTime(t, 'Asia/Tokyo')), avgIf(t, id > 10), avg(toNullable(d)), avgOrNull(d) FROM ev
SELECT avg(d), avg(t), avg(toDateTime64(t, 3)), avg(toDate32(d)), avgOrNull(t), avg(toNullable(t)) FROM ev WHERE 0
SELECT k, avg(d), avg(t), avgMerge(avgState(t)) OVER (), avg(toDate32(d) - 30000) FROM ev GROUP BY k ORDER BY k
SELECT id, avg(t) OVER (ORDER BY id ROWS 2 PRECEDING), avg(d) OVER (PARTITION BY k ORDER BY id) FROM ev ORDER BY id LIMIT 9
SELECT finalizeAggregation(avgState(t)), toTypeName(avgState(t)), toTypeName(avgState(d)), arrayReduce('avg', [toDate('2024-01-01'), toDate('2024-01-04')]) FROM ev
SELECT avg(toDateTime64('2200-01-01 00:00:00.123456', 6)), avg(toDate32('1950-01-01')), avg(toDateTime64('1950-01-01 00:00:00.7', 1)), avg(arrayJoin([toDate32('1950-01-01'), toDate32('1950-01-02')]))
! SELECT avgWeighted(d, id), avgWeighted(t, id) FROM ev
! SELECT sum(d) FROM ev
! SELECT avg(CAST(1 AS Enum8('a' = 1)))
! SELECT corr(CAST(1 AS Enum8('a' = 1)), 1)
! SELECT sumCount(CAST(1 AS Enum8('a' = 1)))
SELECT sum(e), sumWithOverflow(e), skewPop(e), varSamp(e), stddevPop(e), min(e), sumKahan(e) FROM (SELECT CAST(id % 2 + 1 AS Enum8('a' = 1, 'b' = 2)) AS e FROM ev)
SELECT sumKahan(h), sumKahan(e), toTypeName(sumKahan(f)) FROM large
SELECT skewPop(h), kurtSamp(h) FROM large, ev LIMIT 1
SELECT e, e = 'zz', e < 'zz', e > 'zz', e = '1', e < '2', e >= '3', e != '2', e = '77', e IN ('1', '2'), e IN ('a', 'zz'), e NOT IN ('zz'), e < 'b' FROM (SELECT CAST(id % 3 + 1 AS Enum8('a' = 1, 'b' = 2, 'c' = 3)) AS e, id FROM ev) ORDER BY id
! SELECT count() FROM (SELECT CAST(id % 3 + 1 AS Enum8('a' = 1, 'b' = 2, 'c' = 3)) AS e FROM ev) WHERE e != 'zz'
SELECT count() FROM (SELECT CAST(id % 3 + 1 AS Nullable(Enum8('a' = 1, 'b' = 2, 'c' = 3))) AS e FROM ev) WHERE e > 'zz' OR e = '3'
SELECT x FROM (SELECT any(x) AS x FROM (SELECT CAST('a', 'SimpleAggregateFunction(any, String)') AS x) UNION ALL SELECT 'b' AS x) ORDER BY x
SELECT x FROM (SELECT CAST('a', 'SimpleAggregateFunction(any, String)') AS x UNION ALL SELECT 'b' AS x) ORDER BY x
SELECT x FROM (SELECT 'b' AS x UNION ALL SELECT CAST('a', 'SimpleAggregateFunction(any, String)') AS x) ORDER BY x
SELECT x FROM (SELECT CAST(1, 'SimpleAggregateFunction(max, UInt8)') AS x UNION ALL SELECT 300 AS x) ORDER BY x
SELECT if(number = 1, x, 'b') AS y, [x, 'c'] AS z FROM (SELECT CAST('a', 'SimpleAggregateFunction(any, String)') AS x, number FROM numbers(2))
SELECT if(number = 1, 'b', x) AS y, multiIf(number = 1, x, number = 2, 'e', x) AS z FROM (SELECT CAST('a', 'SimpleAggregateFunction(any, String)') AS x, number FROM numbers(2))
SELECT concat(c, 'b') AS f, toTypeName(f), c || 'x' AS g, toTypeName(g), concat(c, c) AS h, toTypeName(h), concat(c, number) AS i, toTypeName(i), concat(c, 1) AS j, toTypeName(j), upper(c) AS k, toTypeName(k), substring(c, 1, 2) AS l, toTypeName(l), toString(c) AS m, toTypeName(m), format('{}-{}', c, 'b') AS n, toTypeName(n), concatWithSeparator('-', c, 'b') AS o, toTypeName(o), concat(c) AS p, toTypeName(p), concat('a', c, 'b', 1.5, toDate('2024-01-01')) AS q, toTypeName(q) FROM (SELECT toLowCardinality(toString(number)) AS c, number FROM numbers(3))
SELECT concat(c, 'b') AS f, toTypeName(f), concat(c, NULL) AS g, toTypeName(g), concat(c, toNullable('x')) AS h, toTypeName(h) FROM (SELECT toLowCardinality(toNullable(toString(number))) AS c, number FROM numbers(3))
SELECT mapKeys(m) AS e, toTypeName(e), mapValues(m) AS v, toTypeName(v), m.keys AS k, toTypeName(k), arrayJoin(mapKeys(m)) AS aj, toTypeName(aj), m['a'] AS x, toTypeName(x) FROM (SELECT CAST(map('a','b'), 'Map(LowCardinality(String), LowCardinality(String))') AS m)
SELECT mapApply((k, v) -> (k, v), m) AS v, toTypeName(v), mapSort(m) AS s, toTypeName(s),  mapFilter((k, v) -> k = 'a', m) AS e, toTypeName(e) FROM (SELECT CAST(map('a','b'), 'Map(LowCardinality(String), LowCardinality(String))') AS m)
SELECT mapExtractKeyLike(m, 'a') AS el, toTypeName(el) FROM (SELECT CAST(map('a','b'), 'Map(LowCardinality(String), LowCardinality(String))') AS m)
SELECT mapUpdate(m, m) AS u, toTypeName(u) FROM (SELECT CAST(map('a','b'), 'Map(LowCardinality(String), LowCardinality(String))') AS m)
SELECT mapConcat(m, m) AS u, toTypeName(u), mapContainsKey(m, 'a'), mapContainsKeyLike(m, 'a'), length(m), mapAdd(map('a',1), map('b',2)) FROM (SELECT CAST(map('a','b'), 'Map(LowCardinality(String), LowCardinality(String))') AS m)
SELECT toString(d, 'Asia/Tokyo') AS a, toTypeName(a), toString(d) AS b, toTypeName(b), formatDateTime(d, '%F') AS c, toTypeName(c), toDate(d) AS e, toTypeName(e) FROM (SELECT toLowCardinality(toDateTime(number, 'UTC')) AS d FROM numbers(2))
SELECT toString(n) AS b, toTypeName(b), n + 1 AS c, toTypeName(c), CAST(n AS String) AS d, toTypeName(d), n::Int8 AS e, toTypeName(e) FROM (SELECT toLowCardinality(number) AS n FROM numbers(2))
SELECT m.keys, m.values, m.size0 FROM (SELECT map('a', 1) AS m)
SELECT m.keys FROM (SELECT map('a', 1) AS m) WHERE has(m.keys, 'a')
