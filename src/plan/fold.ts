// Values of constant expressions that the plan itself needs: a precision, a time zone, LIMIT 5 * 2,
// an item of an IN list. Everything else that is constant is computed when the query runs.
// Invariant: reading a value consumes the slots that it came from.

import { parseDataType } from '../../storage/column/parse-type.ts'
import { bareType } from '../../storage/column/data-type.ts'
import type { Analysis } from './analysis.ts'
import { exactNumber } from './literals.ts'
import type { Value } from './plan.ts'
import type { Resolved } from './resolved.ts'
import { convertValue } from './values.ts'

/** The value of a constant; undefined where it is none, or not one that the analyzer can compute. */
export function foldValue(analysis: Analysis, expr: Resolved): Value | undefined {
  if (expr.kind === 'literal') {
    analysis.slots.consume(expr.source)
    return expr.value
  }
  if (expr.kind !== 'call' || expr.isVolatile) return undefined
  const values = expr.args.map((arg) => foldValue(analysis, arg))
  if (values.some((value) => value === undefined)) return undefined
  return computed(expr.name, values as Value[], expr)
}

type Call = Extract<Resolved, { kind: 'call' }>

function computed(name: string, values: readonly Value[], expr: Call): Value | undefined {
  switch (name) {
    case 'array': case 'tuple': return values
    case 'negate': case 'plus': case 'minus': case 'multiply': return arithmetic(name, values, expr)
    case 'CAST': return typeof values[1] === 'string'
      ? converted(values[0], values[1]) : undefined
    case 'toDate': case 'toDateTime': case 'toString':
      // A text to a date; numbers to dates have rules of their own.
      return typeof values[0] === 'string' && values.length === 1
        ? converted(values[0], bareType(expr.type).name) : undefined
    default: return CASTS.test(name) && values.length === 1
      ? converted(values[0], bareType(expr.type).name) : undefined
  }
}

const CASTS = /^to(U?Int(8|16|32|64)|Float(32|64))$/

/** An unreadable text stays for the run, which says it better. */
function converted(value: Value, type: string): Value | undefined {
  try {
    return convertValue(value, parseDataType(type))
  } catch {
    return undefined
  }
}

function arithmetic(name: string, values: readonly Value[], expr: Call): Value | undefined {
  if (!/^(U?Int|Float64)/.test(expr.type.id)) return undefined
  if (expr.type.id === 'Float64') {
    const [a, b] = values.map(Number)
    return name === 'negate' ? -a : name === 'plus' ? a + b : name === 'minus' ? a - b : a * b
  }
  if (!values.every((value) => typeof value === 'number' || typeof value === 'bigint')) return undefined
  const [a, b = 0n] = values.map((value) => BigInt(value as number | bigint))
  return exactNumber(name === 'negate' ? -a : name === 'plus' ? a + b
    : name === 'minus' ? a - b : a * b)
}
