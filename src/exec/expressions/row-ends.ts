// When rows end: the TTL of a data source as queries ask it of every row (engine/sight.ts).
// Invariant: a row over which the TTL fails, or is 0, never ends, as in a merge (storage/merge/gone.ts): one such row
// must not keep a query from all others.

import { EncodeSpace } from '../../../storage/codec/space.ts'
import type { Block, Vector } from '../../../storage/column/vector.ts'
import { valuesOfFailed } from '../../../storage/merge/keys.ts'
import { FunctionError } from '../../functions/values/function.ts'
import { asBytes } from '../../functions/values/vectors.ts'
import { columnsOf } from '../../plan/lower.ts'
import { QueryError, type TypedExpr } from '../../plan/plan.ts'
import type { Evaluator } from './evaluator.ts'
import type { Runtime } from '../runtime/runtime.ts'

const isOfRows = (error: unknown): boolean => error instanceof QueryError || error instanceof FunctionError

/** An evaluator of `expr`, as `part` is, that gives its type's default for rows over which it fails. */
export function totalEvaluator(part: Evaluator, expr: TypedExpr, runtime: Runtime): Evaluator {
  const { account, kernels } = runtime.scratch
  // Rows are alike by the columns that the expression reads: there are no others where they are compared.
  const used = [...columnsOf(expr, new Set())]
  const overUsed = ({ rowCount, columns }: Block): Vector => {
    const all: Vector[] = []
    used.forEach((index, i) => { all[index] = columns[i] })
    return part({ rowCount, columns: all })
  }
  const space = new EncodeSpace(account, kernels)
  return (block) => {
    try {
      return part(block)
    } catch (error) {
      if (!isOfRows(error)) throw error
      // Texts, not codes: what of a dictionary is at hand here are its strings.
      const columns = used.map((index) => block.columns[index]).map((column) => (column.kind === 'codes' ? asBytes(column, account) : column))
      return valuesOfFailed(overUsed, { rowCount: block.rowCount, columns }, error, isOfRows, space)
    }
  }
}
