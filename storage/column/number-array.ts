// The arrays in which numbers of a column lie.

export type NumberArray =
  | Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array
  | Float32Array | Float64Array

export type BigArray = BigInt64Array | BigUint64Array
