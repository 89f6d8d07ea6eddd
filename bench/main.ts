// `npm run bench -- --rows N`: Pipit beside ClickHouse and DuckDB, in one run, on the same rows, two
// threads each; answers are compared before a time is printed.
//
//   generate -> load into all three -> each query on all three, bounds moved every repetition -> table
//
// --check fails when a line's ratio is below 0.7 of the accepted one for so many rows, or the mean of all
// below 0.8: best times of more repetitions, and what seems slower is measured again. --record writes the
// run to bench/results/ and accepts its ratios (with --check: measured as it does).

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dataFile } from './data-file.ts'
import { accepted, describeRun, meanShare, meanWaiting, nameOf, ratioOf, record, slowerLines, type Ratios } from './history.ts'
import { ENGINES, lineOf, measure, type Ask, type Line, type Sample, type Samples } from './measure.ts'
import { Peer, type Timed } from './peers.ts'
import { optionsOf } from './options.ts'
import { CORE_QUERIES, type BenchQuery, type Engine } from './queries.ts'
import { sendFile } from './sender.ts'
import { root, Server } from './server.ts'
import { SETS, type SetName } from './sets.ts'
import { STRONG_QUERIES } from './strong-queries.ts'
import { settle, threadTimes } from './thread-times.ts'

const REPETITIONS = 5
/** A check looks at the best of so many, and of so many loads: noise only adds. */
const CHECK_REPETITIONS = 11
const CHECK_LOADS = 4
/** What seems slower is measured again behind all other lines, so often: noise comes in bursts. */
const CHECK_AGAIN = 3
/** No more of it after this time of a set: continuous integration has minutes. */
const CHECK_MS_MAX = 60_000

const options = optionsOf('bench', 'Pipit beside ClickHouse and DuckDB on the same rows', {
  rows: { type: 'string', default: '1000000', says: 'rows of each set' },
  set: { type: 'string', multiple: true, says: 'one set of rows; again for more' },
  only: { type: 'string', default: '', says: 'lines whose name has this text' },
  quick: { type: 'boolean', says: "the pipes' lines alone" },
  check: { type: 'boolean', says: 'fails where a line has become slower than what was accepted' },
  record: { type: 'boolean', says: 'keeps the run in bench/results and accepts its ratios' },
  json: { type: 'string', says: 'writes the run to this file' },
})

const say = (text: string): void => { process.stderr.write(`${text}\n`) }

function fail(message: string): never {
  say(message)
  process.exit(2)
}

const rows = Number(options.rows)
if (!Number.isInteger(rows) || rows < 1000) fail(`--rows is '${options.rows}'; give a whole number from 1000 on`)
const names = options.set ?? (options.quick ? ['app_events', 'hard_events'] : Object.keys(SETS))
for (const name of names) if (!(name in SETS)) fail(`--set is '${name}'; there are ${Object.keys(SETS).join(', ')}`)
const queries = [...CORE_QUERIES, ...options.quick ? [] : STRONG_QUERIES].filter(({ name }) => name.includes(options.only))

/** What was accepted. With --record the run measures as a check does and becomes what is accepted. */
function acceptedOrNone(): Ratios {
  if (options.record) return {}
  const ratios = accepted(root, rows)
  const known = new Set((Object.keys(SETS) as SetName[]).flatMap((set) => [nameOf({ set, work: 'load' }),
    ...[...CORE_QUERIES, ...STRONG_QUERIES].map(({ name: work }) => nameOf({ set, work }))]))
  // A line with another name would be new, and never slower.
  for (const name of Object.keys(ratios)) if (!known.has(name)) fail(`'${name}' is accepted, but there is no such line: rename it there, too`)
  return ratios
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name)
    return sum + (entry.isDirectory() ? folderBytes(path) : statSync(path).size)
  }, 0)
}

function show(line: Line): void {
  const cell = (ms: number) => `${ms.toFixed(ms < 100 ? 1 : 0)} ms`.padStart(11)
  process.stdout.write(`${line.set.padEnd(12)} ${line.work.padEnd(30)}${cell(line.clickhouse)}${cell(line.duckdb)}`
    + `${cell(line.pipit)}   ${ratioOf(line).toFixed(2)}x\n`)
}

/** The engines of one set, and what was measured of it so far. */
class SetRun {
  readonly samples = new Map<string, Record<Engine, Sample[]>>()
  private readonly set: SetName
  private readonly count: number
  private readonly server: Server
  private readonly peers: Readonly<Record<'clickhouse' | 'duckdb', Peer>>

  constructor(set: SetName, server: Server, peers: Readonly<Record<'clickhouse' | 'duckdb', Peer>>) {
    this.set = set
    this.count = SETS[set].rowsOf(rows)
    this.server = server
    this.peers = peers
  }

  lines(): Line[] { return [...this.samples].map(([work, samples]) => lineOf(this.set, work, samples)) }

  async load(): Promise<void> {
    const file = dataFile(this.set, this.count)
    say(`loading ${this.count} ${this.set} …`)
    const clickhouse = await this.sampled('clickhouse', () => this.peers.clickhouse.load(this.set, file))
    const duckdb = await this.sampled('duckdb', () => this.peers.duckdb.load(this.set, file))
    if (this.samples.has('load')) await this.server.truncate(this.set)
    const pipit = await this.sampled('pipit', () => this.send(file))
    this.note('load', { clickhouse: [clickhouse.sample], duckdb: [duckdb.sample], pipit: [pipit.sample] })
    say(`  pipit: ${(this.count / pipit.sample.ms / 1e3).toFixed(2)} M rows/s, `
      + `${(pipit.sample.cpuMs * 1e3 / this.count).toFixed(2)} CPU s a million rows`)
  }

  /** Asks a query so many times more. */
  async ask(query: BenchQuery, repetitions: number): Promise<void> {
    const ask: Ask = async (engine, sql) => {
      const { value, sample } = await this.sampled(engine, () => (
        engine === 'pipit' ? this.server.query(sql) : this.peers[engine].query(sql)))
      return { rows: value.rows, sample }
    }
    const done = this.samples.get(query.name)?.pipit.length ?? 0
    this.note(query.name, await measure(query, this.set, this.count, ask, done, done + repetitions + 1))
  }

  private async send(file: string): Promise<Timed> {
    const { seconds, rows: stored, quarantined } = await sendFile(this.server.port, this.server.token, this.set, file)
    if (stored !== this.count) throw new Error(`pipit took ${stored} of ${this.count} rows, ${quarantined} in quarantine`)
    return { ms: seconds * 1000, rows: [] }
  }

  /** Does a piece of work of an engine; what it cost stands beside what it gave. */
  private async sampled(engine: Engine, work: () => Promise<Timed>): Promise<{ value: Timed; sample: Sample }> {
    const { pid } = engine === 'pipit' ? this.server : this.peers[engine]
    const before = threadTimes(pid)
    const value = await work()
    const after = threadTimes(pid)
    return {
      value, sample: { ms: value.ms, cpuMs: after.cpuMs - before.cpuMs, waitMs: after.waitMs - before.waitMs },
    }
  }

  /** Adds to what is known of a line, and shows it. */
  private note(work: string, samples: Samples): void {
    const known = this.samples.get(work) ?? { clickhouse: [], duckdb: [], pipit: [] }
    for (const engine of ENGINES) known[engine].push(...samples[engine])
    this.samples.set(work, known)
    show(lineOf(this.set, work, known))
  }
}

async function askAll(run: SetRun, asked: readonly BenchQuery[], repetitions: number): Promise<void> {
  for (const [index, query] of asked.entries()) {
    if (process.stderr.isTTY) process.stderr.write(`  ${index + 1} of ${asked.length}: ${query.name} …\r`)
    try {
      await run.ask(query, repetitions)
    } catch (error) {
      say(`  ${query.name}: ${(error as Error).message}`)
      process.exitCode = 1
    }
  }
}

async function benchSet(set: SetName, ratios: Ratios | null): Promise<Line[]> {
  const began = performance.now()
  dataFile(set, SETS[set].rowsOf(rows))
  const folder = mkdtempSync(join(tmpdir(), 'pipit-bench-'))
  const peers = {
    clickhouse: await Peer.start('clickhouse', root, folder), duckdb: await Peer.start('duckdb', root, folder),
  }
  const server = await Server.start(SETS[set].project, join(folder, 'pipit'))
  try {
    const run = new SetRun(set, server, peers)
    const asked = queries.filter(({ sets }) => sets.includes(set))
    for (let turn = 0; turn < (ratios === null ? 1 : CHECK_LOADS); turn++) await run.load()
    // Flushes and merges of all three end; the queries then find what a server at rest has.
    await settle([server.pid, peers.clickhouse.pid, peers.duckdb.pid])
    await askAll(run, asked, ratios === null ? REPETITIONS : CHECK_REPETITIONS)
    for (let turn = 0; ratios !== null && turn < CHECK_AGAIN && performance.now() - began < CHECK_MS_MAX; turn++) {
      const slower = new Set(slowerLines(run.lines(), ratios).map(({ line }) => line.work))
      if (slower.size === 0) break
      say(`seems slower, once more: ${[...slower].join(', ')}`)
      if (slower.has('load')) await run.load()
      await askAll(run, asked.filter(({ name }) => slower.has(name)), CHECK_REPETITIONS)
    }
    say(`  pipit: peak ${(server.usage().peakBytes / 2 ** 20).toFixed(0)} MiB resident, `
      + `${(folderBytes(join(folder, 'pipit')) / SETS[set].rowsOf(rows)).toFixed(1)} bytes a row on disk (log included)`)
    return run.lines()
  } finally {
    await server.stop()
    peers.clickhouse.close()
    peers.duckdb.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Says which lines have become slower, and fails for them. */
function judge(lines: readonly Line[], ratios: Ratios): void {
  const slower = slowerLines(lines, ratios)
  say(`${(meanWaiting(lines) * 100).toFixed(0)} % of their time threads waited for a core; `
    + `the mean of all ratios is ${meanShare(lines, ratios).toFixed(2)} of what was accepted`)
  for (const { line, by, ratio, accepted: was } of slower) {
    say(`slower: ${nameOf(line)}: ${ratio.toFixed(2)}x by ${by}, accepted ${was.toFixed(2)}x`)
  }
  if (slower.length > 0) process.exitCode = 1
}

const lines: Line[] = []
const ratios = options.check ? acceptedOrNone() : null
process.stdout.write(`${'set'.padEnd(12)} ${'work'.padEnd(30)}${'ClickHouse'.padStart(11)}${'DuckDB'.padStart(11)}`
  + `${'Pipit'.padStart(11)}   better peer / Pipit\n`)
for (const set of names as SetName[]) lines.push(...await benchSet(set, ratios))
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(describeRun(root, rows, lines), null, 1)}\n`)
if (options.record) say(`recorded in bench/results/${record(root, describeRun(root, rows, lines))}`)
else if (ratios !== null) judge(lines, ratios)
