// A server over its life, beside ClickHouse: random inserts, files, deletes, truncates, copies, rebuilds,
// replays of nothing, restarts and kills over HTTP, the same steps there, and after each the answers of
// queries over tables of every engine, with and without FINAL. Everything follows from the seed.

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../../storage/disk/simulated-disk.ts'
import { TestServer, writeProject } from '../http/server.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { BUDGET_MS, SEED, TIMEOUT_MS } from './budget.ts'

const EVENTS = '`id` UInt32, `k` UInt8, `s` String, `v` Int32, `d` Date, `n` Nullable(Int32)'
type Target = { readonly columns: string; readonly engine: string; readonly more: string; readonly ddl: string; readonly sort: string }
const TARGETS: Readonly<Record<string, Target>> = {
  sums: { columns: '`k` UInt8, `d` Date, `hits` UInt64, `total` Int64', engine: 'SummingMergeTree', more: '', ddl: 'SummingMergeTree', sort: 'k, d' },
  states: {
    columns: '`d` Date, `c` AggregateFunction(count), `u` AggregateFunction(uniq, String), `m` SimpleAggregateFunction(max, Int32)',
    engine: 'AggregatingMergeTree', more: '', ddl: 'AggregatingMergeTree', sort: 'd',
  },
  latest: { columns: '`s` String, `id` UInt32, `v` Int32', engine: 'ReplacingMergeTree', more: 'ENGINE_VER "id"\n', ddl: 'ReplacingMergeTree(id)', sort: 's' },
  plain: { columns: '`id` UInt32, `s` String', engine: 'MergeTree', more: '', ddl: 'MergeTree', sort: 'id' },
  chained: { columns: '`k` UInt8, `n` UInt64', engine: 'SummingMergeTree', more: '', ddl: 'SummingMergeTree', sort: 'k' },
}
/** Views: their target, what they read, their query. */
const VIEWS: readonly (readonly [string, string, string])[] = [
  ['sums', 'events', 'SELECT k, d, count() AS hits, sum(toInt64(v)) AS total FROM events GROUP BY k, d'],
  ['states', 'events', 'SELECT d, countState() AS c, uniqState(s) AS u, max(v) AS m FROM events GROUP BY d'],
  ['latest', 'events', 'SELECT s, id, v FROM events'],
  ['plain', 'events', 'SELECT id, upper(s) AS s FROM events WHERE v > 0'],
  ['chained', 'plain', 'SELECT toUInt8(length(s)) AS k, count() AS n FROM plain GROUP BY k'],
]
const COPY = 'SELECT k, count() AS n, sum(v) AS v FROM events GROUP BY k'
const READS = [
  'SELECT * FROM events ORDER BY ALL', 'SELECT d, count() AS c, sum(v) AS v, countIf(n IS NULL) AS z FROM events GROUP BY d ORDER BY d',
  "SELECT id, n FROM events WHERE s = 's3' AND k > 1 ORDER BY id", 'SELECT * FROM sums FINAL ORDER BY ALL',
  'SELECT k, sum(hits) AS h, sum(total) AS t FROM sums GROUP BY k ORDER BY k', 'SELECT k, hits FROM sums FINAL WHERE total > 5 ORDER BY k, d',
  'SELECT d, finalizeAggregation(c) AS c, finalizeAggregation(u) AS u, m FROM states FINAL ORDER BY d',
  'SELECT countMerge(c) AS c, uniqMerge(u) AS u, max(m) AS m FROM states', 'SELECT * FROM latest FINAL ORDER BY ALL',
  'SELECT s, max(id) AS id FROM latest GROUP BY s ORDER BY s', "SELECT count() AS c FROM latest FINAL WHERE v > 2 AND s != 's1'",
  'SELECT * FROM plain ORDER BY ALL', 'SELECT * FROM chained FINAL ORDER BY ALL', 'SELECT k, sum(n) AS n FROM chained GROUP BY k ORDER BY k',
  'SELECT * FROM copied ORDER BY ALL', 'SELECT e.id AS id, l.v AS v FROM events AS e JOIN (SELECT * FROM latest FINAL) AS l ON e.s = l.s WHERE e.k = 2 ORDER BY id, v',
]

const datasource = (columns: string, engine: string, sort: string, partition = '', paths = false): string =>
  `SCHEMA >\n  ${columns.replaceAll(', `', ',\n  `').split('\n').map((line) => (paths ? line.replace(/`(\w+)`(.*?)(,?)$/, '`$1`$2 `json:$.$1`$3') : line)).join('\n')}\n\n`
  + `ENGINE "${engine}"\n${partition === '' ? '' : `ENGINE_PARTITION_KEY "${partition}"\n`}ENGINE_SORTING_KEY "${sort}"\n`
const PROJECT: Readonly<Record<string, string>> = {
  'events.datasource': datasource(EVENTS, 'MergeTree', 'k, id', 'toYYYYMM(d)', true),
  'copied.datasource': datasource('`k` UInt8, `n` UInt64, `v` Int64', 'MergeTree', 'k'),
  'copy.pipe': `NODE n\nSQL >\n  ${COPY}\n\nTYPE copy\nTARGET_DATASOURCE copied\nCOPY_MODE replace\nCOPY_SCHEDULE @on-demand\n`,
  ...Object.fromEntries(Object.entries(TARGETS).map(([name, { columns, engine, more, sort }]) =>
    [`${name}.datasource`, `${datasource(columns, engine, sort)}${more}`])),
  ...Object.fromEntries(VIEWS.map(([target, , sql]) => [`${target}_view.pipe`, `NODE n\nSQL >\n  ${sql}\n\nTYPE materialized\nDATASOURCE ${target}\n`])),
}

let oracle: Oracle
let root: string
beforeAll(async () => {
  oracle = await startOracle()
  root = writeProject(PROJECT)
})
afterAll(async () => {
  await oracle.close()
  rmSync(root, { recursive: true, force: true })
})

const there = async (sql: string): Promise<void> => {
  const answer = await oracle.query(sql)
  if (!answer.ok) throw new Error(`${sql.slice(0, 200)}: ${answer.error}`)
}

/** One life of a server. */
class Life {
  private readonly server: TestServer
  private readonly random: () => number
  private nextId = 1
  readonly steps: string[] = []

  constructor(server: TestServer, seed: number) {
    this.server = server
    this.random = seededRandom(seed)
  }

  private below(limit: number): number { return Math.floor(this.random() * limit) }

  private rows(count: number) {
    return Array.from({ length: count }, () => ({
      id: this.nextId++, k: this.below(5), s: `s${this.below(9)}`, v: this.below(14) - 4,
      d: `2024-0${1 + this.below(4)}-0${1 + this.below(3)}`, n: this.below(3) === 0 ? null : this.below(50),
    }))
  }

  private async done(path: string, body?: string): Promise<void> {
    const answer = await this.server.call('POST', path, body)
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`)
    type Job = { id?: string; status?: string; error?: string }
    let job = (JSON.parse(answer.text) as { job?: Job }).job ?? {}
    while (job.status === 'waiting' || job.status === 'working') {
      job = JSON.parse((await this.server.call('GET', `/v0/jobs/${job.id}`)).text) as Job
    }
    if (job.status !== undefined && job.status !== 'done') throw new Error(`${path}: ${job.status} ${job.error}`)
  }

  /** What follows from a table, by its views. */
  private following(name: string): string[] {
    return VIEWS.flatMap(([target, from]) => (from === name ? [target, ...this.following(target)] : []))
  }

  private async insert(): Promise<void> {
    const rows = this.rows(1 + this.below(this.below(10) === 0 ? 3000 : 12))
    const lines = rows.map((row) => JSON.stringify(row)).join('\n')
    await this.done('/v0/events?name=events&wait=true', lines)
    await there(`INSERT INTO events FORMAT JSONEachRow ${lines}`)
  }

  private async file(): Promise<void> {
    const isReplacing = this.below(3) === 0
    const rows = this.rows(1 + this.below(40))
    const lines = rows.map((row) => JSON.stringify(row)).join('\n')
    const csv = ['id,k,s,v,d,n', ...rows.map((row) => Object.values(row).map((value) => value ?? '').join(','))].join('\n')
    const isCsv = this.below(2) === 0
    this.steps[this.steps.length - 1] += isReplacing ? ' replace' : ' append'
    await this.done(`/v0/datasources?name=events&mode=${isReplacing ? 'replace' : 'append'}&format=${isCsv ? 'csv' : 'ndjson'}`, isCsv ? `${csv}\n` : lines)
    if (isReplacing) for (const name of ['events', ...this.following('events')]) await there(`TRUNCATE TABLE ${name}`)
    await there(`INSERT INTO events FORMAT JSONEachRow ${lines}`)
  }

  private async delete(): Promise<void> {
    const [name, condition] = [
      ['events', `k = ${this.below(5)} AND v > ${this.below(6)}`], ['events', `id % 7 = ${this.below(7)}`],
      ['events', `d = '2024-0${1 + this.below(4)}-01' OR n IS NULL AND k = 1`], ['sums', `k = ${this.below(5)}`],
      ['latest', `s = 's${this.below(9)}'`], ['plain', `id < ${this.below(this.nextId)}`], ['chained', `k = ${this.below(4)}`],
    ][this.below(7)]
    this.steps[this.steps.length - 1] += ` ${name} ${condition}`
    await this.done(`/v0/datasources/${name}/delete?delete_condition=${encodeURIComponent(condition)}`)
    await there(`ALTER TABLE ${name} DELETE WHERE ${condition} SETTINGS mutations_sync = 2`)
  }

  private async truncate(): Promise<void> {
    const name = ['events', ...Object.keys(TARGETS), 'copied'][this.below(7)]
    this.steps[this.steps.length - 1] += ` ${name}`
    await this.done(`/v0/datasources/${name}/truncate`)
    await there(`TRUNCATE TABLE ${name}`)
  }

  private async copy(): Promise<void> {
    const isReplacing = this.below(2) === 0
    await this.done(`/v0/pipes/copy/copy?_mode=${isReplacing ? 'replace' : 'append'}`)
    if (isReplacing) await there('TRUNCATE TABLE copied')
    await there(`INSERT INTO copied ${COPY}`)
  }

  private async rebuild(): Promise<void> {
    const [target, , sql] = VIEWS[this.below(VIEWS.length)]
    this.steps[this.steps.length - 1] += ` ${target}`
    await this.done(`/v0/pipes/${target}_view/rebuild`)
    for (const name of [target, ...this.following(target)]) await there(`TRUNCATE TABLE ${name}`)
    await there(`INSERT INTO ${target} ${sql}`)
  }

  private async restart(): Promise<void> {
    await this.server.stop(this.below(2) === 0 ? 'SIGKILL' : 'SIGTERM')
    await this.server.start()
  }

  async step(): Promise<void> {
    const what = this.below(100)
    const [name, run] = what < 45 ? ['insert', () => this.insert()] as const
      : what < 60 ? ['file', () => this.file()] as const
        : what < 73 ? ['delete', () => this.delete()] as const
          : what < 79 ? ['truncate', () => this.truncate()] as const
            : what < 86 ? ['copy', () => this.copy()] as const
              : what < 92 ? ['rebuild', () => this.rebuild()] as const : ['restart', () => this.restart()] as const
    this.steps.push(name)
    await run()
    const reads = name === 'insert' ? READS.filter(() => this.below(3) === 0) : READS
    for (const sql of reads) {
      const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`, 'JSON')
      if (!answer.ok) throw new Error(`${sql}: ${answer.error}`)
      expect(await this.server.rows(sql), sql).toEqual((JSON.parse(answer.text) as { data: unknown }).data)
    }
  }
}

async function live(seed: number, end: number): Promise<void> {
  for (const [target] of VIEWS) await there(`DROP TABLE IF EXISTS ${target}_mv`)
  for (const name of ['events', 'copied', ...Object.keys(TARGETS)]) await there(`DROP TABLE IF EXISTS ${name}`)
  await there(`CREATE TABLE events (${EVENTS}) ENGINE = MergeTree PARTITION BY toYYYYMM(d) ORDER BY (k, id)`)
  await there('CREATE TABLE copied (`k` UInt8, `n` UInt64, `v` Int64) ENGINE = MergeTree ORDER BY k')
  for (const [name, { columns, ddl, sort }] of Object.entries(TARGETS)) await there(`CREATE TABLE ${name} (${columns}) ENGINE = ${ddl} ORDER BY (${sort})`)
  for (const [target, , sql] of VIEWS) await there(`CREATE MATERIALIZED VIEW ${target}_mv TO ${target} AS ${sql}`)
  const server = await new TestServer(root).start()
  const life = new Life(server, seed)
  try {
    for (let step = 0; step < 40 && Date.now() < end; step++) await life.step()
  } catch (error) {
    throw new Error(`seed ${seed}, after ${life.steps.join('; ')}: ${(error as Error).message}`, { cause: error })
  } finally {
    await server.remove()
  }
}

it('answers as ClickHouse does after whatever happens to a server', async () => {
  const end = Date.now() + BUDGET_MS
  for (let seed = SEED * 1000; Date.now() < end; seed++) await live(seed, end)
}, TIMEOUT_MS)
