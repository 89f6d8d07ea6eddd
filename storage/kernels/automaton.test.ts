// Rows of templates get the answers of the reference, whether frames come in runs or not.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { automatonReference, CHARACTERS, THREE_DIGITS, type AutomatonKernels } from './automaton.ts'
import { bindKernels, compileKernels } from './load.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(4 * 2 ** 20)
const kernels: readonly AutomatonKernels[] = [bindKernels(compileKernels(), work), automatonReference(work)]
const STATES = 6
const SLOTS = 2

type Step = { readonly slot: number; readonly width: number; readonly leads: readonly number[] }
type Frame = { readonly state: number; readonly steps: readonly Step[] }

function answers(
  kernel: AutomatonKernels, frames: readonly Frame[], codes: readonly number[], numbers: readonly number[][],
  moves: readonly number[], hasChunks: boolean,
): number[] {
  const account = new MemoryAccount(work, 3 * 2 ** 20)
  const next = account.u16(STATES * CHARACTERS)
  for (let state = 0; state < STATES; state++) for (let digit = 0; digit < 10; digit++) next[state * CHARACTERS + 48 + digit] = moves[state * 10 + digit]
  const behind = (state: number, digits: string): number => [...digits].reduce((at, digit) => next[at * CHARACTERS + digit.charCodeAt(0)], state)
  const chunks = account.u8(STATES * THREE_DIGITS)
  for (let state = 0; state < STATES; state++) {
    for (let number = 0; number < 1000; number++) {
      chunks[state * THREE_DIGITS + number] = behind(state, String(number).padStart(3, '0'))
      chunks[state * THREE_DIGITS + 1000 + number] = behind(state, String(number))
    }
  }
  const words = (values: readonly number[]): number => {
    const array = account.u32(Math.max(1, values.length))
    array.set(values)
    return array.byteOffset
  }
  const slots = numbers.map(words)
  const leadsOf = (leads: readonly number[]): number => {
    const array = account.u16(STATES)
    array.set(leads)
    return array.byteOffset
  }
  const entries = frames.flatMap(({ state, steps }) => [
    state, words(steps.flatMap(({ slot, width, leads }) => [slots[slot], width, leadsOf(leads), 0])), steps.length, 0])
  const target = account.u8(codes.length)
  kernel.matchFrames(words(codes), codes.length, words(entries), next.byteOffset, hasChunks ? chunks.byteOffset : 0, target.byteOffset)
  const found = [...target]
  account.releaseAll()
  return found
}

it('answers rows by the numbers of their frames', () => {
  const state = fc.nat(STATES - 1)
  const step = fc.record({ slot: fc.nat(SLOTS - 1), width: fc.constantFrom(0, 0, 1, 2, 3, 6, 9), leads: fc.array(state, { minLength: STATES, maxLength: STATES }) })
  const frame = fc.record({ state, steps: fc.oneof(fc.array(step, { maxLength: 3 }), fc.tuple(step)) })
  const run = fc.record({ code: fc.nat(3), length: fc.oneof(fc.nat(5), fc.integer({ min: 60, max: 200 })) })
  fc.assert(fc.property(fc.array(frame, { minLength: 1, maxLength: 4 }), fc.array(run, { maxLength: 5 }), fc.infiniteStream(fc.nat(2 ** 32 - 1)),
    fc.array(state, { minLength: STATES * 10, maxLength: STATES * 10 }), fc.boolean(), (frames, runs, stream, moves, hasChunks) => {
      const codes = runs.flatMap(({ code, length }) => Array.from({ length }, () => code % frames.length))
      const seed = Array.from({ length: 16 }, () => stream.next().value ?? 0)
      // Numbers of every length, within the digits that all widths have.
      const digits = Math.min(10, ...frames.flatMap(({ steps }) => steps.map(({ width }) => (width === 0 ? 10 : width))))
      const numbers = Array.from({ length: SLOTS }, (_, slot) => codes.map((_, row) => {
        const any = Math.imul(seed[(row + slot) % 16], row + 1) >>> 0
        return Math.floor(any / 10 ** (row % 10)) % 10 ** digits
      }))
      const [found, wanted] = kernels.map((kernel) => answers(kernel, frames, codes, numbers, moves, hasChunks))
      expect(found).toEqual(wanted)
    }), { numRuns: 150 })
})
