// Stores written by earlier builds are read by this one: every statement of `project.ts` is answered as it was
// then, and the doctor finds nothing wrong. There is one of each version of the format, and none of them is ever
// written again: `PIPIT_GOLDEN=make` writes that of a version that has none yet, in the commit that raises it in
// storage/FORMAT.md. `PIPIT_GOLDEN=answers` takes the stores' answers of now: for a function that had been wrong.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, expect, it } from 'vitest'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { verifyStore } from '../../storage/doctor/verify.ts'
import { IMAGE_VERSION } from '../../storage/part/footer.ts'
import { keyCompiler } from '../../src/exec/expressions/key-compiler.ts'
import { readStore } from '../format/store.ts'
import { TestServer, writeProject } from '../http/server.ts'
import { frozen, openFolder, packed, unpack } from './folder.ts'
import { AFTER, BEFORE, LAST_DELETE, LATER_FROM, projectFiles, questionsOf, type Step } from './project.ts'

const here = dirname(fileURLToPath(import.meta.url))
const storeOf = (version: number): string => join(here, `version-${version}.json.gz`)
/** The stores as they were when their version was frozen, by the SHA-256 of their files. */
const FROZEN: readonly string[] = [
  '45456a7d9a0d0ac699a335568c0de0ec5c2f1649ef62d9d259baef1d9c06853a',
  'be45419a99c2e1a7d03ae8180d9d5223839d4bea346f2056d20d35284714de30',
]
/** What of FORMAT.md the stores hold, each of it. */
const HELD = {
  every: [
    'PIMS', 'PIMW', 'log', 'mask', 'postings', ...['table', 'segments', 'mask', 'truncate'].map((kind) => `edit ${kind}`),
    ...[1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12].map((codec) => `codec ${codec}`), ...[0, 1, 2, 3].map((form) => `dictionary ${form}`),
    ...[0, 1, 2, 3, 4].map((way) => `way ${way}`), ...[0, 1, 2, 3, 4, 5].map((kind) => `zone ${kind}`), 'section 2', 'section 3',
  ],
  former: ['section 1'],
  later: ['codec 9', 'section 6', 'edit drop', 'section 4', 'section 5', 'keys', 'rowkeys'],
}
const answersOf = (version: number): string => join(here, `version-${version}.answers.json`)

/** Of each statement the checksum of its answer's text, and its beginning for who has to find what differs. */
type Answers = Readonly<Record<string, readonly [sum: string, start: string]>>

const data = mkdtempSync(join(tmpdir(), 'pipit-golden-'))
const project = writeProject({})
const server = new TestServer(project, data)
afterEach(() => server.stop())
afterAll(async () => {
  await server.remove()
  rmSync(project, { recursive: true, force: true })
})

function pathOf(step: Step): string {
  switch (step.kind) {
    case 'insert': return `/v0/events?name=${step.table}&wait=true`
    case 'append': case 'create': return `/v0/datasources?name=${step.table}&mode=${step.kind}&format=ndjson`
    case 'delete': return `/v0/datasources/${step.table}/delete?delete_condition=${encodeURIComponent(step.condition)}`
    case 'truncate': return `/v0/datasources/${step.table}/truncate`
    case 'drop': return `/v0/datasources/${step.table}`
  }
}

/** Writes all that is in memory to segments, so that the log goes and its keys get files of their own. */
async function emptyLog(): Promise<void> {
  const store = await openFolder(data)
  await store.flush()
  await store.close()
}

async function take(step: Step): Promise<void> {
  const key: Record<string, string> = 'key' in step && step.key !== undefined ? { 'idempotency-key': step.key } : {}
  const { status, text } = await server.call(step.kind === 'drop' ? 'DELETE' : 'POST', pathOf(step), 'body' in step ? step.body : undefined, key)
  if (status >= 300) throw new Error(`${step.kind} of ${step.table}: ${status} ${text.slice(0, 500)}`)
}

/** Leaves these files alone in the project. */
function makeProject(isLater: boolean, version: number): void {
  rmSync(project, { recursive: true })
  mkdirSync(project)
  for (const [name, text] of Object.entries(projectFiles(isLater, version))) writeFileSync(join(project, name), text)
}

async function answers(version: number): Promise<Answers> {
  const found: Record<string, [string, string]> = {}
  for (const sql of questionsOf(version)) {
    const { status, text } = await server.call('POST', '/v0/sql',
      `${sql} FORMAT JSONCompactEachRow SETTINGS output_format_json_quote_64bit_integers = 1`)
    if (status !== 200) throw new Error(`${sql}: ${text}`)
    found[sql] = [createHash('sha256').update(text).digest('hex').slice(0, 16), text.slice(0, 80)]
  }
  return found
}

function writeAnswers(version: number, found: Answers): void { writeFileSync(answersOf(version), `${JSON.stringify(found, null, 1)}\n`) }

async function make(): Promise<void> {
  if (existsSync(storeOf(IMAGE_VERSION))) throw new Error(`version ${IMAGE_VERSION} is frozen: a change of what is on disk is a version of its own`)
  makeProject(false, IMAGE_VERSION)
  await server.start()
  for (const step of BEFORE) await take(step)
  await server.stop()
  await emptyLog()
  makeProject(true, IMAGE_VERSION)
  await server.start()
  for (const step of AFTER) await take(step)
  const before = await answers(IMAGE_VERSION)
  await take(LAST_DELETE)
  await server.stop('SIGKILL')
  writeFileSync(storeOf(IMAGE_VERSION), packed(data))
  await server.start()
  const found = await answers(IMAGE_VERSION)
  for (const sql of questionsOf(IMAGE_VERSION)) if (!sql.includes(LAST_DELETE.table)) expect(found[sql], sql).toEqual(before[sql])
  await server.stop()
  writeAnswers(IMAGE_VERSION, found)
}

if (process.env.PIPIT_GOLDEN === 'make') it('writes the golden store of a new version', make, 120_000)

it.each(FROZEN.map((sum, version) => [version, sum] as const))('answers every statement from a store of version %s as its build did', async (version, sum) => {
  rmSync(data, { recursive: true })
  unpack(frozen(storeOf(version), sum), data)
  const progress: [done: number, all: number][] = []
  const doctor = verifyStore(nodeDisk(), data, (...so) => { progress.push(so) }, undefined, keyCompiler)
  expect(doctor.problems).toEqual([])
  expect(progress.map(([, all]) => all)).toEqual(Array(doctor.segments).fill(doctor.bytes))
  expect(progress).toEqual(progress.toSorted(([a], [b]) => a - b))
  expect(progress.at(-1)).toEqual([doctor.bytes, doctor.bytes])
  // What the store is made of, by the reader that knows FORMAT.md alone.
  const { tables, met } = readStore(data)
  expect(tables.get('wide')?.rows.length).toBe(LATER_FROM / 10 * 9 + 60)
  expect([...HELD.every, ...version === 0 ? HELD.former : HELD.later].filter((one) => !met.has(one))).toEqual([])
  makeProject(true, version)
  await server.start()
  const found = await answers(version)
  if (process.env.PIPIT_GOLDEN === 'answers') writeAnswers(version, found)
  expect(found).toEqual(JSON.parse(readFileSync(answersOf(version), 'utf8')))
}, 60_000)

it('has a frozen store of the version that this build writes', () => {
  expect(FROZEN.length).toBe(IMAGE_VERSION + 1)
})
