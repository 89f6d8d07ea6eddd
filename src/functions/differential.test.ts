// Every function here answers as ClickHouse does: calls over constants (as a column of one row, so
// that nothing is folded away) are evaluated directly and asked of the oracle.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../../test/oracle/oracle.ts'
import { CALLS } from './differential.cases.ts'
import { evaluateCall, renderCall } from './differential.harness.ts'

let oracle: Oracle
beforeAll(async () => { oracle = await startOracle() })
afterAll(() => oracle.close())

describe('functions answer as ClickHouse does', () => {
  for (const family of new Set(CALLS.map((call) => call.family))) {
    it(`in types and values: ${family}`, async () => {
      const calls = CALLS.filter((call) => call.family === family)
      const differing: string[] = []
      await Promise.all(calls.map(async (call) => {
        const expression = renderCall(call.expression)
        const answer = await oracle.query(
          `SELECT toTypeName(x), toString(x) FROM (SELECT ${expression} AS x)`, 'TSVRaw')
        const ours = evaluateCall(call.expression)
        const theirs = answer.ok ? answer.text.replace(/\n$/, '') : `error ${answer.error}`
        if (ours !== theirs && !(ours.startsWith('error') && !answer.ok)) {
          differing.push(`${expression}: ${ours} instead of ${theirs}`)
        }
      }))
      expect(differing).toEqual([])
    })
  }
})
