import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { loadKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { floors, numbersBySteps } from './time-steps.ts'
import { materialize, newNumbers } from '../values/vectors.ts'

const work = new WorkMemory(8 * 2 ** 20)
const kernels = loadKernels(work)
const type = fc.constantFrom('UInt8', 'UInt16', 'Date', 'UInt32', 'Int8', 'Int32', 'Float64', 'UInt64').map(parseDataType)
const seconds = fc.tuple(fc.nat(0xffffffff), fc.integer({ min: 1, max: 10_000_000 }),
  fc.array(fc.nat(0xffffffff), { minLength: 1, maxLength: 200 }))
  .map(([first, spread, rest]) => rest.map((value) => (first + value % spread) % 2 ** 32))

it('says of every row what is said of its step, in the numbers of the type', () => {
  fc.assert(fc.property(seconds, type, fc.constantFrom(1, 60, 86_400, 604_800), (values, into, step) => {
    const account = new MemoryAccount(work, 4 * 2 ** 20)
    const context = { account, kernels, nowMs: 0, checkAlive: () => {} }
    const source = account.u32(values.length)
    source.set(values)
    const each = (at: number) => (at * 31) % 1000 - 100
    const plain = newNumbers(into, values.length, account)
    values.forEach((value, row) => { plain[row] = each(Math.floor(value / step)) })
    const valuesOf = (vector: Vector) => {
      const whole = materialize(vector, account)
      if (whole.kind !== 'number') throw new Error('no numbers')
      return [...whole.values]
    }
    const mapped = numbersBySteps(source, step, into, values.length, context, each)
    if (mapped !== null) expect(valuesOf(mapped)).toEqual([...plain])
    else expect(values.length < 64 || plain.BYTES_PER_ELEMENT > 4 || Math.max(...values) - Math.min(...values) > 4000 * step).toBe(true)
    const floored = floors(source, step, parseDataType('DateTime'), values.length, context)
    expect(floored === null).toBe(values.length < 64)
    if (floored !== null) expect(valuesOf(floored)).toEqual(values.map((value) => value - value % step))
    account.releaseAll()
  }))
})
