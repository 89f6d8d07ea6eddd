// Which neighbours to merge. Only neighbours in sequence order: merges keep the order of rows.

import type { PartRef, SegmentRef, StoreLimits } from '../face.ts'

/** Memory parts of a table beyond this are merged: each costs every query a little. */
export const PARTS_MAX = 8
/** ... and beyond this where no query has come since the last merge: the fewer merges, the less of small
 * inserts' time goes into them (17 µs of CPU a row with 8, 10 with 32). */
export const UNREAD_PARTS_MAX = 32
/** Parts of one task: after a restart there can be one for every insert. */
const PARTS_A_TASK = 1024
/** A merge takes at least this many segments ... */
export const SEGMENTS_RUN_MIN = 6
const SEGMENTS_RUN_MAX = 32
/** ... of which the largest holds at most this share of all: so each merge at least triples the size of
 * the segment that every row lies in, and a row is written once at the flush and log3(largest / flushed)
 * times later. */
const LARGEST_SHARE = 1 / 3
/** Smaller segments count as this size: what a file costs besides its bytes. */
const SEGMENT_BYTES_FLOOR = 256 * 1024

/** Parts of so many rows wait for a reader: a merge of them saves a query a little, and costs a bulk
 * load that nobody reads more than its parsing (bench/main.ts, load). */
const UNREAD_ROWS_MAX = 8192

/** Parts to merge into one; empty: leave them. The youngest, down to the first that is larger than all
 * after it together: so each row takes part in about log2(rows) merges. `isRead`: a query has seen
 * these parts; else only the small ones behind the last large one count. */
export function partsToMerge(all: readonly PartRef[], isRead: boolean): readonly PartRef[] {
  const large = isRead ? -1 : all.findLastIndex(({ rowCount }) => rowCount >= UNREAD_ROWS_MAX)
  const parts = all.slice(large + 1)
  if (parts.length <= (isRead ? PARTS_MAX : UNREAD_PARTS_MAX)) return []
  let rest = 0
  let from = parts.length - 1
  for (let index = parts.length - 1; index >= 0; index--) {
    if (parts[index].bytes <= rest) from = index
    rest += parts[index].bytes
  }
  // What earlier tasks of the same long run have merged stands before it: not again before the end.
  while (parts.length - from > PARTS_A_TASK && parts[from].bytes > 8 * parts[from + 1].bytes) from++
  const run = parts.slice(from, from + PARTS_A_TASK)
  return run.length >= 2 ? run : []
}

/** Parts of one task of a start: what it opens is short-lived (256 cost a quarter more, in collecting). */
const START_RUN_MAX = 64
/** A larger part costs a merge more than it costs a query. */
const START_BYTES_MAX = 64 * 1024

/** Runs of small neighbours, of the parts from number `from` on, that a start merges beside each other; none where
 * there are few parts, unless some have begun (`from` is then above 0). `areAll` false: more are to come, and what may be of a longer run waits from `next` on. */
export function runsAtStart(
  parts: readonly PartRef[], partsMax: number, from: number, areAll: boolean,
): { readonly runs: (readonly PartRef[])[]; readonly next: number } {
  if (from === 0 && parts.length <= partsMax) return { runs: [], next: from }
  const runs: PartRef[][] = [[]]
  for (const part of parts.slice(from)) {
    if (part.bytes > START_BYTES_MAX) runs.push([])
    else if (runs[runs.length - 1].push(part) === START_RUN_MAX) runs.push([])
  }
  const open = areAll ? [] : runs.pop() as PartRef[]
  return { runs: runs.filter((run) => run.length > 1), next: parts.length - open.length }
}

/** A piece of a flush has the rows of at most so many that begin by themselves: its order and the words of its
 * keys take memory by the row. */
const PIECE_FLUSHES = 4

/** All parts, in pieces that are flushed one after the other: each of bytes and rows that a task has
 * memory for. A flush says up to which sequence it went: parts of one transaction are of one piece. */
export function piecesToFlush(
  parts: readonly PartRef[], { flushBytesMax, flushRows }: Pick<StoreLimits, 'flushBytesMax' | 'flushRows'>,
): (readonly PartRef[])[] {
  const pieces: PartRef[][] = []
  let [bytes, rows] = [0, 0]
  for (const part of parts) {
    const piece = pieces.at(-1)
    const isFull = bytes + part.bytes > flushBytesMax || rows + part.rowCount > flushRows * PIECE_FLUSHES
    if (piece === undefined || (isFull && piece[piece.length - 1].lastSequence < part.firstSequence)) {
      pieces.push([part])
      bytes = rows = 0
    } else piece.push(part)
    bytes += part.bytes
    rows += part.rowCount
  }
  return pieces
}

/** Segments of one partition, oldest first, to merge into one of at most `bytesMax`; empty: leave them.
 * Of all runs that qualify, the one that removes a segment at the least cost. */
export function segmentsToMerge(segments: readonly SegmentRef[], bytesMax: number): readonly SegmentRef[] {
  let best: readonly SegmentRef[] = []
  let bestCost = Number.POSITIVE_INFINITY
  for (let from = 0; from + SEGMENTS_RUN_MIN <= segments.length; from++) {
    let bytes = 0
    let weight = 0
    let largest = 0
    for (let to = from; to < segments.length && to - from < SEGMENTS_RUN_MAX; to++) {
      const sized = Math.max(segments[to].bytes, SEGMENT_BYTES_FLOOR)
      bytes += segments[to].bytes
      weight += sized
      largest = Math.max(largest, sized)
      if (bytes > bytesMax) break
      const count = to - from + 1
      if (count < SEGMENTS_RUN_MIN || largest > weight * LARGEST_SHARE) continue
      const cost = weight / (count - 1)
      if (cost <= bestCost) {
        best = segments.slice(from, to + 1)
        bestCost = cost
      }
    }
  }
  return best
}
