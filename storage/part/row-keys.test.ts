import fc from 'fast-check'
import { expect, it } from 'vitest'
import { vectorOf } from '../codec/cells.test-kit.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { Vector } from '../column/vector.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { rowKeysOf } from './row-keys.ts'

const work = new WorkMemory(16 * 2 ** 20)
const kernels = loadKernels(work)

/** Key of each row as a text; '': none. */
function keysOf(vector: Vector): string[] {
  const account = new MemoryAccount(work, 2 ** 24)
  const inMemory: Vector = vector.kind !== 'bytes' ? vector : {
    ...vector, offsets: copyTo(account.u32(vector.offsets.length), vector.offsets), bytes: copyTo(account.u8(vector.bytes.length), vector.bytes),
  }
  const keys = rowKeysOf(inMemory, account, kernels)
  const texts = Array.from({ length: vector.length }, (_, row) => {
    const key = [...keys.subarray(row * 4, row * 4 + 4)]
    return key.every((word) => word === 0) ? '' : key.join('.')
  })
  account.releaseAll()
  return texts
}

function copyTo<T extends Uint8Array | Uint32Array>(target: T, from: T): T {
  target.set(from)
  return target
}

it('gives equal strings equal keys and different ones different keys; the empty one has none', () => {
  const text = fc.oneof(fc.string(), fc.uuid(), fc.constantFrom('', 'a', '00000000-0000-0000-0000-000000000000'))
  fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 60 }), (texts) => {
    const keys = keysOf(vectorOf(parseDataType('String'), texts))
    texts.forEach((one, row) => {
      expect(keys[row] === '').toBe(one === '')
      texts.forEach((other, index) => expect(keys[row] === keys[index]).toBe(one === other))
    })
  }), { numRuns: 60 })
})

it('gives a 64-bit integer one key, whether its neighbours are safe integers or not', () => {
  const small = [0, 1, -1, 2 ** 31, -(2 ** 31), 2 ** 53 - 1, -(2 ** 53 - 1), 4294967296]
  const type = parseDataType('Int64')
  const asNumbers = keysOf({ kind: 'number', type, length: small.length, isConst: false, nulls: null, values: Float64Array.from(small) })
  const asBig = keysOf({ kind: 'big', type, length: small.length, isConst: false, nulls: null, values: BigInt64Array.from(small.map(BigInt)) })
  expect(asBig).toEqual(asNumbers)
  expect(new Set(asBig).size).toBe(small.length)
  expect(asBig).not.toContain('')
})

it('gives NULL no key', () => {
  const keys = keysOf({
    kind: 'number', type: parseDataType('Nullable(UInt32)'), length: 2, isConst: false, nulls: Uint8Array.of(1, 0), values: Uint32Array.of(0, 0),
  })
  expect(keys[0]).toBe('')
  expect(keys[1]).not.toBe('')
})
