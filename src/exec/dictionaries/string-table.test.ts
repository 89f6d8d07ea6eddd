import fc from 'fast-check'
import { expect, it, vi } from 'vitest'
import { attachArena } from '../../../storage/arena/attach.ts'
import { createArena } from '../../../storage/arena/create.ts'
import { CONTROL_BYTES, SharedDictionary } from './string-table.ts'

const BUDGET = 64 * 2 ** 20

/** A dictionary as two threads see it. */
function twoViews() {
  const arena = createArena({ budgetBytes: BUDGET })
  const address = arena.allocate(CONTROL_BYTES)
  expect(SharedDictionary.create(arena, address, 1, 2)).toBe(true)
  const view = () => new SharedDictionary(attachArena(arena.handle), address, 1, BUDGET)
  return { arena, one: view(), other: view() }
}

function enter(dictionary: SharedDictionary, texts: readonly string[]): number[] {
  const parts = texts.map((text) => Buffer.from(text))
  const offsets = new Uint32Array(texts.length + 1)
  parts.forEach((part, i) => { offsets[i + 1] = offsets[i] + part.length })
  const codes = new Uint32Array(texts.length)
  expect(dictionary.enter(Buffer.concat(parts), offsets, 0, texts.length, codes)).toBe(true)
  return [...codes]
}

const find = (dictionary: SharedDictionary, text: string): number => dictionary.find(Buffer.from(text))

it('gives each string one code, in whichever thread it came', () => {
  const texts = fc.array(fc.oneof(fc.string({ maxLength: 6 }), fc.nat({ max: 4000 }).map((n) => `sess_${n}`)), { maxLength: 3000 })
  fc.assert(fc.property(texts, fc.infiniteStream(fc.boolean()), (all, turns) => {
    const { one, other } = twoViews()
    const known = new Map<string, number>()
    for (let from = 0; from < all.length; from += 300) {
      const some = all.slice(from, from + 300)
      const codes = enter(turns.next().value === true ? one : other, some)
      some.forEach((text, i) => {
        if (!known.has(text)) known.set(text, known.size)
        expect(codes[i]).toBe(known.get(text))
      })
    }
    for (const dictionary of [one, other]) {
      expect(dictionary.size).toBe(known.size)
      for (const [text, code] of known) {
        expect(find(dictionary, text)).toBe(code)
        expect(Buffer.from(dictionary.bytesOf(code)).toString()).toBe(text)
      }
      expect(find(dictionary, 'none of them')).toBe(-1)
    }
  }), { numRuns: 25 })
})

it.each([0, 0xff, 0x01])('finds strings while another thread replaces the table that it looks at, and its memory gets %i', (byte) => {
  const { arena, one, other } = twoViews()
  enter(one, ['first', 'second'])
  expect(find(other, 'first')).toBe(0)
  const taken: number[] = []
  const load = Atomics.load.bind(Atomics)
  // The size is what a search asks for once it has its slots.
  const spy = vi.spyOn(Atomics, 'load').mockImplementationOnce(load).mockImplementationOnce((words, index) => {
    spy.mockRestore()
    enter(one, Array.from({ length: 3000 }, (_, i) => `text ${i}`))
    for (let left = 64; left > 0; left--) {
      const address = arena.allocate(8192)
      arena.bytes(address, 8192).fill(byte)
      taken.push(address)
    }
    return load(words, index)
  })
  expect(find(other, 'second')).toBe(1)
  expect(taken.length).toBe(64)
  expect(find(other, 'text 2999')).toBe(3001)
  expect(find(other, 'text')).toBe(-1)
  expect(enter(other, ['text 17', 'new', 'first'])).toEqual([19, 3002, 0])
  for (const address of taken) arena.free(address, 8192)
  one.freeAll()
  expect(arena.usedBytes).toBe(0)
})
