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

const MiB = 2 ** 20

it('shares out what threads and code leave of the memory, with fewer workers where it is little', () => {
  const sharesOf = (memory: number, workers: number) => {
    const { queryBytes, dataBytes, cacheBytes, youngBytes, queriesBytes, queryWorkers } = defaultLimits(memory * MiB, workers)
    expect(queriesBytes).toBe(queryBytes * 1.25)
    return [...[queryBytes, dataBytes, cacheBytes, youngBytes].map((bytes) => bytes / MiB), queryWorkers]
  }
  expect(sharesOf(793, 2)).toEqual([100, 100, 100, 793 / 32, 2])
  expect(sharesOf(1133, 4)).toEqual([100, 100, 100, 1133 / 32, 4])
  expect(sharesOf(1268, 64)).toEqual([100, 100, 100, 1268 / 32, 7])
  expect(sharesOf(403, 2)).toEqual([80, 40, 40, 403 / 32, 1])
  expect(sharesOf(65_536, 2)).toEqual([1024, 1024, 2048, 48, 2])
})

it('refuses less memory than the process can keep, and takes no less where the machine has little', () => {
  expect(() => defaultLimits(319 * MiB)).toThrow('The memory is to be 319 MiB (--memory, PIPIT_MEMORY_BYTES); give 320MB or more')
  expect(defaultLimits(320 * MiB, 2)).toMatchObject({ queryWorkers: 1, dataBytes: Math.floor(147 / 5.75 * MiB) })
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
