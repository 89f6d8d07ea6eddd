import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('lets others have the thread while a long answer is made', async () => {
  const turns = new Turns()
  const seen: string[] = []
  setImmediate(() => { seen.push('other') })
  const pieces = 6
  for (let i = 0; i < pieces; i++) {
    for (const began = performance.now(); performance.now() - began < 3;);
    seen.push('piece')
    if (turns.isOver()) await turns.next()
  }
  expect(seen.filter((one) => one === 'piece').length).toBe(pieces)
  expect(seen.indexOf('other')).toBeGreaterThan(0)
  expect(seen.indexOf('other')).toBeLessThan(pieces)
})
