import { describe, expect, test } from 'vitest'
import { columnsIn } from './columns.ts'
import { touchOf, type Limits } from './limits.ts'

describe('columns of a statement', () => {
  const names = ['timestamp', 'user_id', 'id']

  test('are those that it names as words', () => {
    expect(columnsIn('SELECT uniq(user_id) FROM t WHERE timestamp > 5', names)).toEqual(['timestamp', 'user_id'])
  })

  test('are all for *', () => {
    expect(columnsIn('SELECT * FROM t ORDER BY id', names)).toEqual(names)
  })
})

describe('a read at random', () => {
  const limits: Limits = { readBytes: 10, touchNs: [1, 2, 4, 8, 16, 32], socketNs: 1 }

  test('costs what was measured at a size, and between two sizes what lies between', () => {
    expect(touchOf(limits, 2 ** 20)).toBe(2)
    expect(touchOf(limits, 2 ** 21)).toBe(3)
  })

  test('costs the least or the most outside of all sizes', () => {
    expect(touchOf(limits, 100)).toBe(1)
    expect(touchOf(limits, 2 ** 32)).toBe(32)
  })
})
