// Vectors of numbers by index of which most are left out: the states of groupNumericIndexedVector.
// Invariant: values are fixed-point numbers of so many whole and fractional bits, as in ClickHouse's bit slices: what
// goes beyond wraps around, what is finer is cut off. What is left out counts as 0.
// Layout of a state: | entries varint | index i64, value i64 of each | .

import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'
import { bareType, FLOAT64, type DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import { FunctionError, type AggregateDef } from '../values/function.ts'
import { shrink } from '../values/parse-value.ts'
import { byGroup } from '../values/state-bytes.ts'
import { isNumber, numberInfo } from '../values/types.ts'
import { valueAt, vectorOf } from '../values/values.ts'
import { slotOf } from '../values/vectors.ts'

export const NAME = 'groupNumericIndexedVector'
const FLOAT_WHOLE_BITS = 40
const FLOAT_FRACTION_BITS = 24
const BITS_MAX = 64

/** How values lie: bits before and behind the point, and whether one of the first is a sign. */
export type Layout = { readonly bits: number; readonly fraction: bigint; readonly isSigned: boolean; readonly isFloat: boolean }
export type Entries = Map<bigint, bigint>

const isIndex = (type: DataType): boolean => /^U?Int(8|16|32)$/.test(type.id)
const isValue = (type: DataType): boolean => isNumber(type) && type.id !== 'Bool' && !/128|256/.test(type.id)

/** How values of this type lie, with the parameters `'BSI', whole bits, fractional bits`. Throws BAD_ARGUMENTS. */
export function layoutOf(type: DataType, parameters: readonly Value[]): Layout {
  const info = numberInfo(type)
  const isFloat = info?.isFloat === true
  const [kind, whole = isFloat ? FLOAT_WHOLE_BITS : (info?.bytes ?? 8) * 8, fraction = isFloat ? FLOAT_FRACTION_BITS : 0] = parameters
  if (kind !== undefined && kind !== 'BSI') throw new FunctionError(`Aggregate function ${NAME} knows vectors of the kind BSI, not ${String(kind)}`, 'BAD_ARGUMENTS')
  const bits = Number(whole) + Number(fraction)
  if (!(bits > 0 && bits <= BITS_MAX)) throw new FunctionError(`Aggregate function ${NAME}: ${bits} bits are more than ${BITS_MAX}`, 'BAD_ARGUMENTS')
  return { bits, fraction: BigInt(Number(fraction)), isSigned: info?.isSigned !== false, isFloat }
}

/** What is left of a fixed-point number in the layout's bits. */
export const wrapped = ({ bits, isSigned }: Layout, value: bigint): bigint => (isSigned ? BigInt.asIntN : BigInt.asUintN)(bits, value)

/** A number as it lies; floats beyond the bits are an error (INCORRECT_DATA), whole numbers wrap around. */
export function toFixed(layout: Layout, value: Value): bigint {
  if (!layout.isFloat) return wrapped(layout, BigInt(value as number | bigint) << layout.fraction)
  const scaled = Math.trunc(Number(value) * 2 ** Number(layout.fraction))
  if (!(Math.abs(scaled) < 2 ** (layout.bits - 1))) throw new FunctionError(`Value ${String(value)} does not fit an indexed vector`, 'INCORRECT_DATA')
  return BigInt(scaled)
}

/** The number that lies so. */
export const toValue = ({ fraction, isFloat }: Layout, fixed: bigint): Value =>
  (isFloat ? Number(fixed) / 2 ** Number(fraction) : shrink(fixed >> fraction))

// ---------------------------------------------------------------------- states

/** Writes a state. */
export function writeEntries(out: ByteBuilder, entries: Entries): void {
  if (entries.size > 0) out.varint(entries.size)
  for (const [index, value] of entries) {
    out.i64(index)
    out.i64(value)
  }
}

/** Reads what writeEntries() wrote. */
export function readEntries(reader: ByteReader, visit: (index: bigint, value: bigint) => void): void {
  for (let left = reader.varint(); left > 0; left--) visit(BigInt(reader.i64()), BigInt(reader.i64()))
}

/** Adds a value to the one of its index. */
export function addTo(entries: Entries, layout: Layout, index: bigint, value: bigint): void {
  entries.set(index, wrapped(layout, (entries.get(index) ?? 0n) + value))
}

/** The sum of all values. */
export const sumOf = (layout: Layout, entries: Entries): number => {
  let sum = 0n
  for (const value of entries.values()) sum += value
  return Number(sum) / 2 ** Number(layout.fraction)
}

/** Throws where these are no types of an index and a value. */
export function checkPair(index: DataType, value: DataType): void {
  if (!isIndex(index)) throw new FunctionError(`The index of an indexed vector is an integer of up to 32 bits, not ${index.name}`)
  if (!isValue(value)) throw new FunctionError(`The value of an indexed vector is a number of up to 64 bits, not ${value.name}`)
}

export const INDEXED_VECTORS: readonly AggregateDef[] = [{
  name: NAME, arity: [2, 2], nulls: 'skip', keepsNonNullable: true,
  returnType: (args, parameters) => {
    const [index, value] = args.map(bareType)
    checkPair(index, value)
    layoutOf(value, parameters)
    return FLOAT64
  },
  create: (args, parameters, context) => {
    const layout = layoutOf(bareType(args[1]), parameters)
    const groups: Entries[] = []
    return byGroup({
      resize: (groupCount) => { while (groups.length < groupCount) groups.push(new Map()) },
      update: (numbers, rowCount, [index, value]) => {
        for (let row = 0; row < rowCount; row++) {
          const at = BigInt(valueAt(index, slotOf(index, row)) as number)
          addTo(groups[numbers[row]], layout, at, toFixed(layout, valueAt(value, slotOf(value, row))))
        }
      },
      write: (out, group) => writeEntries(out, groups[group]),
      read: (reader, group) => readEntries(reader, (index, value) => addTo(groups[group], layout, index, value)),
      finish: (groupCount) => vectorOf(Array.from({ length: groupCount }, (_, group) => sumOf(layout, groups[group])), FLOAT64, context.account),
    }, context)
  },
}]
