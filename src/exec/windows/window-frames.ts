// Frames of all rows as row numbers. Both ends only move forward within a partition, so each is found
// by walking along, never by searching.
// Invariant: from[r] <= to[r], and both lie in the row's partition.

import type { FrameBound, SortKey, WindowFrame } from '../../plan/plan.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { eachRun, fillRun, type Frames, type Ordered } from './window-rows.ts'

export function framesOf(frame: WindowFrame, ordered: Ordered, runtime: Runtime): Frames {
  const { account } = runtime.durable
  const from = account.u32(ordered.rowCount)
  const to = account.u32(ordered.rowCount)
  fill(from, frame, frame.start, true, ordered, runtime)
  fill(to, frame, frame.finish, false, ordered, runtime)
  for (let row = 0; row < ordered.rowCount; row++) if (to[row] < from[row]) to[row] = from[row]
  const isFromStart = frame.start.kind === 'unbounded'
  const isToEnd = frame.finish.kind === 'unbounded'
    || (frame.unit === 'range' && frame.finish.kind === 'current' && ordered.order.length === 0)
  return { from, to, isWhole: isFromStart && isToEnd, isGrowing: isFromStart }
}

/** `isStart`: the first row of the frame, else the row behind its last. */
function fill(
  out: Uint32Array, { unit }: WindowFrame, bound: FrameBound, isStart: boolean, ordered: Ordered,
  runtime: Runtime,
): void {
  if (bound.kind === 'unbounded') {
    eachRun(ordered.starts, (first, end) => fillRun(out, isStart ? first : end, first, end))
  } else if (unit === 'rows') {
    const shift = distanceOf(bound) + (isStart ? 0 : 1)
    eachRun(ordered.starts, (first, end) => {
      for (let row = first; row < end; row++) out[row] = Math.min(end, Math.max(first, row + shift))
    })
  } else if (bound.kind === 'current') {
    eachRun(ordered.peers(), (first, end) => fillRun(out, isStart ? first : end, first, end))
  } else {
    fillByDistance(out, distanceOf(bound), isStart, ordered, runtime)
  }
}

const distanceOf = ({ kind, direction, offset }: FrameBound): number =>
  (kind === 'current' ? 0 : direction === 'preceding' ? -offset : offset)

/** RANGE with an offset: rows whose value lies so far from the row's own. NULL and NaN are near each
 * other only, in their frame. (ClickHouse takes a NULL for the value before it.) */
function fillByDistance(
  out: Uint32Array, distance: number, isStart: boolean, ordered: Ordered, runtime: Runtime,
): void {
  const [key] = ordered.order
  const values = valuesOf(ordered, key, runtime)
  const sign = key.descending ? -1 : 1
  eachRun(ordered.starts, (first, end) => {
    let [low, high] = [first, end]
    while (low < high && Number.isNaN(values[low])) low++
    while (high > low && Number.isNaN(values[high - 1])) high--
    let at = low
    for (let row = low; row < high; row++) {
      const wanted = sign * values[row] + distance
      while (at < high && (isStart ? sign * values[at] < wanted : sign * values[at] <= wanted)) at++
      out[row] = at
    }
    out.fill(isStart ? first : low, first, low)
    out.fill(isStart ? high : end, high, end)
  })
}

/** The values of ORDER BY as doubles; NaN where there is none. */
function valuesOf(ordered: Ordered, { index }: SortKey, runtime: Runtime): Float64Array {
  const { rowCount } = ordered
  const column = ordered.column(index)
  const values = runtime.durable.account.f64(rowCount)
  if (column.kind !== 'number' && column.kind !== 'big') {
    throw new Error(`exec: RANGE over a ${column.type.name} vector`)
  }
  for (let row = 0; row < rowCount; row++) {
    const slot = column.isConst ? 0 : row
    values[row] = column.nulls?.[slot] === 1 ? Number.NaN : Number(column.values[slot])
  }
  return values
}
