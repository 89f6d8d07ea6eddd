// A call of a function over a column of every kind, here and in the oracle: whether it is refused, the type
// of its result, and the values of all rows.

import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { TestTable, TestWorld, type Row, type TestColumn } from '../../src/exec/test-table.ts'
import { formatResult } from '../../src/format/format.ts'
import { SqlSyntaxError } from '../../src/sql/errors.ts'
import type { Oracle } from '../oracle/oracle.ts'

/** A column of each kind and its three values; ticks for decimals, days and seconds for moments. */
const KINDS: readonly (readonly [name: string, type: string, ...values: [Row[number], Row[number], Row[number]]])[] = [
  ['u8', 'UInt8', 0, 5, 255], ['i8', 'Int8', -128, -1, 100], ['u16', 'UInt16', 0, 1000, 65535],
  ['i32', 'Int32', -2147483648, 7, 2147483647], ['u32', 'UInt32', 0, 13, 4294967295],
  ['u64', 'UInt64', 3, 9007199254740993n, 18446744073709551615n],
  ['i64', 'Int64', -9223372036854775808n, 0, 9223372036854775807n],
  ['i128', 'Int128', -5, 0, 170141183460469231731687303715884105727n],
  ['u256', 'UInt256', 1, 12345678901234567890123456789n, 0],
  ['f32', 'Float32', -0.5, 2.5, 1e10], ['f64', 'Float64', -1.25, 0, 1e15], ['b', 'Bool', true, false, true],
  ['dec', 'Decimal(10, 2)', 12345, -5, 250], ['dec38', 'Decimal(38, 5)', 1234567890123456789012n, -100000, 0],
  ['s', 'String', '', 'Hello, World 日本', 'a-b'], ['sn', 'String', '12', '-3.5', '2024-02-29 12:34:56'],
  ['url', 'String', 'https://www.example.co.uk:8080/a/b.html?x=1&y=a%20b#frag', 'ftp://u@h/p', '//cdn.x.com/'],
  ['json', 'String', '{"a":1,"b":[1,"x"],"c":{"d":null}}', '[1,2]', 'x'],
  ['fs', 'FixedString(4)', 'abcd', 'é1', ''], ['lc', 'LowCardinality(String)', 'red', 'Blue', ''],
  ['ns', 'Nullable(String)', 'x', null, '7'], ['ni', 'Nullable(Int32)', null, 3, -4],
  ['e', "Enum8('x' = 1, 'y' = 2)", 1, 2, 1], ['d', 'Date', 0, 19844, 65535], ['d32', 'Date32', -25567, 0, 20000],
  ['dt', 'DateTime', 0, 1714566615, 4294967295], ['d64', 'DateTime64(3)', -1500, 1714566615123, 9904550399999],
  ['uuid', 'UUID', '00000000-0000-0000-0000-000000000000', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '12345678-1234-7234-8234-123456789abc'],
  ['ip4', 'IPv4', 0, 3232235521, 4294967295], ['ip6', 'IPv6', '::', '2001:db8::1', '::ffff:10.0.0.1'],
  ['arr', 'Array(Int32)', [], [3, 1, 2, 1], [-1]], ['farr', 'Array(Float64)', [1.5, 2], [], [0]],
  ['sarr', 'Array(String)', ['b', '', 'b'], [], ['é']], ['narr', 'Array(Nullable(Int32))', [1, null, 2], [], [null]],
  ['aarr', 'Array(Array(Int32))', [[1], [], [2, 3]], [], [[]]],
  ['tup', 'Tuple(Int32, String)', [1, 'a'], [-2, ''], [0, 'é']], ['pt', 'Tuple(Float64, Float64)', [1, 2], [0.5, -3], [0, 0]],
  ['named', 'Tuple(a Int32, b Float64)', [1, 2.5], [-2, 0], [0, 1]],
  ['m', 'Map(String, Int32)', [['a', 1], ['b', 2]], [], [['x', -1]]],
  ['tarr', 'Array(Tuple(String, Int32))', [['a', 1], ['b', 2]], [], [['x', -1]]],
]

const CONSTANTS = ['INTERVAL 3 DAY', "'abc'", '5', '[]']

const COLUMNS: readonly TestColumn[] = [['id', 'UInt8'], ...KINDS.map(([name, type]): TestColumn => [name, type])]
const table = new TestTable('p', 1, COLUMNS)
table.add([0, 1, 2].map((i): Row => [i, ...KINDS.map((kind) => kind[i + 2] as Row[number])]), true)
const world = new TestWorld([table], 64 * 2 ** 20, Date.now())
const formatWork = new WorkMemory(64 * 2 ** 20)
const formatKernels = loadKernels(formatWork)

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`

function literal(value: Row[number], type: string): string {
  if (value === null) return 'NULL'
  if (type.startsWith('Map')) return `map(${(value as readonly Row[]).flat().map((v) => literal(v, '')).join(', ')})`
  if (type.includes('Tuple') && Array.isArray(value)) {
    return type.startsWith('Array') ? `[${value.map((v) => literal(v as Row, 'Tuple')).join(', ')}]`
      : `tuple(${value.map((v) => literal(v as Row[number], '')).join(', ')})`
  }
  if (Array.isArray(value)) return `[${value.map((v) => literal(v as Row[number], '')).join(', ')}]`
  const decimal = /^Decimal\(\d+, (\d+)\)/.exec(type)
  if (decimal !== null) return `reinterpret(toInt${type.includes('38') ? 128 : 64}('${String(value)}'), '${type}')`
  if (type === 'DateTime64(3)') return `fromUnixTimestamp64Milli(${String(value)})`
  if (type === 'Date32') return `toDate32('1970-01-01') + (${String(value)})`
  if (/^U?Int(64|128|256)/.test(type)) return `to${type}('${String(value)}')`
  return type === 'IPv4' ? `toIPv4(toUInt32(${String(value)}))` : typeof value === 'string' ? quoted(value) : String(value)
}

/** The same table in the oracle. */
export async function fillProbe(oracle: Oracle): Promise<void> {
  const rows = [0, 1, 2].map((i) => `SELECT ${i}, ${KINDS.map((kind) => literal(kind[i + 2] as Row[number], kind[1])).join(', ')}`)
  const columns = COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')
  for (const sql of [`CREATE TABLE p (${columns}) ENGINE = MergeTree ORDER BY id`, ...rows.map((row) => `INSERT INTO p ${row}`)]) {
    const answer = await oracle.query(sql)
    if (!answer.ok) throw new Error(`${sql}\n${answer.error}`)
  }
}

/** Arguments: none, and every kind alone. A bare NULL is left out: ClickHouse answers NULL before it counts
 * arguments. */
export const probeArguments = (): readonly string[] => ['', ...KINDS.map(([name]) => name), ...CONSTANTS]

type Answer = { readonly type: string; readonly values: string } | { readonly error: string }

function answerOf(text: string): Answer {
  // Broken UTF-8 is shown by one sign or by several.
  const exact = text.replace(/\ufffd+/g, '\ufffd').replace(/("(?:[^"\\]|\\.)*")|((?<![\d.])-?\d{16,}(?=[\],\s}]))/g,
    (all, string: string | undefined) => string ?? `"${all}"`)
  const { meta, data } = JSON.parse(exact) as { meta: { type: string }[]; data: unknown[][] }
  const short = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isSafeInteger(value)
    ? Number(value.toPrecision(12)) : value)
  return { type: meta[0].type, values: JSON.stringify(data.map((row) => row[0]), short) }
}

function ours(sql: string): Answer {
  const account = new MemoryAccount(formatWork, 5e7)
  try {
    return world.withResult(sql, 1, (result) => answerOf(Buffer.from(formatResult('JSONCompact', result,
      { elapsedMs: 0, rowsRead: 0, bytesRead: 0 }, 1e8, { account, kernels: formatKernels })).toString()))
  } catch (error) {
    const code = error instanceof SqlSyntaxError ? 'SYNTAX_ERROR' : (error as { code?: string }).code
    return { error: code === undefined ? `!! ${(error as Error).stack}` : `${code}: ${(error as Error).message}` }
  } finally {
    account.releaseAll()
  }
}

/** What differs in one call; '' where nothing does, or where the oracle refuses what is answered here.
 * `onlyType`: its values are another each time. */
export async function probe(oracle: Oracle, call: string, onlyType: boolean): Promise<string> {
  const sql = `SELECT ${call} FROM p ORDER BY id`
  const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`, 'JSONCompact')
  const theirs = answer.ok ? answerOf(answer.text) : { error: answer.error }
  const mine = ours(sql)
  if ('error' in mine && 'error' in theirs) return mine.error.startsWith('!!') ? `ours ${mine.error}` : ''
  if ('error' in mine) return `ours ${mine.error}\n   wants ${JSON.stringify(theirs)}`
  if ('error' in theirs) return '' // more is answered here
  if (mine.type !== theirs.type) return `ours ${mine.type} ${mine.values}\n   wants ${theirs.type} ${theirs.values}`
  return onlyType || mine.values === theirs.values ? '' : `ours  ${mine.values}\n   wants ${theirs.values}`
}
