// `*`, `t.*`, COLUMNS(...) and their EXCEPT, REPLACE and APPLY, expanded into plain expressions:
// one identifier per column that means that column even where an alias has its name.

import type {
  ApplyTransformer, Asterisk, ColumnsMatcher, ColumnTransformer, Expression,
} from '../sql/ast.ts'
import { unknownName } from './errors.ts'
import { QueryError, type Span } from './plan.ts'
import type { Scope } from './scope.ts'

/** An expression to compute and what its column is called. */
export type Item = { readonly expr: Expression; readonly name: string }

/** Names an expression (names.ts, which itself expands the stars in a call's arguments). */
export type Naming = (expr: Expression, scope: Scope) => string

/** One item per column that the star stands for. */
export function expandStar(
  star: Asterisk | ColumnsMatcher, scope: Scope, nameOf: Naming,
): Item[] {
  const { columns, qualifiers } = scope.source
  const qualifier = star.qualifier.at(-1)
  if (qualifier !== undefined && !qualifiers.includes(qualifier)) {
    throw unknownName('table', qualifier, qualifiers, star, 'UNKNOWN_IDENTIFIER')
  }
  let items = columns.map(({ name }, index): Item => {
    const expr: Expression = { kind: 'identifier', parts: [name], at: star.at, end: star.end }
    scope.starColumns.set(expr, index)
    return { expr, name }
  })
  if (star.kind === 'columns') items = matching(star, items)
  if (items.length === 0) {
    throw new QueryError(star.kind === 'asterisk' ? '* needs a FROM: there are no columns'
      : 'COLUMNS matches no column', star, 'EMPTY_LIST_OF_COLUMNS_QUERIED')
  }
  for (const transformer of star.transformers) {
    items = transformed(items, transformer, scope, nameOf)
  }
  return items
}

function matching(star: ColumnsMatcher, items: readonly Item[]): Item[] {
  const { pattern } = star
  if (typeof pattern === 'string') {
    const regexp = regexpOf(pattern, star)
    return items.filter((item) => regexp.test(item.name))
  }
  return pattern.map((wanted) => {
    const name = wanted.kind === 'identifier' ? wanted.parts.join('.') : ''
    const item = items.find((candidate) => candidate.name === name)
    if (item === undefined) {
      const known = items.map((candidate) => candidate.name)
      throw unknownName('column', name, known, wanted, 'UNKNOWN_IDENTIFIER')
    }
    return item
  })
}

function regexpOf(pattern: string, at: { at: number; end: number }): RegExp {
  try {
    return new RegExp(pattern, 'u')
  } catch {
    throw new QueryError(`Cannot read the regular expression '${pattern}'`, at,
      'CANNOT_COMPILE_REGEXP')
  }
}

function transformed(
  items: Item[], transformer: ColumnTransformer, scope: Scope, nameOf: Naming,
): Item[] {
  switch (transformer.kind) {
    case 'except': {
      const { columns } = transformer
      const isLeftOut = typeof columns === 'string'
        ? (name: string) => regexpOf(columns, transformer).test(name)
        : (name: string) => columns.includes(name)
      if (transformer.strict && typeof columns !== 'string') {
        checkAll(columns, items, transformer)
      }
      return items.filter((item) => !isLeftOut(item.name))
    }
    case 'replace':
      if (transformer.strict) {
        checkAll(transformer.items.map(({ name }) => name), items, transformer)
      }
      return items.map((item) => {
        const replaced = transformer.items.find(({ name }) => name === item.name)
        return replaced === undefined ? item : { expr: replaced.expr, name: item.name }
      })
    case 'apply': return items.map((item) => applied(item, transformer, scope, nameOf))
    default: return transformer satisfies never
  }
}

function checkAll(names: readonly string[], items: readonly Item[], span: Span): void {
  const known = items.map((item) => item.name)
  for (const name of names) {
    if (!known.includes(name)) throw unknownName('column', name, known, span, 'UNKNOWN_IDENTIFIER')
  }
}

function applied(
  item: Item, { apply, prefix, at, end }: ApplyTransformer, scope: Scope, nameOf: Naming,
): Item {
  let expr: Expression
  if ('kind' in apply) {
    expr = substituted(apply.body, apply.params[0], item.expr)
  } else {
    expr = {
      kind: 'call', name: apply.name, form: 'call', args: [item.expr],
      params: apply.params.length === 0 ? null : apply.params, at, end,
    }
  }
  return { expr, name: prefix === undefined ? nameOf(expr, scope) : `${prefix}${item.name}` }
}

/** `body` with the parameter's name replaced; the syntax tree is plain data, so any field may hold
 * an expression. */
function substituted(body: Expression, name: string, by: Expression): Expression {
  const visit = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(visit)
    if (typeof node !== 'object' || node === null) return node
    const expr = node as Expression
    if (expr.kind === 'identifier' && expr.parts.length === 1 && expr.parts[0] === name) return by
    if (expr.kind === 'lambda' && expr.params.includes(name)) return node
    return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, visit(value)]))
  }
  return visit(body) as Expression
}
