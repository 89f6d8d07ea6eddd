// The syntax tree of a SELECT statement: what parse.ts makes, the analyzer reads and print.ts writes.
// Invariant: a tree says what was written, never what it means. Names are not resolved, types are
// text, and every node knows its span: `text.slice(at, end)` is the SQL it came from (a node that the
// parser made up has the span of what it stands for).
//
// Operators arrive as the functions that ClickHouse's parser makes of them (`a + b` is a call of
// `plus`); `form` remembers how it was written, so that print.ts can write it the same way.

/** Offsets in UTF-16 units into the parsed text: the first character, and one past the last. */
export interface Span {
  readonly at: number
  readonly end: number
}

/** What every expression may carry besides its own fields. */
interface ExpressionBase extends Span {
  /** `expr AS alias` (or `expr alias`). ClickHouse allows it at any depth: `f(a + 1 AS b)`. */
  readonly alias?: string
  /** True when the expression stood in its own parentheses. `at`/`end` then include them. */
  readonly parens?: true
}

export type Expression =
  | Literal
  | Identifier
  | QueryParameter
  | Asterisk
  | ColumnsMatcher
  | FunctionCall
  | ArrayLiteral
  | TupleLiteral
  | Lambda
  | Case
  | Cast
  | Between
  | In
  | Interval
  | Subquery
  | Exists

// ---------------------------------------------------------------------------------- literals

export type Literal = NumberLiteral | StringLiteral | NullLiteral | BoolLiteral

interface LiteralBase extends ExpressionBase {
  readonly kind: 'literal'
  /** Index of the slot (see parseQuery's options) whose span holds this literal. */
  readonly slot?: number
}

/** `42`, `-1.5e3`, `0x1F`, `inf`, `nan`. A sign right before the digits belongs to the literal. */
export interface NumberLiteral extends LiteralBase {
  readonly type: 'number'
  /** As written, sign included, blanks taken out; numberValue() in literals.ts gives the value. */
  readonly text: string
  /** The type of a parameter's value, which its slot holds as a call: `toInt32('5')` is 5 of Int32. */
  readonly declared?: string
}

/** `'text'`, unescaped. A byte that is not valid UTF-8 (`'\xff'`) stands as U+DC00 + byte. */
export interface StringLiteral extends LiteralBase {
  readonly type: 'string'
  readonly value: string
}

export interface NullLiteral extends LiteralBase {
  readonly type: 'null'
}

export interface BoolLiteral extends LiteralBase {
  readonly type: 'bool'
  readonly value: boolean
}

/** `[a, b]`: ClickHouse's function `array`. */
export interface ArrayLiteral extends ExpressionBase {
  readonly kind: 'array'
  /** Index of the slot that holds the whole array; its items carry the same number. */
  readonly slot?: number
  readonly items: readonly Expression[]
}

/** `(a, b)`, `(a,)`, `()`: ClickHouse's function `tuple`. */
export interface TupleLiteral extends ExpressionBase {
  readonly kind: 'tuple'
  /** Index of the slot that holds the whole tuple; its items carry the same number. */
  readonly slot?: number
  readonly items: readonly Expression[]
}

// ------------------------------------------------------------------------- names and columns

/**
 * `a`, `t.a`, `db.t.a`, `json.a.b`: one part per name, without quotes. Parts of JSON paths keep their
 * mark: ':Int64' for `json.a.:Int64` (`a[]` gives ':Array(JSON)'), '^a' for `json.^a`; a name given
 * by a query parameter stands as written, '{name:Identifier}'.
 */
export interface Identifier extends ExpressionBase {
  readonly kind: 'identifier'
  readonly parts: readonly string[]
}

/** `{name:Type}`; the type `Identifier` makes it a name. `type` is normalised text. */
export interface QueryParameter extends ExpressionBase {
  readonly kind: 'parameter'
  readonly name: string
  readonly type: string
}

/** `*`, or `t.*` and `db.t.*` (then `qualifier` holds the parts before the star). */
export interface Asterisk extends ExpressionBase {
  readonly kind: 'asterisk'
  readonly qualifier: readonly string[]
  readonly transformers: readonly ColumnTransformer[]
}

/** `COLUMNS('regexp')` or `COLUMNS(a, b)`, perhaps qualified: `t.COLUMNS(...)`. */
export interface ColumnsMatcher extends ExpressionBase {
  readonly kind: 'columns'
  readonly qualifier: readonly string[]
  /** A regular expression that column names must match, or the columns named. */
  readonly pattern: string | readonly Expression[]
  readonly transformers: readonly ColumnTransformer[]
}

export type ColumnTransformer = ExceptTransformer | ReplaceTransformer | ApplyTransformer

/** `EXCEPT a`, `EXCEPT (a, b)`, `EXCEPT 'regexp'`. */
export interface ExceptTransformer extends Span {
  readonly kind: 'except'
  readonly strict: boolean
  readonly columns: string | readonly string[]
}

/** `REPLACE (expr AS name, ...)`: each expression stands in place of the column `name`. */
export interface ReplaceTransformer extends Span {
  readonly kind: 'replace'
  readonly strict: boolean
  readonly items: readonly { readonly expr: Expression; readonly name: string }[]
}

/** `APPLY f`, `APPLY f(params)`, `APPLY (x -> expr)`; `prefix` goes before the column's name. */
export interface ApplyTransformer extends Span {
  readonly kind: 'apply'
  readonly apply: Lambda | { readonly name: string; readonly params: readonly Expression[] }
  readonly prefix?: string
}

// --------------------------------------------------------------------- functions, operators

/**
 * `name(params)(DISTINCT args) FILTER (WHERE ...) OVER (...)`, and every operator. Chains of AND, OR
 * and || are one call with all operands (`a AND b AND c` is `and(a, b, c)`). Names are as written
 * for calls (`COUNT`, `Sum`) and ClickHouse's own for operators and for SQL's special spellings:
 * `DATE_ADD(DAY, 1, x)` comes as `plus(x, INTERVAL 1 DAY)`, `EXTRACT(DAY FROM x)` as
 * `toDayOfMonth(x)`, `TRIM(BOTH 'a' FROM x)` as `trimBoth(x, 'a')`, `DATE '2024-01-01'` as
 * `toDate('2024-01-01')`.
 */
export interface FunctionCall extends ExpressionBase {
  readonly kind: 'call'
  readonly name: string
  /** `operator`: print as prefix, infix, subscript, dot, `IS NULL`, `? :`, LIKE, by the name. */
  readonly form: 'call' | 'operator'
  readonly args: readonly Expression[]
  /** Of a parametric aggregate: `quantile(0.9)(x)`. Null: no first parentheses. */
  readonly params: readonly Expression[] | null
  readonly distinct?: true
  readonly filter?: Expression
  readonly nulls?: 'respect' | 'ignore'
  /** A window's name, or its definition. */
  readonly over?: string | WindowDefinition
}

/** `x -> expr`, `(x, y) -> expr`. */
export interface Lambda extends ExpressionBase {
  readonly kind: 'lambda'
  readonly params: readonly string[]
  readonly body: Expression
}

/** `CASE [operand] WHEN when THEN result ... [ELSE otherwise] END`. */
export interface Case extends ExpressionBase {
  readonly kind: 'case'
  readonly operand: Expression | null
  readonly branches: readonly { readonly when: Expression; readonly then: Expression }[]
  readonly otherwise: Expression | null
}

/**
 * `CAST(expr AS Type)`, `CAST(expr, 'Type')`, `expr::Type`. `type` is normalised text
 * (`Array(Nullable(String))`) that starts at `typeAt`. A CAST whose type is no plain string literal,
 * or comes from a slot, is a FunctionCall named CAST.
 */
export interface Cast extends ExpressionBase {
  readonly kind: 'cast'
  readonly expr: Expression
  readonly type: string
  readonly typeAt: number
  readonly form: 'as' | 'call' | 'colons'
  /**
   * Only for `::` behind a number, or an array or tuple of numbers and strings: that piece of SQL.
   * ClickHouse casts this text (`1.10::Decimal(9, 2)` is exact), not the value in `expr`.
   */
  readonly literalText?: string
}

/** `expr [NOT] BETWEEN low AND high`: ClickHouse's `expr >= low AND expr <= high`. */
export interface Between extends ExpressionBase {
  readonly kind: 'between'
  readonly not: boolean
  readonly expr: Expression
  readonly low: Expression
  readonly high: Expression
}

/**
 * `expr [GLOBAL] [NOT] IN right`. `(a, b)` on the right is a TupleLiteral and `(a)` an expression
 * with `parens`; a table's name is an Identifier.
 */
export interface In extends ExpressionBase {
  readonly kind: 'in'
  readonly not: boolean
  readonly global: boolean
  readonly expr: Expression
  readonly right: Expression
}

export type IntervalUnit =
  | 'NANOSECOND' | 'MICROSECOND' | 'MILLISECOND' | 'SECOND' | 'MINUTE' | 'HOUR'
  | 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'YEAR'

/**
 * `INTERVAL value unit`: ClickHouse's `toIntervalUnit(value)`. `INTERVAL '1 day'` comes as the number
 * 1 with `fromText` (and a text of several units as a TupleLiteral of such intervals); when that
 * text lies in a slot, the number carries the slot, and the unit too depends on the slot's value.
 */
export interface Interval extends ExpressionBase {
  readonly kind: 'interval'
  readonly value: Expression
  readonly unit: IntervalUnit
  readonly fromText?: true
}

/** `(SELECT ...)` as a scalar, on the right of IN, or bare as an argument of `view(SELECT ...)`. */
export interface Subquery extends ExpressionBase {
  readonly kind: 'subquery'
  readonly query: Query
}

/**
 * `EXISTS (SELECT ...)`; NOT EXISTS is a call of `not` around it. Comparisons with ANY (SELECT ...)
 * and ALL (SELECT ...) have no node: they come as ClickHouse rewrites them (`= ANY` as IN, `> ALL`
 * as a comparison with `(SELECT max(*) FROM (...))`).
 */
export interface Exists extends ExpressionBase {
  readonly kind: 'exists'
  readonly query: Query
}

// ------------------------------------------------------------------------------------ windows

/** What stands in `OVER (...)` or after `WINDOW name AS`. `base` names another window. */
export interface WindowDefinition extends Span {
  readonly base: string | null
  readonly partitionBy: readonly Expression[]
  readonly orderBy: readonly OrderItem[]
  readonly frame: WindowFrame | null
}

export interface WindowFrame extends Span {
  readonly unit: 'rows' | 'range' | 'groups'
  readonly start: FrameBound
  readonly finish: FrameBound
}

/** `offset` is null for CURRENT ROW and for UNBOUNDED. */
export interface FrameBound extends Span {
  readonly kind: 'current' | 'unbounded' | 'offset'
  readonly direction: 'preceding' | 'following'
  readonly offset: Expression | null
}

// ------------------------------------------------------------------------------------ queries

export type Query = SelectQuery | SetOperation

/** What stands at the end of the statement, or of a parenthesised query. */
interface QueryBase extends Span {
  /** True when the query stood in its own parentheses. `at`/`end` then include them. */
  readonly parens?: true
  /** FORMAT after the statement (only the outermost query). */
  readonly format?: string
  /** SETTINGS after FORMAT, or after a whole set operation. */
  readonly outerSettings?: readonly Setting[]
}

/** Two or more queries: `a UNION ALL b UNION ALL c` is one node; mixed operators nest. */
export interface SetOperation extends QueryBase {
  readonly kind: 'set'
  readonly operator: SetOperator
  readonly queries: readonly Query[]
}

/** A plain UNION is `union`: what it means is a setting (`union_default_mode`). */
export type SetOperator =
  | 'union' | 'union all' | 'union distinct'
  | 'intersect' | 'intersect all' | 'intersect distinct'
  | 'except' | 'except all' | 'except distinct'

export interface SelectQuery extends QueryBase {
  readonly kind: 'select'
  readonly with: readonly WithItem[]
  readonly recursive: boolean
  readonly distinct: boolean
  /** `DISTINCT ON (...)`; ClickHouse makes `LIMIT 1 BY` of it. */
  readonly distinctOn: readonly Expression[] | null
  /** `TOP n [WITH TIES]` comes as `limit`. */
  readonly select: readonly Expression[]
  readonly from: TableExpression | null
  readonly prewhere: Expression | null
  readonly where: Expression | null
  readonly groupBy: GroupBy | null
  readonly having: Expression | null
  readonly windows: readonly NamedWindow[]
  readonly qualify: Expression | null
  readonly orderBy: OrderBy | null
  readonly limitBy: LimitBy | null
  readonly limit: Limit | null
  readonly settings: readonly Setting[]
}

export type WithItem = WithExpression | WithQuery

/** `WITH expr AS name`: the alias stands on the expression (an identifier may have none). */
export interface WithExpression extends Span {
  readonly kind: 'expression'
  readonly expr: Expression
}

/** `WITH name [(columns)] AS [MATERIALIZED] (SELECT ...)`. */
export interface WithQuery extends Span {
  readonly kind: 'query'
  readonly name: string
  readonly columns: readonly string[]
  readonly materialized: boolean
  readonly query: Query
}

/** `GROUP BY`. WITH TOTALS may also stand without any key. */
export interface GroupBy extends Span {
  readonly keys: readonly Expression[]
  /** GROUP BY ALL: every expression of the SELECT list without aggregates; `keys` is empty. */
  readonly all: boolean
  /** GROUPING SETS, one list of keys per set; `keys` is empty then. */
  readonly sets: readonly (readonly Expression[])[] | null
  readonly rollup: boolean
  readonly cube: boolean
  readonly totals: boolean
}

/** `WINDOW name AS (...)`. */
export interface NamedWindow extends Span {
  readonly name: string
  readonly definition: WindowDefinition
}

/** `ORDER BY items [INTERPOLATE (...)]`, or ORDER BY ALL (then one item, whose expr is null). */
export interface OrderBy extends Span {
  readonly all: boolean
  readonly items: readonly OrderItem[]
  /** Null: no INTERPOLATE; an empty list: INTERPOLATE of every column. */
  readonly interpolate: readonly InterpolateItem[] | null
}

export interface OrderItem extends Span {
  /** Null only in ORDER BY ALL. */
  readonly expr: Expression | null
  readonly descending: boolean
  readonly nulls: 'first' | 'last' | null
  readonly collate: Literal | null
  readonly fill: WithFill | null
}

/** `WITH FILL [FROM a] [TO b] [STEP c] [STALENESS d]`. */
export interface WithFill extends Span {
  readonly from: Expression | null
  readonly to: Expression | null
  readonly step: Expression | null
  readonly staleness: Expression | null
}

/** `name [AS expr]` in INTERPOLATE; without AS, `expr` is null (the last value is kept). */
export interface InterpolateItem extends Span {
  readonly name: string
  readonly expr: Expression | null
}

/** `LIMIT n [OFFSET m] BY expr, ...` (`LIMIT m, n BY` comes the same); `all` is LIMIT n BY ALL. */
export interface LimitBy extends Span {
  readonly limit: Expression
  readonly offset: Expression | null
  readonly by: readonly Expression[]
  readonly all: boolean
}

/** `LIMIT n [OFFSET m] [WITH TIES]`, `OFFSET m ROWS FETCH FIRST n ROWS ONLY`, `TOP n`. */
export interface Limit extends Span {
  readonly limit: Expression | null
  readonly offset: Expression | null
  readonly withTies: boolean
}

/**
 * `name = value` after SETTINGS; a bare name comes as `name = true`. The value is a literal, a query
 * parameter, a call of `map` (form operator) for `{'k': 'v'}`, or null for DEFAULT.
 */
export interface Setting extends Span {
  readonly name: string
  readonly value: Expression | null
}

// ------------------------------------------------------------------------------------- tables

export type TableExpression = TableName | TableFunction | TableSubquery | Join | ArrayJoin

/** What one table (not a join) may carry. */
interface TableBase extends Span {
  readonly alias?: string
  /** `AS t (a, b)`: new names of the columns. */
  readonly columnAliases?: readonly string[]
  readonly final: boolean
  readonly sample: Sample | null
}

/** `t`, `db.t`; a part given by a query parameter stands as written, '{name:Identifier}'. */
export interface TableName extends TableBase {
  readonly kind: 'table'
  readonly parts: readonly string[]
}

/** `numbers(10)`, `values('a Int32', 1)`; an argument may be a query (`view(SELECT 1)`). */
export interface TableFunction extends TableBase {
  readonly kind: 'table function'
  readonly name: string
  readonly args: readonly Expression[]
  readonly settings: readonly Setting[]
}

/**
 * `(SELECT ...) AS t`. Parenthesised joins and VALUES come as ClickHouse rewrites them:
 * `(a JOIN b USING x)` as `(SELECT * FROM a JOIN b USING x)`, `(VALUES (1), (2))` as
 * `(SELECT * FROM SQLStandardValues((1), (2)))`.
 */
export interface TableSubquery extends TableBase {
  readonly kind: 'table subquery'
  readonly query: Query
}

/** `SAMPLE 1/10 OFFSET 1/2`: ratios as exact text (`0.1`, `1/10`, `100000`). */
export interface Sample extends Span {
  readonly ratio: string
  readonly offset: string | null
  /** Slots that its numbers lie in. */
  readonly slots: readonly number[]
}

export type JoinKind = 'inner' | 'left' | 'right' | 'full' | 'cross' | 'comma' | 'paste'
export type JoinStrictness = 'any' | 'all' | 'asof' | 'semi' | 'anti'

/** Joins lean left, as written: `a JOIN b JOIN c` is Join(Join(a, b), c). */
export interface Join extends Span {
  readonly kind: 'join'
  readonly join: JoinKind
  /** Null: not written; ClickHouse then takes the setting `join_default_strictness` (ALL). */
  readonly strictness: JoinStrictness | null
  readonly locality: 'global' | 'local' | null
  readonly left: TableExpression
  readonly right: TableExpression
  readonly on: Expression | null
  /** `USING (a, b)`. */
  readonly using: readonly Expression[] | null
  /** NATURAL JOIN: on all columns of the same name. */
  readonly natural: boolean
}

/** `left [LEFT] ARRAY JOIN expr AS a, ...`. */
export interface ArrayJoin extends Span {
  readonly kind: 'array join'
  readonly outer: boolean
  readonly left: TableExpression
  readonly items: readonly Expression[]
}

// --------------------------------------------------------------------------------- statements

export type ExplainKind = 'plan' | 'ast' | 'syntax' | 'query tree' | 'pipeline' | 'estimate'

/** What /v0/sql accepts: a query, or EXPLAIN of one. */
export interface Statement extends Span {
  readonly query: Query
  /** Null: no EXPLAIN. The kind is `plan` when EXPLAIN stands alone. */
  readonly explain: { readonly kind: ExplainKind; readonly settings: readonly Setting[] } | null
}
