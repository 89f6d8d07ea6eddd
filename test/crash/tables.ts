// The simulator's plain tables: of each the model of what it must hold, and its rows as a read shows them.

import type { PlainArena } from './plain-arena.ts'
import { TableModel } from './model.ts'
import { readRows, tableNamed, TABLES } from './world.ts'
import type { SimulatedDisk } from '../../storage/disk/simulated-disk.ts'
import type { Store } from '../../storage/index.ts'

/** What is wrong with a run. */
export class Failure extends Error {}

/** One run as it stands: each start has another store, arena and disk. */
export type RunWorld = {
  readonly store: Store
  readonly arena: PlainArena
  readonly disk: SimulatedDisk
  readonly nowMs: number
}

/** `exists` null: nobody knows. */
export type TableEntry = { model: TableModel; exists: boolean | null }

export class Tables {
  private readonly entries = new Map<string, TableEntry>(TABLES.map((name) => [name, { model: new TableModel(), exists: false }]))
  private readonly world: RunWorld

  constructor(world: RunWorld) { this.world = world }

  of(name: string): TableEntry { return this.entries.get(name) as TableEntry }

  get models(): readonly TableModel[] { return [...this.entries.values()].map(({ model }) => model) }

  /** Makes those that are not there; throws Failure where one is that must not be, or is not. */
  async make(): Promise<void> {
    for (const [name, entry] of this.entries) {
      const isThere = this.world.store.table(name) !== null
      if (entry.exists === true && !isThere) throw new Failure(`table ${name} is gone`)
      if (entry.exists === false && isThere) throw new Failure(`table ${name} is back`)
      entry.exists = isThere
      if (isThere) continue
      entry.model = new TableModel()
      entry.exists = null
      await this.world.store.createTable(tableNamed(name))
      entry.exists = true
    }
  }

  rowsOf(name: string): number[] {
    const { store, arena, disk } = this.world
    const snapshot = store.snapshot(name)
    try {
      return this.visible(name, disk.aside(() => readRows(snapshot, arena, disk)))
    } finally {
      snapshot.release()
    }
  }

  /** What a read shows now is durable, for good. */
  see(): void {
    for (const [name, { model }] of this.entries) if (this.world.store.table(name) !== null) model.see(this.rowsOf(name))
  }

  /** Compares all with their models; null: all is right. */
  wrong(isRestarted: boolean): string | null {
    for (const [name, { model }] of this.entries) {
      const wrong = model.check(this.rowsOf(name), isRestarted, (rows) => this.visible(name, rows))
      if (wrong !== null) return `table ${name}: ${wrong}`
    }
    return null
  }

  /** Rows that are over are in nobody's sight, whether they are still there or not. */
  private visible(name: string, rows: readonly number[]): number[] {
    return rows.filter((row) => name !== 'aging' || row > this.world.nowMs / 1000)
  }
}
