// Strings found in encoded blocks are those that decoding would show, for every kind of block.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDataType } from '../column/parse-type.ts'
import { loadKernels, referenceKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { cellsOf, vectorOf } from './cells.test-kit.ts'
import { decodeBlock } from './decode.ts'
import { encodeBlock } from './encode.ts'
import { equalCodeRows, equalStringRows } from './equal-rows.ts'
import { EncodeSpace } from './space.ts'

const work = new WorkMemory(64 * 2 ** 20)
const kernels = [loadKernels(work), referenceKernels(work)]

const KINDS: readonly (readonly [string, fc.Arbitrary<string>, readonly string[]])[] = [
  ['numbered', fc.nat(50).map((n) => `evt_${n}`), ['evt_', 'evt_01', 'evt_7x', 'evt_99999999999999999999', '7']],
  ['padded', fc.nat(50).map((n) => `a${String(n).padStart(9, '0')}b`), ['a0b', 'a7b', 'a00000000xb']],
  ['wide', fc.maxSafeInteger().map((n) => `n${Math.abs(n)}`), ['n', 'n00']],
  ['uuid', fc.uuid(), ['', '00000000-0000-0000-0000-00000000000', 'X0000000-0000-0000-0000-000000000000']],
  ['plain', fc.string({ maxLength: 3 }), ['', '\0', 'é']],
  ['few', fc.constantFrom('pro', 'free', ''), ['fre', 'freee']],
]

it.each(KINDS)('finds rows of %s strings as a comparison of texts does', (_, one, odd) => {
  const value = fc.option(one, { freq: 20 })
  fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), fc.boolean(), fc.array(fc.nat(300), { maxLength: 3 }),
    fc.constantFrom('', ...odd), fc.boolean(), (cells, hasNulls, picks, other, isCompiled) => {
      const account = new MemoryAccount(work, 32 * 2 ** 20)
      const texts = hasNulls ? cells : cells.map((cell) => cell ?? '')
      const type = parseDataType(hasNulls ? 'Nullable(String)' : 'String')
      const space = new EncodeSpace(account, kernels[0])
      encodeBlock(space, vectorOf(type, texts), 0, texts.length)
      const bytes = space.out.since(0).slice()
      space.release()
      const wanted = [...picks.map((pick) => texts[pick % texts.length] ?? ''), other]
      const found = equalStringRows(bytes, type, texts.length, wanted.map((text) => Buffer.from(text)), account,
        kernels[isCompiled ? 0 : 1])
      const expected = cellsOf(decodeBlock(bytes, type, texts.length, account, kernels[0]))
        .flatMap((cell, row) => (cell !== null && wanted.includes(cell as string) ? [row] : []))
      if (found !== null) expect([...found]).toEqual(expected)
      account.releaseAll()
    }), { numRuns: 150 })
})

it('decodes neither numbered strings, nor UUIDs, nor short texts', () => {
  const account = new MemoryAccount(work, 32 * 2 ** 20)
  const type = parseDataType('String')
  const columns = [fc.sample(fc.uuid(), 20), Array.from({ length: 20 }, (_, i) => `evt_${i * 3}`), fc.sample(fc.string({ minLength: 3 }), 20)]
  for (const texts of columns) {
    const space = new EncodeSpace(account, kernels[0])
    encodeBlock(space, vectorOf(type, texts), 0, texts.length)
    const bytes = space.out.since(0).slice()
    space.release()
    const rows = equalStringRows(bytes, type, texts.length, [Buffer.from(texts[7])], account, kernels[0])
    expect([...rows ?? []]).toContain(7)
  }
})

it('finds codes, one or several', () => {
  const account = new MemoryAccount(work, 32 * 2 ** 20)
  const type = parseDataType('UInt32')
  fc.assert(fc.property(fc.array(fc.integer({ min: 5, max: 40 }), { minLength: 1, maxLength: 300 }), fc.array(fc.nat(45), { maxLength: 4 }),
    (codes, wanted) => {
      const space = new EncodeSpace(account, kernels[0])
      encodeBlock(space, vectorOf(type, codes), 0, codes.length)
      const bytes = space.out.since(0).slice()
      space.release()
      const rows = equalCodeRows(bytes, type, codes.length, wanted, account, kernels[0])
      expect([...rows ?? [-1]]).toEqual(codes.flatMap((code, row) => (wanted.includes(code) ? [row] : [])))
      account.releaseAll()
    }))
})
