// LIMIT and OFFSET that need to know all rows: from the end (below 0), a share of the rows (between 0
// and 1), WITH TIES. Rows are kept in the order in which they come.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Block } from '../../../storage/column/vector.ts'
import type { SortKey } from '../../plan/plan.ts'
import { restoreBlocks, type DictionaryById, type FlatBlock } from '../blocks/block-codec.ts'
import { KeptRows } from '../blocks/kept-rows.ts'
import type { Breaker, Operator } from '../runtime/operator.ts'
import { rowOrder } from './order.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { inPieces, sliceBlock } from '../blocks/slice.ts'

export type LimitShare = {
  readonly limit: number | null; readonly offset: number; readonly ties: readonly SortKey[] | null
}

export class LimitShareOperator implements Breaker {
  readonly isFull = false
  private readonly kept: KeptRows
  private readonly spec: LimitShare
  private readonly types: readonly DataType[]
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById

  constructor(
    spec: LimitShare, types: readonly DataType[], next: Operator, runtime: Runtime,
    dictionaryById: DictionaryById,
  ) {
    this.spec = spec
    this.types = types
    this.next = next
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.kept = new KeptRows(runtime.durable.account)
  }

  push(block: Block): void { this.kept.add(block) }

  exportPartial(): FlatBlock[] { return this.kept.flat() }

  importPartial(partial: unknown): void {
    for (const block of restoreBlocks(partial, this.runtime.scratch.account, this.dictionaryById)) this.push(block)
  }

  finish(): void {
    if (this.kept.rowCount > 0) {
      const rows = this.kept.join(this.types)
      const [from, to] = this.rangeOf(rows)
      if (from < to) inPieces(sliceBlock(rows, from, to), (piece) => this.next.push(piece))
    }
    this.next.finish()
  }

  private rangeOf(rows: Block): [number, number] {
    const { offset, limit, ties } = this.spec
    let from = 0
    let to = rows.rowCount
    if (offset < 0) to = Math.max(0, to + offset)
    else from = Math.min(to, countOf(offset, rows.rowCount))
    if (limit === null) return [from, to]
    if (limit < 0) {
      from = Math.max(from, to + limit)
      if (ties !== null) from = this.extended(rows, ties, from, -1, 0)
    } else {
      const end = Math.min(to, from + countOf(limit, rows.rowCount))
      to = ties === null || end === from ? end : this.extended(rows, ties, end - 1, 1, to - 1) + 1
    }
    return [from, to]
  }

  /** The last row from `row` on, in a direction and up to `last`, that is equal to it. */
  private extended(
    rows: Block, keys: readonly SortKey[], row: number, direction: number, last: number): number {
    const compare = rowOrder(keys, keys.map(({ index }) => rows.columns[index]),
      this.runtime.scratch.account)
    let at = row
    while (at !== last && compare(row, at + direction) === 0) at += direction
    return at
  }

  describe(): string { return `limit ${this.spec.limit} of all, ${this.kept.rowCount} rows in` }
}

/** A share of the rows is rounded up. */
const countOf = (limit: number, rowCount: number): number =>
  (limit > 0 && limit < 1 ? Math.ceil(limit * rowCount) : limit)
