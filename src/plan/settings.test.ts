// SETTINGS: honoured, harmless, or refused; never passed over in silence.

import { expect, it } from 'vitest'
import { checkSetting } from './settings.ts'
import { isOn } from '../functions/values/switches.ts'

const NOWHERE = { at: 0, end: 0 }
const check = (name: string, value: string | number | boolean) => () => checkSetting(name, value, NOWHERE)

it('takes what it honours, and what only tells ClickHouse how to work', () => {
  for (const [name, value] of [['join_use_nulls', 1], ['limit', 10], ['union_default_mode', 'distinct'],
    ['max_threads', 4], ['optimize_read_in_order', 0], ['join_algorithm', 'hash'], ['join_use_nulls', true]] as const) {
    expect(check(name, value)).not.toThrow()
  }
})

it('refuses a setting that would change the answer and is not there, but not its one value', () => {
  expect(check('interval_output_format', 'kusto')).toThrow(/not supported yet: the setting interval_output_format/)
  expect(check('bool_true_representation', 'Y')).toThrow(/bool_true_representation = Y: here it is true/)
  expect(check('session_timezone', 'Nowhere/City')).toThrow(/names a time zone/)
  expect(check('session_timezone', 'Europe/Berlin')).not.toThrow()
  expect(check('extremes', 1)).toThrow(/extremes/)
  expect(check('max_bytes_in_set', 1000)).not.toThrow()
  expect(check('decimal_check_overflow', true)).not.toThrow()
})

it('names the near one of an unknown setting, and the values of a wrong one', () => {
  expect(check('join_use_null', 1)).toThrow(/Unknown setting 'join_use_null'. Did you mean 'join_use_nulls'\?/)
  expect(check('max_thread', 4)).toThrow(/Unknown setting 'max_thread'. Did you mean 'max_threads'\?/)
  expect(check('join_use_nulls', 2)).toThrow(/is 0 or 1, not '2'/)
  expect(check('limit', 'many')).toThrow(/is a number from 0, not 'many'/)
  expect(check('union_default_mode', 'some')).toThrow(/is one of ALL, DISTINCT/)
})

it('reads switches as ClickHouse does', () => {
  expect([1, true, 'true', 'on', 0, false, 'false', null].map(isOn))
    .toEqual([true, true, true, true, false, false, false, false])
})
