// Random queries over tables of every type: their columns and rows follow from a seed (extremes, NULLs,
// unicode, leap days, hours that daylight saving skips or repeats, 64-bit and wider integers); queries are
// text out of parts that fast-check can shrink. Every query orders by all of its columns.

import fc from 'fast-check'
import type { SqlTable } from './oracle-cases.ts'

type Text = fc.Arbitrary<string>
type Draw = (count: number) => number

const quoted = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`
const oneOf = (draw: Draw, values: readonly string[]): string => values[draw(values.length)]

const WORDS = ['', 'a', 'B', 'ab', 'é', '日本', "it's", 'a\\b', 'Straße', '😀', ' x ', '0', '-1', 'NULL']
const DAYS = ['1970-01-01', '2000-02-29', '2024-02-29', '2023-12-31', '2149-06-06', '2024-01-01', '2024-03-10']
const TIMES = ['1970-01-01 00:00:00', '2024-02-29 23:59:59', '2024-03-31 00:30:00', '2024-10-27 00:30:00',
  '2024-10-27 01:30:00', '2106-02-07 06:28:15', '2024-03-10 07:00:00', '2024-11-03 06:30:00']

const CLOCKS = ['00:00:00', '10:30:00', '23:59:59', '-00:00:01', '999:59:59', '-999:59:59', '24:00:00']

/** How a value of each type is written. Floats are eighths, so that sums do not depend on their order. */
const VALUES: Readonly<Record<string, (draw: Draw) => string>> = {
  'UInt8': (draw) => oneOf(draw, ['0', '1', '2', '255', '7']),
  'Int8': (draw) => oneOf(draw, ['-128', '127', '0', '-1', '5']),
  'UInt16': (draw) => oneOf(draw, ['0', '65535', '300']),
  'Int32': (draw) => oneOf(draw, ['-2147483648', '2147483647', '0', '3', '-3']),
  'UInt64': (draw) => oneOf(draw, ['0', '18446744073709551615', '9007199254740993', '12']),
  'Int64': (draw) => oneOf(draw, ['-9223372036854775808', '9223372036854775807', '0', '-5', '9007199254740993']),
  'Int128': (draw) => oneOf(draw, ["'-170141183460469231731687303715884105728'", "'18446744073709551616'", '0', '-7']),
  'UInt256': (draw) => oneOf(draw, ["'340282366920938463463374607431768211456'", '0', '9']),
  'Float32': (draw) => String((draw(65) - 32) / 8),
  'Float64': (draw) => oneOf(draw, ['0', '-0.125', '1e15', '2.5', '-3.75', '0.5']),
  'Bool': (draw) => String(draw(2) === 1),
  'String': (draw) => quoted(oneOf(draw, WORDS)),
  'LowCardinality(String)': (draw) => quoted(oneOf(draw, WORDS.slice(0, 5))),
  'FixedString(3)': (draw) => quoted(oneOf(draw, ['abc', 'a', '', 'zz'])),
  'UUID': (draw) => quoted(oneOf(draw, ['00000000-0000-0000-0000-000000000000', '61f0c404-5cb3-11e7-907b-a6006ad3dba0'])),
  'Date': (draw) => quoted(oneOf(draw, DAYS)),
  'Date32': (draw) => quoted(oneOf(draw, [...DAYS, '1900-01-01', '2299-12-31', '1969-12-31'])),
  'DateTime': (draw) => quoted(oneOf(draw, TIMES)),
  "DateTime('Europe/Berlin')": (draw) => quoted(oneOf(draw, TIMES.slice(1, 5))),
  'DateTime64(3)': (draw) => quoted(`${oneOf(draw, TIMES.slice(0, 5))}.${oneOf(draw, ['000', '123', '999'])}`),
  'Decimal(9, 2)': (draw) => oneOf(draw, ["'1.25'", "'-9999999.99'", "'0'", "'3.50'"]),
  'Decimal(38, 10)': (draw) => oneOf(draw, ["'12345678901234567890.5'", "'-0.0000000001'", "'0'"]),
  "Enum8('x' = -1, 'y' = 2)": (draw) => oneOf(draw, ["'x'", "'y'"]),
  'IPv4': (draw) => oneOf(draw, ["'0.0.0.0'", "'255.255.255.255'", "'10.0.0.1'"]),
  'Nullable(Int32)': (draw) => oneOf(draw, ['NULL', '0', '1', '-2147483648']),
  'Nullable(String)': (draw) => (draw(4) === 0 ? 'NULL' : quoted(oneOf(draw, WORDS))),
  'Nullable(Date)': (draw) => (draw(4) === 0 ? 'NULL' : quoted(oneOf(draw, DAYS))),
  'Nullable(Decimal(18, 4))': (draw) => oneOf(draw, ['NULL', "'0.0001'", "'-5'", "'0'"]),
  'Array(Int32)': (draw) => `[${Array.from({ length: draw(4) }, () => draw(4) - 1).join(',')}]`,
  'Array(String)': (draw) => `[${Array.from({ length: draw(3) }, () => quoted(oneOf(draw, WORDS))).join(',')}]`,
  'Array(Nullable(Int64))': (draw) => `[${Array.from({ length: draw(3) }, () => oneOf(draw, ['NULL', '1', '0'])).join(',')}]`,
  'Time': (draw) => quoted(oneOf(draw, CLOCKS)),
  'Time64(3)': (draw) => quoted(`${oneOf(draw, CLOCKS)}.${oneOf(draw, ['000', '123', '999'])}`),
  'Nullable(Time)': (draw) => (draw(4) === 0 ? 'NULL' : quoted(oneOf(draw, CLOCKS))),
}

const TYPES = Object.keys(VALUES)
const ROWS = 14

/** Name of the column of a type. */
const nameOf = (type: string): string => `c${TYPES.indexOf(type)}`
const COLUMNS = TYPES.map(nameOf)

/** Three tables of all types, and an id. */
export function wideTables(seed: number): readonly SqlTable[] {
  let state = seed >>> 0
  const draw: Draw = (count) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor(state / 4294967296 * count)
  }
  const row = (i: number) => `(${[String(i), ...TYPES.map((type) => VALUES[type](draw))].join(',')})`
  return ['w0', 'w1', 'w2'].map((name, number) => ({
    name, columns: `id UInt32, ${TYPES.map((type) => `${nameOf(type)} ${type}`).join(', ')}`,
    rowSets: [0, 1].map((part) => Array.from({ length: ROWS - number * 4 }, (_, i) => row(part * ROWS + i)).join(',')),
  }))
}

const text = (parts: readonly (string | Text)[]): Text =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((all) => all.join(''))
const pick = (...texts: readonly string[]): Text => fc.constantFrom(...texts)
const list = (item: Text, most: number): Text =>
  fc.array(item, { minLength: 1, maxLength: most }).map((items) => items.join(', '))

const typesLike = (pattern: RegExp): readonly string[] => TYPES.filter((type) => pattern.test(type)).map(nameOf)
const NUMBERS = typesLike(/^(Nullable\()?(U?Int(8|16|32|64)|Float|Bool)/).filter((name) => name !== nameOf('Nullable(String)'))
const EXACT = typesLike(/^(Nullable\()?(U?Int|Decimal)/)
const STRINGS = typesLike(/^(Nullable\(|LowCardinality\()?String/)
const DATES = typesLike(/^Date$|^Date32|^DateTime|^Nullable\(Date/)
const CLOCK_COLUMNS = typesLike(/^(Nullable\()?Time/)
const ARRAYS = typesLike(/^Array/)
const ORDERED = TYPES.filter((type) => !/^Array/.test(type)).map(nameOf)

/** Expressions over one table; `prefix` stands before its columns. */
function over(prefix: string) {
  const column = (names: readonly string[]): Text => fc.constantFrom(...names).map((name) => `${prefix}${name}`)
  const number = column(NUMBERS)
  const value: Text = fc.oneof(
    { weight: 4, arbitrary: column(COLUMNS) },
    text(['toTypeName(', column(COLUMNS), ')']), text(['toString(', column(COLUMNS), ')']),
    text(['(', number, pick(' + ', ' - ', ' * '), pick('1', '2', 'toInt8(-3)', '300'), ')']),
    text(['(', column(EXACT), pick(' + ', ' - '), pick('1', 'toInt16(5)'), ')']),
    text(['-', number]), text(['isNull(', column(COLUMNS), ')']),
    text(['if(', prefix, 'id % 2 = 0, ', column(ORDERED), ', NULL)']),
    text(['length(', column([...STRINGS, ...ARRAYS]), ')']), text(['upper(', column(STRINGS), ')']),
    text(['toYear(', column(DATES), ')']), text(['toStartOfMonth(', column(DATES), ')']),
    text(['toDate(', column(DATES), ')']), text(['toUnixTimestamp(', column([nameOf('DateTime')]), ')']),
    text([pick('toHour(', 'toMinute(', 'toSecond(', 'toInt64(', 'toTime('), column(CLOCK_COLUMNS), ')']),
    text(['(', column(CLOCK_COLUMNS), pick(' + ', ' - '), pick('1', 'toInt16(5)', 'INTERVAL 90 SECOND', 'INTERVAL 2 HOUR'), ')']),
    text(['CAST(', column(CLOCK_COLUMNS), " AS ", pick('Int64', 'String', 'Time', 'Time64(6)', 'Nullable(Int32)', 'Float64'), ')']),
    text(['arraySort(', column(ARRAYS), ')']), text(['has(', column([nameOf('Array(Int32)')]), ', 1)']),
    text(['tuple(', column(ORDERED), ', ', column(ARRAYS), ')']), text(['[', column(ORDERED), ']']),
    text(['map(', column(STRINGS.slice(0, 1)), ', ', column(ORDERED), ')']),
    text(['coalesce(', column([nameOf('Nullable(Int32)')]), ', ', column([nameOf('Int32')]), ')']),
    text(['CAST(', column(NUMBERS), " AS ", pick('Int64', 'String', 'Nullable(Int32)', 'Float64', 'Int128', 'Decimal(38, 2)'), ')']))
  const condition: Text = fc.oneof(
    fc.constantFrom(...ORDERED).chain((name) => text([`${prefix}${name}`, pick(' = ', ' != ', ' < ', ' >= '), `${prefix}${name}`])),
    text([column(NUMBERS), pick(' > ', ' <= ', ' = '), pick('0', '1', '-1', '255')]),
    text([column(STRINGS), pick(" = 'a'", " LIKE '%a%'", " != ''", " IN ('', 'é', 'a')")]),
    text([column(DATES), pick(' >= ', ' < ', ' = '), pick("'2024-02-29'", "'2000-01-01'")]),
    text([column(CLOCK_COLUMNS), pick(' >= ', ' < ', ' = ', ' != '), pick("'10:30:00'", "'-00:00:01'", '0', '37800', "'24:00:00'")]),
    text([column(COLUMNS), pick(' IS NULL', ' IS NOT NULL')]),
    fc.constantFrom(...ORDERED).chain((name) => text([`${prefix}${name}`, pick(' IN ', ' NOT IN '), `(SELECT ${name} FROM w2)`])),
    text([column([nameOf('Bool')])]), text(['NOT ', column([nameOf('UInt8')])]))
  const aggregate: Text = fc.oneof(
    pick('count()'), text(['count(', column(COLUMNS), ')']), text(['sum(', column(EXACT), ')']),
    text([pick('min', 'max'), '(', column(ORDERED), ')']), text(['uniqExact(', column(COLUMNS), ')']),
    text(['arraySort(groupUniqArray(', column(ORDERED), '))']), text(['avg(', column(NUMBERS), ')']),
    text(['argMax(', prefix, 'id, ', prefix, 'id)']), text(['sumIf(', column(EXACT), ', ', condition, ')']),
    text(['quantileExact(', column(NUMBERS.slice(0, 4)), ')']), text(['countIf(', condition, ')']))
  return { column, value, condition, aggregate }
}

const maybe = (part: Text): Text => fc.oneof(fc.constant(''), part)
const TABLES = ['w0', 'w1', 'w2'] as const

/** A statement over the wide tables. */
export function wideQueryArbitrary(): Text {
  const one = over('')
  const [x, y] = [over('x.'), over('y.')]
  const from = fc.constantFrom(...TABLES)
  const where = maybe(text([' WHERE ', one.condition]))
  const rows = text(['SELECT ', pick('', 'DISTINCT '), list(one.value, 4), ' FROM ', from, where])
  const groups = fc.tuple(fc.array(fc.constantFrom(...COLUMNS), { minLength: 1, maxLength: 3 }), list(one.aggregate, 3),
    from, where, pick('', '', ' WITH ROLLUP', ' WITH CUBE'), maybe(pick(' HAVING count() > 1')))
    .map(([keys, aggregates, table, filter, sets, having]) => `SELECT ${[...new Set(keys)].join(', ')}, ${aggregates} `
      + `FROM ${table}${filter} GROUP BY ${[...new Set(keys)].join(', ')}${sets}${having}`)
  const total = text(['SELECT ', list(one.aggregate, 4), ' FROM ', from, where])
  const joined = fc.tuple(pick('JOIN', 'LEFT JOIN', 'RIGHT JOIN', 'FULL JOIN'), fc.constantFrom(...ORDERED),
    list(fc.oneof(x.column(COLUMNS), y.column(COLUMNS), x.value, y.value), 3), from, from)
    .map(([kind, key, values, left, right]) =>
      `SELECT ${values} FROM ${left} AS x ${kind} ${right} AS y ON x.${key} = y.${key}`)
  const windowed = text(['SELECT id, ', one.aggregate, ' OVER (', maybe(text(['PARTITION BY ', one.column(COLUMNS), ' '])),
    'ORDER BY id', pick('', ' ROWS BETWEEN 2 PRECEDING AND 1 FOLLOWING'), ') FROM ', from])
  const limitedBy = fc.tuple(fc.constantFrom(...COLUMNS), from).map(([key, table]) =>
    `SELECT ${key}, id FROM ${table} ORDER BY ${key}, id LIMIT 1 BY ${key}`)
  const arrays = fc.tuple(fc.constantFrom(...ARRAYS), list(one.value, 2), from, pick('ARRAY JOIN', 'LEFT ARRAY JOIN'))
    .map(([array, values, table, word]) => `SELECT e, ${values} FROM ${table} ${word} ${array} AS e`)
  const sets = fc.tuple(pick('UNION ALL', 'UNION DISTINCT', 'INTERSECT', 'EXCEPT'),
    fc.array(fc.constantFrom(...COLUMNS), { minLength: 1, maxLength: 2 }), from, from)
    .map(([word, columns, left, right]) => `SELECT ${columns.join(', ')} FROM ${left} ${word} SELECT ${columns.join(', ')} FROM ${right}`)
  const filled = fc.tuple(pick('UInt8', 'Int8', 'Date', 'UInt16'), from, pick('', ' STEP 7')).map(([type, table, step]) =>
    `SELECT ${nameOf(type)} AS v FROM ${table} WHERE id < 5 GROUP BY v HAVING v < ${type === 'Date' ? "'2024-01-05' AND v > '2023-12-01'" : '200'} ORDER BY v WITH FILL${step}`)
  return fc.tuple(fc.oneof(rows, rows, groups, groups, total, joined, joined, windowed, limitedBy, arrays, sets, filled),
    pick('', '', ' LIMIT 3', ' LIMIT 4 OFFSET 2'))
    .map(([query, limit]) => `SELECT * FROM (${query}) ORDER BY ALL${limit}`)
}
