// What the log of a store holds at start: images go straight into the arena, nothing is parsed. One
// file is in memory at a time.
//
// What is read may come from the system's memory and never reach the disk: the process before was
// killed between a write and its sync, or its sync failed. So the last records, of which no later one
// says that they are durable, are handed back to be written again (Wal.start) before anything is built
// on them.

import { join } from 'node:path'
import type { Arena } from '../arena/arena.ts'
import { decodeFileHead, FILE_HEAD_BYTES } from '../bytes/file-head.ts'
import type { Disk } from '../disk/disk.ts'
import { WAL_MAGIC, WAL_VERSION, type Content } from './record.ts'
import type { EncodedKeys } from './key-table.ts'
import type { RowKeySection } from './row-key-tables.ts'
import { CorruptWal, replayFile } from './replay.ts'
import { walName, type WalFile } from './wal.ts'

export type RecoveredPart = {
  readonly tableId: number
  readonly rowCount: number
  readonly sequence: number
  readonly address: number
  readonly bytes: number
}

/** What is wanted of one log file, and how large all of them are. */
export type RecoveredFile = { readonly parts: readonly RecoveredPart[]; readonly logBytes: number }

export type Recovered = {
  readonly lastSequence: number
  readonly lastFile: number
  readonly files: ReadonlyMap<number, WalFile>
  /** Transactions that may not be on the disk, up to the last. Their images are views that stay valid. */
  readonly unsure: readonly Content[]
}

/** Where recovered parts go. */
export type PartMemory = Pick<Arena, 'allocate' | 'bytes'>

export type Expected = {
  /** Rows of this sequence and later may lie in the log alone. */
  readonly needed: number
  /** The log has reached this sequence, as the manifest knows. */
  readonly reached: number
  /** A log file was there once. */
  readonly hasLog: boolean
  /** Whether rows of a table at a sequence are not yet in segments. */
  readonly isWanted: (tableId: number, sequence: number) => boolean
  /** `keysOf`: of a bulk write into that table. */
  readonly takeKeys: (keys: EncodedKeys, sequence: number, keysOf?: number) => void
  /** The bytes are valid during the call only. */
  readonly takeRowKeys: (keys: RowKeySection, sequence: number) => void
}

type Head = { readonly number: number; readonly path: string; readonly salt: number; readonly first: number }

/** Reads all log files in order, and hands over the parts of each as soon as they are in memory. Throws CorruptWal,
 * NewerFormat, and when the arena cannot hold what is wanted. */
export function* recover(
  disk: Disk, folder: string, expected: Expected, arena: PartMemory,
): Generator<RecoveredFile, Recovered, void> {
  const numbers = disk.list(folder).flatMap((name) => /^wal-\d+$/.test(name) ? [Number(name.slice(4))] : [])
  const heads = numbers.flatMap((number) => readHead(disk, folder, number))
  checkStart(folder, heads, expected)
  const files = new Map<number, WalFile>(numbers.map((number) => [number, { last: 0, bytes: 0, isSure: false }]))
  const sizes = heads.map(({ path }) => disk.fileBytes(path))
  const logBytes = sizes.reduce((sum, bytes) => sum + bytes, 0)
  const space = Buffer.allocUnsafeSlow(Math.max(0, ...sizes))
  let next = heads.length === 0 ? expected.reached + 1 : heads[0].first
  let unsure: Content[] = []
  for (const [index, head] of heads.entries()) {
    const parts: RecoveredPart[] = []
    unsure = [] // a file is begun when all before it is durable
    const bytes = readInto(disk, head.path, space)
    const fence = heads[index + 1]?.first ?? Number.POSITIVE_INFINITY
    // A gap below `needed` is a removed file whose elder's removal was lost in a crash.
    next = replayFile({ ...head, bytes, fence, headBytes: FILE_HEAD_BYTES }, expected.needed, (record) => {
      unsure = unsure.slice(Math.max(0, unsure.length - (record.sequence - 1 - record.durable)))
      unsure.push(record)
      if (record.keys !== null) expected.takeKeys(record.keys, record.sequence, record.keysOf)
      for (const keys of record.rowKeys) expected.takeRowKeys(keys, record.sequence)
      for (const { tableId, rowCount, image } of record.parts) {
        if (!expected.isWanted(tableId, record.sequence)) continue
        parts.push({ tableId, rowCount, sequence: record.sequence, ...copyIn(arena, image) })
      }
    })
    files.set(head.number, { last: next - 1, bytes: bytes.length, isSure: true })
    yield { parts, logBytes }
  }
  unsure = unsure.slice(Math.max(0, unsure.length - (next - 1 - expected.reached)))
  // Their copies are fenced by the file that they are written to again.
  const last = heads[heads.length - 1]?.number ?? 0
  const lastFile = files.get(last)
  if (lastFile !== undefined) files.set(last, { ...lastFile, last: next - 1 - unsure.length })
  if (next <= expected.reached) {
    throw new CorruptWal(heads[heads.length - 1].path, disk.fileBytes(heads[heads.length - 1].path),
      `it ends before sequence ${next}, but the store had reached ${expected.reached}`)
  }
  return { lastSequence: next - 1, lastFile: Math.max(0, ...numbers), files, unsure }
}

function checkStart(folder: string, heads: readonly Head[], { needed, hasLog }: Expected): void {
  if (heads.length === 0 && hasLog) {
    throw new CorruptWal(join(folder, 'wal-*'), 0, 'all files of it are missing')
  }
  if (heads.length > 0 && heads[0].first > needed) {
    throw new CorruptWal(heads[0].path, 0, `it begins with sequence ${heads[0].first}, but the file with `
      + `sequence ${needed} is missing`)
  }
}

/** No head: the file was being made when the process stopped, and nothing was acknowledged in it. It
 * is left to be removed with the next ones. */
function readHead(disk: Disk, folder: string, number: number): Head[] {
  const path = join(folder, walName(number))
  const reader = disk.openForRead(path)
  try {
    const bytes = new Uint8Array(FILE_HEAD_BYTES)
    const head = reader.read(bytes, 0) < FILE_HEAD_BYTES ? null
      : decodeFileHead(path, bytes, WAL_MAGIC, WAL_VERSION, 'write-ahead log')
    if (head !== null) return [{ number, path, ...head }]
    // Records are written when the head is durable: with bytes behind it, it was, and is damaged.
    if (reader.bytes > FILE_HEAD_BYTES) throw new CorruptWal(path, 0, 'the head is damaged')
    return []
  } finally {
    reader.close()
  }
}

/** One space for all files: fresh memory costs more than the reading. */
function readInto(disk: Disk, path: string, space: Uint8Array): Uint8Array {
  const reader = disk.openForRead(path)
  try {
    return space.subarray(0, reader.read(space.subarray(0, reader.bytes), 0))
  } finally {
    reader.close()
  }
}

function copyIn(arena: PartMemory, image: Uint8Array): { address: number; bytes: number } {
  const address = arena.allocate(image.length)
  if (address === 0) {
    throw new Error('The write-ahead log holds more rows than the memory for new rows takes; '
      + 'start with more memory (PIPIT_MEMORY_BYTES)')
  }
  arena.bytes(address, image.length).set(image)
  return { address, bytes: image.length }
}
