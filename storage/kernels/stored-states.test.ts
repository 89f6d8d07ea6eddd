import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bothOf } from './both.harness.ts'
import { storedStatesReference, type StoredStateKernels } from './stored-states.ts'
import { type MemoryAccount, WorkMemory } from './work-memory.ts'

const GROUPS = 4
const work = new WorkMemory(2 ** 20)
const both = bothOf(work, storedStatesReference)

const varint = (value: number): number[] => (value < 128 ? [value] : [value % 128 | 128, ...varint(Math.floor(value / 128))])
const bytesOf = (write: (view: DataView) => void): number[] => {
  const view = new DataView(new ArrayBuffer(8))
  write(view)
  return [...new Uint8Array(view.buffer)]
}
const words = (values: readonly number[]): number[] => [...new Uint8Array(Uint32Array.from(values).buffer)]

const counted = fc.oneof(fc.nat(300), fc.maxSafeNat()).map(varint)
const doubled = fc.double({ noNaN: true }).map((value) => bytesOf((view) => view.setFloat64(0, value, true)))
const whole = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => bytesOf((view) => view.setBigInt64(0, value, true)))
const sampled = fc.tuple(fc.nat(3), fc.array(fc.nat(0xffffffff), { maxLength: 5 }))
  .map(([skip, samples]) => [skip, ...varint(samples.length), ...words(samples)])
const damaged = fc.array(fc.nat(255), { maxLength: 12 })
/** Rows of states, some of no row, a few that are none. */
const rowsOf = (state: fc.Arbitrary<number[]>) => fc.array(fc.tuple(fc.nat(GROUPS - 1),
  fc.oneof({ weight: 12, arbitrary: state }, { weight: 2, arbitrary: fc.constant<number[]>([]) }, { weight: 1, arbitrary: damaged })),
{ maxLength: 20 })

type Rows = readonly (readonly [number, readonly number[]])[]

function placed(rows: Rows, account: MemoryAccount) {
  const groups = account.u32(rows.length)
  const offsets = account.u32(rows.length + 1)
  const bytes = account.u8(rows.reduce((sum, [, state]) => sum + state.length, 0))
  offsets[0] = 0
  rows.forEach(([group, state], row) => {
    groups[row] = group
    bytes.set(state, offsets[row])
    offsets[row + 1] = offsets[row] + state.length
  })
  return [groups.byteOffset, offsets.byteOffset, bytes.byteOffset, rows.length] as const
}

it.each([
  ['addCountStates', counted], ['addDoubleStates', doubled],
] as const)('%s adds what its reference adds, up to the row that is none', (name, state) => {
  fc.assert(fc.property(rowsOf(state), (rows) => {
    both((kernels, account) => {
      const sums = account.f64(GROUPS).fill(0)
      const read = kernels[name](...placed(rows, account), sums.byteOffset)
      return [read, ...sums]
    })
  }), { numRuns: 300 })
})

it('adds whole states once none of them is damaged', () => {
  fc.assert(fc.property(rowsOf(whole), (rows) => {
    both((kernels, account) => {
      const sums = account.f64(GROUPS).fill(0)
      const [groups, offsets, bytes, count] = placed(rows, account)
      const most = kernels.largestWholeState(offsets, bytes, count)
      if (most < Infinity) kernels.addWholeStates(groups, offsets, bytes, count, sums.byteOffset)
      return [most, ...sums]
    })
  }), { numRuns: 300 })
})

/** The distinct pairs that a log holds, and the skip degrees. */
function logged(kernels: StoredStateKernels, account: MemoryAccount, rows: Rows) {
  const skips = account.u32(GROUPS).fill(0)
  const at = placed(rows, account)
  const found = kernels.raiseSkips(...at, skips.byteOffset)
  if (found === 2) return found
  const filter = account.u32(16).fill(0xffffffff)
  const log = account.u32(2 * rows.reduce((sum, [, state]) => sum + (state.length >> 2) + 1, 1))
  const count = kernels.logStates(...at, skips.byteOffset, filter.byteOffset, 7, log.byteOffset, 1)
  const pairs = new Set(Array.from({ length: count - 1 }, (_, i) => `${log[i * 2 + 3]}:${log[i * 2 + 2]}`))
  return [found, [...skips], [...pairs].sort()]
}

it('logs the samples that the raised skip degrees leave', () => {
  fc.assert(fc.property(rowsOf(sampled), (rows) => {
    both((kernels, account) => logged(kernels, account, rows))
  }), { numRuns: 300 })
})

it('takes no count for more samples than follow it', () => {
  for (const state of [[0, 2, 1, 0, 0, 0], [0, 255, 255, 255, 255, 255, 1], [0, 128], [0], [32, 0]]) {
    expect(both((kernels, account) => logged(kernels, account, [[0, state]]))).toBe(2)
  }
})
