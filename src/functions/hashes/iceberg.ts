// The transforms of Iceberg's partitions: buckets by hash, and values cut to a width.
// Source: the Iceberg table specification, "Partition transforms" and appendix B, "32-bit hash requirements".

import { INT32, STRING, UINT32, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { byValues } from '../base/by-values.ts'
import { bigReader, constantOf, define, numberReader, numbersBy } from '../base/define.ts'
import { bytesReader } from '../base/define-text.ts'
import { FunctionError, type ArgInfo, type EvalContext, type FunctionDef } from '../values/function.ts'
import { murmurHash3x32 } from './hash-numbers.ts'
import { doubledBytes, integerType, isDay, isInteger, isString, numberInfo } from '../values/types.ts'
import { valueAt } from '../values/values.ts'

const isNarrow = (type: DataType): boolean => isInteger(type) && (numberInfo(type)?.bytes ?? 0) <= 8
const MICROS = 6
const NANOS = 9

function checkHashed(name: string, type: DataType): void {
  if (type.id === 'DateTime64' && type.precision !== MICROS && type.precision !== NANOS) {
    throw new FunctionError(`Function ${name} takes DateTime64 with ${MICROS} or ${NANOS} digits, not ${type.precision}`, 'BAD_ARGUMENTS')
  }
  const isGood = isNarrow(type) || isDay(type) || isString(type) || ['Float32', 'Float64', 'UUID', 'DateTime64'].includes(type.id)
    || (type.id === 'Decimal' && type.precision <= 38)
  if (!isGood) throw new FunctionError(`Function ${name} does not take ${type.name}`)
}

/** Eight bytes, low first. */
function longBytes(value: bigint): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8))
  bytes.setBigInt64(0, BigInt.asIntN(64, value), true)
  return new Uint8Array(bytes.buffer)
}

/** Two's complement in as few bytes as hold it, high first. */
function shortestBytes(value: bigint): Uint8Array {
  let count = 1
  while (BigInt.asIntN(8 * count, value) !== value) count++
  return Uint8Array.from({ length: count }, (_, i) => Number((value >> BigInt(8 * (count - 1 - i))) & 255n))
}

/** What of a row's value is hashed. */
function hashedReader(vector: Vector, context: EvalContext): (row: number) => Uint8Array {
  const { type } = vector
  if (isString(type)) return bytesReader(vector, context)
  if (type.id === 'UUID') return (row) => Buffer.from(String(valueAt(vector, row)).replaceAll('-', ''), 'hex')
  if (type.id === 'Float32' || type.id === 'Float64') {
    const read = numberReader(vector)
    return (row) => new Uint8Array(Float64Array.of(read(row) + 0).buffer)
  }
  const read = bigReader(vector)
  if (type.id === 'Decimal') return (row) => shortestBytes(read(row))
  if (type.id === 'DateTime64' && type.precision === NANOS) return (row) => longBytes(read(row) / 1000n)
  return (row) => longBytes(read(row))
}

const hash = define('icebergHash', [1, 1], ([{ type }]) => {
  checkHashed('icebergHash', type)
  return INT32
}, ([vector], type, rowCount, context) => {
  const read = hashedReader(vector, context)
  return numbersBy(type, rowCount, context, (row) => murmurHash3x32(read(row)) | 0)
})

const BUCKETS_MAX = 2 ** 31 - 1

const bucket = define('icebergBucket', [2, 2], ([count, { type }]) => {
  if (!isNarrow(count.type)) throw new FunctionError(`The number of buckets of function icebergBucket is an integer, not ${count.type.name}`, 'BAD_GET')
  checkHashed('icebergBucket', type)
  return UINT32
}, (args, type, rowCount, context) => {
  const count = Number(constantOf('icebergBucket', args, 0))
  if (!(count > 0 && count <= BUCKETS_MAX)) throw new FunctionError(`Function icebergBucket takes 1 to ${BUCKETS_MAX} buckets, not ${count}`, 'BAD_ARGUMENTS')
  const read = hashedReader(args[1], context)
  return numbersBy(type, rowCount, context, (row) => (murmurHash3x32(read(row)) & BUCKETS_MAX) % count)
})

function truncatedType([width, { type }]: readonly ArgInfo[]): DataType {
  const own = numberInfo(width.type)
  if (own === null || own.isFloat || own.isSigned) throw new FunctionError(`The width of function icebergTruncate is an unsigned integer, not ${width.type.name}`)
  if (isString(type)) return STRING
  if (type.id === 'Decimal' && type.precision <= 38) return type
  const info = numberInfo(type)
  if (info === null || !isNarrow(type)) throw new FunctionError(`Function icebergTruncate takes integers, Decimals and texts, not ${type.name}`)
  return integerType(doubledBytes(Math.max(own.bytes, info.bytes)), true)
}

/** Down to a multiple of the width. */
function floored(value: Value, width: Value): bigint {
  const [whole, step] = [BigInt(value as number | bigint), BigInt(width as number | bigint)]
  return BigInt.asIntN(64, whole - ((whole % step) + step) % step)
}

const truncate = byValues('icebergTruncate', [2, 2], truncatedType, ([width, value]) => {
  if (Number(width) === 0) throw new FunctionError('Function icebergTruncate takes a width above 0', 'BAD_ARGUMENTS')
  if (typeof value === 'string') return [...value].slice(0, Number(width)).join('')
  return floored(value, width)
})

const truncateConstant: FunctionDef = { ...truncate, evaluate: (args, ...rest) => {
  constantOf('icebergTruncate', args, 0)
  return truncate.evaluate(args, ...rest)
} }

export const ICEBERG: readonly FunctionDef[] = [hash, bucket, truncateConstant]
