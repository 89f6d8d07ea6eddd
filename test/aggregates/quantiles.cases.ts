// Quantiles of every kind: statements for aggregates.test.ts.

const KINDS = ['', 'Exact', 'ExactLow', 'ExactHigh', 'ExactInclusive', 'Timing', 'TDigest', 'BFloat16']
const WEIGHTED = ['ExactWeighted', 'InterpolatedWeighted', 'TimingWeighted', 'TDigestWeighted',
  'BFloat16Weighted', 'Deterministic']

const ALL: readonly string[] = [
  ...KINDS.flatMap((kind) => [
    `SELECT g, quantile${kind}(i), quantile${kind}(0.9)(i), median${kind}(f), quantile${kind}(0.25)(id) FROM t GROUP BY g ORDER BY g`,
    `SELECT quantiles${kind}(0.1, 0.5, 0.99)(i), quantiles${kind}(0.5)(ni), quantile${kind}(0.1)(nf), quantile${kind}(i8), quantile${kind}(0.5)(at) FROM t`,
    `SELECT quantile${kind}(f), quantile${kind}(0.2)(toFloat32(f)), quantile${kind}(ni), quantiles${kind}(0.1, 0.9)(f) FROM t WHERE id > 99999`,
  ].map((sql) => (kind === 'ExactInclusive' ? sql.replace('medianExactInclusive', 'quantileExactInclusive') : sql))
    .map((sql) => (kind === 'Timing' ? sql.replace('(0.5)(at)', '(0.5)(id)') : sql))),
  ...WEIGHTED.flatMap((kind) => [
    `SELECT g, quantile${kind}(0.3)(i, id), quantiles${kind}(0.1, 0.5, 0.95)(f, g), median${kind}(i8, id) FROM t GROUP BY g ORDER BY g`,
    `SELECT quantile${kind}(0.5)(ni, id), quantile${kind}(0.5)(id, toUInt8(b)), toTypeName(quantile${kind}(f, id)), toTypeName(quantiles${kind}(0.5)(i8, id)) FROM t`,
  ]),
  'SELECT quantileExactExclusive(0.3)(i), quantilesExactExclusive(0.1, 0.5, 0.9)(f), quantileExactExclusive(0.01)(f) FROM t WHERE id < 30',
  'SELECT quantileDD(0.01, 0.9)(id), quantilesDD(0.05, 0.1, 0.5)(f), quantileDD(0.01)(i) FROM t',
  'SELECT quantile(d), quantileExact(at), quantileExact(dec), quantile(dec), quantilesTDigest(0.5)(at), median(d) FROM t',
  'SELECT toTypeName(quantile(d)), toTypeName(quantile(dec)), toTypeName(quantileTDigest(f)), toTypeName(quantilesTiming(0.5)(id)), toTypeName(quantileBFloat16(i)), toTypeName(quantileExactInclusive(i)), toTypeName(quantile(toFloat32(f))), toTypeName(quantileExact(ni)) FROM t',
  'SELECT quantileMerge(0.9)(a), quantilesExactMerge(0.1, 0.5)(b), quantileTDigestMerge(c), quantileTimingMerge(d), quantileExactWeightedMerge(e), quantileDeterministicMerge(h), quantileBFloat16Merge(k) FROM (SELECT g, quantileState(0.9)(i) AS a, quantilesExactState(0.1, 0.5)(i) AS b, quantileTDigestState(i) AS c, quantileTimingState(id) AS d, quantileExactWeightedState(i, id) AS e, quantileDeterministicState(i, id) AS h, quantileBFloat16State(f) AS k FROM t WHERE id < 500 GROUP BY g)',
  'SELECT quantileIf(0.9)(i, b), quantilesIf(0.1, 0.5)(f, i > 0), quantileOrNull(i), quantileExactArray(0.5)(a), quantileForEach(a) FROM t',
  'SELECT quantile(0.9)(number), quantileDeterministic(0.9)(number, number), quantileTDigest(0.9)(number), quantileTiming(0.9)(number % 40000), quantileExact(0.7)(number) FROM numbers(100000)',
]

/** Sketches whose answer depends on the order of rows: one worker sees them as ClickHouse does. */
const isOrdered = (sql: string): boolean => /TDigest|numbers\(/.test(sql)

export const QUANTILE_CASES = ALL.filter((sql) => !isOrdered(sql))
export const ORDERED_CASES = ALL.filter(isOrdered)
