// Runs of the benchmark as files: the history in bench/results/ (machine, commit, every line) and the
// comparison with the last accepted run. Only ratios are compared, never times: machines differ.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Line } from './measure.ts'
import type { Engine } from './queries.ts'

/** Below this share of its accepted ratio a line has become slower, beyond what noise makes of it. */
const SLOWER = 0.7
/** The same of the geometric mean of all lines, of which noise makes less. */
const SLOWER_MEAN = 0.8
/** Lines for which the better peer takes less are judged by the mean alone: there a hop between threads is
 * a large part, and a busy machine makes it larger. */
const SHORT_MS = 5
/** Threads that wait for a core during more of their time say that others use the machine: times are then
 * chance (up to three times what they were, in either direction), and lines are judged by their CPU time. */
const BUSY = 0.15
/** Above this share CPU times are guesses, too (caches are others', compilers come late): what is called
 * slower there has lost more. */
const VERY_BUSY = 0.5
const SLOWER_VERY_BUSY = 0.5
const SLOWER_MEAN_VERY_BUSY = 0.6

export type Run = {
  readonly date: string
  readonly commit: string
  readonly machine: string
  readonly rows: number
  readonly lines: readonly Line[]
}

export const nameOf = (line: Pick<Line, 'set' | 'work'>): string => `${line.set}: ${line.work}`

/** The better peer's time over Pipit's: above 1 Pipit is faster. */
export const ratioOf = (times: Readonly<Record<Engine, number>>): number => (
  Math.min(times.clickhouse, times.duckdb) / times.pipit)

/** This run, with the machine's processor and memory and the commit it was built from (`-dirty`: and more). */
export function describeRun(root: string, rows: number, lines: readonly Line[]): Run {
  const cores = cpus()
  return {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['describe', '--always', '--dirty', '--exclude', '*'], { cwd: root, encoding: 'utf8' }).trim(),
    machine: `${cores.length} × ${cores[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
    rows, lines,
  }
}

/** Adds a run to the history and makes it the accepted one of its number of rows; answers its file. */
export function record(root: string, run: Run): string {
  const folder = join(root, 'bench', 'results')
  mkdirSync(folder, { recursive: true })
  const name = `${run.date.slice(0, 10)}-${run.rows}-${run.commit}.json`
  writeFileSync(join(folder, name), `${JSON.stringify(run, null, 1)}\n`)
  const file = join(folder, `accepted-${run.rows}.json`)
  // A run of some lines leaves those of the others as they are.
  const known = existsSync(file) ? accepted(root, run.rows) : {}
  const own = Object.fromEntries(run.lines.map((line) => [nameOf(line), {
    time: Number(ratioOf(line.least).toFixed(2)), cpu: Number(ratioOf(line.cpu).toFixed(2)),
  }]))
  writeFileSync(file, `${JSON.stringify({ ...known, ...own }, null, 1)}\n`)
  return name
}

/** Accepted ratios by line's name, of times and of CPU times. */
export type Ratios = Readonly<Record<string, { readonly time: number; readonly cpu: number }>>

/** Throws where no run of so many rows was accepted yet. */
export function accepted(root: string, rows: number): Ratios {
  const file = join(root, 'bench', 'results', `accepted-${rows}.json`)
  if (!existsSync(file)) throw new Error(`no run of ${rows} rows is accepted; make one with --record`)
  return JSON.parse(readFileSync(file, 'utf8')) as Ratios
}

/** What a line is judged by: its ratio now and as accepted. */
export type Judged = {
  readonly line: Line
  readonly by: 'time' | 'CPU time'
  readonly ratio: number
  readonly accepted: number
  /** Of the better peer. */
  readonly peerMs: number
}

function judged(line: Line, ratios: Ratios): Judged[] {
  const known = ratios[nameOf(line)]
  if (known === undefined) return []
  const isBusy = line.waiting > BUSY
  const times = isBusy ? line.cpu : line.least
  return [{
    line, by: isBusy ? 'CPU time' : 'time', ratio: ratioOf(times), accepted: isBusy ? known.cpu : known.time,
    peerMs: Math.min(times.clickhouse, times.duckdb),
  }]
}

/** Geometric mean of what is left of each line's accepted ratio; 1 without lines that have one. */
export function meanShare(lines: readonly Line[], ratios: Ratios): number {
  const logs = lines.flatMap((line) => judged(line, ratios)).map(({ ratio, accepted: was }) => Math.log(ratio / was))
  return Math.exp(logs.reduce((sum, log) => sum + log, 0) / Math.max(1, logs.length))
}

/** The mean share of their time that threads waited for a core. */
export const meanWaiting = (lines: readonly Line[]): number => (
  lines.reduce((sum, { waiting }) => sum + waiting, 0) / Math.max(1, lines.length))

/** The lines that have become slower: each by itself, or all of them where their mean has. New lines never
 * have. */
export function slowerLines(lines: readonly Line[], ratios: Ratios): readonly Judged[] {
  const all = lines.flatMap((line) => judged(line, ratios))
  const least = meanWaiting(lines) > VERY_BUSY ? SLOWER_MEAN_VERY_BUSY : SLOWER_MEAN
  if (meanShare(lines, ratios) < least) return all
  return all.filter(({ line, ratio, accepted: was, peerMs }) => (
    peerMs >= SHORT_MS && ratio < (line.waiting > VERY_BUSY ? SLOWER_VERY_BUSY : SLOWER) * was))
}
