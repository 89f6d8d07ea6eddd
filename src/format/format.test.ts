import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { loadKernels } from '../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../storage/kernels/work-memory.ts'
import { vectorOf } from '../functions/values.ts'
import type { Value } from '../plan/plan.ts'
import { startOracle, type Oracle } from '../../test/oracle/oracle.ts'
import { formatResult } from './format.ts'

const work = new WorkMemory(64 * 2 ** 20)
loadKernels(work)
const account = new MemoryAccount(work, 32 * 2 ** 20)
const stats = { elapsedMs: 1, rowsRead: 3, bytesRead: 4 }

/** A column: its name, type, the SQL of each row's value for the oracle, and the value. */
const COLUMNS: readonly [string, string, readonly string[], readonly Value[]][] = [
  ['n', 'UInt8', ['1', '255'], [1, 255]],
  ['big', 'UInt64', ['18446744073709551615', '5'], [18446744073709551615n, 5n]],
  ['f', 'Float64', ['1.5', '1e21'], [1.5, 1e21]],
  ['na/n', 'Float64', ['nan', '-inf'], [Number.NaN, Number.NEGATIVE_INFINITY]],
  ['s', 'String', ["'a\"b/c\\\\d\\'\\n\\t'", "'é\\x01'"], ['a"b/c\\d\'\n\t', 'é\x01']],
  ['maybe', 'Nullable(String)', ['NULL', "'x'"], [null, 'x']],
  ['d', 'Date', ["'2024-02-29'", "'1970-01-01'"], [19782, 0]],
  ['t', 'DateTime', ["'2024-02-29 12:34:56'", "'1970-01-01 00:00:00'"], [1709210096, 0]],
  ['b', 'Bool', ['true', 'false'], [true, false]],
  ['list', 'Array(String)', ["['a','b\\'c']", '[]'], [['a', "b'c"], []]],
]

let oracle: Oracle
beforeAll(async () => { oracle = await startOracle() })
afterAll(() => oracle.close())

const result = () => ({
  columns: COLUMNS.map(([name, type]) => ({ name, type })), rowsBeforeLimit: null,
  blocks: [0, 1].map((row) => ({
    rowCount: 1,
    columns: COLUMNS.map(([, type, , values]): Vector => vectorOf([values[row]], parseDataType(type), account)),
  })),
})

const statement = [0, 1].map((row) => `SELECT ${COLUMNS.map(([name, type, texts]) => (
  `CAST(${texts[row]}, '${type}') AS \`${name}\``)).join(', ')}`).join(' UNION ALL ')

it.each(['JSONEachRow', 'CSV', 'CSVWithNames', 'TabSeparated', 'TabSeparatedWithNames', 'JSON', 'JSONCompact'])(
  '%s is what ClickHouse writes', async (format) => {
    const ours = Buffer.from(formatResult(format, result(), stats, 1e6, account)).toString()
    const theirs = await oracle.query(`SELECT * FROM (${statement}) ORDER BY n SETTINGS output_format_json_quote_64bit_integers = 0`, format)
    if (!theirs.ok) throw new Error(theirs.error)
    if (!format.startsWith('JSON') || format === 'JSONEachRow') expect(ours).toBe(theirs.text)
    else {
      // The envelope is set with other white space: compared as values, its numbers as text.
      const exact = (text: string) => JSON.parse(text.replace(/18446744073709551615/g, '"18446744073709551615"')) as Record<string, unknown>
      const { statistics, ...rest } = exact(ours)
      const { statistics: _, ...wanted } = exact(theirs.text)
      expect(rest).toEqual(wanted)
      expect(statistics).toEqual({ elapsed: 0.001, rows_read: 3, bytes_read: 4 })
    }
  })

it('ends a result that is too large with the limit\'s name', () => {
  expect(() => formatResult('JSON', result(), stats, 100, account)).toThrow(/larger than 100 bytes \(setting max_result_bytes\)/)
})

it('refuses a format that it has not, naming those that it has', () => {
  expect(() => formatResult('Arrow', result(), stats, 100, account)).toThrow(/Format Arrow is not supported yet; use one of JSON/)
})
