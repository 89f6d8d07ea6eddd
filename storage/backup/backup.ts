// A copy of a store at one moment, made while it is in use. Segments and masks never change, so they are
// linked (or copied) by name, and only those that the backup does not have yet; what is in memory goes
// into a log of one record. FORMAT.md, "Backup".
//
//   TO/segments/…           shared by all sets          TO/set-N/manifest-…, wal-…   the newest set counts
//                                                       TO/set-N/beside/…            what its owner keeps there
//
// Invariant: a set gets its name when all of it, and all that it names, is synced; older ones go after.

import { dirname, isAbsolute, join } from 'node:path'
import type { Arena } from '../arena/arena.ts'
import { crc32 } from '../bytes/crc32.ts'
import { encodeFileHead } from '../bytes/file-head.ts'
import type { Disk } from '../disk/disk.ts'
import type { PartRef, SegmentRef } from '../face.ts'
import type { ManifestRecord } from '../manifest/edit.ts'
import { writeManifest } from '../manifest/log.ts'
import { maskFile } from '../segment/delete-mask.ts'
import { encodeRecord, WAL_MAGIC, WAL_VERSION, type PartSection } from '../wal/record.ts'
import { ROW_KEYS, writeKeyFile, type EncodedChunks } from '../wal/key-file.ts'
import type { EncodedKeys } from '../wal/key-table.ts'
import { walName } from '../wal/wal.ts'

/** What a store is at one moment; release() lets its files go. */
export type Cut = {
  readonly sequence: number
  readonly record: ManifestRecord
  readonly segments: readonly SegmentRef[]
  readonly parts: readonly (PartRef & { readonly tableId: number; readonly schemaVersion: number })[]
  readonly keys: EncodedKeys | null
  readonly rowKeys: EncodedChunks
  readonly release: () => void
}

export type BackupOptions = {
  readonly disk: Disk
  readonly arena: Arena
  readonly random: () => number
  /** The store's folder. */
  readonly from: string
  readonly to: string
  /** False: links where the disks allow it. A linked file shares its bytes with the store's. */
  readonly isCopy: boolean
  /** Small files that the store's owner keeps in its folder, as paths in it: they are part of the backup. */
  readonly beside?: readonly string[]
}

export type BackupReport = { readonly set: string; readonly segments: number; readonly newFiles: number }

const setNumber = (name: string): number => Number(/^set-(\d+)$/.exec(name)?.[1] ?? 0)

/** The newest set of a backup; null: the folder holds none. */
export function newestSet(disk: Disk, folder: string): string | null {
  const numbers = disk.list(folder).map(setNumber).filter((number) => number > 0)
  return numbers.length === 0 ? null : `set-${Math.max(...numbers)}`
}

/** Brings a backup folder up to a cut of the store, and releases it. */
export async function writeBackup(cut: Cut, options: BackupOptions): Promise<BackupReport> {
  const { disk, to, from, isCopy } = options
  try {
    const folder = join(to, 'segments')
    disk.makeFolder(folder)
    const files = cut.segments.flatMap(({ id, file, maskVersion, maskedRows }) =>
      [file, ...maskedRows > 0 ? [maskFile(id, maskVersion)] : []])
    let newFiles = 0
    for (const file of files) {
      const [source, target] = [join(from, 'segments', file), join(folder, file)]
      if (disk.exists(target) && isSame(disk, source, target)) continue
      await disk.duplicate(source, `${target}.tmp`, !isCopy)
      await disk.renameAsync(`${target}.tmp`, target)
      newFiles++
    }
    await disk.syncFolderAsync(folder)
    const set = await writeSet(cut, options)
    for (const name of disk.list(to)) if (name.startsWith('set-') && name !== set) disk.removeFolder(join(to, name))
    const wanted = new Set(files)
    for (const name of disk.list(folder)) if (!wanted.has(name)) await disk.removeAsync(join(folder, name))
    return { set, segments: cut.segments.length, newFiles }
  } finally {
    cut.release()
  }
}

/** The end of an immutable file holds the checksum of all of it, or of all its checksums. */
function isSame(disk: Disk, one: string, other: string): boolean {
  if (disk.fileBytes(one) !== disk.fileBytes(other)) return false
  const tails = [one, other].map((path) => {
    const reader = disk.openForRead(path)
    try {
      const tail = new Uint8Array(16)
      reader.read(tail, Math.max(0, reader.bytes - tail.length))
      return Buffer.from(tail)
    } finally {
      reader.close()
    }
  })
  return tails[0].equals(tails[1])
}

const BESIDE = 'beside'

/** Copies, with the rights that the files have: they may hold secrets. One is replaced, never changed, so a
 * copy is one of its versions. */
async function writeBeside({ disk, from, beside = [] }: BackupOptions, set: string): Promise<void> {
  if (beside.length === 0) return
  const folder = join(set, BESIDE)
  disk.makeFolder(folder)
  for (const path of beside) await disk.duplicate(join(from, path), join(folder, encodeURIComponent(path)), false)
  disk.syncFolder(folder)
}

/** A name that leads out of the folder is no backup's. */
async function restoreBeside(disk: Disk, set: string, to: string): Promise<void> {
  for (const name of disk.list(join(set, BESIDE))) {
    const path = decodeURIComponent(name)
    if (isAbsolute(path) || path.split(/[/\\]/).includes('..')) throw new Error(`The backup holds a file that is not of a store: ${name}`)
    const folder = dirname(join(to, path))
    disk.makeFolder(folder)
    await disk.duplicate(join(set, BESIDE, name), join(to, path), false)
    disk.syncFolder(folder)
  }
}

/** Manifest and log of the cut in a folder of their own. */
async function writeSet(cut: Cut, options: BackupOptions): Promise<string> {
  const { disk, arena, random, to } = options
  const name = `set-${setNumber(newestSet(disk, to) ?? '') + 1}`
  const folder = join(to, `${name}.tmp`)
  disk.removeFolder(folder)
  disk.makeFolder(folder)
  const salt = Math.floor(random() * 2 ** 32)
  const parts = cut.parts.map((part): PartSection => {
    const image = arena.bytes(part.address, part.bytes)
    return { ...part, image, checksum: crc32(image) }
  })
  const head = encodeFileHead(WAL_MAGIC, WAL_VERSION, { salt, first: Math.max(1, cut.sequence) })
  const record = cut.sequence === 0 ? []
    : encodeRecord(cut.sequence, cut.sequence - 1, { parts, keys: cut.keys, rowKeys: [] }, salt)
  const log = await disk.open(join(folder, walName(1)))
  try {
    await log.write([head, ...record], 0)
    await log.sync()
  } finally {
    await log.close()
  }
  if (cut.rowKeys.count > 0) await writeKeyFile(disk, folder, ROW_KEYS, cut.sequence, cut.rowKeys)
  await writeBeside(options, folder)
  await writeManifest({ disk, folder, random }, cut.record)
  disk.syncFolder(folder)
  await disk.renameAsync(folder, join(to, name))
  await disk.syncFolderAsync(to)
  return name
}

/** The target of a restore has something in it. */
export class TargetNotEmpty extends Error {
  constructor(folder: string) {
    super(`${folder} is not empty; restore into a new folder, or remove what is there first`)
    this.name = 'TargetNotEmpty'
  }
}

/** Makes a store's folder out of a backup's newest set. Throws TargetNotEmpty. */
export async function restoreBackup(disk: Disk, from: string, to: string): Promise<void> {
  const set = newestSet(disk, from)
  if (set === null) throw new Error(`${from} holds no backup`)
  if (disk.list(to).length > 0) throw new TargetNotEmpty(to)
  disk.makeFolder(join(to, 'segments'))
  for (const file of disk.list(join(from, 'segments'))) {
    await disk.duplicate(join(from, 'segments', file), join(to, 'segments', file), false)
  }
  disk.syncFolder(join(to, 'segments'))
  await restoreBeside(disk, join(from, set), to)
  // The manifest comes last: without it the folder is no store, whatever stopped this.
  const files = disk.list(join(from, set)).filter((name) => name !== BESIDE).sort((a, b) => Number(a.startsWith('manifest')) - Number(b.startsWith('manifest')))
  for (const file of files) {
    await disk.duplicate(join(from, set, file), join(to, file), false)
    disk.syncFolder(to)
  }
}
