// Chosen rows of a vector as a new vector, in the account's memory. Used where few rows of a job turn
// out not to fit, or a column's values were made once per distinct text.

import { bareType } from '../../storage/column/data-type.ts'
import { concatVectors, takeRows, type TakeSpace } from '../../storage/codec/take.ts'
import { LocalStrings } from '../../storage/column/local-strings.ts'
import type { ArrayVector, BytesVector, CodesVector, Vector } from '../../storage/column/vector.ts'
import type { BigArray, NumberArray } from '../../storage/column/number-array.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'

/** An array of the kind of `like`, in the account's memory. */
function sameArray<T extends NumberArray | BigArray>(like: T, length: number, account: MemoryAccount): T {
  const make = like.constructor as new (buffer: ArrayBuffer, at: number, length: number) => T
  return new make(account.work.buffer, account.allocate(length * like.BYTES_PER_ELEMENT), length)
}

function pick<T extends NumberArray>(values: T, rows: Uint32Array, account: MemoryAccount): T {
  const out = sameArray(values, rows.length, account)
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]]
  return out
}

function pickBig(values: BigArray, rows: Uint32Array, account: MemoryAccount): BigArray {
  const out = sameArray(values, rows.length, account)
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]]
  return out
}

function pickBytes(vector: BytesVector, rows: Uint32Array, account: MemoryAccount): BytesVector {
  const offsets = account.u32(rows.length + 1)
  offsets[0] = 0
  for (let i = 0; i < rows.length; i++) {
    offsets[i + 1] = offsets[i] + vector.offsets[rows[i] + 1] - vector.offsets[rows[i]]
  }
  const bytes = account.u8(offsets[rows.length])
  for (let i = 0; i < rows.length; i++) {
    bytes.set(vector.bytes.subarray(vector.offsets[rows[i]], vector.offsets[rows[i] + 1]), offsets[i])
  }
  return { ...vector, offsets, bytes }
}

function pickArrays(vector: ArrayVector, rows: Uint32Array, account: MemoryAccount): ArrayVector {
  const offsets = account.u32(rows.length + 1)
  offsets[0] = 0
  for (let i = 0; i < rows.length; i++) {
    offsets[i + 1] = offsets[i] + vector.offsets[rows[i] + 1] - vector.offsets[rows[i]]
  }
  const elements = account.u32(offsets[rows.length])
  for (let i = 0; i < rows.length; i++) {
    const start = vector.offsets[rows[i]]
    for (let k = offsets[i]; k < offsets[i + 1]; k++) elements[k] = start + k - offsets[i]
  }
  return { ...vector, offsets, values: gatherVector(vector.values, elements, account) }
}

/** The rows of `vector` that `rows` names, in that order; a row may come twice. */
export function gatherVector(vector: Vector, rows: Uint32Array, account: MemoryAccount): Vector {
  const nulls = vector.nulls === null ? null : pick(vector.nulls, rows, account)
  const common = { length: rows.length, nulls }
  switch (vector.kind) {
    case 'number': return { ...vector, ...common, values: pick(vector.values, rows, account) }
    case 'big': return { ...vector, ...common, values: pickBig(vector.values, rows, account) }
    case 'codes': return { ...vector, ...common, codes: pick(vector.codes, rows, account) }
    case 'bytes': return { ...pickBytes(vector, rows, account), ...common }
    case 'array': return { ...pickArrays(vector, rows, account), ...common }
    case 'tuple': {
      const fields = vector.fields.map((field) => gatherVector(field, rows, account))
      return { ...vector, ...common, fields }
    }
  }
}

/** A vector of codes whose dictionary holds only strings that some row has; others as they are. */
export function withoutStrays(vector: Vector, account: MemoryAccount): Vector {
  if (vector.kind !== 'codes') return vector
  const dictionary = vector.dictionary as LocalStrings
  const isUsed = account.u8(dictionary.size).fill(0)
  for (let row = 0; row < vector.length; row++) isUsed[vector.codes[row]] = 1
  const used = account.u32(dictionary.size)
  const renumbered = account.u32(dictionary.size)
  let size = 0
  for (let code = 0; code < dictionary.size; code++) {
    if (isUsed[code] === 0) continue
    renumbered[code] = size
    used[size++] = code
  }
  if (size === dictionary.size) return vector
  const strings = pickBytes({ ...asBytes(vector, dictionary) }, used.subarray(0, size), account)
  const codes = account.u32(vector.length)
  for (let row = 0; row < vector.length; row++) codes[row] = renumbered[vector.codes[row]]
  return { ...vector, codes, dictionary: new LocalStrings(size, strings.bytes, strings.offsets) }
}

/** The strings of a dictionary as a vector of their own. */
function asBytes(vector: CodesVector, dictionary: LocalStrings): BytesVector {
  return {
    kind: 'bytes', type: vector.type, length: dictionary.size, isConst: false, nulls: null,
    offsets: dictionary.offsets, bytes: dictionary.bytes,
  }
}

/** Strings of any vector of strings, by row. */
function stringAt(vector: Vector, row: number): Uint8Array {
  if (vector.kind === 'codes') return vector.dictionary.bytesOf(vector.codes[row])
  if (vector.kind !== 'bytes') throw new Error(`a DEFAULT gave ${vector.type.name} for strings`)
  return vector.bytes.subarray(vector.offsets[row], vector.offsets[row + 1])
}

/** `vector` with the rows that `rows` names (ascending) replaced by those of `values`, one each. */
export function overlayRows(
  vector: Vector, rows: Uint32Array, values: Vector, space: TakeSpace,
): Vector {
  const { account } = space
  const source = (i: number): number => values.isConst ? 0 : i
  let nulls = vector.nulls
  if (values.nulls !== null) {
    nulls = account.u8(vector.length).fill(0)
    if (vector.nulls !== null) nulls.set(vector.nulls)
    for (let i = 0; i < rows.length; i++) nulls[rows[i]] = values.nulls[source(i)]
  }
  if (vector.kind === 'number' && values.kind === 'number') {
    for (let i = 0; i < rows.length; i++) vector.values[rows[i]] = values.values[source(i)]
    return { ...vector, nulls }
  }
  if (vector.kind === 'number' || vector.kind === 'big') {
    return { ...overlayBig(vector, rows, values, source, account), nulls }
  }
  if (vector.kind === 'codes' || vector.kind === 'bytes') {
    return { ...overlayStrings(vector, rows, values, source, account), nulls }
  }
  return { ...overlayNested(vector, rows, values, source, space), nulls }
}

/** Arrays, maps and tuples: both end to end, and from there row by row. */
function overlayNested(
  vector: Vector, rows: Uint32Array, values: Vector, source: (i: number) => number, space: TakeSpace,
): Vector {
  if (vector.kind !== values.kind) throw new Error(`a DEFAULT gave ${values.type.name} for ${vector.type.name}`)
  const picks = space.account.u32(vector.length)
  for (let row = 0; row < vector.length; row++) picks[row] = row
  for (let i = 0; i < rows.length; i++) picks[rows[i]] = vector.length + source(i)
  const both = concatVectors([{ ...vector, nulls: null }, { ...values, nulls: null }], vector.type, space.account)
  return takeRows(both, picks, vector.length, space)
}

function overlayBig(
  vector: Vector & { kind: 'number' | 'big' }, rows: Uint32Array, values: Vector,
  source: (i: number) => number, account: MemoryAccount,
): Vector {
  if (values.kind !== 'number' && values.kind !== 'big') {
    throw new Error(`a DEFAULT gave ${values.type.name} for ${vector.type.name}`)
  }
  const isUnsigned = bareType(vector.type).id === 'UInt64'
  const ticks = account.i64(vector.length)
  const out: BigArray = isUnsigned
    ? new BigUint64Array(ticks.buffer, ticks.byteOffset, vector.length) : ticks
  for (let row = 0; row < vector.length; row++) out[row] = BigInt(vector.values[row])
  for (let i = 0; i < rows.length; i++) out[rows[i]] = BigInt(values.values[source(i)])
  return { ...vector, kind: 'big', values: out }
}

function overlayStrings(
  vector: Vector, rows: Uint32Array, values: Vector, source: (i: number) => number,
  account: MemoryAccount,
): Vector {
  const { length, type } = vector
  const offsets = account.u32(length + 1)
  const isReplaced = account.u8(length).fill(0)
  for (const row of rows) isReplaced[row] = 1
  offsets[0] = 0
  let next = 0
  const at = (row: number): Uint8Array => isReplaced[row] === 1
    ? stringAt(values, source(next++)) : stringAt(vector, row)
  for (let row = 0; row < length; row++) offsets[row + 1] = offsets[row] + at(row).length
  const bytes = account.u8(offsets[length])
  next = 0
  for (let row = 0; row < length; row++) bytes.set(at(row), offsets[row])
  return { kind: 'bytes', type, length, isConst: false, nulls: null, offsets, bytes }
}
