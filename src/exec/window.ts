// Window functions. All rows are kept, put in the order of their partitions and of ORDER BY, and each
// function makes a column out of them:
//
//   rows -> partitions (groups of a GroupTable) -> order -> peers -> frames -> one column a function
//
// Invariant: a partition's rows lie together, in the order of ORDER BY; rows that it does not tell
// apart keep the order in which they came.

import type { DataType } from '../../storage/column/data-type.ts'
import { BLOCK_ROWS_MAX, type Block, type Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { pick, take } from '../functions/vectors.ts'
import type { SortKey, WindowCall } from '../plan/plan.ts'
import { flattenBlock, restoreBlock, type DictionaryById, type FlatBlock } from './block-codec.ts'
import { GroupTable } from './group-table.ts'
import { freeBlock, KeptRows } from './kept-rows.ts'
import type { Breaker, Operator } from './operator.ts'
import { orderedRows, rowOrder } from './order.ts'
import type { Runtime } from './runtime.ts'
import { inPieces, sliceVector } from './slice.ts'
import { framesOf } from './window-frames.ts'
import { windowColumn } from './window-functions.ts'
import type { Ordered } from './window-rows.ts'

export type WindowSpec = {
  /** Types of the columns that come in. */
  readonly types: readonly DataType[]
  readonly partition: readonly number[]
  readonly order: readonly SortKey[]
  readonly functions: readonly WindowCall[]
}

export class WindowOperator implements Breaker {
  readonly isFull = false
  private readonly spec: WindowSpec
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById
  private readonly kept: KeptRows
  private rowsIn = 0

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
      const ordered = this.ordered()
      const columns = this.spec.functions.map((call) =>
        windowColumn(call, ordered, () => framesOf(call.frame, ordered, this.runtime), this.runtime))
      inPieces({ rowCount: ordered.rowCount, columns: [...ordered.columns, ...columns] },
        (piece) => this.next.push(piece))
    }
    this.next.finish()
  }

  private ordered(): Ordered {
    const { account } = this.runtime.durable
    const joined = this.withArguments(this.kept.join(this.spec.types))
    const { rows, starts } = this.rowsInOrder(joined)
    const columns = rows === null ? joined.columns : joined.columns.map((column) =>
      (column.isConst ? column : take(column, rows, joined.rowCount, this.runtime.durable.account)))
    if (rows !== null) {
      freeBlock({ rowCount: 0, columns: joined.columns.filter((c) => !c.isConst) }, account)
      account.free(rows.byteOffset)
    }
    const { rowCount } = joined
    const { order } = this.spec
    let peers: Uint32Array | null = order.length === 0 ? starts : null
    return {
      rowCount, columns, order, starts,
      peers: () => peers ??= this.boundaries(columns, order.map(({ index }) => index), rowCount, starts),
    }
  }

  /** Constants that functions read are spelled out: their loops are over rows. */
  private withArguments({ rowCount, columns }: Block): Block {
    const read = new Set(this.spec.functions.flatMap(({ call }) => call.args))
    return {
      rowCount, columns: columns.map((column, c) => (column.isConst && read.has(c)
        ? pick([column], null, null, rowCount, column.type, this.runtime.durable.account) : column)),
    }
  }

  /** Row numbers by partition and within by ORDER BY (null: as they lie), and where partitions begin. */
  private rowsInOrder({ rowCount, columns }: Block): { rows: Uint32Array | null; starts: Uint32Array } {
    const { partition, order } = this.spec
    const { account } = this.runtime.durable
    const scratch = this.runtime.newScratch()
    let rows: Uint32Array | null = null
    if (order.length > 0) {
      rows = orderedRows(rowCount, order, order.map(({ index }) => columns[index]), this.runtime.durable, scratch)
      scratch.releaseAll()
    }
    if (partition.length === 0) {
      const starts = account.u32(2)
      starts.set([0, rowCount])
      return { rows, starts }
    }
    const keys = partition.map((index) => columns[index])
    const groups = this.groupsOf(keys, rowCount, scratch)
    const grouped = byGroup(groups.of, groups.count, rows, rowCount, account)
    account.free(groups.of.byteOffset)
    if (rows !== null) account.free(rows.byteOffset)
    return grouped
  }

  private groupsOf(
    keys: readonly Vector[], rowCount: number, scratch: MemoryAccount,
  ): { of: Uint32Array; count: number } {
    const table = new GroupTable(keys.map(({ type }) => type), this.runtime.durable)
    const of = this.runtime.durable.account.u32(rowCount)
    for (let from = 0; from < rowCount; from += BLOCK_ROWS_MAX) {
      this.runtime.scratch.checkAlive()
      const to = Math.min(rowCount, from + BLOCK_ROWS_MAX)
      of.set(table.groupsOf(keys.map((key) => sliceVector(key, from, to)), to - from, scratch), from)
      scratch.releaseAll()
    }
    return { of, count: table.groupCount }
  }

  /** Where runs of equal `keys` begin within those of `outer`, and at the end the row count. */
  private boundaries(
    columns: readonly Vector[], keys: readonly number[], rowCount: number, outer: Uint32Array,
  ): Uint32Array {
    const { account } = this.runtime.durable
    const scratch = this.runtime.newScratch()
    const isNew = account.u8(rowCount).fill(0)
    for (let i = 0; i + 1 < outer.length; i++) isNew[outer[i]] = 1
    const differs = rowOrder(keys.map((index) => ({ index, descending: false, nullsFirst: false })),
      keys.map((index) => columns[index]), scratch)
    let count = 0
    for (let row = 0; row < rowCount; row++) {
      if (isNew[row] === 0 && differs(row - 1, row) !== 0) isNew[row] = 1
      count += isNew[row]
    }
    const starts = account.u32(count + 1)
    let at = 0
    for (let row = 0; row < rowCount; row++) if (isNew[row] === 1) starts[at++] = row
    starts[count] = rowCount
    account.free(isNew.byteOffset)
    scratch.releaseAll()
    return starts
  }

  describe(): string {
    return `window ${this.spec.functions.length} functions over ${this.spec.partition.length} keys, `
      + `${this.rowsIn} rows in`
  }
}

/** Rows (in the order given) group after group, and where each group begins. */
function byGroup(
  groups: Uint32Array, groupCount: number, order: Uint32Array | null, rowCount: number,
  account: { u32(length: number): Uint32Array; free(pointer: number): void },
): { rows: Uint32Array; starts: Uint32Array } {
  const next = account.u32(groupCount + 1).fill(0)
  for (let row = 0; row < rowCount; row++) next[groups[row] + 1]++
  for (let g = 1; g <= groupCount; g++) next[g] += next[g - 1]
  const starts = account.u32(groupCount + 1)
  starts.set(next)
  const rows = account.u32(rowCount)
  for (let i = 0; i < rowCount; i++) {
    const row = order === null ? i : order[i]
    rows[next[groups[row]]++] = row
  }
  account.free(next.byteOffset)
  return { rows, starts }
}
