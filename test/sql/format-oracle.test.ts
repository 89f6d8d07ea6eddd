// The exact oracle of parser and printer: for every statement of statements/*.sql, what we print reads
// to ClickHouse as the original does. One statement per line, found by listing the folder.
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseQuery } from '../../src/sql/parse.ts'
import { formatQuery } from '../../src/sql/format-query.ts'
import { printQuery } from '../../src/sql/print.ts'
import { startOracle } from '../oracle/oracle.ts'
import type { Oracle } from '../oracle/oracle.ts'

const FOLDER = new URL('statements/', import.meta.url)
const topics = readdirSync(FOLDER).filter((name) => name.endsWith('.sql')).sort()
const statementsOf = (topic: string): string[] =>
  readFileSync(new URL(topic, FOLDER), 'utf8').split('\n').filter((line) => line !== '')

let oracle: Oracle
beforeAll(async () => {
  oracle = await startOracle()
})
afterAll(() => oracle.close())

/** formatQuerySingleLine of many texts in one query; fails with ClickHouse's error. */
async function formatAll(texts: readonly string[], called = 'formatQuerySingleLine'): Promise<string[]> {
  const literals = texts.map((text) => `'${text.replace(/[\\']/g, '\\$&')}'`)
  const sql = `SELECT ${called}(arrayJoin([${literals.join(', ')}]))`
  const answer = await oracle.query(sql, 'JSONCompact')
  if (!answer.ok) throw new Error(`${answer.error}\nin one of\n${texts.join('\n')}`)
  return (JSON.parse(answer.text) as { data: [string][] }).data.map((row) => row[0])
}

/** A parameter of a query as a setting, whose number ClickHouse writes as a text; a byte that its answer in JSON can't hold. */
const OTHERWISE: ReadonlySet<string> = new Set(['SELECT 1 SETTINGS param_x = 1', "SELECT '\\xff'"])

describe('what we print reads to ClickHouse as the original', () => {
  it.each(topics)('%s', async (topic) => {
    const statements = statementsOf(topic)
    const printed = statements.map((statement) => printQuery(parseQuery(statement)))
    const [wanted, got] = [await formatAll(statements), await formatAll(printed)]
    const asPairs = (formatted: string[]): string[][] =>
      statements.map((statement, i) => [statement, formatted[i]])
    expect(asPairs(got)).toEqual(asPairs(wanted))
  })

  it.each(topics)('%s as formatQuery writes it, over lines and in one', async (topic) => {
    const statements = statementsOf(topic).filter((statement) => !OTHERWISE.has(statement))
    for (const [called, isOneLine] of [['formatQuery', false], ['formatQuerySingleLine', true]] as const) {
      const wanted = await formatAll(statements, called)
      expect(statements.map((statement) => formatQuery(parseQuery(statement), isOneLine))).toEqual(wanted)
    }
  })

  it('covers at least 500 statements', () => {
    const all = new Set(topics.flatMap(statementsOf))
    expect(all.size).toBeGreaterThanOrEqual(500)
  })

  it('prints the same again after reading its own text', () => {
    for (const statement of topics.flatMap(statementsOf)) {
      const printed = printQuery(parseQuery(statement))
      expect(printQuery(parseQuery(printed))).toBe(printed)
    }
  })
})
