// WHERE and HAVING over blocks: rows for which every predicate holds.

import type { Block } from '../../../storage/column/vector.ts'
import type { Operator } from '../runtime/operator.ts'
import type { Predicate } from './predicate.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { takeRows } from './short-circuit.ts'

export class FilterOperator implements Operator {
  private readonly predicates: readonly Predicate[]
  private readonly next: Operator
  private readonly runtime: Runtime

  constructor(predicates: readonly Predicate[], next: Operator, runtime: Runtime) {
    this.predicates = predicates
    this.next = next
    this.runtime = runtime
  }

  get isFull(): boolean { return this.next.isFull }

  push(block: Block): void {
    let rest = block
    for (const predicate of this.predicates) {
      const rows = predicate.select(rest)
      if (rows === null) continue
      if (rows.length === 0) return
      rest = takeRows(rest, rows, this.runtime)
    }
    this.next.push(rest)
  }

  finish(): void { this.next.finish() }
}
