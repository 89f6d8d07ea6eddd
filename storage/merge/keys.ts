// Values of a table's key expressions for the rows of several row sets. A plain column name is the
// column itself; other expressions are compiled by whoever knows SQL and run block by block.

import { concatVectors, takeRows, type TakeSpace } from '../codec/take.ts'
import { EncodeSpace } from '../codec/space.ts'
import type { DataType } from '../column/data-type.ts'
import { parseDataType } from '../column/parse-type.ts'
import { BLOCK_ROWS_MAX, type Block, type Vector } from '../column/vector.ts'
import type { ColumnSpec, TableMeta } from '../face.ts'
import type { Kernels } from '../kernels/load.ts'
import { MemoryAccount } from '../kernels/work-memory.ts'
import type { RowSet } from '../part/row-set.ts'
import { readColumn } from './read-column.ts'

/** A compiled expression over columns: one value a row, of at most BLOCK_ROWS_MAX rows. */
export type KeyExpression = (block: Block) => Vector

/** Compiles an expression of a table's definition; columns of the blocks are as in `columns`. What it
 * and its results need comes from `account`, and goes with it. */
export type KeyCompiler = (
  expression: string, columns: readonly { readonly name: string; readonly type: DataType }[],
  context: {
    readonly account: MemoryAccount; readonly kernels: Kernels
    /** What now() is; a table's keys have no use for it. */
    readonly nowMs?: number
  }) => KeyExpression

/** Blocks that share one compiled expression and its memory: compiling costs as much as a block. */
const BLOCKS_A_COMPILE = 16

/** Columns whose names stand in the text: the others are not read. */
export function columnsIn(expression: string, table: TableMeta): readonly ColumnSpec[] {
  const words = new Set(expression.match(/[A-Za-z_][A-Za-z0-9_]*|`[^`]+`|"[^"]+"/g)
    ?.map((word) => word.replace(/^[`"]|[`"]$/g, '')))
  return table.columns.filter(({ name }) => words.has(name))
}

/** One value a row of all row sets, end to end, in the space's account. */
export function evaluateKey(
  expression: string, table: TableMeta, sets: readonly RowSet[], compileKey: KeyCompiler,
  space: EncodeSpace,
): Vector {
  const plain = table.columns.find(({ name }) => name === expression)
  if (plain !== undefined) return readColumn(sets, plain, space, defaultFiller(plain, table, compileKey, space))
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
          const columns = used.map((column) => blockOf(set, block, column, (own) =>
            defaultFiller(column, table, compileKey, own), new EncodeSpace(scratch, kernels)))
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

type Filler = ((set: RowSet) => Vector) | null

/** One block of a column; its default where the row set has none. */
function blockOf(
  set: RowSet, block: number, column: ColumnSpec, fillerIn: (space: EncodeSpace) => Filler, space: EncodeSpace,
): Vector {
  const reader = set.column(column.id)
  if (reader !== null) return reader.decode(block, space.account, null)
  const rows = set.blockRows(block)
  const alone = { ...set, rowCount: rows, blockCount: 1, blockRows: () => rows }
  return readColumn([alone], column, space, fillerIn(space))
}

/** Makes the rows of a column that some set has none of: what a scan shows of them. Null: they have the
 * type's default, as where the DEFAULT is made of other columns, which counts for new rows only. */
export function defaultFiller(
  { defaultExpr, type }: ColumnSpec, table: TableMeta, compileKey: KeyCompiler, space: EncodeSpace,
): Filler {
  if (defaultExpr === null || columnsIn(defaultExpr.replace(STRING, ''), table).length > 0) return null
  const text = type.replace(/[\\']/g, (byte) => `\\${byte}`)
  return (set) => evaluateKey(`CAST((${defaultExpr}), '${text}')`, { ...table, columns: [] }, [set], compileKey, space)
}

const STRING = /'(?:[^'\\]|\\.|'')*'/g

/** Whether a rewrite leaves a column out, and queries go on showing its DEFAULT: no set has it. */
export const isLeftOut = ({ id, defaultExpr }: ColumnSpec, sets: readonly RowSet[]): boolean =>
  defaultExpr !== null && sets.length > 0 && sets.every((set) => set.column(id) === null)

/** A copy that outlives the scratch it came from: constants spread out, codes as their strings. */
export function spreadOut(vector: Vector, rowCount: number, space: TakeSpace): Vector {
  const { account } = space
  const rows = account.u32(BLOCK_ROWS_MAX)
  for (let row = 0; row < rowCount; row++) rows[row] = vector.isConst ? 0 : row
  const copy = vector.kind === 'codes' ? textOf(vector, rows, rowCount, account)
    : takeRows(vector, rows, rowCount, space)
  account.free(rows.byteOffset)
  return copy
}

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
