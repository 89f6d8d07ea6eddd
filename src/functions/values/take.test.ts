// Rows of a vector by number: by kernels where its arrays lie in work memory, else one by one.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { testContext } from '../differential.harness.ts'
import { valueAt, vectorOf } from './values.ts'
import { take } from './vectors.ts'

const context = testContext()
const TYPES = ['UInt8', 'Int16', 'UInt32', 'Int32', 'Float32', 'Float64', 'DateTime', 'Int64', 'String', 'Nullable(Float64)', 'Nullable(String)']

it('takes the rows that are wanted, of every kind of vector', () => {
  const numbers = fc.array(fc.nat(200), { minLength: 1, maxLength: 30 })
  fc.assert(fc.property(fc.constantFrom(...TYPES), numbers, fc.array(fc.nat(29), { maxLength: 50 }), fc.boolean(),
    (name, values, wanted, isOutside) => {
      const type = parseDataType(name)
      const all = values.map((value) => (name.startsWith('Nullable') && value % 3 === 0 ? null
        : name.includes('String') ? `v${value}` : value))
      const vector = vectorOf(all, type, context.account)
      const rows = isOutside ? new Uint32Array(wanted.length) : context.account.u32(wanted.length)
      rows.set(wanted.map((row) => row % values.length))
      const taken = take(vector, rows, rows.length, context.account)
      expect([taken.kind, taken.type, taken.length, taken.isConst]).toEqual([vector.kind, type, rows.length, false])
      expect(Array.from(rows, (_, i) => valueAt(taken, i))).toEqual(Array.from(rows, (row) => all[row]))
      context.account.releaseAll()
    }))
})
