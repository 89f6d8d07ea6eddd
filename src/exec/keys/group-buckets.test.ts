// Which buckets groups are found by: a case on each side of each bound.
import { describe, expect, it } from 'vitest'
import { bucketsFor, type Seen } from './group-buckets.ts'

const MANY = 2 ** 27
const GiB = 2 ** 30
const layout = (binBits: readonly number[], widestBits = binBits[0]) => ({ binCount: binBits.length, binBits, widestBits })
/** Of one bin of so many bits: whether each key is its own bucket. */
const isDense = (bits: number, seen: Partial<Seen>): boolean =>
  bucketsFor(layout([bits]), { rows: MANY, groups: MANY, likely: 0, steps: 0, limitBytes: GiB, ...seen }) === 'dense'
const most = (seen: Partial<Seen>): number => Array.from({ length: 32 }, (_, bits) => bits).findLast((bits) => isDense(bits, seen)) ?? -1

describe('keys that are their own buckets', () => {
  it('have no more than 26 bits, whatever has come', () => { expect(most({})).toBe(26) })

  it('have 16 buckets a row at most', () => {
    expect(most({ rows: 65_536 })).toBe(20)
    expect(most({ rows: 2 ** 17 - 1 })).toBe(20)
    expect(most({ rows: 2 ** 17 })).toBe(21)
  })

  it('have 64 buckets a group at most', () => {
    expect(most({ groups: 1023 })).toBe(15)
    expect(most({ groups: 1024 })).toBe(16)
  })

  it('have as many for the groups that a like query had', () => {
    expect(most({ groups: 1, likely: 1023 })).toBe(15)
    expect(most({ groups: 1, likely: 1024 })).toBe(16)
  })

  it('have 4,096 buckets for nothing', () => {
    expect(most({ rows: 1, groups: 1 })).toBe(12)
    expect(most({ rows: 512, groups: 64 })).toBe(13)
  })

  it('take a quarter of the query\'s memory at most', () => {
    expect(most({ limitBytes: 16 * 2 ** 20 - 1 })).toBe(19)
    expect(most({ limitBytes: 16 * 2 ** 20 })).toBe(20)
  })

  it('may each be a group while fewer than 65,536 rows have come', () => {
    expect(most({ rows: 65_535, groups: 3 })).toBe(19)
    expect(most({ rows: 65_536, groups: 3 })).toBe(12)
  })
})

describe('keys of more bins, or of a wide one', () => {
  const rows = 100_000
  const twoBins = (widestBits: number, steps: number): string =>
    bucketsFor(layout([30, 20], widestBits), { rows, groups: rows, likely: 0, steps, limitBytes: GiB })

  it('are found by their widest word where that is no wider', () => {
    expect(twoBins(20, 0)).toBe('direct')
    expect(twoBins(21, 0)).toBe('hashed')
    expect(bucketsFor(layout([30], 20), { rows, groups: rows, likely: 0, steps: 0, limitBytes: GiB })).toBe('direct')
    expect(bucketsFor(layout([12, 12], 12), { rows, groups: rows, likely: 0, steps: 0, limitBytes: GiB })).toBe('direct')
  })

  it('are found by a hash once two groups a row were passed over, and 16,384 besides', () => {
    expect(twoBins(20, 2 * rows + 16_384)).toBe('direct')
    expect(twoBins(20, 2 * rows + 16_385)).toBe('hashed')
    expect(twoBins(20, Number.POSITIVE_INFINITY)).toBe('hashed')
  })
})
