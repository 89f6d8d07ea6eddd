// A column of chosen rows of several row sets, in one pass: codes and numbers are read where they lie,
// straight into the column's vector. A point query reads a few rows of each of many row sets; a vector
// for each of them would cost more than its rows.
//
// Invariant: what this answers equals the row sets' gather() put end to end, strings for strings.

import { storageOf } from '../../../storage/codec/arrays.ts'
import type { DataType } from '../../../storage/column/data-type.ts'
import { BLOCK_ROWS_MAX, type Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { CodePlaces } from '../../../storage/part/packed-codes.ts'
import type { ColumnReader, LocalDictionary } from '../../../storage/part/row-set.ts'
import type { RowList } from './scan-row-set.ts'

/** The column of all rows, in order: shared codes of one dictionary, or bytes where no row set is
 * mapped. null: it is not of dictionaries alone, or has NULLs; gather it some other way. */
export function gatherStrings(
  lists: readonly RowList[], column: number, rowCount: number, type: DataType, account: MemoryAccount,
): Vector | null {
  if (lists.length === 0) return null
  const shared = lists[0].from.maps[column]?.dictionary ?? null
  for (const { from } of lists) {
    const reader = from.readers[column]
    if (reader === null || reader.distinctCount < 0) return null
    if ((from.maps[column]?.dictionary ?? null) !== shared) return null
  }
  const codes = account.u32(rowCount)
  if (!readTogether(lists, column, codes) && !readInTurn(lists, column, codes)) {
    account.free(codes.byteOffset)
    return null
  }
  if (shared !== null) {
    return { kind: 'codes', type, length: rowCount, isConst: false, nulls: null, codes, dictionary: shared }
  }
  return bytesOf(lists, column, codes, type, account)
}

const places = new CodePlaces()

/** Shared codes, or local ones, of all rows; false: not of all of them it is known where they lie. */
function readTogether(lists: readonly RowList[], column: number, codes: Uint32Array): boolean {
  if (codes.length > BLOCK_ROWS_MAX) return false
  places.begin()
  let at = 0
  for (const { from, rows } of lists) {
    if (from.readers[column]?.locateCodes(rows, places, at) !== true) return false
    at += rows.length
  }
  places.read(at, codes)
  at = 0
  for (const { from, rows } of lists) {
    const map = from.maps[column]
    const end = at + rows.length
    if (map !== null) for (let i = at; i < end; i++) codes[i] = map.toShared[codes[i]]
    at = end
  }
  return true
}

/** The same, one row set after the other; false: one has them in another form. */
function readInTurn(lists: readonly RowList[], column: number, codes: Uint32Array): boolean {
  let at = 0
  for (const { from, rows } of lists) {
    if (from.readers[column]?.gatherCodes(rows, from.maps[column], codes, at) !== true) return false
    at += rows.length
  }
  return true
}

/** A column of numbers of all rows, in order; null: gather it some other way. */
export function gatherNumbers(
  lists: readonly RowList[], column: number, rowCount: number, type: DataType, account: MemoryAccount,
): Vector | null {
  const storage = storageOf(type)
  if (lists.length === 0 || (storage !== 'u32' && storage !== 'f64' && storage !== 'wide')) return null
  const values = storage === 'u32' ? account.u32(rowCount) : account.f64(rowCount)
  let at = 0
  for (const { from, rows } of lists) {
    const reader = from.readers[column]
    if (reader === null || reader.type !== type || !reader.gatherNumbers(rows, values, at)) {
      account.free(values.byteOffset)
      return null
    }
    at += rows.length
  }
  return { kind: 'number', type, length: rowCount, isConst: false, nulls: null, values }
}

const dictionaryOf = ({ readers }: RowList['from'], column: number): LocalDictionary =>
  (readers[column] as ColumnReader).dictionary as LocalDictionary

/** The strings of local codes; the codes go back to the account. */
function bytesOf(
  lists: readonly RowList[], column: number, codes: Uint32Array, type: DataType, account: MemoryAccount,
): Vector {
  const offsets = account.u32(codes.length + 1)
  let row = 0
  offsets[0] = 0
  for (const { from, rows } of lists) {
    const starts = dictionaryOf(from, column).offsets
    for (const end = row + rows.length; row < end; row++) {
      offsets[row + 1] = offsets[row] + starts[codes[row] + 1] - starts[codes[row]]
    }
  }
  const bytes = account.u8(offsets[codes.length])
  row = 0
  for (const { from, rows } of lists) {
    const strings = dictionaryOf(from, column)
    for (const end = row + rows.length; row < end; row++) {
      // Byte by byte: a view and a copy of it cost more than the few bytes of most strings.
      let source = strings.offsets[codes[row]]
      for (let to = offsets[row]; to < offsets[row + 1]; to++) bytes[to] = strings.bytes[source++]
    }
  }
  account.free(codes.byteOffset)
  return { kind: 'bytes', type, length: codes.length, isConst: false, nulls: null, offsets, bytes }
}
