// Statements answer as ClickHouse does: every line of statements/*.sql is a whole statement over the
// tables of statement-tables.ts, run here by one worker and by three, and by the oracle; names, types
// and rows must be equal. A line that begins with `!` must be refused by both, with one kind of error; lines that begin with
// -- are comments.

import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTables, isEqual, ours, oursByOtherPlan, theirs, worldOf, type Outcome } from '../differential/oracle-cases.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'
import { KINDS } from './error-kinds.ts'
import { STATEMENT_TABLES } from './statement-tables.ts'

const FOLDER = new URL('statements/', import.meta.url)
const world = worldOf(STATEMENT_TABLES)
let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
  await createTables(oracle, STATEMENT_TABLES)
  // With several the branches of a UNION come in any order, by chance.
  await oracle.query('SET max_threads = 1')
  expect(await oracle.query("SELECT getSetting('max_threads')", 'CSV')).toEqual({ ok: true, text: '1\n' })
}, 60_000)
afterAll(() => oracle.close())

type Case = { readonly line: number; readonly sql: string; readonly isRefused: boolean }

function casesOf(name: string): Case[] {
  const lines = readFileSync(new URL(name, FOLDER), 'utf8').split('\n')
  return lines.map((text, i) => ({
    line: i + 1, sql: text.replace(/^!\s*/, '').trim(), isRefused: text.startsWith('!'),
  })).filter(({ sql }) => sql !== '' && !sql.startsWith('--'))
}

/** Errors of the same kind: ClickHouse's code, or one of two that KINDS says mean the same. */
const isSameKind = (a: Outcome, b: Outcome): boolean => !('error' in a) || !('error' in b)
  || a.code === b.code || b.code === 'UNKNOWN' || KINDS.has(`${a.code} for ${b.code}`)

const shown = (outcome: Outcome): string => JSON.stringify(outcome).slice(0, 900)

async function differenceOf({ sql, isRefused }: Case): Promise<string | null> {
  const wanted = await theirs(oracle, sql)
  for (const workers of [1, 3]) {
    const got = ours(world, sql, workers)
    const isAsSaid = isRefused === 'error' in got && isRefused === 'error' in wanted
    if (!isAsSaid || !isEqual(got, wanted) || !isSameKind(got, wanted)) {
      return `${workers} workers: ${shown(got)}\n   wanted:    ${shown(wanted)}`
    }
  }
  const got = isRefused ? null : oursByOtherPlan(world, sql)
  return got === null || isEqual(got, wanted) ? null
    : `by a plan of other values: ${shown(got)}\n   wanted:    ${shown(wanted)}`
}

describe('statements answer as ClickHouse does', () => {
  const only = process.env.PIPIT_CASES
  const names = readdirSync(FOLDER).filter((name) => only === undefined || name.startsWith(only))
  it.each(names)('%s', async (name) => {
    const differing: string[] = []
    for (const one of casesOf(name)) {
      const difference = await differenceOf(one)
      if (difference !== null) differing.push(`${name}:${one.line}: ${one.sql}\n   ${difference}`)
    }
    expect(differing.join('\n')).toBe('')
  }, 120_000)
})
