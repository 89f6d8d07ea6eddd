// Long texts in little memory: blocks of them are read in pieces, and answers stay what they are.
import { expect, it } from 'vitest'
import { TestTable, TestWorld, workBytesUsed, type Row } from '../test-table.ts'

const MiB = 2 ** 20
const ROWS = 4000
const words = ['alpha', 'beta', 'gamma', 'delta', 'epsilon', 'zeta']

/** Hexadecimal digits that do not repeat. */
function noise(seed: number, chars: number): string {
  let state = seed * 2654435761 >>> 0
  let text = ''
  while (text.length < chars) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    text += state.toString(36)
  }
  return text.slice(0, chars)
}

const rowOf = (i: number): Row => [
  i, noise(i, 1500 + i % 700), `${words[i % 6]} ${words[i % 5]} `.repeat(150) + noise(i, 20),
  words[i % 6].repeat(300), `{"id":${i * 7},"path":"${'/very/long'.repeat(120)}","ms":${i % 90}}`, i % 9 === 0 ? null : noise(i, 900),
]

const texts = new TestTable('texts', 1, [
  ['id', 'UInt32'], ['raw', 'String'], ['packed', 'String'], ['few', 'String'], ['json', 'String'], ['some', 'Nullable(String)'],
])
texts.add(Array.from({ length: ROWS }, (_, i) => rowOf(i)), true)
texts.add(Array.from({ length: 900 }, (_, i) => rowOf(ROWS + i)), false)
const world = new TestWorld([texts])

it.each([
  'SELECT count(), sum(length(raw)), sum(length(packed)), sum(length(some)), sum(length(json)) FROM texts',
  "SELECT count(), min(id), max(id) FROM texts WHERE raw LIKE '%zz%' AND packed LIKE '%gamma%'",
  "SELECT count(), sum(id) FROM texts WHERE json LIKE '%:77,%' OR some IS NULL",
  'SELECT id, raw FROM texts ORDER BY raw LIMIT 3',
  'SELECT id, some, json FROM texts ORDER BY packed DESC, id LIMIT 2 OFFSET 5',
  'SELECT substring(few, 1, 8) AS f, count(), max(substring(raw, 1, 9)) FROM texts WHERE id % 3 = 1 GROUP BY f ORDER BY f',
  `SELECT id FROM texts WHERE raw = '${noise(4321, 1500 + 4321 % 700)}'`,
  "SELECT sum(JSONExtractInt(json, 'ms')), max(cityHash64(packed)) FROM texts WHERE raw > 'm'",
])('answers in 12 MiB as in 800: %s', (sql) => {
  const { rows } = world.run(sql)
  expect(rows.length).toBeGreaterThan(0)
  for (const workers of [1, 2]) expect(world.run(sql, workers, 12 * MiB).rows).toEqual(rows)
  expect(workBytesUsed()).toBe(0)
})
