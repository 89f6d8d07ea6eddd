// Quantiles that pick one of the values: quantileExact, Low and High. Whole numbers that no double holds turn a group's
// run of doubles into one of words.
// Invariant: which value is picked depends on the multiset of values alone, not on their order.
//
//   between workers   as FORMAT.md 4 says; of words NaN, which no run of doubles has, in place of the first sample and
//                     each word behind it: no column keeps that, as trim() leaves doubles

import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import type { BigArray } from '../../../storage/column/number-array.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import type { EvalContext } from '../values/function.ts'
import { grown } from '../values/state-array.ts'
import { isUnsignedWide } from '../values/types.ts'
import { RunSketch } from './quantile-runs.ts'

/** The place of a level among so many sorted values. */
export type Place = (count: number, level: number) => number

export const exactPlace: Place = (count, level) => (level < 1 ? Math.floor(level * count) : count - 1)

export const lowPlace: Place = (count, level) => {
  const half = Math.floor(count / 2)
  if (level !== 0.5) return exactPlace(count, level)
  return count % 2 === 1 ? half : half - 1
}

export const highPlace: Place = (count, level) => (level === 0.5 ? Math.floor(count / 2) : exactPlace(count, level))

/** Values of a group as words; of types without a sign the same bits. */
type Words = { run: BigInt64Array; kept: number }

/** All values, sorted in the end. */
export class PickSketch extends RunSketch {
  private readonly place: Place
  private readonly context: EvalContext
  /** Of groups that have a value beyond 2^53: their runs are empty. */
  private readonly words = new Map<number, Words>()
  private readonly isUnsigned: boolean

  /** `type`: of the values. */
  constructor(place: Place, type: DataType, context: EvalContext) {
    super(1, context)
    this.place = place
    this.context = context
    this.isUnsigned = isUnsignedWide(bareType(type))
  }

  override add(group: number, value: number): void {
    const words = this.words.size === 0 ? undefined : this.words.get(group)
    if (words === undefined) super.add(group, value, 1)
    else this.push(words, this.wordOf(value))
  }

  /** A stored double as a word: of the greatest values it is one more than their type has. */
  private wordOf(value: number): bigint {
    const greatest = this.isUnsigned ? 2n ** 64n - 1n : 2n ** 63n - 1n
    const word = BigInt(value)
    return word > greatest ? greatest : word
  }

  /** Adds a whole number beyond 2^53. */
  addWord(group: number, value: bigint): void {
    this.push(this.wordsOf(group), value)
  }

  private push(words: Words, value: bigint): void {
    words.run = grown(BigInt64Array, words.run, words.kept + 1, this.context.account)
    words.run[words.kept++] = value
  }

  /** The group's words; its doubles, which are whole numbers, become words. */
  private wordsOf(group: number): Words {
    const known = this.words.get(group)
    if (known !== undefined) return known
    const samples = this.runs.of(group)
    const words = { run: grown(BigInt64Array, null, samples.length + 1, this.context.account), kept: samples.length }
    for (let i = 0; i < samples.length; i++) words.run[i] = this.wordOf(samples[i])
    this.runs.kept[group] = 0
    this.words.set(group, words)
    return words
  }

  /** Leaves doubles alone, as columns keep them. */
  trim(): void {
    for (const [group, { run, kept }] of this.words) {
      for (const word of this.valuesOf(run, kept)) this.runs.push(group, Number(word))
      this.context.account.free(run.byteOffset)
    }
    this.words.clear()
  }

  override write(out: ByteBuilder, group: number): void {
    const words = this.words.get(group)
    if (words === undefined) {
      super.write(out, group)
      return
    }
    out.varint(words.kept + 1)
    out.f64(Number.NaN)
    for (let i = 0; i < words.kept; i++) out.i64(words.run[i])
  }

  override read(reader: ByteReader, group: number): void {
    const count = reader.varint()
    for (let i = 0; i < count; i++) {
      const value = reader.f64()
      if (i === 0 && Number.isNaN(value)) {
        const words = this.wordsOf(group)
        for (let left = count - 1; left > 0; left--) this.push(words, BigInt(reader.i64()))
        return
      }
      this.add(group, value)
    }
  }

  override reader(group: number): ((level: number) => number | bigint) | null {
    const words = this.words.get(group)
    if (words === undefined) return super.reader(group)
    const sorted = this.valuesOf(words.run, words.kept).sort()
    return (level) => sorted[this.place(sorted.length, level)]
  }

  protected levels(group: number): (level: number) => number {
    const sorted = this.runs.of(group).sort()
    return (level) => sorted[this.place(sorted.length, level)]
  }

  /** The values of a run of words: a view. */
  private valuesOf({ buffer, byteOffset }: BigInt64Array, kept: number): BigArray {
    return this.isUnsigned ? new BigUint64Array(buffer, byteOffset, kept) : new BigInt64Array(buffer, byteOffset, kept)
  }
}
