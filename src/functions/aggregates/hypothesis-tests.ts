// Tests of hypotheses over two samples in one column, told apart by a 0 or 1 beside each value: Student's,
// Welch's and the z-test from sums; Mann and Whitney's, Kolmogorov and Smirnov's from all values.
// Invariant: a test that has too few values, or values that do not differ, answers NaN.

import { bareType, FLOAT64, internType, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { FunctionError, type AggregateDef, type EvalContext } from '../values/function.ts'
import { collectedStates, type Groups } from './group-array-more.ts'
import { normalAbove, quantileAbove, studentBelow } from '../numbers/probability.ts'
import { doublesOf, ranked } from './ranks.ts'
import { smirnov } from './smirnov.ts'
import { doubles, slotStates, type SlotRule } from '../base/slot-states.ts'
import { numberInfo } from '../values/types.ts'
import { numberVector } from '../values/vectors.ts'

const bad = (text: string): FunctionError => new FunctionError(text, 'BAD_ARGUMENTS')

/** Tuple(a Float64, b Float64, …). */
export const namedDoubles = (names: readonly string[]): DataType =>
  internType(`Tuple(${names.map((name) => `${name} Float64`).join(', ')})`, 'Tuple',
    { args: names.map(() => FLOAT64), names })

/** A tuple of doubles for each group. */
export function tuplesOf(
  names: readonly string[], groupCount: number, { account }: EvalContext,
  each: (group: number) => readonly number[],
): Vector {
  const columns = names.map(() => account.f64(groupCount))
  for (let group = 0; group < groupCount; group++) {
    const values = each(group)
    columns.forEach((column, i) => { column[group] = values[i] })
  }
  return {
    kind: 'tuple', type: namedDoubles(names), length: groupCount, isConst: false, nulls: null,
    fields: columns.map((column) => numberVector(FLOAT64, column)),
  }
}

/** A number, and a whole number that says which sample it is of. */
export function checkSamples(name: string, [value, sample]: readonly DataType[]): void {
  const isNumber = numberInfo(bareType(value)) !== null || bareType(value).id === 'Decimal'
  if (!isNumber || numberInfo(bareType(sample)) === null) {
    throw bad(`Aggregate function ${name} only supports numerical types`)
  }
}

/** Sums of both samples: rows, values, squares of the first; the same of the second. */
const SAMPLES: SlotRule = {
  width: 6, result: () => 0,
  add: (sums, at, value, sample) => {
    const to = at + (sample === 0 ? 0 : 3)
    sums[to]++
    sums[to + 1] += value
    sums[to + 2] += value * value
  },
}

type Sample = { readonly count: number; readonly sum: number; readonly mean: number; readonly squares: number }

const sampleAt = (sums: Float64Array, at: number): Sample => {
  const [count, sum, squares] = sums.subarray(at, at + 3)
  return { count, sum, mean: sum / count, squares }
}

/** Sum of squared distances from the mean. */
const scatter = ({ count, sum, mean, squares }: Sample): number => squares + mean * (mean * count - 2 * sum)

/** What a t-test needs: the difference of means, its standard error, degrees of freedom. */
type Difference = {
  readonly by: number; readonly error: number; readonly freedom: number
  /** The error that confidence intervals are made of. */
  readonly reachError: number
}

function pooled(x: Sample, y: Sample): Difference | null {
  if (x.count === 0 || y.count === 0 || x.count + y.count <= 2) return null
  const freedom = x.count + y.count - 2
  const variance = (scatter(x) + scatter(y)) / freedom
  const error = Math.sqrt(variance * (1 / x.count + 1 / y.count))
  // ClickHouse takes the interval of both variances apart, here too.
  const reachError = Math.sqrt(scatter(x) / (x.count - 1) / x.count + scatter(y) / (y.count - 1) / y.count)
  return { by: x.mean - y.mean, error, freedom, reachError }
}

function apart(x: Sample, y: Sample): Difference | null {
  if (x.count <= 1 || y.count <= 1) return null
  const sx = scatter(x) / (x.count - 1) / x.count
  const sy = scatter(y) / (y.count - 1) / y.count
  const freedom = (sx + sy) ** 2 / (sx ** 2 / (x.count - 1) + sy ** 2 / (y.count - 1))
  const error = Math.sqrt(sx + sy)
  return { by: x.mean - y.mean, error, freedom, reachError: error }
}

const T_NAMES = ['t_statistic', 'p_value']
const BOUNDS = ['confidence_interval_low', 'confidence_interval_high']

function confidenceOf(name: string, parameters: readonly Value[]): number | null {
  if (parameters.length > 1) {
    throw new FunctionError(`Aggregate function ${name} takes zero or one parameter`,
      'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  if (parameters.length === 0) return null
  const level = Number(parameters[0])
  if (level > 0 && level < 1) return level
  throw bad(`Confidence level parameter of aggregate function ${name} must be between 0 and 1`)
}

/** Student's answer to a difference; the confidence interval is around `center`. */
function student(
  difference: Difference | null, scale: number, confidence: number | null, center: number,
): readonly number[] {
  if (difference === null || difference.reachError < 10 * Number.EPSILON * scale) return [NaN, NaN, NaN, NaN]
  const { by, error, freedom, reachError } = difference
  const t = by / error
  const p = Math.min(1, Math.max(0, 2 * studentBelow(-Math.abs(t), freedom)))
  if (confidence === null) return [t, p]
  const reach = reachError * quantileAbove((1 - confidence) / 2, (x) => studentBelow(-x, freedom))
  return [t, p, center - reach, center + reach]
}

const twoSamples = (name: string, differ: (x: Sample, y: Sample) => Difference | null): AggregateDef => ({
  name, arity: [2, 2], nulls: 'skip',
  returnType: (args, parameters) => {
    checkSamples(name, args)
    return namedDoubles(confidenceOf(name, parameters) === null ? T_NAMES : [...T_NAMES, ...BOUNDS])
  },
  create: (_args, parameters, context) => {
    const confidence = confidenceOf(name, parameters)
    const names = confidence === null ? T_NAMES : [...T_NAMES, ...BOUNDS]
    return slotStates(SAMPLES, FLOAT64, context, (sums, groupCount) => tuplesOf(names, groupCount, context,
      (group) => {
        const x = sampleAt(sums, group * 6)
        const y = sampleAt(sums, group * 6 + 3)
        return student(differ(x, y), Math.max(Math.abs(x.mean), Math.abs(y.mean)), confidence, x.mean - y.mean)
      }))
  },
})

/** One sample against a mean that all rows name: rows, values, squares, that mean. */
const oneSample: AggregateDef = {
  name: 'studentTTestOneSample', arity: [2, 2], nulls: 'skip',
  returnType: (args, parameters) => {
    checkSamples('studentTTestOneSample', args)
    return namedDoubles(confidenceOf('studentTTestOneSample', parameters) === null ? T_NAMES : [...T_NAMES, ...BOUNDS])
  },
  create: (_args, parameters, context) => {
    const confidence = confidenceOf('studentTTestOneSample', parameters)
    const names = confidence === null ? T_NAMES : [...T_NAMES, ...BOUNDS]
    const rule: SlotRule = {
      width: 4, result: () => 0,
      add: (sums, at, value, mean) => {
        sums[at]++
        sums[at + 1] += value
        sums[at + 2] += value * value
        sums[at + 3] = mean
      },
      merge: (sums, to, [count, sum, squares, mean]) => {
        if (count === 0) return
        sums[to] += count
        sums[to + 1] += sum
        sums[to + 2] += squares
        sums[to + 3] = mean
      },
    }
    return slotStates(rule, FLOAT64, context, (sums, groupCount) => tuplesOf(names, groupCount, context,
      (group) => {
        const x = sampleAt(sums, group * 4)
        const mean = sums[group * 4 + 3]
        const error = Math.sqrt(scatter(x) / (x.count - 1) / x.count)
        const difference = x.count < 2 ? null
          : { by: x.mean - mean, error, freedom: x.count - 1, reachError: error }
        return student(difference, Math.max(Math.abs(x.mean), Math.abs(mean)), confidence, x.mean)
      }))
  },
}

const Z_NAMES = ['z_statistic', 'p_value', ...BOUNDS]

/** meanZTest(variance of x, variance of y, confidence)(value, sample). */
const meanZTest: AggregateDef = {
  name: 'meanZTest', arity: [2, 2], nulls: 'skip',
  returnType: (args, parameters) => {
    checkSamples('meanZTest', args)
    if (parameters.length !== 3) {
      throw new FunctionError('Aggregate function meanZTest requires three parameters',
        'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
    }
    const [x, y, level] = parameters.map(Number)
    if (!(x >= 0 && y >= 0)) throw bad('Population variance parameters must be larger than or equal to zero')
    if (!(level >= 0 && level <= 1)) throw bad('Confidence level parameter must be between 0 and 1')
    return namedDoubles(Z_NAMES)
  },
  create: (_args, parameters, context) => {
    const [varianceX, varianceY, level] = parameters.map(Number)
    const reach = quantileAbove((1 - level) / 2, normalAbove)
    return slotStates(SAMPLES, FLOAT64, context, (sums, groupCount) => tuplesOf(Z_NAMES, groupCount, context,
      (group) => {
        const x = sampleAt(sums, group * 6)
        const y = sampleAt(sums, group * 6 + 3)
        const error = Math.sqrt(varianceX / x.count + varianceY / y.count)
        const z = (x.mean - y.mean) / error
        if (Number.isNaN(z)) return [z, 0, z, z]
        const by = x.mean - y.mean
        return [z, 2 * normalAbove(Math.abs(z)), by - reach * error, by + reach * error]
      }))
  },
}

const SIDES = ['two-sided', 'less', 'greater']

function sideOf(parameters: readonly Value[]): string {
  const side = parameters[0] ?? 'two-sided'
  if (typeof side !== 'string') throw bad('The first parameter of a test must be a String')
  if (SIDES.includes(side)) return side
  throw bad(`Unknown alternative hypothesis. It must be one of: 'two-sided', 'less', 'greater', not '${side}'`)
}

/** Both samples of a group. */
function samplesOf(
  { columns, offsets, rows }: Groups, group: number, { account }: EvalContext,
): readonly [Float64Array, Float64Array] {
  const [value, sample] = columns.map(doubles)
  const own = rows.subarray(offsets[group], offsets[group + 1])
  return [doublesOf(own.filter((row) => sample(row) === 0), value, account),
    doublesOf(own.filter((row) => sample(row) !== 0), value, account)]
}

const fromSamples = (
  name: string, names: readonly string[], check: (parameters: readonly Value[]) => void,
  answer: (x: Float64Array, y: Float64Array, parameters: readonly Value[], context: EvalContext) =>
  readonly number[],
): AggregateDef => ({
  name, arity: [2, 2], nulls: 'skip',
  returnType: (args, parameters) => {
    checkSamples(name, args)
    if (parameters.length > 2) {
      throw new FunctionError(`Aggregate function ${name} takes two parameters or fewer`,
        'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
    }
    sideOf(parameters)
    check(parameters)
    return namedDoubles(names)
  },
  create: (args, parameters, context) => collectedStates(args.map(bareType), context, (groups) =>
    tuplesOf(names, groups.groupCount, context, (group) => {
      const [x, y] = samplesOf(groups, group, context)
      if (x.length > 0 && y.length > 0) return answer(x, y, parameters, context)
      throw bad(`Aggregate function ${name} require both samples to be non empty`)
    })),
})

/** Ranks of both samples together decide. */
function mannWhitney(
  x: Float64Array, y: Float64Array, parameters: readonly Value[], { account }: EvalContext,
): readonly number[] {
  const side = sideOf(parameters)
  const all = account.f64(x.length + y.length)
  all.set(x)
  all.set(y, x.length)
  const { ranks, ties } = ranked(all, account)
  const [n1, n2, n] = [x.length, y.length, all.length]
  const own = ranks.subarray(0, n1).reduce((sum, rank) => sum + rank, 0)
  const u1 = n1 * n2 + n1 * (n1 + 1) / 2 - own
  const u2 = n1 * n2 - u1
  const mean = n1 * n2 / 2 + (Number(parameters[1] ?? 1) === 0 ? 0 : 0.5)
  const deviation = Math.sqrt((1 - ties / (n ** 3 - n)) * n1 * n2 * (n + 1) / 12)
  const u = side === 'greater' ? u2 : side === 'less' ? u1 : Math.max(u1, u2)
  const z = (u - mean) / deviation
  if (!Number.isFinite(z)) return [NaN, NaN]
  return [u2, side === 'two-sided' ? 2 * normalAbove(Math.abs(z)) : normalAbove(z)]
}

const METHODS = ['auto', 'exact', 'asymp', 'asymptotic']

export const HYPOTHESIS_TESTS: readonly AggregateDef[] = [
  twoSamples('studentTTest', pooled), twoSamples('welchTTest', apart), oneSample, meanZTest,
  fromSamples('mannWhitneyUTest', ['u_statistic', 'p_value'], ([, correction]) => {
    if (correction !== undefined && typeof correction !== 'number') {
      throw bad('Aggregate function mannWhitneyUTest requires UInt64 as its second parameter')
    }
  }, mannWhitney),
  fromSamples('kolmogorovSmirnovTest', ['d_statistic', 'p_value'], ([, method]) => {
    if (method !== undefined && !METHODS.includes(String(method))) {
      throw bad(`Unknown method in aggregate function kolmogorovSmirnovTest. It must be one of: 'auto', 'exact', 'asymp', not '${String(method)}'`)
    }
  }, (x, y, parameters, context) => smirnov(x, y, sideOf(parameters), String(parameters[1] ?? 'auto'), context)),
]
