SELECT sumMap(map(s, i)), sumForEach([i]), sumResample(0, 3, 1)(i, id), sumArgMin(i, id) FROM ev WHERE 0
SELECT sumMapIf(map(s, i), id > 1000), avgMap(map(k, i)), groupArrayMap(map(s, i)) FROM ev WHERE id > 1000
SELECT maxMap(map(k, id)), sumMap(map(k, i)), sumMapIf(map(k, i), id > 50), uniqExactMap(map(k, s)) FROM ev
SELECT k, maxMap(map(k, id)), finalizeAggregation(maxMapState(map(k, id))) FROM ev GROUP BY k ORDER BY k
SELECT uniqIfOrNull(s, 0), uniqExactIfOrNull(n, id > 1000), uniqHLL12IfOrNull(s, 0), uniqCombinedIfOrNull(s, 0), countIfOrNull(0) FROM ev
SELECT k, uniqExactIfOrNull(s, id < 3), sumIfOrNull(i, id < 3), uniqExactOrNullIf(s, id < 3) FROM ev GROUP BY k ORDER BY k
SELECT uniqIfOrNull(s, 1), countIfOrNull(1) FROM ev WHERE 0
