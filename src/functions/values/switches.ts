// What SETTINGS say where nobody wrote them, and switches among them as on or off. Which settings there are,
// and what each takes, the plan knows (plan/settings.ts).

import type { Value } from './value.ts'

/** A setting's value as it is written: true is 1. */
export const settingText = (value: Value): string =>
  (value === true ? '1' : value === false ? '0' : String(value ?? ''))

/** What settings are that a query does not write, where that is not 0, false or an empty text. */
export const SETTING_DEFAULTS: Readonly<Record<string, Value>> = {
  count_distinct_implementation: 'uniqExact', date_time_output_format: 'simple', except_default_mode: 'ALL',
  distinct_overflow_mode: 'throw', group_by_overflow_mode: 'throw', join_overflow_mode: 'throw', read_overflow_mode: 'throw',
  read_overflow_mode_leaf: 'throw', result_overflow_mode: 'throw', set_overflow_mode: 'throw', sort_overflow_mode: 'throw',
  intersect_default_mode: 'ALL', join_default_strictness: 'ALL', max_recursive_cte_evaluation_depth: 1000,
  format_csv_delimiter: ',', format_csv_null_representation: '\\N', format_tsv_null_representation: '\\N', output_format_json_escape_forward_slashes: true, output_format_json_named_tuples_as_objects: true,
  output_format_write_statistics: true, partial_cache: true, session_timezone: 'UTC',
}

/** A switch of what is written, with what it is where nobody has set it. */
export const isSwitchedOn = (settings: Readonly<Record<string, Value>> | undefined, name: string): boolean =>
  isOn(settings?.[name] ?? SETTING_DEFAULTS[name] ?? false)

/** Is a switch on? */
export const isOn = (value: Value): boolean => /^(1|true|on|enable)$/i.test(settingText(value))
