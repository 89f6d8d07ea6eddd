// Values as the bytes that ClickHouse keeps of them in memory, and back: what reinterpret, hex and bin see.
// Invariant: little-endian; a UUID is two numbers of 64 bits, the high one first; an IPv6 address as it is sent.

import { type DataType } from '../../../storage/column/data-type.ts'
import { isLarge, largeWidth } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { bigReader, numberReader } from './define.ts'
import type { EvalContext } from '../values/function.ts'
import { shrink } from '../values/parse-value.ts'
import { ipv6Text, uuidText } from '../values/text.ts'
import { isString, numberInfo } from '../values/types.ts'
import { asBytes } from '../values/vectors.ts'

const WIDTHS: Readonly<Record<string, number>> = {
  Date: 2, Date32: 4, DateTime: 4, DateTime64: 8, Time: 4, Time64: 8, Interval: 8, Enum8: 1, Enum16: 2, IPv4: 4, UUID: 16, IPv6: 16,
}

/** Bytes of each value of a bare type; 0 where they differ. */
export function memoryWidth(type: DataType): number {
  if (type.id === 'FixedString') return type.length
  if (type.id === 'Decimal') return largeWidth(type) || (type.precision <= 9 ? 4 : 8)
  return largeWidth(type) || (numberInfo(type)?.bytes ?? WIDTHS[type.id] ?? 0)
}

/** The halves of a UUID turned around: its bytes as they are written. */
export function writtenUuid(bytes: Uint8Array): Uint8Array {
  const out = Uint8Array.from(bytes)
  out.subarray(0, 8).reverse()
  out.subarray(8, 16).reverse()
  return out
}

/** Row r's value as its bytes. */
export function memoryReader(vector: Vector, context: EvalContext): (row: number) => Uint8Array {
  const { type } = vector
  if (isString(type) || type.id === 'IPv6' || type.id === 'UUID') {
    const text = asBytes(vector, context.account)
    return (row) => {
      const slot = text.isConst ? 0 : row
      return text.bytes.subarray(text.offsets[slot], text.offsets[slot + 1])
    }
  }
  const width = memoryWidth(type)
  if (numberInfo(type)?.isFloat === true) {
    const read = numberReader(vector)
    return (row) => {
      const view = new DataView(new ArrayBuffer(width))
      if (width === 4) view.setFloat32(0, read(row), true)
      else view.setFloat64(0, read(row), true)
      return new Uint8Array(view.buffer)
    }
  }
  const read = bigReader(vector)
  return (row) => {
    const bytes = new Uint8Array(width)
    let rest = BigInt.asUintN(width * 8, read(row))
    for (let at = 0; at < width; at++, rest >>= 8n) bytes[at] = Number(rest & 255n)
    return bytes
  }
}

const isSigned = (type: DataType): boolean => numberInfo(type)?.isSigned === true
  || ['Date32', 'DateTime64', 'Time', 'Time64', 'Decimal', 'Enum8', 'Enum16', 'Interval'].includes(type.id)

/** The value that bytes are in a type; what is short is filled with zeros, what is long is cut. */
export function valueOfMemory(bytes: Uint8Array, type: DataType): Value {
  const width = memoryWidth(type)
  const own = new Uint8Array(width)
  own.set(bytes.subarray(0, width))
  if (type.id === 'UUID') return uuidText(own, 0)
  if (type.id === 'IPv6') return ipv6Text(own, 0)
  const view = new DataView(own.buffer)
  if (numberInfo(type)?.isFloat === true) return width === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true)
  let whole = 0n
  for (let at = width - 1; at >= 0; at--) whole = (whole << 8n) | BigInt(own[at])
  const value = isSigned(type) ? BigInt.asIntN(width * 8, whole) : whole
  return isLarge(type) ? value : shrink(value)
}
