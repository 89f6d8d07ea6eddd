// One column of several row sets, end to end, as one vector in the task's memory.

import { storageOf } from '../codec/arrays.ts'
import { concatVectors } from '../codec/take.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { bareType, isNullable, type DataType } from '../column/data-type.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { Vector } from '../column/vector.ts'
import type { ColumnSpec } from '../face.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { ColumnReader, RowSet } from '../part/row-set.ts'
import { readStrings } from './strings.ts'

/** Rows of a column that is stored nowhere yet: NULL, or the type's default. */
export function defaultRows(type: DataType, length: number, account: MemoryAccount): Vector {
  const nulls = isNullable(type) ? account.u8(length).fill(1) : null
  const common = { type, length, isConst: false, nulls }
  const storage = storageOf(type)
  const offsets = () => account.u32(length + 1).fill(0)
  if (storage === 'bytes') return { ...common, kind: 'bytes', offsets: offsets(), bytes: account.u8(0) }
  if (storage === 'array') {
    const values = defaultRows(bareType(type).args[0], 0, account)
    return { ...common, kind: 'array', offsets: offsets(), values }
  }
  if (storage === 'tuple') {
    const fields = bareType(type).args.map((field) => defaultRows(field, length, account))
    return { ...common, kind: 'tuple', fields }
  }
  return { ...common, kind: 'number', values: account.f64(length).fill(0) }
}

/** The whole column; its length is the sum of the row sets' rows. Strings that repeat come as codes
 * over one sorted dictionary. `fill`: the rows of a set that has none of it; null: the type's default. */
export function readColumn(
  sets: readonly RowSet[], column: ColumnSpec, space: EncodeSpace,
  fill: ((set: RowSet) => Vector) | null = null,
): Vector {
  const { account } = space
  const type = parseDataType(column.type)
  const readers = sets.map((set) => set.column(column.id))
  if (bareType(type).id === 'String' && readers.every((reader) => reader !== null)) {
    return readStrings(sets, readers as ColumnReader[], space)
  }
  const pieces: Vector[] = []
  sets.forEach((set, index) => {
    const reader = readers[index]
    if (reader === null) pieces.push(fill === null ? defaultRows(type, set.rowCount, account) : fill(set))
    else for (let block = 0; block < set.blockCount; block++) pieces.push(reader.decode(block, account, null))
  })
  return concatVectors(pieces, type, account)
}
