// The store's limits with their reasons; each can be set when it is opened.

import type { StoreLimits } from './face.ts'
import { ROOM_BYTES_MAX } from './wal/wal.ts'

const MiB = 2 ** 20

/** Limits for an arena of this many bytes, which bodies in flight and partial states share with the
 * memory parts. */
export function defaultStoreLimits(arenaBytes: number): StoreLimits {
  return {
    flushBytes: Math.min(64 * MiB, arenaBytes / 8),
    flushRows: 500_000,
    flushCommits: 2048,
    walBytesMax: 512 * MiB,
    // A file goes when all of it is flushed: large ones would outlive their rows by many bytes an event.
    walFileBytes: 8 * MiB,
    walRoomBytes: ROOM_BYTES_MAX,
    partBytesSoft: arenaBytes / 2,
    partBytesMax: arenaBytes * 0.7,
    startBytesMax: arenaBytes * 0.7,
    startPartsMax: 64,
    startAheadBytes: Math.min(32 * MiB, arenaBytes / 8),
    pieceBytes: Math.min(32 * MiB, arenaBytes / 8),
    // A merge holds all its rows decoded, three to ten times as many bytes, in 2 GiB; a worker's memory
    // stays as large as it was once.
    mergeBytesMax: Math.min(128 * MiB, arenaBytes / 8),
    flushBytesMax: Math.min(128 * MiB, arenaBytes / 8), // for the same reason
    // Encoded bytes say little of texts that repeat within themselves: 64 MiB of them may be gigabytes.
    textBytesMax: Math.min(384 * MiB, arenaBytes),
    freeBytesMin: 64 * MiB,
    keyMs: 3_600_000,
    rowKeyBytesMax: arenaBytes / 2,
  }
}
