-- Limits that a query sets itself (us has 9 rows).
! SELECT number FROM numbers(100) SETTINGS max_rows_to_read = 10
SELECT count() FROM numbers(100) SETTINGS max_rows_to_read = 1000
! SELECT sum(age) FROM us SETTINGS max_rows_to_read = 2
SELECT sum(age) FROM us SETTINGS max_rows_to_read = 9
! SELECT sum(age) FROM us SETTINGS max_bytes_to_read = 2
! SELECT u FROM us SETTINGS max_result_rows = 2
! SELECT u, count() FROM us GROUP BY u SETTINGS max_rows_to_group_by = 2
SELECT u, count() FROM us GROUP BY u ORDER BY u SETTINGS max_rows_to_group_by = 9
! SELECT u FROM us ORDER BY u SETTINGS max_rows_to_sort = 2
SELECT u FROM us ORDER BY u LIMIT 1 SETTINGS max_rows_to_sort = 2
! SELECT DISTINCT u FROM us SETTINGS max_rows_in_distinct = 2
SELECT count() FROM (SELECT DISTINCT country FROM us) SETTINGS max_rows_in_distinct = 3
! SELECT u FROM us WHERE u IN (SELECT u FROM us) SETTINGS max_rows_in_set = 2
! SELECT u FROM us WHERE age IN (1, 2, 3) SETTINGS max_rows_in_set = 2
! SELECT us.u FROM us JOIN us AS x USING u SETTINGS max_rows_in_join = 2
! SELECT u, age, name FROM us SETTINGS max_columns_to_read = 2
SELECT u, age FROM us ORDER BY ALL SETTINGS max_columns_to_read = 2
! SELECT u FROM us WHERE age > 1 AND since > 1 SETTINGS max_columns_to_read = 2
! SELECT sum(age) FROM us SETTINGS max_rows_to_read_leaf = 2
! SELECT (SELECT count() FROM numbers(100)) SETTINGS max_rows_to_read = 10
SELECT getSetting('join_use_nulls'), toTypeName(getSetting('join_use_nulls')), getSetting('session_timezone')
SELECT getSetting('join_use_nulls'), getSetting('max_rows_to_read') SETTINGS join_use_nulls = 1, max_rows_to_read = 7
SELECT getSettingOrDefault('nope', 5), getSettingOrDefault('join_use_nulls', 5), getSetting('except_default_mode')
! SELECT getSetting('nope')
! SELECT getSetting(u) FROM us
! SELECT us.u FROM us JOIN us AS x USING u SETTINGS max_bytes_in_join = 2
SELECT count() FROM us JOIN us AS x USING u SETTINGS max_bytes_in_join = 100000000, join_overflow_mode = 'throw'
! SELECT u FROM us ORDER BY u SETTINGS max_bytes_to_sort = 2
! SELECT DISTINCT u FROM us SETTINGS max_bytes_in_distinct = 2
! SELECT u FROM us WHERE u IN (SELECT u FROM us) SETTINGS max_bytes_in_set = 2
SELECT u, count() FROM us GROUP BY u ORDER BY u SETTINGS max_rows_to_group_by = 100, group_by_overflow_mode = 'any', max_bytes_before_external_group_by = 0
SELECT count() FROM us WHERE u IN (SELECT u FROM us) SETTINGS max_rows_in_set = 100, set_overflow_mode = 'break'
! SELECT 1 SETTINGS group_by_overflow_mode = 'nope'
! SELECT 1 SETTINGS join_overflow_mode = 'any'
SELECT count() FROM us SETTINGS max_execution_speed = 0, max_estimated_execution_time = 0, max_rows_to_transfer = 0, max_analyze_depth = 5000
