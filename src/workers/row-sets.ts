// The opened images of one worker: a part or a segment is opened once and kept while the newest list
// of its table names it.

import { arenaSource } from '../../storage/part/arena-source.ts'
import { openImage } from '../../storage/part/image.ts'
import type { Arena } from '../../storage/arena/arena.ts'
import type { PartRef, SegmentRef } from '../../storage/face.ts'
import type { Kernels } from '../../storage/kernels/load.ts'
import type { RowSet } from '../../storage/part/row-set.ts'
import { PASSING_LIST, type PostedRows, type TableRows } from './messages.ts'

/** Opens the file of a segment as an image (segment/file-source.ts, with the block cache). */
export type SegmentOpener = (segment: SegmentRef, label: string) => { rowSet: RowSet; close: () => void }

type Opened = { readonly rowSet: RowSet; readonly close: () => void }

const keyOf = (ref: PartRef | SegmentRef): string =>
  ref.kind === 'part' ? `part ${ref.id}`
    : `${ref.file} ${ref.maskVersion}${ref.rows === undefined ? '' : ` ${ref.rows.from}-${ref.rows.to}`}`

/** Lists of row sets by table, and the images that they name. */
export class RowSets {
  /** What main sent last, as main takes it to be: lists that peers bring do not change it. */
  private readonly sent = new Map<number, TableRows>()
  private readonly newest = new Map<number, TableRows>()
  private readonly opened = new Map<number, Map<string, Opened>>()
  /** What open() answered last, by table, while all of it is open. */
  private readonly answered = new Map<number, { refs: readonly unknown[]; rowSets: RowSet[] }>()
  private readonly dataArena: Arena
  private readonly kernels: Kernels
  private readonly openSegment: SegmentOpener

  constructor(dataArena: Arena, kernels: Kernels, openSegment: SegmentOpener) {
    this.dataArena = dataArena
    this.kernels = kernels
    this.openSegment = openSegment
  }

  /** The rows that a post of main means, when it comes in; the list sent last is known by its id. */
  resolve({ tableId, listId, list }: PostedRows): TableRows {
    if (list === null) {
      const known = this.sent.get(tableId)
      if (known === undefined || known.listId !== listId) {
        throw new Error(`worker: list ${listId} of table ${tableId} was never sent`)
      }
      return known
    }
    if (listId !== PASSING_LIST) this.sent.set(tableId, list)
    return list
  }

  /** The refs of a message that is whole. What the newest list of a table names is kept open. */
  rowsOf(list: TableRows): readonly (PartRef | SegmentRef)[] {
    const { table: { id }, listId, rows } = list
    if (listId > (this.newest.get(id)?.listId ?? PASSING_LIST)) this.newest.set(id, list)
    return rows
  }

  /** Opens what is not open yet, in the order of the list. */
  open(tableId: number, tableName: string, refs: readonly (PartRef | SegmentRef)[]): readonly RowSet[] {
    const last = this.answered.get(tableId)
    if (last?.refs === refs) return last.rowSets
    let table = this.opened.get(tableId)
    if (table === undefined) this.opened.set(tableId, table = new Map())
    const answer: RowSet[] = []
    for (const ref of refs) {
      const key = keyOf(ref)
      let entry = table.get(key)
      if (entry === undefined) table.set(key, entry = this.openRef(ref, tableName))
      answer.push(entry.rowSet)
    }
    this.answered.set(tableId, { refs, rowSets: answer })
    return answer
  }

  /** Closes images that the newest list of their table does not name. Call it when no job runs here
   * that could still read them. */
  sweep(): void {
    for (const [tableId, table] of this.opened) {
      const list = this.newest.get(tableId)
      if (table.size <= (list?.rows.length ?? 0)) continue
      const named = new Set(list?.rows.map(keyOf))
      for (const [key, entry] of table) {
        if (named.has(key)) continue
        table.delete(key)
        this.answered.delete(tableId)
        entry.close()
      }
    }
  }

  /** Row sets that stay open for one call of `use` alone. */
  aside<T>(refs: readonly (PartRef | SegmentRef)[], tableName: string, use: (rowSets: readonly RowSet[]) => T): T {
    const opened: Opened[] = []
    try {
      for (const ref of refs) opened.push(this.openRef(ref, tableName))
      return use(opened.map(({ rowSet }) => rowSet))
    } finally {
      for (const { close } of opened) close()
    }
  }

  private openRef(ref: PartRef | SegmentRef, tableName: string): Opened {
    if (ref.kind === 'segment') {
      const only = ref.rows === undefined ? '' : `, rows ${ref.rows.from} to ${ref.rows.to - 1},`
      return this.openSegment(ref, `${ref.file}${only} of ${tableName}`)
    }
    const source = arenaSource(this.dataArena, ref.address, ref.bytes)
    const rowSet = openImage(source, {
      label: `part ${ref.id} of ${tableName}`,
      firstSequence: ref.firstSequence, lastSequence: ref.lastSequence, deleted: ref.hidden ?? null,
    }, this.kernels)
    return { rowSet, close: () => source.close() }
  }
}
