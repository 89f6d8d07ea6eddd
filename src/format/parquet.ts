// Parquet: one row group, columns as the nearest type that Parquet has; what it has none for (arrays,
// maps, decimals, ...) as its text or JSON. The rows are the answer's, so they are few enough to be held
// as values; their bytes count against the answer's limit as they are made.

import type { BasicType, ColumnSource } from 'hyparquet-writer'
import { bareType, isNullable, type DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { ByteBuilder } from '../functions/byte-builder.ts'
import { writeValue } from '../functions/text.ts'
import { valueAt } from '../functions/values.ts'
import { writeJsonValue } from '../functions/json-value.ts'
import { ResultTooLarge, rowCountOf, type QueryResult } from './result.ts'

const SECOND_MS = 1000
/** Bytes counted for a value besides its text. */
const VALUE_BYTES = 8

let writer: typeof import('hyparquet-writer') | null = null

/** Loads the package; call it before parquetOf(). At a worker's start it would cost 0.1 s. */
export async function loadParquet(): Promise<void> { writer ??= await import('hyparquet-writer') }

export const isParquetLoaded = (): boolean => writer !== null

type Cell = string | number | bigint | boolean | Date | null
type Writer = { readonly type: BasicType; readonly cellOf: (vector: Vector, row: number) => Cell }

/** How values of a type are written. */
function writerOf(type: DataType, text: (vector: Vector, row: number, asJson: boolean) => string): Writer {
  const { id } = bareType(type)
  const plain = (vector: Vector, row: number) => valueAt(vector, row) as number | bigint | boolean
  switch (id) {
    case 'Int8': case 'Int16': case 'Int32': case 'UInt8': case 'UInt16':
      return { type: 'INT32', cellOf: (vector, row) => Number(plain(vector, row)) }
    case 'UInt32': case 'Int64': case 'UInt64':
      return { type: 'INT64', cellOf: (vector, row) => BigInt.asIntN(64, BigInt(plain(vector, row))) }
    case 'Float32': return { type: 'FLOAT', cellOf: (vector, row) => Number(plain(vector, row)) }
    case 'Float64': return { type: 'DOUBLE', cellOf: (vector, row) => Number(plain(vector, row)) }
    case 'Bool': return { type: 'BOOLEAN', cellOf: (vector, row) => Boolean(Number(plain(vector, row))) }
    case 'DateTime':
      return { type: 'TIMESTAMP', cellOf: (vector, row) => new Date(Number(plain(vector, row)) * SECOND_MS) }
    case 'Array': case 'Map': case 'Tuple':
      return { type: 'STRING', cellOf: (vector, row) => text(vector, row, true) }
    default: return { type: 'STRING', cellOf: (vector, row) => text(vector, row, false) }
  }
}

/** The file's bytes. Throws ResultTooLarge. */
export function parquetOf(result: QueryResult, bytesMax: number, account: MemoryAccount): Uint8Array {
  const rowCount = rowCountOf(result)
  const builder = new ByteBuilder(0, account, 256)
  const decoder = new TextDecoder()
  let bytes = 0
  const text = (vector: Vector, row: number, asJson: boolean): string => {
    builder.length = 0
    if (asJson) writeJsonValue(builder, vector, row)
    else writeValue(builder, vector, row, false)
    bytes += builder.length
    return decoder.decode(builder.bytes.slice(0, builder.length))
  }
  const columnData = result.columns.map(({ name, type: typeText }, column): ColumnSource => {
    const type = parseDataType(typeText)
    const { type: parquetType, cellOf } = writerOf(type, text)
    const data = new Array<Cell>(rowCount)
    let at = 0
    for (const { rowCount: count, columns } of result.blocks) {
      const vector = columns[column]
      for (let row = 0; row < count; row++) {
        const own = vector.isConst ? 0 : row
        data[at++] = vector.nulls !== null && vector.nulls[own] !== 0 ? null : cellOf(vector, own)
        bytes += VALUE_BYTES
        if (bytes > bytesMax) throw new ResultTooLarge(bytesMax)
      }
    }
    return { name, type: parquetType, data, nullable: isNullable(type) }
  })
  if (writer === null) throw new Error('parquet: loadParquet() was not awaited')
  return new Uint8Array(writer.parquetWriteBuffer({ columnData }))
}
