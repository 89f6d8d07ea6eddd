// Choosing among values: if, multiIf, CASE, coalesce, ifNull, nullIf, isNull, assumeNotNull,
// greatest, least.
// Invariant: branches are cast to the common type before they are picked.

import {
  bareType, isNullable, NOTHING, nullableOf, UINT8, type DataType,
} from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { callType, conditionMask, invoke } from './call.ts'
import { castVector } from './cast.ts'
import { compareAt, EQUALS } from './comparison.ts'
import { always, ANY_COUNT, badArgument, define } from './define.ts'
import { type ArgInfo, type EvalContext, type FunctionDef } from './function.ts'
import { decimalResult } from './decimal.ts'
import { isInteger, leastSupertype, nullableIfPossible, withoutNullable } from './types.ts'
import { markNulls, noNulls, valueAt } from './values.ts'
import { numberVector, pick, retype, slotOf } from './vectors.ts'

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
  return leastSupertype(branches)
}

/** Conditions at even places, values after them, the last one for no condition. */
function choose(
  args: readonly Vector[], type: DataType, rowCount: number, context: EvalContext): Vector {
  const branches: Vector[] = []
  const which = context.account.u32(rowCount).fill(0)
  const conditions = (args.length - 1) / 2
  for (let c = conditions - 1; c >= 0; c--) branches.unshift(castVector(args[2 * c + 1], type, context))
  branches.push(castVector(args[args.length - 1], type, context))
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
      choices.push(equalRows(args[0], args[i], rowCount, context), args[i + 1])
    }
    return choose([...choices, args[args.length - 1]], type, rowCount, context)
  }, { nulls: 'own', aliases: ['caseWithExpr'] })

function coalesceType(args: readonly ArgInfo[]): DataType {
  const known = args.filter((arg) => bareType(arg.type).id !== 'Nothing')
  if (known.length === 0) return nullableOf(NOTHING)
  const end = known.findIndex((arg) => !isNullable(arg.type))
  const used = end < 0 ? known : known.slice(0, end + 1)
  const type = leastSupertype(used.map((arg) => withoutNullable(arg.type)))
  return end < 0 ? nullableIfPossible(type) : type
}

function coalesce(
  args: readonly Vector[], type: DataType, rowCount: number, context: EvalContext): Vector {
  const values = args.filter((arg) => bareType(arg.type).id !== 'Nothing')
  if (values.length === 0) return castVector(args[0], type, context)
  const which = context.account.u32(rowCount).fill(values.length - 1)
  const cast = values.map((v) => castVector(v, nullableIfPossible(type), context))
  for (let c = values.length - 2; c >= 0; c--) {
    const { nulls } = values[c]
    for (let row = 0; row < rowCount; row++) {
      if (nulls === null || nulls[slotOf(values[c], row)] === 0) which[row] = c
    }
  }
  const picked = pick(cast, which, null, rowCount, type, context.account)
  return isNullable(type) ? picked : retype(picked, type, null)
}

const coalesceDef = define('coalesce', [1, ANY_COUNT], coalesceType, coalesce,
  { nulls: 'own' })
const ifNull = define('ifNull', [2, 2], coalesceType, coalesce,
  { nulls: 'own' })

const nullIf = define('nullIf', [2, 2], ([a]) => nullableIfPossible(a.type),
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
    if (a.nulls !== null) {
      for (let row = 0; row < rowCount; row++) {
        if (a.nulls[slotOf(a, row)] === 1) out[row] = whenNull
      }
    }
    return numberVector(type, out)
  }, { nulls: 'own' })

const assumeNotNull = define('assumeNotNull', [1, 1], ([a]) => withoutNullable(a.type),
  ([a], type) => retype(a, type, null), { nulls: 'own' })

const toNullable = define('toNullable', [1, 1], ([a]) => nullableIfPossible(a.type),
  ([a], type) => retype(a, type), { nulls: 'own' })

/** One type for all; a Decimal beside an integer gives its own, as in arithmetic. */
function extremeType(args: readonly ArgInfo[]): DataType {
  const types = args.map((arg) => arg.type)
  const bare = types.map(bareType)
  const isMixed = bare.length === 2 && bare.some((type) => type.id === 'Decimal') && bare.some(isInteger)
  if (!isMixed) return leastSupertype(types)
  const type = decimalResult('plus', bare[0], bare[1])
  return types.some(isNullable) ? nullableIfPossible(type) : type
}

/** greatest and least: NULL arguments are passed over unless all are NULL. */
const extreme = (name: string, direction: number): FunctionDef =>
  define(name, [1, ANY_COUNT], extremeType, (args, type, rowCount, context) => {
    const cast = args.map((arg) => castVector(arg, type, context))
    const which = context.account.u32(rowCount).fill(0)
    for (let c = 1; c < cast.length; c++) {
      for (let row = 0; row < rowCount; row++) {
        const best = cast[which[row]]
        const isBestNull = best.nulls !== null && best.nulls[slotOf(best, row)] === 1
        const isNull = cast[c].nulls !== null && cast[c].nulls?.[slotOf(cast[c], row)] === 1
        if (isNull) continue
        if (isBestNull || compareAt(cast[c], row, best, row) === direction) which[row] = c
      }
    }
    return pick(cast, which, null, rowCount, type, context.account)
  }, { nulls: 'own' })

export const CONDITIONAL: readonly FunctionDef[] = [
  ifDef, multiIf, caseWith, coalesceDef, ifNull, nullIf, nullTest('isNull', 1),
  nullTest('isNotNull', 0), assumeNotNull, toNullable, extreme('greatest', 1),
  extreme('least', -1),
]
