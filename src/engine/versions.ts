// Which state the tables of a statement are in: equal texts where no row of them changed. Whoever keeps what followed
// from a statement asks with the same `Versions` again, which costs no plan.

import type { Snapshot, TableMeta } from '../../storage/face.ts'
import type { TypedPlan } from '../plan/plan.ts'

export type Versions = {
  readonly text: string
  /** The catalog's as the plan was made: `PlanCache.epoch`. */
  readonly epoch: number
  readonly tables: readonly { readonly table: TableMeta; readonly version: number }[]
}

/** What is asked of a store. */
type Tables = {
  readonly table: (name: string) => TableMeta | null
  readonly snapshot: (name: string) => Snapshot
}

/** null: the statement's answer can differ all the same. */
export function versionsOf(store: Tables, plan: TypedPlan, epoch: number): Versions | null {
  if (!plan.isDeterministic) return null
  const tables = plan.tables.map((name) => {
    const { table, version, release } = store.snapshot(name)
    release()
    return { table, version }
  })
  return { text: tables.map(({ table, version }) => `${table.id}.${table.schemaVersion}.${version}`).join(), epoch, tables }
}

/** True while these are the versions of their statement. */
export function areCurrent(store: Tables, versions: Versions, epoch: number): boolean {
  if (versions.epoch !== epoch) return false
  for (const known of versions.tables) {
    if (store.table(known.table.name) !== known.table) return false
    const { version, release } = store.snapshot(known.table.name)
    release()
    if (version !== known.version) return false
  }
  return true
}
