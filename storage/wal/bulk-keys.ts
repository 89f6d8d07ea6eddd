// Keys of the rows of a bulk write (manifest/stage.ts), of one table: rows that nobody sees until one edit
// shows them, perhaps hours later. They are kept apart from those that are remembered. An insert with one
// of them is stored at once: it commits first, so the row of the bulk write is the duplicate, and is
// taken out at its end. Where other rows follow from those of the write already (`isFirm`) that can't be
// done, and the insert waits for the end (KeysUnderWay), because the write may still fail.
//
//   look() at each part -> ... -> inTurn(): lost() -> the log gets the keys -> the edit -> show() -> enter()
//   -> release()
//
// Invariant: keys of rows that an edit has shown are in the log before it, and count only when it is there.

import { KeysUnderWay } from './key-errors.ts'
import type { RowKeySection, RowKeyWorld } from './row-key-world.ts'
import { inSlices, KEY_BYTES, RowKeys, type KeyRun } from './row-keys.ts'

/** Keys of one record of the log. */
const RECORD_KEYS = 524_288
const KEY_WORDS = KEY_BYTES / Uint32Array.BYTES_PER_ELEMENT

/** What the write does to a table: `isReplacing`: its rows take the place of what was there; `isFirm`:
 * rows that were added can't be taken out again. */
export type BulkKind = { readonly isReplacing: boolean; readonly isFirm: boolean }

/** What a table remembers, as a bulk write needs it. */
type Known = { readonly columnId: number; readonly keys: RowKeys }

/** The keys of all tables (row-key-tables.ts), as a bulk write needs them. */
type KeyTables = {
  readonly world: RowKeyWorld
  inTurn<T>(tableIds: readonly number[], work: () => Promise<T>): Promise<T>
  begin(table: RowKeys, tableId: number, keys: Uint32Array): number
  expire(table: RowKeys, tableId: number): void
}

export class BulkKeys {
  readonly tableId: number
  private readonly own = new RowKeys()
  /** Those of `own` that other writers have come with. */
  private readonly contested = new RowKeys()
  /** Those of `contested` that others have stored. */
  private taken = new RowKeys()
  private readonly tables: KeyTables
  private readonly known: Known
  private readonly kind: BulkKind
  private end: () => void
  /** Resolves when the write is over. */
  private readonly over: Promise<void>
  private runs: KeyRun[] = []
  private isShown = false
  private isReleased = false

  constructor(tables: KeyTables, known: Known, tableId: number, kind: BulkKind, end: () => void) {
    this.tables = tables
    this.known = known
    this.tableId = tableId
    this.kind = kind
    this.end = () => {}
    this.over = new Promise((resolve) => {
      this.end = () => {
        end()
        resolve()
      }
    })
  }

  /** Marks rows whose key is remembered, or came before in this write. null: all are new. Throws
   * KeysFull. */
  async look(keys: Uint32Array): Promise<Uint8Array | null> {
    return await this.tables.inTurn([this.tableId], async () => {
      const { keys: table } = this.known
      const marks = new Uint8Array(this.tables.begin(table, this.tableId, keys))
      const known = this.kind.isReplacing ? 0
        : await inSlices(marks.length, (from, to) => table.find(keys, from, to, marks))
      const own = await inSlices(marks.length, (from, to) => this.own.claim(keys, from, to, marks))
      return known + own === 0 ? null : marks
    })
  }

  /** Takes the keys of rows that the write had before a stop. False: others have stored some of them since,
   * and they can't be taken out again. Throws KeysFull. */
  async resume(keys: Uint32Array): Promise<boolean> {
    return await this.tables.inTurn([this.tableId], async () => {
      const { keys: table } = this.known
      const rows = this.tables.begin(table, this.tableId, keys)
      const stored = new Uint8Array(rows)
      const met = await inSlices(rows, (from, to) => table.find(keys, from, to, stored))
      if (met > 0 && this.kind.isFirm) return false
      const own = new Uint8Array(rows)
      await inSlices(rows, (from, to) => this.own.claim(keys, from, to, own))
      if (met > 0) this.contested.claim(keys, 0, rows, stored.map((mark) => 1 - mark))
      return true
    })
  }

  get columnId(): number { return this.known.columnId }
  /** They are entered beside themselves at the end. */
  get memoryBytes(): number { return 2 * this.own.memoryBytes + 2 * this.contested.memoryBytes }

  /** Another writer is about to store the rows that are not marked. Throws KeysUnderWay. */
  async contest(keys: Uint32Array, marks: Uint8Array): Promise<void> {
    if (this.kind.isReplacing) return // that writer comes first, and its rows go
    const others = Uint8Array.from(marks)
    const met = await inSlices(marks.length, (from, to) => this.own.find(keys, from, to, others))
    if (met === 0) return
    if (this.kind.isFirm) throw new KeysUnderWay(this.over)
    this.contested.claim(keys, 0, marks.length, others.map((mark, row) => Number(mark === 0 || marks[row] === 1)))
  }

  /** Keys of rows that others have stored since the write had them; null: none. In the table's turn. */
  lost(): Uint32Array | null {
    this.taken = new RowKeys()
    this.tables.expire(this.known.keys, this.tableId)
    const pieces = this.contested.claimedPieces().map((piece) => this.passing(wordsOf(piece), this.known.keys, 1))
    const keys = wordsOf(Buffer.concat(pieces))
    if (keys.length === 0) return null
    const rows = keys.length / KEY_WORDS
    this.taken.claim(keys, 0, rows, new Uint8Array(rows))
    return keys
  }

  /** The keys that are (`mark` 1), or are not (0), among others. */
  private passing(keys: Uint32Array, others: RowKeys, mark: 0 | 1): Uint8Array {
    const rows = keys.length / KEY_WORDS
    const marks = new Uint8Array(rows)
    others.find(keys, 0, rows, marks)
    const out = new Uint32Array(keys.length)
    let count = 0
    for (let row = 0; row < rows; row++) {
      if (marks[row] !== mark) continue
      out.set(keys.subarray(row * KEY_WORDS, (row + 1) * KEY_WORDS), count++ * KEY_WORDS)
    }
    return new Uint8Array(out.buffer, 0, count * KEY_BYTES)
  }

  /** Its keys without those that lost() has found, a record of the log each. */
  sections(): RowKeySection[] {
    const { tableId, known: { columnId } } = this
    const atMs = this.tables.world.nowMs()
    const all = this.own.claimedPieces()
    const pieces = this.taken.claimedCount === 0 ? all
      : all.map((piece) => this.passing(wordsOf(piece), this.taken, 0)).filter(({ length }) => length > 0)
    const each = Math.ceil(RECORD_KEYS * KEY_BYTES / Math.max(1, pieces[0]?.length ?? 1))
    return Array.from({ length: Math.ceil(pieces.length / each) }, (_, index) => ({
      tableId, columnId, atMs, isStaged: true, bytes: Buffer.concat(pieces.slice(index * each, (index + 1) * each)),
    }))
  }

  /** A record is durable under this sequence. */
  noteRecord({ atMs, bytes }: RowKeySection, sequence: number): void { this.runs.push({ sequence, atMs, pieces: [bytes] }) }

  /** The attempt failed: records of before count for nothing. */
  forgetRecords(): void { this.runs = [] }

  show(): void { this.isShown = true }

  /** For a backup between show() and the end of enter(). */
  written(after: number, upTo: number): KeyRun[] {
    return this.isShown ? this.runs.filter(({ sequence }) => sequence > after && sequence <= upTo) : []
  }

  /** Makes its keys remembered ones; in the table's turn. */
  async enter(): Promise<void> {
    const { keys } = this.known
    for (let run = this.runs[0]; run !== undefined; run = this.runs[0]) {
      const [bytes] = run.pieces
      await inSlices(bytes.length / KEY_BYTES, (from, to) => {
        keys.take(bytes.subarray(from * KEY_BYTES, to * KEY_BYTES))
        return 0
      })
      // A truncate that came meanwhile has taken the rows.
      if (run.sequence > (this.tables.world.tableOf(this.tableId)?.truncatedUpTo ?? Number.POSITIVE_INFINITY)) {
        keys.confirm(run.sequence, run.atMs)
      } else keys.letGo()
      this.runs.shift()
    }
  }

  /** The write is over; may be called again. */
  release(): void {
    if (this.isReleased) return
    this.isReleased = true
    this.end()
  }
}

/** Pieces of keys begin where words do, but a buffer that was joined need not. */
const wordsOf = (bytes: Uint8Array): Uint32Array => new Uint32Array(Uint8Array.from(bytes).buffer)
