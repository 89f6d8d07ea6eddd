// Functions and aggregates by name. The analyzer finds them here and puts canonical names into the
// plan; the executor finds them again by those.
// Invariant: a canonical name is found by itself; case matters unless the record says otherwise.

import { ARITHMETIC } from './arithmetic.ts'
import { AGGREGATES } from './aggregates.ts'
import { ARRAYS } from './arrays.ts'
import { COMBINATORS } from './combinators.ts'
import { COMPARISON } from './comparison.ts'
import { CONDITIONAL } from './conditional.ts'
import { CONVERSION } from './conversion.ts'
import { DATE_ARITHMETIC } from './date-arithmetic.ts'
import { DATE_PARTS } from './date-parts.ts'
import { DATE_TEXT } from './date-text.ts'
import { DEFAULTS } from './defaults.ts'
import type { AggregateDef, FunctionDef } from './function.ts'
import { HIGHER_ORDER } from './higher-order.ts'
import { JSON_FUNCTIONS } from './json.ts'
import { LOGICAL } from './logical.ts'
import { MATH } from './math.ts'
import { STATE_FUNCTIONS } from './state-functions.ts'
import { STRING_SEARCH } from './string-search.ts'
import { STRINGS } from './strings.ts'
import { TUPLES_MAPS } from './tuples-maps.ts'
import { URLS } from './urls.ts'

const FAMILIES: readonly (readonly FunctionDef[])[] = [
  ARITHMETIC, COMPARISON, LOGICAL, CONDITIONAL, CONVERSION, DATE_ARITHMETIC, DATE_PARTS, DATE_TEXT,
  STRINGS, STRING_SEARCH, JSON_FUNCTIONS, MATH, ARRAYS, HIGHER_ORDER, TUPLES_MAPS, URLS, DEFAULTS,
  STATE_FUNCTIONS,
]

type Named = {
  readonly name: string; readonly aliases?: readonly string[]; readonly isCaseInsensitive?: boolean
}

/** Names to records: exact ones, and in lower case those for which case does not matter. */
class NameTable<T extends Named> {
  private readonly exact = new Map<string, T>()
  private readonly folded = new Map<string, T>()

  constructor(defs: readonly T[]) {
    for (const def of defs) {
      for (const name of [def.name, ...(def.aliases ?? [])]) {
        if (!this.exact.has(name)) this.exact.set(name, def)
        if (def.isCaseInsensitive) this.folded.set(name.toLowerCase(), def)
      }
    }
  }

  find(name: string): T | null {
    return this.exact.get(name) ?? this.folded.get(name.toLowerCase()) ?? null
  }

  names(): string[] {
    return [...this.exact.keys()]
  }
}

const functions = new NameTable(FAMILIES.flat())
const aggregates = new NameTable(AGGREGATES)

/** The function of a name or alias; null where there is none. */
export const findFunction = (name: string): FunctionDef | null => functions.find(name)

/** An aggregate and its combinators, innermost first: sumIf is sum with ['If']. */
export type FoundAggregate = { readonly def: AggregateDef; readonly combinators: readonly string[] }

/** The aggregate of a name such as `sum`, `sumIf`; null where there is none. */
export function findAggregate(name: string): FoundAggregate | null {
  const def = aggregates.find(name)
  if (def !== null) return { def, combinators: [] }
  for (const suffix of COMBINATORS) {
    if (!name.endsWith(suffix) || name.length === suffix.length) continue
    const inner = findAggregate(name.slice(0, -suffix.length))
    if (inner !== null) return { def: inner.def, combinators: [...inner.combinators, suffix] }
  }
  return null
}

/** Every name that findFunction and findAggregate know, for suggestions. */
export const functionNames = (): readonly string[] =>
  [...functions.names(), ...aggregates.names()]
