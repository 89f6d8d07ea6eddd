// Errors of the analyzer: one place for their sentences and codes, and the search for the name that
// was meant. Invariant: every error is a QueryError with the span of what is wrong.

import { DYNAMIC, type DataType } from '../../storage/column/data-type.ts'
import { DataTypeError } from '../../storage/column/parse-type.ts'
import { FunctionError } from '../functions/values/function.ts'
import { nearestName } from '../sql/suggest.ts'
import { QueryError, type Span } from './plan.ts'

/** What ClickHouse has and Pipit does not have yet. */
export const notYet = (what: string, span: Span): QueryError =>
  new QueryError(`not supported yet: ${what}`, span, 'NOT_IMPLEMENTED')

/** `Unknown column 'usr_id'. Did you mean 'user_id'?` */
export function unknownName(
  what: string, name: string, known: Iterable<string>, span: Span, code: string,
): QueryError {
  const near = nearestName(name, known)
  const hint = near === null ? '' : `. Did you mean '${near}'?`
  return new QueryError(`Unknown ${what} '${name}'${hint}`, span, code)
}

/** Values of a JSON path without a type are of no one type: they are no keys. */
export function refuseDynamic({ type }: { readonly type: DataType }, clause: string, span: Span): void {
  if (type !== DYNAMIC) return
  throw new QueryError(`A JSON path without a type cannot stand in ${clause}: write its type, such as j.a::String`, span,
    'ILLEGAL_COLUMN')
}

/** Runs a type rule; what it throws becomes a QueryError at `span`. */
export function withSpan<T>(span: Span, rule: () => T): T {
  try {
    return rule()
  } catch (error) {
    if (error instanceof FunctionError) throw new QueryError(error.message, span, error.code)
    if (error instanceof DataTypeError) throw new QueryError(error.message, span, 'UNKNOWN_TYPE')
    throw error
  }
}
