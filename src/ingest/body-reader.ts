// The bytes of one body on their way into the kernel's input window. A small body is copied whole; a
// large one in pieces that stay in the processor's cache, with the row that a piece cuts moved to the
// front of the next.
// Invariant: behind the input stand 64 bytes of newline (ndjson-layout.ts).

import {
  KEPT_BYTES, MODE_CLOSED, MODE_LINES, S_CURSOR, S_END, S_FINAL, S_MODE, S_ORIGIN, S_SLICE_END,
} from '../../storage/kernels/ndjson-layout.ts'
import { copyBytes } from '../../storage/bytes/copy-bytes.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { CsvDialect } from './csv.ts'
import { WINDOW_MIN, type Workspace } from './workspace.ts'

/** What a request carried. `bytes` may lie in shared memory. */
export type IngestBody = {
  readonly bytes: Uint8Array
  readonly format: 'ndjson' | 'json'
  readonly gzip: boolean
  /** The bytes are CSV records of this form, without a heading; null: they are what `format` says. */
  readonly csv?: CsvForm | null
  /** The line of its file at which it begins. */
  readonly firstLine?: number
}

/** A CSV's columns in its order, by the names of the data source's (unknown ones go nowhere). */
export type CsvForm = { readonly dialect: CsvDialect; readonly columns: readonly string[] }

/** Input of one call: stays in the second-level cache, and takes about half a millisecond. */
const PIECE_BYTES = 256 * 1024
const SENTINEL_BYTES = 64

/** Feeds one body after the other to the kernel of one workspace. */
export class BodyReader {
  private readonly space: Workspace
  private readonly account: MemoryAccount
  private window: number
  private windowBytes = WINDOW_MIN - SENTINEL_BYTES
  private bytes: Uint8Array = new Uint8Array(0)
  /** Bytes of the body that are in the window or behind it. */
  private fed = 0

  constructor(space: Workspace, account: MemoryAccount) {
    this.space = space
    this.account = account
    this.window = space.window
  }

  /** Begins a body. */
  open(bytes: Uint8Array, isCsv: boolean): void {
    this.bytes = bytes
    const { space } = this
    let start = 0
    if (!isCsv && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) start = 3
    let first = start
    while (first < bytes.length && (bytes[first] <= 32)) first++
    // An array is an array whatever the request says, and so are rows.
    space.set(space.state, S_MODE, bytes[first] === 91 ? MODE_CLOSED : MODE_LINES)
    if (bytes.length > this.windowBytes && this.windowBytes < PIECE_BYTES) {
      this.resize(Math.min(PIECE_BYTES, bytes.length))
    }
    this.fed = start
    this.set(0)
  }

  /** Offset in the body of what comes next. */
  get position(): number {
    const { space } = this
    return (space.get(space.state, S_CURSOR) - space.get(space.state, S_ORIGIN)) >>> 0
  }

  /** More input behind the row that is cut. */
  refill(): void {
    const { space } = this
    const cursor = space.get(space.state, S_CURSOR)
    const left = space.get(space.state, S_END) - cursor
    const from = left > this.windowBytes / 2 ? this.resize(this.windowBytes * 2, cursor, left) : cursor
    space.work.u8.copyWithin(this.window, from, from + left)
    this.set(left)
  }

  /** The next call may take rows up to the end of the window, or of a piece. */
  slice(): void {
    const { space } = this
    const end = space.get(space.state, S_END)
    space.set(space.state, S_SLICE_END, Math.min(end, space.get(space.state, S_CURSOR) + PIECE_BYTES))
  }

  /** Fills the window behind its first `left` bytes. */
  private set(left: number): void {
    const { space, bytes, window } = this
    const { state } = space
    const { u8 } = space.work
    const count = Math.min(bytes.length - this.fed, this.windowBytes - left)
    copyBytes(u8, window + left, bytes.subarray(this.fed, this.fed + count))
    const end = window + left + count
    u8.fill(10, end, end + SENTINEL_BYTES)
    space.set(state, S_ORIGIN, (window - (this.fed - left)) >>> 0)
    this.fed += count
    space.set(state, S_CURSOR, window)
    space.set(state, S_END, end)
    space.set(state, S_FINAL, Number(this.fed === bytes.length))
  }

  /** A larger window; `left` bytes from `cursor` on are kept. Answers where they are now. */
  private resize(bytes: number, cursor = this.window, left = 0): number {
    const { space, account } = this
    const window = account.allocate(bytes + SENTINEL_BYTES)
    space.work.u8.copyWithin(window, cursor, cursor + left)
    const scratch = space.scratch
    if (!space.owns(this.window)) account.free(this.window)
    if (!space.owns(scratch)) account.free(scratch)
    space.scratch = account.allocate(bytes + KEPT_BYTES + SENTINEL_BYTES)
    this.window = window
    this.windowBytes = bytes
    return window
  }
}
