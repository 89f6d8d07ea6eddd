import { expect, it } from 'vitest'
import { parseDataType } from '../column/parse-type.ts'
import type { NumberVector } from '../column/vector.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { totalCompiler, type KeyCompiler } from './keys.ts'

const type = parseDataType('UInt32')
const work = new WorkMemory(64 * 2 ** 20)
const kernels = loadKernels(work)
const vector = (values: Uint32Array, isConst = false): NumberVector =>
  ({ kind: 'number', type, length: values.length, isConst, nulls: null, values })

it('gives rows over which an expression fails its default, and tries rows that are alike once', () => {
  let tries = 0
  // 100 / b, that fails over a b of 0.
  const compile: KeyCompiler = () => ({ rowCount, columns: [column] }) => {
    tries++
    const { values } = column as NumberVector
    if (values.slice(0, rowCount).includes(0)) throw new Error('division by zero')
    return vector(Uint32Array.from(values.subarray(0, rowCount), (b) => 100 / b))
  }
  const account = new MemoryAccount(work, 64 * 2 ** 20)
  const over = (bs: readonly number[]): number[] => {
    const values = account.u32(bs.length)
    values.set(bs)
    const divide = totalCompiler(compile)('100 / b', [{ name: 'b', type }], { account, kernels })
    return [...(divide({ rowCount: bs.length, columns: [vector(values)] }) as NumberVector).values]
  }
  const mixed = Array.from({ length: 8192 }, (_, row) => row % 3 * 2)
  expect(over(mixed)).toEqual(mixed.map((b) => (b === 0 ? 0 : 100 / b)))
  expect(over(mixed.map(() => 0))).toEqual(mixed.map(() => 0))
  expect(tries).toBeLessThan(12)
  account.releaseAll()
})
