SELECT if(0 > 1, 5, n) AS a, n AS b, count() FROM ev GROUP BY a, b WITH CUBE ORDER BY ALL
SELECT if(1, k, u) AS a, k AS b, sum(i) FROM ev GROUP BY a, b WITH ROLLUP ORDER BY ALL
SELECT multiIf(0, 1, n) AS a, CASE WHEN 1 THEN n ELSE 2 END AS b, count() FROM ev GROUP BY a, b WITH CUBE ORDER BY ALL
SELECT if(0, n, 1) AS a, k AS b, count() FROM ev GROUP BY a, b WITH CUBE ORDER BY ALL
SELECT if(if(1, 0, 1), s, u) AS a, u AS b, count() FROM ev GROUP BY a, b WITH CUBE ORDER BY ALL
SELECT if(materialize(1), u, u) AS a, u AS b, count() FROM ev GROUP BY a, b WITH CUBE ORDER BY ALL
SELECT multiIf(0, s, 1, u, k = 'a', s, u) AS a, u AS b, count() FROM ev GROUP BY a, b WITH CUBE ORDER BY ALL
SELECT isNull(i) AS a, k AS b, count() FROM ev GROUP BY a, b WITH CUBE ORDER BY ALL
SELECT u > 'u1' AND u > 'u1' AS a, u > 'u1' AS b, count() FROM ev GROUP BY a, b WITH CUBE ORDER BY ALL
SELECT if(1, u, s) AS a, u AS b, grouping(a), grouping(b, a), count() FROM ev GROUP BY GROUPING SETS ((a), (b)) ORDER BY ALL
SELECT k, count() FROM ev GROUP BY (k, u) ORDER BY ALL
SELECT tuple(k, u) AS g, count() FROM ev GROUP BY g WITH ROLLUP ORDER BY ALL
SELECT k, u, count() FROM ev GROUP BY (k, u), u WITH CUBE ORDER BY ALL
SELECT toTypeName(n) AS a, k AS b, count() FROM ev GROUP BY a, b WITH CUBE ORDER BY ALL
SELECT count(), 1 AS x FROM ev GROUP BY GROUPING SETS ((x), ())
SELECT count(), sum(i), 1 AS x, 'a' AS y FROM ev GROUP BY GROUPING SETS ((x), (y), (x, y))
SELECT count(), 1 AS x FROM ev WHERE 0 GROUP BY GROUPING SETS ((x), ())
SELECT count(), 1 AS x FROM ev GROUP BY ROLLUP(x)
SELECT count(), 1 AS x, 'a' AS y FROM ev GROUP BY CUBE(x, y)
SELECT count() FROM ev GROUP BY GROUPING SETS ((), ())
SELECT count(), sum(i), 1 AS x, k FROM ev GROUP BY GROUPING SETS ((x), (k), ()) ORDER BY ALL
SELECT sum(c) FROM (SELECT count() AS c, 'a' AS x FROM ev GROUP BY GROUPING SETS ((x), (x), ()) HAVING c > 1)
