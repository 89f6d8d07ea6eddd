// A log file's bytes back to transactions. A torn tail (what a crash left of the last write) is cut at
// the last whole record; damage to what was durable is corruption, said so with its place and never
// skipped.

import { findFrame } from '../bytes/frame.ts'
import { decodeRecord, decodeSequences, type WalRecord } from './record.ts'

/** Rows that were acknowledged are damaged or missing: nothing behind them can be trusted to be all. */
export class CorruptWal extends Error {
  constructor(file: string, offset: number, why: string) {
    super(`Corrupt data in the write-ahead log ${file} at offset ${offset}: ${why}. `
      + 'Restore the file from a backup; no row is served until then')
    this.name = 'CorruptWal'
  }
}

export type LogFile = {
  readonly path: string
  readonly bytes: Uint8Array
  readonly salt: number
  /** Sequence of its first record. */
  readonly first: number
  /** First sequence of the next file: records from there on were refused. Infinity: it is the last. */
  readonly fence: number
  readonly headBytes: number
}

/** Hands over every record of a file in order and answers the sequence after the last. Throws
 * CorruptWal when a record that was durable is damaged or missing, except when its sequence is below
 * `needed`: its rows lie in segments. */
export function replayFile(file: LogFile, needed: number, take: (record: WalRecord) => void): number {
  const { path, bytes, salt, fence } = file
  let sequence = file.first
  let at = file.headBytes
  while (sequence < fence) {
    const record = decodeRecord(path, bytes, at, salt)
    if (record === null || record.sequence !== sequence) break
    take(record)
    sequence++
    at = record.end
  }
  if (fence !== Number.POSITIVE_INFINITY) {
    if (sequence < fence && fence > needed) {
      throw new CorruptWal(path, at, `the record with sequence ${sequence} is damaged or missing`)
    }
    return sequence
  }
  const behind = findDurableAfter(bytes, at, salt, sequence)
  if (behind >= 0) {
    throw new CorruptWal(path, at, 'a record is damaged and '
      + `whole records follow it (the next at offset ${behind})`)
  }
  return sequence
}

/** Offset of a record that was written when `sequence` was durable already; -1: there is none. */
function findDurableAfter(bytes: Uint8Array, from: number, salt: number, sequence: number): number {
  for (let at = findFrame(bytes, from, salt); at >= 0; at = findFrame(bytes, at + 1, salt)) {
    const found = decodeSequences(bytes, at, salt)
    if (found !== null && found.durable >= sequence) return at
  }
  return -1
}
