// The end of a GROUP BY of very many groups whose aggregates are a double each (least, most, number): rows are
// made of some groups at a time, so that no column of all groups is ever held.
//
//   pieces of all groups -> columns that HAVING and the first sort key ask -> groups that are left
//   those -> once more by the sort key -> pieces of them -> columns and keys -> rows
//
// Invariant: the same rows in the same order as from columns of all groups.

import type { Block, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { AggregateCall } from '../../plan/plan.ts'
import { AggregateRun, type SomeGroups } from './aggregate-run.ts'
import { columnsAsked, groupsLeft, type AggregateTail } from './aggregate-tail.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { inPieces } from '../blocks/slice.ts'

/** A piece's columns are some megabytes. */
export const GROUPS_A_PIECE = 65_536

/** The groups that are to become rows. */
export type ManyGroups = {
  readonly groupCount: number
  readonly aggregates: readonly AggregateCall[]
  readonly tail: AggregateTail
  /** Doubles of an aggregate (by its place) for some groups. */
  readonly doublesOf: (at: number, groups: SomeGroups, account: MemoryAccount) => Float64Array
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
  const { tail: { conditions, top }, groupCount } = many
  const left = conditions.length > 0 || top !== null ? runtime.durable.account.u32(groupCount) : null
  const rows = left === null ? null : rowsLeft(many, left, within, next)
  const count = rows === null ? groupCount : rows.length
  for (let from = 0; from < count; from += GROUPS_A_PIECE) {
    const groups = piece(from, count, rows, account)
    const columns = [...many.keysOf(numbersOf(groups, account), account),
      ...many.aggregates.map((_, at) => resultOf(many, at, groups, within))]
    inPieces({ rowCount: groups.count, columns }, push)
    next()
  }
  if (left !== null) runtime.durable.account.free(left.byteOffset)
}

/** They lie in `left`, or are few: what lies in `within` goes with each piece. */
function rowsLeft(many: ManyGroups, left: Uint32Array, within: Runtime, next: () => void): Uint32Array {
  const { groupCount, tail } = many
  const { account } = within.durable
  let count = 0
  for (let from = 0; from < groupCount; from += GROUPS_A_PIECE) {
    const some = piece(from, groupCount, null, account)
    const rows = chosen(many, tail, some, within)
    if (rows === null) for (let i = 0; i < some.count; i++) left[count++] = from + i
    else {
      for (let i = 0; i < rows.length; i++) left[count + i] = from + rows[i]
      count += rows.length
    }
    next()
  }
  const all = left.subarray(0, count)
  // Each piece has kept its best: the best of all are among them.
  if (tail.top === null || count <= tail.top.limit || count > GROUPS_A_PIECE) return all
  const rows = chosen(many, { conditions: [], top: tail.top }, piece(0, count, all, account), within)
  const best = rows === null ? all : Uint32Array.from(rows, (row) => all[row])
  next()
  return best
}

/** Which of some groups are left, by their places; null: all. */
function chosen(many: ManyGroups, tail: AggregateTail, groups: SomeGroups, within: Runtime): Uint32Array | null {
  const asked = columnsAsked(tail)
  const { keyCount } = many
  const keys = [...asked].some((column) => column < keyCount) ? many.keysOf(numbersOf(groups, within.durable.account), within.durable.account) : []
  const columns: Vector[] = []
  for (const column of asked) columns[column] = column < keyCount ? keys[column] : resultOf(many, column - keyCount, groups, within)
  return groupsLeft(tail, columns, groups.count, within)
}

function resultOf(many: ManyGroups, at: number, groups: SomeGroups, within: Runtime): Vector {
  const run = new AggregateRun(many.aggregates[at], within)
  run.adopt(many.doublesOf(at, groups, within.durable.account))
  return run.finish(groups.count)
}

/** The piece that begins at `from` of `rows`, or (null) of all groups. */
function piece(from: number, end: number, rows: Uint32Array | null, account: MemoryAccount): SomeGroups {
  const count = Math.min(GROUPS_A_PIECE, end - from)
  if (rows === null) return { from, count, numbers: null }
  const numbers = account.u32(count)
  numbers.set(rows.subarray(from, from + count))
  return { from, count, numbers }
}

function numbersOf({ from, count, numbers }: SomeGroups, account: MemoryAccount): Uint32Array {
  if (numbers !== null) return numbers
  const all = account.u32(count)
  for (let i = 0; i < count; i++) all[i] = from + i
  return all
}
