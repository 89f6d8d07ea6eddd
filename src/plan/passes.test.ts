// Each rewrite pass alone: the plan as written, then after the pass. The table `typed` has more
// columns than shown: scans read all of them until `prune columns`.
import { expect, it } from 'vitest'
import { plan, rawPlan } from './fixture.ts'
import { PASSES } from './passes.ts'
import { printNode, printPlan } from './print.ts'

const all = 'ts, s, a, b, f, n, ns, lc, lcn, arr, nums, m, d, d64, dec, en, u64, i64, bo'

/** The plan after one pass over what was written; the scan's column list shortened. */
function after(pass: string, sql: string, before: readonly string[] = []): string {
  let node = rawPlan(sql)
  for (const name of [...before, pass]) {
    const found = PASSES.find((candidate) => candidate.name === name)
    if (found === undefined) throw new Error(`there is no pass '${name}'`)
    node = found.run(node)
  }
  return printNode(node).replaceAll(all, '…')
}

it('push filters: through projections, below GROUP BY, not below LIMIT', () => {
  const push = (sql: string) => after('push filters', sql)
  expect(push('SELECT x FROM (SELECT a + 1 AS x FROM typed) WHERE x > 2'))
    .toBe('scan typed […] where greater(plus(a, 1), 2) > project [plus(a, 1)] > project [x]')
  expect(push('SELECT k FROM (SELECT a AS k, max(b) AS v FROM typed GROUP BY a) WHERE k = 1 AND v = 2'))
    .toBe('scan typed […] where equals(a, 1) > project [a, b] > aggregate [a] max(b) > '
      + 'filter equals(max(b), 2) > project [a, max(b)] > project [k]')
  expect(push('SELECT k FROM (SELECT a AS k FROM typed LIMIT 2) WHERE k = 1'))
    .toBe('scan typed […] > project [a] > limit 2 > filter equals(k, 1) > project [k]')
  expect(push('SELECT k FROM (SELECT a AS k FROM typed UNION ALL SELECT 1) WHERE k = 1'))
    .toBe('union (scan typed […] where equals(a, 1) > project [a]) (one > filter equals('
      + 'CAST(1, \'Int32\'), 1) > project [1] > project [CAST(1, \'Int32\')]) > project [k]')
})

it('push filters: an aggregate without keys keeps its filter above, for it yields a row anyway', () => {
  expect(after('push filters', 'SELECT 1 FROM (SELECT count() AS c FROM typed) WHERE 0'))
    .toBe('scan typed […] > project [] > aggregate [] count() > filter 0 > project [count()] > project [1]')
})

it('simplify conditions: constants go, slots stay', () => {
  const simplify = (where: string) => after('simplify conditions', `SELECT a FROM typed WHERE ${where}`)
  expect(simplify('1 = 1')).toBe('scan typed […] > project [a]')
  expect(simplify("'x' = 'x' AND b")).toBe('scan typed […] > filter b > project [a]')
  expect(simplify("'x' != 'x' AND b")).toBe('scan typed […] > filter 0 > project [a]')
  expect(printPlan(plan("SELECT a FROM typed WHERE {{'x'}} = 'x'")))
    .toBe("scan typed [a] where equals($0, 'x')")
})

it('merge projects: once-used expressions move up, twice-used ones stay', () => {
  const merge = (sql: string) => after('merge projects', sql)
  expect(merge('SELECT x * 2 FROM (SELECT a + 1 AS x FROM typed)'))
    .toBe('scan typed […] > project [multiply(plus(a, 1), 2)]')
  expect(merge('SELECT x * x FROM (SELECT a + 1 AS x FROM typed)'))
    .toBe('scan typed […] > project [plus(a, 1)] > project [multiply(x, x)]')
})

it('share sums: moved whole numbers are summed once, floats and single ones as they stand', () => {
  const share = (sql: string) => after('share sums', sql, ['merge projects'])
  expect(share('SELECT sum(a), sum(a + 1), sum(a - 2), sum(3 - a), max(b) FROM typed')).toBe(
    'scan typed […] > project [a, plus(a, 1), minus(a, 2), minus(3, a), b, a] > aggregate [] max(b) sum(base) count() > project '
    + '[max(b), sum, count, sum, CAST(count, \'Int64\')] > project '
    + '[sum, plus(sum, multiply(1, count)), minus(sum, multiply(2, count)), minus(multiply(3, count), sum), max(b)]')
  for (const sql of ['SELECT sum(f + 1), sum(f + 2) FROM typed', 'SELECT sum(a + 1), sum(b + 2) FROM typed', 'SELECT sum(n + 1), sum(n + 2) FROM typed']) {
    expect(share(sql)).toBe(after('merge projects', sql))
  }
})

it('push limits: below projections and into UNION ALL', () => {
  const push = (sql: string) => after('push limits', sql)
  expect(push('SELECT a + 1 FROM typed LIMIT 1'))
    .toBe('scan typed […] > limit 1 > project [plus(a, 1)]')
  expect(push('SELECT x FROM (SELECT a AS x FROM typed UNION ALL SELECT a FROM typed) LIMIT 2'))
    .toBe('union (scan typed […] > limit 2 > project [a]) (scan typed […] > limit 2 > project [a])'
      + ' > limit 2 > project [x]')
})

it('fuse limits: the sort keeps what LIMIT and OFFSET want', () => {
  expect(after('fuse limits', 'SELECT a FROM typed ORDER BY a LIMIT 5 OFFSET 2'))
    .toBe('scan typed […] > project [a] > sort [a] top 5 after 2 > limit 5 after 2')
  expect(after('fuse limits', 'SELECT a FROM typed ORDER BY a LIMIT 1 BY b LIMIT 5'))
    .toBe('scan typed […] > project [a, b] > sort [a] > limit 1 by [b] > limit 5 > project [a]')
})

it('prune columns: only what is read, in every query of a UNION, for every default', () => {
  const prune = (sql: string) => after('prune columns', sql)
  expect(prune('SELECT x FROM (SELECT a AS x, s, b FROM typed WHERE f > 1)'))
    .toBe('scan typed [a, f] > filter greater(f, 1) > project [a] > project [x]')
  expect(prune('SELECT y FROM (SELECT a AS x, b AS y FROM typed UNION ALL SELECT 1, 2 FROM typed)'))
    .toBe('union (scan typed [b] > project [b]) (scan typed [] > project [2] > project [2]) '
      + '> project [y]')
  expect(prune('SELECT k FROM (SELECT a AS k, sum(b), max(f) AS m FROM typed GROUP BY a) ORDER BY m'))
    .toBe('scan typed [a, f] > project [a, f] > aggregate [a] max(f) > project [a, max(f)] > '
      + 'project [k, m] > sort [m] > project [k]')
  expect(prune('SELECT b FROM grown')).toBe('scan grown [a, b] > project [b]')
})

it('sets and scalars that nothing reads any more are not part of the plan', () => {
  const made = plan('SELECT x FROM (SELECT a AS x, a IN (SELECT b FROM typed) AS y, (SELECT 1) AS z FROM typed)')
  expect([made.sets.length, made.scalars.length]).toEqual([0, 0])
})
