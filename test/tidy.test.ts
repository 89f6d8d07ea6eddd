// Style as a test: the import table, file lengths, leftovers, and that documents name what exists.
// It answers as a compiler would: `src/format/json.ts:7: format may not import server/auth`.

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Lines above which a file fails; exceptions with their reason below. */
const LINES_MAX = 600
const LONG_FILES: Readonly<Record<string, string>> = {}

/** What a folder may import besides itself: ARCHITECTURE.md, "Layout". */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'storage/bytes': [],
  'storage/disk': ['storage/bytes'],
  'storage/column': ['storage/bytes', 'storage/kernels'],
  'storage/kernels': ['storage/bytes', 'storage/column'],
  'storage/arena': ['storage/bytes'],
  'storage/codec': ['storage/bytes', 'storage/kernels', 'storage/column'],
  'storage/part': ['storage/codec', 'storage/column', 'storage/bytes', 'storage/kernels', 'storage/arena'],
  'storage/wal': ['storage/part', 'storage/disk', 'storage/bytes', 'storage/arena', 'storage'],
  'storage/segment': ['storage/part', 'storage/disk', 'storage/bytes', 'storage/arena', 'storage/codec', 'storage/column', 'storage/kernels', 'storage'],
  'storage/manifest': ['storage/wal', 'storage/segment', 'storage/part', 'storage/disk', 'storage/bytes', 'storage/arena', 'storage'],
  'storage/merge': ['storage/wal', 'storage/segment', 'storage/part', 'storage/column', 'storage/codec', 'storage/disk', 'storage/kernels', 'storage/arena', 'storage/bytes', 'storage'],
  'storage/doctor': ['storage/codec', 'storage/kernels', 'storage/arena', 'storage/merge', 'storage/column', 'storage/manifest', 'storage/wal', 'storage/segment', 'storage/part', 'storage/disk', 'storage/bytes', 'storage'],
  'storage/backup': ['storage/manifest', 'storage/wal', 'storage/segment', 'storage/arena', 'storage/disk', 'storage/bytes', 'storage'],
  storage: ['storage/*'],
  'src/sql': [],
  'src/functions/values': ['src/sql', 'storage/bytes', 'storage/column', 'storage/kernels'],
  'src/functions/base': ['src/functions/values', 'src/sql', 'storage/column', 'storage/kernels'],
  'src/functions/hashes': ['src/functions/base', 'src/functions/values', 'storage/bytes', 'storage/column', 'storage/kernels'],
  'src/functions/dates': ['src/functions/base', 'src/functions/values', 'storage/column'],
  'src/functions/numbers': ['src/functions/base', 'src/functions/dates', 'src/functions/values', 'storage/column', 'storage/kernels'],
  'src/functions/strings': ['src/functions/base', 'src/functions/hashes', 'src/functions/values', 'src/sql', 'storage/bytes', 'storage/column', 'storage/kernels'],
  'src/functions/json': ['src/functions/base', 'src/functions/values', 'storage/column', 'storage/kernels'],
  'src/functions/geo': ['src/functions/base', 'src/functions/values', 'storage/column'],
  'src/functions/aggregates': ['src/functions/base', 'src/functions/hashes', 'src/functions/numbers', 'src/functions/values', 'storage/bytes', 'storage/column', 'storage/kernels'],
  'src/functions/arrays': ['src/functions/aggregates', 'src/functions/base', 'src/functions/numbers', 'src/functions/strings', 'src/functions/values', 'storage/column'],
  'src/functions/states': ['src/functions/aggregates', 'src/functions/arrays', 'src/functions/base', 'src/functions/values', 'storage/bytes', 'storage/column'],
  'src/functions': ['src/functions/*', 'storage/column', 'storage/kernels'],
  'src/plan': ['src/sql', 'src/functions', 'src/functions/*', 'storage/column', 'storage/kernels', 'storage'],
  'src/exec/blocks': ['src/functions/aggregates', 'src/functions/values', 'storage/codec', 'storage/column', 'storage/kernels'],
  'src/exec/dictionaries': ['src/exec/blocks', 'src/functions/values', 'storage/arena', 'storage/codec', 'storage/column', 'storage/kernels', 'storage/part'],
  'src/exec/keys': ['src/exec/blocks', 'src/exec/dictionaries', 'src/functions/base', 'src/functions/hashes', 'src/functions/values', 'src/plan', 'storage/column', 'storage/kernels'],
  'src/exec/runtime': ['src/exec/keys', 'src/functions/values', 'src/plan', 'storage/column', 'storage/kernels'],
  'src/exec/expressions': ['src/exec/blocks', 'src/exec/dictionaries', 'src/exec/runtime', 'src/functions', 'src/functions/aggregates', 'src/functions/base', 'src/functions/dates', 'src/functions/numbers', 'src/functions/values', 'src/plan', 'src/sql', 'storage/codec', 'storage/column', 'storage/kernels', 'storage/merge', 'storage/part'],
  'src/exec/order': ['src/exec/blocks', 'src/exec/dictionaries', 'src/exec/expressions', 'src/exec/runtime', 'src/functions/base', 'src/functions/values', 'src/plan', 'storage/codec', 'storage/column', 'storage/kernels'],
  'src/exec/scan': ['src/exec/blocks', 'src/exec/dictionaries', 'src/exec/expressions', 'src/exec/keys', 'src/exec/runtime', 'src/functions/values', 'src/plan', 'storage', 'storage/codec', 'storage/column', 'storage/kernels', 'storage/merge', 'storage/part', 'storage/segment'],
  'src/exec/groups': ['src/exec/blocks', 'src/exec/expressions', 'src/exec/keys', 'src/exec/order', 'src/exec/runtime', 'src/exec/scan', 'src/functions/aggregates', 'src/functions/base', 'src/functions/values', 'src/plan', 'storage/column', 'storage/kernels'],
  'src/exec/joins': ['src/exec/blocks', 'src/exec/expressions', 'src/exec/keys', 'src/exec/order', 'src/exec/runtime', 'src/functions/values', 'src/plan', 'storage/column', 'storage/kernels'],
  'src/exec/windows': ['src/exec/blocks', 'src/exec/groups', 'src/exec/keys', 'src/exec/order', 'src/exec/runtime', 'src/functions/hashes', 'src/functions/values', 'src/plan', 'storage/column', 'storage/kernels'],
  'src/exec': ['src/exec/*', 'src/plan', 'src/sql', 'src/functions', 'src/functions/*', 'storage/*', 'storage'],
  'src/ingest': ['storage/column', 'storage/codec', 'storage/part', 'storage/kernels', 'storage/bytes'],
  'src/format': ['storage/column', 'storage/kernels', 'src/exec', 'src/exec/*', 'src/plan', 'src/functions', 'src/functions/*'],
  'src/launch': [],
  'src/workers': ['src/launch', 'src/exec', 'src/exec/*', 'src/ingest', 'src/format', 'src/plan', 'src/functions', 'src/functions/*', 'storage/*', 'storage'],
  'src/project': ['src/sql', 'storage/column'],
  'src/render': ['src/project', 'src/sql'],
  'src/engine': ['src/ingest', 'src/render', 'src/plan', 'src/sql', 'src/functions', 'src/functions/*', 'src/exec', 'src/exec/*', 'src/workers', 'src/project', 'storage/*', 'storage'],
  'src/check': ['src/engine', 'src/render', 'src/project', 'src/plan', 'src/sql', 'src/functions', 'src/functions/*', 'storage/column', 'storage'],
  'src/jobs': ['src/engine', 'src/render', 'src/project'],
  'src/compare': ['src/engine', 'src/render', 'src/project', 'src/sql', 'storage/column', 'storage'],
  'src/server': ['src/jobs', 'src/engine', 'src/render', 'src/project'],
  'src/cli': ['src/*', 'storage/*', 'storage', 'bench'],
  bench: ['src/*', 'storage/*', 'storage', 'test'],
  'bench/durability': ['bench', 'src/*', 'storage/*', 'storage'],
  'bench/engines': ['bench'],
  'bench/load': ['bench', 'src/*', 'storage/*', 'storage'],
  'bench/growth': ['bench'],
  'bench/bounds': ['bench', 'storage/part'],
}

const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .split('\n').filter((file) => file !== '' && existsSync(join(root, file)))
const sources = tracked.filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
const isTest = (file: string) => file.endsWith('.test.ts') || file.startsWith('test/')
const textOf = (file: string) => readFileSync(join(root, file), 'utf8')

function mayImport(from: string, to: string): boolean {
  if (from === to) return true
  return (MAY_IMPORT[from] ?? []).some((allowed) => allowed === to
    || (allowed.endsWith('/*') && to.startsWith(allowed.slice(0, -1))))
}

function importsOf(file: string): { line: number; target: string }[] {
  return textOf(file).split('\n').flatMap((text, index) => {
    const found = /from '(\.[^']+)'|import\('(\.[^']+)'\)/.exec(text)
    const relative = found?.[1] ?? found?.[2]
    if (relative === undefined) return []
    return [{ line: index + 1, target: normalize(join(dirname(file), relative)) }]
  })
}

it('keeps imports one-way between folders', () => {
  const wrong: string[] = []
  for (const file of sources) {
    if (isTest(file) || file.endsWith('.as.ts')) continue
    const from = dirname(file)
    for (const { line, target } of importsOf(file)) {
      const to = dirname(target)
      if (!mayImport(from, to)) wrong.push(`${file}:${line}: ${from} may not import ${target}`)
    }
  }
  expect(wrong).toEqual([])
})

it('knows every folder that holds sources', () => {
  const folders = new Set(sources.filter((file) => !isTest(file)).map((file) => dirname(file)))
  expect([...folders].filter((folder) => MAY_IMPORT[folder] === undefined)).toEqual([])
})

it(`keeps files within ${LINES_MAX} lines`, () => {
  const long = sources.filter((file) => textOf(file).split('\n').length > LINES_MAX + 1
    && LONG_FILES[file] === undefined)
  expect(long).toEqual([])
})

it('holds nothing that is built from the rest', () => {
  expect(tracked.filter((file) => /\.(map|wasm|cjs|code)$/.test(file))).toEqual([])
})

it('leaves nothing for later in the code', () => {
  // In brackets, so that this line is not found itself.
  const marks = /\b([T]ODO|[F]IXME|[X]XX|[H]ACK)\b/
  const left = sources.flatMap((file) => textOf(file).split('\n').flatMap((text, index) =>
    marks.test(text) ? [`${file}:${index + 1}: ${text.trim()}`] : []))
  expect(left).toEqual([])
})

it('opens every source file with its place in the journey', () => {
  const silent = sources.filter((file) => !isTest(file) && !/^(#!.*\n)?(\/\/|\/\*)/.test(textOf(file)))
  expect(silent).toEqual([])
})

it('names only paths that exist in the documents', () => {
  const wrong: string[] = []
  const documents = [
    'ARCHITECTURE.md', 'RELIABILITY.md', 'storage/FORMAT.md', 'README.md', 'CONTRIBUTING.md', 'docs/reference.md',
  ]
  for (const document of documents) {
    if (!existsSync(join(root, document))) continue
    for (const [, path] of textOf(document).matchAll(/`((?:src|storage|bench|test|examples)\/[\w./-]+)`/g)) {
      if (!existsSync(join(root, path))) wrong.push(`${document}: ${path} does not exist`)
    }
  }
  expect(wrong).toEqual([])
})
