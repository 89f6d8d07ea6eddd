// One line of the benchmark: a query on all engines in turn, answers compared, medians.

import { FIRST_SECOND, formatSecond, LAST_SECOND, userCount } from './generator.ts'
import type { BenchQuery, Engine } from './queries.ts'
import type { SetName } from './sets.ts'
import type { ThreadTimes } from './thread-times.ts'

const MONTH = Date.UTC(2024, 4, 1) / 1000
const MONTH_SECONDS = 31 * 86_400

export const ENGINES: readonly Engine[] = ['clickhouse', 'duckdb', 'pipit']
/** Runs a statement: what it answers, and what it cost. */
export type Ask = (engine: Engine, sql: string) => Promise<{ readonly rows: readonly unknown[]; readonly sample: Sample }>

/** `ms` as the caller sees it; CPU and waiting of the engine's threads meanwhile. */
export type Sample = { readonly ms: number } & ThreadTimes

type Each = Readonly<Record<Engine, number>>

/** Medians of milliseconds of each engine. `least`: the best of each; `cpu`: the same of CPU time. `waiting`:
 * the share of their time in which threads of any engine were ready and had no core. */
export type Line = {
  readonly set: SetName
  readonly work: string
  readonly least: Each
  readonly cpu: Each
  readonly waiting: number
} & Each

/** The statement of a repetition, over a set of `rows` rows. */
export function statement(query: BenchQuery, engine: Engine, set: SetName, rows: number, repetition: number): string {
  const from = query.range === 'all' ? FIRST_SECOND - 10 : MONTH
  const to = query.range === 'all' ? LAST_SECOND : MONTH + MONTH_SECONDS - 1
  const values: Readonly<Record<string, string>> = {
    table: set, user: `user_${(repetition + 3) * 7919 % userCount(rows)}`, half: String(Math.floor(rows / 2)),
    from: formatSecond(from + repetition), to: formatSecond(to + repetition),
  }
  const text = engine === 'duckdb' ? query.duckdb : query.sql
  return text.replaceAll(/\{(table|user|half|from|to)\}/g, (_all, name: string) => values[name])
}

/** Rows as text that does not depend on how an engine writes numbers; floats to nine digits. */
function comparable(rows: readonly unknown[]): string {
  return JSON.stringify(rows, (_key, value: unknown) => {
    if (typeof value === 'string' && /^-?\d{1,15}(\.\d+)?(e[+-]?\d+)?$/i.test(value)) return Number(Number(value).toPrecision(9))
    return typeof value === 'number' ? Number(value.toPrecision(9)) : value
  })
}

export const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]

export type Samples = Readonly<Record<Engine, readonly Sample[]>>

/** A line of what was measured. */
export function lineOf(set: SetName, work: string, samples: Samples): Line {
  const each = (f: (samples: readonly Sample[]) => number): Each => ({
    clickhouse: f(samples.clickhouse), duckdb: f(samples.duckdb), pipit: f(samples.pipit),
  })
  const all = ENGINES.flatMap((engine) => samples[engine])
  const cpuMs = all.reduce((sum, sample) => sum + sample.cpuMs, 0)
  const waitMs = all.reduce((sum, sample) => sum + sample.waitMs, 0)
  return {
    set, work, ...each((own) => median(own.map(({ ms }) => ms))),
    least: each((own) => Math.min(...own.map(({ ms }) => ms))),
    cpu: each((own) => Math.min(...own.map((sample) => sample.cpuMs))),
    waiting: waitMs / Math.max(1, waitMs + cpuMs),
  }
}

/** Repetitions `from` to `to` of one query on all engines in turn, the first of them not counted; throws
 * when exact answers differ. */
export async function measure(
  query: BenchQuery, set: SetName, rows: number, ask: Ask, from: number, to: number,
): Promise<Samples> {
  const samples: Record<Engine, Sample[]> = { clickhouse: [], duckdb: [], pipit: [] }
  for (let repetition = from; repetition < to; repetition++) {
    const answers: string[] = []
    for (const engine of ENGINES) {
      const { sample, rows: found } = await ask(engine, statement(query, engine, set, rows, repetition))
      if (repetition > from) samples[engine].push(sample)
      if (query.isExact) answers.push(comparable(found))
    }
    if (new Set(answers).size > 1) {
      throw new Error(`${set}, ${query.name}: answers differ\n${ENGINES.map((engine, index) => (
        `${engine}: ${answers[index].slice(0, 400)}`)).join('\n')}`)
    }
  }
  return samples
}
