// `npm run bench:load`: requests a second and latency of a running Pipit, at 1 to 256 connections, with
// the load generator on the same cores, beside an empty uWebSockets.js server in the same run; calls with
// unchanged answers, half of the load beside inserts, and ten times too much of it.

import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { optionsOf } from '../options.ts'
import { usageOf } from '../peers.ts'
import { start, stop, type Target } from '../target.ts'
import type { LoadOrder, LoadReport } from './client.ts'
import { fill, projectIn } from './fill.ts'
import { endpointLines, insertLines, knownCalls, largeInserts, MIX, type Line } from './lines.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const PROJECT = join(root, 'bench', 'projects', 'app')
const EMPTY_BYTES = 1000
const INSERTED_BYTES_A_SECOND = 20e6
const OVERLOAD_CONNECTIONS = 1280
const SOAK_WRITERS = 8
/** Of 100 rows each: an hour is 72 million rows. */
const SOAK_INSERTS_A_SECOND = 200
/** A server has recovered when so many calls in turn take less than this. */
const QUICK_CALLS = 10
const QUICK_MS = 50

const options = optionsOf('bench:load', 'requests a second and latency of a running Pipit', {
  rows: { type: 'string', default: '2000000', says: 'events in the store, flushed to segments before the first request' },
  data: { type: 'string', says: 'keeps the store in this folder and uses it again' },
  seconds: { type: 'string', default: '5', says: 'time of each line' },
  only: { type: 'string', default: '', says: 'lines whose name has this text' },
  soak: { type: 'string', says: 'nothing but 64 readers and 8 writers for so many seconds; fails at the first error or refusal' },
})
const rows = Number(options.rows)
const seconds = Number(options.soak ?? options.seconds)

const say = (text: string): void => { process.stderr.write(`${text}\n`) }

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

const COLUMNS = ['requests/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'server µs', 'delay ms', 'rows/s', 'refused', 'failed']

function print(name: string, connections: number, cells: readonly string[]): void {
  process.stdout.write(`${name.padEnd(34)}${String(connections).padStart(5)}${cells.map((cell) => cell.padStart(11)).join('')}\n`)
}

/** Runs a line (`rate`: requests a second; null: all that goes); answers its requests a second. */
async function measure(target: Target, line: Line, rate: number | null = null): Promise<number> {
  await delayOf(target)
  const before = usageOf(target.child.pid as number).cpuSeconds
  const report = await load({ port: target.port, connections: line.connections, seconds, requests: line.requests, rate })
  const cpu = usageOf(target.child.pid as number).cpuSeconds - before
  const delay = await delayOf(target)
  const answered = report.requests / report.seconds
  // The second of warming up is in the server's CPU time too: about seconds / (seconds + 1) of it counts.
  const micros = cpu * seconds / (seconds + 1) / report.requests * 1e6
  print(line.name, line.connections, [
    answered.toFixed(0), report.p50.toFixed(2), report.p99.toFixed(2), report.p999.toFixed(2), micros.toFixed(0),
    delay.toFixed(1), line.rowsEach === 0 ? '' : (answered * line.rowsEach).toFixed(0), String(report.refused), String(report.failed),
  ])
  if (report.failed > 0) say(report.firstFailure)
  if (report.failed > 0 || options.soak !== undefined && report.refused > 0) process.exitCode = 1
  return answered
}

const isAsked = (name: string): boolean => name.includes(options.only)

/** A line, and what an empty server makes of it. */
async function besideEmpty(line: Line): Promise<number> {
  const rate = await measure(server, line)
  await measure(empty, { ...line, name: '  empty server' })
  return rate
}

async function etagOf(path: string): Promise<string> {
  const answer = await request(`http://127.0.0.1:${server.port}${path}`, { headers: { authorization: `Bearer ${server.token}` } })
  await answer.body.dump()
  return String(answer.headers.etag)
}

/** A line while 20 MB a second go in; `rate`: as of measure(). Answers its requests a second. */
async function besideInserts(line: Line, rate: number | null): Promise<number> {
  const bodies = largeInserts(server.token)
  const perSecond = Math.max(1, Math.round(INSERTED_BYTES_A_SECOND / Buffer.byteLength(bodies[0])))
  const inserts = load({ port: server.port, connections: 4, seconds: seconds + 1, requests: bodies, rate: perSecond })
  const asked = await measure(server, line, rate)
  const { requests: sent, seconds: took, failed, refused } = await inserts
  say(`  inserts beside: ${(sent / took * Buffer.byteLength(bodies[0]) / 1e6).toFixed(1)} MB/s, ${refused} refused, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
  return asked
}

/** Readers as fast as they go beside writers at an even pace: neither may see an error. */
async function soak(readers: Line, writers: Line): Promise<void> {
  const writing = load({
    port: server.port, connections: SOAK_WRITERS, seconds, requests: writers.requests, rate: SOAK_INSERTS_A_SECOND,
  })
  await measure(server, { ...readers, name: 'soak: readers' })
  const { requests, seconds: took, p99, refused, failed, firstFailure } = await writing
  say(`  ${SOAK_WRITERS} writers: ${(requests / took * writers.rowsEach).toFixed(0)} rows/s, p99 ${p99.toFixed(1)} ms, `
    + `${refused} refused, ${failed} failed ${firstFailure}`)
  if (refused + failed > 0) process.exitCode = 1
}

/** Ten times as many callers as a server has in its best line, then one: how long until it answers as before. */
async function overload(line: Line): Promise<void> {
  const path = line.requests[0].split(' ')[1]
  await measure(server, { ...line, name: 'overload', connections: OVERLOAD_CONNECTIONS })
  const ended = performance.now()
  for (let quick = 0; quick < QUICK_CALLS;) {
    const began = performance.now()
    await text(server, path)
    quick = performance.now() - began < QUICK_MS ? quick + 1 : 0
  }
  say(`  ${QUICK_CALLS} calls in turn took less than ${QUICK_MS} ms each, ${(performance.now() - ended).toFixed(0)} ms after its end`)
}

/** The mix over as many connections as a busy page has. */
const mixed = (lines: readonly Line[]): Line => (
  lines.find(({ name, connections }) => name === MIX && connections === 64) as Line)

async function runLines(lines: readonly Line[], inserts: readonly Line[]): Promise<void> {
  const mix = mixed(lines)
  let most = 0
  for (const line of lines.filter(({ name }) => isAsked(name))) {
    const rate = await besideEmpty(line)
    if (line === mix) most = rate
  }
  if (isAsked('unchanged')) {
    const calls = await knownCalls(server.token, rows, etagOf)
    await besideEmpty({ name: 'unchanged (304)', connections: 64, rowsEach: 0, requests: calls })
  }
  if (isAsked('beside inserts')) {
    let mostBeside = 0
    for (const line of lines.filter(({ name }) => name === MIX)) {
      const rate = await besideInserts({ ...line, name: `${MIX}, beside inserts` }, null)
      if (line === mix) mostBeside = rate
    }
    most ||= await measure(server, mix)
    await besideInserts({ ...mix, name: 'half their most, beside inserts' }, most / 2)
    await besideInserts({ ...mix, name: 'half of that, beside inserts' }, mostBeside / 2)
  }
  if (isAsked('overload')) await overload(mix)
  for (const line of inserts.filter(({ name }) => isAsked(name))) await measure(server, line)
}

const folder = options.data ?? mkdtempSync(join(tmpdir(), 'pipit-load-'))
await fill(folder, projectIn(root), rows, say)
const server = await start([join(root, 'dist', 'cli.js'), 'dev', PROJECT, '--port', '0', '--data', folder, '--no-demo'],
  { NO_COLOR: '1', PIPIT_LOG: 'error' })
const empty = await start([join(root, 'dist', 'load-empty.js'), String(EMPTY_BYTES)], {})
try {
  print('work', 0, COLUMNS)
  const lines = endpointLines(server.token, rows)
  const inserts = insertLines(server.token)
  if (options.soak === undefined) await runLines(lines, inserts)
  else await soak(mixed(lines), inserts[inserts.length - 1])
  const { peakBytes } = usageOf(server.child.pid as number)
  say(`server: peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB resident`)
} finally {
  await stop(empty)
  await stop(server)
  if (options.data === undefined) rmSync(folder, { recursive: true, force: true })
}
