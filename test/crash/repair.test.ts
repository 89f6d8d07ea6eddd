// Repair of a segment with a damaged section: of a block its rows go, of postings none, of a dictionary all;
// everything else is read as before, also by a merge.

import { expect, it } from 'vitest'
import { PlainArena } from './plain-arena.ts'
import { inlineTasks, partOf, readChecked, tableNamed, taskWorld } from './world.ts'
import { verifyStore } from '../../storage/doctor/verify.ts'
import { remakeSegment } from '../../storage/doctor/remake.ts'
import { resortSegment } from '../../storage/doctor/resort.ts'
import { seededRandom, SimulatedDisk, simulatedPath, type Call, type Fault } from '../../storage/disk/simulated-disk.ts'
import type { SegmentRef, StoreTask, TableMeta, TaskRunner } from '../../storage/face.ts'
import type { TaskWorld } from '../../storage/merge/task-world.ts'
import { readFooter } from '../../storage/part/footer.ts'
import { openStore, type Store } from '../../storage/index.ts'

const ROWS = 20_000
const BLOCK_ROWS = 8192
const sequence = Array.from({ length: ROWS }, (_, row) => row)

async function open(
  disk: SimulatedDisk, change = (task: StoreTask) => task, inserted: readonly number[] = sequence,
): Promise<{ store: Store; rows: () => number[]; world: TaskWorld }> {
  const arena = new PlainArena(2 ** 24)
  const tasks = inlineTasks(taskWorld(arena, disk), () => 0)
  const run = ((task: StoreTask) => (tasks.run as (task: StoreTask) => unknown)(change(task))) as TaskRunner['run']
  const store = await openStore(simulatedPath(), {
    disk, arena, tasks: { run }, random: () => 0.25, clock: { nowMs: () => 0 }, limits: { freeBytesMin: 0 },
  })
  if (store.table('whole') === null) {
    const meta = await store.createTable(tableNamed('whole'))
    await store.commit({ parts: [partOf(meta, inserted, arena)] })
    await store.flush('whole')
  }
  const rows = () => {
    const snapshot = store.snapshot('whole')
    try {
      return readChecked(snapshot, arena, disk)
    } finally {
      snapshot.release()
    }
  }
  return { store, rows, world: taskWorld(arena, disk) }
}

/** Damages the byte, repairs, and answers the rows that are left. */
async function repaired(byte: number): Promise<{ message: string; gone: number; rows: number[]; merged: number[] }> {
  const disk = new SimulatedDisk({ random: seededRandom(2) })
  const first = await open(disk)
  const before = first.rows()
  const [{ file }] = first.store.snapshot('whole').rows as SegmentRef[]
  await first.store.close()
  disk.damage(simulatedPath('segments', file), byte, 4)
  const { problems } = verifyStore(disk, simulatedPath(), () => {})
  const [{ message, segment, damage }, ...others] = problems
  expect(others).toEqual([])
  const { store, rows } = await open(disk)
  await store.setAside('whole', segment?.segmentId ?? 0, (folder, of, id) =>
    damage === null ? null : remakeSegment(disk, folder, of, [damage], id))
  const left = rows()
  if (damage?.block === null) expect(left).toEqual(before)
  if (typeof damage?.block === 'number') {
    const from = damage.block * BLOCK_ROWS
    expect(left).toEqual([...before.slice(0, from), ...before.slice(from + BLOCK_ROWS)])
  }
  await store.close()
  expect(verifyStore(disk, simulatedPath(), () => {}).problems).toEqual([])
  // The next process merges the mask away.
  const last = await open(disk)
  for (let turn = 0; turn < 50 && !last.store.isErased('whole'); turn++) await new Promise((resolve) => { setImmediate(resolve) })
  expect(last.store.isErased('whole')).toBe(true)
  const merged = last.rows()
  await last.store.close()
  return { message, gone: segment?.rows ?? -1, rows: left, merged }
}

it('takes out the rows of a damaged block, and no others', async () => {
  const kinds = new Set<string>()
  const disk = new SimulatedDisk({ random: seededRandom(2) })
  const { store } = await open(disk)
  const [{ file }] = store.snapshot('whole').rows as SegmentRef[]
  await store.close()
  const bytes = disk.bytesOf(simulatedPath('segments', file))
  const footer = readFooter(file, bytes.length, (at, length) => bytes.subarray(at, at + length))
  const middles = footer.columnIds.flatMap((id) => {
    const starts = footer.entry(id)?.run.starts ?? new Float64Array(0)
    return Array.from(starts.subarray(1), (end, section) => Math.floor((starts[section] + end) / 2))
  })
  for (const byte of middles) {
    const { message, gone, rows, merged } = await repaired(byte)
    kinds.add(message.replace(/\d+/, 'N'))
    expect(rows.length).toBe(ROWS - gone)
    expect(merged.sort((a, b) => a - b)).toEqual(rows.sort((a, b) => a - b))
  }
  expect([...kinds].sort()).toEqual([
    'the checksum of block N differs', 'the checksum of the dictionary differs', 'the checksum of the postings differs',
  ])
}, 180_000)

/** A store on a disk whose reads can be made to fail. */
async function failing(isMasked: boolean): Promise<{ disk: SimulatedDisk; files: string[]; fail: (fault: (call: Call) => Fault | null) => void }> {
  let fault: (call: Call) => Fault | null = () => null
  const disk = new SimulatedDisk({ random: seededRandom(3), fault: (call) => fault(call) })
  const { store } = await open(disk)
  if (isMasked) await store.delete('whole', 'n % 5 = 3', false)
  await store.close()
  const files = disk.list(simulatedPath('segments'))
  return { disk, files, fail: (next) => { fault = next } }
}

it('tells a disk that does not read from damage, whichever call fails', async () => {
  const { disk, files, fail } = await failing(true)
  expect(files.some((name) => name.startsWith('mask-'))).toBe(true)
  let calls = 0
  fail(() => {
    calls++
    return null
  })
  expect(verifyStore(disk, simulatedPath(), () => {}).problems).toEqual([])
  const all = calls
  expect(all).toBeGreaterThan(10)
  const paths = new Set<string>()
  for (let failed = 1; failed <= all; failed++) {
    let call = 0
    fail(({ path }) => {
      if (++call !== failed) return null
      paths.add(path)
      return 'EIO'
    })
    // It is tried again, and all is well.
    expect(verifyStore(disk, simulatedPath(), () => {}).problems, `call ${failed}`).toEqual([])
  }
  for (const broken of paths) {
    fail(({ path }) => path === broken ? 'EIO' : null)
    const { problems } = verifyStore(disk, simulatedPath(), () => {})
    for (const { kind, message, segment, damage } of problems) {
      expect({ kind, segment, damage }).toEqual({ kind: 'unreadable', segment: null, damage: null })
      expect(message).toMatch(/EIO/)
    }
    expect(problems.length, broken).toBeGreaterThan(0)
  }
}, 60_000)

it('sets nothing aside that the disk does not read any more, or reads right again', async () => {
  const { disk, files: [file], fail } = await failing(false)
  const path = simulatedPath('segments', file)
  const heal = disk.damage(path, 40, 4)
  const { problems: [{ segment, damage }] } = verifyStore(disk, simulatedPath(), () => {})
  if (segment === null || damage === null) throw new Error('the doctor finds no damaged block')
  const { store, rows } = await open(disk)
  const repair = () => store.setAside('whole', segment.segmentId, (folder, of, id) => remakeSegment(disk, folder, of, [damage], id))
  fail((call) => call.kind === 'read' && call.path === path ? 'EIO' : null)
  await expect(repair()).rejects.toThrow(/EIO/)
  fail(() => null)
  heal()
  await expect(repair()).rejects.toThrow(/right by now/)
  expect(rows().length).toBe(ROWS)
  await store.close()
}, 60_000)

/** Rows whose texts are all the same, and the numbers of their blocks in order. */
const alike = (blocks: readonly number[]) => blocks.flatMap((block) =>
  Array.from({ length: BLOCK_ROWS }, (_, row) => 97 * (block * BLOCK_ROWS + row)))

// What was inserted, the key that the flush sorted by, the one that the table is said to have, and what is found.
it.each([
  ['a number', sequence, ['s'], ['n'], { block: 0, column: 'n' }],
  ['a text', sequence, ['n'], ['s'], { block: 0, column: 's' }],
  ['the second column within a block', sequence.toReversed(), ['s'], ['s', 'n'], { block: 0, row: 1, column: 'n' }],
  ['the second column across blocks', alike([1, 0, 2]), ['s'], ['s', 'n'], { block: 1, row: 0, column: 'n' }],
  ['one row at the end', [...alike([0, 1]), 97], ['s'], ['s', 'n'], { block: 2, row: 0, column: 'n' }],
  ['two rows of a last block', [...alike([0, 1]), 97 * 30_000, 97 * 20_000], ['s'], ['s', 'n'], { block: 2, row: 1, column: 'n' }],
] as const)('names the first row that is out of order, and sorts its segment anew: %s', async (_name, inserted, written, named, found) => {
  const disk = new SimulatedDisk({ random: seededRandom(2) })
  const sortedBy = (sortBy: readonly string[]) => (task: StoreTask) => task.kind === 'flush' ? { ...task, table: { ...task.table, sortBy } } : task
  const { store } = await open(disk, sortedBy(written), inserted)
  await store.alterTable({ ...tableNamed('whole'), sortBy: named })
  await store.close()
  const { problems } = verifyStore(disk, simulatedPath(), () => {})
  expect(problems).toMatchObject([{ kind: 'damaged', file: 'segment-0000000001', damage: null, segment: { rows: 0 }, ...found }])
  const [{ row, block, message, segment }] = problems
  expect(message).toBe(`row ${row} of block ${block} does not follow the one before by ${found.column}`)
  const again = await open(disk)
  await again.store.setAside('whole', segment?.segmentId ?? 0, (folder, of, id) =>
    resortSegment(again.world, folder, again.store.table('whole') as TableMeta, of, id))
  const byNumber = (rows: readonly number[]) => [...rows].sort((a, b) => a - b)
  expect(byNumber(again.rows())).toEqual(byNumber(inserted))
  await again.store.close()
  expect(verifyStore(disk, simulatedPath(), () => {}).problems).toEqual([])
})

it('looks beyond rows that are deleted', async () => {
  for (const [condition, isRight] of [[`n % ${97 * 20_000} = ${97 * 10}`, true], [`n % ${97 * 20_000} = ${97 * 11}`, false]] as const) {
    const disk = new SimulatedDisk({ random: seededRandom(2) })
    const { store } = await open(disk, (task) => task.kind === 'flush' ? { ...task, table: { ...task.table, sortBy: ['s'] } } : task,
      [97 * 12, 97 * 10, ...alike([1])])
    await store.alterTable({ ...tableNamed('whole'), sortBy: ['s', 'n'] })
    await store.delete('whole', condition, false)
    await store.close()
    expect(verifyStore(disk, simulatedPath(), () => {}).problems.length, condition).toBe(isRight ? 0 : 1)
  }
})

it('calls no segment damaged because its order cannot be told: a repair would take all of it out', async () => {
  const disk = new SimulatedDisk({ random: seededRandom(2) })
  const { store } = await open(disk)
  await store.alterTable({ ...tableNamed('whole'), sortBy: ['n % 3'] })
  await store.close()
  const { problems } = verifyStore(disk, simulatedPath(), () => {}, undefined, () => { throw new RangeError('Array buffer allocation failed') })
  expect(problems).toMatchObject([{ kind: 'unreadable', segment: null, message: "its order can't be told: Array buffer allocation failed" }])
})
