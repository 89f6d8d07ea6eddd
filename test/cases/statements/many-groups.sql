-- GROUP BY of so many groups that they are shared out among workers by their keys.
SELECT count(), sum(s), max(s), min(k), max(k) FROM (SELECT toString(number % 400000) AS k, sum(number) AS s FROM numbers(600000) GROUP BY k)
SELECT concat('u', toString(number % 400000)) AS k, count() AS c, min(number) AS m FROM numbers(600000) GROUP BY k ORDER BY c DESC, m LIMIT 5 OFFSET 199998
SELECT count(), sum(n) FROM (SELECT number % 500000 AS n, count() AS c FROM numbers(600000) GROUP BY n HAVING c > 1)
SELECT count() FROM (SELECT DISTINCT toString(number % 450000), number % 3 FROM numbers(600000))
SELECT c, count(), uniqExact(a), sum(l) FROM (SELECT intDiv(number, 2) AS k, toString(k % 7) AS c, any(k) AS a, length(groupArray(number)) AS l FROM numbers(600000) GROUP BY k, c) GROUP BY c ORDER BY c
SELECT sum(c), count(), max(l) FROM (SELECT concat('k', toString(number)) AS k, count() AS c, length(max(concat(k, 'x'))) AS l FROM numbers(700000) GROUP BY k)
-- distinct counts of integers of up to 32 bits: negative, far apart, near each other, of many rows
SELECT uniqExact(toInt32(number * 7 - 1000)), uniqExact(toInt8(number)), uniqExact(toUInt32(number * 4294967)), uniqExact(toUInt32(4294967295 - number % 3)), uniqExact(toInt16(-number)) FROM numbers(3000)
SELECT number % 4 AS g, uniqExact(toUInt32(number % 1000 * 4000000)), uniqExact(toInt32(if(number % 2 = 0, -number, number) % 500)), uniqExact(toDate32('1950-01-01') + number % 300), uniqExact(toDateTime('2024-01-01 00:00:00', 'UTC') + number % 90), uniqExact(toIPv4(toUInt32(number % 77))) FROM numbers(20000) GROUP BY g ORDER BY g
SELECT uniqExact(toUInt32(number)), uniqExact(toUInt32(number * 9)), uniqExact(toInt32(number) - 150000), uniqExact(intHash32(number)) FROM numbers(90000)
SELECT uniqExactMerge(s), uniqExactMerge(t) FROM (SELECT number % 5 AS g, uniqExactState(toInt32(number % 900 - 450)) AS s, uniqExactState(toUInt32(number * 14000)) AS t FROM numbers(90000) GROUP BY g)
SELECT finalizeAggregation(uniqExactState(toInt16(n))), uniqExact(toLowCardinality(toUInt16(n))), uniqExact(toNullable(toInt8(n)), n), uniqExactIf(n, n < 0) FROM (SELECT arrayJoin([-2, 7, -2, 0]) AS n) GROUP BY n ORDER BY n
SELECT number % 3 AS g, uniqExact(toInt32(if(number < 60000, number % 50000, -number * 7000))), uniqExact(toUInt32(if(number % 30000 < 29000, 7, number * 14000))) FROM numbers(90000) GROUP BY g ORDER BY g
SELECT g, uniqExactMerge(s), uniqExactMerge(t) FROM (SELECT intDiv(number, 15000) AS g, number % 7 AS k, uniqExactState(toInt32(if(g < 4, number % 900, -number * 7000))) AS s, uniqExactState(toUInt32(number % 11)) AS t FROM numbers(90000) GROUP BY g, k) GROUP BY GROUPING SETS ((g), ()) ORDER BY g, 2
