import { describe, expect, it } from 'vitest'
import { textEnds } from '../../../storage/part/zones.ts'
import { TestTable, TestWorld, type Row } from '../test-table.ts'
import { likeBound, orderBound, prefixBound, stringBound, textsInZone } from './text-bounds.ts'

const ROWS = 40_000
const BLOCK = 8192
const uuid = (i: number): string => `${i.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`
/** Their stored bytes ascend as these do. */
const stored = (i: number): string => `00000000-0000-4000-${i.toString(16).padStart(4, '0').replace(/(..)(..)/, '$2$1')}-000000000000`

const COLUMNS = [
  ['id', 'UInt32'], ['plain', 'String'], ['coded', 'String'], ['low', 'LowCardinality(String)'], ['none', 'Nullable(String)'],
  ['tenant', 'String'], ['u', 'UUID'], ['text', 'String'], ['path', 'String'],
] as const
const digits = (i: number): string => String(i).padStart(6, '0')
const table = new TestTable('names', 9, COLUMNS)
table.add(Array.from({ length: ROWS }, (_, i): Row => [
  i, `k${digits(i)}${'x'.repeat(i % 3)}`, `k${digits(i >> 3)}`, `k${digits(i >> 3)}`, i % 7 === 0 ? null : `k${digits(i >> 3)}`,
  `t${digits(i >> 11)}`, stored(i), uuid(i), `${'/long/way/'.repeat(4)}${digits(i)}`,
]), true)
const world = new TestWorld([table])

describe('conditions on texts skip blocks', () => {
  it.each([
    ["plain >= 'k020000' AND plain < 'k020100'", 1], ["plain > 'k039990'", 1], ["plain <= 'k000010'", 1], ["'k039990' < plain", 1],
    ["plain BETWEEN 'k008190' AND 'k008193'", 2], ["startsWith(plain, 'k0200')", 1], ["plain LIKE 'k0200%'", 1],
    ["plain LIKE 'k0200_1%'", 1], ["plain LIKE 'k020000xx'", 1], ["plain = 'k020001'", 1], ["plain IN ('k000001', 'k039999')", 2],
    ["plain LIKE 'z%'", 0], ["plain < 'a'", 0], ["coded LIKE 'k0025%'", 1], ["coded >= 'k004990'", 1],
    ["low LIKE 'k0025%'", 1], ["low >= 'k004990'", 1], ["startsWith(low, 'k0025')", 1], ["none LIKE 'k0025%'", 1], ["none < 'k000010'", 1],
    ["tenant = 't000002'", 1], ["tenant IN ('t000002', 't000018')", 2], ["tenant LIKE 't000002'", 1],
    [`u = '${stored(20_000)}'`, 1], [`u IN ('${stored(1)}', '${stored(39_999)}')`, 2], [`u = toUUID('${stored(20_000)}')`, 1],
    [`text = '${uuid(20_000)}'`, 1], [`text >= '${uuid(39_990)}'`, 1],
    // Longer than the ends that a zone keeps.
    ["path LIKE '/long/way/%'", 5], [`path = '${'/long/way/'.repeat(4)}020000'`, 5],
  ] as const)('%s', (condition, blocks) => {
    const { rows, run } = world.run(`SELECT count(), sum(id) FROM names WHERE ${condition}`)
    const plain = condition.replace(/(plain|coded|low|none|tenant|text|path)(?= )|(?<=\()(plain|low)/g, (name) => `concat(${name}, '')`)
      .replace(/^u /, 'toString(u) ').replace(/= toUUID\((.*)\)/, '= $1')
    expect(rows).toEqual(world.run(`SELECT count(), sum(id) FROM names WHERE ${plain}`).rows)
    expect(run.stats.rowsRead).toBeLessThanOrEqual(blocks * BLOCK)
    // A GROUP BY of the column alone asks each of its texts once, in the end.
    const one = /^(plain|coded|low|tenant|text)/.exec(condition)?.[0]
    if (one === undefined) return
    const grouped = world.run(`SELECT ${one}, count() FROM names WHERE ${condition} GROUP BY ${one}`)
    expect(grouped.rows.length).toBe(world.run(`SELECT uniqExact(${one}) FROM names WHERE ${plain}`).rows[0][0])
    expect(grouped.run.stats.rowsRead).toBeLessThanOrEqual(blocks * BLOCK)
  })
})

it('never rules out a text that fulfils a condition, nor takes one in that does not', () => {
  const letters = ['a', 'b', '\u00ff', `${'a'.repeat(32)}b`, '%']
  const texts = ['', ...letters, ...letters.flatMap((first) => letters.map((second) => first + second))]
  const bytes = (text: string) => new TextEncoder().encode(text)
  const compare = (a: string, b: string) => Buffer.compare(bytes(a), bytes(b))
  const conditions = texts.flatMap((value) => {
    const of = (bound: ReturnType<typeof likeBound>, holds: (text: string) => boolean) => ({ bound, holds })
    const like = new RegExp(`^${value.replaceAll('%', '[^]*')}$`)
    return [
      of(stringBound(0, [bytes(value)]), (text) => text === value), of(stringBound(0, [bytes(value), bytes('b')]), (text) => text === value || text === 'b'),
      of(orderBound(0, 'less', bytes(value)), (text) => compare(text, value) < 0),
      of(orderBound(0, 'lessOrEquals', bytes(value)), (text) => compare(text, value) <= 0),
      of(orderBound(0, 'greater', bytes(value)), (text) => compare(text, value) > 0),
      of(orderBound(0, 'greaterOrEquals', bytes(value)), (text) => compare(text, value) >= 0),
      of(prefixBound(0, bytes(value), true), (text) => text.startsWith(value)),
      of(likeBound(0, bytes(value)), (text) => like.test(text)),
    ]
  })
  const wrong: string[] = []
  texts.forEach((low, i) => texts.slice(i).forEach((high) => {
    const [least, greatest] = compare(low, high) <= 0 ? [low, high] : [high, low]
    const zone = { ...textEnds(bytes(least), bytes(greatest), 32) as { min: Uint8Array; max: Uint8Array }, nullCount: 0 }
    for (const { bound, holds } of conditions) {
      const said = bound === null ? 'some' : textsInZone(bound, zone)
      const held = [least, greatest].map(holds)
      if ((said === 'none' && held.includes(true)) || (said === 'all' && held.includes(false))) wrong.push(`${least} ${greatest} ${said} ${JSON.stringify(bound)}`)
    }
  }))
  expect(wrong.slice(0, 3)).toEqual([])
})
