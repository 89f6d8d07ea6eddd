import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Arena } from '../arena/arena.ts'
import { createArena } from '../arena/create.ts'
import { crc32 } from '../bytes/crc32.ts'
import { nodeDisk } from '../disk/node-disk.ts'
import type { PartRef, StoreTask, TaskRunner } from '../face.ts'
import { openStore, type Store, type StoreOptions } from '../index.ts'

const MiB = 2 ** 20
const FILE_BYTES = 100_000
const TABLE = { columns: [{ name: 'line', type: 'String', defaultExpr: null }], engine: 'MergeTree', partitionBy: '', sortBy: [], ttl: null, settings: {} }

let folder = ''
const open: Store[] = []
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'file-memory-')) })
afterEach(async () => {
  for (const store of open.splice(0)) await store.close().catch(() => {})
  rmSync(folder, { recursive: true, force: true })
})

/** Tasks that put the texts of parts end to end, a turn later. */
const joining = (arena: Arena): TaskRunner => ({
  run: async (task: StoreTask) => {
    await new Promise((resolve) => { setImmediate(resolve) })
    if (task.kind !== 'merge-parts') throw new Error(`no ${task.kind}`)
    const bytes = task.parts.reduce((sum, part) => sum + part.bytes, 0)
    const address = arena.allocate(bytes)
    let at = 0
    for (const part of task.parts) {
      arena.bytes(address, bytes).set(arena.bytes(part.address, part.bytes), at)
      at += part.bytes
    }
    return { address, bytes, rowCount: task.parts.length }
  },
} as TaskRunner) // of one kind of task alone, which is all that a start asks for

async function openIn(
  place: string, budgetBytes = 8 * MiB, tasksOf?: (arena: Arena) => TaskRunner, limits: StoreOptions['limits'] = {},
): Promise<{ store: Store; arena: Arena; sizes: number[] }> {
  const arena = createArena({ budgetBytes, bufferBytes: 8 * MiB })
  const sizes: number[] = []
  const allocate = arena.allocate.bind(arena)
  arena.allocate = (bytes) => { sizes.push(bytes); return allocate(bytes) }
  const tasks = tasksOf?.(arena) ?? { run: (): Promise<never> => Promise.reject(new Error('nothing is merged here')) }
  const store = await openStore(place, {
    disk: nodeDisk(), arena, tasks, isQuietAtOpen: true, limits: { walFileBytes: FILE_BYTES, walRoomBytes: 0, startPartsMax: 1000, flushCommits: 1e6, ...limits },
  })
  open.push(store)
  return { store, arena, sizes }
}

/** A killed store of 40 texts of each table, one behind the other; answers those of `t`. */
async function filled(names: readonly string[], isDropped = false, count = 40, textBytes = 10_001): Promise<string[]> {
  const { store, arena } = await openIn(join(folder, 'store'))
  for (const name of names) await store.createTable({ ...TABLE, name })
  const texts = Array.from({ length: count }, (_, index) => `row ${index} `.padEnd(textBytes, '.'))
  for (const text of texts) {
    for (const name of names) {
      const address = arena.allocate(text.length)
      const image = arena.bytes(address, text.length)
      image.set(Buffer.from(text))
      const { id: tableId } = store.table(name) as { id: number }
      await store.commit({ parts: [{ tableId, schemaVersion: 1, address, bytes: text.length, checksum: crc32(image), rowCount: 1 }] })
    }
  }
  if (isDropped) await store.dropTable('u')
  cpSync(join(folder, 'store'), join(folder, 'killed'), { recursive: true })
  return texts
}

const textsOf = (store: Store, arena: Arena): string[] => {
  const snapshot = store.snapshot('t')
  const texts = (snapshot.rows as PartRef[]).map(({ address, bytes }) => Buffer.from(arena.bytes(address, bytes)).toString())
  snapshot.release()
  return texts
}

it('leaves log files where they are read, each until its last part has gone', async () => {
  const texts = await filled(['t'])
  const { store, arena, sizes } = await openIn(join(folder, 'killed'))
  const files = readdirSync(join(folder, 'killed')).filter((name) => name.startsWith('wal-'))
  // The one that this start has begun is the last.
  const whole = sizes.filter((bytes) => bytes >= FILE_BYTES)
  expect(whole.length).toBe(files.length - 2)
  expect(sizes.length).toBeLessThan(whole.length + 12)
  expect(textsOf(store, arena)).toEqual(texts)
  const held = store.snapshot('t')
  await store.truncate('t')
  expect(arena.usedBytes).toBeGreaterThan(2 * FILE_BYTES)
  held.release()
  expect(arena.usedBytes).toBe(0)
})

it('copies parts out of log files of which less is wanted, or for several tables, or that are much for the memory', async () => {
  for (const [names, isDropped, budget, parts] of [
    [['t', 'u'], true, 8 * MiB, 40], [['t', 'u'], false, 8 * MiB, 80], [['t'], false, MiB, 40],
  ] as const) {
    const texts = await filled(names, isDropped)
    const { store, arena, sizes } = await openIn(join(folder, 'killed'), budget)
    expect(sizes.filter((bytes) => bytes < FILE_BYTES).length).toBe(parts)
    expect(textsOf(store, arena)).toEqual(texts)
    expect(arena.usedBytes).toBeLessThan(parts * 16_000)
    for (const { name } of store.tables()) await store.truncate(name)
    expect(arena.usedBytes).toBe(0)
    for (const one of open.splice(0)) await one.close()
    rmSync(join(folder, 'store'), { recursive: true })
    rmSync(join(folder, 'killed'), { recursive: true })
  }
})

it('gives what is merged while the log is read to the rest of it', async () => {
  const texts = await filled(['t'], false, 400, 4001)
  const logBytes = 400 * 4001
  let peak = 0
  const { store, arena } = await openIn(join(folder, 'killed'), 8 * MiB, (own) => {
    const { run } = joining(own)
    // Slower than the log is read.
    const slow = async (task: StoreTask) => {
      await new Promise((resolve) => { setTimeout(resolve, 5) })
      const merged = await run(task as StoreTask & { kind: 'merge-parts' }) // it refuses others
      peak = Math.max(peak, own.usedBytes)
      return merged
    }
    return { run: slow as TaskRunner['run'] } // overloads follow no union
  }, { startPartsMax: 8, startAheadBytes: FILE_BYTES })
  expect(textsOf(store, arena).join('')).toBe(texts.join(''))
  const snapshot = store.snapshot('t')
  expect(snapshot.rows.length).toBeLessThan(20)
  snapshot.release()
  expect(peak / logBytes).toBeLessThan(1.6)
})
