-- Rows that an OFFSET passes over are found, not sorted.
SELECT toString(number * 7919 % 5003) AS s, number FROM numbers(5000) ORDER BY s LIMIT 5 OFFSET 2500
SELECT number, toString(number * 7919 % 5003) AS s FROM numbers(5000) ORDER BY s DESC, number LIMIT 5 OFFSET 4000
SELECT number FROM numbers(5000) ORDER BY toString(number * 7919 % 5003) || '!' LIMIT 3 OFFSET 2500
SELECT number % 3 AS k, number FROM numbers(5000) ORDER BY k, number DESC LIMIT 4 OFFSET 3000
SELECT number FROM numbers(5000) ORDER BY number LIMIT 5 OFFSET 4998
SELECT number FROM numbers(5000) ORDER BY number LIMIT 5 OFFSET 5000
SELECT number FROM numbers(5000) ORDER BY number LIMIT 0 OFFSET 2000
SELECT n FROM (SELECT number AS n FROM numbers(5000) ORDER BY n DESC LIMIT 2000 OFFSET 2000) ORDER BY n LIMIT 3 OFFSET 1500
SELECT if(number % 4 = 0, NULL, number) AS x, number FROM numbers(5000) ORDER BY x DESC NULLS FIRST, number LIMIT 5 OFFSET 2000
SELECT sum(n), count(), min(n) FROM (SELECT number * 7919 % 5003 AS n FROM numbers(5000) ORDER BY n LIMIT 1000 OFFSET 1500)
SELECT number * 7919 % 5003 AS k, count() AS c FROM numbers(20000) GROUP BY k ORDER BY c DESC, k LIMIT 3 OFFSET 4000
SELECT number FROM numbers(5000) ORDER BY number LIMIT 3 OFFSET 2000 UNION ALL SELECT number FROM numbers(3000) ORDER BY number LIMIT 3 OFFSET 2000
SELECT 'evt_' || toString(number * 7919 % 50021) AS s, number, 'x' AS c FROM numbers(50000) ORDER BY s LIMIT 4 OFFSET 25000
SELECT number % 7 AS k, 'evt_' || toString(number * 7919 % 50021) AS s FROM numbers(50000) ORDER BY s DESC, k LIMIT 4 OFFSET 30000
SELECT sum(n), count(), min(s), max(s) FROM (SELECT number AS n, toString(number * 7919 % 90001) AS s FROM numbers(90000) ORDER BY s LIMIT 20000 OFFSET 3000)
