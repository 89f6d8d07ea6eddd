-- Samples on a grid of moments.
SELECT timeSeriesResampleToGridWithStaleness(90, 210, 15, 30)(ts, v), toTypeName(timeSeriesResampleToGridWithStaleness(90, 210, 15, 30)(ts, v)), toTypeName(timeSeriesRateToGrid(90, 210, 15, 30)(ts, toFloat32(v))) FROM (SELECT arrayJoin([(110,1),(120,1),(130,3),(140,4),(190,5),(200,5),(210,8),(220,12),(230,13)]) AS p, toDateTime(p.1, 'UTC') AS ts, toFloat64(p.2) AS v) SETTINGS allow_experimental_time_series_aggregate_functions = 1
SELECT timeSeriesRateToGrid(90, 210, 15, 45)(ts, v), timeSeriesDeltaToGrid(90, 210, 15, 45)(ts, v), timeSeriesIncreaseToGrid(90, 210, 15, 45)(ts, v), timeSeriesInstantRateToGrid(90, 210, 15, 45)(ts, v), timeSeriesInstantDeltaToGrid(90, 210, 15, 45)(ts, v) FROM (SELECT arrayJoin([(110,1),(120,1),(130,3),(140,4),(190,5),(200,5),(210,3),(220,12),(230,13)]) AS p, toDateTime(p.1, 'UTC') AS ts, toFloat64(p.2) AS v) SETTINGS allow_experimental_time_series_aggregate_functions = 1
SELECT timeSeriesDerivToGrid(90, 210, 15, 45)(ts, v), timeSeriesPredictLinearToGrid(90, 210, 15, 45, 60)(ts, v), timeSeriesChangesToGrid(90, 210, 15, 45)(ts, v), timeSeriesResetsToGrid(90, 210, 15, 45)(ts, v), timeSeriesLastTwoSamples(ts, v), timeSeriesGroupArray(ts, v) FROM (SELECT arrayJoin([(110,1),(120,1),(130,3),(140,4),(190,5),(200,5),(210,3),(220,12),(230,13),(230,7)]) AS p, toDateTime(p.1, 'UTC') AS ts, toFloat64(p.2) AS v) SETTINGS allow_experimental_time_series_aggregate_functions = 1
SELECT timeSeriesResampleToGridWithStaleness(toDateTime(90,'UTC'), toDateTime(210,'UTC'), 15, 30)(toDateTime64(number*10,3,'UTC'), number::Float64), timeSeriesRateToGrid('1970-01-01 00:01:30'::DateTime64(3,'UTC'), '1970-01-01 00:03:30'::DateTime64(3,'UTC'), 15, 30)(toDateTime64(number*10,3,'UTC'), number::Float64) FROM numbers(25) SETTINGS allow_experimental_time_series_aggregate_functions = 1
SELECT k, timeSeriesRateToGrid(1700000000, 1700500000, 50000, 100000)(t, f), timeSeriesIncreaseToGrid(1700000000, 1700500000, 50000, 100000)(t, f), timeSeriesDeltaToGrid(1700000000, 1700500000, 50000, 100000)(t, f), timeSeriesPredictLinearToGrid(1700000000, 1700500000, 50000, 100000, -60)(t, f), timeSeriesResetsToGrid(1700000000, 1700500000, 50000, 100000)(t, f), timeSeriesChangesToGrid(1700000000, 1700500000, 50000, 100000)(t, toFloat32(f)) FROM ev GROUP BY k ORDER BY k SETTINGS allow_experimental_time_series_aggregate_functions = 1
SELECT timeSeriesLastToGrid(90, 90, 0, 30)(85::UInt32, 1.), timeSeriesLastToGrid(90, 210, 15, 30)(arrayMap(x -> toDateTime(x), [110, 120]), [1., 2.]), timeSeriesGroupArray([3, 2]::Array(UInt32), [1., 2.]), timeSeriesInstantRateToGridIf(90, 210, 15, 30)(110::UInt32, 1., 0) SETTINGS allow_experimental_time_series_aggregate_functions = 1
SELECT k, timeSeriesLastTwoSamples(t, f), length(timeSeriesGroupArray(t, f)), toTypeName(timeSeriesLastTwoSamples(t, toFloat32(f))), timeSeriesLastToGrid(1700000000, 1700500000, 100000, 60000)(t, if(id % 3 = 0, NULL, f)) FROM ev GROUP BY k ORDER BY k SETTINGS allow_experimental_time_series_aggregate_functions = 1
SELECT timeSeriesLastTwoSamples(t, f), timeSeriesGroupArray(t, f), timeSeriesRateToGrid(0, 10, 5, 5)(t, f) FROM ev WHERE id > 1000 SETTINGS allow_experimental_time_series_aggregate_functions = 1
! SELECT timeSeriesRateToGrid(90, 80, 15, 30)(t, f) FROM ev SETTINGS allow_experimental_time_series_aggregate_functions = 1
! SELECT timeSeriesRateToGrid(90, 100, 0, 30)(t, f) FROM ev SETTINGS allow_experimental_time_series_aggregate_functions = 1
! SELECT timeSeriesRateToGrid(90, 100, 10)(t, f) FROM ev SETTINGS allow_experimental_time_series_aggregate_functions = 1
! SELECT timeSeriesRateToGrid(90, 100, 10, 10)(i, f) FROM ev SETTINGS allow_experimental_time_series_aggregate_functions = 1
! SELECT timeSeriesRateToGrid(90, 100, 10, 10)(t, id) FROM ev SETTINGS allow_experimental_time_series_aggregate_functions = 1
! SELECT timeSeriesRateToGrid(90, 100, 10, -1)(t, f) FROM ev SETTINGS allow_experimental_time_series_aggregate_functions = 1
! SELECT timeSeriesRateToGrid(90, 100, 10, 10)([1, 2]::Array(DateTime), [1.]) SETTINGS allow_experimental_time_series_aggregate_functions = 1
! SELECT timeSeriesGroupArray(s, f) FROM ev SETTINGS allow_experimental_time_series_aggregate_functions = 1
SELECT timeSeriesDerivToGrid(90, 92, 1::Decimal(9, 1), 20::Decimal(9, 1))(toDateTime(number * 11), (number * 1.5)::Float32) FROM numbers(25) SETTINGS allow_experimental_time_series_aggregate_functions = 1
SELECT timeSeriesRange(toDateTime(id, 'UTC'), toDateTime(60, 'UTC'), 30), timeSeriesRange(0::UInt32, 60::UInt32, 30), timeSeriesRange(toDateTime64(0, 3, 'UTC'), toDateTime64(60, 3, 'UTC'), 20), timeSeriesRange(toDateTime(5, 'UTC'), toDateTime(5, 'UTC'), 0), toTypeName(timeSeriesRange(toDateTime(0), toDateTime(60), 30)) FROM ev WHERE id < 3 ORDER BY id
SELECT timeSeriesFromGrid(toDateTime(id, 'UTC'), toDateTime(id + 60, 'UTC'), 30, [1, 2, NULL]::Array(Nullable(Float64))), timeSeriesFromGrid('2025-06-01 00:00:00'::DateTime64(3, 'UTC'), '2025-06-01 00:01:30.000'::DateTime64(3, 'UTC'), 30, [10, 20, NULL, 30]), toTypeName(timeSeriesFromGrid(toDateTime(0), toDateTime(60), 30, [1, 2, 3])) FROM ev WHERE id < 3 ORDER BY id
! SELECT timeSeriesRange(toDateTime(0), toDateTime(60), 0)
! SELECT timeSeriesRange(toDateTime(90), toDateTime(60), 10)
! SELECT timeSeriesRange(toDateTime(0), toDateTime(60), -10)
! SELECT timeSeriesRange(toDate(0), toDate(60), 30)
! SELECT timeSeriesRange(toDateTime(0), toDateTime(60), 0.5)
! SELECT timeSeriesFromGrid(toDateTime(0), toDateTime(60), 30, [1, 2])
SELECT arrayMap(p -> arrayMap(v -> round(v + 0.0007, 2) + 0, p), seriesDecomposeSTL([1, 2, 3, 4, 1, 2, 3, 5, 1, 2, 3, 4, 1, 2, 3, 9], 4)), toTypeName(seriesDecomposeSTL([1, 2, 3, 4, 1, 2, 3, 5], 4)), arrayMap(p -> arrayMap(v -> round(v + 0.0007, 2) + 0, p), seriesDecomposeSTL([1, 2, 3, 4], 0)), arrayMap(p -> arrayMap(v -> round(v + 0.0007, 2) + 0, p), seriesDecomposeSTL([1, 2, 3, 4, 5, 6], 1)), arrayMap(p -> arrayMap(v -> round(v + 0.0007, 2) + 0, p), seriesDecomposeSTL([10.1, 20.45, 40.34, 10.1, 20.45, 40.34, 10.1, 20.45, 40.34, 10.1, 20.45, 40.34, 10.1, 20.45, 40.34, 10.1, 20.45, 40.34, 10.1, 20.45, 40.34, 10.1, 20.45, 40.34], 3))
SELECT arrayMap(p -> arrayMap(v -> round(v + 0.0007, 2) + 0, p), seriesDecomposeSTL(arrayMap(x -> x % 7 + x / 10 + (x * 7919) % 13, range(60)), 7)), arrayMap(p -> arrayMap(v -> round(v + 0.0007, 2) + 0, p), seriesDecomposeSTL(arrayMap(x -> (x % 12) * (x % 12) - x, range(150)), 12))
SELECT arrayMap(p -> arrayMap(v -> round(v + 0.0007, 2) + 0, p), seriesDecomposeSTL(groupArray(f), 8)) FROM (SELECT f FROM ev ORDER BY id)
! SELECT seriesDecomposeSTL([1, 2, 3, 4], 4)
! SELECT seriesDecomposeSTL([1, 2, 3, 4, 5, 6], -1)
! SELECT seriesDecomposeSTL([1, 2, 3, 4, 5, 6], 2.5)
! SELECT seriesDecomposeSTL(['a'], 2)
! SELECT seriesDecomposeSTL([], 2)
! SELECT seriesDecomposeSTL([1, 2, NULL, 4, 5, 6], 2)
