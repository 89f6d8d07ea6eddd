import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bindKernels, compileKernels } from './load.ts'
import { rowsReference, SORT_COUNTS_BYTES, type RowKernels } from './rows.ts'
import { MemoryAccount, WorkMemory } from './work-memory.ts'

const work = new WorkMemory(8 * 2 ** 20)
const compiled = bindKernels(compileKernels(), work)
const reference = rowsReference(work)

function both<T>(act: (kernels: RowKernels, account: MemoryAccount) => T): T {
  const answers = [compiled, reference].map((kernels) => {
    const account = new MemoryAccount(work, 4 * 2 ** 20)
    const answer = act(kernels, account)
    account.releaseAll()
    return answer
  })
  expect(answers[0]).toEqual(answers[1])
  return answers[0]
}

function placed(account: MemoryAccount, values: ArrayLike<number>): Uint32Array {
  const array = account.u32(values.length)
  array.set(values)
  return array
}

const picks = fc.array(fc.string({ maxLength: 600 }), { minLength: 1, maxLength: 40 }).chain((texts) => fc.tuple(
  fc.constant(texts), fc.array(fc.nat(texts.length - 1), { maxLength: 100 })))

it('takes values of 8 bytes by number', () => {
  fc.assert(fc.property(fc.array(fc.double(), { minLength: 1, maxLength: 30 }).chain((values) => fc.tuple(
    fc.constant(values), fc.array(fc.nat(values.length - 1), { maxLength: 60 }))), ([values, rows]) => {
    const answer = both((kernels, account) => {
      const from = account.f64(values.length)
      from.set(values)
      const out = account.f64(Math.max(1, rows.length))
      kernels.takeDoubles(from.byteOffset, placed(account, rows).byteOffset, rows.length, out.byteOffset)
      return [...out.subarray(0, rows.length)]
    })
    expect(answer).toEqual(rows.map((row) => values[row]))
  }))
})

it('takes values of 16 bytes by number', () => {
  fc.assert(fc.property(fc.array(fc.uuid(), { minLength: 1, maxLength: 30 }).chain((values) => fc.tuple(
    fc.constant(values), fc.array(fc.nat(values.length - 1), { maxLength: 60 }))), ([values, rows]) => {
    const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')
    const answer = both((kernels, account) => {
      const from = account.u8(values.length * 16)
      from.set(Buffer.concat(values.map(bytesOf)))
      const out = account.u8(rows.length * 16)
      kernels.takeUuids(from.byteOffset, placed(account, rows).byteOffset, rows.length, out.byteOffset)
      return Buffer.from(out).toString('hex')
    })
    expect(answer).toBe(Buffer.concat(rows.map((row) => bytesOf(values[row]))).toString('hex'))
  }))
})

it('takes strings by number', () => {
  fc.assert(fc.property(picks, ([texts, rows]) => {
    const answer = both((kernels, account) => {
      const all = texts.map((value) => Buffer.from(value))
      const offsets = placed(account, [0, ...all].map((_, i) => all.slice(0, i).reduce((sum, text) => sum + text.length, 0)))
      const bytes = account.u8(offsets[texts.length])
      bytes.set(Buffer.concat(all))
      const wanted = placed(account, rows)
      const ends = account.u32(rows.length + 1)
      const length = kernels.takeLengths(offsets.byteOffset, wanted.byteOffset, rows.length, ends.byteOffset)
      const out = account.u8(length)
      kernels.takeStrings(offsets.byteOffset, bytes.byteOffset, wanted.byteOffset, rows.length, ends.byteOffset, out.byteOffset)
      return rows.map((_, i) => Buffer.from(out.subarray(ends[i], ends[i + 1])).toString())
    })
    expect(answer).toEqual(rows.map((row) => Buffer.from(texts[row]).toString()))
  }))
})

it('takes words by number, also in place', () => {
  fc.assert(fc.property(fc.array(fc.nat(), { minLength: 1 }), fc.array(fc.nat(), { maxLength: 40 }), (values, picked) => {
    const rows = picked.map((pick) => pick % values.length)
    const answer = both((kernels, account) => {
      const target = placed(account, rows)
      kernels.takeWords(placed(account, values).byteOffset, target.byteOffset, rows.length, target.byteOffset)
      return [...target]
    })
    expect(answer).toEqual(rows.map((row) => values[row]))
  }))
})

it('keeps the codes that occur, in their order', () => {
  fc.assert(fc.property(fc.array(fc.nat(30)), fc.integer({ min: 31, max: 40 }), (given, size) => {
    const { codes, kept } = both((kernels, account) => {
      const codes = placed(account, given)
      const kept = account.u32(size)
      const used = kernels.keepUsed(codes.byteOffset, given.length, size, kept.byteOffset, account.u32(size).byteOffset)
      return { codes: [...codes], kept: [...kept.subarray(0, used)] }
    })
    expect(kept).toEqual([...new Set(given)].sort((a, b) => a - b))
    expect(codes.map((code) => kept[code])).toEqual(given)
  }))
})

it('sorts rows by their values, equal ones as they came', () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 32 }), fc.array(fc.nat({ max: 0xffffffff }), { minLength: 1, maxLength: 200 }), (bits, given) => {
    const values = given.map((value) => bits === 32 ? value : value % 2 ** bits)
    const rows = both((kernels, account) => {
      const rows = placed(account, [...values.keys()].reverse())
      kernels.sortRows(placed(account, values).byteOffset, bits, rows.byteOffset, rows.length, account.f64(rows.length).byteOffset,
        account.f64(rows.length).byteOffset, account.u8(SORT_COUNTS_BYTES).byteOffset)
      return [...rows]
    })
    expect(rows).toEqual([...values.keys()].reverse().sort((a, b) => values[a] - values[b]))
  }))
})
