-- GROUP BY of so many groups that they are shared out among workers by their keys.
SELECT count(), sum(s), max(s), min(k), max(k) FROM (SELECT toString(number % 400000) AS k, sum(number) AS s FROM numbers(600000) GROUP BY k)
SELECT concat('u', toString(number % 400000)) AS k, count() AS c, min(number) AS m FROM numbers(600000) GROUP BY k ORDER BY c DESC, m LIMIT 5 OFFSET 199998
SELECT count(), sum(n) FROM (SELECT number % 500000 AS n, count() AS c FROM numbers(600000) GROUP BY n HAVING c > 1)
SELECT count() FROM (SELECT DISTINCT toString(number % 450000), number % 3 FROM numbers(600000))
SELECT c, count(), uniqExact(a), sum(l) FROM (SELECT intDiv(number, 2) AS k, toString(k % 7) AS c, any(k) AS a, length(groupArray(number)) AS l FROM numbers(600000) GROUP BY k, c) GROUP BY c ORDER BY c
SELECT sum(c), count(), max(l) FROM (SELECT concat('k', toString(number)) AS k, count() AS c, length(max(concat(k, 'x'))) AS l FROM numbers(700000) GROUP BY k)
