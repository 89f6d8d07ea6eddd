-- Aggregates of two columns take neither Decimals nor integers beyond 64 bits; weights have no sign.
! SELECT corr(toDecimal32(f, 1), f) FROM ev
! SELECT corr(toDecimal32(f, 1), toDecimal64(f, 2)) FROM ev
! SELECT covarPop(toInt128(i), i) FROM ev
! SELECT covarSamp(f, toNullable(toDecimal32(f, 1))) FROM ev
! SELECT avgWeighted(toDecimal32(f, 1), 2) FROM ev
! SELECT avgWeighted(i, toDecimal32(f, 1)) FROM ev
! SELECT quantileExactWeighted(i, i) FROM ev
! SELECT quantileTDigestWeighted(i, toInt32(1)) FROM ev
! SELECT quantilesTimingWeighted(0.5)(i, toInt8(1)) FROM ev
! SELECT quantileDeterministic(i, toInt64(id)) FROM ev
! SELECT deltaSumTimestamp(i, toDecimal32(f, 1)) FROM ev
SELECT corrStable(toDecimal32(f, 1), f), round(corr(f, i), 9), covarPopStable(toDecimal32(f, 3), 1) FROM ev
SELECT avgWeighted(toInt128(i), id), quantileExactWeighted(i, true), quantileDeterministic(i, id) FROM ev
SELECT rankCorr(toDecimal32(id, 1), id), simpleLinearRegression(toDecimal32(id, 1), id) FROM ev
-- The greatest and the least of LowCardinality columns and constants.
SELECT greatest(k, 'k2'), least(k, 'k2', 'k1'), toTypeName(greatest(k, 'k2')) FROM ev ORDER BY id
SELECT toTypeName(least(k, s)), toTypeName(greatest(k, k)), greatest(toLowCardinality(n), 3) AS g, toTypeName(g) FROM ev ORDER BY id
SELECT least(toLowCardinality('a'), 'b') AS l, toTypeName(l), toTypeName(greatest(toLowCardinality(toNullable('a')), 'b'))
SELECT toTypeName(least(materialize(toLowCardinality('a')), 'b')), toTypeName(greatest(toLowCardinality('a'), materialize('b'))), toTypeName(formatRow('CSV', materialize(toLowCardinality('a')), materialize(1)))
SELECT greatest(k, 'k2') AS g, count() FROM ev GROUP BY g ORDER BY g
-- A Bool is a resolution, and a point has no area.
SELECT h3EdgeAngle(true), h3EdgeLengthM(id % 2 = 0), h3NumHexagons(false), length(h3GetPentagonIndexes(true)), h3HexAreaM2(true), areaCartesian((1., 2.)), perimeterSpherical((f, f)) FROM ev ORDER BY id LIMIT 2
! SELECT polygonAreaCartesian((1., 2.))
