// Rows of vectors in another order, and vectors end to end: for gathers, flush and merge.

import { STRING, type DataType } from '../column/data-type.ts'
import type { ArrayVector, BytesVector, TupleVector, Vector } from '../column/vector.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import { numberArray, storageOf } from './arrays.ts'

/** Rows rows[0..count) of a vector, in that order. */
export function takeRows(vector: Vector, rows: Uint32Array, count: number, account: MemoryAccount): Vector {
  const { type } = vector
  let nulls: Uint8Array | null = null
  if (vector.nulls !== null) {
    nulls = account.u8(count)
    for (let index = 0; index < count; index++) nulls[index] = vector.nulls[rows[index]]
  }
  const common = { type, length: count, isConst: false, nulls }
  switch (vector.kind) {
    case 'number': {
      const values = numberArray(vector.values instanceof Float64Array ? 'f64' : storageOf(type), count, account)
      for (let index = 0; index < count; index++) values[index] = vector.values[rows[index]]
      return { ...common, kind: 'number', values }
    }
    case 'codes': {
      const codes = account.u32(count)
      for (let index = 0; index < count; index++) codes[index] = vector.codes[rows[index]]
      return { ...common, kind: 'codes', codes, dictionary: vector.dictionary }
    }
    case 'big': {
      const values = bigArray(vector.values instanceof BigUint64Array, count, account)
      for (let index = 0; index < count; index++) values[index] = vector.values[rows[index]]
      return { ...common, kind: 'big', values }
    }
    case 'bytes': return { ...common, ...takeBytes(vector, rows, count, account) }
    case 'array': return { ...common, ...takeArrays(vector, rows, count, account) }
    case 'tuple':
      return { ...common, kind: 'tuple', fields: vector.fields.map((field) => takeRows(field, rows, count, account)) }
  }
}

function bigArray(isUnsigned: boolean, length: number, account: MemoryAccount): BigInt64Array | BigUint64Array {
  const values = account.i64(length)
  return isUnsigned ? new BigUint64Array(values.buffer, values.byteOffset, length) : values
}

function takeBytes(vector: BytesVector, rows: Uint32Array, count: number, account: MemoryAccount) {
  const offsets = account.u32(count + 1)
  offsets[0] = 0
  for (let index = 0; index < count; index++) {
    offsets[index + 1] = offsets[index] + vector.offsets[rows[index] + 1] - vector.offsets[rows[index]]
  }
  const bytes = account.u8(offsets[count])
  for (let index = 0; index < count; index++) {
    bytes.set(vector.bytes.subarray(vector.offsets[rows[index]], vector.offsets[rows[index] + 1]), offsets[index])
  }
  return { kind: 'bytes' as const, offsets, bytes }
}

function takeArrays(vector: ArrayVector, rows: Uint32Array, count: number, account: MemoryAccount) {
  const offsets = account.u32(count + 1)
  offsets[0] = 0
  for (let index = 0; index < count; index++) {
    offsets[index + 1] = offsets[index] + vector.offsets[rows[index] + 1] - vector.offsets[rows[index]]
  }
  const elements = account.u32(offsets[count])
  for (let index = 0; index < count; index++) {
    const first = vector.offsets[rows[index]]
    for (let at = offsets[index]; at < offsets[index + 1]; at++) elements[at] = first + at - offsets[index]
  }
  return { kind: 'array' as const, offsets, values: takeRows(vector.values, elements, offsets[count], account) }
}

/** Vectors end to end. Numbers and big integers may be mixed: the result is then big. Codes must be
 * over one dictionary. */
export function concatVectors(pieces: readonly Vector[], type: DataType, account: MemoryAccount): Vector {
  if (pieces.length === 1) return pieces[0]
  if (pieces.length === 0) {
    const empty = { type, length: 0, isConst: false, nulls: null }
    const storage = storageOf(type)
    if (storage === 'bytes') return { ...empty, kind: 'bytes', offsets: account.u32(1).fill(0), bytes: account.u8(0) }
    if (storage === 'array') {
      return { ...empty, kind: 'array', offsets: account.u32(1).fill(0), values: concatVectors([], STRING, account) }
    }
    return { ...empty, kind: 'number', values: numberArray(storage, 0, account) }
  }
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const common = { type, length, isConst: false, nulls: concatNulls(pieces, length, account) }
  const [first] = pieces
  if (pieces.every((piece) => piece.kind === 'number')) {
    const isWide = pieces.some((piece) => piece.kind === 'number' && piece.values instanceof Float64Array)
    const values = numberArray(isWide ? 'f64' : storageOf(type), length, account)
    let at = 0
    for (const piece of pieces) {
      values.set((piece as { values: ArrayLike<number> }).values, at)
      at += piece.length
    }
    return { ...common, kind: 'number', values }
  }
  if (pieces.some((piece) => piece.kind === 'big')) return { ...common, kind: 'big', values: concatBig(pieces, length, account) }
  if (first.kind === 'codes') {
    const codes = account.u32(length)
    let at = 0
    for (const piece of pieces) {
      if (piece.kind !== 'codes' || piece.dictionary !== first.dictionary) throw new Error('concat: codes of other dictionaries')
      codes.set(piece.codes, at)
      at += piece.length
    }
    return { ...common, kind: 'codes', codes, dictionary: first.dictionary }
  }
  if (first.kind === 'bytes') return { ...common, ...concatBytes(pieces as BytesVector[], length, account) }
  if (first.kind === 'array') {
    const arrays = pieces as ArrayVector[]
    return {
      ...common, kind: 'array', offsets: concatOffsets(arrays, length, account),
      values: concatVectors(arrays.map(({ values }) => values), first.values.type, account),
    }
  }
  const tuples = pieces as TupleVector[]
  return {
    ...common, kind: 'tuple',
    fields: (first as TupleVector).fields.map((field, index) => (
      concatVectors(tuples.map(({ fields }) => fields[index]), field.type, account))),
  }
}

function concatNulls(pieces: readonly Vector[], length: number, account: MemoryAccount): Uint8Array | null {
  if (pieces.every((piece) => piece.nulls === null)) return null
  const nulls = account.u8(length).fill(0)
  let at = 0
  for (const piece of pieces) {
    if (piece.nulls !== null) nulls.set(piece.nulls, at)
    at += piece.length
  }
  return nulls
}

function concatBig(pieces: readonly Vector[], length: number, account: MemoryAccount): BigInt64Array | BigUint64Array {
  const isUnsigned = pieces.some((piece) => piece.kind === 'big' && piece.values instanceof BigUint64Array)
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

function concatOffsets(pieces: readonly { offsets: Uint32Array; length: number }[], length: number, account: MemoryAccount): Uint32Array {
  const offsets = account.u32(length + 1)
  offsets[0] = 0
  let row = 0
  for (const piece of pieces) {
    const base = offsets[row] - piece.offsets[0]
    for (let index = 1; index <= piece.length; index++) offsets[++row] = base + piece.offsets[index]
  }
  return offsets
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
