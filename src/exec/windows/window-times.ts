// Window functions over values in time: exponentialTimeDecayedSum and its kin, nonNegativeDerivative.
// Invariant: frames that grow cost one step a row; any other frame is added up anew.

import { bareType, FLOAT64 } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { numberVector } from '../../functions/values/vectors.ts'
import type { WindowCall } from '../../plan/plan.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { eachRun, type Frames, type Ordered } from './window-rows.ts'

/** Rows between two looks at the clock. */
const ALIVE_ROWS = 65_536

/** Numbers of a column as they are kept. */
function ticksOf(vector: Vector): (row: number) => number {
  if (vector.kind !== 'number' && vector.kind !== 'big') return () => 0
  const { values, isConst } = vector
  return (row) => Number(values[isConst ? 0 : row])
}

function ticksInOne(vector: Vector): number {
  const bare = bareType(vector.type)
  return bare.id === 'DateTime64' ? 10 ** bare.precision : bare.id === 'Decimal' ? 10 ** bare.scale : 1
}

/** Numbers of a column; moments in seconds. */
function secondsOf(vector: Vector): (row: number) => number {
  const [read, scale] = [ticksOf(vector), ticksInOne(vector)]
  return (row) => read(row) / scale
}

/** What a frame has come to, as seen at the time of the row that was added last. */
class Decay {
  sum = 0
  count = 0
  most = Number.NEGATIVE_INFINITY
  at = 0
  private readonly length: number

  constructor(length: number) { this.length = length }

  clear(): void {
    this.sum = 0
    this.count = 0
    this.most = Number.NEGATIVE_INFINITY
  }

  /** How much a value of the time before weighs at `time`. */
  weightAt(time: number): number { return Math.exp((this.at - time) / this.length) }

  add(value: number, time: number): void {
    const weight = this.count === 0 ? 0 : this.weightAt(time)
    this.sum = this.sum * weight + value
    this.count = this.count * weight + 1
    this.most = this.most === Number.NEGATIVE_INFINITY ? value : Math.max(this.most * weight, value)
    this.at = time
  }
}

/** Values of a frame weighed by e^(their time - the row's time) / length. */
export function decayed({ call }: WindowCall, { column, rowCount }: Ordered, frames: Frames, runtime: Runtime): Vector {
  const reads = call.args.map((index) => secondsOf(column(index)))
  const time = reads[reads.length - 1]
  const value = reads.length > 1 ? reads[0] : () => 1
  const out = runtime.durable.account.f64(rowCount)
  const state = new Decay(Number(call.parameters[0]))
  let [from, to, steps] = [0, 0, 0]
  for (let row = 0; row < rowCount; row++) {
    if (frames.from[row] !== from || frames.to[row] < to) {
      state.clear()
      from = frames.from[row]
      to = from
    }
    for (; to < frames.to[row]; to++) {
      state.add(value(to), time(to))
      if (++steps % ALIVE_ROWS === 0) runtime.scratch.checkAlive()
    }
    const weight = state.weightAt(time(row))
    out[row] = call.name.endsWith('Count') ? state.count * weight : call.name.endsWith('Avg') ? state.sum / state.count
      : call.name.endsWith('Max') ? state.most * weight : state.sum * weight
  }
  return numberVector(FLOAT64, out)
}

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  Nanosecond: 1e-9, Microsecond: 1e-6, Millisecond: 1e-3, Second: 1, Minute: 60, Hour: 3600, Day: 86_400, Week: 604_800,
}

/** How fast a value rose since its partition's row before, whatever the frame is, in units of the interval; 0 where it
 * fell. */
export function derivative({ call }: WindowCall, { column, rowCount, starts }: Ordered, runtime: Runtime): Vector {
  const [value, time] = [secondsOf(column(call.args[0])), ticksOf(column(call.args[1]))]
  const scale = ticksInOne(column(call.args[1]))
  const interval = call.args.length > 2 ? column(call.args[2]) : null
  const unit = interval === null ? 1 : secondsOf(interval)(0) * (UNIT_SECONDS[bareType(interval.type).func ?? ''] ?? 1)
  const out = runtime.durable.account.f64(rowCount)
  eachRun(starts, (first, end) => {
    if (first < end) out[first] = 0
    for (let row = first + 1; row < end; row++) {
      const elapsed = (time(row) - time(row - 1)) / scale // of ticks, which are exact
      const rise = (value(row) - value(row - 1)) / (elapsed / unit)
      out[row] = elapsed > 0 && rise > 0 ? rise : 0
    }
  })
  return numberVector(FLOAT64, out)
}
