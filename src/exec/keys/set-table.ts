// The right side of IN: rows of values, asked by the block. One expression or a tuple of several.
// Invariant: NULL is in no set; the left side has the set's types, NULL and LowCardinality aside.

import { bareType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Block, Vector } from '../../../storage/column/vector.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { markNulls, noNulls, vectorOf } from '../../functions/values/values.ts'
import { asConst, retype, rowsWhere, take } from '../../functions/values/vectors.ts'
import type { SetSource } from '../../plan/plan.ts'
import type { Value } from '../../functions/values/value.ts'
import { GroupTable } from './group-table.ts'

/** A set of one query. */
export class SetTable {
  /** The values of a list of one expression, for zone maps and postings; null: a subquery's, or too
   * many. */
  readonly values: readonly Value[] | null
  private readonly table: GroupTable
  private readonly context: EvalContext

  private constructor(types: readonly string[], values: readonly Value[] | null, context: EvalContext) {
    this.values = values
    this.context = context
    this.table = new GroupTable(types.map((type) => bareType(parseDataType(type))), context)
  }

  /** The set of a list with this call's values. */
  static ofList(
    source: SetSource & { kind: 'list' }, slots: readonly Value[], context: EvalContext): SetTable {
    const rows = source.rows
      .map((row, r) => row.map((value, c) => {
        const slot = source.slots[r][c]
        return slot >= 0 ? slots[slot] : value
      }))
      .filter((row) => !row.includes(null))
    const set = new SetTable(
      source.types, source.types.length === 1 ? rows.map((row) => row[0]) : null, context)
    if (rows.length > 0) {
      set.add({
        rowCount: rows.length,
        columns: source.types.map((type, c) =>
          vectorOf(rows.map((row) => row[c]), bareType(parseDataType(type)), context.account)),
      })
    }
    return set
  }

  /** The set of a subquery's rows. */
  static ofBlocks(
    source: SetSource & { kind: 'plan' }, blocks: readonly Block[], context: EvalContext): SetTable {
    const set = new SetTable(source.types, null, context)
    for (const block of blocks) set.add(block)
    return set
  }

  /** Different rows. */
  get size(): number { return this.table.groupCount }

  get bytes(): number { return this.table.bytes }

  private add(whole: Block): void {
    const block = this.withoutNulls(whole)
    if (block.rowCount === 0) return
    this.table.groupsOf(block.columns.map(plain), block.rowCount, this.context.account)
  }

  /** Rows with a NULL equal nothing. */
  private withoutNulls(block: Block): Block {
    const { account } = this.context
    if (block.columns.every(({ nulls }) => nulls === null)) return block
    const marks = noNulls(block.rowCount, account)
    for (const column of block.columns) markNulls(column, marks, block.rowCount)
    for (let row = 0; row < block.rowCount; row++) marks[row] ^= 1
    const rows = rowsWhere(marks, block.rowCount, account)
    return {
      rowCount: rows.length,
      columns: block.columns.map((column) => (column.isConst ? asConst(column, rows.length)
        : take(column, rows, rows.length, account))),
    }
  }

  /** One byte a row: 1 where the row is in the set. Rows with a NULL are in none. */
  contains(columns: readonly Vector[], rowCount: number, context: EvalContext): Uint8Array {
    const out = context.account.u8(rowCount)
    if (this.table.groupCount === 0) return out.fill(0)
    const groups = this.table.find(columns.map(plain), rowCount, context.account)
    for (let row = 0; row < rowCount; row++) out[row] = groups[row] === 0xffffffff ? 0 : 1
    for (const { nulls, isConst } of columns) {
      if (nulls === null) continue
      for (let row = 0; row < rowCount; row++) if (nulls[isConst ? 0 : row] === 1) out[row] = 0
    }
    return out
  }
}

const plain = (vector: Vector): Vector => retype(vector, bareType(vector.type), null)
