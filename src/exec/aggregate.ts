// GROUP BY, and DISTINCT (which is GROUP BY of all columns without aggregates): rows to group numbers,
// group numbers and arguments to states; states of several workers merged by their keys.
// Invariant: groups are numbered in the order in which their keys first came.

import { STRING, type DataType } from '../../storage/column/data-type.ts'
import type { Block, CodesVector, Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import { take } from '../functions/vectors.ts'
import type { AggregateCall } from '../plan/plan.ts'
import { flattenBlock, restoreBlock, type DictionaryById, type FlatBlock } from './block-codec.ts'
import { AggregateRun, type AggregateRunPartial } from './aggregate-run.ts'
import { columnsAsked, groupsLeft, type AggregateTail } from './aggregate-tail.ts'
import { GroupTable, type ExportedGroups } from './group-table.ts'
import type { JointColumn } from './joint-keys.ts'
import type { Breaker, Operator } from './operator.ts'
import { perPlan } from './per-plan.ts'
import type { QuotaName } from './quotas.ts'
import type { Runtime } from './runtime.ts'
import { SpanRuns } from './span-runs.ts'
import { inPieces } from './slice.ts'

type Partial = {
  readonly groupCount: number
  /** Keys as records (isJoint: of their joint codes), or as values where records mean nothing elsewhere. */
  readonly isJoint: boolean; readonly groups: ExportedGroups | null; readonly keys: FlatBlock | null
  readonly states: readonly AggregateRunPartial[]; readonly rowsIn: number
}

type Habits = { keyBits: readonly number[] | null; jointBits: readonly number[] | null; groupCount: number }

/** What runs of a plan find alike: the bits of their keys, so that the next one begins with a layout
 * that will do. */
const habitsOf = perPlan((_keys: readonly number[]): Habits => ({ keyBits: null, jointBits: null, groupCount: 0 }))

const NO_TAIL: AggregateTail = { conditions: [], top: null }

export class AggregateOperator implements Breaker {
  private readonly habits: Habits
  readonly isFull = false
  rowsIn = 0
  /** Brings in what it has held back: before states are read. */
  tally: { flush(): void } | null = null
  private table: GroupTable | null
  /** The table is of joint codes, not of the keys themselves. */
  private isJoint = false
  private readonly types: readonly DataType[]
  private readonly joint: JointColumn | null
  private readonly runs: readonly AggregateRun[]
  /** Those that share records while blocks come; null: none do any more. */
  private spans: SpanRuns | null = null
  /** The others. */
  private alone: readonly AggregateRun[]
  private readonly keys: readonly number[]
  /** The limit of its groups: a DISTINCT has another. */
  quota: QuotaName = 'max_rows_to_group_by'
  private readonly tail: AggregateTail
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById

  /** `types`: of the columns that come in. */
  constructor(
    types: readonly DataType[], keys: readonly number[], aggregates: readonly AggregateCall[],
    next: Operator, runtime: Runtime, dictionaryById: DictionaryById, tail: AggregateTail = NO_TAIL,
    joint: JointColumn | null = null,
  ) {
    this.joint = joint
    this.types = keys.map((key) => types[key])
    this.tail = tail
    this.habits = habitsOf(keys)
    this.keys = keys
    this.next = next
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.table = keys.length === 0 ? null : this.tableOf(false)
    this.runs = aggregates.map((call) => new AggregateRun(call, runtime))
    this.alone = this.runs
    if (this.table === null) for (const run of this.runs) run.resize(1)
    else this.join(SpanRuns.of(this.runs, runtime))
  }

  get groupCount(): number { return this.table === null ? 1 : this.table.groupCount }

  private tableOf(isJoint: boolean): GroupTable {
    const { habits, runtime } = this
    return isJoint ? new GroupTable([STRING], runtime.durable, habits.jointBits)
      : new GroupTable(this.types, runtime.durable, habits.keyBits, habits.groupCount)
  }

  /** `times`: how many rows each row of the block stands for; one without it. */
  push(block: Block, times?: Float64Array): void {
    this.rowsIn += times === undefined ? block.rowCount : times.reduce((sum, count) => sum + count, 0)
    const { joint } = block
    if (this.table !== null) this.become(joint !== undefined)
    const keys = joint === undefined ? this.keys.map((key) => block.columns[key])
      : this.isJoint ? [joint] : this.keysOf(joint.codes, block.rowCount, this.runtime.scratch.account)
    const groups = this.groupsOf(keys, block.rowCount)
    if (this.spans !== null && (times !== undefined || !this.spans.update(groups, block))) this.join(null)
    for (const run of this.alone) run.update(groups, block, times)
  }

  /** Aggregates share these records from now on; null: each has its own states. */
  private join(spans: SpanRuns | null): void {
    this.spans?.release()
    this.spans = spans
    this.alone = spans === null ? this.runs : this.runs.filter((run) => !spans.has(run))
  }

  private resize(): void {
    for (const run of this.alone) run.resize(this.groupCount)
    this.spans?.resize(this.groupCount, this.habits.groupCount)
  }

  private groupsOf(keys: readonly Vector[], rowCount: number): Uint32Array {
    const { account } = this.runtime.scratch
    const { table } = this
    if (table === null) return account.u32(rowCount).fill(0)
    const groups = table.groupsOf(keys, rowCount, account)
    this.runtime.quotas.refuseAbove(this.quota, table.groupCount)
    if (this.quota === 'max_rows_in_distinct') this.runtime.quotas.refuseAbove('max_bytes_in_distinct', () => table.bytes)
    this.resize()
    return groups
  }

  /** Rows come by their joint codes or by their keys; the table is of one or the other. While it has no
   * group it can be either; one of codes becomes one of keys when rows come without codes. */
  private become(isJoint: boolean): void {
    const { table } = this
    if (table === null || isJoint === this.isJoint || (isJoint && table.groupCount > 0)) return
    this.isJoint = isJoint
    this.table = this.tableOf(isJoint)
    if (table.groupCount > 0) {
      const { account } = this.runtime.scratch
      const [codes] = table.keys(account) as [CodesVector]
      // New groups are numbered as they come: each keeps its number.
      this.table.groupsOf(this.keysOf(codes.codes, table.groupCount, account), table.groupCount, account)
    }
    table.free()
  }

  /** The keys that joint codes stand for. */
  private keysOf(codes: Uint32Array, count: number, account: MemoryAccount): Vector[] {
    const keys = this.joint?.keys
    if (keys === undefined || keys === null) throw new Error('exec: joint keys are not open')
    return keys.columnsOf(codes, count, account)
  }

  exportPartial(): Partial {
    this.tally?.flush()
    this.join(null)
    const { account } = this.runtime.durable
    const { groupCount, table, isJoint } = this
    const groups = table?.exportRecords() ?? null
    if (table !== null && groupCount > 0) this.learn(table)
    const keys = groupCount === 0 || groups !== null ? null : table?.keys(account) ?? []
    return {
      rowsIn: this.rowsIn, groupCount, isJoint, groups,
      keys: keys === null ? null : flattenBlock({ rowCount: groupCount, columns: keys }, account),
      // A worker that saw no row has no states to show.
      states: groupCount === 0 ? [] : this.runs.map((run) => run.exportPartial(groupCount)),
    }
  }

  private learn(table: GroupTable): void {
    this.habits.groupCount = table.groupCount
    if (this.isJoint) this.habits.jointBits = table.usedBits
    else this.habits.keyBits = table.usedBits
  }

  importPartial(partial: unknown): void {
    const { groupCount, states, rowsIn } = partial as Partial
    this.rowsIn += rowsIn
    if (groupCount === 0) return
    this.join(null)
    const toGroup = this.imported(partial as Partial)
    this.resize()
    this.runs.forEach((run, i) => run.importPartial(states[i], toGroup))
  }

  /** Which groups another worker's are here. */
  private imported({ groupCount, isJoint, groups, keys }: Partial): Uint32Array {
    const { scratch } = this.runtime
    this.become(isJoint)
    if (groups === null || this.table === null) {
      return this.groupsOf(
        keys === null ? [] : restoreBlock(keys, scratch.account, this.dictionaryById).columns, groupCount)
    }
    if (isJoint === this.isJoint) return this.table.importRecords(groups, scratch)
    const theirs = this.tableOf(true)
    const numbers = theirs.importRecords(groups, scratch)
    const [codes] = theirs.keys(scratch.account) as [CodesVector]
    const toGroup = this.groupsOf(this.keysOf(codes.codes, theirs.groupCount, scratch.account), theirs.groupCount)
    theirs.free()
    for (let i = 0; i < groupCount; i++) numbers[i] = toGroup[numbers[i]]
    return numbers
  }

  finish(): void {
    this.tally?.flush()
    this.join(null)
    const { account } = this.runtime.durable
    const { groupCount, table } = this
    if (groupCount > 0) {
      if (table !== null) this.learn(table)
      const results = this.runs.map((run) => run.finish(groupCount))
      const rows = this.rowsLeft(results)
      const keys = this.keyColumns(account, rows)
      const chosen = rows === null ? results : results.map((result) => take(result, rows, rows.length, account))
      inPieces({ rowCount: rows === null ? groupCount : rows.length, columns: [...keys, ...chosen] },
        (piece) => this.next.push(piece))
    }
    this.next.finish()
  }

  /** The keys of all groups, or of those in `rows`. */
  private keyColumns(account: MemoryAccount, rows: Uint32Array | null = null): Vector[] {
    const { table } = this
    if (table === null) return []
    const keys = table.keys(account, rows)
    return this.isJoint ? this.keysOf((keys[0] as CodesVector).codes, keys[0].length, account) : keys
  }

  /** Groups that become rows; null: all. */
  private rowsLeft(results: readonly Vector[]): Uint32Array | null {
    const { tail, runtime } = this
    if (tail.conditions.length === 0 && tail.top === null) return null
    const asked = columnsAsked(tail)
    const keyCount = this.keys.length
    const keys = [...asked].some((column) => column < keyCount) ? this.keyColumns(runtime.durable.account) : []
    const columns: Vector[] = []
    for (const column of asked) columns[column] = column < keyCount ? keys[column] : results[column - keyCount]
    return groupsLeft(tail, columns, this.groupCount, runtime)
  }

  describe(): string {
    return `aggregate ${this.keys.length} keys, ${this.runs.length} aggregates, `
      + `${this.rowsIn} rows in, ${this.groupCount} groups`
  }
}
