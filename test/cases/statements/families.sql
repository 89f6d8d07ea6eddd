-- Statements as a careful reader of ClickHouse's manual writes them, family by family: zones, Decimals, windows, sets of keys, gaps,
-- ASOF joins, combinators, documents, texts.
SELECT toStartOfHour(toDateTime('2024-03-31 01:30:00', 'Europe/Berlin') + INTERVAL 1 HOUR) AS a, toDateTime('2024-10-27 02:30:00', 'Europe/Berlin') AS b, toUnixTimestamp(b) AS c, b + INTERVAL 1 DAY AS d, b - INTERVAL 1 HOUR AS e
SELECT arrayMap(h -> formatDateTime(toDateTime('2024-10-26 23:00:00', 'UTC') + INTERVAL h HOUR, '%Y-%m-%d %H:%i %z', 'Europe/Berlin'), range(4))
SELECT toStartOfInterval(toDateTime('2024-03-31 03:30:00', 'Europe/Berlin'), INTERVAL 4 HOUR) AS a, toStartOfInterval(toDateTime('2024-10-27 03:30:00', 'Europe/Berlin'), INTERVAL 6 HOUR) AS b, toStartOfInterval(toDateTime('2024-10-27 03:30:00', 'Europe/Berlin'), INTERVAL 90 MINUTE) AS c
SELECT dateDiff('hour', toDateTime('2024-03-31 00:00:00', 'Europe/Berlin'), toDateTime('2024-04-01 00:00:00', 'Europe/Berlin')) AS a, dateDiff('day', toDateTime('2024-03-30 23:00:00', 'Europe/Berlin'), toDateTime('2024-04-01 00:00:00', 'Europe/Berlin')) AS b, age('day', toDateTime('2024-03-30 23:00:00', 'Europe/Berlin'), toDateTime('2024-04-01 00:00:00', 'Europe/Berlin')) AS c, age('month', toDate('2024-01-31'), toDate('2024-02-29')) AS d
SELECT toDateTime('2024-03-10 02:30:00', 'America/New_York') AS gap, toUnixTimestamp(gap), toStartOfDay(gap), toStartOfDay(gap) + INTERVAL 1 DAY, addHours(gap, 24), addDays(gap, 1)
SELECT toTimeZone(toDateTime64('2024-06-30 23:59:59.999', 3, 'UTC'), 'Asia/Kolkata') AS a, toStartOfQuarter(a), toMonday(a), toISOWeek(a), toYearWeek(a, 3), toLastDayOfMonth(a), timeZoneOffset(a), dateName('weekday', a)
SELECT date_trunc('week', toDateTime('2024-12-31 10:00:00', 'Australia/Lord_Howe')) AS a, toStartOfFifteenMinutes(toDateTime('2024-04-07 01:50:00', 'Australia/Lord_Howe')) AS b, toStartOfInterval(toDateTime64('2024-04-07 01:50:00.123', 3, 'Australia/Lord_Howe'), INTERVAL 7 MINUTE) AS c
SELECT parseDateTimeBestEffort('Sat, 2 Mar 2024 03:04:05 +0530') AS a, parseDateTimeBestEffort('2024-03-02T03:04:05.678Z', 'Asia/Tokyo') AS b, parseDateTime64BestEffort('2024-03-02 03:04:05.123456', 6, 'UTC') AS c, parseDateTimeBestEffortOrNull('nope') AS d, parseDateTimeBestEffortUS('03/02/2024 3:04 pm') AS e
SELECT parseDateTime('2024-02-29 11:12:13 PM', '%Y-%m-%d %h:%i:%s %p', 'UTC') AS a, parseDateTimeInJodaSyntax('29/Feb/2024:23:12:13', 'dd/MMM/yyyy:HH:mm:ss', 'UTC') AS b, parseDateTimeOrNull('2024-02-30', '%Y-%m-%d') AS c
SELECT addMonths(toDate('2024-01-31'), 1), addMonths(toDate('2023-11-30'), 3), addYears(toDate('2024-02-29'), 1), subtractMonths(toDateTime('2024-03-31 12:00:00', 'UTC'), 1), addQuarters(toDate32('2024-11-30'), 1), toDate('2024-01-31') + INTERVAL 1 MONTH + INTERVAL 1 DAY
SELECT toDateTime64('2024-01-01 00:00:00.5', 1, 'UTC') - toDateTime64('2023-12-31 23:59:59.25', 2, 'UTC') AS a, toDateTime('2024-01-01 00:00:00', 'UTC') - INTERVAL 1500 MILLISECOND AS b, toDateTime64('2024-01-01 00:00:00', 9, 'UTC') + INTERVAL 1 NANOSECOND AS c, toDate('2024-01-01') + INTERVAL 1 HOUR AS d
SELECT timeSlots(toDateTime('2024-01-01 12:20:00', 'UTC'), toUInt32(1800), 600) AS a, timeSlot(toDateTime('2024-01-01 12:20:00', 'UTC')) AS b, toRelativeDayNum(toDate('2024-01-01')) AS c, toRelativeWeekNum(toDate('2024-01-01')) AS d, toRelativeQuarterNum(toDate('2024-01-01')) AS e
SELECT toUnixTimestamp64Milli(toDateTime64('1969-12-31 23:59:59.999', 3, 'UTC')) AS a, fromUnixTimestamp64Milli(toInt64(-1), 'UTC') AS b, toDateTime64(-0.001, 3, 'UTC') AS c, toUnixTimestamp64Micro(toDateTime64('2024-01-01 00:00:00.123456', 6, 'UTC')) AS d, toDateTime(toDateTime64('2024-01-01 00:00:00.999', 3, 'UTC')) AS e
SELECT toDecimal32('1.25', 2) * toDecimal32('3.333', 3) AS a, toTypeName(a), toDecimal64('10', 4) / 3 AS b, toTypeName(b), toDecimal32(1, 4) / toDecimal32(3, 2) AS c, toTypeName(c), toDecimal128('1', 10) / toDecimal64('7', 2) AS d, -toDecimal32('0.5', 1) AS e
SELECT sum(h), avg(h), sum(g), avg(g), toTypeName(sum(h)), toTypeName(avg(h)), min(g), max(h), sum(h * g), toTypeName(sum(h * g)), sum(h / 3), any(h % 2) FROM large
! SELECT quantile(0.5)(h), quantileExact(0.5)(h), median(g), quantiles(0.1, 0.9)(h), toTypeName(quantileExact(0.5)(h)), stddevPop(h), varSamp(g), covarPop(h, g), corr(h, g) FROM large
SELECT round(h, 0), floor(g, 2), ceil(g, 1), trunc(-g, 3), toString(g), toInt32(h), toFloat32(g), h = 0.5, h > 1, g < h, greatest(h, g), toTypeName(greatest(h, g)) FROM large ORDER BY id LIMIT 5
SELECT toDecimal32('12.345', 2), toDecimal32OrNull('abc', 2), toDecimal32OrZero('99999999999', 2), toDecimal64('1e3', 2), toDecimal32(12.345, 2), toDecimal32(-0.005, 2), CAST('0.1' AS Decimal(10, 5)), toDecimalString(toDecimal32('1.5', 1), 4)
SELECT multiplyDecimal(toDecimal32('1.11', 2), toDecimal32('2.22', 2)), divideDecimal(toDecimal32('10', 1), toDecimal32('3', 1), 5), multiplyDecimal(toDecimal64('-12.6', 1), toDecimal64('0.5', 1), 2)
SELECT id, n, sum(n) OVER (ORDER BY id ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING) AS a, avg(n) OVER (PARTITION BY k ORDER BY id ROWS UNBOUNDED PRECEDING) AS b, first_value(n) OVER (PARTITION BY k ORDER BY id) AS c, last_value(n) OVER (PARTITION BY k ORDER BY id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS d FROM ev ORDER BY id LIMIT 12
SELECT id, i, rank() OVER w, dense_rank() OVER w, row_number() OVER w, percent_rank() OVER w, ntile(3) OVER w, cume_dist() OVER w FROM (SELECT id, i % 50 AS i FROM ev WHERE id < 20) WINDOW w AS (ORDER BY i, id) ORDER BY id
SELECT id, lagInFrame(s, 1, 'none') OVER (PARTITION BY k ORDER BY id) AS a, leadInFrame(s, 2) OVER (PARTITION BY k ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS b, lag(n) OVER (ORDER BY id) AS c, lead(n, 1, 7) OVER (ORDER BY id DESC) AS d, nth_value(s, 3) OVER (PARTITION BY k ORDER BY id) AS e FROM ev ORDER BY id LIMIT 10
SELECT id, sum(i) OVER (ORDER BY t RANGE BETWEEN 5000 PRECEDING AND 5000 FOLLOWING) AS a, count() OVER (ORDER BY d RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS b, max(f) OVER (ORDER BY f RANGE BETWEEN UNBOUNDED PRECEDING AND 1 FOLLOWING) AS c FROM ev ORDER BY id LIMIT 10
SELECT k, sum(i) AS s, sum(sum(i)) OVER (ORDER BY k) AS r, sum(i) / sum(sum(i)) OVER () AS share, rank() OVER (ORDER BY sum(i) DESC) AS rk FROM ev GROUP BY k ORDER BY k
SELECT id, sumIf(i, i > 100) OVER w AS a, countIf(n IS NULL) OVER w AS b, avgOrNull(n) OVER w AS c, anyLast(n) OVER w AS d, exponentialTimeDecayedSum(10)(f, id) OVER w AS e FROM ev WINDOW w AS (PARTITION BY k ORDER BY id ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) ORDER BY id LIMIT 8
SELECT id, count() OVER (ORDER BY id ROWS BETWEEN 3 FOLLOWING AND 5 FOLLOWING) AS a, sum(i) OVER (ORDER BY id ROWS BETWEEN 5 PRECEDING AND 3 PRECEDING) AS b, min(n) OVER (ORDER BY id ROWS BETWEEN 5 PRECEDING AND 3 PRECEDING) AS c FROM ev ORDER BY id LIMIT 8
SELECT k, d, sum(i), count() FROM ev GROUP BY ROLLUP(k, d) HAVING count() > 10 ORDER BY k, d, sum(i)
SELECT k, toYYYYMM(d) AS m, count(), grouping(k) AS gk, grouping(m) AS gm, grouping(k, m) AS gkm FROM ev GROUP BY CUBE(k, m) HAVING gk + gm < 2 ORDER BY gk, gm, k, m
SELECT k, count() AS c FROM ev GROUP BY k WITH TOTALS HAVING c > 24 ORDER BY k SETTINGS totals_mode = 'after_having_exclusive'
SELECT k, u, sum(i) FROM ev GROUP BY GROUPING SETS ((k, u), (k), ()) HAVING sum(i) > 2000 ORDER BY ALL
SELECT k, count() FROM ev GROUP BY k WITH ROLLUP ORDER BY count() DESC, k LIMIT 3
SELECT toNullable(k) AS kk, sum(i) FROM ev GROUP BY kk WITH CUBE ORDER BY kk NULLS FIRST SETTINGS group_by_use_nulls = 1
SELECT d, count() FROM ev WHERE id < 10 GROUP BY d ORDER BY d WITH FILL STEP 1
SELECT d, count() AS c FROM ev WHERE id < 5 GROUP BY d ORDER BY d WITH FILL FROM toDate('2023-12-05') TO toDate('2023-12-15') STEP INTERVAL 2 DAY INTERPOLATE (c AS c + 1)
SELECT toStartOfHour(t) AS h, count() AS c, max(s) AS m FROM ev WHERE id < 6 GROUP BY h ORDER BY h WITH FILL STEP INTERVAL 1 HOUR INTERPOLATE (c, m AS concat(m, '!')) LIMIT 20
! SELECT number AS a, number * 2 AS b FROM numbers(3) ORDER BY a WITH FILL FROM -1 TO 6 STEP 2, b WITH FILL FROM 0 TO 3
SELECT t, v FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 20 AS t, number AS v FROM numbers(4)) ORDER BY t WITH FILL STEP 5 STALENESS INTERVAL 12 SECOND
SELECT t, v FROM (SELECT toDateTime('2024-01-01 00:00:00', 'UTC') + number * 20 AS t, number AS v FROM numbers(4)) ORDER BY t DESC WITH FILL STEP -7 STALENESS -15 INTERPOLATE (v)
SELECT k, d, count() AS c FROM ev WHERE id < 12 GROUP BY k, d ORDER BY k, d WITH FILL STEP 10 INTERPOLATE (c AS 0)
! SELECT number AS x FROM numbers(3) ORDER BY x DESC WITH FILL FROM 5 TO -2 STEP -1
SELECT toFloat64(number) / 2 AS x FROM numbers(4) ORDER BY x WITH FILL FROM 0 TO 2.5 STEP 0.25
SELECT ev.id, pr.price FROM ev ASOF LEFT JOIN pr ON ev.k = pr.k AND ev.t >= pr.t ORDER BY ev.id LIMIT 15
SELECT ev.id, pr.price FROM ev ASOF JOIN pr ON ev.k = pr.k AND ev.t < pr.t ORDER BY ev.id LIMIT 15
SELECT ev.id, pr.q FROM ev ASOF LEFT JOIN (SELECT k, t, q FROM pr WHERE q > 0) AS pr USING (k, t) ORDER BY ev.id LIMIT 15
SELECT k, arrayMap(x -> x.2, arraySort(groupArray((id, i)))) AS l FROM (SELECT * FROM ev WHERE id < 10) GROUP BY k ORDER BY k
SELECT sumResample(0, 100, 25)(i, id) AS a, countResample(0, 100, 30)(id) AS b, groupArrayResample(0, 20, 10)(s, id) AS c FROM (SELECT * FROM ev ORDER BY id)
SELECT avgArgMin(f, id) AS a, sumArgMax(i, k) AS b, groupArrayArgMax(s, k) AS c, countArgMin(d) AS e FROM (SELECT * FROM ev ORDER BY id)
! SELECT sumForEach([id, i]) AS a, maxForEach(arrayMap(x -> length(x), a)) AS b, uniqForEach([k, u]) AS c, avgForEachIf([id], id > 5) AS e FROM (SELECT id, i, k, u, ev.a AS a FROM ev)
SELECT sumMapIf(map(k, i), i > 500) AS a, minMap(map(k, i)) AS b, sumMap([k], [i]) AS c, avgMap(map(k, f)) AS e, countMap(map(k, 1)) AS g FROM ev
SELECT sumDistinct(i % 10), countDistinctIf(k, i > 3), groupArrayDistinct(i % 3), uniqArray(a), sumArrayIf([id, id], id < 3), anyOrNullIf(s, id > 1000), sumOrDefaultIf(i, id > 1000), avgOrDefault(n) FROM (SELECT * FROM ev ORDER BY id)
! SELECT finalizeAggregation(sumState(i)), sumMerge(s), uniqMerge(un), quantileMerge(0.5)(q) FROM (SELECT sumState(i) AS s, uniqState(u) AS un, quantileState(0.5)(f) AS q, any(i) AS i FROM ev GROUP BY k)
SELECT retention(id = 1, i > 100, k = 'k1'), windowFunnel(100000)(t, k = 'k0', k = 'k1', k = 'k2'), sequenceMatch('(?1).*(?2)')(t, k = 'k0', k = 'k3'), sequenceCount('(?1)(?2)')(t, k = 'k0', k = 'k1') FROM ev
SELECT groupArrayMovingSum(3)(i), groupArrayMovingAvg(2)(i), groupArrayLast(3)(id), groupArraySample(2, 1)(id) != [], groupArrayInsertAt('-', 5)(s, id) FROM (SELECT * FROM ev WHERE id < 4 ORDER BY id)
SELECT largestTriangleThreeBuckets(4)(id, f), simpleLinearRegression(id, i), histogram(3)(f), kurtPop(f), skewSamp(f), entropy(k), cramersV(k, u), contingency(k, u), theilsU(k, u) FROM (SELECT * FROM ev ORDER BY id)
! SELECT k, argMin(s, (i, id)) AS a, argMax((s, id), f) AS b, maxIntersections(id, id + 5) AS c, boundingRatio(id, i) AS e, deltaSum(i) AS g FROM (SELECT * FROM ev ORDER BY id) GROUP BY k ORDER BY k
SELECT studentTTest(f, id % 2), mannWhitneyUTest('two-sided')(f, id % 2), welchTTest(0.95)(f, id % 2), rankCorr(f, i), meanZTest(1., 1., 0.95)(f, id % 2) FROM ev
SELECT JSONExtract('{"a":{"b":[1,2,{"c":"x"}]}}', 'a', 'b', 3, 'c', 'String') AS a, JSONExtractRaw('{"a":{"b":[1,2]}}', 'a') AS b, JSONLength('{"a":[1,2,3]}', 'a') AS c, JSONType('{"a":null}', 'a') AS d, JSONExtractKeys('{"x":1,"y":2}') AS e, JSONHas('{"a":[1]}', 'a', 2) AS f, JSONExtractInt('{"a":-3.7}', 'a') AS g
SELECT JSON_VALUE('{"a":{"b":"x"}}', '$.a.b') AS a, JSON_QUERY('{"a":[1,2]}', '$.a') AS b, JSON_EXISTS('{"a":[{"b":1}]}', '$.a[*].b') AS c, JSON_VALUE('{"a":[1,2,3]}', '$.a[1 to 2]') AS d, JSON_QUERY('{"a":[1,2,3]}', '$.a[0,2]') AS e
! SELECT '{"a":1}'::JSON(a UInt8, SKIP b) AS j, j.a, toTypeName(j.a), dynamicType(j.x), '{"a":"2024-01-01"}'::JSON.a.:Date AS d
SELECT tupleElement(JSONExtract('{"a":1,"b":"x"}', 'Tuple(a UInt8, b String)'), 'b') AS a, JSONExtract('{"a":[1,"2",3.5]}', 'a', 'Array(Nullable(Int32))') AS b, JSONExtract('[{"k":1},{"k":2}]', 'Array(Map(String, UInt8))') AS c, JSONExtractArrayRaw('[1,"a",{}]') AS d, JSONExtractKeysAndValues('{"a":1,"b":2}', 'Int8') AS e
SELECT CAST(number % 3 = 0 ? 'a' : NULL AS Nullable(String)) AS v, if(number % 2 = 0, number, toString(number)) AS w, toTypeName(w), variantType(w) FROM numbers(4) SETTINGS use_variant_as_common_type = 1
SELECT multiIf(number = 0, 1::Dynamic, number = 1, 'a'::Dynamic, [1,2]::Dynamic) AS d, dynamicType(d), toTypeName(d) FROM numbers(3)
SELECT arrayMap((x, y) -> x + y, [1,2], [3,4]), arrayFilter(x -> x % 2, range(5)), arrayReduce('sumIf', [1,2,3], [1,0,1]), arrayReduceInRanges('avg', [(1,2),(2,3)], [1,2,3,4]), arrayFold((acc, x) -> acc * 10 + x, [1,2,3], toInt64(0)), arrayCumSum([1,2,3]), arrayDifference([5,3,8]), arrayCompact([1,1,2,2,1])
SELECT splitByChar(',', 'a,,b'), splitByWhitespace(' a  b '), splitByNonAlpha('a.b-c'), alphaTokens('ab1cd'), ngrams('abcd', 3), tokens('a b,c'), extractAllGroupsVertical('a=1 b=2', '(\\w)=(\\d)'), arrayStringConcat(['a','b'], '-'), format('{0}-{1}-{0}', 'x', 'y'), printf('%05.1f|%s|%d', 3.14159, 'a', 42)
! SELECT base64Encode('hello'), base64Decode('aGVsbG8='), tryBase64Decode('!!'), base64URLEncode('??>'), hex(unhex('FFAA')), bin(5), unbin('01100001'), char(72, 105), ascii('A'), soundex('Robert'), punycodeEncode('münchen'), idnaEncode('straße.münchen.de')
SELECT k, count() AS c, uniq(u) AS x FROM ev GROUP BY k HAVING x > 2 AND c >= 25 ORDER BY c DESC, k LIMIT 2 OFFSET 1
SELECT k, groupArray(3)(id) AS first, groupArrayIf(2)(id, i > 500) AS big FROM (SELECT * FROM ev ORDER BY id) GROUP BY k ORDER BY k
SELECT a.k, b.k FROM (SELECT DISTINCT k FROM ev) AS a FULL JOIN (SELECT DISTINCT k FROM pr) AS b ON a.k = b.k ORDER BY a.k, b.k SETTINGS join_use_nulls = 1
SELECT ev.id, us.name FROM ev LEFT JOIN us ON ev.u = us.u AND us.age > 22 WHERE ev.id < 12 ORDER BY ev.id, us.age
SELECT count() FROM ev LEFT ANTI JOIN us ON ev.u = us.u
SELECT u, any(name) FROM us WHERE u IN (SELECT u FROM ev GROUP BY u HAVING count() > 9) GROUP BY u ORDER BY u
WITH RECURSIVE t AS (SELECT 1 AS n, 1 AS f UNION ALL SELECT n + 1, f * (n + 1) FROM t WHERE n < 6) SELECT * FROM t ORDER BY n
SELECT id, a, x FROM ev LEFT ARRAY JOIN a AS x WHERE id < 5 ORDER BY id, x
SELECT * FROM (SELECT id, k FROM ev WHERE id < 3 INTERSECT SELECT id, k FROM ev WHERE id > 0) ORDER BY id
SELECT * FROM (SELECT number FROM numbers(5) EXCEPT SELECT number * 2 FROM numbers(5)) ORDER BY number
SELECT DISTINCT ON (k) k, id, i FROM ev ORDER BY k, i DESC, id
SELECT k, id FROM ev ORDER BY k, id DESC LIMIT 2 BY k
SELECT id FROM ev ORDER BY i % 10 LIMIT 3 WITH TIES
SELECT COLUMNS('^[ku]$') APPLY(toString) APPLY(length) FROM ev ORDER BY id LIMIT 2
SELECT * EXCEPT (a, s) REPLACE (i * 2 AS i) FROM ev ORDER BY id LIMIT 2
SELECT sum(i) FILTER (WHERE k = 'k1'), count(*) FILTER (WHERE n IS NULL), avg(f) FILTER (WHERE false) FROM ev
SELECT toStartOfWeek(t) AS w, toStartOfWeek(t, 1) AS m, count() FROM ev GROUP BY w, m ORDER BY w, m
SELECT toDate('2024-02-30'), toDateTime('2024-01-01 25:00:00')
SELECT toDateOrNull('2024-02-30'), toDateTimeOrNull('2024-01-01 25:00:00'), toDateTimeOrZero('x'), toInt8OrNull('300'), toInt8OrDefault('300', 7::Int8), toFloat64OrNull('1e400'), toUInt8OrZero('-1')
SELECT toInt8(300), toUInt8(-1), toInt32(3.99), toInt32(-3.99), toUInt64(1e19), accurateCastOrNull(300, 'Int8'), accurateCastOrDefault(-1, 'UInt8', 5::UInt8), reinterpretAsFloat32(toUInt32(1065353216)), toBool('yes'), CAST('t' AS Bool)
SELECT 5 / 2, 5 % -3, -5 % 3, intDiv(-5, 2), 5 DIV 2, 0.1 + 0.2, 1 / 0, -1 / 0, 0 / 0, 2147483647 + 1, toTypeName(2147483647 + 1), 9223372036854775807 + 1, toTypeName(1::UInt8 - 2::UInt8), pow(2, 10), exp2(3), bitShiftLeft(1, 40)
SELECT substring('hello', -3, 2), substringUTF8('héllo', 2, 3), left('abc', -1), right('abc', 5), leftPad('7', 3, '0'), trim(BOTH 'x' FROM 'xxaxx'), replaceOne('aaa', 'a', 'b'), translate('abc', 'ab', 'xy'), initcap('hello world'), positionCaseInsensitive('HeLLo', 'll'), concat('a', 1, NULL), concat('a', 1, 2.5), repeat('ab', 3), reverseUTF8('né')
SELECT map('a', 1, 'b', 2) AS m, m['c'], mapKeys(m), mapContains(m, 'a'), mapFilter((k, v) -> v > 1, m), mapApply((k, v) -> (upper(k), v * 2), m), mapSort(m), mapUpdate(m, map('a', 9)), mapAdd(m, map('b', 3)), mapConcat(m, map('z', 0)), mapFromArrays(['x'], [1]), m.keys, m.values
SELECT cutToFirstSignificantSubdomain('https://a.b.example.co.uk/x'), domain('http://u:p@h.com:80/'), port('http://h.com:8080'), path('http://h/a/b?c'), pathFull('http://h/a?b#c'), queryString('http://h/?a=1&b=2#f'), extractURLParameter('http://h/?a=1&b=2', 'b'), topLevelDomain('http://x.org'), protocol('ftp://x'), decodeURLComponent('%7E%20+'), URLHierarchy('http://h/a/b/'), netloc('http://u@h:1/')
SELECT formatDateTime(toDateTime('2024-01-01 13:05:09', 'UTC'), '%a %b %c %C %d %D %e %f %F %g %G %h %H %i %I %j %k %l %m %M %n %p %Q %r %R %s %S %t %T %u %V %w %W %y %Y %z %%')
SELECT formatDateTime(toDateTime('2024-01-01 13:05:09', 'UTC'), '%g') AS a, formatDateTime(toDateTime('2024-01-01 13:05:09', 'UTC'), '%k|%l|%e') AS b, formatDateTime(toDateTime('2024-01-01 13:05:09', 'UTC'), '%r %R %T %s %S %t %n') AS c, formatDateTime(toDateTime('2024-01-01 13:05:09', 'UTC'), '%u %V %w %W %Q') AS d, formatDateTime(toDateTime('2024-01-01 13:05:09', 'UTC'), '%j %m %f') AS e, formatDateTime(toDateTime('2024-01-01 13:05:09', 'UTC'), '%c %C %b %a') AS f
SELECT formatDateTime(t, '%e|%c|%d|%m|%k|%l') AS x FROM ev ORDER BY id LIMIT 5
SELECT formatDateTime(toDate('2024-12-25'), '%e %c %M') AS x, formatDateTime(toDateTime64('2024-03-05 01:02:03.456', 3, 'UTC'), '%e-%c-%Y %k:%i') AS y
