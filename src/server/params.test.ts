import { expect, it } from 'vitest'
import type { HttpRequest } from './http.ts'
import { pipeParams, queryParams } from './params.ts'

const paramsOf = (query: string) => queryParams({ query } as HttpRequest) // of which nothing else is asked

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

it('reads parameters of any name, and has no others', () => {
  const params = paramsOf('constructor=a&__proto__=b&toString=c&0=d&x=e&x=f')
  expect(Object.entries(params)).toEqual([['0', 'd'], ['constructor', 'a'], ['__proto__', 'b'], ['toString', 'c'], ['x', ['e', 'f']]])
  const none = paramsOf('')
  expect([none.constructor, none.toString, none.__proto__, none.hasOwnProperty, 'constructor' in none]).toEqual([...Array.from({ length: 4 }), false])
})

it('leaves what is the contract\'s own out of what a pipe gets', () => {
  const params = paramsOf('n=1&token=t&explain=true&q=SELECT')
  expect({ ...pipeParams(params) }).toEqual({ n: '1' })
  expect(Object.keys(params)).toEqual(['n', 'token', 'explain', 'q'])
})
