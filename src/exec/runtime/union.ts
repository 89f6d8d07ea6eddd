// UNION ALL: several inputs, one output, which is finished when the last input is; again, where all of them
// come again (passes.ts).

import type { Block } from '../../../storage/column/vector.ts'
import type { Operator } from './operator.ts'

export class UnionOperator implements Operator {
  private readonly inputCount: number
  private open: number
  private readonly next: Operator

  constructor(inputCount: number, next: Operator) {
    this.inputCount = this.open = inputCount
    this.next = next
  }

  get isFull(): boolean { return this.next.isFull }

  push(block: Block): void { this.next.push(block) }

  finish(): void {
    if (--this.open > 0) return
    this.open = this.inputCount
    this.next.finish()
  }
}
