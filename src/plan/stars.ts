// `*`, `t.*`, COLUMNS(...) and their EXCEPT, REPLACE and APPLY, expanded into plain expressions:
// one identifier per column that means that column even where an alias has its name.

import type {
  ApplyTransformer, Asterisk, ColumnsMatcher, ColumnTransformer, Expression, FunctionCall,
} from '../sql/ast.ts'
import { bareType } from '../../storage/column/data-type.ts'
import { unknownName } from './errors.ts'
import { QueryError, type Span } from './plan.ts'
import type { Scope } from './scope.ts'

/** An expression to compute and what its column is called. */
export type Item = { readonly expr: Expression; readonly name: string }

/** An item of a star: also the name of the column itself, which EXCEPT, REPLACE and COLUMNS mean; null behind APPLY,
 * which leaves no column for them to find. */
type StarItem = Item & { readonly column: string | null }
type ColumnItem = Item & { readonly column: string }

/** Names an expression (names.ts, which itself expands the stars in a call's arguments). */
export type Naming = (expr: Expression, scope: Scope) => string

/** One item per column that the star stands for. */
export function expandStar(
  star: Asterisk | ColumnsMatcher, scope: Scope, nameOf: Naming,
): Item[] {
  const columns = ofTuple(star, scope) ?? chosenColumns(star, scope)
  let items: StarItem[] = star.kind === 'columns' ? matching(star, columns) : columns
  if (items.length === 0) {
    throw new QueryError(star.kind === 'asterisk' ? '* needs a FROM: there are no columns'
      : 'COLUMNS matches no column', star, 'EMPTY_LIST_OF_COLUMNS_QUERIED')
  }
  for (const transformer of star.transformers) {
    items = transformed(items, transformer, scope, nameOf)
  }
  return items
}

/** `t.*` of a column or alias that is a tuple: its elements; null: t is none. */
function ofTuple(star: Asterisk | ColumnsMatcher, scope: Scope): ColumnItem[] | null {
  const [name] = star.qualifier
  if (star.kind === 'columns' || star.qualifier.length !== 1 || scope.typeOf === null
    || scope.source.tables.some((names) => names.includes(name))) return null
  if (!scope.aliases.has(name) && scope.findColumn([name]) === null) return null
  const tuple: Expression = { kind: 'identifier', parts: [name], at: star.at, end: star.end }
  const type = bareType(scope.typeOf(tuple))
  if (type.id !== 'Tuple') return null
  return type.args.map((_, i) => {
    const element = type.names?.[i] ?? String(i + 1)
    const expr: Expression = { kind: 'identifier', parts: [name, element], at: star.at, end: star.end }
    return { expr, name: `${name}.${element}`, column: element }
  })
}

/** untuple(t): a column for each element. */
export function untupled(call: FunctionCall, scope: Scope, nameOf: Naming): Item[] {
  const [tuple] = call.args
  const type = call.args.length === 1 && scope.typeOf !== null ? bareType(scope.typeOf(tuple)) : null
  if (type?.id !== 'Tuple') {
    throw new QueryError('Function untuple takes one tuple', call, 'UNSUPPORTED_METHOD')
  }
  const { at, end } = call
  return type.args.map((_, i) => {
    const name = type.names?.[i]
    const key: Expression = name === undefined
      ? { kind: 'literal', type: 'number', text: String(i + 1), at, end }
      : { kind: 'literal', type: 'string', value: name, at, end }
    const expr: FunctionCall =
      { kind: 'call', name: 'tupleElement', form: 'call', args: [tuple, key], params: null, at, end }
    const element = name ?? String(i + 1)
    const named: Expression = { ...expr, args: [tuple, { kind: 'literal', type: 'string', value: element, at, end }] }
    return {
      expr, name: call.alias === undefined ? nameOf(named, scope) : `${call.alias}.${element}`,
    }
  })
}

/** Columns of all tables, those of USING once and first; of one table all of its own. */
function chosenColumns(star: Asterisk | ColumnsMatcher, scope: Scope): ColumnItem[] {
  const { columns, tables } = scope.source
  const qualifier = star.qualifier.at(-1)
  if (qualifier !== undefined && !tables.some((names) => names.includes(qualifier))) {
    throw unknownName('table', qualifier, tables.flat(), star, 'UNKNOWN_IDENTIFIER')
  }
  return columns.flatMap(({ name, table, isMerged, isOutsideStar }, index): ColumnItem[] => {
    const isChosen = qualifier === undefined ? isMerged !== true && isOutsideStar !== true
      : tables[table]?.includes(qualifier) === true
    if (!isChosen) return []
    const expr: Expression = { kind: 'identifier', parts: [name], at: star.at, end: star.end }
    scope.starColumns.set(expr, index)
    return [{ expr, name: scope.nameOfColumn(index, true), column: name }]
  })
}

function matching(star: ColumnsMatcher, items: readonly ColumnItem[]): ColumnItem[] {
  const { pattern } = star
  if (typeof pattern === 'string') {
    const regexp = regexpOf(pattern, star)
    return items.filter((item) => regexp.test(item.column))
  }
  return pattern.map((wanted) => {
    const name = wanted.kind === 'identifier' ? wanted.parts.join('.') : ''
    const item = items.find((candidate) => candidate.column === name)
    if (item === undefined) {
      const known = items.map((candidate) => candidate.column)
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
  items: StarItem[], transformer: ColumnTransformer, scope: Scope, nameOf: Naming,
): StarItem[] {
  switch (transformer.kind) {
    case 'except': {
      const { columns } = transformer
      const isLeftOut = typeof columns === 'string'
        ? (name: string) => regexpOf(columns, transformer).test(name)
        : (name: string) => columns.includes(name)
      if (transformer.strict && typeof columns !== 'string') {
        checkAll(columns, items, transformer)
      }
      return items.filter(({ column }) => column === null || !isLeftOut(column))
    }
    case 'replace':
      if (transformer.strict) {
        checkAll(transformer.items.map(({ name }) => name), items, transformer)
      }
      return items.map((item) => {
        const replaced = transformer.items.find(({ name }) => name === item.column)
        return replaced === undefined ? item
          : { expr: replaced.expr, name: replaced.name, column: replaced.name }
      })
    case 'apply': return items.map((item) => applied(item, transformer, scope, nameOf))
    default: return transformer satisfies never
  }
}

function checkAll(names: readonly string[], items: readonly StarItem[], span: Span): void {
  const known = items.flatMap(({ column }) => column ?? [])
  for (const name of names) {
    if (!known.includes(name)) throw unknownName('column', name, known, span, 'UNKNOWN_IDENTIFIER')
  }
}

function applied(
  item: StarItem, { apply, prefix, at, end }: ApplyTransformer, scope: Scope, nameOf: Naming,
): StarItem {
  let expr: Expression
  if ('kind' in apply) {
    expr = substituted(apply.body, apply.params[0], item.expr)
  } else {
    expr = {
      kind: 'call', name: apply.name, form: 'call', args: [item.expr],
      params: apply.params.length === 0 ? null : apply.params, at, end,
    }
  }
  const name = prefix === undefined ? nameOf(expr, scope) : `${prefix}${item.name}`
  return { expr, name, column: null }
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
