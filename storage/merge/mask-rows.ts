// A delete's first half: finds the rows that fulfil its condition and writes new masks. The rows are out
// of sight when a manifest edit names the masks; merges write the segments anew without them. Rows of a
// bulk write that came by another way before its end are found by their keys (manifest/stage.ts).

import { join } from 'node:path'
import { EncodeSpace } from '../codec/space.ts'
import type { Vector } from '../column/vector.ts'
import type { MaskResult, RowsByKey, SegmentRef, StoreTask } from '../face.ts'
import { MemoryAccount } from '../kernels/work-memory.ts'
import { openImage } from '../part/image.ts'
import type { RowSet } from '../part/row-set.ts'
import { encodeMask, isDeleted, maskFile, readMask, type DeletedBits } from '../segment/delete-mask.ts'
import { ScanSource } from '../segment/scan-source.ts'
import { RowKeys } from '../wal/row-keys.ts'
import { evaluateKey } from './keys.ts'
import { forKeys } from './segment-keys.ts'
import type { TaskWorld } from './task-world.ts'

const KEY_WORDS = 4

type MaskTask = Extract<StoreTask, { kind: 'mask' }>

/** Masks the matching rows of all segments; `isDry`: only counts them. */
export function maskRows(task: MaskTask, world: TaskWorld): MaskResult {
  const masks: { segmentId: number; maskedRows: number }[] = []
  let matchedRows = 0
  for (const segment of task.segments) {
    const found = matchesOf(task, segment, world)
    if (found === null) continue
    matchedRows += found.maskedRows - segment.maskedRows
    masks.push({ segmentId: segment.id, maskedRows: found.maskedRows })
    // Of a segment that goes as a whole nothing is left to mask.
    if (task.isDry || found.maskedRows === segment.rowCount) continue
    const path = join(task.folder, maskFile(segment.id, task.version))
    world.disk.writeWholeSync(path, [encodeMask(segment.id, segment.rowCount, found.maskedRows, found.bits)])
  }
  if (!task.isDry && masks.length > 0) world.disk.syncFolder(task.folder)
  return { masks, matchedRows }
}

/** All deleted rows of a segment with those that match now; null: none are added. */
function matchesOf(
  task: MaskTask, segment: SegmentRef, world: TaskWorld,
): { bits: DeletedBits; maskedRows: number } | null {
  const source = new ScanSource(world.disk, join(task.folder, segment.file))
  const account = new MemoryAccount(world.work, world.work.buffer.byteLength)
  try {
    const before = readMask(world.disk, task.folder, segment)
    const set: RowSet = openImage(source, { ...segment, label: `${segment.file} of ${task.table.name}` }, world.kernels)
    const isWanted = typeof task.condition === 'string' ? byCondition(task.condition, task, set, account, world)
      : byKey(task.condition, set, account, world)
    const bits = before ?? new Uint8Array(Math.ceil(segment.rowCount / 8))
    let added = 0
    for (let row = 0; row < segment.rowCount; row++) {
      if (!isWanted(row) || isDeleted(bits, row)) continue
      bits[row >> 3] |= 1 << (row & 7)
      added++
    }
    return added === 0 ? null : { bits, maskedRows: segment.maskedRows + added }
  } finally {
    source.close()
    account.releaseAll()
  }
}

function byCondition(
  condition: string, { table }: MaskTask, set: RowSet, account: MemoryAccount, world: TaskWorld,
): (row: number) => boolean {
  const values = evaluateKey(condition, table, [set], world.compileKey, new EncodeSpace(account, world.kernels))
  return (row) => isTrue(values, row)
}

function byKey(
  { columnId, keys }: RowsByKey, set: RowSet, account: MemoryAccount, world: TaskWorld,
): (row: number) => boolean {
  const wanted = new RowKeys()
  const count = keys.length / KEY_WORDS
  wanted.claim(keys, 0, count, new Uint8Array(count))
  const marks = account.u8(set.rowCount).fill(0)
  forKeys(set, columnId, world, (own, row, rows) => wanted.find(own, 0, rows, marks.subarray(row, row + rows)))
  return (at) => marks[at] === 1
}

function isTrue(values: Vector, row: number): boolean {
  const at = values.isConst ? 0 : row
  if (values.nulls !== null && values.nulls[at] !== 0) return false
  if (values.kind === 'number') return values.values[at] !== 0
  if (values.kind === 'big') return values.values[at] !== 0n
  throw new Error(`A delete's condition is of type ${values.type.name}; it must be true or false`)
}
