import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { JobFile, JOB_KEEP_MS } from './job-file.ts'
import { Jobs, type JobsOptions } from './jobs.ts'

const root = mkdtempSync(join(tmpdir(), 'pipit-jobs-'))
afterAll(() => rmSync(root, { recursive: true }))
let folders = 0
const newFolder = () => mkdtempSync(join(root, `${folders++}-`))
const open = (folder: string, options: JobsOptions = {}) => new Jobs({ ...options, file: new JobFile(folder) })
const never = () => new Promise<never>(() => {})

it('keeps jobs that are over, and says of those that a kill has ended that they are', async () => {
  const folder = newFolder()
  const jobs = open(folder)
  const done = jobs.run('copy', 'a', { mode: 'append' }, async () => ({ rows: 3 }))
  const failed = jobs.run('import', 'b', {}, async () => { throw new Error('no such file') })
  await jobs.settled()
  const killed = jobs.run('import', 'b', {}, never)
  const behind = jobs.run('import', 'b', {}, never)
  const over: string[] = []
  const next = open(folder, { onOver: ({ id }) => { over.push(id) } })
  expect(next.list().map(({ id }) => id)).toEqual([behind, killed, failed, done].map(({ id }) => id))
  expect(next.find(done.id)).toEqual(jobs.find(done.id))
  expect(next.find(failed.id)).toMatchObject({ status: 'error', error: 'no such file' })
  expect(next.find(killed.id)).toMatchObject({ status: 'error', error: expect.stringMatching(/stopped before/) as string })
  expect(over).toEqual([killed.id, behind.id])
  expect(open(folder).find(killed.id)).toEqual(next.find(killed.id))
  expect(statSync(join(folder, 'jobs.ndjson')).mode & 0o777).toBe(0o600)
})

it('goes on with what a later process takes up, under the same number', async () => {
  const folder = newFolder()
  const jobs = open(folder)
  const deleted = jobs.add('delete_data', 'a', {}, () => 'working')
  const fed = jobs.run('populateview', 'b', { pipe_name: 'p' }, () => new Promise((_, reject) => { stop = reject }), 'p b')
  const idle = jobs.run('populateview', 'c', { pipe_name: 'q' }, never, 'q c')
  const lost = jobs.run('populateview', 'd', { pipe_name: 'r' }, never, 'r d')
  let stop: (error: Error) => void = () => {}
  await Promise.resolve()
  jobs.stop()
  stop(new Error('The server stopped'))
  await new Promise((resolve) => { setImmediate(resolve) })
  let isErased = false
  const next = open(folder, { lookOf: ({ kind }) => kind === 'delete_data' ? () => isErased ? 'done' : 'working' : null })
  const again = next.run('populateview', 'b', { pipe_name: 'p' }, async () => ({ rows_read: 9 }), 'p b')
  expect(again.id).toBe(fed.id)
  next.endLeft(({ id }) => id === idle.id)
  await next.settled()
  expect(next.find(fed.id)).toMatchObject({ status: 'done', details: { rows_read: 9 } })
  expect(next.find(idle.id)).toMatchObject({ status: 'done' })
  expect(next.find(lost.id)).toMatchObject({ status: 'error' })
  expect(next.find(deleted.id)).toMatchObject({ status: 'working' })
  isErased = true
  expect(next.find(deleted.id)).toMatchObject({ status: 'done' })
})

it('reads past a torn line, and stays within its bytes and its age', () => {
  const folder = newFolder()
  const file = join(folder, 'jobs.ndjson')
  const jobs = open(folder)
  const long = jobs.add('delete_data', 'a', { delete_condition: 'x'.repeat(2 ** 20) }, () => 'done')
  for (let n = 0; n < 900; n++) jobs.find(jobs.add('delete_data', 'a', { delete_condition: 'x'.repeat(2000) }, () => 'done').id)
  expect(statSync(file).size).toBeLessThanOrEqual(2 ** 20)
  appendFileSync(file, '{"id":"torn","kind":"co')
  const next = open(folder)
  const kept = next.list()
  expect(kept.length).toBeGreaterThan(100)
  expect(kept.find(({ id }) => id === long.id)?.details ?? {}).toEqual({})
  expect(readFileSync(file, 'utf8')).not.toContain('torn')
  const { now } = Date
  try {
    Date.now = () => now() + JOB_KEEP_MS + 1000
    expect(next.list()).toEqual([])
    expect(open(folder).list()).toEqual([])
  } finally {
    Date.now = now
  }
})
