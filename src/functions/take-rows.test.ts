import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { testContext } from './differential.harness.ts'
import { takeRowsOf } from './take-rows.ts'
import { valueAt, vectorOf } from './values.ts'
import { take } from './vectors.ts'

const context = testContext()
const TYPES = ['UInt8', 'Int16', 'UInt32', 'Int32', 'Float32', 'Float64', 'DateTime', 'Int64', 'String', 'Nullable(Float64)']

it('takes the rows that take() does, of every kind of vector', () => {
  const numbers = fc.array(fc.nat(200), { minLength: 1, maxLength: 30 })
  fc.assert(fc.property(fc.constantFrom(...TYPES), numbers, fc.array(fc.nat(29), { maxLength: 50 }), fc.boolean(),
    (name, values, wanted, isOutside) => {
      const type = parseDataType(name)
      const vector = vectorOf(values.map((value) => (name === 'String' ? `v${value}`
        : name.startsWith('Nullable') && value % 3 === 0 ? null : value)), type, context.account)
      const rows = isOutside ? new Uint32Array(wanted.length) : context.account.u32(wanted.length)
      rows.set(wanted.map((row) => row % values.length))
      const texts = (of: Vector) => Array.from({ length: rows.length }, (_, row) => valueAt(of, row))
      const mine = takeRowsOf(vector, rows, rows.length, context)
      const plain = take(vector, rows, rows.length, context.account)
      expect([mine.kind, mine.type, mine.length, mine.isConst]).toEqual([plain.kind, plain.type, plain.length, plain.isConst])
      expect(texts(mine)).toEqual(texts(plain))
      context.account.releaseAll()
    }))
})
