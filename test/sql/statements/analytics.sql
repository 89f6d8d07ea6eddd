SELECT session_id, user_id, min(timestamp) AS session_start, max(timestamp) AS session_end, dateDiff('second', min(timestamp), max(timestamp)) AS session_duration_seconds, count() AS event_count, device_type, browser, os, location FROM app_events WHERE timestamp BETWEEN '2023-01-01 00:00:00' AND '2024-12-31 23:59:59' GROUP BY session_id, user_id, device_type, browser, os, location HAVING session_duration_seconds > 0 ORDER BY session_start DESC LIMIT 100
SELECT feature, event_type, count() AS events, uniqExact(user_id) AS users, uniqExact(session_id) AS sessions, min(timestamp) AS first_use, max(timestamp) AS last_use FROM app_events WHERE timestamp >= toDateTime('2023-01-01 00:00:00') AND timestamp <= toDateTime('2024-12-31 23:59:59') AND feature = 'search' GROUP BY feature, event_type ORDER BY events DESC LIMIT 50
SELECT toStartOfInterval(timestamp, INTERVAL 1 week) AS period, uniqExact(user_id) AS active_users, uniqExact(session_id) AS sessions, count() AS events, round(events / active_users, 2) AS events_per_user FROM app_events GROUP BY period ORDER BY period
SELECT toDate(timestamp) AS date, session_id, uniqState(session_id) AS visits, countState() AS hits, argMinState(pathname, timestamp) AS entry FROM (SELECT timestamp, JSONExtractString(payload, 'pathname') AS pathname, session_id FROM analytics_events WHERE action = 'page_hit') GROUP BY date, session_id
SELECT a.pathname, uniqMerge(a.visits) AS visits, countMerge(a.hits) AS hits FROM analytics_pages_mv AS a WHERE a.date >= toDate('2024-01-01') AND a.date <= today() GROUP BY a.pathname ORDER BY visits DESC LIMIT 0, 50
SELECT domainWithoutWWW(referrer) AS source, uniqMerge(visits) AS visits FROM analytics_sources_mv WHERE date >= timestampAdd(today(), interval -7 day) AND referrer != '' GROUP BY source HAVING visits > 10 ORDER BY visits DESC
WITH timeseries AS (SELECT toStartOfHour(toDateTime(arrayJoin(range(toUInt32(toDateTime('2024-01-01 00:00:00')), toUInt32(toDateTime('2024-01-02 00:00:00')), 3600)))) AS date), hits AS (SELECT toStartOfHour(timestamp) AS date, uniq(session_id) AS visits, count() AS pageviews FROM events GROUP BY date) SELECT a.date, b.visits, b.pageviews FROM timeseries a LEFT JOIN hits b USING date ORDER BY a.date
WITH (SELECT toStartOfDay(min(timestamp)) FROM events) AS start, (SELECT max(timestamp) FROM events) AS finish SELECT arrayJoin(arrayMap(x -> addDays(start, x), range(0, dateDiff('day', start, finish) + 1))) AS day
SELECT id, JSONExtract(payload, 'tags', 'Array(String)') AS tags, JSONExtractString(metadata, 'plan', 'name') AS plan, toInt64OrNull(JSONExtractRaw(metadata, 'seats')) AS seats FROM customers FINAL WHERE tenant = 'x' AND NOT isNull(plan)
SELECT CASE WHEN match(user_agent, 'iPhone|iPad') THEN 'ios' WHEN match(user_agent, '(?i)android') THEN 'android' WHEN user_agent ILIKE '%windows%' THEN 'windows' ELSE 'other' END AS platform, count() AS c FROM hits GROUP BY platform ORDER BY c DESC
SELECT CASE WHEN ifNull(browser, '') = '' THEN 'unknown' ELSE lower(browser) END b, uniqIf(user_id, event = 'login') AS logins, countIf(event = 'logout') logouts FROM events WHERE (tenant_id, region) IN (('a', 'eu'), ('b', 'us')) GROUP BY b
SELECT user_id, groupArray((timestamp, event)) AS path, arrayMap(x -> x.2, arraySort(x -> x.1, path)) AS names, length(names) AS steps FROM events GROUP BY user_id HAVING steps BETWEEN 2 AND 20 LIMIT 10 OFFSET 20
SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY timestamp) AS n, lagInFrame(timestamp, 1) OVER (PARTITION BY user_id ORDER BY timestamp ASC ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS previous FROM events QUALIFY n <= 3
SELECT toStartOfMinute(ts) AS minute, avg(value) AS v, sum(v) OVER (ORDER BY minute ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) / 10 AS moving FROM metrics GROUP BY minute ORDER BY minute WITH FILL STEP toIntervalMinute(1) INTERPOLATE (v)
SELECT day, sum(revenue) AS revenue, sum(sum(revenue)) OVER w AS running FROM orders GROUP BY day WINDOW w AS (ORDER BY day RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) ORDER BY day
SELECT quantile(0.5)(duration) AS p50, quantile(0.95)(duration) AS p95, quantiles(0.5, 0.9, 0.99)(duration) AS all, quantileIf(0.99)(duration, status >= 500) AS errors FROM requests
SELECT count() AS total, countIf(status >= 200 AND status < 300) AS ok, round(100 * ok / total, 2) AS rate, anyHeavy(path), argMax(path, duration), topK(5)(path) FROM requests WHERE ts > now() - INTERVAL 1 HOUR
SELECT p.id, p.name, coalesce(s.stock, 0) AS stock, s.updated_at::DateTime AS at FROM products AS p ANY LEFT JOIN (SELECT product_id AS id, argMax(stock, updated_at) AS stock, max(updated_at) AS updated_at FROM stock_log GROUP BY id) AS s ON p.id = s.id WHERE p.deleted = 0 ORDER BY stock ASC NULLS LAST
SELECT * FROM (SELECT * FROM a UNION ALL SELECT * FROM b) WHERE x GLOBAL IN (SELECT x FROM c) AND y NOT IN ('u', 'v') SETTINGS max_threads = 4
SELECT id FROM a WHERE id NOT IN (SELECT id FROM b) UNION ALL SELECT id FROM b WHERE id NOT IN (SELECT id FROM a) ORDER BY id
SELECT toYYYYMM(d) AS month, sumMerge(revenue) / 100 AS revenue, uniqCombinedMerge(users) AS users FROM sales_mv WHERE month BETWEEN 202301 AND 202312 GROUP BY month WITH TOTALS ORDER BY month
SELECT arrayStringConcat(arrayMap((k, v) -> concat(k, '=', toString(v)), mapKeys(tags), mapValues(tags)), '&') AS q, tags['env'] AS env, mapContains(tags, 'host') FROM logs WHERE tags['level'] = 'error' AND has(splitByChar(',', services), 'api')
SELECT key, value FROM logs ARRAY JOIN mapKeys(tags) AS key, mapValues(tags) AS value WHERE key LIKE 'http.%' LIMIT 5 BY key
SELECT toTimeZone(ts, 'Europe/Madrid') AS local, formatDateTime(local, '%Y-%m-%d %H:%i') AS label, toDayOfWeek(local) IN (6, 7) AS weekend, toHour(local) AS h FROM t PREWHERE ts >= toDateTime64('2024-01-01 00:00:00.000', 3) WHERE h BETWEEN 8 AND 20
SELECT e.*, u.email, u.plan FROM events e INNER JOIN users u ON e.user_id = u.id AND u.deleted = 0 WHERE e.ts >= today() - 7
SELECT * EXCEPT (raw, _partition_id) REPLACE (lower(name) AS name, toDate(ts) AS ts) FROM events LIMIT 3
SELECT COLUMNS('^metric_') APPLY(sum) APPLY(x -> round(x, 2)), t.* EXCEPT 'id.*' FROM metrics AS t GROUP BY ALL
SELECT if(a > b, 'more', if(a = b, 'same', 'less')) AS cmp, multiIf(x < 1, 'a', x < 2, 'b', 'c'), a > b ? 1 : 0, greatest(a, b) - least(a, b) AS spread FROM t
SELECT sumIf(amount, currency = 'EUR') AS eur, sum(amount) FILTER (WHERE currency = 'USD') AS usd, avgIf(amount, amount > 0) FROM payments GROUP BY CUBE(country, city) HAVING grouping(country) = 0
SELECT DISTINCT ON (user_id) user_id, event, ts FROM events ORDER BY user_id, ts DESC
SELECT DISTINCT tenant, toStartOfMonth(ts) AS m FROM events ORDER BY tenant, m DESC NULLS FIRST LIMIT 10 WITH TIES
SELECT user_id, ts, price FROM trades ASOF LEFT JOIN quotes ON trades.symbol = quotes.symbol AND trades.ts >= quotes.ts
SELECT u.id FROM users u LEFT ANTI JOIN events e ON u.id = e.user_id
SELECT u.id FROM users u SEMI LEFT JOIN events e ON u.id = e.user_id AND e.ts > now() - INTERVAL '30 day'
SELECT a.*, b.* FROM a FULL OUTER JOIN b USING (id, tenant) CROSS JOIN c
SELECT x, y FROM numbers(10) AS a (x) CROSS JOIN (SELECT number AS y FROM numbers(3)) AS b WHERE x % 2 = 0 AND NOT (y = 1 OR y = 2)
WITH RECURSIVE tree AS (SELECT id, parent, 0 AS depth FROM nodes WHERE parent IS NULL UNION ALL SELECT n.id, n.parent, t.depth + 1 FROM nodes AS n JOIN tree AS t ON n.parent = t.id) SELECT * FROM tree ORDER BY depth, id
WITH 0.05 AS rate, x -> x * (1 + rate) AS taxed SELECT taxed(price) AS gross, price::Decimal(18, 4) AS net FROM items WHERE (price * rate) >= 1.50
WITH toDateTime('2024-01-01') AS t0, t0 + INTERVAL 1 DAY AS t1 SELECT count() FROM events WHERE ts >= t0 AND ts < t1
SELECT sum(number) AS s, s * 2 AS d, (s, d) AS pair, pair.1 + pair.2 AS both, [s, d][1] AS first FROM numbers_mt(1000)
SELECT arrayFilter(x -> (x % 2) = 0, range(10)) AS even, arrayExists(x -> x IS NULL, [1, NULL]), arrayAll(x -> x > 0, even), arraySum(x, y -> x * y, [1], [2])
SELECT arrayReduce('sum', [1, 2]), arrayFlatten([[1], [2, 3]]), arrayDistinct(arrayConcat([1], [1])), arrayIntersect(['a'], ['a', 'b']), indexOf(['x'], 'x')
SELECT replaceRegexpAll(path, '/\\d+', '/:id') AS route, extractAll(body, '#(\\w+)') AS tags, splitByString(', ', list)[-1] AS last, substring(name, 1, 1) || '.' AS initial FROM t
SELECT position(haystack, 'needle') > 0, positionCaseInsensitive(h, 'N'), multiSearchAnyCaseInsensitive(h, ['a', 'b']), startsWith(h, 'x') OR endsWith(h, 'y') FROM t WHERE h NOT LIKE '%\\_%' AND h ILIKE 'a%'
SELECT parseDateTimeBestEffort('2024-01-01T00:00:00Z') AS a, toUnixTimestamp64Milli(now64(3)) AS b, fromUnixTimestamp64Milli(1700000000000) AS c, DATE '2024-02-29' AS d, TIMESTAMP '2024-01-01 10:00:00' AS e
SELECT date_trunc('month', ts) AS first, DATE_ADD(DAY, 7, first) AS next, DATE_SUB(first, INTERVAL 1 MONTH) AS prev, DATEDIFF(hour, prev, next) AS h, EXTRACT(YEAR FROM ts) AS y, ts AT TIME ZONE 'Asia/Tokyo' FROM t
SELECT count(*), COUNT(DISTINCT user_id), count(DISTINCT a, b), SUM(x), Max(y), ROUND(AVG(z), 1), NOW(), COALESCE(a, b, 'none') FROM t
SELECT cityHash64(user_id) % 100 < 10 AS sampled, toUInt8(rand() % 2), bitAnd(flags, 0x0F), intDiv(a, 3), a DIV 3, a MOD 3, pow(2, -1), exp10(2) FROM t
SELECT `user id`, "order", t.`weird.name`, `back\`tick` FROM `my db`.`my table` AS t WHERE `user id` = 'it''s' AND "order" != 'a\\b'
SELECT id, toTypeName(id), CAST(id AS Nullable(UInt64)), CAST('1', 'UInt8'), '2024-01-01'::Date, [1, 2]::Array(UInt16), (1, 'a')::Tuple(n UInt8, s String), NULL::Nullable(String)
SELECT json.user.name, json.user.id.:Int64 AS id, json.^user, json.items[].price.:Float64, json.`a.b` FROM docs
SELECT 1 AS one, one + 1 AS two, two IN (one, 2, 3) AS hit, (one, two) IN ((1, 2)) AS pair, one IN (SELECT 1) WHERE one = 1 GROUP BY one HAVING one ORDER BY one LIMIT 1
SELECT name, type FROM remote('127.0.0.1', system.one) AS r SETTINGS max_execution_time = 5, join_algorithm = 'hash' FORMAT JSONEachRow
SELECT * FROM s3('https://bucket/x/*.csv', 'CSVWithNames', 'a Int32, b String') WHERE _file = 'y' LIMIT 5
SELECT * FROM url('https://h/x.json', JSONEachRow) AS u FORMAT Pretty SETTINGS output_format_pretty_max_rows = 10
SELECT toStartOfFifteenMinutes(t) AS t15, max2(a, b) AS m FROM e WHERE t > subtractDays(now(), 7) AND e.kind IN ('x', 'y') AND e.kind NOT IN ('z') GROUP BY t15, m ORDER BY t15 ASC, m DESC LIMIT 100, 50
SELECT g, groupUniqArray(3)(v) AS vs, groupArrayDistinct(v), any(v) IGNORE NULLS AS a, first_value(v) RESPECT NULLS OVER (PARTITION BY g ORDER BY t DESC) AS f, uniqCombined(17)(v) FROM t GROUP BY g WITH ROLLUP
SELECT a, b, sum(c) FROM t GROUP BY GROUPING SETS ((a, b), (a), ()) ORDER BY a NULLS FIRST, b DESC NULLS LAST COLLATE 'en'
SELECT toDate(ts) d, count() c FROM t GROUP BY d ORDER BY d WITH FILL FROM toDate('2024-01-01') TO toDate('2024-02-01') STEP INTERVAL 1 DAY, c DESC
SELECT n FROM (VALUES (1), (2), (3)) AS v(n) WHERE n > ALL (SELECT 0) AND n <> ALL (SELECT 5) AND n = ANY (SELECT 2 UNION ALL SELECT 3)
(SELECT a FROM t ORDER BY a LIMIT 1) UNION ALL (SELECT b FROM u ORDER BY b DESC LIMIT 1)
SELECT a FROM t INTERSECT SELECT a FROM u EXCEPT DISTINCT SELECT a FROM v UNION DISTINCT SELECT 1
SELECT x FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.x = t.x) OR NOT EXISTS (SELECT * FROM v) OR x <=> NULL OR x IS NOT DISTINCT FROM y
SELECT if(empty(name), 'n/a', name), isNotNull(x) AND x IS NOT NULL, ifNull(a, 0) + assumeNotNull(b), nullIf(c, ''), -x, - -x, not x, +x, x::Int8 + -1 FROM t
SELECT [1, 2, 3][1], [[1, 2], [3]][2][1], map('a', 1, 'b', 2)['a'], tuple(1, 'x').2, (1, (2, 3)).2.1, t.1.2, arr[-1], m['k'].1 FROM t
FROM events SELECT count() WHERE ts > now() - 60
FROM (SELECT 1 AS a) AS s SELECT s.a, s.*
SELECT a /* why */ , b -- which
SELECT sum(if(x = 'a', 1, 0)) AS a, sum(x = 'b' ? 1 : 0) AS b, avg(toFloat64OrZero(y)) FROM t WHERE z BETWEEN 1 AND 10 AND NOT w BETWEEN -5 AND -1
SELECT toInt32(a) AS a FROM t WHERE a > 5 AND toString(a) LIKE '1%' AND lower(concat(b, ' ', c)) NOT ILIKE '%x%' AND d REGEXP '^[a-z]+$' AND e LIKE '50#%' ESCAPE '#'
SELECT t1.a, t2.b, t3.c FROM t1 LEFT JOIN t2 ON t1.id = t2.id AND t2.kind = 'x' LEFT JOIN t3 ON t2.id = t3.id OR t3.id = t1.id WHERE t2.id IS NULL
SELECT a FROM t1, t2, t3 AS x WHERE t1.id = t2.id AND x.id = t2.id
SELECT * FROM t SAMPLE 1/10 OFFSET 1/2 WHERE a LIMIT 1
SELECT uniqHLL12(x), median(y), stddevPop(z), corr(a, b), entropy(c), histogram(5)(d), simpleLinearRegression(a, b), windowFunnel(3600)(ts, a = 1, b = 2), retention(a, b), sequenceMatch('(?1)(?2)')(ts, a, b) FROM t
SELECT leadInFrame(x, 1, 0) OVER w, ntile(4) OVER (w ORDER BY y), rank() OVER w, dense_rank() OVER w, nth_value(x, 2) OVER w, sum(x) OVER (PARTITION BY a, b ORDER BY c DESC NULLS LAST RANGE BETWEEN INTERVAL 1 DAY PRECEDING AND CURRENT ROW) FROM t WINDOW w AS (PARTITION BY a ORDER BY b)
