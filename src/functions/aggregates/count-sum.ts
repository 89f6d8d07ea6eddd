// count, sum, avg: one number a group. The loop is chosen once a block by the kind of its values.
// Invariant: sums of integers are exact: doubles while the bound of all sums is below 2^53, spilled
// into 64-bit integers (which wrap as ClickHouse's do) before it is not.

import { bareType, FLOAT64, INT16, INT64, INT8, UINT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import type { BytesVector, NumberVector, Vector } from '../../../storage/column/vector.ts'
import type { NumberArray } from '../../../storage/column/number-array.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import { areInWork, countGroups, endsOf, meetGroups, meetOne } from '../base/group-loops.ts'
import { wrappingSum } from './bit-aggregates.ts'
import {
  FunctionError, type AggregateDef, type AggregateStates, type EvalContext, type Slot, type StatePayload,
} from '../values/function.ts'
import { bigReader, numbersBy } from '../base/define.ts'
import { LargeSums } from './large-states.ts'
import { grown, picked } from '../values/state-array.ts'
import { byGroup, damaged, eachState, nearStates, serializeGroups } from '../values/state-bytes.ts'
import { shrink } from '../values/parse-value.ts'
import { decimalDigits, decimalOf, integerType, isClock, isEnum, isInteger, isTemporal, numberInfo, tupleOf } from '../values/types.ts'
import { vectorOf } from '../values/values.ts'
import { bigVector, newBigs, numberVector, retype } from '../values/vectors.ts'

class CountStates implements AggregateStates {
  readonly slot = 'count'
  private counts: Float64Array | null = null
  private groupCount = 0
  private readonly context: EvalContext

  constructor(context: EvalContext) {
    this.context = context
  }

  adopt(doubles: Float64Array): void {
    if (this.counts !== null) this.context.account.free(this.counts.byteOffset)
    this.counts = doubles
    this.groupCount = doubles.length
  }

  pack(groups: Uint32Array): void {
    this.groupCount = groups.length
    if (this.counts !== null) this.counts = picked(Float64Array, this.counts, groups, this.context)
  }

  resize(groupCount: number): void {
    this.groupCount = Math.max(this.groupCount, groupCount)
    this.counts = grown(Float64Array, this.counts, groupCount, this.context.account)
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[], times?: Float64Array): void {
    const counts = this.counts as Float64Array
    const nulls = args.length === 0 ? null : args[0].nulls
    if (nulls !== null && !args[0].isConst) countPresent(counts, groups, nulls, rowCount, times)
    else if (nulls === null || nulls[0] === 0) this.countAll(groups, rowCount, times)
  }

  private countAll(groups: Uint32Array, rowCount: number, times: Float64Array | undefined): void {
    const counts = this.counts as Float64Array
    if (times !== undefined) meetGroups('add', groups, times, false, counts, rowCount, this.context)
    else countGroups(groups, rowCount, counts, this.groupCount, this.context)
  }

  exportStates(groupCount: number): StatePayload {
    return { arrays: [(this.counts as Float64Array).subarray(0, groupCount)], numbers: [] }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    const from = payload.arrays[0] as Float64Array
    meetGroups('add', toGroup, from, false, this.counts as Float64Array, from.length, this.context)
  }

  write(out: ByteBuilder, group: number): void {
    out.varint((this.counts as Float64Array)[group])
  }

  read(reader: ByteReader, group: number): void {
    (this.counts as Float64Array)[group] += reader.varint()
  }

  serialize(groupCount: number): BytesVector {
    return serializeGroups(groupCount, this.context.account, (out, group) => this.write(out, group))
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    const { account, kernels } = this.context
    const { byteOffset } = this.counts as Float64Array
    nearStates(groups, states, rowCount, account, (near, offsets, bytes, count) => {
      if (kernels.addCountStates(near, offsets, bytes, count, byteOffset) < count) throw damaged()
    })
  }

  shown(groupCount: number): Float64Array { return (this.counts as Float64Array).subarray(0, groupCount) }

  finish(groupCount: number): Vector { return numberVector(UINT64, this.shown(groupCount)) }
}

function countPresent(
  counts: Float64Array, groups: Uint32Array, nulls: Uint8Array, rowCount: number,
  times: Float64Array | undefined,
): void {
  for (let row = 0; row < rowCount; row++) {
    if (nulls[row] === 0) counts[groups[row]] += times === undefined ? 1 : times[row]
  }
}

const SAFE = Number.MAX_SAFE_INTEGER
/** Fewer rows at a time cost more than sums in 64 bits. */
const PIECE_ROWS_MIN = 256

/** Sums of numbers: floats in doubles; integers (and ticks of decimals) exactly. */
export class SumStates implements AggregateStates {
  private sums: Float64Array | null = null
  /** What was spilled from `sums`. */
  private high: BigInt64Array | null = null
  /** No |sum| in `sums` is larger. */
  private bound = 0
  private groupCount = 0
  private readonly type: DataType
  private readonly isExact: boolean
  private readonly context: EvalContext

  constructor(type: DataType, context: EvalContext) {
    this.type = type
    this.isExact = type !== FLOAT64
    this.context = context
  }

  /** What was spilled is no double. */
  get slot(): Slot | undefined { return this.high === null ? 'sum' : undefined }

  adopt(doubles: Float64Array): void {
    if (this.sums !== null) this.context.account.free(this.sums.byteOffset)
    this.sums = doubles
    this.groupCount = doubles.length
    if (this.isExact) this.bound = largest(doubles, doubles.length, this.context)
  }

  resize(groupCount: number): void {
    const { account } = this.context
    this.groupCount = Math.max(this.groupCount, groupCount)
    this.sums = grown(Float64Array, this.sums, groupCount, account)
    if (this.high !== null) this.high = grown(BigInt64Array, this.high, groupCount, account)
  }

  pack(groups: Uint32Array): void {
    this.groupCount = groups.length
    if (this.sums !== null) this.sums = picked(Float64Array, this.sums, groups, this.context)
    if (this.high !== null) this.high = picked(BigInt64Array, this.high, groups, this.context)
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[], times?: Float64Array): void {
    const [vector] = args
    const { isConst } = vector
    if (vector.kind === 'big') {
      this.addBig(groups, rowCount, vector.values, isConst, times)
      return
    }
    if (vector.kind !== 'number') throw new Error(`sum: ${vector.type.name} is no number`)
    const { values } = vector
    const sums = this.sums as Float64Array
    if (this.isExact) {
      const rows = times === undefined ? rowCount : times.reduce((sum, count) => sum + count, 0)
      const most = largest(values, isConst ? 1 : rowCount, this.context)
      if (rows * most > SAFE) {
        this.addLarge(groups, rowCount, vector, most, times)
        return
      }
      this.makeRoom(rows * most)
    }
    if (times === undefined) {
      const isOne = this.groupCount === 1 && !isConst && meetOne('add', values, sums, rowCount, this.context)
      if (!isOne) meetGroups('add', groups, values, isConst, sums, rowCount, this.context)
    } else for (let row = 0; row < rowCount; row++) sums[groups[row]] += values[isConst ? 0 : row] * times[row]
  }

  /** Values of which a block's may leave the safe integers: some rows at a time, or in 64 bits. */
  private addLarge(
    groups: Uint32Array, rowCount: number, { values, isConst }: NumberVector, most: number,
    times: Float64Array | undefined,
  ): void {
    const step = Math.floor(SAFE / most)
    if (times !== undefined || step < PIECE_ROWS_MIN) {
      const bigs = BigInt64Array.from(values.subarray(0, isConst ? 1 : rowCount), BigInt)
      this.addBig(groups, rowCount, bigs, isConst, times)
      return
    }
    for (let from = 0; from < rowCount; from += step) {
      const to = Math.min(rowCount, from + step)
      this.makeRoom((to - from) * most)
      meetGroups('add', groups.subarray(from, to), isConst ? values : values.subarray(from, to), isConst,
        this.sums as Float64Array, to - from, this.context)
    }
  }

  /** Keeps every sum safe through the next block, whose values add up to at most `more`. */
  private makeRoom(more: number): void {
    if (this.bound + more <= SAFE) {
      this.bound += more
      return
    }
    const sums = this.sums as Float64Array
    this.bound = largest(sums, sums.length, this.context)
    if (this.bound + more > SAFE) this.spill()
    this.bound += more
  }

  private spill(): void {
    const sums = this.sums as Float64Array
    const high = grown(BigInt64Array, this.high, sums.length, this.context.account)
    for (let g = 0; g < sums.length; g++) {
      if (sums[g] !== 0) high[g] += BigInt(sums[g])
      sums[g] = 0
    }
    this.high = high
    this.bound = 0
  }

  private addBig(
    groups: Uint32Array, rowCount: number, values: BigInt64Array | BigUint64Array, isConst: boolean,
    times: Float64Array | undefined,
  ): void {
    if (this.high === null) this.spill()
    const high = this.high as BigInt64Array
    for (let row = 0; row < rowCount; row++) {
      const value = values[isConst ? 0 : row]
      high[groups[row]] += times === undefined ? value : value * BigInt(times[row])
    }
  }

  exportStates(groupCount: number): StatePayload {
    const sums = (this.sums as Float64Array).subarray(0, groupCount)
    const arrays = this.high === null ? [sums] : [sums, this.high.subarray(0, groupCount)]
    return { arrays, numbers: [] }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    const from = payload.arrays[0] as Float64Array
    if (this.isExact) this.makeRoom(largest(from, from.length, this.context))
    meetGroups('add', toGroup, from, false, this.sums as Float64Array, from.length, this.context)
    if (payload.arrays.length === 1) return
    const more = payload.arrays[1] as BigInt64Array
    if (this.high === null) this.spill()
    const high = this.high as BigInt64Array
    for (let g = 0; g < more.length; g++) high[toGroup[g]] += more[g]
  }

  write(out: ByteBuilder, group: number): void {
    const sum = (this.sums as Float64Array)[group]
    if (!this.isExact) out.f64(sum)
    else if (this.high === null) out.i64(sum)
    else out.i64(this.high[group] + BigInt(sum))
  }

  read(reader: ByteReader, group: number): void {
    if (!this.isExact) {
      (this.sums as Float64Array)[group] += reader.f64()
      return
    }
    const value = reader.i64()
    if (typeof value === 'bigint') {
      if (this.high === null) this.spill()
      ;(this.high as BigInt64Array)[group] += value
      return
    }
    this.makeRoom(Math.abs(value))
    ;(this.sums as Float64Array)[group] += value
  }

  serialize(groupCount: number): BytesVector {
    return serializeGroups(groupCount, this.context.account, (out, group) => this.write(out, group))
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    const { account, kernels } = this.context
    const { byteOffset } = this.sums as Float64Array
    let isLarge = false
    nearStates(groups, states, rowCount, account, (near, offsets, bytes, count) => {
      if (!this.isExact) {
        if (kernels.addDoubleStates(near, offsets, bytes, count, byteOffset) < count) throw damaged()
        return
      }
      const most = kernels.largestWholeState(offsets, bytes, count)
      if (most === Infinity) throw damaged()
      isLarge ||= most * count > SAFE
      if (isLarge) return
      this.makeRoom(most * count)
      kernels.addWholeStates(near, offsets, bytes, count, byteOffset)
    })
    // Of a constant all rows are large, or none.
    if (isLarge) eachState(states, rowCount, (reader, row) => this.read(reader, groups[row]))
  }

  finish(groupCount: number): Vector {
    const sums = this.sums as Float64Array
    if (this.high === null && !(this.type.id === 'UInt64' && anyNegative(sums, groupCount))) {
      return numberVector(this.type, sums.subarray(0, groupCount))
    }
    const out = newBigs(this.type, groupCount, this.context.account)
    for (let g = 0; g < groupCount; g++) out[g] = (this.high?.[g] ?? 0n) + BigInt(sums[g])
    return bigVector(this.type, out)
  }

  /** The sum of a group as a double, for avg. */
  doubleAt(group: number): number {
    const sum = (this.sums as Float64Array)[group]
    if (this.high === null) return sum
    const exact = this.high[group] + BigInt(sum)
    return Number(this.type.id === 'UInt64' ? BigInt.asUintN(64, exact) : exact)
  }
}

const anyNegative = (values: Float64Array, count: number): boolean => {
  for (let i = 0; i < count; i++) if (values[i] < 0) return true
  return false
}

/** The largest magnitude a value of the array has: by its width where that says enough. */
export function largest(values: NumberArray, count: number, context: EvalContext): number {
  switch (values.BYTES_PER_ELEMENT) {
    case 1: return 255
    case 2: return 65535
    case 4: return 4294967296
    default: {
      if (values instanceof Float64Array && areInWork(context, count, values)) {
        const ends = endsOf(values, count, context)
        return Math.max(0, -ends.least, ends.most)
      }
      let most = 0
      for (let i = 0; i < count; i++) {
        const magnitude = Math.abs(values[i])
        if (magnitude > most) most = magnitude
      }
      return most
    }
  }
}

/** Sums of a type, in as many bits as it has. */
const sumsOf = (type: DataType, context: EvalContext): SumStates | LargeSums =>
  (isLarge(type) ? new LargeSums(type, context) : new SumStates(type, context))

/** Sums in other than doubles and 64 bits see each row. */
const takesTimes = ([arg]: readonly DataType[]): boolean => !isLarge(averagedType(arg))

class AvgStates implements AggregateStates {
  private readonly sums: SumStates | LargeSums
  private readonly counts: CountStates
  private readonly type: DataType
  private readonly context: EvalContext

  constructor(arg: DataType, context: EvalContext) {
    this.type = bareType(arg)
    this.sums = sumsOf(averagedType(this.type), context)
    this.counts = new CountStates(context)
    this.context = context
  }

  resize(groupCount: number): void {
    this.sums.resize(groupCount)
    this.counts.resize(groupCount)
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[], times?: Float64Array): void {
    this.sums.update(groups, rowCount, args, times)
    this.counts.update(groups, rowCount, [], times)
  }

  exportStates(groupCount: number): StatePayload {
    const sums = this.sums.exportStates(groupCount)
    const counts = this.counts.exportStates(groupCount)
    return { arrays: [...counts.arrays, ...sums.arrays], numbers: [] }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    this.counts.mergeStates({ arrays: payload.arrays.slice(0, 1), numbers: [] }, toGroup)
    this.sums.mergeStates({ arrays: payload.arrays.slice(1), numbers: [] }, toGroup)
  }

  serialize(groupCount: number): BytesVector {
    return serializeGroups(groupCount, this.context.account, (out, group) => {
      this.sums.write(out, group)
      this.counts.write(out, group)
    })
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    eachState(states, rowCount, (reader, row) => {
      this.sums.read(reader, groups[row])
      this.counts.read(reader, groups[row])
    })
  }

  finish(groupCount: number): Vector {
    const counts = this.counts.shown(groupCount)
    if (isTime(this.type)) return meanTimes(this.type, this.sums.finish(groupCount), counts, this.context)
    const out = this.context.account.f64(groupCount)
    const unit = this.type.id === 'Decimal' ? 10 ** this.type.scale : 1
    for (let g = 0; g < groupCount; g++) out[g] = this.sums.doubleAt(g) / counts[g] / unit
    return numberVector(FLOAT64, out)
  }
}

const isTime = (type: DataType): boolean => isTemporal(type) || isClock(type)

/** Times are averaged in whole days, seconds or ticks, halves to even; the mean of none is the first of all. */
function meanTimes(type: DataType, sums: Vector, counts: Float64Array, context: EvalContext): Vector {
  if (sums.kind === 'number') {
    const { values } = sums
    return numbersBy(type, counts.length, context, (g) =>
      (counts[g] === 0 ? 0 : wholeOf(Math.floor(values[g] / counts[g]), values[g], counts[g])))
  }
  const sumOf = bigReader(sums)
  return vectorOf(Array.from(counts, (count, g) => {
    if (count === 0) return 0
    const [sum, times] = [sumOf(g), BigInt(count)]
    const below = sum / times - (sum % times < 0n ? 1n : 0n)
    const twice = 2n * (sum - below * times)
    return shrink(twice > times || (twice === times && below % 2n !== 0n) ? below + 1n : below)
  }), type, context.account)
}

/** The whole number next to sum / count, which lies from `below` on. */
function wholeOf(below: number, sum: number, count: number): number {
  const twice = 2 * (sum - below * count)
  return twice > count || (twice === count && below % 2 !== 0) ? below + 1 : below
}

const noAggregate = (name: string, arg: DataType): FunctionError =>
  new FunctionError(`Aggregate ${name} takes numbers, not ${arg.name}`)

/** What avg sums: ticks of times, else as sum does. */
function averagedType(arg: DataType): DataType {
  return isTime(bareType(arg)) ? INT64 : sumType('avg', arg)
}

export function sumType(name: string, arg: DataType): DataType {
  const bare = bareType(arg)
  if (bare.id === 'Decimal') return decimalOf(bare.precision <= 38 ? 38 : 76, bare.scale)
  if (bare.id === 'Interval' || isEnum(bare)) return INT64
  const number = numberInfo(bare)
  if (number === null) throw noAggregate(name, arg)
  if (number.isFloat) return FLOAT64
  return integerType(Math.max(8, number.bytes), number.isSigned)
}

const count: AggregateDef = {
  name: 'count', isCaseInsensitive: true, arity: [0, 1], nulls: 'own', keepsNonNullable: true,
  returnType: () => UINT64, create: (_args, _parameters, context) => new CountStates(context),
  takesTimes: () => true,
}

const sum: AggregateDef = {
  name: 'sum', isCaseInsensitive: true, arity: [1, 1], nulls: 'skip', takesTimes,
  returnType: ([arg]) => sumType('sum', arg),
  create: ([arg], _parameters, context) => sumsOf(sumType('sum', arg), context),
}

const avg: AggregateDef = {
  name: 'avg', isCaseInsensitive: true, arity: [1, 1], nulls: 'skip', takesTimes,
  returnType: ([arg]) => {
    const bare = bareType(arg)
    if (isTime(bare)) return bare
    if (isEnum(bare) || bare.id === 'Interval') throw noAggregate('avg', arg)
    sumType('avg', arg)
    return FLOAT64
  },
  create: ([arg], _parameters, context) => new AvgStates(arg, context),
}

/** Integers wrap at the width of their own type, which the result keeps. */
const sumWithOverflow: AggregateDef = {
  name: 'sumWithOverflow', arity: [1, 1], nulls: 'skip', returnType: ([arg]) => overflowType(arg),
  create: ([arg], _parameters, context) => {
    const type = overflowType(arg)
    if (isLarge(type)) return new LargeSums(type, context)
    if (isInteger(type)) return wrappingSum(type, context)
    const states = sumsOf(sumType('sumWithOverflow', arg), context)
    return {
      resize: (groupCount) => states.resize(groupCount),
      update: (groups, rowCount, args) => states.update(groups, rowCount, args),
      serialize: (groupCount) => states.serialize(groupCount),
      mergeRows: (groups, rowCount, rows) => states.mergeRows(groups, rowCount, rows),
      finish: (groupCount) => {
        const sums = states.finish(groupCount)
        if (type.id !== 'Decimal' || isLarge(type)) return retype(sums, type)
        const ticks = bigReader(sums)
        return vectorOf(Array.from({ length: groupCount }, (_, group) =>
          shrink(BigInt.asIntN(type.precision <= 9 ? 32 : 64, ticks(group)))), type, context.account)
      },
    }
  },
}

function overflowType(arg: DataType): DataType {
  const bare = bareType(arg)
  sumType('sumWithOverflow', bare)
  if (bare.id === 'Decimal') return decimalOf(decimalDigits(bare.precision), bare.scale)
  if (isEnum(bare)) return bare.id === 'Enum8' ? INT8 : INT16
  return bare.id === 'Bool' ? UINT8 : bare
}

/** Sum and count as a tuple; sums of integers are signed. */
const sumCount: AggregateDef = {
  name: 'sumCount', arity: [1, 1], nulls: 'skip', keepsNonNullable: true,
  returnType: ([arg]) => tupleOf([sumCountType(arg), UINT64]),
  create: ([arg], _parameters, context) => {
    const sums = sumsOf(sumCountType(arg), context)
    const counts = new CountStates(context)
    return byGroup({
      resize: (groupCount) => {
        sums.resize(groupCount)
        counts.resize(groupCount)
      },
      update: (groups, rowCount, args) => {
        sums.update(groups, rowCount, args)
        counts.update(groups, rowCount, [])
      },
      write: (out, group) => {
        sums.write(out, group)
        counts.write(out, group)
      },
      read: (reader, group) => {
        sums.read(reader, group)
        counts.read(reader, group)
      },
      finish: (groupCount) => ({
        kind: 'tuple', type: tupleOf([sumCountType(arg), UINT64]), length: groupCount, isConst: false,
        nulls: null, fields: [sums.finish(groupCount), counts.finish(groupCount)],
      }),
    }, context)
  },
}

const sumCountType = (arg: DataType): DataType => {
  if (isEnum(bareType(arg))) throw noAggregate('sumCount', arg)
  const type = sumType('sumCount', arg)
  return type === UINT64 && bareType(arg).id.startsWith('Int') ? INT64 : type
}

export const COUNT_SUM: readonly AggregateDef[] = [count, sum, avg, sumWithOverflow, sumCount]
