// What a run is compared with, and how it is kept.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { accepted, describeRun, meanShare, record, slowerLines } from './history.ts'
import type { Line } from './measure.ts'
import { root } from './server.ts'

let folder: string
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'pipit-history-')) })
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const line = (pipit: number, work = 'sort', waiting = 0, cpu = pipit): Line => {
  const peers = { clickhouse: 100, duckdb: 60 }
  return {
    set: 'app_events', work, clickhouse: 130, duckdb: 70, pipit: pipit * 2,
    least: { ...peers, pipit }, cpu: { ...peers, pipit: cpu }, waiting,
  }
}

const of3 = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [`app_events: ${name}`, { time: 3, cpu: 3 }]))
const worksOf = (...args: Parameters<typeof slowerLines>) => slowerLines(...args).map((one) => one.line.work)

it('accepts the best of a run and calls slower what falls below 0.7 of it', () => {
  const run = { date: '2026-01-02T03:04:05Z', commit: 'abc1234', machine: 'm', rows: 1000, lines: [line(20)] }
  expect(record(folder, run)).toBe('2026-01-02-1000-abc1234.json')
  expect(readdirSync(join(folder, 'bench', 'results')).sort()).toEqual(['2026-01-02-1000-abc1234.json', 'accepted-1000.json'])
  expect(JSON.parse(readFileSync(join(folder, 'bench', 'results', '2026-01-02-1000-abc1234.json'), 'utf8'))).toEqual(run)
  expect(accepted(folder, 1000)).toEqual(of3('sort'))
  record(folder, { ...run, lines: [line(60, 'another')] })
  const ratios = accepted(folder, 1000)
  expect(ratios).toEqual({ ...of3('sort'), 'app_events: another': { time: 1, cpu: 1 } })
  // 60 / 28 is 0.71 of 3, 60 / 29 is 0.69 of it; beside nine others that were as ever.
  const names = Array.from({ length: 9 }, (_, n) => `n${n}`)
  const others = names.map((name) => line(20, name))
  expect([20, 28, 29].map((ms) => worksOf([line(ms), ...others], of3('sort', ...names)))).toEqual([[], [], ['sort']])
  expect(worksOf([line(1e6, 'a new line')], ratios)).toEqual([])
  expect(() => accepted(folder, 2000)).toThrow('no run of 2000 rows is accepted')
})

it('calls all lines slower when their mean is below 0.8, and judges short ones by it alone', () => {
  const lines = (ms: number) => [line(ms, 'a'), line(ms, 'b')]
  expect(meanShare(lines(25), of3('a', 'b'))).toBeCloseTo(0.8)
  expect(worksOf(lines(24), of3('a', 'b'))).toEqual([])
  expect(worksOf(lines(26), of3('a', 'b'))).toEqual(['a', 'b'])
  const short: Line = { ...line(1, 'a'), least: { clickhouse: 4, duckdb: 9, pipit: 2 } }
  expect(worksOf([short, line(20, 'b')], of3('a', 'b'))).toEqual([])
  expect(worksOf([short], of3('a'))).toEqual(['a'])
})

it('judges by CPU time where threads had to wait for a core', () => {
  const ratios = of3('sort')
  expect(slowerLines([line(40, 'sort', 0.1, 20)], ratios)).toMatchObject([{ by: 'time', ratio: 1.5, accepted: 3 }])
  expect(worksOf([line(40, 'sort', 0.4, 20)], ratios)).toEqual([])
  expect(slowerLines([line(20, 'sort', 0.4, 40)], ratios)).toMatchObject([{ by: 'CPU time', ratio: 1.5 }])
  // A share of 0.65 is enough where threads waited more than they ran; one of 0.48 is not.
  expect([31, 42].map((cpu) => worksOf([line(20, 'sort', 0.6, cpu)], ratios).length)).toEqual([0, 1])
})

it('names the commit and the machine of a run', () => {
  const run = describeRun(root, 1000, [])
  expect(run.commit).toEqual(expect.stringContaining(execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()))
  expect(run.machine).toMatch(/^\d+ × .+, \d+ GiB, Node v\d+/)
})
