// Aggregates by name, with their combinators taken off.

import { AGGREGATES } from './aggregates.ts'
import { COMBINATORS } from './combinators.ts'
import type { AggregateDef } from '../values/function.ts'
import { NameTable } from '../base/name-table.ts'

const aggregates = new NameTable(AGGREGATES, (def) => def.isCaseInsensitive === true)

/** An aggregate and its combinators, innermost first: sumIf is sum with ['If']. */
export type FoundAggregate = { readonly def: AggregateDef; readonly combinators: readonly string[] }

/** Other names of aggregates with combinators. */
const COMBINED: ReadonlyMap<string, string> = new Map([
  ['array_concat_agg', 'groupArrayArray'], ['sumMapWithOverflow', 'sumWithOverflowMap'],
])

/** The aggregate of a name such as `sum`, `sumIf`; null where there is none. */
export function findAggregate(written: string): FoundAggregate | null {
  const name = COMBINED.get(written) ?? COMBINED.get(written.toLowerCase()) ?? written
  const def = aggregates.find(name)
  if (def !== null) return { def, combinators: [] }
  for (const suffix of COMBINATORS) {
    if (!name.endsWith(suffix) || name.length === suffix.length) continue
    const inner = findAggregate(name.slice(0, -suffix.length))
    if (inner !== null) return { def: inner.def, combinators: [...inner.combinators, suffix] }
  }
  return null
}

/** All aggregates without combinators, for documents and tests. */
export const aggregateDefs = (): readonly AggregateDef[] => aggregates.defs()

/** Every name without combinators, for suggestions. */
export const aggregateNames = (): readonly string[] => aggregates.names()
