// A store's folder: made when it is not there, and owned by one process while the store is open;
// and what no record names in it.

import { join } from 'node:path'
import type { Disk } from './disk/disk.ts'
import { UnusableFolder } from './errors.ts'
import type { SegmentRef } from './face.ts'

export const SEGMENT_FOLDER = 'segments'

/** Takes the folder for this process; answers how to let it go, null: the disk takes no writes, and there is
 * a store. Throws UnusableFolder, StoreLocked. */
export async function takeFolder(folder: string, disk: Disk): Promise<(() => void) | null> {
  try {
    disk.makeFolder(join(folder, SEGMENT_FOLDER))
    return await disk.lock(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EROFS' && disk.exists(join(folder, SEGMENT_FOLDER))) return null
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    throw new UnusableFolder(folder, error as Error)
  }
}

/** Removes files of segments that a crash left between their writing and the edit that names them, or between the
 * edit that lets them go and their removal. `named`: those that stay. */
export function removeLeftovers(disk: Disk, folder: string, named: ReadonlySet<string>): void {
  const segments = join(folder, SEGMENT_FOLDER)
  for (const name of disk.list(segments)) if (!named.has(name)) disk.remove(join(segments, name))
}

/** Says of a segment that its file is not there, or not as long as it was written; null: it is. */
export function fileFault(disk: Disk, folder: string, { file, bytes }: SegmentRef): string | null {
  const path = join(folder, SEGMENT_FOLDER, file)
  if (!disk.exists(path)) return `${file} is missing`
  const found = disk.fileBytes(path)
  return found === bytes ? null : `${file} has ${found} bytes instead of ${bytes}`
}
