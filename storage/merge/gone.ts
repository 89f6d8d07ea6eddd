// Which rows a flush or a merge leaves out: deleted ones, and those whose time is over. Also when the
// rows that stay will be over.

import type { EncodeSpace } from '../codec/space.ts'
import { bareType } from '../column/data-type.ts'
import type { Vector } from '../column/vector.ts'
import type { Expiry, TableMeta } from '../face.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'
import type { RowSet } from '../part/row-set.ts'
import { isDeleted } from '../segment/delete-mask.ts'
import { evaluatePlace, type KeyCompiler } from './keys.ts'
import type { Partition } from './partitions.ts'

const SECONDS_A_DAY = 86_400

/** When each row of all sets is over, in seconds; Infinity: never. In the space's account. */
export function expiryOfRows(
  table: TableMeta, sets: readonly RowSet[], compileKey: KeyCompiler, space: EncodeSpace,
): Float64Array | null {
  if (table.ttl === null) return null
  const key = evaluatePlace(table.ttl, table, sets, compileKey, space)
  const out = space.account.f64(key.length)
  const scale = secondsOf(key)
  if (key.kind !== 'number' && key.kind !== 'big') throw new Error(`A TTL cannot be of type ${key.type.name}`)
  for (let row = 0; row < key.length; row++) {
    const value = Number(key.values[row]) * scale
    // 0 is what a DateTime has that was never set: it never ends, as in ClickHouse.
    out[row] = value === 0 || (key.nulls !== null && key.nulls[row] !== 0) ? Number.POSITIVE_INFINITY : value
  }
  return out
}

/** Seconds of one tick of a time. */
function secondsOf({ type }: Vector): number {
  const bare = bareType(type)
  if (bare.id === 'Date' || bare.id === 'Date32') return SECONDS_A_DAY
  if (bare.id === 'DateTime64') return 10 ** -Number(/\d+/.exec(bare.name.slice('DateTime64'.length))?.[0] ?? 3)
  return 1
}

/** Takes deleted rows, and those that are over at `nowSeconds`, out of the partitions; partitions
 * without rows go. */
export function leaveOutGone(
  partitions: readonly Partition[], sets: readonly RowSet[], expiry: Float64Array | null,
  nowSeconds: number, account: MemoryAccount,
): Partition[] {
  const isMasked = sets.some(({ deleted }) => deleted !== null)
  const isOver = expiry !== null && expiry.some((end) => end <= nowSeconds)
  if (!isMasked && !isOver) return [...partitions]
  const gone = account.u8(sets.reduce((sum, set) => sum + set.rowCount, 0)).fill(0)
  let at = 0
  for (const { rowCount, deleted } of sets) {
    if (deleted !== null) for (let row = 0; row < rowCount; row++) if (isDeleted(deleted, row)) gone[at + row] = 1
    at += rowCount
  }
  if (expiry !== null) for (let row = 0; row < gone.length; row++) if (expiry[row] <= nowSeconds) gone[row] = 1
  return partitions.map(({ name, rows }) => ({ name, rows: kept(rows, gone) })).filter(({ rows }) => rows.length > 0)
}

function kept(rows: Uint32Array, gone: Uint8Array): Uint32Array {
  let count = 0
  for (let i = 0; i < rows.length; i++) if (gone[rows[i]] === 0) rows[count++] = rows[i]
  return rows.subarray(0, count)
}

/** The first and the last end of a partition's rows; null: the table has no TTL. */
export function expiryOf(table: TableMeta, { rows }: Partition, expiry: Float64Array | null): Expiry | null {
  if (expiry === null || table.ttl === null || rows.length === 0) return null
  let first = Number.POSITIVE_INFINITY
  let last = Number.NEGATIVE_INFINITY
  for (let i = 0; i < rows.length; i++) {
    first = Math.min(first, expiry[rows[i]])
    last = Math.max(last, expiry[rows[i]])
  }
  return { ttl: table.ttl, first, last }
}
