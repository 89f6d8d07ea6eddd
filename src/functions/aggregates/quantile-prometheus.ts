// Quantiles of histograms as Prometheus keeps them: each bucket counts what is not above its bound.
// Invariant: answers are those of PromQL's histogram_quantile; counts of one bound add up.

import { arrayOf, bareType, FLOAT32, FLOAT64, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { numberReader } from '../base/define.ts'
import { FunctionError, type AggregateDef } from '../values/function.ts'
import { collectedStates } from './group-array-more.ts'
import { numberInfo } from '../values/types.ts'
import { arrayVector, newNumbers, numberVector } from '../values/vectors.ts'

type Bucket = { readonly bound: number; readonly count: number }

/** Where that share of what was counted lies, by a straight line within its bucket. */
function quantileOf(buckets: readonly Bucket[], level: number): number {
  const last = buckets.length - 1
  if (last < 1 || buckets[last].bound !== Infinity || !(buckets[last].count > 0)) return Number.NaN
  const rank = level * buckets[last].count
  const at = buckets.findIndex(({ count }) => count >= rank)
  if (at === last) return buckets[last - 1].bound
  const { bound, count } = buckets[at]
  if (at === 0 && bound <= 0) return bound
  const [start, before] = at === 0 ? [0, 0] : [buckets[at - 1].bound, buckets[at - 1].count]
  return start + (bound - start) * ((rank - before) / (count - before))
}

function levelsOf(name: string, parameters: readonly Value[], isArray: boolean): number[] {
  if (!isArray && parameters.length > 1) throw new FunctionError(`Aggregate function ${name} takes one level`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  const levels = parameters.length === 0 ? [0.5] : parameters.map(Number)
  const bad = levels.find((level) => !(level >= 0 && level <= 1))
  if (bad === undefined) return levels
  throw new FunctionError(`Quantile level is out of range [0..1]: ${bad} in ${name}`, 'PARAMETER_OUT_OF_BOUND')
}

function resultOf(name: string, [bound, count]: readonly DataType[]): DataType {
  const info = numberInfo(bareType(count))
  const isFloat = (type: DataType): boolean => type === FLOAT32 || type === FLOAT64
  const fail = (type: DataType): FunctionError => new FunctionError(`Illegal type ${type.name} of argument for aggregate function ${name}`)
  if (!isFloat(bareType(bound))) throw fail(bound)
  if (info === null || (info.isSigned && !info.isFloat)) throw fail(count)
  return bareType(bound)
}

const definition = (name: string, isArray: boolean): AggregateDef => ({
  name, arity: [2, 2], nulls: 'skip',
  returnType: (args, parameters) => {
    levelsOf(name, parameters, isArray)
    const type = resultOf(name, args)
    return isArray ? arrayOf(type) : type
  },
  create: (args, parameters, context) => {
    const levels = levelsOf(name, parameters, isArray)
    const type = resultOf(name, args)
    return collectedStates(args.map(bareType), context, ({ columns, offsets, rows, groupCount }) => {
      const [bound, count] = columns.map(numberReader)
      const out = newNumbers(type, groupCount * levels.length, context.account)
      for (let group = 0; group < groupCount; group++) {
        const counts = new Map<number, number>()
        for (const row of rows.subarray(offsets[group], offsets[group + 1])) counts.set(bound(row), (counts.get(bound(row)) ?? 0) + count(row))
        const buckets = [...counts].map(([key, sum]) => ({ bound: key, count: sum })).sort((a, b) => a.bound - b.bound)
        levels.forEach((level, i) => { out[group * levels.length + i] = quantileOf(buckets, level) })
      }
      const values = numberVector(type, out)
      if (!isArray) return values
      const ends = context.account.u32(groupCount + 1)
      for (let group = 0; group <= groupCount; group++) ends[group] = group * levels.length
      return arrayVector(arrayOf(type), ends, values)
    })
  },
})

export const QUANTILE_PROMETHEUS: readonly AggregateDef[] = [
  definition('quantilePrometheusHistogram', false), definition('quantilesPrometheusHistogram', true),
]
