// Combinators that keep several states of the aggregate inside for every group: one an array index
// (-ForEach), a map's key (-Map), a range of a key (-Resample), or that of the best row (-ArgMin/Max).
// Invariant: the aggregate inside sees slots as its groups; `slots` says which are whose.

import { arrayOf, bareType, isNullable, mapOf, type DataType } from '../../../storage/column/data-type.ts'
import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { columnLog } from './column-log.ts'
import { elementOf, elementsOf, presentRows, updateRows } from './combine-rows.ts'
import type { BoundAggregate, Combine } from './combinators.ts'
import { compareAt } from '../base/comparison.ts'
import { FunctionError, type AggregateStates, type EvalContext } from '../values/function.ts'
import { KeyMap } from './key-map.ts'
import { keyWriter } from './key-of-value.ts'
import { KeptValues } from './kept-values.ts'
import { grown } from '../values/state-array.ts'
import { eachState, serializeGroups, writeStateValue } from '../values/state-bytes.ts'
import { isInteger, withoutNullable } from '../values/types.ts'
import { arrayVector, elementTypeOf, rowsWhere, take } from '../values/vectors.ts'

/** States of slots, of which there may never be one: they can be written and finished at once. */
function slotStates(bound: BoundAggregate, context: EvalContext): AggregateStates {
  const states = bound.create(context)
  states.resize(0)
  return states
}

/** Slots' own trim(), where they have one. */
const trimOf = (states: AggregateStates, count: (groupCount: number) => number): Pick<AggregateStates, 'trim'> =>
  (states.trim === undefined ? {} : { trim: (groupCount) => states.trim?.(count(groupCount)) })

const scratchOf = (context: EvalContext) => context.scratch ?? context.account

/** | slots varint | head of each, its state sized | of every group. */
function serializeSlots(
  map: KeyMap, groupCount: number, states: AggregateStates, context: EvalContext,
  writeHead: (out: ByteBuilder, slot: number) => void,
): BytesVector {
  const { offsets, rows } = map.byGroup(groupCount)
  const inner = states.serialize(map.size)
  return serializeGroups(groupCount, context.account, (out, group) => {
    out.varint(offsets[group + 1] - offsets[group])
    for (let at = offsets[group]; at < offsets[group + 1]; at++) {
      writeHead(out, rows[at])
      out.sized(inner.bytes, inner.offsets[rows[at]], inner.offsets[rows[at] + 1])
    }
  })
}

/** The other way: `slotOf` reads a head and finds the slot. */
function mergeSlots(
  groups: Uint32Array, rowCount: number, rows: BytesVector, map: KeyMap, states: AggregateStates,
  context: EvalContext, slotOf: (reader: ByteReader, group: number, index: number) => number,
): void {
  const account = scratchOf(context)
  let count = 0
  eachState(rows, rowCount, (reader) => { count += reader.varint() })
  const slots = account.u32(count)
  const inner = new ByteBuilder(count, account, rows.bytes.length)
  let at = 0
  eachState(rows, rowCount, (reader, row) => {
    const size = reader.varint()
    for (let i = 0; i < size; i++) {
      slots[at++] = slotOf(reader, groups[row], i)
      const bytes = reader.sized()
      inner.slice(bytes, 0, bytes.length)
      inner.endRow()
    }
  })
  states.resize(map.size)
  if (count > 0) states.mergeRows(slots, count, inner.finish(rows.type))
}

/** Element i of the array result is the aggregate over elements i of all arrays. */
export const combineForEach: Combine = (inner, types, parameters) => {
  const bound = inner(types.map((type) => elementOf('ForEach', type)), parameters)
  return {
    type: arrayOf(bound.type),
    create: (context) => forEachStates(bound, context),
  }
}

function forEachStates(bound: BoundAggregate, context: EvalContext): AggregateStates {
  const states = slotStates(bound, context)
  const map = new KeyMap(context.account)
  return {
    resize: () => {},
    update: (groups, rowCount, args) => {
      const { count, rowOf, values } = elementsOf('ForEach', args, rowCount, scratchOf(context))
      let row = -1
      let index = 0
      for (let i = 0; i < count; i++) {
        index = rowOf[i] === row ? index + 1 : 0
        row = rowOf[i]
        rowOf[i] = map.numberOf(groups[row], index)
      }
      states.resize(map.size)
      if (count > 0) states.update(rowOf, count, values)
    },
    // Slots of a group stand by index: a longer array comes after the shorter ones.
    serialize: (groupCount) => serializeSlots(map, groupCount, states, context, () => {}),
    mergeRows: (groups, rowCount, rows) => mergeSlots(groups, rowCount, rows, map, states, context,
      (_reader, group, index) => map.numberOf(group, index)),
    finish: (groupCount) => {
      const { offsets, rows } = map.byGroup(groupCount)
      const values = take(states.finish(map.size), rows, map.size, context.account)
      return arrayVector(arrayOf(bound.type), offsets, values)
    },
    ...trimOf(states, () => map.size),
  }
}

/** Over the values of each key of a map, apart. */
export const combineMap: Combine = (inner, types, parameters) => {
  const bare = bareType(types[0])
  if (types.length !== 1 || bare.id !== 'Map') {
    throw new FunctionError(`An aggregate function with -Map takes a map, not ${types[0].name}`)
  }
  const bound = inner([bare.args[1]], parameters)
  const [key, value] = bare.args
  const from = key.id === 'LowCardinality' ? mapOf(key.args[0], value) : bare
  const type = mapOf(from.args[0], bound.type)
  return { type, create: (context) => mapStates(from, bound, type, context) }
}

function mapStates(
  from: DataType, bound: BoundAggregate, type: DataType, context: EvalContext): AggregateStates {
  const { account } = context
  const states = slotStates(bound, context)
  const map = new KeyMap(account)
  const keys = columnLog(from.args[0], account)
  /** The slot of a group's key, which is row `row` of `column`. */
  const slotOf = (group: number, words: Uint32Array, column: Vector, row: number): number => {
    const before = map.size
    const slot = map.numberOf(group, words[0], words[1], words[2], words[3])
    if (map.size > before) keys.append(column, row)
    return slot
  }
  return {
    resize: () => {},
    update: (groups, rowCount, args) => {
      const { count, rowOf, values: [pairs] } = elementsOf('Map', args, rowCount, scratchOf(context))
      if (count === 0 || pairs.kind !== 'tuple') return
      const key = keyWriter([pairs.fields[0]], context)
      for (let i = 0; i < count; i++) {
        key.write(i)
        rowOf[i] = slotOf(groups[rowOf[i]], key.words, pairs.fields[0], i)
      }
      key.free()
      states.resize(map.size)
      states.update(rowOf, count, [pairs.fields[1]])
    },
    serialize: (groupCount) => {
      const column = keys.view()
      return serializeSlots(map, groupCount, states, context,
        (out, slot) => writeStateValue(out, column, slot))
    },
    mergeRows: (groups, rowCount, rows) => {
      const read = columnLog(from.args[0], account)
      mergeSlots(groups, rowCount, rows, map, states, context, (reader, group) => {
        read.read(reader)
        const column = read.view()
        const key = keyWriter([column], context)
        key.write(column.length - 1)
        const slot = slotOf(group, key.words, column, column.length - 1)
        key.free()
        return slot
      })
      read.free()
    },
    finish: (groupCount) => {
      const { offsets, rows } = map.byGroup(groupCount)
      const column = keys.view()
      for (let group = 0; group < groupCount; group++) {
        rows.subarray(offsets[group], offsets[group + 1])
          .sort((a, b) => compareAt(column, a, column, b))
      }
      const fields = [column, states.finish(map.size)].map((field) => take(field, rows, map.size, account))
      return arrayVector(type, offsets, {
        kind: 'tuple', type: elementTypeOf(type), length: map.size, isConst: false, nulls: null, fields,
      })
    },
    ...trimOf(states, () => map.size),
  }
}

/** sumResample(start, end, step)(x, key): element i is the aggregate over rows whose key lies in
 * [start + i * step, start + (i + 1) * step). */
export const combineResample: Combine = (inner, types, parameters) => {
  const [start, end, step] = parameters.slice(-3).map(Number)
  const key = types.at(-1)
  if (parameters.length < 3 || key === undefined || !isInteger(bareType(key))) {
    throw new FunctionError('An aggregate function with -Resample takes (start, end, step) and a key '
      + 'of whole numbers as its last argument', 'BAD_ARGUMENTS')
  }
  if (!(step > 0) || end < start || !Number.isInteger(start + end + step)) {
    throw new FunctionError('-Resample takes whole numbers with start <= end and step > 0',
      'ARGUMENT_OUT_OF_BOUND')
  }
  const size = Math.ceil((end - start) / step)
  const SLOTS_MAX = 1_048_576 // ClickHouse's bound
  if (size > SLOTS_MAX) {
    throw new FunctionError(`-Resample makes at most ${SLOTS_MAX} ranges, not ${size}`,
      'ARGUMENT_OUT_OF_BOUND')
  }
  // Rows with a NULL are left out here: an array of results has no place for NULL.
  const bound = inner(types.slice(0, -1).map((type) => (isNullable(type) ? bareType(type) : type)),
    parameters.slice(0, -3))
  return {
    type: arrayOf(bound.type),
    create: (context) => resampleStates(bound, { start, end, step, size }, context),
  }
}

type Ranges = {
  readonly start: number; readonly end: number; readonly step: number; readonly size: number
}

function resampleStates(bound: BoundAggregate, ranges: Ranges, context: EvalContext): AggregateStates {
  const states = slotStates(bound, context)
  const { start, end, step, size } = ranges
  return {
    resize: (groupCount) => states.resize(groupCount * size),
    update: (groups, rowCount, args) => {
      const account = scratchOf(context)
      const key = args[args.length - 1]
      if (key.kind !== 'number' && key.kind !== 'big') return
      const mask = account.u8(rowCount).fill(0)
      const present = presentRows(args, rowCount, account)
      const slots = account.u32(rowCount)
      for (let row = 0; row < rowCount; row++) {
        const slot = key.isConst ? 0 : row
        const value = Number(key.values[slot])
        if (value < start || value >= end || present?.[row] === 0) continue
        mask[row] = 1
        slots[row] = groups[row] * size + Math.floor((value - start) / step)
      }
      const rows = rowsWhere(mask, rowCount, account)
      const values = args.slice(0, -1).map((arg) => ({ ...arg, type: withoutNullable(arg.type), nulls: null }))
      if (rows.length > 0) updateRows(states, slots, rows, values, context)
    },
    serialize: (groupCount) => {
      const inner = states.serialize(groupCount * size)
      return serializeGroups(groupCount, context.account, (out, group) => {
        for (let at = group * size; at < (group + 1) * size; at++) {
          out.sized(inner.bytes, inner.offsets[at], inner.offsets[at + 1])
        }
      })
    },
    mergeRows: (groups, rowCount, rows) => {
      const account = scratchOf(context)
      const slots = account.u32(rowCount * size)
      const inner = new ByteBuilder(rowCount * size, account, rows.bytes.length)
      let at = 0
      eachState(rows, rowCount, (reader, row) => {
        for (let i = 0; i < size; i++) {
          slots[at++] = groups[row] * size + i
          const bytes = reader.sized()
          inner.slice(bytes, 0, bytes.length)
          inner.endRow()
        }
      })
      if (at > 0) states.mergeRows(slots, at, inner.finish(rows.type))
    },
    ...trimOf(states, (groupCount) => groupCount * size),
    finish: (groupCount) => {
      const offsets = context.account.u32(groupCount + 1)
      for (let group = 0; group <= groupCount; group++) offsets[group] = group * size
      return arrayVector(arrayOf(bound.type), offsets, states.finish(groupCount * size))
    },
  }
}

/** sumArgMax(x, by): over the rows whose `by` is the greatest of the group. */
export const combineArg = (direction: number): Combine => (inner, types, parameters) => {
  const by = types.at(-1)
  if (by === undefined) {
    throw new FunctionError('An aggregate function with -ArgMin or -ArgMax takes what to order by as its '
      + 'last argument', 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  const bound = inner(types.slice(0, -1), parameters)
  return { type: bound.type, create: (context) => argStates(bound, bareType(by), direction, context) }
}

/** The slot of each group, which can be left for a new one. */
class SlotOfGroup {
  /** Slots given, left ones too. */
  count = 0
  private slots: Uint32Array | null = null
  private groupCount = 0
  private readonly context: EvalContext

  constructor(context: EvalContext) {
    this.context = context
  }

  resize(groupCount: number): void {
    this.slots = grown(Uint32Array, this.slots, groupCount, this.context.account)
    for (; this.groupCount < groupCount; this.groupCount++) this.slots[this.groupCount] = this.count++
  }

  of(group: number): number { return (this.slots as Uint32Array)[group] }

  renew(group: number): number {
    return ((this.slots as Uint32Array)[group] = this.count++)
  }
}

function argStates(
  bound: BoundAggregate, by: DataType, direction: number, context: EvalContext): AggregateStates {
  const { account } = context
  const states = slotStates(bound, context)
  const best = new KeptValues(by, context)
  const slots = new SlotOfGroup(context)
  /** The slot that a row with this key goes to; -1: a better one was seen. */
  const slotFor = (group: number, column: Vector, row: number): number => {
    const kept = best.vectorOf(group)
    const order = kept < 0 ? direction : compareAt(column, row, best.view(), kept)
    if (order === 0) return slots.of(group)
    if (order !== direction) return -1
    best.set(group, column, row)
    return slots.renew(group)
  }
  return {
    resize: (groupCount) => {
      best.resize(groupCount)
      slots.resize(groupCount)
    },
    update: (groups, rowCount, args) => {
      const scratch = scratchOf(context)
      const column = args[args.length - 1]
      const chosen = scratch.u32(rowCount)
      const mask = scratch.u8(rowCount).fill(0)
      for (let row = 0; row < rowCount; row++) {
        if (column.nulls?.[column.isConst ? 0 : row] === 1) continue
        const slot = slotFor(groups[row], column, row)
        if (slot < 0) continue
        mask[row] = 1
        chosen[row] = slot
      }
      states.resize(slots.count)
      const rows = rowsWhere(mask, rowCount, scratch)
      if (rows.length > 0) updateRows(states, chosen, rows, args.slice(0, -1), context)
    },
    serialize: (groupCount) => {
      const inner = states.serialize(slots.count)
      return serializeGroups(groupCount, account, (out, group) => {
        best.write(out, group)
        if (best.vectorOf(group) < 0) return
        out.slice(inner.bytes, inner.offsets[slots.of(group)], inner.offsets[slots.of(group) + 1])
      })
    },
    mergeRows: (groups, rowCount, rows) => {
      const scratch = scratchOf(context)
      const read = columnLog(by, account)
      const chosen = scratch.u32(rowCount)
      const inner = new ByteBuilder(rowCount, scratch, rows.bytes.length)
      let count = 0
      eachState(rows, rowCount, (reader, row) => {
        if (reader.u8() === 0) return
        read.read(reader)
        const slot = slotFor(groups[row], read.view(), read.length - 1)
        if (slot < 0) return
        chosen[count++] = slot
        inner.slice(reader.bytes, reader.at, rows.offsets[(rows.isConst ? 0 : row) + 1])
        inner.endRow()
      })
      states.resize(slots.count)
      if (count > 0) states.mergeRows(chosen, count, inner.finish(rows.type))
      read.free()
    },
    finish: (groupCount) => {
      const which = account.u32(groupCount)
      for (let group = 0; group < groupCount; group++) which[group] = slots.of(group)
      states.resize(slots.count)
      return take(states.finish(slots.count), which, groupCount, account)
    },
    ...trimOf(states, () => slots.count),
  }
}
