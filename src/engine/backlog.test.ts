import { expect, it } from 'vitest'
import { Backlog } from './backlog.ts'

it('lets some hundreds wait always, and as many as were answered in half a second', () => {
  const backlog = new Backlog(0)
  expect(backlog.limit(0)).toBe(512)
  for (let i = 0; i < 6000; i++) backlog.note()
  expect(backlog.limit(999)).toBe(512)
  expect(backlog.limit(2000)).toBe(1500)
  for (let i = 0; i < 100; i++) backlog.note()
  expect(backlog.limit(2500)).toBe(1500)
  expect(backlog.limit(3000)).toBe(512)
})
