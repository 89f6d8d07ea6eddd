// Limits from the environment: sizes and times as people write them, and what is neither is refused by name.

import { afterEach, expect, it, vi } from 'vitest'
import { bytesOf, defaultLimits, secondsOf } from './limits.ts'

afterEach(() => { vi.unstubAllEnvs() })

it('reads times and sizes, and takes what is usual where none is given', () => {
  vi.stubEnv('PIPIT_QUERY_SECONDS', '0.5')
  vi.stubEnv('PIPIT_IDEMPOTENCY_SECONDS', '')
  vi.stubEnv('PIPIT_BODY_BYTES_MAX', '1.5MB')
  expect(defaultLimits(2 ** 30)).toMatchObject({ queryMs: 500, keyMs: 3_600_000, resultBytes: 100 * 2 ** 20 })
  vi.stubEnv('PIPIT_RESULT_BYTES_MAX', '1GB')
  expect(defaultLimits(2 ** 30).resultBytes).toBe(2 ** 30)
  expect(bytesOf('PIPIT_BODY_BYTES_MAX')).toBe(1.5 * 2 ** 20)
})

it('shares out what threads and code leave of the memory, and no less than a query and a body need', () => {
  const MiB = 2 ** 20
  const sharesOf = (memory: number, workers: number) => {
    const { queryBytes, dataBytes, cacheBytes, youngBytes } = defaultLimits(memory * MiB, workers)
    return [queryBytes, dataBytes, cacheBytes, youngBytes].map((bytes) => bytes / MiB)
  }
  expect(sharesOf(735, 2)).toEqual([100, 100, 100, 735 / 32])
  expect(sharesOf(935, 4)).toEqual([100, 100, 100, 935 / 32])
  expect(sharesOf(935, 64)).toEqual([100, 100, 100, 935 / 32])
  expect(sharesOf(128, 2)).toEqual([64, 32, 32, 4])
  expect(sharesOf(200, 2)).toEqual([64, 32, 32, 200 / 32])
  expect(sharesOf(65_536, 2)).toEqual([1024, 1024, 2048, 48])
})

it('refuses what is no time or size, and names it', () => {
  for (const text of ['ten', '-1', 'Infinity', '10s']) {
    vi.stubEnv('PIPIT_QUERY_SECONDS', text)
    expect(() => secondsOf('PIPIT_QUERY_SECONDS', 10)).toThrow(`PIPIT_QUERY_SECONDS is '${text}'`)
    expect(() => defaultLimits(2 ** 30)).toThrow(/PIPIT_QUERY_SECONDS/)
  }
  vi.unstubAllEnvs()
  vi.stubEnv('PIPIT_IMPORT_BYTES_MAX', 'much')
  expect(() => defaultLimits(2 ** 30)).toThrow(/PIPIT_IMPORT_BYTES_MAX is 'much'/)
  vi.unstubAllEnvs()
  vi.stubEnv('PIPIT_VIEW_ERRORS', 'shrug')
  expect(() => defaultLimits(2 ** 30)).toThrow(/PIPIT_VIEW_ERRORS is 'shrug'/)
})
