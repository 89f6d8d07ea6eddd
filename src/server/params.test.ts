import { expect, it } from 'vitest'
import { pipeParams } from './params.ts'

it('leaves the mark of a client out of what a pipe gets as from, and nothing else', () => {
  const from = (value: string | string[] | null) => ({ ...pipeParams({ from: value, token: 't' }) })
  expect(from('ts-sdk')).toEqual({})
  expect(from(['ts-sdk'])).toEqual({})
  expect(from(['ts-sdk', '2024-01-01'])).toEqual({ from: '2024-01-01' })
  expect(from(['a', 'ts-sdk', 'b'])).toEqual({ from: ['a', 'b'] })
  // A list of a JSON body stays one: its only text may hold a comma.
  expect(from(['a,b'])).toEqual({ from: ['a,b'] })
  expect(from([])).toEqual({ from: [] })
  expect(from(null)).toEqual({ from: null })
})
