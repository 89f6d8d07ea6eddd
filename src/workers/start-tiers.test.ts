// What V8 compiles later at a start it compiles as ever when the start is over.
import { Script } from 'node:vm'
import { expect, it } from 'vitest'
import { setTierFlags } from '../launch/v8-tiers.ts'
import { delayOptimizing, optimizeAsUsual } from './start-tiers.ts'

const sourceOf = (name: string): string => `(function ${name}(a, b) { return a + b })`

it('leaves V8 the flags under which code is kept', () => {
  setTierFlags()
  optimizeAsUsual()
  const cachedData = new Script(sourceOf('one')).createCachedData()
  // V8 compares the length of the text alone, and asks for no code of a text that it knows.
  const isTaken = (name: string) => new Script(sourceOf(name), { cachedData }).cachedDataRejected === false
  expect(isTaken('two')).toBe(true)
  delayOptimizing()
  delayOptimizing()
  expect(isTaken('six')).toBe(!process.versions.v8.startsWith('11.3.'))
  optimizeAsUsual()
  optimizeAsUsual()
  expect(isTaken('ten')).toBe(true)
})
