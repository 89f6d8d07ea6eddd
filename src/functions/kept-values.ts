// One kept value a group, of any type: any, anyLast, argMin, argMax, min and max of strings.
// Values are appended to a log and a group remembers the number of its last; when most of the log is
// no group's any more, it is rewritten.
// Invariant: rowOf[group] is 0 for none, else the log's row + 1.

import type { DataType } from '../../storage/column/data-type.ts'
import type { Vector } from '../../storage/column/vector.ts'
import { columnLog, type ColumnLog } from './column-log.ts'
import type { AggregateStates, EvalContext, StatePayload } from './function.ts'
import { PayloadReader, PayloadWriter } from './payload.ts'
import { grown } from './state-array.ts'
import { defaultVector } from './values.ts'
import { pick } from './vectors.ts'

const REWRITE_ROWS_MIN = 4096

export class KeptValues {
  readonly type: DataType
  private log: ColumnLog
  private rowOf: Uint32Array | null = null
  private groupCount = 0
  private shown: Vector | null = null
  private readonly context: EvalContext

  constructor(type: DataType, context: EvalContext) {
    this.type = type
    this.context = context
    this.log = columnLog(type, context.account)
  }

  resize(groupCount: number): void {
    this.rowOf = grown(Uint32Array, this.rowOf, groupCount, this.context.account)
    this.groupCount = Math.max(this.groupCount, groupCount)
  }

  /** The row of view() that a group keeps, -1 for none. */
  vectorOf(group: number): number {
    return (this.rowOf as Uint32Array)[group] - 1
  }

  /** Everything kept, and garbage. */
  view(): Vector {
    this.shown ??= this.log.view()
    return this.shown
  }

  set(group: number, vector: Vector, row: number): void {
    this.log.append(vector, row)
    this.shown = null
    ;(this.rowOf as Uint32Array)[group] = this.log.length
    if (this.log.length > REWRITE_ROWS_MIN && this.log.length > 4 * this.groupCount) this.rewrite()
  }

  private rewrite(): void {
    const old = this.log
    const from = old.view()
    const rowOf = this.rowOf as Uint32Array
    this.log = columnLog(this.type, this.context.account)
    for (let group = 0; group < this.groupCount; group++) {
      if (rowOf[group] === 0) continue
      this.log.append(from, rowOf[group] - 1)
      rowOf[group] = this.log.length
    }
    old.free()
    this.shown = null
  }

  write(out: PayloadWriter, groupCount: number): void {
    this.rewrite()
    out.array((this.rowOf as Uint32Array).subarray(0, groupCount))
    out.vector(this.log.view(), this.context.account)
  }

  finish(groupCount: number): Vector {
    const { account } = this.context
    const rowOf = (this.rowOf as Uint32Array).subarray(0, groupCount)
    const which = account.u8(groupCount)
    const rows = account.u32(groupCount)
    for (let group = 0; group < groupCount; group++) {
      which[group] = rowOf[group] === 0 ? 1 : 0
      rows[group] = rowOf[group] === 0 ? 0 : rowOf[group] - 1
    }
    return pick([this.view(), defaultVector(this.type, groupCount, account)], which, rows, groupCount,
      this.type, account)
  }
}

/** Decides whether a row's values replace those that a group keeps. */
type Consider = (args: readonly Vector[], row: number, group: number) => void

/** States of one kept value; `consider` sees every row, and in merges every other's value. */
export function keptStates(
  kept: KeptValues, consider: Consider, context: EvalContext): AggregateStates {
  return {
    resize: (groupCount) => kept.resize(groupCount),
    update: (groups, rowCount, args) => {
      for (let row = 0; row < rowCount; row++) consider(args, row, groups[row])
    },
    exportStates: (groupCount) => {
      const out = new PayloadWriter()
      kept.write(out, groupCount)
      return out.finish()
    },
    mergeStates: (payload, toGroup) =>
      mergeKept(payload, toGroup, [kept.type], consider, context),
    finish: (groupCount) => kept.finish(groupCount),
  }
}

/** Considers every group's value of a payload of one or more kept values side by side. */
export function mergeKept(
  payload: StatePayload, toGroup: Uint32Array, types: readonly DataType[], consider: Consider,
  context: EvalContext,
): void {
  const reader = new PayloadReader(payload)
  const rowOf: Uint32Array[] = []
  const vectors = types.map((type) => {
    rowOf.push(reader.array<Uint32Array>())
    return reader.vector(type, context.account)
  })
  for (let group = 0; group < rowOf[0].length; group++) {
    const row = rowOf[0][group]
    if (row !== 0) consider(vectors, row - 1, toGroup[group])
  }
}
