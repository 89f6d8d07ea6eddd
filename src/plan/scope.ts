// What names mean inside one SELECT: columns of its FROM, aliases of its expressions, common table
// expressions, parameters of lambdas around. Invariant: an alias goes before a column, except
// inside of the alias' own expression (`toDate(ts) AS ts` reads the column).

import type { DataType } from '../../storage/column/data-type.ts'
import type { Expression, Lambda, SelectQuery, WindowDefinition, WithQuery } from '../sql/ast.ts'
import type { Analysis } from './analysis.ts'
import { QueryError, type PlanNode } from './plan.ts'
import type { Resolved } from './resolved.ts'

export type SourceColumn = {
  readonly name: string; readonly type: DataType
  /** Number of its table in the source; NO_TABLE: a column of USING, of both tables. */
  readonly table: number
  /** Only `t.a` means it, because a column of USING stands for it. */
  readonly isMerged?: boolean
  /** Of these, one whose bare name means the other table's column: the left one of a RIGHT JOIN. */
  readonly isReplaced?: boolean
  /** `*` does not mean it: an alias of ARRAY JOIN. */
  readonly isOutsideStar?: boolean
}

export const NO_TABLE = -1

/** The rows of FROM: columns, and for each table the names that may stand before them (`t.a`), the
 * one to show first. */
export type Source = {
  readonly columns: readonly SourceColumn[]
  readonly tables: readonly (readonly string[])[]
}

export const NO_SOURCE: Source = { columns: [], tables: [] }

/** The source of one table. */
export const sourceOf = (
  columns: readonly { readonly name: string; readonly type: DataType }[],
  qualifiers: readonly string[],
): Source => ({
  columns: columns.map(({ name, type }) => ({ name, type, table: 0 })), tables: [qualifiers],
})

export type FoundColumn = {
  readonly index: number
  /** How many parts named it. */
  readonly used: number
  /** Several tables have a column of this name, and none goes before. */
  readonly isAmbiguous: boolean
}

/** Parameters of a lambda whose body is being resolved. */
export type LambdaFrame = {
  readonly id: number; readonly names: readonly string[]; readonly types: readonly DataType[]
  /** What the names stand for, in a lambda that is called by its alias. */
  readonly values?: readonly Resolved[]
}

export class Scope {
  readonly analysis: Analysis
  readonly parent: Scope | null
  source: Source = NO_SOURCE
  readonly ctes = new Map<string, WithQuery>()
  /** Those of WITH RECURSIVE, and what stands for one inside of itself. */
  readonly recursive = new Set<string>()
  readonly working = new Map<string, PlanNode>()
  readonly aliases = new Map<string, Expression>()
  /** Aliases whose expression is being resolved. */
  readonly resolving = new Set<string>()
  /** Of those, the ones that were meant as columns since the innermost began: what was resolved
   * meanwhile holds only there. */
  asColumns = new Set<string>()
  readonly resolved = new Map<string, Resolved>()
  /** Aliases whose meaning hangs on where resolving began. */
  readonly cyclic = new Set<string>()
  /** group_by_use_nulls: what the keys are (keyOf), which are Nullable above GROUP BY; null: as they are. */
  nullKeys: ReadonlySet<string> | null = null
  /** The type of an expression in this scope, for stars over tuples; null: it is not known here. */
  typeOf: ((expr: Expression) => DataType) | null = null
  lambdas: readonly LambdaFrame[] = []
  /** prefer_column_name_to_alias. */
  readonly prefersColumns: boolean
  /** WINDOW name AS (…). */
  readonly windows = new Map<string, WindowDefinition>()
  /** Identifiers made for a star: they mean the column of this number, whatever aliases say. */
  readonly starColumns = new WeakMap<Expression, number>()

  constructor(analysis: Analysis, parent: Scope | null) {
    this.analysis = analysis
    this.parent = parent
    this.prefersColumns = analysis.isSet('prefer_column_name_to_alias')
  }

  /** Resolves what stands below GROUP BY (WHERE, arguments of aggregates): keys are as they are. */
  belowGroups<T>(resolve: () => T): T {
    const { nullKeys } = this
    if (nullKeys === null) return resolve()
    const known = [...this.resolved]
    this.nullKeys = null
    this.resolved.clear()
    try {
      return resolve()
    } finally {
      this.nullKeys = nullKeys
      this.resolved.clear()
      for (const [name, value] of known) this.resolved.set(name, value)
    }
  }

  /** Reads WITH and the aliases of all clauses. */
  readNames(query: SelectQuery): void {
    for (const item of query.with) {
      if (item.kind === 'query') {
        this.ctes.set(item.name, item)
        if (query.recursive) this.recursive.add(item.name)
      } else collectAliases(item.expr, this.aliases)
    }
    const clauses: (Expression | null)[] = [
      ...query.select, query.prewhere, query.where, query.having, query.qualify,
      ...(query.groupBy?.keys ?? []), ...(query.orderBy?.items.map((item) => item.expr) ?? []),
    ]
    for (const { name, definition } of query.windows) {
      this.windows.set(name, definition)
      clauses.push(...windowParts(definition))
    }
    for (const expr of clauses) if (expr !== null) collectAliases(expr, this.aliases)
  }

  /** The rows that stand for a recursive table inside of itself. */
  findWorking(name: string): PlanNode | null {
    return this.working.get(name) ?? this.parent?.findWorking(name) ?? null
  }

  /** The lambda of an alias (`WITH x -> x + 1 AS f`), here or around. */
  findLambda(name: string): Lambda | null {
    const expr = this.aliases.get(name)
    if (expr !== undefined) return expr.kind === 'lambda' ? expr : null
    return this.parent?.findLambda(name) ?? null
  }

  /** The expression of an alias, here or around. */
  findAlias(name: string): Expression | null {
    return this.aliases.get(name) ?? this.parent?.findAlias(name) ?? null
  }

  /** The CTE of a name and the scope that declares it. */
  findCte(name: string): { readonly cte: WithQuery; readonly scope: Scope } | null {
    const cte = this.ctes.get(name)
    if (cte !== undefined) return { cte, scope: this }
    return this.parent?.findCte(name) ?? null
  }

  /** A scope with the same names over other rows: for ON, which sees the tables before it. */
  over(source: Source): Scope {
    const scope = new Scope(this.analysis, this.parent)
    for (const [name, expr] of this.aliases) scope.aliases.set(name, expr)
    for (const [name, cte] of this.ctes) scope.ctes.set(name, cte)
    scope.source = source
    return scope
  }

  /** The column that `parts` begin with: the whole as a name (a column of a Nested or flattened JSON is
   * called `a.b`), a column of a table, or one whose elements the rest names. */
  findColumn(parts: readonly string[]): FoundColumn | null {
    const whole = columnNamed(this.source, parts.join('.'), null)
    if (whole !== null) return { ...whole, used: parts.length }
    for (const skip of [1, 2, 0]) {
      const tables = skip === 0 ? null : tablesNamed(this.source, parts[skip - 1] ?? '')
      if (tables?.size === 0) continue
      for (let end = parts.length; end > skip; end--) {
        const found = columnNamed(this.source, parts.slice(skip, end).join('.'), tables)
        if (found !== null) return { ...found, used: end }
      }
    }
    return null
  }

  /** What a column is called in the output: with its table's name where the bare name means another
   * column. */
  nameOfColumn(index: number, isOfStar = false): string {
    const { columns, tables } = this.source
    const { name, table, isReplaced } = columns[index]
    if (tables.length < 2 || table === NO_TABLE) return name
    const found = columnNamed(this.source, name, null)
    const isOwn = found !== null && !found.isAmbiguous
      && (found.index === index || (columns[found.index].table === NO_TABLE && table === 0
        && (isOfStar || isReplaced !== true)))
    return isOwn || tables[table].length === 0 ? name : `${tables[table][0]}.${name}`
  }

  /** Names of the columns of a table of FROM. */
  columnsOfTable(name: string): string[] {
    const tables = tablesNamed(this.source, name)
    return this.source.columns.filter(({ table }) => tables.has(table)).map((column) => column.name)
  }

  /** Names to suggest from. */
  knownNames(): string[] {
    return [...this.source.columns.map((column) => column.name), ...this.aliases.keys(),
      ...this.lambdas.flatMap((frame) => frame.names)]
  }
}

/** Tables that a name may stand for: those that are called so, else those that an alias calls otherwise. */
function tablesNamed({ tables }: Source, name: string): Set<number> {
  const numbersOf = (isNamed: (names: readonly string[]) => boolean) => tables.flatMap((names, table) => (isNamed(names) ? [table] : []))
  const called = numbersOf(([shown]) => shown === name)
  return new Set(called.length > 0 ? called : numbersOf((names) => names.includes(name)))
}

/** The column of a name in `tables` (null: any). With two tables the left one goes before, and an alias of ARRAY JOIN before all. */
function columnNamed(
  { columns, tables: all }: Source, name: string, tables: ReadonlySet<number> | null,
): { readonly index: number; readonly isAmbiguous: boolean } | null {
  const joined = tables === null ? columns.findLastIndex((column) => column.isOutsideStar === true && column.name === name) : -1
  if (joined >= 0) return { index: joined, isAmbiguous: false }
  let index = -1
  let isAmbiguous = false
  for (let i = 0; i < columns.length; i++) {
    const { table, isMerged } = columns[i]
    if (columns[i].name !== name) continue
    if (tables === null ? isMerged === true : !tables.has(table)) continue
    if (index < 0) {
      index = i
      if (table === NO_TABLE) break
    } else if (table !== columns[index].table && all.length > 2) isAmbiguous = true
  }
  return index < 0 ? null : { index, isAmbiguous }
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

const windowParts = ({ partitionBy, orderBy }: WindowDefinition): Expression[] =>
  [...partitionBy, ...orderBy.flatMap(({ expr }) => (expr === null ? [] : [expr]))]

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
      return [
        ...(expr.params ?? []), ...expr.args, ...(expr.filter ? [expr.filter] : []),
        ...(typeof expr.over === 'object' ? windowParts(expr.over) : []),
      ]
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
