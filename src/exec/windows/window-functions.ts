// The column of one window function. Those that number rows or choose another row are loops here;
// aggregates are in window-aggregates.ts.

import { bareType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { defaultVector } from '../../functions/values/values.ts'
import { asConst, numberVector, pick } from '../../functions/values/vectors.ts'
import { QueryError, type WindowCall } from '../../plan/plan.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { aggregateColumn } from './window-aggregates.ts'
import { decayed, derivative } from './window-times.ts'
import { eachRun, fillRun, type Frames, type Ordered } from './window-rows.ts'

/** One value for each row of `ordered`. */
export function windowColumn(
  call: WindowCall, ordered: Ordered, frames: () => Frames, runtime: Runtime,
): Vector {
  if (call.isAggregate) {
    const all = frames()
    return edgeOfFrame(call, ordered, all, runtime) ?? aggregateColumn(call, ordered, all, runtime)
  }
  switch (call.call.name) {
    case 'lag': case 'lead': case 'lagInFrame': case 'leadInFrame':
      return shifted(call, ordered, frames, runtime)
    case 'nth_value': return nthOfFrame(call, ordered, frames(), runtime)
    case 'nonNegativeDerivative': return derivative(call, ordered, runtime)
    case 'exponentialTimeDecayedSum': case 'exponentialTimeDecayedAvg': case 'exponentialTimeDecayedMax':
    case 'exponentialTimeDecayedCount':
      return decayed(call, ordered, frames(), runtime)
    default: return numbered(call, ordered, runtime)
  }
}

// ---------------------------------------------------------------------------- numbers of rows

function numbered({ call }: WindowCall, ordered: Ordered, runtime: Runtime): Vector {
  const out = runtime.durable.account.f64(ordered.rowCount)
  switch (call.name) {
    case 'row_number': placesIn(ordered.starts, out); break
    case 'rank': eachPeers(ordered, (place, first, end) => fillRun(out, place + 1, first, end)); break
    case 'dense_rank':
      eachPeers(ordered, (_, first, end, number) => fillRun(out, number + 1, first, end))
      break
    case 'percent_rank':
      eachPeers(ordered, (place, first, end, _, size) =>
        fillRun(out, size <= 1 ? 0 : place / (size - 1), first, end))
      break
    case 'cume_dist':
      eachPeers(ordered, (place, first, end, _, size) =>
        fillRun(out, (place + end - first) / size, first, end))
      break
    case 'ntile': tiles(ordered.column(call.args[0]), ordered, out); break
    default: throw new QueryError(`not supported yet: window function ${call.name}`, call.span, 'NOT_IMPLEMENTED')
  }
  return numberVector(parseDataType(call.type), out)
}

/** The place of each row in its run, from 1 on. Runs may be of a row or two: a call for each would cost more. */
function placesIn(starts: Uint32Array, out: Float64Array): void {
  for (let i = 0; i + 1 < starts.length; i++) {
    const first = starts[i]
    for (let row = first; row < starts[i + 1]; row++) out[row] = row - first + 1
  }
}

/** Calls `use` with each run of peers: its place in the partition, its rows, its number there, and how
 * many rows the partition has. */
function eachPeers(
  { starts, peers }: Ordered,
  use: (place: number, first: number, end: number, number: number, size: number) => void,
): void {
  let partition = 0
  let number = 0
  eachRun(peers(), (first, end) => {
    if (first >= starts[partition + 1]) {
      partition++
      number = 0
    }
    use(first - starts[partition], first, end, number++, starts[partition + 1] - starts[partition])
  })
}

/** ntile(n): n parts as equal as can be, the larger ones first. */
function tiles(buckets: Vector, { starts }: Ordered, out: Float64Array): void {
  eachRun(starts, (first, end) => {
    const count = Math.max(1, Number(numberAt(buckets, first)))
    const size = Math.floor((end - first) / count)
    const larger = (end - first) % count
    for (let row = first; row < end; row++) {
      const place = row - first
      const inLarger = larger * (size + 1)
      out[row] = place < inLarger ? Math.floor(place / (size + 1)) + 1
        : larger + Math.floor((place - inLarger) / size) + 1
    }
  })
}

function numberAt(vector: Vector, row: number): number | bigint {
  if (vector.kind !== 'number' && vector.kind !== 'big') return 0
  return vector.values[vector.isConst ? 0 : row]
}

// -------------------------------------------------------------------------- values of other rows

const NOWHERE = 0xffffffff

/** lag and lead look in the partition, lagInFrame and leadInFrame in the frame only. */
function shifted({ call, frame }: WindowCall, ordered: Ordered, frames: () => Frames, runtime: Runtime): Vector {
  const [value, offset, otherwise] = call.args.map((index) => ordered.column(index))
  const sign = call.name.startsWith('lag') ? -1 : 1
  const rows = runtime.durable.account.u32(ordered.rowCount)
  const isFixed = offset === undefined || isUniform(offset)
  const distance = offset === undefined ? 1 : isFixed ? Number(numberAt(offset, 0)) : 0
  // A frame of all rows before the current one has what lag looks for.
  const isInPartition = !call.name.endsWith('InFrame')
    || (sign < 0 && isFixed && distance >= 0 && hasAllBefore(frame))
  const isOwn = isOfItself(value, otherwise, call.type)
  if (isInPartition && isFixed && Number.isInteger(distance)) {
    const shift = Math.max(-FAR, Math.min(FAR, sign * distance))
    const { starts } = ordered
    runtime.durable.kernels.shiftedRows(starts.byteOffset, starts.length - 1, shift, isOwn ? 1 : 0, rows.byteOffset)
    if (isOwn) return pick([value], null, rows, rows.length, parseDataType(call.type), runtime.durable.account)
    return chosen(call.type, value, rows, otherwise ?? null, runtime)
  }
  const { from, to } = isInPartition ? PARTITION : frames()
  eachRun(ordered.starts, (first, end) => {
    for (let row = first; row < end; row++) {
      const target = row + sign * (isFixed ? distance : Number(numberAt(offset, row)))
      const low = isInPartition ? first : from[row]
      const high = isInPartition ? end : to[row]
      rows[row] = target >= low && target < high ? target : NOWHERE
    }
  })
  return chosen(call.type, value, rows, otherwise ?? null, runtime)
}

/** One number in all rows: a literal, which kept blocks spell out. */
const isUniform = (vector: Vector): boolean => vector.isConst || (vector.kind === 'number'
  && vector.nulls === null && vector.values.subarray(0, vector.length).every((value) => value === numberAt(vector, 0)))

/** Farther than any row: a signed word. */
const FAR = 2 ** 31 - 1

/** Whether a row without another one has its own value. */
const isOfItself = (value: Vector, otherwise: Vector | null | undefined, type: string): boolean =>
  otherwise === value && !value.isConst && bareType(value.type).id === bareType(parseDataType(type)).id

const PARTITION = { from: new Uint32Array(0), to: new Uint32Array(0) }

/** From the partition's start to the current row, at least. */
const hasAllBefore = ({ start, finish }: WindowCall['frame']): boolean => start.kind === 'unbounded'
  && (finish.kind === 'unbounded' || finish.kind === 'current' || finish.direction === 'following')

function nthOfFrame({ call }: WindowCall, ordered: Ordered, frames: Frames, runtime: Runtime): Vector {
  const [value, number] = call.args.map((index) => ordered.column(index))
  const rows = runtime.durable.account.u32(ordered.rowCount)
  for (let row = 0; row < ordered.rowCount; row++) {
    const target = frames.from[row] + Number(numberAt(number, row)) - 1
    rows[row] = target >= frames.from[row] && target < frames.to[row] ? target : NOWHERE
  }
  return chosen(call.type, value, rows, null, runtime)
}

/** any and anyLast (first_value, last_value): the first or last row of the frame that is not NULL;
 * with RESPECT NULLS the first or last at all. */
function edgeOfFrame(
  { call }: WindowCall, ordered: Ordered, frames: Frames, runtime: Runtime,
): Vector | null {
  if (!/^any(Last)?(_respect_nulls)?$/.test(call.name) || call.combinators.length > 0) return null
  const value = ordered.column(call.args[0])
  const isFirst = !call.name.startsWith('anyLast')
  const near = value.nulls === null || value.isConst || call.name.endsWith('_respect_nulls') ? null
    : nearestPresent(value.nulls, ordered.rowCount, isFirst, runtime)
  const rows = runtime.durable.account.u32(ordered.rowCount)
  for (let row = 0; row < ordered.rowCount; row++) {
    const [from, to] = [frames.from[row], frames.to[row]]
    if (from === to) {
      rows[row] = NOWHERE
      continue
    }
    const edge = isFirst ? from : to - 1
    const target = near === null ? edge : near[edge]
    rows[row] = target >= from && target < to ? target : NOWHERE
  }
  return chosen(call.type, value, rows, null, runtime)
}

/** For each row the nearest one from it (forward or back) that is not NULL; NOWHERE: none. */
function nearestPresent(
  nulls: Uint8Array, rowCount: number, isForward: boolean, runtime: Runtime): Uint32Array {
  const near = runtime.durable.account.u32(rowCount)
  let last = NOWHERE
  for (let i = 0; i < rowCount; i++) {
    const row = isForward ? rowCount - 1 - i : i
    if (nulls[row] === 0) last = row
    near[row] = last
  }
  return near
}

/** Row rows[r] of `value`; where that is NOWHERE the row's own value of `otherwise`, or the default. */
function chosen(
  typeName: string, value: Vector, rows: Uint32Array, otherwise: Vector | null, runtime: Runtime,
): Vector {
  const { account } = runtime.durable
  const type = parseDataType(typeName)
  const count = rows.length
  if (isOfItself(value, otherwise, typeName)) {
    for (let row = 0; row < count; row++) if (rows[row] === NOWHERE) rows[row] = row
    return pick([value], null, rows, count, type, account)
  }
  const which = account.u8(count)
  for (let row = 0; row < count; row++) {
    which[row] = rows[row] === NOWHERE ? 1 : 0
    if (which[row] === 1) rows[row] = row
  }
  const missing = otherwise ?? asConst(defaultVector(type, 1, account), count)
  const sources = [value, missing].map((vector) =>
    (bareType(vector.type).id === 'Nothing' ? defaultVector(type, count, account) : vector))
  return pick(sources, which, rows, count, type, account)
}
