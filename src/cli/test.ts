// `pipit test run|update`: the tests in tests/*.yaml, each a call of the endpoint that the file is
// named after, over the project's fixtures, in an engine of their own. No server runs.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, extname, join, relative, resolve } from 'node:path'
import { parseDocument, type Document, type YAMLMap, type YAMLSeq } from 'yaml'
import { EngineError, type Engine } from '../engine/engine.ts'
import { openLocalEngine } from '../engine/local.ts'
import type { Project } from '../project/definitions.ts'
import { RenderError } from '../render/errors.ts'
import { render } from '../render/render.ts'
import { loadFixtures } from './fixtures.ts'
import { filesIn } from './project-files.ts'
import { loadOrThrow } from './load.ts'
import { CliError, dim, green, print, red } from './terminal.ts'

type TestCase = {
  readonly name: string
  readonly parameters: string
  readonly expected: string
  readonly status: number
}

type TestFile = {
  readonly path: string
  readonly pipe: string
  readonly document: Document
  readonly cases: readonly TestCase[]
}

type Outcome = { readonly status: number; readonly text: string }

export type TestOptions = { readonly dir: string }

/** Runs the tests; throws CliError when one fails. */
export async function runTests(files: readonly string[], options: TestOptions): Promise<void> {
  await withEngine(options.dir, files, async (engine, project, tests) => {
    let failed = 0
    let passed = 0
    for (const file of tests) {
      print(relative(project.root, file.path))
      for (const test of file.cases) {
        const problem = differenceOf(test, await call(engine, project, file.pipe, test.parameters))
        if (problem === null) passed++
        else failed++
        print(problem === null ? `  ${green('✓')} ${test.name}` : `  ${red('✗')} ${test.name}\n${indent(problem)}`)
      }
    }
    print(`${passed} passed, ${failed} failed`)
    if (failed > 0) throw new CliError('Some tests failed; `pipit test update` takes their results as right')
  })
}

/** Writes what the endpoints answer now into the files. */
export async function updateTests(files: readonly string[], options: TestOptions): Promise<void> {
  await withEngine(options.dir, files, async (engine, project, tests) => {
    for (const file of tests) {
      const list = file.document.contents as YAMLSeq<YAMLMap>
      for (const [index, test] of file.cases.entries()) {
        const { status, text } = await call(engine, project, file.pipe, test.parameters)
        list.items[index].set('expected_result', status === 200 ? text : '')
        list.items[index].set('expected_http_status', status)
      }
      writeFileSync(file.path, file.document.toString({ lineWidth: 0, blockQuote: 'literal' }))
      print(`${green('updated')} ${relative(project.root, file.path)} ${dim(`(${file.cases.length} tests)`)}`)
    }
  })
}

async function withEngine(
  dir: string, wanted: readonly string[],
  use: (engine: Engine, project: Project, tests: readonly TestFile[]) => Promise<void>,
): Promise<void> {
  const project = loadOrThrow(resolve(dir))
  const tests = testFiles(project.root, wanted)
  const folder = mkdtempSync(join(tmpdir(), 'pipit-test-'))
  const engine = await openLocalEngine({ folder })
  try {
    await engine.applyProject(project)
    await loadFixtures(engine, project)
    await use(engine, project, tests)
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
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
  const cases = list.map((item: Record<string, unknown>, index): TestCase => {
    if (item === null || typeof item !== 'object' || typeof item.name !== 'string') {
      throw new CliError(`${path}: test ${index + 1} has no name`)
    }
    return {
      name: item.name, parameters: String(item.parameters ?? ''), expected: String(item.expected_result ?? ''),
      status: Number(item.expected_http_status ?? 200),
    }
  })
  return { path, pipe: basename(path, extname(path)), document, cases }
}

/** Calls the endpoint as HTTP would. */
async function call(engine: Engine, project: Project, pipe: string, parameters: string): Promise<Outcome> {
  if (!project.pipes.has(pipe)) return { status: 404, text: `The pipe '${pipe}' does not exist` }
  const params: Record<string, string | string[]> = {}
  for (const [key, value] of new URLSearchParams(parameters)) {
    const before = params[key]
    params[key] = before === undefined ? value : [before, value].flat()
  }
  try {
    const { sql, slots, key } = render({ project, pipe, params, secrets: project.secrets })
    const { body } = await engine.query({ sql, slots, key, format: 'JSONEachRow' })
    return { status: 200, text: Buffer.from(body).toString('utf8') }
  } catch (error) {
    if (error instanceof RenderError) return { status: error.status, text: error.message }
    if (error instanceof EngineError) return { status: 400, text: error.message }
    throw error
  }
}

/** What is wrong, as lines; null: nothing. */
function differenceOf(test: TestCase, outcome: Outcome): string | null {
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
  return lines.length === 0 ? null : lines.join('\n')
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.trim() !== '')

/** JSON apart from its spaces. */
function normal(line: string | undefined): string | undefined {
  try {
    return line === undefined ? undefined : JSON.stringify(JSON.parse(line))
  } catch {
    return line
  }
}

const indent = (text: string): string => text.split('\n').map((line) => `      ${line}`).join('\n')
