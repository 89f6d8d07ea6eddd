// Samples of time series brought onto a grid of moments, as Prometheus evaluates a query at steps: the last value,
// rates, differences, straight lines, changes and resets within a window before each moment.
// Invariant: a window is open at its start and closed at its end; of several samples of one moment the greatest counts.
// Source of the formulas: promql/functions.go of Prometheus (extrapolatedRate, instantValue, linearRegression).

import { arrayOf, bareType, FLOAT32, FLOAT64, nullableOf, type DataType } from '../../../storage/column/data-type.ts'
import type { ArrayVector, Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { numberReader } from '../base/define.ts'
import { FunctionError, type AggregateDef, type EvalContext } from '../values/function.ts'
import { collectedStates, type Groups } from './group-array-more.ts'
import { tupleOf } from '../values/types.ts'
import { arrayVector, newNumbers, numberVector, take, zeroBytes } from '../values/vectors.ts'

const GRID_MAX = 1_000_000

/** Moments in ticks of the samples' type, with the seconds of a tick's inverse. */
type Grid = { readonly start: number; readonly count: number; readonly step: number; readonly window: number; readonly perSecond: number; readonly ahead: number }

/** Samples by time, one a moment. */
type Samples = { readonly times: Float64Array; readonly values: Float64Array }

/** What samples [from, to) of the window before `moment` say; NaN may be a value, null is none. */
type Evaluate = (samples: Samples, from: number, to: number, moment: number, grid: Grid) => number | null

// ---------------------------------------------------------------------- what a window says

const last: Evaluate = ({ values }, from, to) => (to > from ? values[to - 1] : null)

const EXTRAPOLATION_MOST = 1.1

/** The difference over the window, drawn out to its ends as far as samples stand near them. */
function extrapolated(samples: Samples, from: number, to: number, moment: number, grid: Grid, isCounter: boolean): number | null {
  if (to - from < 2) return null
  const { times, values } = samples
  let result = values[to - 1] - values[from]
  for (let i = from + 1; i < to && isCounter; i++) if (values[i] < values[i - 1]) result += values[i - 1]
  const sampled = times[to - 1] - times[from]
  const apart = sampled / (to - from - 1)
  let before = times[from] - (moment - grid.window)
  if (before >= apart * EXTRAPOLATION_MOST) before = apart / 2
  // A counter has been no less than 0.
  if (isCounter && result > 0 && values[from] >= 0) before = Math.min(before, sampled * (values[from] / result))
  let after = moment - times[to - 1]
  if (after >= apart * EXTRAPOLATION_MOST) after = apart / 2
  return result * ((sampled + before + after) / sampled)
}

const rate: Evaluate = (samples, from, to, moment, grid) => {
  const increase = extrapolated(samples, from, to, moment, grid, true)
  return increase === null ? null : increase / (grid.window / grid.perSecond)
}

/** The difference of the last two samples; of a counter that began anew, its value. */
const instant = (isRate: boolean): Evaluate => ({ times, values }, from, to, _moment, { perSecond }) => {
  if (to - from < 2) return null
  const [before, now] = [values[to - 2], values[to - 1]]
  if (!isRate) return now - before
  return (now < before ? now : now - before) / ((times[to - 1] - times[to - 2]) / perSecond)
}

/** The slope a second of the straight line through the samples, and its value at the moment. */
function line({ times, values }: Samples, from: number, to: number, moment: number, perSecond: number): readonly [slope: number, value: number] {
  const count = to - from
  let [sumX, sumY, sumXY, sumXX] = [0, 0, 0, 0]
  let isSteady = true
  for (let i = from; i < to; i++) {
    const x = (times[i] - moment) / perSecond
    if (values[i] !== values[from]) isSteady = false
    sumX += x
    sumY += values[i]
    sumXY += x * values[i]
    sumXX += x * x
  }
  if (isSteady) return [0, values[from]]
  const slope = (sumXY - sumX * sumY / count) / (sumXX - sumX * sumX / count)
  return [slope, sumY / count - slope * sumX / count]
}

const derivative: Evaluate = (samples, from, to, moment, { perSecond }) =>
  (to - from < 2 ? null : line(samples, from, to, moment, perSecond)[0])

const predicted: Evaluate = (samples, from, to, moment, { perSecond, ahead }) => {
  if (to - from < 2) return null
  const [slope, value] = line(samples, from, to, moment, perSecond)
  return value + slope * ahead
}

const countSteps = (holds: (before: number, now: number) => boolean): Evaluate => ({ values }, from, to) => {
  if (to === from) return null
  let count = 0
  for (let i = from + 1; i < to; i++) if (holds(values[i - 1], values[i])) count++
  return count
}

// ---------------------------------------------------------------------- samples and grids

const isTime = ({ id }: DataType): boolean => id === 'DateTime' || id === 'DateTime64' || id === 'UInt32'
const isFloat = (type: DataType): boolean => type === FLOAT32 || type === FLOAT64
const elementOf = (type: DataType): DataType => (type.id === 'Array' ? type.args[0] : type)

/** The types of a sample's time and value; lists of both are several samples. */
function sampleTypes(name: string, args: readonly DataType[], takesLists: boolean): readonly [DataType, DataType] {
  const bare = args.map(bareType)
  const areLists = takesLists && bare.every(({ id }) => id === 'Array')
  const [time, value] = areLists ? bare.map(elementOf) : bare
  const fail = (i: number, what: string): FunctionError =>
    new FunctionError(`Illegal type ${args[i].name} of argument ${i + 1} (${what}) for aggregate function ${name}`)
  if (!isTime(time)) throw fail(0, 'timestamp')
  if (!isFloat(value)) throw fail(1, 'value')
  return [time, value]
}

const ticksPerSecond = (time: DataType): number => (time.id === 'DateTime64' ? 10 ** time.precision : 1)

function gridOf(name: string, parameters: readonly Value[], time: DataType, hasAhead: boolean): Grid {
  const fail = (what: string, code = 'BAD_ARGUMENTS'): FunctionError => new FunctionError(`Aggregate function ${name}: ${what}`, code)
  if (parameters.length !== (hasAhead ? 5 : 4)) {
    throw fail(`it takes the parameters start, end, step, window${hasAhead ? ' and how far ahead' : ''}`, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  const numbers = parameters.map(Number)
  const perSecond = ticksPerSecond(time)
  const isGood = numbers.every((number, i) => Number.isFinite(number) && (number >= 0 || i === 4) && (i === 4 || Number.isInteger(number * perSecond)))
  if (!isGood) throw fail('a moment, a step or a window is no such number', 'ILLEGAL_TYPE_OF_ARGUMENT')
  const [start, end, step, window] = numbers.slice(0, 4).map((seconds) => Math.round(seconds * perSecond))
  if (end < start) throw fail('the end is before the start')
  if (step === 0 && end > start) throw fail('the step is 0')
  const count = step === 0 ? 1 : Math.floor((end - start) / step) + 1
  if (count > GRID_MAX) throw fail(`a grid of ${count} moments is too large, the most is ${GRID_MAX}`)
  return { start, count, step, window, perSecond, ahead: hasAhead ? numbers[4] : 0 }
}

/** Of each group the places of its samples in the columns of times and values, by time, one a moment. */
class Sorted {
  readonly times: Vector
  readonly values: Vector
  private readonly timeAt: (at: number) => number
  private readonly valueAt: (at: number) => number
  private readonly groups: Groups
  private readonly areLists: boolean

  constructor(groups: Groups) {
    this.groups = groups
    const [times, values] = groups.columns
    this.areLists = times.kind === 'array'
    this.times = this.areLists ? (times as ArrayVector).values : times
    this.values = this.areLists ? (values as ArrayVector).values : values
    this.timeAt = numberReader(this.times)
    this.valueAt = numberReader(this.values)
  }

  /** Pairs of places, oldest first. */
  placesOf(group: number): (readonly [time: number, value: number])[] {
    const { offsets, rows } = this.groups
    const places: [number, number][] = []
    for (const row of rows.subarray(offsets[group], offsets[group + 1])) this.addRow(row, places)
    places.sort((a, b) => this.timeAt(a[0]) - this.timeAt(b[0]) || this.valueAt(a[1]) - this.valueAt(b[1]))
    return places.filter(([time], i) => i + 1 === places.length || this.timeAt(places[i + 1][0]) !== this.timeAt(time))
  }

  private addRow(row: number, places: [number, number][]): void {
    if (!this.areLists) {
      places.push([row, row])
      return
    }
    const [times, values] = (this.groups.columns as readonly ArrayVector[]).map(({ offsets }) => [offsets[row], offsets[row + 1]])
    if (times[1] - times[0] !== values[1] - values[0]) {
      throw new FunctionError('Arrays of timestamps and values have different sizes', 'BAD_ARGUMENTS')
    }
    for (let i = 0; i < times[1] - times[0]; i++) places.push([times[0] + i, values[0] + i])
  }

  samplesOf(group: number): Samples {
    const places = this.placesOf(group)
    return { times: Float64Array.from(places, ([at]) => this.timeAt(at)), values: Float64Array.from(places, ([, at]) => this.valueAt(at)) }
  }
}

function onGrid(groups: Groups, grid: Grid, type: DataType, evaluate: Evaluate, { account, checkAlive }: EvalContext): Vector {
  const sorted = new Sorted(groups)
  const { groupCount } = groups
  const size = groupCount * grid.count
  const out = newNumbers(type, size, account)
  const nulls = zeroBytes(size, account)
  const offsets = account.u32(groupCount + 1)
  offsets[0] = 0
  for (let group = 0; group < groupCount; group++) {
    checkAlive()
    const samples = sorted.samplesOf(group)
    let [from, to] = [0, 0]
    for (let i = 0; i < grid.count; i++) {
      const moment = grid.start + i * grid.step
      while (to < samples.times.length && samples.times[to] <= moment) to++
      while (from < to && samples.times[from] <= moment - grid.window) from++
      const value = evaluate(samples, from, to, moment, grid)
      if (value === null) nulls[group * grid.count + i] = 1
      out[group * grid.count + i] = value ?? 0
    }
    offsets[group + 1] = (group + 1) * grid.count
  }
  return arrayVector(arrayOf(nullableOf(type)), offsets, numberVector(nullableOf(type), out, nulls))
}

const gridAggregate = (name: string, evaluate: Evaluate, aliases: readonly string[] = [], hasAhead = false): AggregateDef => ({
  name, aliases, arity: [2, 2], nulls: 'skip', keepsNonNullable: true,
  returnType: (args, parameters) => {
    const [time, value] = sampleTypes(name, args, true)
    gridOf(name, parameters, time, hasAhead)
    return arrayOf(nullableOf(value))
  },
  create: (args, parameters, context) => {
    const [time, value] = sampleTypes(name, args, true)
    const grid = gridOf(name, parameters, time, hasAhead)
    return collectedStates(args.map(bareType), context, (groups) => onGrid(groups, grid, value, evaluate, context))
  },
})

/** The samples themselves: those that `choose` takes of each group's places. */
const sampleAggregate = (name: string, takesLists: boolean, choose: <T>(places: T[]) => T[]): AggregateDef => {
  const typeOf = (args: readonly DataType[]): DataType => arrayOf(tupleOf(sampleTypes(name, args, takesLists)))
  return {
    name, arity: [2, 2], nulls: 'skip', keepsNonNullable: true, returnType: typeOf,
    create: (args, _parameters, context) => collectedStates(args.map(bareType), context, (groups) => {
      const { account } = context
      const type = typeOf(args)
      const sorted = new Sorted(groups)
      const offsets = account.u32(groups.groupCount + 1)
      offsets[0] = 0
      const chosen = Array.from({ length: groups.groupCount }, (_, group) => {
        const places = choose(sorted.placesOf(group))
        offsets[group + 1] = offsets[group] + places.length
        return places
      }).flat()
      const fields = [sorted.times, sorted.values].map((vector, side) => {
        const at = account.u32(chosen.length)
        chosen.forEach((place, i) => { at[i] = place[side] })
        return take(vector, at, chosen.length, account)
      })
      return arrayVector(type, offsets, { kind: 'tuple', type: type.args[0], length: chosen.length, isConst: false, nulls: null, fields })
    }),
  }
}

export const TIME_GRIDS: readonly AggregateDef[] = [
  gridAggregate('timeSeriesResampleToGridWithStaleness', last, ['timeSeriesLastToGrid']),
  gridAggregate('timeSeriesRateToGrid', rate),
  gridAggregate('timeSeriesIncreaseToGrid', (samples, from, to, moment, grid) => extrapolated(samples, from, to, moment, grid, true)),
  gridAggregate('timeSeriesDeltaToGrid', (samples, from, to, moment, grid) => extrapolated(samples, from, to, moment, grid, false)),
  gridAggregate('timeSeriesInstantRateToGrid', instant(true)), gridAggregate('timeSeriesInstantDeltaToGrid', instant(false)),
  gridAggregate('timeSeriesDerivToGrid', derivative), gridAggregate('timeSeriesPredictLinearToGrid', predicted, [], true),
  gridAggregate('timeSeriesChangesToGrid', countSteps((before, now) => now !== before && !(Number.isNaN(now) && Number.isNaN(before)))),
  gridAggregate('timeSeriesResetsToGrid', countSteps((before, now) => now < before)),
  sampleAggregate('timeSeriesGroupArray', true, (places) => places),
  sampleAggregate('timeSeriesLastTwoSamples', false, (places) => places.slice(-2).reverse()),
]
