// Generated single-table queries over generated rows, over HTTP, against ClickHouse. ORDER BY names all
// output columns, so the rows have one order.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EventGenerator, seededRandom } from '../../bench/generator.ts'
import { TestServer } from '../http/server.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { BUDGET_MS, SEED, TIMEOUT_MS } from './budget.ts'

const example = fileURLToPath(new URL('../../examples/saas', import.meta.url))
const ROWS = 3000
const STRINGS = ['user_id', 'session_id', 'event_type', 'feature', 'device_type', 'browser', 'os', 'location', 'metadata']
const FEW = ['event_type', 'feature', 'device_type', 'browser', 'os', 'location']

let server: TestServer
let oracle: Oracle
const folder = mkdtempSync(join(tmpdir(), 'pipit-queries-'))
beforeAll(async () => {
  const lines = new EventGenerator('app_events', ROWS, SEED).next(ROWS)
  writeFileSync(join(folder, 'rows.ndjson'), lines)
  server = await new TestServer(example).start()
  await server.call('POST', '/v0/events?name=app_events', lines)
  oracle = await startOracle()
  const columns = ['event_id String', ...STRINGS.slice(0, 4).map((name) => `${name} String`), 'timestamp DateTime',
    ...STRINGS.slice(4).map((name) => `${name} String`)].join(', ')
  await oracle.query(`CREATE TABLE app_events (${columns}) ENGINE = MergeTree ORDER BY (timestamp, user_id, event_type)`)
  const made = await oracle.query(
    `INSERT INTO app_events SELECT * FROM file('${join(folder, 'rows.ndjson')}', 'JSONEachRow', '${columns}')`)
  if (!made.ok) throw new Error(made.error)
})
afterAll(async () => {
  await oracle.close()
  await server.remove()
  rmSync(folder, { recursive: true })
})

class Generator {
  private readonly random: () => number
  constructor(seed: number) { this.random = seededRandom(seed) }

  private below(n: number): number { return Math.floor(this.random() * n) }
  private pick<T>(from: readonly T[]): T { return from[this.below(from.length)] }

  private text(): string {
    const column = this.pick(STRINGS)
    return this.pick([column, column, column, `lower(${column})`, `substring(${column}, 1, ${1 + this.below(6)})`,
      `concat(${column}, '-', ${this.pick(FEW)})`])
  }

  private number(): string {
    return this.pick([
      `length(${this.pick(STRINGS)})`, 'toUnixTimestamp(timestamp)', 'toHour(timestamp)', 'toDayOfWeek(timestamp)',
      "JSONExtractInt(metadata, 'duration')", `${this.below(100)}`, `toYYYYMM(timestamp) % ${2 + this.below(9)}`,
      `length(${this.pick(STRINGS)}) * ${1 + this.below(5)} - ${this.below(20)}`,
      `if(${this.pick(FEW)} = ${this.pick(FEW)}, 1, ${this.below(7)})`,
    ])
  }

  private moment(): string {
    return `2023-${String(1 + this.below(12)).padStart(2, '0')}-${String(1 + this.below(28)).padStart(2, '0')} 0${this.below(10)}:00:00`
  }

  private condition(depth = 0): string {
    if (depth < 2 && this.below(3) === 0) {
      return `(${this.condition(depth + 1)} ${this.pick(['AND', 'OR'])} ${this.condition(depth + 1)})`
    }
    return this.pick([
      () => `event_type = '${this.pick(['click', 'view', 'scroll', 'none'])}'`,
      () => `user_id = 'user_${this.below(60)}'`,
      () => `feature IN ('dashboard', '${this.pick(['reports', 'api', 'x'])}')`,
      () => `browser NOT IN ('Chrome')`,
      () => `timestamp BETWEEN '${this.moment()}' AND '2024-${this.moment().slice(5)}'`,
      () => `timestamp ${this.pick(['>', '<', '>=', '<='])} '${this.moment()}'`,
      () => `${this.number()} ${this.pick(['>', '<', '=', '!=', '<='])} ${this.number()}`,
      () => `metadata LIKE '%${this.pick(['pro', '"duration":4', 'free"', '_'])}%'`,
      () => `NOT (${this.text()} = ${this.text()})`,
      () => `user_id IN (SELECT user_id FROM app_events WHERE event_type = '${this.pick(['error', 'share'])}')`,
    ])()
  }

  private key(): string {
    return this.pick([
      () => this.pick(FEW), () => this.text(), () => 'toStartOfMonth(timestamp)', () => 'toDate(timestamp)',
      () => 'toStartOfInterval(timestamp, INTERVAL 1 WEEK)', () => `${this.number()}`,
    ])()
  }

  private aggregate(): string {
    return this.pick([
      () => 'count()', () => `countIf(${this.condition(1)})`, () => `uniqExact(${this.text()})`,
      () => `sum(${this.number()})`, () => `avg(${this.number()})`, () => `min(${this.text()})`,
      () => `max(${this.number()})`, () => 'max(timestamp)', () => `sumIf(${this.number()}, ${this.condition(1)})`,
      () => `length(groupUniqArray(${this.pick(FEW)}))`, () => `uniqExactIf(${this.pick(STRINGS)}, ${this.condition(1)})`,
      () => "dateDiff('second', min(timestamp), max(timestamp))",
    ])()
  }

  query(): string {
    const where = this.below(4) === 0 ? '' : ` WHERE ${this.condition()}`
    const keyCount = this.below(4)
    const keys = Array.from({ length: keyCount }, (_, i) => `${this.key()} AS k${i}`)
    if (this.below(5) === 0) {
      const plain = keys.length === 0 ? ['event_id AS k0'] : keys
      const names = plain.map((_, i) => `k${i}`).join(', ')
      return `SELECT ${this.below(2) === 0 ? 'DISTINCT ' : ''}${plain.join(', ')} FROM app_events${where} ORDER BY ${names} LIMIT ${1 + this.below(500)}`
    }
    const values = Array.from({ length: 1 + this.below(4) }, (_, i) => `${this.aggregate()} AS v${i}`)
    const names = [...keys.map((_, i) => `k${i}`), ...values.map((_, i) => `v${i}`)]
    const group = keys.length === 0 ? '' : ` GROUP BY ${keys.map((_, i) => `k${i}`).join(', ')}`
    const having = keys.length > 0 && this.below(3) === 0 ? ` HAVING count() > ${this.below(5)}` : ''
    const order = names.map((name) => `${name}${this.below(3) === 0 ? ' DESC' : ''}`).join(', ')
    const limit = this.below(2) === 0 ? ` LIMIT ${1 + this.below(200)}${this.below(3) === 0 ? ` OFFSET ${this.below(20)}` : ''}` : ''
    const inner = `SELECT ${[...keys, ...values].join(', ')} FROM app_events${where}${group}${having}`
    return this.below(6) === 0 ? `SELECT * FROM (${inner}) ORDER BY ${order}${limit}` : `${inner} ORDER BY ${order}${limit}`
  }
}

/** Rows as text; floats to nine digits, quoted integers as numbers. */
const comparable = (rows: unknown): string => JSON.stringify(rows, (_, value: unknown) => {
  if (typeof value === 'string' && /^-?\d+$/.test(value)) return Number(value)
  return typeof value === 'number' ? Number(value.toPrecision(9)) : value
})

it('answers generated queries as ClickHouse does', async () => {
  const until = Date.now() + BUDGET_MS
  let asked = 0
  let refused = 0
  for (let seed = SEED * 1_000_000; Date.now() < until || asked < 20; seed++) {
    const sql = new Generator(seed).query()
    const theirs = await oracle.query(sql, 'JSONCompact')
    const ours = await server.call('POST', '/v0/sql', `${sql} FORMAT JSONCompact`)
    asked++
    const where = `seed ${seed}: ${sql}`
    if (!theirs.ok) {
      refused++
      expect(ours.status, `${where}\nClickHouse: ${theirs.error}`).toBe(400)
      continue
    }
    expect(ours.status, `${where}\n${ours.text}`).toBe(200)
    const rows = (text: string) => comparable((JSON.parse(text) as { data: unknown }).data)
    expect(`${where}\n${rows(ours.text)}`).toBe(`${where}\n${rows(theirs.text)}`)
  }
  process.stderr.write(`queries: ${asked} equal, of which ${refused} refused by both, seed ${SEED}\n`)
  expect(refused).toBeLessThan(asked / 2)
}, TIMEOUT_MS)
