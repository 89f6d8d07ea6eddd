// Window functions. All rows are kept, put in the order of their partitions and of ORDER BY, and each
// function makes a column out of them:
//
//   rows -> order and partitions (window-order.ts) -> peers -> frames -> one column a function
//
// Invariant: a partition's rows lie together, in the order of ORDER BY; rows that it does not tell
// apart keep the order in which they came.

import type { DataType } from '../../storage/column/data-type.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { defaultVector } from '../functions/values.ts'
import { asConst, pick, take } from '../functions/vectors.ts'
import type { SortKey, WindowCall } from '../plan/plan.ts'
import { flattenBlock, restoreBlock, type DictionaryById, type FlatBlock } from './block-codec.ts'
import { freeVector, KeptRows } from './kept-rows.ts'
import type { Breaker, Operator } from './operator.ts'
import type { Runtime } from './runtime.ts'
import { inPieces } from './slice.ts'
import { framesOf } from './window-frames.ts'
import { windowColumn } from './window-functions.ts'
import { partitionedRows, peersOf } from './window-order.ts'
import type { Ordered } from './window-rows.ts'

export type WindowSpec = {
  /** Types of the columns that come in. */
  readonly types: readonly DataType[]
  readonly partition: readonly number[]
  readonly order: readonly SortKey[]
  readonly functions: readonly WindowCall[]
  /** Columns that anyone reads of the rows that go on. */
  readonly needed: ReadonlySet<number>
}

export class WindowOperator implements Breaker {
  readonly isFull = false
  private readonly spec: WindowSpec
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById
  private readonly kept: KeptRows
  private rowsIn = 0
  private scratch: MemoryAccount | null = null

  constructor(spec: WindowSpec, next: Operator, runtime: Runtime, dictionaryById: DictionaryById) {
    this.spec = spec
    this.next = next
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.kept = new KeptRows(runtime.durable.account)
  }

  push(block: Block): void {
    this.rowsIn += block.rowCount
    this.kept.add(block)
  }

  /** One block: many small ones cost more to describe than to copy. */
  exportPartial(): FlatBlock[] {
    if (this.kept.rowCount === 0) return []
    return [flattenBlock(this.kept.join(this.spec.types), this.runtime.durable.account)]
  }

  importPartial(partial: unknown): void {
    for (const flat of partial as FlatBlock[]) {
      this.rowsIn += flat.r
      this.kept.adopt(restoreBlock(flat, this.runtime.durable.account, this.dictionaryById))
    }
  }

  finish(): void {
    if (this.kept.rowCount > 0) {
      const joined = this.kept.join(this.spec.types)
      const rows = new RowsInOrder(joined, this.spec, this.runtime, this.scratch ??= this.runtime.newScratch())
      const columns = this.spec.functions.map((call) =>
        windowColumn(call, rows, () => framesOf(call.frame, rows, this.runtime), this.runtime))
      inPieces({ rowCount: rows.rowCount, columns: [...rows.passedOn(), ...columns] }, (piece) => {
        this.next.push(piece)
        this.runtime.scratch.account.releaseAll()
      })
    }
    this.next.finish()
  }

  describe(): string {
    return `window ${this.spec.functions.length} functions over ${this.spec.partition.length} keys, `
      + `${this.rowsIn} rows in`
  }
}

/** The rows of all partitions, in order. */
class RowsInOrder implements Ordered {
  readonly rowCount: number
  readonly order: readonly SortKey[]
  readonly starts: Uint32Array
  private readonly spec: WindowSpec
  private readonly runtime: Runtime
  private readonly scratch: MemoryAccount
  private readonly given: readonly Vector[]
  /** Null: as they were given. */
  private readonly rows: Uint32Array | null
  private readonly taken: (Vector | undefined)[] = []
  /** Columns that aggregates read. */
  private readonly arguments: ReadonlySet<number>
  private peerStarts: Uint32Array | null

  constructor(block: Block, spec: WindowSpec, runtime: Runtime, scratch: MemoryAccount) {
    this.spec = spec
    this.runtime = runtime
    this.scratch = scratch
    this.rowCount = block.rowCount
    this.given = block.columns
    this.order = spec.order
    this.arguments = new Set(spec.functions.flatMap(({ call, isAggregate }) => (isAggregate ? call.args : [])))
    const { rows, starts } = partitionedRows(block, spec.partition, spec.order, runtime, scratch)
    this.rows = rows
    this.starts = starts
    this.peerStarts = spec.order.length === 0 ? starts : null
  }

  readonly column = (index: number): Vector => (this.taken[index] ??= this.inOrder(index))

  private inOrder(index: number): Vector {
    const { account } = this.runtime.durable
    const column = this.given[index]
    // Constants that aggregates read are spelled out: their loops are over rows.
    if (column.isConst) {
      return this.arguments.has(index) ? pick([column], null, null, this.rowCount, column.type, account) : column
    }
    if (this.rows === null) return column
    const ordered = take(column, this.rows, this.rowCount, account)
    freeVector(column, account)
    return ordered
  }

  readonly peers = (): Uint32Array => (this.peerStarts ??= peersOf(
    this.order.map(({ index }) => this.column(index)), this.rowCount, this.starts, this.runtime, this.scratch))

  /** All columns; what nobody reads is a constant. */
  passedOn(): Vector[] {
    const { account } = this.runtime.durable
    return this.given.map((column, index) => (this.spec.needed.has(index) ? this.column(index)
      : asConst(defaultVector(column.type, 1, account), this.rowCount)))
  }
}
