// Names of functions are ClickHouse's: each exists there, as the same function, and may be written in
// any case where ClickHouse allows it and nowhere else.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { findAggregate } from '../../src/functions/aggregates/aggregate-registry.ts'
import { findFunction, functionDefs } from '../../src/functions/registry.ts'
import { unavailable } from '../../src/functions/unavailable.ts'
import { windowOnly } from '../../src/plan/windows.ts'
import { startOracle, type Oracle } from '../oracle/oracle.ts'

let oracle: Oracle
beforeAll(async () => { oracle = await startOracle() })
afterAll(() => oracle.close())

// Words of ClickHouse's grammar: its list of functions does not have them, or has them in one case.
const WORDS = new Set(['substring', 'position', 'extract', 'trim', 'ltrim', 'rtrim', 'timestamp', 'datediff',
  'date_diff', 'timestampdiff', 'timestamp_diff'])
const isWord = (name: string): boolean =>
  WORDS.has(name.toLowerCase()) || /^(date|timestamp)_?(add|sub)$/i.test(name)

it('has only names that ClickHouse has, with its aliases and its rules of case', async () => {
  const answer = await oracle.query(
    'SELECT name, case_insensitive, alias_to FROM system.functions WHERE NOT is_aggregate', 'JSONCompact')
  if (!answer.ok) throw new Error(answer.error)
  const { data } = JSON.parse(answer.text) as { data: [string, number, string][] }
  const known = new Map(data.map(([name, anyCase, target]) => [name, { anyCase: anyCase === 1, target: target || name }]))
  const wrong: string[] = []
  for (const def of functionDefs()) {
    for (const name of [def.name, ...(def.aliases ?? [])]) {
      if (isWord(name)) continue
      const theirs = known.get(name)
      const swapped = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase()
      const anyCase = findFunction(swapped) === def
      if (theirs === undefined) wrong.push(`${name}: ClickHouse does not have it`)
      else if (theirs.target.toLowerCase() !== def.name.toLowerCase()) {
        wrong.push(`${name} is ${theirs.target}, not ${def.name}`)
      } else if (theirs.anyCase !== anyCase && swapped !== name) {
        wrong.push(`${name}: ${theirs.anyCase ? 'any case' : 'one case only'}`)
      }
    }
  }
  expect(wrong).toEqual([])
})

/** Resolved by the analyzer, not by a record: kinds of IN, array joins, settings, window functions. */
const BY_THE_ANALYZER = /^(global)?(not)?(null)?in$|^(arrayJoin|unnest|getSetting(OrDefault)?|joinGet(OrNull)?|rowNumberInAllBlocks|dynamicElement)$/i

it('has each of ClickHouse\'s functions, or a reason why not', async () => {
  const answer = await oracle.query('SELECT name FROM system.functions', 'JSONCompact')
  if (!answer.ok) throw new Error(answer.error)
  const { data } = JSON.parse(answer.text) as { data: [string][] }
  expect(data.map(([name]) => name).filter((name) => findFunction(name) === null && findAggregate(name) === null
    && windowOnly(name) === null && unavailable(name) === null && !BY_THE_ANALYZER.test(name))).toEqual([])
})
