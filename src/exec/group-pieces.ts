// The end of a GROUP BY of very many groups whose aggregates are a double each (least, most, number): rows are
// made of some groups at a time, so that no column of all groups is ever held.
//
//   pieces of all groups -> columns that HAVING and the first sort key ask -> groups that are left
//   those -> once more by the sort key -> pieces of them -> columns and keys -> rows
//
// Invariant: the same rows in the same order as from columns of all groups.

import type { Block, Vector } from '../../storage/column/vector.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { AggregateCall } from '../plan/plan.ts'
import { AggregateRun } from './aggregate-run.ts'
import { columnsAsked, groupsLeft, type AggregateTail } from './aggregate-tail.ts'
import type { Runtime } from './runtime.ts'
import { inPieces } from './slice.ts'

/** A piece's columns are some megabytes. */
export const GROUPS_A_PIECE = 65_536

/** The groups that are to become rows. */
export type ManyGroups = {
  readonly groupCount: number
  readonly aggregates: readonly AggregateCall[]
  readonly tail: AggregateTail
  /** Doubles of an aggregate (by its place) for some groups. */
  readonly doublesOf: (at: number, groups: Uint32Array, account: MemoryAccount) => Float64Array
  /** Key columns of some groups. */
  readonly keysOf: (groups: Uint32Array, account: MemoryAccount) => readonly Vector[]
  readonly keyCount: number
}

/** Hands the rows on, and empties the scratch account in between. */
export function endGroups(many: ManyGroups, runtime: Runtime, push: (piece: Block) => void): void {
  const account = runtime.newPart()
  const within: Runtime = { ...runtime, durable: { ...runtime.durable, account } }
  const next = () => {
    account.releaseAll()
    runtime.scratch.account.releaseAll()
    runtime.scratch.checkAlive()
  }
  const left = runtime.durable.account.u32(many.groupCount)
  const rows = rowsLeft(many, left, within, next)
  for (let from = 0; from < rows.length; from += GROUPS_A_PIECE) {
    const groups = nearCopy(rows.subarray(from, from + GROUPS_A_PIECE), account)
    const columns = [...many.keysOf(groups, account), ...many.aggregates.map((_, at) => resultOf(many, at, groups, within))]
    inPieces({ rowCount: groups.length, columns }, push)
    next()
  }
  runtime.durable.account.free(left.byteOffset)
}

/** They lie in `left`, or are few: what lies in `within` goes with each piece. */
function rowsLeft(many: ManyGroups, left: Uint32Array, within: Runtime, next: () => void): Uint32Array {
  const { groupCount, tail } = many
  const isAsked = tail.conditions.length > 0 || tail.top !== null
  let count = 0
  for (let from = 0; from < groupCount; from += GROUPS_A_PIECE) {
    const to = Math.min(groupCount, from + GROUPS_A_PIECE)
    const rows = isAsked ? chosen(many, tail, numbers(from, to, within.durable.account), within) : null
    if (rows === null) for (let group = from; group < to; group++) left[count++] = group
    else {
      for (let i = 0; i < rows.length; i++) left[count + i] = from + rows[i]
      count += rows.length
    }
    next()
  }
  const all = left.subarray(0, count)
  // Each piece has kept its best: the best of all are among them.
  if (tail.top === null || count <= tail.top.limit || count > GROUPS_A_PIECE) return all
  const rows = chosen(many, { conditions: [], top: tail.top }, nearCopy(all, within.durable.account), within)
  const best = rows === null ? all : Uint32Array.from(rows, (row) => all[row])
  next()
  return best
}

/** Which of some groups are left, by their places; null: all. */
function chosen(many: ManyGroups, tail: AggregateTail, groups: Uint32Array, within: Runtime): Uint32Array | null {
  const asked = columnsAsked(tail)
  const { keyCount } = many
  const keys = [...asked].some((column) => column < keyCount) ? many.keysOf(groups, within.durable.account) : []
  const columns: Vector[] = []
  for (const column of asked) columns[column] = column < keyCount ? keys[column] : resultOf(many, column - keyCount, groups, within)
  return groupsLeft(tail, columns, groups.length, within)
}

function resultOf(many: ManyGroups, at: number, groups: Uint32Array, within: Runtime): Vector {
  const run = new AggregateRun(many.aggregates[at], within)
  run.adopt(many.doublesOf(at, groups, within.durable.account))
  return run.finish(groups.length)
}

function numbers(from: number, to: number, account: MemoryAccount): Uint32Array {
  const groups = account.u32(to - from)
  for (let i = 0; i < groups.length; i++) groups[i] = from + i
  return groups
}

function nearCopy(groups: Uint32Array, account: MemoryAccount): Uint32Array {
  const copy = account.u32(groups.length)
  copy.set(groups)
  return copy
}
