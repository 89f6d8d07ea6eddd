// Whether the rows of a segment stand in the order of their table's sorting key: every living row beside the
// one before it, also across blocks. A key is decoded only while rows are left that the keys before it do
// not tell apart, so most rows cost one or two comparisons of neighbours in a typed array.
//
//   block -> pairs of neighbours -> first key -> those that are equal in it -> second key -> ...

import { join } from 'node:path'
import { LocalStrings } from '../column/local-strings.ts'
import { parseDataType } from '../column/parse-type.ts'
import {
  BLOCK_ROWS_MAX, type BigVector, type BytesVector, type CodesVector, type Dictionary, type NumberVector, type TupleVector,
  type Vector,
} from '../column/vector.ts'
import type { Disk } from '../disk/disk.ts'
import type { SegmentRef, TableMeta } from '../face.ts'
import { loadKernels, type Kernels } from '../kernels/load.ts'
import { MemoryAccount, WorkMemory } from '../kernels/work-memory.ts'
import { columnsIn, totalCompiler, type KeyCompiler } from '../merge/keys.ts'
import { openImage } from '../part/image.ts'
import type { ColumnReader, RowSet } from '../part/row-set.ts'
import { isDeleted } from '../segment/delete-mask.ts'
import { ScanSource, WindowRoom } from '../segment/scan-source.ts'

/** A row that stands before the one that it follows, by `column`. `row` counts within the block. */
export type WrongOrder = { readonly block: number; readonly row: number; readonly column: string }

/** Pages that nobody touches cost nothing. */
const WORK_BYTES = 1024 * 2 ** 20

/** Windows of the keys' columns, from one segment to the next. */
const rooms: WindowRoom[] = []

let known: { readonly work: WorkMemory; readonly kernels: Kernels } | null = null

function workspace(): { readonly work: WorkMemory; readonly kernels: Kernels } {
  if (known === null) {
    const work = new WorkMemory(WORK_BYTES)
    known = { work, kernels: loadKernels(work) }
  }
  return known
}

/** The first row of a segment that is out of order; null: none is. `deleted`: its mask, whose rows mean
 * nothing. Without `compileKey` the keys up to the first that is no plain column are compared. Throws what
 * the disk or damaged bytes say, and what the compiler of a key says. */
export function firstWrongOrder(
  disk: Disk, folder: string, meta: TableMeta, segment: SegmentRef, deleted: Uint8Array | null,
  compileKey: KeyCompiler | null,
): WrongOrder | null {
  const sources: ScanSource[] = []
  // A source of its own for each key: its window runs through one column from start to end.
  const open = (): RowSet => {
    const source = new ScanSource(disk, join(folder, segment.file), rooms[sources.length] ??= new WindowRoom())
    sources.push(source)
    return openImage(source, { ...segment, label: `${segment.file} of ${meta.name}` }, workspace().kernels)
  }
  const [before, own] = [new MemoryAccount(workspace().work, WORK_BYTES), new MemoryAccount(workspace().work, WORK_BYTES)]
  try {
    const keys = keysOf(meta, open, compileKey)
    return keys.length === 0 ? null : wrongRow(keys, segment.rowCount, deleted, before, own)
  } finally {
    for (const source of sources) source.close()
    before.releaseAll()
    own.releaseAll()
  }
}

/** `vectorOf`: its values in the rows of a block, in memory of the account. */
type Key = { readonly name: string; readonly vectorOf: (block: number, account: MemoryAccount) => Vector }

/** Keys from the first on, as far as their values are at hand. */
function keysOf(meta: TableMeta, open: () => RowSet, compileKey: KeyCompiler | null): Key[] {
  const keys: Key[] = []
  for (const name of meta.sortBy) {
    const set = open()
    if (!set.isSorted) return []
    const column = meta.columns.find((one) => one.name === name)
    const key = column === undefined ? compiledKey(name, meta, set, compileKey) : plainKey(name, set.column(column.id))
    if (key === null) break // what follows orders only rows that are equal in it
    keys.push(key)
  }
  return keys
}

/** A stored column. Strings of a dictionary compare as their codes, which are ranks. */
function plainKey(name: string, reader: ColumnReader | null): Key | null {
  if (reader === null) return null
  const { distinctCount } = reader
  if (distinctCount < 0) return { name, vectorOf: (block, account) => reader.decode(block, account, null) }
  const toShared = new Uint32Array(distinctCount)
  for (let code = 0; code < distinctCount; code++) toShared[code] = code
  const dictionary = new LocalStrings(distinctCount, new Uint8Array(0), new Uint32Array(0), true)
  return { name, vectorOf: (block, account) => reader.decode(block, account, { dictionary, toShared }) }
}

/** An expression over stored columns; null: some of them are not stored, or nobody can compile it. */
function compiledKey(expression: string, meta: TableMeta, set: RowSet, compileKey: KeyCompiler | null): Key | null {
  const used = columnsIn(expression, meta)
  const readers = used.map(({ id }) => set.column(id)).filter((reader) => reader !== null)
  if (compileKey === null || readers.length < used.length) return null
  const types = used.map(({ name, type }) => ({ name, type: parseDataType(type) }))
  const { kernels } = workspace()
  const compile = totalCompiler(compileKey)
  return {
    name: expression,
    vectorOf: (block, account) => compile(expression, types, { account, kernels })({
      rowCount: set.blockRows(block), columns: readers.map((reader) => reader.decode(block, account, null)),
    }),
  }
}

/** A block whose keys are decoded when they are asked for. */
class BlockKeys {
  readonly block: number
  /** Numbers of its living rows, ascending. */
  readonly living: Uint32Array
  private readonly keys: readonly Key[]
  private readonly account: MemoryAccount
  private readonly vectors: Vector[] = []

  constructor(keys: readonly Key[], block: number, living: Uint32Array, account: MemoryAccount) {
    this.keys = keys
    this.block = block
    this.living = living
    this.account = account
  }

  vector(key: number): Vector { return this.vectors[key] ??= this.keys[key].vectorOf(this.block, this.account) }
}

function wrongRow(
  keys: readonly Key[], rowCount: number, deleted: Uint8Array | null, first: MemoryAccount, second: MemoryAccount,
): WrongOrder | null {
  const pairs = new Uint32Array(BLOCK_ROWS_MAX)
  let before: BlockKeys | null = null
  let [own, other] = [first, second]
  for (let from = 0; from < rowCount; from += BLOCK_ROWS_MAX) {
    const living = livingRows(from, Math.min(BLOCK_ROWS_MAX, rowCount - from), deleted)
    if (living.length === 0) continue
    own.releaseAll()
    const block = new BlockKeys(keys, from / BLOCK_ROWS_MAX, living, own)
    const wrong = (before === null ? null : wrongFirst(keys, before, block)) ?? wrongWithin(keys, block, pairs)
    if (wrong !== null) return { block: block.block, ...wrong }
    before = block;
    [own, other] = [other, own]
  }
  return null
}

const ALL_ROWS = Uint32Array.from({ length: BLOCK_ROWS_MAX }, (_, row) => row)

function livingRows(from: number, count: number, deleted: Uint8Array | null): Uint32Array {
  if (deleted === null) return ALL_ROWS.subarray(0, count)
  const living = new Uint32Array(count)
  let kept = 0
  for (let row = 0; row < count; row++) {
    if (!isDeleted(deleted, from + row)) living[kept++] = row
  }
  return living.subarray(0, kept)
}

type Wrong = { readonly row: number; readonly column: string } | null

/** The first row of a block beside the last one of the block before. */
function wrongFirst(keys: readonly Key[], before: BlockKeys, own: BlockKeys): Wrong {
  const [last, row] = [before.living[before.living.length - 1], own.living[0]]
  for (let key = 0; key < keys.length; key++) {
    const order = compareValues(before.vector(key), last, own.vector(key), row)
    if (order > 0) return { row, column: keys[key].name }
    if (order < 0) return null
  }
  return null
}

/** `pairs`: room for a number a row. */
function wrongWithin(keys: readonly Key[], own: BlockKeys, pairs: Uint32Array): Wrong {
  const { living } = own
  let open = living.length - 1
  for (let pair = 0; pair < open; pair++) pairs[pair] = pair + 1
  for (let key = 0; key < keys.length && open > 0; key++) {
    const left = pairsLeft(own.vector(key), living, pairs, open)
    if (left < 0) return { row: living[-1 - left], column: keys[key].name }
    open = left
  }
  return null
}

/** Keeps the pairs (row living[pair - 1] beside row living[pair]) that are equal, and answers their number;
 * -1 - pair: that one is out of order. */
function pairsLeft(vector: Vector, living: Uint32Array, pairs: Uint32Array, count: number): number {
  if (vector.isConst) return count
  if (vector.nulls === null) {
    if (vector.kind === 'number' || vector.kind === 'big') return plainPairsLeft(vector.values, living, pairs, count)
    if (vector.kind === 'codes' && isRanked(vector.dictionary)) return plainPairsLeft(vector.codes, living, pairs, count)
  }
  let kept = 0
  for (let at = 0; at < count; at++) {
    const pair = pairs[at]
    const order = compareValues(vector, living[pair - 1], vector, living[pair])
    if (order > 0) return -1 - pair
    if (order === 0) pairs[kept++] = pair
  }
  return kept
}

function plainPairsLeft(
  values: ArrayLike<number> | ArrayLike<bigint>, living: Uint32Array, pairs: Uint32Array, count: number,
): number {
  let kept = 0
  for (let at = 0; at < count; at++) {
    const pair = pairs[at]
    const a = values[living[pair - 1]]
    const b = values[living[pair]]
    if (a < b) continue
    if (a !== b && compareNumbers(a, b) > 0) return -1 - pair
    if (a === b || (a !== a && haveSameBits(a as number, b as number))) pairs[kept++] = pair
  }
  return kept
}

const two = new Float64Array(2)
const bitsOfTwo = new BigUint64Array(two.buffer)

/** Earlier versions sorted NaNs by their bits: where these differ, nothing follows for the keys behind. */
function haveSameBits(a: number, b: number): boolean {
  two[0] = a
  two[1] = b
  return bitsOfTwo[0] === bitsOfTwo[1]
}

/** NaN comes last and equals itself, as rows are sorted. */
function compareNumbers(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1
  if (a > b) return 1
  if (a === b) return 0
  return Number(a !== a) - Number(b !== b)
}

const isRanked = (dictionary: Dictionary): boolean => dictionary instanceof LocalStrings && dictionary.isSorted

/** Negative, 0, positive as a value stands before, with or behind another one of its column; NULLs go last. */
function compareValues(a: Vector, rowA: number, b: Vector, rowB: number): number {
  const [i, j] = [a.isConst ? 0 : rowA, b.isConst ? 0 : rowB]
  const [isNullA, isNullB] = [a.nulls !== null && a.nulls[i] !== 0, b.nulls !== null && b.nulls[j] !== 0]
  if (isNullA || isNullB) return Number(isNullA) - Number(isNullB)
  switch (a.kind) {
    case 'number': case 'big': return compareNumbers(a.values[i], (b as NumberVector | BigVector).values[j])
    case 'codes': {
      const other = b as CodesVector
      return isRanked(a.dictionary) && other.dictionary === a.dictionary ? a.codes[i] - other.codes[j]
        : Buffer.compare(textOf(a, i), textOf(b, j))
    }
    case 'bytes': return Buffer.compare(textOf(a, i), textOf(b, j))
    case 'tuple': {
      for (let field = 0; field < a.fields.length; field++) {
        const order = compareValues(a.fields[field], i, (b as TupleVector).fields[field], j)
        if (order !== 0) return order
      }
      return 0
    }
    default: throw new Error(`A sorting key cannot be of type ${a.type.name}`)
  }
}

const textOf = (vector: Vector, row: number): Uint8Array => vector.kind === 'codes'
  ? vector.dictionary.bytesOf(vector.codes[row])
  : (vector as BytesVector).bytes.subarray((vector as BytesVector).offsets[row], (vector as BytesVector).offsets[row + 1])
