// Aggregates over values in order: deltaSum, deltaSumTimestamp, exponentialMovingAverage, maxIntersections,
// and those over how often values come: entropy, uniqUpTo, groupBitmap.
// Invariant: what depends on the order of rows sees them as they came; parts of it join by what they keep
// of their first and last row.

import { bareType, FLOAT64, UINT64, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { FunctionError, type AggregateDef, type EvalContext } from '../values/function.ts'
import { collectedStates } from './group-array-more.ts'
import { keyWriter } from './key-of-value.ts'
import { KeyMap } from './key-map.ts'
import { doubles, slotStates, type SlotRule } from '../base/slot-states.ts'
import { DistinctStates } from './uniq-exact.ts'
import { numberInfo } from '../values/types.ts'
import { newNumbers, numberVector } from '../values/vectors.ts'

function numberType(name: string, arg: DataType): DataType {
  const bare = bareType(arg)
  if (numberInfo(bare) !== null) return bare
  throw new FunctionError(`Illegal type ${arg.name} of argument for aggregate function ${name}`)
}

/** Slots: sum of rises, last, first, 1 when a row was seen. */
const deltaSum: AggregateDef = {
  name: 'deltaSum', arity: [1, 1], nulls: 'skip', keepsNonNullable: true, returnType: ([arg]) => numberType('deltaSum', arg),
  create: ([arg], _parameters, context) => slotStates({
    width: 4, result: (sums, at) => sums[at],
    add: (sums, at, x) => {
      if (sums[at + 3] !== 0 && x > sums[at + 1]) sums[at] += x - sums[at + 1]
      if (sums[at + 3] === 0) sums[at + 2] = x
      sums[at + 1] = x
      sums[at + 3] = 1
    },
    merge: (sums, to, [sum, last, first, has]) => {
      if (has === 0) return
      if (sums[to + 3] === 0) sums.set([sum, last, first, 1], to)
      else {
        sums[to] += sum + Math.max(0, first - sums[to + 1])
        sums[to + 1] = last
      }
    },
  }, numberType('deltaSum', arg), context),
}

/** Types that deltaSumTimestamp takes for values; times are no Bool. */
const DELTA_TYPES = /^(U?Int(8|16|32|64)|Float(32|64)|Bool|Date|DateTime)$/

/** Slots: sum, first, last, time of the first, time of the last, 1 when a row was seen. */
const DELTA_TIMES: SlotRule = {
  width: 6, result: (sums, at) => sums[at],
  add: (sums, at, x, time) => {
    if (sums[at + 5] !== 0 && x > sums[at + 2]) sums[at] += x - sums[at + 2]
    if (sums[at + 5] === 0) {
      sums[at + 1] = x
      sums[at + 3] = time
    }
    sums[at + 2] = x
    sums[at + 4] = time
    sums[at + 5] = 1
  },
  merge: (sums, to, from) => {
    const [sum, first, last, firstTime, lastTime, has] = from
    if (has === 0) return
    if (sums[to + 5] === 0) sums.set(from, to)
    else if (sums[to + 4] < firstTime || (sums[to + 4] === firstTime
      && (sums[to + 3] < firstTime || lastTime > sums[to + 4]))) {
      // Theirs comes after.
      sums[to] += sum + Math.max(0, first - sums[to + 2])
      sums[to + 2] = last
      sums[to + 4] = lastTime
    } else if (firstTime < sums[to + 3]) {
      sums[to] += sum + Math.max(0, sums[to + 1] - last)
      sums[to + 1] = first
      sums[to + 3] = firstTime
    } else if (sums[to + 1] < first) {
      sums[to + 1] = first
      sums[to + 2] = last
    }
  },
}

const deltaSumTimestamp: AggregateDef = {
  name: 'deltaSumTimestamp', arity: [2, 2], nulls: 'skip', keepsNonNullable: true,
  returnType: ([arg, time]) => {
    const isTaken = (type: DataType): boolean => DELTA_TYPES.test(bareType(type).id)
    const refused = !isTaken(arg) ? arg : isTaken(time) && bareType(time).id !== 'Bool' ? undefined : time
    if (refused === undefined) return bareType(arg).id === 'Bool' ? UINT8 : numberType('deltaSumTimestamp', arg)
    throw new FunctionError(`Illegal type ${refused.name} of argument for aggregate function deltaSumTimestamp; `
      + 'it takes integers, floats, Date and DateTime: toUnixTimestamp64Milli makes an integer of a DateTime64')
  },
  create: ([arg], _parameters, context) =>
    slotStates(DELTA_TIMES, numberType('deltaSumTimestamp', arg), context),
}

/** Slots: value, time, 1 when a row was seen: sums that halve every `halfLife`. */
const exponentialMovingAverage: AggregateDef = {
  name: 'exponentialMovingAverage', arity: [2, 2], nulls: 'skip',
  returnType: (_args, parameters) => {
    if (parameters.length === 1) return FLOAT64
    throw new FunctionError('Aggregate function exponentialMovingAverage takes exactly one parameter: half '
      + 'decay time', 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  },
  create: (_args, [halfLife], context) => {
    const half = Number(halfLife)
    const scale = (distance: number): number => 2 ** (-distance / half)
    const norm = 1 / (1 - scale(1)) // of all ones: 1 + 1/2^(1/half) + …
    const join = (sums: Float64Array, at: number, value: number, time: number): void => {
      const later = Math.max(sums[at + 1], time)
      sums[at] = sums[at + 2] === 0 ? value
        : sums[at] * scale(later - sums[at + 1]) + value * scale(later - time)
      sums[at + 1] = sums[at + 2] === 0 ? time : later
      sums[at + 2] = 1
    }
    return slotStates({
      width: 3, add: join, result: (sums, at) => sums[at] / norm,
      merge: (sums, to, [value, time, has]) => { if (has !== 0) join(sums, to, value, time) },
    }, FLOAT64, context)
  },
}

/** The greatest number of intervals that have a point in common; or where that is. */
const intersections = (name: string, isPosition: boolean): AggregateDef => ({
  name, arity: [2, 2], nulls: 'skip',
  returnType: (args) => {
    args.forEach((arg) => numberType(name, arg))
    if (bareType(args[0]) !== bareType(args[1])) {
      throw new FunctionError(`${name} takes two numbers of one type, not ${args[0].name} and ${args[1].name}`, 'ILLEGAL_TYPE_OF_ARGUMENT')
    }
    return isPosition ? bareType(args[0]) : UINT64
  },
  create: (args, _parameters, context) => {
    const type = isPosition ? bareType(args[0]) : UINT64
    return collectedStates(args.map(bareType), context, ({ columns, offsets, rows, groupCount }) => {
      const [start, end] = columns.map(doubles)
      const out = newNumbers(type, groupCount, context.account)
      for (let group = 0; group < groupCount; group++) {
        const own = rows.subarray(offsets[group], offsets[group + 1])
        // Twice as many points as intervals; ends come before starts at the same place.
        const points = Float64Array.from({ length: own.length * 2 }, (_, i) => i)
        const placeOf = (i: number) => (i % 2 === 0 ? start : end)(own[i >> 1])
        points.sort((a, b) => placeOf(a) - placeOf(b) || b % 2 - a % 2)
        let open = 0
        let most = 0
        for (const point of points) {
          open += point % 2 === 0 ? 1 : -1
          if (open <= most) continue
          most = open
          if (isPosition) out[group] = placeOf(point)
        }
        if (!isPosition) out[group] = most
        else if (most === 0) out[group] = 0
      }
      return numberVector(type, out)
    })
  },
})

/** Shannon's entropy of how often values come, in bits. */
const entropy: AggregateDef = {
  name: 'entropy', arity: [1, Infinity], nulls: 'skip', returnType: () => FLOAT64,
  create: (args, _parameters, context) => collectedStates(args.map(bareType), context,
    ({ columns, offsets, rows, groupCount }) => {
      const { account } = context
      const map = new KeyMap(account)
      const key = keyWriter(columns, context)
      const counts = account.f64(rows.length).fill(0)
      for (let group = 0; group < groupCount; group++) {
        for (let at = offsets[group]; at < offsets[group + 1]; at++) {
          key.write(rows[at])
          counts[map.numberOf(group, key.words[0], key.words[1], key.words[2], key.words[3])]++
        }
      }
      key.free()
      const out = account.f64(groupCount).fill(0)
      for (let i = 0; i < map.size; i++) {
        const group = map.groups[i]
        const share = counts[i] / (offsets[group + 1] - offsets[group])
        out[group] -= share * Math.log2(share)
      }
      return numberVector(FLOAT64, out)
    }),
}

const UP_TO_MAX = 100

/** The number of distinct values, or one more than the bound. */
const uniqUpTo: AggregateDef = {
  name: 'uniqUpTo', arity: [1, Infinity], nulls: 'skip', keepsNonNullable: true,
  returnType: (_args, parameters) => {
    boundOf(parameters)
    return UINT64
  },
  create: (args, parameters, context) => {
    const most = boundOf(parameters)
    const states = new DistinctStates(args, context)
    return {
      resize: (groupCount) => states.resize(groupCount),
      update: (groups, rowCount, vectors) => states.update(groups, rowCount, vectors),
      serialize: (groupCount) => states.serialize(groupCount),
      mergeRows: (groups, rowCount, rows) => states.mergeRows(groups, rowCount, rows),
      finish: (groupCount) => cutAt(states.finish(groupCount), most + 1, context),
    }
  },
}

function boundOf(parameters: readonly Value[]): number {
  const most = Number(parameters[0] ?? 10)
  if (Number.isInteger(most) && most >= 0 && most <= UP_TO_MAX) return most
  throw new FunctionError(`Too large parameter for aggregate function uniqUpTo. Maximum: ${UP_TO_MAX}`,
    'ARGUMENT_OUT_OF_BOUND')
}

function cutAt(counts: Vector, most: number, { account }: EvalContext): Vector {
  const out = account.f64(counts.length)
  if (counts.kind === 'number') for (let i = 0; i < out.length; i++) out[i] = Math.min(most, counts.values[i])
  return numberVector(UINT64, out)
}

/** Distinct whole numbers, counted in the argument's own type. */
const groupBitmap: AggregateDef = {
  name: 'groupBitmap', arity: [1, 1], nulls: 'skip',
  returnType: ([arg]) => {
    if (numberInfo(bareType(arg))?.isFloat === false) return bareType(arg).id === 'Bool' ? UINT8 : bareType(arg)
    throw new FunctionError(`Illegal type ${arg.name} of argument for aggregate function groupBitmap`)
  },
  create: (args, _parameters, context) => {
    const states = new DistinctStates(args, context)
    const type = bareType(args[0]).id === 'Bool' ? UINT8 : bareType(args[0])
    return {
      resize: (groupCount) => states.resize(groupCount),
      update: (groups, rowCount, vectors) => states.update(groups, rowCount, vectors),
      serialize: (groupCount) => states.serialize(groupCount),
      mergeRows: (groups, rowCount, rows) => states.mergeRows(groups, rowCount, rows),
      finish: (groupCount) => {
        const counts = states.finish(groupCount)
        const out = newNumbers(type, groupCount, context.account)
        if (counts.kind === 'number') for (let i = 0; i < groupCount; i++) out[i] = counts.values[i]
        return numberVector(type, out)
      },
    }
  },
}

export const SERIES: readonly AggregateDef[] = [
  deltaSum, deltaSumTimestamp, exponentialMovingAverage, intersections('maxIntersections', false),
  intersections('maxIntersectionsPosition', true), entropy, uniqUpTo, groupBitmap,
]
