// A column of one block of rows while work is done on it: typed arrays, never objects per row.
// A vector belongs to whoever made it until it is handed on; nobody changes one that they were
// handed. Vectors of a worker lie in its private WebAssembly memory (kernels/work-memory.ts), so a
// kernel can be given `array.byteOffset` of any of their arrays.

import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { DataType } from './data-type.ts'
import type { BigArray, NumberArray } from './number-array.ts'

/** Rows of a block: a scan yields at most this many, and every operator may rely on it. Equals the
 * rows of an encoded block (part/image.ts), so one block decodes to one vector. */
export const BLOCK_ROWS_MAX = 8192

type Common = {
  readonly type: DataType
  /** Rows. A constant vector (`isConst`) holds one value that stands for all of its rows. */
  readonly length: number
  readonly isConst: boolean
  /** One byte a row, 1 where the value is NULL (the value slot then holds the type's default);
   * null where no row is NULL. A constant has one byte. */
  readonly nulls: Uint8Array | null
}

/** Bool and Enum as their integers, Int8..Int32, UInt8..UInt32, Float32/64, Date (u16 days), Date32
 * (i32 days), DateTime (u32 seconds), Time (i32 seconds), IPv4 in the array of their width. Int64, UInt64, DateTime64,
 * Time64, Decimal up to 18 digits and Interval: Float64Array while every value is a safe integer (scaled
 * for Decimal), else BigVector. */
export type NumberVector = Common & { readonly kind: 'number'; readonly values: NumberArray }

/** 64-bit integers of which some lie beyond 2^53, and wider ones as their ticks. */
export type BigVector = Common & { readonly kind: 'big'; readonly values: BigArray }

/** Strings by number. `codes[row]` is the number of the string in `dictionary`; two equal strings
 * have the same code and different strings different codes. */
export type CodesVector = Common & {
  readonly kind: 'codes'
  readonly codes: Uint32Array
  readonly dictionary: Dictionary
}

/** Strings (and FixedString, UUID as 16 bytes in ClickHouse's order, IPv6, what column/large.ts
 * holds) by their bytes: value `row` is bytes[offsets[row] .. offsets[row + 1]). offsets has length + 1 entries. */
export type BytesVector = Common & {
  readonly kind: 'bytes'
  readonly offsets: Uint32Array
  readonly bytes: Uint8Array
}

/** Array(T): elements of row r are values[offsets[r] .. offsets[r + 1]). Map(K, V) the same over a
 * tuple vector of two fields. */
export type ArrayVector = Common & {
  readonly kind: 'array'
  readonly offsets: Uint32Array
  readonly values: Vector
}

/** Variant(A, B, ...): the first field says of which alternative a row's value is (NULL: of none), the
 * others are as many rows of each alternative, with defaults where the value is not of it. */
export type TupleVector = Common & { readonly kind: 'tuple'; readonly fields: readonly Vector[] }

export type Vector =
  | NumberVector | BigVector | CodesVector | BytesVector | ArrayVector | TupleVector

/** Distinct strings by number (0-based, dense). May grow at its end while it is read; codes that
 * were handed out stay valid. */
export interface Dictionary {
  /** Identity: two vectors with the same dictionary object can be compared by code. */
  readonly id: number
  /** How many codes exist now. */
  readonly size: number
  /** The bytes of a code; a view, valid until the next call. */
  bytesOf(code: number): Uint8Array
  /** Bytes in the string of a code. */
  lengthOf(code: number): number
  /** The code of a string, or -1 when no row has it. */
  find(bytes: Uint8Array): number
  /** The strings of codes end to end, in memory of `account`, where that is quicker than one by one; null:
   * it is not. */
  textsOf?(
    codes: Uint32Array, count: number, account: MemoryAccount): { offsets: Uint32Array; bytes: Uint8Array } | null
  /** The strings of a vector of its codes as one that knows them in fewer bytes than they have (packed-texts.ts), in
   * memory of `account`; null: they are not known so. */
  packedOf?(vector: CodesVector, account: MemoryAccount): BytesVector | null
}

/** A set of rows on their way through operators. All vectors have `rowCount` rows. `joint`: the keys of
 * the GROUP BY above as one code a row (exec/scan/joint-keys.ts); columns that only they need are not read. `isLasting`:
 * they lie in the query's account until its end, and nobody changes them any more: whoever keeps them need not copy. */
export type Block = {
  readonly rowCount: number; readonly columns: readonly Vector[]; readonly joint?: CodesVector; readonly isLasting?: boolean
}
