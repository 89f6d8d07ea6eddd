import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startOracle, type Oracle } from '../../test/oracle/oracle.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { formatResult } from '../format/format.ts'
import { findFunction } from '../functions/registry.ts'
import { TestTable, TestWorld, workBytesUsed, type Row, type TestColumn } from './test-table.ts'

const COLUMNS: readonly TestColumn[] = [
  ['id', 'UInt32'], ['user', 'String'], ['kind', 'String'], ['tag', 'LowCardinality(String)'],
  ['at', 'DateTime'], ['n', 'Nullable(Int32)'], ['f', 'Float64'], ['big', 'UInt64'],
  ['ns', 'Nullable(String)'], ['raw', 'String'], ['arr', 'Array(String)'], ['d', 'Date'],
]

/** Numbers that repeat by seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

function rowsOf(count: number, first: number): Row[] {
  const random = randomOf(first + 7)
  const below = (n: number) => Math.floor(random() * n)
  return Array.from({ length: count }, (_, i): Row => [
    first + i, `user_${below(300)}`, ['click', 'view', 'buy', ''][below(4)], `t${below(5)}`,
    1_700_000_000 + (first + i) * 60 + below(60), below(6) === 0 ? null : below(50) - 20,
    [0.5, -1.25, 3, 1e21, below(1000) / 8][below(5)], below(3) === 0 ? 18446744073709551000n + BigInt(below(600)) : below(10),
    below(5) === 0 ? null : ['', 'x', '12', 'é'][below(4)], `{"k":${below(100)},"u":"${first + i}"}`,
    Array.from({ length: below(3) }, () => `a${below(3)}`), 19_700 + below(40),
  ])
}

const ROWSETS = [rowsOf(20_000, 0), rowsOf(9_000, 20_000), rowsOf(300, 29_000), rowsOf(5, 29_300)]

const events = new TestTable('events', 1, COLUMNS)
ROWSETS.forEach((rows, i) => events.add(rows, i < 2))
const few = new TestTable('few', 2, [['user', 'String'], ['x', 'Int32']])
few.add([['user_1', 1], ['user_2', 2], ['user_299', 3], ['nobody', 4]], false)
const world = new TestWorld([events, few])
/** Groups are shared out where there are more than a few. */
const sharing = new TestWorld([events, few], undefined, undefined, false, 7)

const sqlValue = (value: Row[number]): string => value === null ? 'NULL'
  : Array.isArray(value) ? `[${value.map(sqlValue).join(',')}]`
    : typeof value === 'string' ? `'${value.replace(/['\\]/g, '\\$&')}'` : String(value)

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  const must = async (sql: string) => {
    const answer = await oracle.query(sql)
    if (!answer.ok) throw new Error(answer.error)
  }
  for (const [table, rowSets] of [[events, ROWSETS], [few, [[['user_1', 1], ['user_2', 2], ['user_299', 3], ['nobody', 4]]]]] as const) {
    await must(`CREATE TABLE ${table.meta.name} (${table.meta.columns.map((c) => `${c.name} ${c.type}`).join(', ')}) ENGINE = MergeTree ORDER BY tuple()`)
    for (const rows of rowSets) {
      for (let at = 0; at < rows.length; at += 5000) {
        await must(`INSERT INTO ${table.meta.name} VALUES ${rows.slice(at, at + 5000)
          .map((row) => `(${row.map(sqlValue).join(',')})`).join(',')}`)
      }
    }
  }
}, 60_000)
afterAll(() => oracle.close())

const formatWork = new WorkMemory(64 * 2 ** 20)
const formatKernels = loadKernels(formatWork)

const QUERIES = [
  'SELECT kind, arraySort(groupUniqArray(tag)) FROM events GROUP BY kind ORDER BY kind',
  'SELECT arrayMap(x -> concat(x, kind), arr) AS m, count() FROM events GROUP BY m ORDER BY m LIMIT 10',
  "SELECT max(id) FROM events WHERE has(arr, 'a1')",
  "SELECT JSONExtractInt(raw, 'k') AS k, count() FROM events GROUP BY k ORDER BY k LIMIT 5",
  'SELECT 1 AS x, \'a\' AS y',
  'SELECT count() FROM events',
  'SELECT count(), sum(n), avg(n), min(n), max(n), min(at), max(at) FROM events',
  'SELECT count(n), sum(f), min(user), max(user) FROM events WHERE kind = \'click\'',
  'SELECT kind, count() AS c FROM events GROUP BY kind ORDER BY kind',
  'SELECT kind, tag, count(), uniqExact(user) FROM events GROUP BY kind, tag ORDER BY kind, tag',
  'SELECT n, count() FROM events GROUP BY n ORDER BY n',
  'SELECT n, ns, count() FROM events GROUP BY n, ns ORDER BY n NULLS FIRST, ns DESC',
  'SELECT f, count() FROM events GROUP BY f ORDER BY f DESC LIMIT 20',
  'SELECT big, count() FROM events GROUP BY big ORDER BY big DESC LIMIT 30',
  'SELECT arr, count() FROM events GROUP BY arr ORDER BY arr',
  'SELECT user, kind, tag, n, ns, d, count() FROM events GROUP BY user, kind, tag, n, ns, d ORDER BY user, kind, tag, n, ns, d LIMIT 100',
  'SELECT raw, count() FROM events GROUP BY raw ORDER BY raw LIMIT 10',
  'SELECT user, raw FROM events WHERE id % 5000 = 3 ORDER BY id',
  'SELECT upper(user) AS u, count() FROM events GROUP BY u ORDER BY u LIMIT 10',
  'SELECT length(user) AS l, count() FROM events GROUP BY l ORDER BY l',
  'SELECT lower(kind) AS k, uniqExact(upper(user)) FROM events GROUP BY k ORDER BY k',
  'SELECT count() FROM events WHERE user LIKE \'%_1%\'',
  'SELECT count() FROM events WHERE user = \'user_7\'',
  'SELECT id, kind, at FROM events WHERE user = \'user_7\' ORDER BY id LIMIT 5',
  'SELECT count(), sum(id) FROM events WHERE user IN (\'user_7\', \'user_9\', \'missing\')',
  'SELECT count() FROM events WHERE user NOT IN (\'user_7\', \'user_9\')',
  'SELECT count() FROM events WHERE user = \'missing\'',
  'SELECT count() FROM events WHERE at BETWEEN \'2023-11-20 00:00:00\' AND \'2023-11-25 12:00:00\'',
  'SELECT kind, count() FROM events WHERE at >= \'2023-11-30 00:00:00\' AND kind != \'buy\' GROUP BY kind ORDER BY kind',
  'SELECT count() FROM events WHERE n > 10 OR ns = \'x\'',
  'SELECT count() FROM events WHERE ns IS NULL',
  'SELECT sum(n) FROM events WHERE n IN (1, 2, -3, NULL)',
  'SELECT toStartOfDay(at) AS day, count(), uniqExact(user) FROM events GROUP BY day ORDER BY day',
  'SELECT toStartOfInterval(at, INTERVAL 1 week) AS w, toStartOfHour(at) AS h, toDayOfMonth(at) AS d, count(), uniqExact(user), '
    + 'uniqExact(kind) FROM events GROUP BY w, h, d ORDER BY h LIMIT 40',
  'SELECT toMonth(at) AS m, toYYYYMM(at) AS y, toYear(at) AS j, count() FROM events GROUP BY m, y, j ORDER BY y',
  'SELECT kind, countIf(n > 0), sumIf(n, kind = \'buy\'), avgIf(f, f < 10) FROM events GROUP BY kind ORDER BY kind',
  'SELECT kind, groupArray(id) FROM events WHERE id < 20 GROUP BY kind ORDER BY kind',
  'SELECT user, count() AS c FROM events GROUP BY user HAVING c > 110 ORDER BY c DESC, user LIMIT 10',
  'SELECT id % 9000 AS k, user, min(at) AS m, count() AS c, max(user) AS u, c * 2 AS d FROM events GROUP BY k, user '
    + "HAVING k > 7 AND u != 'user_7' AND d > 1 ORDER BY m DESC, k, user LIMIT 3 OFFSET 2",
  'SELECT user, kind, count() AS c, uniqExact(id) AS u FROM events GROUP BY user, kind HAVING 0 ORDER BY c LIMIT 5',
  'WITH g AS (SELECT user, count() AS c FROM events GROUP BY user) SELECT count(), sum(c) FROM '
    + '(SELECT * FROM (SELECT * FROM g ORDER BY c DESC, user LIMIT 2) UNION ALL SELECT * FROM g)',
  'SELECT DISTINCT kind, tag FROM events ORDER BY kind, tag',
  'SELECT DISTINCT kind FROM events ORDER BY kind LIMIT 2',
  'SELECT id FROM events ORDER BY f DESC, id LIMIT 10 OFFSET 5',
  'SELECT id, n FROM events ORDER BY n, id LIMIT 5',
  'SELECT id, n FROM events ORDER BY n DESC NULLS FIRST, id LIMIT 5',
  'SELECT id, user FROM events ORDER BY user DESC, id DESC LIMIT 7',
  'SELECT kind, id FROM events ORDER BY id LIMIT 2 BY kind',
  'SELECT kind, id FROM events ORDER BY id LIMIT 1, 2 BY kind',
  'SELECT * FROM (SELECT id FROM events WHERE id < 3 UNION ALL SELECT x FROM few) ORDER BY id',
  'SELECT count() FROM (SELECT user, count() AS c FROM events GROUP BY user) WHERE c > 90',
  'SELECT count() FROM events WHERE user IN (SELECT user FROM few WHERE x > 1)',
  'SELECT (SELECT max(x) FROM few) AS m, count() FROM events',
  'SELECT count() FROM events WHERE id > (SELECT avg(id) FROM events)',
  'SELECT sum(number), count() FROM numbers(100000)',
  'SELECT number % 7 AS k, count() FROM numbers(20000) GROUP BY k ORDER BY k',
  'SELECT if(n > 0, intDiv(100, n), 0) AS q, count() FROM events WHERE n != 0 GROUP BY q ORDER BY q',
  'SELECT if(n = 0, 0, intDiv(100, n)) AS q, count() FROM events GROUP BY q ORDER BY q',
  'SELECT count() FROM events WHERE ns != \'\' AND ns != \'x\' AND ns != \'é\' AND toInt32(assumeNotNull(ns)) = 12',
  'SELECT quantile(0.5)(id), any(tag) != \'\' FROM events WHERE id < 1000',
  'SELECT sum(x) FROM few WHERE 0',
  'SELECT kind, sum(n) FROM events WHERE id < 4 AND n IS NULL GROUP BY kind ORDER BY kind',
  'SELECT argMin(user, id), argMax(user, id) FROM events',
  // Counted by code: one string column is all that is read.
  'SELECT kind, count(), min(kind), max(upper(kind)), uniq(kind), uniqExact(length(kind)), sum(length(kind)), avg(length(kind)) FROM events GROUP BY kind ORDER BY kind',
  'SELECT length(user) AS l, avg(toFloat64(substring(user, 6)) / 8), sum(toInt64(substring(user, 6)) * 1000000000000000), count(user) FROM events WHERE user NOT LIKE \'%3%\' AND reverse(user) < \'9\' GROUP BY l ORDER BY l',
  'SELECT count(), sum(toDecimal32(substring(user, 6), 2)), min(user) FROM events WHERE at > \'2023-11-16 00:00:00\' AND user LIKE \'%_1%\'',
  'SELECT DISTINCT kind FROM (SELECT kind, tag FROM events WHERE kind LIKE \'%i%\' GROUP BY kind, tag) ORDER BY kind',
  'SELECT count(ns), uniq(ns), sum(length(ns)), min(ns) FROM events WHERE ns NOT LIKE \'x%\'',
  'SELECT concat(tag, \'!\') AS t, count(tag), countIf(tag = \'t1\') FROM events GROUP BY t ORDER BY t',
  'SELECT sum(big), sum(9007199254740991 - id % 3), avg(9007199254740991 - id % 3) FROM events',
  'SELECT multiIf(n < 0, \'neg\', n = 0, \'zero\', n > 0, \'pos\', \'none\') AS s, count() FROM events GROUP BY s ORDER BY s',
]

type Json = { readonly meta: unknown; readonly data: unknown; readonly rows: number; readonly rows_before_limit_at_least?: number }

function ours(sql: string, workerCount: number, from = world): Json {
  const text = from.withResult(sql, workerCount, (result) => formatResult(
    'JSONCompact', result, { elapsedMs: 0, rowsRead: 0, bytesRead: 0 }, 1e8, { account: new MemoryAccount(formatWork, 5e7), kernels: formatKernels }))
  return exact(Buffer.from(text).toString())
}

/** Integers beyond doubles are compared as text. */
const exact = (text: string): Json => JSON.parse(text.replace(/([[\s,:])(-?\d{16,})(?=[\],\s}])/g, '$1"$2"')) as Json

/** Sums of doubles differ in their last digits by order. */
const rounded = (value: unknown): unknown => Array.isArray(value) ? value.map(rounded)
  : typeof value === 'number' && !Number.isSafeInteger(value) ? Number(value.toPrecision(9)) : value

describe('rows of several row sets by postings', () => {
  const point = 'SELECT id, user, kind, tag, at, n, f, big, ns, raw, arr, d FROM events WHERE '
  it.each([
    `${point}user = 'user_7' ORDER BY id`,
    `${point}user IN ('user_7', 'user_88', 'nobody') ORDER BY id`,
    `${point}user = 'user_7' AND kind != 'view' AND at > 1700100000 ORDER BY id`,
    'SELECT ns, user, count(), max(raw) FROM events WHERE user = \'user_31\' GROUP BY ns, user ORDER BY ns NULLS LAST',
    `${point}user = 'user_9' AND ns = 'x' AND tag IN ('t1', 't2') ORDER BY id`,
  ])('%s', async (sql) => {
    const theirs = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`, 'JSONCompact')
    if (!theirs.ok) throw new Error(theirs.error)
    // Twice: columns come as bytes until the row sets have been mapped.
    expect(rounded(ours(sql, 1).data)).toEqual(rounded(exact(theirs.text).data))
    ours('SELECT user, ns, kind, count() FROM events GROUP BY user, ns, kind ORDER BY user, ns, kind', 1)
    expect(rounded(ours(sql, 1).data)).toEqual(rounded(exact(theirs.text).data))
  })
})

describe.each([[1, 'together', world], [3, 'together', world], [1, 'shared out', sharing], [3, 'shared out', sharing],
] as const)('with %i workers, groups %s', (workerCount, _, from) => {
  it.each(QUERIES)('%s', async (sql) => {
    const theirs = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`, 'JSONCompact')
    if (!theirs.ok) throw new Error(theirs.error)
    const wanted = exact(theirs.text)
    const mine = ours(sql, workerCount, from)
    expect(mine.meta).toEqual(wanted.meta)
    expect(rounded(mine.data)).toEqual(rounded(wanted.data))
    if (wanted.rows_before_limit_at_least !== undefined && /GROUP BY/.test(sql)) {
      expect(mine.rows_before_limit_at_least).toBe(wanted.rows_before_limit_at_least)
    }
  })
})

it('reads only rows that postings name', () => {
  const { run } = world.run('SELECT sum(id) FROM events WHERE user = \'user_7\'')
  const matching = ROWSETS.flat().filter((row) => row[1] === 'user_7').length
  expect(run.stats.rowsRead).toBeGreaterThanOrEqual(matching)
  expect(run.stats.rowsRead).toBeLessThan(matching + 400) // the two small parts keep no postings
})

it('says which row sets a dictionary ruled out and what postings named', () => {
  const { run } = world.run('SELECT count() FROM events WHERE user = \'user_7\'')
  expect(run.explain()).toMatch(/1 by dictionary\).*postings: \d+ rows of 2 row sets; \d+ rows read/)
  // The part of 300 rows keeps no dictionary of users.
  const none = world.run('SELECT count() FROM events WHERE user = \'user_7x\'').run
  expect(none.explain()).toMatch(/4 row sets \(0 skipped by zone map, 3 by dictionary\).*; 300 rows read/)
  const before = world.run('SELECT count() FROM events WHERE user = \'nobody\'').run
  expect(before.explain()).toMatch(/4 row sets \(1 skipped by zone map, 3 by dictionary\).*; 0 rows read/)
})

it('evaluates an expression over a dictionary column once per value that the selection uses', () => {
  const reverse = findFunction('reverse')
  if (reverse === null) throw new Error('no reverse')
  const evaluate = vi.spyOn(reverse, 'evaluate')
  for (const [where, values] of [['1', 300], ['user LIKE \'%9%\'', 57], ['user < \'user_11\'', 13]] as const) {
    evaluate.mockClear()
    world.run(`SELECT reverse(user) AS r, count() FROM events WHERE ${where} GROUP BY r`)
    const rows = evaluate.mock.calls.reduce((sum, [, , count]) => sum + count, 0)
    const distinct = world.run(`SELECT uniqExact(user) FROM events WHERE ${where}`).rows[0][0]
    expect([where, rows]).toEqual([where, distinct])
    expect(distinct).toBeLessThanOrEqual(values)
  }
  evaluate.mockRestore()
})

it('raises an error of a value only where a selected row has it', () => {
  const sum = (where: string) => () => world.run(`SELECT sum(toInt32(assumeNotNull(ns))) FROM events WHERE ${where}`).rows
  expect(sum('ns = \'12\'')).not.toThrow()
  expect(sum('ns = \'12\' OR ns = \'x\'')).toThrow(/Cannot parse/)
  expect(() => world.run('SELECT count() FROM events WHERE length(ns) = 2 AND ns != \'é\' AND toInt32(assumeNotNull(ns)) = 12')).not.toThrow()
  expect(() => world.run('SELECT sum(toInt32(substring(raw, 6, 1))) FROM events WHERE raw LIKE \'{"k":1%\'')).not.toThrow()
})

it('skips blocks by their zone maps and says so', () => {
  const { run } = world.run('SELECT count() FROM events WHERE id BETWEEN 9000 AND 9100')
  expect(run.stats).toMatchObject({ rowsRead: 8192, rowsLeft: 101 })
  expect(run.explain()).toMatch(/4 row sets \(3 skipped by zone map, 0 by dictionary\), \d+ blocks \(2 skipped/)
})

it.each([
  ['Time', 'x >= 39990', 10], ['Time', '39990 < x', 9], ['Time', 'x = 39999.0', 1], ['Time64(3)', 'x >= 39990', 10],
  ['Time64(3)', 'x > 39990', 9], ['DateTime', 'x >= 39990', 10], ['DateTime', 'x = 39999', 1],
  ['DateTime64(3)', 'x >= 39990', 10], ['DateTime64(9)', 'x > 39990', 9], ["DateTime64(6, 'Asia/Tokyo')", 'x = 39999', 1],
] as const)('skips blocks of %s by seconds: %s', (type, condition, count) => {
  const table = new TestTable('seconds', 9, [['x', type]])
  const digits = Number(/64\((\d)/.exec(type)?.[1] ?? 0)
  table.add(Array.from({ length: 40_000 }, (_, i): Row => [digits === 9 ? BigInt(i) * 10n ** 9n : i * 10 ** digits]), true)
  const { rows, run } = new TestWorld([table]).run(`SELECT count() FROM seconds WHERE ${condition}`)
  expect(rows).toEqual([[count]])
  expect(run.stats.rowsRead).toBeLessThan(9_000)
})

it.each([[world], [sharing]])('returns all memory', (from) => {
  const before = workBytesUsed()
  from.run('SELECT user, uniqExact(raw), groupArray(kind) FROM events GROUP BY user ORDER BY user', 2)
  expect(workBytesUsed()).toBe(before)
})

it.each([
  'SELECT groupArray(raw) FROM events', 'SELECT number, count() FROM numbers(10000000) GROUP BY number',
  'SELECT number FROM numbers(100000000) ORDER BY number DESC', 'SELECT DISTINCT number FROM numbers(10000000)',
  'SELECT sum(length(repeat(user, 100000))) FROM events', 'SELECT number FROM numbers(100000000)',
])('refuses with a limit what needs too much memory: %s', (sql) => {
  const before = workBytesUsed()
  for (const from of [world, sharing]) expect(() => from.run(sql, 1, 2 ** 20)).toThrow(/Memory limit exceeded/)
  expect(workBytesUsed()).toBe(before)
})

it('gives strings as bytes where the dictionary is over its budget, with the same answers', () => {
  const small = new TestWorld([events, few], 40_000)
  for (const sql of QUERIES.slice(4, 24)) {
    expect(small.run(sql).rows).toEqual(world.run(sql).rows)
  }
})

describe('row sets by the strings that they have', () => {
  /** More questions than it takes to note which row sets have a string (string-presence.ts). */
  const QUESTIONS = 200
  const countOf = (sql: string, own: TestWorld = world) => (ours(sql, 1, own).data as unknown[][])[0][0] // rows are lists in JSONCompact

  it('answers the same however often it is asked', () => {
    const own = new TestWorld([events, few])
    const rows = ROWSETS.flat()
    for (let i = 0; i < QUESTIONS; i++) {
      const user = `user_${i % 310}`
      expect(countOf(`SELECT count() FROM events WHERE user = '${user}'`, own)).toBe(rows.filter((row) => row[1] === user).length)
    }
    expect(own.run('SELECT count() FROM events WHERE user = \'nobody\'').run.explain()).toMatch(/; 0 rows read/)
  })

  it('looks small row sets through whatever form their strings have', () => {
    const rows = ROWSETS.flat()
    const raw = String(ROWSETS[2][0][9])
    expect(countOf(`SELECT count() FROM events WHERE raw = '${raw}'`)).toBe(1)
    const isNs = (row: Row) => row[8] === '12'
    expect(countOf('SELECT count() FROM events WHERE ns = \'12\'')).toBe(rows.filter(isNs).length)
    expect(countOf('SELECT count() FROM events WHERE ns = \'12\' AND user = \'user_7\''))
      .toBe(rows.filter((row) => isNs(row) && row[1] === 'user_7').length)
  })
})
