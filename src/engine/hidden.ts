// Tables that nobody sees, beside the data source whose name they begin with: what a move fills, and what a
// comparison makes once more.

import type { TableMeta } from '../../storage/face.ts'
import type { Store } from '../../storage/index.ts'
import type { WantedTable } from './tables.ts'

export const FORWARDED_SUFFIX = '__forwarded'
export const VERIFIED_SUFFIX = '__verified'

/** An empty one; what was left of its name is gone. */
export async function makeHidden(store: Store, spec: WantedTable): Promise<TableMeta> {
  if (store.table(spec.name) !== null) await store.dropTable(spec.name)
  return await store.createTable(spec)
}

/** One that nothing comes of any more. Where the disk won't let go of it the next of its name does, or the next start. */
export const removeHidden = (store: Store, name: string): Promise<void> => store.dropTable(name).catch(() => {})

/** All that a crash has left. */
export async function dropHidden(store: Store): Promise<void> {
  for (const { name } of store.tables()) {
    if (name.endsWith(FORWARDED_SUFFIX) || name.endsWith(VERIFIED_SUFFIX)) await store.dropTable(name)
  }
}
