// sum(x) and count() side by side: one record a group instead of two arrays, so that a row touches one cache line.
//
//   record = | sum f64 | rows u32 | - |
//   before states go anywhere else: each aggregate gets its doubles, and goes on by itself
//
// Invariants: until release() the aggregates themselves know of no group. Sums of integers stay exact: records take
// no rows that could bring one beyond 2^53.

import type { Block } from '../../../storage/column/vector.ts'
import { kindOf } from '../../../storage/kernels/states.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { largest } from '../../functions/aggregates/count-sum.ts'
import { areNear, meetOne } from '../../functions/base/group-loops.ts'
import { lengthened } from '../../functions/values/state-array.ts'
import type { AggregateRun, SomeGroups } from './aggregate-run.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { packRecords } from './span-runs.ts'

/** Doubles of a record, and its words. */
const DOUBLES = 2
const WORDS = 4
/** The word that counts rows, and how many it can. */
const ROWS = 2
const ROWS_MAX = 2 ** 32 - 1

export class SumRuns {
  private readonly sum: AggregateRun
  private readonly count: AggregateRun
  private readonly column: number
  private readonly runtime: Runtime
  private records: Float64Array | null = null
  private groupCount = 0
  private rows = 0
  /** No |sum| of integers is larger. */
  private bound = 0

  private constructor(sum: AggregateRun, count: AggregateRun, column: number, runtime: Runtime) {
    this.sum = sum
    this.count = count
    this.column = column
    this.runtime = runtime
  }

  /** null: these are not a sum and a number of rows. */
  static of(runs: readonly AggregateRun[], runtime: Runtime): SumRuns | null {
    const sum = runs.find(({ slot }) => slot?.slot === 'sum')
    const count = runs.find(({ slot }) => slot?.slot === 'count')
    return sum === undefined || count === undefined ? null : new SumRuns(sum, count, sum.slot?.column ?? -1, runtime)
  }

  has(run: AggregateRun): boolean { return run === this.sum || run === this.count }

  /** Groups that there are from now on. */
  resize(groupCount: number): void { this.groupCount = Math.max(this.groupCount, groupCount) }

  /** False: kernels can't reach these rows, or a sum may be too large; nothing was done. */
  update(groups: Uint32Array, { columns, rowCount }: Block): boolean {
    const vector = columns[this.column]
    const { scratch, scratch: { kernels } } = this.runtime
    if (vector.kind !== 'number' || vector.isConst || !areNear(scratch, groups, vector.values)) return false
    const { values } = vector
    const more = this.sum.type.id === 'Float64' ? 0 : rowCount * largest(values, rowCount, scratch)
    if (this.rows + rowCount > ROWS_MAX || !this.staysExact(more)) return false
    this.rows += rowCount
    const records = this.room()
    if (this.groupCount === 1 && meetOne('add', values, records, rowCount, scratch)) wordsOf(records)[ROWS] += rowCount
    else kernels.sumGroups(kindOf(values), groups.byteOffset, values.byteOffset, rowCount, records.byteOffset)
    return true
  }

  /** Whether rows that add up to at most `more` bring no sum beyond 2^53; they come if so. */
  private staysExact(more: number): boolean {
    // Bounds by the width of values are far above the sums: these are looked at before rows are refused.
    if (this.bound + more > Number.MAX_SAFE_INTEGER) this.bound = this.largestSum()
    if (this.bound + more > Number.MAX_SAFE_INTEGER) return false
    this.bound += more
    return true
  }

  private largestSum(): number {
    const { records, groupCount } = this
    let most = 0
    if (records !== null) for (let i = 0, end = Math.min(records.length, groupCount * DOUBLES); i < end; i += DOUBLES) most = Math.max(most, Math.abs(records[i]))
    return most
  }

  /** As update(), of rows that are of the groups of their codes, below `size`. */
  addByCode(codes: Uint32Array, size: number, block: Block): boolean {
    this.resize(size)
    return this.update(codes, block)
  }

  /** As packRecords(). */
  pack(): Uint32Array {
    const numbers = packRecords(this.records, DOUBLES, this.groupCount, this.runtime.durable)
    this.groupCount = numbers.length
    return numbers
  }

  /** What some groups have of an aggregate that shares these records: its doubles, in `account`. */
  doublesOf(run: AggregateRun, { from, count, numbers }: SomeGroups, account: MemoryAccount): Float64Array {
    const doubles = account.f64(count)
    const records = this.room()
    const words = wordsOf(records)
    for (let i = 0; i < count; i++) {
      const group = numbers === null ? from + i : numbers[i]
      doubles[i] = run === this.sum ? records[group * DOUBLES] : words[group * WORDS + ROWS]
    }
    return doubles
  }

  /** Gives each aggregate its doubles. */
  release(): void {
    const { groupCount: count, runtime: { durable: { account } } } = this
    if (count === 0) return
    for (const run of [this.sum, this.count]) run.adopt(this.doublesOf(run, { from: 0, count, numbers: null }, account))
    account.free(this.room().byteOffset)
    this.records = null
  }

  private room(): Float64Array {
    const { records, groupCount, runtime: { durable: { account } } } = this
    const length = groupCount * DOUBLES
    const room = records?.length ?? 0
    if (records !== null && length <= room) return records
    return this.records = lengthened(Float64Array, records, Math.max(length, room + (room >> 1)), account)
  }
}

const wordsOf = ({ buffer, byteOffset, length }: Float64Array): Uint32Array => new Uint32Array(buffer, byteOffset, length * 2)
