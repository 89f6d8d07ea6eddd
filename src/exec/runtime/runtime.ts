// What expressions and operators of one query see of their surroundings in one worker.

import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import type { Block } from '../../../storage/column/vector.ts'
import { QueryError, type TypedExpr } from '../../plan/plan.ts'
import type { Value } from '../../functions/values/value.ts'
import { NO_QUOTAS, type Quotas } from './quotas.ts'
import type { SetTable } from '../keys/set-table.ts'
import type { SharedStates } from './shared-states.ts'

/** The surroundings of a run. */
export type Runtime = {
  /** For what lives as long as the block in work. */
  readonly scratch: EvalContext
  /** For what lives as long as the query. */
  readonly durable: EvalContext
  /** Another account beside the query's, for what one operator makes and empties again; it goes with
   * the query, whatever happens. */
  readonly newScratch: () => MemoryAccount
  /** As newScratch, counted on the query's account: for what may be most of it. */
  readonly newPart: () => MemoryAccount
  /** Shared memory for states of very many groups; null: groups stay together. */
  readonly shared: SharedStates | null
  /** The query's own limits. */
  readonly quotas: Quotas
  /** This call's values of the plan's slots. */
  readonly slots: readonly Value[]
  /** Sets and scalars, known once their stages have run. */
  readonly setOf: (set: number) => SetTable
  readonly scalarOf: (scalar: number) => { readonly value: Value; readonly type: string }
}

/** For one expression outside of any query; one with a subquery is refused with `refusal`. */
export function runtimeAlone(context: EvalContext, refusal: string): Runtime {
  const none = (): never => { throw new QueryError(refusal, null, 'BAD_ARGUMENTS') }
  return {
    scratch: context, durable: context, quotas: NO_QUOTAS, slots: [], shared: null,
    newScratch: none, newPart: none, setOf: none, scalarOf: none,
  }
}

/** One row without columns: what constants are evaluated over. */
export const ONE_ROW: Block = { rowCount: 1, columns: [] }

/** The value of a literal in this call. */
export const literalValue = (
  literal: Extract<TypedExpr, { kind: 'literal' }>, slots: readonly Value[]): Value =>
  (literal.slot >= 0 ? slots[literal.slot] : literal.value)

/** The value of a count (LIMIT) in this call; null: no limit. */
export function countValue(
  count: { readonly value: number; readonly slot: number } | null, slots: readonly Value[],
): number {
  return count === null ? Number.POSITIVE_INFINITY : Math.max(0, signedCount(count, slots))
}

/** As countValue, of a count that may be from the end: below 0. */
export const signedCount = (
  count: { readonly value: number; readonly slot: number }, slots: readonly Value[],
): number => Number(count.slot >= 0 ? slots[count.slot] : count.value)
