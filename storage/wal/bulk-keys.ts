// Keys of the rows of a bulk write (manifest/stage.ts), of one table: rows that nobody sees until one edit
// shows them, perhaps hours later. They are kept apart from those that are remembered, and other writers
// with one of them are refused meanwhile (KeysUnderWay), because the write may still fail.
//
//   look() at each part -> ... -> inTurn(): the log gets the keys -> the edit -> show() -> enter() -> release()
//
// Invariant: keys of rows that an edit has shown are in the log before it, and count only when it is there.

import type { RowKeySection, Known, RowKeyTables } from './row-key-tables.ts'
import { inSlices, KEY_BYTES, RowKeys, type KeyRun } from './row-keys.ts'

/** Keys of one record of the log. */
const RECORD_KEYS = 524_288

export class BulkKeys {
  readonly tableId: number
  readonly own = new RowKeys()
  private readonly tables: RowKeyTables
  private readonly known: Known
  private readonly isReplacing: boolean
  private readonly end: () => void
  private runs: KeyRun[] = []
  private isShown = false
  private isReleased = false

  constructor(tables: RowKeyTables, known: Known, tableId: number, isReplacing: boolean, end: () => void) {
    this.tables = tables
    this.known = known
    this.tableId = tableId
    this.isReplacing = isReplacing
    this.end = end
  }

  /** Marks rows whose key is remembered, or came before in this write. null: all are new. Throws
   * KeysFull. */
  async look(keys: Uint32Array): Promise<Uint8Array | null> {
    return await this.tables.inTurn([this.tableId], async () => {
      const { keys: table } = this.known
      const marks = new Uint8Array(this.tables.begin(table, this.tableId, keys))
      const known = this.isReplacing ? 0
        : await inSlices(marks.length, (from, to) => table.find(keys, from, to, marks))
      const own = await inSlices(marks.length, (from, to) => this.own.claim(keys, from, to, marks))
      return known + own === 0 ? null : marks
    })
  }

  /** Its keys, a record of the log each. */
  sections(): RowKeySection[] {
    const { tableId, known: { columnId } } = this
    const atMs = this.tables.world.nowMs()
    const pieces = this.own.claimedPieces()
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
