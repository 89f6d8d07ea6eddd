// The cases of differential.test.ts: calls that ClickHouse answers too, by family.

import type { Expression, Typed } from './differential.harness.ts'

export type Case = { readonly family: string; readonly expression: Expression }

/** A column of one row. */
export const col = (type: string, value: Typed['value'], sql?: string): Typed =>
  ({ type, value, ...(sql === undefined ? {} : { sql }) })

const NUMBER_COLUMNS: readonly Typed[] = [
  col('UInt8', 200), col('UInt16', 60000), col('UInt32', 4000000000), col('Int8', -100),
  col('Int16', -30000), col('Int32', -2000000000), col('Float32', 1.5), col('Float64', -0.75),
  col('UInt64', 9007199254740991), col('Int64', -9007199254740991), col('UInt64', 2n ** 64n - 3n),
  col('Int64', -(2n ** 62n) - 5n), col('Bool', true),
]

/** Without floats, whose remainders ClickHouse computes in its own way. */
const INTEGER_COLUMNS = NUMBER_COLUMNS.filter((column) => !column.type.startsWith('Float'))

function pairs(name: string, columns: readonly Typed[]): Expression[] {
  return columns.flatMap((a) => columns.map((b): Expression => [name, a, b]))
}

const day = col('Date', 19844, "'2024-05-01'")
const late = col('Date', 19782, "'2024-02-29'")
const moment = col('DateTime', 1714566615, "'2024-05-01 12:30:15'")
const ticks = col('DateTime64(3)', 1714566615123, "'2024-05-01 12:30:15.123'")
const berlin = col("DateTime('Europe/Berlin')", 1711839600, "1711839600::DateTime")
const nullInt = col('Nullable(Int32)', null)
const someInt = col('Nullable(Int32)', 7)
const nullText = col('Nullable(String)', null)
const text = (value: string): Typed => col('String', value)
const coded = col('LowCardinality(String)', 'abc')

const FAMILIES: Readonly<Record<string, readonly Expression[]>> = {
  arithmetic: [
    ...['plus', 'minus', 'multiply'].flatMap((name) => pairs(name, NUMBER_COLUMNS)),
    ...pairs('divide', NUMBER_COLUMNS.slice(0, 10)),
    ...['intDiv', 'modulo'].flatMap((name) => pairs(name, INTEGER_COLUMNS)),
    ['modulo', col('Float64', 7.5), 2], ['intDiv', col('Float64', 7.5), 2],
    ...NUMBER_COLUMNS.flatMap((c): Expression[] => [['negate', c], ['abs', c]]),
    ['intDiv', 1, 0], ['modulo', 7, 0], ['divide', 1, 0], ['plus', nullInt, 1], ['plus', 1, null],
    ['intDiv', col('Int32', 1), col('Nullable(Int32)', null)], ['sign', -4],
    ['plus', col('Decimal(9, 2)', 150, '1.5'), 1], ['multiply', col('Decimal(9, 2)', 150, '1.5'), 2],
    ['plus', day, 3], ['minus', moment, 15], ['minus', day, late], ['plus', ticks, 1],
    ['plus', day, ['toIntervalMonth', 1]], ['minus', late, ['toIntervalYear', 1]],
    ['plus', day, ['toIntervalHour', 5]], ['plus', moment, ['toIntervalMillisecond', 5]],
    ['minus', ticks, ['toIntervalDay', 1]], ['plus', berlin, ['toIntervalDay', 1]],
    ['addMonths', late, 12], ['addDays', moment, -1], ['subtractWeeks', day, 2],
    ['addMinutes', ticks, 3], ['dateAdd', moment, ['toIntervalDay', 2]],
    ['bitAnd', 12, 10], ['bitOr', 12, 3], ['bitXor', col('Int32', -5), 3],
  ],
  comparison: [
    ...['equals', 'less', 'greaterOrEquals'].flatMap((name) => pairs(name, NUMBER_COLUMNS)),
    ['equals', day, '2024-05-01'], ['less', moment, '2024-05-01 12:30:16'],
    ['greater', moment, day], ['equals', moment, '2024-05-01'], ['less', ticks, moment],
    ['equals', ticks, '2024-05-01 12:30:15.123'], ['equals', text('a'), 'a'],
    ['less', text('abc'), 'abd'], ['notEquals', text('a'), nullText], ['equals', coded, 'abc'],
    ['equals', null, 1], ['less', col('Float64', Number.NaN, 'nan'), 1],
    ['equals', col('Int32', 5), '5'], ['less', text('ab'), 'a'], ['equals', moment, 1714566615],
  ],
  logical: [
    ...['and', 'or', 'xor'].flatMap((name) => pairs(name,
      [nullInt, someInt, col('UInt8', 0), col('Bool', true), col('Float64', 0.5)])),
    ['not', nullInt], ['not', someInt], ['not', col('Bool', true)], ['and', 1, null], ['or', null, 1],
  ],
  conditional: [
    ['if', col('UInt8', 1), 1, -1], ['if', col('UInt8', 0), 1, null], ['if', col('Nullable(UInt8)', null), 1, 2.5],
    ['if', col('UInt8', 1), 'a', nullText], ['multiIf', col('Nullable(UInt8)', null), 1, col('UInt8', 1), 300, -1],
    ['coalesce', nullInt, 5], ['coalesce', nullInt, nullInt], ['coalesce', null, someInt, 2],
    ['ifNull', nullText, 'x'], ['ifNull', someInt, 1.5], ['nullIf', someInt, 7], ['nullIf', 'a', 'b'],
    ['isNull', nullInt], ['isNotNull', someInt], ['isNull', 1], ['assumeNotNull', someInt],
    ['greatest', 1, 2, 300], ['least', 1.5, col('Int32', -4)], ['greatest', 'a', 'b'],
    ['greatest', nullInt, 3], ['least', day, late], ['if', col('UInt8', 1), day, moment],
  ],
  conversion: [
    ...NUMBER_COLUMNS.flatMap((c): Expression[] => [['toString', c], ['toFloat64', c], ['toInt64', c],
      ['toUInt64', c], ['toUInt8', c], ['toInt32', c], ['toFloat32', c]]),
    ['toInt32', '12'], ['toInt32', 'x'], ['toInt32OrNull', text('x')], ['toInt32OrZero', text('x')],
    ['toInt32OrNull', text('-5')], ['toFloat64', '1e3'], ['toFloat64OrNull', text('')],
    ['toUInt8OrNull', text('300')], ['toDate', '2024-05-01'], ['toDate', moment], ['toDate', ticks],
    ['toDate', 19844], ['toDateTime', '2024-05-01 12:30:15'], ['toDateTime', day],
    ['toDateTime', 1714566615], ['toDateTime', '2024-05-01 12:00:00', 'Europe/Berlin'],
    ['toDateTime64', '2024-05-01 12:30:15.123456', 6], ['toDateTime64', moment, 3], ['toString', day],
    ['toString', moment], ['toString', ticks], ['toString', berlin], ['toString', nullInt],
    ['toString', coded], ['CAST', 5, 'String'], ['CAST', 'a', 'Nullable(String)'],
    ['CAST', '[1,2]', 'Array(UInt8)'], ['CAST', 1.9, 'Int32'], ['CAST', nullInt, 'Int32'],
    ['CAST', '2024-05-01', 'Date'], ['CAST', 3, 'LowCardinality(String)'], ['toTypeName', someInt],
    ['toUnixTimestamp', moment], ['toUnixTimestamp', '2024-05-01 12:30:15'],
    ['toUnixTimestamp64Milli', ticks], ['fromUnixTimestamp64Milli', col('Int64', 1714566615123)],
    ['fromUnixTimestamp', 1714566615], ['toTimeZone', moment, 'America/New_York'],
    ['toDecimal64', '1.239', 2], ['toString', col('Decimal(9, 2)', 150, '1.5')],
    ['toUUID', '61f0c404-5cb3-11e7-907b-a6006ad3dba0'], ['toDate', 'nonsense'],
    ['toDateOrNull', text('nonsense')], ['toInt64', '9223372036854775807'], ['toBool', 'true'],
    ['toUInt64', '18446744073709551615'], ['toIntervalDay', 3], ['toString', ['toIntervalDay', 3]],
    ...[1e21, 1e-7, 1e20, 0.1, 1e15, 1e16, -0.5].map((x): Expression => ['toString', col('Float64', x)]),
    ...[0.1, 16777216, 1e10, 3.4e38].map((x): Expression => ['toString', col('Float32', Math.fround(x), String(x))]),
  ],
}

export const CALLS: readonly Case[] = Object.entries(FAMILIES).flatMap(
  ([family, expressions]) => expressions.map((expression) => ({ family, expression })))
