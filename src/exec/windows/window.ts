// Window functions. All rows are kept (or, where they are many, all of some partitions: window-parts.ts), put in the
// order of their partitions and of ORDER BY, and each function makes a column out of them:
//
//   rows -> order and partitions (window-order.ts) -> peers -> frames -> one column a function
//
// Invariant: a partition's rows lie together, in the order of ORDER BY; rows that it does not tell
// apart keep the order in which they came.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Block, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { defaultVector } from '../../functions/values/values.ts'
import { asConst, pick, take } from '../../functions/values/vectors.ts'
import type { SortKey, WindowCall } from '../../plan/plan.ts'
import { flattenBlock, restoreBlock, sliceFlat, type DictionaryById, type FlatBlock } from '../blocks/block-codec.ts'
import { freeVector, KeptRows } from '../blocks/kept-rows.ts'
import type { Mergeable, Operator, Shares } from '../runtime/operator.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { Chunk } from '../runtime/shared-states.ts'
import { inPieces } from '../blocks/slice.ts'
import { framesOf } from './window-frames.ts'
import { windowColumn } from './window-functions.ts'
import { partitionedRows, peersOf } from './window-order.ts'
import { areAlike, canShareOut, morselsOf, readParts, writeParts, type PartRows } from './window-parts.ts'
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

/** Rows on their way to another worker: as they are, or where they lie in parts. */
type Partial = { readonly rowsIn: number; readonly blocks: readonly FlatBlock[]; readonly chunks: readonly Chunk[] }

/** Rows of one worker that are worth sharing out, beside those from which on a peer does. */
const ALONE = 2

export class WindowOperator implements Mergeable {
  readonly isFull = false
  isHandedOut = false
  mergedCount = 0
  private readonly spec: WindowSpec
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById
  private readonly kept: KeptRows
  /** Rows in shared memory, of all workers. */
  readonly chunks: Chunk[] = []
  private rowsIn = 0
  private accounts: { readonly scratch: MemoryAccount; readonly merging: MemoryAccount } | null = null

  constructor(spec: WindowSpec, next: Operator, runtime: Runtime, dictionaryById: DictionaryById) {
    this.spec = spec
    this.next = next
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.kept = new KeptRows(runtime.durable.account)
  }

  /** For what is made of some rows: `scratch` while they are ordered, `merging` while a part is worked on. */
  private get own() { return this.accounts ??= { scratch: this.runtime.newScratch(), merging: this.runtime.newPart() } }

  push(block: Block): void {
    this.rowsIn += block.rowCount
    this.kept.add(block)
  }

  /** Whether so many rows are to be shared out. */
  private isMany(rowCount: number): boolean {
    const { spec: { partition, types }, runtime: { shared } } = this
    return shared !== null && rowCount >= shared.windowsFrom && canShareOut(partition.map((index) => types[index]))
  }

  get isShared(): boolean { return this.chunks.length > 0 || this.isMany(this.kept.rowCount / ALONE) }

  /** Kept rows go into a chunk; false: there is no room for it. */
  private flush(isLast: boolean): boolean {
    const { kept, spec: { types, partition }, runtime, runtime: { shared } } = this
    if (kept.rowCount === 0) return true
    if (shared === null) return false
    const joined = kept.join(types)
    const chunk = writeParts(joined, partition, shared, isLast, runtime, this.own.scratch)
    if (chunk === null) kept.adopt(joined)
    else this.chunks.push(chunk)
    return chunk !== null
  }

  /** One block: many small ones cost more to describe than to copy. */
  exportPartial(): Partial {
    const { rowsIn, kept, chunks } = this
    if (this.isMany(kept.rowCount)) this.flush(true)
    const blocks = kept.rowCount === 0 ? [] : [flattenBlock(kept.join(this.spec.types), this.runtime.durable.account)]
    return { rowsIn, blocks, chunks }
  }

  importPartial(partial: unknown): void {
    const { rowsIn, blocks, chunks } = partial as Partial // exportPartial's, of another worker
    const { account } = this.runtime.durable
    this.rowsIn += rowsIn
    for (const flat of blocks) this.kept.adopt(restoreBlock(flat, account, this.dictionaryById))
    for (const chunk of chunks) {
      account.charge(chunk.bytes)
      this.chunks.push(chunk)
    }
  }

  handOut(): Shares | null {
    let isFlushed = this.flush(false)
    if (isFlushed && !areAlike(this.parts())) {
      // Together they have keys of one kind.
      this.takeBack()
      isFlushed = this.flush(false)
    }
    if (!isFlushed) {
      this.takeBack()
      return null
    }
    this.isHandedOut = true
    return { chunks: this.chunks, morsels: morselsOf(this.parts()) }
  }

  takeOver(chunks: readonly Chunk[]): void {
    this.chunks.push(...chunks)
    this.isHandedOut = true
  }

  private parts(): PartRows[] {
    const { shared } = this.runtime
    if (shared === null) return []
    return this.chunks.map((chunk) => readParts(chunk, shared))
  }

  /** Rows of all chunks are worked on here, together. */
  private takeBack(): void {
    const { account } = this.runtime.durable
    for (const { block } of this.parts()) this.kept.adopt(restoreBlock(block, account, this.dictionaryById))
    for (const { bytes } of this.chunks.splice(0)) account.discharge(bytes)
  }

  /** All rows of a part are together before any goes on. */
  *mergeParts(from: number, to: number): Generator<void> {
    if (this.next.isFull) return
    const { runtime, own: { merging } } = this
    const kept = new KeptRows(merging)
    for (const { starts, block } of this.parts()) {
      if (starts[from] === starts[to]) continue
      kept.adopt(restoreBlock(sliceFlat(block, starts[from], starts[to]), merging, this.dictionaryById))
    }
    yield
    this.mergedCount += kept.rowCount
    yield* this.compute(kept, { ...runtime, durable: { ...runtime.durable, account: merging } })
    merging.releaseAll()
  }

  addMerged(count: number): void { this.mergedCount += count }

  /** Hands on the rows that are kept, with a column for each function. */
  private* compute(kept: KeptRows, runtime: Runtime): Generator<void> {
    if (kept.rowCount === 0) return
    const { spec: { functions, types }, next } = this
    const rows = new RowsInOrder(kept.join(types), this.spec, runtime, this.own.scratch)
    yield
    const columns: Vector[] = []
    for (const call of functions) {
      columns.push(windowColumn(call, rows, () => framesOf(call.frame, rows, runtime), runtime))
      yield
    }
    const all = { rowCount: rows.rowCount, columns: [...rows.passedOn(), ...columns] }
    inPieces(all, (piece) => {
      next.push(piece)
      runtime.scratch.account.releaseAll()
    })
  }

  finish(): void {
    if (!this.isHandedOut && this.chunks.length > 0) {
      for (const [from, to] of this.handOut()?.morsels ?? []) for (const _ of this.mergeParts(from, to)) {}
    }
    for (const _ of this.compute(this.kept, this.runtime)) {}
    this.next.finish()
  }

  describe(): string {
    return `window ${this.spec.functions.length} functions over ${this.spec.partition.length} keys, `
      + `${this.rowsIn} rows in${this.isHandedOut ? ', in parts' : ''}`
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
