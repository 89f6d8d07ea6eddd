// `pipit compare` at work: every node of every pipe, with its defaults and with all of its parameters
// given, is run here and by ClickHouse on the same rows, and the answers are compared.
// Invariant: a statement is "equal" only when both engines answered and nothing differs.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { EngineError } from '../engine/engine-error.ts'
import { openLocalEngine, type LocalEngine } from '../engine/local.ts'
import type { Project } from '../project/definitions.ts'
import { ParameterError, RenderError } from '../render/errors.ts'
import { rendererOf } from '../render/render.ts'
import type { ParamValue } from '../render/renderer.ts'
import { quoteName } from '../sql/literals.ts'
import { difference, readAnswer, type Answer } from './answers.ts'
import { startChdb, type Oracle } from './chdb.ts'
import { combiningTriggers, prepare, stillProject } from './ground.ts'
import { valueFor } from './parameters.ts'
import { randomBySeed } from './rows.ts'
import { determined, finalized, hasStates, pinned, totallyOrdered, volatileFunction } from './statement.ts'
import { hintsOf, type Hints } from './texts.ts'

type Outcome = 'equal' | 'different' | 'not runnable'

export type Comparison = {
  readonly pipe: string
  readonly node: string
  /** `defaults`, or `all` parameters given. */
  readonly parameters: 'defaults' | 'all'
  readonly outcome: Outcome
  /** What differs, or why it does not run; what is left unsaid of an equal one. */
  readonly reason: string
  readonly rows: number
  readonly sql: string
}

export type CompareOptions = {
  readonly chdbHome: string
  readonly rowCount: number
  readonly seed: number
  /** Fixtures of the project as JSON lines, by data source. */
  readonly fixtures: ReadonlyMap<string, string>
}

type World = {
  readonly project: Project; readonly engine: LocalEngine; readonly oracle: Oracle
  readonly nowSeconds: number; readonly columnValue: (name: string) => string | null
}

type Compared = {
  readonly comparisons: readonly Comparison[]; readonly notes: readonly string[]; readonly rows: ReadonlyMap<string, number>
}

/** Compares a whole project; `notes` say what could not be prepared. */
export async function compareProject(loaded: Project, options: CompareOptions): Promise<Compared> {
  const project = stillProject(loaded)
  const byRow = new Set(combiningTriggers(project))
  for (;;) {
    const result = await compareOver(project, options, byRow)
    if (!('broken' in result)) return result
    result.broken.forEach((name) => byRow.add(name))
  }
}

/** Both engines, filled and asked. Where views fail on some rows of data sources that came as one insert, those are to come
 * row by row: ClickHouse's view keeps nothing of an insert with such a row, Pipit's keeps the other rows. */
async function compareOver(
  project: Project, options: CompareOptions, byRow: ReadonlySet<string>): Promise<Compared | { broken: readonly string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'pipit-compare-'))
  // One worker reads rows in one order, as ClickHouse with one thread does.
  const engine = await openLocalEngine({ folder, limits: { queryWorkers: 1 } })
  const oracle = await startChdb(options.chdbHome)
  try {
    await engine.applyProject(project)
    const nowSeconds = Math.floor(Date.now() / 1000)
    const maker = { hints: hintsOf(project), random: randomBySeed(options.seed), nowSeconds }
    const { notes, rows, broken } = await prepare(engine, oracle, project, maker, options.fixtures, options.rowCount, byRow)
    if (broken.some((name) => !byRow.has(name))) return { broken }
    const columnValue = await columnValues(engine, project, maker.hints)
    const world: World = { project, engine, oracle, nowSeconds, columnValue }
    const comparisons: Comparison[] = []
    for (const pipe of project.pipes.values()) {
      for (const node of pipe.nodes) comparisons.push(...await compareNode(world, pipe.name, node.name))
    }
    const bad = engine.badViews.map(({ pipe, message }) => `${pipe}: ${message}`)
    return { comparisons, notes: [...bad, ...notes], rows }
  } finally {
    await engine.close()
    await oracle.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a parameter of this name is compared with, or what some row has in a column named so. */
async function columnValues(
  engine: LocalEngine, project: Project, hints: Hints): Promise<(name: string) => string | null> {
  const values = new Map([...hints.texts].map(([name, texts]) => [name, texts[0]]))
  for (const source of project.datasources.values()) {
    const { body } = await engine.query({ sql: `SELECT * FROM ${source.name.split('.').map(quoteName).join('.')} LIMIT 1`, slots: [], key: null, format: 'JSONEachRow' })
    const text = Buffer.from(body).toString().trim()
    if (text === '') continue
    for (const [name, value] of Object.entries(JSON.parse(text) as Record<string, unknown>)) {
      if (!values.has(name) && (typeof value === 'string' || typeof value === 'number')) values.set(name, String(value))
    }
  }
  return (name) => values.get(name) ?? null
}

async function compareNode(world: World, pipe: string, node: string): Promise<Comparison[]> {
  const found: Comparison[] = []
  const withDefaults = renderWith(world, pipe, node, 'defaults')
  const withAll = renderWith(world, pipe, node, 'all')
  for (const [parameters, rendered] of [['defaults', withDefaults], ['all', withAll]] as const) {
    if ('error' in rendered) {
      // A pipe may ask for parameters by an error of its own: then it is called with all of them.
      if (parameters === 'all' || 'error' in withAll) {
        found.push({ pipe, node, parameters, sql: '', outcome: 'not runnable', reason: rendered.error, rows: 0 })
      }
      continue
    }
    if (found.some(({ sql }) => sql === rendered.sql)) continue
    found.push({ pipe, node, parameters, sql: rendered.sql, ...await compareStatement(world, rendered.sql) })
  }
  return found
}

/** Renders a node with its defaults, adding what is missing, or with every parameter it has. */
function renderWith(
  { project, nowSeconds, columnValue }: World, pipe: string, node: string, parameters: 'defaults' | 'all',
): { sql: string } | { sql: string; error: string } {
  const renderer = rendererOf(project)
  const docs = new Map(renderer.describe(pipe).map((doc) => [doc.name, doc]))
  const params: Record<string, ParamValue> = {}
  const columnNames = columnsRead(project, pipe)
  const give = (name: string): void => {
    const doc = docs.get(name)
    if (doc !== undefined) params[name] = valueFor(doc, columnValue, columnNames, nowSeconds)
  }
  if (parameters === 'all') docs.forEach((_, name) => give(name))
  for (;;) {
    try {
      const { sql } = renderer.render({ pipe, node, params })
      return { sql: pinned(sql, nowSeconds).trim().replace(/;$/, '') }
    } catch (error) {
      if (!(error instanceof RenderError)) throw error
      const missing = error instanceof ParameterError && !(error.parameter in params) && docs.has(error.parameter)
      if (!missing) return { sql: '', error: `it does not render: ${error.message}` }
      give((error as ParameterError).parameter)
    }
  }
}

/** Columns of the data sources that a pipe's SQL mentions. */
const columnsRead = (project: Project, pipe: string): readonly string[] => {
  const sql = project.pipes.get(pipe)?.nodes.map((node) => node.sql).join('\n') ?? ''
  return [...project.datasources.values()].filter(({ name }) => new RegExp(`\\b${name}\\b`).test(sql))
    .flatMap(({ columns }) => columns.map(({ name }) => name))
}

type Verdict = { readonly outcome: Outcome; readonly reason: string; readonly rows: number }

async function compareStatement(world: World, sql: string): Promise<Verdict> {
  const { engine, oracle } = world
  const [ours, theirs] = [await askPipit(engine, sql), await askChdb(oracle, sql)]
  if ('error' in ours) {
    if ('error' in theirs) return { outcome: 'equal', reason: `both refuse it: ${ours.error}`, rows: 0 }
    return { outcome: 'not runnable', reason: `Pipit: ${ours.error}`, rows: 0 }
  }
  const rows = ours.rows.length
  if ('error' in theirs) return { outcome: 'not runnable', reason: `ClickHouse: ${theirs.error}`, rows }
  if (hasStates(ours.columns)) {
    const types = difference({ ...ours, rows: [] }, { ...theirs, rows: [] }, true)
    return types !== null ? { outcome: 'different', reason: types, rows }
      : compareStatement(world, finalized(sql, ours.columns))
  }
  const volatile = volatileFunction(sql)
  if (volatile !== null) {
    const types = difference({ ...ours, rows: [] }, { ...theirs, rows: [] }, true)
    return { outcome: types === null ? 'equal' : 'different', reason: types ?? `types only: ${volatile}()`, rows }
  }
  const reason = difference(ours, theirs, true)
  if (reason === null) return { outcome: 'equal', reason: '', rows }
  return { ...await compareLoosely(world, sql, ours, theirs), rows }
}

/** Answers that are not the same may both be right: ties of ORDER BY come in any order, and so do the
 * rows that any() or row_number() see. Then a statement with one right answer decides. */
async function compareLoosely(
  { engine, oracle }: World, sql: string, ours: Answer, theirs: Answer,
): Promise<Omit<Verdict, 'rows'>> {
  const ordered = totallyOrdered(sql, theirs.columns)
  const reason = ordered === null ? difference(ours, theirs, false) : await answersDiffer(engine, oracle, ordered, true)
  if (reason === null) return { outcome: 'equal', reason: '' }
  const { text, changes } = determined(ordered ?? sql)
  if (changes.length === 0) return { outcome: 'different', reason }
  const again = await answersDiffer(engine, oracle, text, ordered !== null)
  return again === null ? { outcome: 'equal', reason: `with ${changes.join(', ')}` } : { outcome: 'different', reason }
}

async function answersDiffer(
  engine: LocalEngine, oracle: Oracle, sql: string, inOrder: boolean): Promise<string | null> {
  const [ours, theirs] = [await askPipit(engine, sql), await askChdb(oracle, sql)]
  if ('error' in ours) return ours.error
  return 'error' in theirs ? theirs.error : difference(ours, theirs, inOrder)
}

async function askPipit(engine: LocalEngine, sql: string): Promise<Answer | { error: string }> {
  try {
    const { body } = await engine.query({ sql, slots: [], key: null, format: 'JSONCompact' })
    return readAnswer(Buffer.from(body).toString())
  } catch (error) {
    if (error instanceof EngineError) return { error: error.message }
    throw error
  }
}

async function askChdb(oracle: Oracle, sql: string): Promise<Answer | { error: string }> {
  const answer = await oracle.query(sql, 'JSONCompact')
  return answer.ok ? readAnswer(answer.text) : { error: answer.error.split('\n')[0] }
}
