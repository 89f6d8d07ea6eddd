import { expect, it } from 'vitest'
import { BodyStream } from './body-stream.ts'

it('holds its source back while much waits, says so, and lets it go on for who reads on', async () => {
  const calls: string[] = []
  const stream = new BodyStream({ pause: () => { calls.push('pause') }, resume: () => { calls.push('resume') } })
  const chunk = new Uint8Array(4 * 2 ** 20)
  for (const isPaused of [false, false, true, true]) {
    stream.push(chunk, false)
    expect(stream.isPaused).toBe(isPaused)
  }
  expect(calls).toEqual(['pause'])
  const reader = stream[Symbol.asyncIterator]()
  for (let i = 0; i < 4; i++) await reader.next()
  const next = reader.next()
  expect([stream.isPaused, calls]).toEqual([false, ['pause', 'resume']])
  stream.push(chunk.subarray(0, 3), true)
  expect((await next).value).toHaveLength(3)
  expect((await reader.next()).done).toBe(true)
})
