// What a store is at one moment, for a backup: taken between two turns of the event loop, so that no
// transaction is in it by half.

import type { Catalog } from '../manifest/catalog.ts'
import type { KeyTable } from '../wal/key-table.ts'
import type { RowKeyTables } from '../wal/row-key-tables.ts'
import type { Cut } from './backup.ts'

export function cutOf(catalog: Catalog, keys: KeyTable, rowKeys: RowKeyTables): Cut {
  const states = [...catalog.states.values()]
  const snapshots = states.map((state) => state.snapshot())
  const sequence = catalog.applied
  const { edits, standing } = catalog.current()
  // Rows in memory stand in the copy's log, whose one record is the newest transaction.
  const flushedOf = (tableId: number, flushed: number) =>
    (catalog.states.get(tableId)?.parts.length === 0 ? flushed : Math.min(flushed, sequence - 1))
  return {
    sequence,
    record: {
      // Of work under way nobody sees anything yet: the copy begins it anew.
      edits: edits.filter(({ kind }) => kind !== 'work').map((edit) => edit.kind === 'segments'
        ? { ...edit, flushed: flushedOf(edit.tableId, edit.flushed) } : edit),
      standing: { ...standing, needed: Math.max(1, sequence) },
    },
    segments: states.flatMap((state) => state.segments),
    parts: states.flatMap(({ meta, parts }) => parts.map((part) => (
      { ...part, tableId: meta.id, schemaVersion: meta.schemaVersion }))),
    keys: keys.size === 0 ? null : encodedKeys(keys, sequence),
    rowKeys: rowKeys.encoded(0, sequence),
    release: () => { for (const snapshot of snapshots) snapshot.release() },
  }
}

function encodedKeys(keys: KeyTable, upTo: number): Cut['keys'] {
  const { chunks: [bytes], count } = keys.encoded(0, upTo)
  return { bytes, count }
}
