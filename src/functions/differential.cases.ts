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
  strings: [
    ['length', text('héllo')], ['lengthUTF8', text('héllo')], ['lower', text('ABC ÉÀ')],
    ['upper', coded], ['upperUTF8', text('héllo')], ['empty', text('')], ['notEmpty', coded],
    ['concat', 'a', 5, day], ['concat', text('x'), nullText], ['substring', text('hello'), 2, 3],
    ['substring', text('hello'), -3], ['substring', text('hello'), 0, 2],
    ['substring', text('hello'), 2, -1], ['substringUTF8', text('héllo'), 2, 2],
    ['left', text('hello'), 2], ['right', text('hello'), -2], ['reverse', text('abc')],
    ['trim', text('  a b ')], ['trimLeft', text('  a')], ['trimRight', text('a  ')],
    ['replaceAll', text('a-b-c'), '-', '+'], ['replaceOne', text('a-b-c'), '-', ''],
    ['splitByChar', ',', text('a,b,,c')], ['splitByString', ', ', text('a, b')],
    ['splitByChar', ',', text('')], ['splitByString', '', text('abc')], ['repeat', text('ab'), 3],
    ['position', text('hello'), 'l'], ['position', text('hello'), 'l', 4], ['position', text('x'), ''],
    ['positionCaseInsensitive', text('HELLO'), 'l'], ['like', text('hello'), 'h%o'],
    ['like', text('hello'), 'h_llo'], ['like', text('a%c'), 'a\\%c'], ['like', text('a\nb'), 'a%b'],
    ['notLike', text('hello'), '%x%'], ['ilike', text('HeLLo'), '%ell%'], ['like', text('aa'), 'a'],
    ['like', text('abcbd'), 'a%b%d'], ['notILike', text('A'), 'a'], ['match', text('abc12'), '[a-z]+\\d'],
    ['match', text('ABC'), '(?i)abc'], ['startsWith', text('hello'), 'he'], ['endsWith', coded, 'bc'],
    ['replaceRegexpAll', text('a1b22'), '\\d+', '<\\0>'], ['replaceRegexpOne', text('a1b2'), '(\\d)', '[\\1]'],
    ['extract', text('id=42;'), 'id=(\\d+)'], ['extractAll', text('a1b22'), '\\d+'],
    ['multiSearchAny', text('hello'), ['array', 'x', 'll']], ['hex', text('az')], ['hex', 255],
    ['multiSearchFirstIndex', text('hello'), ['array', 'x', 'll']], ['space', 3],
    ['concatWithSeparator', '-', 'a', text('b')], ['length', nullText], ['lower', nullText],
  ],
  dates: [
    ...[day, moment, ticks, berlin].flatMap((d): Expression[] => ['toYear', 'toMonth', 'toQuarter',
      'toDayOfMonth', 'toDayOfYear', 'toDayOfWeek', 'toYYYYMM', 'toYYYYMMDD', 'toYYYYMMDDhhmmss',
      'toISOWeek', 'toISOYear', 'toWeek', 'toMonday', 'toStartOfWeek', 'toStartOfMonth',
      'toStartOfQuarter', 'toStartOfYear', 'toStartOfDay', 'toLastDayOfMonth', 'toRelativeDayNum',
    ].map((name): Expression => [name, d])),
    ...[moment, ticks, berlin].flatMap((d): Expression[] => ['toHour', 'toMinute', 'toSecond',
      'toStartOfMinute', 'toStartOfFiveMinutes', 'toStartOfTenMinutes', 'toStartOfFifteenMinutes',
      'toStartOfHour'].map((name): Expression => [name, d])),
    ...['Second', 'Minute', 'Hour', 'Day', 'Week', 'Month', 'Quarter', 'Year'].flatMap(
      (unit): Expression[] => [1, 2, 7].flatMap((n): Expression[] => [moment, ticks, berlin].map(
        (d): Expression => ['toStartOfInterval', d, [`toInterval${unit}`, n]]))),
    ...['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'].flatMap(
      (unit): Expression[] => [['dateDiff', unit, late, moment], ['dateDiff', unit, moment, berlin],
        ['date_trunc', unit, moment], ['date_trunc', unit, ticks]]),
    ['toStartOfWeek', day, 1], ['toHour', moment, 'Asia/Tokyo'], ['toStartOfDay', moment, 'Asia/Tokyo'],
    ['toStartOfInterval', moment, ['toIntervalHour', 6], 'America/New_York'],
    ['formatDateTime', moment, '%Y-%m-%d %H:%i:%S'], ['formatDateTime', day, '%d/%m/%y %a %b %j %V'],
    ['formatDateTime', ticks, '%T %f %p %I'], ['formatDateTime', berlin, '%F %R %z'],
    ...['2024-05-01T12:30:15Z', '2024-05-01 12:30:15+02:00', '2024-05-01', '1714566615',
      '1 May 2024 12:30', '01/05/2024 10:00:00', '20240501123015', 'May 1 2024', '2024-05-01T12:30:15.123Z',
    ].map((t): Expression => ['parseDateTimeBestEffort', text(t)]),
    ['parseDateTimeBestEffortOrNull', text('nonsense')], ['parseDateTimeBestEffortOrZero', text('x')],
    ['parseDateTime64BestEffort', text('2024-05-01T12:30:15.123Z')],
    ['parseDateTimeBestEffortOrNull', nullText],
  ],
  json: ['{"a":1,"b":"x\\"y","c":[1,2,{"d":null}],"e":true,"f":1.5,"g":"12"}', '{}', 'nonsense',
    '{"a":-5,"b":"\\u00e9","c":{"d":"z"}, "e" : false}'].flatMap((doc): Expression[] => [
    ...['a', 'b', 'c', 'e', 'f', 'g'].flatMap((key): Expression[] => ['JSONExtractInt', 'JSONExtractUInt',
      'JSONExtractFloat', 'JSONExtractString', 'JSONExtractBool', 'JSONExtractRaw', 'JSONHas',
      'JSONLength', 'JSONType'].map((name): Expression => [name, text(doc), key])),
    ['JSONExtractInt', text(doc), 'c', 1], ['JSONExtractRaw', text(doc), 'c', -1],
    ['JSONExtractString', text(doc), 'c', 'd'], ['JSON_VALUE', text(doc), '$.b'],
    ['JSON_VALUE', text(doc), '$.c[0]'], ['JSONExtract', text(doc), 'c', 'Array(Nullable(Int32))'],
    ['JSONExtract', text(doc), 'a', 'Int8'], ['JSONExtract', text(doc), 'b', 'Nullable(String)'],
    ['JSONExtractKeys', text(doc)], ['JSONExtractArrayRaw', text(doc), 'c'], ['isValidJSON', text(doc)],
  ]),
  mathematics: [
    ...[2.5, 3.5, -2.5, 1.234567, -1.5, 1e300].flatMap((x): Expression[] => [
      ['round', col('Float64', x)], ['round', col('Float64', x), 2], ['floor', col('Float64', x), 1],
      ['ceil', col('Float64', x)], ['trunc', col('Float64', x)]]),
    ['round', col('Int32', 155), -1], ['round', col('Int32', -155), -1], ['floor', col('Int32', -155), -1],
    ['ceil', col('UInt8', 101), -1], ['round', col('Decimal(9, 2)', 155, '1.55'), 1],
    ['sqrt', 2], ['exp', 1], ['log', 10], ['log10', 100], ['pow', 2, 10], ['exp10', 2], ['pi'],
    ['isNaN', col('Float64', 1)], ['cityHash64', text('a')], ['cityHash64', text('')],
    ['cityHash64', text('hello wo')], ['cityHash64', text('0123456789abcdef0123')],
    ['cityHash64', text('0123456789'.repeat(5))], ['cityHash64', text('0123456789'.repeat(20))],
    ['cityHash64', text('abc'), text('def')], ['cityHash64', col('UInt32', 5)], ['intHash64', 5],
    ['cityHash64', col('Int64', -5)],
  ],
  arrays: [
    ['array', 1, -2, 300], ['array', 1, null], ['array'], ['array', 'a', 'b'],
    ['arrayElement', ['array', 1, 2, 3], 2], ['arrayElement', ['array', 1, 2, 3], -1],
    ['arrayElement', ['array', 1, 2, 3], 9], ['arrayElement', ['array', 'a'], col('UInt8', 1)],
    ['has', ['array', 1, 2], 2], ['has', ['array', 'a'], 'b'], ['indexOf', ['array', 1, 2], 2],
    ['hasAll', ['array', 1, 2], ['array', 2]], ['hasAny', ['array', 1, 2], ['array', 3]],
    ['length', ['array', 1, 2]], ['range', 4], ['range', 2, 8, 3], ['range', col('UInt32', 3)],
    ['arraySum', ['array', 1, 2]], ['arraySum', ['array', 1.5, 2]], ['arrayAvg', ['array', 1, 2]],
    ['arrayMin', ['array', 3, 1]], ['arrayMax', ['array', 'a', 'c']], ['arrayDistinct', ['array', 1, 2, 1]],
    ['arrayReverse', ['array', 1, 2]], ['arraySort', ['array', 3, 1, 2]], ['arrayCompact', ['array', 1, 1, 2]],
    ['arrayConcat', ['array', 1], ['array', 300]], ['arraySlice', ['array', 1, 2, 3], 2],
    ['arraySlice', ['array', 1, 2, 3], -2, 1], ['arrayFlatten', ['array', ['array', 1], ['array', 2, 3]]],
    ['arrayIntersect', ['array', 1, 2, 3], ['array', 3, 2]], ['arrayStringConcat', ['array', 'a', 'b'], '-'],
    ['arrayEnumerate', ['array', 5, 6]], ['arrayUniq', ['array', 1, 2, 1]], ['tuple', 1, 'a'],
    ['tupleElement', ['tuple', 1, 'a'], 2], ['map', 'a', 1, 'b', 2], ['mapKeys', ['map', 'a', 1]],
    ['mapValues', ['map', 'a', 1]], ['arrayElement', ['map', 'a', 1], 'a'],
    ['arrayElement', ['map', 'a', 1], 'z'], ['mapContains', ['map', 'a', 1], 'a'],
    ['arrayReverseSort', ['array', 3, 1, 2]], ['equals', ['array', 1, 2], ['array', 1, 2]],
  ],
  urls: ['https://www.example.com:80/a/b?x=1&y=%20z#frag', 'example.com/path', '//h.org/p', 'nonsense',
    'http://user:pw@host.co.uk/', ''].flatMap((url): Expression[] => ['domain', 'domainWithoutWWW',
    'topLevelDomain', 'protocol', 'path', 'pathFull', 'queryString', 'fragment', 'decodeURLComponent',
    'encodeURLComponent', 'decodeURLFormComponent', 'encodeURLFormComponent', 'URLHierarchy', 'cutQueryString',
  ].map((name): Expression => [name, text(url)]).concat([['extractURLParameter', text(url), 'y']])),
}

export const CALLS: readonly Case[] = Object.entries(FAMILIES).flatMap(
  ([family, expressions]) => expressions.map((expression) => ({ family, expression })))
