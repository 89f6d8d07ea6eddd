// Large integers as bytes: what goes in comes out, and bytes order as values do.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { largeBytes, largeWidth, readLarge } from './large.ts'
import { parseDataType } from './parse-type.ts'

const TYPES = [['Int128', 128, true], ['UInt128', 128, false], ['Int256', 256, true],
  ['UInt256', 256, false], ['Decimal(38, 10)', 128, true], ['Decimal(76, 3)', 256, true]] as const

describe.each(TYPES)('%s', (name, bits, isSigned) => {
  const type = parseDataType(name)
  const value = () => fc.bigInt(isSigned ? -(2n ** BigInt(bits - 1)) : 0n,
    2n ** BigInt(isSigned ? bits - 1 : bits) - 1n)

  it('reads what was written', () => {
    fc.assert(fc.property(value(), (one) => {
      const bytes = largeBytes(type, one)
      expect(bytes.length).toBe(bits / 8)
      expect(readLarge(bytes, 0, bytes.length, type)).toBe(one)
    }))
  })

  it('orders bytes as values', () => {
    fc.assert(fc.property(value(), value(), (a, b) => {
      expect(Math.sign(Buffer.compare(largeBytes(type, a), largeBytes(type, b))))
        .toBe(a < b ? -1 : a > b ? 1 : 0)
    }))
  })
})

it('leaves what fits 64 bits to numbers', () => {
  for (const name of ['Int64', 'UInt64', 'Decimal(18, 4)', 'String']) {
    expect(largeWidth(parseDataType(name))).toBe(0)
  }
})
