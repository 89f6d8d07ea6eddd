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
  expect(looks).toBe(2)
  for (let more = 0; more < 1000; more++) jobs.add('delete_data', 'events', {}, () => 'done')
  expect(jobs.find(id)).toBe(null)
  expect(jobs.list().length).toBe(1000)
})
