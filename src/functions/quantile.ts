// quantile, median (a reservoir of 8192 values a group, exact below) and quantileExact.
// Invariant: a group's values lie in one run of the heap; runs double as they grow.

import { bareType, FLOAT64, type DataType } from '../../storage/column/data-type.ts'
import type { BytesVector, Vector } from '../../storage/column/vector.ts'
import type { Value } from '../plan/plan.ts'
import {
  FunctionError, type AggregateDef, type AggregateStates, type EvalContext,
} from './function.ts'
import { grown } from './state-array.ts'
import { eachState, serializeGroups } from './state-bytes.ts'
import { isTemporal, numberInfo } from './types.ts'
import { newNumbers, numberVector } from './vectors.ts'

const RESERVOIR = 8192 // ClickHouse's sample size
const RUN_FIRST = 8

class QuantileStates implements AggregateStates {
  private runs: (Float64Array | null)[] = []
  private counts: Float64Array | null = null
  private kept: Uint32Array | null = null
  private random = 88172645
  private readonly level: number
  private readonly type: DataType
  private readonly isExact: boolean
  private readonly context: EvalContext

  constructor(level: number, type: DataType, isExact: boolean, context: EvalContext) {
    this.level = level
    this.type = type
    this.isExact = isExact
    this.context = context
  }

  resize(groupCount: number): void {
    const { account } = this.context
    this.counts = grown(Float64Array, this.counts, groupCount, account)
    this.kept = grown(Uint32Array, this.kept, groupCount, account)
    const BYTES_PER_RUN = 96 // the array object and its place in `runs`
    while (this.runs.length < groupCount) {
      account.charge(BYTES_PER_RUN)
      this.runs.push(null)
    }
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[]): void {
    const [vector] = args
    if (vector.kind !== 'number' && vector.kind !== 'big') {
      throw new Error(`quantile: ${vector.type.name} is no number`)
    }
    const { values, isConst } = vector
    for (let row = 0; row < rowCount; row++) {
      const value = Number(values[isConst ? 0 : row])
      if (!Number.isNaN(value)) this.add(groups[row], value, 1)
    }
  }

  /** One value that stands for `weight` seen ones. */
  private add(group: number, value: number, weight: number): void {
    const counts = this.counts as Float64Array
    const kept = this.kept as Uint32Array
    counts[group] += weight
    if (this.isExact || kept[group] < RESERVOIR) {
      const run = grown(Float64Array, this.runs[group] ?? this.firstRun(), kept[group] + 1,
        this.context.account)
      run[kept[group]++] = value
      this.runs[group] = run
      return
    }
    const place = this.nextRandom() * counts[group] / weight
    if (place < RESERVOIR) (this.runs[group] as Float64Array)[Math.floor(place)] = value
  }

  private firstRun(): Float64Array {
    return this.context.account.f64(RUN_FIRST)
  }

  /** Marsaglia's xorshift32 in [0, 1): the same sample for the same order of rows. */
  private nextRandom(): number {
    let x = this.random
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.random = x
    return (x >>> 0) / 4294967296
  }

  serialize(groupCount: number): BytesVector {
    const kept = this.kept as Uint32Array
    return serializeGroups(groupCount, this.context.account, (out, group) => {
      out.f64((this.counts as Float64Array)[group])
      out.varint(kept[group])
      const run = this.runs[group]
      for (let i = 0; run !== null && i < kept[group]; i++) out.f64(run[i])
    })
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    eachState(states, rowCount, (reader, row) => {
      const count = reader.f64()
      const kept = reader.varint()
      for (let i = 0; i < kept; i++) this.add(groups[row], reader.f64(), count / kept)
    })
  }

  finish(groupCount: number): Vector {
    const out = newNumbers(this.type, groupCount, this.context.account)
    for (let group = 0; group < groupCount; group++) {
      const count = (this.kept as Uint32Array)[group]
      const run = this.runs[group]
      if (run === null || count === 0) {
        out[group] = this.type.id.startsWith('Float') ? Number.NaN : 0
        continue
      }
      const sorted = run.subarray(0, count).sort()
      out[group] = this.isExact ? sorted[Math.min(count - 1, Math.floor(this.level * count))]
        : interpolated(sorted, this.level)
    }
    return numberVector(this.type, out)
  }
}

function interpolated(sorted: Float64Array, level: number): number {
  const place = Math.max(0, Math.min(sorted.length - 1, level * (sorted.length - 1)))
  const left = Math.floor(place)
  if (left + 1 >= sorted.length) return sorted[sorted.length - 1]
  const share = place - left
  return sorted[left] * (1 - share) + sorted[left + 1] * share
}

function levelOf(name: string, parameters: readonly Value[]): number {
  const level = parameters.length === 0 ? 0.5 : Number(parameters[0])
  if (level >= 0 && level <= 1) return level
  throw new FunctionError(`Aggregate ${name} takes a level from 0 to 1, not ${level}`,
    'PARAMETER_OUT_OF_BOUND')
}

/** Dates stay dates; quantile makes floats of numbers, quantileExact keeps them. */
function quantileType(name: string, arg: DataType, isExact: boolean): DataType {
  const bare = bareType(arg)
  if (isTemporal(bare)) return bare
  if (numberInfo(bare) === null) {
    throw new FunctionError(`Aggregate ${name} takes numbers or dates, not ${arg.name}`)
  }
  return isExact ? bare : FLOAT64
}

const quantileAggregate = (
  name: string, isExact: boolean, aliases: readonly string[] = []): AggregateDef => ({
  name, aliases, arity: [1, 1], nulls: 'skip',
  returnType: ([arg], parameters) => {
    levelOf(name, parameters)
    return quantileType(name, arg, isExact)
  },
  create: ([arg], parameters, context) => new QuantileStates(
    levelOf(name, parameters), quantileType(name, arg, isExact), isExact, context),
})

export const QUANTILE: readonly AggregateDef[] = [
  quantileAggregate('quantile', false, ['median']),
  quantileAggregate('quantileExact', true, ['medianExact']),
]
