// Where the values of a Variant lie: of which alternative a row's is, and in which field.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { NumberVector, TupleVector, Vector } from '../../../storage/column/vector.ts'
import { slotOf } from './vectors.ts'

export const isVariant = (type: DataType): boolean => type.id === 'Variant'

/** The number of the alternative that the value at a slot is of; -1: NULL. */
export function alternativeAt({ fields: [which] }: TupleVector, slot: number): number {
  const at = slotOf(which, slot)
  return which.nulls !== null && which.nulls[at] === 1 ? -1 : (which as NumberVector).values[at]
}

/** Where the value of a slot lies, at the same slot; null: it is NULL. */
export function alternativeVector(vector: TupleVector, slot: number): Vector | null {
  const number = alternativeAt(vector, slot)
  return number < 0 ? null : vector.fields[number + 1]
}

/** One byte a row where some rows are NULL, whatever the type. */
export const nullsOf = (vector: Vector): Uint8Array | null =>
  (isVariant(vector.type) ? (vector as TupleVector).fields[0].nulls : vector.nulls)
