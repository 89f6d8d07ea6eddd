// A store written by an earlier build is read by this one: every statement of `project.ts` is answered as
// it was then, and the doctor finds nothing wrong. `PIPIT_GOLDEN=make` writes the store and its answers
// anew: for a change of what is on disk, in the commit that changes storage/FORMAT.md. `PIPIT_GOLDEN=answers`
// keeps the store and takes its answers of now: for a function that had been wrong.

import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { nodeDisk } from '../../storage/disk/node-disk.ts'
import { verifyStore } from '../../storage/doctor/verify.ts'
import { keyCompiler } from '../../src/exec/key-compiler.ts'
import { readStore } from '../format/store.ts'
import { TestServer, writeProject } from '../http/server.ts'
import { AFTER, BEFORE, LAST_DELETE, LATER_FROM, projectFiles, QUESTIONS, type Step } from './project.ts'

const here = dirname(fileURLToPath(import.meta.url))
const STORE = join(here, 'store.json.gz')
const ANSWERS = join(here, 'answers.json')

/** Of each statement the checksum of its answer's text, and its beginning for who has to find what differs. */
type Answers = Readonly<Record<string, readonly [sum: string, start: string]>>

const data = mkdtempSync(join(tmpdir(), 'pipit-golden-'))
const project = writeProject(projectFiles(process.env.PIPIT_GOLDEN !== 'make'))
const server = new TestServer(project, data)
afterAll(async () => {
  await server.remove()
  rmSync(project, { recursive: true, force: true })
})

async function take(step: Step): Promise<void> {
  const path = step.kind === 'insert' ? `/v0/events?name=${step.table}&wait=true`
    : `/v0/datasources/${step.table}/${step.kind}${step.kind === 'delete' ? `?delete_condition=${encodeURIComponent(step.condition)}` : ''}`
  const key: Record<string, string> = step.kind === 'insert' && step.key !== undefined ? { 'idempotency-key': step.key } : {}
  const { status, text } = await server.call('POST', path, step.kind === 'insert' ? step.body : undefined, key)
  if (status >= 300) throw new Error(`${step.kind} of ${step.table}: ${status} ${text.slice(0, 500)}`)
}

async function answers(): Promise<Answers> {
  const found: Record<string, [string, string]> = {}
  for (const sql of QUESTIONS) {
    const { status, text } = await server.call('POST', '/v0/sql',
      `${sql} FORMAT JSONCompactEachRow SETTINGS output_format_json_quote_64bit_integers = 1`)
    if (status !== 200) throw new Error(`${sql}: ${text}`)
    found[sql] = [createHash('sha256').update(text).digest('hex').slice(0, 16), text.slice(0, 80)]
  }
  return found
}

function writeAnswers(found: Answers): void { writeFileSync(ANSWERS, `${JSON.stringify(found, null, 1)}\n`) }

/** Packs a store's files: a line of JSON each, compressed, so that the log's room of zeros costs nothing. */
function pack(): void {
  const lines = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name).slice(data.length + 1)
    return /^(owner|tokens\.json|jobs\.ndjson)/.test(path) ? []
      : [JSON.stringify([path, readFileSync(join(data, path)).toString('base64')])]
  })
  writeFileSync(STORE, gzipSync(lines.sort().join('\n'), { level: 9 }))
}

function unpack(): void {
  for (const line of gunzipSync(readFileSync(STORE)).toString().split('\n')) {
    const [path, bytes] = JSON.parse(line) as [string, string]
    mkdirSync(dirname(join(data, path)), { recursive: true })
    writeFileSync(join(data, path), Buffer.from(bytes, 'base64'))
  }
}

async function make(): Promise<void> {
  await server.start()
  for (const step of BEFORE) await take(step)
  await server.stop()
  for (const [name, text] of Object.entries(projectFiles(true))) writeFileSync(join(project, name), text)
  await server.start()
  for (const step of AFTER) await take(step)
  const before = await answers()
  await take(LAST_DELETE)
  await server.stop('SIGKILL')
  pack()
  await server.start()
  const found = await answers()
  for (const sql of QUESTIONS) if (!sql.includes(LAST_DELETE.table)) expect(found[sql], sql).toEqual(before[sql])
  await server.stop()
  writeAnswers(found)
}

if (process.env.PIPIT_GOLDEN === 'make') it('writes the golden store anew', make, 120_000)

it('answers every statement from a store of an earlier build as that build did', async () => {
  rmSync(data, { recursive: true })
  unpack()
  const progress: [done: number, all: number][] = []
  const doctor = verifyStore(nodeDisk(), data, (...so) => { progress.push(so) }, undefined, keyCompiler)
  expect(doctor.problems).toEqual([])
  expect(progress.map(([, all]) => all)).toEqual(Array(doctor.segments).fill(doctor.bytes))
  expect(progress).toEqual(progress.toSorted(([a], [b]) => a - b))
  expect(progress.at(-1)).toEqual([doctor.bytes, doctor.bytes])
  // What the store is made of, by the reader that knows FORMAT.md alone.
  const { tables, met } = readStore(data)
  expect(tables.get('wide')?.rows.length).toBe(LATER_FROM / 10 * 9 + 60)
  for (const part of ['PIMS', 'PIMW', 'postings', 'log']) expect([...met], part).toContain(part)
  expect(readdirSync(join(data, 'segments')).some((name) => name.startsWith('mask-'))).toBe(true)
  await server.start()
  const found = await answers()
  if (process.env.PIPIT_GOLDEN === 'answers') writeAnswers(found)
  expect(found).toEqual(JSON.parse(readFileSync(ANSWERS, 'utf8')))
}, 60_000)
