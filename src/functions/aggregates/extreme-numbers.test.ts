// Least and most of 64-bit numbers: blocks of doubles and of others, merged in every way, against BigInt.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { bindAggregate } from './bind-aggregate.ts'
import { testContext } from '../differential.harness.ts'
import type { AggregateStates } from '../values/function.ts'
import { valueAt, vectorOf } from '../values/values.ts'

const GROUPS = 3
type Row = readonly [group: number, value: bigint]
/** A worker's blocks, and how its states travel. */
type Part = { readonly blocks: readonly (readonly Row[])[]; readonly isShort: boolean }

const near = (isSigned: boolean) => fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -5, max: 5 }))
  .map((n) => BigInt(isSigned ? n : Math.abs(n)))
const far = (isSigned: boolean) => (isSigned ? fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }) : fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }))

const partsOf = (isSigned: boolean): fc.Arbitrary<Part[]> => {
  const block = (value: fc.Arbitrary<bigint>) => fc.array(fc.tuple(fc.nat(GROUPS - 1), value), { maxLength: 20 })
  const blocks = fc.array(fc.oneof(block(near(isSigned)), block(near(isSigned)), block(far(isSigned))), { maxLength: 4 })
  return fc.array(fc.record({ blocks, isShort: fc.boolean() }), { minLength: 1, maxLength: 3 })
}

it.each([['min', 'Int64'], ['max', 'Int64'], ['min', 'UInt64'], ['max', 'UInt64'], ['maxIf', 'UInt64']] as const)(
  '%s(%s) is the same however states are made and merged', (name, typeName) => {
    const type = parseDataType(typeName)
    const context = testContext()
    const isIf = name.endsWith('If')
    const [bare, combinators] = isIf ? ['max', ['If']] : [name, []]
    const aggregate = bindAggregate(bare, combinators, isIf ? [type, parseDataType('UInt8')] : [type], [])
    const made = (): AggregateStates => {
      const states = aggregate.create(context)
      states.resize(GROUPS)
      return states
    }
    fc.assert(fc.property(partsOf(typeName === 'Int64'), (parts) => {
      const all = made()
      const toGroup = context.account.u32(GROUPS)
      toGroup.set([0, 1, 2])
      for (const { blocks, isShort } of parts) {
        const states = made()
        for (const rows of blocks.filter(({ length }) => length > 0)) {
          const groups = context.account.u32(rows.length)
          groups.set(rows.map(([group]) => group))
          const values = vectorOf(rows.map(([, value]) => value), type, context.account)
          const isWanted = vectorOf(rows.map(() => 1), parseDataType('UInt8'), context.account)
          states.update(groups, rows.length, isIf ? [values, isWanted] : [values])
        }
        if (isShort && states.exportStates !== undefined) all.mergeStates?.(states.exportStates(GROUPS), toGroup)
        else all.mergeRows(toGroup, GROUPS, states.serialize(GROUPS))
      }
      const result = all.finish(GROUPS)
      for (let group = 0; group < GROUPS; group++) {
        const mine = parts.flatMap(({ blocks }) => blocks.flat()).filter(([of]) => of === group).map(([, value]) => value)
        const wanted = mine.reduce((best, value) => ((bare === 'min') === (value < best) ? value : best), mine[0] ?? 0n)
        expect(BigInt(valueAt(result, group) as bigint)).toBe(wanted)
      }
    }), { numRuns: 60 })
  })
