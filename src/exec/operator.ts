// What an operator is: blocks are pushed into it, and at the end it is told to finish. Streaming ones
// pass on what they make of a block; breakers keep state, and emit it when finished.
//
//   leaf (scan, generate, one) -> streaming ... -> breaker -> streaming -> breaker -> result
//
// In a parallel run every worker has the same operators. The breakers nearest to the leaves take in
// the blocks of that worker's morsels; their state goes to the coordinator, which merges and finishes.
// Invariant: a pushed block is the receiver's only until push() returns: it lies in scratch memory.

import type { Block } from '../../storage/column/vector.ts'

export interface Operator {
  push(block: Block): void
  /** No more blocks will come. */
  finish(): void
  /** True when further blocks change nothing: a LIMIT is full. */
  readonly isFull: boolean
}

/** An operator whose state can be joined with that of the same operator in another worker. */
export interface Breaker extends Operator {
  /** Plain data with typed arrays (block-codec.ts). */
  exportPartial(): unknown
  importPartial(partial: unknown): void
  /** One line for EXPLAIN, after the run: `aggregate 2 keys, 160 groups`. */
  describe(): string
}
