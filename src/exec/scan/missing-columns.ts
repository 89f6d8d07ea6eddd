// Columns that rows are older than: their DEFAULT, computed over the rows that are read, as ClickHouse
// does it; without one the type's default.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { defaultVector } from '../../functions/values/values.ts'
import { asConst } from '../../functions/values/vectors.ts'
import { columnsOf } from '../../plan/lower.ts'
import type { PlanNode } from '../../plan/plan.ts'
import { keepVector } from '../blocks/block-codec.ts'
import { compileExpression, constantOf, isConstant } from '../expressions/expression.ts'
import type { Evaluator } from '../expressions/evaluator.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** How the columns of one scan come to rows that have them not. */
export class MissingColumns {
  private readonly node: Extract<PlanNode, { op: 'scan' }>
  private readonly types: readonly DataType[]
  private readonly runtime: Runtime
  /** One row of a column whose default is the same for all rows. */
  private readonly same: (Vector | undefined)[] = []
  private readonly compiled: ({ readonly evaluate: Evaluator; readonly used: readonly number[] } | undefined)[] = []
  /** Columns whose default is being computed. */
  private readonly open: number[] = []

  constructor(node: Extract<PlanNode, { op: 'scan' }>, types: readonly DataType[], runtime: Runtime) {
    this.node = node
    this.types = types
    this.runtime = runtime
  }

  /** The column for `rowCount` rows; `load`: another column of theirs. */
  of(column: number, rowCount: number, load: (column: number) => Vector): Vector {
    const expr = this.node.defaults[column] ?? null
    // A DEFAULT that leads back to its own column has no value to begin with.
    if (expr === null || isConstant(expr) || this.open.includes(column)) return asConst(this.sameOf(column), rowCount)
    this.open.push(column)
    try {
      const { evaluate, used } = this.compiled[column]
        ??= { evaluate: compileExpression(expr, this.runtime), used: [...columnsOf(expr, new Set())] }
      const columns: Vector[] = []
      for (const other of used) columns[other] = load(other)
      const made = evaluate({ rowCount, columns })
      return made.isConst ? asConst(made, rowCount) : made
    } finally {
      this.open.pop()
    }
  }

  private sameOf(column: number): Vector {
    const expr = this.node.defaults[column] ?? null
    const { account } = this.runtime.durable
    return this.same[column] ??= expr !== null && isConstant(expr)
      ? keepVector(constantOf(expr, this.runtime), account) : defaultVector(this.types[column], 1, account)
  }
}
