// Which partition each row belongs to.

import type { EncodeSpace } from '../codec/space.ts'
import type { Vector } from '../column/vector.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'

/** Rows of one partition, in the order in which they came; in the account's memory. */
export type Partition = { readonly name: string; readonly rows: Uint32Array }

/** `PARTITION BY tuple()`, or nothing: one partition. */
export const isUnpartitioned = (partitionBy: string): boolean =>
  /^(tuple\s*\(\s*\)|)$/i.test(partitionBy.trim())

/** The numbers of all rows, in their order; in the account's memory. */
export function allRows(rowCount: number, account: MemoryAccount): Uint32Array {
  const rows = account.u32(rowCount)
  for (let row = 0; row < rowCount; row++) rows[row] = row
  return rows
}

/** All rows as one partition. */
export const onePartition = (name: string, rowCount: number, account: MemoryAccount): Partition =>
  ({ name, rows: allRows(rowCount, account) })

/** Rows by the value of the partition key, partitions in order of appearance. */
export function splitRows(key: Vector, rowCount: number, { account, kernels }: Pick<EncodeSpace, 'account' | 'kernels'>): Partition[] {
  const numbers = new Map<string, number>()
  const ofRow = account.u32(rowCount)
  numberRows(key, rowCount, numbers, ofRow)
  const ends = account.u32(numbers.size).fill(0)
  kernels.countCodes(ofRow.byteOffset, 0, rowCount, ends.byteOffset)
  for (let number = 0, sum = 0; number < numbers.size; number++) {
    const count = ends[number]
    ends[number] = sum // its start, until its rows are placed
    sum += count
  }
  const rows = account.u32(rowCount)
  kernels.placeRows(ofRow.byteOffset, 0, rowCount, ends.byteOffset, rows.byteOffset)
  const partitions = [...numbers.keys()].map((name, number) => (
    { name, rows: rows.subarray(number === 0 ? 0 : ends[number - 1], ends[number]) }))
  account.free(ofRow.byteOffset)
  account.free(ends.byteOffset)
  return partitions
}

/** Numbers the partitions; rows next to each other mostly share one, so it is looked up when the value
 * changes. */
function numberRows(
  key: Vector, rowCount: number, numbers: Map<string, number>, ofRow: Uint32Array,
): void {
  const byValue = new Map<number | bigint | string, number>()
  let before: number | bigint | string | undefined
  let number = 0
  for (let row = 0; row < rowCount; row++) {
    const value = valueOf(key, row)
    if (value !== before) {
      before = value
      number = byValue.get(value) ?? numberOf(value, byValue, numbers)
    }
    ofRow[row] = number
  }
}

function numberOf(
  value: number | bigint | string, byValue: Map<number | bigint | string, number>,
  numbers: Map<string, number>,
): number {
  const name = String(value)
  const number = numbers.get(name) ?? numbers.size
  numbers.set(name, number)
  byValue.set(value, number)
  return number
}

function valueOf(key: Vector, row: number): number | bigint | string {
  if (key.nulls !== null && key.nulls[row] !== 0) return 'NULL'
  switch (key.kind) {
    case 'number': case 'big': return key.values[row]
    case 'codes': return Buffer.from(key.dictionary.bytesOf(key.codes[row])).toString()
    case 'bytes':
      return Buffer.from(key.bytes.subarray(key.offsets[row], key.offsets[row + 1])).toString()
    case 'tuple': return key.fields.map((field) => String(valueOf(field, row))).join('-')
    default: throw new Error(`A partition key cannot be of type ${key.type.name}`)
  }
}
