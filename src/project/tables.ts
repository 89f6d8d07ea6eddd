// The tables that a statement reads: FROM, JOIN and IN, through subqueries, with the names of WITH
// left out. render/ asks it to put a pipe's nodes together and to put token filters around tables,
// graph.ts to find cycles. Invariant: it reads the same tree as the engine, so no spelling of a
// statement hides a table from one and not from the other.

import type { FunctionCall, In, Query, SelectQuery, TableName } from '../sql/ast.ts'
import { SqlSyntaxError } from '../sql/errors.ts'
import { tokenize, type Tokens } from '../sql/lex.ts'
import { parseStatement } from '../sql/parse.ts'

type Span = { readonly at: number; readonly end: number }

/** PREWHERE of a SELECT. A subquery takes none: a filter around the table makes it a WHERE. */
export type Prewhere = {
  /** The word PREWHERE. */
  readonly keyword: Span
  /** The word WHERE, null where there is none. */
  readonly where: Span | null
  /** The end of the last condition. */
  readonly end: number
}

/** One use of a table. `at`/`end` span the name (`db.name` included) in the text. */
export type TableUse = Span & {
  readonly name: string
  /** `in`: the right side of IN, which may be a column as well; `joinGet`: its first argument. */
  readonly context: 'from' | 'in' | 'joinGet'
  /** True where an alias follows. */
  readonly hasAlias: boolean
  /** Span of FINAL and SAMPLE after the name and its alias; null where there is none. */
  readonly modifiers: Span | null
  readonly prewhere: Prewhere | null
}

/** What tablesOf() sees of a statement. */
export type TableScan = {
  /** In the order of the text. */
  readonly tables: readonly TableUse[]
  /** Names that the statement's own outer WITH defines. */
  readonly ownNames: readonly string[]
  /** Names that any WITH within the statement defines, and that it uses as tables. */
  readonly hidden: readonly string[]
  /** Offset of the query's first word (WITH, SELECT, FROM) or bracket, behind EXPLAIN. */
  readonly start: number
  /** That word, in upper case. */
  readonly firstWord: string
  /** Offset after the WITH (and RECURSIVE) that the query begins with, -1 where it has none. */
  readonly afterWith: number
  /** What is wrong with the text; then it has no tables. */
  readonly error: SqlSyntaxError | null
}

/** Finds the tables of a statement. */
export function tablesOf(sql: string): TableScan {
  try {
    const { query } = parseStatement(sql)
    return new TableWalker(sql).scan(query)
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error
    return {
      tables: [], ownNames: [], hidden: [], start: 0, firstWord: '', afterWith: -1, error,
    }
  }
}

/** Names of WITH that are visible at some place. */
type Names = ReadonlySet<string>

class TableWalker {
  readonly #tokens: Tokens
  readonly #tables: TableUse[] = []
  readonly #hidden = new Set<string>()

  constructor(sql: string) {
    this.#tokens = tokenize(sql)
  }

  scan(query: Query): TableScan {
    const visible = this.#query(query, new Set())
    const first = this.#tokenAt(query.at)
    const firstWord = this.#tokens.texts[first] ?? ''
    const recursive = this.#tokens.texts[first + 1] === 'RECURSIVE' ? 1 : 0
    return {
      tables: this.#tables.sort((a, b) => a.at - b.at), ownNames: [...visible],
      hidden: [...this.#hidden], start: query.at, firstWord, error: null,
      afterWith: firstWord === 'WITH' ? this.#tokens.ends[first + recursive] : -1,
    }
  }

  // The names that the query's own WITH adds. Those of the first query of a UNION are visible in
  // the others.
  #query(query: Query, names: Names): Names {
    if (query.kind === 'select') return this.#select(query, names)
    const [first, ...rest] = query.queries
    const own = this.#query(first, names)
    for (const other of rest) this.#query(other, new Set([...names, ...own]))
    return own
  }

  #select(query: SelectQuery, outer: Names): Names {
    const own = new Set<string>()
    let names = outer
    for (const item of query.with) {
      if (item.kind === 'query') {
        // A name is visible behind its own body; with RECURSIVE in it, too.
        const inner = query.recursive ? new Set([...names, item.name]) : names
        this.#query(item.query, inner)
        own.add(item.name)
        names = new Set([...names, item.name])
      } else {
        this.#any(item.expr, names, null)
      }
    }
    const { with: _with, from, ...others } = query
    this.#any(from, names, this.#prewhereOf(query))
    for (const part of Object.values(others)) this.#any(part, names, null)
    return own
  }

  // Any part of the tree. `prewhere` is that of the SELECT whose FROM this is.
  #any(part: unknown, names: Names, prewhere: Prewhere | null): void {
    if (typeof part !== 'object' || part === null) return
    if (Array.isArray(part)) {
      for (const item of part) this.#any(item, names, prewhere)
      return
    }
    switch ('kind' in part ? part.kind : '') {
      case 'select': case 'set':
        this.#query(part as Query, names)
        return
      case 'table':
        this.#table(part as TableName, names, prewhere)
        return
      case 'in':
        this.#in(part as In, names)
        return
      case 'call':
        if (/^joinGet(OrNull)?$/.test((part as FunctionCall).name)) this.#joinGet(part as FunctionCall)
        break
      default:
    }
    for (const value of Object.values(part)) this.#any(value, names, prewhere)
  }

  /** A look-up by name: no WITH stands between. */
  #joinGet({ args: [table] }: FunctionCall): void {
    const name = table?.kind === 'identifier' ? table.parts.join('.')
      : table?.kind === 'literal' && table.type === 'string' ? table.value : null
    if (name === null) return
    const { at, end } = table
    this.#tables.push({ name, at, end, context: 'joinGet', hasAlias: true, modifiers: null, prewhere: null })
  }

  #in(node: In, names: Names): void {
    this.#any(node.expr, names, null)
    if (node.right.kind !== 'identifier') {
      this.#any(node.right, names, null)
      return
    }
    const { at, end, parts } = node.right
    const use = { name: parts.join('.'), at, end, hasAlias: true, modifiers: null, prewhere: null }
    this.#use({ ...use, context: 'in' }, names)
  }

  #table(table: TableName, names: Names, prewhere: Prewhere | null): void {
    const first = this.#tokenAt(table.at)
    const last = first + 2 * (table.parts.length - 1)
    this.#use({
      name: table.parts.join('.'), at: table.at, end: this.#tokens.ends[last], context: 'from',
      hasAlias: table.alias !== undefined, modifiers: this.#modifiersOf(table, last + 1), prewhere,
    }, names)
  }

  #use(use: TableUse, names: Names): void {
    if (names.has(use.name)) this.#hidden.add(use.name)
    else this.#tables.push(use)
  }

  // FINAL and SAMPLE stand last, behind the alias and its columns.
  #modifiersOf(table: TableName, next: number): Span | null {
    if (!table.final && table.sample === null) return null
    let i = next
    if (table.alias !== undefined) i += this.#tokens.texts[i] === 'AS' ? 2 : 1
    if (table.columnAliases !== undefined) i += 2 * table.columnAliases.length + 1
    return { at: this.#tokens.starts[i], end: table.end }
  }

  #prewhereOf(query: SelectQuery): Prewhere | null {
    if (query.prewhere === null) return null
    const before = (at: number): Span => {
      const token = this.#tokenAt(at) - 1
      return { at: this.#tokens.starts[token], end: this.#tokens.ends[token] }
    }
    return {
      keyword: before(query.prewhere.at), end: (query.where ?? query.prewhere).end,
      where: query.where === null ? null : before(query.where.at),
    }
  }

  /** Index of the token that begins at an offset, or of the first one behind it. */
  #tokenAt(offset: number): number {
    const { starts } = this.#tokens
    let low = 0
    let high = starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (starts[middle] < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}
