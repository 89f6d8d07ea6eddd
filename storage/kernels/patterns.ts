// LIKE over texts that are known in fewer bytes than they have (column/packed-texts.ts), without writing them: which
// of a text's digits are a digit of the pattern are bits of a word, so that a part of the pattern stands where the
// words of its digits, each moved by its place in the part, all have a bit. The references of patterns.as.ts.
//
//   program | digits of the pattern, each once: count, values | parts: count | of each: places, length, its digits
//
// All are words. A part's digits are numbers among the pattern's, `places` has a bit for each digit of a text at which
// the part may begin: by that alone it knows of dashes, and of the begin and the end of the text. Parts follow one
// another in a text.

import type { KernelMemory } from './kernel-memory.ts'

export type PatternKernels = {
  /** Which of the texts of `count` UUIDs (16 bytes each) fulfil the pattern, a byte each into `target`, 1 or 0.
   * `masks`: room for two words for each digit of the pattern. */
  readonly likeUuids: (keys: number, count: number, program: number, masks: number, target: number) => void
}

function holds(u32: Uint32Array, program: number, text: readonly number[]): boolean {
  const digitCount = u32[program / 4]
  const digits = u32.subarray(program / 4 + 1, program / 4 + 1 + digitCount)
  let word = program / 4 + 1 + digitCount
  let at = 0
  for (let left = u32[word++]; left > 0; left--) {
    const [places, length] = [u32[word], u32[word + 1]]
    const part = Array.from(u32.subarray(word + 2, word + 2 + length), (number) => digits[number])
    word += 2 + length
    const isHere = (place: number) => (places >>> place & 1) !== 0 && part.every((digit, i) => text[place + i] === digit)
    while (at < text.length && !isHere(at)) at++
    if (at === text.length) return false
    at += length
  }
  return true
}

export function patternsReference({ u8, u32 }: KernelMemory): PatternKernels {
  return {
    likeUuids(keys, count, program, _masks, target) {
      for (let i = 0; i < count; i++) {
        const text = Array.from(u8.subarray(keys + 16 * i, keys + 16 * i + 16)).flatMap((byte) => [byte >> 4, byte & 15])
        u8[target + i] = Number(holds(u32, program, text))
      }
    },
  }
}
