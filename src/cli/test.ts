// `pipit test run|update`: the tests in tests/*.yaml over the project's fixtures, in an engine of their own:
// calls of the endpoint that the file is named after, or statements that must find no rows (Tinybird Classic's
// data quality tests). No server runs. Invariant: a test has the same outcome on any day, so no TTL holds.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, extname, join, relative, resolve } from 'node:path'
import { parseDocument, type Document, type YAMLMap, type YAMLSeq } from 'yaml'
import { orderingColumns } from '../compare/statement.ts'
import type { Engine } from '../engine/engine.ts'
import { EngineError } from '../engine/engine-error.ts'
import { openLocalEngine } from '../engine/local.ts'
import type { Project } from '../project/definitions.ts'
import { RenderError } from '../render/errors.ts'
import { render, renderSql } from '../render/render.ts'
import type { Rendered } from '../render/renderer.ts'
import { loadFixtures } from './fixtures.ts'
import { filesIn } from './project-files.ts'
import { loadOrThrow } from './load.ts'
import { CliError, dim, green, print, red } from './terminal.ts'

type EndpointTest = {
  readonly name: string
  readonly sql: null
  readonly parameters: string
  readonly expected: string
  readonly status: number
}

/** A statement that must find no rows; `params` are those of the pipes that it reads. */
type QualityTest = { readonly name: string; readonly sql: string; readonly params: Params }

type TestCase = EndpointTest | QualityTest

type Params = Record<string, string | string[]>

type TestFile = {
  readonly path: string
  readonly pipe: string
  readonly document: Document
  readonly cases: readonly TestCase[]
}

/** `sql`: the statement that was run; null where none was. */
type Outcome = { readonly status: number; readonly text: string; readonly sql: string | null }

export type TestOptions = { readonly dir: string }

const FAILED = 'Some tests failed; `pipit test update` takes what the endpoints answer now as expected'

/** Runs the tests; throws CliError when one fails. */
export async function runTests(files: readonly string[], options: TestOptions): Promise<void> {
  await withEngine(options.dir, files, async (engine, project, tests) => {
    let failed = 0
    let passed = 0
    for (const file of tests) {
      print(relative(project.root, file.path))
      for (const test of file.cases) {
        const problem = test.sql === null ? differenceOf(test, await call(engine, project, file.pipe, test.parameters))
          : foundOf(await statement(engine, project, test))
        if (problem === null) passed++
        else failed++
        print(problem === null ? `  ${green('✓')} ${test.name}` : `  ${red('✗')} ${test.name}\n${indent(problem)}`)
      }
    }
    print(`${passed} passed, ${failed} failed`)
    if (failed > 0) throw new CliError(FAILED)
  })
}

/** Writes what the endpoints answer now into the files, where it is not what they expect. */
export async function updateTests(files: readonly string[], options: TestOptions): Promise<void> {
  await withEngine(options.dir, files, async (engine, project, tests) => {
    for (const file of tests) {
      const list = file.document.contents as YAMLSeq<YAMLMap>
      const calls = file.cases.filter(({ sql }) => sql === null)
      if (calls.length === 0) {
        print(`${dim('as it was')} ${relative(project.root, file.path)} ${dim('(statements that must find no rows)')}`)
        continue
      }
      let updated = 0
      for (const [index, test] of file.cases.entries()) {
        if (test.sql !== null) continue
        const outcome = await call(engine, project, file.pipe, test.parameters)
        if (differenceOf(test, outcome) === null) continue
        updated++
        const { status, text } = outcome
        list.items[index].set('expected_result', status === 200 ? text : '')
        list.items[index].set('expected_http_status', status)
      }
      if (updated > 0) writeFileSync(file.path, file.document.toString({ lineWidth: 0, blockQuote: 'literal' }))
      print(`${updated > 0 ? green('updated') : dim('as it was')} ${relative(project.root, file.path)} `
        + dim(`(${updated} of ${calls.length} tests)`))
    }
  })
}

async function withEngine(
  dir: string, wanted: readonly string[],
  use: (engine: Engine, project: Project, tests: readonly TestFile[]) => Promise<void>,
): Promise<void> {
  const project = timeless(await before('the project has errors', () => loadOrThrow(resolve(dir))))
  const tests = testFiles(project.root, wanted)
  const folder = mkdtempSync(join(tmpdir(), 'pipit-test-'))
  const engine = await openLocalEngine({ folder })
  try {
    await engine.applyProject(project)
    await before('the fixtures do not fit', () => loadFixtures(engine, project))
    await use(engine, project, tests)
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What `work` gives; an error of it ends with the reason why there are no results. */
async function before<Result>(reason: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof CliError)) throw error
    throw new CliError(`${error.message}\nNo test was run: ${reason}`)
  }
}

/** The project without TTLs: the rows of fixtures have dates of their own, and would be gone some day. */
function timeless(project: Project): Project {
  const datasources = new Map([...project.datasources].map(([name, source]) =>
    [name, { ...source, engine: { ...source.engine, ttl: null } }]))
  return { ...project, datasources }
}

/** Those that were asked for by path, file name or pipe; all of them when none was. */
function testFiles(root: string, wanted: readonly string[]): TestFile[] {
  const all = filesIn(root, (folder) => basename(folder) === 'tests')
    .filter((file) => /\.ya?ml$/.test(file) && basename(file) !== 'regression.yaml')
  const chosen = wanted.length === 0 ? all : wanted.map((name) => {
    const found = all.find((file) => [file, join(root, file), basename(file), basename(file, extname(file))]
      .includes(name) || resolve(name) === join(root, file))
    if (found === undefined) throw new CliError(`There are no tests '${name}' (known: ${all.join(', ') || 'none'})`)
    return found
  })
  if (chosen.length === 0) throw new CliError('There are no tests: write tests/PIPE.yaml')
  return chosen.map((file) => readTests(join(root, file)))
}

function readTests(path: string): TestFile {
  const document = parseDocument(readFileSync(path, 'utf8'))
  const [error] = document.errors
  if (error !== undefined) throw new CliError(`${path}: ${error.message}`)
  const list: unknown = document.toJS() ?? []
  if (!Array.isArray(list)) throw new CliError(`${path}: a test file is a list of tests (- name: …)`)
  const cases = list.map((item: unknown, index) => testOf(item, `${path}: test ${index + 1}`))
  return { path, pipe: basename(path, extname(path)), document, cases }
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields => value !== null && typeof value === 'object' && !Array.isArray(value)

function testOf(item: unknown, place: string): TestCase {
  if (!isFields(item)) throw new CliError(`${place} is no test (- name: …)`)
  if (typeof item.name === 'string') {
    return {
      name: item.name, sql: null, parameters: String(item.parameters ?? ''), expected: String(item.expected_result ?? ''),
      status: Number(item.expected_http_status ?? 200),
    }
  }
  // Classic's form: the name is the key.
  const [[name, body] = ['', null], ...more] = Object.entries(item)
  if (more.length > 0 || !isFields(body) || typeof body.sql !== 'string') {
    throw new CliError(`${place} has no name, nor the form of a data quality test (- NAME: with sql: below it)`)
  }
  const given = isFields(body.pipe) && isFields(body.pipe.params) ? body.pipe.params : {}
  return { name, sql: body.sql, params: Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)])) }
}

/** Calls the endpoint as HTTP would. */
async function call(engine: Engine, project: Project, pipe: string, parameters: string): Promise<Outcome> {
  if (!project.pipes.has(pipe)) return { status: 404, text: `The pipe '${pipe}' does not exist`, sql: null }
  const params: Params = {}
  for (const [key, value] of new URLSearchParams(parameters)) {
    const before = params[key]
    params[key] = before === undefined ? value : [before, value].flat()
  }
  return await answerOf(engine, () => render({ project, pipe, params, secrets: project.secrets }))
}

const statement = (engine: Engine, project: Project, { sql, params }: QualityTest): Promise<Outcome> =>
  answerOf(engine, () => renderSql({ project, sql, params, secrets: project.secrets }))

async function answerOf(engine: Engine, rendered: () => Rendered): Promise<Outcome> {
  try {
    const { sql, slots, key } = rendered()
    const { body } = await engine.query({ sql, slots, key, format: 'JSONEachRow' })
    // `/` without the escape of JSON answers: these are lines for people.
    return { status: 200, text: Buffer.from(body).toString('utf8').replaceAll('\\/', '/'), sql }
  } catch (error) {
    if (error instanceof RenderError) return { status: error.status, text: error.message, sql: null }
    if (error instanceof EngineError) return { status: 400, text: error.message, sql: null }
    throw error
  }
}

/** Rows shown of those that a statement should not have found. */
const FOUND_SHOWN = 5

/** What is wrong with a statement's answer; null: nothing. */
function foundOf({ status, text }: Outcome): string | null {
  if (status !== 200) return text
  const rows = linesOf(text)
  if (rows.length === 0) return null
  const rest = rows.length - FOUND_SHOWN
  return [`${rows.length} ${rows.length === 1 ? 'row' : 'rows'} found, expected none`,
    ...rows.slice(0, FOUND_SHOWN).map((row) => green(`+ ${row}`)), ...(rest > 0 ? [dim(`… and ${rest} more`)] : [])].join('\n')
}

/** What is wrong, as lines; null: nothing. */
function differenceOf(test: EndpointTest, outcome: Outcome): string | null {
  if (outcome.status !== test.status) {
    return `expected status ${test.status}, got ${outcome.status}${outcome.status === 200 ? '' : `: ${outcome.text}`}`
  }
  if (outcome.status !== 200) return null
  const expected = linesOf(test.expected)
  const actual = linesOf(outcome.text)
  const lines: string[] = []
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    if (normal(expected[i]) === normal(actual[i])) continue
    if (expected[i] !== undefined) lines.push(red(`- ${expected[i]}`))
    if (actual[i] !== undefined) lines.push(green(`+ ${actual[i]}`))
  }
  return lines.length === 0 || (outcome.sql !== null && areTies(outcome.sql, expected, actual)) ? null : lines.join('\n')
}

/** True where the lines are the same rows, and those that stand in another place are equal in ORDER BY: their
 * order among themselves is nobody's, ClickHouse gives it as its hash tables have them. */
export function areTies(sql: string, expected: readonly string[], actual: readonly string[]): boolean {
  const [before, now] = [expected, actual].map((lines) => lines.map((line) => normal(line) ?? ''))
  if ([...before].sort().join('\n') !== [...now].sort().join('\n') || !now.every((line) => line.startsWith('{'))) return false
  const rows = [before, now].map((lines) => lines.map((line) => JSON.parse(line) as Fields))
  const keys = orderingColumns(sql, Object.keys(rows[1][0] ?? {}))
  if (keys === null) return false
  const [a, b] = rows.map((list) => list.map((row) => JSON.stringify(keys.map((key) => row[key]))))
  return a.every((key, i) => key === b[i])
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')

/** Texts, and whole numbers that a double may not hold; no digits of fractions and exponents. */
const TEXT_OR_LONG = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g

/** JSON apart from its spaces and escapes; whole numbers keep every digit. What is no JSON stays as it is. */
export function normal(line: string | undefined): string | undefined {
  try {
    const exact = line?.replace(TEXT_OR_LONG, (token) => (token.startsWith('"') ? token : `["integer","${token}"]`))
    return exact === undefined ? undefined : JSON.stringify(JSON.parse(exact))
  } catch {
    return line
  }
}

const indent = (text: string): string => text.split('\n').map((line) => `      ${line}`).join('\n')
