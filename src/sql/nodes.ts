// Makers of syntax nodes, for the parser's rules and for whoever writes a piece of tree by hand.
// Invariant: every field of the node's type is set, so that two nodes of a kind have one shape.
import type {
  Expression, FunctionCall, Identifier, Interval, IntervalUnit, Literal, Query, SelectQuery, Span,
  StringLiteral, Subquery, TableExpression,
} from './ast.ts'

/** A call as `name(args)`. */
export function callOf(name: string, args: readonly Expression[], span: Span): FunctionCall {
  return { kind: 'call', name, form: 'call', args, params: null, at: span.at, end: span.end }
}

/** A call written as an operator. */
export function operatorOf(name: string, args: readonly Expression[], span: Span): FunctionCall {
  return { kind: 'call', name, form: 'operator', args, params: null, at: span.at, end: span.end }
}

export function numberOf(text: string, span: Span): Literal {
  return { kind: 'literal', type: 'number', text, at: span.at, end: span.end }
}

export function stringOf(value: string, span: Span): StringLiteral {
  return { kind: 'literal', type: 'string', value, at: span.at, end: span.end }
}

export function boolOf(value: boolean, span: Span): Literal {
  return { kind: 'literal', type: 'bool', value, at: span.at, end: span.end }
}

export function identifierOf(parts: readonly string[], span: Span): Identifier {
  return { kind: 'identifier', parts, at: span.at, end: span.end }
}

export function intervalOf(value: Expression, unit: IntervalUnit, span: Span): Interval {
  return { kind: 'interval', value, unit, at: span.at, end: span.end }
}

export function subqueryOf(query: Query, span: Span): Subquery {
  return { kind: 'subquery', query, at: span.at, end: span.end }
}

/** `SELECT item FROM from`, for what ClickHouse's parser rewrites into a query. */
export function selectOf(item: Expression, from: TableExpression, span: Span): SelectQuery {
  return {
    kind: 'select', with: [], recursive: false, distinct: false, distinctOn: null, select: [item],
    from, prewhere: null, where: null, groupBy: null, having: null, windows: [], qualify: null,
    orderBy: null, limitBy: null, limit: null, settings: [], at: span.at, end: span.end,
  }
}

/** `*` without qualifier or transformers. */
export function starOf(span: Span): Expression {
  return { kind: 'asterisk', qualifier: [], transformers: [], at: span.at, end: span.end }
}
