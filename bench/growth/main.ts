// `npm run bench:growth -- --rows 10000000`: what each line costs as the store grows. Events of
// `app_events` are made as a stream and sent over HTTP; nothing but the store is kept on disk. At each
// mark (1, 2, 5, 10, 20, 50 … million events) every line is asked, from the endpoints of the example.
// Lines that are bounded in time read as many events at every mark: how much more they take at the last
// one than at the first is said in the end.

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { request } from 'undici'
import { EventGenerator, FIRST_SECOND, formatSecond, LAST_SECOND, userCount } from '../generator.ts'
import { optionsOf } from '../options.ts'
import { usageOf } from '../peers.ts'
import { sendBodies } from '../sender.ts'
import { start, stop, type Target } from '../target.ts'
import { threadTimes } from '../thread-times.ts'
import { plot } from './plot.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const SMALLEST = 1_000_000
const BODY_ROWS = 25_000
const REPETITIONS = 5
const REST_MS = 500
/** Time that a call may take: what passes an endpoint's usual ten seconds is to be seen as well. */
const QUERY_SECONDS = 120
const DAY = 86_400

const options = optionsOf('bench:growth', 'what each line costs as the store grows', {
  rows: { type: 'string', default: '10000000', says: 'events at the last mark' },
  data: { type: 'string', says: 'keeps the store in this folder' },
  memory: { type: 'string', says: 'budget of the server, such as 1GB' },
  json: { type: 'string', says: 'writes the figures to this file' },
  svg: { type: 'string', says: 'draws them into this file' },
})
const rows = Number(options.rows)
if (!Number.isInteger(rows) || rows < SMALLEST) {
  process.stderr.write(`--rows is '${options.rows}'; give a whole number from ${SMALLEST} on\n`)
  process.exit(2)
}

/** 1, 2, 5, 10 … million, and the last. */
function marks(): number[] {
  const found: number[] = []
  for (let power = SMALLEST; power <= rows; power *= 10) found.push(power, power * 2, power * 5)
  return [...new Set([...found.filter((mark) => mark <= rows), rows])]
}

type Line = {
  readonly name: string
  /** The request; `newest`: the second of the last event that was sent. */
  readonly path: (repetition: number, newest: number) => string
  /** True: what it reads does not grow with the store. */
  readonly isBounded: boolean
}

const at = (name: string, second: number) => `${name}=${encodeURIComponent(formatSecond(second))}`
const user = (repetition: number) => `user_id=user_${(repetition + 3) * 7919 % userCount(rows)}`
/** A week that lies within the first mark, whatever the last is. */
const week = FIRST_SECOND + Math.min(7 * DAY, (LAST_SECOND - FIRST_SECOND) * SMALLEST / rows / 2)

const LINES: readonly Line[] = [
  {
    name: 'one user, first week', isBounded: true,
    path: (i) => `session_insights.json?${user(i)}&${at('end_date', week - i)}`,
  },
  {
    name: 'last day by hour', isBounded: true,
    path: (i, newest) => `active_users.json?interval=1%20hour&${at('start_date', newest - DAY + i)}`,
  },
  {
    name: 'first week by day', isBounded: true,
    path: (i) => `active_users.json?interval=1%20day&${at('end_date', week - i)}`,
  },
  {
    name: 'one user, all time', isBounded: false,
    path: (i) => `session_insights.json?${user(i)}&${at('end_date', LAST_SECOND - i)}`,
  },
  {
    name: 'all time by week', isBounded: false,
    path: (i) => `active_users.json?interval=1%20week&${at('end_date', LAST_SECOND - i)}`,
  },
  { name: 'features, all time', isBounded: false, path: (i) => `feature_usage.json?${at('end_date', LAST_SECOND - i)}` },
  { name: 'sessions, all time', isBounded: false, path: (i) => `session_insights.json?${at('end_date', LAST_SECOND - i)}` },
]

/** Whether it was answered; false: it is refused, as it needs more memory or time than a query has. */
async function isAnswered(target: Target, path: string): Promise<boolean> {
  const answer = await request(`http://127.0.0.1:${target.port}${path}`, {
    headers: { authorization: `Bearer ${target.token}` },
  })
  const body = await answer.body.text()
  if (/MEMORY_LIMIT_EXCEEDED|TIMEOUT_EXCEEDED/.test(body)) return false
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${body.slice(0, 300)}`)
  return true
}

/** Waits until no rows wait to be written to segments: queries then find a server at rest. */
async function rest(target: Target): Promise<void> {
  for (let quiet = 0; quiet < 4;) {
    await new Promise((resolve) => { setTimeout(resolve, REST_MS) })
    const before = usageOf(target.child.pid as number).cpuSeconds
    await new Promise((resolve) => { setTimeout(resolve, REST_MS) })
    quiet = usageOf(target.child.pid as number).cpuSeconds - before < 0.1 ? quiet + 1 : 0
  }
}

/** What a call takes: the median as the caller sees it, and the least CPU time of the server. */
type Cost = { readonly ms: number; readonly cpuMs: number }

/** null: a call of it is refused. */
async function costOf(target: Target, line: Line, newest: number): Promise<Cost | null> {
  const pid = target.child.pid as number
  const times: number[] = []
  const cpu: number[] = []
  for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
    const before = threadTimes(pid).cpuMs
    const began = performance.now()
    if (!await isAnswered(target, `/v0/pipes/${line.path(repetition, newest)}`)) return null
    const ended = performance.now()
    if (repetition === 0) continue
    times.push(ended - began)
    cpu.push(threadTimes(pid).cpuMs - before)
  }
  return { ms: times.sort((a, b) => a - b)[REPETITIONS >> 1], cpuMs: Math.min(...cpu) }
}

type Mark = {
  readonly rows: number
  readonly loadedPerSecond: number
  /** Of the server, for a million events. */
  readonly loadCpuSeconds: number
  readonly diskBytes: number
  readonly files: number
  readonly residentBytes: number
  readonly peakBytes: number
  readonly lines: Readonly<Record<string, Cost | null>>
}

function sizeOf(folder: string): { bytes: number; files: number } {
  const total = { bytes: 0, files: 0 }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    total.bytes += statSync(join(entry.parentPath, entry.name)).size
    total.files++
  }
  return total
}

const cells = (name: string, values: readonly string[]): void => {
  process.stdout.write(`${name.padEnd(34)}${values.map((value) => value.padStart(12)).join('')}\n`)
}

const shown = (cost: number | undefined): string => (cost === undefined || Number.isNaN(cost) ? 'refused' : cost.toFixed(1))

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)

function print(found: readonly Mark[]): void {
  cells('events', found.map((mark) => `${mark.rows / 1e6} M`))
  cells('made, sent, rows/s', found.map((mark) => mark.loadedPerSecond.toFixed(0)))
  cells('server CPU s/M rows', found.map((mark) => mark.loadCpuSeconds.toFixed(2)))
  cells('bytes an event', found.map((mark) => (mark.diskBytes / mark.rows).toFixed(1)))
  cells('files', found.map((mark) => String(mark.files)))
  cells('resident, MiB', found.map((mark) => mebibytes(mark.residentBytes)))
  cells('peak resident, MiB', found.map((mark) => mebibytes(mark.peakBytes)))
  for (const { name } of LINES) cells(`${name}, ms`, found.map((mark) => shown(mark.lines[name]?.ms)))
  for (const { name, isBounded } of LINES) {
    const cost = ({ lines, rows: stored }: Mark) => (lines[name]?.cpuMs ?? Number.NaN) * (isBounded ? 1 : 1e6 / stored)
    cells(`${name}, CPU ${isBounded ? 'ms' : 'ns/row'}`, found.map((mark) => shown(cost(mark))))
  }
  const [first] = found
  const last = found[found.length - 1]
  for (const { name } of LINES.filter(({ isBounded }) => isBounded)) {
    process.stdout.write(`${name}: ${((last.lines[name]?.cpuMs ?? Number.NaN) / (first.lines[name]?.cpuMs ?? Number.NaN)).toFixed(1)} times the CPU time, `
      + `${last.rows / first.rows} times the events\n`)
  }
}

/** Writes what is known so far: a run of hours that is stopped leaves its figures. */
function keep(): void {
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(found, null, 2)}\n`)
  if (options.svg === undefined) return
  writeFileSync(options.svg, plot('Milliseconds of each endpoint as the store grows', 'ms', LINES.map(({ name }) => (
    { name, points: found.map((mark) => [mark.rows, mark.lines[name]?.ms ?? 0] as const) }))))
}

const folder = options.data ?? mkdtempSync(join(tmpdir(), 'pipit-growth-'))
const server = await start([
  join(root, 'dist', 'cli.js'), 'dev', join(root, 'bench', 'projects', 'app'), '--port', '0', '--data', folder, '--no-demo',
  ...options.memory === undefined ? [] : ['--memory', options.memory],
], { NO_COLOR: '1', PIPIT_LOG: 'error', PIPIT_QUERY_SECONDS: String(QUERY_SECONDS) })
const pid = server.child.pid as number
const found: Mark[] = []
try {
  const generator = new EventGenerator('app_events', rows)
  let sent = 0
  for (const mark of marks()) {
    const upTo = mark
    const nextBody = (): Buffer | null => {
      if (sent >= upTo) return null
      const count = Math.min(BODY_ROWS, upTo - sent)
      sent += count
      return Buffer.from(generator.next(count))
    }
    const before = sent
    const cpu = usageOf(pid).cpuSeconds
    const { seconds } = await sendBodies(server.port, server.token, 'app_events', nextBody)
    await rest(server)
    const loadCpuSeconds = (usageOf(pid).cpuSeconds - cpu) / (mark - before) * 1e6
    const newest = FIRST_SECOND + Math.floor((LAST_SECOND - FIRST_SECOND) * mark / rows)
    const lines: Record<string, Cost | null> = {}
    for (const line of LINES) lines[line.name] = await costOf(server, line, newest)
    const { bytes, files } = sizeOf(folder)
    const { residentBytes, peakBytes } = usageOf(pid)
    found.push({
      rows: mark, loadedPerSecond: (mark - before) / seconds, loadCpuSeconds, diskBytes: bytes, files,
      residentBytes, peakBytes, lines,
    })
    const times = LINES.map(({ name }) => `${name} ${shown(lines[name]?.ms)}`).join(', ')
    process.stderr.write(`${mark / 1e6} M events: ${mebibytes(bytes)} MiB, peak resident ${mebibytes(peakBytes)} MiB; ms: ${times}\n`)
    keep()
  }
  print(found)
} finally {
  await stop(server)
  if (options.data === undefined) rmSync(folder, { recursive: true, force: true })
}
