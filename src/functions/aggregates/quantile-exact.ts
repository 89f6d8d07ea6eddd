// Quantiles that keep every value: exact ones that interpolate (those that pick are in quantile-picks.ts), weighted ones,
// and quantileTiming, which rounds once there are many.
// Invariant: which value is picked depends on the multiset of values alone, not on their order.

import type { EvalContext } from '../values/function.ts'
import { FunctionError } from '../values/function.ts'
import { intHash32 } from '../values/int-hash.ts'
import { RunSketch } from './quantile-runs.ts'

/** Picks from sorted values. */
export type Pick = (sorted: Float64Array, level: number) => number

/** Between the values around place `h`, counted from 1. */
function between(sorted: Float64Array, h: number): number {
  const n = Math.floor(h)
  if (n >= sorted.length) return sorted[sorted.length - 1]
  if (n < 1) return sorted[0]
  return sorted[n - 1] + (h - n) * (sorted[n] - sorted[n - 1])
}

export const pickExclusive: Pick = (sorted, level) => {
  if (level === 0 || level === 1) {
    throw new FunctionError('QuantileExactExclusive cannot interpolate for the percentiles 1 and 0',
      'BAD_ARGUMENTS')
  }
  return between(sorted, level * (sorted.length + 1))
}

export const pickInclusive: Pick = (sorted, level) => between(sorted, level * (sorted.length - 1) + 1)

/** All values, sorted in the end. */
export class ExactSketch extends RunSketch {
  private readonly pick: Pick

  constructor(pick: Pick, context: EvalContext) {
    super(1, context)
    this.pick = pick
  }

  protected levels(group: number): (level: number) => number {
    const sorted = this.runs.of(group).sort()
    return (level) => this.pick(sorted, level)
  }
}

/** Samples of a group above which equal values are made one. */
const COMBINE_SAMPLES = 4096

/** Values with weights, each value once in the end. `answer` gets pairs sorted by value. */
export class WeightedSketch extends RunSketch {
  private readonly answer: (pairs: Float64Array) => (level: number) => number
  private nextCombine = COMBINE_SAMPLES

  constructor(answer: (pairs: Float64Array) => (level: number) => number, context: EvalContext) {
    super(2, context)
    this.answer = answer
  }

  override add(group: number, value: number, weight: number): void {
    this.runs.push(group, value, weight)
    if (this.runs.kept[group] < this.nextCombine) return
    this.runs.combine(group)
    this.nextCombine = Math.max(COMBINE_SAMPLES, this.runs.kept[group] * 2)
  }

  protected levels(group: number): (level: number) => number {
    return this.answer(this.runs.combine(group))
  }
}

/** The value at which the weights from below reach the level's share. */
export function weightedExact(pairs: Float64Array): (level: number) => number {
  let total = 0
  for (let at = 1; at < pairs.length; at += 2) total += pairs[at]
  return (level) => {
    const threshold = Math.ceil(total * level)
    let sum = 0
    for (let at = 0; at < pairs.length; at += 2) {
      sum += pairs[at + 1]
      if (sum >= threshold) return pairs[at]
    }
    return pairs[pairs.length - 2]
  }
}

/** Between values that stand at the middle of their weights. */
export function weightedInterpolated(pairs: Float64Array): (level: number) => number {
  const size = pairs.length / 2
  const places = new Float64Array(size)
  let total = 0
  for (let i = 0; i < size; i++) total += pairs[i * 2 + 1]
  let sum = 0
  for (let i = 0; i < size; i++) {
    sum += pairs[i * 2 + 1]
    places[i] = total === 0 ? pairs[i * 2 + 1] : (sum - 0.5 * pairs[i * 2 + 1]) / total
  }
  return (level) => {
    let left = 0
    while (left + 2 < size && level > places[left + 1]) left++
    const right = Math.min(left + 1, size - 1)
    const low = level > places[right] ? pairs[right * 2] : pairs[left * 2]
    const high = level < places[left] ? pairs[left * 2] : pairs[right * 2]
    const width = places[right] - places[left]
    return low + (high - low) / (width === 0 ? 1 : width) * (level - places[left])
  }
}

/** As if each value came as often as its weight says: between the values around the level's place. */
export function weightedRepeated(pairs: Float64Array): (level: number) => number {
  let total = 0
  for (let at = 1; at < pairs.length; at += 2) total += pairs[at]
  const valueAt = (place: number): number => {
    let sum = 0
    for (let at = 0; at < pairs.length; at += 2) {
      sum += pairs[at + 1]
      if (place < sum) return pairs[at]
    }
    return pairs[pairs.length - 2]
  }
  return (level) => {
    if (total === 0) return Number.NaN
    const place = (total - 1) * level
    const low = Math.floor(place)
    const [before, after] = [valueAt(low), valueAt(Math.ceil(place))]
    return before + (place - low) * (after - before)
  }
}

const TIMING_MAX = 30_000
const TIMING_FINE = 1024
const TIMING_STEP = 16
/** Values above which the answer is read off a histogram. */
const TIMING_EXACT_MAX = 5672
const TINY_MAX = 31

/** Milliseconds up to half a minute. Of many values only counts are kept: each below 1024, then of 16
 * at a time. */
export class TimingSketch extends RunSketch {
  private readonly isWeighted: boolean

  constructor(isWeighted: boolean, context: EvalContext) {
    super(2, context)
    this.isWeighted = isWeighted
  }

  override add(group: number, value: number, weight: number): void {
    if (!(value >= 0) || value > Number.MAX_SAFE_INTEGER || weight === 0) return
    this.runs.push(group, Math.min(Math.trunc(value), TIMING_MAX), weight)
    if (this.runs.kept[group] % COMBINE_SAMPLES === 0) this.runs.combine(group)
  }

  protected levels(group: number): (level: number) => number {
    const pairs = this.runs.combine(group)
    let total = 0
    for (let at = 1; at < pairs.length; at += 2) total += pairs[at]
    const isExact = this.isWeighted ? total <= TINY_MAX : total < TIMING_EXACT_MAX
    return (level) => {
      const wanted = isExact ? (level < 1 ? Math.floor(total * level) : total - 1) + 1
        : Math.ceil(total * level)
      let sum = 0
      for (let at = 0; at < pairs.length;) {
        // All values of one step of the histogram count together.
        const slot = isExact ? pairs[at] : slotOfTime(pairs[at])
        const time = pairs[at]
        if (!isExact && time >= TIMING_MAX) return TIMING_MAX
        for (; at < pairs.length && (isExact ? pairs[at] : slotOfTime(pairs[at])) === slot; at += 2) {
          sum += pairs[at + 1]
        }
        if (sum >= wanted) return isExact || slot < TIMING_FINE ? time : timeOfSlot(slot - TIMING_FINE)
      }
      return TIMING_MAX
    }
  }
}

const slotOfTime = (time: number): number => (time < TIMING_FINE ? time
  : time >= TIMING_MAX ? Number.POSITIVE_INFINITY
    : TIMING_FINE + Math.floor((time - TIMING_FINE) / TIMING_STEP))

/** Shifted a little by a hash of the slot, so that answers are not all even. */
function timeOfSlot(slot: number): number {
  return slot * TIMING_STEP + TIMING_FINE + Number(intHash32(BigInt(slot)) % 16n) - TIMING_STEP / 2
}
