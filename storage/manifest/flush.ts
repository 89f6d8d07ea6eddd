// Parts of a table to segments, one a partition of each piece that can be decoded at a time, with the ids that
// these need. Ids are 32 bits wide in files, so a flush does not keep those that it took to be safe: a few
// thousand each would be all of them in weeks of steady inserts.

import { join } from 'node:path'
import type { Disk } from '../disk/disk.ts'
import type { PartRef, SegmentRef, StoreLimits, TableMeta, TaskRunner } from '../face.ts'
import type { Catalog } from './catalog.ts'

/** Partitions that most flushes touch at most. One that touches more says so, and runs again. */
export const SEGMENT_IDS_A_FLUSH = 256

type FlushWorld = {
  readonly tasks: TaskRunner
  readonly disk: Disk
  readonly catalog: Catalog
  readonly segmentFolder: string
  readonly limits: Pick<StoreLimits, 'textBytesMax'>
}

/** Writes and syncs the segments; nothing names them yet. Throws what stood in the way. */
export async function segmentsOf(
  world: FlushWorld, table: TableMeta, parts: readonly PartRef[], nowMs: number,
): Promise<readonly SegmentRef[]> {
  const { tasks, catalog, segmentFolder: folder, limits: { textBytesMax } } = world
  for (let count = SEGMENT_IDS_A_FLUSH; ;) {
    const first = catalog.takeSegmentIds(count)
    const { segments, idsNeeded, isTooLarge = false } = await tasks.run({
      kind: 'flush', table, parts, folder, firstSegmentId: first, segmentIdCount: count, nowMs, textBytesMax,
    })
    catalog.returnSegmentIds(first + segments.length, first + count)
    if (isTooLarge) return await byHalves(world, table, parts, nowMs)
    if (idsNeeded === undefined) return segments
    count = idsNeeded
  }
}

/** All or none: what one half has written goes when the other can't be. */
async function byHalves(
  world: FlushWorld, table: TableMeta, parts: readonly PartRef[], nowMs: number,
): Promise<readonly SegmentRef[]> {
  const half = parts.length >> 1
  const first = await segmentsOf(world, table, parts.slice(0, half), nowMs)
  try {
    return [...first, ...await segmentsOf(world, table, parts.slice(half), nowMs)]
  } catch (error) {
    for (const { file } of first) await world.disk.removeAsync(join(world.segmentFolder, file)).catch(() => {})
    throw error
  }
}
