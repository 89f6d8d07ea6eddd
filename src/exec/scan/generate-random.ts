// Rows of generateRandom('a UInt8, b String', seed, longest text, longest array): values of any type,
// the same ones for the same seed and place.

import { CLOCK_SECONDS_MAX } from '../../../storage/column/clock-time.ts'
import type { DataType } from '../../../storage/column/data-type.ts'
import { largeWidth } from '../../../storage/column/large.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { elementTypeOf } from '../../functions/values/vectors.ts'
import { vectorOf } from '../../functions/values/values.ts'
import type { Value } from '../../functions/values/value.ts'

export type RandomLimits = { readonly textMax: number; readonly arrayMax: number }

/** Numbers from 0 to 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = state + 0x6d2b79f5 | 0
    let x = Math.imul(state ^ state >>> 15, 1 | state)
    x = x + Math.imul(x ^ x >>> 7, 61 | x) ^ x
    return ((x ^ x >>> 14) >>> 0) / 4294967296
  }
}

export function randomVector(
  type: DataType, count: number, random: () => number, limits: RandomLimits, account: MemoryAccount): Vector {
  return vectorOf(Array.from({ length: count }, () => valueOf(type, random, limits)), type, account)
}

const NULLS_OF = 16
const DAY_MAX = 65535

function valueOf(type: DataType, random: () => number, limits: RandomLimits): Value {
  const below = (most: number): number => Math.floor(random() * most)
  const list = (element: DataType): Value[] =>
    Array.from({ length: below(limits.arrayMax + 1) }, () => valueOf(element, random, limits))
  switch (type.id) {
    case 'Nullable': return below(NULLS_OF) === 0 ? null : valueOf(type.args[0], random, limits)
    case 'LowCardinality': return valueOf(type.args[0], random, limits)
    case 'String': return textOf(below(limits.textMax + 1), below)
    case 'FixedString': return textOf(type.length, below)
    case 'Array': case 'Map': return list(elementTypeOf(type))
    case 'Tuple': return type.args.map((arg) => valueOf(arg, random, limits))
    case 'Bool': return below(2) === 1
    case 'Enum8': case 'Enum16': return type.values?.[below(type.values.length)] ?? 0
    case 'Float32': return Math.fround((random() - 0.5) * 2 ** below(64))
    case 'Float64': return (random() - 0.5) * 2 ** below(128)
    case 'UUID': return '11111111-1111-4111-8111-111111111111'.replaceAll('1', () => below(16).toString(16))
    case 'IPv6': return Array.from({ length: 8 }, () => below(65536).toString(16)).join(':')
    case 'Date': case 'Date32': return below(DAY_MAX)
    case 'DateTime64': return BigInt(below(2 ** 32)) * 10n ** BigInt(type.precision) + BigInt(below(10 ** type.precision))
    case 'DateTime': return below(2 ** 32)
    case 'Time': case 'Time64': return below(2 * CLOCK_SECONDS_MAX * 10 ** type.precision) - CLOCK_SECONDS_MAX * 10 ** type.precision
    default: return integerOf(type, below)
  }
}

const textOf = (length: number, below: (most: number) => number): string =>
  String.fromCharCode(...Array.from({ length }, () => 32 + below(95)))

/** Any bits of an integer type, or digits of a Decimal. */
function integerOf(type: DataType, below: (most: number) => number): bigint | number {
  const large = largeWidth(type)
  if (type.id === 'Decimal') {
    const digits = Array.from({ length: 1 + below(type.precision) }, () => below(10)).join('')
    return BigInt(`${below(2) === 0 ? '' : '-'}${digits}`)
  }
  const bits = large > 0 ? large * 8 : Number(/\d+$/.exec(type.id)?.[0] ?? 32)
  let value = 0n
  for (let done = 0; done < bits; done += 8) value = (value << 8n) | BigInt(below(256))
  const signed = type.id.startsWith('U') || type.id === 'IPv4' ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value)
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed
}
