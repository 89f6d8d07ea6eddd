SELECT k AS g, count() FROM ev GROUP BY g WITH ROLLUP ORDER BY g, count()
SELECT k AS g, u AS h, count() FROM ev GROUP BY CUBE(g, h) ORDER BY g, h, count() LIMIT 5
SELECT k AS g, u AS h, count(), grouping(g, h) FROM ev GROUP BY GROUPING SETS ((g), (h)) ORDER BY g, h LIMIT 5
SELECT k, count() FROM ev GROUP BY 1 WITH TOTALS ORDER BY 1
SELECT k AS x, count() FROM ev GROUP BY ALL ORDER BY ALL
SELECT toDate(t) AS day, k, count() FROM ev GROUP BY ROLLUP(day, k) ORDER BY day, k LIMIT 5
SELECT k, sum(i) FROM ev GROUP BY k WITH ROLLUP ORDER BY k SETTINGS group_by_use_nulls = 1
SELECT k, u, sum(i) FROM ev GROUP BY CUBE(k, u) ORDER BY k, u LIMIT 5 SETTINGS group_by_use_nulls = 1
SELECT k, id % 2 AS p, sum(i), toTypeName(k), toTypeName(p) FROM ev GROUP BY GROUPING SETS ((k), (p)) ORDER BY k, p SETTINGS group_by_use_nulls = 1
SELECT k, count() FROM ev GROUP BY k WITH TOTALS ORDER BY k SETTINGS group_by_use_nulls = 1
SELECT k, count() FROM ev GROUP BY k WITH ROLLUP HAVING k IS NULL SETTINGS group_by_use_nulls = 1
SELECT concat(k, 'x') AS kk, count() FROM ev GROUP BY ROLLUP(kk) ORDER BY kk SETTINGS group_by_use_nulls = 1
SELECT upper(k), count() FROM ev GROUP BY ROLLUP(k) ORDER BY k SETTINGS group_by_use_nulls = 1
SELECT a, count() FROM ev GROUP BY ROLLUP(a) ORDER BY a LIMIT 3 SETTINGS group_by_use_nulls = 1
SELECT x.u, y.age FROM us AS x LEFT JOIN (SELECT u, age FROM us WHERE age > 25) AS y ON x.u = y.u ORDER BY x.u, x.age, y.age SETTINGS join_use_nulls = 1
SELECT x.u, y.age, toTypeName(y.age), toTypeName(x.u) FROM us AS x FULL JOIN (SELECT u, age FROM us WHERE age > 25) AS y ON x.u = y.u ORDER BY x.u, x.age, y.age LIMIT 1 SETTINGS join_use_nulls = 1
SELECT count(y.age), count() FROM us AS x LEFT JOIN (SELECT u, age FROM us WHERE age > 25) AS y USING u SETTINGS join_use_nulls = 1
SELECT sum(i) FROM ev WHERE 0 SETTINGS aggregate_functions_null_for_empty = 1
SELECT sum(i), count(), max(i), avg(f), groupArray(i), uniq(u), any(k) FROM ev WHERE 0 SETTINGS aggregate_functions_null_for_empty = 1
SELECT sumIf(i, 0), countIf(0) FROM ev SETTINGS aggregate_functions_null_for_empty = 1
SELECT k, sumIf(i, id > 1000) FROM ev GROUP BY k ORDER BY k SETTINGS aggregate_functions_null_for_empty = 1
SELECT NULL IN (NULL), 1 IN (1, NULL), 2 IN (1, NULL) SETTINGS transform_null_in = 1
SELECT n IN (NULL, 11) FROM ev ORDER BY id LIMIT 2 SETTINGS transform_null_in = 1
SELECT n IN (SELECT n FROM ev WHERE n IS NULL) FROM ev ORDER BY id LIMIT 2 SETTINGS transform_null_in = 1
SELECT NULL IN (NULL), 1 IN (1, NULL), 2 IN (1, NULL), NULL NOT IN (1)
SELECT toDateTime64('2024-01-01 00:00:00.123', 3) AS x SETTINGS date_time_output_format = 'iso'
SELECT toDateTime('2024-01-01 00:00:00') AS x, toDate('2024-01-01') AS d SETTINGS date_time_output_format = 'iso'
SELECT toDateTime('2024-01-01 00:00:00') AS x, toDateTime64('2024-01-01 00:00:00.123', 3) AS y SETTINGS date_time_output_format = 'unix_timestamp'
SELECT toDateTime('2024-01-01 00:00:00') AS x, [toDateTime('2024-01-01 00:00:00')] AS y SETTINGS date_time_output_format = 'iso'
SELECT toString(toDateTime('2024-01-01 00:00:00')) AS x SETTINGS date_time_output_format = 'iso'
SELECT toUInt64(18446744073709551615) AS x, toInt64(-5) AS y SETTINGS output_format_json_quote_64bit_integers = 1
SELECT toUInt64(5) AS x, [toInt64(-5)] AS y, map('a', toUInt64(2)) AS m SETTINGS output_format_json_quote_64bit_integers = 1
SELECT toFloat64(1.5) AS x, toDecimal32(1.5, 2) AS y SETTINGS output_format_json_quote_decimals = 1, output_format_json_quote_64bit_floats = 1
SELECT nan AS x, inf AS y SETTINGS output_format_json_quote_denormals = 1
SELECT (1, 'a')::Tuple(a UInt8, b String) AS x SETTINGS output_format_json_named_tuples_as_objects = 0
SELECT number FROM numbers(10) SETTINGS limit = 3
SELECT number FROM numbers(10) ORDER BY number DESC SETTINGS limit = 3, offset = 2
SELECT number FROM numbers(10) LIMIT 5 SETTINGS limit = 3
SELECT number FROM numbers(10) LIMIT 5 SETTINGS offset = 3
SELECT number FROM numbers(10) LIMIT 5 OFFSET 2 SETTINGS offset = 2, limit = 2
SELECT 1 SETTINGS max_execution_time = 10
SELECT 1 SETTINGS max_threads = 2
! SELECT 1 SETTINGS no_such_setting = 1
SELECT 1 SETTINGS max_result_rows = 1
! SELECT number FROM numbers(10) SETTINGS max_result_rows = 3
SELECT number FROM numbers(10) SETTINGS max_result_rows = 3, result_overflow_mode = 'break'
! SELECT k, count() FROM ev GROUP BY k ORDER BY k SETTINGS max_rows_to_group_by = 2
SELECT k, count() FROM ev GROUP BY k ORDER BY k SETTINGS optimize_read_in_order = 1, max_bytes_before_external_group_by = 1000000
SELECT CAST('x' AS Nullable(UInt8)) SETTINGS cast_keep_nullable = 1
SELECT CAST(toNullable(1) AS String) AS x, toTypeName(x) SETTINGS cast_keep_nullable = 1
SELECT count(DISTINCT u) FROM ev SETTINGS count_distinct_implementation = 'uniqCombined'
SELECT x.u FROM us AS x JOIN ev AS y ON x.u = y.u ORDER BY y.id, x.age LIMIT 2 SETTINGS join_algorithm = 'full_sorting_merge'
SELECT count() FROM us JOIN ev USING u SETTINGS join_default_strictness = 'ANY'
! SELECT toStartOfWeek(toDate('2024-01-03')) SETTINGS first_day_of_week = 1
! SELECT 'a' LIKE 'A' SETTINGS case_insensitive_like = 1
! SELECT intDiv(1, 0) SETTINGS intdiv_or_null = 1
SELECT number FROM system.numbers LIMIT 3
! SELECT * FROM ev FINAL LIMIT 1
SELECT x FROM (SELECT 1 AS x SETTINGS max_threads = 1)
SELECT sum(x) FROM (SELECT sum(i) AS x FROM ev WHERE 0 SETTINGS aggregate_functions_null_for_empty = 1)
SELECT x.u, y.age FROM us AS x LEFT JOIN us AS y ON x.u = y.name ORDER BY x.u, x.age LIMIT 2 SETTINGS join_use_nulls = 'true'
! SELECT 1 SETTINGS join_use_nulls = 2
! SELECT 1 SETTINGS join_use_nulls = 'x'
SELECT 1 SETTINGS join_use_nulls = DEFAULT
SELECT 1 SETTINGS allow_experimental_analyzer = 1
SELECT 1 SETTINGS readonly = 1
SELECT toUInt8(1) + toUInt8(255) AS x SETTINGS allow_experimental_variant_type = 1
SELECT array(1, 'a') SETTINGS use_variant_as_common_type = 1
! SELECT [1, 'a'] SETTINGS use_variant_as_common_type = 0
! SELECT if(1, 1, 'a') AS x, toTypeName(x) SETTINGS use_variant_as_common_type = 0
! SELECT {x:UInt8}
SELECT toTypeName(CAST('1' AS Nullable(String)))
SELECT parseDateTimeBestEffort('2024-01-02T03:04:05Z') SETTINGS date_time_input_format = 'best_effort'
SELECT toDateTime('2024-01-02T03:04:05Z') SETTINGS cast_string_to_date_time_mode = 'best_effort'
SELECT CAST('2024-01-02T03:04:05Z' AS DateTime) SETTINGS cast_string_to_date_time_mode = 'best_effort'
! SELECT 1 = '1', 1 = 'a'
! SELECT toDate('2024-01-01') = '2024-01-01', toDate('2024-01-01') = 'x'
! SELECT 10 % 3 SETTINGS something.x = 1
SELECT toDateTime('2024-01-01 12:00:00','Europe/Madrid') AS a, toDateTime64('2024-07-01 12:00:00.123', 3,'America/New_York') AS b, toDate('2024-01-01') AS c SETTINGS date_time_output_format='iso'
SELECT toDateTime('2024-01-01 12:00:00','Europe/Madrid') AS a, toDateTime64('2024-07-01 12:00:00.123', 3,'America/New_York') AS b, toDateTime64('1955-07-01 12:00:00.123', 3,'America/New_York') AS c SETTINGS date_time_output_format='unix_timestamp'
SELECT [toDateTime('2024-01-01 12:00:00','Europe/Madrid')] AS a, map('a', toDateTime('2024-01-01 12:00:00','Europe/Madrid')) AS b, toString(toDateTime('2024-01-01 12:00:00','Europe/Madrid')) AS c SETTINGS date_time_output_format='iso'
-- Decimals with all their digits; objects without their NULLs.
SELECT toString(toDecimal64(1.5, 4)), concat(toDecimal64(1.5, 4), 'a'), toDecimal64(1.5, 4) AS x, [x, 2::Decimal(18,4)], (x, 'a'), map('a', x), [[x]], toNullable(x), NULL::Nullable(Decimal(9, 3)), toDecimal128('1.5', 20), toDecimal32(0, 3), toDecimal32(5, 0), toDecimal64(0.001, 3), toDecimal128(100, 2), CAST(x, 'Variant(Decimal(18, 4), String)'), if(id = 0, x, NULL), materialize(x) FROM ev ORDER BY id LIMIT 2 SETTINGS output_format_decimal_trailing_zeros = 1
SELECT toDecimal64(1.5, 4) AS x, [x], toNullable(materialize(x)) SETTINGS output_format_decimal_trailing_zeros = 1, output_format_json_quote_decimals = 1
SELECT CAST((n, if(id % 2 = 0, NULL, s), i), 'Tuple(a Nullable(Int32), b Nullable(String), c Int64)') AS t, [t], tuple(t) FROM ev ORDER BY id LIMIT 20 SETTINGS output_format_json_skip_null_value_in_named_tuples = 1
SELECT CAST((n, n), 'Tuple(a Nullable(Int32), b Nullable(Int32))') AS t, map('k', t) FROM ev ORDER BY id LIMIT 3 SETTINGS output_format_json_skip_null_value_in_named_tuples = 1, output_format_json_named_tuples_as_objects = 1
SELECT CAST((n, n), 'Tuple(a Nullable(Int32), b Nullable(Int32))') AS t FROM ev ORDER BY id LIMIT 1 SETTINGS output_format_json_skip_null_value_in_named_tuples = 1, output_format_json_named_tuples_as_objects = 0
-- Functions that write values do it as SETTINGS say; texts of single values stay.
SELECT toJSONString(toUInt64(id)), toJSONString([i, 3]), toJSONString((toUInt64(id), 'a')), toJSONString(map(toUInt64(id), i)), toJSONString(n), toJSONString(toInt128(i)), toJSONString(k), toString((toUInt64(id), [i])) FROM ev ORDER BY id LIMIT 20 SETTINGS output_format_json_quote_64bit_integers = 1
SELECT toJSONString(t), toJSONString(toDateTime64(t, 3)), toJSONString([t]), toString([t]), toString((s, t)), toString(map(s, t)), CAST([t] AS String), CAST([t], 'String'), [t]::String, toString(t), concat(t, ''), concat([t], ''), CAST(t AS String), toString([toDate(t)]), toString([toNullable(t), NULL]), toString([[t]]), toString(a) FROM ev ORDER BY id LIMIT 5 SETTINGS date_time_output_format = 'iso'
SELECT toJSONString(t), toJSONString(toDateTime64(t, 3)), toString([t, toDateTime('2024-01-01 00:00:00')]), toString([toDateTime64('1960-01-01 00:00:00.5', 3)]), formatRow('CSV', t), formatRow('TSV', t), formatRow('Values', t, [t]), formatRow('JSONStringsEachRow', t), formatRow('Vertical', t), formatRow('Markdown', t), formatRow('CSV', [t]) FROM ev ORDER BY id LIMIT 5 SETTINGS date_time_output_format = 'unix_timestamp'
SELECT toJSONString(1 / 0), toJSONString(nan), toJSONString(f), toJSONString([f, -inf]), formatRow('JSONEachRow', nan AS x, f) FROM ev ORDER BY id LIMIT 3 SETTINGS output_format_json_quote_denormals = 1
SELECT toJSONString(f), toJSONString(toFloat32(f)), toJSONString([f, nan]), toJSONString(nan), toJSONString(toFloat32(nan)), f, [nan, f] FROM ev ORDER BY id LIMIT 3 SETTINGS output_format_json_quote_64bit_floats = 1
SELECT toJSONString([f, nan]), nan, [nan, f] FROM ev ORDER BY id LIMIT 3 SETTINGS output_format_json_quote_64bit_floats = 1, output_format_json_quote_denormals = 1
SELECT toJSONString(toDecimal64(f, 4)), toJSONString(map('a', toUInt64(id))), toJSONString(CAST((id, s), 'Tuple(a UInt64, b String)')), formatRow('JSONEachRow', CAST((id, s), 'Tuple(a UInt64, b String)') AS x), formatRow('JSONStringsEachRow', CAST((id, s), 'Tuple(a UInt64, b String)') AS x, map(1, 2) AS y, nan AS z) FROM ev ORDER BY id LIMIT 3 SETTINGS output_format_json_quote_decimals = 1, output_format_json_named_tuples_as_objects = 0, output_format_json_map_as_array_of_tuples = 1, output_format_json_quote_64bit_integers = 1
SELECT formatRow('CSV', true, n, 'a;b'), formatRow('CSVWithNames', n AS v, s AS w), formatRow('TSV', true, n), formatRow('TSVRaw', n, 1), formatRow('CustomSeparated', n, 1), formatRow('TSKV', n AS x, 1 AS y), formatRow('LineAsString', s), formatRowNoNewline('CSV', n, 1), formatRowNoNewline('TSV', n, 1) FROM ev ORDER BY id LIMIT 12 SETTINGS format_csv_null_representation = 'NIL', format_tsv_null_representation = 'NOPE', format_csv_delimiter = ';', output_format_tsv_crlf_end_of_line = 1, output_format_csv_crlf_end_of_line = 1
SELECT toString(toDecimal64(1.5, 4)), toJSONString(toDecimal64(1.5, 4)), toString([toDecimal64(f, 4)]), formatRow('CSV', toDecimal64(1.5, 4), [toDecimal64(f, 4)]), formatRow('Markdown', toDecimal64(1.5, 4) AS y) FROM ev ORDER BY id LIMIT 2 SETTINGS output_format_decimal_trailing_zeros = 1
SELECT toJSONString('a/b'), toJSONString(['a/b', '\\/']), formatRow('JSONEachRow', 'a/b' AS x, s), formatRow('JSONCompactEachRow', 'a/b' AS x) FROM ev ORDER BY id LIMIT 2 SETTINGS output_format_json_escape_forward_slashes = 0
SELECT hex(toJSONString(unhex('ff'))), hex(formatRow('JSONEachRow', unhex('ff41') AS x)) SETTINGS output_format_json_validate_utf8 = 1
SELECT toJSONString(CAST((n, s), 'Tuple(a Nullable(Int32), b String)')) FROM ev ORDER BY id LIMIT 12 SETTINGS output_format_json_skip_null_value_in_named_tuples = 1
SELECT x, toString([t]), toJSONString(t) FROM (SELECT toString([t]) AS x, t FROM ev ORDER BY id LIMIT 2 SETTINGS date_time_output_format = 'iso') ORDER BY ALL
SELECT groupFormat('JSONEachRow')(t, toUInt64(id)) FROM (SELECT t, id FROM ev ORDER BY id LIMIT 3) SETTINGS date_time_output_format = 'iso', output_format_json_quote_64bit_integers = 1
SELECT arrayMap(x -> toJSONString(x), [t]), arrayMap(x -> toString([x]), [t]) FROM ev ORDER BY id LIMIT 2 SETTINGS date_time_output_format = 'iso'
SELECT formatRow('JSONEachRow', toFloat32(1e25) AS x, inf AS y, -1e300), toJSONString([inf, 1e22]) SETTINGS output_format_json_quote_denormals = 1
