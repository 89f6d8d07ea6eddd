// Measures of arrays and lists in other shapes: areas under curves, edit distances, correlation, tops,
// transposed lists, shuffles.
// Invariant: NULLs among the elements are refused by the type rules, as ClickHouse refuses them.

import {
  arrayOf, bareType, FLOAT64, isNullable, UINT32, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { byOwnValues, byValues, keyOf, type List, listOf } from '../base/by-values.ts'
import { badArgument, expectTypes, elementOf } from '../base/define.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { isInteger, isNumber } from '../values/types.ts'
import { isUuid, uuidRank } from '../values/uuid-order.ts'
import { defaultValue } from '../values/values.ts'

const numbers = (value: Value): number[] => listOf(value).map(Number)

const sizesDiffer = (name: string): FunctionError =>
  new FunctionError(`The arrays of ${name} must be of equal size`, 'SIZES_OF_ARRAYS_DONT_MATCH')

/** A number of scores and labels, both arrays of numbers. */
const curve = (name: string, each: (scores: readonly number[], labels: readonly boolean[]) => number,
  aliases: readonly string[]): FunctionDef =>
  byValues(name, [2, 2], (args) => {
    args.forEach((arg, i) => { if (!isNumber(elementOf(name, i, arg.type))) throw badArgument(name, i, arg.type) })
    return FLOAT64
  }, ([scores, labels]) => {
    if (listOf(scores).length !== listOf(labels).length) throw sizesDiffer(name)
    return each(numbers(scores), numbers(labels).map((label) => label > 0))
  }, aliases)

/** Groups of equal scores, the greatest first: how many of each label. */
function steps(scores: readonly number[], labels: readonly boolean[]): { yes: number; no: number }[] {
  const order = scores.map((_, i) => i).sort((a, b) => scores[b] - scores[a])
  const found: { yes: number; no: number; score: number }[] = []
  for (const i of order) {
    let last = found.at(-1)
    if (last === undefined || last.score !== scores[i]) {
      last = { yes: 0, no: 0, score: scores[i] }
      found.push(last)
    }
    if (labels[i]) last.yes++
    else last.no++
  }
  return found
}

function rocArea(scores: readonly number[], labels: readonly boolean[]): number {
  let [area, yes, no] = [0, 0, 0]
  for (const step of steps(scores, labels)) {
    area += step.no * (yes + step.yes / 2)
    yes += step.yes
    no += step.no
  }
  return yes === 0 || no === 0 ? Number.NaN : area / (yes * no)
}

function precisionArea(scores: readonly number[], labels: readonly boolean[]): number {
  const all = labels.filter(Boolean).length
  let [area, yes, seen] = [0, 0, 0]
  for (const step of steps(scores, labels)) {
    yes += step.yes
    seen += step.yes + step.no
    if (step.yes > 0) area += (step.yes / all) * (yes / seen)
  }
  return area
}

const sameElements = (name: string) => (args: readonly ArgInfo[]): void => {
  args.forEach((arg, i) => elementOf(name, i, arg.type))
}

/** Cost of the cheapest way from one list to the other. */
function editCost(from: List, to: List, remove: (i: number) => number, insert: (j: number) => number): number {
  let above = [0]
  for (let j = 0; j < to.length; j++) above.push(above[j] + insert(j))
  for (let i = 0; i < from.length; i++) {
    const row = [above[0] + remove(i)]
    for (let j = 0; j < to.length; j++) {
      const kept = keyOf(from[i]) === keyOf(to[j]) ? above[j] : above[j] + changeOf(remove(i), insert(j))
      row.push(Math.min(kept, above[j + 1] + remove(i), row[j] + insert(j)))
    }
    above = row
  }
  return above[to.length]
}

/** A change is one edit where edits cost 1, else a removal and an insertion. */
const changeOf = (remove: number, insert: number): number => (remove === 1 && insert === 1 ? 1 : remove + insert)

const plainDistance = byOwnValues('arrayLevenshteinDistance', [2, 2], (args) => {
  sameElements('arrayLevenshteinDistance')(args)
  return UINT32
}, ([a, b]) => editCost(listOf(a), listOf(b), () => 1, () => 1))

/** The same with weights by element; `similarity` is 1 minus the share of what has to go. */
const weighted = (name: string, isSimilarity: boolean): FunctionDef => byOwnValues(name, [4, 4], (args) => {
  sameElements(name)(args)
  args.slice(2).forEach(({ type }, i) => { if (!isNumber(elementOf(name, i + 2, type))) throw badArgument(name, i + 2, type) })
  return FLOAT64
}, ([a, b, weightsA, weightsB]) => {
  const [left, right] = [numbers(weightsA), numbers(weightsB)]
  if (left.length !== listOf(a).length || right.length !== listOf(b).length) throw sizesDiffer(name)
  const cost = weightedCost(listOf(a), listOf(b), left, right)
  if (!isSimilarity) return cost
  const all = [...left, ...right].reduce((sum, weight) => sum + weight, 0)
  return all === 0 ? 1 : 1 - cost / all
})

function weightedCost(a: List, b: List, left: readonly number[], right: readonly number[]): number {
  let above = [0]
  for (const weight of right) above.push(above[above.length - 1] + weight)
  for (let i = 0; i < a.length; i++) {
    const row = [above[0] + left[i]]
    for (let j = 0; j < b.length; j++) {
      row.push(keyOf(a[i]) === keyOf(b[j]) ? above[j] : Math.min(above[j + 1] + left[i], row[j] + right[j]))
    }
    above = row
  }
  return above[b.length]
}

/** Products of deviations from the mean, this many places apart, as shares of the variance. */
function autocorrelation(values: readonly number[], lags: number): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const spread = values.map((value) => value - mean)
  const variance = spread.reduce((sum, value) => sum + value * value, 0)
  return Array.from({ length: Math.min(lags, values.length) }, (_, lag) =>
    spread.slice(lag).reduce((sum, value, i) => sum + value * spread[i], 0) / variance)
}

function ordered(values: List, element: DataType): Value[] {
  if (!isUuid(element)) return [...values].sort(compareValues)
  return [...values].sort((a, b) => compareValues(uuidRank(String(a)), uuidRank(String(b))))
}

function compareValues(a: Value, b: Value): number {
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b))
  return Number(a) < Number(b) ? -1 : Number(a) > Number(b) ? 1 : 0
}

const top = (name: string, isTop: boolean): FunctionDef => byValues(name, [2, 2], ([count, values]) => {
  if (!isInteger(count.type)) throw badArgument(name, 0, count.type)
  const element = elementOf(name, 1, values.type)
  if (['Array', 'Tuple', 'Map'].includes(bareType(element).id) || isNullable(element)) throw badArgument(name, 1, values.type)
  return bareType(values.type)
}, ([count, values], type) => {
  const sorted = ordered(listOf(values), type.args[0])
  return (isTop ? sorted.reverse() : sorted).slice(0, Number(count))
})

const transpose = byOwnValues('arrayTranspose', [1, 1], ([{ type }]) => {
  elementOf('arrayTranspose', 0, elementOf('arrayTranspose', 0, type))
  return bareType(type)
}, ([rows]) => {
  const lists = listOf(rows).map(listOf)
  const width = lists[0]?.length ?? 0
  if (lists.some((row) => row.length !== width)) throw sizesDiffer('arrayTranspose')
  return Array.from({ length: width }, (_, column) => lists.map((row) => row[column]))
})

const shuffled = (name: string, isPartial: boolean): FunctionDef => ({
  ...byOwnValues(name, [1, isPartial ? 3 : 2], ([values, ...rest]) => {
    elementOf(name, 0, values.type)
    expectTypes(name, rest, isInteger)
    return bareType(values.type)
  }, ([values, limit]) => {
    const out = [...listOf(values)]
    const last = isPartial && limit !== undefined && Number(limit) > 0 ? Math.min(Number(limit), out.length) : out.length
    for (let i = 0; i < last; i++) {
      const other = i + Math.floor(Math.random() * (out.length - i))
      ;[out[i], out[other]] = [out[other], out[i]]
    }
    return out
  }), isVolatile: true,
})

const randomSample: FunctionDef = { ...byOwnValues('arrayRandomSample', [2, 2], ([values, count]) => {
  elementOf('arrayRandomSample', 0, values.type)
  if (!isInteger(count.type)) throw badArgument('arrayRandomSample', 1, count.type)
  return bareType(values.type)
}, ([values, count]) => {
  const rest = [...listOf(values)]
  return Array.from({ length: Math.min(Number(count), rest.length) }, () =>
    rest.splice(Math.floor(Math.random() * rest.length), 1)[0])
}), isVolatile: true }

const numericList = (name: string, type: DataType): void => {
  if (!isNumber(elementOf(name, 0, type))) throw badArgument(name, 0, type)
}

export const ARRAY_MEASURES: readonly FunctionDef[] = [
  curve('arrayROCAUC', rocArea, ['arrayAUC']), curve('arrayAUCPR', precisionArea, ['arrayPRAUC']),
  plainDistance, weighted('arrayLevenshteinDistanceWeighted', false), weighted('arraySimilarity', true),
  byValues('arrayAutocorrelation', [1, 2], ([values, lags]) => {
    if (values.type.args[0]?.id !== 'Nothing') numericList('arrayAutocorrelation', values.type)
    if (lags !== undefined && !isInteger(lags.type)) throw badArgument('arrayAutocorrelation', 1, lags.type)
    return arrayOf(FLOAT64)
  }, ([values, lags]) => autocorrelation(numbers(values), lags === undefined ? listOf(values).length : Number(lags))),
  top('arrayTopK', true), top('arrayBottomK', false), transpose,
  shuffled('arrayShuffle', false), shuffled('arrayPartialShuffle', true), randomSample,
  byOwnValues('emptyArrayToSingle', [1, 1], ([{ type }]) => {
    elementOf('emptyArrayToSingle', 0, type)
    return bareType(type)
  }, ([values], type) => (listOf(values).length === 0 ? [defaultValue(type.args[0])] : listOf(values))),
  byOwnValues('replicate', [2, 33], ([value, ...lists]) => {
    lists.forEach((arg, i) => elementOf('replicate', i + 1, arg.type))
    return arrayOf(value.type)
  }, ([value, first]) => listOf(first).map(() => value)),
]
