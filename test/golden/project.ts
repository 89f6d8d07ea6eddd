// The golden store: a project with a column of every type, a table of every engine and a state of every
// aggregate that is stored, the rows that go in, and what is asked of the store afterwards. Nothing here
// depends on the time of day or on chance.

import { createHash } from 'node:crypto'

/** Columns by type; a column's path in JSON where it is not its name. */
const COLUMNS: readonly (readonly [name: string, type: string, path?: string])[] = [
  ['id', 'UInt32'], ['repeating', 'String'], ['uuid_text', 'String'], ['serial', 'String'], ['padded', 'String'],
  ['template', 'String'], ['random', 'String'], ['long', 'String'], ['empty', 'String'], ['lc', 'LowCardinality(String)'],
  ['lcn', 'LowCardinality(Nullable(String))'], ['ns', 'Nullable(String)'], ['fs', 'FixedString(4)'],
  ['i8', 'Int8'], ['i16', 'Int16'], ['i32', 'Int32'], ['i64', 'Int64'], ['i128', 'Int128'], ['i256', 'Int256'],
  ['u8', 'UInt8'], ['u16', 'UInt16'], ['u64', 'UInt64'], ['u128', 'UInt128'], ['u256', 'UInt256'],
  ['ni', 'Nullable(Int32)'], ['f32', 'Float32'], ['f64', 'Float64'], ['tenths', 'Float64'], ['nf', 'Nullable(Float64)'],
  ['flag', 'Bool'], ['d', 'Date'], ['d32', 'Date32'], ['dt', 'DateTime'], ['berlin', "DateTime('Europe/Berlin')"],
  ['dt64', 'DateTime64(3)'], ['dt64us', 'DateTime64(6)'], ['ndt', 'Nullable(DateTime)'], ['uid', 'UUID'], ['nuid', 'Nullable(UUID)'],
  ['e8', "Enum8('b' = -2, 'a' = 1)"], ['e16', "Enum16('x' = -300, 'y' = 300)"], ['ip4', 'IPv4'], ['ip6', 'IPv6'],
  ['dec9', 'Decimal(9, 2)'], ['dec18', 'Decimal(18, 4)'], ['dec38', 'Decimal(38, 4)'], ['dec76', 'Decimal(76, 10)'],
  ['arr', 'Array(String)', '[:]'], ['nested', 'Array(Array(Int32))'], ['an', 'Array(Nullable(Int32))', '[:]'],
  ['m', 'Map(String, UInt32)'], ['t', 'Tuple(Int32, String)'],
]

/** Columns that came later: older rows show their defaults. */
const ADDED = ["    later String `json:$.later` DEFAULT concat('later ', toString(id))", '    later_code LowCardinality(Nullable(String)) `json:$.later_code`']

const columnLines = COLUMNS.map(([name, type, rest = '']) => `    ${name} ${type} \`json:$.${name}${rest}\``)

const wide = (columns: readonly string[]): string => `SCHEMA >\n${columns.join(',\n')}\n`
  + 'ENGINE MergeTree\nENGINE_PARTITION_KEY intDiv(id, 1250)\nENGINE_SORTING_KEY repeating, id\n'

/** A data source's text; columns are `name type` each. */
const source = (columns: readonly string[], engine: string): string => (
  `SCHEMA >\n${columns.map((column) => `    ${column} \`json:$.${column.split(' ')[0]}\``).join(',\n')}\n${engine}\n`)

/** Aggregates by how they are called: parameters, then arguments; and what is asked of a result that depends
 * on the order in which states were merged. */
const STATES: readonly (readonly [name: string, params: string, args: string, asked?: string])[] = [
  ['count', '', ''], ['sum', '', 'x'], ['sum', '', 'f'], ['sum', '', 'd'], ['avg', '', 'x'], ['avg', '', 'd'], ['min', '', 's'],
  ['max', '', 'f'], ['any', '', 'k'], ['anyLast', '', 'k'], ['argMin', '', 's, x'], ['argMax', '', 'x, s'], ['uniq', '', 's'],
  ['uniq', '', 'x'], ['uniqExact', '', 's'], ['uniqExact', '', 'x'], ['uniqCombined', '', 'x'], ['uniqHLL12', '', 's'],
  ['groupArray', '', 's', 'arraySort(?)'], ['groupArray', '(3)', 'x', 'length(?)'], ['groupUniqArray', '', 's', 'arraySort(?)'], ['groupConcat', "(',')", 's', 'length(?)'],
  ['quantile', '(0.5)', 'f'], ['quantiles', '(0.1, 0.9)', 'f'], ['quantileExact', '(0.5)', 'x'], ['quantileTDigest', '(0.5)', 'f'],
  ['quantileTiming', '(0.5)', 'b'], ['quantileDeterministic', '(0.5)', 'f, b'], ['quantileExactWeighted', '(0.5)', 'f, b'],
  ['stddevPop', '', 'f'], ['varSamp', '', 'f'], ['skewPop', '', 'f'], ['kurtPop', '', 'f'], ['corr', '', 'f, x'], ['covarPop', '', 'f, x'],
  ['avgWeighted', '', 'f, b'], ['deltaSum', '', 'b * 0'], ['deltaSumTimestamp', '', 'x, t'], ['entropy', '', 's', 'round(?, 6)'],
  ['groupBitAnd', '', 'b'], ['groupBitOr', '', 'b'], ['groupBitXor', '', 'b'], ['sumWithOverflow', '', 'b'],
  ['sumMap', '', '[b], [x]'], ['minMap', '', '[b], [x]'], ['maxMap', '', '[b], [x]'], ['topK', '(3)', 's', 'length(?)'], ['topKWeighted', '(3)', 's, b', 'length(?)'],
  ['retention', '', 'b = 1, b = 2'], ['windowFunnel', '(100)', 't, b = 1, b = 2'], ['sequenceMatch', "('(?1).*(?2)')", 't, b = 1, b = 2'],
  ['sequenceCount', "('(?1).*(?2)')", 't, b = 1, b = 2'], ['maxIntersections', '', 'x, x + 3'], ['sum', '', 'n'], ['sumOrNull', '', 'n'],
  ['avgOrDefault', '', 'n'], ['sumIf', '', 'x, b > 1'], ['sumArray', '', '[x, 1]'], ['sumForEach', '', '[x, 1]'], ['sumArgMax', '', 'f, t'],
  ['sumResample', '(0, 6, 2)', 'f, b'], ['groupBitmap', '', 'b'], ['sumMap', '', "map(s, x)"],
]

/** Those that came later, in a table of their own: version 0 has none of them. */
const LATER_STATES: typeof STATES = [
  ['anyHeavy', '', 'k'], ['first_value', '', 'n'], ['last_value_respect_nulls', '', 'n', 'isNull(?) OR ? > 0'], ['singleValueOrNull', '', 'k'], ['argAndMin', '', 's, x'], ['argAndMax', '', 's, x'],
  ['approx_top_k', '(3)', 's', 'length(?)'], ['approx_top_sum', '(3)', 's, b', 'length(?)'], ['uniqCombined64', '', 's'], ['uniqUpTo', '(5)', 's'],
  ['countDistinct', '', 's'], ['uniq', '', 's, b'], ['analysisOfVariance', '', 'f, toUInt8(b - 1)', 'round(tupleElement(?, 1), 6)'], ['categoricalInformationValue', '', 'b > 2, b > 3', 'length(?)'],
  ['contingency', '', 's, b', 'round(?, 6)'], ['cramersV', '', 's, b', 'round(?, 6)'], ['cramersVBiasCorrected', '', 's, b', 'round(?, 6)'], ['theilsU', '', 's, b', 'round(?, 6)'],
  ['corrMatrix', '', 'f, x', 'length(?)'], ['corrStable', '', 'f, x', 'round(?, 6)'], ['covarPopMatrix', '', 'f, x', 'length(?)'], ['covarSampStable', '', 'f, x', 'round(?, 6)'],
  ['rankCorr', '', 'f, x', 'round(?, 6)'], ['boundingRatio', '', 'x, f', 'round(?, 6)'], ['simpleLinearRegression', '', 'x, f', 'round(tupleElement(?, 1), 6)'],
  ['exponentialMovingAverage', '(10)', 'f, x', 'round(?, 6)'], ['intervalLengthSum', '', 'x, x + 2'], ['maxIntersectionsPosition', '', 'x, x + 4'],
  ['histogram', '(4)', 'f', 'length(?)'], ['sparkbar', '(5)', 'b, x'], ['largestTriangleThreeBuckets', '(4)', 'x, f', 'length(?)'],
  ['groupArrayInsertAt', "('-', 4)", 's, b', 'length(?)'], ['groupArrayIntersect', '', '[b, 1]', 'arraySort(?)'], ['groupArrayLast', '(3)', 'x', 'length(?)'],
  ['groupArrayMovingAvg', '(2)', 'x', 'length(?)'], ['groupArrayMovingSum', '(2)', 'x', 'length(?)'], ['groupArraySample', '(3, 7)', 'x', 'length(?)'], ['groupArraySorted', '(4)', 'x'],
  ['groupArray', '', 'tuple(b, s)', 'length(?)'], ['groupNumericIndexedVector', '', 'b, f'],
  ['quantileBFloat16', '(0.5)', 'f'], ['quantileBFloat16Weighted', '(0.5)', 'f, b'], ['quantileDD', '(0.01, 0.5)', 'f', 'round(?, 3)'],
  ['quantileExactLow', '(0.5)', 'x'], ['quantileExactHigh', '(0.5)', 'x'], ['quantileExactExclusive', '(0.5)', 'x'], ['quantileExactInclusive', '(0.5)', 'x'],
  ['quantileExactWeightedInterpolated', '(0.5)', 'f, b'], ['quantileInterpolatedWeighted', '(0.5)', 'f, b'], ['quantileGK', '(100, 0.5)', 'f', '? > 0'],
  ['quantilePrometheusHistogram', '(0.5)', 'f, f', 'round(?, 6)'], ['quantileTDigestWeighted', '(0.5)', 'f, b', 'round(?, 1)'], ['quantileTimingWeighted', '(0.5)', 'b, b'],
  ['quantilesExactWeighted', '(0.1, 0.9)', 'f, b'], ['kurtSamp', '', 'f', 'round(?, 6)'], ['skewSamp', '', 'f', 'round(?, 6)'], ['stddevPopStable', '', 'f', 'round(?, 6)'], ['varSampStable', '', 'f', 'round(?, 6)'],
  ['kolmogorovSmirnovTest', '', 'f, toUInt8(b > 2)', 'round(tupleElement(?, 1), 6)'], ['mannWhitneyUTest', '', 'f, toUInt8(b > 2)', 'round(tupleElement(?, 1), 6)'], ['studentTTest', '', 'f, toUInt8(b > 2)', 'round(tupleElement(?, 1), 6)'],
  ['welchTTest', '', 'f, toUInt8(b > 2)', 'round(tupleElement(?, 1), 6)'], ['meanZTest', '(1., 1., 0.95)', 'f, toUInt8(b > 2)', 'round(tupleElement(?, 1), 6)'],
  ['sequenceMatchEvents', "('(?1).*(?2)')", 't, b = 1, b = 2', 'length(?)'], ['sumCount', '', 'x'], ['sumKahan', '', 'f'], ['sumMapFiltered', '([1, 2])', '[b], [x]'],
  ['timeSeriesGroupArray', '', 't, f', 'length(?)'], ['timeSeriesLastTwoSamples', '', 't, f', 'length(?)'], ['timeSeriesRateToGrid', '(1714978800, 1714978860, 30, 60)', 't, f', 'length(?)'],
  ['groupBitmapOr', '', 'bitmapBuild([b])'], ['avgMap', '', 'map(k, f)'], ['sumDistinct', '', 'b'], ['minOrNull', '', 'n'],
]

const columnsOf = (states: typeof STATES): string => states.map(([name, params, args], index) => `${name}State${params}(${args}) AS a${index}`).join(', ')
const answersOf = (states: typeof STATES): string[] => states.map(([name, params, , asked = '?'], index) => (
  `${asked.replaceAll('?', `${name}Merge${params}(a${index})`)} AS r${index}`))

const EVENTS = ['k String', 'x Int64', 'f Float64', 's String', 'b UInt8', 'd Decimal(18, 2)', 'n Nullable(Int32)', 't DateTime']

const toStates = (table: string, states: typeof STATES): string => `NODE a\nSQL >\n    SELECT k, ${columnsOf(states)} FROM events GROUP BY k\n`
  + `TYPE materialized\nDATASOURCE ${table}\nENGINE "AggregatingMergeTree"\nENGINE_SORTING_KEY "k"\n`

const LATER_FILES = {
  'to_later_states.pipe': toStates('later_states', LATER_STATES),
  'filed.datasource': source(['id UInt32', 's String', 'tags Array(String)'], 'ENGINE MergeTree\nENGINE_SORTING_KEY id\nDEDUPLICATE_BY "s" 1h'),
}

/** The project's files. `isLater`: after columns were added to `wide`. Version 0 of the format has less. */
export function projectFiles(isLater: boolean, version: number): Record<string, string> {
  return {
    ...version === 0 ? {} : LATER_FILES,
    'wide.datasource': wide(isLater ? [...columnLines, ...ADDED] : columnLines),
    'events.datasource': source(EVENTS, 'ENGINE MergeTree\nENGINE_SORTING_KEY k, t\nDEDUPLICATE_BY "x" 1h'),
    'replacing.datasource': source(['id UInt32', 'v UInt8', 'gone UInt8', 's String'],
      'ENGINE ReplacingMergeTree\nENGINE_SORTING_KEY id\nENGINE_VER v\nENGINE_IS_DELETED gone'),
    'summing.datasource': source(['id UInt32', 'a Int64', 'b Float64'], 'ENGINE SummingMergeTree\nENGINE_SORTING_KEY id'),
    'collapsing.datasource': source(['id UInt32', 'sign Int8', 'a Int64'], 'ENGINE CollapsingMergeTree\nENGINE_SORTING_KEY id\nENGINE_SIGN sign'),
    'versioned.datasource': source(['id UInt32', 'sign Int8', 'v UInt8', 'a Int64'],
      'ENGINE VersionedCollapsingMergeTree\nENGINE_SORTING_KEY id\nENGINE_SIGN sign\nENGINE_VERSION v'),
    'simple.datasource': source(['id UInt32', 'most SimpleAggregateFunction(max, Int64)', 'total SimpleAggregateFunction(sum, Int64)'],
      'ENGINE AggregatingMergeTree\nENGINE_SORTING_KEY id'),
    'limited.datasource': source(['id UInt32', 'at DateTime'], 'ENGINE MergeTree\nENGINE_SORTING_KEY id\nENGINE_TTL at + INTERVAL 1 DAY'),
    'nothing.datasource': source(['id UInt32', 'n Int64'], 'ENGINE Null'),
    'to_states.pipe': toStates('states', STATES),
    'to_summing.pipe': 'NODE a\nSQL >\n    SELECT id, n AS a, n / 4 AS b FROM nothing\nTYPE materialized\nDATASOURCE summing\n',
    'of_user.pipe': 'NODE a\nSQL >\n    %\n    SELECT id, serial FROM wide WHERE repeating = {{String(key)}} ORDER BY id\nTYPE endpoint\n',
  }
}

const mix = (n: number): number => Math.imul(n ^ (n >>> 15), 0x85ebca6b) >>> 0
const uuid = (n: number): string => `${mix(n).toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const two = (n: number): string => String(n % 60).padStart(2, '0')

/** Row n of `wide` as JSON; integers that JSON's numbers do not hold are written as digits. */
function wideRow(n: number): string {
  const orNull = <T>(value: T): T | null => (n % 7 === 0 ? null : value)
  const fields: Record<string, unknown> = {
    id: n, repeating: `r${mix(n) % 300}`, uuid_text: uuid(n), serial: `evt_${n}`, padded: `inv-${String(n).padStart(7, '0')}-x`,
    template: `{"n":${mix(n) % 5000},"at":"0${n % 10}:1${n % 7}","x":${n % 3}}`, long: `${'lorem ipsum '.repeat(3 + n % 3)}${n % 17} é 日本 😀`,
    random: createHash('sha256').update(String(n)).digest('base64').slice(0, 20), empty: '', lc: `l${n % 5}`,
    lcn: n % 4 === 0 ? null : `c${n % 9}`, ns: orNull(`n${mix(n) % 1000}`), fs: `f${n % 10}`, i8: n % 250 - 125, i16: n % 60_000 - 30_000, i32: -n * 1000,
    u8: n % 256, u16: n * 40 % 65_536, ni: orNull(-n), f32: Math.fround(n / 3), f64: n / 7, tenths: n / 10, nf: orNull(n / 9),
    flag: n % 2 === 0, d: `2024-02-${two(1 + n % 29)}`, d32: `19${10 + n % 90}-03-01`, dt: `2024-05-06 07:${two(n)}:00`,
    berlin: `2024-10-27 0${n % 4}:30:00`, dt64: `2024-05-06 07:00:00.${100 + n % 900}`, dt64us: `2024-05-06 07:00:00.${100_000 + n % 900_000}`,
    ndt: orNull(`2024-05-06 0${n % 10}:00:00`), uid: uuid(n * 7), nuid: orNull(uuid(n * 3)), e8: n % 3 === 0 ? 'a' : 'b',
    e16: n % 3 === 0 ? 'x' : 'y', ip4: `10.0.${n % 256}.1`, ip6: `2001:db8::${(n % 65_535).toString(16)}`, dec9: ((n - 4000) / 100).toFixed(2),
    dec18: `${n}.0625`, dec38: `-${n}.5`, arr: Array.from({ length: n % 4 }, (_, at) => `t${at}`), nested: [[n, 2], [], [n % 3]],
    an: [1, null, n], m: { a: n % 100, [`k${n % 3}`]: 1 }, t: [n % 11, `x${n % 5}`],
    ...n % 2 === 0 && n >= LATER_FROM ? { later: `said ${n}`, later_code: `x${n % 3}` } : {},
  }
  const big = BigInt(n)
  const digits = `"i64":${big * 900_719_925_474_099n * (n % 2 === 0 ? 1n : -1n)},"u64":${18_446_744_073_709_551_615n - big},`
    + `"i128":"${big * -(10n ** 30n)}","i256":"${big * 10n ** 60n}","u128":"${big * 10n ** 30n}","u256":"${big * 10n ** 70n}",`
    + `"dec76":"${big * 10n ** 50n}.25"`
  return `${JSON.stringify(fields).slice(0, -1)},${digits}}`
}

const eventRow = (n: number): string => JSON.stringify({
  k: `k${n % 3}`, x: n * 3, f: (mix(n) % 1000) / 8, s: `s${mix(n) % 40}`, b: 1 + n % 5, d: (n / 4).toFixed(2),
  n: n % 4 === 0 ? null : n, t: `2024-05-06 07:${two(n / 60 | 0)}:${two(n)}`,
})

const range = (from: number, to: number, row: (n: number) => unknown): string =>
  Array.from({ length: to - from }, (_, index) => row(from + index)).map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n')

/** Rows of `wide` from here on are sent after its columns were added. */
export const LATER_FROM = 1300
const LAST = 1360
const sign = (n: number): number => (n % 3 === 2 ? -1 : 1)

export type Step =
  | { readonly kind: 'insert'; readonly table: string; readonly body: string; readonly key?: string }
  | { readonly kind: 'append' | 'create'; readonly table: string; readonly body: string; readonly key: string }
  | { readonly kind: 'delete'; readonly table: string; readonly condition: string }
  | { readonly kind: 'truncate' | 'drop'; readonly table: string }

const insert = (table: string, body: string, key?: string): Step => ({ kind: 'insert', table, body, ...key === undefined ? {} : { key } })
const remove = (table: string, condition: string): Step => ({ kind: 'delete', table, condition })

/** A file's rows, half of which the file before may have had; the elements of arrays repeat. */
const file = (from: number, key: string): Step => ({
  kind: 'append', table: 'filed', key, body: range(from, from + 1000, (n) => ({ id: n, s: uuid(n), tags: [`a ${n % 3}`, `b ${n % 5}`] })),
})

/** What is done before the first stop, which is clean. A delete writes what is in memory to segments. */
export const BEFORE: readonly Step[] = [
  insert('wide', range(0, 1100, wideRow)),
  insert('wide', range(1100, LATER_FROM, wideRow)),
  remove('wide', 'id % 10 = 3'),
  insert('events', range(0, 50, eventRow), 'golden'),
  { kind: 'truncate', table: 'events' },
  insert('events', range(100, 500, eventRow)),
  insert('events', range(400, 900, eventRow)),
  remove('events', 'x = 303'),
  insert('replacing', range(0, 300, (n) => ({ id: n % 100, v: n / 100 | 0, gone: n > 280 ? 1 : 0, s: `s${n}` }))),
  remove('replacing', 'id = 7'),
  insert('replacing', range(0, 20, (n) => ({ id: n, v: 9, gone: 0, s: `again ${n}` }))),
  insert('collapsing', range(0, 90, (n) => ({ id: n / 3 | 0, sign: sign(n), a: n }))),
  insert('versioned', range(0, 90, (n) => ({ id: n / 3 | 0, sign: sign(n), v: n % 3 === 2 ? 0 : n % 3, a: n }))),
  remove('versioned', 'id = 4'),
  insert('simple', range(0, 60, (n) => ({ id: n % 20, most: n, total: n }))),
  remove('simple', 'id = 4'),
  insert('simple', range(60, 90, (n) => ({ id: n % 20, most: n, total: n }))),
  insert('limited', range(0, 40, (n) => ({ id: n, at: n % 2 === 0 ? '2024-01-01 00:00:00' : '2100-01-01 00:00:00' }))),
  insert('nothing', range(0, 50, (n) => ({ id: n % 10, n }))),
  // All is in segments now: the log goes, and its keys have files of their own.
  ...['replacing', 'collapsing', 'simple', 'limited', 'summing'].map((table) => remove(table, 'id = 3')),
  remove('states', "k = 'k2'"),
  file(0, 'golden file'),
  { kind: 'create', table: 'gone', body: '{"id":1}', key: 'golden, gone' },
]

/** What is done with the columns added, before the process is killed: most of it stays in the log. */
export const AFTER: readonly Step[] = [
  insert('wide', range(LATER_FROM, LAST, wideRow)),
  insert('events', range(850, 1000, eventRow), 'golden, too'),
  insert('events', `${eventRow(2000)}\n{"k": 5, "x": "not a number"}`),
  insert('collapsing', range(90, 99, (n) => ({ id: n / 3 | 0, sign: 1, a: n }))),
  insert('nothing', range(50, 70, (n) => ({ id: n % 10, n }))),
  file(500, 'golden file, too'),
  { kind: 'drop', table: 'gone' },
]

/** The last thing before the kill: nobody has the time to write the segments that it masks anew. */
export const LAST_DELETE = remove('replacing', 'id = 50')

const wideNames = [...COLUMNS.map(([name]) => name), 'later', 'later_code']

/** Lists of six: few statements, and still the one that differs says where to look. */
const inPieces = (names: readonly string[]): string[] => (
  Array.from({ length: Math.ceil(names.length / 6) }, (_, piece) => names.slice(piece * 6, piece * 6 + 6).join(', ')))

const LATER_QUESTIONS: readonly string[] = [
  ...inPieces(answersOf(LATER_STATES)).map((answers) => `SELECT k, ${answers} FROM later_states GROUP BY k ORDER BY k`),
  'SELECT count(), uniqExact(s), sum(id), max(length(tags)) FROM filed', 'SELECT tags, count() FROM filed GROUP BY tags ORDER BY tags',
]

/** Statements; each answer's text must be what it was when the store was written. */
export const questionsOf = (version: number): readonly string[] => [
  ...version === 0 ? [] : LATER_QUESTIONS,
  ...inPieces(wideNames).map((names) => `SELECT id, ${names} FROM wide ORDER BY id`),
  "SELECT id, serial FROM wide WHERE repeating = 'r17' ORDER BY id",
  "SELECT count(), min(id) FROM wide WHERE uuid_text = '" + uuid(77) + "' OR uid = '" + uuid(91 * 7) + "'",
  "SELECT count() FROM wide WHERE template LIKE '%\"n\":4%' AND random > 'b' AND i64 > 0",
  'SELECT lc, lcn, count(), uniqExact(repeating), sum(dec38), max(dt64) FROM wide GROUP BY lc, lcn ORDER BY lc, lcn',
  'SELECT * FROM events ORDER BY x',
  ...inPieces(answersOf(STATES)).map((answers) => `SELECT k, ${answers} FROM states GROUP BY k ORDER BY k`),
  'SELECT * FROM replacing FINAL ORDER BY id', 'SELECT id, sum(a), sum(b) FROM summing GROUP BY id ORDER BY id',
  'SELECT * FROM summing FINAL ORDER BY id', 'SELECT * FROM collapsing FINAL ORDER BY id, a', 'SELECT * FROM versioned FINAL ORDER BY id, v',
  'SELECT * FROM simple FINAL ORDER BY id', 'SELECT id FROM limited ORDER BY id', 'SELECT count() FROM nothing',
  'SELECT c__error_column, c__error FROM events_quarantine',
]
