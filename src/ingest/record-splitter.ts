// Cuts a stream of CSV or JSON lines into whole records, and counts its lines. It runs where the stream
// comes in, so the bytes go through a small memory of its own, in which the kernel looks at a piece within
// a fraction of a millisecond.
//
// Invariant: records end here where csvParse ends them (storage/kernels/csv.test.ts).

import { SPLIT_BYTES, X_END, X_STATE } from '../../storage/kernels/csv-layout.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import type { WorkMemory } from '../../storage/kernels/work-memory.ts'
import type { CsvDialect } from './csv.ts'

/** Bytes that are looked at in one call. */
const LOOK_BYTES = 256 * 1024
const SENTINEL_BYTES = 64
const NEWLINE = 10
const NONE = 256

/** The memory that all splitters of a thread share: nothing of theirs stays in it between calls. */
export class SplitterRoom {
  readonly work: WorkMemory
  readonly kernels: Kernels
  readonly split: number
  readonly window: number

  constructor(work: WorkMemory, kernels: Kernels) {
    this.work = work
    this.kernels = kernels
    this.split = work.allocate(SPLIT_BYTES)
    this.window = work.allocate(LOOK_BYTES + SENTINEL_BYTES)
  }

  /** Bytes that its memory needs. */
  static readonly BYTES = 4 * LOOK_BYTES
}

export class RecordSplitter {
  private readonly room: SplitterRoom
  private readonly dialect: CsvDialect | null
  private state = 0

  /** `dialect` null: every newline ends a record (JSON lines). */
  constructor(room: SplitterRoom, dialect: CsvDialect | null) {
    this.room = room
    this.dialect = dialect
  }

  /** Where the last whole record of `bytes` ends, seen from where the call before left off (`from`);
   * 0: no record ends there. */
  endOf(bytes: Uint8Array, from: number): number {
    if (this.dialect === null) {
      const end = bytes.lastIndexOf(NEWLINE) + 1
      return end > from ? end : 0
    }
    const { work, kernels, split, window } = this.room
    const { delimiter, quote, escape } = this.dialect
    let last = 0
    work.u32[split + X_STATE >>> 2] = this.state
    for (let at = from; at < bytes.length; at += LOOK_BYTES) {
      const end = this.look(bytes, at)
      kernels.csvSplit(split, window, end, delimiter, quote < 0 ? NONE : quote, escape < 0 ? NONE : escape)
      const found = work.u32[split + X_END >>> 2]
      if (found > 0) last = at + found - window
    }
    this.state = work.u32[split + X_STATE >>> 2]
    return last
  }

  /** Lines that end in `bytes`. */
  linesOf(bytes: Uint8Array): number {
    let lines = 0
    for (let at = 0; at < bytes.length; at += LOOK_BYTES) {
      const end = this.look(bytes, at)
      lines += this.room.kernels.csvLines(this.room.window, end)
    }
    return lines
  }

  /** Brings the bytes from `at` on into the window; answers where they end. */
  private look(bytes: Uint8Array, at: number): number {
    const { work: { u8 }, window } = this.room
    const piece = bytes.subarray(at, at + LOOK_BYTES)
    u8.set(piece, window)
    u8.fill(NEWLINE, window + piece.length, window + piece.length + SENTINEL_BYTES)
    return window + piece.length
  }
}
