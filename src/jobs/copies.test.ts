// When scheduled copies run: the rule of docs/reference.md, "Copy pipes".

import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Engine, StatementRequest } from '../engine/engine.ts'
import { loadProject, memoryReader } from '../project/load.ts'
import { CopySchedules, isCopy, startCopy, type CopyParams } from './copies.ts'
import { Jobs } from './jobs.ts'

const { project } = loadProject('/project', memoryReader({
  'kept.datasource': 'SCHEMA >\n  `n` UInt8\n',
  'hourly.pipe': 'NODE n\nSQL >\n  SELECT 1 AS n\n\nTYPE copy\nTARGET_DATASOURCE kept\nCOPY_SCHEDULE 0 * * * *\n',
  'stamped.pipe': "NODE n\nSQL >\n  %\n  SELECT {{DateTime(job_timestamp)}} AS n\n\nTYPE copy\nTARGET_DATASOURCE kept\nCOPY_SCHEDULE @on-demand\n",
  'asked.pipe': 'NODE n\nSQL >\n  SELECT 2 AS n\n\nTYPE copy\nTARGET_DATASOURCE kept\nCOPY_SCHEDULE @on-demand\n',
}))

/** Hours (UTC) at which copies began, their statements, and what ends the one that runs. */
const began: number[] = []
const statements: string[] = []
let end = () => {}
const engine = {
  copyInto: async ({ sql, onStart }: StatementRequest) => {
    statements.push(sql)
    began.push(new Date().getUTCHours())
    await new Promise<void>((resolve, reject) => {
      end = resolve
      onStart?.(() => reject(new Error('the query was cancelled')))
    })
    return 1
  },
} as unknown as Engine // of which nothing else is asked

let jobs: Jobs
let schedules: CopySchedules
beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 5, 10, 30) })
  began.length = 0
  jobs = new Jobs()
  schedules = new CopySchedules(jobs, engine)
  schedules.apply(project, () => undefined)
})
afterEach(() => {
  schedules.stop()
  vi.useRealTimers()
})

const hours = (count: number) => vi.advanceTimersByTimeAsync(count * 3_600_000)
const statuses = () => jobs.list().map(({ status }) => status).reverse()

it('runs at the times of the schedule, in UTC, and never by itself where it is on demand', async () => {
  for (let hour = 0; hour < 3; hour++) {
    await hours(1)
    end()
  }
  expect(began).toEqual([11, 12, 13])
})

it('gives the template the time of the run, or the one that it is asked for', async () => {
  const pipe = project.pipes.get('stamped')
  if (pipe === undefined || !isCopy(pipe)) throw new Error('stamped is a copy')
  statements.length = 0
  const calls: CopyParams[] = [{}, { job_timestamp: '2026-01-01 00:00:00' }]
  for (const params of calls) {
    startCopy(jobs, engine, project, pipe, params)
    await vi.advanceTimersByTimeAsync(0)
    end()
    await vi.advanceTimersByTimeAsync(0)
  }
  expect(statements).toEqual(["SELECT '2026-01-05 10:30:00' AS n", "SELECT '2026-01-01 00:00:00' AS n"])
})

it('does not make up for runs that were missed while the server was down: the next comes at its time', async () => {
  await hours(1)
  end()
  schedules.stop()
  await hours(5)
  schedules = new CopySchedules(jobs, engine)
  schedules.apply(project, () => undefined)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(began).toEqual([11])
  await hours(1)
  expect(began).toEqual([11, 17])
})

it('lets one run wait for the one that has not ended, and no further ones', async () => {
  await hours(4)
  expect(statuses()).toEqual(['working', 'waiting'])
  end()
  await vi.advanceTimersByTimeAsync(0)
  expect(statuses()).toEqual(['done', 'working'])
  expect(began).toEqual([11, 14])
})

it('cancels the run that works and the one that waits, and says so in the list of jobs', async () => {
  await hours(2)
  const [waiting, working] = jobs.list()
  expect([jobs.cancel(waiting.id), jobs.cancel(working.id)]).toEqual([true, true])
  await vi.advanceTimersByTimeAsync(0)
  expect(jobs.list()).toMatchObject([
    { status: 'cancelled', datasource: 'kept' },
    { status: 'cancelled', error: 'the query was cancelled', details: { pipe_name: 'hourly', mode: 'append' } },
  ])
  await hours(1)
  expect(began).toEqual([11, 13])
})
