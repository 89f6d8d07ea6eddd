// LIMIT n OFFSET m BY keys: the first rows of each group, in the order in which they arrive. Also
// DISTINCT ON, and DISTINCT with columns that only ORDER BY needs. Numbers below 0 count from the end of
// each group, so that all rows are kept until the groups' sizes are known.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Block } from '../../../storage/column/vector.ts'
import { restoreBlocks, type DictionaryById, type FlatBlock } from '../blocks/block-codec.ts'
import { GroupTable } from '../keys/group-table.ts'
import { growWords } from '../blocks/growing.ts'
import { KeptRows } from '../blocks/kept-rows.ts'
import type { Breaker, Operator } from '../runtime/operator.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { takeRows } from '../expressions/short-circuit.ts'
import { inPieces } from '../blocks/slice.ts'

export class LimitByOperator implements Breaker {
  readonly isFull = false
  private readonly keys: readonly number[]
  private readonly limit: number
  private readonly offset: number
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById
  private readonly table: GroupTable
  private readonly kept: KeptRows
  private counts: Uint32Array

  constructor(
    types: readonly DataType[], keys: readonly number[], limit: number, offset: number,
    next: Operator, runtime: Runtime, dictionaryById: DictionaryById,
  ) {
    this.keys = keys
    this.limit = limit
    this.offset = offset
    this.next = next
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.table = new GroupTable(keys.map((key) => types[key]), runtime.durable)
    this.kept = new KeptRows(runtime.durable.account)
    this.counts = runtime.durable.account.u32(64).fill(0)
  }

  private get countsFromEnd(): boolean { return this.limit < 0 || this.offset < 0 }

  push(block: Block): void {
    this.kept.add(this.countsFromEnd ? block : this.firstOfGroups(block, 0, this.offset + this.limit))
  }

  private groupsOf(block: Block): Uint32Array {
    const groups = this.table.groupsOf(
      this.keys.map((key) => block.columns[key]), block.rowCount, this.runtime.scratch.account)
    this.growCounts()
    return groups
  }

  /** Rows whose number in their group lies in [from, to), counted on. */
  private firstOfGroups(block: Block, from: number, to: number): Block {
    const { account } = this.runtime.scratch
    const groups = this.groupsOf(block)
    const rows = account.u32(block.rowCount)
    let count = 0
    for (let row = 0; row < block.rowCount; row++) {
      const number = this.counts[groups[row]]++
      if (number >= from && number < to) rows[count++] = row
    }
    return takeRows(block, rows.subarray(0, count), this.runtime)
  }

  private growCounts(): void {
    const before = this.counts.length
    this.counts = growWords(this.runtime.durable.account, this.counts, before, this.table.groupCount)
    if (this.counts.length > before) this.counts.fill(0, before)
  }

  exportPartial(): FlatBlock[] { return this.kept.flat() }

  importPartial(partial: unknown): void {
    for (const block of restoreBlocks(partial, this.runtime.scratch.account, this.dictionaryById)) this.push(block)
  }

  /** Rows of a block that LIMIT and OFFSET leave, by the sizes of their groups. */
  private byEnd(block: Block, sizes: Uint32Array): Block {
    const { account } = this.runtime.scratch
    const groups = this.groupsOf(block)
    const rows = account.u32(block.rowCount)
    let count = 0
    for (let row = 0; row < block.rowCount; row++) {
      const number = this.counts[groups[row]]++
      const size = sizes[groups[row]]
      const end = this.offset < 0 ? size + this.offset : size
      const start = this.offset < 0 ? 0 : this.offset
      const from = this.limit < 0 ? Math.max(start, end + this.limit) : start
      const to = this.limit < 0 ? end : Math.min(end, start + this.limit)
      if (number >= from && number < to) rows[count++] = row
    }
    return takeRows(block, rows.subarray(0, count), this.runtime)
  }

  private finishByEnd(): void {
    for (const block of this.kept.blocks) {
      const groups = this.groupsOf(block)
      for (let row = 0; row < block.rowCount; row++) this.counts[groups[row]]++
    }
    const sizes = this.runtime.durable.account.u32(this.counts.length)
    sizes.set(this.counts)
    this.counts.fill(0)
    for (const block of this.kept.blocks) inPieces(this.byEnd(block, sizes), (piece) => this.next.push(piece))
    this.kept.clear()
    this.next.finish()
  }

  finish(): void {
    if (this.countsFromEnd) return this.finishByEnd()
    this.counts.fill(0)
    for (const block of this.kept.blocks) {
      const rest = this.offset === 0 ? block
        : this.firstOfGroups(block, this.offset, Number.POSITIVE_INFINITY)
      inPieces(rest, (piece) => this.next.push(piece))
    }
    this.kept.clear()
    this.next.finish()
  }

  describe(): string {
    return `limit ${this.limit} by ${this.keys.length} keys, ${this.table.groupCount} groups`
  }
}
