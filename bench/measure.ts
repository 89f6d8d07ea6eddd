// One line of the benchmark: a query on all engines in turn, answers compared, medians.

import { FIRST_SECOND, formatSecond, LAST_SECOND, userCount } from './generator.ts'
import type { Timed } from './peers.ts'
import type { BenchQuery, Engine } from './queries.ts'
import type { SetName } from './sets.ts'

const REPETITIONS = 5
const MONTH = Date.UTC(2024, 4, 1) / 1000
const MONTH_SECONDS = 31 * 86_400

export const ENGINES: readonly Engine[] = ['clickhouse', 'duckdb', 'pipit']
export type Ask = (engine: Engine, sql: string) => Promise<Timed>

/** Milliseconds of each engine. */
export type Line = { readonly set: SetName; readonly work: string } & Readonly<Record<Engine, number>>

/** The statement of a repetition, over a set of `rows` rows. */
function statement(query: BenchQuery, engine: Engine, set: SetName, rows: number, repetition: number): string {
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

/** Medians of one query on all engines, in turn; throws when exact answers differ. */
export async function measure(query: BenchQuery, set: SetName, rows: number, ask: Ask): Promise<Line> {
  const times: Record<Engine, number[]> = { clickhouse: [], duckdb: [], pipit: [] }
  for (let repetition = 0; repetition <= REPETITIONS; repetition++) {
    const answers: string[] = []
    for (const engine of ENGINES) {
      const { ms, rows: found } = await ask(engine, statement(query, engine, set, rows, repetition))
      if (repetition > 0) times[engine].push(ms)
      if (query.isExact) answers.push(comparable(found))
    }
    if (new Set(answers).size > 1) {
      throw new Error(`${set}, ${query.name}: answers differ\n${ENGINES.map((engine, index) => (
        `${engine}: ${answers[index].slice(0, 400)}`)).join('\n')}`)
    }
  }
  return {
    set, work: query.name, clickhouse: median(times.clickhouse), duckdb: median(times.duckdb), pipit: median(times.pipit),
  }
}
