// A table with a column of every kind for tests of aggregates, the same rows in the oracle, and
// answers of both in one comparable form.

import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import type { Oracle } from '../oracle/oracle.ts'
import { formatResult } from '../../src/format/format.ts'
import { TestTable, TestWorld, type Row, type TestColumn } from '../../src/exec/test-table.ts'

export const AGGREGATE_COLUMNS: readonly TestColumn[] = [
  ['id', 'UInt32'], ['g', 'UInt8'], ['s', 'String'], ['lc', 'LowCardinality(String)'],
  ['ns', 'Nullable(String)'], ['i', 'Int64'], ['u', 'UInt64'], ['ni', 'Nullable(Int32)'],
  ['f', 'Float64'], ['nf', 'Nullable(Float64)'], ['at', 'DateTime'], ['ts', 'DateTime64(3)'],
  ['d', 'Date'], ['b', 'Bool'], ['a', 'Array(Int32)'], ['sa', 'Array(String)'],
  ['m', 'Map(String, UInt32)'], ['dec', 'Decimal(12, 2)'], ['i8', 'Int8'],
]

/** Numbers that repeat by seed. */
function randomOf(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 4294967296) * n)
  }
}

function rowsOf(count: number, first: number): Row[] {
  const below = randomOf(first + 3)
  return Array.from({ length: count }, (_, n): Row => {
    const i = first + n
    return [
      i, below(4), `s${below(40)}`, `l${below(6)}`, below(4) === 0 ? null : `n${below(9)}`,
      below(2000) - 1000, below(5) === 0 ? 2n ** 63n + BigInt(below(1000)) : below(100),
      below(3) === 0 ? null : below(60) - 30, (below(4000) - 2000) / 8,
      below(3) === 0 ? null : below(100) / 4, 1_700_000_000 + i * 37, 1_700_000_000_000 + i * 1234,
      19_700 + below(50), below(2) === 1, Array.from({ length: below(4) }, () => below(20) - 5),
      Array.from({ length: below(3) }, () => `a${below(5)}`),
      Array.from({ length: below(3) }, (_, k) => [`k${k}`, below(10)]), below(100000) - 5000,
      below(256) - 128,
    ]
  })
}

export const AGGREGATE_ROWS: readonly (readonly Row[])[] = [rowsOf(900, 0), rowsOf(400, 900), rowsOf(3, 1300)]

const table = new TestTable('t', 1, AGGREGATE_COLUMNS)
AGGREGATE_ROWS.forEach((rows, i) => table.add(rows, i === 0))
const world = new TestWorld([table])
const formatWork = new WorkMemory(64 * 2 ** 20)
const formatKernels = loadKernels(formatWork)

type Answer = { readonly meta: unknown; readonly data: unknown }

const exact = (text: string): { meta: unknown; data: unknown } =>
  JSON.parse(text.replace(/([[\s,:])(-?\d{16,})(?=[\],\s}])/g, '$1"$2"')) as Answer

/** Sums of doubles differ in their last digits by order. */
const rounded = (value: unknown): unknown => Array.isArray(value) ? value.map(rounded)
  : typeof value === 'number' && !Number.isSafeInteger(value) ? Number(value.toPrecision(9))
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rounded(inner)])) : value

/** Names and types of the columns, and the rows. */
export function aggregateAnswer(sql: string, workerCount: number): Answer {
  const bytes = world.withResult(sql, workerCount, (result) => formatResult('JSONCompact', result,
    { elapsedMs: 0, rowsRead: 0, bytesRead: 0 }, 1e8, { account: new MemoryAccount(formatWork, 5e7), kernels: formatKernels }))
  const { meta, data } = exact(Buffer.from(bytes).toString())
  return { meta, data: rounded(data) }
}

export async function theirAnswer(oracle: Oracle, sql: string): Promise<Answer> {
  const answer = await oracle.query(
    `${sql} SETTINGS output_format_json_quote_64bit_integers = 0, max_threads = 1`, 'JSONCompact')
  if (!answer.ok) throw new Error(answer.error)
  const { meta, data } = exact(answer.text)
  return { meta, data: rounded(data) }
}

/** A value as SQL. */
function literal(value: Row[number], type: string): string {
  if (value === null) return 'NULL'
  if (type.startsWith('Map')) {
    const pairs = value as readonly (readonly [string, number])[]
    return `map(${pairs.flatMap(([key, number]) => [`'${key}'`, String(number)]).join(',')})`
  }
  if (Array.isArray(value)) return `[${value.map((item) => literal(item as string, '')).join(',')}]`
  if (type.startsWith('Decimal')) return `toDecimal64('${(Number(value) / 100).toFixed(2)}', 2)`
  if (type.startsWith('DateTime64')) return `fromUnixTimestamp64Milli(${String(value)})`
  return typeof value === 'string' ? `'${value}'` : String(value)
}

/** The same table in the oracle. */
export async function fillOracle(oracle: Oracle): Promise<void> {
  const columns = AGGREGATE_COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')
  const must = async (sql: string) => {
    const answer = await oracle.query(sql)
    if (!answer.ok) throw new Error(answer.error)
  }
  await must(`CREATE TABLE t (${columns}) ENGINE = MergeTree ORDER BY id`)
  for (const rows of AGGREGATE_ROWS) {
    await must(`INSERT INTO t VALUES ${rows.map((row) => `(${row.map((value, c) =>
      literal(value, AGGREGATE_COLUMNS[c][1])).join(',')})`).join(',')}`)
  }
}

