// What one table can't have done keeps no other waiting, and is tried again. Images are some bytes: nothing reads them.

import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createArena } from '../arena/create.ts'
import { crc32 } from '../bytes/crc32.ts'
import { nodeDisk } from '../disk/node-disk.ts'
import type { StoreTask, TaskRunner } from '../face.ts'
import { openStore, type Store, type StoreOptions } from '../index.ts'

const tableOf = (name: string) => ({ name, engine: 'MergeTree', partitionBy: 'tuple()', sortBy: [], ttl: null, settings: {},
  columns: [{ name: 'a', type: 'String', defaultExpr: null }] })
const ROW_BYTES = 8192

let folder: string
let nowMs: number
const open: Store[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'upkeep-'))
  nowMs = 1e12
})
afterEach(async () => {
  for (const store of open.splice(0)) await store.close()
  for (const place of [folder, `${folder}-killed`]) rmSync(place, { recursive: true, force: true })
})

/** A store of tables `bad` and `good`. `fails`: tasks that the disk refuses. */
async function opened(
  fails: (task: StoreTask) => boolean, limits: StoreOptions['limits'], isTooLarge: (task: StoreTask) => boolean = () => false,
  place = folder, budgetBytes = 2 ** 20,
) {
  const arena = createArena({ budgetBytes, bufferBytes: 2 ** 20 })
  const disk = nodeDisk()
  const tried: string[] = []
  const run = async (task: StoreTask): Promise<unknown> => {
    const name = 'table' in task ? task.table.name : ''
    tried.push(`${task.kind} ${name}`)
    if (fails(task)) throw new Error(`no ${task.kind} of ${name}`)
    if (task.kind === 'mask') return { matchedRows: 1, masks: [{ segmentId: task.segments[0].id, maskedRows: 1 }] }
    if (task.kind !== 'flush' && task.kind !== 'merge') throw new Error(`no ${task.kind}`)
    if (isTooLarge(task)) return { segments: [], isTooLarge: true }
    const sources = task.kind === 'flush' ? task.parts : task.segments
    const id = task.kind === 'flush' ? task.firstSegmentId : task.segmentId
    disk.writeWholeSync(join(task.folder, `segment-${id}`), [Buffer.alloc(100)])
    return { segments: [{
      kind: 'segment', id, file: `segment-${id}`, bytes: 100, partition: '', maskVersion: 0, maskedRows: 0, expiry: null,
      rowCount: sources.reduce((sum, { rowCount }) => sum + rowCount, 0),
      firstSequence: sources[0].firstSequence, lastSequence: sources[sources.length - 1].lastSequence,
    }] }
  }
  const store = await openStore(place, {
    disk, arena, tasks: { run: run as TaskRunner['run'] }, clock: { nowMs: () => nowMs }, random: () => 0.5, limits,
  })
  open.push(store)
  for (const name of ['bad', 'good']) if (store.table(name) === null) await store.createTable(tableOf(name))
  const insert = async (name: string, rowCount = 1) => {
    const address = arena.allocate(ROW_BYTES)
    const bytes = arena.bytes(address, ROW_BYTES).fill(10)
    const { id: tableId } = store.table(name) as { id: number }
    await store.commit({ parts: [{ tableId, schemaVersion: 1, address, bytes: ROW_BYTES, checksum: crc32(bytes), rowCount }] })
  }
  const statsOf = (name: string) => store.stats().find((table) => table.name === name)
  return { store, insert, tried, statsOf }
}

const until = async (isSo: () => boolean): Promise<void> => { await expect.poll(isSo, { interval: 2, timeout: 4000 }).toBe(true) }
const settle = (ms = 20) => new Promise((resolve) => { setTimeout(resolve, ms) })

it('flushes other tables while one can\'t be, leaves them room, and says what is wrong until it is done', async () => {
  let isWell = false
  const { store, insert, tried, statsOf } = await opened(
    (task) => task.kind === 'merge-parts' || (!isWell && task.kind === 'flush' && task.table.name === 'bad'),
    { flushBytes: 3 * ROW_BYTES, partBytesSoft: 16 * ROW_BYTES, partBytesMax: 20 * ROW_BYTES })
  await expect((async () => { for (;;) await insert('bad') })()).rejects.toThrow(/cannot take more rows/)
  expect(statsOf('bad')).toMatchObject({ parts: 13, segments: 0 })
  for (let row = 0; row < 30; row++) await insert('good')
  await until(() => (statsOf('good')?.segments ?? 0) > 3)
  expect(statsOf('good')?.rowCount).toBe(30)
  expect(store.health().backgroundError?.message).toMatch(/of bad$/)
  // Within the pause of the bad one nobody tries it; afterwards an insert has it tried again, and then it takes rows.
  const before = tried.length
  await expect(insert('bad')).rejects.toThrow(/cannot take more rows/)
  await settle()
  expect(tried.slice(before)).toEqual([])
  isWell = true
  nowMs += 60_000
  await insert('bad')
  expect(statsOf('bad')?.rowCount).toBe(14)
})

it('does not write other tables row by row while one that can\'t be flushed keeps the log', async () => {
  const { insert, tried } = await opened((task) => task.kind === 'merge-parts' || (task.kind === 'flush' && task.table.name === 'bad'),
    { flushBytes: 1e9, walBytesMax: 4 * ROW_BYTES, walFileBytes: ROW_BYTES })
  for (let row = 0; row < 8; row++) await insert('bad')
  for (let row = 0; row < 20; row++) await insert('good')
  await settle()
  expect(tried.filter((one) => one === 'flush good')).toEqual([])
})

it('flushes a few rows that keep a log of which others have flushed nearly all', async () => {
  const { insert, statsOf } = await opened((task) => task.kind === 'merge-parts',
    { flushBytes: 4 * ROW_BYTES, walBytesMax: 64 * ROW_BYTES, walFileBytes: ROW_BYTES })
  await insert('bad')
  for (let row = 0; row < 24 && statsOf('bad')?.segments === 0; row++) {
    await insert('good')
    await settle(2)
  }
  expect(statsOf('good')?.rowCount).toBeLessThan(16)
})

it('... also when nothing comes any more', async () => {
  const { store, insert, statsOf } = await opened((task) => task.kind === 'merge-parts',
    { flushBytes: 1e9, walBytesMax: 64 * ROW_BYTES, walFileBytes: ROW_BYTES })
  await insert('bad')
  for (let row = 0; row < 9; row++) await insert('good')
  for (let turn = 0; turn < 3; turn++) store.flushIdle()
  await settle()
  expect([statsOf('bad')?.segments, statsOf('good')?.segments]).toEqual([0, 0])
  await store.flush('good')
  for (let turn = 0; turn < 2; turn++) store.flushIdle()
  await until(() => statsOf('bad')?.segments === 1)
})

it('merges again what the disk has refused once it is well, and other tables meanwhile', async () => {
  let isWell = false
  const { store, insert, tried, statsOf } = await opened(
    (task) => task.kind === 'merge-parts' || (!isWell && task.kind === 'merge' && task.table.name === 'bad'), { flushBytes: 1e9 })
  for (const name of ['bad', 'good']) {
    for (let segment = 0; segment < 6; segment++) {
      await insert(name)
      await store.flush(name)
    }
  }
  await until(() => statsOf('good')?.segments === 1)
  expect(statsOf('bad')?.segments).toBe(6)
  expect(store.health().backgroundError?.message).toMatch(/of bad$/)
  const before = tried.length
  await store.expire()
  await settle()
  expect(tried.slice(before)).toEqual([]) // within the pause
  isWell = true
  nowMs += 1000
  await store.expire()
  await until(() => statsOf('bad')?.segments === 1)
  expect(store.health().backgroundError).toBe(null)
})

it('writes off deleted rows also of the first segment of a run that is too much together', async () => {
  const { store, insert, statsOf } = await opened((task) => task.kind === 'merge-parts', { flushBytes: 1e9 },
    (task) => task.kind === 'merge' && task.segments.length > 1)
  for (let segment = 0; segment < 6; segment++) {
    await insert('good', 2)
    await store.flush('good')
  }
  await settle()
  expect(statsOf('good')?.segments).toBe(6)
  await store.delete('good', 'any', false)
  await until(() => store.isErased('good'))
})

it('opens with less memory than what lies in its log alone, and says so where that can\'t be written', async () => {
  const { insert } = await opened((task) => task.kind === 'merge-parts', { flushBytes: 1e9, partBytesSoft: 1e9, walFileBytes: 64 * 1024 })
  for (let row = 0; row < 40; row++) for (const name of ['bad', 'good']) await insert(name)
  const killed = `${folder}-killed`
  cpSync(folder, killed, { recursive: true, filter: (path) => !path.endsWith('owner') })
  await expect(opened(() => true, {}, undefined, killed, 2 ** 18)).rejects.toThrow(/start with more memory/)
  const { statsOf, insert: insertAfter, tried } = await opened((task) => task.kind === 'merge-parts', {}, undefined, killed, 2 ** 18)
  expect(tried).toContain('flush bad')
  for (const name of ['bad', 'good']) {
    await insertAfter(name)
    expect(statsOf(name)?.rowCount).toBe(41)
  }
})
