// What remembered row keys know of their tables, and how they lie in the log.

import type { RowKeyClaim } from '../face.ts'

/** Keys of a transaction in the log. `isStaged`: the rows are shown by an edit of the manifest. */
export type RowKeySection = Omit<RowKeyClaim, 'confirm'> & { readonly isStaged: boolean }

/** Whose keys these are. */
export type KeysPlace = { readonly tableId: number; readonly columnId: number }

/** What a table says of its keys; null: it has none, or is gone. */
export type KeyedTable = { readonly columnId: number; readonly windowMs: number; readonly truncatedUpTo: number }

export type RowKeyWorld = {
  readonly tableOf: (tableId: number) => KeyedTable | null
  /** The table and column that keys of another one count for, since it has taken over its rows; else the same. */
  readonly heirOf: (of: KeysPlace) => KeysPlace
  readonly nowMs: () => number
  readonly bytesMax: number
}
