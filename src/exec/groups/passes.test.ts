import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { bindSlots } from '../../plan/slots.ts'
import { answerShareOf, ONLY_PASS, passBehind, Passes, type Shortage } from './passes.ts'
import { TestTable, TestWorld, workBytesUsed } from '../test-table.ts'

const ROWS = 120_000
/** What a query may have: some blocks of scratch memory, and a part of all groups. */
const LITTLE = 6 * 2 ** 20

const events = new TestTable('events', 1, [
  ['id', 'UInt32'], ['user', 'String'], ['session', 'String'], ['kind', 'LowCardinality(String)'], ['n', 'Int32'],
  ['at', 'DateTime'], ['ns', 'Nullable(String)'],
])
const COUNT = 12
for (let part = 0; part < COUNT; part++) {
  events.add(Array.from({ length: ROWS / COUNT }, (_, i) => {
    const id = part * ROWS / COUNT + i
    const session = Math.floor(id / 3) ^ 21
    return [id, `user_${session % 9000}`, `session-${session}-${session * 7919 % 100003}`, `kind${id % 5}`, id % 1013, 1_700_000_000 + id * 7,
      id % 11 === 0 ? null : `maybe ${session % 20_000}`]
  }), part % 2 === 0)
}
const users = new TestTable('users', 2, [['name', 'String'], ['city', 'String']])
users.add(Array.from({ length: 9000 }, (_, i) => [`user_${i}`, `city ${i % 700}`]), true)

/** Groups that stay together, and such as are shared out; dictionaries with room for nothing, so that keys are bytes. */
const worlds = [0, 2000].map((shareFrom) => new TestWorld([events, users], 30_000, undefined, false, shareFrom))
/** Of large memory. */
const whole = new TestWorld([events, users])

const passesIn = (explained: string): number[] => [...explained.matchAll(/(\d+) passes/g)].map(([, count]) => Number(count))

const SESSIONS = 'SELECT session, user, min(at) AS a, max(at) AS b, count() AS c, kind FROM events GROUP BY session, user, kind '
  + 'HAVING b >= a ORDER BY c DESC, a DESC, session, kind LIMIT 20'

it.each([
  [SESSIONS],
  ['SELECT session, uniqExact(id), groupArray(n), sum(n) FROM events GROUP BY session ORDER BY sum(n) DESC, session LIMIT 10'],
  ['SELECT count(), sum(c), max(s) FROM (SELECT session, user, id % 2 AS i, count() AS c, max(session) AS s FROM events GROUP BY session, user, i)'],
  ['SELECT count() FROM (SELECT DISTINCT session, kind, n FROM events)'],
  ['SELECT reinterpretAsUUID(toUInt128(intDiv(id, 2))) AS u, toFixedString(kind, 5) AS f, groupArray(id), count() FROM events WHERE id < 40000 GROUP BY u, f ORDER BY min(id) LIMIT 9'],
  ['SELECT toDecimal64(intDiv(id, 2), 3) AS d, toIPv4(intDiv(id, 2)) AS i, groupArray(n), count() FROM events GROUP BY d, i ORDER BY d LIMIT 9'],
  ['SELECT toIPv6(toIPv4(intDiv(id, 2))) AS i, id % 2 = 0 AS b, toBool(n > 500) AS c, groupArray(n), count() FROM events WHERE id < 40000 GROUP BY i, b, c ORDER BY i, b, c LIMIT 9'],
  ['SELECT kind, count() AS c FROM (SELECT session, user, kind FROM events GROUP BY session, user, kind) GROUP BY kind ORDER BY c DESC, kind LIMIT 5'],
  ['SELECT count(), sum(c), sum(cityHash64(u)) FROM (SELECT user AS u, count() AS c FROM '
    + '(SELECT session, user, id % 3 AS i, groupArray(session) AS g FROM events GROUP BY session, user, i HAVING length(g) > 0) GROUP BY u)'],
  ['SELECT sum(r), sum(r * s) FROM (SELECT s, row_number() OVER (PARTITION BY k ORDER BY s) AS r FROM '
    + '(SELECT session, id % 100 AS k, max(id) AS s FROM events GROUP BY session, user, k))'],
  ['SELECT session, city, count() FROM events JOIN users ON user = name GROUP BY session, city, n ORDER BY session, n LIMIT 7'],
  ['SELECT session, city, id, count() FROM events RIGHT JOIN users ON user = name AND n > 300 GROUP BY session, city, id ORDER BY session, city, id LIMIT 7'],
  ["SELECT s, sum(c) FROM (SELECT session AS s, toUInt64(1) AS c FROM events UNION ALL SELECT concat(session, '!'), 2 FROM events) GROUP BY s ORDER BY s LIMIT 9"],
  ['SELECT session, kind, count() FROM events GROUP BY session, kind WITH ROLLUP ORDER BY count() DESC, session, kind LIMIT 12'],
  ['SELECT session, kind, count() FROM events GROUP BY session, kind WITH TOTALS ORDER BY count() DESC, session, kind LIMIT 12'],
] as const)('answer in little memory as in much: %s', (sql) => {
  const wanted = whole.run(sql)
  const passes = worlds.map((world, i) => {
    const { rows, run } = world.run(sql, i === 0 ? 1 : 3, LITTLE)
    expect(rows).toEqual(wanted.rows)
    expect(run.stats.rowsRead).toBe(wanted.run.stats.rowsRead)
    return Math.max(...passesIn(run.explain()), 1)
  })
  expect(Math.max(...passes)).toBeGreaterThan(1)
}, 180_000)

/** Some of a list, one at least. */
const some = <T>(values: readonly T[], most: number) => fc.subarray([...values], { minLength: 1, maxLength: most })

it('answer whatever is asked of the groups as in much memory', () => {
  let passed = 0
  fc.assert(fc.property(
    some(['session', 'user', 'kind', 'n', 'at', 'ns', 'id', "concat(session, '!')", 'upper(user)', 'id % 50000'], 3),
    some(['count()', 'sum(n)', 'min(at)', 'max(user)', 'uniqExact(kind)', 'uniq(n)', 'any(session)', 'argMax(id, at)', 'avg(id)'], 3),
    fc.constantFrom('', ' HAVING count() > 1', ' HAVING max(n) > 900', ' HAVING min(id) % 3 = 1'),
    fc.constantFrom('', 'count() DESC, ', 'min(id), '), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 1 }), fc.integer({ min: 1, max: 3 }),
    (keys, aggregates, having, order, limit, which, workers) => {
      const names = keys.map((_, i) => `k${i}`)
      const sql = `SELECT ${keys.map((key, i) => `${key} AS k${i}`).join(', ')}, ${aggregates.join(', ')} FROM events `
        + `GROUP BY ${names.join(', ')}${having} ORDER BY ${order}${names.join(', ')} LIMIT ${limit}`
      const { rows, run } = worlds[which].run(sql, workers, LITTLE)
      // any() is of any row: its group's are alike where the session is a key.
      if (keys.includes('session') || !aggregates.includes('any(session)')) expect(rows).toEqual(whole.run(sql).rows)
      passed += Math.max(...passesIn(run.explain()), 1) > 1 ? 1 : 0
    }), { seed: 7, numRuns: 10 })
  expect(passed).toBeGreaterThan(2)
}, 120_000)

it('hold no more than the query may have, and give it all back', () => {
  const before = workBytesUsed()
  const plan = worlds[0].planOf(SESSIONS)
  const peaks: MemoryAccount[] = []
  worlds[0].withPlan(plan, bindSlots(plan, []), 3, () => {}, LITTLE, ({ account }) => {
    peaks.push(account)
    return {}
  })
  for (const { peakBytes } of peaks) expect(peakBytes).toBeLessThanOrEqual(LITTLE)
  expect(peaks).toHaveLength(3)
  expect(workBytesUsed()).toBe(before)
})

it('are begun at once where the statement had them before, unless there are fewer rows', () => {
  const plan = worlds[0].planOf(SESSIONS)
  const runs = (rowSets: number): number => {
    let count = 0
    worlds[0].withPlan(plan, bindSlots(plan, []), 1, (_, run) => { count = Math.max(...passesIn(run.explain()), 1) }, LITTLE,
      (env) => ({ openRows: (id) => env.openRows(id).slice(0, rowSets), checkAlive: () => { asked++ } }))
    return count
  }
  let asked = 0
  runs(COUNT)
  const first = asked
  asked = 0
  const again = runs(COUNT)
  expect(asked).toBeLessThanOrEqual(first)
  expect(again).toBeGreaterThan(1)
  expect(runs(1)).toBe(1)
})

it('become fewer again where other rows have few groups', () => {
  const few = new TestTable('few', 1, [...events.meta.columns].map(({ name, type }) => [name, type]))
  for (let part = 0; part < COUNT; part++) {
    few.add(Array.from({ length: ROWS / COUNT }, (_, i) => [i, 'user', `session ${i % 49}`, 'kind', i, 1_700_000_000 + i, 'maybe']), true)
  }
  const plan = worlds[0].planOf(SESSIONS.replace('LIMIT 20', 'LIMIT 21'))
  const runs = (rowSets: TestTable['rowSets']): number => {
    let count = 0
    worlds[0].withPlan(plan, bindSlots(plan, []), 1, (_, run) => { count = Math.max(...passesIn(run.explain()), 1) }, LITTLE, () => ({ openRows: () => rowSets }))
    return count
  }
  const many = runs(events.rowSets)
  expect(many).toBeGreaterThan(1)
  const fewer = Array.from({ length: 4 }, () => runs(few.rowSets))
  expect(fewer.at(-1)).toBe(1)
  expect(runs(events.rowSets)).toBeGreaterThan(1)
  expect(runs(events.rowSets)).toBeGreaterThan(1)
}, 60_000)

it.each([
  // What the groups are is another value in each pass.
  "SELECT k, count() FROM (SELECT concat(session, user, toString(rand()), session) AS k FROM events) GROUP BY k ORDER BY k LIMIT 5",
  'SELECT generateUUIDv4() AS k, session, count() FROM events GROUP BY k, session ORDER BY k LIMIT 5',
  // All groups are the answer.
  'SELECT session, id, count() FROM events GROUP BY session, id',
  // The groups of groups.
  'SELECT s, u, i, count() FROM (SELECT session AS s, user AS u, id AS i, count() FROM events GROUP BY s, u, i) GROUP BY s, u, i ORDER BY s LIMIT 5',
  // One group has no room.
  'SELECT substring(kind, 1, 4) AS k, groupArray(concat(session, user, session)) AS a FROM events GROUP BY k ORDER BY k LIMIT 1',
])('are no way out for %s', (sql) => {
  const before = workBytesUsed()
  for (const world of worlds) expect(() => world.run(sql, 2, LITTLE)).toThrow(/Memory limit exceeded/)
  expect(workBytesUsed()).toBe(before)
}, 60_000)

it('take random values where these are no keys below the groups', () => {
  const { rows, run } = worlds[0].run('SELECT session, user, count() AS c, rand() AS r FROM events GROUP BY session, user, id ORDER BY r LIMIT 3', 1, LITTLE)
  expect(rows).toHaveLength(3)
  expect(Math.max(...passesIn(run.explain()), 0)).toBeGreaterThan(1)
})

const MiB = 2 ** 20

it('are not tried where the answer is all groups and these are far too many', () => {
  const account = { usedBytes: 50 * MiB, limitBytes: 51 * MiB }
  const shortage = { stage: 0, canPass: true, pass: ONLY_PASS, rowShare: 0.005, groupBytes: 48 * MiB, passBytes: 0 }
  expect(new Passes().hasMore({ ...shortage, answerShare: 1 / 4 }, account)).toBe(false)
  expect(new Passes().hasMore({ ...shortage, answerShare: 0 }, account)).toBe(true)
  expect(new Passes().hasMore({ ...shortage, answerShare: 1 / 4, rowShare: 0.5 }, account)).toBe(true)
  const shareOf = (sql: string): number => answerShareOf(worlds[0].planOf(sql).root)
  expect(shareOf('SELECT session, sum(n) AS s FROM events GROUP BY session ORDER BY s')).toBe(1 / 4)
  expect(shareOf('SELECT DISTINCT session FROM events')).toBe(1 / 4)
  expect(shareOf('SELECT session, uniqExact(id) FROM events GROUP BY session')).toBe(1 / 64)
  expect(shareOf('SELECT session, sum(n) AS s FROM events GROUP BY session ORDER BY s LIMIT 3')).toBe(0)
  expect(shareOf('SELECT session, sum(n) AS s FROM events GROUP BY session HAVING s > 3')).toBe(0)
  expect(shareOf('SELECT count() FROM (SELECT session FROM events GROUP BY session)')).toBe(0)
  // States of hundreds of bytes, of which the answer keeps a number each.
  const { run } = worlds[0].run('SELECT user, uniqExact(id, at), uniqExact(id, n) FROM events GROUP BY user', 1, LITTLE)
  expect(Math.max(...passesIn(run.explain()), 1)).toBeGreaterThan(1)
}, 60_000)

const account = { usedBytes: 50 * MiB, limitBytes: 51 * MiB }
const shortage: Shortage = { stage: 0, canPass: true, pass: ONLY_PASS, rowShare: 1, groupBytes: 48 * MiB, passBytes: 0, answerShare: 0 }

it('begin with the keys that had no room, and take each share once', () => {
  const passes = new Passes()
  expect(passes.hasMore({ ...shortage, rowShare: 0.5 }, account)).toBe(true)
  expect(passes.plans).toEqual([{ count: 3, share: 0 }])
  expect(passes.hasMore({ ...shortage, rowShare: 0.8, pass: { index: 1, count: 3, share: 2 }, passBytes: 40 * MiB }, account)).toBe(true)
  expect(passes.plans).toEqual([{ count: 6, share: 4 }])
  const shares = [{ index: 0, count: 6, share: 4 }]
  while (shares.length < 6) shares.push(passBehind(shares[shares.length - 1]))
  expect(shares.map(({ share }) => share)).toEqual([4, 5, 0, 1, 2, 3])
  expect(shares.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5])
})

it('are given up when a share of the keys has needed as much as more of them, twice', () => {
  // One group: others have room in a fraction, while rows come as well as while they are merged.
  for (const rowShare of [0.4, 1]) {
    const passes = new Passes()
    expect(passes.hasMore({ ...shortage, rowShare }, account)).toBe(true)
    let tries = 1
    for (;; tries++) {
      const [plan] = passes.plans
      if (plan === undefined) throw new Error('there are passes')
      if (!passes.hasMore({ ...shortage, rowShare, pass: { ...plan, index: 1, share: plan.share + 1 }, passBytes: 2 * MiB }, account)) break
    }
    expect(tries).toBe(2)
  }
  // All passes alike: each gets twice as far.
  const passes = new Passes()
  for (const [rowShare, count] of [[0.1, 1], [0.12, 8], [0.9, 64]]) {
    expect(passes.hasMore({ ...shortage, rowShare, pass: { index: 0, count, share: 0 } }, account)).toBe(count < 64)
  }
})

it('do not go over all rows for each share before one group is refused', () => {
  let looks = 0
  const sql = 'SELECT substring(kind, 1, 4) AS k, groupArray(concat(session, user, session)) AS a FROM '
    + "(SELECT session, user, if(id % 3 = 0, concat('k', toString(id)), kind) AS kind FROM events) GROUP BY k ORDER BY length(a), k LIMIT 1"
  const plan = worlds[0].planOf(sql)
  expect(() => worlds[0].withPlan(plan, bindSlots(plan, []), 1, () => {}, LITTLE, () => ({ checkAlive: () => { looks++ } })))
    .toThrow(/Memory limit exceeded/)
  const tried = looks
  looks = 0
  whole.withPlan(plan, bindSlots(plan, []), 1, () => {}, undefined, () => ({ checkAlive: () => { looks++ } }))
  expect(tried).toBeLessThan(8 * looks) // eight passes, and then 64, would be so many runs
})
