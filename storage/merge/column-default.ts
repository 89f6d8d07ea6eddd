// DEFAULT of a column that some rows were written before: what a rewrite stores of them must be what a
// query has shown of them until then.
//
//   no set has the column   -> it is left out, and queries go on showing the default
//   some sets have it       -> the others' rows get the default's value
//
// Invariant: as in a scan, a default made of other columns counts for new rows only: older ones have the
// type's default.

import type { EncodeSpace } from '../codec/space.ts'
import type { Vector } from '../column/vector.ts'
import type { ColumnSpec, TableMeta } from '../face.ts'
import type { RowSet } from '../part/row-set.ts'
import { columnsIn, evaluateKey, type KeyCompiler } from './keys.ts'

const STRING = /'(?:[^'\\]|\\.|'')*'/g

/** Whether a rewrite leaves a column out. */
export const isLeftOut = ({ id, defaultExpr }: ColumnSpec, sets: readonly RowSet[]): boolean =>
  defaultExpr !== null && sets.length > 0 && sets.every((set) => set.column(id) === null)

/** Makes the column's rows of a set that has none of it; null: they have the type's default. */
export function defaultFiller(
  { defaultExpr, type }: ColumnSpec, table: TableMeta, nowMs: number, compileKey: KeyCompiler, space: EncodeSpace,
): ((set: RowSet) => Vector) | null {
  if (defaultExpr === null || columnsIn(defaultExpr.replace(STRING, ''), table).length > 0) return null
  const text = type.replace(/[\\']/g, (byte) => `\\${byte}`)
  const compile: KeyCompiler = (expression, columns, context) => compileKey(expression, columns, { ...context, nowMs })
  return (set) => evaluateKey(`CAST((${defaultExpr}), '${text}')`, { ...table, columns: [] }, [set], compile, space)
}
