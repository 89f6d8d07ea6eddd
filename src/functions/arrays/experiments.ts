// Statistics over the numbers of one row: tests of proportions, sizes of samples, outliers of a series.

import { arrayOf, FLOAT64 } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { byValues } from '../base/by-values.ts'
import { badArgument, constantInfo, expectTypes, elementOf } from '../base/define.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { namedDoubles } from '../aggregates/hypothesis-tests.ts'
import { normalAbove, quantileAbove } from '../numbers/probability.ts'
import { isInteger, isNumber, isString, numberInfo } from '../values/types.ts'

const NONE = Number.NaN
const Z_RESULT = namedDoubles(['z_statistic', 'p_value', 'confidence_interval_low', 'confidence_interval_high'])
const SAMPLE_RESULT = namedDoubles(['minimum_sample_size', 'detect_range_lower', 'detect_range_upper'])

const bad = (text: string): FunctionError => new FunctionError(text, 'BAD_ARGUMENTS')

/** proportionsZTest(successes x, y, trials x, y, confidence, 'pooled' or 'unpooled'). */
const proportions = byValues('proportionsZTest', [6, 6], (args) => {
  expectTypes('proportionsZTest', args, isInteger, isInteger, isInteger, isInteger, isNumber, isString)
  const kind = String(constantInfo('proportionsZTest', args, 5))
  if (!['pooled', 'unpooled'].includes(kind)) {
    throw bad('The 6th argument (pool type) must be a constant string with value `pooled` or `unpooled`')
  }
  return Z_RESULT
}, (values) => {
  const [successX, successY, trialsX, trialsY, confidence] = values.map(Number)
  const [x, y] = [successX / trialsX, successY / trialsY]
  const by = x - y
  const apart = Math.sqrt(x * (1 - x) / trialsX + y * (1 - y) / trialsY)
  const both = (successX + successY) / (trialsX + trialsY)
  const error = values[5] === 'pooled' ? Math.sqrt(both * (1 - both) * (1 / trialsX + 1 / trialsY)) : apart
  const z = by / error
  const isNone = [successX, successY, trialsX, trialsY].some((count) => count === 0) || !Number.isFinite(z)
  if (isNone) return [NONE, NONE, NONE, NONE]
  const reach = apart * quantileAbove((1 - confidence) / 2, normalAbove)
  return [z, 2 * normalAbove(Math.abs(z)), by - reach, by + reach]
})

/** The value below which a normal number is with a chance of `share`. */
const upTo = (share: number): number =>
  (share < 0.5 ? -quantileAbove(share, normalAbove) : quantileAbove(1 - share, normalAbove))

const floats = (name: string, args: readonly ArgInfo[]): void => args.forEach(({ type }, i) => {
  if (numberInfo(type)?.isFloat !== true) throw badArgument(name, i, type)
})

const conversionSize = byValues('minSampleSizeConversion', [4, 4], (args) => {
  floats('minSampleSizeConversion', args)
  return SAMPLE_RESULT
}, (values) => {
  const [rate, change, power, alpha] = values.map(Number)
  const [low, high, both] = [rate - change, rate + change, rate + change / 2]
  const spread = (share: number): number => share * (1 - share)
  const size = (upTo(1 - alpha / 2) * Math.sqrt(2 * spread(both)) + upTo(power) * Math.sqrt(spread(rate) + spread(high))) ** 2
  return [size / change ** 2, low, high]
})

const continuousSize = byValues('minSampleSizeContinuous', [5, 5], (args) => {
  expectTypes('minSampleSizeContinuous', args, isNumber)
  return SAMPLE_RESULT
}, (values) => {
  const [mean, deviation, change, power, alpha] = values.map(Number)
  const reach = mean * change
  return [2 * (upTo(1 - alpha / 2) + upTo(power)) ** 2 * deviation ** 2 / reach ** 2, mean - reach, mean + reach]
}, ['minSampleSizeContinous'])

const POINTS_MIN = 4
const SHARE_MIN = 0.02
const SHARE_MAX = 0.98

/** The value at a share of the way through sorted values; the mean of two where it falls between them. */
function valueAtShare(sorted: readonly number[], share: number): number {
  const place = share * sorted.length
  const at = Math.floor(place)
  return place === at ? (sorted[at - 1] + sorted[at]) / 2 : sorted[at]
}

/** seriesOutliersDetectTukey(series[, low share, high share, factor]): how far each value is out. */
const tukey = byValues('seriesOutliersDetectTukey', [1, 4], (args) => {
  if (args.length === 2 || args.length === 3) {
    throw new FunctionError('Function seriesOutliersDetectTukey takes 1 or 4 arguments', 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  if (!isNumber(elementOf('seriesOutliersDetectTukey', 0, args[0].type))) throw badArgument('seriesOutliersDetectTukey', 0, args[0].type)
  expectTypes('seriesOutliersDetectTukey', args.slice(1), isNumber)
  const [low, high, factor] = args.slice(1).map((_, i) => Number(constantInfo('seriesOutliersDetectTukey', args, i + 1)))
  for (const share of [low, high]) {
    if (share !== undefined && !(share >= SHARE_MIN && share <= SHARE_MAX)) {
      throw bad(`A share of function seriesOutliersDetectTukey must be in range [${SHARE_MIN}, ${SHARE_MAX}]`)
    }
  }
  if (low > high || factor < 0) throw bad('The shares of function seriesOutliersDetectTukey must rise, and its factor be positive')
  return arrayOf(FLOAT64)
}, ([series, low, high, factor]): Value => {
  const values = (series as readonly Value[]).map(Number)
  if (values.length < POINTS_MIN) throw bad('At least four data points are needed for function seriesOutliersDetectTukey')
  const sorted = [...values].sort((a, b) => a - b)
  const [first, third] = [valueAtShare(sorted, Number(low ?? 0.25)), valueAtShare(sorted, Number(high ?? 0.75))]
  const reach = (third - first) * Number(factor ?? 1.5)
  return values.map((value) => (value < first - reach ? value - (first - reach) : value > third + reach ? value - (third + reach) : 0))
})

export const EXPERIMENTS: readonly FunctionDef[] = [proportions, conversionSize, continuousSize, tukey]
