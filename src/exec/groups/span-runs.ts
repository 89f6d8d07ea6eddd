// min(x), max(x) and count() side by side: one record a group instead of three arrays, so that a row
// touches one cache line and its group's states are found once.
//
//   unsigned values: record = | complement of the least u32 | most u32 | rows u32 | - |
//   other numbers:   record = | least f64 | most f64 | rows f64 | - |
//   before states go anywhere else: each aggregate gets its doubles, and goes on by itself
//
// Rows that come with one code for all of their keys need no group table meanwhile: their codes are the
// numbers of the records (addByCode), and pack() leaves those that have rows.
//
// Invariant: until release() the aggregates themselves know of no group.

import type { Block } from '../../../storage/column/vector.ts'
import type { NumberArray } from '../../../storage/column/number-array.ts'
import { kindOf } from '../../../storage/kernels/states.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { areNear } from '../../functions/base/group-loops.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { grown, hasSpare, lengthened } from '../../functions/values/state-array.ts'
import type { AggregateCall } from '../../plan/plan.ts'
import type { AggregateRun, SomeGroups } from './aggregate-run.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Words of a record, of either kind. */
const RECORD = 4
const PLACES = { least: 0, most: 1, count: 2 } as const
/** Words of records that take 4 MiB. */
const WORDS_LARGE = 2 ** 20
/** Rows that narrow records can count. */
const ROWS_MAX = 2 ** 32 - 1
/** Records that are brought in at a time: they are copied from shared memory, and stay in the cache. */
const MERGED_A_TURN = 8192
/** Rows ahead for each code from which on a record a code costs less than looking codes up. */
const ROWS_A_CODE = 2

type Member = { readonly run: AggregateRun; readonly place: number }
/** Which of a plan's aggregates share records, by their places, and the column that they are of. */
type Choice = { readonly members: readonly { readonly at: number; readonly place: number }[]; readonly column: number }
type Unsigned = Uint8Array | Uint16Array | Uint32Array
/** Records of so many codes from `first` on, and how many rows they are of. */
export type SpansByCode = { readonly first: number; readonly rows: number; readonly records: Uint32Array }

const isUnsigned = (values: NumberArray): values is Unsigned =>
  values instanceof Uint32Array || values instanceof Uint16Array || values instanceof Uint8Array

/** By the aggregates of a plan, which are the same in each of its runs. */
const choices = new WeakMap<readonly AggregateCall[], Choice>()

export class SpanRuns {
  private readonly members: readonly Member[]
  private readonly column: number
  private readonly runtime: Runtime
  private narrow: Uint32Array | null = null
  private wide: Float64Array | null = null
  private rows = 0
  private groupCount = 0
  private likely = 0

  private constructor(members: readonly Member[], column: number, runtime: Runtime) {
    this.members = members
    this.column = column
    this.runtime = runtime
  }

  /** `runs`: of `calls`, each at its place. null: no two of them can share records. */
  static of(calls: readonly AggregateCall[], runs: readonly AggregateRun[], runtime: Runtime): SpanRuns | null {
    let choice = choices.get(calls)
    if (choice === undefined) choices.set(calls, choice = SpanRuns.choose(runs))
    const { members, column } = choice
    return members.length < 2 ? null
      : new SpanRuns(members.map(({ at, place }) => ({ run: runs[at], place })), column, runtime)
  }

  /** Of the column of which most is wanted. */
  private static choose(runs: readonly AggregateRun[]): Choice {
    const slots = runs.map((run, at) => ({ at, found: run.slot }))
    let best: Choice['members'] = []
    let column = -1
    for (const { found } of slots) {
      if (found === null || found.column < 0) continue
      // One run for each place: what is asked twice goes on by itself.
      const members = (['least', 'most', 'count'] as const).flatMap((slot): Choice['members'] => {
        const same = slots.find((other) => other.found?.slot === slot && (slot === 'count' || other.found.column === found.column))
        return same === undefined ? [] : [{ at: same.at, place: PLACES[slot] }]
      })
      if (members.length > best.length) [best, column] = [members, found.column]
    }
    return { members: best, column }
  }

  has(run: AggregateRun): boolean { return this.members.some((member) => member.run === run) }

  /** Groups that there are from now on. `likely`: that there will be, as far as is known: making room step by
   * step copies all of it again and again. */
  resize(groupCount: number, likely: number): void {
    this.groupCount = Math.max(this.groupCount, groupCount)
    this.likely = likely
  }

  /** False: kernels can't reach these rows, and nothing was done. */
  update(groups: Uint32Array, block: Block): boolean {
    const { runtime: { scratch } } = this
    const values = this.valuesOf(block)
    if (values === null || !areNear(scratch, groups, values)) return false
    const isNarrow = isUnsigned(values) && this.wide === null
    if (!isNarrow && this.narrow !== null) return false
    this.rows += block.rowCount
    if (this.rows > ROWS_MAX) return false
    const kernel = isNarrow ? scratch.kernels.spanWords : scratch.kernels.spanGroups
    const { byteOffset } = isNarrow ? this.narrowRoom() : this.wideRoom()
    kernel(kindOf(values), groups.byteOffset, values.byteOffset, block.rowCount, byteOffset)
    return true
  }

  /** As update(), of rows whose keys are one code each, below `size`: its record is theirs. `likely`: as of resize().
   * False: that does not pay, or is not to be had. */
  addByCode(codes: Uint32Array, size: number, block: Block, likely: number): boolean {
    const { runtime: { durable: { account, expectedRows } } } = this
    if (size > this.groupCount) {
      const ahead = expectedRows?.() ?? 0
      if (size * ROWS_A_CODE > ahead || !hasSpare(account, size * RECORD * 4)) return false
      this.resize(size, Math.max(size, likely))
    }
    const values = this.valuesOf(block)
    return values !== null && isUnsigned(values) && this.wide === null && this.update(codes, block)
  }

  /** What addByCode() has gathered: a view, of the codes between the first and the last that have rows. */
  exportByCode(): SpansByCode {
    const { narrow, rows } = this
    const records = narrow ?? new Uint32Array(0)
    let first = 0
    let end = Math.min(this.groupCount * RECORD, records.length)
    while (first < end && records[first + PLACES.count] === 0) first += RECORD
    while (end > first && records[end - RECORD + PLACES.count] === 0) end -= RECORD
    return { first: first / RECORD, rows, records: records.subarray(first, end) }
  }

  /** Brings in what another worker has gathered by the same codes. False: narrow records can't take it, and
   * nothing was done. */
  mergeByCode({ first, rows, records }: SpansByCode): boolean {
    const { runtime: { scratch: { account, kernels } } } = this
    if (this.wide !== null || this.rows + rows > ROWS_MAX) return false
    const end = first + records.length / RECORD
    this.resize(Math.max(this.groupCount, end), end)
    this.rows += rows
    const narrow = this.narrow = lengthened(Uint32Array, this.narrow, this.groupCount * RECORD, this.runtime.durable.account)
    const piece = account.u32(MERGED_A_TURN * RECORD)
    for (let from = 0; from < records.length; from += piece.length) {
      const some = records.subarray(from, from + piece.length)
      piece.set(some)
      kernels.mergeSpans(piece.byteOffset, some.length / RECORD, narrow.byteOffset + (first * RECORD + from) * 4)
    }
    account.free(piece.byteOffset)
    return true
  }

  /** As packRecords(). */
  pack(): Uint32Array {
    const numbers = packRecords(this.narrow, RECORD, this.groupCount, this.runtime.durable)
    this.groupCount = numbers.length
    return numbers
  }

  /** What some groups have of an aggregate that shares these records: its doubles, in `account`. */
  doublesOf(run: AggregateRun, { from, count, numbers }: SomeGroups, account: MemoryAccount): Float64Array {
    const { narrow, runtime: { durable: { kernels } } } = this
    const place = this.members.find((member) => member.run === run)?.place ?? 0
    const doubles = account.f64(count)
    const records = narrow === null ? someRecords(this.wideRoom(), from, numbers, account.f64((numbers?.length ?? 0) * RECORD))
      : someRecords(narrow, from, numbers, account.u32((numbers?.length ?? 0) * RECORD))
    const take = narrow === null ? kernels.takeSlots : kernels.takeSpans
    take(records.byteOffset, place, count, doubles.byteOffset)
    return doubles
  }

  /** Gives each aggregate its doubles. */
  release(): void {
    const { narrow, groupCount, runtime: { durable: { account, kernels } } } = this
    if (groupCount === 0) return
    const records = narrow === null ? this.wideRoom() : this.narrowRoom()
    const take = narrow === null ? kernels.takeSlots : kernels.takeSpans
    for (const { run, place } of this.members) {
      const doubles = account.f64(groupCount)
      take(records.byteOffset, place, groupCount, doubles.byteOffset)
      run.adopt(doubles)
    }
    account.free(records.byteOffset)
    this.narrow = null
    this.wide = null
  }

  /** One for each row; null: there are none. */
  private valuesOf({ columns, rowCount }: Block): NumberArray | null {
    const vector = columns[this.column]
    if (vector.kind !== 'number') return null
    const { values, isConst } = vector
    if (!isConst || rowCount === 1) return values
    const { account } = this.runtime.scratch
    return (isUnsigned(values) ? account.u32(rowCount) : account.f64(rowCount)).fill(values[0])
  }

  private get wanted(): number {
    return Math.max(this.groupCount, Math.min(this.likely, this.runtime.durable.expectedRows?.() ?? 0))
  }

  private narrowRoom(): Uint32Array {
    const { narrow, groupCount, runtime: { durable: { account } } } = this
    if (narrow !== null && groupCount * RECORD <= narrow.length) return narrow
    const words = narrow?.length ?? 0
    // While they are copied there are both: of large ones half as much again, not twice.
    const length = Math.max(this.wanted * RECORD, words < WORDS_LARGE ? 2 * words : words + Math.ceil(words / 2))
    return this.narrow = lengthened(Uint32Array, narrow, length, account)
  }

  private wideRoom(): Float64Array {
    const room = this.wide?.length ?? 0
    if (this.wide !== null && this.groupCount * RECORD <= room) return this.wide
    const records = this.wide = grown(Float64Array, this.wide, this.wanted * RECORD, this.runtime.durable.account)
    records.set([Number.NaN, Number.NaN, 0, 0], room)
    for (let made = RECORD; room + made < records.length; made *= 2) {
      records.copyWithin(room + made, room, Math.min(room + made, records.length - made))
    }
    return records
  }
}

/** Records (of so many numbers each) that have rows are all that is left of them; answers which ones they were, in the
 * query's account, to be freed by the caller. */
export function packRecords(
  records: Uint32Array | Float64Array | null, size: number, groupCount: number, { account, kernels }: EvalContext): Uint32Array {
  const numbers = account.u32(Math.max(1, groupCount))
  if (records === null) return numbers.subarray(0, 0)
  const count = kernels.packSpans(records.byteOffset, Math.min(groupCount, Math.floor(records.length / size)), numbers.byteOffset)
  // Groups may come after them: what is behind is of nobody.
  records.fill(0, count * size)
  return numbers.subarray(0, count)
}

/** Records of the groups of these numbers, to `out`; null: those from `from` on, where they are. */
function someRecords<A extends Uint32Array | Float64Array>(records: A, from: number, groups: Uint32Array | null, out: A): Uint32Array | Float64Array {
  if (groups === null) return records.subarray(from * RECORD)
  for (let i = 0, to = 0; i < groups.length; i++) {
    for (let at = groups[i] * RECORD, end = at + RECORD; at < end; at++, to++) out[to] = records[at]
  }
  return out
}
