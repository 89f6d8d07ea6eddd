// A series taken apart into what returns with each period, its trend and the rest: seriesDecomposeSTL.
// Invariant: every step is rounded to single precision, as ClickHouse's is: answers differ in their last digits alone.
// Source: Cleveland, Cleveland, McRae and Terpenning, "STL: a seasonal-trend decomposition procedure based on loess"
// (1990), and the authors' program (netlib, "stl"), whose names of the parameters are n.p., n.s., n.t. and n.l.

import { arrayOf, FLOAT32 } from '../../../storage/column/data-type.ts'
import { byValues, type List } from '../base/by-values.ts'
import { badArgument } from '../base/define.ts'
import { FunctionError, type FunctionDef } from '../values/function.ts'
import { isNumber, numberInfo } from '../values/types.ts'

const round = Math.fround
/** Shares of the distance within which a point counts wholly, and beyond which not at all. */
const NEAR = round(0.001)
const FAR = round(0.999)

type Fit = { readonly length: number; readonly isLinear: boolean; readonly jump: number }

/** The local fit at `at` (counted from 1) over points `left` to `right`; null: none has any weight. */
function fitted(y: Float32Array, n: number, { length, isLinear }: Fit, at: number, left: number, right: number): number | null {
  let reach = Math.max(round(at - left), round(right - at))
  if (length > n) reach = round(reach + Math.floor((length - n) / 2))
  const weights = new Float32Array(right - left + 1)
  let sum = 0
  for (let j = left; j <= right; j++) {
    const distance = round(Math.abs(j - at))
    if (distance > round(FAR * reach)) continue
    weights[j - left] = distance <= round(NEAR * reach) ? 1 : (1 - round(distance / reach) ** 3) ** 3
    sum = round(sum + weights[j - left])
  }
  if (sum <= 0) return null
  for (let i = 0; i < weights.length; i++) weights[i] /= sum
  if (reach > 0 && isLinear) tilt(weights, left, at, n)
  let value = 0
  for (let i = 0; i < weights.length; i++) value = round(value + round(weights[i] * y[left + i - 1]))
  return value
}

/** Weights of a straight line's value instead of the mean's, where points stand far enough apart. */
function tilt(weights: Float32Array, left: number, at: number, n: number): void {
  let center = 0
  for (let i = 0; i < weights.length; i++) center = round(center + round(weights[i] * (left + i)))
  let spread = 0
  for (let i = 0; i < weights.length; i++) spread = round(spread + round(weights[i] * round(round(left + i - center) ** 2)))
  if (round(Math.sqrt(spread)) <= 0.001 * (n - 1)) return
  const slope = round(round(at - center) / spread)
  for (let i = 0; i < weights.length; i++) weights[i] *= round(round(slope * round(left + i - center)) + 1)
}

/** Smooths the first n values into `out` from `start` on: a fit at every `jump`-th point, straight lines between. */
function smooth(y: Float32Array, n: number, fit: Fit, out: Float32Array, start: number): void {
  const at = (i: number): number => start + i - 1
  if (n < 2) {
    out[at(1)] = y[0]
    return
  }
  const jump = Math.min(fit.jump, n - 1)
  const half = Math.floor((fit.length + 1) / 2)
  let [left, right] = [1, Math.min(fit.length, n)]
  const place = (i: number): void => { out[at(i)] = fitted(y, n, fit, i, left, right) ?? y[i - 1] }
  for (let i = 1; i <= n; i += jump) {
    if (fit.length < n && jump === 1) {
      if (i > half && right !== n) {
        left++
        right++
      }
    } else if (fit.length < n) {
      left = i < half ? 1 : i >= n - half + 1 ? n - fit.length + 1 : i - half + 1
      right = left + fit.length - 1
    }
    place(i)
  }
  if (jump === 1) return
  const join = (from: number, to: number): void => {
    const delta = round(round(out[at(to)] - out[at(from)]) / (to - from))
    for (let j = from + 1; j < to; j++) out[at(j)] = out[at(from)] + round(delta * (j - from))
  }
  for (let i = 1; i <= n - jump; i += jump) join(i, i + jump)
  const lastFit = Math.floor((n - 1) / jump) * jump + 1
  if (lastFit === n) return
  place(n)
  if (lastFit !== n - 1) join(lastFit, n)
}

/** Means of `length` values beside each other. */
function movingMeans(x: Float32Array, n: number, length: number): Float32Array {
  const means = new Float32Array(n - length + 1)
  let sum = 0
  for (let i = 0; i < length; i++) sum += x[i]
  means[0] = sum / length
  for (let i = 1; i < means.length; i++) {
    sum = sum - x[i - 1] + x[i + length - 1]
    means[i] = sum / length
  }
  return means
}

/** Each place of the period smoothed over the periods, with one period more at both ends. */
function cycles(y: Float32Array, period: number, fit: Fit): Float32Array {
  const n = y.length
  const out = new Float32Array(n + 2 * period)
  for (let place = 0; place < period; place++) {
    const count = Math.floor((n - place - 1) / period) + 1
    const own = Float32Array.from({ length: count }, (_, i) => y[i * period + place])
    const smoothed = new Float32Array(count + 2)
    smooth(own, count, fit, smoothed, 1)
    smoothed[0] = fitted(own, count, fit, 0, 1, Math.min(fit.length, count)) ?? smoothed[1]
    smoothed[count + 1] = fitted(own, count, fit, count + 1, Math.max(1, count - fit.length + 1), count) ?? smoothed[count]
    smoothed.forEach((value, i) => { out[i * period + place] = value })
  }
  return out
}

const odd = (length: number): number => (length % 2 === 0 ? length + 1 : length)
const fitOf = (length: number, isLinear: boolean): Fit => ({ length, isLinear, jump: Math.ceil(length / 10) })
const ROUNDS = 2

type Parts = { readonly seasonal: Float32Array; readonly trend: Float32Array }

function decomposed(y: Float32Array, periodGiven: number): Parts {
  const period = Math.max(2, periodGiven)
  const seasonLength = odd(Math.max(3, periodGiven))
  const season = fitOf(seasonLength, false)
  const slow = fitOf(odd(Math.max(3, Math.ceil(1.5 * period / (1 - 1.5 / seasonLength)))), true)
  const low = fitOf(odd(period), true)
  const n = y.length
  const seasonal = new Float32Array(n)
  const trend = new Float32Array(n)
  for (let turn = 0; turn < ROUNDS; turn++) {
    const cycled = cycles(y.map((value, i) => value - trend[i]), period, season)
    const passed = movingMeans(movingMeans(movingMeans(cycled, cycled.length, period), n + period + 1, period), n + 2, 3)
    const drift = new Float32Array(n)
    smooth(passed, n, low, drift, 0)
    for (let i = 0; i < n; i++) seasonal[i] = cycled[period + i] - drift[i]
    smooth(y.map((value, i) => value - seasonal[i]), n, slow, trend, 0)
  }
  return { seasonal, trend }
}

const NAME = 'seriesDecomposeSTL'

export const SEASONAL_TREND: readonly FunctionDef[] = [byValues(NAME, [2, 2], ([series, period]) => {
  const element = series.type.id === 'Array' ? series.type.args[0] : null
  if (element === null) throw badArgument(NAME, 0, series.type)
  if (!isNumber(element)) throw new FunctionError(`Function ${NAME} takes an array of numbers, not ${series.type.name}`, 'ILLEGAL_COLUMN')
  const info = numberInfo(period.type)
  if (info === null || info.isFloat || info.isSigned) throw badArgument(NAME, 1, period.type)
  return arrayOf(arrayOf(FLOAT32))
}, ([series, period]) => {
  const y = Float32Array.from(series as List, Number)
  if (y.length < 2 * Number(period)) throw new FunctionError(`The series of function ${NAME} has less than two periods`, 'BAD_ARGUMENTS')
  if (y.length === 0) return [[], [], [], []]
  const { seasonal, trend } = decomposed(y, Number(period))
  const rest = y.map((value, i) => round(value - seasonal[i]) - trend[i])
  const base = seasonal.map((value, i) => value + trend[i])
  return [seasonal, trend, rest, base].map((part) => [...part])
})]
