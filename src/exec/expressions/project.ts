// Expressions over each row: the SELECT list, arguments and keys of an aggregation.

import type { Block } from '../../../storage/column/vector.ts'
import type { Evaluator } from './evaluator.ts'
import type { Operator } from '../runtime/operator.ts'

export class ProjectOperator implements Operator {
  private readonly evaluators: readonly Evaluator[]
  private readonly next: Operator

  constructor(evaluators: readonly Evaluator[], next: Operator) {
    this.evaluators = evaluators
    this.next = next
  }

  get isFull(): boolean { return this.next.isFull }

  push(block: Block): void {
    this.next.push({
      rowCount: block.rowCount, columns: this.evaluators.map((evaluate) => evaluate(block)), joint: block.joint,
    })
  }

  finish(): void { this.next.finish() }
}
