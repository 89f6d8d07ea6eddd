// The ground that both engines stand on: the project's tables and views in each, the same rows inserted
// into both in the same order, so that materialized targets fill by the views themselves.
// Invariant: rows come out of Pipit's table and go into ClickHouse's as they are there; what is compared
// are queries, not the reading of JSON.

import type { TableMeta } from '../../storage/face.ts'
import type { LocalEngine } from '../engine/local.ts'
import type { DatasourceDef, Project } from '../project/definitions.ts'
import { RenderError } from '../render/errors.ts'
import { rendererOf } from '../render/render.ts'
import { quoteName } from '../sql/literals.ts'
import type { Oracle } from './chdb.ts'
import { rowsOf } from './rows.ts'
import type { RowMaker } from './row-maker.ts'

/** Views that did not come to be, and data sources without rows, with the reason; `broken`: data sources of which some
 * rows made a view fail. */
export type Ground = {
  readonly notes: readonly string[]; readonly rows: ReadonlyMap<string, number>; readonly broken: readonly string[]
}

/** The project without what makes rows come and go by themselves. */
export function stillProject(project: Project): Project {
  const datasources = new Map([...project.datasources].map(([name, source]) => [name, {
    ...source, engine: { ...source.engine, ttl: null, name: source.engine.name === 'Null' ? 'MergeTree' : source.engine.name },
  }]))
  return { ...project, datasources }
}

const SETTINGS: readonly string[] = [
  'max_threads = 1', 'max_insert_threads = 1', 'output_format_json_quote_64bit_integers = 0',
  'input_format_parallel_parsing = 0', 'allow_suspicious_low_cardinality_types = 1', 'materialized_views_ignore_errors = 1',
  'date_time_input_format = \'best_effort\'', 'max_partitions_per_insert_block = 0',
]

/** The engine clause of a table, with its arguments. */
function engineOf({ engine, engineArgs, partitionBy, sortBy, sampleBy, settings }: TableMeta): string {
  if (engineArgs?.join !== undefined) {
    const { strictness, kind, keys } = engineArgs.join
    const own = Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
    return `Join(${[strictness, kind, ...keys.map(quoteName)].join(', ')})`
      + (own.length > 0 ? ` SETTINGS ${own.join(', ')}` : '')
  }
  const { version, isDeleted, sign, columns } = engineArgs ?? { version: null, isDeleted: null, sign: null, columns: [] }
  const args = (engine === 'SummingMergeTree' ? (columns.length > 0 ? [`(${columns.join(', ')})`] : [])
    : engine === 'ReplacingMergeTree' ? [version, isDeleted] : [sign, version]).filter((arg) => arg !== null)
  return `${engine}${args.length > 0 ? `(${args.join(', ')})` : ''} PARTITION BY ${partitionBy} `
    + `ORDER BY (${sortBy.join(', ')}) ${sampleBy == null ? '' : `SAMPLE BY ${sampleBy} `}SETTINGS allow_nullable_key = 1`
    + (engine === 'AggregatingMergeTree' ? ', allow_dimensions_outside_sorting_key = 1' : '')
}

/** `vendor.events` is a table of a database there. */
const tableName = (name: string): string => name.split('.').map(quoteName).join('.')

async function must(oracle: Oracle, sql: string): Promise<void> {
  const answer = await oracle.query(sql, 'CSV')
  if (!answer.ok) throw new Error(`ClickHouse refuses: ${answer.error.split('\n')[0]}\n  ${sql.slice(0, 300)}`)
}

/** Data sources that combine rows as they are inserted, and that views read: only row by row does ClickHouse get from
 * them all that those views have seen. */
export function combiningTriggers(project: Project): string[] {
  const triggers = triggersOf(project)
  return [...project.datasources.values()].filter(({ name, engine }) => triggers.includes(name) && engine.name !== 'MergeTree')
    .map(({ name }) => name)
}

/** Makes tables and views in ClickHouse and fills both engines: data sources with `fixtures` by those, all else by
 * `rowCount` rows; those of `byRow` in inserts of one row each, in both. */
export async function prepare(
  engine: LocalEngine, oracle: Oracle, project: Project, maker: RowMaker,
  fixtures: ReadonlyMap<string, string>, rowCount: number, byRow: ReadonlySet<string>,
): Promise<Ground> {
  const notes: string[] = []
  const broken: string[] = []
  const triggers = triggersOf(project)
  const rows = new Map<string, number>()
  for (const setting of SETTINGS) await must(oracle, `SET ${setting}`)
  notes.push(...await createTables(engine, oracle, project))
  notes.push(...await createViews(oracle, project))
  for (const source of loadingOrder(project)) {
    const hasStates = source.columns.some(({ type }) => type.startsWith('AggregateFunction'))
    const body = hasStates ? '' : fixtures.get(source.name) ?? rowsOf(source, rowCount, maker)
    if (hasStates) notes.push(`${source.name}: no rows, because no view of the project makes its states`)
    if (body.trim() === '') continue
    const before = (await rowsIn(engine, source.name))
    const known = await setAside(engine, triggers)
    const isByRow = byRow.has(source.name)
    const inserted = await insertRows(engine, source.name, isByRow ? body.trim().split('\n') : [body])
    if (inserted.misfits > 0) notes.push(`${source.name}: ${inserted.misfits} rows do not fit: ${inserted.firstError}`)
    rows.set(source.name, inserted.rows)
    if ((await setAside(engine, triggers)).join() !== known.join()) broken.push(source.name)
    const note = await handOver(engine, oracle, source, before, isByRow)
    if (note !== null) notes.push(note)
  }
  notes.push(...await setAside(engine, triggers))
  await engine.store.flush()
  await mergeAll(engine, oracle)
  return { notes, rows, broken }
}

async function insertRows(
  engine: LocalEngine, datasource: string, bodies: readonly string[],
): Promise<{ rows: number; misfits: number; firstError: string }> {
  const total = { rows: 0, misfits: 0, firstError: '' }
  for (const body of bodies) {
    const answer = await engine.insert({ datasource, body: Buffer.from(body), format: 'ndjson', gzip: false })
    total.rows += answer.successfulRows
    total.misfits += answer.quarantinedRows
    if (total.firstError === '') total.firstError = answer.firstError ?? ''
  }
  return total
}

/** Merges the parts of each table of ClickHouse to one a partition, as a flush does here: what combines
 * rows has combined them in both. */
async function mergeAll(engine: LocalEngine, oracle: Oracle): Promise<void> {
  for (const { name } of engine.store.stats()) await oracle.query(`OPTIMIZE TABLE ${tableName(name)} FINAL`, 'CSV')
}

/** Rows of data sources that views of Pipit leave out: ClickHouse's leave out all that came with one. */
async function setAside(engine: LocalEngine, names: readonly string[]): Promise<string[]> {
  const notes: string[] = []
  for (const name of names) {
    const { body } = await engine.query({
      sql: `SELECT arrayJoin(c__error_column) AS view, any(c__error[1]) AS why, count() AS rows FROM ${tableName(`${name}_quarantine`)} `
        + "WHERE view LIKE 'view %' GROUP BY view ORDER BY view", slots: [], key: null, format: 'JSONEachRow',
    }).catch(() => ({ body: new Uint8Array() })) // it has none
    for (const line of Buffer.from(body).toString().split('\n').filter((text) => text !== '')) {
      const { view, why, rows } = JSON.parse(line) as { view: string; why: string; rows: number }
      notes.push(`${view}: ${rows} rows of ${name} do not fit and are set aside (${why}); each row is an insert of its own in both`)
    }
  }
  return notes
}

async function createTables(engine: LocalEngine, oracle: Oracle, project: Project): Promise<string[]> {
  const notes: string[] = []
  const names = engine.store.stats().map(({ name }) => name)
  const foreign = tablesRead(project).filter((name) => name.includes('.'))
  const databases = new Set([...names, ...foreign].flatMap((name) => name.split('.').slice(0, -1)))
  for (const database of databases) await must(oracle, `CREATE DATABASE IF NOT EXISTS ${quoteName(database)}`)
  for (const name of names) {
    const meta = engine.store.table(name)
    if (meta === null) continue
    const columns = meta.columns.map((column) => `${quoteName(column.name)} ${column.type}`).join(', ')
    try {
      await must(oracle, `CREATE TABLE ${tableName(name)} (${columns}) ENGINE = ${engineOf(meta)}`)
    } catch (error) {
      notes.push((error as Error).message)
    }
  }
  // A data source of another release or workspace that the project does not hold is its own of that name.
  for (const name of foreign) {
    const own = name.slice(name.lastIndexOf('.') + 1)
    if (names.includes(name) || !names.includes(own)) continue
    await must(oracle, `CREATE VIEW ${tableName(name)} AS SELECT * FROM ${quoteName(own)}`)
  }
  return notes
}

/** Every table that some node reads. */
function tablesRead(project: Project): string[] {
  const found = new Set<string>()
  for (const pipe of project.pipes.values()) {
    for (const node of pipe.nodes) readsOf(project, pipe.name, node.name).forEach((name) => found.add(name))
  }
  return [...found]
}

/** What a node reads, its trigger first; nothing where it does not render without parameters. */
function readsOf(project: Project, pipe: string, node: string): readonly string[] {
  try {
    return rendererOf(project).render({ pipe, node }).tables
  } catch (error) {
    if (error instanceof RenderError) return []
    throw error
  }
}

async function rowsIn(engine: LocalEngine, name: string): Promise<string> {
  const { body } = await engine.query({ sql: `SELECT * FROM ${tableName(name)}`, slots: [], key: null, format: 'JSONEachRow' })
  return Buffer.from(body).toString()
}

/** Inserts into ClickHouse what Pipit has got; row by row where views break on some, because ClickHouse's keep nothing
 * of an insert with one such row. */
async function handOver(
  engine: LocalEngine, oracle: Oracle, source: DatasourceDef, before: string, isByRow: boolean,
): Promise<string | null> {
  const all = await rowsIn(engine, source.name)
  const fresh = all.startsWith(before) ? all.slice(before.length) : all
  if (fresh === '') return null
  for (const rows of isByRow ? fresh.trim().split('\n') : [fresh]) {
    const done = await oracle.query(`INSERT INTO ${tableName(source.name)} FORMAT JSONEachRow ${rows}`, 'CSV')
    if (!done.ok) return `${source.name}: ClickHouse refuses its rows: ${done.error.split('\n')[0]}`
  }
  return null
}

async function createViews(oracle: Oracle, project: Project): Promise<string[]> {
  const notes: string[] = []
  for (const pipe of project.pipes.values()) {
    for (const [i, { node, target }] of pipe.materialized.entries()) {
      try {
        const { sql } = rendererOf(project).render({ pipe: pipe.name, node })
        await must(oracle, `CREATE MATERIALIZED VIEW ${quoteName(`__view_${pipe.name}_${i}`)} TO ${tableName(target)} AS ${sql}`)
      } catch (error) {
        notes.push(`${pipe.name}: ${(error as Error).message}`)
      }
    }
  }
  return notes
}

/** Data sources that are filled from outside, each after those that its views join with it. */
function loadingOrder(project: Project): DatasourceDef[] {
  const reads = viewReads(project)
  const targets = new Set([...project.pipes.values()].flatMap((pipe) => pipe.materialized.map(({ target }) => target)))
  const order: DatasourceDef[] = []
  const open = new Set<string>()
  const visit = (name: string): void => {
    if (open.has(name)) return
    open.add(name)
    for (const { tables } of reads.filter((view) => view.tables[0] === name)) tables.slice(1).forEach(visit)
    const source = project.datasources.get(name)
    if (source !== undefined && !targets.has(name)) order.push(source)
  }
  ;[...project.datasources.keys()].sort().forEach(visit)
  return order
}

const triggersOf = (project: Project): string[] =>
  [...new Set(viewReads(project).flatMap(({ tables }) => tables.slice(0, 1)))]

/** What each view reads, its trigger first. */
const viewReads = (project: Project): { tables: readonly string[] }[] => [...project.pipes.values()].flatMap(
  (pipe) => pipe.materialized.map(({ node }) => ({ tables: readsOf(project, pipe.name, node) })))
