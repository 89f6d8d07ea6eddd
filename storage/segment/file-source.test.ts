// Segments through the shared block cache: right bytes under any eviction, damage named, pins ended.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { createArena } from '../arena/create.ts'
import { cellsOf, codesOf, vectorOf } from '../codec/cells.test-kit.ts'
import { parseDataType } from '../column/parse-type.ts'
import { nodeDisk } from '../disk/node-disk.ts'
import { loadKernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { buildImage } from '../part/build.ts'
import { checksumOfCopy } from '../part/checksum.ts'
import { openImage } from '../part/image.ts'
import { BlockCache, createBlockCache } from './block-cache.ts'
import { FileSource } from './file-source.ts'
import { ScanSource } from './scan-source.ts'

const folder = mkdtempSync(join(tmpdir(), 'segment-'))
afterAll(() => rmSync(folder, { recursive: true }))
const work = new WorkMemory(256 * 2 ** 20)
const kernels = loadKernels(work)
const mixed = (row: number): number => Math.imul(row, 2654435761) >>> 0
const ROWS = 40_000
const users = Array.from({ length: ROWS }, (_, row) => `user_${mixed(row) % 700}`)
const numbers = users.map((_, row) => mixed(row * 7))

function writeSegment(name: string): string {
  const account = new MemoryAccount(work, 200 * 2 ** 20)
  const [text, number] = [parseDataType('String'), parseDataType('UInt32')]
  const image = buildImage({ tableId: 1, schemaVersion: 1, isSorted: true, partition: '', withPostings: true, columns: [
    { id: 1, name: 'user', type: text, vector: codesOf(text, users) },
    { id: 2, name: 'n', type: number, vector: vectorOf(number, numbers) },
  ] }, account, kernels)
  const path = join(folder, name)
  writeFileSync(path, image)
  account.releaseAll()
  return path
}

const path = writeSegment('segment-1')
const place = { label: 'segment 1 of t', firstSequence: 1, lastSequence: 1 }

/** A cache of which little more than a block fits beside the directory. */
function smallCache(bytes: number) {
  const arena = createArena({ budgetBytes: bytes, bufferBytes: Math.ceil(bytes / 65536) * 65536 })
  const handle = createBlockCache(arena)
  return { arena, handle, cache: new BlockCache(arena, handle), directoryBytes: arena.usedBytes }
}

it.each([[16 * 2 ** 20], [512 * 1024], [192 * 1024]])('reads what was written, whole and by row, with a cache of %i bytes', (bytes) => {
  const { cache, handle, arena, directoryBytes } = smallCache(bytes)
  const caches = [cache, new BlockCache(arena, handle, (section) => checksumOfCopy(section, work, kernels))] // as two threads see it
  const sources = caches.flatMap((own) => [1, 2].map((segment) => new FileSource(nodeDisk(), path, segment, own)))
  const sets = sources.map((source) => openImage(source, place, kernels))
  const account = new MemoryAccount(work, 200 * 2 ** 20)
  fc.assert(fc.property(fc.nat(3), fc.constantFrom(1, 2), fc.nat(4), fc.boolean(), fc.nat(699), fc.boolean(), (which, id, block, isScan, user, isTrimmed) => {
    if (isTrimmed) for (const own of caches) own.trimLeases()
    const rows = sets[which]
    const column = rows.column(id)
    if (column === null) throw new Error('no column')
    const expected: readonly (string | number)[] = id === 1 ? users : numbers
    if (isScan) {
      const first = block * 8192
      expect(cellsOf(column.decode(block, account, null))).toEqual(expected.slice(first, first + rows.blockRows(block)))
    } else {
      const names = rows.column(1)
      const code = names?.dictionary?.find(Buffer.from(`user_${user}`)) ?? -1
      const picks = names?.postings(code) ?? new Uint32Array(0)
      expect([...picks]).toEqual(users.flatMap((name, row) => name === `user_${user}` ? [row] : []))
      expect(cellsOf(column.gather(picks, picks.length, account, null))).toEqual([...picks].map((row) => expected[row]))
    }
    account.releaseAll()
  }), { numRuns: 150 })
  for (const source of sources) source.close()
  // Nothing is pinned any more: all of it can go.
  while (cache.allocate(65536) !== 0);
  expect(arena.usedBytes).toBeGreaterThan(directoryBytes)
})

it('expands a dictionary alike, whether or not somebody holds it', () => {
  const { cache } = smallCache(16 * 2 ** 20)
  const source = new FileSource(nodeDisk(), path, 1, cache)
  const column = openImage(source, place, kernels).column(1)
  if (column === null) throw new Error('no column')
  const expanded = (): string[] => {
    const size = column.distinctCount
    const target = new Uint8Array((size + 1) * 4 + column.dictionaryTextBytes)
    column.expandDictionary(target)
    const offsets = new Uint32Array(target.buffer, 0, size + 1)
    return Array.from({ length: size }, (_, rank) =>
      Buffer.from(target.subarray((size + 1) * 4).subarray(offsets[rank], offsets[rank + 1])).toString())
  }
  const wanted = [...new Set(users)].sort()
  expect(expanded()).toEqual(wanted)
  expect(column.dictionary?.size).toBe(wanted.length) // held from here on, as the cache has it
  expect(column.dictionary?.find(Buffer.from(wanted[5]))).toBe(5)
  expect(expanded()).toEqual(wanted)
  source.close()
})

it('counts a hit only for the segment and offset asked for', () => {
  const { cache } = smallCache(4 * 2 ** 20)
  const address = cache.allocate(100)
  cache.arena.bytes(address, 100).fill(7)
  const published = cache.publish(3, 2 ** 33 + 8, address, 100)
  expect(published?.bytes[99]).toBe(7)
  expect([cache.find(3, 8), cache.find(4, 2 ** 33 + 8), cache.find(3, 2 ** 33)]).toEqual([null, null, null])
  expect(cache.find(3, 2 ** 33 + 8)?.bytes.length).toBe(100)
})

it('never frees what is pinned', () => {
  const { cache, arena } = smallCache(512 * 1024)
  const address = cache.allocate(60_000)
  arena.bytes(address, 60_000).fill(9)
  const pinned = cache.publish(1, 0, address, 60_000)
  if (pinned === null) throw new Error('not published')
  for (let offset = 8; offset < 8000; offset += 8) {
    const other = cache.allocate(30_000)
    if (other === 0) break
    arena.bytes(other, 30_000).fill(1)
    const published = cache.publish(1, offset, other, 30_000)
    if (published !== null) cache.unpin(published.at)
  }
  expect(pinned.bytes.every((byte) => byte === 9)).toBe(true)
  expect(cache.find(1, 0)?.bytes.every((byte) => byte === 9)).toBe(true)
})

it('names file, column and block of a damaged byte, and does not serve it from the cache later', () => {
  const bytes = readFileSync(path)
  bytes[12_000] ^= 4
  const damaged = join(folder, 'segment-2')
  writeFileSync(damaged, bytes)
  const { cache } = smallCache(4 * 2 ** 20)
  const account = new MemoryAccount(work, 200 * 2 ** 20)
  const source = new FileSource(nodeDisk(), damaged, 2, cache)
  const column = openImage(source, { ...place, label: 'segment 2 of t' }, kernels).column(1)
  expect(cellsOf(column?.decode(0, account, null) ?? vectorOf(parseDataType('UInt8'), []))).toEqual(users.slice(0, 8192))
  for (let attempt = 0; attempt < 2; attempt++) {
    expect(() => column?.decode(1, account, null)).toThrow('Corrupt data in segment 2 of t, column user, block 1: its block: its checksum differs')
  }
  account.releaseAll()
  source.close()
  const merging = new ScanSource(nodeDisk(), damaged)
  expect(() => openImage(merging, place, kernels).column(1)?.decode(1, account, null)).toThrow('its checksum differs')
  merging.close()
  account.releaseAll()
})

it.each([[16 * 2 ** 20], [256 * 1024]])('reads sections of more than one read of a scan, with a cache of %i bytes', (bytes) => {
  const account = new MemoryAccount(work, 200 * 2 ** 20)
  const text = parseDataType('String')
  const long = users.map((_, row) => [1, 2, 3, 4, 5, 6, 7, 8].map((word) => mixed(row * 8 + word ^ row << 13).toString(36)).join('x'))
  const image = buildImage({
    tableId: 1, schemaVersion: 1, isSorted: true, partition: '', withPostings: false,
    columns: [{ id: 1, name: 'long', type: text, vector: codesOf(text, long) }],
  }, account, kernels)
  account.releaseAll()
  const open = (segment: number, image: Uint8Array) => {
    const file = join(folder, `segment-${segment}`)
    writeFileSync(file, image)
    const { cache, arena } = smallCache(bytes)
    const source = new FileSource(nodeDisk(), file, segment, cache)
    return { source, arena, column: openImage(source, { ...place, label: `segment ${segment} of t` }, kernels).column(1) }
  }
  const { source, column } = open(3, image)
  expect(column?.blockBytes(0)).toBeGreaterThan(256 * 1024)
  for (const block of [0, 1, 0, 4, 1]) {
    const rows = column?.decode(block, account, null)
    expect(rows === undefined ? [] : cellsOf(rows)).toEqual(long.slice(block * 8192, (block + 1) * 8192))
    account.releaseAll()
  }
  source.close()
  image[100_000] ^= 1
  const damaged = open(4, image)
  const before = damaged.arena.usedBytes
  for (let attempt = 0; attempt < 3; attempt++) {
    expect(() => damaged.column?.decode(0, account, null)).toThrow('Corrupt data in segment 4 of t, column long, block 0: its block: its checksum differs')
  }
  expect(damaged.arena.usedBytes).toBe(before)
  account.releaseAll()
  damaged.source.close()
})
