// Rows of vectors in another order, and vectors end to end: for gathers, flush and merge.

import { bareType, type DataType } from '../column/data-type.ts'
import { alikePacked, packedLike, packedRoom } from '../column/packed-texts.ts'
import type { ArrayVector, BytesVector, CodesVector, NumberVector, TupleVector, Vector } from '../column/vector.ts'
import type { BigArray, NumberArray } from '../column/number-array.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { elementType, numberArray, storageOf } from './arrays.ts'

/** Where taken rows go, and what moves them: an EncodeSpace, or its like. */
export type TakeSpace = { readonly account: MemoryAccount; readonly kernels: Kernels }

/** Strings end to end; offsets need not begin at 0. */
type StringRange = { readonly offsets: Uint32Array; readonly bytes: Uint8Array }

/** Rows rows[0..count) of a vector, in that order. */
export function takeRows(
  vector: Vector, rows: Uint32Array, count: number, space: TakeSpace,
): Vector {
  const { type } = vector
  const { account } = space
  let nulls: Uint8Array | null = null
  if (vector.nulls !== null) {
    nulls = account.u8(count)
    for (let index = 0; index < count; index++) nulls[index] = vector.nulls[rows[index]]
  }
  // Literals, not a common part that is spread: each place that spreads makes objects of a shape of its own.
  switch (vector.kind) {
    case 'number': {
      const isWide = vector.values instanceof Float64Array
      const values = numberArray(isWide ? 'f64' : storageOf(type), count, account)
      takeNumbers(vector.values, rows, count, values, space)
      return { kind: 'number', type, length: count, isConst: false, nulls, values }
    }
    case 'codes': {
      const codes = account.u32(count)
      takeWords(vector.codes, rows, count, codes, space)
      return { kind: 'codes', type, length: count, isConst: false, nulls, codes, dictionary: vector.dictionary }
    }
    case 'big': {
      const values = bigArray(vector.values instanceof BigUint64Array, count, account)
      if (areReachable(account, vector.values, rows, values)) {
        space.kernels.takeDoubles(vector.values.byteOffset, rows.byteOffset, count, values.byteOffset)
      } else for (let index = 0; index < count; index++) values[index] = vector.values[rows[index]]
      return { kind: 'big', type, length: count, isConst: false, nulls, values }
    }
    case 'bytes': {
      const { offsets, bytes } = takeStrings(vector, rows, count, space)
      return { kind: 'bytes', type, length: count, isConst: false, nulls, offsets, bytes }
    }
    case 'array': {
      const { offsets, values } = takeArrays(vector, rows, count, space)
      return { kind: 'array', type, length: count, isConst: false, nulls, offsets, values }
    }
    case 'tuple': {
      const fields = vector.fields.map((field) => takeRows(field, rows, count, space))
      return { kind: 'tuple', type, length: count, isConst: false, nulls, fields }
    }
  }
}

function bigArray(isUnsigned: boolean, length: number, account: MemoryAccount): BigArray {
  const values = account.i64(length)
  return isUnsigned ? new BigUint64Array(values.buffer, values.byteOffset, length) : values
}

/** out[i] = values[rows[i]], both of one kind. */
function takeNumbers(values: NumberArray, rows: Uint32Array, count: number, out: NumberArray, { account, kernels }: TakeSpace): void {
  const isReachable = areReachable(account, values, rows, out)
  if (isReachable && values instanceof Uint32Array && out instanceof Uint32Array) {
    kernels.takeWords(values.byteOffset, rows.byteOffset, count, out.byteOffset)
  } else if (isReachable && values instanceof Float64Array && out instanceof Float64Array) {
    kernels.takeDoubles(values.byteOffset, rows.byteOffset, count, out.byteOffset)
  } else for (let index = 0; index < count; index++) out[index] = values[rows[index]]
}

/** True where kernels can reach all of them. */
const areReachable = (account: MemoryAccount, ...arrays: readonly ArrayBufferView[]): boolean =>
  arrays.every((array) => array.buffer === account.work.buffer)

/** out[i] = values[rows[i]]; `out` lies in work memory and may be `rows` itself. */
export function takeWords(
  values: Uint32Array, rows: Uint32Array, count: number, out: Uint32Array, space: TakeSpace,
): void {
  if (areReachable(space.account, values, rows, out)) {
    space.kernels.takeWords(values.byteOffset, rows.byteOffset, count, out.byteOffset)
  } else for (let i = 0; i < count; i++) out[i] = values[rows[i]]
}

/** Strings rows[0..count) end to end, in work memory. */
export function takeStrings(
  from: StringRange, rows: Uint32Array, count: number, { account, kernels }: TakeSpace,
): { offsets: Uint32Array; bytes: Uint8Array } {
  const offsets = account.u32(count + 1)
  if (areReachable(account, from.offsets, from.bytes, rows)) {
    const length = kernels.takeLengths(
      from.offsets.byteOffset, rows.byteOffset, count, offsets.byteOffset)
    const bytes = account.u8(length)
    kernels.takeStrings(from.offsets.byteOffset, from.bytes.byteOffset, rows.byteOffset, count,
      offsets.byteOffset, bytes.byteOffset)
    return { offsets, bytes }
  }
  offsets[0] = 0
  for (let i = 0; i < count; i++) {
    offsets[i + 1] = offsets[i] + from.offsets[rows[i] + 1] - from.offsets[rows[i]]
  }
  const bytes = account.u8(offsets[count])
  for (let i = 0; i < count; i++) {
    bytes.set(from.bytes.subarray(from.offsets[rows[i]], from.offsets[rows[i] + 1]), offsets[i])
  }
  return { offsets, bytes }
}

function takeArrays(vector: ArrayVector, rows: Uint32Array, count: number, space: TakeSpace) {
  const { account } = space
  const offsets = account.u32(count + 1)
  offsets[0] = 0
  for (let index = 0; index < count; index++) {
    offsets[index + 1] = offsets[index] + vector.offsets[rows[index] + 1] - vector.offsets[rows[index]]
  }
  const elements = account.u32(offsets[count])
  for (let index = 0; index < count; index++) {
    const first = vector.offsets[rows[index]]
    for (let at = offsets[index]; at < offsets[index + 1]; at++) {
      elements[at] = first + at - offsets[index]
    }
  }
  const values = takeRows(vector.values, elements, offsets[count], space)
  account.free(elements.byteOffset)
  return { offsets, values }
}

/** No rows of a type. */
function noRows(type: DataType, account: MemoryAccount): Vector {
  const empty = { type, length: 0, isConst: false, nulls: null }
  const storage = storageOf(type)
  if (storage === 'bytes') {
    return { ...empty, kind: 'bytes', offsets: account.u32(1).fill(0), bytes: account.u8(0) }
  }
  if (storage === 'array') {
    const values = noRows(elementType(type), account)
    return { ...empty, kind: 'array', offsets: account.u32(1).fill(0), values }
  }
  if (storage === 'tuple') {
    const fields = bareType(type).args.map((field) => noRows(field, account))
    return { ...empty, kind: 'tuple', fields }
  }
  return { ...empty, kind: 'number', values: numberArray(storage, 0, account) }
}

/** Vectors end to end. Numbers and big integers may be mixed: the result is then big. Codes must be
 * over one dictionary. */
export function concatVectors(
  pieces: readonly Vector[], type: DataType, account: MemoryAccount,
): Vector {
  if (pieces.length === 1) return pieces[0]
  if (pieces.length === 0) return noRows(type, account)
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const nulls = concatNulls(pieces, length, account)
  const [first] = pieces
  switch (first.kind) {
    case 'number': case 'big': {
      const numbers = concatNumbers(pieces, length, type, account)
      return numbers.kind === 'number'
        ? { kind: 'number', type, length, isConst: false, nulls, values: numbers.values }
        : { kind: 'big', type, length, isConst: false, nulls, values: numbers.values }
    }
    case 'codes': {
      const codes = concatCodes(pieces as CodesVector[], length, account)
      return { kind: 'codes', type, length, isConst: false, nulls, codes, dictionary: first.dictionary }
    }
    case 'bytes': {
      const packed = concatPacked(pieces, { type, length, nulls }, account)
      if (packed !== null) return packed
      const { offsets, bytes } = concatBytes(pieces as BytesVector[], length, account)
      return { kind: 'bytes', type, length, isConst: false, nulls, offsets, bytes }
    }
    case 'array': {
      const arrays = pieces as ArrayVector[]
      const offsets = concatOffsets(arrays, length, account)
      const values = concatVectors(
        arrays.map((array) => array.values), first.values.type, account)
      return { kind: 'array', type, length, isConst: false, nulls, offsets, values }
    }
    case 'tuple': {
      const tuples = pieces as TupleVector[]
      const fields = first.fields.map((field, index) => concatVectors(
        tuples.map((tuple) => tuple.fields[index]), field.type, account))
      return { kind: 'tuple', type, length, isConst: false, nulls, fields }
    }
  }
}

function concatNumbers(
  pieces: readonly Vector[], length: number, type: DataType, account: MemoryAccount,
): { kind: 'number'; values: NumberArray } | { kind: 'big'; values: BigArray } {
  if (pieces.some((piece) => piece.kind === 'big')) {
    return { kind: 'big', values: concatBig(pieces, length, account) }
  }
  const numbers = pieces as NumberVector[]
  const isWide = numbers.some(({ values }) => values instanceof Float64Array)
  const values = numberArray(isWide ? 'f64' : storageOf(type), length, account)
  let at = 0
  for (const piece of numbers) {
    values.set(piece.values, at)
    at += piece.length
  }
  return { kind: 'number', values }
}

function concatCodes(
  pieces: readonly CodesVector[], length: number, account: MemoryAccount,
): Uint32Array {
  const codes = account.u32(length)
  let at = 0
  for (const piece of pieces) {
    if (piece.dictionary !== pieces[0].dictionary) throw new Error('concat: codes of other dictionaries')
    codes.set(piece.codes, at)
    at += piece.length
  }
  return codes
}

function concatNulls(
  pieces: readonly Vector[], length: number, account: MemoryAccount,
): Uint8Array | null {
  if (pieces.every((piece) => piece.nulls === null)) return null
  const nulls = account.u8(length).fill(0)
  let at = 0
  for (const piece of pieces) {
    if (piece.nulls !== null) nulls.set(piece.nulls, at)
    at += piece.length
  }
  return nulls
}

function concatBig(pieces: readonly Vector[], length: number, account: MemoryAccount): BigArray {
  const isUnsigned = pieces.some(
    (piece) => piece.kind === 'big' && piece.values instanceof BigUint64Array)
  const values = bigArray(isUnsigned, length, account)
  let at = 0
  for (const piece of pieces) {
    for (let row = 0; row < piece.length; row++) {
      if (piece.kind === 'big') values[at++] = piece.values[row]
      else if (piece.kind === 'number') values[at++] = BigInt(piece.values[row])
      else throw new Error(`concat: ${piece.kind} beside big integers`)
    }
  }
  return values
}

function concatOffsets(
  pieces: readonly { readonly offsets: Uint32Array; readonly length: number }[], length: number,
  account: MemoryAccount,
): Uint32Array {
  const offsets = account.u32(length + 1)
  offsets[0] = 0
  let row = 0
  for (const piece of pieces) {
    continueOffsets(offsets, row, piece.offsets, piece.length, account)
    row += piece.length
  }
  return offsets
}

/** Loops over fewer numbers cost less than views of them. */
const LOOP_MAX = 64

/** Continues offsets that lie in the account's memory behind number `at` with those of `count` strings. */
export function continueOffsets(
  offsets: Uint32Array, at: number, from: Uint32Array, count: number, { work: { kernels } }: MemoryAccount,
): void {
  const base = offsets[at] - from[0]
  if (kernels === null || count <= LOOP_MAX) {
    for (let index = 1; index <= count; index++) offsets[at + index] = base + from[index]
    return
  }
  offsets.set(from.subarray(1, count + 1), at + 1)
  kernels.addToWords(offsets.byteOffset + (at + 1) * 4, count, base)
}

/** null: not all are known in fewer bytes, and alike. */
function concatPacked(
  pieces: readonly Vector[], common: { readonly type: DataType; readonly length: number; readonly nulls: Uint8Array | null },
  account: MemoryAccount,
): BytesVector | null {
  const packed = alikePacked(pieces)
  if (packed === null) return null
  const values = packedRoom(packed[0], common.length, account)
  let at = 0
  for (const { values: piece } of packed) {
    values.set(piece, at)
    at += piece.length
  }
  return packedLike(common, packed, values, account)
}

function concatBytes(pieces: readonly BytesVector[], length: number, account: MemoryAccount) {
  const offsets = concatOffsets(pieces, length, account)
  const bytes = account.u8(offsets[length])
  let row = 0
  for (const piece of pieces) {
    bytes.set(piece.bytes.subarray(piece.offsets[0], piece.offsets[piece.length]), offsets[row])
    row += piece.length
  }
  return { kind: 'bytes' as const, offsets, bytes }
}
