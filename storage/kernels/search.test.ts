import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { searchReference, type SearchKernels } from './search.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(4 * 2 ** 20)
const kernels: readonly SearchKernels[] = [bindKernels(compileKernels(), work), searchReference(work)]

/** Places of the needle; of `next` behind it where that is asked. */
function places(
  kernel: SearchKernels, texts: readonly Buffer[], needle: Buffer, first: number, next: Buffer | null = null): number[] {
  const account = new MemoryAccount(work, 2 ** 20)
  const offsets = account.u32(texts.length + 1)
  offsets[0] = first // strings of a part of a block do not begin at 0
  texts.forEach((text, index) => { offsets[index + 1] = offsets[index] + text.length })
  // Around the strings the needle stands everywhere: it must not be found there.
  const bytes = account.u8(offsets[texts.length] + 32)
  for (let at = 0; at < bytes.length; at++) bytes[at] = needle[at % needle.length]
  texts.forEach((text, index) => bytes.set(text, offsets[index]))
  const wanted = account.u8(needle.length)
  wanted.set(needle)
  const target = account.u32(texts.length)
  const found = kernel.findInStrings(offsets.byteOffset, bytes.byteOffset, texts.length, wanted.byteOffset,
    needle.length, target.byteOffset)
  const answer = [...target]
  expect(found).toBe(answer.filter((place) => place > 0).length)
  if (next !== null) {
    kernel.findBehind(offsets.byteOffset, bytes.byteOffset, texts.length, account.copyOf(next).byteOffset, next.length,
      needle.length, target.byteOffset)
    answer.splice(0, answer.length, ...target)
  }
  account.releaseAll()
  return answer
}

const letters = (maxLength: number, minLength = 0) =>
  fc.array(fc.constantFrom('a', 'b', 'ab', '"', 'é'), { minLength, maxLength }).map((parts) => Buffer.from(parts.join('')))

it('finds the first place in each string and none across two', () => {
  fc.assert(fc.property(fc.array(letters(40), { maxLength: 40 }), letters(6, 1), fc.nat(20), (texts, needle, first) => {
    const expected = texts.map((text) => text.indexOf(needle) + 1)
    for (const kernel of kernels) expect(places(kernel, texts, needle, first)).toEqual(expected)
  }), { numRuns: 500 })
})

it('finds a needle behind another, within the string', () => {
  fc.assert(fc.property(fc.array(letters(40), { maxLength: 40 }), letters(3, 1), letters(3, 1), fc.nat(20), (texts, a, b, first) => {
    const expected = texts.map((text) => (text.includes(a) ? text.indexOf(b, text.indexOf(a) + a.length) + 1 : 0))
    for (const kernel of kernels) expect(places(kernel, texts, a, first, b)).toEqual(expected)
  }), { numRuns: 300 })
})

it('finds needles longer than a string, as long as all, and of one byte', () => {
  const texts = ['', 'x', 'abc'.repeat(30), 'c', ''].map((text) => Buffer.from(text))
  for (const needle of ['c', 'abc'.repeat(30), 'abc'.repeat(31), 'bca', 'xabc']) {
    for (const kernel of kernels) {
      expect(places(kernel, texts, Buffer.from(needle), 0)).toEqual(texts.map((text) => text.indexOf(needle) + 1))
    }
  }
})

it('answers rows by their frame, or by a number of theirs', () => {
  const ranges = fc.uniqueArray(fc.nat(60), { minLength: 0, maxLength: 6 })
    .map((ends) => [...ends].sort((a, b) => a - b)).map((ends) => ends.slice(0, ends.length & ~1))
  const frame = fc.tuple(fc.constantFrom(0, 1, 2), ranges)
  fc.assert(fc.property(
    fc.array(frame, { minLength: 3, maxLength: 3 }), fc.array(fc.tuple(fc.nat(2), fc.nat(60)), { maxLength: 50 }), fc.boolean(),
    (any, rows, areShared) => {
      const frames = areShared ? any.map(([kind]) => [kind, any[0][1]] as const) : any
      for (const kernel of kernels) {
        const account = new MemoryAccount(work, 2 ** 20)
        const [table, codes, numbers] = [account.u32(12), account.u32(rows.length), account.u32(rows.length)]
        codes.set(rows.map(([code]) => code))
        numbers.set(rows.map(([, value]) => value))
        const shared = account.u32(8)
        frames.forEach(([kind, ends], i) => {
          const cell = areShared ? shared : account.u32(8)
          cell.set(ends)
          table.set([kind, numbers.byteOffset, cell.byteOffset, ends.length / 2], i * 4)
        })
        const out = account.u8(rows.length)
        kernel.answerFrames(codes.byteOffset, rows.length, table.byteOffset, frames.length, out.byteOffset)
        expect([...out]).toEqual(rows.map(([code, value]) => {
          const [kind, ends] = frames[code]
          if (kind < 2) return kind
          return ends.some((from, i) => i % 2 === 0 && value >= from && value <= ends[i + 1]) ? 1 : 0
        }))
        account.releaseAll()
      }
    }))
})

it('reads the numbers of frames as the reference does', () => {
  const frames = fc.array(fc.option(fc.double({ noNaN: true })), { minLength: 1, maxLength: 4 })
  fc.assert(fc.property(frames.chain((list) => fc.tuple(fc.constant(list),
    fc.array(fc.tuple(fc.nat(list.length - 1), fc.nat(0xffffffff)), { maxLength: 40 }))), ([list, rows]) => {
    for (const kernel of kernels) {
      const account = new MemoryAccount(work, 4 * 2 ** 20)
      const numbers = account.u32(Math.max(1, rows.length))
      numbers.set(rows.map(([, value]) => value))
      const codes = account.u32(Math.max(1, rows.length))
      codes.set(rows.map(([code]) => code))
      const table = account.f64(list.length * 2).fill(0)
      const words = new Uint32Array(table.buffer, table.byteOffset, list.length * 4)
      list.forEach((fixed, frame) => {
        if (fixed === null) words[frame * 4] = numbers.byteOffset
        else table[frame * 2 + 1] = fixed
      })
      const out = account.f64(Math.max(1, rows.length))
      kernel.numbersOfFrames(codes.byteOffset, rows.length, table.byteOffset, out.byteOffset)
      expect([...out.subarray(0, rows.length)]).toEqual(rows.map(([code, value]) => list[code] ?? value))
      account.releaseAll()
    }
  }))
})
