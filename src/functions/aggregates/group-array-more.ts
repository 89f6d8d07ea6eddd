// The rest of the groupArray family: moving sums, values at positions, the last, the least, a sample,
// what all arrays have in common, and values joined as text.
// Invariant: all of them keep every row (collected.ts) and make their arrays in the end.

import {
  arrayOf, bareType, FLOAT64, INT64, STRING, UINT64, type DataType,
} from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { castVector } from '../values/cast.ts'
import { Collected } from './collected.ts'
import { compareAt } from '../base/comparison.ts'
import { ANY_COUNT } from '../base/define.ts'
import { FunctionError, type AggregateDef, type AggregateStates, type EvalContext } from '../values/function.ts'
import { keyWriter } from './key-of-value.ts'
import { doubles } from '../base/slot-states.ts'
import { writeValue } from '../values/text.ts'
import { decimalOf, isInteger, numberInfo } from '../values/types.ts'
import { constVector, defaultVector } from '../values/values.ts'
import { arrayVector, numberVector, pick, take } from '../values/vectors.ts'

/** The rows of all groups: those of group g are rows[offsets[g] .. offsets[g + 1]) of the columns. */
export type Groups = {
  readonly columns: readonly Vector[]; readonly offsets: Uint32Array; readonly rows: Uint32Array
  readonly groupCount: number
}

/** States that keep all rows and answer by `finish`. */
export function collectedStates(
  types: readonly DataType[], context: EvalContext, finish: (groups: Groups) => Vector,
): AggregateStates {
  const { account } = context
  const kept = new Collected(types, account)
  return {
    resize: () => {},
    update: (groups, rowCount, args) => {
      for (let row = 0; row < rowCount; row++) kept.add(groups[row], args, row)
    },
    serialize: (groupCount) => kept.serialize(groupCount),
    mergeRows: (groups, rowCount, states) => Collected.eachRow(types, groups, rowCount, states, account,
      (group, args, row) => kept.add(group, args, row)),
    finish: (groupCount) => finish({ columns: kept.view(), ...kept.byGroup(groupCount), groupCount }),
  }
}

function sizeOf(name: string, parameters: readonly Value[], fallback: number): number {
  const size = parameters.length === 0 ? fallback : Number(parameters[0])
  if (size > 0) return size
  throw new FunctionError(`Parameter for aggregate function ${name} should be positive number`,
    'BAD_ARGUMENTS')
}

/** Arrays of chosen rows: `choose` gives those of a group in order. */
function arraysOf(
  groups: Groups, type: DataType, context: EvalContext, choose: (rows: Uint32Array) => Uint32Array,
): Vector {
  const { account } = context
  const { columns, offsets, rows, groupCount } = groups
  const chosen = account.u32(rows.length)
  const ends = account.u32(groupCount + 1)
  ends[0] = 0
  let at = 0
  for (let group = 0; group < groupCount; group++) {
    const own = choose(rows.subarray(offsets[group], offsets[group + 1]))
    chosen.set(own, at)
    at += own.length
    ends[group + 1] = at
  }
  return arrayVector(arrayOf(type), ends, take(columns[0], chosen, at, account))
}

const chosenRows = (
  name: string, isSizeNeeded: boolean,
  choose: (rows: Uint32Array, size: number, column: Vector) => Uint32Array,
): AggregateDef => ({
  name, arity: [1, 1], nulls: 'skip', keepsNonNullable: true,
  returnType: ([arg], parameters) => {
    if (isSizeNeeded && parameters.length === 0) {
      throw new FunctionError(`Function ${name} does not support this number of parameters`,
        'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
    }
    sizeOf(name, parameters, Number.POSITIVE_INFINITY)
    return arrayOf(bareType(arg))
  },
  create: ([arg], parameters, context) => {
    const size = sizeOf(name, parameters, Number.POSITIVE_INFINITY)
    return collectedStates([bareType(arg)], context, (groups) => arraysOf(groups, bareType(arg), context,
      (rows) => choose(rows, size, groups.columns[0])))
  },
})

/** The last rows as a ring holds them: row i at place i modulo the size, as ClickHouse answers. */
const last = chosenRows('groupArrayLast', true, (rows, size) => {
  const ring = new Uint32Array(Math.min(size, rows.length))
  for (let i = Math.max(0, rows.length - size); i < rows.length; i++) ring[i % size] = rows[i]
  return ring
})

const sorted = chosenRows('groupArraySorted', true, (rows, size, column) =>
  rows.slice().sort((a, b) => compareAt(column, a, column, b)).subarray(0, size))

/** Every so many-th row: which rows ClickHouse draws nobody promised. */
const sample = chosenRows('groupArraySample', true, (rows, size) => {
  if (rows.length <= size) return rows
  return Uint32Array.from({ length: size }, (_, i) => rows[Math.floor(i * rows.length / size)])
})

function movingType(name: string, arg: DataType, isAverage: boolean): DataType {
  const bare = bareType(arg)
  if (bare.id === 'Decimal' && !isLarge(bare)) return decimalOf(38, bare.scale)
  const number = numberInfo(bare)
  if (number === null || isLarge(bare)) {
    throw new FunctionError(`Illegal type ${arg.name} of argument for aggregate function ${name}`)
  }
  return number.isFloat || isAverage ? FLOAT64 : number.isSigned ? INT64 : UINT64
}

/** Element i is the sum (or a share of it) of the last `window` values up to i. */
const moving = (name: string, isAverage: boolean): AggregateDef => ({
  name, arity: [1, 1], nulls: 'skip', keepsNonNullable: true,
  returnType: ([arg], parameters) => {
    sizeOf(name, parameters, Number.POSITIVE_INFINITY)
    return arrayOf(movingType(name, arg, isAverage))
  },
  create: ([arg], parameters, context) => {
    const type = movingType(name, arg, isAverage)
    const window = sizeOf(name, parameters, Number.POSITIVE_INFINITY)
    return collectedStates([bareType(arg)], context, ({ columns, offsets, rows, groupCount }) => {
      const [column] = columns
      const valueAt = column.kind === 'number' || column.kind === 'big'
        ? (row: number) => Number(column.values[row]) : doubles(column)
      const out = context.account.f64(rows.length)
      for (let group = 0; group < groupCount; group++) {
        const start = offsets[group]
        const size = offsets[group + 1] - start
        let sum = 0
        for (let i = 0; i < size; i++) {
          sum += valueAt(rows[start + i])
          if (i >= window) sum -= valueAt(rows[start + i - window])
          // Averages divide by the window even where fewer values came.
          const value = isAverage ? sum / (window === Number.POSITIVE_INFINITY ? size : window) : sum
          out[start + i] = type.id === 'Decimal' ? Math.trunc(value) : value
        }
      }
      return arrayVector(arrayOf(type), offsets, numberVector(type, out))
    })
  },
})

/** groupArrayInsertAt(default, size)(x, position): the first value at each place. */
const insertAt: AggregateDef = {
  name: 'groupArrayInsertAt', arity: [2, 2], nulls: 'skip', keepsNonNullable: true,
  returnType: ([arg, position]) => {
    if (!isInteger(bareType(position))) {
      throw new FunctionError('Second argument of aggregate function groupArrayInsertAt must be unsigned '
        + `integer, not ${position.name}`)
    }
    return arrayOf(bareType(arg))
  },
  create: ([arg, position], [fill, length], context) => {
    const type = bareType(arg)
    return collectedStates([type, bareType(position)], context,
      (groups) => placedValues(groups, type, fill, length === undefined ? null : Number(length), context))
  },
}

const PLACES_MAX = 0xffffff // ClickHouse's bound

function placedValues(
  { columns, offsets, rows, groupCount }: Groups, type: DataType, fill: Value | undefined,
  length: number | null, context: EvalContext,
): Vector {
  const { account } = context
  const placeOf = doubles(columns[1])
  const ends = account.u32(groupCount + 1)
  ends[0] = 0
  for (let group = 0; group < groupCount; group++) {
    let size = 0
    for (let at = offsets[group]; at < offsets[group + 1]; at++) size = Math.max(size, placeOf(rows[at]) + 1)
    if (size > PLACES_MAX) {
      throw new FunctionError(`Too large array size: position argument (${size - 1}) is greater or equals `
        + `to limit (${PLACES_MAX})`, 'TOO_LARGE_ARRAY_SIZE')
    }
    ends[group + 1] = ends[group] + (length ?? size)
  }
  const total = ends[groupCount]
  const which = account.u8(total).fill(1)
  const from = account.u32(total).fill(0)
  for (let group = 0; group < groupCount; group++) {
    for (let at = offsets[group]; at < offsets[group + 1]; at++) {
      const place = ends[group] + placeOf(rows[at])
      if (place >= ends[group + 1] || which[place] === 0) continue
      which[place] = 0
      from[place] = rows[at]
    }
  }
  const filler = fill === undefined ? defaultVector(type, total, account)
    : castVector(constVector(fill, typeof fill === 'string' ? STRING : FLOAT64, total, account), type, context)
  return arrayVector(arrayOf(type), ends, pick([columns[0], filler], which, from, total, type, account))
}

/** Values that all arrays of a group have. */
const intersect: AggregateDef = {
  name: 'groupArrayIntersect', arity: [1, 1], nulls: 'skip', keepsNonNullable: true,
  returnType: ([arg]) => {
    if (bareType(arg).id === 'Array') return bareType(arg)
    throw new FunctionError(`Aggregate function groupArrayIntersect accepts only array type argument, not `
      + arg.name)
  },
  create: ([arg], _parameters, context) => {
    const type = bareType(arg)
    return collectedStates([type], context, ({ columns: [column], offsets, rows, groupCount }) => {
      if (column.kind !== 'array') throw new Error('groupArrayIntersect: no array')
      const { account } = context
      const key = keyWriter([column.values], context)
      const keyOf = (at: number): string => {
        key.write(at)
        return key.words.join()
      }
      const kept = account.u32(column.values.length)
      const ends = account.u32(groupCount + 1)
      ends[0] = 0
      let to = 0
      for (let group = 0; group < groupCount; group++) {
        // One array at a time bounds what is held here.
        let common: Map<string, number> | null = null
        for (let i = offsets[group]; i < offsets[group + 1]; i++) {
          const own = new Map<string, number>()
          for (let at = column.offsets[rows[i]]; at < column.offsets[rows[i] + 1]; at++) {
            const text = keyOf(at)
            if (common === null || common.has(text)) own.set(text, common?.get(text) ?? at)
          }
          common = own
        }
        for (const at of common?.values() ?? []) kept[to++] = at
        ends[group + 1] = to
      }
      key.free()
      return arrayVector(type, ends, take(column.values, kept, to, account))
    })
  },
}

/** groupConcat(delimiter, limit)(x): texts of values end to end. */
const concat: AggregateDef = {
  name: 'groupConcat', anyCaseAliases: ['group_concat', 'string_agg'], arity: [1, 2], nulls: 'skip',
  returnType: () => STRING,
  create: (args, [delimiter, limit], context) => {
    const most = limit === undefined ? Number.POSITIVE_INFINITY : Number(limit)
    return collectedStates(args.map(bareType), context, ({ columns, offsets, rows, groupCount }) => {
      const out = new ByteBuilder(groupCount, context.account)
      for (let group = 0; group < groupCount; group++) {
        const end = Math.min(offsets[group + 1], offsets[group] + most)
        for (let at = offsets[group]; at < end; at++) {
          if (at > offsets[group]) {
            if (columns.length > 1) writeValue(out, columns[1], rows[at], false)
            else out.text(delimiter === undefined ? '' : String(delimiter))
          }
          writeValue(out, columns[0], rows[at], false)
        }
        out.endRow()
      }
      return out.finish(STRING)
    })
  },
}

/** groupFormat(format)(x, …): rows of an output format; the analyzer hands on what formatRow makes of them. */
const format: AggregateDef = {
  name: 'groupFormat', arity: [1, ANY_COUNT], nulls: 'skip',
  returnType: (args) => {
    if (args.length === 1 && bareType(args[0]).id === 'String') return STRING
    throw new FunctionError('Aggregate function groupFormat takes values as the analyzer hands them on', 'NOT_IMPLEMENTED')
  },
  create: (args, [name], context) => concat.create(args, [String(name).toLowerCase() === 'values' ? ',' : ''], context),
}

export const GROUP_ARRAY_MORE: readonly AggregateDef[] = [
  format,
  last, sorted, sample, moving('groupArrayMovingSum', false), moving('groupArrayMovingAvg', true), insertAt,
  intersect, concat,
]
