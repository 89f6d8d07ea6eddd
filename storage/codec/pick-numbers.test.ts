// Chosen numbers of a stream equal the numbers that were written, whichever way they are stored.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ByteReader } from '../bytes/byte-reader.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { CONST, PACKED, readNumbers, RUNS, STEPS, writeNumbers } from './numbers.ts'
import { pickDifferences } from './pick-numbers.ts'
import { EncodeSpace } from './space.ts'

const work = new WorkMemory(32 * 2 ** 20)
const kernels = loadKernels(work)
const seen = new Set<number>()

const long = { minLength: 1, maxLength: 700 }
/** Numbers of each kind: one, scattered, rising by small steps, rising by one step, in runs. */
const STREAMS: readonly fc.Arbitrary<number[]>[] = [
  fc.nat(0xffffffff).chain((n) => fc.constantFrom(1, 300).map((count) => Array.from({ length: count }, () => n))),
  fc.constantFrom(1, 9, 1000, 0xffffffff).chain((max) => fc.array(fc.nat(max), long)),
  fc.constantFrom(1, 7, 300, 2 ** 22).chain((max) => fc.array(fc.nat(max), long)
    .map((steps) => steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step, 5)))),
  fc.tuple(fc.nat(1000), fc.integer({ min: 1, max: 400 }))
    .map(([step, count]) => Array.from({ length: count }, (_, i) => i * step)),
  fc.constantFrom([20, 90, 12], [8, 12, 70]).chain(([min, max, maxLength]) =>
    fc.array(fc.tuple(fc.nat(100_000), fc.integer({ min, max })), { minLength: 1, maxLength }))
    .map((runs) => runs.flatMap(([value, length]) => Array.from({ length }, () => value))),
]

it('reads any chosen numbers as they were written', () => {
  fc.assert(fc.property(fc.oneof(...STREAMS), fc.nat(1000), fc.boolean(), fc.infiniteStream(fc.nat(9)),
    (values, first, isDouble, random) => {
      const account = new MemoryAccount(work, 32 * 2 ** 20)
      const space = new EncodeSpace(account, kernels)
      const stage = space.stage(values.length)
      stage.set(values)
      writeNumbers(space, stage, values.length, 3)
      const bytes = space.out.since(0).slice()
      space.release()
      account.releaseAll()
      const numbers = readNumbers(new ByteReader(bytes), values.length)
      seen.add(numbers.way)
      const density = random.next().value
      const picks = [...values.keys()].filter(() => random.next().value <= density)
      const rows = Uint32Array.from(picks, (row) => row + first)
      const out = isDouble ? new Float64Array(rows.length + 2) : new Uint32Array(rows.length + 2)
      pickDifferences(numbers, bytes, rows, 0, rows.length, first, out, 1)
      const read = [...out.subarray(1, rows.length + 1)].map((difference) => Number(numbers.base) + difference)
      expect(read).toEqual(picks.map((row) => values[row] + 3))
      expect([out[0], out[rows.length + 1]]).toEqual([0, 0])
    }), { numRuns: 400 })
  expect([...seen].sort()).toEqual([CONST, PACKED, STEPS, RUNS])
})
