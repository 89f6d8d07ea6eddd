// Moments, bits, and values that some row has: statements for aggregates.test.ts.

export const MOMENT_CASES: readonly string[] = [
  'SELECT varPop(f), varSamp(f), stddevPop(f), stddevSamp(f), varPop(i), stddevSamp(ni), VAR_POP(f), STDDEV_SAMP(i8), std(f), stddev(f) FROM t',
  'SELECT g, varPopStable(f), varSampStable(f), stddevPopStable(i), stddevSampStable(nf) FROM t GROUP BY g ORDER BY g',
  'SELECT varSamp(f), varPop(f), stddevSamp(i), skewSamp(f), kurtPop(f), corr(f, i), covarSamp(f, i), sumKahan(f), avgWeighted(f, g) FROM t WHERE id = 3',
  'SELECT varSamp(f), varPop(f), covarPop(f, i), corr(f, i), avgWeighted(f, g), boundingRatio(f, i), simpleLinearRegression(f, i), sumCount(i), sumWithOverflow(i8) FROM t WHERE id > 99999',
  'SELECT covarPop(f, i), covarSamp(f, i8), corr(f, id), covarPopStable(f, i), corrStable(id, i8), covarSampStable(f, ni) FROM t',
  'SELECT g, skewPop(f), skewSamp(i), kurtPop(f), kurtSamp(i8) FROM t GROUP BY g ORDER BY g',
  'SELECT simpleLinearRegression(id, f), simpleLinearRegression(toFloat64(id), id * 3 + 1), boundingRatio(id, f), avgWeighted(f, toFloat64(id)), avgWeighted(i, g) FROM t',
  'SELECT sumKahan(f), sumCount(i), sumCount(f), sumCount(i8), sumCount(ni), sumCount(dec) FROM t',
  'SELECT sumWithOverflow(i8), sumWithOverflow(g), sumWithOverflow(u), sumWithOverflow(f), sumWithOverflow(dec), sumWithOverflow(toFloat32(f)) FROM t',
  'SELECT groupBitAnd(id), groupBitOr(i8), groupBitXor(u), groupBitOr(ni), BIT_XOR(i), bit_or(g), groupBitAnd(b) FROM t',
  'SELECT g, groupBitXor(i), groupBitOr(u) FROM t GROUP BY g ORDER BY g',
  'SELECT anyHeavy(if(id % 3 = 0, s, \'most\')), singleValueOrNull(if(id > 0, 1, 1)), singleValueOrNull(g), singleValueOrNull(ns) FROM t',
  'SELECT any_respect_nulls(nullIf(id, 0)), anyLast_respect_nulls(nullIf(id, 1302)), any_value(id), first_value(id), last_value(id) FROM t WHERE id < 1000000 AND id IN (0, 5)',
  'SELECT argAndMax(s, id), argAndMin(i, id), max_by(s, id), min_by(lc, id), argMax(ns, ni) IS NOT NULL FROM t',
  'SELECT toTypeName(varPop(toFloat32(f))), toTypeName(corr(toFloat32(f), toFloat32(f))), toTypeName(varPop(dec)), toTypeName(skewPop(toFloat32(f))), toTypeName(sumKahan(toFloat32(f))), toTypeName(avgWeighted(toFloat32(f), toFloat32(f))) FROM t',
  'SELECT varPop(dec), stddevPop(dec), avg(dec), sum(dec), min(dec), max(dec) FROM t',
  'SELECT stddevPopMerge(x), corrMerge(y), groupBitXorMerge(z), sumCountMerge(w), anyHeavyMerge(v) != \'\', varPopStableMerge(q) FROM (SELECT stddevPopState(f) AS x, corrState(f, i) AS y, groupBitXorState(i) AS z, sumCountState(i) AS w, anyHeavyState(s) AS v, varPopStableState(f) AS q FROM t GROUP BY g)',
  'SELECT stddevPopIf(f, b), varSampIf(nf, b), corrIf(f, i, b), argMaxIf(s, id, b), stddevPopOrNull(f), varPopForEach(a) FROM t',
]
