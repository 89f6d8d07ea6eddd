// Distinct counts, arrays, funnels, tops and series: statements for aggregates.test.ts.

export const FAMILY_CASES: readonly string[] = [
  'SELECT uniq(s), uniq(s, lc), uniq(i, g), uniq(a), uniq(sa), uniq((s, g)), uniq(ns), uniq(dec), uniq(ts), uniq(b) FROM t',
  'SELECT uniqCombined(s), uniqCombined(i), uniqCombined64(s), uniqCombined(12)(id), uniqHLL12(s), uniqHLL12(i), uniqHLL12(id), uniqHLL12(g) FROM t',
  'SELECT uniqCombined(f), uniqCombined(toFloat32(f)), uniqCombined(i8), uniqCombined(d), uniqCombined(ts), uniqCombined(s, g), uniqHLL12(f), uniqHLL12(s, g), uniqCombined(12)(s) FROM t',
  'SELECT g, uniqHLL12(id), uniqCombined(13)(id), uniqHLL12(ni), uniqCombined(ns) FROM t GROUP BY g ORDER BY g',
  'SELECT uniqCombinedMerge(x), uniqHLL12Merge(y), uniqCombined64Merge(z) FROM (SELECT uniqCombinedState(id) AS x, uniqHLL12State(id) AS y, uniqCombined64State(s) AS z FROM t GROUP BY g)',
  'SELECT uniqUpTo(3)(g), uniqUpTo(5)(s), uniqUpTo(100)(lc), groupBitmap(g), groupBitmap(id) FROM t',
  'SELECT toTypeName(groupArrayMovingSum(i8)), toTypeName(groupArrayMovingSum(u)), toTypeName(groupArrayMovingAvg(f)), toTypeName(groupArrayInsertAt(s, g)), toTypeName(groupConcat(s)), toTypeName(groupArrayIntersect(a)), toTypeName(topK(3)(s)), toTypeName(uniqCombined(s)), toTypeName(sumMap(a, a)), toTypeName(retention(b, b)), toTypeName(deltaSum(i8)), toTypeName(entropy(s)), toTypeName(maxIntersections(id, id)) FROM t',
  'SELECT arraySort(groupArrayIntersect(a)), arraySort(groupArrayIntersect([g, 1, 2, 3])), length(groupArraySample(3)(id)), length(groupUniqArray(2)(s)), length(groupArray(5)(ns)) FROM t',
  'SELECT deltaSum(0), entropy(g), entropy(s), entropy(s, g), maxIntersections(id, toUInt32(id + 3)), maxIntersections(id, toUInt32(id + g)) FROM t',
  'SELECT sumMap(a, a), minMap(a, a), maxMap(sa, arrayMap(x -> length(x), sa)), sumMap((a, a)), sumMapFiltered([1, 2])(a, a), sumMap([g], [i]) FROM t WHERE length(a) > 0',
  'SELECT g, sumMap([lc], [i]), minMap([s], [f]), sumMap([id % 3], [1], [2]) FROM t GROUP BY g ORDER BY g',
  'SELECT sumMap([1, 2], [0, 0]), sumMap([g], [u]), sumMapMerge(x) FROM (SELECT g, u, sumMapState([lc], [i]) AS x FROM t GROUP BY g, u)',
  'SELECT g, retention(i > 0, f > 0, id = 5), windowFunnel(600)(at, lc = \'l1\', lc = \'l2\', lc = \'l3\') FROM t GROUP BY g ORDER BY g',
  'SELECT s, windowFunnel(5000)(at, g = 0, g = 1, g = 2), windowFunnel(5000, \'strict_order\')(at, g = 0, g = 1, g = 2), windowFunnel(5000, \'strict_increase\')(at, g = 0, g = 1, g = 2), windowFunnel(50000, \'strict_deduplication\')(at, g = 0, g = 1, g = 2) FROM t GROUP BY s ORDER BY s',
  'SELECT s, sequenceMatch(\'(?1)(?2)\')(at, g = 0, g = 1), sequenceMatch(\'(?1).*(?2)\')(at, g = 0, g = 1), sequenceCount(\'(?1)(?2)\')(at, g = 0, g = 1), sequenceCount(\'(?1).*(?2)\')(at, g = 0, g = 3), sequenceMatch(\'(?1)(?t>=2000)(?2)\')(at, g = 0, g = 1), sequenceMatch(\'(?1)(?t<500)(?2)\')(at, g = 0, g = 1), sequenceCount(\'(?1).(?2)\')(at, g = 0, g = 1, g = 2) FROM t GROUP BY s ORDER BY s',
  'SELECT topK(3)(lc), topK(10)(g), length(topK(5)(s)), topKWeighted(3)(lc, id), approx_top_k(3)(lc), approx_top_sum(2)(lc, id) FROM t',
  'SELECT sumMap(m), sumMapIf(m, b), maxMapIf(a, a, b) FROM t',
]

/** What depends on the order of rows. */
export const FAMILY_ORDERED: readonly string[] = [
  'SELECT groupArrayMovingSum(i), groupArrayMovingSum(3)(i8), groupArrayMovingAvg(4)(i), groupArrayMovingAvg(f), groupArrayMovingSum(2)(nf) FROM t WHERE id < 40',
  'SELECT g, groupArrayMovingSum(2)(i) FROM t WHERE id < 50 GROUP BY g ORDER BY g',
  'SELECT groupArrayLast(3)(id), groupArraySorted(5)(i), groupArraySorted(2)(s), groupArray(4)(s), groupArrayLast(2)(ns) FROM t',
  'SELECT groupArrayInsertAt(s, id), groupArrayInsertAt(\'-\')(s, id * 2), groupArrayInsertAt(\'-\', 5)(s, id), groupArrayInsertAt(i, g), groupArrayInsertAt(7, 6)(g, id) FROM t WHERE id < 8',
  'SELECT groupConcat(s), groupConcat(\', \')(id), groupConcat(\',\', 3)(d), group_concat(ns), groupConcat(\',\')(a) FROM t WHERE id < 12',
  'SELECT deltaSum(i), deltaSum(f), deltaSum(i8), deltaSum(g), deltaSumTimestamp(i, id), deltaSumTimestamp(f, at), exponentialMovingAverage(5)(f, id) FROM t',
  'SELECT maxIntersectionsPosition(id, toUInt32(id + 3)), maxIntersectionsPosition(id, toUInt32(id + g)), maxIntersections(i, i + 50) FROM t',
  'SELECT uniqCombined(number), uniqCombined64(number), uniqHLL12(number), uniq(number, number), uniq((number, 1)) FROM numbers(100000)',
  'SELECT uniqCombined(concat(toString(number), toString(number))), uniqHLL12(concat(\'a\', toString(number))), uniqCombined(14)(number), uniqCombined(number, number) FROM numbers(60000)',
  'SELECT uniqCombined(number), uniqCombined64(number), uniqHLL12(number) FROM numbers(1000000)',
]
