import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Arena } from './arena/arena.ts'
import { createArena } from './arena/create.ts'
import { crc32 } from './bytes/crc32.ts'
import type { Disk, DiskFile } from './disk/disk.ts'
import { nodeDisk } from './disk/node-disk.ts'
import type { PartRef, Snapshot, StoreTask, TaskRunner } from './face.ts'
import { openStore, type Store, type StoreOptions } from './index.ts'

// Images here are lines of text: what the store does with them does not depend on what they hold.
const TABLE = { name: 't', engine: 'MergeTree', partitionBy: 'tuple()', sortBy: [], ttl: null, settings: {},
  columns: [{ name: 'a', type: 'String', defaultExpr: null }] }

let folder: string
const open: Store[] = []

beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'store-')) })
afterEach(async () => {
  for (const store of open.splice(0)) await store.close().catch(() => {})
  rmSync(folder, { recursive: true, force: true })
})

/** Tasks that put lines together, as flush and merge do with rows. */
function lineTasks(arena: Arena, disk: Disk): TaskRunner {
  const textOf = (part: PartRef) => Buffer.from(arena.bytes(part.address, part.bytes)).toString()
  const run = async (task: StoreTask): Promise<unknown> => {
    if (task.kind === 'merge-parts') {
      const bytes = Buffer.from(task.parts.map(textOf).join(''))
      const address = arena.allocate(bytes.length)
      arena.bytes(address, bytes.length).set(bytes)
      return { address, bytes: bytes.length, rowCount: task.parts.reduce((sum, part) => sum + part.rowCount, 0) }
    }
    if (task.kind !== 'flush' && task.kind !== 'merge') throw new Error('lines are not deleted')
    const sources = task.kind === 'flush' ? task.parts : task.segments
    const text = sources.map((ref) => ref.kind === 'part' ? textOf(ref)
      : readFileSync(join(task.folder, ref.file), 'utf8')).join('')
    const id = task.kind === 'flush' ? task.firstSegmentId : task.segmentId
    disk.writeWholeSync(join(task.folder, `segment-${id}`), [Buffer.from(text)])
    disk.syncFolder(task.folder)
    return { segments: [{
      kind: 'segment', id, file: `segment-${id}`, bytes: text.length, partition: '', maskVersion: 0, maskedRows: 0, expiry: null,
      rowCount: sources.reduce((sum, ref) => sum + ref.rowCount, 0),
      firstSequence: sources[0].firstSequence, lastSequence: sources[sources.length - 1].lastSequence,
    }] }
  }
  return { run: run as TaskRunner['run'] }
}

type Opened = { store: Store; arena: Arena; add: (line: string) => Promise<unknown>; lines: () => string[] }

async function openIn(place: string, disk = nodeDisk(), limits: StoreOptions['limits'] = {}): Promise<Opened> {
  const arena = createArena({ budgetBytes: 8 * 2 ** 20, bufferBytes: 8 * 2 ** 20 })
  const store = await openStore(place, { disk, arena, tasks: lineTasks(arena, disk), limits })
  open.push(store)
  const add = (line: string) => {
    const bytes = Buffer.from(`${line}\n`)
    const address = arena.allocate(bytes.length)
    arena.bytes(address, bytes.length).set(bytes)
    const tableId = (store.table('t') as { id: number }).id
    return store.commit({ parts: [{ tableId, schemaVersion: 1, address, bytes: bytes.length,
      checksum: crc32(bytes), rowCount: 1 }] })
  }
  const read = (snapshot: Snapshot) => snapshot.rows.map((ref) => ref.kind === 'part'
    ? Buffer.from(arena.bytes(ref.address, ref.bytes)).toString()
    : readFileSync(join(place, 'segments', ref.file), 'utf8')).join('').split('\n').slice(0, -1)
  const lines = () => {
    const snapshot = store.snapshot('t')
    try {
      return read(snapshot)
    } finally {
      snapshot.release()
    }
  }
  return { store, arena, add, lines }
}

/** What a crash leaves: the files as they are, without a clean close or the lock. */
function crashCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'store-crash-'))
  cpSync(folder, copy, { recursive: true })
  rmSync(join(copy, 'owner'), { force: true })
  return copy
}

const walFiles = (place: string) => readdirSync(place).filter((name) => name.startsWith('wal-'))

it('shows a row when its commit is done, and after a crash', async () => {
  const { store, add, lines } = await openIn(folder)
  await store.createTable(TABLE)
  await Promise.all(['a', 'b', 'c'].map(add))
  expect(lines()).toEqual(['a', 'b', 'c'])
  const copy = crashCopy()
  expect((await openIn(copy)).lines()).toEqual(['a', 'b', 'c'])
  rmSync(copy, { recursive: true })
})

it.each([0, 100])('keeps every acknowledged row when the last record is torn at any byte, before %d zeros', async (room) => {
  const { store, add } = await openIn(folder, nodeDisk(), { walRoomBytes: 0 })
  await store.createTable(TABLE)
  await add('first')
  const whole = readFileSync(join(folder, walFiles(folder)[0])).length
  await add('second')
  const copy = crashCopy()
  const file = join(copy, walFiles(copy)[0])
  const bytes = readFileSync(file)
  for (let end = whole; end < bytes.length; end++) {
    writeFileSync(file, Buffer.concat([bytes.subarray(0, end), Buffer.alloc(room)]))
    const { store: reopened, lines } = await openIn(copy)
    expect(lines(), `torn at byte ${end}`).toEqual(['first'])
    await reopened.close()
  }
  rmSync(copy, { recursive: true })
})

it('names file and offset of a damaged record that whole ones follow', async () => {
  const { store, add } = await openIn(folder)
  await store.createTable(TABLE)
  await add('first')
  await add('second')
  const copy = crashCopy()
  const file = join(copy, walFiles(copy)[0])
  const bytes = readFileSync(file)
  bytes[bytes.indexOf('first') + 1] ^= 1
  writeFileSync(file, bytes)
  await expect(openIn(copy)).rejects.toThrow(/Corrupt data in the write-ahead log .*wal-\d+ at offset 32/)
  rmSync(copy, { recursive: true })
})

it('merges many small parts in the background and keeps their order', async () => {
  const { store, add, lines } = await openIn(folder)
  await store.createTable(TABLE)
  const wanted = Array.from({ length: 200 }, (_, index) => `row ${index}`)
  for (const line of wanted) await add(line)
  await store.close()
  const { store: reopened, lines: after } = await openIn(folder)
  expect(lines()).toEqual(wanted)
  expect(after()).toEqual(wanted)
  expect(reopened.stats()[0].rowCount).toBe(200)
})

it('opens with few parts after many small inserts, and as it was where they cannot be merged', async () => {
  const { store, add } = await openIn(folder)
  await store.createTable(TABLE)
  const wanted = Array.from({ length: 200 }, (_, index) => `row ${index}`)
  for (const line of wanted) await add(line)
  const [copy, other, left] = [crashCopy(), crashCopy(), crashCopy()]
  const arena = createArena({ budgetBytes: 8 * 2 ** 20, bufferBytes: 8 * 2 ** 20 })
  const tasks = lineTasks(arena, nodeDisk())
  const awaitedOnly = { run: (task: StoreTask) => task.kind === 'merge-parts' && task.isAwaited
    ? tasks.run(task) : Promise.reject(new Error('not now')) } as TaskRunner
  const merged = await openStore(copy, { disk: nodeDisk(), arena, tasks: awaitedOnly })
  open.push(merged)
  const parts = merged.snapshot('t').rows as PartRef[]
  expect(parts.map(({ rowCount }) => rowCount)).toEqual([64, 64, 64, 8])
  expect(parts.map(({ address, bytes }) => Buffer.from(arena.bytes(address, bytes)).toString()).join('')).toBe(`${wanted.join('\n')}\n`)
  const spare = createArena({ budgetBytes: 8 * 2 ** 20, bufferBytes: 8 * 2 ** 20 })
  const never: TaskRunner = { run: (): Promise<never> => Promise.reject(new Error('never')) }
  const unmerged = await openStore(other, { disk: nodeDisk(), arena: spare, tasks: never })
  open.push(unmerged)
  expect(unmerged.snapshot('t').rows.length).toBe(200)
  const more = createArena({ budgetBytes: 8 * 2 ** 20, bufferBytes: 8 * 2 ** 20 })
  const unasked = await openStore(left, {
    disk: nodeDisk(), arena: more, tasks: lineTasks(more, nodeDisk()), isQuietAtOpen: true, isLeftAtOpen: ({ name }) => name === 't',
  })
  open.push(unasked)
  expect(unasked.snapshot('t').rows.length).toBe(200)
  for (const place of [copy, other, left]) rmSync(place, { recursive: true })
})

it('merges small parts while the log is still read, where there is room for both, and lets a damaged log end that', async () => {
  const { store, add } = await openIn(folder, nodeDisk(), { walFileBytes: 100_000, walRoomBytes: 0 })
  await store.createTable(TABLE)
  const wanted = Array.from({ length: 200 }, (_, index) => `row ${index} `.padEnd(4000, '.'))
  for (const line of wanted) await add(line)
  const logs = readdirSync(folder).filter((name) => name.startsWith('wal-'))
  const opened = async (copy: string, budgetBytes: number) => {
    const arena = createArena({ budgetBytes, bufferBytes: 16 * 2 ** 20 })
    const events: string[] = []
    const disk = Object.assign(Object.create(nodeDisk()) as Disk, { openForRead: (path: string) => {
      events.push(path)
      return nodeDisk().openForRead(path)
    } })
    const tasks: TaskRunner = { run: (task) => {
      events.push('task')
      return lineTasks(arena, disk).run(task as never) as never // handed on as it is; overloads do not follow a union
    } }
    const answer = await openStore(copy, { disk, arena, tasks, isQuietAtOpen: true }).catch(() => null)
    if (answer !== null) open.push(answer)
    const lines = (answer?.snapshot('t').rows as PartRef[] ?? []).map(({ address, bytes }) => Buffer.from(arena.bytes(address, bytes)).toString())
    return { lines: lines.join('').split('\n').slice(0, -1), parts: lines.length, isBeside: events.indexOf('task') < events.findLastIndex((event) => event.includes('wal-')) }
  }
  const copies = [crashCopy(), crashCopy(), crashCopy()]
  expect(await opened(copies[0], 8 * 2 ** 20)).toMatchObject({ lines: wanted, parts: 4, isBeside: true })
  expect(await opened(copies[1], 2 * 2 ** 20)).toMatchObject({ lines: wanted, parts: 4, isBeside: false })
  const last = join(copies[2], logs[logs.length - 2])
  const bytes = readFileSync(last)
  bytes[bytes.length >> 1] ^= 1
  writeFileSync(last, bytes)
  expect(await opened(copies[2], 8 * 2 ** 20)).toMatchObject({ lines: [], isBeside: true })
  for (const place of copies) rmSync(place, { recursive: true })
})

/** A store of tables `t` and `u` whose segments are over. `masking`: what happens while a delete reads them. */
async function openExpiring(masking: (store: Store, task: StoreTask & { kind: 'mask' }) => Promise<void | object[]>): Promise<Opened['store']> {
  const arena = createArena({ budgetBytes: 8 * 2 ** 20, bufferBytes: 8 * 2 ** 20 })
  const tasks = lineTasks(arena, nodeDisk())
  const store: Store = await openStore(folder, { disk: nodeDisk(), arena, tasks: { run: (async (task: StoreTask): Promise<unknown> => {
    if (task.kind === 'mask') {
      return { matchedRows: 0, masks: await masking(store, task) ?? [] }
    }
    const done = await tasks.run(task as never) as unknown as { segments: object[] } // what is left has them; overloads follow no union
    return { segments: done.segments.map((segment) => ({ ...segment, expiry: { ttl: 'a', first: 0, last: 1 } })) }
  }) as TaskRunner['run'] } })
  open.push(store)
  const bytes = Buffer.from('gone\n')
  for (const name of ['t', 'u']) {
    await store.createTable({ ...TABLE, name, ttl: 'a' })
    const address = arena.allocate(bytes.length)
    arena.bytes(address, bytes.length).set(bytes)
    const { id: tableId } = store.table(name) as { id: number }
    await store.commit({ parts: [{ tableId, schemaVersion: 1, address, bytes: bytes.length, checksum: crc32(bytes), rowCount: 1 }] })
  }
  await store.flush('u')
  return store
}

const sleep = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms) })

it('lets a delete end that reads segments before these expire, and those of other tables expire at once', async () => {
  let [expiring, isThere, others] = [Promise.resolve(), false, -1]
  const store = await openExpiring(async (own, task) => {
    expiring = own.expire()
    for (let tries = 0; tries < 100 && own.stats()[1].segments > 0; tries++) await sleep(50)
    isThere = task.segments.length === 1 && existsSync(join(task.folder, task.segments[0].file))
    others = own.stats()[1].segments
  })
  await store.delete('t', '1', false)
  expect([isThere, others]).toEqual([true, 0])
  await expiring
  expect(store.stats()[0].segments).toBe(0)
})

it('lets nothing expire that has waited for a delete until the store was closed', async () => {
  let [expiring, closing] = [Promise.resolve(), Promise.resolve()]
  const store = await openExpiring(async (own) => {
    expiring = own.expire()
    await sleep(20)
    closing = own.close()
    await closing
  })
  await store.delete('t', '1', false)
  const names = readdirSync(folder)
  await expiring
  expect([readdirSync(folder), store.stats()[0].segments]).toEqual([names, 1])
})

it('refuses a delete that ends when the store was closed: the folder may be another process\'s', async () => {
  const store = await openExpiring(async (own, { segments: [{ id, rowCount }] }) => {
    await own.close()
    return [{ segmentId: id, maskedRows: rowCount }]
  })
  await expect(store.delete('t', '1', false)).rejects.toThrow('the store is closed')
})

it.each(['log', 'segments'])('closes all its files where it does not open for its %s', async (cause) => {
  const { store, add } = await openIn(folder)
  await store.createTable(TABLE)
  for (const line of ['a', 'b', 'c']) await add(line)
  const copy = crashCopy()
  if (cause === 'log') for (const name of walFiles(copy)) rmSync(join(copy, name))
  const opened = new Set<DiskFile>()
  let hasOpened = false
  const noted = async (opening: Promise<DiskFile>) => {
    const file = await opening
    hasOpened = true
    const close = file.close.bind(file)
    opened.add(Object.assign(file, { close: async () => {
      opened.delete(file)
      await close()
    } }))
    return file
  }
  const real = nodeDisk()
  const disk = Object.assign(Object.create(real) as Disk, {
    open: (path: string) => noted(real.open(path)),
    openSynced: (path: string) => noted(real.openSynced(path)),
    list: (path: string) => {
      if (cause === 'segments' && path.endsWith('segments')) throw new Error('EIO')
      return real.list(path)
    },
  })
  expect(await openIn(copy, disk).then(() => 'it opens', ({ message }: Error) => message)).toMatch(cause === 'log' ? 'wal-' : 'EIO')
  expect([hasOpened, opened.size, existsSync(join(copy, 'owner'))]).toEqual([true, 0, false])
  rmSync(copy, { recursive: true })
})

it('flushes after so many commits, and begins again to count when no part is left', async () => {
  const { store, add, lines } = await openIn(folder, nodeDisk(), { flushCommits: 20 })
  await store.createTable(TABLE)
  const wanted = Array.from({ length: 19 }, (_, index) => `row ${index}`)
  for (const line of wanted) await add(line)
  const at = () => store.stats()[0]
  expect(at().segments).toBe(0)
  await store.truncate('t')
  for (const line of wanted) await add(line)
  expect(at().segments).toBe(0)
  await add('row 19')
  await expect.poll(() => [at().segments, at().parts]).toEqual([1, 0])
  expect(lines()).toEqual([...wanted, 'row 19'])
})

it('flushes a transaction of several parts as a whole, also when its first ones are enough for a flush', async () => {
  const { store, arena, add, lines } = await openIn(folder, nodeDisk(), { flushCommits: 3 })
  await store.createTable(TABLE)
  await add('before')
  const { id: tableId } = store.table('t') as { id: number }
  const parts = ['one', 'two', 'three', 'four'].map((line) => {
    const text = Buffer.from(`${line}\n`)
    const address = arena.allocate(text.length)
    arena.bytes(address, text.length).set(text)
    return { tableId, schemaVersion: 1, address, bytes: text.length, checksum: crc32(arena.bytes(address, text.length)), rowCount: 1 }
  })
  await store.commit({ parts })
  await expect.poll(() => store.stats()[0].segments).toBe(1)
  await expect.poll(() => store.stats()[0].parts).toBe(0)
  expect(lines()).toEqual(['before', 'one', 'two', 'three', 'four'])
})

it('leaves what it finds alone until it is told to tend it, where it opens quietly', async () => {
  const { store, add } = await openIn(folder)
  await store.createTable(TABLE)
  for (let row = 0; row < 30; row++) await add(`row ${row}`)
  const copy = crashCopy()
  const arena = createArena({ budgetBytes: 8 * 2 ** 20, bufferBytes: 8 * 2 ** 20 })
  const kinds: string[] = []
  const tasks = lineTasks(arena, nodeDisk())
  const noted = { run: (task: StoreTask) => {
    kinds.push(task.kind)
    return (tasks.run as (task: StoreTask) => Promise<unknown>)(task)
  } } as TaskRunner
  const quiet = await openStore(copy, { disk: nodeDisk(), arena, tasks: noted, isQuietAtOpen: true })
  open.push(quiet)
  quiet.snapshot('t').release()
  await new Promise((resolve) => { setTimeout(resolve, 20) })
  expect(kinds).toEqual([])
  quiet.tend()
  await expect.poll(() => quiet.stats()[0].parts).toBeLessThan(9)
  expect(kinds).toContain('merge-parts')
  expect(quiet.stats()[0].rowCount).toBe(30)
  rmSync(copy, { recursive: true })
})

it('flushes to segments, recycles the log and has each row once after a crash', async () => {
  const { store, add, lines, arena } = await openIn(folder, nodeDisk(), { flushBytes: 200, walFileBytes: 100 })
  await store.createTable(TABLE)
  const wanted = Array.from({ length: 100 }, (_, index) => `row ${index}`)
  for (const line of wanted) await add(line)
  await store.flush()
  await new Promise((resolve) => { setTimeout(resolve, 50) })
  expect(lines()).toEqual(wanted)
  expect(store.stats()[0].parts).toBe(0)
  expect(arena.usedBytes).toBe(0)
  expect(walFiles(folder).length).toBeLessThanOrEqual(2)
  const copy = crashCopy()
  const { lines: after, add: addAfter } = await openIn(copy)
  expect(after()).toEqual(wanted)
  await addAfter('one more')
  expect(after()).toEqual([...wanted, 'one more'])
  rmSync(copy, { recursive: true })
})

it('removes all rows by truncate, for good, and takes new ones', async () => {
  const { store, add, lines } = await openIn(folder)
  await store.createTable(TABLE)
  await add('old')
  await store.flush()
  await add('old too')
  await store.truncate('t')
  expect(lines()).toEqual([])
  await add('new')
  const copy = crashCopy()
  expect((await openIn(copy)).lines()).toEqual(['new'])
  rmSync(copy, { recursive: true })
})

it('keeps what a snapshot holds until it is released', async () => {
  const { store, add, arena } = await openIn(folder)
  await store.createTable(TABLE)
  await add('held')
  const snapshot = store.snapshot('t')
  await store.truncate('t')
  const [part] = snapshot.rows as PartRef[]
  expect(Buffer.from(arena.bytes(part.address, part.bytes)).toString()).toBe('held\n')
  expect(arena.usedBytes).toBeGreaterThan(0)
  snapshot.release()
  expect(arena.usedBytes).toBe(0)
})

/** A disk whose log files fail as told. */
function failingDisk(failing: { sync: boolean; truncate: boolean }): Disk {
  const real = nodeDisk()
  const openSynced = async (path: string): Promise<DiskFile> => {
    const file = await real.openSynced(path)
    return {
      write: async (chunks, offset) => {
        await file.write(chunks, offset)
        if (failing.sync) throw new Error('EIO')
      },
      sync: () => file.sync(),
      truncate: async (bytes) => {
        if (failing.truncate) throw new Error('EIO')
        await file.truncate(bytes)
      },
      readSync: (target, offset) => file.readSync(target, offset),
      close: () => file.close(),
    }
  }
  return Object.assign(Object.create(real), { openSynced }) as Disk
}

it('never shows a refused row, now or after a restart, and goes on when the disk is well', async () => {
  for (const truncateFails of [false, true]) {
    const failing = { sync: false, truncate: false }
    const place = mkdtempSync(join(tmpdir(), 'store-fail-'))
    const { store, add, lines, arena } = await openIn(place, failingDisk(failing))
    await store.createTable(TABLE)
    await add('good')
    failing.sync = true
    failing.truncate = truncateFails
    const used = arena.usedBytes
    await expect(add('refused')).rejects.toThrow(/The rows were not stored: writing the log failed/)
    expect(arena.usedBytes).toBe(used)
    failing.sync = false
    failing.truncate = false
    await add('after')
    expect(lines()).toEqual(['good', 'after'])
    await store.close()
    expect((await openIn(place)).lines()).toEqual(['good', 'after'])
    rmSync(place, { recursive: true })
  }
})

it('refuses a store that another process has, naming its pid, and takes over from a dead one', async () => {
  writeFileSync(join(folder, 'owner'), '1 ')
  await expect(openIn(folder)).rejects.toThrow(/in use by process 1;/)
  writeFileSync(join(folder, 'owner'), '4194303 12345')
  const { store } = await openIn(folder)
  expect(store.tables()).toEqual([])
})

it('refuses a newer format, naming both versions', async () => {
  const { store, add } = await openIn(folder)
  await store.createTable(TABLE)
  await add('row')
  const copy = crashCopy()
  const file = join(copy, walFiles(copy)[0])
  const bytes = readFileSync(file)
  bytes[8] = 7
  writeFileSync(file, bytes)
  await expect(openIn(copy)).rejects.toThrow(/format version 7; this Pipit knows up to version 1/)
  rmSync(copy, { recursive: true })
})

it('keeps a column its id through a change of the table', async () => {
  const { store } = await openIn(folder)
  const before = await store.createTable(TABLE)
  const after = await store.alterTable({ ...TABLE, columns: [
    { name: 'b', type: 'String', defaultExpr: null }, { name: 'a', type: 'String', defaultExpr: null }] })
  expect(after.columns.find(({ name }) => name === 'a')?.id).toBe(before.columns[0].id)
  expect(after.schemaVersion).toBe(2)
  const copy = crashCopy()
  expect((await openIn(copy)).store.table('t')).toEqual(after)
  rmSync(copy, { recursive: true })
})

it('refuses rows while a full memory cannot be flushed, within its bound, and takes them again afterwards', async () => {
  const arena = createArena({ budgetBytes: 2 ** 20, bufferBytes: 2 ** 20 })
  const disk = nodeDisk()
  const tasks = lineTasks(arena, disk)
  let [isStuck, nowMs] = [true, 1e12]
  const store = await openStore(folder, { disk, arena, clock: { nowMs: () => nowMs }, limits: { flushBytes: 8192, partBytesSoft: 100_000, partBytesMax: 200_000 },
    tasks: { run: (async (task: StoreTask) => {
      if (isStuck && task.kind === 'flush') throw new Error('the disk is slow')
      return await (tasks.run as (task: StoreTask) => Promise<unknown>)(task)
    }) as TaskRunner['run'] } })
  open.push(store)
  const { id } = await store.createTable(TABLE)
  const insert = () => {
    const address = arena.allocate(8192)
    const bytes = arena.bytes(address, 8192).fill(10)
    return store.commit({ parts: [{ tableId: id, schemaVersion: 1, address, bytes: 8192, checksum: crc32(bytes), rowCount: 1 }] })
  }
  let taken = 0
  await expect((async () => { for (;; taken++) await insert() })()).rejects.toThrow(/cannot take more rows/)
  expect(taken).toBeGreaterThan(5)
  expect(arena.usedBytes).toBeLessThanOrEqual(2 * 200_000)
  // Past the pause after a failure; then with a clock that is set back by an hour.
  for (const [index, laterMs] of [900, -3_600_000].entries()) {
    isStuck = false
    nowMs += laterMs
    for (let more = 0; more < 30; more++) await insert()
    expect(store.stats()[0].rowCount).toBe(taken += 30)
    isStuck = true
    if (index === 0) await expect((async () => { for (;; taken++) await insert() })()).rejects.toThrow(/cannot take more rows/)
  }
})

it('writes much that has come in to a segment once no more comes, and little never', async () => {
  const { store, arena, add, lines } = await openIn(folder)
  await store.createTable(TABLE)
  const address = arena.allocate(5)
  arena.bytes(address, 5).set(Buffer.from('many\n'))
  const { id: tableId } = store.table('t') as { id: number }
  await add('one')
  for (let look = 0; look < 3; look++) store.flushIdle()
  await store.commit({ parts: [{ tableId, schemaVersion: 1, address, bytes: 5, checksum: crc32(arena.bytes(address, 5)), rowCount: 262_144 }] })
  store.flushIdle()
  await add('more')
  store.flushIdle() // more has come since the last look
  await new Promise((resolve) => { setImmediate(resolve) })
  expect(store.stats()[0]).toMatchObject({ segments: 0, parts: 3 })
  store.flushIdle()
  while (store.stats()[0].parts > 0) await new Promise((resolve) => { setTimeout(resolve, 1) })
  expect(store.stats()[0]).toMatchObject({ segments: 1 })
  expect(lines()).toEqual(['one', 'many', 'more'])
})

it('shows what was staged all at once, and takes away what it replaces', async () => {
  const { store, arena, add, lines } = await openIn(folder)
  await store.createTable(TABLE)
  await add('old in a segment')
  await store.flush()
  await add('old in memory')
  const part = (line: string) => {
    const bytes = Buffer.from(`${line}\n`)
    const address = arena.allocate(bytes.length)
    arena.bytes(address, bytes.length).set(bytes)
    const tableId = (store.table('t') as { id: number }).id
    return { tableId, schemaVersion: 1, address, bytes: bytes.length, checksum: crc32(bytes), rowCount: 1 }
  }
  const appended = store.stage()
  await appended.add(part('staged'))
  expect(lines()).toEqual(['old in a segment', 'old in memory'])
  await appended.commit() // small, and replaces nothing: a transaction of the log
  expect(lines().sort()).toEqual(['old in a segment', 'old in memory', 'staged'])
  expect(store.stats()[0]).toMatchObject({ segments: 1, parts: 2 })
  const logged = await openIn(crashCopy())
  expect(logged.lines().sort()).toEqual(['old in a segment', 'old in memory', 'staged'])
  rmSync(logged.store.folder, { recursive: true })
  const replacing = store.stage()
  await replacing.add(part('new one'))
  await replacing.add(part('new two'))
  await add('came meanwhile')
  await replacing.commit({ replaced: ['t'] })
  expect(lines().sort()).toEqual(['new one', 'new two'])
  await add('came later')
  const aborted = store.stage()
  await aborted.add(part('never seen'))
  await aborted.abort()
  await store.stage().commit()
  expect(lines().sort()).toEqual(['came later', 'new one', 'new two'])
  const copy = crashCopy()
  const again = await openIn(copy)
  expect(again.lines().sort()).toEqual(['came later', 'new one', 'new two'])
  const emptied = again.store.stage()
  await emptied.commit({ replaced: ['t'] })
  expect(again.lines()).toEqual([])
  rmSync(copy, { recursive: true })
})

/** A disk that is mounted read-only. */
function readOnlyDisk(): Disk {
  const real = nodeDisk()
  const refuse = () => { throw Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' }) }
  const written = ['open', 'writeWholeSync', 'rename', 'renameAsync', 'remove', 'removeAsync', 'lock', 'duplicate', 'removeFolder'] as const
  return Object.assign(Object.create(real) as Disk, Object.fromEntries(written.map((name) => [name, refuse])))
}

it('serves a store on a read-only disk, and refuses whatever writes', async () => {
  const { store, add } = await openIn(folder)
  await store.createTable(TABLE)
  await add('in a segment')
  await store.flush()
  await add('in the log')
  await store.close()
  const { store: frozen, lines, add: addFrozen, arena } = await openIn(folder, readOnlyDisk())
  expect(frozen.isReadOnly).toBe(true)
  expect(lines()).toEqual(['in a segment', 'in the log'])
  const used = arena.usedBytes
  await expect(addFrozen('refused')).rejects.toThrow(/read-only disk: it answers queries and takes no rows/)
  await expect(frozen.truncate('t')).rejects.toThrow(/read-only disk/)
  await expect(frozen.createTable({ ...TABLE, name: 'u' })).rejects.toThrow(/read-only disk/)
  expect(arena.usedBytes).toBe(used)
  await frozen.close()
  const { lines: after } = await openIn(folder)
  expect(after()).toEqual(['in a segment', 'in the log'])
})
