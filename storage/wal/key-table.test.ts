import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { IdempotencyKey } from '../face.ts'
import { encodeKeys, KeyTable, stampKeys, type EncodedKeys } from './key-table.ts'

function keyOf(number: number, atMs: number): IdempotencyKey {
  const id = Buffer.alloc(16, 7)
  id.writeUInt32LE(Math.imul(number + 1, 2654435761) >>> 0, 0)
  return { id, body: Buffer.alloc(16, number), atMs, answer: { successful: number, quarantined: 1, duplicates: 2, text: number % 3 === 0 ? `text ${number}` : '' } }
}

it('finds what was added and not yet forgotten, as a plain map does, also after being written out', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(3), fc.boolean()), { maxLength: 300 }), (steps) => {
    let table = new KeyTable(200)
    const plain = new Map<number, IdempotencyKey>()
    let atMs = 0
    let sequence = 0
    for (const [number, kind, isForgetting] of steps) {
      atMs += 10
      if (isForgetting && kind === 0) {
        table.forget(atMs)
        for (const [known, key] of plain) if (key.atMs < atMs - 200) plain.delete(known)
      } else if (isForgetting && kind === 1) {
        const copy = new KeyTable(200)
        const { chunks: [bytes], count } = table.encoded(0, sequence)
        copy.add(bytes, count)
        table = copy
      } else {
        const key = keyOf(number, atMs)
        const encoded = encodeKeys([key]) as EncodedKeys
        stampKeys(encoded, ++sequence)
        table.add(encoded.bytes, encoded.count)
        plain.set(number, key)
      }
    }
    for (let number = 0; number <= 40; number++) {
      const found = table.find(keyOf(number, 0).id)
      expect(found?.answer ?? null).toEqual(plain.get(number)?.answer ?? null)
      expect(found?.atMs ?? null).toBe(plain.get(number)?.atMs ?? null)
    }
  }), { numRuns: 200 })
})

it('takes at most 160 bytes a key', () => {
  const table = new KeyTable(1)
  for (let from = 0; from < 200_000; from += 1000) {
    const encoded = encodeKeys(Array.from({ length: 1000 }, (_, index) => keyOf(from + index, 1))) as EncodedKeys
    stampKeys(encoded, from + 1)
    table.add(encoded.bytes, encoded.count)
  }
  expect(table.size).toBe(200_000)
  expect(table.memoryBytes / table.size).toBeLessThan(160)
})
