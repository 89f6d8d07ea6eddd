import { expect, it } from 'vitest'
import { nodeDisk } from '../disk/node-disk.ts'
import type { Disk } from '../disk/disk.ts'
import type { PartRef, SegmentRef, StoreTask, TableMeta, TaskRunner } from '../face.ts'
import { Catalog } from './catalog.ts'
import { segmentsOf, SEGMENT_IDS_A_FLUSH } from './flush.ts'

it('takes as many ids as there are partitions, and leaves those that it has not used', async () => {
  const catalog = new Catalog(() => {})
  let partitions = 3
  const run = async (task: StoreTask & { kind: 'flush' }) => partitions > task.segmentIdCount ? { segments: [], idsNeeded: partitions }
    : { segments: Array.from({ length: partitions }, (_, index) => ({ id: task.firstSegmentId + index } as SegmentRef)) }
  // Flushes alone are asked for.
  const world = { disk: nodeDisk(), limits: { textBytesMax: 1 }, tasks: { run: run as unknown as TaskRunner['run'] }, catalog, segmentFolder: 'segments' }
  const flush = async () => (await segmentsOf(world, {} as TableMeta, [], 0)).map(({ id }) => id)
  expect(await flush()).toEqual([1, 2, 3])
  expect(await flush()).toEqual([4, 5, 6])
  partitions = 5000
  expect(await flush()).toEqual(Array.from({ length: 5000 }, (_, index) => 7 + index))
  partitions = 1
  const first = flush()
  expect(catalog.takeSegmentIds(1)).toBe(5007 + SEGMENT_IDS_A_FLUSH) // taken meanwhile: theirs are not given again
  expect(await first).toEqual([5007])
  expect(catalog.takeSegmentIds(1)).toBe(5008 + SEGMENT_IDS_A_FLUSH)
})

it('writes what is too much together in pieces, in order, and nothing when one of them fails', async () => {
  const catalog = new Catalog(() => {})
  const removed: string[] = []
  let failsAt = -1
  const run = async ({ parts, firstSegmentId }: StoreTask & { kind: 'flush' }) => {
    if (parts.length > 2) return { segments: [], isTooLarge: true }
    if (parts.some(({ id }) => id === failsAt)) throw new Error('the disk is full')
    return { segments: [{ id: firstSegmentId, file: parts.map(({ id }) => id).join('+') } as SegmentRef] }
  }
  const disk = { removeAsync: async (path: string) => { removed.push(path) } } as unknown as Disk
  const world = { disk, limits: { textBytesMax: 1 }, tasks: { run: run as unknown as TaskRunner['run'] }, catalog, segmentFolder: 's' }
  const parts = [1, 2, 3, 4, 5].map((id) => ({ id } as PartRef))
  expect(await segmentsOf(world, {} as TableMeta, parts, 0)).toEqual([{ id: 1, file: '1+2' }, { id: 2, file: '3' }, { id: 3, file: '4+5' }])
  failsAt = 5
  await expect(segmentsOf(world, {} as TableMeta, parts, 0)).rejects.toThrow('the disk is full')
  expect(removed.sort()).toEqual(['s/1+2', 's/3'])
})
