SELECT varPop(x), stddevPop(x), varSamp(x), stddevSamp(x), avg(x) FROM (SELECT toFloat32(190 + number / 7) AS x FROM numbers(50))
SELECT skewPop(x), skewSamp(x), kurtPop(x), kurtSamp(x) FROM (SELECT toFloat32(pow(1.1, number)) AS x FROM numbers(50))
SELECT skewPop(x), skewSamp(x), kurtPop(x), kurtSamp(x) FROM (SELECT toFloat32(190 + number / 7) AS x FROM numbers(50))
SELECT covarPop(x, y), covarSamp(x, y), corr(x, y), covarPop(x, 2), corr(x, toFloat32(number)) FROM (SELECT number, toFloat32(190 + number / 7) AS x, toFloat32(number * number) AS y FROM numbers(50))
SELECT varPopStable(x), covarPopStable(x, y), corrStable(x, y) FROM (SELECT number, toFloat32(190 + number / 7) AS x, toFloat32(number * number) AS y FROM numbers(50))
SELECT stddevPopMerge(s) FROM (SELECT number % 3 AS k, stddevPopState(toFloat32(190 + number / 7)) AS s FROM numbers(50) GROUP BY k)
SELECT number % 3 AS k, stddevPop(toFloat32(19000 + number / 7)) AS s, skewPop(toFloat32(19000 + number / 7)) FROM numbers(50) GROUP BY k ORDER BY k
SELECT varPop(toFloat32(number)), varSamp(toFloat32(number)), corr(toFloat32(number), toFloat32(2)) FROM numbers(1)
