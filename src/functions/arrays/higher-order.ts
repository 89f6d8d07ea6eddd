// Functions with a lambda: arrayMap, arrayFilter, arrayExists, arrayAll, arrayCount, arraySort …
// The lambda is called once per block, over the elements of all rows.
// Invariant: the arrays of one call have equal lengths in every row, or the query is refused.

import {
  arrayOf, bareType, UINT32, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { ArrayVector, Vector } from '../../../storage/column/vector.ts'
import { asArray, OF_ONE_ARRAY, sortedPlaces, sumTypeOf } from './arrays.ts'
import { conditionMask } from '../base/call.ts'
import { ANY_COUNT, bigReader, define, numberReader, numbersBy, elementOf } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef, type LambdaCall } from
  '../values/function.ts'
import { integers } from '../base/large-numbers.ts'
import { isNumber, isString } from '../values/types.ts'
import { arrayVector, materialize, pick, retype, take } from '../values/vectors.ts'
import { defaultVector } from '../values/values.ts'

/** Elements of the arrays after the lambda. */
const parameters = (name: string) => (args: readonly ArgInfo[]): readonly DataType[] =>
  args.map((arg, i) => elementOf(name, i + 1, arg.type))

type Mapped = { readonly lists: ArrayVector; readonly result: Vector; readonly count: number }

/** Calls the lambda over all elements of all rows. `args` are the arrays. */
function mapElements(
  name: string, args: readonly Vector[], rowCount: number, context: EvalContext, lambda: LambdaCall,
): Mapped {
  const arrays = args.map((arg) => asArray(arg, rowCount, context))
  const [lists] = arrays
  const count = lists.offsets[rowCount]
  const rowOf = context.account.u32(count)
  for (let row = 0; row < rowCount; row++) {
    rowOf.fill(row, lists.offsets[row], lists.offsets[row + 1])
    for (const other of arrays) {
      if (other.offsets[row + 1] !== lists.offsets[row + 1]) {
        throw new FunctionError(`The arrays passed to ${name} must have equal sizes`,
          'SIZES_OF_ARRAYS_DONT_MATCH')
      }
    }
  }
  const result = lambda(arrays.map((list) => list.values), rowOf, count)
  return { lists, result, count }
}

/** Without a lambda some functions use the array's own elements. */
export function elementsOrMapped(
  name: string, args: readonly Vector[], rowCount: number, context: EvalContext,
  lambda: LambdaCall | null,
): Mapped {
  if (lambda !== null) return mapElements(name, args, rowCount, context, lambda)
  const lists = asArray(args[0], rowCount, context)
  return { lists, result: lists.values, count: lists.offsets[rowCount] }
}

/** Arguments as a type rule sees them: the lambda's type first where there is one. */
const bodyType = (name: string, args: readonly ArgInfo[]): DataType =>
  (bareType(args[0].type).id === 'Array' && args.length === 1 ? elementOf(name, 0, args[0].type)
    : args[0].type)

export const noLambda = (name: string): FunctionError => new FunctionError(`The first argument of ${name} is a lambda: x -> …`)

/** Functions whose lambda says yes or no of each element. */
const ASKS = /^(array(Filter|Exists|All|Count|(First|Last)(Index|OrNull)?|(Reverse)?(Fill|Split))|map(Filter|Exists|All))$/

/** Throws FunctionError where the lambda of a function that asks for a condition (or its only array) gives something
 * else. Numbers are taken here, nonzero for true; ClickHouse takes UInt8 alone. */
export function expectCondition(name: string, args: readonly ArgInfo[]): void {
  if (!ASKS.test(name) || args.length === 0) return
  const type = bareType(name.startsWith('map') ? args[0].type : bodyType(name, args))
  if (isNumber(type) ? !isLarge(type) : type.id === 'Nothing' || type.id === 'Dynamic' || type.id === 'Variant') return
  throw new FunctionError(`The lambda of ${name} gives ${type.name}; it has to give a condition, such as x != ${isString(type) ? "''" : '0'}`)
}

export const withLambda = (name: string, returnType: FunctionDef['returnType'],
  evaluate: FunctionDef['evaluate'], least = 2): FunctionDef =>
  define(name, [least, ANY_COUNT], (args) => {
    if (args.length === 1) elementOf(name, 0, args[0].type)
    expectCondition(name, args)
    return returnType(args)
  }, (args, type, rowCount, context, lambda) => {
    if (lambda === null && (least > 1 || args.length > 1)) throw noLambda(name)
    return evaluate(args, type, rowCount, context, lambda)
  },
    { nulls: 'own', lambdaParameters: parameters(name) })

const arrayMap = withLambda('arrayMap', ([body]) => arrayOf(body.type),
  (args, type, rowCount, context, lambda) => {
    const { lists, result, count } = mapElements('arrayMap', args, rowCount, context,
      lambda as LambdaCall)
    const values = materialize({ ...result, length: count }, context.account)
    return arrayVector(type, lists.offsets, retype(values, type.args[0]))
  })

const arrayFilter = withLambda('arrayFilter', ([, list]) => list.type,
  (args, type, rowCount, context, lambda) => {
    const { lists, result, count } = mapElements('arrayFilter', args, rowCount, context,
      lambda as LambdaCall)
    const mask = conditionMask(result, count, context)
    const places = context.account.u32(count)
    const offsets = context.account.u32(rowCount + 1)
    let kept = 0
    offsets[0] = 0
    for (let row = 0; row < rowCount; row++) {
      for (let at = lists.offsets[row]; at < lists.offsets[row + 1]; at++) {
        if (mask[at] === 1) places[kept++] = at
      }
      offsets[row + 1] = kept
    }
    return arrayVector(type, offsets, take(lists.values, places, kept, context.account))
  })

/** A number of how many elements pass, of how many there are. */
const counting = (name: string, type: DataType, each: (passing: number, size: number) => number) =>
  withLambda(name, () => type, (args, result, rowCount, context, lambda) => {
    const mapped = elementsOrMapped(name, args, rowCount, context, lambda)
    const mask = conditionMask(mapped.result, mapped.count, context)
    const { offsets } = mapped.lists
    return numbersBy(result, rowCount, context, (row) => {
      let passing = 0
      for (let at = offsets[row]; at < offsets[row + 1]; at++) passing += mask[at]
      return each(passing, offsets[row + 1] - offsets[row])
    })
  }, 1)

const first = (name: string, isLast: boolean, isIndex: boolean): FunctionDef =>
  withLambda(name, ([, list]) => (isIndex ? UINT32 : elementOf(name, 1, list.type)),
    (args, type, rowCount, context, lambda) => {
      const { lists, result, count } = mapElements(name, args, rowCount, context, lambda as LambdaCall)
      const mask = conditionMask(result, count, context)
      const find = (row: number): number => {
        const start = lists.offsets[row]
        const end = lists.offsets[row + 1]
        for (let i = 0; i < end - start; i++) {
          const at = isLast ? end - 1 - i : start + i
          if (mask[at] === 1) return at
        }
        return -1
      }
      if (isIndex) {
        return numbersBy(type, rowCount, context, (row) => {
          const at = find(row)
          return at < 0 ? 0 : at - lists.offsets[row] + 1
        })
      }
      const which = context.account.u8(rowCount)
      const rows = context.account.u32(rowCount)
      for (let row = 0; row < rowCount; row++) {
        const at = find(row)
        which[row] = at < 0 ? 1 : 0
        rows[row] = Math.max(0, at)
      }
      return pick([lists.values, defaultVector(type, Math.max(1, rowCount), context.account)], which,
        rows, rowCount, type, context.account)
    })

const sort = (name: string, direction: number): FunctionDef =>
  withLambda(name, (args) => args[args.length === 1 ? 0 : 1].type,
    (args, type, rowCount, context, lambda) => {
      const { lists, result, count } = elementsOrMapped(name, args, rowCount, context, lambda)
      const keys = arrayVector(arrayOf(result.type), lists.offsets,
        materialize({ ...result, length: count }, context.account))
      const places = context.account.u32(count)
      let at = 0
      const choose = sortedPlaces(direction)
      for (let row = 0; row < rowCount; row++) {
        choose(keys, lists.offsets[row], lists.offsets[row + 1], (place) => { places[at++] = place })
      }
      return arrayVector(type, lists.offsets, take(lists.values, places, count, context.account))
    }, 1)

const sum = (name: string): FunctionDef =>
  withLambda(name, (args) => sumTypeOf(bodyType(name, args)),
    (args, type, rowCount, context, lambda) => {
      const { lists, result } = elementsOrMapped(name, args, rowCount, context, lambda)
      if (result.kind === 'big' || isLarge(type)) {
        const whole = bigReader(result)
        return integers(type, rowCount, context, (row) => {
          let total = 0n
          for (let at = lists.offsets[row]; at < lists.offsets[row + 1]; at++) total += whole(at)
          return total
        })
      }
      const read = numberReader(result)
      return numbersBy(type, rowCount, context, (row) => {
        let total = 0
        for (let at = lists.offsets[row]; at < lists.offsets[row + 1]; at++) total += read(at)
        return total
      })
    }, 1)

/** f(lambda, arrays …) is f of what the lambda makes. */
const orMapped = (def: FunctionDef): FunctionDef =>
  withLambda(def.name, (args) => def.returnType(args.length === 1 ? args : [{ ...args[0], type: arrayOf(args[0].type) }]),
    (args, type, rowCount, context, lambda) => {
      if (lambda === null) return def.evaluate(args, type, rowCount, context, null)
      const { lists, result, count } = mapElements(def.name, args, rowCount, context, lambda)
      const values = materialize({ ...result, length: count }, context.account)
      return def.evaluate([arrayVector(arrayOf(result.type), lists.offsets, values)], type, rowCount, context, null)
    }, 1)

export const HIGHER_ORDER: readonly FunctionDef[] = [
  arrayMap, arrayFilter, counting('arrayExists', UINT8, (passing) => (passing > 0 ? 1 : 0)),
  counting('arrayAll', UINT8, (passing, size) => (passing === size ? 1 : 0)),
  counting('arrayCount', UINT32, (passing) => passing), first('arrayFirst', false, false),
  first('arrayLast', true, false), first('arrayFirstIndex', false, true),
  first('arrayLastIndex', true, true), sort('arraySort', 1), sort('arrayReverseSort', -1),
  sum('arraySum'), ...OF_ONE_ARRAY.map(orMapped),
]
