// histogram(bins)(x): the adaptive histogram of Ben-Haim and Tom-Tov. A group keeps at most twice as many
// weighted points as bins; when they are full, the nearest neighbours become one, the nearest first.
//
//   state of a group: | points | lowest | highest | mean, weight of each point ... |
//
// Invariant: the weights of a group's points add up to its rows.

import { arrayOf, bareType, FLOAT64 } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { numberReader } from '../base/define.ts'
import { FunctionError, type AggregateDef } from '../values/function.ts'
import { byGroup } from '../values/state-bytes.ts'
import { grown } from '../values/state-array.ts'
import { numberInfo, tupleOf } from '../values/types.ts'
import { arrayVector, numberVector } from '../values/vectors.ts'

const BINS_MAX = 250
const BIN = tupleOf([FLOAT64, FLOAT64, FLOAT64])
const HEADER = 3

function binsOf(parameters: readonly Value[]): number {
  if (parameters.length !== 1) {
    throw new FunctionError('Function histogram requires single parameter: bins count', 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  const bins = Number(parameters[0])
  if (!Number.isInteger(bins) || bins < 0) throw new FunctionError('Invalid type for bins count', 'UNSUPPORTED_PARAMETER')
  if (bins > BINS_MAX) {
    throw new FunctionError(`Unsupported bins count. Should not be greater than ${BINS_MAX}`, 'PARAMETER_OUT_OF_BOUND')
  }
  if (bins === 0) throw new FunctionError('Bin count should be positive', 'BAD_ARGUMENTS')
  return bins
}

/** Points of one group, as they are while some become one. */
class Points {
  size = 0
  readonly means: Float64Array
  readonly weights: Float64Array
  private readonly next: Int32Array
  private readonly before: Int32Array

  constructor(room: number) {
    this.means = new Float64Array(room)
    this.weights = new Float64Array(room)
    this.next = new Int32Array(room)
    this.before = new Int32Array(room)
  }

  /** Takes the points of a state, sorted. */
  load(state: Float64Array): void {
    this.size = state[0]
    const order = Array.from({ length: this.size }, (_, i) => i)
      .sort((a, b) => state[HEADER + a * 2] - state[HEADER + b * 2])
    order.forEach((from, i) => {
      this.means[i] = state[HEADER + from * 2]
      this.weights[i] = state[HEADER + from * 2 + 1]
    })
  }

  store(state: Float64Array): void {
    state[0] = this.size
    for (let i = 0; i < this.size; i++) {
      state[HEADER + i * 2] = this.means[i]
      state[HEADER + i * 2 + 1] = this.weights[i]
    }
  }

  private join(left: number, right: number): void {
    const weight = this.weights[left] + this.weights[right]
    this.means[left] += this.weights[right] * (this.means[right] - this.means[left]) / weight
    this.weights[left] = weight
  }

  /** Joins nearest neighbours until `most` points are left; of equally near ones the lower first. */
  compress(most: number): void {
    const { size, next, before, means } = this
    for (let i = 0; i < size; i++) {
      next[i] = i + 1 < size ? i + 1 : -1
      before[i] = i - 1
    }
    let left = size
    for (; left > most; left--) {
      let best = -1
      let nearest = Number.POSITIVE_INFINITY
      for (let i = 0; next[i] >= 0; i = next[i]) {
        const distance = means[next[i]] - means[i]
        if (distance >= nearest) continue
        nearest = distance
        best = i
      }
      if (best < 0) break
      const right = next[best]
      this.join(best, right)
      next[best] = next[right]
      if (next[right] >= 0) before[next[right]] = best
    }
    let to = 0
    for (let i = 0; size > 0 && i >= 0; i = next[i]) {
      means[to] = means[i]
      this.weights[to++] = this.weights[i]
    }
    this.size = to
  }

  /** Joins points that differ in their last digit only. */
  unique(): void {
    let to = 0
    for (let i = 1; i < this.size; i++) {
      const least = 10 * (this.means[to] + this.means[i]) * Number.EPSILON
      if (this.means[to] + Math.abs(least) >= this.means[i]) this.join(to, i)
      else {
        to++
        this.means[to] = this.means[i]
        this.weights[to] = this.weights[i]
      }
    }
    if (this.size > 0) this.size = to + 1
  }
}

const histogram: AggregateDef = {
  name: 'histogram', arity: [1, 1], nulls: 'skip', keepsNonNullable: true,
  returnType: ([arg], parameters) => {
    binsOf(parameters)
    const number = numberInfo(bareType(arg))
    if (number !== null && number.bytes <= 8) return arrayOf(BIN)
    throw new FunctionError(`Illegal type ${arg.name} of argument for aggregate function histogram`)
  },
  create: (_args, parameters, context) => {
    const { account } = context
    const bins = binsOf(parameters)
    const width = HEADER + bins * 4
    const points = new Points(bins * 2)
    let states = grown(Float64Array, null, 1, account)
    const add = (group: number, mean: number, weight: number, low: number, high: number): void => {
      const state = states.subarray(group * width, (group + 1) * width)
      if (!Number.isFinite(mean)) {
        throw new FunctionError("Invalid value (inf or nan) for aggregation by 'histogram' function", 'INCORRECT_DATA')
      }
      const size = state[0]++
      state[1] = size === 0 ? low : Math.min(state[1], low)
      state[2] = size === 0 ? high : Math.max(state[2], high)
      state[HEADER + size * 2] = mean
      state[HEADER + size * 2 + 1] = weight
      if (size + 1 < bins * 2) return
      points.load(state)
      points.compress(bins)
      points.store(state)
    }
    return byGroup({
      resize: (groupCount) => { states = grown(Float64Array, states, groupCount * width, account) },
      update: (groups, rowCount, [vector]) => {
        const read = numberReader(vector)
        for (let row = 0; row < rowCount; row++) add(groups[row], read(row), 1, read(row), read(row))
      },
      write: (out, group) => {
        const at = group * width
        for (let i = 0; i < HEADER + states[at] * 2; i++) out.f64(states[at + i])
      },
      read: (reader, group) => {
        const [size, low, high] = [reader.f64(), reader.f64(), reader.f64()]
        for (let i = 0; i < size; i++) add(group, reader.f64(), reader.f64(), low, high)
      },
      finish: (groupCount) => {
        const ends = account.u32(groupCount + 1)
        ends[0] = 0
        const columns = [0, 1, 2].map(() => account.f64(groupCount * bins))
        for (let group = 0; group < groupCount; group++) {
          const state = states.subarray(group * width, (group + 1) * width)
          points.load(state)
          points.compress(bins)
          points.unique()
          ends[group + 1] = ends[group] + points.size
          fillBins(points, state, columns.map((column) => column.subarray(ends[group])))
        }
        return arrayVector(arrayOf(BIN), ends, {
          kind: 'tuple', type: BIN, length: ends[groupCount], isConst: false, nulls: null,
          fields: columns.map((column) => numberVector(FLOAT64, column.subarray(0, ends[groupCount]))),
        })
      },
    }, context)
  },
}

/** Bins reach half-way to their neighbours; their weights take the density as linear between points. */
function fillBins(
  { size, means, weights }: Points, [, low, high]: Float64Array, [lower, upper, weight]: Float64Array[]): void {
  for (let i = 0; i < size; i++) {
    lower[i] = i === 0 ? low : (means[i] + means[i - 1]) / 2
    upper[i] = i + 1 === size ? high : (means[i] + means[i + 1]) / 2
    const below = i === 0 ? weights[i] : (weights[i - 1] + weights[i] * 3) / 4
    const above = i + 1 === size ? weights[i] : (weights[i + 1] + weights[i] * 3) / 4
    weight[i] = (below + above) / 2
  }
}

export const HISTOGRAM: readonly AggregateDef[] = [histogram]
