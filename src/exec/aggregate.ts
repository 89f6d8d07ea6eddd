// GROUP BY, and DISTINCT (which is GROUP BY of all columns without aggregates): rows to group numbers,
// group numbers and arguments to states; states of several workers merged by their keys.
// Invariant: groups are numbered in the order in which their keys first came.

import type { DataType } from '../../storage/column/data-type.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import { take } from '../functions/vectors.ts'
import type { AggregateCall } from '../plan/plan.ts'
import { flattenBlock, restoreBlock, type DictionaryById, type FlatBlock } from './block-codec.ts'
import { AggregateRun, type AggregateRunPartial } from './aggregate-run.ts'
import { columnsAsked, groupsLeft, type AggregateTail } from './aggregate-tail.ts'
import { GroupTable, type ExportedGroups } from './group-table.ts'
import type { Breaker, Operator } from './operator.ts'
import { perPlan } from './per-plan.ts'
import type { QuotaName } from './quotas.ts'
import type { Runtime } from './runtime.ts'
import { inPieces } from './slice.ts'

type Partial = {
  readonly groupCount: number
  /** Keys as records, or as values where records mean nothing elsewhere. */
  readonly groups: ExportedGroups | null; readonly keys: FlatBlock | null
  readonly states: readonly AggregateRunPartial[]; readonly rowsIn: number
}

/** What runs of a plan find alike: the bits of their keys, so that the next one begins with a layout
 * that will do. */
const habitsOf = perPlan((_keys: readonly number[]): { keyBits: readonly number[] | null } => ({ keyBits: null }))

const NO_TAIL: AggregateTail = { conditions: [], top: null }

export class AggregateOperator implements Breaker {
  private readonly habits: ReturnType<typeof habitsOf>
  readonly isFull = false
  rowsIn = 0
  /** Brings in what it has held back: before states are read. */
  tally: { flush(): void } | null = null
  private readonly table: GroupTable | null
  private readonly runs: readonly AggregateRun[]
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
  ) {
    this.tail = tail
    this.habits = habitsOf(keys)
    this.keys = keys
    this.next = next
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.table = keys.length === 0 ? null
      : new GroupTable(keys.map((key) => types[key]), runtime.durable, this.habits.keyBits)
    this.runs = aggregates.map((call) => new AggregateRun(call, runtime))
    if (this.table === null) for (const run of this.runs) run.resize(1)
  }

  get groupCount(): number { return this.table === null ? 1 : this.table.groupCount }

  /** `times`: how many rows each row of the block stands for; one without it. */
  push(block: Block, times?: Float64Array): void {
    this.rowsIn += times === undefined ? block.rowCount : times.reduce((sum, count) => sum + count, 0)
    const groups = this.groupsOf(this.keys.map((key) => block.columns[key]), block.rowCount)
    for (const run of this.runs) run.update(groups, block, times)
  }

  private groupsOf(keys: readonly Vector[], rowCount: number): Uint32Array {
    const { account } = this.runtime.scratch
    const { table } = this
    if (table === null) return account.u32(rowCount).fill(0)
    const groups = table.groupsOf(keys, rowCount, account)
    this.runtime.quotas.refuseAbove(this.quota, table.groupCount)
    if (this.quota === 'max_rows_in_distinct') this.runtime.quotas.refuseAbove('max_bytes_in_distinct', () => table.bytes)
    for (const run of this.runs) run.resize(table.groupCount)
    return groups
  }

  exportPartial(): Partial {
    this.tally?.flush()
    const { account } = this.runtime.durable
    const { groupCount, table } = this
    const groups = table?.exportRecords() ?? null
    if (table !== null && groupCount > 0) this.habits.keyBits = table.usedBits
    const keys = groupCount === 0 || groups !== null ? null : table?.keys(account) ?? []
    return {
      rowsIn: this.rowsIn, groupCount, groups,
      keys: keys === null ? null : flattenBlock({ rowCount: groupCount, columns: keys }, account),
      // A worker that saw no row has no states to show.
      states: groupCount === 0 ? [] : this.runs.map((run) => run.exportPartial(groupCount)),
    }
  }

  importPartial(partial: unknown): void {
    const { groupCount, groups, keys, states, rowsIn } = partial as Partial
    this.rowsIn += rowsIn
    if (groupCount === 0) return
    const toGroup = groups !== null && this.table !== null ? this.table.importRecords(groups, this.runtime.scratch)
      : this.groupsOf(keys === null ? [] : restoreBlock(keys, this.runtime.scratch.account, this.dictionaryById).columns,
        groupCount)
    for (const run of this.runs) run.resize(this.groupCount)
    this.runs.forEach((run, i) => run.importPartial(states[i], toGroup))
  }

  finish(): void {
    this.tally?.flush()
    const { account } = this.runtime.durable
    const { groupCount, table } = this
    if (groupCount > 0) {
      this.habits.keyBits = table?.usedBits ?? null
      const results = this.runs.map((run) => run.finish(groupCount))
      const rows = this.rowsLeft(results)
      const keys = table?.keys(account, rows) ?? []
      const chosen = rows === null ? results : results.map((result) => take(result, rows, rows.length, account))
      inPieces({ rowCount: rows === null ? groupCount : rows.length, columns: [...keys, ...chosen] },
        (piece) => this.next.push(piece))
    }
    this.next.finish()
  }

  /** Groups that become rows; null: all. */
  private rowsLeft(results: readonly Vector[]): Uint32Array | null {
    const { tail, runtime, table } = this
    if (tail.conditions.length === 0 && tail.top === null) return null
    const asked = columnsAsked(tail)
    const keyCount = this.keys.length
    const keys = [...asked].some((column) => column < keyCount) ? table?.keys(runtime.durable.account) ?? [] : []
    const columns: Vector[] = []
    for (const column of asked) columns[column] = column < keyCount ? keys[column] : results[column - keyCount]
    return groupsLeft(tail, columns, this.groupCount, runtime)
  }

  describe(): string {
    return `aggregate ${this.keys.length} keys, ${this.runs.length} aggregates, `
      + `${this.rowsIn} rows in, ${this.groupCount} groups`
  }
}
