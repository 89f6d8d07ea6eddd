// Tests of hypotheses, measures of dependence, outlines: statements for aggregates.test.ts.

export const STATISTICS_CASES: readonly string[] = [
  'SELECT studentTTest(f, b), studentTTest(0.95)(i, g % 2), welchTTest(i8, b), welchTTest(0.9)(f, g > 1), studentTTest(dec, b) FROM t',
  'SELECT g, studentTTest(i, b), welchTTest(f, b), studentTTestOneSample(0.99)(f, 3), studentTTestOneSample(i8, -2) FROM t GROUP BY g ORDER BY g',
  'SELECT studentTTest(1, b), welchTTest(g, g > 9), studentTTestOneSample(f, 1), studentTTest(f, b) FROM t WHERE id < 1',
  'SELECT meanZTest(1.5, 2.5, 0.95)(f, b), meanZTest(100., 20., 0.5)(i, g % 2) FROM t',
  "SELECT mannWhitneyUTest(f, b), mannWhitneyUTest('greater')(i8, b), mannWhitneyUTest('less', 0)(i, b), mannWhitneyUTest('two-sided', 1)(g, b) FROM t",
  "SELECT kolmogorovSmirnovTest(f, b), kolmogorovSmirnovTest('greater')(i8, b), kolmogorovSmirnovTest('less', 'exact')(i, b), kolmogorovSmirnovTest('two-sided', 'asymp')(g, b), kolmogorovSmirnovTest('less', 'asymp')(i, b), kolmogorovSmirnovTest('two-sided', 'auto')(i + b * 200, b) FROM t",
  'SELECT analysisOfVariance(f, g), anova(i, toUInt8(b)), ANOVA(id, g) FROM t',
  'SELECT g, analysisOfVariance(f, b) FROM t GROUP BY g ORDER BY g',
  'SELECT rankCorr(f, i), rankCorr(g, id), rankCorr(i8, i8) FROM t',
  'SELECT cramersV(g, lc), cramersVBiasCorrected(g, s), theilsU(lc, s), contingency(s, b), cramersV(b, g), theilsU(1, g), cramersV(1, 1) FROM t',
  'SELECT g, cramersV(lc, b), contingency(lc, id % 3), theilsU(b, lc), cramersVBiasCorrected(id % 4, lc) FROM t GROUP BY g ORDER BY g',
  'SELECT corrMatrix(f, i, i8), covarPopMatrix(f, g), covarSampMatrix(i8, id, f), corrMatrix(f) FROM t',
  'SELECT g, covarSampMatrix(f, i) FROM t GROUP BY g ORDER BY g',
  'SELECT categoricalInformationValue(g = 1, g = 2, b), categoricalInformationValue(b, g > 1) FROM t',
  'SELECT intervalLengthSum(id, toUInt32(id + 3)), intervalLengthSum(f, f + 1), intervalLengthSum(d, d + g), intervalLengthSum(i, i - 5), intervalLengthSum(at, at + g) FROM t',
  'SELECT sparkbar(9)(id, g % 2 + i), sparkbar(20, 100, 900)(id, toInt32(i8)), sparkbar(12)(d, f), sparkbar(12)(at, u % 1000), sparkBar(5)(g, i8) FROM t',
  "SELECT g, sparkbar(9, toDate('2023-12-10'), toDate('2024-01-10'))(d, i8) FROM t GROUP BY g ORDER BY g",
  'SELECT largestTriangleThreeBuckets(7)(id, f), lttb(3)(at, i), lttb(2)(id, g), lttb(1)(ts, f), lttb(0)(id, f), lttb(5)(id, f) FROM t WHERE id < 400',
  'SELECT g, lttb(4)(at, f) FROM t GROUP BY g ORDER BY g',
  'SELECT toTypeName(rankCorr(f, f)), toTypeName(histogram(3)(i)), toTypeName(lttb(3)(ts, d)), toTypeName(sparkbar(3)(id, f)), toTypeName(intervalLengthSum(f, f)), toTypeName(corrMatrix(f)) FROM t',
  'SELECT studentTTestMerge(x), histogramMerge(100)(y), cramersVMerge(z), intervalLengthSumMerge(w) FROM (SELECT studentTTestState(f, b) AS x, histogramState(100)(toInt8(g)) AS y, cramersVState(lc, b) AS z, intervalLengthSumState(id, toUInt32(id + 1)) AS w FROM t GROUP BY g)',
  'SELECT studentTTestIf(f, b, g > 0), rankCorrIf(f, i, b), histogramIf(4)(g, b), sparkbarOrNull(4)(id, i) FROM t',
  'SELECT g, quantileExactWeightedInterpolated(0.3)(i, id), quantilesExactWeightedInterpolated(0.1, 0.5, 0.95)(f, g), medianExactWeightedInterpolated(i8, id) FROM t GROUP BY g ORDER BY g',
  'SELECT quantileExactWeightedInterpolated(d, id), quantileExactWeightedInterpolated(0.5)(ni, id), quantileExactWeightedInterpolated(0.5)(dec, id) FROM t',
]

/** Window functions over values in time. */
export const TIME_WINDOW_CASES: readonly string[] = [
  'SELECT id, exponentialTimeDecayedSum(5)(f, id) OVER (ORDER BY id) FROM t WHERE id < 30 ORDER BY id',
  'SELECT id, exponentialTimeDecayedSum(500)(f, at) OVER (PARTITION BY g ORDER BY at ROWS BETWEEN 3 PRECEDING AND CURRENT ROW), exponentialTimeDecayedAvg(500)(i, at) OVER (PARTITION BY g ORDER BY at), exponentialTimeDecayedMax(700)(f, at) OVER (PARTITION BY g ORDER BY at), exponentialTimeDecayedCount(300)(at) OVER (PARTITION BY g ORDER BY at) FROM t WHERE id < 60 ORDER BY id',
  'SELECT id, exponentialTimeDecayedCount(3)(g) OVER (ORDER BY g), exponentialTimeDecayedSum(3)(i, g) OVER (ORDER BY g, id), exponentialTimeDecayedMax(2)(i, ts) OVER (ORDER BY id) FROM t WHERE id < 40 ORDER BY id',
  'SELECT id, nonNegativeDerivative(i, at) OVER (ORDER BY at), nonNegativeDerivative(f, ts, INTERVAL 3 SECOND) OVER (PARTITION BY g ORDER BY ts), nonNegativeDerivative(i, ts, INTERVAL 250 MILLISECOND) OVER (ORDER BY ts) FROM t WHERE id < 40 ORDER BY id',
]

/** What depends on the order of rows. */
export const STATISTICS_ORDERED: readonly string[] = [
  'SELECT histogram(3)(i), histogram(5)(f), histogram(40)(i8), histogram(250)(id), histogram(1)(u), histogram(2)(nf) FROM t',
  'SELECT g, histogram(4)(f) FROM t GROUP BY g ORDER BY g',
  'SELECT quantileGK(100, 0.5)(number), quantilesGK(10, 0.25,0.5)(number), medianGK(10)(toFloat32(number)), quantileGK(1,0.5)(toDate(number)), quantileGK(100)(number) FROM numbers(1001)',
  'SELECT g, quantileGK(50, 0.9)(i), quantilesGK(1000, 0.1, 0.5, 0.99)(f), quantileGK(20, 0.3)(ts), quantileGK(20)(ni) FROM t GROUP BY g ORDER BY g',
  'SELECT quantileGK(1000, 0.9)(number * 7919 % 100003), quantilesGK(100, 0.2, 0.8)(number * 7919 % 100003) FROM numbers(70000)',
]
