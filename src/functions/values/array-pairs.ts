// A tuple of two arrays as a map: of its keys and of their values.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { ArrayVector, TupleVector, Vector } from '../../../storage/column/vector.ts'
import { FunctionError, type EvalContext } from './function.ts'
import { arrayVector, elementTypeOf, slotOf, take } from './vectors.ts'

/** Whether a type is a tuple of two arrays. */
export const isArrayPair = (type: DataType): boolean =>
  type.id === 'Tuple' && type.args.length === 2 && type.args.every(({ id }) => id === 'Array')

/** `(['a', 'b'], [1, 2])` as `{'a': 1, 'b': 2}`; `cast` gives keys and values their types. Throws FunctionError
 * where the arrays of a row differ in length. */
export function pairsOfArrays(
  pair: TupleVector, to: DataType, { account }: EvalContext, cast: (part: Vector, type: DataType) => Vector,
): Vector {
  const rowCount = pair.isConst ? 1 : pair.length
  const [keys, values] = pair.fields as readonly ArrayVector[]
  const ends = account.u32(rowCount + 1)
  ends[0] = 0
  const lengthAt = (array: ArrayVector, row: number): number =>
    array.offsets[slotOf(array, row) + 1] - array.offsets[slotOf(array, row)]
  for (let row = 0; row < rowCount; row++) {
    ends[row + 1] = ends[row] + lengthAt(keys, row)
    if (lengthAt(keys, row) === lengthAt(values, row)) continue
    throw new FunctionError(`A map of ${lengthAt(keys, row)} keys and ${lengthAt(values, row)} values: their arrays `
      + 'must be of one length', 'TYPE_MISMATCH')
  }
  const entry = elementTypeOf(to)
  const elementsOf = (array: ArrayVector, type: DataType): Vector => {
    const places = account.u32(ends[rowCount])
    for (let row = 0, at = 0; row < rowCount; row++) {
      const start = array.offsets[slotOf(array, row)]
      for (let i = 0; i < lengthAt(array, row); i++) places[at++] = start + i
    }
    return cast(take(array.values, places, places.length, account), type)
  }
  const entries: TupleVector = {
    kind: 'tuple', type: entry, length: ends[rowCount], isConst: false, nulls: null,
    fields: [elementsOf(keys, entry.args[0]), elementsOf(values, entry.args[1])],
  }
  return arrayVector(to, ends, entries)
}
