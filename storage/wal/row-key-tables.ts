// The remembered row keys of all tables that ask for them, on their way between inserts, the log and key
// files (key-file.ts). FORMAT.md, "Row keys".
//
//   insert: exclusive() -> one at a time for a table: look() which rows are new -> their commit -> confirm()
//   bulk:   claimBulk() -> look() at each part -> settle() around the edit that shows them (bulk-keys.ts)
//   start:  key files, then the log -> load()
//
// Invariant: between the look and the commit (or its refusal) nobody else looks for keys of that table,
// so of several writers with one row exactly one stores it.

import type { KeyTurn, RowKeyClaim, TableMeta } from '../face.ts'
import { BulkKeys, type BulkKind } from './bulk-keys.ts'
import { KeysFull } from './key-errors.ts'
import { inSlices, KEY_BYTES, RowKeys, type KeyRun } from './row-keys.ts'
import type { KeysPlace, RowKeyWorld } from './row-key-world.ts'

/** Head of a run: | table u32 | column u32 | keys u32 | 0 u32 | sequence f64 | ms f64 | keys */
const RUN_HEAD_BYTES = 32

/** What a table remembers. */
export type Known = {
  readonly columnId: number
  readonly keys: RowKeys
  /** The last turn, and the last bulk write. */
  tail: Promise<unknown>
  bulkTail: Promise<unknown>
  /** Keys of the bulk write under way. */
  bulk: BulkKeys | null
}

/** The column and the window by which a table tells its rows apart; null: it does not. */
export function keyedBy({ deduplicateBy, columns }: TableMeta): { columnId: number; windowMs: number } | null {
  const column = columns.find(({ name }) => name === deduplicateBy?.column)
  return deduplicateBy === undefined || column === undefined ? null
    : { columnId: column.id, windowMs: deduplicateBy.windowMs }
}

/** A table of the key column alone, that keeps every row as it came. */
export function keyColumnOf(table: TableMeta): TableMeta {
  const { id, name, schemaVersion, settings } = table
  const key = keyedBy(table)
  return {
    id, name, schemaVersion, settings, engine: 'MergeTree', partitionBy: 'tuple()', sortBy: [], ttl: null,
    columns: table.columns.filter((column) => column.id === key?.columnId),
  }
}

export class RowKeyTables {
  readonly world: RowKeyWorld
  private readonly tables = new Map<number, Known>()
  private loading: (KeyRun & { readonly tableId: number; readonly columnId: number })[] = []

  constructor(world: RowKeyWorld) { this.world = world }

  /** Of all tables. */
  get memoryBytes(): number {
    let bytes = 0
    for (const { keys, bulk } of this.tables.values()) bytes += keys.memoryBytes + (bulk?.memoryBytes ?? 0)
    return bytes
  }

  /** Runs `work` while nobody else looks for keys of these tables. What it claims and does not confirm is
   * let go of. */
  async exclusive<T>(tableIds: readonly number[], work: (turn: KeyTurn) => Promise<T>): Promise<T> {
    const turn = new Turn(this)
    return await this.inTurn([...tableIds].sort((a, b) => a - b), async () => {
      try {
        return await work(turn)
      } finally {
        turn.end()
      }
    })
  }

  /** Always in the order of the ids, so that two never wait for each other. */
  async inTurn<T>(tableIds: readonly number[], work: () => Promise<T>): Promise<T> {
    const [first, ...rest] = tableIds
    if (first === undefined) return await work()
    const known = this.of(first)
    if (known === null) return await this.inTurn(rest, work) // the table stopped asking for it
    const done = known.tail.then(() => this.inTurn(rest, work))
    known.tail = done.catch(() => {})
    return await done
  }

  /** Marks rows of which the key is remembered and claims the others' for a turn. Throws KeysFull,
   * KeysUnderWay. */
  async look({ keys: table, bulk }: Known, tableId: number, keys: Uint32Array): Promise<Uint8Array | null> {
    const marks = new Uint8Array(this.begin(table, tableId, keys))
    const known = await inSlices(marks.length, (from, to) => table.claim(keys, from, to, marks))
    await bulk?.contest(keys, marks)
    return known === 0 ? null : marks
  }

  /** Forgets what is over, and answers how many rows these are. */
  begin(table: RowKeys, tableId: number, keys: Uint32Array): number {
    const { bytesMax } = this.world
    this.expire(table, tableId)
    const rows = keys.length * 4 / KEY_BYTES
    if (this.memoryBytes + rows * KEY_BYTES > bytesMax) throw new KeysFull(bytesMax)
    return rows
  }

  /** Forgets what is over. */
  expire(table: RowKeys, tableId: number): void {
    const { nowMs, tableOf } = this.world
    const of = tableOf(tableId)
    if (of !== null) table.expire(nowMs() - of.windowMs)
  }

  /** Waits until no bulk write has keys of these tables, and begins one. */
  async claimBulk(tables: ReadonlyMap<number, BulkKind>): Promise<BulkKeys[]> {
    const claimed: BulkKeys[] = []
    for (const [tableId, kind] of [...tables].sort(([a], [b]) => a - b)) {
      const known = this.of(tableId)
      if (known === null) continue
      let release = () => {}
      const before = known.bulkTail
      known.bulkTail = new Promise<void>((resolve) => { release = resolve })
      await before
      const bulk = new BulkKeys(this, known, tableId, kind, () => {
        known.bulk = null
        release()
      })
      known.bulk = bulk
      claimed.push(bulk)
    }
    return claimed
  }

  /** The rows of the bulk write under way are there. */
  show(tableId: number): void { this.tables.get(tableId)?.bulk?.show() }

  /** Keys of rows up to this sequence: the rows are gone. */
  truncate(tableId: number, upTo: number): void { this.tables.get(tableId)?.keys.truncate(upTo) }

  /** What was remembered of a column counts for another table from now on, which takes over its rows. Who has a
   * turn at it, or waits for one, comes before those of the new one. */
  move({ tableId, columnId }: KeysPlace, to: KeysPlace): void {
    const known = this.tables.get(tableId)
    this.tables.delete(tableId)
    if (known === undefined || known.columnId !== columnId) return
    const { keys, tail, bulkTail } = known
    this.tables.set(to.tableId, { columnId: to.columnId, keys, tail, bulkTail, bulk: null })
  }

  /** Keys of a table that is gone. */
  drop(tableId: number): void { this.tables.delete(tableId) }

  /** Keys as they were written out, in any order; load() enters them. */
  note(run: KeyRun & { readonly tableId: number; readonly columnId: number }): void { this.loading.push(run) }

  /** Enters all that was noted, for tables that still ask for it. */
  load(): void {
    const { tableOf, nowMs, heirOf } = this.world
    for (const noted of this.loading.sort((a, b) => a.sequence - b.sequence)) {
      const run = { ...noted, ...heirOf(noted) }
      const table = tableOf(run.tableId)
      if (table === null || table.columnId !== run.columnId || run.sequence <= table.truncatedUpTo) continue
      if (run.atMs >= nowMs() - table.windowMs) this.of(run.tableId)?.keys.load(run)
    }
    this.loading = []
  }

  /** What a table remembers; null: it does not ask for it. */
  of(tableId: number): Known | null {
    const table = this.world.tableOf(tableId)
    if (table === null) return null
    let known = this.tables.get(tableId)
    // Keys of another column say nothing.
    if (known === undefined || known.columnId !== table.columnId) {
      const idle = Promise.resolve()
      this.tables.set(tableId, known = { columnId: table.columnId, keys: new RowKeys(), tail: idle, bulkTail: idle, bulk: null })
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
    for (const [tableId, { columnId, keys, bulk }] of this.tables) {
      for (const { sequence, atMs, pieces } of [...keys.written(after, upTo), ...bulk?.written(after, upTo) ?? []]) {
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

/** One transaction's turn at its tables. */
class Turn implements KeyTurn {
  private readonly tables: RowKeyTables
  private readonly looked = new Map<number, Known>()

  constructor(tables: RowKeyTables) { this.tables = tables }

  async look(tableId: number, keys: Uint32Array): Promise<Uint8Array | null> {
    const known = this.tables.of(tableId)
    if (known === null) return null
    this.looked.set(tableId, known)
    return await this.tables.look(known, tableId, keys)
  }

  claims(): RowKeyClaim[] {
    const atMs = this.tables.world.nowMs()
    return [...this.looked].flatMap(([tableId, { columnId, keys }]) => {
      const bytes = keys.claimed()
      return bytes.length === 0 ? []
        : [{ tableId, columnId, atMs, bytes, confirm: (sequence: number) => keys.confirm(sequence, atMs) }]
    })
  }

  end(): void { for (const { keys } of this.looked.values()) keys.letGo() }
}
