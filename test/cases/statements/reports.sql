SELECT toStartOfHour(t) AS hour, count() AS events, uniqExact(u) AS users FROM ev GROUP BY hour ORDER BY hour LIMIT 10
SELECT toDate(t) AS day, countIf(k = 'k0') AS views, countIf(k = 'k1') AS clicks, round(clicks / views, 3) AS ctr FROM ev GROUP BY day ORDER BY day
SELECT k, count() AS c, round(100 * c / sum(c) OVER (), 2) AS percent FROM ev GROUP BY k ORDER BY c DESC, k
SELECT k, u, c FROM (SELECT k, u, count() AS c, row_number() OVER (PARTITION BY k ORDER BY count() DESC, u) AS rn FROM ev GROUP BY k, u) WHERE rn <= 2 ORDER BY k, c DESC, u
SELECT u, min(t) AS first_seen, max(t) AS last_seen, dateDiff('hour', first_seen, last_seen) AS hours FROM ev GROUP BY u ORDER BY u
SELECT day, c, sum(c) OVER (ORDER BY day) AS running FROM (SELECT toDate(t) AS day, count() AS c FROM ev GROUP BY day) ORDER BY day
SELECT day, c, avg(c) OVER (ORDER BY day ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving FROM (SELECT toDate(t) AS day, count() AS c FROM ev GROUP BY day) ORDER BY day
SELECT day, c, c - lagInFrame(c, 1, c) OVER (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS delta FROM (SELECT toDate(t) AS day, toInt64(count()) AS c FROM ev GROUP BY day) ORDER BY day
SELECT u, groupArray(k) AS path FROM (SELECT u, k FROM ev ORDER BY u, t, id) GROUP BY u ORDER BY u LIMIT 4
SELECT u, arrayStringConcat(arraySort(groupUniqArray(k)), ',') AS kinds FROM ev GROUP BY u ORDER BY u
SELECT country, count() AS events, uniqExact(ev.u) AS users, round(events / users, 2) AS per_user FROM ev JOIN us ON ev.u = us.u GROUP BY country ORDER BY country
SELECT us.country AS country, toDate(ev.t) AS day, count() AS c FROM ev LEFT JOIN us USING (u) GROUP BY country, day ORDER BY country, day LIMIT 12
SELECT u FROM us WHERE u NOT IN (SELECT u FROM ev WHERE k = 'k2' AND i > 500) ORDER BY u, age
SELECT us.u, coalesce(x.c, 0) AS c FROM us LEFT JOIN (SELECT u, count() AS c FROM ev GROUP BY u) AS x ON us.u = x.u ORDER BY c DESC, us.u, us.age
SELECT countIf(c = 1) AS once, countIf(c > 1) AS more, max(c) AS most FROM (SELECT u, uniqExact(toDate(t)) AS c FROM ev GROUP BY u)
SELECT toDate(t) AS day, quantileExact(0.5)(i) AS p50, quantileExact(0.9)(i) AS p90, max(i) AS top FROM ev GROUP BY day ORDER BY day
SELECT multiIf(i < 200, 'low', i < 600, 'mid', 'high') AS band, count() AS c, min(i), max(i) FROM ev GROUP BY band ORDER BY band
SELECT intDiv(i, 250) * 250 AS bucket, count() AS c, bar(c, 0, 40, 10) AS shape FROM ev GROUP BY bucket ORDER BY bucket
SELECT k, argMax(u, (t, id)) AS last_user, argMin(u, (t, id)) AS first_user FROM ev GROUP BY k ORDER BY k
SELECT u, k, t FROM ev ORDER BY u, t DESC, id LIMIT 1 BY u
SELECT u, countIf(t >= toDateTime('2023-11-16 00:00:00')) AS after, countIf(t < toDateTime('2023-11-16 00:00:00')) AS before FROM ev GROUP BY u HAVING after > 0 AND before > 0 ORDER BY u
SELECT x AS tag, count() AS c FROM ev ARRAY JOIN a AS x GROUP BY tag ORDER BY c DESC, tag
SELECT length(a) AS n, count() AS c, avg(f) AS mean FROM ev GROUP BY n ORDER BY n
SELECT u, sum(i) AS total FROM ev GROUP BY u ORDER BY total DESC, u LIMIT 3
SELECT u, total, rank() OVER (ORDER BY total DESC) AS place FROM (SELECT u, sum(i) AS total FROM ev GROUP BY u) ORDER BY place, u LIMIT 5
WITH totals AS (SELECT u, sum(i) AS total FROM ev GROUP BY u) SELECT count() AS users, sum(total) AS all, max(total) AS best FROM totals
WITH (SELECT avg(i) FROM ev) AS mean SELECT countIf(i > mean) AS above, countIf(i <= mean) AS below FROM ev
WITH toDate('2023-11-15') AS from, toDate('2023-11-17') AS to SELECT toDate(t) AS day, count() FROM ev WHERE day BETWEEN from AND to GROUP BY day ORDER BY day
WITH daily AS (SELECT toDate(t) AS day, uniqExact(u) AS dau FROM ev GROUP BY day), best AS (SELECT max(dau) AS m FROM daily) SELECT day, dau FROM daily WHERE dau = (SELECT m FROM best) ORDER BY day
SELECT day, k, c FROM (SELECT toDate(t) AS day, k, count() AS c FROM ev GROUP BY day, k) WHERE c >= 5 ORDER BY day, k
SELECT toStartOfInterval(t, INTERVAL 6 HOUR) AS slot, count() AS c FROM ev GROUP BY slot ORDER BY slot
SELECT toStartOfInterval(t, INTERVAL 15 MINUTE) AS slot, count() AS c FROM ev GROUP BY slot HAVING c > 1 ORDER BY slot LIMIT 8
SELECT toHour(t) AS hour, count() AS c FROM ev GROUP BY hour ORDER BY hour
SELECT toDayOfWeek(t) AS weekday, count() AS c, uniqExact(u) AS users FROM ev GROUP BY weekday ORDER BY weekday
SELECT formatDateTime(t, '%Y-%m-%d %H:00') AS hour, count() AS c FROM ev GROUP BY hour ORDER BY hour LIMIT 6
SELECT toYYYYMM(t) AS month, count() FROM ev GROUP BY month WITH TOTALS ORDER BY month
SELECT k, toDate(t) AS day, count() AS c FROM ev GROUP BY ROLLUP(k, day) ORDER BY k, day LIMIT 12
SELECT k, toDate(t) AS day, count() AS c, grouping(k) AS gk, grouping(day) AS gd FROM ev GROUP BY CUBE(k, day) ORDER BY gk, gd, k, day LIMIT 15
SELECT uniqExactIf(u, k = 'k0') AS a, uniqExactIf(u, k = 'k1') AS b, uniqExactIf(u, k IN ('k0', 'k1')) AS either FROM ev
SELECT count() FROM (SELECT u FROM ev WHERE k = 'k0' INTERSECT DISTINCT SELECT u FROM ev WHERE k = 'k1')
SELECT u FROM (SELECT DISTINCT u FROM ev WHERE k = 'k0' EXCEPT DISTINCT SELECT u FROM us) ORDER BY u
SELECT level, count() AS users FROM (SELECT u, windowFunnel(100000)(t, k = 'k0', k = 'k1', k = 'k2') AS level FROM ev GROUP BY u) GROUP BY level ORDER BY level
SELECT sum(r[1]) AS d0, sum(r[2]) AS d1, sum(r[3]) AS d2 FROM (SELECT u, retention(toDate(t) = '2023-11-15', toDate(t) = '2023-11-16', toDate(t) = '2023-11-17') AS r FROM ev GROUP BY u)
SELECT u, sum(is_new) AS sessions FROM (SELECT u, if(dateDiff('second', lagInFrame(t, 1, toDateTime(0)) OVER (PARTITION BY u ORDER BY t, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), t) > 36000, 1, 0) AS is_new FROM ev) GROUP BY u ORDER BY u
SELECT u, session, count() AS events FROM (SELECT u, t, sum(is_new) OVER (PARTITION BY u ORDER BY t, id) AS session FROM (SELECT u, t, id, if(dateDiff('second', lagInFrame(t, 1, toDateTime(0)) OVER (PARTITION BY u ORDER BY t, id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), t) > 36000, 1, 0) AS is_new FROM ev)) GROUP BY u, session ORDER BY u, session LIMIT 10
SELECT cohort, age_days, count() AS users FROM (SELECT DISTINCT ev.u, first AS cohort, dateDiff('day', first, toDate(ev.t)) AS age_days FROM ev JOIN (SELECT u, toDate(min(t)) AS first FROM ev GROUP BY u) AS f ON ev.u = f.u) GROUP BY cohort, age_days ORDER BY cohort, age_days
SELECT x.u, y.u, count() AS together FROM (SELECT DISTINCT u, toDate(t) AS d FROM ev) AS x JOIN (SELECT DISTINCT u, toDate(t) AS d FROM ev) AS y ON x.d = y.d AND x.u < y.u GROUP BY x.u, y.u ORDER BY together DESC, x.u, y.u LIMIT 5
SELECT ev.id, pr.price, ev.i * pr.price AS value FROM ev ASOF LEFT JOIN pr ON ev.k = pr.k AND ev.t >= pr.t ORDER BY ev.id LIMIT 10
SELECT k, sum(i * price) AS revenue FROM ev ASOF JOIN pr ON ev.k = pr.k AND ev.t >= pr.t GROUP BY k ORDER BY k
SELECT u, if(n IS NULL, 'none', toString(n)) AS shown FROM ev ORDER BY id LIMIT 12
SELECT k, count(n) AS known, count() - count(n) AS missing, avg(n) AS mean FROM ev GROUP BY k ORDER BY k
SELECT k, sum(ifNull(n, 0)) AS s, sum(n) AS t, any(n IS NULL) AS x FROM (SELECT * FROM ev ORDER BY id) GROUP BY k ORDER BY k
SELECT nullIf(k, 'k0') AS kk, count() FROM ev GROUP BY kk ORDER BY kk NULLS FIRST
SELECT k, n FROM ev ORDER BY n DESC NULLS LAST, id LIMIT 5
SELECT k, n FROM ev ORDER BY n ASC NULLS FIRST, id LIMIT 5
SELECT greatest(i, 100) AS g, least(i, 100) AS l FROM ev ORDER BY id LIMIT 6
SELECT round(f, 1) AS r, floor(f) AS fl, ceil(f) AS ce, trunc(f, 1) AS tr FROM ev ORDER BY id LIMIT 6
SELECT concat(u, ':', k) AS key, length(key) AS len FROM ev ORDER BY id LIMIT 5
SELECT substring(s, 2) AS number, toUInt32(number) + 1 AS next FROM ev ORDER BY id LIMIT 5
SELECT upper(u) AS U, lower(U) = u AS same FROM ev ORDER BY id LIMIT 5
SELECT s LIKE 's1%' AS one, count() FROM ev GROUP BY one ORDER BY one
SELECT count() FROM ev WHERE u ILIKE 'U1%' AND k NOT LIKE '%3'
SELECT count() FROM ev WHERE match(s, '^s[12]?[05]$')
SELECT extract(s, '\\d+') AS digits, count() AS c FROM ev GROUP BY digits ORDER BY toUInt8(digits) LIMIT 5
SELECT splitByChar('u', u)[2] AS number, count() FROM ev GROUP BY number ORDER BY number
SELECT arrayMap(x -> concat(x, '!'), a) AS loud FROM ev WHERE length(a) > 1 ORDER BY id LIMIT 4
SELECT arrayFilter(x -> x != 'p0', a) AS others, has(a, 'p0') AS has FROM ev ORDER BY id LIMIT 6
SELECT arrayCount(x -> x = 'p1', a) AS c, count() FROM ev GROUP BY c ORDER BY c
SELECT arraySum(arrayMap(x -> toUInt8(substring(x, 2)), a)) AS s, count() FROM ev GROUP BY s ORDER BY s
SELECT arrayReverseSort(arrayDistinct(arrayFlatten(groupArray(a)))) AS tags FROM ev WHERE k = 'k1'
SELECT groupArray(3)(id) AS some FROM (SELECT id FROM ev ORDER BY id)
SELECT mapKeys(m) AS keys, mapValues(m) AS vals FROM (SELECT map('a', 1, 'b', 2) AS m)
SELECT map('u', u, 'k', toString(k)) AS m, m['u'] AS mu FROM ev ORDER BY id LIMIT 3
SELECT maxMap(map(u, i)) AS m FROM ev WHERE id < 5
SELECT tuple(k, u).1 AS first, (k, u).2 AS second FROM ev ORDER BY id LIMIT 3
SELECT (k, u) IN (('k0', 'u0'), ('k1', 'u7')) AS hit, count() FROM ev GROUP BY hit ORDER BY hit
SELECT id FROM ev WHERE (k, toDate(t)) IN (SELECT k, toDate(t) FROM ev WHERE i > 950) ORDER BY id
SELECT max((i, id)) AS best, min((i, id)) AS worst FROM ev
SELECT d, toMonday(d) AS monday, toStartOfMonth(d) AS month, toLastDayOfMonth(d) AS last FROM ev ORDER BY id LIMIT 4
SELECT since, dateDiff('day', since, toDate('2024-01-01')) AS days, addMonths(since, 1) AS later FROM us ORDER BY u, age
SELECT since + INTERVAL 1 WEEK AS week, since - INTERVAL 3 DAY AS before FROM us ORDER BY u, age LIMIT 3
SELECT toUnixTimestamp(t) AS s, toDateTime(s) = t AS same, fromUnixTimestamp(s) AS back FROM ev ORDER BY id LIMIT 3
SELECT toTimeZone(t, 'America/New_York') AS ny, toHour(ny) AS hour FROM ev ORDER BY id LIMIT 3
SELECT parseDateTimeBestEffort('2024-01-02T03:04:05+02:00') AS a, toDateTime64('2024-01-02 03:04:05.678', 3) AS b, b - a AS gap
SELECT toDateTime64(t, 3) - toDateTime64('2023-11-14 22:13:20', 3) AS since FROM ev ORDER BY id LIMIT 3
SELECT if(age >= 23, 'old', 'young') AS class, groupArray(u) AS members FROM (SELECT * FROM us ORDER BY u, age) GROUP BY class ORDER BY class
SELECT country, name, age FROM us WHERE name IS NOT NULL ORDER BY country, age DESC
SELECT country, max(age) AS oldest, argMax(u, age) AS who FROM us GROUP BY country ORDER BY country
SELECT u, age, avg(age) OVER (PARTITION BY country) AS mean, age - mean AS diff FROM us ORDER BY u, age
SELECT u, first_value(age) OVER (PARTITION BY country ORDER BY age) AS youngest, last_value(age) OVER (PARTITION BY country ORDER BY age ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS oldest FROM us ORDER BY u, age
SELECT u, ntile(2) OVER (ORDER BY age) AS half, percent_rank() OVER (ORDER BY age) AS pr FROM us ORDER BY age
SELECT k, price, price - first_value(price) OVER w AS change, price / max(price) OVER w AS share FROM pr WINDOW w AS (PARTITION BY k ORDER BY t) ORDER BY k, t
SELECT k, t, sum(q) OVER (PARTITION BY k ORDER BY t ROWS UNBOUNDED PRECEDING) AS stock FROM pr ORDER BY k, t
SELECT k, exponentialMovingAverage(2)(price, toUnixTimestamp(t)) AS ema FROM pr GROUP BY k ORDER BY k
SELECT k, simpleLinearRegression(toUnixTimestamp(t), price) AS line FROM pr WHERE k = 'k9' GROUP BY k
SELECT corr(i, f) > -1, stddevPop(i) > 0, varSamp(i) > 0 FROM ev
SELECT k, median(i) AS m, quantilesExact(0.1, 0.5, 0.9)(i) AS qs FROM ev GROUP BY k ORDER BY k
SELECT sumIf(i, k = 'k0') / sum(i) AS share, sum(i) FILTER (WHERE k = 'k0') AS same FROM ev
SELECT countDistinct(u), uniqExact(u, k), count(DISTINCT u, k) FROM ev
SELECT k, uniqExact(u) AS users FROM ev GROUP BY k HAVING users = (SELECT max(c) FROM (SELECT uniqExact(u) AS c FROM ev GROUP BY k)) ORDER BY k
SELECT DISTINCT k, length(a) AS n FROM ev ORDER BY k, n
SELECT DISTINCT toDate(t) AS day FROM ev ORDER BY day DESC LIMIT 2
SELECT k, u FROM ev GROUP BY k, u HAVING count() > 2 ORDER BY k, u
SELECT * EXCEPT (a, s, f) FROM ev ORDER BY id LIMIT 2
SELECT * REPLACE (i / 2 AS i) FROM (SELECT id, i FROM ev) ORDER BY id LIMIT 3
SELECT COLUMNS('^(id|i)$') FROM ev ORDER BY id LIMIT 3
SELECT toString(id) AS text, toInt32OrZero(text) AS back, toInt32OrNull('x') AS none FROM ev ORDER BY id LIMIT 2
SELECT CAST(i AS String) AS text, CAST(text AS Int64) = i AS same FROM ev ORDER BY id LIMIT 2
SELECT i::Float64 / 3 AS third, '12'::UInt8 + 1 AS thirteen FROM ev ORDER BY id LIMIT 2
SELECT JSONExtractString('{"a":{"b":"c"}}', 'a', 'b') AS b, JSONExtractInt('{"n":5}', 'n') AS n, JSONHas('{"n":5}', 'm') AS m
SELECT JSONExtractArrayRaw('[1,{"a":2},"x"]') AS raw, JSONLength('[1,2,3]') AS len, JSONType('{"a":1}') AS type
SELECT JSONExtract('{"a":[1,2],"b":"x"}', 'Tuple(a Array(UInt8), b String)') AS t, t.a AS a
SELECT domain('https://www.example.com/a?b=c#d') AS host, path('https://www.example.com/a?b=c#d') AS path, extractURLParameter('https://x.y/?b=c', 'b') AS b
SELECT cityHash64(u) % 4 AS bucket, count() FROM ev GROUP BY bucket ORDER BY bucket
SELECT hex(u) AS h, unhex(h) = u AS same, base64Encode(u) AS b FROM ev ORDER BY id LIMIT 2
SELECT id, k, u FROM ev WHERE id % 10 = 3 OR (k = 'k2' AND u = 'u3') ORDER BY id
SELECT count() FROM ev WHERE NOT (i > 500 AND k != 'k1') AND u <> 'u5'
SELECT count() FROM ev WHERE i BETWEEN 100 AND 300 AND f NOT BETWEEN 1 AND 2
SELECT id FROM ev WHERE k = 'k1' AND t >= '2023-11-16 00:00:00' AND t < '2023-11-17 00:00:00' ORDER BY id
SELECT count() FROM ev WHERE toDate(t) = '2023-11-16' AND has(a, 'p1')
SELECT count() FROM ev PREWHERE k = 'k1' WHERE i > 100
SELECT id, i FROM ev ORDER BY i DESC, id LIMIT 3 WITH TIES
SELECT id, i FROM ev ORDER BY i DESC, id LIMIT 5, 3
SELECT id, i FROM ev ORDER BY i % 7, id OFFSET 95 ROWS
SELECT number, number * number AS square FROM numbers(5, 4) ORDER BY number DESC
SELECT toDate('2024-02-27') + number AS day FROM numbers(4) ORDER BY day
SELECT x, y FROM (SELECT arrayJoin([1, 2]) AS x) AS l CROSS JOIN (SELECT arrayJoin(['a', 'b']) AS y) AS r ORDER BY x, y
SELECT arrayJoin([1, 2, 3]) AS x, x * 2 AS y WHERE x > 1
SELECT k, c FROM values('k String, c UInt8', ('a', 1), ('b', 2)) ORDER BY k
SELECT v.name, count() AS c FROM ev JOIN values('k String, name String', ('k0', 'view'), ('k1', 'click')) AS v ON ev.k = v.k GROUP BY v.name ORDER BY v.name
SELECT transform(k, ['k0', 'k1'], ['view', 'click'], 'other') AS name, count() FROM ev GROUP BY name ORDER BY name
SELECT CASE k WHEN 'k0' THEN 'view' WHEN 'k1' THEN 'click' ELSE 'other' END AS name, count() FROM ev GROUP BY name ORDER BY name
SELECT CASE WHEN i < 100 THEN 0 WHEN i < 500 THEN 1 END AS band, count() FROM ev GROUP BY band ORDER BY band NULLS LAST
! SELECT 'all' AS scope, count() AS c FROM ev UNION ALL SELECT toString(k), count() FROM ev GROUP BY k ORDER BY scope
SELECT scope, c FROM (SELECT 'ev' AS scope, count() AS c FROM ev UNION ALL SELECT 'us', count() FROM us UNION ALL SELECT 'pr', count() FROM pr) ORDER BY scope
SELECT u, sum(x) AS score FROM (SELECT u, i AS x FROM ev UNION ALL SELECT u, age FROM us) GROUP BY u ORDER BY score DESC, u LIMIT 4
SELECT toDate(t) AS day, sum(i) AS s FROM ev GROUP BY day ORDER BY day WITH FILL FROM toDate('2023-11-13') TO toDate('2023-11-23')
SELECT toStartOfHour(t) AS hour, toUInt32(count()) AS c FROM ev WHERE k = 'k0' GROUP BY hour ORDER BY hour WITH FILL STEP INTERVAL 1 HOUR LIMIT 12
SELECT a.day, a.c, b.c AS week_before FROM (SELECT toDate(t) AS day, count() AS c FROM ev GROUP BY day) AS a LEFT JOIN (SELECT toDate(t) + 1 AS day, count() AS c FROM ev GROUP BY day) AS b ON a.day = b.day ORDER BY a.day
SELECT u, count() AS c FROM ev GROUP BY u HAVING c > (SELECT avg(c) FROM (SELECT count() AS c FROM ev GROUP BY u)) ORDER BY u
SELECT u FROM ev GROUP BY u HAVING hasAll(groupUniqArray(k), ['k0', 'k1', 'k2', 'k3']) ORDER BY u
SELECT u, arrayFirst(x -> x > 500, groupArray(i)) AS first_big FROM (SELECT u, i FROM ev ORDER BY u, id) GROUP BY u ORDER BY u
SELECT u, arrayCumSum(groupArray(i)) AS sums FROM (SELECT u, i FROM ev ORDER BY u, id) GROUP BY u ORDER BY u LIMIT 2
SELECT u, arrayDifference(groupArray(toInt64(toUnixTimestamp(t)))) AS gaps FROM (SELECT u, t FROM ev ORDER BY u, t, id) GROUP BY u ORDER BY u LIMIT 2
SELECT u, arrayZip(groupArray(k), groupArray(i))[1] AS first FROM (SELECT * FROM ev ORDER BY id) GROUP BY u ORDER BY u LIMIT 3
SELECT avgWeighted(f, i) > 0, sumKahan(f) > 0, skewPop(i) IS NOT NULL FROM ev
SELECT groupBitOr(id) AS o, groupBitAnd(id) AS a, groupBitXor(id) AS x FROM ev
SELECT k, anyHeavy(u) != '' FROM ev GROUP BY k ORDER BY k
SELECT finalizeAggregation(s) FROM (SELECT sumState(i) AS s FROM ev)
! SELECT k, sumMerge(s), uniqExactMerge(w) FROM (SELECT k, u, sumState(i) AS s, uniqExactState(s) AS w FROM (SELECT k, u, i, s FROM ev) GROUP BY k, u) GROUP BY k ORDER BY k
! SELECT u, count() FROM ev
! SELECT k, u, count() FROM ev GROUP BY k
! SELECT count() FROM nope
! SELECT count() FROM ev WHERE count() > 1
! SELECT sum(u) FROM ev
! SELECT ev.nope FROM ev
! SELECT x.id FROM ev
! SELECT id FROM ev LIMIT 'a'
! SELECT toDate('x')
! SELECT CAST('x' AS UInt8)
! SELECT 1 + 'a'
! SELECT nosuch(1)
! SELECT substring(u) FROM ev
! SELECT count() FROM ev JOIN us ON ev.nope = us.u
! SELECT count() FROM ev JOIN us USING (nope)
! SELECT id FROM ev UNION ALL SELECT id, k FROM ev
! SELECT max(sum(i)) FROM ev
! SELECT id, row_number() FROM ev
! SELECT row_number() OVER nope FROM ev
! SELECT id FROM ev HAVING id > 1 GROUP BY id
! SELECT FROM ev
! SELECT id FROM ev WHERE
! SELECT id FROM (SELECT id FROM ev
! SELECT arrayMap(x -> x + y, [1])
! SELECT [1, 2][0.5]
! SELECT tuple(1, 2).3
! SELECT toInt32(u) FROM ev
SELECT id, arrayJoin(a) AS a FROM ev WHERE id < 4 ORDER BY id, a
SELECT id, arrayJoin(a) AS x, x || '1' FROM ev WHERE x = 'p1' ORDER BY id LIMIT 3
SELECT id, s AS k, k AS z FROM ev ORDER BY id LIMIT 3
SELECT id AS i, i + 1 AS id FROM ev ORDER BY i LIMIT 3
SELECT i % 3 AS i, count() FROM ev GROUP BY i ORDER BY i
! SELECT max(i) AS i FROM ev WHERE i > 5
SELECT k, sum(i) AS i FROM ev GROUP BY k HAVING i > 1000 ORDER BY k
SELECT x.k, x.i FROM (SELECT k, max(i) AS i FROM ev GROUP BY k) AS x JOIN ev AS y ON x.k = y.k AND x.i = y.i ORDER BY x.k
SELECT ev.k AS kk, count() FROM ev JOIN pr ON ev.k = pr.k GROUP BY kk HAVING count() > 10 ORDER BY kk
SELECT k, t, price, sum(price) OVER (PARTITION BY k ORDER BY t ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM pr ORDER BY k, t
SELECT k, toStartOfDay(t) AS d, avg(price) AS p, p - lagInFrame(p) OVER (PARTITION BY k ORDER BY d) AS delta FROM pr GROUP BY k, d ORDER BY k, d
SELECT k, argMax(price, t) AS last, argMin(price, t) AS first, last - first AS change, quantilesExact(0.25, 0.75)(price) FROM pr GROUP BY k ORDER BY k
SELECT toStartOfInterval(t, INTERVAL 1 DAY) AS d, k, count() FROM pr GROUP BY d, k WITH TOTALS ORDER BY d, k LIMIT 3
SELECT u, countIf(k = 'k0') AS a, countIf(k = 'k1') AS b, round(a / (a + b), 3) AS r FROM ev GROUP BY u HAVING a + b > 0 ORDER BY r DESC, u LIMIT 5
SELECT u, groupArray((d, i)) AS l, arrayMap(x -> x.2, arrayFilter(x -> x.1 > toDate('2023-12-20'), l)) AS big FROM (SELECT * FROM ev ORDER BY id) GROUP BY u ORDER BY u LIMIT 3
SELECT d, uniqExact(u) AS dau, sum(uniqExact(u)) OVER (ORDER BY d ROWS 6 PRECEDING) AS w FROM ev GROUP BY d ORDER BY d LIMIT 8
WITH cohort AS (SELECT u, min(d) AS first FROM ev GROUP BY u) SELECT dateDiff('day', first, d) AS age, uniq(ev.u) FROM ev JOIN cohort USING (u) GROUP BY age ORDER BY age LIMIT 6
WITH (SELECT sum(i) FROM ev) AS total SELECT k, round(sum(i) / total * 100, 2) AS pct FROM ev GROUP BY k ORDER BY pct DESC, k
SELECT k, if(n IS NULL, 'none', if(n > 0, 'plus', 'minus')) AS b, count() FROM ev GROUP BY k, b ORDER BY k, b
SELECT multiIf(i < 100, 'a', i < 500, 'b', 'c') AS b, count() AS c, bar(c, 0, 60, 10) FROM ev GROUP BY b ORDER BY b
SELECT s, position(s, '1') AS p, substring(s, p + 1) AS rest FROM ev WHERE p > 0 ORDER BY id LIMIT 4
SELECT countDistinct(k), count(DISTINCT k, u), uniqExact(k, u), uniqExactIf(u, k = 'k1'), groupBitmapMerge(b) FROM (SELECT k, u, groupBitmapState(id) AS b FROM ev GROUP BY k, u)
SELECT k, any(s) IGNORE NULLS, anyLast(n) RESPECT NULLS, first_value(n) FROM (SELECT * FROM ev ORDER BY id) GROUP BY k ORDER BY k
SELECT sumIf(i, k = 'k1') / nullIf(countIf(k = 'zz'), 0) AS x, ifNull(x, -1), coalesce(NULL, x, 3), isNull(x), assumeNotNull(n) FROM ev GROUP BY n ORDER BY n LIMIT 2
SELECT t, t + INTERVAL 1 MONTH AS m, toStartOfMonth(t) AS s, dateDiff('minute', t, m) AS d, formatDateTime(t, '%Y-%m') AS f, toUnixTimestamp(t) AS u FROM ev ORDER BY id LIMIT 3
SELECT toHour(t, 'America/New_York') AS h, count() FROM ev GROUP BY h ORDER BY h LIMIT 4
SELECT * FROM pr ORDER BY price DESC, k LIMIT 1 BY k LIMIT 3
SELECT k FROM pr WHERE (k, q) IN (SELECT k, max(q) FROM pr GROUP BY k) ORDER BY k
SELECT k, price FROM pr WHERE price > (SELECT avg(price) FROM pr) AND k NOT IN ('k9') ORDER BY price, k
SELECT a.k, a.q, b.q FROM pr AS a LEFT JOIN pr AS b ON a.k = b.k AND b.q = a.q + 3 ORDER BY a.k, a.q, a.t, b.t
SELECT arrayJoin(arrayZip(['a', 'b'], [1, 2])) AS p, p.1, p.2
SELECT sumMap(map(k, i)) AS m, mapKeys(m), arraySum(mapValues(m)) FROM ev WHERE id < 10
SELECT k, stddevSamp(i), varPop(i), corr(i, id), median(i), quantileTDigest(0.5)(i) > 0, skewPop(f) FROM ev GROUP BY k ORDER BY k
SELECT u, windowFunnel(100, 'strict_once')(ts, e IN (0, 1), e IN (1, 2), e IN (2, 3, 1)) AS a, windowFunnel(4, 'strict_once')(ts, e IN (0, 1), e IN (0, 1, 2), e = 3) AS b, windowFunnel(6, 'strict_once')(ts, e < 4, e < 4, e < 4, e < 3) AS c FROM (SELECT intDiv(number, 9) AS u, cityHash64(number) % 12 AS ts, cityHash64(number, 1) % 6 AS e FROM numbers(900)) GROUP BY u ORDER BY u
SELECT u, windowFunnel(100, 'strict_once', 'strict_order')(ts, e IN (0, 1), e IN (1, 2), e IN (2, 3, 1)) AS a, windowFunnel(4, 'strict_once', 'strict_order')(ts, e IN (0, 1), e IN (0, 1, 2), e = 3) AS b, windowFunnel(6, 'strict_once', 'strict_order')(ts, e < 4, e < 4, e < 4, e < 3) AS c FROM (SELECT intDiv(number, 9) AS u, cityHash64(number) % 12 AS ts, cityHash64(number, 1) % 6 AS e FROM numbers(900)) GROUP BY u ORDER BY u
SELECT u, windowFunnel(100, 'strict_once', 'strict_increase')(ts, e IN (0, 1), e IN (1, 2), e IN (2, 3, 1)) AS a, windowFunnel(4, 'strict_once', 'strict_increase')(ts, e IN (0, 1), e IN (0, 1, 2), e = 3) AS b, windowFunnel(6, 'strict_once', 'strict_increase')(ts, e < 4, e < 4, e < 4, e < 3) AS c FROM (SELECT intDiv(number, 9) AS u, cityHash64(number) % 12 AS ts, cityHash64(number, 1) % 6 AS e FROM numbers(900)) GROUP BY u ORDER BY u
SELECT u, windowFunnel(100, 'strict_once', 'strict_deduplication')(ts, e IN (0, 1), e IN (1, 2), e IN (2, 3, 1)) AS a, windowFunnel(4, 'strict_once', 'strict_deduplication')(ts, e IN (0, 1), e IN (0, 1, 2), e = 3) AS b, windowFunnel(6, 'strict_once', 'strict_deduplication')(ts, e < 4, e < 4, e < 4, e < 3) AS c FROM (SELECT intDiv(number, 9) AS u, cityHash64(number) % 12 AS ts, cityHash64(number, 1) % 6 AS e FROM numbers(900)) GROUP BY u ORDER BY u
SELECT u, windowFunnel(100, 'strict_once', 'strict_order', 'allow_reentry')(ts, e IN (0, 1), e IN (1, 2), e IN (2, 3, 1)) AS a, windowFunnel(4, 'strict_once', 'strict_order', 'allow_reentry')(ts, e IN (0, 1), e IN (0, 1, 2), e = 3) AS b, windowFunnel(6, 'strict_once', 'strict_order', 'allow_reentry')(ts, e < 4, e < 4, e < 4, e < 3) AS c FROM (SELECT intDiv(number, 9) AS u, cityHash64(number) % 12 AS ts, cityHash64(number, 1) % 6 AS e FROM numbers(900)) GROUP BY u ORDER BY u
SELECT u, windowFunnel(100, 'strict_once', 'strict_order', 'strict_increase')(ts, e IN (0, 1), e IN (1, 2), e IN (2, 3, 1)) AS a, windowFunnel(4, 'strict_once', 'strict_order', 'strict_increase')(ts, e IN (0, 1), e IN (0, 1, 2), e = 3) AS b, windowFunnel(6, 'strict_once', 'strict_order', 'strict_increase')(ts, e < 4, e < 4, e < 4, e < 3) AS c FROM (SELECT intDiv(number, 9) AS u, cityHash64(number) % 12 AS ts, cityHash64(number, 1) % 6 AS e FROM numbers(900)) GROUP BY u ORDER BY u
