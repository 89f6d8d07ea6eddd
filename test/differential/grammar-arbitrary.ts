// Random queries of what query-arbitrary.ts leaves out, over its tables: ASOF and ANY joins, grouping sets,
// LIMIT BY and WITH TIES, WITH FILL, DISTINCT ON, common table expressions, correlated subqueries, QUALIFY,
// FILTER, lambdas, maps, tuples, JSON, moments around changes of the clock, Decimals, 64-bit integers.
// Every query orders by all of its columns, and chooses among rows only where one order decides.

import fc from 'fast-check'

type Text = fc.Arbitrary<string>
const text = (parts: readonly (string | Text)[]): Text =>
  fc.tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part))).map((all) => all.join(''))
const oneOf = (...texts: readonly string[]): Text => fc.constantFrom(...texts)
const list = (item: Text, most: number): Text =>
  fc.array(item, { minLength: 1, maxLength: most }).map((items) => items.join(', '))
const maybe = (part: Text): Text => fc.oneof(fc.constant(''), part)

const table = oneOf('t0', 't1', 't2')
const small = oneOf('0', '1', '2', '3', '-1')
const condition = fc.oneof(
  text([oneOf('k', 'n', 'id'), oneOf(' = ', ' > ', ' <= ', ' != '), small]), oneOf("s != ''", "lc = 'p'", 'n IS NULL', 'f > 0',
    "has(a, 'p')", "(k, s) IN ((1, 'a'), (2, ''))", '(k, n) != (1, 2)', "d BETWEEN '2023-12-10' AND '2023-12-12'"))
const where = maybe(text([' WHERE ', condition]))

/** Numbers with digits that no double holds. */
const wide = oneOf('toUInt64(id) * 9007199254740993', 'toInt64(ifNull(n, 0)) * -9007199254740991', 'cityHash64(s)',
  'toUInt64(k) + 18446744073709551610', 'intDiv(cityHash64(id), 7)', 'cityHash64(s) % 1000003', 'bitXor(cityHash64(lc), 5)',
  'toInt64(id) - toUInt64(9007199254740993)', 'toInt128(id) * 18446744073709551616')
const decimal = oneOf('toDecimal64(f, 2)', 'toDecimal32(f, 3) + toDecimal32(k, 1)', 'toDecimal64(f, 2) * toDecimal32(k, 1)',
  'toDecimal64(id, 4) / 8', '-toDecimal128(f, 5)', 'toDecimal64(f, 3) - k', 'round(toDecimal64(f, 3), 1)', 'toDecimal64(f, 2) * id',
  'greatest(toDecimal64(f, 2), toDecimal64(k, 2))', 'toString(toDecimal64(f, 4))', 'toDecimal64(f, 2) > 1')

/** Moments around the changes of two zones' clocks. */
const moment = text([oneOf("toDateTime('2024-03-31 00:30:00', 'Europe/Berlin')", "toDateTime64('2024-10-27 00:30:00.125', 3, 'Europe/Berlin')",
  "toDateTime('2024-03-10 01:15:00', 'America/New_York')", "toDateTime64('2024-02-28 23:59:59.999', 3)",
  "toDateTime('2023-12-31 22:00:00')"), ' + toInterval', oneOf('Minute', 'Hour', 'Day', 'Week', 'Month'), '(', oneOf('id', 'k', 'k * 30'), ')'])
const ofMoment = fc.oneof(moment,
  text([oneOf('toHour', 'toStartOfHour', 'toStartOfDay', 'toDate', 'toYYYYMM', 'toMonday', 'toUnixTimestamp', 'toStartOfFifteenMinutes',
    'toDayOfYear', 'toISOWeek', 'toString'), '(', moment, ')']),
  text(['toStartOfInterval(', moment, ', INTERVAL ', oneOf('2 HOUR', '1 DAY', '1 WEEK', '3 MONTH', '90 MINUTE'), ')']),
  text(["dateDiff('", oneOf('hour', 'day', 'month', 'minute'), "', ", moment, ', ', moment, ')']),
  text(['formatDateTime(', moment, ", '%F %T %j')"]), text(["toTimeZone(", moment, ", 'Asia/Tokyo')"]),
  text([moment, ' < ', moment]))

const lambda = fc.oneof(
  text(['arrayMap(x -> ', oneOf('concat(x, s)', 'length(x) + k', '(x, id)', 'if(x = lc, 1, 0)'), ', a)']),
  text([oneOf('arrayFilter', 'arrayExists', 'arrayCount', 'arrayFirst', 'arrayFirstIndex', 'arrayAll'), '(x -> ',
    oneOf("x = 'p'", 'x != lc', 'length(x) > k', "x > 'p'"), ', a)']),
  text(['arraySort(', oneOf('', '(x, i) -> i, '), 'a', oneOf('', ', arrayEnumerate(a)'), ')']).filter((call) => call.includes('->') === call.includes('Enumerate')),
  oneOf('arrayReduce(\'uniqExact\', a)', 'arraySum(x -> x * k, [1, 2, n])', 'arrayZip(a, arrayEnumerate(a))', 'arrayDistinct(arrayConcat(a, [s]))',
    'arrayFold((acc, x) -> acc + length(x), a, toUInt64(0))', 'arrayStringConcat(arrayReverse(a), \',\')', 'arrayCumSum([k, id])',
    'arrayMap((x, y) -> x * y, [1, k], [id, 2])', 'indexOf(a, lc)', 'a[1]', 'a[-1]', '[k, id] + [1, 2]', 'arraySlice(a, 2)'))
const nested = oneOf("map('x', k, s, id)['x']", 'mapKeys(map(s, k))', 'map(lc, [k])', "mapContains(map('a', 1), s)", '(k, s).2', 'tuple(id, n).1',
  '(k, s) = (1, \'a\')', '(f, k) < (0, 2)', 'tupleElement((s, k), 2)', 'map(k, tuple(s, n))', "CAST((k, s), 'Tuple(a UInt8, b String)').a",
  'mapValues(mapApply((q, w) -> (q, w + 1), map(s, k)))', 'untuple((k, s))', '(1, k) + (id, 2)')
const json = text([oneOf('JSONExtractInt(', 'JSONExtractString(', 'JSONExtractRaw(', 'JSONHas(', 'JSONType(', 'JSONExtractFloat('),
  "concat('{\"k\":', toString(k), ',\"s\":\"', lc, '\",\"l\":[', toString(id), ',1.5]}'), ", oneOf("'k'", "'s'", "'l'", "'l', 1", "'no'", "'l', -1"), ')'])
const value = fc.oneof(wide, decimal, ofMoment, lambda, nested.filter((one) => !one.startsWith('untuple')), json,
  oneOf('k', 's', 'n', 'id', 'multiIf(k = 0, \'none\', k = 1, lc, s)', 'CASE k WHEN 1 THEN s WHEN 2 THEN lc ELSE NULL END', 'n::Nullable(String)',
    'k ? s : lc', 'transform(k, [0, 1], [10, 20], 5)', 'ifNull(n, k)', 'coalesce(nullIf(lc, \'p\'), s)', 'least(n, k)'))

const aggregate = fc.oneof(
  text([oneOf('count()', 'sum(k)', 'max(id)', 'min(n)', 'sum(n)', 'uniqExact(s)', 'avg(f)'), maybe(text([' FILTER (WHERE ', condition, ')']))]),
  text(['sum(', decimal.filter((one) => !/String| > /.test(one)), ')']), text(['max(', ofMoment.filter((one) => !one.includes(' < ')), ')']),
  text([oneOf('sum', 'max', 'min'), '(', wide, ')']), oneOf('argMax(s, id)', 'argMin(k, id)', 'quantileExact(0.5)(k)', 'arraySort(groupUniqArray(lc))',
    'sumMap(map(s, k))', 'groupBitOr(id)', 'sumForEach([k, id])', 'countDistinct(s, k)', 'sumIf(k, n > 0)', 'maxOrNull(n)', 'topK(1)(1)',
    'uniqExactArray(a)', 'avgOrDefault(n)', 'stddevPop(k)', 'anyLast(1)', 'groupArraySorted(3)(id)', 'minIf(n, k > 100)', 'entropy(k)'))

const over = text([' OVER (', maybe(oneOf('PARTITION BY k ', 'PARTITION BY lc, k % 2 ')), 'ORDER BY id', oneOf('', ' DESC'), maybe(oneOf(
  ' ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING', ' ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING', ' RANGE BETWEEN 2 PRECEDING AND CURRENT ROW',
  ' ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING')), ')'])

const statements: readonly Text[] = [
  text(['SELECT ', list(value, 3), ' FROM ', table, where]),
  text(['SELECT ', list(aggregate, 3), ' FROM ', table, where]),
  fc.tuple(value.filter((one) => !/->/.test(one)), list(aggregate, 2), table, where).map(([key, aggregates, from, filter]) =>
    `SELECT ${key} AS g, ${aggregates} FROM ${from}${filter} GROUP BY g`),
  fc.tuple(fc.constantFrom('((k, lc), (k), ())', '((k), (lc))', '((lc), (k, lc), (lc))'), list(aggregate, 2), table, where).map(
    ([sets, aggregates, from, filter]) =>
      `SELECT k, lc, grouping(k), grouping(lc, k), ${aggregates} FROM ${from}${filter} GROUP BY GROUPING SETS ${sets}`),
  text(['SELECT x.id, x.k, y.id, y.s FROM ', table, ' AS x ASOF ', oneOf('', 'LEFT '), 'JOIN ', table, ' AS y ON x.', oneOf('k = y.k', 's = y.s', 'n = y.n'),
    ' AND x.id ', oneOf('>=', '>', '<=', '<'), ' y.id']),
  text(['SELECT x.id, x.s, y.m FROM ', table, ' AS x ', oneOf('ANY LEFT', 'LEFT', 'LEFT SEMI', 'LEFT ANTI'), ' JOIN (SELECT k, max(id) AS m FROM ',
    table, ' GROUP BY k) AS y ON x.', oneOf('k', 'n', 'id'), ' = y.k']),
  text(['SELECT * FROM ', table, ' AS x ', oneOf('INNER', 'LEFT', 'RIGHT', 'FULL'), ' JOIN (SELECT k, lc, count() AS c FROM ', table,
    ' GROUP BY k, lc) AS y USING ', oneOf('k', '(k, lc)')]),
  text(['SELECT id, k FROM ', table, where, ' ORDER BY k, id LIMIT ', oneOf('1', '2', '1 OFFSET 1', '-1'), ' BY k']),
  text(['SELECT k FROM ', table, where, ' ORDER BY k', oneOf('', ' DESC'), ' LIMIT ', oneOf('1', '3', '4'), ' WITH TIES']),
  text(['SELECT DISTINCT ON (', oneOf('k', 'lc', 's, k'), ') id, k, s FROM ', table, ' ORDER BY id']),
  text(['SELECT k AS v, count() AS c FROM ', table, where, ' GROUP BY v ORDER BY v', oneOf('', ' DESC').map(() => ''), ' WITH FILL',
    oneOf('', ' FROM 0 TO 9', ' TO 8 STEP 2', ' FROM 1'), oneOf('', ' INTERPOLATE (c)', ' INTERPOLATE (c AS c + 1)')]),
  text(['WITH c AS (SELECT k, ', aggregate, ' AS v FROM ', table, ' GROUP BY k), ', oneOf('2', 'toUInt8(1)'), ' AS two SELECT id, c.v, two FROM ', table,
    ' AS x ', oneOf('LEFT', 'INNER'), ' JOIN c ON x.k = c.k WHERE x.k < two OR c.k > 0']),
  text(['SELECT id, (SELECT ', oneOf('count()', 'max(y.id)', 'sum(y.f)', 'min(y.s)'), ' FROM ', table, ' AS y WHERE y.', oneOf('k = x.k', 's = x.s', 'n = x.n'),
    maybe(oneOf(' AND y.id > 3', ' AND y.k > 0')), ') FROM ', table, ' AS x']),
  text(['SELECT id, k FROM ', table, ' AS x WHERE ', oneOf('', 'NOT '), 'EXISTS (SELECT 1 FROM ', table, ' AS y WHERE y.', oneOf('k = x.k', 'n = x.n', 's = x.s'),
    maybe(oneOf(' AND y.f > 0', " AND y.lc = 'p'")), ')']),
  text(['SELECT id, k FROM ', table, where, ' QUALIFY ', oneOf('row_number()', 'count()', 'sum(k)', 'rank()'), over, oneOf(' = 1', ' > 2', ' < 4')]),
  text(['SELECT id, ', list(text([oneOf('sum(k)', 'max(s)', 'count()', 'lagInFrame(s, 1)', 'first_value(n)', 'ntile(3)', 'percent_rank()', 'nth_value(k, 2)', 'min(n)',
    'groupArray(k)', 'avg(id)', 'row_number()'), over]), 2), ' FROM ', table, where]).filter((sql) => !/(ntile|percent_rank)\(\d?\) OVER [^)]*(ROWS|RANGE)/.test(sql)),
  text(['SELECT k, ', aggregate, ' FROM ', table, ' GROUP BY k HAVING ', oneOf('count() > 1', 'max(id) % 2 = 0', 'any(1) = 1')]),
  text(['SELECT ', list(value.filter((one) => !/->/.test(one)), 2), ', e, i FROM ', table, oneOf(' ARRAY JOIN', ' LEFT ARRAY JOIN'), ' a AS e, arrayEnumerate(a) AS i', where]),
  fc.tuple(oneOf('UNION ALL', 'UNION DISTINCT', 'INTERSECT', 'EXCEPT'), list(fc.oneof(wide, decimal, oneOf('k', 's', 'n', 'lc')), 2), table, table, where).map(
    ([word, values, left, right, filter]) => `SELECT ${values} FROM ${left} ${word} SELECT ${values} FROM ${right}${filter}`),
]

/** A whole statement. */
export const grammarArbitrary = (): Text => fc.tuple(fc.oneof(...statements), oneOf('', '', ' LIMIT 4')).map(
  ([query, limit]) => `SELECT * FROM (${query}) ORDER BY ALL${limit}`)
