// Least or most of numbers: a double a group. 64-bit numbers, too, while all that come are doubles (safe
// integers); the first block that is not turns what is known into kept values (kept-values.ts).
// Invariant: NaN in a number's slot means that the group saw no number yet.

import { STRING, type DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import type { AggregateStates, EvalContext, Slot, StatePayload } from '../values/function.ts'
import { meetGroups, meetOne } from '../base/group-loops.ts'
import { grown, picked } from '../values/state-array.ts'
import { eachState, readNumberState, serializeGroups, writeNumberState } from '../values/state-bytes.ts'
import { bytesVector, newNumbers, numberVector } from '../values/vectors.ts'

export class ExtremeNumbers implements AggregateStates {
  private best: Float64Array | null = null
  private groupCount = 0
  private readonly step: 'min' | 'max'
  private readonly type: DataType
  private readonly context: EvalContext

  constructor(step: 'min' | 'max', type: DataType, context: EvalContext) {
    this.step = step
    this.type = type
    this.context = context
  }

  get slot(): Slot { return this.step === 'min' ? 'least' : 'most' }

  adopt(doubles: Float64Array): void {
    if (this.best !== null) this.context.account.free(this.best.byteOffset)
    this.best = doubles
    this.groupCount = doubles.length
  }

  pack(groups: Uint32Array): void {
    this.groupCount = groups.length
    if (this.best !== null) this.best = picked(Float64Array, this.best, groups, this.context)
  }

  resize(groupCount: number): void {
    this.groupCount = Math.max(this.groupCount, groupCount)
    const room = this.best?.length ?? 0
    if (groupCount <= room) return
    this.best = grown(Float64Array, this.best, groupCount, this.context.account)
    this.best.fill(Number.NaN, room)
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[]): void {
    const [vector] = args
    if (vector.kind !== 'number') throw new Error(`${vector.type.name} is no number`)
    const best = this.best as Float64Array
    const isOne = this.groupCount === 1 && !vector.isConst
      && meetOne(this.step, vector.values, best, rowCount, this.context)
    if (!isOne) meetGroups(this.step, groups, vector.values, vector.isConst, best, rowCount, this.context)
  }

  exportStates(groupCount: number): StatePayload {
    return { arrays: [(this.best as Float64Array).subarray(0, groupCount)], numbers: [] }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    const from = payload.arrays[0] as Float64Array
    meetGroups(this.step, toGroup, from, false, this.best as Float64Array, from.length, this.context)
  }

  /** Each group's number; NaN: it saw none. */
  numbers(groupCount: number): Float64Array { return (this.best as Float64Array).subarray(0, groupCount) }

  serialize(groupCount: number): BytesVector {
    const best = this.best as Float64Array
    return serializeGroups(groupCount, this.context.account, (out, group) => {
      out.byte(Number.isNaN(best[group]) ? 0 : 1)
      if (!Number.isNaN(best[group])) writeNumberState(out, this.type, best[group])
    })
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    const values = (this.context.scratch ?? this.context.account).f64(rowCount).fill(Number.NaN)
    eachState(states, rowCount, (reader, row) => {
      if (reader.u8() === 1) values[row] = Number(readNumberState(reader, this.type))
    })
    meetGroups(this.step, groups, values, false, this.best as Float64Array, rowCount, this.context)
    if (this.context.scratch === undefined) this.context.account.free(values.byteOffset)
  }

  finish(groupCount: number): Vector {
    const best = this.best as Float64Array
    const none = this.type.values?.[0] ?? 0
    const out = newNumbers(this.type, groupCount, this.context.account)
    if (out instanceof Uint32Array && none === 0) {
      this.context.kernels.doublesToWords(best.byteOffset, groupCount, 0, 1, out.byteOffset)
    } else for (let g = 0; g < groupCount; g++) out[g] = Number.isNaN(best[g]) ? none : best[g]
    return numberVector(this.type, out)
  }
}

/** Of 64-bit numbers. `makeKept` makes the states that hold what is no double. */
export class WideExtremes implements AggregateStates {
  private near: ExtremeNumbers | null
  private kept: AggregateStates | null = null
  private groupCount = 0
  private readonly type: DataType
  private readonly context: EvalContext
  private readonly makeKept: () => AggregateStates

  constructor(step: 'min' | 'max', type: DataType, context: EvalContext, makeKept: () => AggregateStates) {
    this.near = new ExtremeNumbers(step, type, context)
    this.type = type
    this.context = context
    this.makeKept = makeKept
  }

  resize(groupCount: number): void {
    this.groupCount = Math.max(this.groupCount, groupCount)
    ;(this.near ?? this.far()).resize(groupCount)
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[]): void {
    (args[0].kind === 'number' ? this.near ?? this.far() : this.far()).update(groups, rowCount, args)
  }

  /** The states of kept values, which hold all from now on. */
  private far(): AggregateStates {
    if (this.kept !== null) return this.kept
    const kept = this.makeKept()
    kept.resize(this.groupCount)
    this.kept = kept
    const { near } = this
    this.near = null
    if (near !== null) this.enter(near.numbers(this.groupCount), null)
    return kept
  }

  /** Numbers of groups, those of group g for toGroup[g]; NaN is none. */
  private enter(numbers: Float64Array, toGroup: Uint32Array | null): void {
    const { account } = this.context
    const values = newNumbers(this.type, Math.max(1, numbers.length), account)
    const groups = account.u32(Math.max(1, numbers.length))
    let count = 0
    numbers.forEach((number, group) => {
      if (number !== number) return
      values[count] = number
      groups[count++] = toGroup === null ? group : toGroup[group]
    })
    this.far().update(groups, count, [numberVector(this.type, values.subarray(0, count))])
    account.free(groups.byteOffset)
    account.free(values.byteOffset)
  }

  /** Doubles as they lie, kept values as the bytes of their states. */
  exportStates(groupCount: number): StatePayload {
    if (this.near !== null) return this.near.exportStates(groupCount)
    const { offsets, bytes } = this.far().serialize(groupCount)
    return { arrays: [offsets, bytes], numbers: [] }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    const [first, bytes] = payload.arrays
    if (first instanceof Float64Array) {
      if (this.near !== null) this.near.mergeStates(payload, toGroup)
      else this.enter(first, toGroup)
      return
    }
    // What arrived lies in shared memory: readers of bytes want memory of their own.
    const offsets = Uint32Array.from(first as Uint32Array)
    this.far().mergeRows(toGroup, toGroup.length, bytesVector(STRING, offsets, Uint8Array.from(bytes as Uint8Array)))
  }

  serialize(groupCount: number): BytesVector { return (this.near ?? this.far()).serialize(groupCount) }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    let isNear = this.near !== null
    if (isNear) {
      eachState(states, rowCount, (reader) => {
        if (reader.u8() === 1) isNear = typeof readNumberState(reader, this.type) === 'number' && isNear
      })
    }
    const target = isNear && this.near !== null ? this.near : this.far()
    target.mergeRows(groups, rowCount, states)
  }

  finish(groupCount: number): Vector { return (this.near ?? this.far()).finish(groupCount) }
}
