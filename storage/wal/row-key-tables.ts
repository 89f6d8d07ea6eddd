// The remembered row keys of all tables that ask for them, on their way between inserts, the log and key
// files (key-file.ts). FORMAT.md, "Row keys".
//
//   insert: claim() -> one at a time for a table: which rows are new? -> their commit -> confirm()
//   start:  key files, then the log -> load()
//
// Invariant: between the look and the commit (or its refusal) nobody else looks for keys of that table,
// so of several writers with one row exactly one stores it.

import type { RowKeyClaim, TableMeta } from '../face.ts'
import { KEY_BYTES, RowKeys, type KeyRun } from './row-keys.ts'

/** Rows looked up between two turns of the event loop: some milliseconds. */
const ROWS_A_TURN = 8192
/** Head of a run: | table u32 | column u32 | keys u32 | 0 u32 | sequence f64 | ms f64 | keys */
const RUN_HEAD_BYTES = 32

/** More keys would not fit the memory for them. */
export class KeysFull extends Error {
  constructor(bytes: number) {
    super(`Keys of rows take more than ${bytes} bytes: the windows of DEDUPLICATE_BY hold more rows than that. `
      + 'Shorten them, or give keys more memory (PIPIT_DEDUPLICATE_BYTES); the rows were not stored')
    this.name = 'KeysFull'
  }
}

/** Keys of a transaction in the log. */
export type RowKeySection = Omit<RowKeyClaim, 'confirm'>

type Known = { readonly columnId: number; readonly keys: RowKeys; tail: Promise<unknown> }

/** What a table says of its keys; null: it has none, or is gone. */
export type KeyedTable = { readonly columnId: number; readonly windowMs: number; readonly truncatedUpTo: number }

export type RowKeyWorld = {
  readonly tableOf: (tableId: number) => KeyedTable | null
  readonly nowMs: () => number
  readonly bytesMax: number
}

/** The column and the window by which a table tells its rows apart; null: it does not. */
export function keyedBy({ deduplicateBy, columns }: TableMeta): { columnId: number; windowMs: number } | null {
  const column = columns.find(({ name }) => name === deduplicateBy?.column)
  return deduplicateBy === undefined || column === undefined ? null
    : { columnId: column.id, windowMs: deduplicateBy.windowMs }
}

export class RowKeyTables {
  private readonly world: RowKeyWorld
  private readonly tables = new Map<number, Known>()
  private loading: (KeyRun & { readonly tableId: number; readonly columnId: number })[] = []

  constructor(world: RowKeyWorld) { this.world = world }

  /** Of all tables. */
  get memoryBytes(): number {
    let bytes = 0
    for (const { keys } of this.tables.values()) bytes += keys.memoryBytes
    return bytes
  }

  /** Looks for the keys of new rows (16 bytes each) and runs `work`, which commits the rows that are not
   * marked, with the claim. `marks` null: all rows are new. Whatever is not confirmed in it is let go of.
   * Throws KeysFull. */
  async claim<T>(
    tableId: number, keys: Uint32Array,
    work: (marks: Uint8Array | null, claim: RowKeyClaim | null) => Promise<T>,
  ): Promise<T> {
    const known = this.of(tableId)
    if (known === null) return await work(null, null) // the table stopped asking for it
    const done = known.tail.then(() => this.claimAlone(tableId, known, keys, work))
    known.tail = done.catch(() => {})
    return await done
  }

  private async claimAlone<T>(
    tableId: number, { columnId, keys: table }: Known, keys: Uint32Array,
    work: (marks: Uint8Array | null, claim: RowKeyClaim | null) => Promise<T>,
  ): Promise<T> {
    const { nowMs, tableOf, bytesMax } = this.world
    const atMs = nowMs()
    table.expire(atMs - (tableOf(tableId)?.windowMs ?? 0))
    const rows = keys.length * 4 / KEY_BYTES
    if (this.memoryBytes + rows * KEY_BYTES > bytesMax) throw new KeysFull(bytesMax)
    const marks = new Uint8Array(rows)
    let duplicates = 0
    try {
      for (let from = 0; from < rows; from += ROWS_A_TURN) {
        if (from > 0) await new Promise((resolve) => { setImmediate(resolve) })
        duplicates += table.claim(keys, from, Math.min(rows, from + ROWS_A_TURN), marks)
      }
      const bytes = table.claimed()
      const claim = bytes.length === 0 ? null
        : { tableId, columnId, atMs, bytes, confirm: (sequence: number) => table.confirm(sequence, atMs) }
      return await work(duplicates === 0 ? null : marks, claim)
    } finally {
      table.letGo()
    }
  }

  /** Keys of rows up to this sequence: the rows are gone. */
  truncate(tableId: number, upTo: number): void { this.tables.get(tableId)?.keys.truncate(upTo) }

  /** Keys of a table that is gone. */
  drop(tableId: number): void { this.tables.delete(tableId) }

  /** Keys as they were written out, in any order; load() enters them. */
  note(run: KeyRun & { readonly tableId: number; readonly columnId: number }): void { this.loading.push(run) }

  /** Enters all that was noted, for tables that still ask for it. */
  load(): void {
    const { tableOf, nowMs } = this.world
    for (const run of this.loading.sort((a, b) => a.sequence - b.sequence)) {
      const table = tableOf(run.tableId)
      if (table === null || table.columnId !== run.columnId || run.sequence <= table.truncatedUpTo) continue
      if (run.atMs >= nowMs() - table.windowMs) this.of(run.tableId)?.keys.load(run)
    }
    this.loading = []
  }

  private of(tableId: number): Known | null {
    const table = this.world.tableOf(tableId)
    if (table === null) return null
    let known = this.tables.get(tableId)
    // Keys of another column say nothing.
    if (known === undefined || known.columnId !== table.columnId) {
      this.tables.set(tableId, known = { columnId: table.columnId, keys: new RowKeys(), tail: Promise.resolve() })
    }
    return known
  }

  // What key files ask for.

  /** How long a key is remembered at most. */
  get keepMs(): number {
    return Math.max(0, ...[...this.tables.keys()].map((id) => this.world.tableOf(id)?.windowMs ?? 0))
  }

  forget(nowMs: number): void {
    for (const [id, { keys }] of this.tables) {
      const table = this.world.tableOf(id)
      if (table === null) this.tables.delete(id)
      else keys.expire(nowMs - table.windowMs)
    }
  }

  /** Runs with a sequence in (after, upTo], head and keys each; views of what does not change. */
  encoded(after: number, upTo: number): { chunks: Uint8Array[]; count: number; lastMs: number } {
    const chunks: Uint8Array[] = []
    let [count, lastMs] = [0, 0]
    for (const [tableId, { columnId, keys }] of this.tables) {
      for (const { sequence, atMs, pieces } of keys.written(after, upTo)) {
        const head = Buffer.alloc(RUN_HEAD_BYTES)
        head.writeUInt32LE(tableId, 0)
        head.writeUInt32LE(columnId, 4)
        head.writeUInt32LE(pieces.reduce((sum, piece) => sum + piece.length, 0) / KEY_BYTES, 8)
        head.writeDoubleLE(sequence, 16)
        head.writeDoubleLE(atMs, 24)
        chunks.push(head, ...pieces)
        lastMs = Math.max(lastMs, atMs)
        count++
      }
    }
    return { chunks, count, lastMs }
  }

  /** Notes runs that encoded() made. */
  add(bytes: Buffer, count: number): void {
    let at = 0
    for (let run = 0; run < count; run++) {
      const end = at + RUN_HEAD_BYTES + bytes.readUInt32LE(at + 8) * KEY_BYTES
      this.note({
        tableId: bytes.readUInt32LE(at), columnId: bytes.readUInt32LE(at + 4),
        sequence: bytes.readDoubleLE(at + 16), atMs: bytes.readDoubleLE(at + 24),
        pieces: [bytes.subarray(at + RUN_HEAD_BYTES, end)],
      })
      at = end
    }
  }
}
