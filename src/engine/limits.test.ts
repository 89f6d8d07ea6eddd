// Limits from the environment: sizes and times as people write them, and what is neither is refused by name.

import { afterEach, expect, it, vi } from 'vitest'
import { bytesOf, defaultLimits, secondsOf } from './limits.ts'

afterEach(() => { vi.unstubAllEnvs() })

it('reads times and sizes, and takes what is usual where none is given', () => {
  vi.stubEnv('PIPIT_QUERY_SECONDS', '0.5')
  vi.stubEnv('PIPIT_IDEMPOTENCY_SECONDS', '')
  vi.stubEnv('PIPIT_BODY_BYTES_MAX', '1.5MB')
  expect(defaultLimits(2 ** 30)).toMatchObject({ queryMs: 500, keyMs: 3_600_000, queryBytes: 2 ** 28 })
  expect(bytesOf('PIPIT_BODY_BYTES_MAX')).toBe(1.5 * 2 ** 20)
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
