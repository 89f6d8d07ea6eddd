// Quantiles by sketches that stay small: the reservoirs of quantile and quantileDeterministic, t-digest,
// values as BFloat16, and logarithmic buckets (DDSketch).
// Invariant: the same rows in the same order give ClickHouse's own numbers: its generator, its
// thresholds, its way of merging.

import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import type { EvalContext } from '../values/function.ts'
import { FunctionError } from '../values/function.ts'
import { finalizeLow } from '../values/int-hash.ts'
import { RunSketch, Runs, sortedPairs, type QuantileSketch } from './quantile-runs.ts'
import { grown } from '../values/state-array.ts'

const RESERVOIR = 8192

/** Between the two values around level * (count - 1). */
function interpolated(sorted: Float64Array, level: number): number {
  const place = Math.max(0, Math.min(sorted.length - 1, level * (sorted.length - 1)))
  const left = Math.floor(place)
  if (left + 1 === sorted.length) return sorted[left]
  return sorted[left] * (left + 1 - place) + sorted[left + 1] * (place - left)
}

const PCG_SEED = 123459 // 123456, made odd as the generator asks
const PCG_MULTIPLIER = 6364136223846793005n

/** A sample of 8192 values; which ones, ClickHouse's random numbers say (PCG, xorshift and rotate of a
 * multiplied 64-bit state). */
export class ReservoirSketch extends RunSketch {
  private totals: Float64Array
  private states: BigUint64Array
  private known = 0
  private readonly context: EvalContext

  constructor(context: EvalContext) {
    super(1, context)
    this.context = context
    this.totals = grown(Float64Array, null, 1, context.account)
    this.states = grown(BigUint64Array, null, 1, context.account)
  }

  override resize(groupCount: number): void {
    super.resize(groupCount)
    this.totals = grown(Float64Array, this.totals, groupCount, this.context.account)
    this.states = grown(BigUint64Array, this.states, groupCount, this.context.account)
    for (; this.known < groupCount; this.known++) this.states[this.known] = BigInt(PCG_SEED)
  }

  override add(group: number, value: number): void {
    this.totals[group]++
    if (this.runs.kept[group] < RESERVOIR) {
      this.runs.push(group, value)
      return
    }
    const at = this.random(group, this.totals[group])
    if (at < RESERVOIR) this.runs.of(group)[at] = value
  }

  private random(group: number, below: number): number {
    const state = this.states[group]
    this.states[group] = BigInt.asUintN(64, state * PCG_MULTIPLIER)
    const mixed = state ^ (state >> 22n)
    return Number(BigInt.asUintN(32, mixed >> (22n + (state >> 61n)))) % below
  }

  override write(out: ByteBuilder, group: number): void {
    out.varint(this.totals[group])
    this.runs.write(out, group)
  }

  override read(reader: ByteReader, group: number): void {
    const total = reader.varint()
    const theirs = new Runs(1, this.context)
    theirs.resize(1)
    this.runs.read(reader, (value) => theirs.push(0, value))
    const samples = theirs.of(0)
    if (total <= RESERVOIR) {
      for (const value of samples) this.add(group, value)
    } else if (this.totals[group] <= RESERVOIR) {
      const own = this.runs.of(group).slice()
      this.runs.kept[group] = 0
      for (const value of samples) this.runs.push(group, value)
      this.totals[group] = total
      for (const value of own) this.add(group, value)
    } else this.replaceShare(group, samples, total)
  }

  /** Every so many-th value is theirs, by their share of all rows. */
  private replaceShare(group: number, samples: Float64Array, total: number): void {
    this.totals[group] += total
    const step = this.totals[group] / total
    const own = this.runs.of(group)
    if (step * 2 >= RESERVOIR) {
      const at = this.random(group, Math.floor(step))
      if (at < RESERVOIR) own[at] = samples[at]
      return
    }
    for (let at = 0; at < RESERVOIR; at += step) own[Math.floor(at)] = samples[Math.floor(at)]
  }

  protected levels(group: number): (level: number) => number {
    const sorted = this.runs.of(group).sort()
    return (level) => interpolated(sorted, level)
  }
}

/** A sample by a hash of the second argument: at most 8192 values whose low bits are 0. */
export class DeterministicSketch extends RunSketch {
  private skips: Uint8Array
  private readonly context: EvalContext

  constructor(context: EvalContext) {
    super(2, context)
    this.context = context
    this.skips = grown(Uint8Array, null, 1, context.account)
  }

  override resize(groupCount: number): void {
    super.resize(groupCount)
    this.skips = grown(Uint8Array, this.skips, groupCount, this.context.account)
  }

  override add(group: number, value: number, determinator: number): void {
    this.insert(group, value,
      finalizeLow(determinator % 4294967296 | 0, Math.floor(determinator / 4294967296) | 0))
  }

  private insert(group: number, value: number, hash: number): void {
    if (!this.isKept(group, hash)) return
    while (this.runs.kept[group] >= RESERVOIR) {
      this.skips[group]++
      this.thin(group)
      if (!this.isKept(group, hash)) return
    }
    this.runs.push(group, value, hash)
  }

  private isKept(group: number, hash: number): boolean {
    const skip = this.skips[group]
    return skip === 0 || (hash & (skip === 32 ? -1 : (1 << skip) - 1)) === 0
  }

  private thin(group: number): void {
    const pairs = this.runs.of(group)
    let to = 0
    for (let at = 0; at < pairs.length; at += 2) {
      if (!this.isKept(group, pairs[at + 1])) continue
      pairs[to++] = pairs[at]
      pairs[to++] = pairs[at + 1]
    }
    this.runs.kept[group] = to / 2
  }

  override write(out: ByteBuilder, group: number): void {
    out.byte(this.skips[group])
    this.runs.write(out, group)
  }

  override read(reader: ByteReader, group: number): void {
    const skip = reader.u8()
    if (skip > this.skips[group]) {
      this.skips[group] = skip
      this.thin(group)
    }
    this.runs.read(reader, (value, hash) => this.insert(group, value, hash))
  }

  protected levels(group: number): (level: number) => number {
    const pairs = this.runs.of(group)
    const sorted = new Float64Array(pairs.length / 2)
    for (let i = 0; i < sorted.length; i++) sorted[i] = pairs[i * 2]
    sorted.sort()
    return (level) => interpolated(sorted, level)
  }
}

const CENTROIDS_MAX = 2048
const EPSILON = Math.fround(0.01)

/** Dunning's t-digest: centroids (mean, count), small ones at both ends. Means and counts are floats of
 * 32 bits, sums of 64, as in ClickHouse. */
export class DigestSketch extends RunSketch {
  private unmerged: Uint32Array
  private counts: Float64Array
  private readonly context: EvalContext

  constructor(context: EvalContext) {
    super(2, context)
    this.context = context
    this.unmerged = grown(Uint32Array, null, 1, context.account)
    this.counts = grown(Float64Array, null, 1, context.account)
  }

  override resize(groupCount: number): void {
    super.resize(groupCount)
    this.unmerged = grown(Uint32Array, this.unmerged, groupCount, this.context.account)
    this.counts = grown(Float64Array, this.counts, groupCount, this.context.account)
  }

  override add(group: number, value: number, weight: number): void {
    if (weight === 0) return
    this.runs.push(group, Math.fround(value), Math.fround(weight))
    this.counts[group] += Math.fround(weight)
    if (++this.unmerged[group] > CENTROIDS_MAX) this.compress(group)
  }

  override write(out: ByteBuilder, group: number): void {
    if (this.runs.kept[group] > 0) this.compress(group)
    this.runs.write(out, group)
  }

  private compress(group: number): void {
    if (this.unmerged[group] === 0) return
    const pairs = sortedPairs(this.runs.of(group))
    const total = this.counts[group]
    const share = total * EPSILON * 4
    let sum = 0
    let left = 0
    let mean = pairs[0]
    let count = pairs[1]
    for (let right = 2; right < pairs.length; right += 2) {
      const before = (sum + count * 0.5) / total
      const after = (sum + count + pairs[right + 1] * 0.5) / total
      const error = Math.min(before * (1 - before), after * (1 - after))
      const next = pairs[right]
      const canMerge = mean === next || (Number.isFinite(mean) && Number.isFinite(next))
      if (count + pairs[right + 1] <= share * error && canMerge) {
        count += pairs[right + 1]
        if (next !== mean) mean += pairs[right + 1] * (next - mean) / count
        pairs[left] = Math.fround(mean)
        pairs[left + 1] = Math.fround(count)
      } else {
        sum += pairs[left + 1]
        left += 2
        pairs[left] = next
        pairs[left + 1] = pairs[right + 1]
        mean = next
        count = pairs[right + 1]
      }
    }
    this.counts[group] = sum + count
    this.runs.of(group).set(pairs.subarray(0, left + 2))
    this.runs.kept[group] = left / 2 + 1
    this.unmerged[group] = 0
  }

  protected levels(group: number): (level: number) => number {
    this.compress(group)
    const pairs = this.runs.of(group)
    const total = this.counts[group]
    return (level) => (pairs.length === 2 ? pairs[0] : digestValue(pairs, level * total))
  }
}

/** The value that stands at `place` of all counts. */
function digestValue(pairs: Float64Array, place: number): number {
  let before = 0
  let sum = 0
  let mean = pairs[0]
  let count = pairs[1]
  for (let at = 0; at < pairs.length; at += 2) {
    const here = sum + pairs[at + 1] * 0.5
    if (here >= place) {
      // A centroid of one value is a point.
      const left = Math.fround(before + (count === 1 ? 0.5 : 0))
      const right = Math.fround(here - (pairs[at + 1] === 1 ? 0.5 : 0))
      const x = Math.fround(place)
      if (place <= before + (count === 1 ? 0.5 : 0)) return mean
      if (place >= here - (pairs[at + 1] === 1 ? 0.5 : 0)) return pairs[at]
      const k = Math.fround(x - left) / Math.fround(right - left)
      return Math.fround((1 - k) * mean + k * pairs[at])
    }
    sum = Math.fround(sum + pairs[at + 1])
    mean = pairs[at]
    count = pairs[at + 1]
    before = here
  }
  return pairs[pairs.length - 2]
}

const SINGLE = new Float32Array(1)
const SINGLE_BITS = new Uint32Array(SINGLE.buffer)

/** A float with its lower 16 bits cut off. */
export function toBFloat16(value: number): number {
  SINGLE[0] = value
  SINGLE_BITS[0] &= 0xffff0000
  return SINGLE[0]
}

/** Buckets whose bounds grow by a constant factor; positive and negative values apart. */
export class LogSketch implements QuantileSketch {
  private readonly positive: Runs
  private readonly negative: Runs
  private zeros: Float64Array
  private readonly accuracy: number
  private readonly logGamma: number
  private readonly context: EvalContext

  constructor(accuracy: number, context: EvalContext) {
    if (!(accuracy > 0 && accuracy < 1)) {
      throw new FunctionError('quantileDD takes its relative accuracy, between 0 and 1, as its first '
        + 'parameter', 'BAD_ARGUMENTS')
    }
    this.accuracy = accuracy
    this.logGamma = Math.log((1 + accuracy) / (1 - accuracy))
    this.context = context
    this.positive = new Runs(2, context)
    this.negative = new Runs(2, context)
    this.zeros = grown(Float64Array, null, 1, context.account)
  }

  resize(groupCount: number): void {
    this.positive.resize(groupCount)
    this.negative.resize(groupCount)
    this.zeros = grown(Float64Array, this.zeros, groupCount, this.context.account)
  }

  add(group: number, value: number, weight: number): void {
    if (value === 0) this.zeros[group] += weight
    else this.count(value > 0 ? this.positive : this.negative, group,
      Math.trunc(Math.log(Math.abs(value)) / this.logGamma), weight)
  }

  private count(runs: Runs, group: number, bucket: number, weight: number): void {
    runs.push(group, bucket, weight)
    if (runs.kept[group] % RESERVOIR === 0) runs.combine(group)
  }

  write(out: ByteBuilder, group: number): void {
    out.f64(this.zeros[group])
    for (const runs of [this.positive, this.negative]) {
      runs.combine(group)
      runs.write(out, group)
    }
  }

  read(reader: ByteReader, group: number): void {
    this.zeros[group] += reader.f64()
    for (const runs of [this.positive, this.negative]) {
      runs.read(reader, (bucket, weight) => this.count(runs, group, bucket, weight))
    }
  }

  reader(group: number): ((level: number) => number) | null {
    const below = this.negative.combine(group)
    const above = this.positive.combine(group)
    const weightOf = (pairs: Float64Array): number => {
      let sum = 0
      for (let at = 1; at < pairs.length; at += 2) sum += pairs[at]
      return sum
    }
    const negatives = weightOf(below)
    const zeros = this.zeros[group]
    const total = negatives + zeros + weightOf(above)
    if (total === 0) return null
    return (level) => {
      const rank = level * (total - 1)
      if (rank < negatives) return -this.valueAt(below, negatives - rank - 1, true)
      return rank < negatives + zeros ? 0 : this.valueAt(above, rank - negatives - zeros, false)
    }
  }

  private valueAt(pairs: Float64Array, rank: number, isLower: boolean): number {
    let sum = 0
    let at = 0
    for (; at < pairs.length - 2; at += 2) {
      sum += pairs[at + 1]
      if (isLower ? sum >= rank + 1 : sum > rank) break
    }
    return Math.exp(pairs[at] * this.logGamma) * (1 + this.accuracy)
  }
}
