// Rows of one insert combine before they are stored, as ClickHouse's do (optimize_on_insert): a query
// without FINAL sees one row of each key that an insert brings.
//
//   part -> rows in the order of partition and key -> those that the engine keeps -> another part
//
// Views of the table have seen the part as it came.

import type { Arena } from '../arena/arena.ts'
import { EncodeSpace } from '../codec/space.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { ColumnSpec, NewPart, TableMeta } from '../face.ts'
import { AccountBeside, MemoryAccount } from '../kernels/work-memory.ts'
import { arenaSource } from '../part/arena-source.ts'
import { openImage } from '../part/image.ts'
import { ImageWriter } from '../part/image-writer.ts'
import type { RowSet } from '../part/row-set.ts'
import { partitionsOf, rowCountOf, sortPartitions, valueCombiner, type Arranged, type Compilers } from './arrange.ts'
import { combineRule } from './combine.ts'
import { changesLoneRows, type GroupedRows } from './combine-values.ts'
import { tableColumn } from './keys.ts'
import { writeRows } from './write-rows.ts'

export type CombineWorld = Compilers & { readonly arena: Arena }

/** True where rows of a part can become fewer, or others. */
export function mayCombine(table: TableMeta, { rowCount, hasDistinctKeys = false }: NewPart): boolean {
  const rule = hasDistinctKeys ? null : combineRule(table)
  // One row alone can only be dropped for adding up to zero, or get other values.
  return rule !== null && (rowCount > 1 || rule.kind === 'summing' || changesLoneRows(table, rule))
}

/** `image` null: the part stays as it is; else the image of those rows that are left. */
export type CombinedRows = { readonly rowCount: number; readonly image: Uint8Array | null }

/** The part's rows combined. */
export function combinePart(table: TableMeta, part: NewPart, world: CombineWorld): CombinedRows {
  const account = new MemoryAccount(world.work, world.work.buffer.byteLength)
  try {
    const source = arenaSource(world.arena, part.address, part.bytes)
    const label = `new rows of ${table.name}`
    const set = openImage(source, { firstSequence: 0, lastSequence: 0, label }, world.kernels)
    const space = new EncodeSpace(account, world.kernels)
    const arranged = sortPartitions(table, [set], partitionsOf(table, [set], null, world, account), world, space)
    const rowCount = arranged.reduce((sum, own) => sum + rowCountOf(own), 0)
    const rule = combineRule(table)
    const isSame = rowCount === part.rowCount && (rule === null || !changesLoneRows(table, rule))
    if (isSame) return { rowCount, image: null }
    return { rowCount, image: written(table, set, arranged, world, space) }
  } finally {
    account.releaseAll()
  }
}

function written(
  table: TableMeta, set: RowSet, arranged: readonly Arranged[], world: CombineWorld, space: EncodeSpace,
): Uint8Array {
  const grouped = endToEnd(arranged, space)
  const rowCount = grouped.starts.length - 1
  const combiner = valueCombiner(table, world)
  const writer = new ImageWriter(space, null)
  const order = space.account.u32(rowCount)
  for (let row = 0; row < rowCount; row++) order[row] = combiner === null ? grouped.rows[row] : row
  for (const column of table.columns) {
    const account = new AccountBeside(space.account)
    const own = new EncodeSpace(account, world.kernels)
    const read = (other: ColumnSpec) => tableColumn(other, table, [set], world.compileKey, own)
    const whole = read(column)
    const values = combiner === null ? whole : combiner.combine(column, whole, grouped, read, own)
    writeRows(space, writer, { id: column.id, name: column.name, type: parseDataType(column.type) }, values, order)
    account.releaseAll()
  }
  const { id: tableId, schemaVersion } = table
  return writer.finish({ tableId, schemaVersion, rowCount, isSorted: false, partition: '' })
}

/** The groups of all partitions, one after the other; rows that stay as they are are groups of one. */
function endToEnd(arranged: readonly Arranged[], { account }: EncodeSpace): GroupedRows {
  const rowCount = arranged.reduce((sum, { rows, grouped }) => sum + (grouped?.rows ?? rows).length, 0)
  const rows = account.u32(rowCount)
  const starts = account.u32(rowCount + 1)
  let at = 0
  let groups = 0
  for (const own of arranged) {
    const list = own.grouped?.rows ?? own.rows
    for (let group = 0; group < rowCountOf(own); group++) {
      starts[groups++] = at + (own.grouped === null ? group : own.grouped.starts[group])
    }
    rows.set(list, at)
    at += list.length
  }
  starts[groups] = at
  return { rows, starts: starts.subarray(0, groups + 1) }
}
