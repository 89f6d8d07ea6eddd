// Texts that know their UUIDs against the same texts as plain strings: kept, moved, sent, ordered, numbered; alone
// and beside blocks of other texts.

import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeBlock } from '../../../storage/codec/decode.ts'
import { encodeBlock } from '../../../storage/codec/encode.ts'
import { EncodeSpace } from '../../../storage/codec/space.ts'
import { concatVectors } from '../../../storage/codec/take.ts'
import { STRING } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { UUID_WORDS, uuidsOf, uuidVector } from '../../../storage/column/uuid-texts.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import { loadKernels, referenceKernels } from '../../../storage/kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../../../storage/kernels/work-memory.ts'
import { vectorOf, valueAt } from '../../functions/values/values.ts'
import { pick } from '../../functions/values/vectors.ts'
import { bestOfBlocks } from './best-rows.ts'
import { flattenBlock, keepVector, restoreBlock } from '../blocks/block-codec.ts'
import { freeVector, KeptRows } from '../blocks/kept-rows.ts'
import { orderedRows, rowOrder } from './order.ts'
import { packPlain } from '../blocks/packed-plain.ts'
import { QueryStrings } from '../dictionaries/query-strings.ts'
import { sliceVector } from '../blocks/slice.ts'

const work = new WorkMemory(2 ** 25)
const allKernels = [referenceKernels(work), loadKernels(work)]
const LIMIT = 2 ** 24
const NULLABLE = parseDataType('Nullable(String)')
const newAccount = () => new MemoryAccount(work, LIMIT)

/** Some share many of their first digits, as those of one moment do. */
const uuid = fc.oneof(fc.uuid(), fc.uuid().map((text) => `0190${text.slice(4)}`), fc.nat(300).map((n) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`),
  fc.uuid().map((text) => `01900000-0000-7${text.slice(15)}`))
const other = fc.oneof(fc.constantFrom('', 'x', '0190'), uuid.map((text) => text.toUpperCase()), uuid.map((text) => text.slice(1)))
const some = (text: fc.Arbitrary<string>) => fc.array(text, { minLength: 1, maxLength: 100 })
type Rows = { readonly texts: readonly string[]; readonly isPacked: boolean; readonly nullEvery: number }
const rowsOf = (nullEvery: fc.Arbitrary<number>) => fc.oneof(
  { weight: 4, arbitrary: fc.record({ texts: some(uuid), isPacked: fc.constant(true), nullEvery }) },
  fc.record({ texts: some(fc.oneof(uuid, other)), isPacked: fc.constant(false), nullEvery }))

const isNull = ({ nullEvery }: Rows, row: number): boolean => nullEvery > 0 && row % nullEvery === 0
const shown = (rows: Rows) => rows.texts.map((text, row) => (isNull(rows, row) ? null : text))

function plain(rows: Rows, account: MemoryAccount): Vector {
  return vectorOf(shown(rows), rows.nullEvery > 0 ? NULLABLE : STRING, account)
}

function vectorFor(rows: Rows, account: MemoryAccount): Vector {
  const { texts, isPacked, nullEvery } = rows
  if (!isPacked) return plain(rows, account)
  const values = account.u32(texts.length * UUID_WORDS)
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(Buffer.from(texts.join('').replaceAll('-', ''), 'hex'))
  const nulls = nullEvery === 0 ? null : account.u8(texts.length)
  nulls?.forEach((_, row) => { nulls[row] = isNull(rows, row) ? 1 : 0 })
  return uuidVector({ type: nulls === null ? STRING : NULLABLE, nulls }, values, account)
}

const valuesOf = (vector: Vector) => Array.from({ length: vector.length }, (_, row) => valueAt(vector, row))

it('keeps, joins, picks, cuts and sends them by their 16 bytes', () => {
  fc.assert(fc.property(rowsOf(fc.constantFrom(0, 0, 3)), rowsOf(fc.constant(0)), fc.nat(), (a, b, seed) => {
    const account = newAccount()
    const vector = vectorFor(a, account)
    const kept = keepVector(vector, account)
    const beside = vectorFor(b, account)
    const joined = concatVectors([kept, beside], NULLABLE, account)
    const count = 64
    const which = account.u32(count)
    const rows = account.u32(count)
    for (let i = 0; i < count; i++) {
      which[i] = (i + seed) % 3 % 2
      rows[i] = i * 7 % [a, b][which[i]].texts.length
    }
    const picked = pick([vector, beside], which, rows, count, NULLABLE, account)
    const [from, to] = [a.texts.length >> 2, a.texts.length]
    const cut = sliceVector(kept, from, to)
    const [sent] = restoreBlock(flattenBlock({ rowCount: to - from, columns: [cut] }, account), account, () => null).columns
    const isPacked = (one: Vector) => uuidsOf(one) !== null
    expect([vector, kept, cut, sent].map(isPacked)).toEqual(Array(4).fill(a.isPacked))
    expect([joined, picked].map(isPacked)).toEqual(Array(2).fill(a.isPacked && b.isPacked))
    const [all, more] = [shown(a), shown(b)]
    expect(valuesOf(kept)).toEqual(all)
    expect(valuesOf(joined)).toEqual([...all, ...more])
    expect(valuesOf(picked)).toEqual(Array.from(which, (source, i) => [all, more][source][rows[i]]))
    expect([cut, sent].map(valuesOf)).toEqual([all.slice(from), all.slice(from)])
    // What readers have had made of them goes with them.
    const { usedBytes } = account
    const looked = keepVector(vector, account)
    expect(valuesOf(looked)).toEqual(all)
    freeVector(looked, account)
    expect(account.usedBytes).toBe(usedBytes)
    account.releaseAll()
  }), { numRuns: 60 })
})

it('keeps and sends a stored block by its 16 bytes a row', () => {
  const [scratch, account] = [newAccount(), newAccount()]
  const kernels = allKernels[1]
  const count = 4096
  const texts = Array.from({ length: count }, (_, i) => `${(i * 0x9e3779b1 >>> 0).toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`)
  const space = new EncodeSpace(scratch, kernels)
  encodeBlock(space, vectorOf(texts, STRING, scratch), 0, count)
  const stored = space.out.since(0).slice()
  space.release()
  const kept = new KeptRows(account)
  for (let block = 0; block < 3; block++) {
    kept.add({ rowCount: count, columns: [decodeBlock(stored, STRING, count, scratch, kernels, true)] })
  }
  expect(kept.byteLength).toBe(3 * count * 16)
  const sent = packPlain(kept.blocks.map((block) => flattenBlock(block, account)))
  expect(sent.byteLength).toBeLessThan(3 * count * 17)
  expect(valuesOf(kept.join([STRING]).columns[0])).toEqual([...texts, ...texts, ...texts])
  for (const one of [scratch, account]) one.releaseAll()
})

it('orders them as their texts order', () => {
  fc.assert(fc.property(rowsOf(fc.constantFrom(0, 3)), fc.boolean(), fc.boolean(), (rows, descending, nullsFirst) => {
    const count = rows.texts.length
    const keys = [{ index: 0, descending, nullsFirst }]
    for (const kernels of allKernels) {
      const account = newAccount()
      const vectors = [plain(rows, account), vectorFor(rows, account)]
      const [wanted, found] = vectors.map((vector) => [...orderedRows(count, keys, [vector], { account, kernels }, account)])
      expect(found).toEqual(wanted)
      const [told, compared] = vectors.map((vector) => rowOrder(keys, [vector], null))
      for (let row = 1; row < count; row++) expect(Math.sign(compared(row - 1, row))).toBe(Math.sign(told(row - 1, row)))
      account.releaseAll()
    }
  }), { numRuns: 60 })
})

it('finds the best of several blocks of them', () => {
  const kinds = fc.constantFrom('any', 'near', 'same word', 'one other')
  let found = 0
  fc.assert(fc.property(kinds, fc.boolean(), fc.nat(1 << 20), fc.nat(1500), (kind, descending, seed, from) => {
    const count = 2048
    const texts = Array.from({ length: count }, (_, i) => {
      const digits = ((i * 7919 + seed) % 4099 * 0xfedc).toString(16).padStart(8, '0')
      const begin = kind === 'near' ? `01900${digits.slice(-3)}` : kind === 'same word' ? '01900000' : digits
      return `${begin}-${digits.slice(0, 4)}-7000-8000-${digits}ffff`
    })
    if (kind === 'one other') texts[1500] = 'other'
    const account = newAccount()
    const space = { account, kernels: allKernels[1] }
    const blocks = [[0, 1000], [1000, count]].map(([start, end]) => {
      const some = texts.slice(start, end)
      return { rowCount: some.length, columns: [vectorFor({ texts: some, isPacked: !some.includes('other'), nullEvery: 0 }, account)] }
    })
    const keys = [{ index: 0, descending, nullsFirst: false }]
    const wanted = [...orderedRows(count, keys, [vectorOf(texts, STRING, account)], space, account)].slice(from, from + 10)
    const best = bestOfBlocks(blocks, [STRING], keys, from, from + 10, space)
    if (best !== null) {
      found++
      expect([...best.subarray(from)]).toEqual(wanted)
    }
    account.releaseAll()
  }), { numRuns: 40 })
  expect(found).toBeGreaterThan(30)
})

it('numbers them as their texts', () => {
  fc.assert(fc.property(fc.array(rowsOf(fc.constant(0)), { minLength: 1, maxLength: 5 }), (batches) => {
    const account = newAccount()
    const [packed, whole] = [0, 1].map(() => new QueryStrings({ account, kernels: allKernels[1], nowMs: 0, checkAlive: () => {} }))
    for (const batch of batches) {
      const [found, wanted] = [account.u32(batch.texts.length), account.u32(batch.texts.length)]
      packed.internVector(vectorFor(batch, account) as BytesVector, found)
      whole.internVector(plain(batch, account) as BytesVector, wanted)
      expect([...found]).toEqual([...wanted])
    }
    const texts = (strings: QueryStrings) => Array.from({ length: strings.size }, (_, code) => Buffer.from(strings.bytesOf(code)).toString())
    expect(texts(packed)).toEqual(texts(whole))
    account.releaseAll()
  }), { numRuns: 40 })
})
