// Choosing among values: if, multiIf, CASE, coalesce, ifNull, nullIf, isNull, assumeNotNull,
// greatest, least.
// Invariant: branches are cast to the common type before they are picked.

import {
  bareType, isNullable, lowCardinalityOf, NOTHING, nullableOf, UINT8, type DataType,
} from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { callType, conditionMask, invoke, isDictionaryCall } from '../base/call.ts'
import { castVector } from '../values/cast.ts'
import { compareAt, EQUALS } from '../base/comparison.ts'
import { always, ANY_COUNT, badArgument, define, overDictionary } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { decimalResult } from './decimal.ts'
import {
  fitsLowCardinality, integerType, isInteger, leastSupertype, nullableIfPossible, numberInfo, supertypeOrVariant,
  withoutNullable,
  type NumberInfo,
} from '../values/types.ts'
import { defaultVector, markNulls, noNulls, valueAt } from '../values/values.ts'
import { isVariant, nullsOf } from '../values/variant-fields.ts'
import { asBytes, numberVector, pick, retype, slotOf } from '../values/vectors.ts'

/** Conditions are UInt8 or Bool: ClickHouse refuses wider numbers here. */
const isCondition8 = (type: DataType): boolean =>
  type.id === 'UInt8' || type.id === 'Bool' || type.id === 'Nothing'

function branchType(name: string, args: readonly ArgInfo[]): DataType {
  const branches: DataType[] = []
  args.forEach((arg, i) => {
    const isCondition = i % 2 === 0 && i < args.length - 1
    if (!isCondition) {
      branches.push(arg.type)
      return
    }
    const bare = bareType(arg.type)
    if (!isCondition8(bare)) throw badArgument(name, i, arg.type)
  })
  return chosenType(branches)
}

/** The type of values of several; a Variant holds no dictionaries. */
function chosenType(types: readonly DataType[]): DataType {
  const type = supertypeOrVariant(withoutDictionaries(types))
  return type.id !== 'Variant' ? type
    : supertypeOrVariant(types.map((one) => (one.id === 'LowCardinality' ? one.args[0] : one)))
}

/** Values out of several dictionaries have none. */
const withoutDictionaries = (types: readonly DataType[]): readonly DataType[] =>
  (types.filter((type) => type.id === 'LowCardinality').length < 2 ? types
    : types.map((type) => (type.id === 'LowCardinality' ? type.args[0] : type)))

/** A FixedString among Strings keeps the bytes that fill it up, where there is one condition. */
export const asBranch = (vector: Vector, type: DataType, context: EvalContext): Vector =>
  (bareType(vector.type).id === 'FixedString' && bareType(type).id === 'String'
    ? retype(asBytes(vector, context.account), type) : castVector(vector, type, context))

/** Conditions at even places, values after them, the last one for no condition. */
function choose(
  args: readonly Vector[], type: DataType, rowCount: number, context: EvalContext): Vector {
  const branches: Vector[] = []
  const which = context.account.u32(rowCount).fill(0)
  const conditions = (args.length - 1) / 2
  const harmonise = conditions === 1 ? asBranch : castVector
  for (let c = conditions - 1; c >= 0; c--) branches.unshift(harmonise(args[2 * c + 1], type, context))
  branches.push(harmonise(args[args.length - 1], type, context))
  which.fill(conditions)
  for (let c = conditions - 1; c >= 0; c--) {
    const condition = args[2 * c]
    const mask = conditionMask(condition, rowCount, context)
    for (let row = 0; row < rowCount; row++) if (mask[row] === 1) which[row] = c
  }
  return pick(branches, which, null, rowCount, type, context.account)
}

const ifDef = define('if', [3, 3], (args) => branchType('if', args), choose,
  { nulls: 'own' })

const multiIf = define('multiIf', [3, ANY_COUNT], (args) => branchType('multiIf', args), choose,
  { nulls: 'own', aliases: ['caseWithoutExpression', 'caseWithoutExpr'] })

/** a = b with the rules for NULL. */
function equalRows(a: Vector, b: Vector, rowCount: number, context: EvalContext): Vector {
  const infos = [a, b].map((v) => ({ type: v.type, value: v.isConst ? valueAt(v, 0) : undefined }))
  return invoke(EQUALS, [a, b], callType(EQUALS, infos), rowCount, context)
}

/** CASE x WHEN a THEN b … ELSE z: x, then pairs, then the rest. */
const caseWith = define('caseWithExpression', [4, ANY_COUNT],
  (args) => leastSupertype(args.filter((_, i) => i > 0 && (i % 2 === 0 || i === args.length - 1))
    .map((arg) => arg.type)),
  (args, type, rowCount, context) => {
    const choices: Vector[] = []
    for (let i = 1; i + 1 < args.length; i += 2) {
      choices.push(equalRows(args[0], args[i], rowCount, context), castVector(args[i + 1], type, context))
    }
    return choose([...choices, castVector(args[args.length - 1], type, context)], type, rowCount, context)
  }, { nulls: 'own', aliases: ['caseWithExpr'] })

/** The arguments up to the first that is never NULL: what follows is never asked. */
function usedArgs<T extends { readonly type: DataType }>(args: readonly T[]): readonly T[] {
  const known = args.filter((arg) => bareType(arg.type).id !== 'Nothing')
  const end = known.findIndex((arg) => !isNullable(arg.type) && !isVariant(arg.type))
  return end < 0 ? known : known.slice(0, end + 1)
}

function coalesceType(args: readonly ArgInfo[]): DataType {
  const used = usedArgs(args)
  if (used.length === 0) return nullableOf(NOTHING)
  const bare = supertypeOrVariant(used.map((arg) => bareType(arg.type)))
  const type = used.every((arg) => isNullable(arg.type)) ? nullableIfPossible(bare) : bare
  return isDictionaryCall(args) && fitsLowCardinality(type) ? lowCardinalityOf(type) : type
}

function coalesce(
  args: readonly Vector[], type: DataType, rowCount: number, context: EvalContext): Vector {
  const values = usedArgs(args)
  if (values.length === 0) return castVector(args[0], type, context)
  const which = context.account.u32(rowCount).fill(values.length - 1)
  const harmonise = values.length === 2 ? asBranch : castVector
  const cast = values.map((v) => harmonise(v, nullableIfPossible(type), context))
  for (let c = values.length - 2; c >= 0; c--) {
    const nulls = nullsOf(values[c])
    for (let row = 0; row < rowCount; row++) {
      if (nulls === null || nulls[slotOf(values[c], row)] === 0) which[row] = c
    }
  }
  const picked = pick(cast, which, null, rowCount, type, context.account)
  return isNullable(type) ? picked : retype(picked, type, null)
}

/** Without arguments: NULL. */
const coalesceDef = define('coalesce', [0, ANY_COUNT], (args) => (args.length === 0 ? nullableOf(NOTHING) : coalesceType(args)),
  (args, type, rowCount, context) => (args.length === 0 ? defaultVector(type, rowCount, context.account)
    : coalesce(args, type, rowCount, context)), { nulls: 'own' })
const ifNull = define('ifNull', [2, 2], coalesceType, coalesce,
  { nulls: 'own' })

/** Beside a constant the dictionary stays. */
function nullIfType([a, b]: readonly ArgInfo[]): DataType {
  if (isVariant(a.type) || a.type.id === 'Array' || a.type.id === 'Map') throw badArgument('nullIf', 0, a.type)
  // A constant beside a dictionary is looked at once for each of its values.
  const plain = nullableIfPossible(a.type)
  if (a.value !== undefined && a.isFull !== true && b.type.id === 'LowCardinality' && fitsLowCardinality(plain)) return lowCardinalityOf(plain)
  const keeps = a.type.id !== 'LowCardinality' || b.value !== undefined
  return nullableIfPossible(keeps ? a.type : a.type.args[0])
}

const nullIf = define('nullIf', [2, 2], nullIfType,
  (args, type, rowCount, context) => {
    const equal = conditionMask(equalRows(args[0], args[1], rowCount, context), rowCount, context)
    const source = castVector(args[0], type, context)
    const out = pick([source], null, null, rowCount, type, context.account)
    const nulls = noNulls(rowCount, context.account)
    let any = markNulls(args[0], nulls, rowCount)
    for (let row = 0; row < rowCount; row++) {
      if (equal[row] === 0) continue
      nulls[row] = 1
      any = true
    }
    return retype(out, type, any ? nulls : null)
  }, { nulls: 'own' })

const nullTest = (name: string, whenNull: number): FunctionDef =>
  define(name, [1, 1], always(UINT8), ([a], type, rowCount, context) => {
    const out = context.account.u8(rowCount).fill(1 - whenNull)
    const nulls = nullsOf(a)
    if (nulls !== null) {
      for (let row = 0; row < rowCount; row++) {
        if (nulls[slotOf(a, row)] === 1) out[row] = whenNull
      }
    }
    return numberVector(type, out)
  }, { nulls: 'own' })

const assumeNotNull = define('assumeNotNull', [1, 1], ([a]) => withoutNullable(a.type),
  ([a], type) => retype(a, type, null), { nulls: 'own' })

const toNullable = define('toNullable', [1, 1], ([a]) => {
  if (a.type.id === 'Array' || a.type.id === 'Map' || isVariant(a.type)) throw badArgument('toNullable', 0, a.type)
  return nullableIfPossible(a.type)
},
  ([a], type) => retype(a, type), { nulls: 'own' })

/** One type for all; a Decimal beside an integer gives its own, as in arithmetic, where neither is Nullable. */
function extremeType(name: string, args: readonly ArgInfo[]): DataType {
  const types = args.map((arg) => arg.type)
  const bare = types.map(bareType)
  const isMixed = bare.length === 2 && bare.some((type) => type.id === 'Decimal') && !types.some(isNullable)
    && bare.every((type) => type.id === 'Decimal' || isInteger(type))
  return isMixed ? decimalResult('plus', bare[0], bare[1])
    : extremeNumber(name, bare, types) ?? leastSupertype(withoutDictionaries(types))
}

/** Whole numbers of any width meet in one that holds both; null: they are not all numbers. */
function extremeNumber(
  name: string, bare: readonly DataType[], types: readonly DataType[],
): DataType | null {
  const infos = bare.map(numberInfo)
  if (bare.length < 2 || infos.some((info) => info === null)) return null
  const numbers = infos as NumberInfo[]
  const widest = Math.max(...numbers.filter((info) => !info.isFloat).map((info) => info.bytes))
  if (numbers.some((info) => info.isFloat)) {
    if (widest > 4) {
      throw new FunctionError(`Illegal types ${types.map((type) => type.name).join(' and ')} of arguments: `
        + 'floats do not hold all integers of 64 bits and more; convert one of them')
    }
    return null
  }
  const isSigned = numbers.some((info) => info.isSigned)
  const needsMore = isSigned && numbers.some((info) => !info.isSigned && info.bytes === widest)
  // Of both 64-bit types the one whose end is asked for holds the answer.
  const isBoth64 = bare.length === 2 && bare.some(({ id }) => id === 'Int64')
    && bare.some(({ id }) => id === 'UInt64')
  const type = isBoth64 ? integerType(8, name === 'least') : integerType(Math.min(32, needsMore ? widest * 2 : widest), isSigned)
  return types.some(isNullable) ? nullableIfPossible(type) : type
}

const isNaNAt = (vector: Vector, row: number): boolean =>
  vector.kind === 'number' && Number.isNaN(vector.values[slotOf(vector, row)])

/** greatest and least: NULL arguments are passed over unless all are NULL, NaN where others are. Of two floats the
 * second is the answer unless the first lies beyond it, so a NaN there is. */
const extreme = (name: string, direction: number): FunctionDef =>
  define(name, [1, ANY_COUNT], (args) => {
    const type = extremeType(name, args)
    return overDictionary(args) && fitsLowCardinality(type) ? lowCardinalityOf(type) : type
  }, (args, result, rowCount, context) => {
    const type = result.id === 'LowCardinality' ? result.args[0] : result
    const cast = args.map((arg) => castVector(arg, type, context))
    // The answer's type need not hold what is not the answer: 2^63 and more, or what lies below zero.
    const compared = args.every((arg) => isInteger(bareType(arg.type)) && (arg.kind === 'number' || arg.kind === 'big')) ? args : cast
    const which = context.account.u32(rowCount).fill(0)
    const isPair = cast.length === 2 && type.id.startsWith('Float')
    for (let c = 1; c < cast.length; c++) {
      for (let row = 0; row < rowCount; row++) {
        const best = cast[which[row]]
        const isBestNull = best.nulls !== null && best.nulls[slotOf(best, row)] === 1
        const isNull = cast[c].nulls !== null && cast[c].nulls?.[slotOf(cast[c], row)] === 1
        if (isNull) continue
        if (isBestNull || (isPair && isNaNAt(cast[c], row))
          || compareAt(compared[c], row, compared[which[row]], row, -direction) === direction) which[row] = c
      }
    }
    return retype(pick(cast, which, null, rowCount, type, context.account), result)
  }, { nulls: 'own' })

export const CONDITIONAL: readonly FunctionDef[] = [
  ifDef, multiIf, caseWith, coalesceDef, ifNull, nullIf, nullTest('isNull', 1),
  nullTest('isNotNull', 0), assumeNotNull, toNullable, extreme('greatest', 1),
  extreme('least', -1),
]
