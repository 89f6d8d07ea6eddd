import fc from 'fast-check'
import { expect, it } from 'vitest'
import { packPlain, unpackPlain } from './packed-plain.ts'

const arrays = fc.oneof(fc.uint8Array(), fc.uint32Array(), fc.float64Array(), fc.int32Array(), fc.bigInt64Array())
// A number outside of an array is a count, an id or a bound: none of them is -0, which JSON can't say.
const numbers = fc.double().filter((number) => !Object.is(number, -0))
const plain = fc.letrec((tie) => ({
  value: fc.oneof({ maxDepth: 4 }, fc.integer(), numbers, fc.string(), fc.constant(null), fc.boolean(), arrays,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie('value'), { maxKeys: 4 })),
})).value

it('gives back data and arrays as they were, through shared memory at any place', () => {
  fc.assert(fc.property(plain, fc.nat(5), (value, words) => {
    const packed = packPlain(value)
    const shared = new SharedArrayBuffer(packed.byteLength + words * 8)
    const bytes = new Uint8Array(shared, words * 8, packed.byteLength)
    packed.writeTo(bytes)
    const back = unpackPlain(bytes)
    // Objects of JSON have no prototype to compare.
    expect(JSON.stringify(back, comparable)).toBe(JSON.stringify(value, comparable))
  }))
})

const comparable = (_: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0))) return `${Object.is(value, -0) ? '-0' : value}!`
  return ArrayBuffer.isView(value) ? [value.constructor.name, ...(value as Uint8Array)] : value
}
