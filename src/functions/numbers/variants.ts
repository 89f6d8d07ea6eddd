// What asks a Variant for the values of one of its types, and for the type of a value. Calls of all other
// functions over a Variant are taken apart by alternatives (plan/variants.ts).

import {
  alternativesOf, arrayOf, bareType, lowCardinalityOf, NOTHING, nullableOf, type DataType,
} from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import { quoteText, shownTypeName } from '../../../storage/column/type-names.ts'
import type { NumberVector, TupleVector, Vector } from '../../../storage/column/vector.ts'
import { badArgument, constantInfo, constantOf, define } from '../base/define.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { nullableIfPossible } from '../values/types.ts'
import { isVariant } from '../values/variant-fields.ts'
import { asConst, newNumbers, numberVector, retype, slotOf } from '../values/vectors.ts'

/** The number of the alternative of that name; -1: none. */
const alternativeNamed = (type: DataType, name: unknown): number =>
  alternativesOf(type).findIndex((one) => shownTypeName(one.name) === name)

const elementType = (type: DataType): DataType => (type.id === 'LowCardinality'
  ? lowCardinalityOf(nullableOf(type.args[0])) : type.id === 'Tuple' ? type : nullableIfPossible(type))

function variantElementType(args: readonly ArgInfo[]): DataType {
  const [{ type }] = args
  if (type.id === 'Array') return arrayOf(variantElementType([{ ...args[0], type: type.args[0] }, ...args.slice(1)]))
  if (!isVariant(type)) throw badArgument('variantElement', 0, args[0].type)
  const name = constantInfo('variantElement', args, 1)
  const number = alternativeNamed(type, name)
  if (number >= 0) return elementType(alternativesOf(type)[number])
  if (args.length > 2) return args[2].type
  throw new FunctionError(`${type.name} has no type ${String(name)}`)
}

/** Values of one alternative, NULL where a row has one of another. */
function elementVector(vector: Vector, name: unknown, type: DataType, { account }: EvalContext): Vector {
  const { fields } = vector as TupleVector
  const number = alternativeNamed(vector.type, name)
  const [which] = fields
  const numbers = (which as NumberVector).values
  const count = vector.isConst ? 1 : vector.length
  const nulls = account.u8(count)
  for (let row = 0; row < count; row++) {
    const at = slotOf(which, row)
    nulls[row] = numbers[at] === number && which.nulls?.[at] !== 1 ? 0 : 1
  }
  const isTold = elementType(bareType(type)) !== bareType(type) || type.id === 'LowCardinality'
  const values = retype(fields[number + 1], type, isTold ? nulls : null)
  return vector.isConst ? asConst(values, vector.length) : values
}

const variantElement = define('variantElement', [2, 3], variantElementType, (args, type, _rows, context) => {
  const name = constantOf('variantElement', args, 1)
  const of = (vector: Vector, wanted: DataType): Vector => {
    if (vector.kind === 'array') return { ...vector, type: wanted, values: of(vector.values, wanted.args[0]) }
    return alternativeNamed(vector.type, name) < 0 ? args[2] : elementVector(vector, name, wanted, context)
  }
  return of(args[0], type)
}, { nulls: 'own' })

/** The type of what variantType gives of a Variant. */
export function whichTypeOf(variant: DataType): DataType {
  const members = alternativesOf(variant).map((one, i) => `${quoteText(shownTypeName(one.name))} = ${i}`)
  return parseDataType(`Enum${members.length > 128 ? 16 : 8}('None' = -1, ${members.join(', ')})`)
}

/** The name of each value's type, None of NULL. */
const variantType = define('variantType', [1, 1], ([{ type }]) => {
  if (!isVariant(type)) throw badArgument('variantType', 0, type)
  return whichTypeOf(type)
}, ([a], type, rowCount, { account }) => {
  const [which] = (a as TupleVector).fields
  const numbers = (which as NumberVector).values
  const out = newNumbers(type, rowCount, account)
  for (let row = 0; row < rowCount; row++) {
    const at = slotOf(which, slotOf(a, row))
    out[row] = which.nulls?.[at] === 1 ? -1 : numbers[at]
  }
  return numberVector(type, out)
}, { nulls: 'own' })

/** Stands for a call over values of an alternative that the function does not take: any row is an error, of
 * the code and sentence given. */
export const REFUSED_ALTERNATIVE = '__refusedAlternative'

const refusedAlternative = define(REFUSED_ALTERNATIVE, [3, 3], () => nullableOf(NOTHING), (args) => {
  const [code, message] = [constantOf(REFUSED_ALTERNATIVE, args, 1), constantOf(REFUSED_ALTERNATIVE, args, 2)]
  throw new FunctionError(String(message), String(code))
}, { nulls: 'own' })

export const VARIANTS: readonly FunctionDef[] = [variantElement, variantType, refusedAlternative]
