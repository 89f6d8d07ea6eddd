import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Engine, InsertRequest } from '../engine/engine.ts'
import { ServiceLog } from './service-log.ts'

const inserted: { table: string; rows: number }[] = []
const deleted: string[] = []
let bytes = 0
const engine = {
  insert: async ({ datasource, body }: InsertRequest) => {
    inserted.push({ table: datasource, rows: Buffer.from(body).toString().trim().split('\n').length })
  },
  query: async () => ({ body: Buffer.from('{"data":[{"half":1700000000}]}') }),
  delete: async (name: string, condition: string) => { deleted.push(`${name}: ${condition}`) },
  tableBytes: () => bytes, datasources: () => [],
} as unknown as Engine // of which nothing else is asked

let log: ServiceLog
beforeEach(() => {
  vi.useFakeTimers()
  inserted.length = deleted.length = bytes = 0
  log = new ServiceLog(engine)
})
afterEach(() => { vi.useRealTimers() })

const call = (url = '/') => log.endpoint(
  { pipe: 'p', requestId: '1', method: 'GET', url, token: 't', userAgent: '', parameters: {} },
  { status: 200, ms: 1, readRows: 0, readBytes: 0, resultRows: 0, memoryBytes: 0, error: null })

it('writes nothing at rest, and what was noted before somebody asks or after a minute', async () => {
  await vi.advanceTimersByTimeAsync(600_000)
  expect([inserted, vi.getTimerCount()]).toEqual([[], 0])
  call()
  call()
  expect(inserted).toEqual([])
  await log.written()
  expect(inserted).toEqual([{ table: 'tinybird.pipe_stats_rt', rows: 2 }])
  call()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(inserted).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(600_000)
  expect([inserted.length, vi.getTimerCount()]).toEqual([2, 0])
})

it('holds few megabytes, and lets the older half of a large table go', async () => {
  const url = `/${'x'.repeat(10_000)}`
  for (let i = 0; i < 500; i++) call(url)
  await vi.advanceTimersByTimeAsync(0)
  expect(inserted).toMatchObject([{ table: 'tinybird.pipe_stats_rt' }])
  expect(deleted).toEqual([])
  bytes = 2 ** 26
  await log.written()
  expect(deleted).toEqual([
    'tinybird.pipe_stats_rt: start_datetime <= toDateTime(1700000000)', 'tinybird.pipe_stats: date <= toDateTime(1700000000)',
  ])
})

it('makes one line of the events of a data source within seconds', async () => {
  for (let i = 0; i < 9; i++) log.appended('d', 10, 1, 2)
  await vi.advanceTimersByTimeAsync(5000)
  log.appended('d', 10, 1, 2)
  await log.written()
  expect(inserted).toEqual([{ table: 'tinybird.datasources_ops_log', rows: 2 }])
})
