// `npm run bench:engines -- --rows N`: files in, materialized views and FINAL, Pipit beside ClickHouse
// (and DuckDB where it has the like), in one run on the same rows, two threads each; answers are compared
// before a time is printed.
//
//   events -> CSV, Parquet -> import into all three
//   events -> a table with three views -> load; the hourly view beside the raw query
//   events -> a table of the newest row a key -> FINAL

import { createReadStream, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { request } from 'undici'
import { dataFile } from '../data-file.ts'
import { optionsOf } from '../options.ts'
import { Peer, type Timed } from '../peers.ts'
import { sendFile } from '../sender.ts'
import { root, Server } from '../server.ts'
import { SETS } from '../sets.ts'

const REPETITIONS = 5
const SETTLE_MS = 5000
const TYPES = SETS.app_events.columns.map(({ name, type }) => `${name} ${type}`).join(', ')

/** As the project's files say it. */
const VIEWS: readonly { readonly target: string; readonly columns: string; readonly engine: string; readonly sort: string; readonly sql: string }[] = [
  {
    target: 'hourly', engine: 'AggregatingMergeTree', sort: 'hour, feature, event_type',
    columns: 'hour DateTime, feature LowCardinality(String), event_type LowCardinality(String), events AggregateFunction(count), '
      + 'users AggregateFunction(uniq, String), sessions AggregateFunction(uniq, String)',
    sql: 'SELECT toStartOfHour(timestamp) AS hour, feature, event_type, countState() AS events, uniqState(user_id) AS users, '
      + 'uniqState(session_id) AS sessions FROM app_events GROUP BY hour, feature, event_type',
  },
  {
    target: 'daily_users', engine: 'SummingMergeTree', sort: 'day, user_id', columns: 'day Date, user_id String, events UInt64',
    sql: 'SELECT toDate(timestamp) AS day, user_id, count() AS events FROM app_events GROUP BY day, user_id',
  },
  {
    target: 'clicks', engine: 'MergeTree', sort: 'timestamp', columns: 'timestamp DateTime, user_id String, feature String',
    sql: "SELECT timestamp, user_id, feature FROM app_events WHERE event_type = 'click'",
  },
]
const RAW = 'SELECT toStartOfWeek(timestamp) AS week, count() AS c FROM app_events GROUP BY week ORDER BY week'
const VIEWED = 'SELECT toStartOfWeek(hour) AS week, countMerge(events) AS c FROM hourly GROUP BY week ORDER BY week'
const FINALS = {
  'FINAL, all rows': 'SELECT count() AS c, sum(toUnixTimestamp(timestamp)) AS s, uniqExact(user_id) AS u FROM latest FINAL',
  'FINAL, some rows': "SELECT feature, count() AS c FROM latest FINAL WHERE timestamp >= '2024-06-01 00:00:00' GROUP BY feature ORDER BY feature",
}

const options = optionsOf('bench:engines', 'files in, materialized views and FINAL beside the peers', {
  rows: { type: 'string', default: '1000000', says: 'events' },
})
const rows = Number(options.rows)
const say = (text: string): void => { process.stderr.write(`${text}\n`) }
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const cell = (ms: number | null): string => (ms === null ? '–' : `${ms.toFixed(ms < 100 ? 1 : 0)} ms`).padStart(11)

function line(work: string, clickhouse: number, duckdb: number | null, pipit: number): void {
  const ratio = Math.min(clickhouse, duckdb ?? clickhouse) / pipit
  process.stdout.write(`${work.padEnd(34)}${cell(clickhouse)}${cell(duckdb)}${cell(pipit)}   ${ratio.toFixed(2)}x\n`)
}

const textOf = (found: readonly unknown[]): string => JSON.stringify(found, (_key, value: unknown) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value))

async function same(work: string, ...answers: readonly Promise<Timed>[]): Promise<readonly number[]> {
  const all = await Promise.all(answers)
  const texts = new Set(all.map(({ rows: found }) => textOf(found)))
  if (texts.size > 1) throw new Error(`${work}: answers differ\n${[...texts].map((text) => text.slice(0, 300)).join('\n')}`)
  return all.map(({ ms }) => ms)
}

type World = { readonly folder: string; readonly file: string; readonly server: Server; readonly clickhouse: Peer; readonly duckdb: Peer }

async function imports({ folder, file, server, clickhouse, duckdb }: World): Promise<void> {
  const files = { csv: join(folder, 'events.csv'), parquet: join(folder, 'events.parquet') }
  await clickhouse.query(`INSERT INTO FUNCTION file('${files.csv}', CSVWithNames) SELECT * FROM file('${file}', 'JSONEachRow', '${TYPES}')`)
  await clickhouse.query(`INSERT INTO FUNCTION file('${files.parquet}', Parquet) SELECT * FROM file('${file}', 'JSONEachRow', '${TYPES}')`)
  for (const [format, path] of Object.entries(files)) {
    await clickhouse.query('DROP TABLE IF EXISTS imported')
    await clickhouse.query(`CREATE TABLE imported (${TYPES}) ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (timestamp, user_id, event_type)`)
    const theirs = await clickhouse.query(`INSERT INTO imported SELECT * FROM file('${path}', '${format === 'csv' ? 'CSVWithNames' : 'Parquet'}', '${TYPES}')`)
    await duckdb.query('DROP TABLE IF EXISTS imported')
    const others = await duckdb.query(`CREATE TABLE imported AS SELECT * FROM ${format === 'csv' ? 'read_csv' : 'read_parquet'}('${path}')`)
    const url = `http://127.0.0.1:${server.port}/v0/datasources`
    const authorization = `Bearer ${server.token}`
    // As theirs: the table is emptied before the time counts.
    await (await request(`${url}/app_events/truncate`, { method: 'POST', headers: { authorization } })).body.text()
    const cpu = server.usage().cpuSeconds
    const began = performance.now()
    const answer = await request(`${url}?name=app_events&mode=append&format=${format}`, {
      method: 'POST', body: createReadStream(path, { highWaterMark: 2 ** 20 }), headersTimeout: 0, bodyTimeout: 0,
      headers: { authorization, 'content-length': String(statSync(path).size) },
    })
    const counts = await answer.body.json() as { successful_rows?: number; error?: unknown }
    if (counts.successful_rows !== rows) throw new Error(`pipit took ${String(counts.successful_rows)} of ${rows} rows of ${format}: ${String(counts.error)}`)
    line(`import ${format}`, theirs.ms, others.ms, performance.now() - began)
    const check = 'SELECT count() AS c, uniqExact(user_id) AS u, min(timestamp) AS a, max(metadata) AS b FROM {t}'
    await same(`import ${format}`, clickhouse.query(check.replace('{t}', 'imported')), server.query(check.replace('{t}', 'app_events')))
    const { cpuSeconds, peakBytes } = server.usage()
    say(`  ${format}: ${(statSync(path).size / 2 ** 20).toFixed(0)} MiB; pipit ${((cpuSeconds - cpu) / (rows / 1e6)).toFixed(2)} CPU s a million rows, peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB resident`)
  }
}

async function views({ file, server, clickhouse }: World): Promise<void> {
  await clickhouse.query(`CREATE TABLE app_events (${TYPES}) ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (timestamp, user_id, event_type)`)
  for (const { target, columns, engine, sort, sql } of VIEWS) {
    await clickhouse.query(`CREATE TABLE ${target} (${columns}) ENGINE = ${engine} ORDER BY (${sort})`)
    await clickhouse.query(`CREATE MATERIALIZED VIEW ${target}_view TO ${target} AS ${sql}`)
  }
  const theirs = await clickhouse.query(`INSERT INTO app_events SELECT * FROM file('${file}', 'JSONEachRow', '${TYPES}')`)
  const cpu = server.usage().cpuSeconds
  const sent = await sendFile(server.port, server.token, 'app_events', file)
  if (sent.rows !== rows) throw new Error(`pipit took ${sent.rows} of ${rows} rows`)
  line('load with three views', theirs.ms, null, sent.seconds * 1000)
  say(`  pipit ${((server.usage().cpuSeconds - cpu) / (rows / 1e6)).toFixed(2)} CPU s a million rows`)
  await new Promise((resolve) => { setTimeout(resolve, SETTLE_MS) })
  for (const [work, sql] of [['raw: events by week', RAW], ['hourly view: events by week', VIEWED]] as const) await queries(work, sql, server, clickhouse)
  const raw = await server.query(RAW) // one connection: one call at a time
  await same('views', Promise.resolve(raw), server.query(VIEWED))
  await same('daily users', ...[server, clickhouse].map((engine) => engine.query('SELECT count() AS c, sum(events) AS s FROM daily_users FINAL')))
}

async function queries(work: string, sql: string, server: Server, clickhouse: Peer): Promise<void> {
  const times: [number[], number[]] = [[], []]
  for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
    const theirs = await clickhouse.query(sql)
    const [, ours] = await same(work, Promise.resolve(theirs), server.query(sql))
    if (repetition === 0) say(`  ${work}, first: ClickHouse ${theirs.ms.toFixed(1)} ms, Pipit ${ours.toFixed(1)} ms`)
    else times.forEach((list, index) => list.push(index === 0 ? theirs.ms : ours))
  }
  line(work, median(times[0]), null, median(times[1]))
}

const QUARTERS = 4

/** Every fourth line of a file, from each of the first four on. */
function quarters(file: string, folder: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n').filter((line) => line !== '')
  return Array.from({ length: QUARTERS }, (_, quarter) => {
    const path = join(folder, `quarter-${quarter}.ndjson`)
    writeFileSync(path, lines.filter((_line, index) => index % QUARTERS === quarter).map((line) => `${line}\n`).join(''))
    return path
  })
}

async function finals({ folder, file, server, clickhouse }: World): Promise<void> {
  await clickhouse.query(`CREATE TABLE latest (${TYPES}) ENGINE = ReplacingMergeTree(timestamp) ORDER BY (user_id, feature, event_type)`)
  await clickhouse.query('SYSTEM STOP MERGES latest')
  // Four times rows of all keys: what the pauses let become segments overlaps.
  for (const quarter of quarters(file, folder)) {
    await clickhouse.query(`INSERT INTO latest SELECT * FROM file('${quarter}', 'JSONEachRow', '${TYPES}')`)
    await sendFile(server.port, server.token, 'latest', quarter)
    await new Promise((resolve) => { setTimeout(resolve, SETTLE_MS) })
  }
  for (const [work, sql] of Object.entries(FINALS)) await queries(work, sql, server, clickhouse)
}

const folder = mkdtempSync(join(tmpdir(), 'pipit-bench-'))
const clickhouse = await Peer.start('clickhouse', root, folder)
const duckdb = await Peer.start('duckdb', root, folder)
process.stdout.write(`${`${rows} rows`.padEnd(34)}${'ClickHouse'.padStart(11)}${'DuckDB'.padStart(11)}${'Pipit'.padStart(11)}   better peer / Pipit\n`)
try {
  for (const [project, work] of [['bench/projects/app', imports], ['bench/projects/views', views], ['bench/projects/views', finals]] as const) {
    const server = await Server.start(project, join(folder, work.name))
    try {
      await work({ folder, file: dataFile('app_events', rows), server, clickhouse, duckdb })
    } finally {
      await server.stop()
    }
  }
} finally {
  clickhouse.close()
  duckdb.close()
  rmSync(folder, { recursive: true, force: true })
}
