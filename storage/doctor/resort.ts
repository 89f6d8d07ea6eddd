// A segment whose rows are out of order, made anew: sorted as a merge of it alone sorts it. No row of it is
// lost; those that its mask takes out are left out, and rows combine as the table's engine says.

import type { SegmentRef, TableMeta } from '../face.ts'
import { runStoreTask } from '../merge/run-task.ts'
import type { TaskWorld } from '../merge/task-world.ts'

/** Writes the segment's rows under another id; durable when it answers. Null: none was left. Throws what
 * the disk and damaged bytes say. */
export function resortSegment(
  world: TaskWorld, folder: string, table: TableMeta, segment: SegmentRef, id: number,
): SegmentRef | null {
  // At the time 0 nothing is over: what TTL takes goes by a merge of its own.
  const made = runStoreTask({ kind: 'merge', table, segments: [segment], folder, segmentId: id, nowMs: 0 }, world)
  if (made === null || !('segments' in made)) throw new Error('a merge answers segments')
  return made.segments[0] ?? null
}
