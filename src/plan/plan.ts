// The typed plan: what analyze() makes of a syntax tree and exec/ runs. Plain data, so that it
// crosses to workers once per query shape; values that may differ between calls of one shape are
// slots (`literal.slot`), bound at run time from the call's values.
//
//   sql/parse.ts -> plan/analyze.ts -> plan/passes.ts -> TypedPlan -> exec/pipeline.ts
//
// Invariant: names are gone. A column is its number in the rows of the operator below.

import type { Value } from '../functions/values/value.ts'

/** Where in the SQL text a thing came from, for errors. */
export type Span = { readonly at: number; readonly end: number }

/** Types are canonical text here (parseDataType gives the object). */
export type TypedExpr =
  | { readonly kind: 'column'; readonly index: number; readonly type: string }
  /** `slot` ≥ 0: the value of this call comes from the call's slot values, `value` is the first's. */
  | { readonly kind: 'literal'; readonly value: Value; readonly type: string; readonly slot: number }
  | {
    readonly kind: 'call'; readonly name: string; readonly args: readonly TypedExpr[]
    readonly type: string; readonly span: Span
  }
  /** Body of a lambda: its columns [0, captureCount) are `captures` evaluated outside, repeated for
   * every element; then the parameters. Only as an argument of a higher-order call. */
  | {
    readonly kind: 'lambda'; readonly parameterCount: number; readonly captures: readonly TypedExpr[]
    readonly body: TypedExpr; readonly type: string
  }
  /** `expr IN set`; the set is TypedPlan.sets[set] (a list or a subquery's rows). Tuples on the left
   * are several exprs. */
  | {
    readonly kind: 'in'; readonly exprs: readonly TypedExpr[]; readonly set: number
    readonly negated: boolean; readonly type: string; readonly span: Span
  }
  /** The one value of TypedPlan.scalars[scalar], computed before the query runs. */
  | { readonly kind: 'scalar'; readonly scalar: number; readonly type: string }

export type OutputColumn = { readonly name: string; readonly type: string }

export type AggregateCall = {
  /** Canonical name without combinators resolved away: `sum`, `uniqExact`. */
  readonly name: string
  /** Combinator suffixes outermost last: ['If'], ['Array', 'If']. */
  readonly combinators: readonly string[]
  /** Parameters: quantile(0.9). */
  readonly parameters: readonly Value[]
  /** Numbers of columns of the rows below (arguments are projected first; -If's condition last). */
  readonly args: readonly number[]
  readonly argTypes: readonly string[]
  readonly type: string
  readonly span: Span
}

export type SortKey = {
  readonly index: number; readonly descending: boolean; readonly nullsFirst: boolean
  /** Texts in the order of a language: `de`. */
  readonly collate?: string
}

/** A number, or the slot that holds it, or (of a LIMIT and its OFFSET) what is computed when the query
 * runs: `OFFSET 10 * (SELECT …)`. */
export type Count = { readonly value: number; readonly slot: number; readonly expr?: TypedExpr }

/** Operators, each with the rows it yields (`columns`). */
export type PlanNode =
  /** One row without columns: SELECT 1. */
  | { readonly op: 'one'; readonly columns: readonly OutputColumn[] }
  /** Rows of TypedPlan.recursions[recursion]; `isWorking`: inside of it, those of the step before. */
  | {
    readonly op: 'rows'; readonly recursion: number; readonly isWorking: boolean
    readonly columns: readonly OutputColumn[]
  }
  /** Rows made by a table function (numbers, …): values of its arguments. */
  | {
    readonly op: 'generate'; readonly name: string; readonly args: readonly TypedExpr[]
    readonly columns: readonly OutputColumn[]
  }
  /** Chosen columns of a stored table. `filter` (columns numbered as `columnIds`) is what the scan
   * may use to skip and must apply; `tokenFilter` (may be null) is applied before it. `before`: PREWHERE
   * under FINAL, asked of rows before those of one key combine. */
  | {
    readonly op: 'scan'; readonly table: string; readonly tableId: number; readonly final: boolean
    readonly columnIds: readonly number[]; readonly columns: readonly OutputColumn[]
    readonly filter: TypedExpr | null; readonly tokenFilter: TypedExpr | null; readonly before: TypedExpr | null
    /** DEFAULT of each column for rows older than the column (null: the type's default). */
    readonly defaults: readonly (TypedExpr | null)[]
  }
  | {
    readonly op: 'filter'; readonly input: PlanNode; readonly condition: TypedExpr
    readonly columns: readonly OutputColumn[]
  }
  | {
    readonly op: 'project'; readonly input: PlanNode; readonly exprs: readonly TypedExpr[]
    readonly columns: readonly OutputColumn[]
  }
  /** Keys are columns of the input by number. Rows out: keys, then aggregates. No keys: one row,
   * also over no rows. */
  | {
    readonly op: 'aggregate'; readonly input: PlanNode; readonly keys: readonly number[]
    readonly aggregates: readonly AggregateCall[]; readonly columns: readonly OutputColumn[]
  }
  | { readonly op: 'distinct'; readonly input: PlanNode; readonly columns: readonly OutputColumn[] }
  /** `limit` (with offset added in) lets it keep only the first rows. */
  | {
    readonly op: 'sort'; readonly input: PlanNode; readonly keys: readonly SortKey[]
    readonly limit: { readonly limit: Count; readonly offset: Count } | null
    readonly columns: readonly OutputColumn[]
  }
  | {
    readonly op: 'limit'; readonly input: PlanNode; readonly limit: Count | null
    readonly offset: Count | null; readonly columns: readonly OutputColumn[]
  }
  /** LIMIT and OFFSET from the end (below 0) or as a share of the rows (between 0 and 1); `ties`: rows
   * equal to the last one by these keys come along. */
  | {
    readonly op: 'limit-share'; readonly input: PlanNode; readonly limit: number | null
    readonly offset: number; readonly ties: readonly SortKey[] | null
    readonly columns: readonly OutputColumn[]
  }
  /** WITH FILL over sorted rows: rows in between for the missing values of a column. */
  | {
    readonly op: 'fill'; readonly input: PlanNode; readonly fill: Fill
    readonly columns: readonly OutputColumn[]
  }
  | {
    readonly op: 'limit-by'; readonly input: PlanNode; readonly keys: readonly number[]
    readonly limit: Count; readonly offset: Count; readonly columns: readonly OutputColumn[]
  }
  | { readonly op: 'union'; readonly inputs: readonly PlanNode[]; readonly columns: readonly OutputColumn[] }
  /** Columns of the input, then one for each function. */
  | {
    readonly op: 'window'; readonly input: PlanNode; readonly partition: readonly number[]
    readonly order: readonly SortKey[]; readonly functions: readonly WindowCall[]
    readonly columns: readonly OutputColumn[]
  }
  /** Each row once for each element of its arrays; elements stand behind its columns. */
  | {
    readonly op: 'array-join'; readonly input: PlanNode; readonly arrays: readonly number[]
    readonly isLeft: boolean; readonly columns: readonly OutputColumn[]
  }
  /** Columns of `left`, then of `right`. `on`: a pair matches where any of these holds (several only
   * with OR). Rows without a match, where the kind keeps them, have defaults on the other side
   * (NULL where the column's type here can be). */
  | {
    readonly op: 'join'; readonly kind: JoinKind; readonly strictness: JoinStrictness
    readonly left: PlanNode; readonly right: PlanNode; readonly on: readonly JoinCondition[]
    readonly asof: AsofCondition | null; readonly columns: readonly OutputColumn[]
  }

/** Which rows without a match are kept; for any, semi and anti also which side is looked up. */
export type JoinKind = 'inner' | 'left' | 'right' | 'full'

/** all: every pair; any and semi: the first match of a row (any keeps rows without one, where the kind
 * says so); anti: rows without a match; asof: the nearest match. */
export type JoinStrictness = 'all' | 'any' | 'semi' | 'anti' | 'asof'

/** Pairs of columns (numbers of each side's) that are equal, and what must hold besides. */
export type JoinCondition = {
  readonly keys: readonly JoinKey[]
  /** Over the columns of left, then of right; null: nothing more. */
  readonly residual: TypedExpr | null
}

/** Both columns have one type, Nullable and LowCardinality aside. `isNullSafe`: NULL equals NULL. */
export type JoinKey = {
  readonly left: number; readonly right: number; readonly isNullSafe: boolean
}

/** The nearest row: `left op right` holds and nothing lies between. */
export type AsofCondition = {
  readonly left: number; readonly right: number
  readonly op: 'less' | 'lessOrEquals' | 'greater' | 'greaterOrEquals'
}

/** One end of a window's frame; `offset` counts rows, or is a distance of values (RANGE). */
export type FrameBound = {
  readonly kind: 'unbounded' | 'current' | 'offset'
  readonly direction: 'preceding' | 'following'; readonly offset: number
}

export type WindowFrame = {
  readonly unit: 'rows' | 'range'; readonly start: FrameBound; readonly finish: FrameBound
}

/** A function over a window: an aggregate, or one that only windows have. */
export type WindowCall = {
  readonly call: AggregateCall; readonly isAggregate: boolean; readonly frame: WindowFrame
}

/** How the values of a column go on. */
export type Fill = {
  readonly column: number; readonly descending: boolean
  /** Columns sorted by before it: each of their values is filled apart. */
  readonly prefix: readonly number[]
  /** In the column's type; null: from the first row, to the last. */
  readonly from: TypedExpr | null; readonly to: TypedExpr | null
  readonly step: FillStep
  /** So far behind a row rows are filled in; null: up to the next row. */
  readonly staleness: FillStep | null
  /** Columns that a filled row takes from the row before: an expression over it, null: its value. */
  readonly interpolate: readonly { readonly column: number; readonly expr: TypedExpr | null }[]
  /** Columns that are the filled one once more. */
  readonly copies: readonly number[]
  /** Of several WITH FILL: the column that is 1 in rows which those before made; null: only one. */
  readonly made: number | null
}

/** A distance: a number of the column's units, or months. */
export type FillStep = { readonly count: number; readonly unit: 'value' | 'month' }

/** What `IN` compares with: literal rows (one Value per expr), or the rows of a plan. */
export type SetSource =
  | {
    readonly kind: 'list'; readonly types: readonly string[]
    readonly rows: readonly (readonly Value[])[]
    /** Slots of the rows' values, same shape; -1: constant. */
    readonly slots: readonly (readonly number[])[]
  }
  | { readonly kind: 'plan'; readonly types: readonly string[]; readonly plan: PlanNode }

export type TypedPlan = {
  readonly root: PlanNode
  /** One row more, beside the result: WITH TOTALS; null: none. */
  readonly totals: PlanNode | null
  readonly sets: readonly SetSource[]
  /** Plans of one column whose first row's value (NULL without a row) is the scalar. */
  readonly scalars: readonly { readonly plan: PlanNode; readonly type: string }[]
  /** Tables of WITH RECURSIVE: their first rows, and what makes more out of the last ones. */
  readonly recursions: readonly {
    readonly base: PlanNode; readonly step: PlanNode; readonly depthMax: number
  }[]
  /** Types of the plan's own slots (`literal.slot`): one for every use of a call's slot at a type.
   * bindSlots() converts the call's values. */
  readonly slotTypes: readonly string[]
  /** Which of the call's slots each of the plan's slots takes its value from. */
  readonly slotSources: readonly number[]
  /** The plan's slots that are a LIMIT or OFFSET: whole numbers from 0. */
  readonly countSlots: readonly number[]
  /** The call's slots whose value decided the plan itself (an INTERVAL's size, a folded constant): part of the
   * cache key. */
  readonly consumedSlots: readonly number[]
  /** False with now(), today(), rand() …: no ETag, no caching of results. */
  readonly isDeterministic: boolean
  readonly settings: Readonly<Record<string, Value>>
  /** FORMAT of the statement, null: none given. */
  readonly format: string | null
  readonly tables: readonly string[]
}

/** Anything wrong with a query that is its author's to mend; `at` is an offset into the SQL. */
export class QueryError extends Error {
  readonly at: number
  readonly end: number
  /** ClickHouse's name of the error where it has one: UNKNOWN_IDENTIFIER. */
  readonly code: string
  constructor(message: string, span: Span | null, code: string) {
    super(message)
    this.name = 'QueryError'
    this.at = span?.at ?? 0
    this.end = span?.end ?? 0
    this.code = code
  }
}
