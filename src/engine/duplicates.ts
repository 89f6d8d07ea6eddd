// Rows that were stored before (DEDUPLICATE_BY), taken out of what a worker made: of a commit group, of a
// piece of a file, of what a view or a copy gives. Parts without any, nearly all, stay as they are.

import type { Arena } from '../../storage/arena/arena.ts'
import { TableGone } from '../../storage/errors.ts'
import type { NewPart, TableMeta } from '../../storage/face.ts'
import type { ImagePart, KeyBytes } from '../workers/messages.ts'
import type { WorkerPool } from '../workers/pool.ts'

/** KeyTurn.look of a transaction, or Stage.look of a bulk write: which rows are not new; null: all are. */
export type Look = (tableId: number, keys: Uint32Array) => Promise<Uint8Array | null>

/** A part with the keys of its rows; null: its table remembers none. */
export type KeyedPart = NewPart & { readonly rowKeys: Uint32Array | null }

export type DuplicatesWorld = {
  readonly arena: Arena
  readonly pool: WorkerPool
  readonly tableById: (id: number) => TableMeta | null
}

/** Keys that a worker made; their shared memory goes back. */
export function takenKeys(keys: KeyBytes | null, arena: Arena): Uint32Array | null {
  if (keys === null) return null
  const copy = Uint8Array.from(arena.bytes(keys.address, keys.bytes))
  arena.free(keys.address, keys.bytes)
  return new Uint32Array(copy.buffer)
}

/** A part of a worker, under its table. */
export function keyedPart(part: ImagePart | null, keys: KeyBytes | null, table: TableMeta, arena: Arena): KeyedPart | null {
  const rowKeys = takenKeys(keys, arena)
  return part === null ? null : { ...part, tableId: table.id, schemaVersion: table.schemaVersion, rowKeys }
}

/** The part without rows that are not new (null: none is), and which those were (null: none). Its memory
 * is freed once another is in its place; when this throws, it is as it was. */
export async function fresh(
  { rowKeys, ...part }: KeyedPart, look: Look, world: DuplicatesWorld,
): Promise<{ readonly part: NewPart | null; readonly marks: Uint8Array | null }> {
  const marks = rowKeys === null ? null : await look(part.tableId, rowKeys)
  if (marks === null) return { part, marks }
  if (marks.length !== part.rowCount) throw new Error(`duplicates: ${marks.length} keys for ${part.rowCount} rows`)
  const rows = Uint32Array.from({ length: marks.length }, (_, index) => index).filter((index) => marks[index] === 0)
  const table = world.tableById(part.tableId)
  if (table === null) throw new TableGone()
  const taken = rows.length === 0 ? null : await world.pool.takeRows({
    kind: 'take-rows', table, rows, nowMs: Date.now(),
    part: { ...part, kind: 'part', id: 0, firstSequence: 0, lastSequence: 0 },
  })
  world.arena.free(part.address, part.bytes)
  return { part: taken === null ? null : { ...part, ...taken }, marks }
}

export const countOf = (marks: Uint8Array | null): number => marks?.reduce((sum, mark) => sum + mark, 0) ?? 0
