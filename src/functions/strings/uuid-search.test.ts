// LIKE over texts that are known as UUIDs answers as over the same texts as bytes, and writes none of them.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { STRING } from '../../../storage/column/data-type.ts'
import { UUID_WORDS, uuidsOf, uuidVector } from '../../../storage/column/uuid-texts.ts'
import type { BytesVector } from '../../../storage/column/vector.ts'
import { callType, invoke } from '../base/call.ts'
import { testContext } from '../differential.harness.ts'
import { findFunction } from '../registry.ts'
import { constVector, valueAt } from '../values/values.ts'
import { bytesVector } from '../values/vectors.ts'

const context = testContext()

function vectorsOf(uuids: readonly string[]): { known: BytesVector; plain: BytesVector } {
  const values = context.account.u32(uuids.length * UUID_WORDS)
  const keys = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  keys.set(Buffer.from(uuids.join('').replaceAll('-', ''), 'hex'))
  const known = uuidVector({ type: STRING, nulls: null }, values, context.account)
  const offsets = context.account.u32(uuids.length + 1)
  uuids.forEach((_, i) => { offsets[i + 1] = 36 * (i + 1) })
  offsets[0] = 0
  const bytes = context.account.u8(36 * uuids.length)
  bytes.set(Buffer.from(uuids.join('')))
  return { known, plain: bytesVector(STRING, offsets, bytes) }
}

function answers(name: string, text: BytesVector, pattern: string): unknown[] {
  const def = findFunction(name)
  if (def === null) throw new Error(`no function ${name}`)
  const patterns = constVector(pattern, STRING, text.length, context.account)
  const type = callType(def, [{ type: STRING, value: undefined }, { type: STRING, value: pattern }])
  const found = invoke(def, [text, patterns], type, text.length, context)
  return Array.from({ length: text.length }, (_, row) => valueAt(found, row))
}

const NAMES = ['like', 'notLike', 'ilike', 'notILike']

it('answers as over bytes', () => {
  const part = fc.oneof(fc.constantFrom('', '%', '_', '-', '4', '42', 'a', 'A', 'g', 'é', '-4', '\\%'), fc.nat(35).map((at) => ({ at })))
  fc.assert(fc.property(fc.array(fc.uuid(), { minLength: 2, maxLength: 12 }), fc.array(part, { maxLength: 6 }), fc.constantFrom(...NAMES),
    (uuids, parts, name) => {
      const pattern = parts.map((one) => (typeof one === 'string' ? one : uuids[0].slice(one.at, one.at + 3))).join('%')
      const { known, plain } = vectorsOf(uuids)
      expect(answers(name, known, pattern)).toEqual(answers(name, plain, pattern))
      context.account.releaseAll()
    }), { numRuns: 400 })
})

it('writes no text', () => {
  const { known } = vectorsOf(['0e37df36-f698-11e6-8dd4-cb9ced3df976', 'f8c56e8d-9a1e-4d4f-9ca5-2ca9d4ad0c5e'])
  for (const pattern of ['%42%7%', '0e%', '%5e', '%D%', '0e37df36-f698-11e6-8dd4-cb9ced3df976', '%longer than any UUID is, of course%', '%6-f6%']) {
    for (const name of NAMES) answers(name, known, pattern)
  }
  expect(uuidsOf(known)?.made).toEqual([])
})
