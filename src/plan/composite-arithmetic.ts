// Operators over arrays, tuples and intervals: `[1] + [2]` adds element by element, `[1, 2] * 3` takes each element
// times 3, `(1, 2) * (3, 4)` is the dot product; `[1] || [2]` is an array. Each becomes calls over the elements, so that types and
// errors are those of the operator itself, however deep the elements nest.

import { arrayOf, bareType, isNullable } from '../../storage/column/data-type.ts'
import { isNumber } from '../functions/values/types.ts'
import type { Analysis } from './analysis.ts'
import type { Span } from './plan.ts'
import { constant, type Resolved } from './resolved.ts'

type TypedCall = (analysis: Analysis, name: string, args: readonly Resolved[], span: Span) => Resolved

const isArray = ({ type }: Resolved): boolean => type.id === 'Array'
const isTuple = ({ type }: Resolved): boolean => type.id === 'Tuple'
const isBareTuple = ({ type }: Resolved): boolean => bareType(type).id === 'Tuple'
const isAnyNullable = (args: readonly Resolved[]): boolean => args.some(({ type }) => isNullable(type))
const isScalar = ({ type }: Resolved): boolean => isNumber(bareType(type)) || bareType(type).id === 'Decimal'

/** Operators that take two arrays or tuples of one size, and those that take one and a number. */
const PAIRED: ReadonlySet<string> = new Set(['plus', 'minus'])
const SCALED: ReadonlySet<string> = new Set(['multiply', 'divide', 'modulo', 'intDiv'])
/** concat of arrays, tuples or maps alone; anything else beside them makes texts of all. */
const JOINED: Readonly<Record<string, string>> = { Array: 'arrayConcat', Tuple: 'tupleConcat', Map: 'mapConcat' }
const isJoinable = ([first, ...rest]: readonly Resolved[]): boolean =>
  Object.hasOwn(JOINED, first.type.id) && rest.every(({ type }) => type.id === first.type.id)

/** What takes a tuple and a number of which one may be NULL: so is the whole result. */
const BY_NUMBER: Readonly<Record<string, string>> = {
  multiply: 'tupleMultiplyByNumber', divide: 'tupleDivideByNumber', modulo: 'tupleModuloByNumber', intDiv: 'tupleIntDivByNumber',
}

/** The call over elements; null: the operator takes its arguments as they are. */
export function compositeArithmetic(
  analysis: Analysis, name: string, args: readonly Resolved[], span: Span, typed: TypedCall,
): Resolved | null {
  const call = (of: string, list: readonly Resolved[]) => typed(analysis, of, list, span)
  const each = (list: readonly Resolved[]) => call(name, list)
  const [a, b] = args
  if (name === 'negate') return isTuple(a) ? overTuples(call, each, args) : isBareTuple(a) ? call('tupleNegate', args) : null
  if (b === undefined) return null
  if (name === 'concat') return isJoinable(args) ? call(JOINED[a.type.id], args) : null
  const spans = intervals(name, a, b)
  if (spans !== null) return call(...spans)
  if (PAIRED.has(name)) {
    if (isArray(a) && isArray(b)) return overArrays(analysis, each, args, span)
    if (isAnyNullable(args) && args.every(isBareTuple)) return call(name === 'plus' ? 'tuplePlus' : 'tupleMinus', args)
    const isPair = isTuple(a) && isTuple(b) && a.type.args.length === b.type.args.length
    return isPair ? overTuples(call, each, args) : null
  }
  if (!SCALED.has(name)) return null
  if (name === 'multiply' && isBareTuple(a) && isBareTuple(b)) return call('dotProduct', args)
  if (!isScalar(a) && !isScalar(b)) return null
  if (isArray(a) || isArray(b)) {
    // A NULL beside an array counts as the type's default.
    const present = args.map((arg) => (isNullable(arg.type) ? call('assumeNotNull', [arg]) : arg))
    return overArrays(analysis, each, present, span)
  }
  if (isAnyNullable(args) && (isBareTuple(a) || (isBareTuple(b) && name === 'multiply'))) {
    return call(BY_NUMBER[name], isBareTuple(a) ? [a, b] : [b, a])
  }
  return isTuple(a) || (isTuple(b) && name === 'multiply') ? overTuples(call, each, args) : null
}

const isInterval = ({ type }: Resolved): boolean => type.id === 'Interval'
const isSpan = ({ type }: Resolved): boolean => type.id === 'Tuple' && type.args.every(({ id }) => id === 'Interval')
const isMoment = ({ type }: Resolved): boolean => bareType(type).id.startsWith('Date')

/** Intervals of several units add up to a tuple of them, and move a date one after another. */
function intervals(name: string, a: Resolved, b: Resolved): [string, Resolved[]] | null {
  if (!PAIRED.has(name)) return null
  if (isInterval(b) && (isSpan(a) || (isInterval(a) && a.type !== b.type))) {
    return [name === 'plus' ? 'addInterval' : 'subtractInterval', [a, b]]
  }
  if (isMoment(a) && isSpan(b)) return [name === 'plus' ? 'addTupleOfIntervals' : 'subtractTupleOfIntervals', [a, b]]
  return name === 'plus' && isSpan(a) && isMoment(b) ? ['addTupleOfIntervals', [b, a]] : null
}

type Each = (args: readonly Resolved[]) => Resolved
type Named = (name: string, args: readonly Resolved[]) => Resolved

/** arrayMap over the arrays; what is no array is seen by the lambda as it is. */
function overArrays(
  analysis: Analysis, each: Each, args: readonly Resolved[], span: Span): Resolved {
  const lambda = analysis.newLambda()
  const arrays = args.filter(isArray)
  const body = each(args.map((arg): Resolved => (!isArray(arg) ? arg
    : { kind: 'parameter', lambda, position: arrays.indexOf(arg), type: arg.type.args[0] })))
  return {
    kind: 'call', name: 'arrayMap', span, type: arrayOf(body.type), isVolatile: false,
    args: [{ kind: 'lambda', id: lambda, parameterCount: arrays.length, body, type: body.type }, ...arrays],
  }
}

function overTuples(call: Named, each: Each, args: readonly Resolved[]): Resolved {
  const size = args.find(isTuple)?.type.args.length ?? 0
  return call('tuple', Array.from({ length: size }, (_, i) => each(args.map((arg): Resolved => (!isTuple(arg) ? arg
    : call('tupleElement', [arg, constant(i + 1)]))))))
}
