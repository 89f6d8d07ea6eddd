// The order in which window functions see rows: by partition, and within by ORDER BY.
//
//   rows by ORDER BY -> by the words of PARTITION BY, stable -> where these words change, partitions begin
//
// Words of a partition need no order: codes of a dictionary and numbers are sorted as they are, while they are short;
// else each distinct key is given a number.

import { BLOCK_ROWS_MAX, type Block, type Vector } from '../../../storage/column/vector.ts'
import type { NumberArray } from '../../../storage/column/number-array.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { newNumbers } from '../../functions/values/vectors.ts'
import type { SortKey } from '../../plan/plan.ts'
import { GroupTable } from '../keys/group-table.ts'
import { numbered, orderedRows, rowOrder } from '../order/order.ts'
import { sortByWords, wordsOf } from '../order/order-words.ts'
import type { Space, Words } from '../order/sort-words.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { sliceVector } from '../blocks/slice.ts'

/** Words of more bits than this cost more digits to sort than a look-up of each key. */
const DIRECT_BITS_MAX = 33
/** Any order of a partition's values will do. */
const ANY_ORDER: SortKey = { index: 0, descending: false, nullsFirst: false }

const bitsOf = (most: number): number => 32 - Math.clz32(most)

/** Row numbers by partition and within by ORDER BY (null: as they lie), and where partitions begin. Both lie in the
 * durable account; `scratch` is emptied. */
export function partitionedRows(
  { rowCount, columns }: Block, partition: readonly number[], order: readonly SortKey[], runtime: Runtime, scratch: MemoryAccount,
): { rows: Uint32Array | null; starts: Uint32Array } {
  const { durable, durable: { account, kernels } } = runtime
  const given = order.length === 0 ? null
    : orderedRows(rowCount, order, order.map(({ index }) => columns[index]), durable, scratch)
  scratch.releaseAll()
  if (partition.length === 0) {
    const starts = account.u32(2)
    starts.set([0, rowCount])
    return { rows: given, starts }
  }
  const keys = partition.map((index) => columns[index])
  const space = { account: scratch, kernels }
  const words = directWords(keys, rowCount, space) ?? [groupWord(keys, rowCount, runtime, scratch)]
  const rows = given ?? numbered(rowCount, account)
  sortByWords(rows, words, space)
  const marks = scratch.u8(rowCount).fill(0)
  for (const one of words) kernels.markChanges(one.words.byteOffset, rows.byteOffset, rowCount, marks.byteOffset)
  const starts = startsOf(marks, rowCount, account, kernels)
  scratch.releaseAll()
  return { rows, starts }
}

/** A key of PARTITION BY as its values compare: a zero has no sign, and there is one NaN. (GROUP BY goes by the bits.) */
export function comparedKey(key: Vector, account: MemoryAccount): Vector {
  if (!/Float/.test(key.type.name)) return key
  const count = key.isConst ? 1 : key.length
  switch (key.kind) {
    case 'number': {
      if (!hasOtherBits(key.values, count)) return key
      const values = newNumbers(key.type, count, account)
      for (let row = 0; row < count; row++) values[row] = Number.isNaN(key.values[row]) ? Number.NaN : key.values[row] + 0
      return { ...key, values }
    }
    case 'array': {
      const first = key.offsets[0]
      const offsets = account.u32(count + 1)
      for (let row = 0; row <= count; row++) offsets[row] = key.offsets[row] - first
      return { ...key, offsets, values: comparedKey(sliceVector(key.values, first, first + offsets[count]), account) }
    }
    case 'tuple': return { ...key, fields: key.fields.map((field) => comparedKey(field, account)) }
    default: return key
  }
}

/** Whether any of the first values may be equal to one of other bits. */
function hasOtherBits(values: NumberArray, count: number): boolean {
  for (let row = 0; row < count; row++) if (values[row] !== values[row] || Object.is(values[row], -0)) return true
  return false
}

/** Where marked rows are, and at the end the row count. */
function startsOf(marks: Uint8Array, rowCount: number, account: MemoryAccount, kernels: Space['kernels']): Uint32Array {
  const starts = account.u32(rowCount + 1)
  if (rowCount > 0) marks[0] = 1
  const count = kernels.markedRows(marks.byteOffset, rowCount, starts.byteOffset)
  return starts.subarray(0, count + 1)
}

/** Keys as words that are equal where they are; null: some need more, or none of so few bits. */
function directWords(keys: readonly Vector[], rowCount: number, space: Space): Words[] | null {
  const words: Words[] = []
  for (const key of keys) {
    if (key.isConst) continue
    if (key.nulls !== null) return null
    if (key.kind === 'codes' && key.dictionary.id >= 0) words.push({ words: key.codes, bits: bitsOf(key.dictionary.size) })
    else if (key.kind === 'number' && !/Float/.test(key.type.name)) words.push(...wordsOf(ANY_ORDER, key, rowCount, space) ?? [])
    else return null
  }
  return words.reduce((sum, { bits }) => sum + bits, 0) > DIRECT_BITS_MAX ? null : words
}

/** A number for each distinct key. */
function groupWord(keys: readonly Vector[], rowCount: number, runtime: Runtime, scratch: MemoryAccount): Words {
  const table = new GroupTable(keys.map(({ type }) => type), runtime.durable)
  const words = runtime.durable.account.u32(rowCount)
  for (let from = 0; from < rowCount; from += BLOCK_ROWS_MAX) {
    runtime.scratch.checkAlive()
    const to = Math.min(rowCount, from + BLOCK_ROWS_MAX)
    words.set(table.groupsOf(keys.map((key) => comparedKey(sliceVector(key, from, to), scratch)), to - from, scratch), from)
    scratch.releaseAll()
  }
  table.free()
  return { words, bits: bitsOf(table.groupCount) }
}

/** Where runs of rows that ORDER BY does not tell apart begin within those of `outer`, and at the end the row count. */
export function peersOf(
  vectors: readonly Vector[], rowCount: number, outer: Uint32Array, runtime: Runtime, scratch: MemoryAccount,
): Uint32Array {
  const { account, kernels } = runtime.durable
  const marks = account.u8(rowCount).fill(0)
  for (let i = 0; i + 1 < outer.length; i++) marks[outer[i]] = 1
  const differs = rowOrder(vectors.map(() => ANY_ORDER), vectors, scratch)
  for (let row = 0; row < rowCount; row++) if (marks[row] === 0 && differs(row - 1, row) !== 0) marks[row] = 1
  const starts = startsOf(marks, rowCount, account, kernels)
  account.free(marks.byteOffset)
  scratch.releaseAll()
  return starts
}
