// `npm run bench -- --rows N`: Pipit beside ClickHouse and DuckDB, in one run, on the same rows, two
// threads each; answers are compared before a time is printed.
//
//   generate -> load into all three -> each query on all three, bounds moved every repetition -> table
//
//   --rows N (1000000)   --set NAME (again for more)   --only TEXT  lines whose name has it
//   --quick     the pipes' lines alone, on a million rows
//   --check     fails when a line's ratio is below 0.7 of the accepted one, three times in turn
//   --record    writes the run to bench/results/ and accepts its ratios
//   --json FILE writes the run there

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dataFile } from './data-file.ts'
import { accepted, describeRun, isSlower, nameOf, ratioOf, record } from './history.ts'
import { measure, type Ask, type Line } from './measure.ts'
import { Peer } from './peers.ts'
import { CORE_QUERIES } from './queries.ts'
import { sendFile } from './sender.ts'
import { root, Server } from './server.ts'
import { SETS, type SetName } from './sets.ts'
import { STRONG_QUERIES } from './strong-queries.ts'

const SETTLE_MS = 8000
/** A line that seems slower is measured so often before it is called so. */
const TURNS = 3

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' }, json: { type: 'string' }, only: { type: 'string', default: '' },
    set: { type: 'string', multiple: true }, quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false }, record: { type: 'boolean', default: false },
  },
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
const ratios = options.check ? accepted(root, rows) : {}

function folderBytes(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name)
    return sum + (entry.isDirectory() ? folderBytes(path) : statSync(path).size)
  }, 0)
}

function show(line: Line): Line {
  const cell = (ms: number) => `${ms.toFixed(ms < 100 ? 1 : 0)} ms`.padStart(11)
  process.stdout.write(`${line.set.padEnd(12)} ${line.work.padEnd(30)}${cell(line.clickhouse)}${cell(line.duckdb)}`
    + `${cell(line.pipit)}   ${ratioOf(line).toFixed(2)}x\n`)
  return line
}

/** A line; measured again where it seems slower than what was accepted. */
async function measured(measureOnce: () => Promise<Line>): Promise<Line> {
  for (let turn = 1; ; turn++) {
    const line = show(await measureOnce())
    if (!isSlower(line, ratios) || turn === TURNS) return line
  }
}

async function benchSet(set: SetName, lines: Line[]): Promise<void> {
  const count = SETS[set].rowsOf(rows)
  const file = dataFile(set, count)
  const folder = mkdtempSync(join(tmpdir(), 'pipit-bench-'))
  const peers = {
    clickhouse: await Peer.start('clickhouse', root, folder), duckdb: await Peer.start('duckdb', root, folder),
  }
  const server = await Server.start(SETS[set].project, join(folder, 'pipit'))
  try {
    say(`loading ${count} ${set} …`)
    const clickhouse = await peers.clickhouse.load(set, file)
    const duckdb = await peers.duckdb.load(set, file)
    const before = server.usage().cpuSeconds
    const sent = await sendFile(server.port, server.token, set, file)
    if (sent.rows !== count) throw new Error(`pipit took ${sent.rows} of ${count} rows, ${sent.quarantined} in quarantine`)
    lines.push(show({ set, work: 'load', clickhouse, duckdb, pipit: sent.seconds * 1000 }))
    const cpu = (server.usage().cpuSeconds - before) / (count / 1e6)
    say(`  pipit: ${(count / sent.seconds / 1e6).toFixed(2)} M rows/s, ${cpu.toFixed(2)} CPU s a million rows`)
    // Flushes and merges of all three end; the queries then find what a server at rest has.
    await new Promise((resolve) => { setTimeout(resolve, SETTLE_MS) })
    const ask: Ask = (engine, sql) => engine === 'pipit' ? server.query(sql) : peers[engine].query(sql)
    for (const query of queries.filter(({ sets }) => sets.includes(set))) {
      try {
        lines.push(await measured(() => measure(query, set, count, ask)))
      } catch (error) {
        say(`  ${query.name}: ${(error as Error).message}`)
        process.exitCode = 1
      }
    }
    say(`  pipit: peak ${(server.usage().peakBytes / 2 ** 20).toFixed(0)} MiB resident, `
      + `${(folderBytes(join(folder, 'pipit')) / count).toFixed(1)} bytes a row on disk (log included)`)
  } finally {
    await server.stop()
    peers.clickhouse.close()
    peers.duckdb.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

const lines: Line[] = []
process.stdout.write(`${'set'.padEnd(12)} ${'work'.padEnd(30)}${'ClickHouse'.padStart(11)}${'DuckDB'.padStart(11)}`
  + `${'Pipit'.padStart(11)}   better peer / Pipit\n`)
for (const set of names as SetName[]) await benchSet(set, lines)
const run = describeRun(root, rows, lines)
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(run, null, 1)}\n`)
if (options.record) say(`recorded in bench/results/${record(root, run)}`)
for (const line of lines.filter((candidate) => isSlower(candidate, ratios))) {
  say(`${nameOf(line)}: ${ratioOf(line).toFixed(2)}x, accepted ${ratios[nameOf(line)].toFixed(2)}x`)
  process.exitCode = 1
}
