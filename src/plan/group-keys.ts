// What the keys of a GROUP BY are once ClickHouse has rewritten them: a written tuple is its elements, and
// in ROLLUP, CUBE and GROUPING SETS, where two keys that mean the same are one, a choice by a constant is
// what it chooses. Invariant: a key and what it becomes have the same type and values.

import { isNullable, STRING } from '../../storage/column/data-type.ts'
import type { Analysis } from './analysis.ts'
import { typedCall } from './calls.ts'
import { foldValue } from './fold.ts'
import { constant, findIn, keyOf, type Call, type Resolved } from './resolved.ts'

/** `GROUP BY (a, b)` groups by a and b, of which the rest of the query may speak. */
export const elementsOf = (key: Resolved): readonly Resolved[] =>
  key.kind === 'call' && key.name === 'tuple' ? key.args : [key]

/** The key without what constants decide. Values of slots that decide are consumed. */
export function decidedKey(analysis: Analysis, key: Resolved): Resolved {
  if (key.kind !== 'call') return key
  const call: Call = { ...key, args: key.args.map((arg) => decidedKey(analysis, arg)) }
  const decided = decision(analysis, call)
  if (decided === null) return call
  return decided.type === key.type ? decided
    : typedCall(analysis, 'CAST', [decided, constant(key.type.name, STRING)], key.span)
}

/** What a call is whatever the row; null: nothing in particular. */
function decision(analysis: Analysis, { name, args }: Call): Resolved | null {
  if (name === 'isNull' || name === 'isNotNull') {
    return neverNull(args[0]) ? constant(name === 'isNull' ? 0 : 1) : null
  }
  if (name === 'and' && args.every((arg) => keyOf(arg, false) === keyOf(args[0], false))) {
    return args[0].type.name === 'UInt8' ? args[0] : null
  }
  const isChoice = name === 'if' || (name === 'multiIf' && args.length === 3)
  if (!isChoice || findIn(args[0], (part) => part.kind === 'call' && part.name === 'materialize') !== null) return null
  const condition = foldValue(analysis, args[0])
  if (typeof condition !== 'number' && typeof condition !== 'boolean') return null
  return Number(condition) === 0 ? args[2] : args[1]
}

const neverNull = ({ type }: Resolved): boolean => !isNullable(type) && !/^(Dynamic|Variant|JSON)/.test(type.name)
