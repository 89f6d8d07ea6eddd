// ORDER BY. Without a limit all rows are kept and sorted once; with one, only the best rows so far: a
// block's rows that are worse than the last of those are dropped when they come.

import type { DataType } from '../../storage/column/data-type.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import { pick } from '../functions/vectors.ts'
import type { SortKey } from '../plan/plan.ts'
import { flattenBlock, restoreBlock, type DictionaryById, type FlatBlock } from './block-codec.ts'
import { freeBlock, KeptRows } from './kept-rows.ts'
import type { Breaker, Operator } from './operator.ts'
import { orderedRows, rowOrder } from './order.ts'
import type { Runtime } from './runtime.ts'
import { takeRows } from './short-circuit.ts'
import { inPieces, sliceVector } from './slice.ts'
import { candidates } from './top-rows.ts'

/** Rows kept beyond the limit before they are sorted down to it again. */
const SPARE_ROWS = 16384

type Partial = { readonly blocks: FlatBlock[]; readonly rowsIn: number }

export class SortOperator implements Breaker {
  readonly isFull = false
  /** Rows that arrived. */
  rowsIn = 0
  private readonly types: readonly DataType[]
  private readonly keys: readonly SortKey[]
  private readonly limit: number
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById
  private readonly kept: KeptRows
  /** The last of the best rows, one row a key; null: fewer than the limit came. */
  private worst: readonly Vector[] | null = null

  /** `limit`: rows wanted (offset included), Infinity for all. */
  constructor(
    types: readonly DataType[], keys: readonly SortKey[], limit: number, next: Operator,
    runtime: Runtime, dictionaryById: DictionaryById,
  ) {
    this.types = types
    this.keys = keys
    this.limit = limit
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
    if (this.kept.rowCount >= this.limit + Math.max(SPARE_ROWS, this.limit)) this.shrink()
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

  /** Sorts what is kept and drops rows beyond the limit. */
  private shrink(): void {
    const sorted = this.sorted()
    this.kept.blocks = [sorted]
    this.kept.rowCount = sorted.rowCount
    if (sorted.rowCount < this.limit) return
    const at = sorted.rowCount - 1
    this.worst = this.keys.map((key) => {
      const column = sorted.columns[key.index]
      return sliceVector(column, at, at + 1)
    })
  }

  /** Kept rows in order, up to the limit, as one block; nothing is kept afterwards. */
  private sorted(): Block {
    const { account } = this.runtime.durable
    const joined = this.kept.join(this.types)
    const order = orderedRows(joined.rowCount, this.keys,
      this.keys.map((key) => joined.columns[key.index]), this.runtime.durable, this.runtime.scratch.account)
    const count = Math.min(this.limit, joined.rowCount)
    const columns = joined.columns.map((column, c) => (column.isConst ? { ...column, length: count }
      : pick([column], null, order, count, this.types[c], account)))
    account.free(order.byteOffset)
    freeBlock({ rowCount: 0, columns: joined.columns.filter((c) => !c.isConst) }, account)
    return { rowCount: count, columns }
  }

  exportPartial(): Partial {
    const { account } = this.runtime.durable
    if (Number.isFinite(this.limit) && this.kept.rowCount > this.limit) this.shrink()
    return { rowsIn: this.rowsIn, blocks: this.kept.blocks.map((b) => flattenBlock(b, account)) }
  }

  importPartial(partial: unknown): void {
    const { blocks, rowsIn } = partial as Partial
    const before = this.rowsIn
    for (const flat of blocks) {
      this.push(restoreBlock(flat, this.runtime.scratch.account, this.dictionaryById))
    }
    this.rowsIn = before + rowsIn
  }

  finish(): void {
    if (this.kept.rowCount > 0) inPieces(this.sorted(), (piece) => this.next.push(piece))
    this.next.finish()
  }

  describe(): string {
    const limit = Number.isFinite(this.limit) ? `, best ${this.limit}` : ''
    return `sort ${this.keys.length} keys${limit}, ${this.rowsIn} rows in`
  }
}
