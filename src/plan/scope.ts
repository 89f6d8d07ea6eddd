// What names mean inside one SELECT: columns of its FROM, aliases of its expressions, common table
// expressions, parameters of lambdas around. Invariant: an alias goes before a column, except
// inside of the alias' own expression (`toDate(ts) AS ts` reads the column).

import type { DataType } from '../../storage/column/data-type.ts'
import type { Expression, SelectQuery, WithQuery } from '../sql/ast.ts'
import type { Analysis } from './analysis.ts'
import { QueryError } from './plan.ts'
import type { Resolved } from './resolved.ts'

export type SourceColumn = { readonly name: string; readonly type: DataType }

/** The rows of FROM: columns, and the names that may stand before them (`t.a`). */
export type Source = {
  readonly columns: readonly SourceColumn[]
  readonly qualifiers: readonly string[]
}

export const NO_SOURCE: Source = { columns: [], qualifiers: [] }

/** Parameters of a lambda whose body is being resolved. */
export type LambdaFrame = {
  readonly id: number; readonly names: readonly string[]; readonly types: readonly DataType[]
}

export class Scope {
  readonly analysis: Analysis
  readonly parent: Scope | null
  source: Source = NO_SOURCE
  readonly ctes = new Map<string, WithQuery>()
  readonly aliases = new Map<string, Expression>()
  /** Aliases whose expression is being resolved. */
  readonly resolving = new Set<string>()
  /** Of those, the ones that were meant as columns since the innermost began: what was resolved
   * meanwhile holds only there. */
  asColumns = new Set<string>()
  readonly resolved = new Map<string, Resolved>()
  lambdas: readonly LambdaFrame[] = []
  /** Identifiers made for a star: they mean the column of this number, whatever aliases say. */
  readonly starColumns = new WeakMap<Expression, number>()

  constructor(analysis: Analysis, parent: Scope | null) {
    this.analysis = analysis
    this.parent = parent
  }

  /** Reads WITH and the aliases of all clauses. */
  readNames(query: SelectQuery): void {
    for (const item of query.with) {
      if (item.kind === 'query') this.ctes.set(item.name, item)
      else collectAliases(item.expr, this.aliases)
    }
    const clauses: (Expression | null)[] = [
      ...query.select, query.prewhere, query.where, query.having, query.qualify,
      ...(query.groupBy?.keys ?? []), ...(query.orderBy?.items.map((item) => item.expr) ?? []),
    ]
    for (const expr of clauses) if (expr !== null) collectAliases(expr, this.aliases)
  }

  /** The CTE of a name and the scope that declares it. */
  findCte(name: string): { readonly cte: WithQuery; readonly scope: Scope } | null {
    const cte = this.ctes.get(name)
    if (cte !== undefined) return { cte, scope: this }
    return this.parent?.findCte(name) ?? null
  }

  /** The column that `parts` begin with: its number, and how many parts named it. */
  findColumn(parts: readonly string[]): { readonly index: number; readonly used: number } | null {
    for (let skip = 0; skip < parts.length && skip <= 2; skip++) {
      if (skip > 0 && !this.source.qualifiers.includes(parts[skip - 1])) continue
      for (let end = parts.length; end > skip; end--) {
        // A column of a Nested or flattened JSON is called `a.b`.
        const name = parts.slice(skip, end).join('.')
        const index = this.source.columns.findIndex((column) => column.name === name)
        if (index >= 0) return { index, used: end }
      }
    }
    return null
  }

  /** Names to suggest from. */
  knownNames(): string[] {
    return [...this.source.columns.map((column) => column.name), ...this.aliases.keys(),
      ...this.lambdas.flatMap((frame) => frame.names)]
  }
}

/** Aliases anywhere in an expression, but not in its subqueries and lambdas: those are of their own
 * scope. */
export function collectAliases(expr: Expression, into: Map<string, Expression>): void {
  if (expr.alias !== undefined) {
    const other = into.get(expr.alias)
    if (other !== undefined && other !== expr && !isSameText(other, expr)) {
      throw new QueryError(`Two different expressions have the alias '${expr.alias}'`, expr,
        'MULTIPLE_EXPRESSIONS_FOR_ALIAS')
    }
    if (other === undefined) into.set(expr.alias, expr)
  }
  for (const child of syntaxChildren(expr)) collectAliases(child, into)
}

const POSITIONS: ReadonlySet<string> = new Set(['at', 'end', 'parens', 'typeAt'])

/** Equal but for where they stand. */
const isSameText = (a: Expression, b: Expression): boolean => {
  const plain = (expr: Expression) =>
    JSON.stringify(expr, (key, value: unknown) => (POSITIONS.has(key) ? undefined : value))
  return plain(a) === plain(b)
}

/** Expressions right below, without subqueries and lambdas' bodies. */
export function syntaxChildren(expr: Expression): readonly Expression[] {
  switch (expr.kind) {
    case 'call':
      return [...(expr.params ?? []), ...expr.args, ...(expr.filter ? [expr.filter] : [])]
    case 'array': case 'tuple': return expr.items
    case 'case':
      return [...(expr.operand ? [expr.operand] : []),
        ...expr.branches.flatMap(({ when, then }) => [when, then]),
        ...(expr.otherwise ? [expr.otherwise] : [])]
    case 'cast': return [expr.expr]
    case 'between': return [expr.expr, expr.low, expr.high]
    case 'in': return [expr.expr, expr.right]
    case 'interval': return [expr.value]
    default: return []
  }
}
