// ORDER BY. Without a limit all rows are kept and sorted once; with one, only the best rows so far: a
// block's rows that are worse than the last of those are dropped when they come. Rows that an OFFSET
// passes over are found, not sorted (best-rows.ts), and never handed on.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Block, Vector } from '../../../storage/column/vector.ts'
import { asConst, pick } from '../../functions/values/vectors.ts'
import type { SortKey } from '../../plan/plan.ts'
import { bestOfBlocks, bestRows } from './best-rows.ts'
import { restoreBlock, type DictionaryById, type FlatBlock } from '../blocks/block-codec.ts'
import { freeBlock, KeptRows, pickRows } from '../blocks/kept-rows.ts'
import type { Breaker, Operator } from '../runtime/operator.ts'
import { rowOrder } from './order.ts'
import { blockBytes } from '../runtime/quotas.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { takeRows } from '../expressions/short-circuit.ts'
import { inPieces, sliceVector } from '../blocks/slice.ts'
import { candidates } from './top-rows.ts'

/** Rows kept beyond the limit before they are sorted down to it again. */
const SPARE_ROWS = 16384
/** ... or what is kept, where texts are long, as a share of the query's memory: sorting down holds it
 * three times. */
const KEPT_SHARE = 1 / 8
/** Rows for each one wanted above which a partial state drops those beyond the limit. */
const SHRINK_SHARE = 2
/** More blocks than so many cost more to describe, and to read again, than to copy into one. */
const BLOCKS_MAX = 8

type Partial = { readonly blocks: FlatBlock[]; readonly rowsIn: number }

export class SortOperator implements Breaker {
  readonly isFull = false
  /** Rows that arrived. */
  rowsIn = 0
  private readonly types: readonly DataType[]
  private readonly keys: readonly SortKey[]
  private readonly limit: number
  private readonly offset: number
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById
  private readonly kept: KeptRows
  /** The last of the best rows, one row a key; null: fewer than the limit came. */
  private worst: readonly Vector[] | null = null

  /** `limit`: rows wanted (offset included), Infinity for all; the first `offset` are left out. */
  constructor(
    types: readonly DataType[], keys: readonly SortKey[], limit: number, offset: number, next: Operator,
    runtime: Runtime, dictionaryById: DictionaryById,
  ) {
    this.types = types
    this.keys = keys
    this.limit = limit
    this.offset = offset
    this.next = next
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.kept = new KeptRows(runtime.durable.account)
  }

  push(block: Block): void {
    this.rowsIn += block.rowCount
    if (this.limit === 0) return
    const few = this.fewer(block)
    this.kept.add(this.worst === null ? few : this.betterRows(few, this.worst))
    this.shrinkWhenDue()
  }

  private shrinkWhenDue(): void {
    if (!this.isSlim()) this.kept.pack()
    if (this.kept.rowCount >= this.limit + Math.max(SPARE_ROWS, this.limit) || this.isWide()) this.shrink()
  }

  /** What is kept can lie there twice for a while. */
  private isSlim(): boolean { return this.kept.byteLength <= this.runtime.durable.account.limitBytes * KEPT_SHARE }

  /** What is kept takes much room, and at least half of it is not wanted. */
  private isWide(): boolean {
    return this.kept.rowCount >= 2 * this.limit && !this.isSlim()
  }

  /** Without rows that the first key alone drops. */
  private fewer(block: Block): Block {
    if (!Number.isFinite(this.limit)) return block
    const [key] = this.keys
    const rows = candidates(key, block.columns[key.index], this.worst?.[0] ?? null, this.limit,
      this.runtime.scratch.account)
    return rows === null ? block : takeRows(block, rows, this.runtime)
  }

  /** Rows that stand before the last of the best so far. */
  private betterRows(block: Block, worst: readonly Vector[]): Block {
    const { account } = this.runtime.scratch
    const last = block.rowCount
    if (last === 0) return block
    const which = account.u8(last + 1).fill(0)
    which[last] = 1
    const rows = account.u32(last + 1)
    for (let i = 0; i < last; i++) rows[i] = i
    rows[last] = 0
    const vectors = this.keys.map((key, i) => {
      const column = block.columns[key.index]
      return pick([column, worst[i]], which, rows, last + 1, column.type, account)
    })
    const compare = rowOrder(this.keys, vectors, account)
    const better = account.u32(last)
    let count = 0
    for (let row = 0; row < last; row++) if (compare(row, last) < 0) better[count++] = row
    return count === last ? block : takeRows(block, better.subarray(0, count), this.runtime)
  }

  /** Drops rows beyond the limit. What is kept has no order then but for its last row. */
  private shrink(): void {
    const count = Math.min(this.limit, this.kept.rowCount)
    const best = this.ranked(count - 1, count, 0)
    this.kept.adopt(best)
    if (count < this.limit) return
    this.kept.hold()
    this.worst = this.keys.map((key) => sliceVector(best.columns[key.index], count - 1, count))
  }

  /** Kept rows up to rank `to`, in order from rank `from` on, without the first `dropped`, as one block;
   * nothing is kept afterwards. */
  private ranked(from: number, to: number, dropped: number): Block {
    const { account } = this.runtime.durable
    const best = bestOfBlocks(this.kept.blocks, this.types, this.keys, from, to, this.runtime.durable)
    if (best !== null) {
      const columns = pickRows(this.kept.blocks, this.types.map((_, c) => c), this.types, best.subarray(dropped), account)
      account.free(best.byteOffset)
      this.kept.clear()
      return { rowCount: to - dropped, columns, isLasting: true }
    }
    const joined = this.kept.join(this.types)
    const order = bestRows(joined.rowCount, this.keys, this.keys.map((key) => joined.columns[key.index]), from, to,
      this.runtime.durable)
    const count = to - dropped
    const wanted = dropped === 0 ? order : order.subarray(dropped)
    const columns = joined.columns.map((column, c) => (column.isConst ? asConst(column, count)
      : pick([column], null, wanted, count, this.types[c], account)))
    account.free(order.byteOffset)
    freeBlock({ rowCount: 0, columns: joined.columns.filter((c) => !c.isConst) }, account)
    return { rowCount: count, columns, isLasting: true }
  }

  exportPartial(): Partial {
    if (this.kept.rowCount > this.limit * SHRINK_SHARE) this.shrink()
    if (this.kept.blocks.length > BLOCKS_MAX && this.isSlim()) this.kept.adopt(this.kept.join(this.types))
    return { rowsIn: this.rowsIn, blocks: this.kept.flat() }
  }

  importPartial(partial: unknown): void {
    const { blocks, rowsIn } = partial as Partial // as the same operator of another worker gave it
    const before = this.rowsIn
    for (const flat of blocks) {
      // While there is no bound to drop rows by, one copy does.
      if (this.worst === null && this.limit > 0) {
        this.kept.adopt(restoreBlock(flat, this.runtime.durable.account, this.dictionaryById))
        this.shrinkWhenDue()
      } else this.push(restoreBlock(flat, this.runtime.scratch.account, this.dictionaryById))
    }
    this.rowsIn = before + rowsIn
  }

  finish(): void {
    if (!Number.isFinite(this.limit)) {
      this.runtime.quotas.refuseAbove('max_rows_to_sort', this.rowsIn)
      this.runtime.quotas.refuseAbove('max_bytes_to_sort', () => this.kept.blocks.reduce((sum, block) => sum + blockBytes(block), 0))
    }
    const count = Math.min(this.limit, this.kept.rowCount)
    if (count > this.offset) {
      inPieces(this.ranked(this.offset, count, this.offset), (piece) => this.next.push(piece))
    } else this.kept.clear()
    this.next.finish()
  }

  describe(): string {
    const after = this.offset > 0 ? ` without ${this.offset}` : ''
    const limit = Number.isFinite(this.limit) ? `, best ${this.limit}${after}` : ''
    return `sort ${this.keys.length} keys${limit}, ${this.rowsIn} rows in`
  }
}
