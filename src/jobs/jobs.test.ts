import { expect, it } from 'vitest'
import { Jobs } from './jobs.ts'

it('asks a job how it stands until it is over, and forgets the oldest', () => {
  const jobs = new Jobs()
  let isOver = false
  let looks = 0
  const { id, status } = jobs.add('delete_data', 'events', { rows: 3 }, () => {
    looks++
    return isOver ? 'done' : 'working'
  })
  expect(status).toBe('working')
  isOver = true
  expect(jobs.find(id)).toMatchObject({ status: 'done', datasource: 'events', details: { rows: 3 } })
  jobs.find(id)
  expect(looks).toBe(1)
  for (let more = 0; more < 1000; more++) jobs.add('delete_data', 'events', {}, () => 'done')
  expect(jobs.find(id)).toBe(null)
  expect(jobs.list().length).toBe(1000)
})

const ended = async (jobs: Jobs, id: string) => {
  await jobs.settled()
  return jobs.find(id)
}

it('runs jobs of one data source one after the other, and says how each ended', async () => {
  const jobs = new Jobs()
  const order: string[] = []
  const slow = jobs.run('copy', 'a', {}, async () => {
    await new Promise((resolve) => { setTimeout(resolve, 20) })
    order.push('slow')
    return { rows: 3 }
  })
  const failing = jobs.run('copy', 'a', { mode: 'append' }, async () => {
    order.push('failing')
    throw new Error('no such column')
  })
  expect(jobs.find(failing.id)).toMatchObject({ status: 'waiting' })
  expect(await ended(jobs, slow.id)).toMatchObject({ status: 'done', details: { rows: 3 }, error: null })
  expect(await ended(jobs, failing.id)).toMatchObject({ status: 'error', error: 'no such column' })
  expect(order).toEqual(['slow', 'failing'])
})

it('cancels a job that waits before it begins, and one that works by its own way out', async () => {
  const jobs = new Jobs()
  const working = jobs.run('copy', 'a', {}, ({ onCancel }) => new Promise((_, reject) => {
    onCancel(() => reject(new Error('stopped')))
  }))
  let hasBegun = false
  const waiting = jobs.run('copy', 'a', {}, async () => {
    hasBegun = true
    return {}
  })
  await Promise.resolve()
  expect(jobs.cancel(waiting.id)).toBe(true)
  expect(jobs.cancel(working.id)).toBe(true)
  expect(await ended(jobs, working.id)).toMatchObject({ status: 'cancelled' })
  expect(jobs.find(waiting.id)).toMatchObject({ status: 'cancelled' })
  expect(hasBegun).toBe(false)
  expect(jobs.cancel(working.id)).toBe(false)
})

it('lets so many jobs wait for one data source, and keeps those that are not over', async () => {
  const jobs = new Jobs()
  let free = () => {}
  const held = new Promise<void>((resolve) => { free = resolve })
  const first = jobs.run('copy', 'a', {}, async () => {
    await held
    return {}
  })
  await Promise.resolve()
  for (let i = 0; i < 100; i++) jobs.run('copy', 'a', {}, async () => ({}))
  expect(() => jobs.run('copy', 'a', {}, async () => ({}))).toThrow(/100 jobs wait for a/)
  jobs.run('copy', 'b', {}, async () => ({}))
  for (let more = 0; more < 1000; more++) jobs.add('delete_data', 'b', {}, () => 'done')
  expect(jobs.find(first.id)).toMatchObject({ status: 'working' })
  free()
  await jobs.settled()
  jobs.run('copy', 'a', {}, async () => ({}))
  await jobs.settled()
})
