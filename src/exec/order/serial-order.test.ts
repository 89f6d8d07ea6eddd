// Texts that know their numbers against the same texts as plain strings: kept, moved, ordered, searched.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { concatVectors } from '../../../storage/codec/take.ts'
import { STRING, UINT8 } from '../../../storage/column/data-type.ts'
import { serialsOf, serialVector } from '../../../storage/column/serial-texts.ts'
import { partsOf } from '../../../storage/column/text-parts.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import { loadKernels, referenceKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { findFunction } from '../../functions/registry.ts'
import { vectorOf, valueAt } from '../../functions/values/values.ts'
import { asConst, pick } from '../../functions/values/vectors.ts'
import { bestOfBlocks } from './best-rows.ts'
import { flattenBlock, keepVector, restoreBlock } from '../blocks/block-codec.ts'
import { freeVector } from '../blocks/kept-rows.ts'
import { orderedRows } from './order.ts'

const work = new WorkMemory(2 ** 25)
const allKernels = [referenceKernels(work), loadKernels(work)]
const LIMIT = 2 ** 24

const SHAPES = fc.record({
  prefix: fc.constantFrom('', 'evt_', 'a1-'), suffix: fc.constantFrom('', '.x', 'z', '-é', ' "'), digits: fc.constantFrom(0, 0, 0, 5, 12),
})
const number = fc.oneof(fc.nat(120), fc.nat(99_999), fc.constantFrom(0, 1, 10, 100, 9, 99, 19, 199, 42))
const long = fc.oneof(number, fc.nat({ max: 10 ** 15 - 1 }), fc.integer({ min: 10 ** 12, max: 10 ** 12 + 3000 }))

type Shape = { readonly prefix: string; readonly suffix: string; readonly digits: number }
const textOf = ({ prefix, suffix, digits }: Shape, value: number) => prefix + String(value).padStart(digits, '0') + suffix

function serialsIn(shape: Shape, values: readonly number[], account: MemoryAccount): BytesVector {
  const most = Math.max(...values)
  const numbers = most < 2 ** 32 ? account.u32(values.length) : account.f64(values.length)
  numbers.set(values)
  const [prefix, suffix] = [shape.prefix, shape.suffix].map((text) => new TextEncoder().encode(text))
  return serialVector(STRING, null, { shape: { prefix, suffix, digits: shape.digits }, values: numbers, most }, account, allKernels[1])
}

const valuesOf = (vector: Vector) => Array.from({ length: vector.length }, (_, row) => valueAt(vector, row))

const drawn = SHAPES.chain((shape) => fc.record({
  shape: fc.constant(shape), values: fc.array(shape.digits === 5 ? number : shape.digits === 12 ? fc.nat({ max: 10 ** 12 - 1 }) : long, { minLength: 1, maxLength: 150 }),
}))

it('orders them as their texts order', () => {
  fc.assert(fc.property(drawn, fc.boolean(), ({ shape, values }, descending) => {
    const count = values.length
    const keys = [{ index: 0, descending, nullsFirst: false }]
    for (const kernels of allKernels) {
      const account = new MemoryAccount(work, LIMIT)
      const plain = vectorOf(values.map((value) => textOf(shape, value)), STRING, account)
      const wanted = [...orderedRows(count, keys, [plain], { account, kernels }, account)]
      const found = [...orderedRows(count, keys, [serialsIn(shape, values, account)], { account, kernels }, account)]
      account.releaseAll()
      expect(found.map((row) => values[row])).toEqual(wanted.map((row) => values[row]))
      expect(found).toEqual(wanted)
    }
  }), { numRuns: 150 })
})

it('finds the best of several blocks of them', () => {
  let [found, of] = [0, 0]
  fc.assert(fc.property(SHAPES, fc.boolean(), fc.nat(1 << 20), fc.nat(1500), fc.constantFrom(1, 977, 2 ** 27), (shape, descending, seed, from, step) => {
    const count = 2048
    const values = Array.from({ length: count }, (_, i) => (
      (i * 7919 + seed) % 4099 * (shape.digits === 5 ? 1 : step)))
    const keys = [{ index: 0, descending, nullsFirst: false }]
    const account = new MemoryAccount(work, LIMIT)
    const blocks = [0, 1000].map((start, b) => {
      const some = values.slice(start, [1000, count][b])
      return { rowCount: some.length, columns: [serialsIn(shape, some, account)] }
    })
    const space = { account, kernels: allKernels[1] }
    const plain = vectorOf(values.map((value) => textOf(shape, value)), STRING, account)
    const wanted = [...orderedRows(count, keys, [plain], space, account)].slice(from, from + 10)
    const best = bestOfBlocks(blocks, [STRING], keys, from, from + 10, space)
    of++
    if (best !== null) {
      found++
      expect([...best.subarray(from)]).toEqual(wanted)
    }
    account.releaseAll()
  }), { numRuns: 60 })
  expect(found).toBeGreaterThan(of / 2)
})

it('keeps, joins, picks and sends them by their numbers', () => {
  fc.assert(fc.property(drawn, ({ shape, values }) => {
    const account = new MemoryAccount(work, LIMIT)
    const vector = serialsIn(shape, values, account)
    const texts = values.map((value) => textOf(shape, value))
    const kept = keepVector(vector, account)
    const joined = concatVectors([vector, kept], STRING, account)
    const rows = account.u32(values.length)
    for (let i = 0; i < rows.length; i++) rows[i] = values.length - 1 - i
    const picked = pick([vector, kept], account.u32(rows.length).fill(1), rows, rows.length, STRING, account)
    const [sent] = restoreBlock(flattenBlock({ rowCount: kept.length, columns: [kept] }, account), account, () => null).columns
    const all = [vector, kept, joined, picked, sent]
    expect(all.map((one) => serialsOf(one) !== null)).toEqual(all.map(() => true))
    expect(all.map(valuesOf)).toEqual([texts, texts, [...texts, ...texts], [...texts].reverse(), texts])
    // Beside texts of another shape they are texts.
    const other = serialsIn({ ...shape, prefix: 'other' }, values, account)
    const mixed = concatVectors([vector, other], STRING, account)
    expect(serialsOf(mixed)).toBeNull()
    expect(valuesOf(mixed)).toEqual([...texts, ...valuesOf(other)])
    for (const one of all) freeVector(one, account)
    // What readers have had made of them goes with them.
    const { usedBytes } = account
    const looked = serialsIn(shape, values, account)
    partsOf(looked)
    expect(valuesOf(looked)).toEqual(texts)
    freeVector(looked, account)
    expect(account.usedBytes).toBe(usedBytes)
    account.releaseAll()
  }), { numRuns: 40 })
})

it('tells what they hold by their digits', () => {
  const like = findFunction('like')
  const pattern = fc.constantFrom('%42%7%', 'evt%1%', '%9', '%1_', 'evt_1%', '%t_1%9%', '%.x', 'evt_42', '%é', '%0%0%', '1%', '%_1')
  fc.assert(fc.property(drawn, pattern, ({ shape, values }, wanted) => {
    for (const kernels of allKernels) {
      const account = new MemoryAccount(work, LIMIT)
      const context = { account, kernels, nowMs: 0, checkAlive: () => {} }
      const needle = asConst(vectorOf([wanted], STRING, account), values.length)
      const plain = vectorOf(values.map((value) => textOf(shape, value)), STRING, account)
      const answers = [serialsIn(shape, values, account), plain].map((texts) => (
        valuesOf(like?.evaluate([texts, needle], UINT8, values.length, context, null) as Vector)))
      account.releaseAll()
      expect(answers[0]).toEqual(answers[1])
    }
  }), { numRuns: 150 })
})
