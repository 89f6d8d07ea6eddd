// Resolved expressions to TypedExpr, the form that runs: columns get the numbers of the operator
// below, aggregates and group keys become columns, lambdas get their captures.
// Invariant: what is left of the syntax is spans.

import type { Analysis } from './analysis.ts'
import type { TypedExpr } from './plan.ts'
import { QueryError } from './plan.ts'
import type { LambdaExpr, Resolved } from './resolved.ts'

/** What an expression is as a column of the rows below; null: it must be computed. */
export type Leaf = (expr: Resolved) => TypedExpr | null

/** Columns of FROM, numbered as they are. */
export const sourceLeaf: Leaf = (expr) =>
  expr.kind === 'column' ? { kind: 'column', index: expr.index, type: expr.type.name } : null

export function lower(analysis: Analysis, expr: Resolved, leaf: Leaf): TypedExpr {
  const known = leaf(expr)
  if (known !== null) return known
  const all = (exprs: readonly Resolved[]) => exprs.map((part) => lower(analysis, part, leaf))
  switch (expr.kind) {
    case 'literal': {
      let { slot } = expr
      if (slot < 0 && expr.source >= 0) {
        // A text stays a text whatever it says, a number of a declared type one of that type; other numbers'
        // types depend on their values.
        const isOfType = expr.type.id === 'String' || expr.type.name === analysis.slots.infos[expr.source].type
        if (isOfType) slot = analysis.slots.use(expr.source, expr.type)
        else analysis.slots.consume(expr.source)
      }
      return { kind: 'literal', value: expr.value, type: expr.type.name, slot }
    }
    case 'call':
      return {
        kind: 'call', name: expr.name, args: all(expr.args), type: expr.type.name,
        span: { at: expr.span.at, end: expr.span.end },
      }
    case 'in':
      return {
        kind: 'in', exprs: all(expr.exprs), set: expr.set, negated: expr.negated,
        type: expr.type.name, span: { at: expr.span.at, end: expr.span.end },
      }
    case 'scalar': return { kind: 'scalar', scalar: expr.scalar, type: expr.type.name }
    case 'lambda': return lowerLambda(analysis, expr, leaf)
    case 'aggregate':
      throw new QueryError(`Aggregate function ${expr.text} cannot stand here`, expr.span,
        'ILLEGAL_AGGREGATION')
    case 'correlated':
      throw new QueryError('A correlated subquery, or joinGet, cannot stand here', expr.span, 'NOT_IMPLEMENTED')
    case 'grouping':
      throw new QueryError('grouping() needs GROUP BY, with its arguments among the keys', expr.span,
        'BAD_ARGUMENTS')
    case 'arrayJoin':
      throw new QueryError('arrayJoin cannot stand here', expr.span, 'UNSUPPORTED_METHOD')
    case 'window':
      throw new QueryError(`Window function ${expr.text} cannot stand here`, expr.span,
        'ILLEGAL_AGGREGATION')
    case 'column':
      throw new QueryError(`Column '${expr.name}' is not under an aggregate function and not in `
        + 'GROUP BY', expr.span, 'NOT_AN_AGGREGATE')
    case 'parameter': throw new Error('plan: a lambda\'s parameter outside of its lambda')
    default: return expr satisfies never
  }
}

/** Columns of a body: its captures, then its parameters. How many captures there are is known only
 * at the end, so parameters stand as -1 - position until then. */
function lowerLambda(analysis: Analysis, lambda: LambdaExpr, leaf: Leaf): TypedExpr {
  const captures: TypedExpr[] = []
  const numbers = new Map<number, number>()
  const inner: Leaf = (expr) => {
    if (expr.kind === 'parameter' && expr.lambda === lambda.id) {
      return { kind: 'column', index: -1 - expr.position, type: expr.type.name }
    }
    const outer = leaf(expr)
    if (outer === null || outer.kind !== 'column') return outer
    let number = numbers.get(outer.index)
    if (number === undefined) {
      number = captures.push(outer) - 1
      numbers.set(outer.index, number)
    }
    return { kind: 'column', index: number, type: outer.type }
  }
  const body = mapColumns(lower(analysis, lambda.body, inner), (index) =>
    (index < 0 ? captures.length - 1 - index : index))
  return {
    kind: 'lambda', parameterCount: lambda.parameterCount, captures, body, type: lambda.type.name,
  }
}

/** The same expression over rows whose columns are numbered otherwise. A lambda's body has numbers
 * of its own: only its captures change. */
export const mapColumns = (expr: TypedExpr, map: (index: number) => number): TypedExpr =>
  substitute(expr, (index, type) => ({ kind: 'column', index: map(index), type }))

/** The same expression with other expressions in place of its columns. */
export function substitute(
  expr: TypedExpr, by: (index: number, type: string) => TypedExpr,
): TypedExpr {
  switch (expr.kind) {
    case 'column': return by(expr.index, expr.type)
    case 'call': return { ...expr, args: expr.args.map((arg) => substitute(arg, by)) }
    case 'in': return { ...expr, exprs: expr.exprs.map((part) => substitute(part, by)) }
    case 'lambda': return { ...expr, captures: expr.captures.map((part) => substitute(part, by)) }
    default: return expr
  }
}

/** Adds the numbers of the columns that an expression reads. */
export function columnsOf(expr: TypedExpr, into: Set<number>): Set<number> {
  if (expr.kind === 'column') into.add(expr.index)
  const below = expr.kind === 'call' ? expr.args : expr.kind === 'in' ? expr.exprs
    : expr.kind === 'lambda' ? expr.captures : []
  for (const part of below) columnsOf(part, into)
  return into
}

