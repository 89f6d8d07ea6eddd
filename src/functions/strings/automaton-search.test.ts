// Tables of states against re2js itself, by the kernel and by its reference.

import fc from 'fast-check'
import { RE2JS } from 're2js'
import { expect, it } from 'vitest'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { UNKNOWN } from '../../../storage/kernels/automaton.ts'
import { loadKernels, referenceKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { automatonFor, matchStrings } from './automaton-search.ts'
import type { EvalContext } from '../values/function.ts'
import { literalOf } from './pattern-literal.ts'
import { automatonOf } from './regexp-automaton.ts'
import { bytesVector } from '../values/vectors.ts'

const work = new WorkMemory(2 ** 23)
const allKernels = [loadKernels(work), referenceKernels(work)]
const STRING = parseDataType('String')

/** Answers of both kernels, which are equal. */
function answers(pattern: string, isCaseless: boolean, texts: readonly string[]): number[] {
  const automaton = automatonFor(pattern, isCaseless, 1000)
  if (automaton === null) throw new Error(`${pattern} has no table`)
  const literal = isCaseless ? { text: '', isFirst: false } : literalOf(pattern)
  const all = allKernels.map((kernels) => {
    const account = new MemoryAccount(work, 2 ** 22)
    const buffers = texts.map((text) => Buffer.from(text))
    const offsets = account.u32(texts.length + 1)
    offsets[0] = 3
    buffers.forEach((buffer, i) => { offsets[i + 1] = offsets[i] + buffer.length })
    const bytes = account.u8(offsets[texts.length])
    bytes.fill(97)
    bytes.set(Buffer.concat(buffers), 3)
    const needle = Buffer.from(literal.text)
    const wanted = account.u8(needle.length)
    wanted.set(needle)
    const places = account.u32(Math.max(1, texts.length))
    if (needle.length > 0) {
      kernels.findInStrings(offsets.byteOffset, bytes.byteOffset, texts.length, wanted.byteOffset, needle.length, places.byteOffset)
    }
    const out = account.u8(texts.length)
    // What the search asks of a context: its account and kernels.
    const context = { account, kernels } as EvalContext
    matchStrings(automaton, bytesVector(STRING, offsets, bytes), needle, literal.isFirst, needle.length > 0 ? places : null, out, context)
    const answer = [...out]
    account.releaseAll()
    return answer
  })
  expect(all[0]).toEqual(all[1])
  return all[0]
}

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text)

function expectAsRe2(pattern: string, isCaseless: boolean, texts: readonly string[]): void {
  const re2 = RE2JS.compile(pattern, RE2JS.DOTALL | (isCaseless ? RE2JS.CASE_INSENSITIVE : 0))
  answers(pattern, isCaseless, texts).forEach((answer, i) => {
    if (answer !== UNKNOWN) expect([pattern, texts[i], answer]).toEqual([pattern, texts[i], re2.matcher(texts[i]).find() ? 1 : 0])
    else expect(isAscii(texts[i])).toBe(false)
  })
}

const atom = fc.constantFrom('a', 'b', 'ab', '.', '[ab]', '[^a]', '\\d', '\\w', '\\s', 'é', '(?:ab)', '(a|b)', '(?i:A)', '\\.', '[[:alpha:]]', '1',
  '\\pL', '\\x00', '(?m:^a)', '(?m:b$)', '(?-s:.)', '\\W')
const repeated = fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{1,3}', '*?', '+?')).map((parts) => parts.join(''))
const pattern = fc.array(fc.oneof(repeated, fc.constantFrom('|', '^', '$', '\\b', '\\B', '\\z')), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join('').replace(/^\|+|\|+$/g, '').replace(/\|{2,}/g, '|')).filter((source) => source !== '')
const text = fc.array(fc.constantFrom('a', 'b', 'A', '1', ' ', '.', 'é', '\n', '😀', '\0', '_', 'ab'), { maxLength: 14 })
  .map((parts) => parts.join(''))

it('says what RE2 says, or that a text goes beyond ASCII', () => {
  fc.assert(fc.property(pattern, fc.boolean(), fc.array(text, { maxLength: 12 }), (source, isCaseless, texts) => {
    expectAsRe2(source, isCaseless, texts)
  }), { numRuns: 250 })
})

it('goes on at the next place of what a match begins with', () => {
  const words = fc.array(fc.constantFrom('ab', 'a', 'b', '1', '7', ',', 'é', 'abab'), { maxLength: 16 }).map((parts) => parts.join(''))
  const sources = ['ab[0-9]7', 'ab1?7\\b', 'abab[17]+,', 'ab(?:a|b)*7', '1.7', 'a{2}b', 'ab[^1]*7$']
  fc.assert(fc.property(fc.constantFrom(...sources), fc.array(words, { maxLength: 20 }), (source, texts) => expectAsRe2(source, false, texts)))
})

it('has no table for patterns of too many states', () => {
  for (const source of ['(a|b)*a(a|b){12}', 'a{1000}']) expect(automatonOf(RE2JS.compile(source))).toBe(null)
  expect(automatonOf(RE2JS.compile('"duration":[1-4]7[,}]'))?.busyFrom).toBe(3)
})
