// Texts that a vector knows in fewer bytes than they have: numbers between two texts (serial-texts.ts) or UUIDs
// (uuid-texts.ts). What copies, joins, sends or frees such vectors does so without asking of which kind they are.

import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { DataType } from './data-type.ts'
import { alikeSerials, mostOf, serialsLike, serialsOf, type SerialNumbers, type Serials } from './serial-texts.ts'
import { allUuids, UUID_WORDS, uuidsOf, uuidVector, type Uuids } from './uuid-texts.ts'
import type { BytesVector, Vector } from './vector.ts'

export type Packed = Serials | Uuids

/** null: the vector's texts are whole. */
export const packedOf = (vector: Vector): Packed | null => serialsOf(vector) ?? uuidsOf(vector)

/** What vectors know that differ in their values alone; null: they differ in more, or some are whole. */
export const alikePacked = (vectors: readonly Vector[]): Packed[] | null => alikeSerials(vectors) ?? allUuids(vectors)

/** Elements of the values of a row. */
export const packedWidth = ({ shape }: Packed): number => (shape === null ? UUID_WORDS : 1)

/** Room for the values of other rows; contents undefined. */
export const packedRoom = (like: Packed, count: number, account: MemoryAccount): SerialNumbers => (
  like.values instanceof Uint32Array ? account.u32(count * packedWidth(like)) : account.f64(count))

/** Texts with other values, which lie in the account's memory; `pieces`: what those are of, all alike. */
export function packedLike(
  common: { readonly type: DataType; readonly nulls: Uint8Array | null }, pieces: readonly Packed[], values: SerialNumbers,
  account: MemoryAccount,
): BytesVector {
  const serials = pieces.filter((piece): piece is Serials => piece.shape !== null)
  return serials.length === 0 ? uuidVector(common, values as Uint32Array, account)
    : serialsLike(common, { shape: serials[0].shape, most: mostOf(serials) }, values, account)
}

/** A view of the rows [from, to); null: the vector's texts are whole. */
export function packedSlice(vector: Vector, nulls: Uint8Array | null, from: number, to: number): BytesVector | null {
  const packed = packedOf(vector)
  if (packed === null) return null
  const width = packedWidth(packed)
  return packedLike({ type: vector.type, nulls }, [packed], packed.values.subarray(from * width, to * width), packed.account)
}

/** Returns the values of a vector and what was made of them; nulls are the caller's. */
export function freePacked({ values, made }: Packed, account: MemoryAccount): void {
  for (const array of [values, ...made]) account.free(array.byteOffset)
}
