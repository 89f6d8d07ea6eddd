// The tables that a SELECT reads, found by a light scan: FROM, JOIN and IN, through subqueries,
// with the names of WITH left out. render/ asks it to put a pipe's nodes together, graph.ts to find
// cycles. Invariant: it never throws; on SQL that no parser accepts it answers what it could see.

import { scanSql, type ScanToken } from './scan.ts'

/** One use of a table. `at`/`end` span the name (`db.name` included) in the text. */
export type TableUse = {
  readonly name: string
  readonly at: number
  readonly end: number
  /** `in`: the right side of IN, which may be a column as well. */
  readonly context: 'from' | 'in'
  /** True where an alias follows. */
  readonly hasAlias: boolean
  /** Span of FINAL and SAMPLE after the name and its alias; null where there is none. */
  readonly modifiers: { readonly at: number; readonly end: number } | null
}

/** What tablesOf() sees of a statement. */
export type TableScan = {
  readonly tables: readonly TableUse[]
  /** Names that the statement's own outer WITH defines. */
  readonly ownNames: readonly string[]
  /** Offset of the query's first word (WITH, SELECT, FROM) or bracket, behind EXPLAIN. */
  readonly start: number
  /** That word, in upper case. */
  readonly firstWord: string
  /** Offset after the WITH (and RECURSIVE) that the query begins with, -1 where it has none. */
  readonly afterWith: number
}

// Words that end the list of tables of a FROM.
const CLAUSES: ReadonlySet<string> = new Set([
  'WHERE', 'PREWHERE', 'GROUP', 'ORDER', 'HAVING', 'LIMIT', 'OFFSET', 'UNION', 'INTERSECT',
  'EXCEPT', 'SETTINGS', 'FORMAT', 'WINDOW', 'QUALIFY', 'FETCH', 'INTO', 'USING', 'ON', 'SELECT',
])
// Words after a table that are not its alias.
const NO_ALIAS: ReadonlySet<string> = new Set([
  ...CLAUSES, 'FINAL', 'SAMPLE', 'JOIN', 'LEFT', 'RIGHT', 'INNER', 'FULL', 'CROSS', 'OUTER', 'ANY',
  'ALL', 'ASOF', 'SEMI', 'ANTI', 'GLOBAL', 'LOCAL', 'ARRAY', 'PASTE', 'AND', 'OR', 'NOT', 'WITH',
])

// A statement may begin after these.
const QUERY_BEGINS_AFTER: ReadonlySet<string> = new Set([
  '(', ';', 'ALL', 'UNION', 'DISTINCT', 'INTERSECT', 'EXCEPT', 'EXPLAIN',
])

/** A pair of brackets, or the whole text. */
type Frame = {
  /** True once SELECT was seen, or where FROM comes first: only then is FROM a clause. */
  query: boolean
  /** True between FROM and the clause that ends it. */
  tables: boolean
  /** The next name is a table. */
  expectTable: boolean
  /** Between WITH and SELECT. */
  with: boolean
  recursive: boolean
  /** Names of WITH that are visible from here on. */
  readonly names: Set<string>
  /** The name that this bracket defines in the frame around it (`name AS (`), or null. */
  readonly defines: string | null
}

/** Finds the tables of `sql`, which may be a template's rendered text or plain SQL. */
export function tablesOf(sql: string): TableScan {
  return new TableScanner(sql).scan()
}

class TableScanner {
  readonly #tokens: readonly ScanToken[]
  readonly #tables: TableUse[] = []
  readonly #frames: Frame[] = [newFrame(null)]

  constructor(sql: string) {
    this.#tokens = scanSql(sql)
  }

  scan(): TableScan {
    for (let i = 0; i < this.#tokens.length; i++) i = this.#step(i)
    let begin = 0
    if (this.#upper(0) === 'EXPLAIN') {
      begin = this.#tokens.findIndex((_, i) => /^(SELECT|WITH|FROM|\()$/.test(this.#upper(i)))
    }
    const first = this.#tokens[begin]
    const firstWord = this.#upper(begin)
    const last = this.#upper(begin + 1) === 'RECURSIVE' ? begin + 1 : begin
    return {
      tables: this.#tables, ownNames: [...this.#frames[0].names], start: first?.at ?? 0, firstWord,
      afterWith: firstWord === 'WITH' ? this.#tokens[last].end : -1,
    }
  }

  #upper(i: number): string {
    return this.#tokens[i]?.text.toUpperCase() ?? ''
  }

  get #frame(): Frame {
    return this.#frames[this.#frames.length - 1]
  }

  // Takes the token at `i`; answers the index of the last token that it used up.
  #step(i: number): number {
    const token = this.#tokens[i]
    const frame = this.#frame
    if (token.text === '(') {
      this.#open(i)
      return i
    }
    if (token.text === ')') {
      this.#close()
      return i
    }
    if (token.text === ',') {
      if (frame.tables) frame.expectTable = true
      return i
    }
    if (frame.expectTable && (token.kind === 'quoted' || token.kind === 'word')) {
      frame.expectTable = false
      return this.#table(i, 'from')
    }
    if (token.kind === 'word') return this.#word(i, token.text.toUpperCase(), frame)
    return i
  }

  #word(i: number, word: string, frame: Frame): number {
    const previous = this.#upper(i - 1)
    if (previous === '.') return i
    switch (word) {
      case 'WITH':
        if (this.#beginsQuery(i)) {
          frame.with = true
          frame.query = true
          frame.recursive = this.#upper(i + 1) === 'RECURSIVE'
        }
        return i
      case 'SELECT':
        frame.query = true
        frame.with = false
        frame.tables = false
        return i
      case 'FROM':
        if ((frame.query || this.#beginsQuery(i)) && previous !== 'DISTINCT') {
          frame.query = true
          frame.tables = frame.expectTable = true
        }
        return i
      case 'JOIN':
        frame.expectTable = frame.tables = frame.query && previous !== 'ARRAY'
        return i
      case 'IN':
        return this.#inName(i)
      default:
        if (CLAUSES.has(word)) frame.tables = false
        return i
    }
  }

  // True where a statement may begin: at the start, after a bracket, after UNION and the like.
  #beginsQuery(i: number): boolean {
    const previous = this.#upper(i - 1)
    return previous === '' || QUERY_BEGINS_AFTER.has(previous) || this.#upper(0) === 'EXPLAIN'
  }

  #inName(i: number): number {
    const next = this.#tokens[i + 1]
    if (next === undefined || (next.kind !== 'word' && next.kind !== 'quoted')) return i
    return this.#tokens[i + 2]?.text === '(' ? i : this.#table(i + 1, 'in')
  }

  // The name at `i`, `db.name` too. A name before a bracket is a table function.
  #table(i: number, context: 'from' | 'in'): number {
    let last = i
    while (this.#tokens[last + 1]?.text === '.' && this.#tokens[last + 2] !== undefined) last += 2
    if (this.#tokens[last + 1]?.text === '(') return last
    const parts = this.#tokens.slice(i, last + 1).filter(token => token.text !== '.')
    const name = parts.map(part => part.name).join('.')
    if (this.#frames.some(frame => frame.names.has(name))) return last
    const { hasAlias, modifiers } = context === 'from' ? this.#after(last + 1)
      : { hasAlias: false, modifiers: null }
    this.#tables.push({
      name, at: this.#tokens[i].at, end: this.#tokens[last].end, context, hasAlias, modifiers,
    })
    return last
  }

  // Alias, FINAL and SAMPLE after a table.
  #after(start: number): { hasAlias: boolean; modifiers: TableUse['modifiers'] } {
    let i = start
    let hasAlias = false
    let modifiers = null as TableUse['modifiers']
    for (;;) {
      const token = this.#tokens[i]
      const word = token?.text.toUpperCase() ?? ''
      if (word === 'FINAL') {
        modifiers = { at: modifiers?.at ?? token.at, end: token.end }
        i += 1
      } else if (word === 'SAMPLE') {
        while (/^[\d./]/.test(this.#tokens[i + 1]?.text ?? '') ||
          this.#upper(i + 1) === 'OFFSET') i += 1
        modifiers = { at: modifiers?.at ?? token.at, end: this.#tokens[i].end }
        i += 1
      } else if (!hasAlias && word === 'AS') {
        hasAlias = true
        i += 2
      } else if (!hasAlias &&
        (token?.kind === 'quoted' || (token?.kind === 'word' && !NO_ALIAS.has(word)))) {
        hasAlias = true
        i += 1
      } else {
        return { hasAlias, modifiers }
      }
    }
  }

  #open(i: number): void {
    const frame = this.#frame
    // A subquery in the place of a table; `FROM (t)` and `FROM (a JOIN b)` expect names inside.
    const tablePlace = frame.expectTable
    frame.expectTable = false
    const defines = frame.with && this.#upper(i - 1) === 'AS'
      ? this.#tokens[i - 2]?.name ?? null : null
    const inner = newFrame(defines)
    const next = this.#upper(i + 1)
    if (tablePlace && next !== 'SELECT' && next !== 'WITH' && next !== '(') {
      inner.query = inner.tables = inner.expectTable = true
    }
    if (defines !== null && frame.recursive) frame.names.add(defines)
    this.#frames.push(inner)
  }

  #close(): void {
    const frame = this.#frame
    if (this.#frames.length === 1) return
    this.#frames.pop()
    // The name is visible after its own body only: `WITH t AS (SELECT * FROM t)` reads the table t.
    if (frame.defines !== null && frame.query) this.#frame.names.add(frame.defines)
  }
}

function newFrame(defines: string | null): Frame {
  return {
    query: false, tables: false, expectTable: false, with: false, recursive: false,
    names: new Set(), defines,
  }
}
