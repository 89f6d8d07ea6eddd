// min(x), max(x) and count() side by side: one record a group instead of three arrays, so that a row
// touches one cache line and its group's states are found once.
//
//   blocks: record = | least f64 | most f64 | rows f64 | - |
//   before states go anywhere else: each aggregate gets its doubles, and goes on by itself
//
// Invariant: until release() the aggregates themselves know of no group.

import type { Block } from '../../storage/column/vector.ts'
import { kindOf } from '../../storage/kernels/states.ts'
import { areInWork } from '../functions/group-loops.ts'
import { grown } from '../functions/state-array.ts'
import type { AggregateRun } from './aggregate-run.ts'
import type { Runtime } from './runtime.ts'

const RECORD = 4
const PLACES = { least: 0, most: 1, count: 2 } as const

type Member = { readonly run: AggregateRun; readonly place: number }

export class SpanRuns {
  private readonly members: readonly Member[]
  private readonly column: number
  private readonly runtime: Runtime
  private records: Float64Array | null = null
  private groupCount = 0

  private constructor(members: readonly Member[], column: number, runtime: Runtime) {
    this.members = members
    this.column = column
    this.runtime = runtime
  }

  /** Of the column of which most is wanted; null: not two of them are. */
  static of(runs: readonly AggregateRun[], runtime: Runtime): SpanRuns | null {
    const slots = runs.map((run) => ({ run, found: run.slot }))
    let best: readonly Member[] = []
    let column = -1
    for (const { found } of slots) {
      if (found === null || found.column < 0) continue
      // One run for each place: what is asked twice goes on by itself.
      const members = (['least', 'most', 'count'] as const).flatMap((slot): readonly Member[] => {
        const same = slots.find((other) => other.found?.slot === slot && (slot === 'count' || other.found.column === found.column))
        return same === undefined ? [] : [{ run: same.run, place: PLACES[slot] }]
      })
      if (members.length > best.length) [best, column] = [members, found.column]
    }
    return best.length < 2 ? null : new SpanRuns(best, column, runtime)
  }

  has(run: AggregateRun): boolean { return this.members.some((member) => member.run === run) }

  /** `likely`: groups that there will be, as far as is known: making room step by step copies all of it
   * again and again. */
  resize(groupCount: number, likely: number): void {
    this.groupCount = Math.max(this.groupCount, groupCount)
    const room = this.records?.length ?? 0
    if (groupCount * RECORD <= room) return
    const { account, expectedRows } = this.runtime.durable
    const wanted = Math.max(groupCount, Math.min(likely, expectedRows?.() ?? 0))
    const records = this.records = grown(Float64Array, this.records, wanted * RECORD, account)
    records.set([Number.NaN, Number.NaN, 0, 0], room)
    for (let made = RECORD; room + made < records.length; made *= 2) {
      records.copyWithin(room + made, room, Math.min(room + made, records.length - made))
    }
  }

  /** False: kernels can't reach these rows, and nothing was done. */
  update(groups: Uint32Array, block: Block): boolean {
    const { records, runtime: { scratch } } = this
    const vector = block.columns[this.column]
    if (records === null || vector.kind !== 'number' || vector.isConst
      || !areInWork(scratch, block.rowCount, groups, vector.values)) return false
    scratch.kernels.spanGroups(
      kindOf(vector.values), groups.byteOffset, vector.values.byteOffset, block.rowCount, records.byteOffset)
    return true
  }

  /** Gives each aggregate its doubles. */
  release(): void {
    const { records, groupCount, runtime: { durable: { account, kernels } } } = this
    if (records === null || groupCount === 0) return
    for (const { run, place } of this.members) {
      const doubles = account.f64(groupCount)
      kernels.takeSlots(records.byteOffset, place, groupCount, doubles.byteOffset)
      run.adopt(doubles)
    }
    account.free(records.byteOffset)
    this.records = null
  }
}
