// Lines of expected results are compared as JSON, exactly.

import { expect, it } from 'vitest'
import { normal } from './test.ts'

it('tells 64-bit integers apart that are one double, and no numbers by spaces', () => {
  expect(normal('{"n":9007199254740993}')).not.toBe(normal('{"n":9007199254740992}'))
  expect(normal('{"n": -9223372036854775807, "s":"1234567890123456789"}')).toBe(normal('{"n":-9223372036854775807,"s":"1234567890123456789"}'))
  expect(normal('{"n":1234567890123456789}')).not.toBe(normal('{"n":"1234567890123456789"}'))
  expect(normal('{"share": 0.3333333333333333, "n": -1.2345678901234567e-17}')).toBe(normal('{"share":0.3333333333333333,"n":-1.2345678901234567e-17}'))
  expect(normal('no json')).toBe('no json')
})
