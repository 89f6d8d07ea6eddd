// Blocks as bytes, for another thread: partial results, rows of subqueries. Codes of a shared
// dictionary travel as they are with its number; strings of a query's own travel as bytes.
// Invariant: decodeBlocks(encodeBlocks(blocks)) holds equal rows, in the account's memory.

import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Block, BytesVector, CodesVector, Dictionary, Vector } from '../../../storage/column/vector.ts'
import type { BigArray, NumberArray } from '../../../storage/column/number-array.ts'
import { packedLike, packedOf } from '../../../storage/column/packed-texts.ts'
import { serialsLike, type SerialNumbers } from '../../../storage/column/serial-texts.ts'
import { UUID_WORDS, uuidVector } from '../../../storage/column/uuid-texts.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { bareType } from '../../../storage/column/data-type.ts'
import { asBytes, elementTypeOf } from '../../functions/values/vectors.ts'
import { packPlain, unpackPlain, type PackedPlain } from './packed-plain.ts'

type Header = { t: string; n: number; c: boolean; z: Uint8Array | null }
type FlatVector = Header & (
  | { k: 'number'; v: NumberArray } | { k: 'big'; v: BigArray }
  | { k: 'codes'; v: Uint32Array; d: number }
  | { k: 'bytes'; o: Uint32Array; b: Uint8Array }
  | { k: 'serial'; p: Uint8Array; d: number; s: Uint8Array; m: number; v: SerialNumbers }
  | { k: 'uuid'; v: Uint32Array }
  | { k: 'array'; o: Uint32Array; e: FlatVector }
  | { k: 'tuple'; f: FlatVector[] })
export type FlatBlock = { r: number; c: FlatVector[] }

/** A block as plain data over its own arrays; `account` holds strings that become bytes. */
export const flattenBlock = (block: Block, account: MemoryAccount): FlatBlock =>
  ({ r: block.rowCount, c: block.columns.map((column) => flatten(column, account)) })

function flatten(vector: Vector, account: MemoryAccount): FlatVector {
  const count = vector.isConst ? 1 : vector.length
  const header = {
    t: vector.type.name, n: vector.length, c: vector.isConst,
    z: vector.nulls === null ? null : vector.nulls.subarray(0, count),
  }
  switch (vector.kind) {
    case 'number': return { ...header, k: 'number', v: vector.values.subarray(0, count) }
    case 'big': return { ...header, k: 'big', v: vector.values.subarray(0, count) }
    case 'codes': {
      if (vector.dictionary.id < 0) return flatten(lasting(vector, account), account)
      return { ...header, k: 'codes', v: vector.codes.subarray(0, count), d: vector.dictionary.id }
    }
    case 'bytes': {
      const packed = packedOf(vector)
      if (packed?.shape === null) return { ...header, k: 'uuid', v: packed.values }
      if (packed !== null) {
        const { shape: { prefix, digits, suffix }, most, values } = packed
        return { ...header, k: 'serial', p: prefix, d: digits, s: suffix, m: most, v: values }
      }
      const offsets = vector.offsets.subarray(0, count + 1)
      if (offsets[0] === 0) return { ...header, k: 'bytes', o: offsets, b: vector.bytes.subarray(0, offsets[count]) }
      return {
        ...header, k: 'bytes', o: offsets.map((at) => at - vector.offsets[0]),
        b: vector.bytes.subarray(offsets[0], offsets[count]),
      }
    }
    case 'array': return {
      ...header, k: 'array', o: vector.offsets.subarray(0, count + 1), e: flatten(vector.values, account),
    }
    case 'tuple': return { ...header, k: 'tuple', f: vector.fields.map((field) => flatten(field, account)) }
  }
}

/** Strings without their dictionary. */
const lasting = (vector: CodesVector, account: MemoryAccount): BytesVector =>
  vector.dictionary.packedOf?.(vector, account) ?? asBytes(vector, account)

/** Rows [from, to) of a block as plain data, as views. */
export const sliceFlat = ({ c }: FlatBlock, from: number, to: number): FlatBlock =>
  ({ r: to - from, c: c.map((column) => sliced(column, from, to)) })

function sliced(flat: FlatVector, from: number, to: number): FlatVector {
  if (flat.c) return { ...flat, n: to - from }
  const common = { n: to - from, z: flat.z === null ? null : flat.z.subarray(from, to) }
  switch (flat.k) {
    case 'number': return { ...flat, ...common, v: flat.v.subarray(from, to) }
    case 'big': return { ...flat, ...common, v: flat.v.subarray(from, to) }
    case 'codes': return { ...flat, ...common, v: flat.v.subarray(from, to) }
    case 'serial': return { ...flat, ...common, v: flat.v.subarray(from, to) }
    case 'uuid': return { ...flat, ...common, v: flat.v.subarray(from * UUID_WORDS, to * UUID_WORDS) }
    case 'bytes': return { ...flat, ...common, o: offsetsFrom(flat.o, from, to), b: flat.b.subarray(flat.o[from], flat.o[to]) }
    case 'array': return { ...flat, ...common, o: offsetsFrom(flat.o, from, to), e: sliced(flat.e, flat.o[from], flat.o[to]) }
    case 'tuple': return { ...flat, ...common, f: flat.f.map((field) => sliced(field, from, to)) }
  }
}

/** Offsets of the rows [from, to), from 0 on. */
const offsetsFrom = (offsets: Uint32Array, from: number, to: number): Uint32Array =>
  Uint32Array.from(offsets.subarray(from, to + 1), (offset) => offset - offsets[from])

export type DictionaryById = (id: number) => Dictionary | null

/** The block again, in the account's memory. */
export const restoreBlock = (
  flat: FlatBlock, account: MemoryAccount, dictionaryById: DictionaryById): Block =>
  ({ rowCount: flat.r, columns: flat.c.map((column) => restore(column, account, dictionaryById)) })

function restore(flat: FlatVector, account: MemoryAccount, dictionaryById: DictionaryById): Vector {
  const header = {
    type: parseDataType(flat.t), length: flat.n, isConst: flat.c,
    nulls: flat.z === null ? null : copyInto(flat.z, account),
  }
  switch (flat.k) {
    case 'number': return { ...header, kind: 'number', values: copyInto(flat.v, account) }
    case 'big': return { ...header, kind: 'big', values: copyInto(flat.v, account) }
    case 'codes': {
      const dictionary = dictionaryById(flat.d)
      if (dictionary === null) throw new Error('The table was emptied while the query ran: run it again')
      return { ...header, kind: 'codes', codes: copyInto(flat.v, account), dictionary }
    }
    case 'bytes': return {
      ...header, kind: 'bytes', offsets: copyInto(flat.o, account), bytes: copyInto(flat.b, account),
    }
    case 'serial': {
      // Slices of shared memory are copies in ordinary memory.
      const shape = { prefix: flat.p.slice(), digits: flat.d, suffix: flat.s.slice() }
      return serialsLike(header, { shape, most: flat.m }, copyInto(flat.v, account), account)
    }
    case 'uuid': return uuidVector(header, copyInto(flat.v, account), account)
    case 'array': return {
      ...header, kind: 'array', offsets: copyInto(flat.o, account),
      // Pairs of a Map have no type name of their own.
      values: {
        ...restore(flat.e, account, dictionaryById), type: elementTypeOf(bareType(header.type)),
      },
    }
    case 'tuple': return {
      ...header, kind: 'tuple', fields: flat.f.map((field) => restore(field, account, dictionaryById)),
    }
  }
}

type AnyArray = NumberArray | BigArray
type ArrayClass<A> = { new (buffer: ArrayBuffer, offset: number, length: number): A }

/** A copy of a typed array (of the same class) in the account's memory. */
export function copyInto<A extends AnyArray>(array: A, account: MemoryAccount): A {
  const pointer = account.allocate(array.byteLength)
  // A Buffer is a subclass: name the plain class. `constructor` has no type of its own.
  const Class = (array instanceof Uint8Array ? Uint8Array : array.constructor) as unknown as ArrayClass<A>
  const copy = new Class(account.work.buffer, pointer, array.length)
  ;(copy as { set(from: unknown): void }).set(array)
  return copy
}

export const encodeBlocks = (blocks: readonly Block[], account: MemoryAccount): PackedPlain =>
  packPlain(blocks.map((block) => flattenBlock(block, account)))

export const decodeBlocks = (
  bytes: Uint8Array, account: MemoryAccount, dictionaryById: DictionaryById): Block[] =>
  (unpackPlain(bytes) as FlatBlock[]).map((flat) => restoreBlock(flat, account, dictionaryById))

/** Blocks of another worker's operator, as its KeptRows.flat() gave them, one at a time in memory of `account`. */
export function* restoreBlocks(
  partial: unknown, account: MemoryAccount, dictionaryById: DictionaryById): IterableIterator<Block> {
  for (const flat of partial as FlatBlock[]) yield restoreBlock(flat, account, dictionaryById) // the same operator gave it
}

/** Fewer values are copied one by one: views and set() cost more than they do. */
const FEW = 48

/** The first `count` values of an array, copied. */
function copyOfFirst(array: NumberArray, count: number, account: MemoryAccount): NumberArray {
  if (count <= FEW && array instanceof Uint32Array) return copyOfCodes(array, count, account)
  if (count > FEW || !(array instanceof Float64Array)) return copyInto(array.subarray(0, count), account)
  const copy = account.f64(count)
  for (let i = 0; i < count; i++) copy[i] = array[i]
  return copy
}

function copyOfCodes(codes: Uint32Array, count: number, account: MemoryAccount): Uint32Array {
  if (count > FEW) return copyInto(codes.subarray(0, count), account)
  const copy = account.u32(count)
  for (let i = 0; i < count; i++) copy[i] = codes[i]
  return copy
}

/** A copy of a vector that outlives the block: constants stay constants. */
export function keepVector(vector: Vector, account: MemoryAccount): Vector {
  const { type, length, isConst } = vector
  const count = isConst ? 1 : length
  const nulls = vector.nulls === null ? null : copyInto(vector.nulls.subarray(0, count), account)
  switch (vector.kind) {
    case 'number': return { kind: 'number', type, length, isConst, nulls, values: copyOfFirst(vector.values, count, account) }
    case 'big': return { kind: 'big', type, length, isConst, nulls, values: copyInto(vector.values.subarray(0, count), account) }
    case 'codes': {
      const codes = copyOfCodes(vector.codes, count, account)
      return { kind: 'codes', type, length, isConst, nulls, codes, dictionary: vector.dictionary }
    }
    case 'bytes': {
      const packed = packedOf(vector)
      if (packed !== null) return packedLike({ type, nulls }, [packed], copyInto(packed.values, account), account)
      const start = vector.offsets[0]
      const offsets = copyInto(vector.offsets.subarray(0, count + 1), account)
      if (start !== 0) for (let i = 0; i <= count; i++) offsets[i] -= start
      const bytes = copyInto(vector.bytes.subarray(start, start + offsets[count]), account)
      return { kind: 'bytes', type, length, isConst, nulls, offsets, bytes }
    }
    case 'array': return {
      kind: 'array', type, length, isConst, nulls, offsets: copyInto(vector.offsets.subarray(0, count + 1), account),
      values: keepVector(vector.values, account),
    }
    case 'tuple':
      return { kind: 'tuple', type, length, isConst, nulls, fields: vector.fields.map((f) => keepVector(f, account)) }
  }
}

export const keepBlock = (block: Block, account: MemoryAccount): Block =>
  ({ rowCount: block.rowCount, columns: block.columns.map((column) => keepVector(column, account)) })

/** The vector with bytes in place of codes of dictionaries that a query makes: these go with who made them. */
export function withLastingTexts(vector: Vector, account: MemoryAccount): Vector {
  switch (vector.kind) {
    case 'codes': return vector.dictionary.id < 0 ? lasting(vector, account) : vector
    case 'array': return { ...vector, values: withLastingTexts(vector.values, account) }
    case 'tuple': return { ...vector, fields: vector.fields.map((field) => withLastingTexts(field, account)) }
    default: return vector
  }
}
