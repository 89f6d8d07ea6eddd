// A segment in pieces of its rows: what a query makes of them is held by one query's memory, and a segment
// may have any number of rows.
//
//   rows [0, n) of a segment -> query -> part -> rows [n, 2n) ...; where memory was short: half of n
//
// Plans that make rows of single rows are cut from the start. What groups rows mostly makes few of many, and
// more of them piece by piece: it is cut only where a whole segment is too much for it.

import type { SegmentRef } from '../../storage/face.ts'
import { leadingScans } from '../plan/into-table.ts'
import type { PlanNode, TypedPlan } from '../plan/plan.ts'
import { engineErrorOf } from './errors.ts'

/** Memory for a row that comes out: its values in blocks, in whole columns and in the image. */
const ROW_BYTES = 1024
/** More rows at once win nothing: the stage writes as many to a segment (storage/manifest/stage.ts). */
const PIECE_ROWS_MAX = 2 ** 19
/** Fewer rows that are too much say that it is not their number. */
const PIECE_ROWS_MIN = 16
/** Pieces that had room, after which larger ones are tried. */
const GROWS_AFTER = 8

/** How long a piece waits that found no room. */
const BUSY_MS = 200

/** Rows of the next piece, by the plan that they go through. */
const found = new WeakMap<TypedPlan, { rows: number; hadRoom: number }>()

/** Calls `over` with all of a segment, piece by piece, and `use` with what it makes. Throws what they throw;
 * memory that a piece had too little of is tried with less. */
export async function inPieces<T>(
  segment: SegmentRef, { plan, queryBytes }: { readonly plan: TypedPlan; readonly queryBytes: number },
  over: (piece: SegmentRef) => Promise<T | null>, use: (made: T) => Promise<void>,
): Promise<void> {
  const most = isByRow(plan.root) ? Math.max(PIECE_ROWS_MIN, Math.min(PIECE_ROWS_MAX, Math.floor(queryBytes / ROW_BYTES)))
    : Number.MAX_SAFE_INTEGER
  for (let from = 0; from < segment.rowCount;) {
    const size = found.get(plan) ?? { rows: most, hadRoom: 0 }
    const to = Math.min(segment.rowCount, from + size.rows)
    let made: T | null
    try {
      made = await over(to - from === segment.rowCount ? segment : { ...segment, rows: { from, to } })
    } catch (error) {
      const { kind } = engineErrorOf(error)
      if ((kind !== 'limit' && kind !== 'busy') || to - from <= PIECE_ROWS_MIN || hasFinal(plan.root)) throw error
      // What was made found no room: rows that are being written make some.
      if (kind === 'busy') await new Promise((resolve) => { setTimeout(resolve, BUSY_MS) })
      found.set(plan, { rows: Math.ceil((to - from) / 2), hadRoom: 0 })
      continue
    }
    if (made !== null) await use(made)
    from = to
    if (size.hadRoom + 1 < GROWS_AFTER) found.set(plan, { rows: size.rows, hadRoom: size.hadRoom + 1 })
    else found.set(plan, { rows: Math.min(most, size.rows * 2), hadRoom: 0 })
  }
}

/** Rows that combine must be seen together. */
const hasFinal = (root: PlanNode): boolean => leadingScans(root).some((scan) => scan.final)

/** True where each row of the trigger makes rows of its own, whatever rows come with it. */
export function isByRow(node: PlanNode): boolean {
  switch (node.op) {
    case 'scan': return !node.final
    case 'project': case 'filter': case 'array-join': return isByRow(node.input)
    case 'union': return node.inputs.every(isByRow)
    // ANY INNER takes each row of the right side once; the others here show each row of the left by itself.
    case 'join': return isByRow(node.left) && (node.kind === 'left' || (node.kind === 'inner' && node.strictness === 'all'))
    default: return false
  }
}
