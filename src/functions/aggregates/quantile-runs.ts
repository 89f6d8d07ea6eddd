// The ground of all quantiles: a run of doubles a group that doubles as it grows, and the steps that
// each kind of quantile fills in.
// Invariant: a group's samples lie in runs[group][0 .. kept[group] * width).

import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import type { EvalContext } from '../values/function.ts'
import { grown } from '../values/state-array.ts'

const RUN_FIRST = 8
const BYTES_PER_RUN = 96 // the array object and its place in `runs`

export class Runs {
  /** Samples of each group. */
  kept: Uint32Array
  private readonly runs: (Float64Array | null)[] = []
  private readonly width: number
  private readonly context: EvalContext

  constructor(width: number, context: EvalContext) {
    this.width = width
    this.context = context
    this.kept = grown(Uint32Array, null, 1, context.account)
  }

  resize(groupCount: number): void {
    const { account } = this.context
    this.kept = grown(Uint32Array, this.kept, groupCount, account)
    while (this.runs.length < groupCount) {
      account.charge(BYTES_PER_RUN)
      this.runs.push(null)
    }
  }

  /** Appends a sample; `weight` only where samples are two wide. */
  push(group: number, value: number, weight = 0): void {
    const at = this.kept[group] * this.width
    const run = grown(Float64Array, this.runs[group] ?? this.context.account.f64(RUN_FIRST),
      at + this.width, this.context.account)
    run[at] = value
    if (this.width === 2) run[at + 1] = weight
    this.kept[group]++
    this.runs[group] = run
  }

  /** The samples of a group; may be written. */
  of(group: number): Float64Array {
    const run = this.runs[group]
    return run === null ? NOTHING : run.subarray(0, this.kept[group] * this.width)
  }

  /** Sorts pairs (value, weight) by value and makes one of those that are equal. */
  combine(group: number): Float64Array {
    const sorted = sortedPairs(this.of(group))
    let last = -2
    for (let at = 0; at < sorted.length; at += 2) {
      if (last >= 0 && sorted[last] === sorted[at]) sorted[last + 1] += sorted[at + 1]
      else {
        last += 2
        sorted[last] = sorted[at]
        sorted[last + 1] = sorted[at + 1]
      }
    }
    const run = this.of(group)
    run.set(sorted.subarray(0, last + 2))
    this.kept[group] = (last + 2) / 2
    return run.subarray(0, last + 2)
  }

  write(out: ByteBuilder, group: number): void {
    out.varint(this.kept[group])
    for (const value of this.of(group)) out.f64(value)
  }

  /** Hands on every sample that write() wrote. */
  read(reader: ByteReader, add: (value: number, weight: number) => void): void {
    for (let count = reader.varint(); count > 0; count--) {
      add(reader.f64(), this.width === 2 ? reader.f64() : 0)
    }
  }
}

const NOTHING = new Float64Array(0)

/** Pairs in the order of their first numbers, stable. */
export function sortedPairs(pairs: Float64Array): Float64Array {
  const order = new Uint32Array(pairs.length / 2)
  for (let i = 0; i < order.length; i++) order[i] = i * 2
  order.sort((a, b) => pairs[a] - pairs[b] || a - b)
  const sorted = new Float64Array(pairs.length)
  for (let i = 0; i < order.length; i++) {
    sorted[i * 2] = pairs[order[i]]
    sorted[i * 2 + 1] = pairs[order[i] + 1]
  }
  return sorted
}

/** One kind of quantile over all groups. */
export interface QuantileSketch {
  resize(groupCount: number): void
  /** A value; `weight` is 1 for kinds without one, and the determinator of quantileDeterministic. */
  add(group: number, value: number, weight: number): void
  write(out: ByteBuilder, group: number): void
  read(reader: ByteReader, group: number): void
  /** Levels of a group to values; null: the group saw nothing. */
  reader(group: number): ((level: number) => number | bigint) | null
}

/** A sketch that keeps what it is given in runs and answers from them. */
export abstract class RunSketch implements QuantileSketch {
  protected readonly runs: Runs

  constructor(width: number, context: EvalContext) {
    this.runs = new Runs(width, context)
  }

  resize(groupCount: number): void { this.runs.resize(groupCount) }

  add(group: number, value: number, weight: number): void { this.runs.push(group, value, weight) }

  write(out: ByteBuilder, group: number): void { this.runs.write(out, group) }

  read(reader: ByteReader, group: number): void {
    this.runs.read(reader, (value, weight) => this.add(group, value, weight))
  }

  reader(group: number): ((level: number) => number | bigint) | null {
    return this.runs.kept[group] === 0 ? null : this.levels(group)
  }

  protected abstract levels(group: number): (level: number) => number
}
