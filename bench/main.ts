// `npm run bench -- --rows N`: Pipit beside ClickHouse and DuckDB, in one run, on the same rows, two
// threads each; answers are compared before a time is printed.
//
//   generate -> load into all three -> each query on all three, bounds moved every repetition -> table

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dataFile } from './data-file.ts'
import { FIRST_SECOND, formatSecond, LAST_SECOND, userCount, type EventSet } from './generator.ts'
import { Peer, type Timed } from './peers.ts'
import { QUERIES, type BenchQuery, type Engine } from './queries.ts'
import { sendFile } from './sender.ts'
import { root, Server } from './server.ts'

const REPETITIONS = 5
const SETTLE_MS = 8000
const PROJECTS: Readonly<Record<EventSet, string>> = { app_events: 'bench/projects/app', hard_events: 'bench/projects/hard' }

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' }, json: { type: 'string' },
    set: { type: 'string', multiple: true, default: ['app_events', 'hard_events'] },
  },
})

const say = (text: string): void => { process.stderr.write(`${text}\n`) }

/** The statement of a repetition. */
function statement(query: BenchQuery, engine: Engine, set: EventSet, repetition: number): string {
  const month = Date.UTC(2024, 4, 1) / 1000
  const from = query.range === 'all' ? FIRST_SECOND - 10 : month
  const to = query.range === 'all' ? LAST_SECOND : month + 31 * 86_400 - 1
  return (engine === 'duckdb' ? query.duckdb : query.sql)
    .replaceAll('{table}', set).replaceAll('{user}', `user_${(repetition + 3) * 7919 % userCount(Number(options.rows))}`)
    .replaceAll('{from}', formatSecond(from + repetition)).replaceAll('{to}', formatSecond(to + repetition))
}

/** Rows as text that does not depend on how an engine writes numbers; floats to nine digits. */
function comparable(rows: readonly unknown[]): string {
  return JSON.stringify(rows, (_key, value: unknown) => {
    if (typeof value === 'string' && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) return Number(Number(value).toPrecision(9))
    return typeof value === 'number' ? Number(value.toPrecision(9)) : value
  })
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

const ENGINES: readonly Engine[] = ['clickhouse', 'duckdb', 'pipit']
type Ask = (engine: Engine, sql: string) => Promise<Timed>

export type Line = { readonly set: EventSet; readonly work: string } & Readonly<Record<Engine, number>>

/** Medians of one query on all engines, in turn; throws when exact answers differ. */
async function measure(query: BenchQuery, set: EventSet, ask: Ask): Promise<Line> {
  const times: Record<Engine, number[]> = { clickhouse: [], duckdb: [], pipit: [] }
  for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
    const answers: string[] = []
    for (const engine of ENGINES) {
      const { ms, rows } = await ask(engine, statement(query, engine, set, repetition))
      if (repetition > 0) times[engine].push(ms)
      answers.push(comparable(rows))
    }
    if (query.isExact && new Set(answers).size > 1) {
      throw new Error(`${set}, ${query.name}: answers differ\n${ENGINES.map((engine, index) => (
        `${engine}: ${answers[index].slice(0, 400)}`)).join('\n')}`)
    }
  }
  return {
    set, work: query.name, clickhouse: median(times.clickhouse), duckdb: median(times.duckdb), pipit: median(times.pipit),
  }
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name)
    return sum + (entry.isDirectory() ? folderBytes(path) : statSync(path).size)
  }, 0)
}

async function benchSet(set: EventSet, rows: number, lines: Line[]): Promise<void> {
  const file = dataFile(set, rows)
  const folder = mkdtempSync(join(tmpdir(), 'pipit-bench-'))
  const peers = {
    clickhouse: await Peer.start('clickhouse', root, folder), duckdb: await Peer.start('duckdb', root, folder),
  }
  const server = await Server.start(PROJECTS[set], join(folder, 'pipit'))
  try {
    say(`loading ${rows} ${set} …`)
    const clickhouse = await peers.clickhouse.load(set, file)
    const duckdb = await peers.duckdb.load(set, file)
    const before = server.usage().cpuSeconds
    const sent = await sendFile(server.port, server.token, set, file)
    if (sent.rows !== rows) throw new Error(`pipit took ${sent.rows} of ${rows} rows, ${sent.quarantined} in quarantine`)
    add(lines, { set, work: 'load', clickhouse, duckdb, pipit: sent.seconds * 1000 })
    const cpu = (server.usage().cpuSeconds - before) / (rows / 1e6)
    say(`  pipit: ${(rows / sent.seconds / 1e6).toFixed(2)} M rows/s, ${cpu.toFixed(2)} CPU s a million rows`)
    // Flushes and merges of all three end; the queries then find what a server at rest has.
    await new Promise((resolve) => { setTimeout(resolve, SETTLE_MS) })
    for (const query of QUERIES) {
      const ask: Ask = (engine, sql) => engine === 'pipit' ? server.query(sql) : peers[engine].query(sql)
      try {
        add(lines, await measure(query, set, ask))
      } catch (error) {
        say(`  ${query.name}: ${(error as Error).message}`)
        process.exitCode = 1
      }
    }
    say(`  pipit: peak ${(server.usage().peakBytes / 2 ** 20).toFixed(0)} MiB resident, `
      + `${(folderBytes(join(folder, 'pipit')) / rows).toFixed(1)} bytes an event on disk (log included)`)
  } finally {
    await server.stop()
    peers.clickhouse.close()
    peers.duckdb.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function add(lines: Line[], line: Line): void {
  lines.push(line)
  const cell = (ms: number) => `${ms.toFixed(ms < 100 ? 1 : 0)} ms`.padStart(11)
  const ratio = Math.min(line.clickhouse, line.duckdb) / line.pipit
  process.stdout.write(`${line.set.padEnd(12)} ${line.work.padEnd(26)}${cell(line.clickhouse)}${cell(line.duckdb)}`
    + `${cell(line.pipit)}   ${ratio.toFixed(2)}x\n`)
}

const rows = Number(options.rows)
if (!Number.isInteger(rows) || rows < 1000) {
  say(`--rows is '${options.rows}'; give a whole number from 1000 on`)
  process.exit(2)
}
const lines: Line[] = []
process.stdout.write(`${'set'.padEnd(12)} ${'work'.padEnd(26)}${'ClickHouse'.padStart(11)}${'DuckDB'.padStart(11)}`
  + `${'Pipit'.padStart(11)}   better peer / Pipit\n`)
for (const set of options.set as EventSet[]) await benchSet(set, rows, lines)
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ rows, lines }, null, 2)}\n`)
