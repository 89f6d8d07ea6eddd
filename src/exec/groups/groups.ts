// The groups of one GROUP BY and the states of its aggregates: rows to group numbers, group numbers and
// arguments to states; those of several workers merged by their keys.
// Invariant: groups are numbered in the order in which their keys first came, or (coded-groups.ts) by their codes, ascending.

import { STRING, type DataType } from '../../../storage/column/data-type.ts'
import { BLOCK_ROWS_MAX, type Block, type CodesVector, type Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { take } from '../../functions/values/vectors.ts'
import type { AggregateCall } from '../../plan/plan.ts'
import { flattenBlock, restoreBlock, type DictionaryById, type FlatBlock } from '../blocks/block-codec.ts'
import { AggregateRun, type AggregateRunPartial } from './aggregate-run.ts'
import { CodedGroups } from './coded-groups.ts'
import { columnsAsked, groupsLeft, type AggregateTail } from './aggregate-tail.ts'
import { FEW_ROWS_MAX, fewDoubles, fewGroups } from './few-groups.ts'
import { endGroups, GROUPS_A_PIECE } from './group-pieces.ts'
import { GroupTable, type ExportedGroups } from '../keys/group-table.ts'
import type { JointColumn } from '../scan/joint-keys.ts'
import type { QuotaName } from '../runtime/quotas.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { SpanRuns, type SpansByCode } from './span-runs.ts'
import { SumRuns } from './sum-runs.ts'
import { inPieces } from '../blocks/slice.ts'

/** Groups on their way to another worker. */
export type GroupsPartial = {
  readonly groupCount: number
  /** Keys as records (isJoint: of their joint codes), or as values where records mean nothing elsewhere. */
  readonly isJoint: boolean; readonly groups: ExportedGroups | null; readonly keys: FlatBlock | null
  readonly states: readonly AggregateRunPartial[]
  /** Rows by their joint codes, and nothing else; null: groups as above. */
  readonly byCode: SpansByCode | null
}

/** What a GROUP BY is, or a DISTINCT: one of all columns without aggregates. */
export type GroupSpec = {
  /** Of the key columns. */
  readonly types: readonly DataType[]
  /** Numbers of the key columns among those that come in. */
  readonly keys: readonly number[]
  readonly aggregates: readonly AggregateCall[]
  readonly joint: JointColumn | null
  /** The limit of its groups: a DISTINCT has another. */
  readonly quota: QuotaName
  readonly tail: AggregateTail
  readonly dictionaryById: DictionaryById
}

/** The bits of keys and number of groups that there were before: a table begins with a layout that will do. */
export type Habits = {
  keyBits: readonly number[] | null; jointBits: readonly number[] | null; groupCount: number
  /** Groups were shared out (shared-groups.ts). */
  wereShared: boolean
}

export const newHabits = (): Habits => ({ keyBits: null, jointBits: null, groupCount: 0, wereShared: false })

export class Groups {
  private readonly spec: GroupSpec
  private readonly habits: Habits
  private readonly runtime: Runtime
  /** null: not made yet. */
  private made: GroupTable | null = null
  /** The keys of all groups, while they were found without a table (few-groups.ts); null: they are in it. */
  private few: readonly Vector[] | null = null
  /** The table is of joint codes, not of the keys themselves. */
  isJoint = false
  private readonly runs: readonly AggregateRun[]
  /** Those that share records while blocks come; null: none do any more. */
  private spans: SpanRuns | SumRuns | null = null
  /** The others. */
  private alone: readonly AggregateRun[]
  /** Rows are in their spans by joint code, and the table has no group yet. */
  private isByCode = false
  /** Rows are in their states by the code of their only key, and the table has no group yet; null: they are not. */
  private coded: CodedGroups | null = null
  /** Of all groups, at the end of rows that came by code; null: they are in the table. */
  private codes: Uint32Array | null = null

  constructor(spec: GroupSpec, habits: Habits, runtime: Runtime) {
    this.spec = spec
    this.habits = habits
    this.runtime = runtime
    this.runs = spec.aggregates.map((call) => new AggregateRun(call, runtime))
    this.alone = this.runs
    if (spec.keys.length === 0) for (const run of this.runs) run.resize(1)
    else this.join(SpanRuns.of(spec.aggregates, this.runs, runtime) ?? SumRuns.of(this.runs, runtime))
  }

  get groupCount(): number {
    if (this.spec.keys.length === 0) return 1
    return this.codes?.length ?? this.few?.[0].length ?? this.made?.groupCount ?? 0
  }

  /** Made when it is first asked for; groups that were found without it are entered. null: there are no keys. */
  private get table(): GroupTable | null {
    if (this.spec.keys.length === 0) return null
    const table = this.made ??= this.tableOf(false)
    const { few } = this
    if (few === null) return table
    this.few = null
    // A table without groups numbers them as they come.
    table.groupsOf(few, few[0].length, this.runtime.scratch.account)
    return table
  }

  /** Keys are not found by values or codes alone: strings of the query's own take many times their room. */
  get hasOwnStrings(): boolean { return this.table !== null && this.table.meanings === null }

  private tableOf(isJoint: boolean): GroupTable {
    const { habits, runtime } = this
    return isJoint ? new GroupTable([STRING], runtime.durable, habits.jointBits)
      : new GroupTable(this.spec.types, runtime.durable, habits.keyBits, habits.groupCount)
  }

  /** `times`: how many rows each row of the block stands for; one without it. */
  push(block: Block, times?: Float64Array): void {
    const { joint } = block
    if (joint === undefined && times === undefined && (this.addFew(block) || this.addCoded(block))) return
    if (joint !== undefined && times === undefined && this.addByCode(joint, block)) return
    this.enterCodes()
    if (this.table !== null) this.become(joint !== undefined)
    const groups = this.groupsOf(joint !== undefined && this.isJoint ? [joint] : this.keysIn(block), block.rowCount)
    if (this.spans !== null && (times !== undefined || !this.spans.update(groups, block))) this.join(null)
    for (const run of this.alone) run.update(groups, block, times)
  }

  /** Few rows that come first, and mostly alone, get their groups without a table; false: nothing was done. */
  private addFew(block: Block): boolean {
    const { spec: { keys, quota }, runtime: { scratch, durable, quotas } } = this
    if (this.made !== null || this.few !== null || this.coded !== null || keys.length === 0 || block.rowCount === 0 || block.rowCount > FEW_ROWS_MAX
      || (durable.expectedRows?.() ?? 0) > BLOCK_ROWS_MAX || quotas.has('max_bytes_in_distinct')) return false
    const columns = this.keysIn(block)
    const found = fewGroups(columns, block.rowCount, scratch.account)
    if (found === null) return false
    const { groups, firsts } = found
    quotas.refuseAbove(quota, firsts.length)
    this.few = columns.map((column) => take(column, firsts, firsts.length, durable.account))
    this.spans = null
    this.alone = this.runs
    for (const run of this.runs) {
      const { slot } = run
      const doubles = slot === null ? null
        : fewDoubles(slot.slot, slot.column < 0 ? null : block.columns[slot.column], groups, firsts.length, durable.account)
      if (doubles !== null) run.adopt(doubles)
      else {
        run.resize(firsts.length)
        run.update(groups, block)
      }
    }
    return true
  }

  /** Where spans are all that is wanted of groups, their codes number them; false: nothing was done. */
  private addByCode(joint: CodesVector, block: Block): boolean {
    const { spans, table } = this
    if (!(spans instanceof SpanRuns) || this.alone.length > 0 || table === null || table.groupCount > 0) return false
    const isAdded = spans.addByCode(joint.codes, joint.dictionary.size, block, this.habits.groupCount)
    this.isByCode ||= isAdded
    return isAdded
  }

  /** Rows are of the group of their only key's code; false: nothing was done. */
  private addCoded(block: Block): boolean {
    const { spec: { keys, aggregates }, alone, spans, few, made } = this
    if (this.coded === null) {
      const canBegin = keys.length === 1 && aggregates.length > 0 && few === null && (made?.groupCount ?? 0) === 0
      if (!canBegin || alone.some((run) => !run.canPack)) return false
      this.coded = CodedGroups.of(block, keys[0], aggregates.length, this.runtime)
    }
    const key = this.coded?.codesOf(block) ?? null
    if (key === null) return false
    const { codes, dictionary: { size } } = key
    if (spans === null) this.coded?.note(key)
    else if (!spans.addByCode(codes, size, block, this.habits.groupCount)) return false
    for (const run of alone) {
      run.resize(size)
      run.update(codes, block)
    }
    return true
  }

  private endCoded(coded: CodedGroups): void {
    this.coded = null
    const codes = this.spans?.pack() ?? coded.end()
    for (const run of this.alone) run.pack(codes)
    // A table without groups numbers them as they come.
    if (codes.length > 0) this.groupsOf([coded.columnOf(codes)], codes.length)
    this.runtime.durable.account.free(codes.byteOffset)
  }

  /** The table gets the groups of rows that came by code. */
  private enterCodes(): void {
    if (this.coded !== null) this.endCoded(this.coded)
    const { spans, spec: { joint }, runtime: { durable: { account } } } = this
    if (!this.isByCode || spans === null || !joint?.keys) return
    this.isByCode = false
    const codes = spans.pack()
    this.become(true)
    // A table without groups numbers them as they come.
    this.groupsOf([joint.keys.vectorOf(codes, codes.length)], codes.length)
    account.free(codes.byteOffset)
  }

  /** No row comes any more. Groups of codes need no table for their results. */
  private endRows(): void {
    const { spans, coded, spec: { joint, quota }, runtime: { quotas } } = this
    if (coded !== null) this.endCoded(coded)
    joint?.keys?.endRows()
    if (!this.isByCode || spans === null || !joint?.keys) return
    this.isByCode = false
    this.codes = spans.pack()
    quotas.refuseAbove(quota, this.codes.length)
  }

  /** Columns of all groups would take much, and some of them can be made at a time. */
  private get areMany(): boolean {
    const { groupCount, runs, spans } = this
    return groupCount > 2 * GROUPS_A_PIECE && runs.every((run) => (spans?.has(run) ?? false) || run.slot !== null)
  }

  private finishMany(push: (piece: Block) => void): void {
    const { groupCount, runs, spans, spec: { aggregates, tail, keys: { length: keyCount } }, runtime } = this
    endGroups({
      groupCount, aggregates, tail, keyCount, keysOf: (groups, account) => this.keyColumns(account, groups),
      doublesOf: (at, groups, account) => (spans?.has(runs[at])
        ? spans.doublesOf(runs[at], groups, account) : runs[at].doublesOf(groups, account)),
    }, runtime, push)
  }

  /** Aggregates share these records from now on; null: each has its own states. */
  private join(spans: SpanRuns | SumRuns | null): void {
    this.enterCodes()
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
    const { quota } = this.spec
    this.runtime.quotas.refuseAbove(quota, table.groupCount)
    if (quota === 'max_rows_in_distinct') this.runtime.quotas.refuseAbove('max_bytes_in_distinct', () => table.bytes)
    this.resize()
    return groups
  }

  /** Rows come by their joint codes or by their keys; the table is of one or the other. While it has no
   * group it can be either; one of codes becomes one of keys when rows come without codes. */
  private become(isJoint: boolean): void {
    const { table } = this
    if (table === null || isJoint === this.isJoint || (isJoint && table.groupCount > 0)) return
    this.isJoint = isJoint
    const other = this.made = this.tableOf(isJoint)
    if (table.groupCount > 0) {
      const { account } = this.runtime.scratch
      const [codes] = table.keys(account) as [CodesVector]
      // New groups are numbered as they come: each keeps its number.
      other.groupsOf(this.keysOf(codes.codes, table.groupCount, account), table.groupCount, account)
    }
    table.free()
  }

  /** The key columns of a block, also where they come as one code. */
  keysIn({ joint, columns, rowCount }: Block): readonly Vector[] {
    if (joint !== undefined) return this.keysOf(joint.codes, rowCount, this.runtime.scratch.account)
    const keys: Vector[] = []
    for (const key of this.spec.keys) keys.push(columns[key])
    return keys
  }

  /** The keys that joint codes stand for. */
  private keysOf(codes: Uint32Array, count: number, account: MemoryAccount): Vector[] {
    const keys = this.spec.joint?.keys
    if (keys === undefined || keys === null) throw new Error('exec: joint keys are not open')
    return keys.columnsOf(codes, count, account)
  }

  exportPartial(): GroupsPartial {
    this.spec.joint?.keys?.endRows()
    if (this.isByCode && this.spans instanceof SpanRuns) {
      const byCode = this.spans.exportByCode()
      return { groupCount: byCode.records.length, isJoint: true, groups: null, keys: null, states: [], byCode }
    }
    return this.exportGroups()
  }

  private exportGroups(): GroupsPartial {
    this.join(null)
    const { account } = this.runtime.durable
    const { groupCount, table, isJoint } = this
    const groups = table?.exportRecords() ?? null
    if (table !== null && groupCount > 0) this.learn(table)
    const keys = groupCount === 0 || groups !== null ? null : table?.keys(account) ?? []
    return {
      groupCount, isJoint, groups,
      keys: keys === null ? null : flattenBlock({ rowCount: groupCount, columns: keys }, account),
      // A worker that saw no row has no states to show.
      states: groupCount === 0 ? [] : this.runs.map((run) => run.exportPartial(groupCount)),
      byCode: null,
    }
  }

  private learn(table: GroupTable): void {
    this.habits.groupCount = this.groupCount
    if (this.codes !== null) return
    if (this.isJoint) this.habits.jointBits = table.usedBits
    else this.habits.keyBits = table.usedBits
  }

  importPartial(partial: GroupsPartial): void {
    const { groupCount, states, byCode } = partial
    if (groupCount === 0) return
    this.spec.joint?.keys?.endRows() // ours are in when others' groups come
    if (byCode !== null) {
      this.importByCode(byCode)
      return
    }
    this.join(null)
    const toGroup = this.imported(partial)
    this.resize()
    this.runs.forEach((run, i) => run.importPartial(states[i], toGroup))
  }

  /** Rows of another worker by their codes: they meet ours record by record, or become groups first. */
  private importByCode(byCode: SpansByCode): void {
    const { spans, table, spec, runtime } = this
    if (spans instanceof SpanRuns && this.alone.length === 0 && table?.groupCount === 0 && spans.mergeByCode(byCode)) {
      this.isByCode = true
      return
    }
    const theirs = new Groups(spec, newHabits(), runtime)
    theirs.importByCode(byCode)
    this.importPartial(theirs.exportGroups())
  }

  /** Which groups another worker's are here. */
  private imported({ groupCount, isJoint, groups, keys }: GroupsPartial): Uint32Array {
    const { scratch } = this.runtime
    this.become(isJoint)
    if (groups === null || this.table === null) {
      return this.groupsOf(
        keys === null ? [] : restoreBlock(keys, scratch.account, this.spec.dictionaryById).columns, groupCount)
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

  /** All groups as rows of their keys and of the bytes of each aggregate's state, in pieces. */
  eachState(visit: (keys: readonly Vector[], states: readonly Vector[], rowCount: number) => void): void {
    this.join(null)
    const { account } = this.runtime.durable
    const { groupCount } = this
    if (groupCount === 0) return
    const keys = this.keyColumns(account)
    const states = this.runs.map((run) => run.serialize(groupCount))
    inPieces({ rowCount: groupCount, columns: [...keys, ...states] },
      ({ columns, rowCount }) => visit(columns.slice(0, keys.length), columns.slice(keys.length), rowCount))
  }

  /** Takes in rows of eachState(). */
  addStates(keys: readonly Vector[], states: readonly Vector[], rowCount: number): void {
    this.join(null)
    const groups = this.groupsOf(keys, rowCount)
    this.runs.forEach((run, i) => run.importStates(states[i], groups))
  }

  /** The rows of all groups, of which `tail` may leave some, in pieces; they lie in an account of the query. */
  finish(push: (piece: Block) => void): void {
    this.endRows()
    const { account } = this.runtime.durable
    const { groupCount, made } = this
    if (groupCount === 0) return
    if (made !== null) this.learn(made)
    if (this.areMany) {
      this.finishMany(push)
      return
    }
    this.join(null)
    const results = this.runs.map((run) => run.finish(groupCount))
    const rows = this.rowsLeft(results)
    const keys = this.keyColumns(account, rows)
    const chosen = rows === null ? results : results.map((result) => take(result, rows, rows.length, account))
    inPieces({ rowCount: rows === null ? groupCount : rows.length, columns: [...keys, ...chosen] }, push)
  }

  /** The keys of all groups, or of those in `rows`. */
  private keyColumns(account: MemoryAccount, rows: Uint32Array | null = null): Vector[] {
    const { few, codes } = this
    if (few !== null) return rows === null ? [...few] : few.map((key) => take(key, rows, rows.length, account))
    if (codes !== null) {
      const some = rows === null ? codes : account.u32(Math.max(1, rows.length))
      if (rows !== null) for (let i = 0; i < rows.length; i++) some[i] = codes[rows[i]]
      return this.keysOf(some, rows?.length ?? codes.length, account)
    }
    const { table } = this
    if (table === null) return []
    const keys = table.keys(account, rows)
    return this.isJoint ? this.keysOf((keys[0] as CodesVector).codes, keys[0].length, account) : keys
  }

  /** Groups that become rows; null: all. */
  private rowsLeft(results: readonly Vector[]): Uint32Array | null {
    const { runtime, spec: { tail, keys: { length: keyCount } } } = this
    if (tail.conditions.length === 0 && tail.top === null) return null
    const asked = columnsAsked(tail)
    const keys = [...asked].some((column) => column < keyCount) ? this.keyColumns(runtime.durable.account) : []
    const columns: Vector[] = []
    for (const column of asked) columns[column] = column < keyCount ? keys[column] : results[column - keyCount]
    return groupsLeft(tail, columns, this.groupCount, runtime)
  }
}
