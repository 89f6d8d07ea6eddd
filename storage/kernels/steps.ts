// Numbers by the step of a fixed length that they lie in: days of seconds, beginnings of hours. Rows in
// the order of time stay in a step for long, so the step is computed when it changes. The references
// of steps.as.ts.

import type { KernelMemory } from './kernel-memory.ts'

export type StepKernels = {
  /** target = | least | most | of count > 0 words. */
  readonly spanOfWords: (words: number, count: number, target: number) => void
  /** target[i] = words[i] - words[i] % step. */
  readonly floorWords: (words: number, count: number, step: number, target: number) => void
  /** target[i] = results[words[i] / step - first], rounded down; results cover all of them. All u32. */
  readonly mapSteps: (
    words: number, count: number, step: number, first: number, results: number, target: number) => void
  /** The low `bytes` (1 or 2) of each word, one after another. */
  readonly narrowWords: (words: number, count: number, bytes: number, target: number) => void
  /** Numbers of `bytes` (1 or 2) as words. */
  readonly widenWords: (numbers: number, count: number, bytes: number, target: number) => void
}

export function stepsReference({ u8, u32, buffer }: KernelMemory): StepKernels {
  const u16 = new Uint16Array(buffer)
  return {
    spanOfWords(words, count, target) {
      const values = u32.subarray(words / 4, words / 4 + count)
      u32[target / 4] = values.reduce((least, value) => Math.min(least, value))
      u32[target / 4 + 1] = values.reduce((most, value) => Math.max(most, value))
    },
    floorWords(words, count, step, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = u32[words / 4 + i] - u32[words / 4 + i] % step
    },
    mapSteps(words, count, step, first, results, target) {
      for (let i = 0; i < count; i++) {
        u32[target / 4 + i] = u32[results / 4 + Math.floor(u32[words / 4 + i] / step) - first]
      }
    },
    narrowWords(words, count, bytes, target) {
      for (let i = 0; i < count; i++) {
        if (bytes === 1) u8[target + i] = u32[words / 4 + i]
        else u16[target / 2 + i] = u32[words / 4 + i]
      }
    },
    widenWords(numbers, count, bytes, target) {
      for (let i = 0; i < count; i++) u32[target / 4 + i] = bytes === 1 ? u8[numbers + i] : u16[numbers / 2 + i]
    },
  }
}
