SELECT sumMap(map(s, i)), sumForEach([i]), sumResample(0, 3, 1)(i, id), sumArgMin(i, id) FROM ev WHERE 0
SELECT sumMapIf(map(s, i), id > 1000), avgMap(map(k, i)), groupArrayMap(map(s, i)) FROM ev WHERE id > 1000
SELECT maxMap(map(k, id)), sumMap(map(k, i)), sumMapIf(map(k, i), id > 50), uniqExactMap(map(k, s)) FROM ev
SELECT k, maxMap(map(k, id)), finalizeAggregation(maxMapState(map(k, id))) FROM ev GROUP BY k ORDER BY k
SELECT uniqIfOrNull(s, 0), uniqExactIfOrNull(n, id > 1000), uniqHLL12IfOrNull(s, 0), uniqCombinedIfOrNull(s, 0), countIfOrNull(0) FROM ev
SELECT k, uniqExactIfOrNull(s, id < 3), sumIfOrNull(i, id < 3), uniqExactOrNullIf(s, id < 3) FROM ev GROUP BY k ORDER BY k
SELECT uniqIfOrNull(s, 1), countIfOrNull(1) FROM ev WHERE 0
SELECT toTypeName(n), count() FROM ev
SELECT toTypeName(sum(i)), toTypeName(n) FROM ev
SELECT toTypeName(position(toTypeName(n), k)), toTypeName(transform(k, ['a'], ['x'], s)), toTypeName(transform(k, ['a'], ['x'], 'q')) FROM ev LIMIT 1
SELECT substring('xyz', id % 3, 2) AS a, substring(s, id % 2), substringUTF8(s, toInt8(id % 3) - 1) FROM ev ORDER BY id LIMIT 9
SELECT substring('xyz', 0, 2)
! SELECT substring(s, 0, 2) FROM ev
