import { expect, it } from 'vitest'
import { table } from './terminal.ts'

it('keeps each row of a table on its line', () => {
  const lines = table(['reason', 'rows'], [['not closed: "a\n\tb', 1], ['x', 20]]).split('\n')
  expect(lines.slice(1)).toEqual(['not closed: "a\\n\\tb     1', 'x                      20'])
})
