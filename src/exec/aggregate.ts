// GROUP BY, and DISTINCT (which is GROUP BY of all columns without aggregates): rows to group numbers,
// group numbers and arguments to states; states of several workers merged by their keys.
// Invariant: groups are numbered in the order in which their keys first came.

import type { DataType } from '../../storage/column/data-type.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import type { AggregateCall } from '../plan/plan.ts'
import { flattenBlock, restoreBlock, type DictionaryById, type FlatBlock } from './block-codec.ts'
import { AggregateRun, type AggregateRunPartial } from './aggregate-run.ts'
import { GroupTable } from './group-table.ts'
import type { Breaker, Operator } from './operator.ts'
import { perPlan } from './per-plan.ts'
import type { Runtime } from './runtime.ts'
import { inPieces } from './slice.ts'

type Partial = {
  readonly keys: FlatBlock; readonly states: readonly AggregateRunPartial[]; readonly rowsIn: number
}

/** What runs of a plan find alike: the bits of their keys, so that the next one begins with a layout
 * that will do. */
const habitsOf = perPlan((_keys: readonly number[]): { keyBits: readonly number[] | null } => ({ keyBits: null }))

export class AggregateOperator implements Breaker {
  private readonly habits: ReturnType<typeof habitsOf>
  readonly isFull = false
  rowsIn = 0
  private readonly table: GroupTable | null
  private readonly runs: readonly AggregateRun[]
  private readonly keys: readonly number[]
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById

  /** `types`: of the columns that come in. */
  constructor(
    types: readonly DataType[], keys: readonly number[], aggregates: readonly AggregateCall[],
    next: Operator, runtime: Runtime, dictionaryById: DictionaryById,
  ) {
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

  push(block: Block): void {
    this.rowsIn += block.rowCount
    const groups = this.groupsOf(this.keys.map((key) => block.columns[key]), block.rowCount)
    for (const run of this.runs) run.update(groups, block)
  }

  private groupsOf(keys: readonly Vector[], rowCount: number): Uint32Array {
    const { account } = this.runtime.scratch
    if (this.table === null) return account.u32(rowCount).fill(0)
    const groups = this.table.groupsOf(keys, rowCount, account)
    for (const run of this.runs) run.resize(this.table.groupCount)
    return groups
  }

  exportPartial(): Partial {
    const { account } = this.runtime.durable
    const { groupCount } = this
    const keys = groupCount === 0 ? [] : this.table?.keys(account) ?? []
    return {
      rowsIn: this.rowsIn,
      keys: flattenBlock({ rowCount: groupCount, columns: keys }, account),
      // A worker that saw no row has no states to show.
      states: groupCount === 0 ? [] : this.runs.map((run) => run.exportPartial(groupCount)),
    }
  }

  importPartial(partial: unknown): void {
    const { keys, states, rowsIn } = partial as Partial
    this.rowsIn += rowsIn
    if (keys.r === 0) return
    const block = restoreBlock(keys, this.runtime.scratch.account, this.dictionaryById)
    const toGroup = this.groupsOf(block.columns, block.rowCount)
    this.runs.forEach((run, i) => run.importPartial(states[i], toGroup))
  }

  finish(): void {
    const { account } = this.runtime.durable
    const { groupCount } = this
    if (groupCount > 0) {
      const keys = this.table?.keys(account) ?? []
      this.habits.keyBits = this.table?.usedBits ?? null
      const results = this.runs.map((run) => run.finish(groupCount))
      inPieces({ rowCount: groupCount, columns: [...keys, ...results] },
        (piece) => this.next.push(piece))
    }
    this.next.finish()
  }

  describe(): string {
    return `aggregate ${this.keys.length} keys, ${this.runs.length} aggregates, `
      + `${this.rowsIn} rows in, ${this.groupCount} groups`
  }
}
