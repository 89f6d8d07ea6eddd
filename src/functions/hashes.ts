// Hash functions: MD5 and SHA from Node, SipHash, xxHash and MurmurHash from hash-numbers.ts.
// Invariant: strings are hashed by their bytes, numbers as they lie in ClickHouse's memory.

import { createHash } from 'node:crypto'
import {
  INT32, internType, UINT32, UINT64, type DataType,
} from '../../storage/column/data-type.ts'
import { largeWidth } from '../../storage/column/large.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { hash128to64 } from '../../storage/kernels/city-hash.ts'
import { castToString } from './cast.ts'
import { ANY_COUNT, bigReader, define, expectTypes, numberReader, numbersBy, ofStrings } from './define.ts'
import { bytesBy, bytesReader } from './define-text.ts'
import type { EvalContext, FunctionDef } from './function.ts'
import {
  crc32, crc64, hiveHash, intHash32, javaHash, murmurHash2x32, murmurHash2x64, murmurHash3x128,
  murmurHash3x32, murmurHash3x64, sipHash128, sipHash64, xxHash32, xxHash64,
} from './hash-numbers.ts'
import { intHash64 } from './int-hash.ts'
import { isDay, isMoment, isNumber, isString, numberInfo } from './types.ts'
import { bigVector, newBigs } from './vectors.ts'

const fixed = (bytes: number): DataType => internType(`FixedString(${bytes})`, 'FixedString', { length: bytes })

const digest = (name: string, algorithm: string, bytes: number): FunctionDef =>
  define(name, [1, 1], ofStrings(name, fixed(bytes)), ([a], type, rowCount, context) => {
    const read = bytesReader(a, context)
    return bytesBy(type, rowCount, context, (row) => createHash(algorithm).update(read(row)).digest())
  })

/** The bytes of a value as ClickHouse's memory has them. */
function memoryBytes(vector: Vector, context: EvalContext): (row: number) => Uint8Array {
  if (!isNumber(vector.type) && vector.type.id !== 'Decimal' && !isDay(vector.type) && !isMoment(vector.type)) {
    return bytesReader(isString(vector.type) ? vector : castToString(vector, context), context)
  }
  const info = numberInfo(vector.type)
  const width = info?.bytes ?? (vector.type.id === 'Decimal'
    ? largeWidth(vector.type) || (vector.type.precision <= 9 ? 4 : 8) : vector.type.id === 'Date' ? 2 : vector.type.id === 'DateTime64' ? 8 : 4)
  const view = new DataView(new ArrayBuffer(width))
  const bytes = new Uint8Array(view.buffer)
  if (info?.isFloat) {
    const read = numberReader(vector)
    return (row) => {
      if (width === 4) view.setFloat32(0, read(row), true)
      else view.setFloat64(0, read(row), true)
      return bytes
    }
  }
  const read = bigReader(vector)
  return (row) => {
    let value = BigInt.asUintN(width * 8, read(row))
    for (let i = 0; i < width; i++, value >>= 8n) bytes[i] = Number(value & 255n)
    return bytes
  }
}

const isHashable = (type: DataType): boolean =>
  isString(type) || isNumber(type) || type.id === 'Decimal' || isDay(type) || isMoment(type) || type.id === 'UUID'

/** A 64-bit hash; several arguments are combined by `join`. */
const wide = (name: string, hash: (bytes: Uint8Array) => bigint,
  join: (a: bigint, b: bigint) => bigint): FunctionDef =>
  define(name, [1, ANY_COUNT], (args) => {
    expectTypes(name, args, isHashable)
    return UINT64
  }, (args, type, rowCount, context) => {
    const readers = args.map((arg) => memoryBytes(arg, context))
    const out = newBigs(type, rowCount, context.account)
    for (let row = 0; row < rowCount; row++) {
      let value = hash(readers[0](row))
      for (let i = 1; i < readers.length; i++) value = join(value, hash(readers[i](row)))
      out[row] = value
    }
    return bigVector(type, out)
  })

const narrow = (name: string, type: DataType, hash: (bytes: Uint8Array) => number,
  join: (a: number, b: number) => number): FunctionDef =>
  define(name, [1, ANY_COUNT], (args) => {
    expectTypes(name, args, isHashable)
    return type
  }, (args, result, rowCount, context) => {
    const readers = args.map((arg) => memoryBytes(arg, context))
    return numbersBy(result, rowCount, context, (row) => {
      let value = hash(readers[0](row))
      for (let i = 1; i < readers.length; i++) value = join(value, hash(readers[i](row)))
      return value
    })
  })

/** One string, one number. */
const ofText = (name: string, type: DataType, hash: (bytes: Uint8Array) => number | bigint): FunctionDef =>
  define(name, [1, 1], ofStrings(name, type), ([a], result, rowCount, context) => {
    const read = bytesReader(a, context)
    if (type.id !== 'UInt64') return numbersBy(result, rowCount, context, (row) => Number(hash(read(row))))
    const out = newBigs(result, rowCount, context.account)
    for (let row = 0; row < rowCount; row++) out[row] = BigInt(hash(read(row)))
    return bigVector(result, out)
  })

/** Java's hashCode of its numbers and texts. */
const javaHashDef = define('javaHash', [1, 1], (args) => {
  expectTypes('javaHash', args, (type) => isString(type) || (isNumber(type) && numberInfo(type)?.isSigned === true
    && numberInfo(type)?.isFloat === false))
  return INT32
}, ([a], type, rowCount, context) => {
  if (isString(a.type)) {
    const read = bytesReader(a, context)
    return numbersBy(type, rowCount, context, (row) => javaHash(read(row)))
  }
  const read = bigReader(a)
  const isLong = numberInfo(a.type)?.bytes === 8
  return numbersBy(type, rowCount, context, (row) => {
    const value = read(row)
    return Number(BigInt.asIntN(32, isLong ? value ^ (BigInt.asUintN(64, value) >> 32n) : value))
  })
})

/** 16 bytes. */
const long = (name: string, hash: (bytes: Uint8Array) => Uint8Array): FunctionDef =>
  define(name, [1, 1], (args) => {
    expectTypes(name, args, isHashable)
    return fixed(16)
  }, ([a], type, rowCount, context) => {
    const read = memoryBytes(a, context)
    return bytesBy(type, rowCount, context, (row) => hash(read(row)))
  })

const intHash32Def = define('intHash32', [1, 1], (args) => {
  expectTypes('intHash32', args, isNumber)
  return UINT32
}, ([a], type, rowCount, context) => {
  const read = bigReader(a)
  return numbersBy(type, rowCount, context, (row) => intHash32(BigInt.asUintN(64, read(row))))
})

const halfMd5 = (bytes: Uint8Array): bigint =>
  createHash('md5').update(bytes).digest().readBigUInt64BE(0)

/** A hash of both hashes' bytes. */
const joinBy = (hash: (bytes: Uint8Array) => bigint) => (a: bigint, b: bigint): bigint => {
  const bytes = new Uint8Array(16)
  const view = new DataView(bytes.buffer)
  view.setBigUint64(0, a, true)
  view.setBigUint64(8, b, true)
  return hash(bytes)
}

const intJoin = (a: bigint, b: bigint): bigint => intHash64(a) ^ b

const intJoin32 = (a: number, b: number): number => (intHash32(BigInt(a)) ^ b) >>> 0

export const HASHES: readonly FunctionDef[] = [
  digest('MD5', 'md5', 16), digest('SHA1', 'sha1', 20), digest('SHA224', 'sha224', 28),
  digest('SHA256', 'sha256', 32), digest('SHA384', 'sha384', 48), digest('SHA512', 'sha512', 64),
  digest('SHA512_256', 'sha512-256', 32), digest('RIPEMD160', 'ripemd160', 20),
  wide('sipHash64', sipHash64, joinBy(sipHash64)), long('sipHash128', sipHash128),
  wide('xxHash64', xxHash64, hash128to64), narrow('xxHash32', UINT32, xxHash32, intJoin32),
  wide('halfMD5', halfMd5, joinBy(halfMd5)), narrow('murmurHash2_32', UINT32, murmurHash2x32, intJoin32),
  wide('murmurHash2_64', murmurHash2x64, intJoin),
  narrow('murmurHash3_32', UINT32, murmurHash3x32, intJoin32),
  wide('murmurHash3_64', murmurHash3x64, intJoin), long('murmurHash3_128', murmurHash3x128),
  javaHashDef, ofText('hiveHash', INT32, hiveHash),
  wide('gccMurmurHash', (bytes) => murmurHash2x64(bytes, 0xc70f6907n), intJoin),
  ofText('CRC32', UINT32, crc32), ofText('CRC64', UINT64, crc64), intHash32Def,
]
