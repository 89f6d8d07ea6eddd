// count, sum, avg, min and max over frames of plain numbers: running totals for frames that grow and
// for whole numbers, else each frame by itself. Floats are added in the order of the rows of the frame,
// as ClickHouse does, so that the last digits agree.

import { bareType, isNullable } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { NumberArray } from '../../../storage/column/number-array.ts'
import { newNumbers, numberVector } from '../../functions/values/vectors.ts'
import { isWide } from '../../functions/values/types.ts'
import type { AggregateCall } from '../../plan/plan.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { eachRun, type Frames, type Ordered } from './window-rows.ts'

const PLAIN: ReadonlySet<string> = new Set(['count', 'sum', 'avg', 'min', 'max'])

/** The column; null: not one of these, or values that doubles do not hold. */
export function numberAggregate(
  call: AggregateCall, ordered: Ordered, frames: Frames, runtime: Runtime,
): Vector | null {
  if (!PLAIN.has(call.name) || call.combinators.length > 0) return null
  const counts = presentCounts(call, ordered, runtime)
  if (call.name === 'count') return countColumn(call, counts, frames, ordered.rowCount, runtime)
  const column = ordered.column(call.args[0])
  const id = bareType(column.type).id
  if (column.kind !== 'number' || column.isConst || counts === null) return null
  if (!/^(U?Int\d+|Float\d+)$/.test(id) && !(call.name !== 'sum' && call.name !== 'avg'
    && /^(Date|Date32|DateTime|DateTime64)$/.test(id))) return null
  const isExact = !id.startsWith('Float')
  const values = call.name === 'min' || call.name === 'max'
    ? extremes(column.values, column.nulls, call.name === 'max', frames, ordered, runtime)
    : sums(column.values, column.nulls, isExact, frames, ordered, runtime)
  if (values === null) return null
  return finished(call, values, counts, frames, ordered.rowCount, runtime)
}

/** How many of the rows before row r have a value: counts[to] - counts[from] are in a frame. */
function presentCounts(call: AggregateCall, ordered: Ordered, runtime: Runtime): Uint32Array {
  const { rowCount } = ordered
  const counts = runtime.durable.account.u32(rowCount + 1)
  const column = call.args.length === 0 ? null : ordered.column(call.args[0])
  counts[0] = 0
  for (let row = 0; row < rowCount; row++) {
    const isNull = column === null || column.nulls === null ? 0 : column.nulls[column.isConst ? 0 : row]
    counts[row + 1] = counts[row] + 1 - isNull
  }
  return counts
}

function countColumn(
  call: AggregateCall, counts: Uint32Array, { from, to }: Frames, rowCount: number, runtime: Runtime,
): Vector {
  const out = runtime.durable.account.f64(rowCount)
  for (let row = 0; row < rowCount; row++) out[row] = counts[to[row]] - counts[from[row]]
  return numberVector(parseDataType(call.type), out)
}

/** Sums of all frames; null: a total that a double does not hold. */
function sums(
  values: NumberArray, nulls: Uint8Array | null, isExact: boolean, frames: Frames, ordered: Ordered,
  runtime: Runtime,
): Float64Array | null {
  const { rowCount } = ordered
  const out = runtime.durable.account.f64(rowCount)
  if (isExact) return exactSums(values, nulls, frames, rowCount, out, runtime)
  eachRun(ordered.starts, (first, end) => {
    let total = 0
    let seen = first
    for (let row = first; row < end; row++) {
      if (!frames.isGrowing) {
        total = 0
        seen = frames.from[row]
      }
      for (; seen < frames.to[row]; seen++) if (nulls === null || nulls[seen] === 0) total += values[seen]
      out[row] = total
    }
  })
  return out
}

/** By differences of running totals, while these stay exact. */
function exactSums(
  values: NumberArray, nulls: Uint8Array | null, { from, to }: Frames, rowCount: number,
  out: Float64Array, runtime: Runtime,
): Float64Array | null {
  const totals = runtime.durable.account.f64(rowCount + 1)
  totals[0] = 0
  let most = 0
  for (let row = 0; row < rowCount; row++) {
    totals[row + 1] = totals[row] + (nulls === null || nulls[row] === 0 ? values[row] : 0)
    most = Math.max(most, Math.abs(totals[row + 1]))
  }
  if (most <= Number.MAX_SAFE_INTEGER / 2) {
    for (let row = 0; row < rowCount; row++) out[row] = totals[to[row]] - totals[from[row]]
  }
  runtime.durable.account.free(totals.byteOffset)
  return most <= Number.MAX_SAFE_INTEGER / 2 ? out : null
}

/** The least or greatest value of all frames. Ends of frames only move forward within a partition, so
 * a queue of candidates serves: each row enters and leaves it once. */
function extremes(
  values: NumberArray, nulls: Uint8Array | null, isMax: boolean, { from, to }: Frames,
  { starts, rowCount }: Ordered, runtime: Runtime,
): Float64Array | null {
  const out = runtime.durable.account.f64(rowCount)
  const queue = runtime.durable.account.u32(rowCount)
  let hasNaN = false
  eachRun(starts, (first, end) => {
    let [head, tail, seen] = [0, 0, first]
    for (let row = first; row < end; row++) {
      for (; seen < to[row]; seen++) {
        if (nulls !== null && nulls[seen] === 1) continue
        const value = values[seen]
        if (value !== value) hasNaN = true
        while (tail > head && (isMax ? values[queue[tail - 1]] <= value : values[queue[tail - 1]] >= value)) tail--
        queue[tail++] = seen
      }
      while (head < tail && queue[head] < from[row]) head++
      out[row] = head < tail ? values[queue[head]] : 0
    }
  })
  runtime.durable.account.free(queue.byteOffset)
  return hasNaN ? null : out
}

/** Values as the call's type; a frame without any value is NULL, or the default. */
function finished(
  call: AggregateCall, values: Float64Array, counts: Uint32Array, { from, to }: Frames, rowCount: number,
  runtime: Runtime,
): Vector {
  const type = parseDataType(call.type)
  const { account } = runtime.durable
  const nulls = isNullable(type) ? account.u8(rowCount) : null
  let any = 0
  for (let row = 0; row < rowCount; row++) {
    const count = counts[to[row]] - counts[from[row]]
    if (call.name === 'avg') values[row] /= count
    if (count === 0 && nulls !== null) values[row] = 0
    if (nulls !== null) {
      nulls[row] = count === 0 ? 1 : 0
      any |= nulls[row]
    }
  }
  const out = isWide(bareType(type)) || bareType(type).id === 'Float64' ? values
    : newNumbers(type, rowCount, account)
  if (out !== values) out.set(values)
  return numberVector(type, out, any === 1 ? nulls : null)
}
