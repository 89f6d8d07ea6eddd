// Rows of one sorting key become fewer: what the engines of the MergeTree family do when segments are
// written, and what FINAL sees as done. Here are the engines that choose among rows; those that
// compute new values are combine-values.ts.
//
//   sorted rows, equal keys side by side -> groups -> the rows of each group that stay
//
// Source of the rules: ClickHouse's documentation of ReplacingMergeTree, CollapsingMergeTree and
// VersionedCollapsingMergeTree. Invariant: within a group rows stand in the order of their commits.

import type { EncodeSpace } from '../codec/space.ts'
import type { NumberVector, Vector } from '../column/vector.ts'
import type { ColumnSpec, TableMeta } from '../face.ts'
import { joinKeeps } from '../join-rows.ts'
import { compareRows, wordsOf, type Word } from './sort.ts'

/** How rows of one key combine; `keep`: which of a group's rows stay. */
export type CombineRule = {
  readonly kind: 'replacing' | 'collapsing' | 'versioned' | 'summing' | 'aggregating' | 'first'
  readonly version: string | null
  readonly isDeleted: string | null
  readonly sign: string | null
}

const KINDS: Readonly<Record<string, CombineRule['kind']>> = {
  ReplacingMergeTree: 'replacing', CollapsingMergeTree: 'collapsing',
  VersionedCollapsingMergeTree: 'versioned', SummingMergeTree: 'summing',
  AggregatingMergeTree: 'aggregating',
}

function kindOf(table: TableMeta): CombineRule['kind'] | undefined {
  const kept = joinKeeps(table)
  return kept === 'first' ? 'first' : kept === 'last' ? 'replacing' : KINDS[table.engine]
}

/** The rule of a table; null: every row stays. Without a sorting key no two rows are of one key. */
export function combineRule(table: TableMeta): CombineRule | null {
  const kind = kindOf(table)
  if (kind === undefined || table.sortBy.length === 0) return null
  const { version = null, isDeleted = null, sign = null } = table.engineArgs ?? {}
  return { kind, version, isDeleted, sign }
}

/** Keys by which rows of a table are sorted: those of its definition, then the version where rows of
 * one key and another version must not meet. */
export function sortKeysOf(table: TableMeta): readonly string[] {
  const rule = combineRule(table)
  if (rule?.kind !== 'versioned' || rule.version === null) return table.sortBy
  return table.sortBy.includes(rule.version) ? table.sortBy : [...table.sortBy, rule.version]
}

/** Where groups of equal keys begin among sorted rows, and the end: groups + 1 entries. */
export function groupStarts(
  words: readonly Word[], rows: Uint32Array, space: EncodeSpace,
): Uint32Array {
  const keys = words.map(({ values }) => values)
  const starts = space.account.u32(rows.length + 1)
  let groups = 0
  for (let i = 0; i < rows.length; i++) {
    if (i === 0 || compareRows(keys, rows[i - 1], rows[i]) !== 0) starts[groups++] = i
  }
  starts[groups] = rows.length
  return starts.subarray(0, groups + 1)
}

/** Chooses rows by a rule; `isFinal`: as FINAL does, which hides what a merge still keeps. `read` gives
 * whole columns, whose rows are numbered end to end. */
export class RowChooser {
  private readonly rule: CombineRule
  private readonly isFinal: boolean
  private readonly version: readonly Uint32Array[] | null
  private readonly sign: ArrayLike<number> | null
  private readonly isDeleted: ArrayLike<number> | null

  constructor(
    rule: CombineRule, read: (column: ColumnSpec) => Vector, { columns }: TableMeta, isFinal: boolean,
    space: EncodeSpace,
  ) {
    const column = (name: string | null): Vector | null => {
      const spec = columns.find((one) => one.name === name)
      return spec === undefined ? null : read(spec)
    }
    this.rule = rule
    this.isFinal = isFinal
    const version = rule.kind === 'replacing' ? column(rule.version) : null
    this.version = version === null ? null : wordsOf(version, space).map(({ values }) => values)
    this.sign = numbersOf(column(rule.sign))
    this.isDeleted = isFinal ? numbersOf(column(rule.isDeleted)) : null
  }

  /** Writes the rows that stay of rows[from .. to), which have one key, to out[at ..]; answers the
   * place behind them. `out` may be `rows` itself while at ≤ from. */
  choose(rows: Uint32Array, from: number, to: number, out: Uint32Array, at: number): number {
    switch (this.rule.kind) {
      case 'first':
        out[at] = rows[from]
        return at + 1
      case 'replacing': return this.replace(rows, from, to, out, at)
      case 'collapsing': return this.collapse(rows, from, to, out, at)
      case 'versioned': return this.cancel(rows, from, to, out, at)
      default: throw new Error(`combine: ${this.rule.kind} chooses no rows`)
    }
  }

  /** The last row of the highest version. */
  private replace(
    rows: Uint32Array, from: number, to: number, out: Uint32Array, at: number,
  ): number {
    let best = rows[from]
    for (let i = from + 1; i < to; i++) {
      if (this.version === null || compareRows(this.version, rows[i], best) >= 0) best = rows[i]
    }
    if (this.isDeleted !== null && this.isDeleted[best] === 1) return at
    out[at] = best
    return at + 1
  }

  /** The first cancellation and the last state, as far as their numbers leave them. */
  private collapse(
    rows: Uint32Array, from: number, to: number, out: Uint32Array, at: number,
  ): number {
    const sign = this.sign as ArrayLike<number>
    let states = 0
    let cancels = 0
    let firstCancel = 0
    let lastState = 0
    for (let i = from; i < to; i++) {
      if (sign[rows[i]] > 0) {
        states++
        lastState = rows[i]
      } else if (cancels++ === 0) firstCancel = rows[i]
    }
    const endsWithState = sign[rows[to - 1]] > 0
    if (states === cancels && !endsWithState) return at
    let next = at
    if (states <= cancels && !this.isFinal) out[next++] = firstCancel
    if (states >= cancels) out[next++] = lastState
    return next
  }

  /** Neighbours of opposite sign cancel each other out. */
  private cancel(
    rows: Uint32Array, from: number, to: number, out: Uint32Array, at: number,
  ): number {
    const sign = this.sign as ArrayLike<number>
    let next = at
    for (let i = from; i < to; i++) {
      const row = rows[i]
      if (next > at && sign[out[next - 1]] !== sign[row]) next--
      else out[next++] = row
    }
    return next
  }
}

function numbersOf(vector: Vector | null): ArrayLike<number> | null {
  return vector === null ? null : (vector as NumberVector).values
}
