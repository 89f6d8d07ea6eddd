// Arithmetic over tuples, and lengths and distances of vectors kept as tuples or arrays: tuplePlus,
// dotProduct, L2Norm, cosineDistance.
// Invariant: functions of tuples are composed of the functions of numbers, so their types are those of the
// written-out expression.

import { bareType, FLOAT32, FLOAT64, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { ARITHMETIC } from '../numbers/arithmetic.ts'
import { asArray } from './arrays.ts'
import { callType, invoke } from '../base/call.ts'
import { CHOOSING } from '../numbers/choosing.ts'
import { ANY_COUNT, badArgument, constantInfo, constantOf, define, numberReader, numbersBy, elementOf } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { MATH } from '../numbers/math.ts'
import { NUMBER_FORMS } from '../numbers/number-forms.ts'
import { isNumber, numberInfo, tupleOf } from '../values/types.ts'
import { constVector } from '../values/values.ts'

/** A function of tuples is written once and read twice: over types, then over vectors. */
type Algebra<T> = {
  readonly call: (name: string, ...args: T[]) => T
  readonly isTuple: (value: T) => boolean
  readonly fields: (tuple: T) => T[]
  readonly tuple: (fields: T[]) => T
  readonly number: (value: number) => T
}
type Formula = <T>(algebra: Algebra<T>, ...args: T[]) => T

const NUMBERS = new Map([...ARITHMETIC, ...MATH, ...CHOOSING, ...NUMBER_FORMS].map((def) => [def.name, def]))

function numberFunction(name: string): FunctionDef {
  const def = NUMBERS.get(name)
  if (def === undefined) throw new Error(`functions: no function ${name} of numbers`)
  return def
}

const typeAlgebra = (name: string): Algebra<ArgInfo> => ({
  call: (of, ...args) => ({ type: callType(numberFunction(of), args), value: undefined }),
  isTuple: ({ type }) => type.id === 'Tuple',
  fields: ({ type }) => {
    if (type.id !== 'Tuple') throw badArgument(name, 0, type)
    return type.args.map((arg) => ({ type: arg, value: undefined }))
  },
  tuple: (fields) => ({ type: tupleOf(fields.map((field) => field.type)), value: undefined }),
  number: (value) => ({ type: FLOAT64, value }),
})

const vectorAlgebra = (rowCount: number, context: EvalContext): Algebra<Vector> => ({
  call: (of, ...args) => {
    const def = numberFunction(of)
    const type = callType(def, args.map((arg) => ({ type: arg.type, value: undefined })))
    return invoke(def, args, type, rowCount, context)
  },
  isTuple: (vector) => vector.kind === 'tuple',
  fields: (vector) => {
    if (vector.kind !== 'tuple') throw new Error(`functions: ${vector.type.name} is no tuple`)
    return vector.fields.map((field) => ({ ...field, isConst: field.isConst || vector.isConst }))
  },
  tuple: (fields) => ({
    kind: 'tuple', type: tupleOf(fields.map((field) => field.type)), length: rowCount, isConst: false, nulls: null, fields,
  }),
  number: (value) => constVector(value, FLOAT64, rowCount, context.account),
})

const composed = (name: string, count: number, formula: Formula, aliases: readonly string[] = []): FunctionDef =>
  define(name, [count, count], (args) => formula(typeAlgebra(name), ...args).type,
    (args, _type, rowCount, context) => formula(vectorAlgebra(rowCount, context), ...args), { aliases })

function pairsOf<T>({ fields }: Algebra<T>, a: T, b: T): [T, T][] {
  const [x, y] = [fields(a), fields(b)]
  if (x.length !== y.length) {
    throw new FunctionError('Expected tuples of the same size as arguments', 'ILLEGAL_TYPE_OF_ARGUMENT')
  }
  return x.map((value, i) => [value, y[i]])
}

const each = (name: string, of: string, aliases: readonly string[] = []): FunctionDef =>
  composed(name, 2, (m, a, b) => m.tuple(pairsOf(m, a, b).map(([x, y]) => m.call(of, x, y))), aliases)
const byNumber = (name: string, of: string): FunctionDef =>
  composed(name, 2, (m, a, by) => m.tuple(m.fields(a).map((x) => m.call(of, x, by))))

function total<T>({ call }: Algebra<T>, values: T[]): T {
  return values.reduce((sum, value) => call('plus', sum, value))
}
const dotOf: Formula = (m, a, b) => total(m, pairsOf(m, a, b).map(([x, y]) => m.call('multiply', x, y)))

const NORMS: Readonly<Record<string, Formula>> = {
  L1: (m, a) => total(m, m.fields(a).map((x) => m.call('abs', x))),
  L2: (m, a) => m.call('sqrt', NORMS.L2Squared(m, a)),
  L2Squared: (m, a) => total(m, m.fields(a).map((x) => m.call('multiply', x, x))),
  Linf: (m, a) => m.fields(a).map((x) => m.call('abs', x)).reduce((most, x) => m.call('max2', most, x)),
}
const differenceOf: Formula = (m, a, b) => m.tuple(pairsOf(m, a, b).map(([x, y]) => m.call('minus', x, y)))
const cosine: Formula = (m, a, b) => m.call('minus', m.number(1), m.call('divide', dotOf(m, a, b),
  m.call('multiply', NORMS.L2(m, a), NORMS.L2(m, b))))

/** Elements of arrays: what a pair adds to the sums, and what the sums mean. */
type Fold = { readonly add: (sums: Float64Array, x: number, y: number) => void; readonly value: (sums: Float64Array) => number }

const FOLDS: Readonly<Record<string, Fold>> = {
  L1: { add: (s, x, y) => { s[0] += Math.abs(x - y) }, value: (s) => s[0] },
  L2: { add: (s, x, y) => { s[0] += (x - y) ** 2 }, value: (s) => Math.sqrt(s[0]) },
  L2Squared: { add: (s, x, y) => { s[0] += (x - y) ** 2 }, value: (s) => s[0] },
  Linf: { add: (s, x, y) => { s[0] = Math.max(s[0], Math.abs(x - y)) }, value: (s) => s[0] },
  dot: { add: (s, x, y) => { s[0] += x * y }, value: (s) => s[0] },
  cosine: {
    add: (s, x, y) => {
      s[0] += x * y
      s[1] += x * x
      s[2] += y * y
    },
    value: (s) => 1 - s[0] / Math.sqrt(s[1] * s[2]),
  },
}

/** The type of a fold: Float32 over Float32 only. */
function foldType(name: string, types: readonly DataType[]): DataType {
  for (const [i, type] of types.entries()) if (!isNumber(type)) throw badArgument(name, i, type)
  if (types.every((type) => type === FLOAT32)) return FLOAT32
  const isInteger = name !== 'cosineDistance' && name.endsWith('otProduct') && types.every((type) => numberInfo(type)?.isFloat === false)
  if (isInteger) return callType(numberFunction('multiply'), types.map((type) => ({ type, value: undefined })))
  return FLOAT64
}

/** A number of one or two arrays, or of as many tuples. */
const either = (name: string, count: number, fold: Fold, formula: Formula, aliases: readonly string[]): FunctionDef => {
  const ofTuples = composed(name, count, formula)
  return define(name, [count, count], (args) => (args[0].type.id === 'Array'
    ? foldType(name, args.map((arg, i) => elementOf(name, i, arg.type))) : ofTuples.returnType(args)),
  (args, type, rowCount, context) => {
    if (bareType(args[0].type).id !== 'Array') return ofTuples.evaluate(args, type, rowCount, context, null)
    const lists = args.map((arg) => asArray(arg, rowCount, context))
    const [x, y] = lists.map((list) => numberReader(list.values))
    const sums = new Float64Array(3)
    return numbersBy(type, rowCount, context, (row) => {
      const [start, size] = [lists[0].offsets[row], lists[0].offsets[row + 1] - lists[0].offsets[row]]
      const other = lists.length > 1 ? lists[1].offsets[row] : 0
      if (lists.length > 1 && lists[1].offsets[row + 1] - other !== size) {
        throw new FunctionError(`Arguments of function ${name} have different array sizes`, 'SIZES_OF_ARRAYS_DONT_MATCH')
      }
      sums.fill(0)
      for (let i = 0; i < size; i++) fold.add(sums, x(start + i), y === undefined ? 0 : y(other + i))
      return fold.value(sums)
    })
  }, { aliases })
}

const lengths = (name: string): FunctionDef[] => [
  either(`${name}Norm`, 1, FOLDS[name], NORMS[name], [`norm${name}`]),
  either(`${name}Distance`, 2, FOLDS[name], (m, a, b) => NORMS[name](m, differenceOf(m, a, b)), [`distance${name}`]),
]

const powered = (p: number): Fold => ({
  add: (s, x, y) => { s[0] += Math.abs(x - y) ** p }, value: (s) => s[0] ** (1 / p),
})

/** p of LpNorm and its kin: at least 1. */
function powerOf(name: string, args: readonly ArgInfo[], index: number): number {
  const p = Number(constantInfo(name, args, index))
  if (p >= 1 && Number.isFinite(p)) return p
  throw new FunctionError(`Second argument for function ${name} must be not less than one and not be an infinity`, 'ARGUMENT_OUT_OF_BOUND')
}

const lpSum: Formula = (m, p, a) => m.call('pow', total(m, m.fields(a).map((x) => m.call('pow', m.call('abs', x), p))),
  m.call('divide', m.number(1), p))

/** LpNorm(x, p), LpDistance(x, y, p): p is constant, the last argument. */
const lp = (name: string, count: number, aliases: readonly string[]): FunctionDef => {
  const folded = (p: number): FunctionDef => either(name, count, powered(p), NORMS.L1, [])
  const formula: Formula = (m, p, a, b) => lpSum(m, p, count === 1 ? a : differenceOf(m, a, b))
  const ofTuples = composed(name, count + 1, formula)
  return define(name, [count + 1, count + 1], (args) => {
    const p = powerOf(name, args, count)
    return args[0].type.id === 'Array' ? folded(p).returnType(args.slice(0, count)) : ofTuples.returnType([args[count], ...args.slice(0, count)])
  }, (args, type, rowCount, context) => {
    const own = args.slice(0, count)
    if (bareType(args[0].type).id !== 'Array') return ofTuples.evaluate([args[count], ...own], type, rowCount, context, null)
    return folded(Number(constantOf(name, args, count))).evaluate(own, type, rowCount, context, null)
  }, { aliases })
}

const lpNormalize: FunctionDef = (() => {
  const ofTuples = composed('LpNormalize', 2, (m, p, a) => {
    const norm = lpSum(m, p, a)
    return m.tuple(m.fields(a).map((x) => m.call('divide', x, norm)))
  })
  return define('LpNormalize', [2, 2], (args) => {
    powerOf('LpNormalize', args, 1)
    return ofTuples.returnType([args[1], args[0]])
  }, ([a, p], type, rowCount, context) => ofTuples.evaluate([p, a], type, rowCount, context, null), { aliases: ['normalizeLp'] })
})()

const tupleConcat = define('tupleConcat', [1, ANY_COUNT], (args) =>
  tupleOf(args.flatMap(({ type }, i) => {
    if (type.id !== 'Tuple') throw badArgument('tupleConcat', i, type)
    return type.args
  })), (args, type, rowCount, context) => {
  const { fields } = vectorAlgebra(rowCount, context)
  return { kind: 'tuple', type, length: rowCount, isConst: false, nulls: null, fields: args.flatMap(fields) }
})

export const TUPLE_MATH: readonly FunctionDef[] = [
  each('tuplePlus', 'plus', ['vectorSum']), each('tupleMinus', 'minus', ['vectorDifference']),
  each('tupleMultiply', 'multiply'), each('tupleDivide', 'divide'), each('tupleModulo', 'modulo'), each('tupleIntDiv', 'intDiv'),
  each('tupleIntDivOrZero', 'intDivOrZero'), byNumber('tupleIntDivOrZeroByNumber', 'intDivOrZero'),
  composed('sqr', 1, (m, a) => (m.isTuple(a) ? dotOf(m, a, a) : m.call('multiply', a, a))),
  byNumber('tupleMultiplyByNumber', 'multiply'), byNumber('tupleDivideByNumber', 'divide'),
  byNumber('tupleModuloByNumber', 'modulo'), byNumber('tuplePositiveModuloByNumber', 'positiveModulo'), byNumber('tupleIntDivByNumber', 'intDiv'),
  composed('tupleNegate', 1, (m, a) => m.tuple(m.fields(a).map((x) => m.call('negate', x)))),
  ...['L1', 'L2', 'L2Squared', 'Linf'].flatMap(lengths),
  ...['L1', 'L2', 'Linf'].map((name) => composed(`${name}Normalize`, 1, (m, a) => {
    const norm = NORMS[name](m, a)
    return m.tuple(m.fields(a).map((x) => m.call('divide', x, norm)))
  }, [`normalize${name}`])),
  lp('LpNorm', 1, ['normLp']), lp('LpDistance', 2, ['distanceLp']), lpNormalize,
  either('dotProduct', 2, FOLDS.dot, dotOf, ['scalarProduct']),
  { ...either('arrayDotProduct', 2, FOLDS.dot, dotOf, []), arity: [2, 2] },
  either('cosineDistance', 2, FOLDS.cosine, cosine, ['distanceCosine']), tupleConcat,
]
