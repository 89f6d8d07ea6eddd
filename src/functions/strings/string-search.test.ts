// Searches over whole columns answer as ClickHouse does: needles found by the kernel, patterns with and
// without a needle, texts with line ends, quotes and characters of several bytes.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startOracle, type Oracle } from '../../../test/oracle/oracle.ts'
import { differing, type ColumnCall } from '../column.harness.ts'

let oracle: Oracle
beforeAll(async () => { oracle = await startOracle() })
afterAll(() => oracle.close())

const ask = (sql: string, format: string) => oracle.query(sql, format)

const TEXTS = [
  '', 'a', 'ab', 'abc', 'cab', '{"duration":42}', '{"duration":421,"tier":"pro"}', '{"duration":4}', '{"duration": 42}',
  'x%y', 'x_y', 'x\\y', 'a\nb\nabc', 'é', 'aé', 'éab', 'éé ab', '😀a😀', 'ABC', 'Abcab', 'aaaaaaaaaaaaaaaaaaaaaaaaaab',
  'ab'.repeat(40), `${'x'.repeat(63)}ab`, 'https://www.x.com/a?b=c', 'GET /api/v1/users 200', 'tail ab', 'ba', 'foo.bar',
].map((text) => Buffer.from(text))

describe('searches over columns', () => {
  const patterns = ['%ab%', 'ab%', '%ab', 'ab', '%', '', '%a%b%', '%"duration":42%', '%"duration":42%"tier"%', 'a%b%c', 'a_c', '%\\%%',
    '%\\_%', '%x\\\\y%', '%é%', '_', '%😀%', '%aaaaaaaaaaaaaaaaaaaaaaaaaa%', '%b%a%', '%ab%ab%']
  for (const name of ['like', 'notLike', 'ilike', 'notILike']) {
    it(name, async () => {
      expect(await differing(ask, patterns.map((pattern): ColumnCall => [name, pattern]), TEXTS)).toEqual([])
    })
  }

  it('match', async () => {
    const expressions = ['ab', '^ab', 'ab$', 'a.c', 'a+b', 'ab?c', '[a-c]b', '(ab)+', 'ab|x', '(?i)abc', '"duration":\\d+', 'https?://[^/]+/', 'foo\\.bar',
      '\\d{3}$', 'é.', '(a|é)b', '', 'x{0,1}ab', '\\bab\\b']
    expect(await differing(ask, expressions.map((pattern): ColumnCall => ['match', pattern]), TEXTS)).toEqual([])
  })

  it('position and its kin', async () => {
    const calls = ['position', 'positionUTF8', 'positionCaseInsensitive', 'positionCaseInsensitiveUTF8'].flatMap((name): ColumnCall[] => [
      ...['ab', 'a', 'b', 'é', '😀', 'ABC', ''].map((needle): ColumnCall => [name, needle]), [name, 'a', 2], [name, 'b', 3], [name, 'ab', 40]])
    expect(await differing(ask, calls, TEXTS)).toEqual([])
  })
})
