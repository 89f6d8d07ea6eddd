import { expect, it } from 'vitest'
import { EventGenerator } from './generator.ts'

const whole = (set: 'app_events' | 'hard_events', rows: number, piece: number, seed: number) => {
  const generator = new EventGenerator(set, rows, seed)
  let text = ''
  for (let next = generator.next(piece); next !== ''; next = generator.next(piece)) text += next
  return text
}

it('makes the same bytes from the same seed, in pieces of any size', () => {
  expect(whole('app_events', 500, 7, 3)).toBe(whole('app_events', 500, 500, 3))
  expect(whole('app_events', 500, 7, 3)).not.toBe(whole('app_events', 500, 7, 4))
})

it('spans 24 months in rising time, with few distinct metadata strings', () => {
  const events = whole('app_events', 20_000, 1000, 1).trim().split('\n').map((line) => JSON.parse(line))
  expect(events.length).toBe(20_000)
  expect(events[0].timestamp).toBe('2023-01-01 00:00:00')
  expect(new Set(events.map((event) => event.timestamp.slice(0, 7))).size).toBe(24)
  expect(events.every((event, index) => index === 0 || event.timestamp >= events[index - 1].timestamp)).toBe(true)
  expect(new Set(events.map((event) => event.metadata)).size).toBeLessThanOrEqual(2400)
  expect(JSON.parse(events[0].metadata)).toHaveProperty('tier')
})

it('makes hard events: unique ids and metadata, three key orders, a tenth irregular', () => {
  const lines = whole('hard_events', 3000, 100, 1).trim().split('\n')
  const events = lines.map((line) => JSON.parse(line))
  expect(new Set(events.map((event) => event.event_id)).size).toBe(3000)
  expect(new Set(events.map((event) => event.metadata)).size).toBe(3000)
  expect(new Set(events.map((event) => Object.keys(event)[0])).size).toBe(3)
  const irregular = events.filter((event) => Object.keys(event).length !== 11).length
  expect(irregular).toBeGreaterThan(200)
  expect(irregular).toBeLessThan(400)
})
