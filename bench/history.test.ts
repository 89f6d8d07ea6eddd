// What a run is compared with, and how it is kept.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { accepted, describeRun, isSlower, record } from './history.ts'
import type { Line } from './measure.ts'
import { root } from './server.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'pipit-history-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const line = (pipit: number, work = 'sort'): Line => ({ set: 'app_events', work, clickhouse: 100, duckdb: 60, pipit })

it('accepts a run and calls slower what falls below 0.7 of it', () => {
  const run = { date: '2026-01-02T03:04:05Z', commit: 'abc1234', machine: 'm', rows: 1000, lines: [line(20)] }
  expect(record(folder, run)).toBe('2026-01-02-1000-abc1234.json')
  expect(readdirSync(join(folder, 'bench', 'results')).sort()).toEqual(['2026-01-02-1000-abc1234.json', 'accepted-1000.json'])
  expect(JSON.parse(readFileSync(join(folder, 'bench', 'results', '2026-01-02-1000-abc1234.json'), 'utf8'))).toEqual(run)
  const ratios = accepted(folder, 1000)
  expect(ratios).toEqual({ 'app_events: sort': 3 })
  // 60 / 28 is 0.71 of 3, 60 / 29 is 0.69 of it.
  expect([20, 28, 29].map((ms) => isSlower(line(ms), ratios))).toEqual([false, false, true])
  expect(isSlower(line(1e6, 'a new line'), ratios)).toBe(false)
  expect(() => accepted(folder, 2000)).toThrow('no run of 2000 rows is accepted')
})

it('names the commit and the machine of a run', () => {
  const run = describeRun(root, 1000, [])
  expect(run.commit).toBe(execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim())
  expect(run.machine).toMatch(/^\d+ × .+, \d+ GiB, Node v\d+/)
})
