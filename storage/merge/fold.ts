// Rows that a merge makes one: values of one column folded group by group, as AggregatingMergeTree and
// SummingMergeTree ask. What a type's fold is, who knows SQL says; the store hands in the type's text.
// Invariant: folding folds again gives the fold of all rows, so segments can be merged in any order of
// neighbours.

import type { Vector } from '../column/vector.ts'
import type { Kernels } from '../kernels/load.ts'
import type { MemoryAccount } from '../kernels/work-memory.ts'

/** Folds the values of one column. Row r of `vector` belongs to group groups[r] in [0, groupCount);
 * value g of the result is that of all rows of group g, in the order in which they stand. */
export type ColumnFold = (vector: Vector, groups: Uint32Array, groupCount: number) => Vector

/** The fold of a type: AggregateFunction(...) merges states, SimpleAggregateFunction(f, T) aggregates
 * values with f. Null: values of the type do not fold. What it and its results need comes from
 * `account`, and goes with it. A sum of a plain column is
 * `SimpleAggregateFunction(sumWithOverflow, T)`. */
export type FoldCompiler = (
  type: string, context: { readonly account: MemoryAccount; readonly kernels: Kernels },
) => ColumnFold | null
