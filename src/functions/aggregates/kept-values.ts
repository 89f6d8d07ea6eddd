// One kept value a group, of any type: any, anyLast, argMin, argMax, min and max of strings.
// Values are appended to a log and a group remembers the number of its last; when most of the log is
// no group's any more, it is rewritten.
// Invariant: rowOf[group] is 0 for none, else the log's row + 1.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { ByteBuilder } from '../values/byte-builder.ts'
import { columnLog, type ColumnLog } from './column-log.ts'
import type { AggregateStates, EvalContext } from '../values/function.ts'
import { grown } from '../values/state-array.ts'
import { eachState, serializeGroups, writeStateValue } from '../values/state-bytes.ts'
import { defaultVector } from '../values/values.ts'
import { pick } from '../values/vectors.ts'

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

  /** A byte, 0 for none, and the value of a group. */
  write(out: ByteBuilder, group: number): void {
    const row = this.vectorOf(group)
    out.byte(row < 0 ? 0 : 1)
    if (row >= 0) writeStateValue(out, this.view(), row)
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
export const keptStates = (
  kept: KeptValues, consider: Consider, context: EvalContext): AggregateStates =>
  sideBySide([kept], consider, context)

/** States of kept values side by side, of which the first is the result. */
export function sideBySide(
  kept: readonly KeptValues[], consider: Consider, context: EvalContext): AggregateStates {
  return {
    resize: (groupCount) => { for (const own of kept) own.resize(groupCount) },
    update: (groups, rowCount, args) => {
      for (let row = 0; row < rowCount; row++) consider(args, row, groups[row])
    },
    serialize: (groupCount) => serializeGroups(groupCount, context.account, (out, group) => {
      for (const own of kept) own.write(out, group)
    }),
    mergeRows: (groups, rowCount, states) => {
      const logs = kept.map(({ type }) => columnLog(type, context.account))
      const owners = context.account.u32(rowCount)
      eachState(states, rowCount, (reader, row) => {
        const before = logs[0].length
        for (const log of logs) if (reader.u8() === 1) log.read(reader)
        if (logs[0].length > before) owners[before] = groups[row]
      })
      const values = logs.map((log) => log.view())
      for (let row = 0; row < logs[0].length; row++) consider(values, row, owners[row])
      for (const log of logs) log.free()
      context.account.free(owners.byteOffset)
    },
    finish: (groupCount) => kept[0].finish(groupCount),
  }
}
