// Which neighbours to merge: tiers by size, so that each row is rewritten a bounded number of times
// (a run is merged when its oldest member is no larger than all younger ones together; with runs of
// at least k members a row moves up about log_k(rows) times).

import type { PartRef, SegmentRef } from '../face.ts'

/** Memory parts of a table beyond this are merged: each costs every query a little. */
export const PARTS_MAX = 8
/** Members of a merge of segments. */
export const SEGMENTS_RUN_MIN = 5

type Sized = { readonly bytes: number }

/** The longest run at the end whose oldest member is no larger than the rest together. */
function tailRun<T extends Sized>(refs: readonly T[]): readonly T[] {
  let rest = 0
  let from = refs.length
  for (let index = refs.length - 1; index >= 0; index--) {
    if (refs[index].bytes <= rest || index === refs.length - 1) from = index
    rest += refs[index].bytes
  }
  return refs.slice(from)
}

/** Parts to merge into one; empty: leave them. */
export function partsToMerge(parts: readonly PartRef[]): readonly PartRef[] {
  if (parts.length <= PARTS_MAX) return []
  const run = tailRun(parts)
  return run.length >= 2 ? run : []
}

/** Segments of one partition, oldest first, to merge into one; empty: leave them. */
export function segmentsToMerge(segments: readonly SegmentRef[]): readonly SegmentRef[] {
  const run = tailRun(segments)
  return run.length >= SEGMENTS_RUN_MIN ? run : []
}
