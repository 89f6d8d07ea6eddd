// storage/FORMAT.md is enough to read a store: a reader that was written from it alone, and shares no code
// with the store, reads what a killed server left, and finds the rows that the server answered.

import { createHash } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { Value } from './image.ts'
import { readStore, type Rows } from './store.ts'
import { TestServer, writeProject } from '../http/server.ts'

/** Columns by type, with how the server writes a value as text. */
const COLUMNS: readonly (readonly [name: string, type: string, path?: string])[] = [
  ['id', 'UInt32'], ['repeating', 'String'], ['uuid_text', 'String'], ['serial', 'String'], ['padded', 'String'],
  ['template', 'String'], ['random', 'String'], ['long', 'String'], ['empty', 'String'], ['lc', 'LowCardinality(String)'],
  ['lcn', 'LowCardinality(Nullable(String))'], ['ns', 'Nullable(String)'], ['i8', 'Int8'], ['i64', 'Int64'],
  ['u64', 'UInt64'], ['nn', 'Nullable(Int32)'], ['f', 'Float64'], ['g', 'Float64'], ['f32', 'Float32'], ['b', 'Bool'],
  ['d', 'Date'], ['dt', 'DateTime'], ['dt64', 'DateTime64(3)'], ['uid', 'UUID'], ['e', "Enum8('b' = -2, 'a' = 1)"],
  ['dec', 'Decimal(9, 2)'], ['huge', 'Int128'], ['wide_dec', 'Decimal(38, 4)'], ['fs', 'FixedString(4)'], ['ip', 'IPv4'],
  ['arr', 'Array(String)', '[:]'], ['nested', 'Array(Array(Int32))'], ['an', 'Array(Nullable(Int32))', '[:]'], ['m', 'Map(String, UInt32)'],
  ['t', 'Tuple(Int32, String)'],
]

const schema = (columns: typeof COLUMNS): string =>
  columns.map(([name, type, rest = '']) => `    ${name} ${type} \`json:$.${name}${rest}\``).join(',\n')
const project = writeProject({
  'wide.datasource': `SCHEMA >\n${schema(COLUMNS)}\nENGINE MergeTree\nENGINE_PARTITION_KEY intDiv(id, 1250)\nENGINE_SORTING_KEY repeating, id\n`,
  'plain.datasource': 'SCHEMA >\n    id UInt32 `json:$.id`,\n    s String `json:$.s`\nENGINE MergeTree\nENGINE_SORTING_KEY id\nDEDUPLICATE_BY id 1h\n',
  'sums.datasource': 'SCHEMA >\n    s String,\n    c UInt64\nENGINE SummingMergeTree\nENGINE_SORTING_KEY s\n',
  'to_sums.pipe': 'NODE a\nSQL >\n    SELECT s, count() AS c FROM plain GROUP BY s\nTYPE materialized\nDATASOURCE sums\n',
})
const server = new TestServer(project, mkdtempSync(join(tmpdir(), 'pipit-format-')))
afterAll(() => server.remove())

/** Enough for postings; of the plain table more than one block. */
const ROWS = 1300
const PLAIN_ROWS = 8400
const mix = (n: number): number => Math.imul(n ^ (n >>> 15), 0x85ebca6b) >>> 0
const uuid = (n: number): string => `${mix(n).toString(16).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`
const letters = (n: number, length: number): string =>
  Array.from({ length }, (_, at) => String.fromCharCode(97 + mix(n * 31 + at) % 26)).join('')

function rowOf(n: number): string {
  const odd = n % 7 === 0 ? null : n
  const fields: Record<string, unknown> = {
    id: n, repeating: `r${mix(n) % 300}`, uuid_text: uuid(n), serial: `evt_${n}`, padded: `inv-${String(n).padStart(7, '0')}-x`,
    template: `{"n":${mix(n) % 5000},"at":"0${n % 10}:1${n % 7}","x":${n % 3}}`, random: createHash('sha256').update(String(n)).digest('base64').slice(0, 20),
    long: `${'lorem ipsum '.repeat(3 + n % 3)}${letters(n, 3)}`, empty: '', lc: `l${n % 5}`, lcn: n % 4 === 0 ? null : `c${n % 9}`,
    ns: odd === null ? null : letters(n, 5), i8: n % 250 - 125, nn: odd === null ? null : -n, f: n / 100, g: Math.sqrt(n), f32: Math.fround(n / 3),
    b: n % 2 === 0, d: '2024-02-29', dt: `2024-05-06 07:0${n % 10}:00`, dt64: `2024-05-06 07:00:00.${100 + n % 900}`, uid: uuid(n * 7),
    e: n % 3 === 0 ? 'a' : 'b', dec: ((n - 4000) / 100).toFixed(2), fs: `f${n % 10}`, ip: `10.0.${n % 256}.1`,
    arr: Array.from({ length: n % 4 }, (_, at) => `t${at}`), nested: [[n, 2], [], [at3(n)]], an: [1, null, n], m: { a: n % 100, [`k${n % 3}`]: 1 }, t: [n % 11, `x${n % 5}`],
  }
  // Integers that JSON's numbers do not hold.
  const exact = `"i64":${BigInt(n) * 900_719_925_474_099n * (n % 2 === 0 ? 1n : -1n)},"u64":${18_446_744_073_709_551_615n - BigInt(n)},`
    + `"huge":"${BigInt(n) * -(10n ** 30n)}","wide_dec":"${n}.0625"`
  return `${JSON.stringify(fields).slice(0, -1)},${exact}}`
}

function at3(n: number): number { return n % 3 }

/** A value as `toString` of its type has it, for what is not a number or a text by itself. */
function textOf(value: Value | undefined, type: string): string {
  if (value === null || value === undefined) return 'NULL'
  const inner = /^(?:LowCardinality|Nullable)\((.*)\)$/.exec(type)?.[1]
  if (inner !== undefined) return textOf(value, inner)
  if (Array.isArray(value)) {
    const args = type.startsWith('Map') ? ['Tuple(String, UInt32)'] : type.startsWith('Tuple') ? ['Int32', 'String'] : [type.slice('Array('.length, -1)]
    return `[${value.map((one: Value, index) => textOf(one, args[Math.min(index, args.length - 1)])).join()}]`
  }
  if (value instanceof Buffer) {
    if (type === 'UUID') return `${Buffer.from(value.subarray(0, 8)).reverse().toString('hex')}${Buffer.from(value.subarray(8)).reverse().toString('hex')}`
    if (type === 'Int128' || type.startsWith('Decimal')) {
      const top = Buffer.from(value)
      top[0] ^= 128
      return String(BigInt.asIntN(128, BigInt(`0x${top.toString('hex')}`)))
    }
    return value.toString('latin1').replace(/\0+$/, '')
  }
  return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(6) : String(value)
}

/** How to ask the server for the same texts. */
function asked(name: string, type: string): string {
  if (/^(DateTime64|Decimal\(9)/.test(type)) return type.startsWith('Date') ? `toUnixTimestamp64Milli(${name})` : `toInt64(${name} * 100)`
  if (type === 'Decimal(38, 4)') return `toString(toInt128(${name} * 10000))`
  if (type === 'DateTime') return `toUnixTimestamp(${name})`
  if (type === 'Date') return `toUInt16(${name})`
  if (type === 'UUID') return `replaceAll(toString(${name}), '-', '')`
  if (type === 'IPv4') return `toUInt32(${name})`
  if (type === 'FixedString(4)') return `toStringCutToZero(${name})`
  if (type.startsWith('Enum8') || type === 'Bool') return `toInt8(${name})`
  return name
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

function jsonText(value: Json): string {
  if (value === null) return 'NULL'
  if (Array.isArray(value)) return `[${value.map(jsonText).join()}]`
  if (typeof value === 'object') return `[${Object.entries(value).map(([key, one]) => `[${key},${jsonText(one)}]`).join()}]`
  return typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(6) : String(value)
}

async function answered(table: string, columns: readonly { name: string; type: string }[]): Promise<string[]> {
  const list = columns.map(({ name, type }) => `${asked(name, type)} AS x_${name}`).join(', ')
  const { status, text } = await server.call('POST', '/v0/sql',
    `SELECT ${list} FROM ${table} FORMAT JSONCompact SETTINGS output_format_json_quote_64bit_integers = 1`)
  if (status !== 200) throw new Error(text)
  return (JSON.parse(text) as { data: Json[][] }).data.map((row) => row.map(jsonText).join('|')).sort()
}

const read = ({ columns, rows }: Rows): string[] =>
  rows.map((row) => row.map((value, index) => textOf(value, columns[index].type)).join('|')).sort()

it('is read whole by a reader that knows FORMAT.md alone', async () => {
  await server.start()
  const send = async (name: string, from: number, to: number, row: (n: number) => string) => {
    const body = Array.from({ length: to - from }, (_, index) => row(from + index)).join('\n')
    const { status, text } = await server.call('POST', `/v0/events?name=${name}&wait=true`, body)
    expect([status, JSON.parse(text)]).toMatchObject([200, { successful_rows: to - from, quarantined_rows: 0 }])
  }
  const plain = (n: number) => JSON.stringify({ id: n, s: `s${n % 3}` })
  await send('wide', 0, ROWS, rowOf)
  await send('plain', 0, 100, plain)
  // A delete flushes; what comes later is in the log alone.
  await server.call('POST', `/v0/datasources/wide/delete?delete_condition=${encodeURIComponent('id % 10 = 3')}`)
  await server.call('POST', '/v0/datasources/plain/truncate')
  await send('wide', ROWS, ROWS + 40, rowOf)
  await send('plain', 0, PLAIN_ROWS, plain)
  await server.call('POST', '/v0/datasources/plain/delete?delete_condition=id%3D3')
  await send('plain', PLAIN_ROWS, PLAIN_ROWS + 60, plain)
  const columns = COLUMNS.map(([name, type]) => ({ name, type }))
  const wide = await answered('wide', columns)
  const sums = await answered('(SELECT s, sum(c) AS c FROM sums GROUP BY s)', [{ name: 's', type: 'String' }, { name: 'c', type: 'UInt64' }])
  await server.stop('SIGKILL')
  const { tables, met } = readStore(server.data)
  const found = tables.get('wide')
  expect(found?.columns.map(({ name, type }) => [name, type])).toEqual(COLUMNS.map(([name, type]) => [name, type]))
  expect(read(found as Rows)).toEqual(wide)
  expect(read(tables.get('plain') as Rows)).toEqual(Array.from({ length: PLAIN_ROWS + 60 }, (_, n) => `${n}|s${n % 3}`)
    .filter((row) => row !== '3|s0').sort())
  const summed = new Map<string, number>()
  for (const row of read(tables.get('sums') as Rows)) {
    const [s, c] = row.split('|')
    summed.set(s, (summed.get(s) ?? 0) + Number(c))
  }
  expect([...summed].map(([s, c]) => `${s}|${c}`).sort()).toEqual(sums)
  // Codec 9 is chosen within others: of frames, and of elements of arrays.
  for (const codec of [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12]) expect([...met], `codec ${codec}`).toContain(`codec ${codec}`)
  for (const one of ['PIMS', 'PIMW', 'postings', 'log', 'codec 1 of codes']) expect([...met], one).toContain(one)
}, 120_000)
