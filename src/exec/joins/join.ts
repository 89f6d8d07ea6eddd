// JOIN: the probing side streams through, the built side is a table (join-table.ts) that a stage of
// its own has made. Candidates of a block (pairs with equal keys) are taken in pieces of a block's
// rows, what ON asks besides is evaluated over each piece, what is left goes on.
//
//   block -> groups by key -> pairs -> [condition] -> matched / first / none -> rows of both sides
//
// Invariant: a join that pushes more than once for a block keeps that block in the query's account and
// empties the scratch memory after each push, so a pair count beyond any block is no matter. So does
// every join above it: nobody in between looks at scratch memory after a push.

import type { DataType } from '../../../storage/column/data-type.ts'
import { BLOCK_ROWS_MAX, type Block, type Vector } from '../../../storage/column/vector.ts'
import type { Kernels } from '../../../storage/kernels/load.ts'
import { defaultVector } from '../../functions/values/values.ts'
import { asConst, retype, take } from '../../functions/values/vectors.ts'
import type { TypedExpr } from '../../plan/plan.ts'
import { keepVector } from '../blocks/block-codec.ts'
import { MISSING } from '../keys/group-table.ts'
import { nearestRows } from './join-asof.ts'
import { JoinPairs } from './join-pairs.ts'
import type { JoinTable } from './join-table.ts'
import { freeVector } from '../blocks/kept-rows.ts'
import type { Breaker, Operator } from '../runtime/operator.ts'
import { compilePredicate, type Predicate } from '../expressions/predicate.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** How a join runs, whichever side is built. */
export type JoinMode = {
  readonly isLeftBuilt: boolean
  /** Rows of the probing side without a match stay. */
  readonly keepsProbe: boolean
  readonly keepsBuilt: boolean
  /** Of the matches of a probing row: all, the first, or only rows that have none. */
  readonly matches: 'all' | 'first' | 'none'
  /** How the built value of ASOF stands to the probing one; null: no ASOF. */
  readonly nearest: { readonly probe: number; readonly built: number; readonly op: string } | null
}

export type JoinParts = {
  readonly mode: JoinMode
  readonly leftCount: number
  /** Types of the output, left side first. */
  readonly types: readonly DataType[]
  /** Output columns that anyone reads. */
  readonly needed: ReadonlySet<number>
  /** One for each alternative of ON: what must hold besides equal keys, as conjuncts. */
  readonly residuals: readonly (readonly TypedExpr[])[]
  readonly table: () => JoinTable
}

/** Which rows matchRows() keeps: those with a match, those without. */
const WITH = 1
const WITHOUT = 2

/** Whether all rows have a group. MISSING has all bits, and no group's number has its highest. */
const haveAll = (groups: Uint32Array, rowCount: number, kernels: Kernels): boolean =>
  kernels.orWords(groups.byteOffset, rowCount) >>> 0 !== MISSING

export class JoinOperator implements Breaker {
  private readonly parts: JoinParts
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly residuals: readonly (readonly Predicate[])[]
  private matchedRows: Uint8Array | null = null
  private rowsIn = 0
  private rowsOut = 0

  constructor(parts: JoinParts, next: Operator, runtime: Runtime) {
    this.parts = parts
    this.next = next
    this.runtime = runtime
    this.residuals = parts.residuals.map((list) =>
      list.map((expr) => compilePredicate(expr, runtime)))
  }

  get isFull(): boolean { return this.next.isFull }

  push(block: Block): void {
    this.rowsIn += block.rowCount
    if (block.rowCount === 0) return
    const table = this.parts.table()
    if (this.mayPassOver(table)) return
    const groups = table.indexes.map((index) => index.find(block, this.runtime.scratch.account))
    if (this.passOn(block, table, groups[0])) return
    this.joinPairs(block, table, groups)
  }

  private mayPassOver(table: JoinTable): boolean {
    return table.rowCount === 0 && !this.parts.mode.keepsProbe && this.parts.mode.matches !== 'none'
  }

  /** At most one match a row and no condition: rows of one block in one go. False: not so. */
  private passOn(block: Block, table: JoinTable, groups: Uint32Array): boolean {
    const { mode } = this.parts
    const isPlain = this.residuals.length === 1 && this.residuals[0].length === 0
    if (!isPlain && mode.nearest === null) return false
    const [index] = table.indexes
    if (mode.matches === 'all' && !index.isUnique) return false
    const { account, kernels } = this.runtime.scratch
    const { rowCount } = block
    if (index.isByRow && mode.matches !== 'none' && haveAll(groups, rowCount, kernels)) {
      if (mode.keepsBuilt) this.mark(groups, rowCount)
      this.emit(block, null, groups, rowCount)
      return true
    }
    const keeps = mode.matches === 'none' ? WITHOUT : mode.keepsProbe ? WITH | WITHOUT : WITH
    const rows = account.u32(rowCount)
    const built = account.u32(rowCount)
    let { firsts } = index
    let of = groups
    if (mode.nearest !== null) {
      firsts = nearestRows(block.columns[mode.nearest.probe], table.columns[mode.nearest.built],
        mode.nearest.op, groups, index, table.missing, account)
      if (!isPlain) firsts = this.holdingNearest(block, firsts, table.missing)
      of = account.u32(rowCount)
      for (let row = 0; row < rowCount; row++) of[row] = row
    }
    const count = kernels.matchRows(of.byteOffset, rowCount, firsts.byteOffset, table.missing, keeps,
      rows.byteOffset, built.byteOffset)
    if (mode.keepsBuilt) this.mark(built, count)
    this.emit(block, count === rowCount ? null : rows.subarray(0, count), built, count)
    return true
  }

  /** The nearest rows of which the rest of ON holds: ASOF looks no further. */
  private holdingNearest(block: Block, nearest: Uint32Array, missing: number): Uint32Array {
    const { account } = this.runtime.scratch
    const probe = account.u32(nearest.length)
    const built = account.u32(nearest.length)
    let count = 0
    for (let row = 0; row < nearest.length; row++) {
      if (nearest[row] === missing) continue
      probe[count] = row
      built[count++] = nearest[row]
    }
    const rows = this.holding(block, probe.subarray(0, count), built.subarray(0, count), count, 0)
    if (rows === null) return nearest
    const out = account.u32(nearest.length).fill(missing)
    for (const pair of rows) out[probe[pair]] = built[pair]
    return out
  }

  private joinPairs(block: Block, table: JoinTable, groups: readonly Uint32Array[]): void {
    const { mode } = this.parts
    const { account } = this.runtime.durable
    const pairs = new JoinPairs(table, groups, block.rowCount, account)
    const isOnePush = pairs.count + block.rowCount <= BLOCK_ROWS_MAX
    const kept = isOnePush ? block : this.kept(block)
    const matched = account.u8(block.rowCount).fill(0)
    const out = { probe: account.u32(BLOCK_ROWS_MAX), built: account.u32(BLOCK_ROWS_MAX), count: 0 }
    const flush = () => {
      if (out.count > 0) this.emit(kept, out.probe, out.built, out.count)
      out.count = 0
      if (!isOnePush) this.runtime.scratch.account.releaseAll()
    }
    const add = (probe: number, built: number) => {
      if (out.count === BLOCK_ROWS_MAX) flush()
      out.probe[out.count] = probe
      out.built[out.count++] = built
    }
    // Pairs of one alternative come in the order of the block: so do the rows between them that have none.
    const isInOrder = groups.length === 1 && mode.keepsProbe
    let settled = 0
    const addUnmatched = (to: number) => {
      for (; settled < to; settled++) if (matched[settled] === 0) add(settled, table.missing)
    }
    try {
      this.eachMatch(kept, pairs, isOnePush, (probe, built) => {
        if (isInOrder) addUnmatched(probe)
        if (matched[probe] === 1 && mode.matches !== 'all') return
        matched[probe] = 1
        if (mode.keepsBuilt) this.markOne(built)
        if (mode.matches !== 'none') add(probe, built)
      })
      if (mode.keepsProbe || mode.matches === 'none') addUnmatched(block.rowCount)
      flush()
    } finally {
      pairs.free()
      for (const array of [matched, out.probe, out.built]) account.free(array.byteOffset)
      if (!isOnePush) for (const column of kept.columns) freeVector(column, account)
    }
  }

  /** Calls `use` with every pair for which ON holds. */
  private eachMatch(
    block: Block, pairs: JoinPairs, isOnePush: boolean, use: (probe: number, built: number) => void,
  ): void {
    while (!this.next.isFull || this.parts.mode.keepsBuilt) {
      this.runtime.scratch.checkAlive()
      const piece = pairs.next()
      if (piece === null) return
      const { probe, built, count, alternative } = piece
      const holding = this.holding(block, probe, built, count, alternative)
      // `use` may push, which empties the scratch memory that `holding` lies in.
      const rows = holding === null || isOnePush ? holding : pairs.keep(holding)
      const matches = rows === null ? count : rows.length
      for (let i = 0; i < matches; i++) {
        const pair = rows === null ? i : rows[i]
        use(probe[pair], built[pair])
      }
      if (!isOnePush) this.runtime.scratch.account.releaseAll()
    }
  }

  /** Which pairs fulfil the rest of ON, and no alternative before theirs; null: all. */
  private holding(
    block: Block, probe: Uint32Array, built: Uint32Array, count: number, alternative: number,
  ): Uint32Array | null {
    const predicates = this.residuals[alternative]
    if (predicates.length === 0) return null
    const needed = new Set(predicates.flatMap(({ columns }) => columns))
    let rest = this.rowsOf(block, probe, built, count, needed)
    let rows: Uint32Array | null = null
    for (const predicate of predicates) {
      const kept = predicate.select(rest)
      if (kept === null) continue
      rows = rows === null ? kept : kept.map((row) => (rows as Uint32Array)[row])
      if (rows.length === 0) break
      rest = this.rowsOf(block, rows.map((row) => probe[row]), rows.map((row) => built[row]),
        rows.length, needed)
    }
    return rows
  }

  private emit(block: Block, probe: Uint32Array | null, built: Uint32Array, count: number): void {
    if (count === 0) return
    this.rowsOut += count
    this.next.push(this.rowsOf(block, probe, built, count, this.parts.needed))
  }

  /** Rows of both sides by number (`probe` null: all, in order); columns that nobody needs are
   * constants. */
  private rowsOf(
    block: Block, probe: Uint32Array | null, built: Uint32Array, count: number,
    needed: ReadonlySet<number>,
  ): Block {
    const { mode, leftCount, types } = this.parts
    const { scratch } = this.runtime
    const { columns } = this.parts.table()
    return {
      rowCount: count,
      columns: types.map((type, index) => {
        if (!needed.has(index)) return asConst(this.unread(index), count)
        const isLeft = index < leftCount
        const isBuilt = isLeft === mode.isLeftBuilt
        const vector = (isBuilt ? columns : block.columns)[isLeft ? index : index - leftCount]
        if (vector.isConst) return retype(asConst(vector, count), type)
        const rows = isBuilt ? built : probe
        return retype(rows === null ? vector : take(vector, rows, count, scratch.account), type)
      }),
    }
  }

  private readonly placeholders: Vector[] = []
  private unread(index: number): Vector {
    return this.placeholders[index]
      ??= defaultVector(this.parts.types[index], 1, this.runtime.durable.account)
  }

  private kept(block: Block): Block {
    const { account } = this.runtime.durable
    return { rowCount: block.rowCount, columns: block.columns.map((c) => keepVector(c, account)) }
  }

  // -------------------------------------------------- rows of the built side that found no match

  private marks(): Uint8Array {
    return this.matchedRows ??= this.runtime.durable.account
      .u8(this.parts.table().rowCount + 1).fill(0)
  }

  private markOne(built: number): void { this.marks()[built] = 1 }

  private mark(built: Uint32Array, count: number): void {
    const marks = this.marks()
    for (let i = 0; i < count; i++) marks[built[i]] = 1
  }

  finish(): void {
    if (this.parts.mode.keepsBuilt) this.pushUnmatched()
    this.next.finish()
  }

  private pushUnmatched(): void {
    const { account } = this.runtime.scratch
    const table = this.parts.table()
    const marks = this.marks()
    for (let row = 0; row < table.rowCount && !this.next.isFull;) {
      const rows = account.u32(BLOCK_ROWS_MAX)
      let count = 0
      for (; row < table.rowCount && count < BLOCK_ROWS_MAX; row++) {
        if (marks[row] === 0) rows[count++] = row
      }
      this.emit(this.missingProbe(count), rows, rows, count)
      account.releaseAll()
    }
  }

  /** The probing side of rows that have none: defaults. */
  private missingProbe(count: number): Block {
    const { mode, leftCount, types } = this.parts
    const own = mode.isLeftBuilt ? types.slice(leftCount) : types.slice(0, leftCount)
    const { account } = this.runtime.durable
    return { rowCount: count, columns: own.map((type) => defaultVector(type, count, account)) }
  }

  exportPartial(): { readonly matched: Uint8Array | null; readonly rowsOut: number } {
    return { matched: this.matchedRows, rowsOut: this.rowsOut }
  }

  importPartial(partial: unknown): void {
    const { matched, rowsOut } = partial as ReturnType<JoinOperator['exportPartial']>
    this.rowsOut += rowsOut
    if (matched === null) return
    const marks = this.marks()
    for (let row = 0; row < matched.length; row++) marks[row] |= matched[row]
  }

  describe(): string {
    const { mode } = this.parts
    return `join ${mode.isLeftBuilt ? 'left' : 'right'} side built: `
      + `${this.parts.table().rowCount} rows, ${this.rowsIn} rows in, ${this.rowsOut} rows out`
  }
}
