// topK, topKWeighted, approx_top_k, approx_top_sum: filtered Space-Saving (Metwally et al.; Homem and
// Carvalho): so many counters a group, the least of which makes way for what comes after.
// Invariant: counters of a group stand by falling count; of equal ones the smaller error comes first,
// then the older. Up to its capacity the counts are exact.

import { arrayOf, bareType, internType, UINT64, type DataType } from '../../storage/column/data-type.ts'
import type { ByteReader } from '../../storage/bytes/byte-reader.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { Value } from '../plan/plan.ts'
import type { ByteBuilder } from './byte-builder.ts'
import { columnLog, type ColumnLog } from './column-log.ts'
import { FunctionError, type AggregateDef, type AggregateStates, type EvalContext } from './function.ts'
import { keyWriter } from './key-of-value.ts'
import { KeyMap } from './key-map.ts'
import { doubles } from './slot-states.ts'
import { byGroup, writeStateValue } from './state-bytes.ts'
import { grown } from './state-array.ts'
import { numberInfo } from './types.ts'
import { arrayVector, numberVector, take } from './vectors.ts'

type Shape = { readonly size: number; readonly capacity: number; readonly hasCounts: boolean }

const NONE = 0xffffffff

/** Counters of all groups: slot i of group g lies at g * capacity + i. */
class SpaceSaving {
  private counts: Float64Array
  private errors: Float64Array
  /** The number of the value that a slot counts, and the slot of each value (NONE: not counted). */
  private values: Uint32Array
  private slots: Uint32Array
  private sizes: Uint32Array
  /** Weight that did not get a counter, by a few bits of the value's hash. */
  private readonly alphas: (Float64Array | null)[] = []
  private readonly alphaSize: number
  private readonly map: KeyMap
  private readonly log: ColumnLog
  private readonly capacity: number
  private readonly context: EvalContext

  constructor(type: DataType, capacity: number, context: EvalContext) {
    const { account } = context
    this.context = context
    this.capacity = capacity
    this.alphaSize = 2 ** (Math.floor(Math.log2(capacity * 6)) + 1)
    this.map = new KeyMap(account)
    this.log = columnLog(type, account)
    this.counts = grown(Float64Array, null, 1, account)
    this.errors = grown(Float64Array, null, 1, account)
    this.values = grown(Uint32Array, null, 1, account)
    this.slots = grown(Uint32Array, null, 1, account)
    this.sizes = grown(Uint32Array, null, 1, account)
  }

  resize(groupCount: number): void {
    const { account } = this.context
    const slots = groupCount * this.capacity
    this.counts = grown(Float64Array, this.counts, slots, account)
    this.errors = grown(Float64Array, this.errors, slots, account)
    this.values = grown(Uint32Array, this.values, slots, account)
    this.sizes = grown(Uint32Array, this.sizes, groupCount, account)
    while (this.alphas.length < groupCount) this.alphas.push(null)
  }

  add(group: number, words: Uint32Array, column: Vector, row: number, weight: number, error: number): void {
    const known = this.map.size
    const value = this.map.numberOf(group, words[0], words[1], words[2], words[3])
    if (this.map.size > known) {
      this.log.append(column, row)
      this.slots = grown(Uint32Array, this.slots, value + 1, this.context.account)
      this.slots[value] = NONE
    }
    const base = group * this.capacity
    if (this.slots[value] !== NONE) {
      const at = base + this.slots[value]
      this.counts[at] += weight
      this.errors[at] += error
      this.rise(base, this.slots[value])
      return
    }
    const size = this.sizes[group]
    if (size < this.capacity) {
      this.sizes[group]++
      this.put(base, size, value, weight, error)
      return
    }
    this.replaceLeast(group, value, words[0], weight, error)
  }

  private replaceLeast(group: number, value: number, hash: number, weight: number, error: number): void {
    const base = group * this.capacity
    const least = base + this.capacity - 1
    if (weight > this.counts[least]) {
      this.slots[this.values[least]] = NONE
      this.put(base, this.capacity - 1, value, weight, error)
      return
    }
    const alphas = this.alphas[group] ??= this.context.account.f64(this.alphaSize).fill(0)
    const at = hash & (this.alphaSize - 1)
    if (alphas[at] + weight < this.counts[least]) {
      alphas[at] += weight
      return
    }
    const alpha = alphas[at]
    alphas[this.map.keyOf(this.values[least])[0] & (this.alphaSize - 1)] = this.counts[least]
    this.slots[this.values[least]] = NONE
    this.put(base, this.capacity - 1, value, alpha + weight, alpha + error)
  }

  private put(base: number, slot: number, value: number, count: number, error: number): void {
    this.counts[base + slot] = count
    this.errors[base + slot] = error
    this.values[base + slot] = value
    this.slots[value] = slot
    this.rise(base, slot)
  }

  /** Moves a counter up past smaller ones. */
  private rise(base: number, from: number): void {
    const { counts, errors, values, slots } = this
    let slot = from
    for (; slot > 0; slot--) {
      const at = base + slot
      const isGreater = counts[at] > counts[at - 1]
        || (counts[at] === counts[at - 1] && errors[at] < errors[at - 1])
      if (!isGreater) return
      for (const list of [counts, errors, values]) {
        const moved = list[at]
        list[at] = list[at - 1]
        list[at - 1] = moved
      }
      slots[values[at]] = slot
      slots[values[at - 1]] = slot - 1
    }
  }

  write(out: ByteBuilder, group: number): void {
    const column = this.log.view()
    out.varint(this.sizes[group])
    for (let slot = 0; slot < this.sizes[group]; slot++) {
      const at = group * this.capacity + slot
      writeStateValue(out, column, this.values[at])
      out.f64(this.counts[at])
      out.f64(this.errors[at])
    }
  }

  /** What was not counted in a full set may have come as often as its least counter says. */
  read(reader: ByteReader, group: number): void {
    const log = columnLog(this.log.view().type, this.context.account)
    const size = reader.varint()
    const counts: number[] = []
    const errors: number[] = []
    for (let i = 0; i < size; i++) {
      log.read(reader)
      counts.push(reader.f64())
      errors.push(reader.f64())
    }
    const column = log.view()
    const key = keyWriter([column], this.context)
    for (let i = 0; i < size; i++) {
      key.write(i)
      this.add(group, key.words, column, i, counts[i], errors[i])
    }
    key.free()
    log.free()
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
    for (let group = 0; group < groupCount; group++) {
      for (let at = ends[group]; at < ends[group + 1]; at++) {
        const from = group * this.capacity + at - ends[group]
        rows[at] = this.values[from]
        counts[at] = this.counts[from]
        errors[at] = this.errors[from]
      }
    }
    const items = take(this.log.view(), rows, total, account)
    if (!shape.hasCounts) return arrayVector(type, ends, items)
    return arrayVector(type, ends, {
      kind: 'tuple', type: type.args[0], length: total, isConst: false, nulls: null,
      fields: [items, numberVector(UINT64, counts), numberVector(UINT64, errors)],
    })
  }
}

const LOAD_FACTOR = 3
const SIZE_MAX = 0xffff

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
  return byGroup({
    resize: (groupCount) => counters.resize(groupCount),
    update: (groups, rowCount, [vector, weights]) => {
      const key = keyWriter([vector], context)
      const weightOf = weights === undefined ? () => 1 : doubles(weights)
      for (let row = 0; row < rowCount; row++) {
        key.write(row)
        counters.add(groups[row], key.words, vector, row, weightOf(row), 0)
      }
      key.free()
    },
    write: (out, group) => counters.write(out, group),
    read: (reader, group) => counters.read(reader, group),
    finish: (groupCount) => counters.finish(groupCount, shape, resultOf(arg, shape)),
  }, context)
}

export const TOP_K: readonly AggregateDef[] = [
  topAggregate('topK', false, false), topAggregate('topKWeighted', true, false),
  topAggregate('approx_top_k', false, true, ['approx_top_count']),
  topAggregate('approx_top_sum', true, true),
]
