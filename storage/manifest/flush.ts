// Parts of a table to segments, one a partition, with the ids that these need. Ids are 32 bits wide in files, so
// a flush does not keep those that it took to be safe: a few thousand each would be all of them in weeks of
// steady inserts.

import type { PartRef, SegmentRef, TableMeta, TaskRunner } from '../face.ts'
import type { Catalog } from './catalog.ts'

/** Partitions that most flushes touch at most. One that touches more says so, and runs again. */
export const SEGMENT_IDS_A_FLUSH = 256

type FlushWorld = { readonly tasks: TaskRunner; readonly catalog: Catalog; readonly segmentFolder: string }

/** Writes and syncs the segments; nothing names them yet. Throws what stood in the way. */
export async function segmentsOf(
  { tasks, catalog, segmentFolder: folder }: FlushWorld, table: TableMeta, parts: readonly PartRef[], nowMs: number,
): Promise<readonly SegmentRef[]> {
  for (let count = SEGMENT_IDS_A_FLUSH; ;) {
    const first = catalog.takeSegmentIds(count)
    const { segments, idsNeeded } = await tasks.run({
      kind: 'flush', table, parts, folder, firstSegmentId: first, segmentIdCount: count, nowMs,
    })
    catalog.returnSegmentIds(first + segments.length, first + count)
    if (idsNeeded === undefined) return segments
    count = idsNeeded
  }
}
