// For tests: vectors from plain values and back.

import type { DataType } from '../column/data-type.ts'
import { bareType } from '../column/data-type.ts'
import { LocalStrings } from '../column/local-strings.ts'
import type { Vector } from '../column/vector.ts'
import { elementType, storageOf } from './arrays.ts'

/** A value of a row: tuples and arrays as arrays, strings as text. */
export type Cell = null | number | bigint | string | readonly Cell[]

const ARRAYS = {
  i8: Int8Array, u8: Uint8Array, i16: Int16Array, u16: Uint16Array, i32: Int32Array,
  u32: Uint32Array, f32: Float32Array, f64: Float64Array, wide: Float64Array,
} as const

export function packStrings(texts: readonly string[]): { offsets: Uint32Array; bytes: Uint8Array } {
  const offsets = new Uint32Array(texts.length + 1)
  texts.forEach((text, index) => { offsets[index + 1] = offsets[index] + Buffer.byteLength(text) })
  return { offsets, bytes: new Uint8Array(Buffer.from(texts.join(''))) }
}

/** A vector over ordinary memory. Wide integers are big as soon as one cell is a bigint. */
export function vectorOf(type: DataType, cells: readonly Cell[]): Vector {
  const nulls = cells.includes(null) ? Uint8Array.from(cells, (cell) => cell === null ? 1 : 0) : null
  const common = { type, length: cells.length, isConst: false, nulls }
  const storage = storageOf(type)
  if (storage === 'bytes') {
    return { ...common, kind: 'bytes', ...packStrings(cells.map((cell) => String(cell ?? ''))) }
  }
  if (storage === 'array') {
    const lists = cells.map((cell) => (cell ?? []) as readonly Cell[])
    const offsets = new Uint32Array(cells.length + 1)
    lists.forEach((list, index) => { offsets[index + 1] = offsets[index] + list.length })
    return { ...common, kind: 'array', offsets, values: vectorOf(elementType(type), lists.flat()) }
  }
  if (storage === 'tuple') {
    const fields = bareType(type).args.map((field, index) => vectorOf(field,
      cells.map((cell) => cell === null ? defaultOf(field) : (cell as readonly Cell[])[index])))
    return { ...common, kind: 'tuple', fields }
  }
  if (cells.some((cell) => typeof cell === 'bigint')) {
    const all = cells.map((cell) => BigInt((cell ?? 0) as number))
    const values = bareType(type).id === 'UInt64' ? BigUint64Array.from(all) : BigInt64Array.from(all)
    return { ...common, kind: 'big', values }
  }
  const values = new ARRAYS[storage](cells.length)
  cells.forEach((cell, row) => { values[row] = Number(cell ?? 0) })
  return { ...common, kind: 'number', values }
}

function defaultOf(type: DataType): Cell {
  const storage = storageOf(type)
  return storage === 'bytes' ? '' : storage === 'array' ? [] : 0
}

/** Strings as codes over a dictionary in order of appearance. */
export function codesOf(type: DataType, cells: readonly (string | null)[]): Vector {
  const numbers = new Map<string, number>()
  const codes = Uint32Array.from(cells, (cell) => {
    const text = cell ?? ''
    if (!numbers.has(text)) numbers.set(text, numbers.size)
    return numbers.get(text) as number
  })
  const nulls = cells.includes(null) ? Uint8Array.from(cells, (cell) => cell === null ? 1 : 0) : null
  const { offsets, bytes } = packStrings([...numbers.keys()])
  return {
    kind: 'codes', type, length: cells.length, isConst: false, nulls, codes,
    dictionary: new LocalStrings(numbers.size, bytes, offsets),
  }
}

export function cellsOf(vector: Vector): Cell[] {
  return Array.from({ length: vector.length }, (_, row) => cellAt(vector, row))
}

function cellAt(vector: Vector, row: number): Cell {
  if (vector.nulls !== null && vector.nulls[row] !== 0) return null
  switch (vector.kind) {
    case 'number': case 'big': return vector.values[row]
    case 'codes': return Buffer.from(vector.dictionary.bytesOf(vector.codes[row])).toString()
    case 'bytes':
      return Buffer.from(vector.bytes.subarray(vector.offsets[row], vector.offsets[row + 1])).toString()
    case 'array': {
      const from = vector.offsets[row]
      return Array.from({ length: vector.offsets[row + 1] - from }, (_, i) => cellAt(vector.values, from + i))
    }
    case 'tuple': return vector.fields.map((field) => cellAt(field, row))
  }
}
