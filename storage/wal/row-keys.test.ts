import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RowKeys } from './row-keys.ts'

const keysOf = (numbers: readonly number[]): Uint32Array =>
  Uint32Array.from(numbers.flatMap((number) => number === 0 ? [0, 0, 0, 0] : [number, 0, 1, 0]))

/** Claims; answers which rows are duplicates. */
function claim(table: RowKeys, numbers: readonly number[]): number[] {
  const marks = new Uint8Array(numbers.length)
  const half = numbers.length >> 1
  const count = table.claim(keysOf(numbers), 0, half, marks) + table.claim(keysOf(numbers), half, numbers.length, marks)
  expect(marks.reduce((sum, mark) => sum + mark, 0)).toBe(count)
  return [...marks]
}

function copyOf(table: RowKeys, upTo: number): RowKeys {
  const copy = new RowKeys()
  for (const run of table.written(0, upTo)) copy.load(run)
  return copy
}

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constantFrom('keep', 'refuse'), numbers: fc.array(fc.nat(60), { maxLength: 40 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('expire', 'truncate', 'reload'), back: fc.nat(8) }) })

it('knows the keys of rows that were kept, as a plain map does', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
    let table = new RowKeys()
    const plain = new Map<number, number>()
    let now = 0
    for (const one of steps) {
      now++
      if ('numbers' in one) {
        const seen = new Set(plain.keys())
        const expected = one.numbers.map((number) => {
          if (number === 0 || !seen.has(number)) {
            seen.add(number)
            return 0
          }
          return 1
        })
        expect(claim(table, one.numbers)).toEqual(expected)
        if (one.kind === 'keep') {
          const fresh = one.numbers.filter((number, row) => number !== 0 && expected[row] === 0)
          expect(new Uint32Array(Uint8Array.from(table.claimed()).buffer)).toEqual(keysOf(fresh))
          table.confirm(now, now * 10)
          for (const number of fresh) plain.set(number, now)
        } else table.letGo()
      } else {
        if (one.kind === 'reload') table = copyOf(table, now)
        else if (one.kind === 'expire') table.expire((now - one.back) * 10)
        else table.truncate(now - one.back - 1)
        if (one.kind !== 'reload') for (const [number, at] of plain) if (at < now - one.back) plain.delete(number)
      }
      expect(table.size).toBe(plain.size)
    }
  }), { numRuns: 200 })
})

it('takes at most 32 bytes a key in large inserts, 80 where each comes alone, and gives them back', () => {
  for (const [rows, most] of [[1000, 32], [1, 80]] as const) {
    const table = new RowKeys()
    for (let from = 1; from <= 100_000; from += rows) {
      const keys = keysOf(Array.from({ length: rows }, (_, index) => from + index))
      table.claim(keys, 0, rows, new Uint8Array(rows))
      table.confirm(from, from)
    }
    expect(table.size).toBe(100_000)
    expect(table.memoryBytes / table.size).toBeLessThan(most + 2 ** 20 / 100_000) // the last chunk is not full
    table.expire(99_001)
    let known = 0
    for (let from = 100_001; from <= 200_000; from++) {
      known += table.claim(keysOf([from]), 0, 1, new Uint8Array(1))
      table.confirm(from, from)
      if (from % 1000 === 0) table.expire(from - 1000)
    }
    expect(known).toBe(0)
    expect(table.memoryBytes).toBeLessThan(4 * 2 ** 20)
  }
})

it('keeps nothing of refused claims, also where shards grew meanwhile', () => {
  const table = new RowKeys()
  const keys = (from: number, count: number) => keysOf(Array.from({ length: count }, (_, index) => from + index))
  table.claim(keys(1, 1000), 0, 1000, new Uint8Array(1000))
  table.confirm(1, 1)
  const refuse = (count: number) => {
    table.claim(keys(5000, count), 0, count, new Uint8Array(count))
    table.letGo()
  }
  refuse(50_000)
  const { memoryBytes } = table
  for (let attempt = 0; attempt < 20; attempt++) refuse(50_000)
  expect(table.memoryBytes).toBe(memoryBytes)
  const marks = new Uint8Array(1000)
  expect(table.find(keys(1, 1000), 0, 1000, marks)).toBe(1000)
  expect(table.find(keys(5000, 1000), 0, 1000, new Uint8Array(1000))).toBe(0)
})
