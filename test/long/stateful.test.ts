// A server over its life, beside ClickHouse: a random project (tables of some engines, partitions, views and
// chains of views, whose conditions and keys are random, too), random inserts, files, deletes, truncates, copies, rebuilds,
// replays of nothing, restarts and kills over HTTP, the same steps there, and after each the answers of
// queries over tables of every engine, with and without FINAL. Everything follows from the seed.

import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom } from '../../storage/disk/simulated-disk.ts'
import { TestServer, writeProject } from '../http/server.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { BUDGET_MS, SEED, TIMEOUT_MS } from './budget.ts'

const EVENTS = '`id` UInt32, `k` UInt8, `s` String, `v` Int32, `d` Date, `n` Nullable(Int32)'
type Below = (limit: number) => number
/** A table that a view of another fills. `reads`: statements over it. */
type Target = {
  readonly columns: string; readonly engine: string; readonly more?: string; readonly ddl?: string; readonly sorts: readonly string[]
  readonly from: string; readonly sql: (below: Below) => string; readonly reads: readonly string[]
}
const SUMS: Target['reads'] = [
  'SELECT * FROM {t} FINAL ORDER BY ALL', 'SELECT k, sum(hits) AS h, sum(total) AS t FROM {t} GROUP BY k ORDER BY k',
  'SELECT k, hits FROM {t} FINAL WHERE total > 5 ORDER BY ALL',
]
const LATEST: Target['reads'] = [
  'SELECT * FROM {t} FINAL ORDER BY ALL', 'SELECT s, max(id) AS id FROM {t} GROUP BY s ORDER BY s', "SELECT count() AS c FROM {t} FINAL WHERE v > 2 AND s != 's1'",
  'SELECT e.id AS id, l.v AS v FROM events AS e JOIN (SELECT * FROM {t} FINAL) AS l ON e.s = l.s WHERE e.k = 2 ORDER BY id, v',
]
const STATES: Target['reads'] = [
  'SELECT d, finalizeAggregation(c) AS c, finalizeAggregation(u) AS u, m FROM {t} FINAL ORDER BY d, c',
  'SELECT countMerge(c) AS c, uniqExactMerge(u) AS u, max(m) AS m FROM {t}', 'SELECT d, uniqExactMerge(u) AS u FROM {t} GROUP BY d ORDER BY d',
]
const PLAIN: Target['reads'] = ['SELECT * FROM {t} ORDER BY ALL', 'SELECT count() AS c FROM {t}']
const COUNTS: Target['reads'] = ['SELECT * FROM {t} FINAL ORDER BY ALL', 'SELECT k, sum(n) AS n FROM {t} GROUP BY k ORDER BY k']
const TARGETS: Readonly<Record<string, Target>> = {
  sums: {
    columns: '`k` UInt8, `d` Date, `hits` UInt64, `total` Int64', engine: 'SummingMergeTree', sorts: ['k, d', 'd, k'], from: 'events', reads: SUMS,
    sql: (below) => `SELECT k, d, count() AS hits, sum(toInt64(v)) AS total FROM events WHERE id % ${1 + below(3)} = 0 GROUP BY k, d`,
  },
  some_sums: {
    columns: '`k` UInt8, `d` Date, `hits` UInt64, `total` Int64', engine: 'SummingMergeTree', more: 'ENGINE_COLUMNS "hits, total"\n', ddl: 'SummingMergeTree((hits, total))',
    sorts: ['k, d'], from: 'events', reads: SUMS, sql: (below) => `SELECT k, d, toUInt64(1) AS hits, toInt64(v) AS total FROM events WHERE v > ${below(6) - 3}`,
  },
  states: {
    columns: '`d` Date, `c` AggregateFunction(count), `u` AggregateFunction(uniqExact, String), `m` SimpleAggregateFunction(max, Int32)',
    engine: 'AggregatingMergeTree', sorts: ['d'], from: 'events', reads: STATES,
    sql: (below) => `SELECT d, countState() AS c, uniqExactState(s) AS u, max(v) AS m FROM events WHERE k != ${below(6)} GROUP BY d`,
  },
  latest: {
    columns: '`s` String, `id` UInt32, `v` Int32', engine: 'ReplacingMergeTree', more: 'ENGINE_VER "id"\n', ddl: 'ReplacingMergeTree(id)', sorts: ['s'],
    from: 'events', reads: LATEST, sql: (below) => `SELECT s, id, v FROM events WHERE v < ${4 + below(7)}`,
  },
  living: {
    columns: '`s` String, `id` UInt32, `v` Int32, `gone` UInt8', engine: 'ReplacingMergeTree', more: 'ENGINE_VER "id"\nENGINE_IS_DELETED "gone"\n',
    ddl: 'ReplacingMergeTree(id, gone)', sorts: ['s'], from: 'events', reads: [LATEST[0], LATEST[2], LATEST[3]],
    sql: (below) => `SELECT s, id, v, toUInt8(v > ${2 + below(5)}) AS gone FROM events`,
  },
  plain: {
    columns: '`id` UInt32, `s` String', engine: 'MergeTree', sorts: ['id', 's, id'], from: 'events', reads: PLAIN,
    sql: (below) => `SELECT id, upper(s) AS s FROM events WHERE v > ${below(4)}`,
  },
  unfolded: {
    columns: '`id` UInt32, `s` String', engine: 'MergeTree', sorts: ['id', 's'], from: 'events', reads: PLAIN,
    sql: (below) => `SELECT id, arrayJoin(splitByChar('${1 + below(5)}', s)) AS s FROM events`,
  },
  chained: {
    columns: '`k` UInt8, `n` UInt64', engine: 'SummingMergeTree', sorts: ['k'], from: 'plain', reads: COUNTS,
    sql: (below) => `SELECT toUInt8(id % ${1 + below(4)}) AS k, count() AS n FROM plain GROUP BY k`,
  },
  chained_sums: {
    columns: '`k` UInt8, `n` UInt64', engine: 'SummingMergeTree', sorts: ['k'], from: 'sums', reads: COUNTS,
    sql: () => 'SELECT k, sum(hits) AS n FROM sums GROUP BY k',
  },
  chained_again: {
    columns: '`k` UInt8, `n` UInt64', engine: 'MergeTree', sorts: ['k'], from: 'chained', reads: [COUNTS[1]], sql: () => 'SELECT k, n FROM chained WHERE k < 3',
  },
}
const COPY = 'SELECT k, count() AS n, sum(v) AS v FROM events GROUP BY k'
const READS = [
  'SELECT * FROM events ORDER BY ALL', 'SELECT d, count() AS c, sum(v) AS v, countIf(n IS NULL) AS z FROM events GROUP BY d ORDER BY d',
  "SELECT id, n FROM events WHERE s = 's3' AND k > 1 ORDER BY id", 'SELECT * FROM copied ORDER BY ALL',
]

const datasource = (columns: string, engine: string, sort: string, partition = '', paths = false): string =>
  `SCHEMA >\n  ${columns.replaceAll(', `', ',\n  `').split('\n').map((line) => (paths ? line.replace(/`(\w+)`(.*?)(,?)$/, '`$1`$2 `json:$.$1`$3') : line)).join('\n')}\n\n`
  + `ENGINE "${engine}"\n${partition === '' ? '' : `ENGINE_PARTITION_KEY "${partition}"\n`}ENGINE_SORTING_KEY "${sort}"\n`

/** Steps of a life: then another project comes. */
const STEPS = 40

/** What one life is about; all of it follows from the seed. */
class Project {
  readonly targets: readonly string[]
  readonly views = new Map<string, string>()
  readonly reads: readonly string[]
  readonly files: Record<string, string>
  readonly statements: string[]

  constructor(below: Below) {
    const chosen = new Set(Object.keys(TARGETS).filter(() => below(2) === 0))
    for (const name of Object.keys(TARGETS).reverse()) if (chosen.has(name) && TARGETS[name].from in TARGETS) chosen.add(TARGETS[name].from)
    this.targets = Object.keys(TARGETS).filter((name) => chosen.has(name))
    this.reads = [...READS, ...this.targets.flatMap((name) => TARGETS[name].reads.map((sql) => sql.replaceAll('{t}', name)))]
    const [eventsPartition, eventsSort] = [['toYYYYMM(d)', '', 'k'][below(3)], ['k, id', 'id', 's, d'][below(3)]]
    const by = (partition: string) => (partition === '' ? '' : ` PARTITION BY ${partition}`)
    this.files = {
      'events.datasource': datasource(EVENTS, 'MergeTree', eventsSort, eventsPartition, true),
      'copied.datasource': datasource('`k` UInt8, `n` UInt64, `v` Int64', 'MergeTree', 'k'),
      'copy.pipe': `NODE n\nSQL >\n  ${COPY}\n\nTYPE copy\nTARGET_DATASOURCE copied\nCOPY_MODE replace\nCOPY_SCHEDULE @on-demand\n`,
    }
    this.statements = [
      `CREATE TABLE events (${EVENTS}) ENGINE = MergeTree${by(eventsPartition)} ORDER BY (${eventsSort})`,
      'CREATE TABLE copied (`k` UInt8, `n` UInt64, `v` Int64) ENGINE = MergeTree ORDER BY k',
    ]
    for (const name of this.targets) {
      const { columns, engine, more = '', ddl = engine, sorts, sql } = TARGETS[name]
      const sort = sorts[below(sorts.length)]
      const partition = columns.includes('`d` Date') && below(2) === 0 ? 'toYYYYMM(d)' : ''
      const text = sql(below)
      this.views.set(name, text)
      this.files[`${name}.datasource`] = `${datasource(columns, engine, sort, partition)}${more}`
      this.files[`${name}_view.pipe`] = `NODE n\nSQL >\n  ${text}\n\nTYPE materialized\nDATASOURCE ${name}\n`
      this.statements.push(`CREATE TABLE ${name} (${columns}) ENGINE = ${ddl}${by(partition)} ORDER BY (${sort})`)
    }
    for (const [name, text] of this.views) this.statements.push(`CREATE MATERIALIZED VIEW ${name}_mv TO ${name} AS ${text}`)
  }
}

let oracle: Oracle
beforeAll(async () => { oracle = await startOracle() })
afterAll(() => oracle.close())

const there = async (sql: string): Promise<void> => {
  const answer = await oracle.query(sql)
  if (!answer.ok) throw new Error(`${sql.slice(0, 200)}: ${answer.error}`)
}

/** One life of a server. */
class Life {
  private readonly server: TestServer
  private readonly project: Project
  private readonly below: Below
  private nextId = 1
  readonly steps: string[] = []

  constructor(server: TestServer, project: Project, below: Below) {
    this.server = server
    this.project = project
    this.below = below
  }

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
    return this.project.targets.flatMap((target) => (TARGETS[target].from === name ? [target, ...this.following(target)] : []))
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
    const where: Readonly<Record<string, string>> = {
      sums: `k = ${this.below(5)}`, some_sums: `k = ${this.below(5)}`, states: `d = '2024-0${1 + this.below(4)}-01'`, latest: `s = 's${this.below(9)}'`,
      living: `s = 's${this.below(9)}'`, plain: `id < ${this.below(this.nextId)}`, unfolded: `id % 5 = ${this.below(5)}`,
    }
    const name = this.below(2) === 0 ? 'events' : this.project.targets[this.below(Math.max(1, this.project.targets.length))] ?? 'events'
    const condition = name !== 'events' ? where[name] ?? `k = ${this.below(4)}` : [
      `k = ${this.below(5)} AND v > ${this.below(6)}`, `id % 7 = ${this.below(7)}`, `d = '2024-0${1 + this.below(4)}-01' OR n IS NULL AND k = 1`][this.below(3)]
    this.steps[this.steps.length - 1] += ` ${name} ${condition}`
    await this.done(`/v0/datasources/${name}/delete?delete_condition=${encodeURIComponent(condition)}`)
    await there(`ALTER TABLE ${name} DELETE WHERE ${condition} SETTINGS mutations_sync = 2`)
  }

  private async truncate(): Promise<void> {
    const all = ['events', ...this.project.targets, 'copied']
    const name = all[this.below(all.length)]
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
    const [target, sql] = [...this.project.views][this.below(Math.max(1, this.project.views.size))] ?? []
    if (target === undefined) return
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
    const { reads: all } = this.project
    const reads = name === 'insert' ? all.filter(() => this.below(3) === 0) : all
    for (const sql of reads) {
      const answer = await oracle.query(`${sql} SETTINGS output_format_json_quote_64bit_integers = 0`, 'JSON')
      if (!answer.ok) throw new Error(`${sql}: ${answer.error}`)
      expect(await this.server.rows(sql), sql).toEqual((JSON.parse(answer.text) as { data: unknown }).data)
    }
  }
}

async function live(seed: number, end: number): Promise<void> {
  const random = seededRandom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  const project = new Project(below)
  for (const name of Object.keys(TARGETS)) await there(`DROP TABLE IF EXISTS ${name}_mv`)
  for (const name of ['events', 'copied', ...Object.keys(TARGETS)]) await there(`DROP TABLE IF EXISTS ${name}`)
  for (const statement of project.statements) await there(statement)
  const root = writeProject(project.files)
  const server = await new TestServer(root).start()
  const life = new Life(server, project, below)
  try {
    for (let step = 0; step < STEPS && Date.now() < end; step++) await life.step()
  } catch (error) {
    throw new Error(`seed ${seed} (${project.targets.join()}), after ${life.steps.join('; ')}: ${(error as Error).message}`, { cause: error })
  } finally {
    await server.remove()
    rmSync(root, { recursive: true, force: true })
  }
}

it('answers as ClickHouse does after whatever happens to a server', async () => {
  const end = Date.now() + BUDGET_MS
  for (let seed = SEED * 1000; Date.now() < end; seed++) await live(seed, end)
}, TIMEOUT_MS)
