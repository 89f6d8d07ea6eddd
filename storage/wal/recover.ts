// What the log of a store holds at start: images go straight into the arena, nothing is parsed.

import { join } from 'node:path'
import type { Arena } from '../arena/arena.ts'
import type { Disk } from '../disk/disk.ts'
import { replayFile } from './replay.ts'
import { walName } from './wal.ts'

export type RecoveredPart = {
  readonly part: { readonly tableId: number; readonly rowCount: number; readonly sequence: number }
  readonly image: { readonly address: number; readonly bytes: number }
}

export type Recovered = {
  readonly parts: readonly RecoveredPart[]
  readonly lastSequence: number
  readonly lastFile: number
  /** Last sequence by file number. */
  readonly files: ReadonlyMap<number, number>
}

/** Reads all log files in order. `isWanted`: whether rows of a table at a sequence are not yet in
 * segments. Throws when the arena cannot hold what is wanted. */
export function recover(
  disk: Disk, folder: string, isWanted: (tableId: number, sequence: number) => boolean, arena: Arena,
): Recovered {
  const numbers = disk.list(folder).flatMap((name) => /^wal-\d+$/.test(name) ? [Number(name.slice(4))] : [])
  const files = new Map<number, number>()
  const replayed = numbers.map((number) => {
    const path = join(folder, walName(number))
    return { number, ...replayFile(path, disk.readWhole(path)) }
  })
  const parts: RecoveredPart[] = []
  let lastSequence = 0
  replayed.forEach(({ number, records }, index) => {
    // Records that a later file's head fences were refused.
    const fence = Math.min(...replayed.slice(index + 1).map((later) => later.firstSequence))
    for (const { header, images } of records) {
      if (header.sequence >= fence) break
      lastSequence = Math.max(lastSequence, header.sequence)
      header.parts.forEach((part, at) => {
        if (!isWanted(part.tableId, header.sequence)) return
        parts.push({ part: { ...part, sequence: header.sequence }, image: copyIn(arena, images[at]) })
      })
    }
    files.set(number, lastSequence)
  })
  return { parts, lastSequence, lastFile: Math.max(0, ...numbers), files }
}

function copyIn(arena: Arena, image: Uint8Array): { address: number; bytes: number } {
  const address = arena.allocate(image.length)
  if (address === 0) {
    throw new Error('The write-ahead log holds more rows than the memory for new rows takes; '
      + 'start with more memory (PIPIT_MEMORY_BYTES)')
  }
  arena.bytes(address, image.length).set(image)
  return { address, bytes: image.length }
}
