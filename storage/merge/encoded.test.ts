// Strings that go through a merge as they are encoded: the same texts come out, in their new order.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { CODEC_SERIAL, CODEC_TEMPLATE, CODEC_UUID } from '../codec/codecs.ts'
import { vectorOf } from '../codec/cells.test-kit.ts'
import { EncodeSpace } from '../codec/space.ts'
import { STRING } from '../column/data-type.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { memorySource } from '../part/arena-source.ts'
import { buildImage } from '../part/build.ts'
import { openImage } from '../part/image.ts'
import { ImageWriter } from '../part/image-writer.ts'
import type { RowSet } from '../part/row-set.ts'
import { readSerials, writeSerialRows } from './serials.ts'
import { sourcesOf, type Order, type Source } from './sources.ts'
import { readTemplates, writeTemplateRows } from './templates.ts'
import { readUuids, writeUuidRows } from './uuids.ts'

const work = new WorkMemory(256 * 2 ** 20)
const kernels = loadKernels(work)
const account = () => new MemoryAccount(work, work.buffer.byteLength)

function imageOf(texts: readonly string[]): RowSet {
  const own = account()
  const image = buildImage({ tableId: 1, schemaVersion: 1, isSorted: false, partition: '', withPostings: false,
    columns: [{ id: 1, name: 's', type: STRING, vector: vectorOf(STRING, texts) }] }, own, kernels)
  own.releaseAll()
  return openImage(memorySource(image, false), { label: 'image', firstSequence: 0, lastSequence: 0 }, kernels)
}

function textsOf(set: RowSet): string[] {
  const own = account()
  const texts = Array.from({ length: set.blockCount }, (_, block) => {
    const vector = set.column(1)?.decode(block, own, null)
    if (vector?.kind !== 'bytes') throw new Error('no strings')
    return Array.from({ length: vector.length }, (__, row) => Buffer.from(vector.bytes.subarray(vector.offsets[row], vector.offsets[row + 1])).toString())
  }).flat()
  own.releaseAll()
  return texts
}

type Write = (space: EncodeSpace, writer: ImageWriter, order: Order) => void
type Read = (sources: readonly Source[], rowCount: number, space: EncodeSpace) => Write | null

/** Merges the lists in an order of their rows, or as they stand; null: the way does not take them. */
function merged(read: Read, lists: readonly (readonly string[])[], order: readonly number[] | null): { texts: string[]; codecs: number[] } | null {
  const own = account()
  const rowCount = (order ?? lists.flat()).length
  const space = new EncodeSpace(own, kernels)
  const write = read(sourcesOf(lists.map(imageOf), 1) as Source[], lists.flat().length, new EncodeSpace(own, kernels))
  if (write === null) return null
  const writer = new ImageWriter(space, null)
  writer.beginColumn(1, 's', 'String')
  const rows = order === null ? null : own.u32(rowCount)
  rows?.set(order ?? [])
  write(space, writer, rows)
  const image = writer.finish({ tableId: 1, schemaVersion: 1, rowCount, isSorted: true, partition: '' })
  const set = openImage(memorySource(image.slice(), false), { label: 'merged', firstSequence: 0, lastSequence: 0 }, kernels)
  const codecs = Array.from({ length: set.blockCount }, (_, block) => set.column(1)?.withBlock(block, (bytes) => bytes[0]) ?? -1)
  own.releaseAll()
  return { texts: textsOf(set), codecs }
}

const bind = <T>(read: (sources: readonly Source[], rowCount: number, space: EncodeSpace) => T | null,
  write: (space: EncodeSpace, writer: ImageWriter, all: T, order: Order) => void): Read => (sources, rowCount, space) => {
  const all = read(sources, rowCount, space)
  return all === null ? null : (out, writer, order) => write(out, writer, all, order)
}

const json = fc.record({ tier: fc.constantFrom('pro', 'free'), n: fc.nat(), at: fc.nat(23), has: fc.boolean() }).map(({ tier, n, at, has }) => (
  `{"tier":"${tier}","n":${n},"again":${n},"at":"${String(at).padStart(2, '0')}:00"${has ? ',"more":7' : ''}}`))
const WAYS: readonly (readonly [string, number, Read, fc.Arbitrary<string>])[] = [
  ['serials', CODEC_SERIAL, bind(readSerials, writeSerialRows), fc.nat().map((n) => `evt_${n}`)],
  ['serials of more than a word', CODEC_SERIAL, bind(readSerials, writeSerialRows), fc.integer({ min: 0, max: 10 ** 14 }).map((n) => `evt_${n}`)],
  ['serials without zones', CODEC_SERIAL, bind(readSerials, (space, writer, all, order) => writeSerialRows(space, writer, all, order, false)), fc.nat().map((n) => `evt_${n}`)],
  ['UUIDs', CODEC_UUID, bind(readUuids, writeUuidRows), fc.uuid()],
  ['templates', CODEC_TEMPLATE, bind(readTemplates, writeTemplateRows), json],
]

it.each(WAYS)('%s keep their encoding and their texts', (_, codec, read, text) => {
  const lists = fc.array(fc.array(text, { minLength: 70, maxLength: 150 }), { minLength: 1, maxLength: 3 })
  fc.assert(fc.property(lists.filter((all) => all.every((list) => new Set(list).size > list.length * 0.6)), fc.array(fc.nat(), { minLength: 1, maxLength: 300 }), (all, picks) => {
    const flat = all.flat()
    const order = picks.map((pick) => pick % flat.length)
    const answer = merged(read, all, order)
    expect(answer).toEqual({ texts: order.map((row) => flat[row]), codecs: answer?.codecs })
    expect(new Set(answer?.codecs)).toEqual(new Set([codec]))
    expect(merged(read, all, null)?.texts).toEqual(flat)
  }), { numRuns: 40 })
  expect(work.usedBytes).toBe(0)
})

it.each(WAYS)('%s beside other strings go the plain way', (_name, _codec, read, text) => {
  const [list] = fc.sample(fc.array(text, { minLength: 100, maxLength: 100 }), 1)
  expect(merged(read, [list, list.map((value) => `${value} and\t text`)], [0])).toBeNull()
})

it('merges many blocks of templates, frames of each renumbered', () => {
  const lists = [0, 1, 2].map((list) => Array.from({ length: 9000 }, (_, i) => `${'abc'[(i + list) % 3]}/${i}/${i * 7 % 1000}/${list === 2 ? 'z' : ''}`))
  const flat = lists.flat()
  const order = Array.from({ length: 27000 }, (_, i) => i * 7919 % 27000)
  const way = bind(readTemplates, writeTemplateRows)
  expect(merged(way, lists, order)?.texts).toEqual(order.map((row) => flat[row]))
  expect(merged(way, lists, null)?.texts).toEqual(flat)
})
