// Rows of a vector by number, by a kernel where all of it lies in work memory: what joins, filters and
// memos do with every block.
// Invariant: the same as take() of vectors.ts, which does the rest.

import type { NumberArray, Vector } from '../../storage/column/vector.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { newNumbers, take } from './vectors.ts'

type Space = { readonly account: MemoryAccount; readonly kernels: Kernels }

/** Rows rows[0..count) of a vector that is no constant; the result lies in the account. */
export function takeRowsOf(vector: Vector, rows: Uint32Array, count: number, space: Space): Vector {
  const { account } = space
  const { type } = vector
  if (vector.isConst || vector.nulls !== null) return take(vector, rows, count, account)
  if (vector.kind === 'codes' && areHere(account, vector.codes, rows)) {
    const codes = account.u32(count)
    space.kernels.takeWords(vector.codes.byteOffset, rows.byteOffset, count, codes.byteOffset)
    return { ...vector, length: count, codes }
  }
  if (vector.kind !== 'number' || vector.values.BYTES_PER_ELEMENT < 4 || !areHere(account, vector.values, rows)) {
    return take(vector, rows, count, account)
  }
  const values = newNumbers(type, count, account)
  if (values.constructor !== vector.values.constructor) {
    account.free(values.byteOffset)
    return take(vector, rows, count, account)
  }
  taken(vector.values, rows, count, values, space.kernels)
  return { ...vector, length: count, values }
}

const areHere = (account: MemoryAccount, ...arrays: readonly ArrayBufferView[]): boolean =>
  arrays.every(({ buffer }) => buffer === account.work.buffer)

function taken(from: NumberArray, rows: Uint32Array, count: number, to: NumberArray, kernels: Kernels): void {
  if (from.BYTES_PER_ELEMENT === 4) kernels.takeWords(from.byteOffset, rows.byteOffset, count, to.byteOffset)
  else kernels.takeDoubles(from.byteOffset, rows.byteOffset, count, to.byteOffset)
}
