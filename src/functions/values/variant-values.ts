// The ways into the type Variant and out of it: values of other types, texts, other Variants.
// Invariant: where a value is not of an alternative, that field holds the alternative's default, so equal
// values are equal in all fields.

import {
  alternativesOf, bareType, DISCRIMINATOR, isNullable, type DataType,
} from '../../../storage/column/data-type.ts'
import type { TupleVector, Vector } from '../../../storage/column/vector.ts'
import type { Value } from './value.ts'
import { FunctionError, type EvalContext } from './function.ts'
import { tryParse } from './parse-value.ts'
import { isClock, numberInfo, withoutNullable } from './types.ts'
import { defaultValue, defaultVector, typeDefault, valueAt, vectorOf } from './values.ts'
import { asConst, materialize, numberVector, pick, retype, rowsWhere, take } from './vectors.ts'
import { alternativeAt, isVariant } from './variant-fields.ts'

/** The alternative that takes values of a type as they are; -1: none. */
const alternativeFor = (to: DataType, from: DataType): number => {
  const alternatives = alternativesOf(to)
  const own = alternatives.indexOf(withoutNullable(from))
  return own >= 0 ? own : alternatives.indexOf(bareType(from))
}

/** Fields of a Variant all of whose values are of one alternative. */
function fieldsOf(to: DataType, number: number, values: Vector, context: EvalContext): readonly Vector[] {
  const { account } = context
  return alternativesOf(to).map((type, i) => (i === number ? materialize(retype(values, type, null), account)
    : materialize(defaultVector(type, values.length, account), account)))
}

const variantVector = (type: DataType, which: Uint8Array, nulls: Uint8Array | null, fields: readonly Vector[]): TupleVector =>
  ({ kind: 'tuple', type, length: which.length, isConst: false, nulls: null, fields: [numberVector(DISCRIMINATOR, which, nulls), ...fields] })

/** Values as those of a Variant that has their type, or all of their alternatives. */
export function intoVariant(given: Vector, to: DataType, context: EvalContext): Vector {
  if (given.isConst) return asConst(intoVariant(oneRow(given), to, context), given.length)
  const { account } = context
  const { length } = given
  if (isVariant(given.type)) return widened(given as TupleVector, to, context)
  if (bareType(given.type).id === 'Nothing') return materialize(defaultVector(to, length, account), account)
  const number = alternativeFor(to, given.type)
  if (number < 0) throw noAlternative(given.type, to)
  const which = account.u8(length).fill(number)
  given.nulls?.forEach((isNull, row) => { if (isNull === 1) which[row] = 0 })
  return variantVector(to, which, given.nulls, fieldsOf(to, number, given, context))
}

const oneRow = (vector: Vector): Vector => {
  const one = { ...vector, length: 1, isConst: false }
  return one.kind === 'tuple' ? { ...one, fields: one.fields.map((field) => ({ ...field, length: 1, isConst: false })) } : one
}

/** Throws where a Variant has not all alternatives of another. */
function checkWidened(from: DataType, to: DataType): void {
  if (alternativesOf(from).every((type) => alternativesOf(to).includes(type))) return
  throw new FunctionError(`Cannot convert ${from.name} to ${to.name}: a Variant becomes only one that has all of its types`,
    'CANNOT_CONVERT_TYPE')
}

/** Throws where no value of a type can become one of a Variant. */
export function checkIntoVariant(from: DataType, to: DataType): void {
  if (isVariant(from)) checkWidened(from, to)
  else if (bareType(from).id !== 'Nothing' && alternativeFor(to, from) < 0) throw noAlternative(from, to)
}

const noAlternative = (from: DataType, to: DataType): FunctionError =>
  new FunctionError(`Cannot convert ${from.name} to ${to.name}, which has no such type`, 'CANNOT_CONVERT_TYPE')

function widened(given: TupleVector, to: DataType, { account }: EvalContext): Vector {
  checkWidened(given.type, to)
  const from = alternativesOf(given.type)
  const numbers = from.map((type) => alternativesOf(to).indexOf(type))
  const which = account.u8(given.length)
  for (let row = 0; row < which.length; row++) which[row] = numbers[alternativeAt(given, row)] ?? 0
  return variantVector(to, which, given.fields[0].nulls, alternativesOf(to).map((type) => (from.includes(type)
    ? given.fields[from.indexOf(type) + 1] : materialize(defaultVector(type, given.length, account), account))))
}

/** Texts as values of the alternative that can be read from them, String last. */
export function readVariant(texts: Vector, to: DataType, { account }: EvalContext): Vector {
  const read = variantReader(to)
  const values = Array.from({ length: texts.isConst ? 1 : texts.length }, (_, row): Value => { // one block at most
    const text = valueAt({ ...texts, isConst: false }, row)
    return text === null ? null : read(String(text))
  })
  const vector = vectorOf(values, to, account)
  return texts.isConst ? asConst(vector, texts.length) : vector
}

/** The Value of a Variant that a text means. Throws for a text that none of its types can be read from. */
export function variantReader(to: DataType): (text: string) => Value {
  const alternatives = alternativesOf(to)
  const order = alternatives.map((_, i) => i).sort((a, b) => readingRank(alternatives[a]) - readingRank(alternatives[b]))
  return (text) => {
    if (text === 'NULL') return null
    for (const number of order) {
      const value = readAs(text, alternatives[number])
      if (value !== undefined) return [number, ...alternatives.map((type, i) => (i === number ? value : defaultValue(type)))]
    }
    throw new FunctionError(`Cannot parse '${text.slice(0, 60)}' as ${to.name}`, 'INCORRECT_DATA')
  }
}

/** What says most of its text is tried first: lists, then numbers from narrow to wide, then all else. */
function readingRank(type: DataType): number {
  const bare = bareType(type)
  const number = numberInfo(bare)
  if (bare.id === 'Array' || bare.id === 'Map' || bare.id === 'Tuple') return 0
  if (bare.id === 'Bool') return 100
  if (number !== null) return number.isFloat ? 200 + number.bytes : 2 * number.bytes + (number.isSigned ? 0 : 1)
  // Beside String no text is a time of day.
  if (isClock(bare)) return 401
  return bare.id === 'String' ? 400 : bare.id === 'FixedString' ? 399 : 300
}

/** Whole numbers only where the type has them. */
function readAs(text: string, type: DataType): Value | undefined {
  const bare = bareType(type)
  if (bare.id === 'FixedString') return text.length === bare.length ? text : undefined
  if (bare.id === 'Bool' && text !== 'true' && text !== 'false') return undefined
  if (bare.id === 'JSON' || bare.id === 'Dynamic' || bare.id === 'AggregateFunction') return undefined
  const value = tryParse(text, type)
  const isWhole = numberInfo(bare)?.isFloat === false && bare.id !== 'Bool'
  return value === undefined || value === null || (isWhole && String(value) !== text) ? undefined : value
}

/** A Variant's values in another type, each converted from its own; NULL where the type can be, else its default. */
export function outOfVariant(
  given: TupleVector, to: DataType, context: EvalContext, cast: (vector: Vector) => Vector): Vector {
  if (given.isConst) return asConst(outOfVariant(oneRow(given) as TupleVector, to, context, cast), given.length)
  const { account } = context
  const { length } = given
  const none = isNullable(to) ? null : typeDefault(to)
  const sources = [asConst(vectorOf([none], to, account), length)]
  const which = account.u32(length).fill(0)
  const places = account.u32(length).fill(0)
  alternativesOf(given.type).forEach((_, number) => {
    const mask = account.u8(length)
    for (let row = 0; row < length; row++) mask[row] = alternativeAt(given, row) === number ? 1 : 0
    const rows = rowsWhere(mask, length, account)
    if (rows.length === 0) return
    sources.push(cast(take(given.fields[number + 1], rows, rows.length, account)))
    rows.forEach((row, i) => {
      which[row] = sources.length - 1
      places[row] = i
    })
  })
  return pick(sources, which, places, length, to, account)
}
