// What an operator is: blocks are pushed into it, and at the end it is told to finish. Streaming ones
// pass on what they make of a block; breakers keep state, and emit it when finished.
//
//   leaf (scan, generate, one) -> streaming ... -> breaker -> streaming -> breaker -> result
//
// In a parallel run every worker has the same operators. The breakers nearest to the leaves take in
// the blocks of that worker's morsels; their state goes to the coordinator, which merges and finishes.
// Invariant: a pushed block is the receiver's only until push() returns: it lies in scratch memory.

import type { Block } from '../../../storage/column/vector.ts'
import type { Chunk } from './shared-states.ts'

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

/** A breaker whose state, once it has become much, lies in shared memory in parts that any worker can finish: a GROUP BY
 * of very many groups (shared-groups.ts), windows over many rows (window-parts.ts). */
export interface Mergeable extends Breaker {
  /** The state is shared out. */
  readonly isShared: boolean
  /** Where it lies in shared memory, which is not to be freed as long. */
  readonly chunks: readonly Chunk[]
  /** Parts are finished by morsels: finish() has nothing to do any more. */
  readonly isHandedOut: boolean
  /** From now on parts are finished by morsels; null: finish() does it all. */
  handOut(): Shares | null
  /** In another worker: the chunks of a query that somebody else coordinates. */
  takeOver(chunks: readonly Chunk[]): void
  /** Finishes parts `from` to `to`: their rows go on. In steps. */
  mergeParts(from: number, to: number): Generator<void>
  /** Groups or rows of the parts that were finished here, and of those that others have finished. */
  readonly mergedCount: number
  addMerged(count: number): void
}

/** Where parts lie, and which of them make a morsel each. */
export type Shares = { readonly chunks: readonly Chunk[]; readonly morsels: readonly (readonly [from: number, to: number])[] }

export const isMergeable = (breaker: Breaker): breaker is Mergeable => 'mergeParts' in breaker
