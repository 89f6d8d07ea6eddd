// Numbers of elements among their equals, over lists within lists: arrayEnumerateUniqRanked and
// arrayEnumerateDenseRanked; the Gini coefficient of a ranking.
// Invariant: lists that stand beside each other have one shape as deep as both are looked into.

import { arrayOf, FLOAT64, UINT32, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { byOwnValues, byValues, keyOf, type List } from '../base/by-values.ts'
import { ANY_COUNT, badArgument, constantOf, elementOf } from '../base/define.ts'
import { FunctionError, type ArgInfo, type FunctionDef } from '../values/function.ts'
import { isInteger, isNumber, NULL_ONLY, tupleOf } from '../values/types.ts'
import { defaultVector } from '../values/values.ts'

/** The arguments that are lists, how deep to look into each, and the depth from which counts begin anew. */
type Shape = { readonly lists: readonly { readonly index: number; readonly depth: number }[]; readonly clearDepth: number; readonly depth: number }

function depthOf(type: DataType): number {
  let depth = 0
  for (let inner = type; inner.id === 'Array'; [inner] = inner.args) depth++
  return depth
}

function shapeOf(name: string, args: readonly ArgInfo[]): Shape {
  const fail = (what: string): FunctionError => new FunctionError(`${what} in function ${name}`, 'BAD_ARGUMENTS')
  const positive = ({ type, value }: ArgInfo): number => {
    if (!isInteger(type) || value === undefined || !(Number(value) > 0)) throw fail('A depth is a positive constant integer')
    return Number(value)
  }
  const lists: { index: number; depth: number }[] = []
  const isList = (arg: ArgInfo | undefined): boolean => arg?.type.id === 'Array'
  const hasClear = !isList(args[0])
  const clearDepth = hasClear ? positive(args[0]) : 1
  for (let i = hasClear ? 1 : 0; i < args.length; i++) {
    if (!isList(args[i])) throw fail(`Argument ${i + 1} is no array`)
    const own = depthOf(args[i].type)
    const hasDepth = i + 1 < args.length && !isList(args[i + 1])
    const depth = hasDepth ? positive(args[i + 1]) : own
    if (depth > own) throw fail(`Depth ${depth} is more than that of the array, ${own}`)
    lists.push({ index: i, depth })
    if (hasDepth) i++
  }
  if (lists.length === 0) throw fail('No array')
  const depth = Math.max(...lists.map((list) => list.depth))
  if (clearDepth > depth) throw fail(`The depth where counts begin anew, ${clearDepth}, is more than ${depth}`)
  return { lists, clearDepth, depth }
}

/** A number for each element at the greatest depth, by what all lists have there. */
function ranked(name: string, { lists, clearDepth, depth }: Shape, values: readonly Value[], isDense: boolean): Value {
  let seen = new Map<string, number>()
  const rankOf = (key: string): number => {
    const rank = isDense ? seen.get(key) ?? seen.size + 1 : (seen.get(key) ?? 0) + 1
    seen.set(key, rank)
    return rank
  }
  /** What the lists have at one place: a list that is looked into less deeply has the same for all within. */
  const within = (level: number, items: readonly Value[]): Value => {
    if (level > depth) return rankOf(keyOf(items))
    if (level === clearDepth) seen = new Map()
    const deep = lists.flatMap((list, i) => (list.depth >= level ? [items[i] as List] : []))
    if (deep.some((list) => list.length !== deep[0].length)) {
      throw new FunctionError(`Arrays of function ${name} differ in length`, 'SIZES_OF_ARRAYS_DONT_MATCH')
    }
    return deep[0].map((_, at) => within(level + 1, items.map((item, i) => (lists[i].depth >= level ? (item as List)[at] : item))))
  }
  return within(1, lists.map(({ index }) => values[index]))
}

function rankFunction(name: string, isDense: boolean): FunctionDef {
  const typeOf = (args: readonly ArgInfo[]): DataType => {
    if (args[0].type === NULL_ONLY) return NULL_ONLY
    let type: DataType = UINT32
    for (let i = shapeOf(name, args).depth; i > 0; i--) type = arrayOf(type)
    return type
  }
  const def = byOwnValues(name, [1, ANY_COUNT], typeOf, () => null)
  return { ...def, evaluate: (args, type, rowCount, context, lambda) => {
    if (type === NULL_ONLY) return defaultVector(type, rowCount, context.account)
    const constants = args.map((arg) => ({ type: arg.type, value: arg.type.id === 'Array' ? undefined : constantOf(name, args, args.indexOf(arg)) }))
    const shape = shapeOf(name, constants)
    return byOwnValues(name, [1, ANY_COUNT], typeOf, (values) => ranked(name, shape, values, isDense))
      .evaluate(args, type, rowCount, context, lambda)
  } }
}

// ---------------------------------------------------------------------- the Gini coefficient

/** How far the running sums of shares, in this order, lie below those of equal shares. */
function giniOf(labels: readonly number[]): number {
  const total = labels.reduce((sum, label) => sum + label, 0)
  let share = 0
  let sum = 0
  for (const label of labels) {
    share += label / total
    sum += share
  }
  return (0.5 * (labels.length + 1) - sum) / labels.length
}

const gini = byValues('arrayNormalizedGini', [2, 2], (args) => {
  args.forEach((arg, i) => {
    if (!isNumber(elementOf('arrayNormalizedGini', i, arg.type))) throw badArgument('arrayNormalizedGini', i, arg.type)
  })
  return tupleOf([FLOAT64, FLOAT64, FLOAT64])
}, ([predicted, actual]) => {
  const [scores, labels] = [predicted, actual].map((list) => (list as List).map(Number))
  if (scores.length !== labels.length) throw new FunctionError('Arrays of function arrayNormalizedGini differ in length', 'ILLEGAL_COLUMN')
  const byScore = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b]).map((i) => labels[i])
  const [own, best] = [giniOf(byScore), giniOf([...labels].sort((a, b) => a - b))]
  return [own, best, own / best]
})

export const ARRAY_RANKS: readonly FunctionDef[] = [
  rankFunction('arrayEnumerateUniqRanked', false), rankFunction('arrayEnumerateDenseRanked', true), gini,
]
