// Sums and bit operations that need more than 64 bits a group: results of Int128, Int256, UInt128,
// UInt256 and of every Decimal (a Decimal's sum has at least 38 digits).
// Invariant: a group's value is its words (two's complement, low first) plus, for sums, what has
// gathered in `near`, where doubles are exact.

import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import type { DataType } from '../../../storage/column/data-type.ts'
import { largeWidth } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import { bigReader } from '../base/define.ts'
import type { AggregateStates, EvalContext, StatePayload } from '../values/function.ts'
import { meetGroups } from '../base/group-loops.ts'
import { grown } from '../values/state-array.ts'
import { byGroup, eachState, serializeGroups, type GroupStates } from '../values/state-bytes.ts'
import { largeVector } from '../values/vectors.ts'

/** One integer of a large type's width a group. */
class Words {
  private words: BigInt64Array
  private readonly width: number
  private readonly context: EvalContext

  constructor(type: DataType, context: EvalContext) {
    this.width = largeWidth(type) / 8
    this.context = context
    this.words = grown(BigInt64Array, null, 1, context.account)
  }

  resize(groupCount: number): void {
    this.words = grown(BigInt64Array, this.words, groupCount * this.width, this.context.account)
  }

  get(group: number): bigint {
    const at = group * this.width
    let value = this.words[at + this.width - 1]
    for (let word = this.width - 2; word >= 0; word--) {
      value = (value << 64n) | BigInt.asUintN(64, this.words[at + word])
    }
    return value
  }

  set(group: number, value: bigint): void {
    const at = group * this.width
    let rest = value
    for (let word = 0; word < this.width; word++, rest >>= 64n) this.words[at + word] = rest // wraps
  }

  write(out: ByteBuilder, group: number): void {
    for (let word = 0; word < this.width; word++) out.i64(this.words[group * this.width + word])
  }

  read(reader: ByteReader): bigint {
    let value = 0n
    for (let word = 0; word < this.width; word++) {
      value |= BigInt.asUintN(64, BigInt(reader.i64())) << BigInt(64 * word)
    }
    return BigInt.asIntN(64 * this.width, value)
  }

  /** The words of the first groups, and the other way. */
  shown(groupCount: number): BigInt64Array { return this.words.subarray(0, groupCount * this.width) }

  static of(words: BigInt64Array, type: DataType, context: EvalContext): Words {
    const other = new Words(type, context)
    other.words = words
    return other
  }
}

const SAFE = Number.MAX_SAFE_INTEGER

/** Exact sums of integers or of ticks. */
export class LargeSums {
  private readonly words: Words
  private near: Float64Array | null = null
  /** No |value| of `near` is larger. */
  private bound = 0
  private groupCount = 0
  private readonly type: DataType
  private readonly context: EvalContext

  constructor(type: DataType, context: EvalContext) {
    this.type = type
    this.context = context
    this.words = new Words(type, context)
  }

  resize(groupCount: number): void {
    this.words.resize(groupCount)
    this.near = grown(Float64Array, this.near, groupCount, this.context.account)
    this.groupCount = Math.max(this.groupCount, groupCount)
  }

  update(groups: Uint32Array, rowCount: number, [vector]: readonly Vector[]): void {
    if (vector.kind === 'number') {
      let most = 0
      const count = vector.isConst ? 1 : rowCount
      for (let row = 0; row < count; row++) most = Math.max(most, Math.abs(vector.values[row]))
      if (this.bound + most * rowCount > SAFE) this.settle()
      if (most * rowCount <= SAFE) {
        this.bound += most * rowCount
        meetGroups('add', groups, vector.values, vector.isConst, this.near as Float64Array, rowCount, this.context)
        return
      }
    }
    const read = bigReader(vector)
    for (let row = 0; row < rowCount; row++) this.add(groups[row], read(row))
  }

  private add(group: number, value: bigint): void { this.words.set(group, this.words.get(group) + value) }

  /** Moves what has gathered into the words. */
  private settle(): void {
    const near = this.near as Float64Array
    for (let group = 0; group < this.groupCount; group++) {
      if (near[group] !== 0) this.add(group, BigInt(near[group]))
      near[group] = 0
    }
    this.bound = 0
  }

  exportStates(groupCount: number): StatePayload {
    this.settle()
    return { arrays: [this.words.shown(groupCount)], numbers: [] }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    const other = Words.of(payload.arrays[0] as BigInt64Array, this.type, this.context)
    for (let group = 0; group < toGroup.length; group++) this.add(toGroup[group], other.get(group))
  }

  write(out: ByteBuilder, group: number): void {
    if (this.bound > 0) this.settle()
    this.words.write(out, group)
  }

  read(reader: ByteReader, group: number): void { this.add(group, this.words.read(reader)) }

  serialize(groupCount: number) {
    return serializeGroups(groupCount, this.context.account, (out, group) => this.write(out, group))
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: Parameters<AggregateStates['mergeRows']>[2]): void {
    eachState(states, rowCount, (reader, row) => this.read(reader, groups[row]))
  }

  finish(groupCount: number): Vector {
    this.settle()
    return largeVector(this.type, groupCount, this.context.account, (group) => this.words.get(group))
  }

  /** The sum of a group as a double, for avg. */
  doubleAt(group: number): number {
    if (this.bound > 0) this.settle()
    const sum = this.words.get(group)
    return Number(this.type.id.startsWith('U') ? BigInt.asUintN(largeWidth(this.type) * 8, sum) : sum)
  }
}

/** States of one large integer a group that meets each row's by `step`. */
export function largeStates(
  type: DataType, first: bigint, step: (state: bigint, value: bigint) => bigint, context: EvalContext,
): AggregateStates {
  const words = new Words(type, context)
  let known = 0
  const states: GroupStates = {
    resize: (groupCount) => {
      words.resize(groupCount)
      for (; known < groupCount; known++) words.set(known, first)
    },
    update: (groups, rowCount, [vector]) => {
      const read = bigReader(vector)
      for (let row = 0; row < rowCount; row++) words.set(groups[row], step(words.get(groups[row]), read(row)))
    },
    write: (out, group) => words.write(out, group),
    read: (reader, group) => words.set(group, step(words.get(group), words.read(reader))),
    finish: (groupCount) => largeVector(type, groupCount, context.account, (group) => words.get(group)),
  }
  return byGroup(states, context)
}
