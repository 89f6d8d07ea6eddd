import { expect, it } from 'vitest'
import { movedSpan } from './plan-cache.ts'

it('finds the place of an error in the text of another call with the same slots', () => {
  const places = (text: string) => [...text.matchAll(/'\w+'/g)].map(({ 0: piece, index }) => ({ start: index, end: index + piece.length }))
  const planned = "a = 'x' AND f(b) = 'yy' AND c"
  const called = "a = 'longer' AND f(b) = 'z' AND c"
  const pieceOf = (text: string) => {
    const at = planned.indexOf(text)
    const span = movedSpan({ at, end: at + text.length }, places(planned), places(called))
    return called.slice(span.at, span.end)
  }
  for (const text of ['a', 'f(b)', ' AND c']) expect(pieceOf(text)).toBe(text)
  expect(pieceOf("a = 'x'")).toBe("a = 'longer'")
  expect(pieceOf("'yy'")).toBe("'z'")
})
