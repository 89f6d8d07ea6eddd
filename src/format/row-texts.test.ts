// Rows that each worker writes by itself are, in order and byte for byte, the rows of a result that is
// written at the end.

import { describe, expect, it } from 'vitest'
import { MemoryAccount, MemoryLimitExceeded } from '../../storage/kernels/work-memory.ts'
import { TestTable, TestWorld, workBytesUsed, type Row } from '../exec/test-table.ts'
import { bindSlots } from '../plan/slots.ts'
import { formatResult } from './format.ts'
import type { Means } from './json.ts'
import { ResultTooLarge } from './result.ts'
import { rowTextsOf } from './row-texts.ts'

const TEXTS = ['', 'plain', 'with "quotes" / \\ and\nlines', 'é😀', 'x'.repeat(300)]
const rowsOf = (count: number, first: number): Row[] => Array.from({ length: count }, (_, i): Row => {
  const id = first + i
  return [id, `user_${(id * 7919) % 500}`, `id-${id * 31}-${TEXTS[id % TEXTS.length]}`, id % 7 === 0 ? null : TEXTS[id % 5],
    1_700_000_000 + (id * 7919) % 10_000, (id % 1000) / 8, 18446744073709551000n + BigInt(id % 600), [`a${id % 3}`, TEXTS[id % 5]]]
})

const events = new TestTable('events', 1, [
  ['id', 'UInt32'], ['user', 'String'], ['raw', 'String'], ['ns', 'Nullable(String)'], ['at', 'DateTime'], ['f', 'Float64'],
  ['big', 'UInt64'], ['arr', 'Array(String)'],
])
for (const [i, count] of [2_500, 900, 300, 5].entries()) events.add(rowsOf(count, i * 20_000), i < 2)
const single = new TestTable('single', 2, [['id', 'UInt32'], ['raw', 'String'], ['f', 'Float64']])
single.add(Array.from({ length: 1_001 }, (_, id) => [id, `id-${id}-${TEXTS[id % 5]}`, id / 64]), true)
const world = new TestWorld([events, single])

type Answer = { readonly text: string; readonly isWritten: boolean; readonly bytesRead: number }

/** The answer's bytes; `bytesMax` null: rows are written at the end. */
function answerOf(sql: string, format: string, workers: number, bytesMax: number | null): Answer {
  const plan = world.planOf(sql)
  const all: Means[] = []
  const before = workBytesUsed()
  const answer = world.withPlan(plan, bindSlots(plan, []), workers, (result) => {
    const stats = { elapsedMs: 1, rowsRead: 1, bytesRead: 1 }
    return { isWritten: result.written !== null, bytesRead: result.stats.bytesRead, text: Buffer.from(formatResult(format, result, stats, 1e9, all[0])).toString() }
  }, undefined, ({ account, kernels }) => {
    all.push({ account, kernels })
    return {
      rowTexts: bytesMax === null ? null
        : rowTextsOf(format, { columns: plan.root.columns, settings: plan.settings }, bytesMax, { account, kernels }),
    }
  })
  expect(workBytesUsed()).toBe(before)
  return answer
}

const FORMATS = ['JSON', 'JSONCompact', 'JSONEachRow']

it('counts a block once that is shared out in pieces', () => {
  const sql = 'SELECT * FROM events WHERE id < 30000 ORDER BY id'
  answerOf(sql, 'JSON', 2, null) // dictionaries are known from here on
  const { bytesRead } = answerOf(sql, 'JSON', 2, null)
  expect(answerOf(sql, 'JSON', 2, 1e9)).toMatchObject({ isWritten: true, bytesRead })
})

it('gives the memory of an answer back that fails while its rows are copied to it', () => {
  const plan = world.planOf('SELECT * FROM events ORDER BY at, id')
  const all: Means[] = []
  const lent: Uint8Array[] = []
  world.withPlan(plan, bindSlots(plan, []), 2, (result) => {
    const [{ account, kernels }] = all
    const memory = {
      take: (count: number) => {
        lent.push(new Uint8Array(count))
        return lent[0]
      },
      giveBack: (bytes: Uint8Array) => { lent.splice(lent.indexOf(bytes), 1) },
    }
    expect(result.written?.byteLength).toBeGreaterThan(0)
    const short: Means = { account: new MemoryAccount(account.work, 2 ** 16), kernels } // rows are put in order in more
    expect(() => formatResult('JSON', result, { elapsedMs: 1, rowsRead: 1, bytesRead: 1 }, 1e9, short, memory)).toThrow(MemoryLimitExceeded)
    expect(lent).toEqual([])
    expect(formatResult('JSON', result, { elapsedMs: 1, rowsRead: 1, bytesRead: 1 }, 1e9, all[0], memory)).toBe(lent[0])
  }, undefined, ({ account, kernels }) => {
    all.push({ account, kernels })
    return { rowTexts: rowTextsOf('JSON', { columns: plan.root.columns, settings: plan.settings }, 1e9, { account, kernels }) }
  })
})

describe('rows written where they are read', () => {
  const written = [
    'SELECT * FROM events ORDER BY at, id',
    'SELECT * FROM events ORDER BY user DESC, at, id',
    'SELECT user, f / 2 AS half, arr FROM events WHERE id % 3 = 0 ORDER BY ns NULLS FIRST, id DESC',
    'SELECT raw, big FROM events ORDER BY id SETTINGS output_format_json_quote_64bit_integers = 1',
    'SELECT id, toDateTime(at) AS at FROM events ORDER BY id SETTINGS date_time_output_format = \'iso\'',
    'SELECT id, raw FROM events ORDER BY id SETTINGS output_format_json_escape_forward_slashes = 0, output_format_json_array_of_rows = 1',
    'SELECT id, x FROM events ARRAY JOIN arr AS x ORDER BY id, x',
    'SELECT * FROM (SELECT id, user FROM events WHERE id < 400 UNION ALL SELECT id, raw FROM events WHERE id BETWEEN 500 AND 900) ORDER BY id',
    'SELECT number, toString(number) AS s FROM numbers(70000) ORDER BY number % 1000, number',
    'SELECT * FROM events WHERE id > 1000000 ORDER BY id',
    'SELECT 1 AS one, user FROM events ORDER BY user, id',
  ]
  for (const sql of written) {
    it(sql, () => {
      for (const format of FORMATS) {
        const plain = answerOf(sql, format, 1, null)
        expect(plain.isWritten).toBe(false)
        for (const workers of [1, 3]) expect(answerOf(sql, format, workers, 1e9)).toEqual({ text: plain.text, isWritten: true, bytesRead: expect.any(Number) })
      }
    })
  }

  it('are shared out where they are of one block and many columns', () => {
    const columns = Array.from({ length: 30 }, (_, i) => `f + ${i} AS f${i}`).join(', ')
    for (const sql of [
      `SELECT id, raw, ${columns} FROM single ORDER BY id DESC`, `SELECT raw, ${columns} FROM single WHERE id % 3 = 1 ORDER BY id`,
      `SELECT id, ${columns} FROM single WHERE id > 998 ORDER BY id`,
    ]) {
      const plain = answerOf(sql, 'JSONCompact', 1, null)
      for (const workers of [1, 3]) expect(answerOf(sql, 'JSONCompact', workers, 1e9)).toEqual({ text: plain.text, isWritten: true, bytesRead: expect.any(Number) })
    }
  })

  it('come in the order they are read without ORDER BY', () => {
    for (const sql of ['SELECT * FROM events', 'SELECT user, id FROM events WHERE f > 100', 'SELECT toString(number) FROM numbers(70000)']) {
      const [plain, apart] = [null, 1e9].map((bytesMax) => answerOf(sql, 'JSONEachRow', 1, bytesMax))
      expect(apart).toEqual({ text: plain.text, isWritten: true, bytesRead: expect.any(Number) })
      const lines = answerOf(sql, 'JSONEachRow', 3, 1e9).text.split('\n')
      expect(lines.sort()).toEqual(plain.text.split('\n').sort())
    }
  })

  it('are not where rows are left out later, or few come of many', () => {
    for (const sql of [
      'SELECT id FROM events ORDER BY id LIMIT 10', 'SELECT id FROM events LIMIT 10', 'SELECT user, count() FROM events GROUP BY user ORDER BY user',
      'SELECT DISTINCT user FROM events ORDER BY user', 'SELECT id FROM events ORDER BY id LIMIT 1 BY user', 'SELECT 1',
      'SELECT user, count() FROM events GROUP BY user WITH TOTALS ORDER BY user', 'SELECT id, row_number() OVER (ORDER BY id) FROM events ORDER BY id',
    ]) {
      const [plain, apart] = [null, 1e9].map((bytesMax) => answerOf(sql, 'JSON', 2, bytesMax))
      expect(apart.isWritten).toBe(false)
      if (!sql.endsWith('LIMIT 10') || sql.includes('ORDER')) expect(apart.text).toBe(plain.text)
    }
    expect(rowTextsOf('CSV', { columns: [] }, 1e9, {} as never)).toBe(null) // refused before the context is looked at
  })

  it('end where a result is too large', () => {
    expect(() => answerOf('SELECT * FROM events ORDER BY id', 'JSON', 1, 100_000)).toThrow(ResultTooLarge)
  })
})
