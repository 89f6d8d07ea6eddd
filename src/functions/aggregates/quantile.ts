// Quantiles and medians of every kind, one level or several. Which kind keeps what is in
// quantile-exact.ts and quantile-sketches.ts; here are names, types and the states around them.
// Invariant: quantilesX(a, b)(v) is [quantileX(a)(v), quantileX(b)(v)].

import { arrayOf, bareType, FLOAT32, FLOAT64, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { BigArray, NumberArray } from '../../../storage/column/number-array.ts'
import type { BigVector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { numberReader } from '../base/define.ts'
import { FunctionError, type AggregateDef, type AggregateStates, type EvalContext } from '../values/function.ts'
import {
  ExactSketch, pickExclusive, pickInclusive, TimingSketch, weightedExact, weightedInterpolated, weightedRepeated,
  WeightedSketch,
} from './quantile-exact.ts'
import { exactPlace, highPlace, lowPlace, PickSketch } from './quantile-picks.ts'
import {
  DeterministicSketch, DigestSketch, LogSketch, ReservoirSketch, toBFloat16,
} from './quantile-sketches.ts'
import { GkSketch } from './quantile-gk.ts'
import type { QuantileSketch } from './quantile-runs.ts'
import { byGroup } from '../values/state-bytes.ts'
import { isTemporal, numberInfo } from '../values/types.ts'
import { arrayVector, bigVector, largeVector, newBigs, newNumbers, numberVector } from '../values/vectors.ts'

type Kind = {
  /** Behind quantile and quantiles. */
  readonly suffix: string
  readonly isWeighted?: boolean
  /** Parameters before the levels. */
  readonly leading?: number
  /** The result's type where it is not the argument's: a type, or 'float' (dates stay dates). */
  readonly result: 'argument' | 'float' | 'double' | 'single'
  /** `type`: the result's. */
  readonly sketch: (context: EvalContext, parameters: readonly Value[], type: DataType) => QuantileSketch
  /** What is made of values before they are added. */
  readonly round?: (value: number) => number
}

const KINDS: readonly Kind[] = [
  { suffix: '', result: 'float', sketch: (context) => new ReservoirSketch(context) },
  { suffix: 'Exact', result: 'argument', sketch: (context, _, type) => new PickSketch(exactPlace, type, context) },
  { suffix: 'ExactLow', result: 'argument', sketch: (context, _, type) => new PickSketch(lowPlace, type, context) },
  { suffix: 'ExactHigh', result: 'argument', sketch: (context, _, type) => new PickSketch(highPlace, type, context) },
  { suffix: 'ExactExclusive', result: 'double',
    sketch: (context) => new ExactSketch(pickExclusive, context) },
  { suffix: 'ExactInclusive', result: 'double',
    sketch: (context) => new ExactSketch(pickInclusive, context) },
  { suffix: 'ExactWeighted', isWeighted: true, result: 'argument',
    sketch: (context) => new WeightedSketch(weightedExact, context) },
  { suffix: 'InterpolatedWeighted', isWeighted: true, result: 'argument',
    sketch: (context) => new WeightedSketch(weightedInterpolated, context) },
  { suffix: 'Timing', result: 'single', sketch: (context) => new TimingSketch(false, context) },
  { suffix: 'TimingWeighted', isWeighted: true, result: 'single',
    sketch: (context) => new TimingSketch(true, context) },
  { suffix: 'TDigest', result: 'single', sketch: (context) => new DigestSketch(context) },
  { suffix: 'TDigestWeighted', isWeighted: true, result: 'single',
    sketch: (context) => new DigestSketch(context) },
  { suffix: 'BFloat16', result: 'float', round: toBFloat16,
    sketch: (context) => new WeightedSketch(weightedExact, context) },
  { suffix: 'BFloat16Weighted', isWeighted: true, result: 'float', round: toBFloat16,
    sketch: (context) => new WeightedSketch(weightedExact, context) },
  { suffix: 'DD', leading: 1, result: 'float',
    sketch: (context, [accuracy]) => new LogSketch(Number(accuracy), context) },
  { suffix: 'ExactWeightedInterpolated', isWeighted: true, result: 'float',
    sketch: (context) => new WeightedSketch(weightedRepeated, context) },
  { suffix: 'GK', leading: 1, result: 'argument',
    sketch: (context, parameters) => new GkSketch(Number(parameters[0]), context) },
  { suffix: 'Deterministic', isWeighted: true, result: 'float',
    sketch: (context) => new DeterministicSketch(context) },
]

function quantileStates(
  kind: Kind, levels: readonly number[], parameters: readonly Value[], type: DataType,
  isArray: boolean, context: EvalContext,
): AggregateStates {
  const sketch = kind.sketch(context, parameters, type)
  const picks = sketch instanceof PickSketch ? sketch : null
  // Several levels of no values are the type's default, one is NaN: ClickHouse's rule.
  const isWhole = type !== FLOAT64 && type.id !== 'Float32'
  const empty = isWhole || (isArray && kind.result === 'argument') ? 0 : Number.NaN
  const round = kind.round ?? ((value: number) => value)
  const states = byGroup({
    resize: (groupCount) => sketch.resize(groupCount),
    update: (groups, rowCount, args) => {
      const [values, weights] = args.map(numberReader)
      const isChecked = isLarge(bareType(args[0].type)) && type !== FLOAT64
      if (picks !== null && args[0].kind === 'big') {
        addWords(picks, groups, rowCount, args[0])
        return
      }
      for (let row = 0; row < rowCount; row++) {
        const value = round(values(row))
        if (isChecked && !Number.isSafeInteger(value)) throw tooWide(args[0].type)
        if (!Number.isNaN(value)) sketch.add(groups[row], value, weights === undefined ? 1 : weights(row))
      }
    },
    write: (out, group) => sketch.write(out, group),
    read: (reader, group) => sketch.read(reader, group),
    finish: (groupCount) => {
      const width = levels.length
      const wide = isLarge(type)
      const out = newNumbers(wide ? FLOAT64 : type, groupCount * width, context.account)
      let words: BigArray | null = null
      for (let group = 0; group < groupCount; group++) {
        const valueAt = sketch.reader(group)
        for (let i = 0; i < width; i++) {
          const value = valueAt === null ? empty : valueAt(levels[i])
          if (typeof value === 'bigint') {
            words ??= newBigs(type, out.length, context.account).fill(0n)
            words[group * width + i] = value
            out[group * width + i] = Number.NaN
            continue
          }
          // Decimals and times are ticks in doubles: a value between two has none of its own.
          out[group * width + i] = isWhole ? Math.trunc(value) : value
        }
      }
      const values = words !== null ? bigVector(type, withNumbers(words, out)) : !wide ? numberVector(type, out)
        : largeVector(type, out.length, context.account, (i) => BigInt(Math.trunc(out[i] || 0)))
      if (!isArray) return values
      const offsets = context.account.u32(groupCount + 1)
      for (let group = 0; group <= groupCount; group++) offsets[group] = group * width
      return arrayVector(arrayOf(type), offsets, values)
    },
  }, context)
  return picks === null ? states : { ...states, trim: () => picks.trim() }
}

/** Adds whole numbers of 64 bits, of which some are beyond 2^53. */
function addWords(picks: PickSketch, groups: Uint32Array, rowCount: number, { values, isConst }: BigVector): void {
  for (let row = 0; row < rowCount; row++) {
    const word = values[isConst ? 0 : row]
    const near = Number(word)
    if (Number.isSafeInteger(near)) picks.add(groups[row], near)
    else picks.addWord(groups[row], word)
  }
}

/** Words with the numbers that stand in `numbers`, where NaN is none. */
function withNumbers(words: BigArray, numbers: NumberArray): BigArray {
  for (let i = 0; i < words.length; i++) if (!Number.isNaN(numbers[i])) words[i] = BigInt(numbers[i])
  return words
}

const tooWide = (type: DataType): FunctionError => new FunctionError(
  `Quantiles of ${type.name} take values of up to 53 bits: convert to Float64 first`, 'NOT_IMPLEMENTED')

function levelsOf(name: string, parameters: readonly Value[], isArray: boolean): number[] {
  if (!isArray && parameters.length > 1) {
    throw new FunctionError(`Aggregate function ${name} takes one level`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  const levels = parameters.length === 0 ? [0.5] : parameters.map(Number)
  const bad = levels.find((level) => !(level >= 0 && level <= 1))
  if (bad === undefined) return levels
  throw new FunctionError(`Quantile level is out of range [0..1]: ${bad} in ${name}`,
    'PARAMETER_OUT_OF_BOUND')
}

/** quantileGK's first parameter: one in so many ranks may be wrong. */
function checkAccuracy(name: string, [accuracy]: readonly Value[]): void {
  if (accuracy === undefined) {
    throw new FunctionError(`Aggregate function ${name} requires at least one param`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  if (typeof accuracy === 'number' && Number.isInteger(accuracy) && accuracy > 0) return
  throw new FunctionError(`Aggregate function ${name} requires accuracy parameter with positive value`, 'BAD_ARGUMENTS')
}

function resultType(name: string, kind: Kind, args: readonly DataType[]): DataType {
  const [bare, weight] = args.map(bareType)
  const weightInfo = weight === undefined ? null : numberInfo(weight)
  const isWeightGood = weight === undefined || (weightInfo !== null && !weightInfo.isFloat && !weightInfo.isSigned)
  if (!isWeightGood || (numberInfo(bare) === null && !isTemporal(bare) && bare.id !== 'Decimal')) {
    throw new FunctionError(`Illegal type ${args[isWeightGood ? 0 : 1].name} of argument for aggregate `
      + `function ${name}`)
  }
  if (kind.result === 'argument' || (['', 'ExactWeightedInterpolated'].includes(kind.suffix) && bare.id === 'Decimal')) return bare
  const isRefused = kind.result === 'double' ? bare.id === 'Decimal'
    : kind.suffix === 'Deterministic' && bare.id === 'DateTime64'
  if (isRefused) throw new FunctionError(`Illegal type ${bare.name} of argument for aggregate function ${name}`)
  if (kind.result === 'double') return FLOAT64
  if (isTemporal(bare) && !kind.suffix.startsWith('Timing')) return bare
  if (bare.id === 'Decimal' && kind.suffix !== 'Deterministic') {
    throw new FunctionError(`Illegal type ${bare.name} of argument for aggregate function ${name}`)
  }
  return kind.result === 'single' ? FLOAT32 : FLOAT64
}

function definition(kind: Kind, isArray: boolean): AggregateDef {
  const name = `quantile${isArray ? 's' : ''}${kind.suffix}`
  const count = kind.isWeighted === true ? 2 : 1
  const skip = kind.leading ?? 0
  return {
    name, aliases: isArray || kind.result === 'double' ? [] : [`median${kind.suffix}`], arity: [count, count], nulls: 'skip',
    returnType: (args, parameters) => {
      if (kind.suffix === 'GK') checkAccuracy(name, parameters)
      levelsOf(name, parameters.slice(skip), isArray)
      const type = resultType(name, kind, args)
      return isArray ? arrayOf(type) : type
    },
    create: (args, parameters, context) => quantileStates(kind,
      levelsOf(name, parameters.slice(skip), isArray), parameters, resultType(name, kind, args), isArray,
      context),
  }
}

export const QUANTILE: readonly AggregateDef[] =
  KINDS.flatMap((kind) => [definition(kind, false), definition(kind, true)])
