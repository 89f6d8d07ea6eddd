// Runs of the benchmark as files: the history in bench/results/ (machine, commit, every line) and the
// comparison with the last accepted run. Only ratios are compared, never times: machines differ.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Line } from './measure.ts'

/** Below this share of its accepted ratio a line has become slower, beyond what noise makes of it. */
const SLOWER = 0.7
/** A load is measured once, so noise makes more of it. */
const SLOWER_LOAD = 0.5

export type Run = {
  readonly date: string
  readonly commit: string
  readonly machine: string
  readonly rows: number
  readonly lines: readonly Line[]
}

export const nameOf = (line: Pick<Line, 'set' | 'work'>): string => `${line.set}: ${line.work}`

/** The better peer's time over Pipit's: above 1 Pipit is faster. */
export const ratioOf = (line: Line): number => Math.min(line.clickhouse, line.duckdb) / line.pipit

/** This run, with the machine's processor and memory and the commit it was built from. */
export function describeRun(root: string, rows: number, lines: readonly Line[]): Run {
  const cores = cpus()
  return {
    date: new Date().toISOString(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim(),
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
  writeFileSync(join(folder, `accepted-${run.rows}.json`), `${JSON.stringify(Object.fromEntries(
    run.lines.map((line) => [nameOf(line), Number(ratioOf(line).toFixed(2))])), null, 1)}\n`)
  return name
}

/** The accepted ratios by line's name. Throws where no run of so many rows was accepted yet. */
export function accepted(root: string, rows: number): Readonly<Record<string, number>> {
  const file = join(root, 'bench', 'results', `accepted-${rows}.json`)
  if (!existsSync(file)) throw new Error(`no run of ${rows} rows is accepted; make one with --record`)
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>
}

/** True where a line's ratio has fallen below what was accepted. Lines that are new are never slower. */
export const isSlower = (line: Line, ratios: Readonly<Record<string, number>>): boolean => (
  ratioOf(line) < (line.work === 'load' ? SLOWER_LOAD : SLOWER) * (ratios[nameOf(line)] ?? 0))
