// `npm run bench:load`: requests a second and latency of a running Pipit, at 1 to 256 connections, with
// the load generator on the same cores, beside an empty uWebSockets.js server in the same run.
//
//   --rows N       events in the store, flushed to segments before the first request (2000000)
//   --data FOLDER  keep the store there and use it again
//   --seconds S    time of each line (5)      --only TEXT  lines whose name contains the text

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { request } from 'undici'
import { openLocalEngine } from '../../src/engine/local.ts'
import { checkProject } from '../../src/check/check.ts'
import { EventGenerator, seededRandom, userCount } from '../generator.ts'
import { usageOf } from '../peers.ts'
import { start, stop, type Target } from '../target.ts'
import type { LoadOrder, LoadReport } from './client.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const PROJECT = join(root, 'bench', 'projects', 'app')
const BATCH_ROWS = 20_000
/** Different requests of a line: more than there are connections, few enough to hold as text. */
const DIFFERENT = 4096
const EMPTY_BYTES = 1000

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000000' }, data: { type: 'string' },
    seconds: { type: 'string', default: '5' }, only: { type: 'string', default: '' },
  },
})
const rows = Number(options.rows)
const seconds = Number(options.seconds)

const say = (text: string): void => { process.stderr.write(`${text}\n`) }

/** Fills an empty store through the engine's own inserts and writes it all to segments. */
async function fill(folder: string): Promise<void> {
  const engine = await openLocalEngine({ folder })
  try {
    await engine.applyProject(checkProject(PROJECT).project)
    if (engine.datasources().every((source) => source.rowCount === 0)) {
      say(`loading ${rows} events …`)
      const generator = new EventGenerator('app_events', rows)
      for (let lines = generator.next(BATCH_ROWS); lines !== ''; lines = generator.next(BATCH_ROWS)) {
        await engine.insert({ datasource: 'app_events', body: Buffer.from(lines), format: 'ndjson', gzip: false })
      }
    }
    await engine.store.flush()
  } finally {
    await engine.close()
  }
}

function load(order: LoadOrder): Promise<LoadReport> {
  const child = spawn(process.execPath, [join(root, 'dist', 'load-client.js')], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(order))
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString() })
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(output) as LoadReport)
      else reject(new Error(`the load generator ended with code ${code}`))
    })
  })
}

const text = async (target: Target, path: string): Promise<string> => {
  const answer = await request(`http://127.0.0.1:${target.port}${path}`, { headers: { authorization: `Bearer ${target.token}` } })
  return answer.body.text()
}

/** Event-loop delay p99.9 since the last call, milliseconds. */
async function delayOf(target: Target): Promise<number> {
  if (target.token === '') return Number(await text(target, '/delay'))
  return Number(/^pipit_event_loop_delay_p999_seconds (\S+)/m.exec(await text(target, '/metrics'))?.[1]) * 1000
}

type Line = { readonly name: string; readonly connections: number; readonly rowsEach: number; readonly requests: readonly string[] }

function get(path: string, token: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n\r\n`
}

function post(lines: string, token: string): string {
  return `POST /v0/events?name=app_events&wait=true HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`
    + `Content-Length: ${Buffer.byteLength(lines)}\r\n\r\n${lines}`
}

function linesOf(token: string): Line[] {
  const random = seededRandom(7)
  const points = Array.from({ length: DIFFERENT }, () => (
    get(`/v0/pipes/session_insights.json?user_id=user_${Math.floor(random() * userCount(rows))}`, token)))
  const generator = new EventGenerator('app_events', DIFFERENT * 101, 11)
  const one = Array.from({ length: DIFFERENT }, () => post(generator.next(1), token))
  const hundred = Array.from({ length: DIFFERENT }, () => post(generator.next(100), token))
  return [
    ...[1, 16, 64, 256].map((connections) => ({ name: 'point endpoint', connections, rowsEach: 0, requests: points })),
    { name: 'insert 1 row', connections: 64, rowsEach: 1, requests: one },
    { name: 'insert 100 rows', connections: 64, rowsEach: 100, requests: hundred },
  ]
}

const COLUMNS = ['requests/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'server µs', 'delay ms', 'rows/s', 'failed']

function print(name: string, connections: number, cells: readonly string[]): void {
  process.stdout.write(`${name.padEnd(20)}${String(connections).padStart(5)}${cells.map((cell) => cell.padStart(11)).join('')}\n`)
}

async function measure(name: string, target: Target, line: Line): Promise<void> {
  await delayOf(target)
  const before = usageOf(target.child.pid as number).cpuSeconds
  const report = await load({ port: target.port, connections: line.connections, seconds, requests: line.requests })
  const cpu = usageOf(target.child.pid as number).cpuSeconds - before
  const delay = await delayOf(target)
  const rate = report.requests / report.seconds
  // The second of warming up is in the server's CPU time too: about seconds / (seconds + 1) of it counts.
  const micros = cpu * seconds / (seconds + 1) / report.requests * 1e6
  print(name, line.connections, [
    rate.toFixed(0), report.p50.toFixed(2), report.p99.toFixed(2), report.p999.toFixed(2), micros.toFixed(0),
    delay.toFixed(1), line.rowsEach === 0 ? '' : (rate * line.rowsEach).toFixed(0), String(report.failed),
  ])
  if (report.failed > 0) {
    say(report.firstFailure)
    process.exitCode = 1
  }
}

const folder = options.data ?? mkdtempSync(join(tmpdir(), 'pipit-load-'))
await fill(folder)
const server = await start([join(root, 'dist', 'cli.js'), 'dev', PROJECT, '--port', '0', '--data', folder, '--no-demo'],
  { NO_COLOR: '1', PIPIT_LOG: 'error' })
const empty = await start([join(root, 'dist', 'load-empty.js'), String(EMPTY_BYTES)], {})
try {
  print('work', 0, COLUMNS)
  for (const line of linesOf(server.token)) {
    if (!line.name.includes(options.only)) continue
    await measure(line.name, server, line)
    if (line.rowsEach === 0) await measure('  empty server', empty, line)
  }
  const { peakBytes } = usageOf(server.child.pid as number)
  say(`server: peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB resident`)
} finally {
  await stop(empty)
  await stop(server)
  if (options.data === undefined) rmSync(folder, { recursive: true, force: true })
}
