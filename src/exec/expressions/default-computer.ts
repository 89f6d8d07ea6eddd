// DEFAULTs of new rows that are no constants (`now()`, `lower(id)`), for ingestion: the parser, the
// analyzer and the functions that queries use, over the columns that ingestion has finished.

import { concatVectors, takeRows } from '../../../storage/codec/take.ts'
import { BLOCK_ROWS_MAX, type Vector } from '../../../storage/column/vector.ts'
import { spreadOut } from '../../../storage/merge/keys.ts'
import { analyzeExpression } from '../../plan/analyze.ts'
import { columnsOf } from '../../plan/lower.ts'
import { QueryError, type TypedExpr } from '../../plan/plan.ts'
import { parseExpression } from '../../sql/parse.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { compileExpression } from './expression.ts'
import { runtimeAlone } from '../runtime/runtime.ts'

export type DefaultColumn = {
  readonly name: string
  readonly type: string
  readonly defaultText: string | null
}

/** A DEFAULT, typed as its column; `used` are the columns that it reads, by number. */
type Known = { readonly expr: TypedExpr; readonly used: readonly number[] }

/** The DEFAULTs of one data source; each is analyzed once, when a row first needs it. */
export class DefaultComputer {
  private readonly columns: readonly DefaultColumn[]
  private readonly known: (Known | undefined)[] = []

  constructor(columns: readonly DefaultColumn[]) { this.columns = columns }

  /** Numbers of the columns that the DEFAULT of column `index` reads. Throws QueryError. */
  usesOf(index: number): readonly number[] { return this.typed(index).used }

  /** One value for each row that `rows` names, over finished columns. Throws when some row has none. */
  compute(
    index: number, rows: Uint32Array, vectors: readonly Vector[], context: EvalContext,
  ): Vector {
    const { expr, used } = this.typed(index)
    const evaluate = compileExpression(expr, runtimeAlone(context, 'A DEFAULT has no subqueries'))
    const pieces: Vector[] = []
    for (let from = 0; from < rows.length; from += BLOCK_ROWS_MAX) {
      const own = rows.subarray(from, Math.min(rows.length, from + BLOCK_ROWS_MAX))
      const columns = vectors.map((vector, column) => (
        used.includes(column) ? takeRows(vector, own, own.length, context) : vector))
      pieces.push(spreadOut(evaluate({ rowCount: own.length, columns }), own.length, context))
    }
    return concatVectors(pieces, pieces[0].type, context.account)
  }

  private typed(index: number): Known {
    const { name, type, defaultText } = this.columns[index]
    return this.known[index] ??= namingColumn(name, () => {
      const expr = analyzeExpression(parseExpression(defaultText ?? ''), this.columns, type)
      return { expr, used: [...columnsOf(expr, new Set())] }
    })
  }
}

function namingColumn<T>(name: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new QueryError(`DEFAULT of column '${name}': ${error.message}`, null, 'BAD_ARGUMENTS')
  }
}
