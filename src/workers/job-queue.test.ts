import { expect, it } from 'vitest'
import { JobQueue, type Job } from './job-queue.ts'

/** A job of `slices` slices that keep the thread busy for `ms` each. */
const job = (name: string, slices: number, ms: number, log: string[]): Job => {
  let left = slices
  return {
    step: () => {
      const until = performance.now() + ms
      while (performance.now() < until);
      log.push(name)
      return --left === 0 ? 'done' : 'more'
    },
    fail: () => { log.push(`${name} failed`) },
  }
}

it('runs a new small job before more of one that has had its time', () => {
  const queue = new JobQueue()
  const log: string[] = []
  queue.add(job('long', 3, 2, log))
  queue.runSlice()
  queue.add(job('point', 1, 0.1, log))
  while (queue.runSlice());
  expect(log).toEqual(['long', 'point', 'long', 'long'])
  expect(queue.isEmpty).toBe(true)
})

it('leaves a waiting job alone until it is resumed', () => {
  const queue = new JobQueue()
  let steps = 0
  const waiting: Job = { step: () => ++steps === 2 ? 'done' : 'waiting', fail: () => {} }
  queue.add(waiting)
  expect(queue.runSlice()).toBe(true)
  expect(queue.runSlice()).toBe(false)
  expect(queue.isEmpty).toBe(false)
  queue.resume(waiting)
  expect(queue.runSlice()).toBe(true)
  expect(queue.isEmpty).toBe(true)
})

it('tells a job that threw, and goes on with the others', () => {
  const queue = new JobQueue()
  const log: string[] = []
  queue.add({ step: () => { throw new Error('broken') }, fail: (error) => { log.push((error as Error).message) } })
  queue.add(job('other', 1, 0, log))
  while (queue.runSlice());
  expect(log).toEqual(['broken', 'other'])
})
