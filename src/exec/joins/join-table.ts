// The built side of a join: its rows as one block, and for each alternative of ON the rows by key.
// Keys are groups of a GroupTable; the rows of group g are rows[starts[g] .. starts[g + 1]).
// Invariant: where rows of the other side without a match stay, one row of defaults (`missing`) stands
// behind the last, for them.

import { bareType, isNullable, nullableOf, type DataType } from '../../../storage/column/data-type.ts'
import { BLOCK_ROWS_MAX, type Block, type Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { defaultVector } from '../../functions/values/values.ts'
import { asConst, pick, retype } from '../../functions/values/vectors.ts'
import type { AsofCondition, JoinCondition } from '../../plan/plan.ts'
import { GroupTable, MISSING } from '../keys/group-table.ts'
import { freeBlock } from '../blocks/kept-rows.ts'
import { orderedRows } from '../order/order.ts'
import { blockBytes } from '../runtime/quotas.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { sliceBlock, sliceVector } from '../blocks/slice.ts'

/** The keys of one alternative, as numbers of the built and of the probing side's columns. */
export type KeyPair = { readonly built: number; readonly probe: number; readonly isNullSafe: boolean }

/** What a join needs of its built side. */
export type JoinSpec = {
  /** Types of the output for the built side's columns (Nullable where a row may be missing). */
  readonly types: readonly DataType[]
  readonly keys: readonly (readonly KeyPair[])[]
  readonly asof: number | null
  /** Rows of the other side without a match are joined with defaults. */
  readonly needsMissing: boolean
}

/** Which columns a join looks up. `isLeftBuilt`: the left side is the table. */
export function joinSpec(
  on: readonly JoinCondition[], asof: AsofCondition | null, isLeftBuilt: boolean,
  types: readonly DataType[], needsMissing: boolean,
): JoinSpec {
  return {
    types, needsMissing, asof: asof === null ? null : isLeftBuilt ? asof.left : asof.right,
    keys: on.map(({ keys }) => keys.map(({ left, right, isNullSafe }) => ({
      built: isLeftBuilt ? left : right, probe: isLeftBuilt ? right : left, isNullSafe,
    }))),
  }
}

export class JoinTable {
  readonly rowCount: number
  /** Number of the row of defaults. */
  readonly missing: number
  readonly columns: readonly Vector[]
  readonly indexes: readonly KeyIndex[]

  /** Takes the blocks over: they are freed. */
  constructor(blocks: readonly Block[], spec: JoinSpec, runtime: Runtime) {
    const { account } = runtime.durable
    this.rowCount = blocks.reduce((sum, block) => sum + block.rowCount, 0)
    this.missing = this.rowCount
    runtime.quotas.refuseAbove('max_rows_in_join', this.rowCount)
    runtime.quotas.refuseAbove('max_bytes_in_join', () => blocks.reduce((sum, block) => sum + blockBytes(block), 0))
    this.columns = joined(blocks, this.rowCount, spec, account)
    for (const block of blocks) freeBlock(block, account)
    this.indexes = spec.keys.map((keys) => new KeyIndex(keys, this, spec.asof, runtime))
  }

  /** Its rows, for another worker. */
  block(): Block { return sliceBlock({ rowCount: this.rowCount, columns: this.columns }, 0, this.rowCount) }
}

/** All rows, and one of defaults if need be. */
function joined(
  blocks: readonly Block[], rowCount: number, { types, needsMissing }: JoinSpec, account: MemoryAccount,
): Vector[] {
  const count = needsMissing || rowCount === 0 ? rowCount + 1 : rowCount
  const which = account.u32(rowCount + 1)
  const rows = account.u32(rowCount + 1)
  let at = 0
  blocks.forEach((block, b) => {
    for (let row = 0; row < block.rowCount; row++, at++) {
      which[at] = b
      rows[at] = row
    }
  })
  which[at] = blocks.length
  rows[at] = 0
  const columns = types.map((type, c) => {
    const own = blocks.map((block) => block.columns[c])
    const sources = count === rowCount ? own : [...own, missingOf(own, type, account)]
    return pick(sources, which, rows, count, type, account)
  })
  account.free(which.byteOffset)
  account.free(rows.byteOffset)
  return columns
}

/** The default, as a code where all rows are codes of one dictionary: codes are what keys are fast by. */
function missingOf(own: readonly Vector[], type: DataType, account: MemoryAccount): Vector {
  const plain = asConst(defaultVector(type, 1, account), 1)
  const [first] = own
  if (first?.kind !== 'codes') return plain
  const { dictionary } = first
  if (own.some((vector) => vector.kind !== 'codes' || vector.dictionary.id !== dictionary.id)) return plain
  const code = plain.nulls === null ? dictionary.find(new Uint8Array(0)) : 0
  if (code < 0 || dictionary.size === 0) return plain
  const codes = account.u32(1).fill(code)
  return { kind: 'codes', type, length: 1, isConst: true, nulls: plain.nulls, codes, dictionary }
}

const NONE: Uint32Array = new Uint32Array(0)

/** Rows of the table by the keys of one alternative; without keys all rows are of one group. */
export class KeyIndex {
  readonly keys: readonly KeyPair[]
  /** Rows ordered by group. */
  readonly rows: Uint32Array
  /** Where each group begins in `rows`; one more than groups. */
  readonly starts: Uint32Array
  /** The first row of each group, `missing` where it has none. */
  readonly firsts: Uint32Array
  /** No key has more than one row. */
  readonly isUnique: boolean
  /** Row r is the one row of group r: what find() answers are rows. */
  readonly isByRow: boolean
  private readonly types: readonly DataType[]
  private readonly table: GroupTable | null

  constructor(keys: readonly KeyPair[], { columns, rowCount, missing }: JoinTable, asof: number | null, runtime: Runtime) {
    const { account } = runtime.durable
    this.keys = keys
    this.types = keys.map(({ built, isNullSafe }) => keyTypeOf(columns[built].type, isNullSafe))
    this.table = keys.length === 0 ? null : new GroupTable(this.types, runtime.durable)
    const groups = this.enter(keys.map(({ built }) => columns[built]), rowCount, runtime)
    if (asof !== null) dropNulls(groups, columns[asof], rowCount)
    const groupCount = this.table?.groupCount ?? 1
    this.isByRow = asof === null && rowCount > 0 && groupCount === rowCount && areRows(groups)
    const order = asof === null ? null : ordered(columns[asof], rowCount, runtime.durable)
    this.starts = account.u32(groupCount + 1).fill(0)
    if (this.isByRow) {
      // As a GROUP BY of the key gives them: nothing is to be put in order.
      runtime.durable.kernels.stepWords(1, groupCount + 1, this.starts.byteOffset)
      this.rows = groups
      this.firsts = groups
      this.isUnique = true
      return
    }
    this.rows = byGroup(groups, rowCount, this.starts, order, account)
    this.firsts = account.u32(Math.max(1, groupCount)).fill(missing)
    for (let g = 0; g < groupCount; g++) {
      if (this.starts[g + 1] > this.starts[g]) this.firsts[g] = this.rows[this.starts[g]]
    }
    this.isUnique = this.rows.length <= groupCount && isUnique(this.starts)
    account.free(groups.byteOffset)
    if (order !== null) account.free(order.byteOffset)
  }

  /** The group of each row of the table; MISSING: its key is NULL. */
  private enter(columns: readonly Vector[], rowCount: number, runtime: Runtime): Uint32Array {
    const groups = runtime.durable.account.u32(Math.max(1, rowCount))
    if (this.table === null) return groups.fill(0)
    const scratch = runtime.newScratch()
    for (let from = 0; from < rowCount; from += BLOCK_ROWS_MAX) {
      runtime.scratch.checkAlive()
      const to = Math.min(rowCount, from + BLOCK_ROWS_MAX)
      const keys = columns.map((column, i) => this.asKey(sliceVector(column, from, to), i))
      groups.set(this.table.groupsOf(keys, to - from, scratch), from)
      scratch.releaseAll()
    }
    columns.forEach((column, i) => {
      if (!this.keys[i].isNullSafe) dropNulls(groups, column, rowCount)
    })
    return groups
  }

  /** The group of each probing row, MISSING where none has its key. */
  find(block: Block, scratch: MemoryAccount): Uint32Array {
    const { rowCount } = block
    if (this.table === null) return scratch.u32(rowCount).fill(this.rows.length === 0 ? MISSING : 0)
    const vectors = this.keys.map(({ probe }) => block.columns[probe])
    const keys = vectors.map((vector, i) => this.asKey(vector, i))
    const groups = this.table.find(keys, rowCount, scratch)
    vectors.forEach((vector, i) => {
      if (!this.keys[i].isNullSafe) dropNulls(groups, vector, rowCount)
    })
    return groups
  }

  private asKey(vector: Vector, key: number): Vector {
    const { isNullSafe } = this.keys[key]
    return retype(vector, this.types[key], isNullSafe ? vector.nulls : null)
  }
}

const keyTypeOf = (type: DataType, isNullSafe: boolean): DataType => {
  const bare = bareType(type)
  return isNullSafe && isNullable(nullableOf(bare)) ? nullableOf(bare) : bare
}

function dropNulls(groups: Uint32Array, { nulls, isConst }: Vector, rowCount: number): void {
  if (nulls === null) return
  for (let row = 0; row < rowCount; row++) if (nulls[isConst ? 0 : row] === 1) groups[row] = MISSING
}

/** Row numbers by the value that ASOF compares. */
const ordered = (column: Vector, rowCount: number, context: Runtime['durable']): Uint32Array =>
  orderedRows(rowCount, [{ index: 0, descending: false, nullsFirst: false }], [column], context, context.account)

/** Fills `starts` and answers the rows of group after group, each in the order given. */
function byGroup(
  groups: Uint32Array, rowCount: number, starts: Uint32Array, order: Uint32Array | null,
  account: MemoryAccount,
): Uint32Array {
  let total = 0
  for (let row = 0; row < rowCount; row++) {
    if (groups[row] === MISSING) continue
    starts[groups[row] + 1]++
    total++
  }
  for (let g = 1; g < starts.length; g++) starts[g] += starts[g - 1]
  if (total === 0) return NONE
  const next = account.u32(starts.length)
  next.set(starts)
  const rows = account.u32(total)
  for (let i = 0; i < rowCount; i++) {
    const row = order === null ? i : order[i]
    if (groups[row] !== MISSING) rows[next[groups[row]]++] = row
  }
  account.free(next.byteOffset)
  return rows
}

function areRows(groups: Uint32Array): boolean {
  for (let row = 0; row < groups.length; row++) if (groups[row] !== row) return false
  return true
}

function isUnique(starts: Uint32Array): boolean {
  for (let g = 1; g < starts.length; g++) if (starts[g] - starts[g - 1] > 1) return false
  return true
}
