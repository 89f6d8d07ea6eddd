// LIMIT and OFFSET. Rows up to offset + limit are kept, so that workers can each bring theirs, or handed
// on where they come from all workers already; all rows that arrive are counted, for
// rows_before_limit_at_least.

import type { Block } from '../../../storage/column/vector.ts'
import { restoreBlocks, type DictionaryById, type FlatBlock } from '../blocks/block-codec.ts'
import { KeptRows } from '../blocks/kept-rows.ts'
import type { Breaker, Operator } from '../runtime/operator.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { inPieces, sliceBlock } from '../blocks/slice.ts'

type Partial = { readonly blocks: FlatBlock[]; readonly rowsIn: number }

export class LimitOperator implements Breaker {
  /** Rows that arrived. */
  rowsIn = 0
  /** Rows that were kept or, of a LIMIT that streams, looked at. */
  private taken = 0
  private isStreaming = false
  private readonly kept: KeptRows
  private readonly limit: number
  private readonly offset: number
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById

  constructor(
    limit: number, offset: number, next: Operator, runtime: Runtime, dictionaryById: DictionaryById,
  ) {
    this.limit = limit
    this.offset = offset
    this.next = next
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.kept = new KeptRows(runtime.durable.account)
  }

  get isFull(): boolean { return this.taken >= this.limit + this.offset }

  /** Blocks will come only once all workers' states are merged: nothing need be kept. */
  stream(): void { this.isStreaming = true }

  push(block: Block): void {
    this.rowsIn += block.rowCount
    const room = this.limit + this.offset - this.taken
    if (room <= 0) return
    const few = block.rowCount <= room ? block : sliceBlock(block, 0, room)
    const from = Math.min(few.rowCount, Math.max(0, this.offset - this.taken))
    this.taken += few.rowCount
    if (!this.isStreaming) this.kept.add(few)
    else if (from < few.rowCount) this.next.push(from === 0 ? few : sliceBlock(few, from, few.rowCount))
  }

  exportPartial(): Partial {
    return { rowsIn: this.rowsIn, blocks: this.kept.flat() }
  }

  importPartial(partial: unknown): void {
    const { blocks, rowsIn } = partial as Partial // as the same operator of another worker gave it
    const before = this.rowsIn
    for (const block of restoreBlocks(blocks, this.runtime.scratch.account, this.dictionaryById)) this.push(block)
    this.rowsIn = before + rowsIn
  }

  finish(): void {
    let skip = this.offset
    for (const block of this.kept.blocks) {
      const from = Math.min(skip, block.rowCount)
      skip -= from
      if (from < block.rowCount) {
        inPieces(sliceBlock(block, from, block.rowCount), (piece) => this.next.push(piece))
      }
    }
    this.kept.clear()
    this.next.finish()
  }

  describe(): string {
    const offset = this.offset > 0 ? ` offset ${this.offset}` : ''
    return `limit ${this.limit}${offset}, ${this.rowsIn} rows in`
  }
}

/** The end of a plan: rows kept for the answer, or for whoever reads the stage. */
export class ResultOperator implements Breaker {
  readonly kept: KeptRows
  readonly isFull = false
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById

  constructor(runtime: Runtime, dictionaryById: DictionaryById) {
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.kept = new KeptRows(runtime.durable.account)
  }

  push(block: Block): void {
    if (block.isLasting === true && block.rowCount > 0) this.kept.adopt(block)
    else this.kept.add(block)
  }

  /** Takes a block that lies in the query's account already. */
  adopt(block: Block): void { this.kept.adopt(block) }

  finish(): void {}

  exportPartial(): FlatBlock[] { return this.kept.flat() }

  importPartial(partial: unknown): void {
    for (const block of restoreBlocks(partial, this.runtime.scratch.account, this.dictionaryById)) this.push(block)
  }

  describe(): string { return `result ${this.kept.rowCount} rows` }
}
