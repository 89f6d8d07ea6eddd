// When rows end: the TTL of a data source as queries ask it of every row (engine/sight.ts).
// Invariant: a row over which the TTL fails, or is 0, never ends, as in a merge (storage/merge/gone.ts): one such row
// must not keep a query from all others.

import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import { FunctionError } from '../functions/function.ts'
import { defaultVector } from '../functions/values.ts'
import { asBytes, pick } from '../functions/vectors.ts'
import { QueryError, type TypedExpr } from '../plan/plan.ts'
import type { Evaluator } from './expression.ts'
import type { Runtime } from './runtime.ts'
import { takeRows } from './short-circuit.ts'

/** An evaluator of an expression of this type that gives its default for rows over which `part` fails. */
export function totalEvaluator(part: Evaluator, expr: TypedExpr, runtime: Runtime): Evaluator {
  const type = parseDataType(expr.type)
  const { account } = runtime.scratch
  const evaluate = (block: Block): Vector => {
    try {
      return part(block)
    } catch (error) {
      if (!(error instanceof QueryError || error instanceof FunctionError) || block.rowCount === 0) throw error
      return block.rowCount === 1 ? defaultVector(type, 1, account) : byHalves(block)
    }
  }
  const byHalves = ({ rowCount, columns }: Block): Vector => {
    // As texts: results by dictionary code are not kept of what fails (memo.ts), and would be begun at each half.
    const block = { rowCount, columns: columns.map((column) => (column.kind === 'codes' ? asBytes(column, account) : column)) }
    const half = rowCount >> 1
    const [which, places] = [account.u8(rowCount).fill(1).fill(0, 0, half), account.u32(rowCount)]
    for (let row = 0; row < rowCount; row++) places[row] = row < half ? row : row - half
    const parts = [[0, half], [half, rowCount]].map(([from, to]) => {
      const rows = account.u32(to - from)
      for (let row = from; row < to; row++) rows[row - from] = row
      return evaluate(takeRows(block, rows, runtime))
    })
    return pick(parts, which, places, rowCount, type, account)
  }
  return evaluate
}
