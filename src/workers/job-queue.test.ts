import { beforeEach, expect, it, vi } from 'vitest'
import { JobQueue, type Job } from './job-queue.ts'

/** Milliseconds; only slices take time. */
let clock = 0
beforeEach(() => { vi.spyOn(performance, 'now').mockImplementation(() => clock) })

/** A job of `slices` slices that keep the thread busy for `ms` each. */
const job = (name: string, slices: number, ms: number, log: string[]): Job => {
  let left = slices
  return {
    step: () => {
      clock += ms
      log.push(name)
      return --left === 0 ? 'done' : 'more'
    },
    fail: () => { log.push(`${name} failed`) },
  }
}

it('runs a new small job before more of one that has had its time', () => {
  const queue = new JobQueue()
  const log: string[] = []
  queue.add(job('long', 5, 3, log))
  for (let slice = 0; slice < 3; slice++) queue.runSlice()
  queue.add(job('point', 1, 0.1, log))
  while (queue.runSlice());
  expect(log).toEqual(['long', 'long', 'long', 'point', 'long', 'long'])
  expect(queue.isEmpty).toBe(true)
})

it('does not put off what was held up in a slice, by another process or the collector', () => {
  const queue = new JobQueue()
  const log: string[] = []
  let held = 50
  queue.add({ ...job('held up', 3, 0, log), step: () => {
    clock += held
    held = 1
    log.push('held up')
    return log.length < 3 ? 'more' : 'done'
  } })
  queue.runSlice()
  for (let point = 0; point < 3; point++) queue.add(job('point', 1, 0.1, log))
  while (queue.runSlice());
  expect(log).toEqual(['held up', 'held up', 'held up', 'point', 'point', 'point'])
})

it('ends what takes a few slices before it begins what came later', () => {
  const queue = new JobQueue()
  const log: string[] = []
  queue.add(job('first', 3, 1, log))
  queue.runSlice()
  queue.add(job('second', 3, 1, log))
  queue.add(job('third', 1, 0.1, log))
  while (queue.runSlice());
  expect(log).toEqual(['first', 'first', 'first', 'second', 'second', 'second', 'third'])
})

it('ends a job of some slices while new small ones keep coming', () => {
  const queue = new JobQueue()
  const log: string[] = []
  queue.add(job('some', 9, 3, log))
  for (let small = 0; small < 1000 && log.filter((name) => name === 'some').length < 9; small++) {
    queue.add(job('small', 1, 0.5, log))
    queue.runSlice()
  }
  expect(log.filter((name) => name === 'some')).toHaveLength(9)
  // It has let those before it that came while it was behind: what was beyond its turn, 16 times, by half a millisecond.
  expect(log.length).toBeGreaterThan(18)
})

it('takes no time as debt that a job had while it was alone', () => {
  const queue = new JobQueue()
  const log: string[] = []
  queue.add(job('alone', 24, 2, log))
  for (let slice = 0; slice < 20; slice++) queue.runSlice() // 40 ms, 640 of debt
  for (let small = 0; small < 200 && log.filter((name) => name === 'alone').length < 22; small++) {
    queue.add(job('small', 1, 0.5, log))
    queue.runSlice()
  }
  expect(log.filter((name) => name === 'alone')).toHaveLength(22) // within some 64 small ones each
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

it('gives a job that has waited long no more than one turn before small ones', () => {
  const queue = new JobQueue()
  const log: string[] = []
  const rest = job('waited', 5, 3, log)
  let hasWaited = false
  const waited: Job = { ...rest, step: () => {
    if (hasWaited) return rest.step()
    hasWaited = true
    return 'waiting'
  } }
  queue.add(waited)
  queue.runSlice()
  clock += 80
  queue.resume(waited)
  queue.add(job('small', 1, 0.1, log))
  while (queue.runSlice());
  expect(log).toEqual(['waited', 'waited', 'waited', 'small', 'waited', 'waited'])
})

it('tells a job that threw, and goes on with the others', () => {
  const queue = new JobQueue()
  const log: string[] = []
  queue.add({ step: () => { throw new Error('broken') }, fail: (error) => { log.push((error as Error).message) } })
  queue.add(job('other', 1, 0, log))
  while (queue.runSlice());
  expect(log).toEqual(['broken', 'other'])
})
