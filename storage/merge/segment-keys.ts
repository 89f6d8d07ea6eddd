// Keys of the rows of segments (DEDUPLICATE_BY), read back from the column that they are made of: for a mask
// that finds rows by their keys, and for a bulk write that goes on after a stop.

import { join } from 'node:path'
import type { StoreTask } from '../face.ts'
import { MemoryAccount } from '../kernels/work-memory.ts'
import { openImage } from '../part/image.ts'
import { rowKeysOf } from '../part/row-keys.ts'
import type { RowSet } from '../part/row-set.ts'
import { ScanSource } from '../segment/scan-source.ts'
import type { TaskWorld } from './task-world.ts'

const KEY_WORDS = 4

/** Hands over the keys of a row set, a block at a time, with the number of the block's first row. */
export function forKeys(
  set: RowSet, columnId: number, { work, kernels }: TaskWorld, take: (keys: Uint32Array, row: number, rows: number) => void,
): void {
  const column = set.column(columnId)
  let row = 0
  for (let block = 0; column !== null && block < set.blockCount; block++) {
    const account = new MemoryAccount(work, work.buffer.byteLength)
    try {
      const vector = column.decode(block, account, null)
      take(rowKeysOf(vector, account, kernels), row, vector.length)
      row += vector.length
    } finally {
      account.releaseAll()
    }
  }
}

/** Keys of all rows of a segment, in their order. */
export function keysOfSegment({ segment, folder, table, columnId }: StoreTask & { kind: 'row-keys' }, world: TaskWorld): Uint32Array {
  const source = new ScanSource(world.disk, join(folder, segment.file))
  try {
    const all = new Uint32Array(segment.rowCount * KEY_WORDS)
    const set = openImage(source, { ...segment, label: `${segment.file} of ${table.name}` }, world.kernels)
    forKeys(set, columnId, world, (keys, row) => all.set(keys, row * KEY_WORDS))
    return all
  } finally {
    source.close()
  }
}
