// One column of several row sets, end to end, as one vector.

import { concatVectors } from '../codec/take.ts'
import { bareType, isNullable, type DataType } from '../column/data-type.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { BytesVector, Vector } from '../column/vector.ts'
import type { ColumnSpec } from '../face.ts'
import { storageOf } from '../codec/arrays.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { ColumnReader, RowSet } from '../part/row-set.ts'
import { mergeDictionaries, StringInterner } from './strings.ts'

/** Rows of a column that is stored nowhere yet: NULL, or the type's default. */
function defaultRows(type: DataType, length: number, account: MemoryAccount): Vector {
  const nulls = isNullable(type) ? account.u8(length).fill(1) : null
  const common = { type, length, isConst: false, nulls }
  const storage = storageOf(type)
  const offsets = () => account.u32(length + 1).fill(0)
  if (storage === 'bytes') return { ...common, kind: 'bytes', offsets: offsets(), bytes: account.u8(0) }
  if (storage === 'array') {
    return { ...common, kind: 'array', offsets: offsets(), values: defaultRows(bareType(type).args[0], 0, account) }
  }
  if (storage === 'tuple') {
    return { ...common, kind: 'tuple', fields: bareType(type).args.map((field) => defaultRows(field, length, account)) }
  }
  return { ...common, kind: 'number', values: account.f64(length).fill(0) }
}

/** The whole column; its length is the sum of the row sets' rows. Dictionary columns come as codes
 * over one merged dictionary; strings that repeat become one. */
export function readColumn(sets: readonly RowSet[], column: ColumnSpec, account: MemoryAccount): Vector {
  const type = parseDataType(column.type)
  const readers = sets.map((set) => set.column(column.id))
  if (readers.every((reader) => reader !== null && reader.dictionary !== null)) {
    return readCodes(sets, readers as ColumnReader[], type, account)
  }
  const pieces = sets.flatMap((set, index) => {
    const reader = readers[index]
    if (reader === null) return [defaultRows(type, set.rowCount, account)]
    return Array.from({ length: set.blockCount }, (_, block) => reader.decode(block, account, null))
  })
  const whole = concatVectors(pieces, type, account)
  return whole.kind === 'bytes' ? internRepeated(whole, account) : whole
}

function readCodes(
  sets: readonly RowSet[], readers: readonly ColumnReader[], type: DataType, account: MemoryAccount,
): Vector {
  const dictionaries = readers.map((reader) => reader.dictionary as NonNullable<ColumnReader['dictionary']>)
  const { strings, maps } = mergeDictionaries(dictionaries)
  const pieces = sets.flatMap((set, index) => {
    const map = { dictionary: strings, toShared: maps[index] }
    return Array.from({ length: set.blockCount }, (_, block) => readers[index].decode(block, account, map))
  })
  return concatVectors(pieces, type, account)
}

/** Rows looked at to see whether strings repeat. */
const SAMPLE_ROWS = 4096

/** Strings that came without a dictionary but repeat get one. */
function internRepeated(vector: BytesVector, account: MemoryAccount): Vector {
  if (bareType(vector.type).id !== 'String' || vector.length < 64) return vector
  const { bytes, offsets } = vector
  const sample = new StringInterner()
  const step = Math.max(1, Math.floor(vector.length / SAMPLE_ROWS))
  let seen = 0
  for (let row = 0; row < vector.length; row += step, seen++) sample.codeOf(bytes, offsets[row], offsets[row + 1])
  if (sample.size * 2 > seen) return vector
  const interner = new StringInterner()
  const codes = account.u32(vector.length)
  for (let row = 0; row < vector.length; row++) codes[row] = interner.codeOf(bytes, offsets[row], offsets[row + 1])
  const { type, length, isConst, nulls } = vector
  return { type, length, isConst, nulls, kind: 'codes', codes, dictionary: interner.strings() }
}
