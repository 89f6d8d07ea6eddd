// Which typed array holds the values of a type: one table for encode, decode and gather.

import { bareType, internType, type DataType } from '../column/data-type.ts'
import type { NumberArray } from '../column/number-array.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'

/** How a type's values lie in memory. 'wide': Float64Array while safe integers, else big. */
export type Storage =
  | 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'f32' | 'f64' | 'wide' | 'bytes' | 'array' | 'tuple'

const STORAGE: Readonly<Record<string, Storage>> = {
  Nothing: 'u8', Bool: 'u8', Int8: 'i8', UInt8: 'u8', Enum8: 'i8', Int16: 'i16', UInt16: 'u16',
  Enum16: 'i16', Date: 'u16', Int32: 'i32', Date32: 'i32', Time: 'i32', UInt32: 'u32', DateTime: 'u32',
  IPv4: 'u32', Float32: 'f32', Float64: 'f64', Int64: 'wide', UInt64: 'wide', DateTime64: 'wide', Time64: 'wide',
  Interval: 'wide', Array: 'array', Map: 'array', Tuple: 'tuple',
}

/** Storage of a type's values, NULLs and LowCardinality aside. */
export function storageOf(type: DataType): Storage {
  const bare = bareType(type)
  if (bare.id === 'Decimal') return bare.precision <= 18 ? 'wide' : 'bytes'
  if (bare.id === 'SimpleAggregateFunction') return storageOf(bare.args[0])
  return STORAGE[bare.id] ?? 'bytes'
}

/** An array of `length` values in the account's memory; contents undefined. */
export function numberArray(storage: Storage, length: number, account: MemoryAccount): NumberArray {
  const { buffer } = account.work
  switch (storage) {
    case 'i8': return new Int8Array(buffer, account.allocate(length), length)
    case 'u8': return account.u8(length)
    case 'i16': return new Int16Array(buffer, account.allocate(length * 2), length)
    case 'u16': return account.u16(length)
    case 'i32': return account.i32(length)
    case 'u32': return account.u32(length)
    case 'f32': return new Float32Array(buffer, account.allocate(length * 4), length)
    default: return account.f64(length)
  }
}

/** Elements of Array(T) are T; of Map(K, V) tuples of both. */
export function elementType(type: DataType): DataType {
  const bare = bareType(type)
  if (bare.id !== 'Map') return bare.args[0]
  return internType(`Tuple(${bare.args[0].name}, ${bare.args[1].name})`, 'Tuple', { args: bare.args })
}
