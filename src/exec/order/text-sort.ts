// ORDER BY over rows that are written already (row-texts.ts): keys and texts are kept apart, keys are sorted,
// and texts stay where they are until the answer is made (written-rows.ts).
// Invariant: keysKept and texts have the same rows in the same order.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Block, BytesVector } from '../../../storage/column/vector.ts'
import type { SortKey } from '../../plan/plan.ts'
import { flattenBlock, keepVector, restoreBlock, type DictionaryById, type FlatBlock } from '../blocks/block-codec.ts'
import { freeVector, KeptRows } from '../blocks/kept-rows.ts'
import type { ResultOperator } from './limit.ts'
import type { Breaker } from '../runtime/operator.ts'
import { orderedRows } from './order.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { WrittenRows } from './written-rows.ts'

/** Blocks of keys, and one of texts for each. */
type Partial = { readonly keys: FlatBlock[]; readonly texts: FlatBlock[] }

export class TextSort implements Breaker {
  readonly isFull = false
  private readonly types: readonly DataType[]
  private readonly keys: readonly SortKey[]
  private readonly result: ResultOperator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById
  private readonly keysKept: KeptRows
  private readonly texts: BytesVector[] = []
  private order: Uint32Array | null = null

  /** Blocks have a column for each key, which orders it, and their rows as texts behind these. */
  constructor(
    types: readonly DataType[], keys: readonly SortKey[], result: ResultOperator, runtime: Runtime, dictionaryById: DictionaryById,
  ) {
    this.types = types
    this.keys = keys
    this.result = result
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.keysKept = new KeptRows(runtime.durable.account)
  }

  push({ rowCount, columns }: Block): void {
    if (rowCount === 0) return
    const count = this.keys.length
    this.keysKept.add({ rowCount, columns: columns.slice(0, count) })
    this.texts.push(keepVector(columns[count], this.runtime.durable.account) as BytesVector)
  }

  exportPartial(): Partial {
    const { account } = this.runtime.durable
    if (this.keysKept.rowCount === 0) return { keys: [], texts: [] }
    return {
      // One block: many small ones cost more to describe than to copy.
      keys: [flattenBlock(this.keysKept.join(this.types), account)],
      texts: this.texts.map((text) => flattenBlock({ rowCount: text.length, columns: [text] }, account)),
    }
  }

  importPartial(partial: unknown): void {
    const { keys, texts } = partial as Partial // as the same operator of another worker gave it
    const { account } = this.runtime.durable
    for (const flat of keys) this.keysKept.adopt(restoreBlock(flat, account, this.dictionaryById))
    for (const flat of texts) this.texts.push(restoreBlock(flat, account, this.dictionaryById).columns[0] as BytesVector)
  }

  finish(): void {
    const { runtime, keys, types } = this
    const { rowCount } = this.keysKept
    runtime.quotas.refuseAbove('max_rows_to_sort', rowCount)
    if (rowCount === 0) return
    const { columns } = this.keysKept.join(types)
    const scratch = runtime.newScratch()
    this.order = orderedRows(rowCount, keys, columns, runtime.durable, scratch)
    scratch.releaseAll()
    for (const column of columns) if (!column.isConst) freeVector(column, runtime.durable.account)
    this.result.adopt({ rowCount, columns: [] })
  }

  /** The rows in their order, once finished. */
  written(): WrittenRows { return new WrittenRows(this.texts, this.order) }

  describe(): string { return `sort ${this.keys.length} keys of written rows` }
}
