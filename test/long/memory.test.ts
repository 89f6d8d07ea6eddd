// Statements of test/cases with less memory than they need, one limit after the other: each is refused with
// the one error there is for it, or answers as with enough; nothing of it stays in work memory, and the next
// query of the same workers answers as before. Every operator meets its limit at all places that it takes
// memory at.

import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { MemoryLimitExceeded } from '../../storage/kernels/work-memory.ts'
import { seededRandom } from '../../bench/generator.ts'
import { workBytesUsed } from '../../src/exec/test-table.ts'
import { STATEMENT_TABLES } from '../cases/statement-tables.ts'
import { worldOf } from '../differential/oracle-cases.ts'
import { BUDGET_MS, SEED, TIMEOUT_MS } from './budget.ts'

const FOLDER = new URL('../cases/statements/', import.meta.url)
const LIMIT_MIN = 2048
const LIMIT_STEP = 1.7
/** A statement that takes longer is asked too seldom to be worth its time. */
const SLOW_MS = 150
/** Answers that differ from run to run. */
const IS_RANDOM = /rand|generate|now|today|uuid/i

const statements = readdirSync(FOLDER).flatMap((name) => readFileSync(new URL(name, FOLDER), 'utf8').split('\n'))
  .map((line) => line.trim()).filter((sql) => sql !== '' && !/^(--|!)/.test(sql) && !IS_RANDOM.test(sql))
const world = worldOf(STATEMENT_TABLES)

const answer = (sql: string, workers: number, limit?: number): string =>
  JSON.stringify(world.run(sql, workers, limit).rows, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))

/** null: refused, as it needs more memory. */
function answerWithin(sql: string, workers: number, limit: number): string | null {
  try {
    return answer(sql, workers, limit)
  } catch (error) {
    if (!(error instanceof MemoryLimitExceeded)) throw error
    return null
  }
}

/** Asks with more and more memory until it is enough; how often that was refused. */
function sweep(sql: string, workers: number): number {
  const before = workBytesUsed()
  const began = performance.now()
  const wanted = answer(sql, workers)
  if (performance.now() - began > SLOW_MS) return 0
  for (let [limit, refused] = [LIMIT_MIN, 0]; ; limit = Math.ceil(limit * LIMIT_STEP), refused++) {
    const found = answerWithin(sql, workers, limit)
    expect(workBytesUsed() - before, `${sql}, ${workers} workers, ${limit} bytes: what stays in work memory`).toBe(0)
    expect(found ?? answer(sql, workers), `${sql}, ${workers} workers, ${limit} bytes`).toBe(wanted)
    if (found !== null) return refused
  }
}

it(`statements in too little memory leave nothing behind (PIPIT_SEED=${SEED})`, () => {
  const random = seededRandom(SEED)
  const end = performance.now() + BUDGET_MS
  let refused = 0
  while (performance.now() < end) refused += sweep(statements[Math.floor(random() * statements.length)], random() < 0.5 ? 1 : 3)
  expect(refused).toBeGreaterThan(0)
}, TIMEOUT_MS)
