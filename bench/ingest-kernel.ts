// NDJSON to columns, one thread: the kernel on a stream of one shape and on rows of many shapes, its
// plain reference, and JSON.parse with a Map a column. Every answer is compared with JSON.parse's
// before a time is printed.
//
//   node dist/ingest-kernel.js [rows]

import { fileURLToPath } from 'node:url'
import { parseDataType } from '../storage/column/parse-type.ts'
import type { Vector } from '../storage/column/vector.ts'
import { bindKernels, compileKernels, type Kernels } from '../storage/kernels/load.ts'
import { WorkMemory } from '../storage/kernels/work-memory.ts'
import { IngestJob, IngestPlan, type ParsedRows } from '../src/ingest/ingest.ts'
import { EventGenerator, type EventSet } from './generator.ts'

const NAMES = [
  'event_id', 'user_id', 'session_id', 'event_type', 'feature', 'timestamp', 'device_type', 'browser',
  'os', 'location', 'metadata',
]
/** Body of one request: what the server's group commit takes at once. */
const BODY_BYTES = 8 * 2 ** 20
const REPEATS = 5
const ONE_ROW_JOBS = 20_000

const newPlan = (): IngestPlan => new IngestPlan(NAMES.map((name, id) => ({
  id, name, type: parseDataType(name === 'timestamp' ? 'DateTime' : 'String'), jsonPath: `$.${name}`,
  defaultText: ['browser', 'os', 'location'].includes(name) ? "''" : null, defaultValue: null,
})))

/** Bodies of whole lines. */
function bodiesOf(set: EventSet, rows: number): Uint8Array[] {
  const generator = new EventGenerator(set, rows, 7)
  const bodies: Uint8Array[] = []
  let pending: string[] = []
  let bytes = 0
  const flush = (): void => {
    if (bytes > 0) bodies.push(Buffer.from(pending.join('')))
    pending = []
    bytes = 0
  }
  for (let piece = generator.next(2000); piece !== ''; piece = generator.next(2000)) {
    pending.push(piece)
    bytes += piece.length
    if (bytes >= BODY_BYTES) flush()
  }
  flush()
  return bodies
}

/** A number that depends on every value of a column and on their order. */
class Digest {
  value = 17
  addText(text: string): void {
    for (let i = 0; i < text.length; i++) this.value = Math.imul(this.value, 31) + text.charCodeAt(i) | 0
    this.addNumber(text.length)
  }
  addNumber(number: number): void { this.value = Math.imul(this.value, 31) + number | 0 }
}

function addVector(digest: Digest, vector: Vector): void {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')
  for (let row = 0; row < vector.length; row++) {
    if (vector.kind === 'number') digest.addNumber(vector.values[row])
    else if (vector.kind === 'codes') digest.addText(text(vector.dictionary.bytesOf(vector.codes[row])))
    else if (vector.kind === 'bytes') {
      digest.addText(text(vector.bytes.subarray(vector.offsets[row], vector.offsets[row + 1])))
    }
  }
}

type Run = { readonly ms: number; readonly rows: number; readonly digests: readonly number[]; readonly longestMs: number }

/** All bodies, one job each. `check`: digests of the columns, outside of the time. */
function runKernels(bodies: readonly Uint8Array[], work: WorkMemory, kernels: Kernels, plan: IngestPlan, check: boolean): Run {
  const digests = NAMES.map(() => new Digest())
  let ms = 0
  let rows = 0
  let longestMs = 0
  for (const bytes of bodies) {
    const job = new IngestJob(plan, work, kernels, [{ bytes, format: 'ndjson', gzip: false }])
    const began = performance.now()
    let last = began
    for (let done = false; !done;) {
      done = job.step(2)
      const now = performance.now()
      longestMs = Math.max(longestMs, now - last)
      last = now
    }
    const parsed: ParsedRows = job.result()
    ms += performance.now() - began
    rows += parsed.rowCount
    if (check) parsed.columns.forEach(({ vector }, i) => addVector(digests[i], vector))
    job.release()
  }
  return { ms, rows, digests: digests.map(({ value }) => value), longestMs }
}

function runJsonParse(bodies: readonly Uint8Array[], check: boolean): Run {
  const digests = NAMES.map(() => new Digest())
  let ms = 0
  let rows = 0
  for (const bytes of bodies) {
    const began = performance.now()
    const columns: (string | number)[][] = NAMES.map(() => [])
    const codes = NAMES.map(() => new Map<string, number>())
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
    for (const line of text.split('\n')) {
      if (line === '') continue
      const event = JSON.parse(line) as Record<string, string>
      NAMES.forEach((name, i) => {
        const value = event[name] ?? ''
        if (name === 'timestamp') {
          columns[i].push(Date.parse(`${value.replace(' ', 'T')}Z`) / 1000)
          return
        }
        if (!codes[i].has(value)) codes[i].set(value, codes[i].size)
        columns[i].push(value)
      })
      rows++
    }
    ms += performance.now() - began
    if (!check) continue
    columns.forEach((values, i) => values.forEach((value) =>
      typeof value === 'number' ? digests[i].addNumber(value)
        : digests[i].addText(Buffer.from(value).toString('latin1'))))
  }
  return { ms, rows, digests: digests.map(({ value }) => value), longestMs: 0 }
}

function say(name: string, bytes: number, { ms, rows, longestMs }: Run): void {
  const rate = (value: number, unit: string): string => `${value.toFixed(value < 10 ? 2 : 0).padStart(6)} ${unit}`
  const slice = longestMs > 0 ? `  longest slice ${longestMs.toFixed(1)} ms` : ''
  console.log(`${name.padEnd(36)}${rate(bytes / 1e3 / ms, 'MB/s')}${rate(rows / 1e3 / ms, 'M rows/s')}${slice}`)
}

/** The middle of several runs by time. */
function median(runs: readonly Run[]): Run {
  return [...runs].sort((a, b) => a.ms - b.ms)[Math.floor(runs.length / 2)]
}

function oneRow(work: WorkMemory, kernels: Kernels): number {
  const plan = newPlan()
  const bytes = Buffer.from(new EventGenerator('app_events', 10, 7).next(1))
  const began = performance.now()
  for (let i = 0; i < ONE_ROW_JOBS; i++) {
    const job = new IngestJob(plan, work, kernels, [{ bytes, format: 'ndjson', gzip: false }])
    while (!job.step(2));
    job.result()
    job.release()
  }
  return (performance.now() - began) * 1000 / ONE_ROW_JOBS
}

/** Prints the table. Throws where an answer differs from JSON.parse's. */
export function run(rows = 200_000): void {
  const work = new WorkMemory(2 ** 31 - 65536)
  const compiled = bindKernels(compileKernels(), work)
  const ways = [['kernel', compiled], ['PIPIT_KERNELS=off', bindKernels(null, work)]] as const
  for (const set of ['app_events', 'hard_events'] as const) {
    const bodies = bodiesOf(set, rows)
    const bytes = bodies.reduce((sum, body) => sum + body.length, 0)
    const wanted = runJsonParse(bodies, true)
    for (const [name, kernels] of ways) {
      const plan = newPlan()
      const first = runKernels(bodies, work, kernels, plan, true)
      if (first.rows !== wanted.rows || first.digests.some((digest, i) => digest !== wanted.digests[i])) {
        throw new Error(`bench: ${name} reads ${set} otherwise than JSON.parse`)
      }
      const runs = Array.from({ length: REPEATS }, () => runKernels(bodies, work, kernels, plan, false))
      say(`${set}, ${name}`, bytes, median(runs))
    }
    say(`${set}, JSON.parse and Map`, bytes, median([1, 2, 3].map(() => runJsonParse(bodies, false))))
  }
  oneRow(work, compiled)
  console.log(`a body of one row: ${oneRow(work, compiled).toFixed(1)} us`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) run(Number(process.argv[2] ?? 200_000))
