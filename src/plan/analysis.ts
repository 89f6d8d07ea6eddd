// What one analysis shares: the catalog, the slots, and what grows while the query is read (sets,
// scalars, tables). Invariant: numbers handed out here (sets, scalars, lambdas) are never reused.

import type { TableMeta } from '../../storage/face.ts'
import type { Expression, Query, Setting } from '../sql/ast.ts'
import { literalValue } from './literals.ts'
import { checkSetting } from './settings.ts'
import { isOn } from '../functions/values/switches.ts'
import { QueryError, type PlanNode, type SetSource, type Span, type TypedPlan } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import { sizeOf, type Resolved } from './resolved.ts'
import type { Scope } from './scope.ts'
import { SlotTable, type SlotInfo } from './slots.ts'

/** What the analyzer asks about tables. */
export interface Catalog {
  table(name: string): TableMeta | null
  tableNames(): readonly string[]
  /** What else a FROM of the project can name, for errors: its pipes. */
  pipeNames?(): readonly string[]
  /** The row filter of the caller's token on a table; null or absent: none. */
  readonly tokenFilter?: (table: string) => Expression | null
  /** A condition that rows in sight fulfil (a TTL), as text; null or absent: all rows are in sight. */
  readonly sight?: (table: TableMeta) => string | null
}

/** Plans a query whose names may come from `parent`; handed in, because a query holds expressions
 * and expressions hold queries. */
export type QueryPlanner = (analysis: Analysis, query: Query, parent: Scope | null) => PlanNode

const NOTHING_YET: PlanNode = { op: 'one', columns: [] }

/** One run of analyze(). */
export class Analysis {
  readonly catalog: Catalog
  readonly slots: SlotTable
  readonly sets: SetSource[] = []
  readonly scalars: { readonly plan: PlanNode; readonly type: string }[] = []
  readonly recursions: TypedPlan['recursions'][number][] = []
  readonly tables = new Set<string>()
  /** Rows of Join tables that joinGet looks up, by table and columns. */
  readonly lookups = new Map<string, { readonly plan: PlanNode; readonly number: number }>()
  private lambdas = 0
  private subqueries = new Map<Expression | Query, number>()
  private readonly planner: QueryPlanner
  private depth = 0
  private aliasNodes = 0
  private expandedQueries = 0
  private isServerZone = false
  /** An expression that stands alone: nobody makes sets for it. */
  readonly isAlone: boolean
  /** The row of WITH TOTALS beside the rows of a query, and of what reads that query row by row. */
  readonly totalsOf = new WeakMap<PlanNode, PlanNode>()
  /** SETTINGS of the queries that are being planned, the innermost last. */
  private readonly settings: (readonly Setting[])[] = []

  constructor(catalog: Catalog, slots: readonly SlotInfo[], planner: QueryPlanner, isAlone = false) {
    this.isAlone = isAlone
    this.catalog = catalog
    this.slots = new SlotTable(slots)
    this.planner = planner
  }

  planQuery(query: Query, parent: Scope | null): PlanNode {
    if (this.depth >= QUERY_DEPTH_MAX) {
      throw new QueryError(`Queries may nest ${QUERY_DEPTH_MAX} deep`, query, 'TOO_DEEP_SUBQUERIES')
    }
    this.depth++
    const own = settingsIn(query)
    for (const { name, value, at, end } of own) {
      checkSetting(name, value?.kind === 'literal' ? literalValue(value).value : undefined, { at, end })
    }
    this.settings.push(own)
    try {
      return this.planner(this, query, parent)
    } finally {
      this.depth--
      this.settings.pop()
    }
  }

  /** Counts what an alias stands for. A tree is shared, but what works on plans walks it wherever it
   * stands: a chain of `a + a AS b` would keep the thread busy without end. Throws TOO_BIG_AST. */
  countAlias(meaning: Resolved, span: Span): void {
    this.aliasNodes += sizeOf(meaning)
    if (this.aliasNodes <= ALIAS_NODES_MAX) return
    throw new QueryError(`The query is too large: its aliases stand for more than ${ALIAS_NODES_MAX} expressions`, span, 'TOO_BIG_AST')
  }

  /** Counts a common table expression each time that it is planned. Throws TOO_BIG_AST. */
  countExpansion(span: Span): void {
    if (++this.expandedQueries <= EXPANDED_QUERIES_MAX) return
    throw new QueryError(`The query is too large: its common table expressions stand for more than ${EXPANDED_QUERIES_MAX} queries`, span, 'TOO_BIG_AST')
  }

  /** The value of a setting where the query, or one around it, gives it; null: it does not. */
  setting(name: string): Value {
    for (const list of [...this.settings].reverse()) {
      const found = list.find((setting) => setting.name === name)?.value
      if (found?.kind !== 'literal') continue
      this.slots.consume(found.slot ?? -1)
      return literalValue(found).value
    }
    return null
  }

  /** Is a switch of SETTINGS on? */
  isSet(name: string): boolean { return isOn(this.setting(name)) }

  /** The zone of the query's session; null: the server's. */
  sessionZone(): string | null {
    const zone = this.isServerZone ? null : this.setting('session_timezone')
    return typeof zone === 'string' && zone !== '' ? zone : null
  }

  /** Plans what means the same in every session. */
  inServerZone<T>(work: () => T): T {
    const before = this.isServerZone
    this.isServerZone = true
    try {
      return work()
    } finally {
      this.isServerZone = before
    }
  }

  /** A number, to be filled in when its parts are planned. */
  newRecursion(): number {
    return this.recursions.push({ base: NOTHING_YET, step: NOTHING_YET, depthMax: 0 }) - 1
  }

  newLambda(): number { return this.lambdas++ }

  /** `_subquery_1`: ClickHouse's name of a subquery that stands as an expression. */
  subqueryName(node: Expression | Query): string {
    let number = this.subqueries.get(node)
    if (number === undefined) this.subqueries.set(node, number = this.subqueries.size + 1)
    return `_subquery_${number}`
  }

  addSet(set: SetSource): number { return this.sets.push(set) - 1 }

  addScalar(plan: PlanNode, type: string): number { return this.scalars.push({ plan, type }) - 1 }
}

/** SETTINGS of a query; those behind the last one of a set operation are the whole's. */
export function settingsIn(query: Query): readonly Setting[] {
  const last = query.kind === 'select' ? query.settings
    : query.queries.slice(-1).flatMap((part) => (part.parens === true ? [] : settingsIn(part)))
  return [...last, ...(query.outerSettings ?? [])]
}

/** ClickHouse takes 500,000 (max_expanded_ast_elements); here planning takes longer. */
const ALIAS_NODES_MAX = 100_000
const EXPANDED_QUERIES_MAX = 1000

/** Deeper queries (a CTE that reads itself, for one) are refused. */
const QUERY_DEPTH_MAX = 64
