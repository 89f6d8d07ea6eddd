// Which groups are left of a GROUP BY, asked before its rows are made: HAVING right above it, then the
// first key of an ORDER BY … LIMIT. Of a hundred thousand sessions a hundred become rows; keys and
// aggregates of the others are never looked at.
// Invariant: the groups that are left, in their order, give the rows that all of them would have.

import { BLOCK_ROWS_MAX, type Block, type Vector } from '../../../storage/column/vector.ts'
import type { PlanNode, SortKey } from '../../plan/plan.ts'
import { take } from '../../functions/values/vectors.ts'
import { perPlan } from '../runtime/per-plan.ts'
import type { Predicate } from '../expressions/predicate.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { mayFail, takeRows } from '../expressions/short-circuit.ts'
import { sliceVector } from '../blocks/slice.ts'
import { candidates } from '../order/top-rows.ts'

/** The sort above: its first key as a column of the groups, and how many rows it keeps. */
export type Top = {
  readonly key: SortKey; readonly limit: number
  /** Told of rows that the sort would have dropped. */
  readonly skip: (rowCount: number) => void
}

export type AggregateTail = { readonly conditions: readonly Predicate[]; readonly top: Top | null }

/** Columns that conditions and the first sort key look at. */
export function columnsAsked({ conditions, top }: AggregateTail): ReadonlySet<number> {
  const asked = new Set<number>()
  for (const { columns } of conditions) for (const column of columns) asked.add(column)
  if (top !== null) asked.add(top.key.index)
  return asked
}

/** Groups that are left, ascending, in the query's account; null: all. `columns` holds those that are
 * asked. */
export function groupsLeft(
  tail: AggregateTail, columns: readonly Vector[], groupCount: number, runtime: Runtime): Uint32Array | null {
  const kept = tail.conditions.length === 0 ? null : fulfilling(tail.conditions, columns, groupCount, runtime)
  const rows = kept?.length === groupCount ? null : kept
  const { top } = tail
  if (top === null) return rows
  const { account } = runtime.scratch
  const column = columns[top.key.index]
  const count = rows === null ? groupCount : rows.length
  if (column.isConst || count <= top.limit) return rows
  const best = candidates(top.key, rows === null ? column : take(column, rows, count, account), null, top.limit, account)
  if (best === null) return rows
  top.skip(count - best.length)
  if (rows !== null) for (let i = 0; i < best.length; i++) best[i] = rows[best[i]]
  return best
}

/** Groups for which every condition holds; each is asked only of groups that those before it kept. */
function fulfilling(
  conditions: readonly Predicate[], columns: readonly Vector[], groupCount: number, runtime: Runtime): Uint32Array {
  const { account } = runtime.durable
  const left = account.u32(Math.max(1, groupCount))
  let count = 0
  for (let from = 0; from < groupCount; from += BLOCK_ROWS_MAX) {
    runtime.scratch.checkAlive()
    const to = Math.min(groupCount, from + BLOCK_ROWS_MAX)
    const whole: Block = { rowCount: to - from, columns: sliced(columns, from, to, groupCount) }
    let kept: Uint32Array | null = null
    for (const { select } of conditions) {
      const before: Uint32Array | null = kept
      if (before !== null && before.length === 0) break
      const rows = select(before === null ? whole : takeRows(whole, before, runtime))
      if (rows !== null) kept = before === null ? rows : rows.map((row) => before[row])
    }
    if (kept === null) {
      for (let group = from; group < to; group++) left[count++] = group
      continue
    }
    left.set(kept, count)
    runtime.scratch.kernels.addToWords(left.byteOffset + 4 * count, kept.length, from)
    count += kept.length
  }
  return left.subarray(0, count)
}

/** Groups [from, to) of the columns that are there. */
function sliced(columns: readonly Vector[], from: number, to: number, groupCount: number): readonly Vector[] {
  if (to - from === groupCount) return columns
  const slices: Vector[] = []
  columns.forEach((column, c) => { slices[c] = sliceVector(column, from, to) })
  return slices
}

/** The aggregate whose groups a sort can choose among, and the sort's first key as a column of it; null:
 * something in between needs all rows. */
export const sortedGroups = perPlan((sort: PlanNode & { op: 'sort' }): { aggregate: PlanNode; key: SortKey } | null => {
  let { input } = sort
  let [key] = sort.keys
  while (input.op === 'project') {
    const expr = input.exprs[key.index]
    // What fails for some row fails for the query.
    if (expr.kind !== 'column' || input.exprs.some(mayFail)) return null
    key = { ...key, index: expr.index }
    input = input.input
  }
  if (input.op === 'filter') ({ input } = input)
  return input.op === 'aggregate' && input.keys.length > 0 ? { aggregate: input, key } : null
})

