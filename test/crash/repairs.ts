// A segment of a stopped store whose file is damaged, and its repair as `pipit doctor --repair` does it: also
// one that a crash ends is begun again, takes out the rows that the doctor named, and no others.

import { verifyStore } from '../../storage/doctor/verify.ts'
import { remakeSegment } from '../../storage/doctor/remake.ts'
import { simulatedPath, type SimulatedDisk } from '../../storage/disk/simulated-disk.ts'
import type { SegmentRef } from '../../storage/face.ts'
import type { Store } from '../../storage/index.ts'

export type Damaged = { readonly table: string; readonly segment: SegmentRef }

/** A segment of a table, or none. */
export function segmentOf(store: Store, table: string, at: number): SegmentRef | null {
  const snapshot = store.snapshot(table)
  snapshot.release()
  const segments = snapshot.rows.filter((ref): ref is SegmentRef => ref.kind === 'segment')
  return segments.length === 0 ? null : segments[at % segments.length]
}

/** Whether the segment is one of the table's. */
export const isThere = (store: Store, { table, segment }: Damaged): boolean => {
  const snapshot = store.snapshot(table)
  snapshot.release()
  return snapshot.rows.some((ref) => ref.kind === 'segment' && ref.id === segment.id)
}

/** Repairs a store in which this is damaged. Throws what the disk says, and what the doctor missed. */
export async function repair(store: Store, disk: SimulatedDisk, damaged: Damaged): Promise<void> {
  if (!isThere(store, damaged)) return
  const { problems } = disk.aside(() => verifyStore(disk, simulatedPath(), () => {}))
  const [problem, ...others] = problems
  if (problem?.segment?.segmentId !== damaged.segment.id || others.length > 0) {
    throw new Error(`the doctor finds ${JSON.stringify(problems)}, not ${damaged.segment.file} alone`)
  }
  const { damage } = problem
  await store.setAside(damaged.table, damaged.segment.id, (folder, segment, id) =>
    damage === null ? null : remakeSegment(disk, folder, segment, [damage], id))
  if (isThere(store, damaged)) throw new Error(`${damaged.segment.file} is repaired, and still there`)
  if (!disk.exists(simulatedPath('damaged', damaged.segment.file))) throw new Error(`${damaged.segment.file} was not kept`)
}
