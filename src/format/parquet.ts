// Parquet: columns of the types that ClickHouse writes (parquet-columns.ts). The rows are the answer's, so
// they are few enough to be held as values; their bytes count against the answer's limit as they are made.

import type { ColumnSource } from 'hyparquet-writer'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { ByteBuilder } from '../functions/values/byte-builder.ts'
import { parquetColumn, type Cell, type ParquetColumn, type SchemaElement } from './parquet-columns.ts'
import { ResultTooLarge, rowCountOf, type QueryResult } from './result.ts'

/** Bytes counted for a value besides its text. */
const VALUE_BYTES = 8

let writer: typeof import('hyparquet-writer') | null = null

/** Loads the package; call it before parquetOf(). At a worker's start it would cost 0.1 s. */
export async function loadParquet(): Promise<void> { writer ??= await import('hyparquet-writer') }

export const isParquetLoaded = (): boolean => writer !== null

/** Bytes of a vector's values, as they count against the limit. */
function bytesOf(vector: Vector): number {
  const each = VALUE_BYTES * vector.length
  switch (vector.kind) {
    case 'bytes': return each + (vector.isConst ? vector.length * vector.offsets[1] : vector.offsets[vector.length])
    case 'codes': {
      let bytes = each
      for (let row = 0; row < vector.length; row++) bytes += vector.dictionary.lengthOf(vector.codes[vector.isConst ? 0 : row])
      return bytes
    }
    case 'array': return each + bytesOf(vector.values) * (vector.isConst ? vector.length : 1)
    case 'tuple': return vector.fields.reduce((sum, field) => sum + bytesOf(field), each)
    default: return each
  }
}

/** The file's bytes. Throws ResultTooLarge. */
export function parquetOf(result: QueryResult, bytesMax: number, account: MemoryAccount): Uint8Array {
  if (writer === null) throw new Error('parquet: loadParquet() was not awaited')
  const builder = new ByteBuilder(0, account, 256)
  const written = (write: (out: ByteBuilder) => void): Uint8Array => {
    builder.length = 0
    write(builder)
    return builder.bytes.slice(0, builder.length)
  }
  let bytes = 0
  for (const { columns } of result.blocks) {
    for (const vector of columns) bytes += bytesOf(vector)
    if (bytes > bytesMax) throw new ResultTooLarge(bytesMax)
  }
  const columns = result.columns.map(({ name, type }) => parquetColumn(name, parseDataType(type), written))
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: columns.length }, ...columns.flatMap(({ elements }) => elements),
  ]
  const columnData = result.columns.map(({ name }, i): ColumnSource => ({ name, data: cellsOf(result, i, columns[i]) }))
  return new Uint8Array(writer.parquetWriteBuffer({ columnData, schema }))
}

function cellsOf(result: QueryResult, index: number, { cellOf }: ParquetColumn): Cell[] {
  const data = new Array<Cell>(rowCountOf(result))
  let at = 0
  for (const { rowCount, columns } of result.blocks) {
    const vector = columns[index]
    for (let row = 0; row < rowCount; row++) data[at++] = cellOf(vector, vector.isConst ? 0 : row)
  }
  return data
}
