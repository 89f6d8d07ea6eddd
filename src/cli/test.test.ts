// Lines of expected results are compared as JSON, exactly.

import { expect, it } from 'vitest'
import { areTies, normal } from './test.ts'

it('tells 64-bit integers apart that are one double, and no numbers by spaces', () => {
  expect(normal('{"n":9007199254740993}')).not.toBe(normal('{"n":9007199254740992}'))
  expect(normal('{"n": -9223372036854775807, "s":"1234567890123456789"}')).toBe(normal('{"n":-9223372036854775807,"s":"1234567890123456789"}'))
  expect(normal('{"n":1234567890123456789}')).not.toBe(normal('{"n":"1234567890123456789"}'))
  expect(normal('{"share": 0.3333333333333333, "n": -1.2345678901234567e-17}')).toBe(normal('{"share":0.3333333333333333,"n":-1.2345678901234567e-17}'))
  expect(normal('no json')).toBe('no json')
})

it('takes rows that ORDER BY leaves equal in either order, and no others', () => {
  const [a, b, c] = ['{"term":"a", "visits":1}', '{"term":"b","visits":1}', '{"term":"\\/c","visits":2}']
  const query = 'SELECT term, count() AS visits FROM t GROUP BY term ORDER BY '
  expect(areTies(`${query}visits DESC LIMIT 3`, [c, a, b], ['{"term":"/c","visits":2}', b, a])).toBe(true)
  expect(areTies(`${query}2`, [a, b, c], [b, a, c])).toBe(true)
  expect(areTies('SELECT term, count() AS visits FROM t GROUP BY term', [a, b, c], [c, b, a])).toBe(true)
  expect(areTies(`${query}visits`, [a, b, c], [c, b, a])).toBe(false)
  expect(areTies(`${query}visits, term`, [a, b], [b, a])).toBe(false)
  expect(areTies(`${query}length(term)`, [a, b], [b, a])).toBe(false)
  expect(areTies(`${query}visits`, [a, b], [a, a])).toBe(false)
})
