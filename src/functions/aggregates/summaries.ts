// Aggregates that draw or outline a column: sparkbar, largestTriangleThreeBuckets, intervalLengthSum.

import { arrayOf, bareType, FLOAT64, STRING, UINT64, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { ByteBuilder } from '../values/byte-builder.ts'
import { numberReader } from '../base/define.ts'
import { FunctionError, type AggregateDef, type EvalContext } from '../values/function.ts'
import { collectedStates, type Groups } from './group-array-more.ts'
import { doublesOf } from './ranks.ts'
import { doubles } from '../base/slot-states.ts'
import { isDay, isMoment, numberInfo, tupleOf } from '../values/types.ts'
import { arrayVector, newNumbers, numberVector } from '../values/vectors.ts'

const illegal = (name: string, type: DataType): FunctionError =>
  new FunctionError(`Illegal type ${type.name} of argument for aggregate function ${name}`)

// ---------------------------------------------------------------------------- intervalLengthSum

/** The length of what intervals cover together. */
const intervalLengthSum: AggregateDef = {
  name: 'intervalLengthSum', arity: [2, 2], nulls: 'skip',
  returnType: ([from, to]) => {
    const bare = bareType(from)
    const number = numberInfo(bare)
    if (bareType(to) !== bare || ((number === null || number.bytes > 8) && bare.id !== 'Date' && bare.id !== 'DateTime')) {
      throw illegal('intervalLengthSum', bareType(to) === bare ? from : to)
    }
    return number?.isFloat === true ? FLOAT64 : UINT64
  },
  create: (args, _parameters, context) => {
    const type = numberInfo(bareType(args[0]))?.isFloat === true ? FLOAT64 : UINT64
    return collectedStates(args.map(bareType), context, ({ columns, offsets, rows, groupCount }) => {
      const [from, to] = columns.map(doubles)
      const out = context.account.f64(groupCount)
      for (let group = 0; group < groupCount; group++) {
        const own = rows.subarray(offsets[group], offsets[group + 1])
        const start = (row: number): number => Math.min(from(row), to(row))
        own.sort((a, b) => start(a) - start(b))
        let covered = Number.NEGATIVE_INFINITY
        let sum = 0
        for (const row of own) {
          const end = Math.max(from(row), to(row))
          if (end > covered) sum += end - Math.max(covered, start(row))
          covered = Math.max(covered, end)
        }
        out[group] = sum
      }
      return numberVector(type, out)
    })
  },
}

// ---------------------------------------------------------------------------- sparkbar

const BARS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
const SPARK_X = ['Date', 'DateTime', 'UInt8', 'UInt16', 'UInt32', 'UInt64', 'UInt128', 'UInt256']

function sparkRange(parameters: readonly Value[]): { width: number; least: number; most: number } {
  if (parameters.length !== 1 && parameters.length !== 3) {
    throw new FunctionError('The number of params does not match for aggregate function sparkbar, expected 1 or '
      + `3, got ${parameters.length}`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  const [width, least, most] = [...parameters.map(Number), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  if (!(width >= 2 && width <= 1024)) throw new FunctionError('Parameter width must be in range [2, 1024]', 'BAD_ARGUMENTS')
  if (parameters.length === 1) return { width, least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY }
  if (least >= most) throw new FunctionError('Parameter `min_x` must be less than `max_x`', 'BAD_ARGUMENTS')
  return { width, least, most }
}

/** The greatest value of a number type: sums end there. */
function mostOf(type: DataType): number {
  const number = numberInfo(type)
  if (number === null || number.isFloat) return Number.MAX_VALUE
  return 2 ** (number.bytes * 8 - (number.isSigned ? 1 : 0)) - 1
}

/** The bars of points sorted by x: `xs` once each, `ys` their sums. */
function bars(
  xs: readonly number[], ys: readonly number[], from: number, to: number, width: number, y: DataType,
): string {
  if (from >= to) return BARS[8]
  const isFloat = numberInfo(y)?.isFloat === true
  const most = mostOf(y)
  const sums = new Float64Array(width)
  const counts = new Float64Array(width)
  xs.forEach((x, i) => {
    const at = Math.min(width - 1, Math.trunc(width / (to - from + 1) * (x - from)))
    const sum = sums[at] + ys[i]
    sums[at] = Math.min(most, sum)
    if (sum <= most) counts[at]++ // what does not fit is not counted
  })
  const means = sums.map((sum, i) => {
    const mean = counts[i] === 0 ? sum : sum / counts[i]
    return isFloat ? mean : Math.trunc(mean)
  })
  const highest = means.reduce((high, mean) => Math.max(high, mean), 0)
  if (highest === 0) return ''
  return Array.from(means, (mean) => {
    if (!(mean > 0)) return BARS[0]
    const level = isFloat ? mean / (highest / 7) + 1
      : mean * 7 > most ? Math.trunc(mean / Math.trunc(highest / 7)) + 1 : Math.trunc(mean * 7 / highest) + 1
    return BARS[Math.trunc(level)] ?? BARS[0]
  }).join('')
}

/** sparkbar(width, least, most)(x, y): a bar for each bucket of x, as high as its mean y. */
const sparkbar: AggregateDef = {
  name: 'sparkbar', aliases: ['sparkBar'], arity: [2, 2], nulls: 'skip',
  returnType: ([x, y], parameters) => {
    if (!SPARK_X.includes(bareType(x).id)) {
      throw new FunctionError('The first argument type must be UInt or Date or DateTime for aggregate function sparkbar')
    }
    if (numberInfo(bareType(y)) === null) {
      throw new FunctionError('The second argument type must be numeric for aggregate function sparkbar')
    }
    sparkRange(parameters)
    return STRING
  },
  create: (args, parameters, context) => {
    const { width, least, most } = sparkRange(parameters)
    return collectedStates(args.map(bareType), context, ({ columns, offsets, rows, groupCount }) => {
      const [xOf, yOf] = columns.map(numberReader)
      const out = new ByteBuilder(groupCount, context.account)
      for (let group = 0; group < groupCount; group++) {
        const own = rows.subarray(offsets[group], offsets[group + 1]).filter((row) => xOf(row) >= least && xOf(row) <= most)
        const counted = own.filter((row) => yOf(row) > 0).sort((a, b) => xOf(a) - xOf(b))
        if (counted.length > 0) {
          out.text(sparkOf(counted, own, xOf, yOf, { width, least, most, type: bareType(args[1]) }))
        }
        out.endRow()
      }
      return out.finish(STRING)
    })
  },
}

type Spark = { readonly width: number; readonly least: number; readonly most: number; readonly type: DataType }

/** `counted`: rows with y > 0 by x; `own`: all of them, whose x the drawing spans. */
function sparkOf(
  counted: Uint32Array, own: Uint32Array, xOf: (row: number) => number, yOf: (row: number) => number,
  { width, least, most, type }: Spark,
): string {
  const isRange = least !== Number.NEGATIVE_INFINITY
  const from = isRange ? least : own.reduce((low, row) => Math.min(low, xOf(row)), Number.POSITIVE_INFINITY)
  const to = isRange ? most : own.reduce((high, row) => Math.max(high, xOf(row)), Number.NEGATIVE_INFINITY)
  const xs: number[] = []
  const ys: number[] = []
  for (const row of counted) {
    const x = xOf(row)
    if (xs.at(-1) !== x) {
      xs.push(x)
      ys.push(0)
    }
    ys[ys.length - 1] = Math.min(mostOf(type), ys[ys.length - 1] + yOf(row))
  }
  return bars(xs, ys, from, to, width, type)
}

// ---------------------------------------------------------------------------- largestTriangleThreeBuckets

/** The type in which a coordinate comes back. */
function coordinate(type: DataType): DataType {
  const bare = bareType(type)
  if (numberInfo(bare) !== null) return FLOAT64
  if (isDay(bare) || isMoment(bare)) return bare
  throw new FunctionError('Aggregate function largestTriangleThreeBuckets only supports Date, Date32, DateTime, '
    + 'DateTime64 and Number', 'NOT_IMPLEMENTED')
}

function bucketsOf(parameters: readonly Value[]): number {
  const count = Number(parameters[0])
  if (parameters.length === 1 && Number.isInteger(count) && count >= 0) return count
  throw new FunctionError('Aggregate function largestTriangleThreeBuckets requires one parameter, a UInt64',
    'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
}

/** Places of the points that stand for all: those of the largest triangle in each bucket. */
function chosen(x: Float64Array, y: Float64Array, buckets: number): number[] {
  const last = x.length - 1
  if (x.length <= buckets) return Array.from(x, (_, i) => i)
  if (buckets <= 2) return [0, last].slice(0, buckets)
  const size = (x.length - 2) / (buckets - 2)
  const out = [0]
  let start = 1
  let end = 1 + Math.floor(size)
  for (let i = 0; i < buckets - 2; i++) {
    const next = Math.min(1 + Math.floor(size * (i + 2)), x.length)
    let [meanX, meanY] = [0, 0]
    for (let j = end; j < next; j++) {
      meanX += x[j]
      meanY += y[j]
    }
    meanX /= next - end
    meanY /= next - end
    const before = out[out.length - 1]
    let [best, area] = [start, 0]
    for (let j = start; j < end; j++) {
      const own = Math.abs(0.5 * (x[before] * y[j] + x[j] * meanY + meanX * y[before]
        - x[before] * meanY - x[j] * y[before] - meanX * y[j]))
      if (own > area) [best, area] = [j, own]
    }
    out.push(best)
    start = end
    end = next
  }
  out.push(last)
  return out
}

const triangles: AggregateDef = {
  name: 'largestTriangleThreeBuckets', aliases: ['lttb'], arity: [2, 2], nulls: 'skip',
  returnType: (args, parameters) => {
    bucketsOf(parameters)
    return arrayOf(tupleOf(args.map(coordinate)))
  },
  create: (args, parameters, context) => {
    const buckets = bucketsOf(parameters)
    const types = args.map(coordinate)
    return collectedStates(args.map(bareType), context, (groups) => trianglesOf(groups, types, buckets, context))
  },
}

function trianglesOf(
  { columns, offsets, rows, groupCount }: Groups, types: readonly DataType[], buckets: number, context: EvalContext,
): Vector {
  const { account } = context
  const reads = columns.map(numberReader)
  const ends = account.u32(groupCount + 1)
  ends[0] = 0
  const room = Math.min(rows.length, groupCount * buckets)
  const out = types.map((type) => newNumbers(type, room, account))
  for (let group = 0; group < groupCount; group++) {
    const own = rows.subarray(offsets[group], offsets[group + 1])
      .filter((row) => reads.every((read) => !Number.isNaN(read(row)))).sort((a, b) => reads[0](a) - reads[0](b))
    const [x, y] = reads.map((read) => doublesOf(own, read, account))
    let at = ends[group]
    for (const place of chosen(x, y, buckets)) {
      out[0][at] = x[place]
      out[1][at++] = y[place]
    }
    ends[group + 1] = at
  }
  const total = ends[groupCount]
  return arrayVector(arrayOf(tupleOf(types)), ends, {
    kind: 'tuple', type: tupleOf(types), length: total, isConst: false, nulls: null,
    fields: types.map((type, i) => numberVector(type, out[i].subarray(0, total))),
  })
}

export const SUMMARIES: readonly AggregateDef[] = [intervalLengthSum, sparkbar, triangles]
