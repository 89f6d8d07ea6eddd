// What an expression becomes: a function of a block.

import type { Block, Vector } from '../../../storage/column/vector.ts'

/** Evaluates over a block. */
export type Evaluator = (block: Block) => Vector
