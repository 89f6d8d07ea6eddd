// Aggregates over frames. The plain ones over numbers are loops (window-numbers.ts); all others run as
// they do under GROUP BY, a group for each frame that differs:
//
//   whole partitions   a group a partition, rows once
//   growing frames     one group for a long partition: rows join it peer by peer, the state is read
//                      after each
//   any other frame    a group a row, which sees every row of its frame: in batches
//
// Invariant: states live on an account of their own that is emptied after each batch.

import { parseDataType } from '../../../storage/column/parse-type.ts'
import { BLOCK_ROWS_MAX, type Block, type Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { asConst, pick, take } from '../../functions/values/vectors.ts'
import type { AggregateCall, WindowCall } from '../../plan/plan.ts'
import { AggregateRun } from '../groups/aggregate-run.ts'
import { keepVector, withLastingTexts } from '../blocks/block-codec.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { eachRun, fillRun, type Frames, type Ordered } from './window-rows.ts'
import { numberAggregate } from './window-numbers.ts'

/** Rows of a partition from which reading the state after each row costs less than a group a row. */
const GROWING_ROWS_MIN = 256

export function aggregateColumn(
  { call }: WindowCall, ordered: Ordered, frames: Frames, runtime: Runtime,
): Vector {
  if (frames.isWhole) return overPartitions(call, ordered, runtime)
  return numberAggregate(call, ordered, frames, runtime) ?? overFrames(call, ordered, frames, runtime)
}

/** A runtime whose durable memory can be emptied. */
function inner(runtime: Runtime): { runtime: Runtime; account: MemoryAccount } {
  const account = runtime.newScratch()
  return { account, runtime: { ...runtime, durable: { ...runtime.durable, account } } }
}

/** Rows [first, end) of the columns that a call reads; the others stay as they are. */
function rowsOf(call: AggregateCall, ordered: Ordered, rows: Uint32Array, runtime: Runtime): Block {
  const { account } = runtime.scratch
  const block: Vector[] = []
  for (const index of call.args) {
    const column = ordered.column(index)
    block[index] = column.isConst ? asConst(column, rows.length) : take(column, rows, rows.length, account)
  }
  return { rowCount: rows.length, columns: block }
}

// ---------------------------------------------------------------------------- whole partitions

function overPartitions(call: AggregateCall, ordered: Ordered, runtime: Runtime): Vector {
  const { starts, rowCount } = ordered
  const partitions = starts.length - 1
  const within = inner(runtime)
  const run = new AggregateRun(call, within.runtime)
  run.resize(partitions)
  const partitionOf = runtime.durable.account.u32(rowCount)
  for (let p = 0; p < partitions; p++) fillRun(partitionOf, p, starts[p], starts[p + 1])
  for (let from = 0; from < rowCount; from += BLOCK_ROWS_MAX) {
    runtime.scratch.checkAlive()
    const to = Math.min(rowCount, from + BLOCK_ROWS_MAX)
    run.update(partitionOf.subarray(from, to), rowsOf(call, ordered, rowNumbers(from, to, runtime), runtime))
    runtime.scratch.account.releaseAll()
  }
  const values = run.finish(partitions)
  const out = values.isConst ? keepVector(asConst(values, rowCount), runtime.durable.account)
    : take(values, partitionOf, rowCount, runtime.durable.account)
  const result = withLastingTexts(out, runtime.durable.account)
  within.account.releaseAll()
  return result
}

function rowNumbers(from: number, to: number, runtime: Runtime): Uint32Array {
  const rows = runtime.scratch.account.u32(to - from)
  for (let i = 0; i < rows.length; i++) rows[i] = from + i
  return rows
}

// -------------------------------------------------------------------------------- other frames

function overFrames(call: AggregateCall, ordered: Ordered, frames: Frames, runtime: Runtime): Vector {
  const pieces: Vector[] = []
  const which = runtime.durable.account.u32(ordered.rowCount)
  const places = runtime.durable.account.u32(ordered.rowCount)
  const add = (first: number, values: Vector) => {
    const kept = withLastingTexts(keepVector(values, runtime.durable.account), runtime.durable.account)
    for (let i = 0; i < values.length; i++) {
      which[first + i] = pieces.length
      places[first + i] = i
    }
    pieces.push(kept)
  }
  let batch = 0
  const flush = (end: number) => {
    for (; batch < end; batch += BLOCK_ROWS_MAX) {
      const to = Math.min(end, batch + BLOCK_ROWS_MAX)
      add(batch, expanded(call, ordered, frames, batch, to, runtime))
    }
    batch = end
  }
  eachRun(ordered.starts, (first, end) => {
    if (!frames.isGrowing || end - first < GROWING_ROWS_MIN) return
    flush(first)
    growing(call, ordered, frames, first, end, runtime, add)
    batch = end
  })
  flush(ordered.rowCount)
  return pick(pieces, which, places, ordered.rowCount, parseDataType(call.type), runtime.durable.account)
}

/** A group for each of the rows [first, end): it sees its whole frame. */
function expanded(
  call: AggregateCall, ordered: Ordered, frames: Frames, first: number, end: number, runtime: Runtime,
): Vector {
  const within = inner(runtime)
  const run = new AggregateRun(call, within.runtime)
  run.resize(end - first)
  const { account } = runtime.durable
  const groups = account.u32(BLOCK_ROWS_MAX)
  const rows = account.u32(BLOCK_ROWS_MAX)
  let count = 0
  const flush = () => {
    runtime.scratch.checkAlive()
    if (count > 0) run.update(groups.subarray(0, count), rowsOf(call, ordered, rows.subarray(0, count), runtime))
    runtime.scratch.account.releaseAll()
    count = 0
  }
  for (let row = first; row < end; row++) {
    for (let other = frames.from[row]; other < frames.to[row]; other++) {
      groups[count] = row - first
      rows[count++] = other
      if (count === BLOCK_ROWS_MAX) flush()
    }
  }
  flush()
  const values = keepVector(run.finish(end - first), account)
  const kept = withLastingTexts(values, runtime.durable.account)
  account.free(groups.byteOffset)
  account.free(rows.byteOffset)
  within.account.releaseAll()
  return kept
}

/** One state for the partition [first, end): it is read whenever the frame has grown. */
function growing(
  call: AggregateCall, ordered: Ordered, frames: Frames, first: number, end: number, runtime: Runtime,
  add: (first: number, values: Vector) => void,
): void {
  const within = inner(runtime)
  const run = new AggregateRun(call, within.runtime)
  run.resize(1)
  const groups = runtime.durable.account.u32(BLOCK_ROWS_MAX).fill(0)
  let seen = first
  for (let row = first; row < end;) {
    const to = frames.to[row]
    while (seen < to) {
      const until = Math.min(to, seen + BLOCK_ROWS_MAX)
      run.update(groups.subarray(0, until - seen),
        rowsOf(call, ordered, rowNumbers(seen, until, runtime), runtime))
      runtime.scratch.account.releaseAll()
      seen = until
    }
    let next = row + 1
    while (next < end && frames.to[next] === to) next++
    add(row, asConst(run.finish(1), next - row))
    row = next
  }
  runtime.durable.account.free(groups.byteOffset)
  within.account.releaseAll()
}
