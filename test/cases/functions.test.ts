// Functions answer as ClickHouse does: every line of functions/*.sql is an expression over the table
// below, run here and by the oracle; types and values of all rows must be equal.
// A line that begins with `!` must be refused by both; lines that begin with -- are comments.

import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { TestTable, TestWorld, type Row, type TestColumn } from '../../src/exec/test-table.ts'
import { formatResult } from '../../src/format/format.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'

const COLUMNS: readonly TestColumn[] = [
  ['id', 'UInt32'], ['s', 'String'], ['t', 'String'], ['lc', 'LowCardinality(String)'], ['ns', 'Nullable(String)'],
  ['u8', 'UInt8'], ['i', 'Int32'], ['ni', 'Nullable(Int32)'], ['u64', 'UInt64'], ['i64', 'Int64'],
  ['f', 'Float64'], ['d', 'Date'], ['dt', 'DateTime'], ['d64', 'DateTime64(3)'], ['b', 'Bool'],
  ['arr', 'Array(Int32)'], ['sarr', 'Array(String)'], ['m', 'Map(String, Int32)'], ['url', 'String'],
  ['json', 'String'], ['dec', 'Decimal(10, 2)'], ['ip', 'String'], ['uuid', 'UUID'],
]

const pair = (entries: Readonly<Record<string, number>>) => Object.entries(entries)
const ROWS: readonly Row[] = [
  [1, 'Hello, World', 'o', 'red', 'x', 0, 7, 3, 0, -1, 1.5, 19844, 1714566615, 1714566615123, true, [3, 1, 2],
    ['b', 'a', 'b'], pair({ a: 1, b: 2 }), 'https://www.example.com:8080/a/b.html?x=1&y=a%20b#frag',
    '{"a":1,"b":"two","c":[1,2.5,"x"],"d":{"e":null,"f":true}}', 12345, '192.168.0.1',
    '61f0c404-5cb3-11e7-907b-a6006ad3dba0'],
  [2, '', '', 'green', null, 255, -7, null, 18446744073709551615n, -9223372036854775808n, -0.5, 0, 0, 0, false, [],
    [], [], '', '', -5, '', '00000000-0000-0000-0000-000000000000'],
  [3, 'naïve café 日本', 'é', 'blue', 'naïve', 128, 2147483647, -5, 9007199254740993n, 9007199254740993n,
    1e15, 18321, 1582934400, 1582934400999, true, [-1, -1, 5, 0], ['é', '', 'zz'], pair({ é: -3 }),
    'http://sub.domain.co.uk/path/?q=1&q=2&empty=', '{"a":-1.5,"b":[],"é":"ü","n":12345678901234567890}', 100, '10.0.0.255',
    '12345678-1234-7234-8234-123456789abc'],
  [4, '  a,b;;c  ', ';', 'red', '12', 1, 0, 0, 42, 42, 0, 19357, 1672531199, 1672531199000, false, [0, 10, 100],
    ['x,y', 'z'], pair({ a: 0 }), 'mailto:user@example.org', 'not json', 0, '::1', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  [5, 'aaa-bbb-123-aaa', 'aaa', 'Red', '-3.5', 42, -2147483648, 2147483647, 4294967296n, -42, 123456.789, 20088,
    1711846800, 1711846800500, true, [5], ['hello world', 'HELLO'], pair({ x: 5, y: 6, z: 7 }),
    '//cdn.example.com/x', '[1,[2,3],{"k":"v"}]', 99999999, '2001:db8::ff00:42:8329', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
]

const table = new TestTable('t', 1, COLUMNS)
table.add(ROWS.slice(0, 3), true)
table.add(ROWS.slice(3), false)
const world = new TestWorld([table])

function sqlValue(value: Row[number], type: string): string {
  if (value === null) return 'NULL'
  if (type.startsWith('Map')) return `map(${(value as readonly Row[]).flatMap(([k, v]) => [sqlValue(k, 'String'), String(v)]).join(', ')})`
  if (Array.isArray(value)) return `[${value.map((v) => sqlValue(v as Row[number], '')).join(',')}]`
  if (type.startsWith('Decimal')) return `'${Number(value) / 100}'`
  if (type === 'DateTime64(3)') return `fromUnixTimestamp64Milli(${String(value)})`
  return typeof value === 'string' ? `'${value.replace(/['\\]/g, '\\$&')}'` : String(value)
}

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  const columns = COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')
  const rows = ROWS.map((row) => `(${row.map((v, c) => sqlValue(v, COLUMNS[c][1])).join(', ')})`)
  for (const sql of [`CREATE TABLE t (${columns}) ENGINE = Memory`, `INSERT INTO t VALUES ${rows.join(', ')}`]) {
    const answer = await oracle.query(sql)
    if (!answer.ok) throw new Error(answer.error)
  }
}, 60_000)
afterAll(() => oracle.close())

const formatWork = new WorkMemory(64 * 2 ** 20)
const formatKernels = loadKernels(formatWork)

type Answer = { readonly types: readonly string[]; readonly columns: readonly string[] } | { readonly error: string }

function ours(sql: string): Answer {
  try {
    return world.withResult(sql, 1, (result) => answerOf(Buffer.from(formatResult('JSONCompact', result,
      { elapsedMs: 0, rowsRead: 0, bytesRead: 0 }, 1e8, { account: new MemoryAccount(formatWork, 5e7), kernels: formatKernels })).toString()))
  } catch (error) {
    return { error: (error as Error).message }
  }
}

/** Types and the columns' values, floats to 12 digits. */
function answerOf(text: string): Answer {
  // Broken UTF-8 is shown by one sign or by several.
  const exact = text.replace(/\ufffd+/g, '\ufffd').replace(/("(?:[^"\\]|\\.)*")|((?<![\d.])-?\d{16,}(?=[\],\s}]))/g,
    (all, string: string | undefined) => string ?? `"${all}"`)
  const { meta, data } = JSON.parse(exact) as { meta: { type: string }[]; data: unknown[][] }
  const short = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isSafeInteger(value)
    ? Number(value.toPrecision(12)) : value)
  return {
    types: meta.map(({ type }) => type),
    columns: meta.map((_, c) => JSON.stringify(data.map((row) => row[c]), short)),
  }
}

/** What differs, by the number of the expression in its line. */
function difference(mine: Answer, theirs: Answer): string {
  if ('error' in mine || 'error' in theirs) {
    return `ours ${JSON.stringify(mine)}\n   wants ${JSON.stringify(theirs)}`
  }
  return theirs.columns.flatMap((wanted, c) => [
    ...(mine.types[c] === theirs.types[c] ? [] : [`${c + 1}: ours ${mine.types[c]} wants ${theirs.types[c]}`]),
    ...(mine.columns[c] === wanted ? [] : [`${c + 1}: ours  ${mine.columns[c]}\n      wants ${wanted}`]),
  ]).join('\n   ')
}

/** The expressions of a file, each with its line number. */
function casesOf(file: string): { line: number; text: string }[] {
  return readFileSync(file, 'utf8').split('\n').map((text, i) => ({ line: i + 1, text: text.trim() }))
    .filter(({ text }) => text !== '' && !text.startsWith('--'))
}

const folder = join(dirname(fileURLToPath(import.meta.url)), 'functions')

describe('functions answer as ClickHouse does', () => {
  const only = process.env.PIPIT_CASES
  it.each(readdirSync(folder).filter((name) => only === undefined || name.startsWith(only)))('%s', async (name) => {
    const differing: string[] = []
    await Promise.all(casesOf(join(folder, name)).map(async ({ line, text }) => {
      const isRefused = text.startsWith('!')
      const sql = `SELECT ${isRefused ? text.slice(1) : text} FROM t ORDER BY id`
      const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`, 'JSONCompact')
      const theirs = answer.ok ? answerOf(answer.text) : { error: answer.error }
      const mine = ours(sql)
      const wrong = isRefused ? ('error' in mine && 'error' in theirs ? '' : 'one of both does not refuse it')
        : difference(mine, theirs)
      if (wrong !== '') differing.push(`${name}:${line}: ${text}\n   ${wrong}`)
    }))
    expect(differing).toEqual([])
  }, 60_000)
})
