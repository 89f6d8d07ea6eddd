// Rows of a query to a part of a table: what a materialized view makes of new rows, and what a copy
// writes. The plan has brought the columns into the order and the types of the table.
//
//   blocks -> whole columns (strings by number) -> image -> data arena -> the store's next commit

import { crc32 } from '../../storage/bytes/crc32.ts'
import { bareType } from '../../storage/column/data-type.ts'
import { LocalStrings } from '../../storage/column/local-strings.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import type { TableMeta } from '../../storage/face.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { allowedText, allowedValues } from '../../storage/merge/allowed.ts'
import { buildImage } from '../../storage/part/build.ts'
import { storedStates } from '../exec/expressions/fold-compiler.ts'
import { isStrings, QueryStrings } from '../exec/dictionaries/query-strings.ts'
import { QueryError } from '../plan/plan.ts'
import type { EvalContext } from '../functions/values/function.ts'
import { pick } from '../functions/values/vectors.ts'
import { rowKeysOf } from '../../storage/part/row-keys.ts'
import type { ImagePart, KeyBytes } from './messages.ts'
import { StoreFull } from './failure.ts'
import type { WorkerWorld } from './world.ts'

/** A part and the keys of its rows (null: the table has no DEDUPLICATE_BY), in the data arena. */
type Made = { readonly part: ImagePart | null; readonly keys: KeyBytes | null }

/** The part (the caller's to commit or to free); null: no rows. Throws StoreFull. */
export function partOfResult(
  blocks: readonly Block[], table: TableMeta, world: WorkerWorld, account: MemoryAccount,
): Made {
  const rowCount = blocks.reduce((sum, block) => sum + block.rowCount, 0)
  if (rowCount === 0) return { part: null, keys: null }
  const { which, rows } = placesOf(blocks, rowCount, account)
  const columns = table.columns.map(({ id, name, type: text }, index) => {
    const type = parseDataType(text)
    const sources = blocks.map((block) => block.columns[index])
    const whole = storedStates(pick(sources, which, rows, rowCount, type, account), contextOf(world, account))
    return { id, name, type, vector: byNumber(whole, world, account) }
  })
  requireAllowed(columns, table)
  const image = buildImage({
    tableId: table.id, schemaVersion: table.schemaVersion, isSorted: false, partition: '',
    withPostings: false, columns,
  }, account, world.kernels)
  const part = { ...placed(image, world), checksum: crc32(image), rowCount }
  const keyed = columns.find(({ name }) => name === table.deduplicateBy?.column)
  if (keyed === undefined) return { part, keys: null }
  try {
    const keys = rowKeysOf(withOwnStrings(keyed.vector, world, account), account, world.kernels)
    return { part, keys: placed(new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength), world) }
  } catch (error) {
    world.dataArena.free(part.address, part.bytes)
    throw error
  }
}

/** Throws QueryError for a value that the table's engine can't combine, as ClickHouse does. */
function requireAllowed(columns: readonly { readonly name: string; readonly vector: Vector }[], table: TableMeta): void {
  const allowed = allowedValues(table)
  const vector = columns.find(({ name }) => name === allowed?.column)?.vector
  if (allowed === null || vector === undefined || vector.kind !== 'number') return
  const wrong = vector.values.subarray(0, vector.length).find((value) => !allowed.values.includes(value))
  if (wrong === undefined) return
  throw new QueryError(`Incorrect data: ${allowed.column} = ${wrong} (must be ${allowedText(allowed.values)})`, null, 'INCORRECT_DATA')
}

function placed(bytes: Uint8Array, world: WorkerWorld): KeyBytes {
  const address = world.dataArena.allocate(bytes.length)
  if (address === 0) throw new StoreFull()
  world.dataArena.bytes(address, bytes.length).set(bytes)
  return { address, bytes: bytes.length }
}

/** Block and row in it of every row. */
function placesOf(blocks: readonly Block[], rowCount: number, account: MemoryAccount) {
  const which = account.u32(rowCount)
  const rows = account.u32(rowCount)
  let at = 0
  blocks.forEach((block, index) => {
    for (let row = 0; row < block.rowCount; row++, at++) {
      which[at] = index
      rows[at] = row
    }
  })
  return { which, rows }
}

const contextOf = ({ kernels }: WorkerWorld, account: MemoryAccount): EvalContext =>
  ({ account, kernels, nowMs: 0, checkAlive: () => {} })

/** Strings as codes over a dictionary that the image can sort; other columns as they are. */
function byNumber(vector: Vector, world: WorkerWorld, account: MemoryAccount): Vector {
  return bareType(vector.type).id === 'String' ? withOwnStrings(vector, world, account) : vector
}

function withOwnStrings(vector: Vector, world: WorkerWorld, account: MemoryAccount): Vector {
  if (!isStrings(vector) || (vector.kind === 'codes' && vector.dictionary instanceof LocalStrings)) return vector
  const own = new QueryStrings(contextOf(world, account))
  const coded = own.codesOf(vector, account)
  const { bytes, offsets } = own.strings(0, own.size)
  const dictionary = new LocalStrings(own.size, bytes, offsets.subarray(0, own.size + 1))
  return { ...coded, dictionary }
}
