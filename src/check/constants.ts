// Constants that no row makes right: a regular expression that does not compile. A query says so when it comes to
// its first row, a check before.

import { FunctionError } from '../functions/values/function.ts'
import { compilePattern, PATTERN_AT } from '../functions/values/regexp.ts'
import { findFunction } from '../functions/registry.ts'
import { eachExprOf } from '../plan/compact.ts'
import { QueryError, type TypedExpr, type TypedPlan } from '../plan/plan.ts'

/** Calls of functions whose regular expression is written in the text and does not compile. */
export function wrongPatterns(plan: TypedPlan): readonly QueryError[] {
  const found = new Map<number, QueryError>()
  eachExprOf(plan, (expr) => {
    const error = expr.kind === 'call' ? patternError(expr) : null
    if (error !== null) found.set(error.at, error)
  })
  return [...found.values()]
}

function patternError({ name, args, span }: TypedExpr & { kind: 'call' }): QueryError | null {
  const at = PATTERN_AT[findFunction(name)?.name ?? '']
  for (const text of at === undefined ? [] : textsIn(args[at])) {
    try {
      compilePattern(text)
    } catch (error) {
      if (error instanceof FunctionError) return new QueryError(`${name}: ${error.message}`, span, error.code)
      throw error
    }
  }
  return null
}

/** Texts that are written in the statement; a parameter's value is not known yet. */
function textsIn(expr: TypedExpr | undefined): readonly string[] {
  if (expr?.kind === 'call') return expr.name === 'array' ? expr.args.flatMap(textsIn) : []
  if (expr?.kind !== 'literal' || expr.slot >= 0) return []
  return [expr.value].flat().filter((value) => typeof value === 'string')
}
