// Statements that differ in values alone share a plan; a value that the plan cannot hold gets its own.
// Answers and errors are those of the statement planned by itself.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { renderSql } from '../../src/render/render.ts'
import { openTestEngine, type TestEngine } from './engine-kit.ts'

const SCHEMA = `SCHEMA >
    \`s\` String \`json:$.s\`, \`n\` UInt8 \`json:$.n\`, \`kind\` Enum8('one' = 1, 'two' = 2) \`json:$.kind\`,
    \`price\` Decimal(9, 2) \`json:$.price\`, \`at\` DateTime \`json:$.at\`
ENGINE MergeTree
ENGINE_SORTING_KEY s
`

let test: TestEngine
beforeAll(async () => {
  test = await openTestEngine({ 'things.datasource': SCHEMA })
  await test.insert('things', [
    { s: '5', n: 5, kind: 'one', price: 1.25, at: '2024-01-01 00:00:00' },
    { s: 'b', n: 255, kind: 'two', price: 2.5, at: '2024-01-02 00:00:00' },
  ])
})
afterAll(() => test.close())

async function outcome(run: () => Promise<unknown>): Promise<string> {
  try {
    return JSON.stringify(await run())
  } catch (error) {
    const { message, at, end } = error as Error & { at: number; end: number }
    return `${message} (${at}-${end})`
  }
}

async function byValues(sql: string): Promise<unknown> {
  const { sql: text, slots, key } = renderSql({ project: test.project, sql, params: {} })
  expect(slots.length, sql).toBeGreaterThan(0)
  const { body } = await test.engine.query({ sql: text, slots, key, format: 'JSONCompact' })
  return (JSON.parse(Buffer.from(body).toString()) as { data: unknown }).data
}

it.each([
  ['text', "SELECT s FROM things WHERE s = '{}' OR s IN ('x', '{}')", ['b', '5', 'nothing']],
  ['number', 'SELECT s FROM things WHERE n > {} ORDER BY s', ['3', '300', '255', '0']],
  ['number in a list', 'SELECT s FROM things WHERE n IN ({}, 7)', ['5', '300', '255']],
  ['number for a text', 'SELECT n FROM things WHERE s IN ({})', ['5', '6']],
  ['name', "SELECT s FROM things WHERE kind != '{}' ORDER BY s", ['one', 'three', 'two']],
  ['decimal', "SELECT s FROM things WHERE price != '{}' ORDER BY s", ['1.25', '1.251', '2.5']],
  ['moment', "SELECT s FROM things WHERE at >= '{}' ORDER BY s", ['2024-01-02', 'soon', '2024-01-01 00:00:00']],
  ['count', 'SELECT s FROM things ORDER BY s LIMIT {}', ['1', '2', '0.5', '0']],
  ['error behind it', "SELECT s FROM things WHERE s != '{}' AND toUInt8(s) = 5", ['b', 'longer', '']],
])('answers by a plan of other values as by its own: %s', async (_name, sql, values) => {
  for (const value of values) {
    const text = sql.replaceAll('{}', value)
    expect(await outcome(() => byValues(text)), text).toBe(await outcome(() => test.rows(text)))
  }
})
