// What the log of a store holds at start: images go straight into the arena, nothing is parsed. A file of
// which nearly all is wanted is read there and stays as it is; of another, one at a time, the images are
// copied.
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
import type { FileMemory } from './file-memory.ts'
import type { EncodedKeys } from './key-table.ts'
import type { RowKeySection } from './row-key-world.ts'
import { CorruptWal, replayFile } from './replay.ts'
import { walName, type WalFile } from './wal.ts'

export type RecoveredPart = {
  readonly tableId: number
  readonly rowCount: number
  readonly sequence: number
  readonly address: number
  readonly bytes: number
}

/** What is wanted of one log file, how large all of them are, and the next one (0: it is the last). Where there is
 * a next one, all that was handed over is surely on the disk. */
export type RecoveredFile = { readonly parts: readonly RecoveredPart[]; readonly logBytes: number; readonly nextBytes: number }

export type Recovered = {
  readonly lastSequence: number
  readonly lastFile: number
  readonly files: ReadonlyMap<number, WalFile>
  /** Transactions that may not be on the disk, up to the last. Their images are views that stay valid. */
  readonly unsure: readonly Content[]
}

/** Where recovered parts go. `files`: whole files may stay there; absent: each part is copied. */
export type PartMemory = Pick<Arena, 'allocate' | 'bytes'> & { readonly files?: FileMemory }

/** A file stays where at least this share of it is wanted parts, all of one table (those of a table that is
 * seldom flushed would hold the memory of all others) ... */
const WANTED_SHARE_MIN = 7 / 8
/** ... and the log is at most this share of the memory: merges of parts give nothing back before all of
 * their file are merged. */
const LOG_SHARE_MAX = 1 / 3

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

/** `at`: its offset in the file. */
type WantedPart = Omit<RecoveredPart, 'address'> & { readonly at: number }

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
  const { files: fileMemory } = arena
  const mayStay = fileMemory !== undefined && logBytes <= fileMemory.budgetBytes * LOG_SHARE_MAX
  let space: Uint8Array = new Uint8Array(0)
  const spaceFor = (bytes: number): Uint8Array => {
    if (space.length < bytes) space = Buffer.allocUnsafeSlow(Math.max(...sizes))
    return space.subarray(0, bytes)
  }
  let next = heads.length === 0 ? expected.reached + 1 : heads[0].first
  let unsure: Content[] = []
  for (const [index, head] of heads.entries()) {
    unsure = [] // a file is begun when all before it is durable
    const wanted: WantedPart[] = []
    // The last file's records may be written again, from bytes that stay.
    const address = mayStay && index < heads.length - 1 ? fileMemory.take(sizes[index]) : 0
    let bytes = readInto(disk, head.path, address === 0 ? spaceFor(sizes[index]) : arena.bytes(address, sizes[index]))
    const fence = heads[index + 1]?.first ?? Number.POSITIVE_INFINITY
    // A gap below `needed` is a removed file whose elder's removal was lost in a crash.
    next = replayFile({ ...head, bytes, fence, headBytes: FILE_HEAD_BYTES }, expected.needed, (record) => {
      unsure = unsure.slice(Math.max(0, unsure.length - (record.sequence - 1 - record.durable)))
      unsure.push(record)
      if (record.keys !== null) expected.takeKeys(record.keys, record.sequence, record.keysOf)
      for (const keys of record.rowKeys) expected.takeRowKeys(keys, record.sequence)
      for (const { tableId, rowCount, image } of record.parts) {
        if (!expected.isWanted(tableId, record.sequence)) continue
        const at = image.byteOffset - bytes.byteOffset
        wanted.push({ tableId, rowCount, sequence: record.sequence, at, bytes: image.length })
      }
    })
    let parts: readonly RecoveredPart[]
    const wantedBytes = wanted.reduce((sum, part) => sum + part.bytes, 0)
    const isOfOneTable = wanted.length > 0 && wanted.every(({ tableId }) => tableId === wanted[0].tableId)
    if (address > 0 && isOfOneTable && wantedBytes >= bytes.length * WANTED_SHARE_MIN) {
      (fileMemory as FileMemory).keep(address, sizes[index], wanted.length)
      parts = wanted.map(({ at, ...part }) => ({ ...part, address: address + at }))
    } else {
      if (address > 0) {
        const copy = spaceFor(bytes.length)
        copy.set(bytes)
        bytes = copy;
        (fileMemory as FileMemory).give(address, sizes[index])
      }
      parts = wanted.map(({ at, ...part }) => ({ ...part, ...copyIn(arena, bytes.subarray(at, at + part.bytes)) }))
    }
    files.set(head.number, { last: next - 1, bytes: bytes.length, isSure: true })
    yield { parts, logBytes, nextBytes: sizes[index + 1] ?? 0 }
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

/** What is in a file, up to the length of `space`: fresh memory costs more than the reading. */
function readInto(disk: Disk, path: string, space: Uint8Array): Uint8Array {
  const reader = disk.openForRead(path)
  try {
    return space.subarray(0, reader.read(space, 0))
  } finally {
    reader.close()
  }
}

function copyIn(arena: PartMemory, image: Uint8Array): { readonly address: number } {
  const address = arena.allocate(image.length)
  if (address === 0) {
    throw new Error('The write-ahead log holds more rows than the memory for new rows takes; '
      + 'start with more memory (PIPIT_MEMORY_BYTES)')
  }
  arena.bytes(address, image.length).set(image)
  return { address }
}
