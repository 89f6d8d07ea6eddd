// Parquet to columns where the types allow (parquet-typed.ts), else to the JSON lines that the kernel
// reads: cells, each as the JSON that its column takes, from which rows are written out in pieces.
//
//   file -> footer (readParquetHead) -> a row group's columns -> typed columns -> vectors of rows [from, to)
//                                                  └─ cells -> lines of rows [from, to)
//
// Memory holds one row group's columns (a value that comes often, once) and one column as hyparquet
// makes it. Values that the kernel can't take stay strings, so that it names them.

import {
  parquetMetadataAsync, parquetScan, parquetSchema, type AsyncBuffer, type FileMetaData, type ParquetParsers,
  type SchemaElement, type SchemaTree,
} from 'hyparquet'
import type { Vector } from '../../storage/column/vector.ts'
import { MemoryLimitExceeded, type MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { ColumnPlan } from './column-plan.ts'
import { jsonOf, NUMBER, Sink, type CsvCell } from './csv.ts'
import { codecReady, codecs } from './parquet-codecs.ts'
import { DamagedParquet } from './parquet-damage.ts'
import { pagedColumn } from './parquet-columns.ts'
import { Pages, type ReadBytes } from './parquet-pages.ts'
import { StringTable, type TypedColumn } from './parquet-strings.ts'
import { pagedReadingOf, readAsNumbers, readingOf, typedColumn, type Reading } from './parquet-typed.ts'

/** Bytes of a file, by place. */
export type ParquetFile = AsyncBuffer

/** What a file holds. */
export type ParquetHead = {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rowGroups: readonly { readonly rows: number; readonly bytes: number }[]
}

/** A column that is wanted: its name in the file, its key in the rows, and what its values become. */
export type ParquetColumn = { readonly name: string; readonly key: string; readonly cell: CsvCell; readonly time: 'date' | 'seconds' | 'exact' }

/** Distinct strings of a column that are kept to be found again. */
const KNOWN_MAX = 65_536
/** So many different ones say that a column's strings do not repeat. */
const DISTINCT_MIN = 4096
/** What JSON wants escaped: quotes, backslashes, what is below a space. */
const ESCAPED = /["\\]|[^ -\uffff]/

const encoder = new TextEncoder()

/** Times as texts with all of their digits. */
const PARSERS = {
  timestampFromMilliseconds: (millis: bigint) => timeText(millis * 1_000_000n),
  timestampFromMicroseconds: (micros: bigint) => timeText(micros * 1000n),
  timestampFromNanoseconds: (nanos: bigint) => timeText(nanos),
  dateFromDays: (days: number) => new Date(days * 86_400_000).toISOString().slice(0, 10),
  jsonFromBytes: (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8'),
  stringFromBytes: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8'),
}

/** `2024-01-02 03:04:05`, with a fraction where there is one. */
function timeText(nanos: bigint): string {
  const second = nanos / 1_000_000_000n - (nanos % 1_000_000_000n < 0n ? 1n : 0n)
  const fraction = nanos - second * 1_000_000_000n
  const text = new Date(Number(second) * 1000).toISOString().slice(0, 19).replace('T', ' ')
  return fraction === 0n ? text : `${text}.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`
}

/** A file's footer: read once, however many row groups it has. */
export async function metadataOf(file: ParquetFile): Promise<FileMetaData> {
  return await parquetMetadataAsync(file, { parsers: PARSERS, geoparquet: false })
}

/** Throws a sentence where the file is none, or cut off. */
export async function readParquetHead(file: ParquetFile): Promise<ParquetHead> {
  const metadata = await metadataOf(file).catch((error: Error) => {
    throw new Error(`The file is no whole Parquet file: ${error.message}`)
  })
  return {
    columns: parquetSchema(metadata).children.map((child) => ({ name: child.element.name, type: typeOf(child) })),
    rowGroups: metadata.row_groups.map((group) => ({ rows: Number(group.num_rows), bytes: Number(group.total_byte_size) })),
  }
}

/** ClickHouse's type for a column. */
function typeOf(tree: SchemaTree): string {
  const { element, children } = tree
  if (children.length > 0) {
    if (isMap(tree)) {
      const [key, value] = children[0].children
      return `Map(${plainType(key.element)}, ${typeOf(value)})`
    }
    return isList(tree) ? `Array(${typeOf(children[0].children[0] ?? children[0])})` : 'String'
  }
  if (element.repetition_type === 'REPEATED') return `Array(${plainType(element)})`
  return element.repetition_type === 'OPTIONAL' ? `Nullable(${plainType(element)})` : plainType(element)
}

const CONVERTED: Readonly<Record<string, string>> = {
  UINT_8: 'UInt8', UINT_16: 'UInt16', UINT_32: 'UInt32', UINT_64: 'UInt64', INT_8: 'Int8', INT_16: 'Int16', INT_32: 'Int32',
  INT_64: 'Int64', DATE: 'Date', TIMESTAMP_MILLIS: 'DateTime64(3)', TIMESTAMP_MICROS: 'DateTime64(6)',
}
const PHYSICAL: Readonly<Record<string, string>> = {
  BOOLEAN: 'Bool', INT32: 'Int32', INT64: 'Int64', INT96: 'DateTime64(9)', FLOAT: 'Float32', DOUBLE: 'Float64',
}

function plainType({ type, converted_type: converted, logical_type: logical, precision, scale }: SchemaElement): string {
  if (logical?.type === 'INTEGER') return `${logical.isSigned ? '' : 'U'}Int${logical.bitWidth}`
  if (logical?.type === 'TIMESTAMP') return `DateTime64(${logical.unit === 'NANOS' ? 9 : logical.unit === 'MICROS' ? 6 : 3})`
  if (logical?.type === 'DATE') return 'Date'
  if (logical?.type === 'UUID') return 'UUID'
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') return `Decimal(${precision ?? 38}, ${scale ?? 0})`
  return CONVERTED[converted ?? ''] ?? PHYSICAL[type ?? ''] ?? 'String'
}

/** One column of a row group: the JSON of every row; no bytes: the row has none. */
class Cells {
  readonly starts: Uint32Array
  readonly lengths: Uint32Array
  readonly sink = new Sink()

  constructor(rowCount: number) {
    this.starts = new Uint32Array(rowCount)
    this.lengths = new Uint32Array(rowCount)
  }

  fill(values: ArrayLike<unknown>, column: ParquetColumn, tree: SchemaTree | undefined): void {
    let known: Map<string, number> | null = new Map()
    let misses = 0
    for (let row = 0; row < this.starts.length; row++) {
      const value = values[row]
      if (value === null || value === undefined) continue
      if (typeof value === 'string' && known !== null) {
        const before = known.get(value)
        if (before !== undefined) {
          this.starts[row] = this.starts[before]
          this.lengths[row] = this.lengths[before]
          continue
        }
        // Mostly different ones: looking costs more than it saves.
        if (++misses > DISTINCT_MIN && misses * 2 > row) known = null
        else if (misses <= KNOWN_MAX) known.set(value, row)
      }
      const { sink } = this
      this.starts[row] = sink.length
      if (typeof value === 'string' && column.cell === 'string' && column.time === 'exact' && !ESCAPED.test(value)) sink.quoted(value)
      else sink.add(encoder.encode(textOf(value, column, tree)))
      this.lengths[row] = sink.length - this.starts[row]
    }
  }
}

/** A value as JSON. */
function textOf(value: unknown, column: ParquetColumn, tree: SchemaTree | undefined): string {
  const { cell, time } = column
  if (typeof value === 'string') {
    if (cell === 'number' && NUMBER.test(value)) return value
    const json = cell === 'json' ? jsonOf(value) : null
    if (json !== null) return json
    return JSON.stringify(time === 'date' ? value.slice(0, 10) : time === 'seconds' ? value.slice(0, 19) : value)
  }
  if (tree !== undefined && tree.children.length === 0 && isDecimal(tree.element) && !Array.isArray(value)) {
    return textOf(decimalText(value, tree.element), column, tree)
  }
  return nestedText(value, tree)
}

/** Values within values: of lists by element, of maps by their value, of structs by field. */
function nestedText(value: unknown, tree: SchemaTree | undefined): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) {
    const element = isList(tree) ? tree?.children[0]?.children[0] ?? tree?.children[0] : tree
    return `[${value.map((inner) => nestedText(inner, element)).join(',')}]`
  }
  if (tree !== undefined && tree.children.length === 0 && isDecimal(tree.element)) return decimalText(value, tree.element)
  if (typeof value === 'bigint') return String(value)
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : JSON.stringify(String(value).toLowerCase().replace('infinity', 'inf'))
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('utf8'))
  if (typeof value !== 'object') return JSON.stringify(value)
  const values = isMap(tree) ? tree?.children[0]?.children[1] : null
  const fields = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}:`
    + nestedText(inner, values ?? tree?.children.find(({ element }) => element.name === name)))
  return `{${fields.join(',')}}`
}

const isAnnotated = (tree: SchemaTree | undefined, as: 'LIST' | 'MAP'): boolean =>
  tree?.element.converted_type === as || tree?.element.logical_type?.type === as
const isList = (tree: SchemaTree | undefined): boolean => isAnnotated(tree, 'LIST')
const isMap = (tree: SchemaTree | undefined): boolean => isAnnotated(tree, 'MAP')

const isDecimal = ({ converted_type: converted, logical_type: logical }: SchemaElement): boolean =>
  converted === 'DECIMAL' || logical?.type === 'DECIMAL'

/** All digits of a decimal: a whole number (bytes: of two's complement, the highest first) and a scale. */
function decimalText(value: unknown, { scale, logical_type: logical }: SchemaElement): string {
  const whole = value instanceof Uint8Array
    ? BigInt.asIntN(8 * value.length, value.length === 0 ? 0n : BigInt(`0x${Buffer.from(value).toString('hex')}`))
    : BigInt(value as number | bigint)
  const digits = scale ?? (logical?.type === 'DECIMAL' ? logical.scale : 0)
  const text = String(whole < 0n ? -whole : whole).padStart(digits + 1, '0')
  const sign = whole < 0n ? '-' : ''
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}

/** The metadata by which decimals come as they are stored: the reader would make floats of them. */
function withoutDecimals(metadata: FileMetaData): FileMetaData {
  return {
    ...metadata, schema: metadata.schema.map((element) => {
      if (!isDecimal(element)) return element
      const { converted_type: _, logical_type: __, ...plain } = element
      return plain
    }),
  }
}

/** Whether bytes of any length are decimals somewhere in a column: the reader makes texts of such bytes. */
const hasByteDecimals = (tree: SchemaTree | undefined): boolean => tree !== undefined
  && (tree.children.some(hasByteDecimals) || (isDecimal(tree.element) && tree.element.type === 'BYTE_ARRAY'))

/** One row group being read. */
class GroupReader {
  readonly rowCount: number
  private readonly file: ParquetFile
  private readonly index: number
  private readonly metadata: FileMetaData
  private readonly rowStart: number

  constructor(file: ParquetFile, index: number, metadata: FileMetaData) {
    this.file = file
    this.index = index
    this.metadata = metadata
    this.rowCount = Number(metadata.row_groups[index].num_rows)
    this.rowStart = metadata.row_groups.slice(0, index).reduce((sum, group) => sum + Number(group.num_rows), 0)
  }

  /** A column's values, as hyparquet makes them with these parsers. */
  private async values(
    name: string, metadata: FileMetaData, parsers: Partial<ParquetParsers>, utf8 = true,
  ): Promise<ArrayLike<unknown>> {
    const { file, rowStart, rowCount } = this
    // A scan keeps what it has read: one for each column.
    const scan = await parquetScan({
      file, metadata, compressors: codecs, parsers, geoparquet: false, useOffsetIndex: false, columns: [name], utf8,
    })
    return await scan.readColumn({ column: name, rowStart, rowEnd: rowStart + rowCount }).catch((error: Error) => {
      throw new DamagedParquet(name, this.index, error)
    })
  }

  /** From its pages; null: they are not all of encodings that are read so. */
  paged(name: string, tree: SchemaTree, reading: Reading, read: ReadBytes): TypedColumn | null {
    const paged = pagedReadingOf(tree, reading)
    const chunk = this.metadata.row_groups[this.index].columns.find(({ meta_data: meta }) => meta?.path_in_schema.join('.') === name)?.meta_data
    if (paged === null || chunk === undefined) return null
    try {
      const first = Math.min(Number(chunk.data_page_offset), Number(chunk.dictionary_page_offset ?? chunk.data_page_offset))
      const pages = new Pages({
        read, start: first, end: Math.min(this.file.byteLength, first + Number(chunk.total_compressed_size)), codec: chunk.codec,
        rowCount: this.rowCount, isOptional: tree.element.repetition_type === 'OPTIONAL',
      })
      return pagedColumn(pages, paged)
    } catch (error) {
      throw new DamagedParquet(name, this.index, error as Error)
    }
  }

  /** Null: by cells. */
  async typed(name: string, reading: Reading): Promise<TypedColumn | null> {
    const metadata = { ...this.metadata, schema: this.metadata.schema.map((element) => ({ ...element })) }
    for (const child of parquetSchema(metadata).children) if (child.element.name === name) readAsNumbers(child)
    const table = new StringTable()
    const values = await this.values(name, metadata, { ...PARSERS, stringFromBytes: (bytes) => table.add(bytes) })
    return values.length === this.rowCount ? typedColumn(values, reading, table) : null
  }

  async cells(column: ParquetColumn, tree: SchemaTree | undefined): Promise<Cells> {
    const cells = new Cells(this.rowCount)
    const values = await this.values(column.name, withoutDecimals(this.metadata), PARSERS, !hasByteDecimals(tree))
    cells.fill(values, column, tree)
    return cells
  }
}

/** The rows of one row group. */
export class RowGroup {
  private readonly columns: readonly { readonly key: Uint8Array; readonly cells: Cells }[]
  /** Columns that need no JSON, by their name. */
  readonly typed: ReadonlyMap<string, TypedColumn>
  readonly rowCount: number
  private readonly index: number

  private constructor(columns: RowGroup['columns'], typed: RowGroup['typed'], rowCount: number, index: number) {
    this.columns = columns
    this.typed = typed
    this.rowCount = rowCount
    this.index = index
  }

  /** Decodes a row group; `plans`: the columns that may be typed. Throws a sentence where the file is damaged. */
  static async read(
    file: ParquetFile, metadata: FileMetaData, index: number, wanted: readonly ParquetColumn[], plans: readonly ColumnPlan[],
    bytes: ReadBytes | null = null,
  ): Promise<RowGroup> {
    for (const { meta_data: chunk } of metadata.row_groups[index].columns) await codecReady(chunk?.codec ?? '')
    const reader = new GroupReader(file, index, metadata)
    const columns: { key: Uint8Array; cells: Cells }[] = []
    const typed = new Map<string, TypedColumn>()
    const trees = parquetSchema(metadata).children
    for (const column of wanted) {
      const plan = plans.find((one) => one.column.name === column.key)
      const tree = trees.find(({ element }) => element.name === column.name)
      const reading = plan === undefined || tree === undefined ? null : readingOf(tree, plan)
      const paged = reading === null || tree === undefined || bytes === null ? null : reader.paged(column.name, tree, reading, bytes)
      const found = paged ?? (reading === null ? null : await reader.typed(column.name, reading))
      if (found !== null) typed.set(column.key, found)
      else columns.push({ key: encoder.encode(`${JSON.stringify(column.key)}:`), cells: await reader.cells(column, tree) })
    }
    return new RowGroup(columns, typed, reader.rowCount, index)
  }

  /** Rows [from, to) of a typed column, on the account; null: they go as JSON lines. Throws
   * MemoryLimitExceeded, or DamagedParquet. */
  vector(name: string, from: number, to: number, account: MemoryAccount): Vector | null {
    try {
      return this.typed.get(name)?.vector(from, to, account) ?? null
    } catch (error) {
      if (error instanceof MemoryLimitExceeded) throw error
      throw new DamagedParquet(name, this.index, error as Error)
    }
  }

  /** Lines of rows [from, to): what is not typed. */
  lines(from: number, to: number): Uint8Array {
    const out = new Sink()
    for (let row = from; row < to; row++) {
      out.push(123)
      let isFirst = true
      for (const { key, cells } of this.columns) {
        const length = cells.lengths[row]
        if (length === 0) continue
        if (!isFirst) out.push(44)
        isFirst = false
        out.add(key)
        out.copy(cells.sink.bytes, cells.starts[row], length)
      }
      out.push(125)
      out.push(10)
    }
    return out.bytes.subarray(0, out.length)
  }
}
