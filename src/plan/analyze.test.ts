// What statements become, one line each: SQL, then the plan as print.ts writes it.
import { expect, it, describe } from 'vitest'
import { errorOf, metaOf, plan, CATALOG } from './fixture.ts'
import { analyzeExpression } from './analyze.ts'
import { printExpr, printPlan } from './print.ts'
import { bindSlots } from './slots.ts'
import { parseExpression } from '../sql/parse.ts'

const PLANS: readonly (readonly [sql: string, printed: string])[] = [
  ['SELECT 1', 'one > project [1]'],
  ['SELECT a FROM typed', 'scan typed [a]'],
  ['SELECT a + 1 FROM typed WHERE b = 2', 'scan typed [a, b] where equals(b, 2) > project [plus(a, 1)]'],
  ['SELECT count() FROM typed', 'scan typed [] > aggregate [] count()'],
  ['SELECT user_id, count() AS c FROM app_events GROUP BY user_id ORDER BY c DESC LIMIT 10',
    'scan app_events [user_id] > aggregate [user_id] count() > sort [c desc] top 10 > limit 10'],
  ['SELECT toDate(timestamp) AS day, uniq(user_id) FROM app_events WHERE day >= \'2024-01-01\' GROUP BY day',
    'scan app_events [timestamp, user_id] where greaterOrEquals(toDate(timestamp), 19723::Date) > '
    + 'project [toDate(timestamp), user_id] > aggregate [__0] uniq(user_id)'],
  ['SELECT timestamp FROM app_events WHERE timestamp >= \'2024-01-01 00:00:00\'',
    'scan app_events [timestamp] where greaterOrEquals(timestamp, 1704067200::DateTime)'],
  ['SELECT a FROM (SELECT a, b FROM typed) WHERE b > 1',
    'scan typed [a, b] where greater(b, 1) > project [a]'],
  ['WITH t AS (SELECT a, b FROM typed) SELECT a FROM t WHERE b = 1',
    'scan typed [a, b] where equals(b, 1) > project [a]'],
  ['SELECT k, c FROM (SELECT a AS k, count() AS c FROM typed GROUP BY a) WHERE k = 1 AND c > 2',
    'scan typed [a] where equals(a, 1) > aggregate [a] count() > filter greater(count(), 2)'],
  ['SELECT a FROM (SELECT a FROM typed LIMIT 5) WHERE a = 1',
    'scan typed [a] > limit 5 > filter equals(a, 1)'],
  ['SELECT a FROM typed WHERE 1 = 1 AND b = 1 AND 1', 'scan typed [a, b] where equals(b, 1) > project [a]'],
  ['SELECT a FROM typed WHERE 1 = 0', 'scan typed [a] where 0'],
  ['SELECT a + 1 FROM typed LIMIT 3', 'scan typed [a] > limit 3 > project [plus(a, 1)]'],
  ['SELECT a FROM typed ORDER BY b LIMIT 2, 3',
    'scan typed [a, b] > sort [b] top 3 after 2 > limit 3 after 2 > project [a]'],
  ['SELECT DISTINCT a FROM typed', 'scan typed [a] > distinct'],
  ['SELECT DISTINCT a FROM typed ORDER BY b', 'scan typed [a, b] > limit 1 by [a] > sort [b] > project [a]'],
  ['SELECT a, b FROM typed LIMIT 1 BY a', 'scan typed [a, b] > limit 1 by [a]'],
  ['SELECT a FROM typed WHERE a IN (1, 2, 300)', 'scan typed [a] where in(a, set 0); set 0: 1 2 300'],
  ['SELECT b FROM typed WHERE b IN (1, 300)', 'scan typed [b] where in(b, set 0); set 0: 1'],
  ['SELECT a FROM typed WHERE s NOT IN (SELECT user_id FROM app_events)',
    'scan typed [s, a] where notIn(s, set 0) > project [a]; set 0: scan app_events [user_id]'],
  ['SELECT a FROM typed WHERE a = (SELECT max(a) FROM typed)',
    'scan typed [a] where equals(a, scalar 0); scalar 0: scan typed [a] > aggregate [] max(a)'],
  ['SELECT a FROM typed WHERE EXISTS (SELECT 1 FROM app_events)',
    'scan typed [a] where ifNull(greater(scalar 0, 0), 0); '
    + 'scalar 0: scan app_events [] > limit 1 > aggregate [] count()'],
  ['WITH [1, 2] AS xs SELECT a FROM typed WHERE a IN xs',
    'scan typed [a] where in(a, set 0); set 0: 1 2'],
  ['WITH (SELECT b FROM typed) AS bs SELECT a FROM typed WHERE b IN bs',
    'scan typed [a, b] where in(b, set 0) > project [a]; set 0: scan typed [b]'],
  ['SELECT a FROM typed WHERE n IN (SELECT u64 FROM typed)',
    'scan typed [a, n] where in(n, set 0) > project [a]; '
    + 'set 0: scan typed [u64] > project [accurateCastOrNull(u64, \'Int32\')]'],
  ['SELECT a FROM typed UNION ALL SELECT b FROM typed',
    'union (scan typed [a]) (scan typed [b] > project [CAST(b, \'Int32\')])'],
  ['SELECT sum(a), sum(a) + 1 FROM typed HAVING sum(a) > 1',
    'scan typed [a] > aggregate [] sum(a) > filter greater(sum(a), 1) > project [sum(a), plus(sum(a), 1)]'],
  ['SELECT count(DISTINCT a), sum(a) FILTER (WHERE b = 1) FROM typed',
    'scan typed [a, b] > project [a, equals(b, 1)] > aggregate [] uniqExact(a) sumIf(a, __1)'],
  ['SELECT number FROM numbers(3)', 'numbers(3)'],
  ['SELECT toString(a) AS a FROM typed WHERE a = \'x\'',
    'scan typed [a] where equals(toString(a), \'x\') > project [toString(a)]'],
  ['SELECT arrayMap(x -> x + a, nums) FROM typed',
    'scan typed [a, nums] > project [arrayMap((_0) -> plus(_0, a), nums)]'],
  ['SELECT c FROM grown', 'scan grown [c]'],
  ['SELECT b FROM grown', 'scan grown [a, b] > project [b]'],
]

it.each(PLANS)('%s', (sql, printed) => {
  expect(printPlan(plan(sql))).toBe(printed)
})

const ERRORS: readonly (readonly [sql: string, error: string])[] = [
  ['SELECT usr_id FROM app_events', "usr_id: Unknown column 'usr_id'. Did you mean 'user_id'?"],
  ['SELECT x.user_id FROM app_events', "x.user_id: Unknown column 'x.user_id'. Did you mean 'user_id'?"],
  ['SELECT x + 1 AS x FROM typed',
    "x: The alias 'x' refers to itself, and there is no column 'x'"],
  ['SELECT user_id FROM app_event', "app_event: Unknown table 'app_event'. Did you mean 'app_events'?"],
  ["SELECT dictGet('d', 'a', 1)", "dictGet('d', 'a', 1): Function dictGet is not available: there are no dictionaries: join the data source that holds the values"],
  ['SELECT toDaet(ts) FROM typed', "toDaet(ts): Unknown function 'toDaet'. Did you mean 'toDate'?"],
  ['SELECT a, count() FROM typed',
    "a: Column 'a' is not under an aggregate function and not in GROUP BY"],
  ['SELECT a + b FROM typed GROUP BY a',
    "b: Column 'b' is not under an aggregate function and not in GROUP BY"],
  ['SELECT a FROM typed WHERE count() > 1', 'count(): Aggregate function count() is found in WHERE'],
  ['SELECT sum(count()) FROM typed',
    'count(): Aggregate function count() is found inside another aggregate function, sum(count())'],
  ['SELECT a FROM typed ORDER BY 2',
    '2: Positional argument 2 is out of bounds: the SELECT list has 1 expression'],
  ['SELECT a x, b x FROM typed', "b x: Two different expressions have the alias 'x'"],
  ['SELECT a FROM typed WHERE s',
    's: The condition of WHERE is String: it must be a number or Bool'],
  ['SELECT upper(s) OVER () FROM typed', 'upper(s) OVER (): upper is neither an aggregate nor a window function: it cannot have OVER'],
  ['SELECT a FROM typed WHERE ts > \'abc\'', "ts > 'abc': Cannot read 'abc' as DateTime"],
  ['SELECT arrayJoin(a) FROM typed', 'arrayJoin(a): arrayJoin takes an array or a map, not Int32'],
  ['SELECT *', '*: * needs a FROM: there are no columns'],
  ["SELECT COLUMNS('^zz') FROM typed", "COLUMNS('^zz'): COLUMNS matches no column"],
  ['SELECT a FROM typed LIMIT \'x\'', "'x': LIMIT must be a constant number"],
]

it.each(ERRORS)('%s', (sql, error) => {
  expect(errorOf(sql)).toBe(error)
})

it('says what is wrong with a join, and where', () => {
  expect(errorOf('SELECT 1 FROM typed JOIN app_events USING a'))
    .toBe("a: Unknown column of the right table 'a'")
  expect(errorOf('SELECT t.tsx FROM typed AS t JOIN app_events AS e ON t.s = e.type'))
    .toBe("t.tsx: Unknown column 't.tsx'. Did you mean 't.ts'?")
})

it('makes keys of the equalities of a join and pushes conditions to its sides', () => {
  const made = plan('SELECT t.a, e.type FROM typed AS t, app_events AS e '
    + "WHERE t.s = e.user_id AND t.a > 1 AND e.tag = 'x' AND t.ns != e.metadata")
  expect(printPlan(made)).toBe('(scan typed [s, a, ns] where greater(a, 1)) inner join '
    + "(scan app_events [user_id, type, tag, metadata] where equals(tag, 'x')) on [s = user_id] > "
    + 'filter notEquals(ns, metadata) > project [a, type]')
  expect(printPlan(plan('SELECT count() FROM typed AS t LEFT JOIN app_events AS e '
    + "ON t.s = e.type AND e.tag = 'x' AND t.a > 1 WHERE t.b = 2 AND e.type = ''")))
    .toBe("(scan typed [s, a, b] where equals(b, 2)) left join (scan app_events [type, tag] where "
      + "equals(tag, 'x')) on [s = type and greater(a, 1)] > filter equals(type, '') > "
      + 'aggregate [] count()')
})

describe('slots', () => {
  it('keep one plan for all values of a comparison, a list and a limit', () => {
    const made = plan("SELECT a FROM typed WHERE ts >= {{'2024-01-01 00:00:00'}} AND a = {{5}} "
      + "AND s IN ({{'x'}}, 'y') LIMIT {{10}}")
    expect(printPlan(made)).toBe('scan typed [ts, s, a] where and(greaterOrEquals(ts, $0), '
      + 'equals(a, $1), in(s, set 0)) > limit $3 > project [a]; set 0: $2 \'y\'')
    expect(made.consumedSlots).toEqual([])
    expect(made.slotTypes).toEqual(['DateTime', 'Int64', 'String', 'UInt64'])
    expect(bindSlots(made, ['2024-01-02 00:00:00', 7n, 'z', 3n])).toEqual([1704153600, 7, 'z', 3])
  })

  it('hold any number of their parameter, not only the like of the first', () => {
    const made = plan('SELECT a FROM typed WHERE a > {{5.5}} AND b = {{5}} LIMIT {{10}}')
    expect(made.slotTypes).toEqual(['Float64', 'Int64', 'UInt64'])
    expect(bindSlots(made, [7, -300n, 1n])).toEqual([7, -300, 1])
    expect(() => bindSlots(made, [7, 1n, -1n])).toThrow('LIMIT and OFFSET are whole numbers from 0')
  })

  it('are consumed where the value decides the plan', () => {
    expect(plan('SELECT a + {{5}} AS x FROM typed').consumedSlots).toEqual([0])
    expect(plan('SELECT {{5}}').consumedSlots).toEqual([0])
    expect(plan("SELECT countIf(s = {{'x'}}) FROM typed").consumedSlots).toEqual([0])
    expect(plan("SELECT countIf(s = {{'x'}}) AS c FROM typed").consumedSlots).toEqual([])
  })

  it('match GROUP BY expressions of the same value, which then decides the plan', () => {
    const sql = 'SELECT intDiv(a, {{5}}) AS x, count() FROM typed GROUP BY intDiv(a, {{5}})'
    expect(plan(sql).consumedSlots).toEqual([0, 1])
  })

  it('name the value that does not fit', () => {
    const made = plan("SELECT a FROM typed WHERE ts >= {{'2024-01-01 00:00:00'}}")
    expect(() => bindSlots(made, ['soon'])).toThrow("Value 1 of the query: cannot read 'soon' as DateTime")
  })
})

it('applies the filter of a token apart from the query\'s own', () => {
  const guarded = { ...CATALOG, tokenFilter: () => parseExpression("user_id = 'x'") }
  expect(printPlan(plan('SELECT type FROM app_events', guarded)))
    .toBe("scan app_events [user_id, type] token equals(user_id, 'x') > project [type]")
})

it('types an expression over columns on its own, for keys and defaults', () => {
  const columns = [{ name: 'ts', type: 'DateTime' }, { name: 'a', type: 'Int32' }]
  const typed = analyzeExpression(parseExpression('a + 1'), columns, 'UInt8')
  expect(printExpr(typed, ['ts', 'a'])).toBe("CAST(plus(a, 1), 'UInt8')")
  expect(() => analyzeExpression(parseExpression('(SELECT 1)'), columns)).toThrow('subquery')
})

it('refuses queries that grow without bound, at once', () => {
  const began = performance.now()
  const doubled = Array.from({ length: 60 }, (_, i) => `a${i} + a${i} AS a${i + 1}`).join(', ')
  expect(errorOf(`SELECT 1 AS a0, ${doubled}`)).toMatch(/aliases stand for more than 100000 expressions/)
  const joined = Array.from({ length: 30 }, (_, i) => `t${i + 1} AS (SELECT a.x AS x FROM t${i} AS a, t${i} AS b)`).join(', ')
  expect(errorOf(`WITH t0 AS (SELECT 1 AS x), ${joined} SELECT x FROM t30`)).toMatch(/more than 1000 queries/)
  expect(performance.now() - began).toBeLessThan(5000)
})

it('knows which plans depend on the clock', () => {
  expect(plan('SELECT a FROM typed WHERE ts > now()').isDeterministic).toBe(false)
  expect(plan('SELECT a FROM typed').isDeterministic).toBe(true)
})

it('keeps duplicate names and the order of the SELECT list', () => {
  expect(metaOf('SELECT a, a, b AS a2 FROM typed ORDER BY f')).toBe('a Int32, a Int32, a2 UInt8')
})
