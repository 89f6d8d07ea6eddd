import { expect, it } from 'vitest'
import type { SegmentRef, StoreTask, TableMeta, TaskRunner } from '../face.ts'
import { Catalog } from './catalog.ts'
import { segmentsOf, SEGMENT_IDS_A_FLUSH } from './flush.ts'

it('takes as many ids as there are partitions, and leaves those that it has not used', async () => {
  const catalog = new Catalog(() => {})
  let partitions = 3
  const run = async (task: StoreTask & { kind: 'flush' }) => partitions > task.segmentIdCount ? { segments: [], idsNeeded: partitions }
    : { segments: Array.from({ length: partitions }, (_, index) => ({ id: task.firstSegmentId + index } as SegmentRef)) }
  const world = { tasks: { run: run as unknown as TaskRunner['run'] }, catalog, segmentFolder: 'segments' }
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
