// Errors of the analyzer: one place for their sentences and codes, and the search for the name that
// was meant. Invariant: every error is a QueryError with the span of what is wrong.

import { FunctionError } from '../functions/function.ts'
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

/** Runs a type rule; what it throws becomes a QueryError at `span`. */
export function withSpan<T>(span: Span, rule: () => T): T {
  try {
    return rule()
  } catch (error) {
    if (error instanceof FunctionError) throw new QueryError(error.message, span, error.code)
    throw error
  }
}

/** The known name that is nearest in letters; null where none is near. */
export function nearestName(name: string, known: Iterable<string>): string | null {
  const wanted = name.toLowerCase()
  // A third of the letters may be wrong, as in most spelling helpers; short names need one match.
  let best = Math.max(1, Math.floor(wanted.length / 3)) + 1
  let nearest: string | null = null
  for (const candidate of known) {
    if (Math.abs(candidate.length - wanted.length) >= best) continue
    const distance = editDistance(wanted, candidate.toLowerCase(), best)
    if (distance < best) {
      best = distance
      nearest = candidate
    }
  }
  return nearest
}

/** Levenshtein's distance by two rows; `limit` or more is answered as `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const swap = above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      row.push(Math.min(swap, above[j] + 1, row[j - 1] + 1))
    }
    if (Math.min(...row) >= limit) return limit
    above = row
  }
  return above[b.length]
}
