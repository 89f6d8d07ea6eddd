// Vectors made in an account's memory: allocation, gathering of rows, constants to full columns.
// Every function family builds its result here.
// Invariant: nothing here changes a vector that it was handed.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import { alikePacked, packedLike, packedRoom, packedWidth, type Packed } from '../../../storage/column/packed-texts.ts'
import type { ArrayVector, BytesVector, CodesVector, Dictionary, NumberVector, Vector } from '../../../storage/column/vector.ts'
import type { BigArray, NumberArray } from '../../../storage/column/number-array.ts'
import type { Kernels } from '../../../storage/kernels/load.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { isLarge, largeWidth, writeLarge } from '../../../storage/column/large.ts'
import { FunctionError } from './function.ts'
import { isUnsignedWide } from './types.ts'

type NumberArrayConstructor = {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer, offset: number, length: number): NumberArray
}

/** The typed array in which numbers of a bare type lie. */
export function arrayOfType(type: DataType): NumberArrayConstructor {
  switch (type.id) {
    case 'Bool': case 'UInt8': case 'Nothing': return Uint8Array
    case 'Int8': case 'Enum8': return Int8Array
    case 'Int16': case 'Enum16': return Int16Array
    case 'UInt16': case 'Date': return Uint16Array
    case 'Int32': case 'Date32': case 'Time': return Int32Array
    case 'UInt32': case 'DateTime': case 'IPv4': return Uint32Array
    case 'Float32': return Float32Array
    default: return Float64Array
  }
}

/** Room for `length` numbers of a type; contents undefined. */
export function newNumbers(type: DataType, length: number, account: MemoryAccount): NumberArray {
  const bare = bareType(type)
  refuseLarge(bare)
  const Type = arrayOfType(bare)
  return new Type(account.work.buffer, account.allocate(length * Type.BYTES_PER_ELEMENT), length)
}

/** Room for 64-bit values; contents undefined. */
export function newBigs(type: DataType, length: number, account: MemoryAccount): BigArray {
  const bare = bareType(type)
  refuseLarge(bare)
  const pointer = account.allocate(length * 8)
  return isUnsignedWide(bare) ? new BigUint64Array(account.work.buffer, pointer, length)
    : new BigInt64Array(account.work.buffer, pointer, length)
}

/** A function that makes no large values of its own says so instead of making wrong ones. */
function refuseLarge(type: DataType): void {
  if (isLarge(type)) throw new FunctionError(`No function here makes ${type.name}: convert first`, 'NOT_IMPLEMENTED')
}

/** Large values (column/large.ts), one a row; bits beyond the type's are cut off. */
export function largeVector(
  type: DataType, length: number, account: MemoryAccount, each: (row: number) => bigint,
  nulls: Uint8Array | null = null,
): BytesVector {
  const bare = bareType(type)
  const width = largeWidth(bare)
  const offsets = account.u32(length + 1)
  const bytes = account.u8(length * width)
  for (let row = 0; row < length; row++) {
    offsets[row] = row * width
    writeLarge(bytes, row * width, bare, each(row))
  }
  offsets[length] = length * width
  return bytesVector(type, offsets, bytes, nulls)
}

/** `length` zero bytes. */
export const zeroBytes = (length: number, account: MemoryAccount): Uint8Array =>
  account.u8(length).fill(0)

export const numberVector = (
  type: DataType, values: NumberArray, nulls: Uint8Array | null = null): NumberVector =>
  ({ kind: 'number', type, length: values.length, isConst: false, nulls, values })

export const bigVector = (
  type: DataType, values: BigArray, nulls: Uint8Array | null = null): Vector =>
  ({ kind: 'big', type, length: values.length, isConst: false, nulls, values })

export const bytesVector = (
  type: DataType, offsets: Uint32Array, bytes: Uint8Array, nulls: Uint8Array | null = null,
): BytesVector =>
  ({ kind: 'bytes', type, length: offsets.length - 1, isConst: false, nulls, offsets, bytes })

export const arrayVector = (type: DataType, offsets: Uint32Array, values: Vector): ArrayVector =>
  ({ kind: 'array', type, length: offsets.length - 1, isConst: false, nulls: null, offsets, values })

/** The same values under another type (same physical layout) or other nulls. */
export function retype<V extends Vector>(
  vector: V, type: DataType, nulls: Uint8Array | null = vector.nulls): V {
  if (vector.type === type && vector.nulls === nulls) return vector
  return changed(vector, type, vector.length, vector.isConst, nulls) as V
}

/** As retype, with the types of what lies within. */
export function retypeWithin(vector: Vector, type: DataType): Vector {
  if (vector.type === type) return vector
  const bare = bareType(type)
  if (vector.kind === 'tuple') {
    return { ...vector, type, fields: vector.fields.map((field, i) => retypeWithin(field, bare.args[i])) }
  }
  return vector.kind === 'array' ? { ...vector, type, values: retypeWithin(vector.values, elementTypeOf(bare)) }
    : retype(vector, type)
}

/** A vector of one row (or a constant) that stands for `length` rows. */
export function asConst(vector: Vector, length: number): Vector {
  if (vector.isConst && vector.length === length) return vector
  return changed(vector, vector.type, length, true, vector.nulls)
}

/** By literals: spreading an object costs microseconds, and each place that does it makes objects of a shape of
 * its own, for which V8 throws away code that it had made of others. */
function changed(
  vector: Vector, type: DataType, length: number, isConst: boolean, nulls: Uint8Array | null): Vector {
  switch (vector.kind) {
    case 'number': return { kind: 'number', type, length, isConst, nulls, values: vector.values }
    case 'codes':
      return { kind: 'codes', type, length, isConst, nulls, codes: vector.codes, dictionary: vector.dictionary }
    case 'bytes':
      return { kind: 'bytes', type, length, isConst, nulls, offsets: vector.offsets, bytes: vector.bytes }
    case 'big': return { kind: 'big', type, length, isConst, nulls, values: vector.values }
    case 'array':
      return { kind: 'array', type, length, isConst, nulls, offsets: vector.offsets, values: vector.values }
    case 'tuple': return { kind: 'tuple', type, length, isConst, nulls, fields: vector.fields }
  }
}

/** The strings of codes end to end. */
function oneByOne(dictionary: Dictionary, codes: Uint32Array, count: number, account: MemoryAccount) {
  const offsets = account.u32(count + 1)
  let total = 0
  for (let row = 0; row < count; row++) {
    offsets[row] = total
    total += dictionary.lengthOf(codes[row])
  }
  offsets[count] = total
  const bytes = account.u8(total)
  for (let row = 0; row < count; row++) bytes.set(dictionary.bytesOf(codes[row]), offsets[row])
  return { offsets, bytes }
}

/** Strings of any kind as bytes; a constant stays one. */
export function asBytes(vector: Vector, account: MemoryAccount): BytesVector {
  if (vector.kind === 'bytes') return vector
  if (vector.kind !== 'codes') {
    throw new Error(`functions: a ${vector.type.name} vector of kind ${vector.kind} is no string`)
  }
  const count = vector.isConst ? 1 : vector.length
  const { codes, dictionary } = vector
  const { offsets, bytes } = dictionary.textsOf?.(codes, count, account) ?? oneByOne(dictionary, codes, count, account)
  return {
    kind: 'bytes', type: vector.type, length: vector.length, isConst: vector.isConst,
    nulls: vector.nulls, offsets, bytes,
  }
}

/** The same strings where kernels can reach them. */
export function inWorkMemory(vector: BytesVector, account: MemoryAccount): BytesVector {
  const home = account.work.buffer
  if (vector.bytes.buffer === home && vector.offsets.buffer === home) return vector
  const offsets = account.u32(vector.offsets.length)
  offsets.set(vector.offsets)
  const bytes = account.u8(vector.bytes.length)
  bytes.set(vector.bytes)
  const { type, length, isConst, nulls } = vector
  return { kind: 'bytes', type, length, isConst, nulls, offsets, bytes }
}

/** Where row `row` lies in the arrays of a vector: constants have all rows at 0. */
export const slotOf = (vector: Vector, row: number): number => (vector.isConst ? 0 : row)

/** Rows as wanted: row i of the result is row rows[i] of sources[which[i]]. `which` null: the first
 * source; `rows` null: row i itself. All sources hold values of `type`'s bare type. */
export function pick(
  sources: readonly Vector[], which: Uint8Array | Uint32Array | null, rows: Uint32Array | null,
  count: number, type: DataType, account: MemoryAccount,
): Vector {
  const slots = resolveSlots(sources, which, rows, count, account)
  const nulls = pickNulls(sources, which, slots, count, account)
  const bare = bareType(type)
  const first = sources[0]
  switch (first.kind) {
    case 'number': case 'big': return pickNumbers(sources, which, slots, count, type, nulls, account)
    case 'codes': case 'bytes': return pickStrings(sources, which, slots, count, type, nulls, account)
    case 'array': return pickArrays(sources, which, slots, count, type, account)
    case 'tuple': {
      const fields = first.fields.map((_, f) => pick(
        sources.map((s) => (s.kind === 'tuple' ? asFieldOf(s, f) : s)), which, slots, count,
        bare.args[f], account))
      return { kind: 'tuple', type, length: count, isConst: false, nulls, fields }
    }
  }
}

/** A field of a tuple, constant where the tuple is. */
function asFieldOf(tuple: Vector & { kind: 'tuple' }, field: number): Vector {
  const vector = tuple.fields[field]
  return tuple.isConst && !vector.isConst ? asConst(vector, tuple.length) : vector
}

/** Slot in its source of every row wanted; constants at 0. */
function resolveSlots(
  sources: readonly Vector[], which: Uint8Array | Uint32Array | null, rows: Uint32Array | null,
  count: number, account: MemoryAccount,
): Uint32Array {
  if (rows !== null && !isAnyConst(sources)) return rows
  const slots = account.u32(count)
  for (let i = 0; i < count; i++) {
    const source = sources[which === null ? 0 : which[i]]
    slots[i] = source.isConst ? 0 : rows === null ? i : rows[i]
  }
  return slots
}

function isAnyConst(sources: readonly Vector[]): boolean {
  for (const source of sources) if (source.isConst) return true
  return false
}

function isAnyNullable(sources: readonly Vector[]): boolean {
  for (const source of sources) if (source.nulls !== null) return true
  return false
}

function pickNulls(
  sources: readonly Vector[], which: Uint8Array | Uint32Array | null, slots: Uint32Array,
  count: number, account: MemoryAccount,
): Uint8Array | null {
  if (!isAnyNullable(sources)) return null
  const nulls = account.u8(count)
  let any = 0
  for (let i = 0; i < count; i++) {
    const from = sources[which === null ? 0 : which[i]].nulls
    const isNull = from === null ? 0 : from[slots[i]]
    nulls[i] = isNull
    any |= isNull
  }
  return any === 0 ? null : nulls
}

function pickNumbers(
  sources: readonly Vector[], which: Uint8Array | Uint32Array | null, slots: Uint32Array,
  count: number, type: DataType, nulls: Uint8Array | null, account: MemoryAccount,
): Vector {
  const columns = sources.map((source) => (source as NumberVector).values)
  if (sources.some((source) => source.kind === 'big')) {
    const out = newBigs(type, count, account)
    for (let i = 0; i < count; i++) {
      const value: number | bigint = columns[which === null ? 0 : which[i]][slots[i]]
      out[i] = BigInt(value)
    }
    return bigVector(type, out, nulls)
  }
  const out = newNumbers(type, count, account)
  if (which === null) {
    gather(columns[0], slots, count, out, account)
  } else {
    for (let i = 0; i < count; i++) out[i] = columns[which[i]][slots[i]]
  }
  return numberVector(type, out, nulls)
}

/** Values by their width alone: a loop that met every kind of array would be slow with each. */
function gather(from: NumberArray, slots: Uint32Array, count: number, out: NumberArray, account: MemoryAccount): void {
  const kernels = from.constructor === out.constructor ? kernelsFor(count, account, from, slots) : null
  if (kernels !== null && out.BYTES_PER_ELEMENT === 4) {
    kernels.takeWords(from.byteOffset, slots.byteOffset, count, out.byteOffset)
  } else if (kernels !== null && out.BYTES_PER_ELEMENT === 8) {
    kernels.takeDoubles(from.byteOffset, slots.byteOffset, count, out.byteOffset)
  } else gatherHere(from, slots, count, out)
}

/** Below, a loop is as fast as the calls. */
const KERNEL_ROWS_MIN = 16

/** Kernels for so many rows; null: too few, or kernels can't reach all of the arrays. */
function kernelsFor(count: number, account: MemoryAccount, ...arrays: readonly ArrayBufferView[]): Kernels | null {
  if (count < KERNEL_ROWS_MIN) return null
  const { buffer, kernels } = account.work
  for (const array of arrays) if (array.buffer !== buffer) return null
  return kernels
}

function gatherHere(from: NumberArray, slots: Uint32Array, count: number, out: NumberArray): void {
  if (from.constructor !== out.constructor) {
    for (let i = 0; i < count; i++) out[i] = from[slots[i]]
    return
  }
  switch (out.BYTES_PER_ELEMENT) {
    case 1: return gatherBytes(bytesOf(from), slots, count, bytesOf(out))
    case 2: return gatherHalves(halvesOf(from), slots, count, halvesOf(out))
    case 4: return gatherWords(wordsOf(from), slots, count, wordsOf(out))
    default: return gatherDoubles(from as Float64Array, slots, count, out as Float64Array)
  }
}

const bytesOf = (array: NumberArray): Uint8Array =>
  (array instanceof Uint8Array ? array : new Uint8Array(array.buffer, array.byteOffset, array.length))
const halvesOf = (array: NumberArray): Uint16Array =>
  (array instanceof Uint16Array ? array : new Uint16Array(array.buffer, array.byteOffset, array.length))
const wordsOf = (array: NumberArray): Uint32Array =>
  (array instanceof Uint32Array ? array : new Uint32Array(array.buffer, array.byteOffset, array.length))

function gatherBytes(from: Uint8Array, slots: Uint32Array, count: number, out: Uint8Array): void {
  for (let i = 0; i < count; i++) out[i] = from[slots[i]]
}

function gatherHalves(from: Uint16Array, slots: Uint32Array, count: number, out: Uint16Array): void {
  for (let i = 0; i < count; i++) out[i] = from[slots[i]]
}

function gatherWords(from: Uint32Array, slots: Uint32Array, count: number, out: Uint32Array): void {
  for (let i = 0; i < count; i++) out[i] = from[slots[i]]
}

function gatherDoubles(from: Float64Array, slots: Uint32Array, count: number, out: Float64Array): void {
  for (let i = 0; i < count; i++) out[i] = from[slots[i]]
}

function pickStrings(
  sources: readonly Vector[], which: Uint8Array | Uint32Array | null, slots: Uint32Array,
  count: number, type: DataType, nulls: Uint8Array | null, account: MemoryAccount,
): Vector {
  const first = sources[0]
  if (first.kind === 'codes' && sources.every(
    (s) => s.kind === 'codes' && s.dictionary.id === first.dictionary.id)) {
    const codes = account.u32(count)
    if (which === null) gather(first.codes, slots, count, codes, account)
    else {
      const all = sources.map((source) => (source as CodesVector).codes)
      for (let i = 0; i < count; i++) codes[i] = all[which[i]][slots[i]]
    }
    const { dictionary } = first
    return { kind: 'codes', type, length: count, isConst: false, nulls, codes, dictionary }
  }
  const packed = alikePacked(sources)
  if (packed !== null) {
    return packedLike({ type, nulls }, packed, pickPacked(packed, which, slots, count, account), account)
  }
  const columns = sources.map((source) => asBytes(source, account))
  const taken = which === null ? takeStrings(columns[0], slots, count, type, nulls, account) : null
  if (taken !== null) return taken
  const offsets = pickOffsets(columns.map((column) => column.offsets), which, slots, count, account)
  const total = offsets[count]
  const bytes = account.u8(total)
  for (let i = 0; i < count; i++) {
    const from = columns[which === null ? 0 : which[i]]
    copyBytes(from.bytes, from.offsets[slots[i]], bytes, offsets[i], offsets[i + 1] - offsets[i])
  }
  return bytesVector(type, offsets, bytes, nulls)
}

function pickPacked(
  sources: readonly Packed[], which: Uint8Array | Uint32Array | null, slots: Uint32Array, count: number,
  account: MemoryAccount,
): Packed['values'] {
  const [first] = sources
  const out = packedRoom(first, count, account)
  const width = packedWidth(first)
  const kernels = which === null && width > 1 ? kernelsFor(count, account, first.values, slots) : null
  if (kernels !== null) {
    kernels.takeUuids(first.values.byteOffset, slots.byteOffset, count, out.byteOffset)
  } else if (width > 1) {
    for (let i = 0; i < count; i++) {
      const { values } = sources[which === null ? 0 : which[i]]
      const from = slots[i] * width
      for (let word = 0; word < width; word++) out[i * width + word] = values[from + word]
    }
  } else if (which === null) gather(first.values, slots, count, out, account)
  else for (let i = 0; i < count; i++) out[i] = sources[which[i]].values[slots[i]]
  return out
}

/** The same by kernels; null where they can't reach the strings, or few are wanted. */
function takeStrings(
  { offsets, bytes }: BytesVector, slots: Uint32Array, count: number, type: DataType, nulls: Uint8Array | null,
  account: MemoryAccount,
): Vector | null {
  const kernels = kernelsFor(count, account, offsets, bytes, slots)
  if (kernels === null) return null
  const ends = account.u32(count + 1)
  const taken = account.u8(kernels.takeLengths(offsets.byteOffset, slots.byteOffset, count, ends.byteOffset))
  kernels.takeStrings(offsets.byteOffset, bytes.byteOffset, slots.byteOffset, count, ends.byteOffset, taken.byteOffset)
  return bytesVector(type, ends, taken, nulls)
}

/** Copies a few bytes; a loop, because set() costs more than most strings are long. */
export function copyBytes(
  from: Uint8Array, fromAt: number, to: Uint8Array, toAt: number, count: number): void {
  if (count > 64) {
    to.set(from.subarray(fromAt, fromAt + count), toAt)
    return
  }
  for (let i = 0; i < count; i++) to[toAt + i] = from[fromAt + i]
}

/** Where the picked texts or lists begin, end to end; the end of all behind them. */
function pickOffsets(
  from: readonly Uint32Array[], which: Uint8Array | Uint32Array | null, slots: Uint32Array, count: number, account: MemoryAccount,
): Uint32Array {
  const offsets = account.u32(count + 1)
  let total = 0
  for (let i = 0; i < count; i++) {
    const own = from[which === null ? 0 : which[i]]
    offsets[i] = total
    total += own[slots[i] + 1] - own[slots[i]]
  }
  offsets[count] = total
  return offsets
}

function pickArrays(
  sources: readonly Vector[], which: Uint8Array | Uint32Array | null, slots: Uint32Array,
  count: number, type: DataType, account: MemoryAccount,
): Vector {
  const columns = sources as readonly ArrayVector[] // pick() asks for those of arrays alone
  const offsets = pickOffsets(columns.map((column) => column.offsets), which, slots, count, account)
  const total = offsets[count]
  const elements = account.u32(total)
  const elementWhich = which === null ? null : account.u32(total)
  for (let i = 0; i < count; i++) {
    const source = which === null ? 0 : which[i]
    const start = columns[source].offsets[slots[i]]
    for (let at = offsets[i]; at < offsets[i + 1]; at++) {
      elements[at] = start + at - offsets[i]
      if (elementWhich !== null) elementWhich[at] = source
    }
  }
  const values = pick(columns.map((c) => c.values), elementWhich, elements, total,
    elementTypeOf(bareType(type)), account)
  return arrayVector(type, offsets, values)
}

/** Type of the elements in the vector of an Array, or of the pairs in that of a Map. */
export function elementTypeOf(type: DataType): DataType {
  if (type.id !== 'Map') return type.args[0]
  const known = pairTypes.get(type)
  if (known !== undefined) return known
  const pair: DataType = { ...type, id: 'Tuple', args: type.args, names: null }
  pairTypes.set(type, pair)
  return pair
}

// Types are interned, so this holds as many entries as there are Map types.
const pairTypes = new WeakMap<DataType, DataType>()

/** Rows by number. */
export const take = (
  vector: Vector, rows: Uint32Array, count: number, account: MemoryAccount): Vector =>
  pick([vector], null, rows, count, vector.type, account)

/** A constant spread over its rows; anything else as it is. */
export function materialize(vector: Vector, account: MemoryAccount): Vector {
  if (!vector.isConst) return vector
  return pick([vector], null, null, vector.length, vector.type, account)
}

/** Row numbers whose byte is not 0, into a new array of the account; its length is their count. */
export function rowsWhere(mask: Uint8Array, rowCount: number, account: MemoryAccount): Uint32Array {
  const rows = account.u32(rowCount)
  let count = 0
  for (let row = 0; row < rowCount; row++) {
    rows[count] = row
    count += mask[row] !== 0 ? 1 : 0
  }
  return rows.subarray(0, count)
}
