// GROUP BY, and DISTINCT (which is GROUP BY of all columns without aggregates), as an operator. Groups
// that become very many are shared out by their keys (shared-groups.ts): in every worker by itself, as it
// finds them to be many, and in the coordinator as soon as one of its peers has. Those that have no room in
// all are taken a share at a time, over the same rows (passes.ts).

import type { Block } from '../../../storage/column/vector.ts'
import { MemoryLimitExceeded, type MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { Groups, newHabits, type GroupsPartial, type GroupSpec, type Habits } from './groups.ts'
import { withLastingTexts } from '../blocks/block-codec.ts'
import { canShare } from '../keys/key-hashes.ts'
import type { Mergeable, Operator, Shares } from '../runtime/operator.ts'
import { ONLY_PASS, PassRows, rowsOfBlock, type Pass } from './passes.ts'
import { perPlan } from '../runtime/per-plan.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { PARTS, SharedGroups, UNIQUE_SHARE } from './shared-groups.ts'
import type { Chunk } from '../runtime/shared-states.ts'

/** Groups, or (of groups that are shared out) where they lie. */
type Partial = { readonly rowsIn: number }
  & ({ readonly chunks: readonly Chunk[]; readonly groups: null }
    | { readonly chunks: null; readonly groups: GroupsPartial })

/** Keys that are numbers, or codes of a table's dictionary, are found in tables so many times smaller. */
const SMALL_KEYS = 16

/** What runs of a plan find alike. */
const habitsOf = perPlan((_keys: readonly number[]): Habits => newHabits())

/** Rows that are to come. */
const expectedOf = ({ durable }: Runtime): number => durable.expectedRows?.() ?? 0

export class AggregateOperator implements Mergeable {
  readonly isFull = false
  rowsIn = 0
  /** Brings in what it has held back: before states are read. */
  tally: { flush(): void } | null = null
  private readonly spec: GroupSpec
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly habits: Habits
  private readonly account: MemoryAccount
  private groups: Groups
  /** null: groups are together. */
  private shared: SharedGroups | null = null
  mergedCount = 0
  isHandedOut = false
  private pass = ONLY_PASS
  /** Which rows are of a pass, once there are several. */
  private passRows: PassRows | null = null

  constructor(spec: GroupSpec, next: Operator, runtime: Runtime) {
    this.spec = spec
    this.next = next
    this.runtime = runtime
    this.habits = habitsOf(spec.keys)
    this.account = this.canPass ? runtime.newPart() : runtime.durable.account
    this.groups = this.newGroups()
  }

  private newGroups(): Groups {
    const { runtime, account } = this
    return new Groups(this.spec, this.habits, { ...runtime, durable: { ...runtime.durable, account } })
  }

  private get mayShare(): boolean {
    // A tally's rows stand for several each: parts know nothing of that.
    return this.runtime.shared !== null && this.tally === null && this.canPass
  }

  /** Whether its groups can be taken a share at a time. */
  get canPass(): boolean {
    const { spec: { types, quota }, runtime: { quotas } } = this
    return canShare(types) && !quotas.has(quota) && !quotas.has('max_bytes_in_distinct')
  }

  /** Rows that come from now on are of this pass, if it takes them. */
  beginPass(pass: Pass): void {
    this.pass = pass
    if (pass.count > 1) this.passRows ??= new PassRows(this.spec.types, this.runtime)
  }

  /** Nobody wants further groups. */
  get isDone(): boolean { return this.next.isFull }

  /** Bytes of the query's account that groups take. */
  get groupBytes(): number { return this.account.usedBytes + (this.shared?.usedBytes ?? 0) }

  /** Groups are shared out. */
  get isShared(): boolean { return this.shared !== null }

  get chunks(): readonly Chunk[] { return this.shared?.chunks ?? [] }

  get groupCount(): number { return this.mergedCount + (this.shared === null ? this.groups.groupCount : 0) }

  /** `times`: how many rows each row of the block stands for; one without it. */
  push(block: Block, times?: Float64Array): void {
    if (this.passRows === null) {
      this.pushOwn(block, times)
      return
    }
    const rows = this.passRows.of(this.groups.keysIn(block), block.rowCount, this.pass)
    if (rows.length === 0) return
    this.pushOwn(rowsOfBlock(block, rows, this.runtime), times === undefined ? undefined : this.taken(times, rows))
  }

  private taken(times: Float64Array, rows: Uint32Array): Float64Array {
    const out = this.runtime.scratch.account.f64(rows.length)
    for (let i = 0; i < rows.length; i++) out[i] = times[rows[i]]
    return out
  }

  /** Rows of the pass. */
  private pushOwn(block: Block, times?: Float64Array): void {
    this.rowsIn += times === undefined ? block.rowCount : Math.round(times.reduce((sum, count) => sum + count, 0)) // no double to V8
    if (this.shared !== null) {
      this.shared.push(block, this.groups.keysIn(block))
      return
    }
    if (this.willBeMany && block.joint === undefined) {
      const shared = this.shareOut()
      shared.keepRows(this.habits.groupCount > expectedOf(this.runtime) * UNIQUE_SHARE)
      shared.push(block, this.groups.keysIn(block))
      return
    }
    this.groups.push(block, times)
    if (this.isMany) this.shareOut()
  }

  /** Whether groups are better shared out. */
  private get isMany(): boolean {
    const { groups, runtime: { shared } } = this
    if (shared === null || groups.groupCount < shared.shareFrom || groups.isJoint) return false
    const from = groups.hasOwnStrings ? shared.shareFrom : shared.shareFrom * SMALL_KEYS
    return groups.groupCount >= from && this.mayShare
  }

  /** The same of a query that has just begun, when the last one of its plan was so. */
  private get willBeMany(): boolean {
    const { habits, runtime, runtime: { shared } } = this
    return shared !== null && habits.wereShared && this.groups.groupCount === 0
      && Math.min(habits.groupCount, expectedOf(runtime)) >= shared.shareFrom && this.mayShare
  }

  /** From here on groups are shared out. */
  private shareOut(): SharedGroups {
    const { runtime } = this
    if (this.shared !== null) return this.shared
    if (runtime.shared === null) throw new Error('exec: there is no memory to share groups in')
    const shared = this.shared = new SharedGroups(this.spec, runtime.shared, runtime)
    this.absorbInto(shared, this.rowsIn)
    return shared
  }

  /** The groups of so many rows, which are together, go to their parts. */
  private absorbInto(shared: SharedGroups, rowCount: number): void {
    shared.absorb(this.groups, rowCount)
    this.account.releaseAll()
    this.groups = this.newGroups()
  }

  exportPartial(): Partial {
    this.tally?.flush()
    const { rowsIn, shared, habits } = this
    habits.wereShared = shared !== null
    if (shared === null) return { rowsIn, chunks: null, groups: this.groups.exportPartial() }
    if (!shared.flush(true)) throw new MemoryLimitExceeded(this.account.usedBytes, this.account.limitBytes)
    habits.groupCount = shared.groupsSeen
    return { rowsIn, chunks: shared.chunks, groups: null }
  }

  importPartial(partial: unknown): void {
    const { rowsIn, chunks, groups } = partial as Partial
    this.rowsIn += rowsIn
    if (chunks !== null) this.shareOut().adopt(chunks)
    else {
      this.groups.importPartial(groups)
      if (this.shared !== null) this.absorbInto(this.shared, rowsIn)
    }
  }

  handOut(): Shares | null {
    if (this.shared === null || !this.shared.flush()) return null
    this.isHandedOut = true
    return { chunks: this.shared.chunks, morsels: Array.from({ length: PARTS }, (_, part) => [part, part + 1]) }
  }

  takeOver(chunks: readonly Chunk[]): void {
    this.shareOut().chunks.push(...chunks)
    this.isHandedOut = true
  }

  *mergeParts(from: number, to: number): Generator<void> {
    for (let part = from; part < to; part++) {
      if (this.shared === null || this.next.isFull) return
      this.mergedCount += yield* this.shared.mergePart(part, (piece) => { this.next.push(piece) })
    }
  }

  addMerged(count: number): void { this.mergedCount += count }

  finish(): void {
    this.tally?.flush()
    const { pass, runtime: { scratch } } = this
    if (this.shared === null) {
      this.groups.finish(pass.count === 1 ? (piece) => { this.next.push(piece) } : (piece) => {
        // What codes of the pass stand for goes with it.
        this.next.push({ ...piece, columns: piece.columns.map((column) => withLastingTexts(column, scratch.account)) })
        scratch.account.releaseAll()
      })
    } else if (!this.isHandedOut) {
      this.shared.endRows()
      for (const _ of this.mergeParts(0, PARTS)) {}
    }
    if (pass.count === 1) this.endPasses()
    else this.clear()
  }

  /** The groups of a pass go; those of the next may come. */
  private clear(): void {
    const { shared } = this
    this.habits.wereShared = shared !== null
    if (shared === null) this.mergedCount += this.groups.groupCount
    this.account.releaseAll()
    this.groups = this.newGroups()
    shared?.clear()
    this.isHandedOut = false
  }

  /** Rows have come for the last time. */
  endPasses(): void {
    if (this.pass.count === 1) this.habits.wereShared = this.shared !== null
    if (this.habits.wereShared) this.habits.groupCount = this.mergedCount
    this.next.finish()
  }

  describe(): string {
    const { spec: { keys, aggregates }, pass: { count } } = this
    return `aggregate ${keys.length} keys, ${aggregates.length} aggregates, `
      + `${this.rowsIn} rows in, ${this.groupCount} groups${this.shared === null ? '' : ' in parts'}`
      + (count === 1 ? '' : `, ${count} passes`)
  }
}
