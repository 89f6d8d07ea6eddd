// The tables that statements/*.sql ask: small, in several parts, with NULLs, repeated keys, extremes.

import type { SqlTable } from '../differential/oracle-cases.ts'

const rows = (count: number, of: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => of(i)).join(',')

const LARGE = 'id UInt8, a Int128, b UInt128, c Int256, d UInt256, e Decimal(38, 10), f Decimal(76, 20), '
  + 'n Nullable(Int128), g Decimal(18, 4), h Decimal(9, 2), l Array(Int128)'

const text = (value: bigint | string): string => `'${value}'`

/** Extremes of every large type, then small values that repeat. */
const largeRow = (i: number): string => {
  const signed = [-(2n ** 127n), 2n ** 127n - 1n, -1n, 0n, 12345678901234567890123n][i] ?? BigInt(i % 4) - 1n
  const unsigned = [2n ** 128n - 1n, 2n ** 64n, 0n, 7n][i] ?? BigInt(i % 3)
  const signed256 = [-(2n ** 255n), 2n ** 255n - 1n, -5n, 300n][i] ?? BigInt(i % 5) * 10n ** 30n
  const unsigned256 = [2n ** 256n - 1n, 1n, 99999999999999999999999n][i] ?? BigInt(i % 3)
  const decimal = ['1234567890123456789012345678.0123456789', '-0.0000000001', '12.5', '-3.75'][i] ?? `${i % 4}.25`
  const decimal256 = ['12345678901234567890123456789012345678901234567890.01234567890123456789', '-1.5',
    '0.00000000000000000001'][i] ?? `${i % 3}.5`
  const list = [i % 3, -i].map((value) => text(BigInt(value))).join(',')
  return `(${i},${text(signed)},${text(unsigned)},${text(signed256)},${text(unsigned256)},'${decimal}',`
    + `'${decimal256}',${i % 3 === 0 ? 'NULL' : text(BigInt(i) * 10n ** 20n)},'${i - 3}.1234','${i}.5',[${list}])`
}

const eventRow = (i: number): string =>
  `(${i},'u${(i * 7) % 11}','k${i % 4}',${i % 9 === 0 ? 'NULL' : (i * 31) % 50 - 20},${(i * 17) % 1000},`
  + `${1_700_000_000 + (i * 3607) % 500_000},${((i * 13) % 64) / 8},'s${(i * 11) % 30}',${19_700 + (i % 30)},`
  + `[${rows(i % 4, (j) => `'p${(i + j) % 3}'`)}])`

/** Bytes that are no UTF-8, beside characters of one to four bytes and the mark of byte order. */
const RAW_TEXTS = ['', 'a', '\\xfe', '\\xfe7', '\\xff\\x00\\x80', 'é', '\\xc3', '\\xf0\\x9f', '😀', '\ufeffb', '\ufffd', '\ufffd7', 'é\\xfe']
const rawRow = (i: number): string => {
  const raw = RAW_TEXTS[i % RAW_TEXTS.length]
  return `(${i},'${raw}','${raw}','\\xfe${'abc'[i % 3]}')`
}

export const STATEMENT_TABLES: readonly SqlTable[] = [
  {
    name: 'raws', columns: 'i UInt32, s String, k LowCardinality(String), f FixedString(2)',
    rowSets: [rows(13, rawRow), rows(20, (i) => rawRow(i + 13))],
  },
  {
    name: 'large', columns: LARGE,
    rowSets: [rows(7, largeRow), rows(8, (i) => largeRow(i + 7))],
  },
  {
    name: 'ev', columns: 'id UInt32, u String, k LowCardinality(String), n Nullable(Int32), i Int64, t DateTime, '
      + 'f Float64, s String, d Date, a Array(String)',
    rowSets: [rows(40, eventRow), rows(30, (i) => eventRow(i + 40)), rows(30, (i) => eventRow(i + 70))],
  },
  {
    name: 'sm', columns: 'id UInt32, u UInt32, s String', sampleBy: 'intHash32(u)',
    rowSets: [0, 1, 2].map((part) => rows(300, (i) => `(${part * 300 + i},${(part * 300 + i) * 7},'s${i % 10}')`)),
  },
  {
    name: 'us', columns: 'u String, name Nullable(String), age UInt8, since Date, country LowCardinality(String)',
    rowSets: [rows(6, (i) => `('u${i}',${i === 2 ? 'NULL' : `'N${i % 3}'`},${20 + i},${19_690 + i * 5},'c${i % 2}')`),
      "('u8','N8',33,19710,'c1'),('u20','N20',50,19000,''),('u3','twice',99,19720,'c0')"],
  },
  {
    name: 'pr', columns: 'k String, t DateTime, price Float64, q Int16',
    rowSets: [rows(8, (i) => `('k${i % 3}',${1_700_000_000 + i * 50_000},${i * 1.5},${i - 3})`),
      rows(6, (i) => `('k${i % 5}',${1_700_020_000 + i * 70_000},${i * 2.25},${i})`)],
  },
]
