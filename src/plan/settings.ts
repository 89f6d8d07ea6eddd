// SETTINGS of a query. Each is honoured, or cannot change an answer here (how ClickHouse reads, caches
// and spreads work), or is refused: none that would change the answer is passed over in silence.

import { settingText, SETTING_DEFAULTS, isOn } from '../functions/values/switches.ts'
import { nearestName } from '../sql/suggest.ts'
import { QueryError, type Span } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import { checkZone } from './session-zone.ts'

/** What a setting takes. */
type Kind = 'switch' | 'count' | 'zone' | 'character' | 'text' | readonly string[]

/** Settings that do here what they do in ClickHouse. */
const HONOURED: Readonly<Record<string, Kind>> = {
  aggregate_functions_null_for_empty: 'switch',
  cast_keep_nullable: 'switch',
  count_distinct_implementation: ['uniqExact', 'uniq', 'uniqCombined', 'uniqCombined64', 'uniqHLL12',
    'uniqTheta'],
  date_time_output_format: ['simple', 'iso', 'unix_timestamp'],
  distinct_overflow_mode: ['throw', 'break'],
  except_default_mode: ['ALL', 'DISTINCT', ''],
  final: 'switch',
  format_csv_delimiter: 'character',
  format_csv_null_representation: 'text',
  format_tsv_null_representation: 'text',
  group_by_overflow_mode: ['throw', 'break', 'any'],
  group_by_use_nulls: 'switch',
  intersect_default_mode: ['ALL', 'DISTINCT', ''],
  join_default_strictness: ['ALL', 'ANY', ''],
  join_overflow_mode: ['throw', 'break'],
  join_use_nulls: 'switch',
  limit: 'count',
  max_execution_time: 'count',
  max_memory_usage: 'count',
  max_recursive_cte_evaluation_depth: 'count',
  max_bytes_in_distinct: 'count',
  max_bytes_in_join: 'count',
  max_bytes_in_set: 'count',
  max_bytes_to_sort: 'count',
  max_bytes_to_read: 'count',
  max_bytes_to_read_leaf: 'count',
  max_columns_to_read: 'count',
  max_result_bytes: 'count',
  max_result_rows: 'count',
  max_rows_in_distinct: 'count',
  max_rows_in_join: 'count',
  max_rows_in_set: 'count',
  max_rows_to_group_by: 'count',
  max_rows_to_read: 'count',
  max_rows_to_read_leaf: 'count',
  max_rows_to_sort: 'count',
  offset: 'count',
  output_format_csv_crlf_end_of_line: 'switch',
  output_format_decimal_trailing_zeros: 'switch',
  output_format_json_array_of_rows: 'switch',
  output_format_json_escape_forward_slashes: 'switch',
  output_format_json_map_as_array_of_tuples: 'switch',
  output_format_json_named_tuples_as_objects: 'switch',
  output_format_json_quote_64bit_floats: 'switch',
  output_format_json_quote_64bit_integers: 'switch',
  output_format_json_quote_decimals: 'switch',
  output_format_json_quote_denormals: 'switch',
  output_format_json_skip_null_value_in_named_tuples: 'switch',
  output_format_json_validate_utf8: 'switch',
  output_format_tsv_crlf_end_of_line: 'switch',
  output_format_write_statistics: 'switch',
  partial_cache: 'switch',
  read_overflow_mode: ['throw', 'break'],
  read_overflow_mode_leaf: ['throw', 'break'],
  result_overflow_mode: ['throw', 'break'],
  set_overflow_mode: ['throw', 'break'],
  sort_overflow_mode: ['throw', 'break'],
  prefer_column_name_to_alias: 'switch',
  session_timezone: 'zone',
  transform_null_in: 'switch',
  union_default_mode: ['ALL', 'DISTINCT', ''],
  use_legacy_to_time: 'switch',
}

/** Settings that say how values are written, in answers and by functions. */
export const OUTPUT_SETTINGS: readonly string[] = Object.keys(HONOURED)
  .filter((name) => /^(output_format_|format_(csv|tsv)_|date_time_output_format$)/.test(name))

export const honouredSettings = (): string[] => Object.keys(HONOURED)

/** Settings that change answers in ClickHouse and have one value here: that one may be written. */
const FIXED: Readonly<Record<string, string>> = {
  additional_result_filter: '', additional_table_filters: '',
  analyzer_compatibility_join_using_top_level_identifier: '0',
  any_join_distinct_right_table_keys: '0', asterisk_include_alias_columns: '0',
  asterisk_include_materialized_columns: '0', bool_false_representation: 'false',
  bool_true_representation: 'true', cast_ipv4_ipv6_default_on_conversion_error: '0',
  cast_string_to_date_time_mode: 'best_effort', data_type_default_nullable: '0',
  date_time_input_format: 'best_effort', date_time_overflow_behavior: 'ignore',
  decimal_check_overflow: '1',
  do_not_merge_across_partitions_select_final: '0',
  empty_result_for_aggregation_by_constant_keys_on_empty_set: '1',
  empty_result_for_aggregation_by_empty_set: '0', enable_analyzer: '1',
  allow_experimental_analyzer: '1', enable_extended_results_for_datetime_functions: '0',
  enable_named_columns_in_function_tuple: '0', enable_positional_arguments: '1', extremes: '0',
  format_regexp: '',
  function_date_trunc_return_type_behavior: '0', interval_output_format: 'numeric',
  join_any_take_last_row: '0',
  least_greatest_legacy_null_behavior: '0',
  short_circuit_function_evaluation: 'enable', single_join_prefer_left_table: '1',
  use_variant_as_common_type: '1',
  analyzer_compatibility_allow_non_aggregate_in_having: '0', analyzer_compatibility_apply_final_to_all_joined_tables: '0',
  analyzer_compatibility_prefer_alias_over_subcolumn: '0', asterisk_include_virtual_columns: '0', cast_string_to_dynamic_use_inference: '0',
  check_conversion_from_numbers_to_enum: '1', count_matches_stop_at_empty_match: '0',
  date_time_64_output_format_cut_trailing_zeros_align_to_groups_of_thousands: '0', 
  formatdatetime_e_with_space_padding: '0', formatdatetime_f_prints_scale_number_of_digits: '0',
  formatdatetime_f_prints_single_zero: '0', formatdatetime_format_without_leading_zeros: '0',
  formatdatetime_parsedatetime_m_is_month_name: '1', function_json_value_return_type_allow_complex: '0',
  function_json_value_return_type_allow_nullable: '0', function_locate_has_mysql_compatible_argument_order: '1',
  function_visible_width_behavior: '1', geo_distance_returns_float64_on_float64_arguments: '1', implicit_table_at_top_level: '',
  legacy_column_name_of_tuple_literal: '0', output_format_always_write_decimal_point_in_float_and_decimal: '0',
  output_format_csv_header_serialize_tuple_into_separate_columns: '1', output_format_csv_serialize_tuple_into_separate_columns: '1',
  output_format_float_precision: '0', output_format_trim_fixed_string: '0', parsedatetime_e_requires_space_padding: '0',
  parsedatetime_parse_without_leading_zeros: '1', rewrite_count_distinct_if_with_count_distinct_implementation: '0',
  splitby_max_substrings_includes_remaining_string: '0', validate_enum_literals_in_operators: '0',
}

/** Of the families below those that queries write; a misspelt one is told by these. */
const OFTEN_WRITTEN = ['max_threads', 'max_block_size', 'join_algorithm', 'optimize_read_in_order', 'optimize_aggregation_in_order',
  'optimize_move_to_prewhere', 'use_query_cache', 'enable_optimize_predicate_expression', 'allow_experimental_analyzer', 'log_queries',
  'max_insert_threads', 'max_bytes_before_external_group_by', 'max_bytes_before_external_sort', 'input_format_null_as_default',
  'allow_experimental_json_type', 'enable_json_type', 'query_plan_enable_optimizations']

/** Families that tell ClickHouse how to work, not what to answer. */
const PLAIN = new RegExp('^(' + [
  'aggregation_.*', 'alter_.*', 'apply_.*', 'allow_.*', 'analyze_index_.*', 'async_.*', 'background_.*', 'cancel_http_.*',
  'check_.*', 'checksum_on_read', 'cluster_.*', 'collect_hash_.*', 'compile_.*', 'connect_.*', 'convert_query_to_cnf',
  'correlated_subqueries_.*', 'count_distinct_optimization', 'cross_.*', 'distributed_.*',
  'default_.*', 'describe_.*', 'dictionary_.*', 'enable_.*', 'engine_.*', 'exact_rows_before_limit', 'execute_exists_.*', 'external_.*', 'filesystem_.*',
  'force_.*', 'function_range_max_.*', 'grace_hash_.*', 'group_by_two_level_.*', 'http_.*', 'ignore_.*',
  'input_.*', 'insert_.*', 'join_algorithm', 'join_on_disk_.*', 'join_output_.*',
  'join_runtime_.*', 'join_to_sort_.*', 'joined_subquery_.*', 'load_.*', 'local_filesystem_.*', 'lock_.*', 'log_.*', 'lightweight_.*', 'materialized_.*', 'move_.*',
  'low_cardinality_.*',
  'max_(alter|analyze|ast|backup|block|bytes_before|bytes_for|bytes_ratio|bytes_to_transfer|compress|download|estimated|execution_speed'
    + '|execution_time_leaf|fetch|http|hyperscan|limit_for|local|memory_usage_for|number|parsing|partition|parts|projection|rand|replica'
    + '|rows_for|rows_to_transfer|sessions|size|skip|table|concurrent|distributed|expanded|final|insert|joined'
    + '|network|parallel|parser|partitions|query|read|remote|rows_in_set_to|streams|subquery|temporary'
    + '|threads|untracked).*', 'materialize_.*', 'memory_.*', 'merge_tree_.*', 'min_.*', 'mutations_.*',
  'network_.*', 'opentelemetry_.*', 'optimize_.*', 'os_thread.*', 'output_format_(parallel|pretty|parquet).*',
  'parallel.*', 'partial_merge_.*', 'prefer_(external|global|localhost|warmed).*', 'preferred_.*',
  'prefetch.*', 'priority', 'query_.*', 'queue_.*', 'read_.*', 'readonly', 'receive_timeout',
  'regexp_max_matches_per_row', 'reject_expensive_.*', 'remerge_.*', 'remote_.*', 'replace_running_.*',
  'rewrite_in_to_join', 'rows_before_aggregation', 's3_.*', 'secondary_indices_.*',
  'select_sequential_.*', 'send_.*', 'skip_.*', 'sleep_.*',
  'split_.*', 'stream_.*', 'temporary_.*', 'throw_(if|on)_.*', 'timeout_.*', 'totals_.*', 'transfer_overflow_mode', 'trace_.*', 'use_.*', 'wait_.*',
  'workload'].join('|') + ')$')

/** Of a table by name; undefined also for what every object has. */
const ownOf = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  (Object.hasOwn(table, name) ? table[name] : undefined)

/** Refuses a setting that is unknown, has a value that it cannot have, or would change the answer and is
 * not there. `value` undefined: DEFAULT. */
export function checkSetting(name: string, value: Value | undefined, span: Span | null): void {
  const kind = ownOf(HONOURED, name)
  if (kind !== undefined) {
    if (value !== undefined) checkValue(name, kind, value, span)
    return
  }
  const only = ownOf(FIXED, name)
  if (only !== undefined) {
    const written = settingText(value ?? only)
    const text = written.toLowerCase()
    if (text === only.toLowerCase() || isSame(text, only)) return
    throw new QueryError(`not supported yet: the setting ${name} = ${written}: here it is `
      + `${only === '' ? 'empty' : only}`, span, 'NOT_IMPLEMENTED')
  }
  if (PLAIN.test(name)) return
  const near = nearestName(name, [...Object.keys(HONOURED), ...Object.keys(FIXED), ...OFTEN_WRITTEN])
  throw new QueryError(`Unknown setting '${name}'${near === null ? '' : `. Did you mean '${near}'?`}`, span,
    'UNKNOWN_SETTING')
}

/** `true` is 1, and 0.0 is 0. */
const isSame = (text: string, only: string): boolean =>
  (text === 'true' && only === '1') || (text === 'false' && only === '0')
  || (only !== '' && text !== '' && Number(text) === Number(only))

function checkValue(name: string, kind: Kind, value: Value, span: Span | null): void {
  const text = settingText(value)
  if (kind === 'switch') {
    if (/^(0|1|true|false|on|off|enable|disable)$/i.test(text)) return
    throw new QueryError(`The setting ${name} is 0 or 1, not '${text}'`, span, 'CANNOT_PARSE_BOOL')
  }
  if (kind === 'zone') return checkZone(text, span)
  if (kind === 'text') return
  if (kind === 'character') {
    if (Buffer.byteLength(text) === 1) return
    throw new QueryError(`The setting ${name} is one character, not '${text}'`, span, 'SIZE_OF_FIXED_STRING_DOESNT_MATCH')
  }
  if (kind === 'count') {
    if (text !== '' && Number(text) >= 0) return
    throw new QueryError(`The setting ${name} is a number from 0, not '${text}'`, span,
      'CANNOT_PARSE_NUMBER')
  }
  if (kind.some((one) => one.toLowerCase() === text.toLowerCase())) return
  throw new QueryError(`The setting ${name} is one of ${kind.join(', ')}, not '${text}'`, span,
    name.includes('overflow_mode') ? 'UNKNOWN_OVERFLOW_MODE' : 'BAD_ARGUMENTS')
}

/** A setting as getSetting gives it, written in the query or not; null: it is not one that is known here. */
export function settingValue(name: string, written: Value): Value {
  const kind = ownOf(HONOURED, name)
  if (kind === undefined) {
    const only = ownOf(FIXED, name)
    if (only === undefined) return written
    return only === '0' || only === '1' ? (name.startsWith('max_') ? Number(only) : only === '1') : only
  }
  const value = written ?? SETTING_DEFAULTS[name] ?? (kind === 'count' ? 0 : kind === 'switch' ? false : '')
  return kind === 'switch' ? isOn(value) : kind === 'count' ? Number(value) : String(value)
}
