// Both ask UUIDs for a pattern alike, and as a regular expression over their digits does.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { patternsReference, type PatternKernels } from './patterns.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(4 * 2 ** 20)
const kernels: readonly PatternKernels[] = [bindKernels(compileKernels(), work), patternsReference(work)]
const ANYWHERE = 0xffffffff

/** A part of digits, and at which digits of a text it may begin. */
type Part = readonly [digits: string, places: number]

function answers(kernel: PatternKernels, texts: readonly string[], parts: readonly Part[]): number[] {
  const account = new MemoryAccount(work, 2 ** 20)
  const keys = account.u8(texts.length * 16)
  keys.set(Buffer.from(texts.join(''), 'hex'))
  const chars = [...new Set(parts.flatMap(([digits]) => [...digits]))]
  const words = [chars.length, ...chars.map((char) => Number.parseInt(char, 16)), parts.length,
    ...parts.flatMap(([digits, places]) => [places, digits.length, ...Array.from(digits, (char) => chars.indexOf(char))])]
  const program = account.u32(words.length)
  program.set(words)
  const target = account.u8(texts.length)
  kernel.likeUuids(keys.byteOffset, texts.length, program.byteOffset, account.u8(8 * chars.length + 8).byteOffset, target.byteOffset)
  const found = [...target]
  account.releaseAll()
  return found
}

it('finds digits of UUIDs one behind the other', () => {
  const text = fc.uuid().map((uuid) => uuid.replaceAll('-', ''))
  const piece = fc.record({ at: fc.nat(31), length: fc.integer({ min: 1, max: 6 }), isAnywhere: fc.boolean() })
  const other = fc.string({ unit: fc.constantFrom('0', '4', '7', 'a', 'f'), minLength: 1, maxLength: 4 })
  fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), fc.array(fc.oneof(piece, piece, other), { maxLength: 4 }), (texts, pieces) => {
    // Most parts are of the first text, in the order of their places, so that some patterns are fulfilled.
    const own = pieces.filter((one) => typeof one !== 'string').sort((a, b) => a.at - b.at)
    const parts = pieces.map((one): Part => {
      const taken = typeof one === 'string' ? null : own.shift() ?? one
      if (taken === null) return [String(one), ANYWHERE]
      return [texts[0].slice(taken.at, taken.at + taken.length), taken.isAnywhere ? ANYWHERE : 2 ** taken.at]
    })
    const pattern = new RegExp(`^${parts.map(([digits, places]) => (
      `.*?${places === ANYWHERE ? '' : `(?<=^.{${Math.log2(places)}})`}${digits}`)).join('')}`)
    const wanted = texts.map((one) => Number(pattern.test(one)))
    for (const kernel of kernels) expect(answers(kernel, texts, parts)).toEqual(wanted)
  }), { numRuns: 500 })
})

it('takes all digits as a part, and no part at all', () => {
  const text = '0e37df36f69811e68dd4cb9ced3df976'
  for (const kernel of kernels) {
    expect(answers(kernel, [text, text.replace('0', '1')], [[text, 1]])).toEqual([1, 0])
    expect(answers(kernel, [text], [[text, 1], ['6', ANYWHERE]])).toEqual([0])
    expect(answers(kernel, [text], [])).toEqual([1])
  }
})
