// topK, topKWeighted, approx_top_k, approx_top_sum: filtered Space-Saving (Metwally et al.; Homem and
// Carvalho), in ClickHouse's form: a group counts up to `full` values, then the least are dropped down to
// its capacity, and what they weighed is noted by a few bits of their hash.
// Invariant: counters of a group are a list in ClickHouse's order, so that of equal ones the same come first.

import { arrayOf, bareType, internType, UINT64, type DataType } from '../../../storage/column/data-type.ts'
import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { crcHash } from '../hashes/crc-hash.ts'
import { columnLog, type ColumnLog } from './column-log.ts'
import { FunctionError, type AggregateDef, type AggregateStates, type EvalContext } from '../values/function.ts'
import { keyWriter } from './key-of-value.ts'
import { KeyMap } from './key-map.ts'
import { firstInOrder, selectRank, type IsBefore } from './select-rank.ts'
import { doubles } from '../base/slot-states.ts'
import { byGroup, damaged, writeStateValue } from '../values/state-bytes.ts'
import { grown } from '../values/state-array.ts'
import { numberInfo } from '../values/types.ts'
import { arrayVector, numberVector, take } from '../values/vectors.ts'

type Shape = { readonly size: number; readonly capacity: number; readonly hasCounts: boolean }

/** Ends a list of counters. */
const NONE = 0xffffffff
const FULL_MIN = 64
const ALPHA_MAX = 0xffffffff

/** Counters of all groups; a counter has the number of its group and value. */
class SpaceSaving {
  private counts: Float64Array
  private errors: Float64Array
  /** Whether it counts: it was not dropped. */
  private alive: Uint8Array
  /** The list of a group: its ends and its length, and what follows each counter. */
  private next: Uint32Array
  private heads: Uint32Array
  private tails: Uint32Array
  private sizes: Uint32Array
  /** Weight that has no counter any more, by a few bits of the value's hash. */
  private readonly alphas: (Float64Array | null)[] = []
  private readonly alphaSize: number
  private readonly map: KeyMap
  private readonly log: ColumnLog
  private readonly capacity: number
  private readonly full: number
  private readonly context: EvalContext
  /** Where the bytes lie that a value is hashed by. */
  private readonly hashed: ByteBuilder

  constructor(type: DataType, capacity: number, context: EvalContext) {
    const { account } = context
    this.hashed = new ByteBuilder(1, account)
    this.context = context
    this.capacity = capacity
    this.full = Math.max(FULL_MIN, capacity * 2)
    this.alphaSize = 2 ** (Math.floor(Math.log2(capacity * 6)) + 1)
    this.map = new KeyMap(account)
    this.log = columnLog(type, account)
    this.counts = grown(Float64Array, null, 1, account)
    this.errors = grown(Float64Array, null, 1, account)
    this.alive = grown(Uint8Array, null, 1, account)
    this.next = grown(Uint32Array, null, 1, account)
    this.heads = grown(Uint32Array, null, 1, account)
    this.tails = grown(Uint32Array, null, 1, account)
    this.sizes = grown(Uint32Array, null, 1, account)
  }

  resize(groupCount: number): void {
    const { account } = this.context
    this.heads = grown(Uint32Array, this.heads, groupCount, account)
    this.tails = grown(Uint32Array, this.tails, groupCount, account)
    this.sizes = grown(Uint32Array, this.sizes, groupCount, account)
    while (this.alphas.length < groupCount) this.alphas.push(null)
  }

  add(group: number, words: Uint32Array, column: Vector, row: number, weight: number): void {
    const value = this.numberOf(group, words, column, row)
    if (this.alive[value] === 1) {
      this.counts[value] += weight
      return
    }
    const alpha = this.sizes[group] < this.capacity ? 0 : this.alphas[group]?.[this.alphaPlace(value)] ?? 0
    this.push(group, value, alpha + weight, alpha)
    if (this.sizes[group] >= this.full) this.dropLeast(group)
  }

  private numberOf(group: number, words: Uint32Array, column: Vector, row: number): number {
    const { map, context: { account } } = this
    const known = map.size
    const value = map.numberOf(group, words[0], words[1], words[2], words[3])
    if (map.size > known) {
      this.log.append(column, row)
      this.counts = grown(Float64Array, this.counts, value + 1, account)
      this.errors = grown(Float64Array, this.errors, value + 1, account)
      this.alive = grown(Uint8Array, this.alive, value + 1, account)
      this.next = grown(Uint32Array, this.next, value + 1, account)
    }
    return value
  }

  private push(group: number, value: number, count: number, error: number): void {
    this.counts[value] = count
    this.errors[value] = error
    this.alive[value] = 1
    this.append(group, value)
  }

  private append(group: number, value: number): void {
    this.next[value] = NONE
    if (this.sizes[group]++ === 0) this.heads[group] = value
    else this.next[this.tails[group]] = value
    this.tails[group] = value
  }

  private listOf(group: number): Uint32Array {
    const list = new Uint32Array(this.sizes[group])
    for (let i = 0, value = this.heads[group]; i < list.length; i++, value = this.next[value]) list[i] = value
    return list
  }

  private relist(group: number, list: Uint32Array): void {
    this.sizes[group] = 0
    for (const value of list) this.append(group, value)
  }

  /** The surer count goes first, then the larger one. */
  private readonly isBefore: IsBefore = (a, b) => {
    const { counts, errors } = this
    const [sureOfA, sureOfB] = [counts[a] - errors[a], counts[b] - errors[b]]
    return sureOfA > sureOfB || (sureOfA === sureOfB && counts[a] > counts[b])
  }

  private dropLeast(group: number): void {
    const list = this.listOf(group)
    selectRank(list, 0, list.length - 1, this.capacity, this.isBefore)
    const alphas = this.alphasOf(group)
    for (const value of list.subarray(this.capacity)) {
      const at = this.alphaPlace(value)
      alphas[at] = Math.min(alphas[at] + this.counts[value] - this.errors[value], ALPHA_MAX)
      this.alive[value] = 0
    }
    this.relist(group, list.subarray(0, this.capacity))
  }

  private alphasOf(group: number): Float64Array {
    return this.alphas[group] ??= this.context.account.f64(this.alphaSize).fill(0)
  }

  private alphaPlace(value: number): number { return crcHash(this.log.view(), value, this.hashed) & (this.alphaSize - 1) }

  private mostAlpha(group: number): number { return Math.max(0, ...this.alphas[group] ?? []) }

  /** The first `count` of a group's counters in order. */
  private top(group: number, count: number): Uint32Array {
    const list = this.listOf(group)
    return firstInOrder(list, Math.min(list.length, count), this.isBefore)
  }

  /** Leaves of each group the counters that a stored state has. */
  trim(groupCount: number): void {
    for (let group = 0; group < groupCount; group++) {
      const list = this.listOf(group)
      for (const value of list) this.alive[value] = 0
      const kept = firstInOrder(list, Math.min(list.length, this.capacity), this.isBefore)
      for (const value of kept) this.alive[value] = 1
      this.relist(group, kept)
    }
  }

  /** After the number of counters (above SIZE_MAX, for older states were without alphas) each one; then the alphas
   * that are not 0, each after its place. */
  write(out: ByteBuilder, group: number): void {
    const column = this.log.view()
    const list = this.listOf(group)
    out.varint(WITH_ALPHAS + list.length)
    for (const value of list) {
      writeStateValue(out, column, value)
      out.f64(this.counts[value])
      out.f64(this.errors[value])
    }
    const places = [...this.alphas[group] ?? []].flatMap((alpha, place) => (alpha === 0 ? [] : [place]))
    out.varint(places.length)
    for (const place of places) {
      out.varint(place)
      out.f64(this.alphasOf(group)[place])
    }
  }

  /** Counters of a state become those of a group, as in Cafaro et al., "Parallel Space Saving" (2014): what one side
   * has dropped, the other may have counted as often as the largest alpha says. */
  read(reader: ByteReader, group: number): void {
    const log = columnLog(this.log.view().type, this.context.account)
    const head = reader.varint()
    const size = head < WITH_ALPHAS ? head : head - WITH_ALPHAS
    const counts: number[] = []
    const errors: number[] = []
    for (let i = 0; i < size; i++) {
      log.read(reader)
      counts.push(reader.f64())
      errors.push(reader.f64())
    }
    const alphas: [number, number][] = []
    for (let left = head < WITH_ALPHAS ? 0 : reader.varint(); left > 0; left--) alphas.push([reader.varint(), reader.f64()])
    if (size > 0) this.merge(group, log.view(), { counts, errors, alphas })
    log.free()
  }

  private merge(group: number, column: Vector, { counts, errors, alphas }: Counters): void {
    const isFirst = this.sizes[group] === 0
    const ours = this.sizes[group] >= this.capacity ? this.mostAlpha(group) : 0
    const theirs = counts.length < this.capacity || isFirst ? 0 : alphas.reduce((most, [, alpha]) => Math.max(most, alpha), 0)
    for (const value of theirs === 0 ? [] : this.listOf(group)) {
      this.counts[value] += theirs
      this.errors[value] += theirs
    }
    const key = keyWriter([column], this.context)
    for (let i = 0; i < counts.length; i++) {
      key.write(i)
      const value = this.numberOf(group, key.words, column, i)
      if (this.alive[value] === 1) {
        this.counts[value] += counts[i] - theirs
        this.errors[value] += errors[i] - theirs
      } else this.push(group, value, counts[i] + ours, errors[i] + ours)
    }
    key.free()
    for (const [place, alpha] of alphas) {
      if (place >= this.alphaSize) throw damaged()
      const own = this.alphasOf(group)
      own[place] = Math.min(own[place] + alpha, ALPHA_MAX)
    }
    if (this.sizes[group] >= this.full) this.dropLeast(group)
  }

  finish(groupCount: number, shape: Shape, type: DataType): Vector {
    const { account } = this.context
    const ends = account.u32(groupCount + 1)
    ends[0] = 0
    for (let group = 0; group < groupCount; group++) {
      ends[group + 1] = ends[group] + Math.min(this.sizes[group], shape.size)
    }
    const total = ends[groupCount]
    const rows = account.u32(total)
    const counts = account.f64(total)
    const errors = account.f64(total)
    for (let group = 0; group < groupCount; group++) rows.set(this.top(group, shape.size), ends[group])
    for (let at = 0; at < total; at++) {
      counts[at] = this.counts[rows[at]]
      errors[at] = this.errors[rows[at]]
    }
    const items = take(this.log.view(), rows, total, account)
    if (!shape.hasCounts) return arrayVector(type, ends, items)
    return arrayVector(type, ends, {
      kind: 'tuple', type: type.args[0], length: total, isConst: false, nulls: null,
      fields: [items, numberVector(UINT64, counts), numberVector(UINT64, errors)],
    })
  }
}

/** Counters of a state, in its order, and its alphas by their places. */
type Counters = {
  readonly counts: readonly number[]; readonly errors: readonly number[]
  readonly alphas: readonly (readonly [number, number])[]
}

const LOAD_FACTOR = 3
const SIZE_MAX = 0xffff
const WITH_ALPHAS = SIZE_MAX + 1

function shapeOf(name: string, parameters: readonly Value[], isCounted: boolean): Shape {
  const [size = 10, second, third] = parameters
  // approx_top_k(N, reserved), topK(N, load factor, 'counts').
  const capacity = isCounted ? Number(second ?? Number(size) * LOAD_FACTOR)
    : Number(size) * Number(second ?? LOAD_FACTOR)
  if (!(Number(size) > 0) || !(capacity >= Number(size)) || capacity > SIZE_MAX) {
    throw new FunctionError(`Parameters of aggregate function ${name} are out of bounds: a size and what is `
      + `reserved for it, up to ${SIZE_MAX}`, 'ARGUMENT_OUT_OF_BOUND')
  }
  return { size: Number(size), capacity, hasCounts: isCounted || third === 'counts' }
}

function resultOf(arg: DataType, shape: Shape): DataType {
  const bare = bareType(arg)
  if (!shape.hasCounts) return arrayOf(bare)
  return arrayOf(internType(`Tuple(item ${bare.name}, count UInt64, error UInt64)`, 'Tuple',
    { args: [bare, UINT64, UINT64], names: ['item', 'count', 'error'] }))
}

const topAggregate = (
  name: string, isWeighted: boolean, isCounted: boolean, anyCaseAliases: readonly string[] = [],
): AggregateDef => ({
  name, anyCaseAliases, isCaseInsensitive: isCounted, arity: isWeighted ? [2, 2] : [1, 1], nulls: 'skip',
  keepsNonNullable: true,
  returnType: ([arg, weight], parameters) => {
    if (weight !== undefined && numberInfo(bareType(weight))?.isFloat !== false) {
      throw new FunctionError(`The second argument for aggregate function '${name}' must have integer type`)
    }
    return resultOf(arg, shapeOf(name, parameters, isCounted))
  },
  create: ([arg], parameters, context) => topStates(arg, shapeOf(name, parameters, isCounted), context),
})

function topStates(arg: DataType, shape: Shape, context: EvalContext): AggregateStates {
  const counters = new SpaceSaving(bareType(arg), shape.capacity, context)
  return { ...byGroup({
    resize: (groupCount) => counters.resize(groupCount),
    update: (groups, rowCount, [vector, weights]) => {
      const key = keyWriter([vector], context)
      const weightOf = weights === undefined ? () => 1 : doubles(weights)
      for (let row = 0; row < rowCount; row++) {
        key.write(row)
        counters.add(groups[row], key.words, vector, row, weightOf(row))
      }
      key.free()
    },
    write: (out, group) => counters.write(out, group),
    read: (reader, group) => counters.read(reader, group),
    finish: (groupCount) => counters.finish(groupCount, shape, resultOf(arg, shape)),
  }, context), trim: (groupCount) => counters.trim(groupCount) }
}

export const TOP_K: readonly AggregateDef[] = [
  topAggregate('topK', false, false), topAggregate('topKWeighted', true, false),
  topAggregate('approx_top_k', false, true, ['approx_top_count']),
  topAggregate('approx_top_sum', true, true),
]
