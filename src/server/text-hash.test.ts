import { expect, it } from 'vitest'
import { textHash } from './text-hash.ts'

it('is the same for the same text and seed, and another for another', () => {
  expect(textHash('a user', 1)).toBe(textHash(['a', 'user'].join(' '), 1))
  expect(textHash('a user', 1)).not.toBe(textHash('a user', 2))
  expect(textHash('', 1)).toMatch(/^[0-9a-f]{32}$/)
})

it('tells like texts apart, in each of its four words', () => {
  const words = [new Set<string>(), new Set<string>(), new Set<string>(), new Set<string>()]
  const whole = new Set<string>()
  const count = 20_000
  for (let n = 0; n < count; n++) {
    const hash = textHash(`JSON\n3.1.${n % 100}\nstringuser_${Math.floor(n / 100)}\u0000`, 77)
    whole.add(hash)
    words.forEach((seen, word) => seen.add(hash.slice(word * 8, word * 8 + 8)))
  }
  expect(whole.size).toBe(count)
  // Of 20,000 numbers of 32 bits half a pair is to be expected.
  for (const seen of words) expect(seen.size).toBeGreaterThan(count - 12)
})

it('hangs on the order of characters and on how many there are', () => {
  expect(textHash('ab', 5)).not.toBe(textHash('ba', 5))
  expect(textHash('a\u0000', 5)).not.toBe(textHash('a', 5))
  expect(textHash('\u0000a', 5)).not.toBe(textHash('a', 5))
})
