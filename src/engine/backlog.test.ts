import { expect, it } from 'vitest'
import { Backlog } from './backlog.ts'

/** `count` statements end, while so many others wait. */
function end(backlog: Backlog, count: number, waiting: number): void {
  for (let i = 0; i < count; i++) backlog.note(waiting)
}

it('lets a burst wait while nothing is known', () => {
  const backlog = new Backlog(0)
  expect(backlog.isFull(511, 10)).toBe(false)
  expect(backlog.isFull(512, 10)).toBe(true)
})

it('lets as many wait as are answered in a second, when the workers have enough to do', () => {
  const backlog = new Backlog(0)
  end(backlog, 2000, 300)
  expect(backlog.isFull(1999, 1000)).toBe(false)
  expect(backlog.isFull(2000, 1001)).toBe(true)
  end(backlog, 30, 300)
  expect(backlog.isFull(65, 2001)).toBe(true)
  expect(backlog.isFull(63, 2002)).toBe(false)
})

it('does not take a quiet time for all that can be answered', () => {
  const backlog = new Backlog(0)
  end(backlog, 2000, 300)
  expect(backlog.isFull(100, 1000)).toBe(false)
  end(backlog, 3, 0)
  expect(backlog.isFull(0, 60_000)).toBe(false)
  expect(backlog.isFull(1999, 60_001)).toBe(false)
})
