// Rows of a commit group that were stored before (DEDUPLICATE_BY), taken out of what a worker made of it.
// Groups without any, nearly all, keep their part as it is.

import type { Arena } from '../../storage/arena/arena.ts'
import type { RowKeyClaim, TableMeta } from '../../storage/face.ts'
import type { IngestResult } from '../workers/messages.ts'
import type { WorkerPool } from '../workers/pool.ts'

/** Store.deduplicate. */
export type Deduplicate = <T>(
  tableId: number, keys: Uint32Array,
  work: (marks: Uint8Array | null, claim: RowKeyClaim | null) => Promise<T>,
) => Promise<T>

/** The keys of a result's rows; their shared memory goes back. */
export function keysOf({ keys }: IngestResult, arena: Arena): Uint32Array {
  if (keys === null) return new Uint32Array(0)
  const copy = Uint8Array.from(arena.bytes(keys.address, keys.bytes))
  arena.free(keys.address, keys.bytes)
  return new Uint32Array(copy.buffer)
}

/** The result without its marked rows, and how many of them each body had. The part's memory is freed
 * once another is in its place; when this throws, the result is as it was. */
export async function withoutMarked(
  result: IngestResult, marks: Uint8Array, table: TableMeta, world: { arena: Arena; pool: WorkerPool },
): Promise<{ readonly result: IngestResult; readonly duplicates: readonly number[] }> {
  const { part } = result
  if (part === null) throw new Error('duplicates: rows are marked where there are none')
  const duplicates: number[] = []
  let row = 0
  const perBody = result.perBody.map((body) => {
    let count = 0
    for (const end = row + body.successful; row < end; row++) count += marks[row]
    duplicates.push(count)
    return { ...body, successful: body.successful - count }
  })
  if (row !== marks.length) throw new Error(`duplicates: the bodies have ${row} rows, the part ${marks.length}`)
  const rows = Uint32Array.from({ length: marks.length }, (_, index) => index).filter((index) => marks[index] === 0)
  const kept = rows.length === 0 ? null : await world.pool.takeRows({
    kind: 'take-rows', table, rows, nowMs: Date.now(),
    part: { ...part, kind: 'part', id: 0, firstSequence: 0, lastSequence: 0 },
  })
  world.arena.free(part.address, part.bytes)
  return { result: { ...result, part: kept, perBody }, duplicates }
}
