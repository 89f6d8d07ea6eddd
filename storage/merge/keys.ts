// Values of a table's key expressions for the rows of several row sets. A plain column name is the
// column itself; other expressions are compiled by whoever knows SQL and run block by block.

import { concatVectors, takeRows, type TakeSpace } from '../codec/take.ts'
import { EncodeSpace } from '../codec/space.ts'
import type { DataType } from '../column/data-type.ts'
import { parseDataType } from '../column/parse-type.ts'
import { BLOCK_ROWS_MAX, type Block, type Vector } from '../column/vector.ts'
import type { ColumnSpec, TableMeta } from '../face.ts'
import type { Kernels } from '../kernels/load.ts'
import { MemoryAccount, MemoryLimitExceeded } from '../kernels/work-memory.ts'
import type { RowSet } from '../part/row-set.ts'
import { groupStarts } from './combine.ts'
import { allRows } from './partitions.ts'
import { defaultRows, readColumn } from './read-column.ts'
import { keyWords, sortRows } from './sort.ts'

/** The same compiler, at a time. */
export const datedCompiler = (compileKey: KeyCompiler, nowMs: number): KeyCompiler =>
  (expression, columns, context) => compileKey(expression, columns, { nowMs, ...context })

/** A compiled expression over columns: one value a row, of at most BLOCK_ROWS_MAX rows. */
export type KeyExpression = (block: Block) => Vector

/** Compiles an expression of a table's definition; columns of the blocks are as in `columns`. What it
 * and its results need comes from `account`, and goes with it. */
export type KeyCompiler = (
  expression: string, columns: readonly { readonly name: string; readonly type: DataType }[],
  context: {
    readonly account: MemoryAccount; readonly kernels: Kernels
    /** What now() is, for a DEFAULT or a condition. */
    readonly nowMs?: number
  }) => KeyExpression

/** Blocks that share one compiled expression and its memory: compiling costs as much as a block. */
const BLOCKS_A_COMPILE = 16

/** Columns whose names stand in the text: the others are not read. */
export function columnsIn(expression: string, table: TableMeta): readonly ColumnSpec[] {
  const words = new Set(expression.replace(STRING, '').match(/[A-Za-z_][A-Za-z0-9_]*|`[^`]+`|"[^"]+"/g)
    ?.map((word) => word.replace(/^[`"]|[`"]$/g, '')))
  return table.columns.filter(({ name }) => words.has(name))
}

/** What a table's definition says of each row of all row sets: a partition or sorting key, a TTL, a DEFAULT. As
 * evaluateKey(), but rows over which the expression fails (a division by zero, a text that is no date) have the
 * default of its type: they were acknowledged, and one of them must not keep all others in memory. */
export const evaluatePlace = (
  expression: string, table: TableMeta, sets: readonly RowSet[], compileKey: KeyCompiler, space: EncodeSpace,
): Vector => evaluateKey(expression, table, sets, totalCompiler(compileKey), space)

/** The same compiler, of expressions that give a value for every row. */
export const totalCompiler = (compileKey: KeyCompiler): KeyCompiler => (expression, columns, context) =>
  totalExpression(compileKey(expression, columns, context), new EncodeSpace(context.account, context.kernels))

/** The same expression, which gives the default of its type for rows over which it fails. */
const totalExpression = (evaluate: KeyExpression, space: EncodeSpace): KeyExpression => (block) => {
  const isOfRows = (error: unknown): boolean => !(error instanceof MemoryLimitExceeded)
  try {
    return evaluate(block)
  } catch (error) {
    if (!isOfRows(error)) throw error
    return valuesOfFailed(evaluate, block, error, isOfRows, space)
  }
}

/** The values of an expression that has failed over a block with `failure`: the default of its type for rows over
 * which it fails with an error that `isOfRows` says to be one of a row. Throws any other. */
export const valuesOfFailed = (
  evaluate: KeyExpression, block: Block, failure: unknown, isOfRows: (error: unknown) => boolean, space: EncodeSpace,
): Vector => new FailedBlock(evaluate, space, failure, isOfRows).values(block)

/** A block over which an expression has failed as a whole. Rows that are alike fail alike, so that each kind of
 * them is tried once: where all rows of a table fail, they mostly do so over the same few values. */
class FailedBlock {
  private readonly evaluate: KeyExpression
  private readonly space: EncodeSpace
  private readonly failure: unknown
  private readonly isOfRows: (error: unknown) => boolean
  private type: DataType | null = null

  constructor(evaluate: KeyExpression, space: EncodeSpace, failure: unknown, isOfRows: (error: unknown) => boolean) {
    this.evaluate = evaluate
    this.space = space
    this.failure = failure
    this.isOfRows = isOfRows
  }

  values(block: Block): Vector {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0 // nobody reads where it failed, and that is half of the time
    try {
      const { space } = this
      const kinds = kindsOfRows(block, space)
      if (kinds === null) return this.byHalves(block)
      return takeRows(this.tried(rowsOf(block, kinds.firsts, space)), kinds.kindOf, block.rowCount, space)
    } finally {
      Error.stackTraceLimit = stackTraceLimit
    }
  }

  private tried(block: Block): Vector {
    try {
      return spreadOut(this.evaluate(block), block.rowCount, this.space)
    } catch (error) {
      if (!this.isOfRows(error)) throw error
      return this.byHalves(block)
    }
  }

  private byHalves(block: Block): Vector {
    const { rowCount } = block
    const { space } = this
    if (rowCount === 0) throw this.failure // it fails without a row
    if (rowCount === 1) {
      this.type ??= this.tried(rowsOf(block, space.account.u32(0), space)).type
      return defaultRows(this.type, 1, space.account)
    }
    const all = allRows(rowCount, space.account)
    const half = rowCount >> 1
    const pieces = [all.subarray(0, half), all.subarray(half)].map((rows) => this.tried(rowsOf(block, rows, space)))
    return concatVectors(pieces, pieces[0].type, space.account)
  }
}

/** The first row of each kind of rows that are alike, and each row's kind; null: by such values rows can't be
 * compared. */
function kindsOfRows({ columns, rowCount }: Block, space: EncodeSpace): { readonly firsts: Uint32Array; readonly kindOf: Uint32Array } | null {
  const isComparable = (vector: Vector): boolean => (vector.kind === 'tuple' ? vector.fields.every(isComparable) : vector.kind !== 'array')
  if (!columns.every(isComparable)) return null
  const words = keyWords(columns, rowCount, space)
  const rows = allRows(rowCount, space.account)
  sortRows(words, rows, space)
  const starts = groupStarts(words, rows, space)
  const firsts = space.account.u32(starts.length - 1)
  const kindOf = space.account.u32(rowCount)
  for (let kind = 0; kind < firsts.length; kind++) {
    firsts[kind] = rows[starts[kind]]
    for (let at = starts[kind]; at < starts[kind + 1]; at++) kindOf[rows[at]] = kind
  }
  return { firsts, kindOf }
}

/** These rows of a block. */
const rowsOf = ({ columns }: Block, rows: Uint32Array, space: EncodeSpace): Block => ({
  rowCount: rows.length,
  columns: columns.map((column) => {
    const own = column.isConst ? space.account.u32(rows.length).fill(0) : rows
    return taken(column, own, rows.length, space)
  }),
})

/** One value a row of all row sets, end to end, in the space's account. Throws what the expression says of a
 * row. */
export function evaluateKey(
  expression: string, table: TableMeta, sets: readonly RowSet[], compileKey: KeyCompiler,
  space: EncodeSpace,
): Vector {
  const plain = table.columns.find(({ name }) => name === expression)
  if (plain !== undefined) return tableColumn(plain, table, sets, compileKey, space)
  const { account, kernels } = space
  const used = columnsIn(expression, table)
  const types = used.map(({ name, type }) => ({ name, type: parseDataType(type) }))
  const scratch = new MemoryAccount(account.work, account.limitBytes)
  const pieces: Vector[] = []
  try {
    for (const set of sets) {
      for (let first = 0; first < set.blockCount; first += BLOCKS_A_COMPILE) {
        const evaluate = compileKey(expression, types, { account: scratch, kernels })
        const end = Math.min(set.blockCount, first + BLOCKS_A_COMPILE)
        for (let block = first; block < end; block++) {
          const rowCount = set.blockRows(block)
          const columns = used.map((column) => blockOf(set, block, column, table, compileKey, new EncodeSpace(scratch, kernels)))
          pieces.push(spreadOut(evaluate({ rowCount, columns }), rowCount, space))
        }
        scratch.releaseAll()
      }
    }
  } finally {
    scratch.releaseAll()
  }
  const whole = concatVectors(pieces, pieces[0].type, account)
  return whole
}

/** A column of a table's rows, end to end; where a set has none of it, its DEFAULT over the set's rows (of a row
 * over which that fails, the type's). */
export function tableColumn(
  column: ColumnSpec, table: TableMeta, sets: readonly RowSet[], compileKey: KeyCompiler, space: EncodeSpace,
): Vector {
  const text = defaultText(column)
  return readColumn(sets, column, space, text === null ? null
    : (set) => evaluatePlace(text, without(table, column), [set], compileKey, space))
}

/** One block of a column; its default where the row set has none. */
function blockOf(
  set: RowSet, block: number, column: ColumnSpec, table: TableMeta, compileKey: KeyCompiler, space: EncodeSpace,
): Vector {
  const reader = set.column(column.id)
  if (reader !== null) return reader.decode(block, space.account, null)
  const rowCount = set.blockRows(block)
  const text = defaultText(column)
  if (text === null) return readColumn([{ ...set, rowCount, blockCount: 1, blockRows: () => rowCount }], column, space)
  const others = without(table, column)
  const used = columnsIn(text, others)
  const evaluate = compileKey(text, used.map(({ name, type }) => ({ name, type: parseDataType(type) })), space)
  const columns = used.map((other) => blockOf(set, block, other, others, compileKey, space))
  return spreadOut(evaluate({ rowCount, columns }), rowCount, space)
}

/** A column's DEFAULT as its own type; null: it has none. */
function defaultText({ defaultExpr, type }: ColumnSpec): string | null {
  const text = type.replace(/[\\']/g, (byte) => `\\${byte}`)
  return defaultExpr === null ? null : `CAST((${defaultExpr}), '${text}')`
}

/** The table as the DEFAULT of a column sees it: one that leads back to its column has no value there. */
const without = (table: TableMeta, { id }: ColumnSpec): TableMeta =>
  ({ ...table, columns: table.columns.filter((one) => one.id !== id) })

const STRING = /'(?:[^'\\]|\\.|'')*'/g

/** Whether a rewrite leaves a column out, and queries go on showing its DEFAULT: no set has it. */
export const isLeftOut = ({ id, defaultExpr }: ColumnSpec, sets: readonly RowSet[]): boolean =>
  defaultExpr !== null && sets.length > 0 && sets.every((set) => set.column(id) === null)

/** A copy that outlives the scratch it came from: constants spread out, codes as their strings. */
export function spreadOut(vector: Vector, rowCount: number, space: TakeSpace): Vector {
  const { account } = space
  const rows = account.u32(BLOCK_ROWS_MAX)
  space.kernels.stepWords(vector.isConst ? 0 : 1, rowCount, rows.byteOffset)
  const copy = taken(vector, rows, rowCount, space)
  account.free(rows.byteOffset)
  return copy
}

/** These rows of a vector, codes as their strings. */
const taken = (vector: Vector, rows: Uint32Array, rowCount: number, space: TakeSpace): Vector =>
  (vector.kind === 'codes' ? textOf(vector, rows, rowCount, space.account) : takeRows(vector, rows, rowCount, space))

function textOf(
  vector: Vector & { kind: 'codes' }, rows: Uint32Array, rowCount: number, account: MemoryAccount,
): Vector {
  const { codes, dictionary, type } = vector
  const offsets = account.u32(rowCount + 1)
  offsets[0] = 0
  for (let row = 0; row < rowCount; row++) {
    offsets[row + 1] = offsets[row] + dictionary.lengthOf(codes[rows[row]])
  }
  const bytes = account.u8(offsets[rowCount])
  for (let row = 0; row < rowCount; row++) {
    bytes.set(dictionary.bytesOf(codes[rows[row]]), offsets[row])
  }
  const nulls = vector.nulls === null ? null : account.u8(rowCount)
  nulls?.forEach((_, row) => { nulls[row] = (vector.nulls as Uint8Array)[rows[row]] })
  return { kind: 'bytes', type, length: rowCount, isConst: false, nulls, offsets, bytes }
}
