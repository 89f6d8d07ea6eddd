// Statistics of moments: variance, deviation, covariance, correlation, skewness, kurtosis, regression,
// weighted average. The plain ones sum powers as ClickHouse's do, those of Float32 in single precision
// (slots are doubles all the same, so states keep their layout); the Stable ones follow the mean.
// Invariant: a statistic of no rows is NaN, of a sample of one row too.

import {
  bareType, FLOAT32, FLOAT64, internType, type DataType,
} from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import { sumType } from './count-sum.ts'
import { FunctionError, type AggregateDef } from '../values/function.ts'
import { LargeSums } from './large-states.ts'
import { slotStates, type SlotRule } from '../base/slot-states.ts'
import { isEnum, numberInfo } from '../values/types.ts'
import { numberVector } from '../values/vectors.ts'

function checkNumbers(name: string, args: readonly DataType[]): void {
  for (const arg of args) {
    const bare = bareType(arg)
    // An Enum counts as its numbers where it stands alone.
    if (numberInfo(bare) === null && bare.id !== 'Decimal' && !(isEnum(bare) && args.length === 1)) {
      throw new FunctionError(`Illegal type ${arg.name} of argument for aggregate function ${name}`)
    }
  }
}

/** Two columns together: neither Decimals nor integers beyond 64 bits. */
function checkPair(name: string, args: readonly DataType[]): void {
  if (args.some((arg) => bareType(arg).id === 'Decimal' || isLarge(bareType(arg)))) {
    throw new FunctionError(`Illegal types ${args.map((arg) => arg.name).join(' and ')} of arguments for aggregate `
      + `function ${name}: use toFloat64`)
  }
}

/** A mean by weights: no Decimals. */
function checkWeighted(name: string, args: readonly DataType[]): void {
  if (args.some((arg) => bareType(arg).id === 'Decimal')) {
    throw new FunctionError(`Types ${args.map((arg) => arg.name).join(' and ')} do not fit aggregate function ${name}: `
      + 'use toFloat64')
  }
}

/** Float32 stays itself, but for the Stable ones; everything else gives Float64. */
const floatOf = (args: readonly DataType[]): DataType =>
  (args.every((arg) => bareType(arg).id === 'Float32') ? FLOAT32 : FLOAT64)

type Names = Pick<AggregateDef, 'isCaseInsensitive' | 'anyCaseAliases'>

type StatisticOptions = {
  readonly names?: Names
  readonly keepsFloat32?: boolean
  /** The rule for Float32 arguments, where it is another. */
  readonly single?: SlotRule
  readonly check?: (name: string, args: readonly DataType[]) => void
}

const statistic = (
  name: string, argCount: number, rule: SlotRule,
  { names = {}, keepsFloat32 = true, single = rule, check = () => {} }: StatisticOptions = {},
): AggregateDef => ({
  name, arity: [argCount, argCount], nulls: 'skip', ...names,
  returnType: (args) => {
    checkNumbers(name, args)
    check(name, args)
    return keepsFloat32 ? floatOf(args) : FLOAT64
  },
  create: (args, _parameters, context) => {
    const type = keepsFloat32 ? floatOf(args) : FLOAT64
    return slotStates(type === FLOAT32 ? single : rule, type, context)
  },
})

const { fround } = Math

/** Adds slots in single precision. */
const mergeSingle = (width: number) => (sums: Float64Array, to: number, from: Float64Array): void => {
  for (let i = 0; i < width; i++) sums[to + i] = fround(sums[to + i] + from[i])
}

/** Sums of the powers 0 to `power` of x. */
const powers = (power: number, result: SlotRule['result']): SlotRule => ({
  width: power + 1, result,
  add: (sums, at, x) => {
    sums[at]++
    let product = x
    for (let i = 1; i <= power; i++) {
      sums[at + i] += product
      product *= x
    }
  },
})

const powersSingle = (power: number, result: SlotRule['result']): SlotRule => ({
  width: power + 1, result, merge: mergeSingle(power + 1),
  add: (sums, at, x) => {
    sums[at] = fround(sums[at] + 1)
    let product = x
    for (let i = 1; i <= power; i++) {
      sums[at + i] = fround(sums[at + i] + product)
      product = fround(product * x)
    }
  },
})

/** A rounding after each step: none, or to single precision. */
type Rounding = (x: number) => number
const exact: Rounding = (x) => x

const varianceOf = (sums: Float64Array, at: number, isSample: boolean, round: Rounding = exact): number => {
  const [count, sum, squares] = sums.subarray(at, at + 3)
  if (count === 0 || (isSample && count === 1)) return Number.NaN
  const distance = round(squares - round(round(sum * sum) / count))
  const variance = round(distance / (isSample ? count - 1 : count))
  return variance > 0 ? variance : 0 // also of NaN and infinity, as in ClickHouse
}

/** Welford: count, mean, sum of squared distances. */
const stable = (isSample: boolean, after: (x: number) => number): SlotRule => ({
  width: 3,
  add: (sums, at, x) => {
    const count = ++sums[at]
    const delta = x - sums[at + 1]
    sums[at + 1] += delta / count
    sums[at + 2] += delta * (x - sums[at + 1])
  },
  merge: (sums, to, from) => {
    const total = sums[to] + from[0]
    if (from[0] === 0) return
    const delta = sums[to + 1] - from[1]
    sums[to + 1] = sums[to] === 0 ? from[1] : (from[1] * from[0] + sums[to + 1] * sums[to]) / total
    sums[to + 2] += from[2] + delta * delta * from[0] * sums[to] / total
    sums[to] = total
  },
  result: (sums, at) => {
    const count = sums[at]
    if (count === 0 || (isSample && count === 1)) return Number.NaN
    return after(sums[at + 2] / (isSample ? count - 1 : count))
  },
})

/** Sums: rows, x, y, xy, xx, yy. */
const pairs = (result: SlotRule['result']): SlotRule => ({
  width: 6, result,
  add: (sums, at, x, y) => {
    sums[at]++
    sums[at + 1] += x
    sums[at + 2] += y
    sums[at + 3] += x * y
    sums[at + 4] += x * x
    sums[at + 5] += y * y
  },
})

const pairsSingle = (result: SlotRule['result']): SlotRule => ({
  width: 6, result, merge: mergeSingle(6),
  add: (sums, at, x, y) => {
    sums[at] = fround(sums[at] + 1)
    sums[at + 1] = fround(sums[at + 1] + x)
    sums[at + 2] = fround(sums[at + 2] + y)
    sums[at + 3] = fround(sums[at + 3] + fround(x * y))
    sums[at + 4] = fround(sums[at + 4] + fround(x * x))
    sums[at + 5] = fround(sums[at + 5] + fround(y * y))
  },
})

const covarianceOf = (sums: Float64Array, at: number, isSample: boolean, round: Rounding = exact): number => {
  const [count, x, y, xy] = sums.subarray(at, at + 4)
  if (count === 0 || (isSample && count === 1)) return Number.NaN
  return round(round(xy - round(round(x * y) / count)) / (isSample ? count - 1 : count))
}

const correlationOf = (sums: Float64Array, at: number, round: Rounding = exact): number => {
  const [count, x, y, xy, xx, yy] = sums.subarray(at, at + 6)
  if (count === 0) return Number.NaN
  const spreadOf = (squares: number, sum: number): number => round(round(count * squares) - round(sum * sum))
  return round(round(round(count * xy) - round(x * y)) / round(Math.sqrt(round(spreadOf(xx, x) * spreadOf(yy, y)))))
}

/** Central moment 3 or 4 over the variance's power. */
function standardized(
  sums: Float64Array, at: number, power: 3 | 4, isSample: boolean, round: Rounding = exact): number {
  const [count, m1, m2, m3, m4] = sums.subarray(at, at + 5)
  const variance = varianceOf(sums, at, isSample, round)
  if (Number.isNaN(variance) || !(variance > 0)) return Number.NaN
  const mean = (x: number): number => round(round(x * m1) / count)
  const twice = (factor: number): number => round(round(round(factor * m1) * m1) / count)
  const central = power === 3
    ? round(m3 - mean(round(round(3 * m2) - twice(2))))
    : round(m4 - mean(round(round(4 * m3) - mean(round(round(6 * m2) - twice(3))))))
  return round(central / count) / (power === 3 ? variance ** 1.5 : variance ** 2)
}

const spread = (name: string, isSample: boolean, isRoot: boolean, names: Names): AggregateDef[] => {
  const after = isRoot ? Math.sqrt : (x: number) => x
  const result = (round: Rounding): SlotRule['result'] => (sums, at) => after(varianceOf(sums, at, isSample, round))
  return [
    statistic(name, 1, powers(2, result(exact)), { names, single: powersSingle(2, result(fround)) }),
    statistic(`${name}Stable`, 1, stable(isSample, after), { keepsFloat32: false }),
  ]
}

type RoundedResult = (sums: Float64Array, at: number, round: Rounding) => number

const together = (name: string, result: RoundedResult, names: Names = {}): AggregateDef[] => {
  const rule = pairs((sums, at) => result(sums, at, exact))
  const single = pairsSingle((sums, at) => result(sums, at, fround))
  return [statistic(name, 2, rule, { names, single, check: checkPair }),
    statistic(`${name}Stable`, 2, rule, { keepsFloat32: false })]
}

const shape = (name: string, power: 3 | 4, isSample: boolean): AggregateDef => {
  const result = (round: Rounding): SlotRule['result'] => (sums, at) => standardized(sums, at, power, isSample, round)
  return statistic(name, 1, powers(power, result(exact)), { single: powersSingle(power, result(fround)) })
}

const any = (...anyCaseAliases: string[]): Names => ({ anyCaseAliases })

/** The line y = kx + b of least squares. */
const simpleLinearRegression: AggregateDef = {
  name: 'simpleLinearRegression', arity: [2, 2], nulls: 'skip',
  returnType: (args) => {
    checkNumbers('simpleLinearRegression', args)
    return internType('Tuple(k Float64, b Float64)', 'Tuple',
      { args: [FLOAT64, FLOAT64], names: ['k', 'b'] })
  },
  create: (_args, _parameters, context) => {
    const rule = pairs(() => 0)
    return slotStates(rule, FLOAT64, context, (sums, groupCount) => {
      const k = context.account.f64(groupCount)
      const b = context.account.f64(groupCount)
      for (let group = 0; group < groupCount; group++) {
        const [count, x, y, xy, xx] = sums.subarray(group * 6, group * 6 + 5)
        const divisor = xx * count - x * x
        k[group] = divisor === 0 || count === 0 ? Number.NaN : (xy * count - x * y) / divisor
        b[group] = (y - k[group] * x) / count
      }
      return {
        kind: 'tuple', type: internType('Tuple(k Float64, b Float64)', 'Tuple'), length: groupCount,
        isConst: false, nulls: null, fields: [numberVector(FLOAT64, k), numberVector(FLOAT64, b)],
      }
    })
  },
}

const avgWeighted = statistic('avgWeighted', 2, {
  width: 2, result: (sums, at) => sums[at] / sums[at + 1],
  add: (sums, at, x, weight) => {
    sums[at] += x * weight
    sums[at + 1] += weight
  },
}, { keepsFloat32: false, check: checkWeighted })

/** Neumaier's sum, which keeps what single additions lose. */
const floatKahan = statistic('sumKahan', 1, {
  width: 2, result: (sums, at) => sums[at] + sums[at + 1],
  add: (sums, at, x) => addKahan(sums, at, x),
  merge: (sums, to, from) => {
    addKahan(sums, to, from[0])
    sums[to + 1] += from[1]
  },
}, { keepsFloat32: false })

/** Decimals lose nothing: their sum is sum's. */
const sumKahan: AggregateDef = {
  ...floatKahan,
  returnType: (args, parameters) => (bareType(args[0]).id === 'Decimal' ? sumType('sumKahan', args[0])
    : floatKahan.returnType(args, parameters)),
  create: (args, parameters, context) => (bareType(args[0]).id === 'Decimal'
    ? new LargeSums(sumType('sumKahan', args[0]), context) : floatKahan.create(args, parameters, context)),
}

function addKahan(sums: Float64Array, at: number, x: number): void {
  const compensated = x + sums[at + 1]
  const sum = sums[at] + compensated
  sums[at + 1] = compensated - (sum - sums[at])
  sums[at] = sum
}

/** Slope of the line through the leftmost and the rightmost point: x and y of both, after a flag. */
const boundingRatio = statistic('boundingRatio', 2, {
  width: 5,
  add: (sums, at, x, y) => addBounds(sums, at, x, y, x, y),
  merge: (sums, to, [has, x, y, lastX, lastY]) => {
    if (has !== 0) addBounds(sums, to, x, y, lastX, lastY)
  },
  result: (sums, at) => (sums[at] === 0 ? Number.NaN
    : (sums[at + 4] - sums[at + 2]) / (sums[at + 3] - sums[at + 1])),
}, { keepsFloat32: false })

function addBounds(
  sums: Float64Array, at: number, x: number, y: number, lastX: number, lastY: number): void {
  if (sums[at] === 0 || x < sums[at + 1]) {
    sums[at + 1] = x
    sums[at + 2] = y
  }
  if (sums[at] === 0 || lastX > sums[at + 3]) {
    sums[at + 3] = lastX
    sums[at + 4] = lastY
  }
  sums[at] = 1
}

export const MOMENTS: readonly AggregateDef[] = [
  ...spread('varPop', false, false, any('VAR_POP')), ...spread('varSamp', true, false, any('VAR_SAMP')),
  ...spread('stddevPop', false, true, any('STDDEV_POP', 'STD')),
  ...spread('stddevSamp', true, true, any('STDDEV_SAMP', 'STDDEV')),
  ...together('covarPop', (sums, at, round) => covarianceOf(sums, at, false, round), any('COVAR_POP')),
  ...together('covarSamp', (sums, at, round) => covarianceOf(sums, at, true, round), any('COVAR_SAMP')),
  ...together('corr', correlationOf, { isCaseInsensitive: true }),
  shape('skewPop', 3, false), shape('skewSamp', 3, true), shape('kurtPop', 4, false), shape('kurtSamp', 4, true),
  simpleLinearRegression, avgWeighted, sumKahan, boundingRatio,
]
