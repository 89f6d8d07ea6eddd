// Fixtures: files named as a data source in a folder `fixtures` of the project, as rows of it. They
// take the way of every insert, so what does not fit is named.

import { existsSync, readFileSync } from 'node:fs'
import { basename, extname, join } from 'node:path'
import { parse } from 'csv-parse/sync'
import type { Engine } from '../engine/engine.ts'
import { dialectOf, isHeading } from '../ingest/csv.ts'
import type { ColumnDef, DatasourceDef, Project } from '../project/definitions.ts'
import { filesIn } from './project-files.ts'
import { CliError } from './terminal.ts'

const MiB = 2 ** 20
/** Bytes of one insert. */
const BATCH_BYTES = 8 * MiB

export type LoadedFixture = { readonly datasource: string; readonly rows: number; readonly file: string }

/** Loads every fixture whose data source has no rows yet. What does not fit is told to `onMisfit`, and is
 * in the quarantine; without it CliError is thrown. */
export async function loadFixtures(
  engine: Engine, project: Project, onMisfit: (message: string) => void = refuse,
): Promise<LoadedFixture[]> {
  const counts = new Map(engine.datasources().map(({ name, rowCount }) => [name, rowCount]))
  const loaded: LoadedFixture[] = []
  for (const file of fixtureFiles(project.root)) {
    const source = project.datasources.get(basename(file, extname(file)))
    if (source === undefined || (counts.get(source.name) ?? 0) > 0) continue
    loaded.push({ datasource: source.name, file, rows: await loadOne(engine, source, join(project.root, file), onMisfit) })
  }
  return loaded
}

/** Paths below the root, .ndjson before .csv where both are there. */
function fixtureFiles(root: string): string[] {
  const files = filesIn(root, (folder) => basename(folder) === 'fixtures')
  const byName = new Map<string, string>()
  for (const extension of ['.ndjson', '.json', '.csv']) {
    for (const file of files.filter((one) => extname(one) === extension)) {
      const name = basename(file, extension)
      if (!byName.has(name)) byName.set(name, file)
    }
  }
  return [...byName.values()].sort()
}

/** The fixtures of a project as JSON lines, by data source. */
export function fixtureLines(project: Project): Map<string, string> {
  const found = new Map<string, string>()
  for (const file of fixtureFiles(project.root)) {
    const source = project.datasources.get(basename(file, extname(file)))
    if (source === undefined) continue
    const { lines, format } = readFixture(source, join(project.root, file))
    const isList = format === 'json'
    found.set(source.name, isList ? (JSON.parse(lines.join('\n')) as unknown[]).map((row) => JSON.stringify(row)).join('\n')
      : lines.join('\n'))
  }
  return found
}

function readFixture(source: DatasourceDef, path: string): { lines: string[]; text: string; format: 'json' | 'ndjson' } {
  const text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '')
  const isCsv = extname(path) === '.csv'
  const lines = isCsv ? csvLines(text, source, path) : text.split('\n')
  return { lines, text, format: !isCsv && text.trimStart().startsWith('[') ? 'json' : 'ndjson' }
}

function refuse(message: string): never { throw new CliError(message) }

async function loadOne(
  engine: Engine, source: DatasourceDef, path: string, onMisfit: (message: string) => void,
): Promise<number> {
  if (!existsSync(path)) return 0
  const { lines, text, format } = readFixture(source, path)
  let rows = 0
  for (const body of format === 'json' ? [text] : batches(lines)) {
    const answer = await engine.insert({ datasource: source.name, body: Buffer.from(body), format, gzip: false })
    if (answer.quarantinedRows > 0) {
      onMisfit(`${path}: ${answer.quarantinedRows} rows do not fit ${source.name}; the first: `
        + `${answer.firstError ?? 'no reason given'}`)
    }
    rows += answer.successfulRows
  }
  return rows
}

function* batches(lines: readonly string[]): Generator<string> {
  let batch: string[] = []
  let bytes = 0
  for (const line of lines) {
    if (line.trim() === '') continue
    batch.push(line)
    bytes += line.length
    if (bytes < BATCH_BYTES) continue
    yield batch.join('\n')
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch.join('\n')
}

/** Rows of a CSV as JSON lines. */
function csvLines(text: string, source: DatasourceDef, path: string): string[] {
  let rows: string[][]
  const { delimiter } = dialectOf(Buffer.from(text.trimStart()), source.columns.map(({ name }) => name))
  try {
    rows = parse(text, { skip_empty_lines: true, relax_column_count: true, delimiter: String.fromCharCode(delimiter) })
  } catch (error) {
    throw new CliError(`${path}: ${(error as Error).message}`)
  }
  if (rows.length === 0) return []
  const hasHeading = isHeading(rows[0], source.columns)
  const columns = hasHeading ? rows[0].map((cell) => source.columns.find(({ name }) => name === cell.trim())) : source.columns
  return rows.slice(hasHeading ? 1 : 0).map((cells) => jsonOf(cells, columns))
}

type Tree = { [key: string]: Tree | string }

/** A row as JSON in which each value stands where its column's path looks for it. */
function jsonOf(cells: readonly string[], columns: readonly (ColumnDef | undefined)[]): string {
  const tree: Tree = {}
  cells.forEach((cell, index) => {
    const column = columns[index]
    if (column === undefined || (cell === '' && !/String/.test(column.type))) return
    const keys = (column.jsonPath ?? `$.${column.name}`).replace(/\[:\]/g, '').split('.').slice(1)
    let place = tree
    for (const key of keys.slice(0, -1)) place = (place[key] ??= {}) as Tree
    place[keys.at(-1) ?? column.name] = literalOf(cell, column.type)
  })
  return textOf(tree)
}

const textOf = (tree: Tree): string => `{${Object.entries(tree).map(([key, value]) =>
  `${JSON.stringify(key)}:${typeof value === 'string' ? value : textOf(value)}`).join(',')}}`

/** Numbers keep all of their digits; arrays and maps are JSON, as CSV files have them. */
function literalOf(cell: string, type: string): string {
  const bare = type.replace(/^(?:LowCardinality|Nullable)\(|\)$/g, '')
  if (/^(U?Int|Float|Decimal)/.test(bare) && /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(cell)) return cell
  if (/^(Array|Map|Tuple|JSON)/.test(bare) && /^[[{]/.test(cell)) {
    try {
      return JSON.stringify(JSON.parse(cell.includes('"') ? cell : cell.replaceAll("'", '"')))
    } catch {
      return JSON.stringify(cell)
    }
  }
  return JSON.stringify(cell)
}
