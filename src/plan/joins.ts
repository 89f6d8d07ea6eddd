// JOIN in FROM: names of both sides, ON and USING, and what the kinds of ClickHouse mean. `t.*`,
// bare names and the columns of USING follow ClickHouse's analyzer (single_join_prefer_left_table).
//
//   left -> right -> ON over both | USING: keys cast to a common type -> join-node.ts
//
// Invariant: a column of USING is one column for both tables; `t.a` still means the table's own.

import { bareType, isNullable, type DataType } from '../../storage/column/data-type.ts'
import { isLarge } from '../../storage/column/large.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { leastSupertype, nullableIfPossible } from '../functions/values/types.ts'
import { isVariant } from '../functions/values/variant-fields.ts'
import { defaultValue } from '../functions/values/values.ts'
import type { Expression, Join, TableExpression } from '../sql/ast.ts'
import { isCondition, refuseAggregates } from './aggregates.ts'
import { notYet, unknownName, withSpan } from './errors.ts'
import { resolve } from './expressions.ts'
import { madeFor, refuseOther } from './join-tables.ts'
import { asKey, equalityOf, joinOf, keyType, sideOf } from './join-node.ts'
import { lower, mapColumns, sourceLeaf } from './lower.ts'
import { allColumns, conjunction, conjunctsOf } from './nodes.ts'
import {
  QueryError, type AsofCondition, type JoinKind, type JoinStrictness, type PlanNode, type TypedExpr,
} from './plan.ts'
import { NO_TABLE, syntaxChildren, type Scope, type Source, type SourceColumn } from './scope.ts'
import { numbered } from './set-operations.ts'
import { castColumns } from './sets.ts'
import { totalsOfJoin } from './totals.ts'

type Origin = { readonly node: PlanNode; readonly source: Source }
type PlanFrom = (scope: Scope, from: TableExpression) => Origin

/** `planFrom` is handed in: a side may be a join, a subquery … */
export function planJoin(scope: Scope, join: Join, planFrom: PlanFrom): Origin {
  const left = planFrom(scope, join.left)
  const right = planFrom(scope, join.right)
  if (join.join === 'paste') return pasted(scope, left, right)
  const written: JoinKind = join.join === 'cross' || join.join === 'comma' ? 'inner' : join.join
  const isAny = join.join !== 'cross' && join.join !== 'comma'
    && scope.analysis.setting('join_default_strictness') === 'ANY'
  const strictness = join.strictness ?? (isAny ? 'any' : 'all')
  const isOneSided = (strictness === 'semi' || strictness === 'anti') && written === 'inner'
  const kind = isOneSided ? 'left' : written
  if (strictness === 'any' && kind === 'full') throw notYet('ANY FULL JOIN', join)
  if ((strictness === 'semi' || strictness === 'anti') && kind === 'full') {
    throw notYet(`${strictness.toUpperCase()} FULL JOIN`, join)
  }
  if (strictness === 'asof' && (kind === 'right' || kind === 'full')) {
    throw notYet(`ASOF ${kind.toUpperCase()} JOIN`, join)
  }
  const made = madeFor(scope, join, right.node)
  const using = join.natural ? commonNames(left.source, right.source) : join.using?.map(nameInUsing)
  const sides = { left, right, join, kind, strictness }
  const joined = using === undefined ? joinOn(scope, sides) : joinUsing(scope, sides, using)
  if (made !== null) refuseOther(made, join, sides, joined.node)
  return joined
}

/** PASTE JOIN: the first row of one side with the first of the other, and so on. */
function pasted(scope: Scope, left: Origin, right: Origin): Origin {
  const [leftCount, rightCount] = [left, right].map(({ node }) => node.columns.length)
  const place = (index: number): TypedExpr => ({ kind: 'column', index, type: 'UInt64' })
  const joined = joinOf({
    kind: 'inner', strictness: 'all', left: numbered(left.node, []), right: numbered(right.node, []),
    types: null, asof: null, condition: equals(place(leftCount), place(leftCount + 1 + rightCount)),
  })
  const sorted: PlanNode = {
    op: 'sort', input: joined, limit: null, columns: joined.columns,
    keys: [{ index: leftCount, descending: false, nullsFirst: false }],
  }
  const kept = [...joined.columns.keys()]
    .filter((index) => index !== leftCount && index !== leftCount + 1 + rightCount)
  const node: PlanNode = {
    op: 'project', input: sorted, columns: kept.map((index) => joined.columns[index]),
    exprs: kept.map((index) => allColumns(joined)[index]),
  }
  totalsOfJoin(scope.analysis, node, left.node, right.node)
  return { node, source: typed(bothSources(left.source, right.source), node) }
}

type Sides = {
  readonly left: Origin; readonly right: Origin; readonly join: Join
  readonly kind: JoinKind; readonly strictness: JoinStrictness
}

/** Columns of both, tables of both. */
const bothSources = (left: Source, right: Source): Source => ({
  columns: [...left.columns, ...right.columns.map((column) => moved(column, left))],
  tables: [...left.tables, ...right.tables],
})

const moved = (column: SourceColumn, left: Source): SourceColumn =>
  (column.table === NO_TABLE ? column : { ...column, table: column.table + left.tables.length })

// ----------------------------------------------------------------------------------------- ON

function joinOn(scope: Scope, sides: Sides): Origin {
  const { left, right, join, kind, strictness } = sides
  const source = bothSources(left.source, right.source)
  const leftCount = left.node.columns.length
  const whole = join.on === null ? null : onCondition(scope.over(source), join.on, leftCount)
  let condition = whole
  let asof = null
  if (strictness === 'asof') {
    const found = asofOf(whole === null ? [] : conjunctsOf(whole), leftCount, join)
    condition = conjunction(found.rest)
    asof = found.asof
  }
  const types = outputTypes(scope, sides)
  const pushed = ownConditions(sides, condition)
  const node = joinOf({
    ...pushed, kind, strictness, types,
    asof: asof === null ? null
      : { ...asof, right: mapColumns(asof.right, (index) => index - leftCount) },
  })
  const result = oncePerKey(node, sides)
  totalsOfJoin(scope.analysis, result, left.node, right.node)
  return { node: result, source: typed(source, node) }
}

/** What ON asks of one side alone decides which of its rows can match at all. Where rows without a
 * match are dropped, it is a filter of that side. */
function ownConditions(
  { left, right, kind }: Sides, condition: TypedExpr | null,
): { left: PlanNode; right: PlanNode; condition: TypedExpr | null } {
  const leftCount = left.node.columns.length
  const rest: TypedExpr[] = []
  const own: { left: TypedExpr[]; right: TypedExpr[] } = { left: [], right: [] }
  const isDropped = {
    left: kind === 'inner' || kind === 'right', right: kind === 'inner' || kind === 'left',
  }
  for (const part of condition === null ? [] : conjunctsOf(condition)) {
    const side = sideOf(part, leftCount)
    if (side === 'left' && isDropped.left) own.left.push(part)
    else if (side === 'right' && isDropped.right) {
      own.right.push(mapColumns(part, (i) => i - leftCount))
    } else rest.push(part)
  }
  return {
    left: filtered(left.node, own.left), right: filtered(right.node, own.right),
    condition: conjunction(rest),
  }
}

function filtered(input: PlanNode, conditions: readonly TypedExpr[]): PlanNode {
  const condition = conjunction(conditions)
  return condition === null ? input : { op: 'filter', input, condition, columns: input.columns }
}

function onCondition(scope: Scope, expr: Expression, leftCount: number): TypedExpr {
  if (expr.kind === 'call' && expr.name === 'and') {
    return conjunction(expr.args.flatMap((arg) => conjunctsOf(onCondition(scope, arg, leftCount)))) as TypedExpr
  }
  const same = expr.kind === 'call' && expr.name === 'equals' ? sameVariants(scope, expr.args, leftCount) : null
  if (same !== null) return same
  const value = resolve(scope, expr)
  refuseAggregates(value, 'JOIN ON')
  if (!isCondition(value.type)) {
    throw new QueryError(`The condition of JOIN ON is ${value.type.name}: it must be a number or `
      + 'Bool', expr, 'ILLEGAL_TYPE_OF_COLUMN_FOR_FILTER')
  }
  return lower(scope.analysis, value, sourceLeaf)
}

/** An equality of Variants of one type, one of each side: a key as any other; null: another condition. Elsewhere
 * Variants are compared alternative by alternative. */
function sameVariants(scope: Scope, sides: readonly Expression[], leftCount: number): TypedExpr | null {
  // What is resolved here is resolved once more where it is none: a subquery would be two.
  if (sides.some(asksMore)) return null
  const values = sides.map((side) => resolve(scope, side))
  if (values.length !== 2 || !isVariant(values[0].type) || values[0].type !== values[1].type) return null
  for (const value of values) refuseAggregates(value, 'JOIN ON')
  const [a, b] = values.map((value) => lower(scope.analysis, value, sourceLeaf))
  const condition = equals(a, b)
  return equalityOf(condition, leftCount) === null ? null : condition
}

const asksMore = (expr: Expression): boolean =>
  ['subquery', 'exists', 'in'].includes(expr.kind) || syntaxChildren(expr).some(asksMore)

type Asof = { readonly left: TypedExpr; readonly right: TypedExpr; readonly op: AsofCondition['op'] }

const MIRRORED: Readonly<Record<string, AsofCondition['op']>> = {
  less: 'greater', greater: 'less', lessOrEquals: 'greaterOrEquals', greaterOrEquals: 'lessOrEquals',
}

/** The one inequality of ASOF: which row is the nearest. */
function asofOf(
  conjuncts: readonly TypedExpr[], leftCount: number, join: Join,
): { asof: Asof; rest: TypedExpr[] } {
  const isNearest = (part: TypedExpr): part is Extract<TypedExpr, { kind: 'call' }> =>
    part.kind === 'call' && part.name in MIRRORED
    && part.args.map((arg) => sideOf(arg, leftCount)).sort().join() === 'left,right'
  const [nearest] = conjuncts.filter(isNearest)
  if (nearest === undefined) {
    throw new QueryError('ASOF JOIN needs one inequality between its tables in ON, such as '
      + 'l.time >= r.time', join, 'INVALID_JOIN_ON_EXPRESSION')
  }
  if (conjuncts.filter(isNearest).length > 1) {
    throw new QueryError('ASOF JOIN takes one inequality between its tables in ON', join,
      'INVALID_JOIN_ON_EXPRESSION')
  }
  const isOrdered = sideOf(nearest.args[0], leftCount) === 'left'
  const [left, right] = isOrdered ? nearest.args : [nearest.args[1], nearest.args[0]]
  const op = isOrdered ? nearest.name as AsofCondition['op'] : MIRRORED[nearest.name]
  return {
    asof: sameType({ left, right, op }, join),
    rest: conjuncts.filter((part) => part !== nearest),
  }
}

/** Both sides of ASOF in one type, a number of some kind. */
function sameType(asof: Asof, join: Join): Asof {
  const types = [asof.left, asof.right].map(({ type }) => parseDataType(type))
  const common = keyType(types[0], types[1])
  if (common === null || isLarge(bareType(common))
    || /^(String|FixedString|UUID|IPv6|Array|Tuple|Map)/.test(common.name)) {
    throw new QueryError(`ASOF JOIN compares numbers, dates and times, not ${types[0].name} with `
      + types[1].name, join, 'NOT_IMPLEMENTED')
  }
  return { ...asof, left: asKey(asof.left, common), right: asKey(asof.right, common) }
}

// -------------------------------------------------------------------------------------- USING

function nameInUsing(expr: Expression): { name: string; expr: Expression } {
  if (expr.kind !== 'identifier') {
    throw new QueryError('USING takes names of columns', expr, 'UNSUPPORTED_METHOD')
  }
  return { name: expr.parts.at(-1) as string, expr }
}

function commonNames(left: Source, right: Source): { name: string; expr: null }[] {
  const names = new Set(right.columns.map(({ name }) => name))
  return [...new Set(left.columns.map(({ name }) => name))].filter((name) => names.has(name))
    .map((name) => ({ name, expr: null }))
}

type UsingKey = {
  readonly name: string; readonly left: number; readonly right: number; readonly type: DataType
}

function joinUsing(
  scope: Scope, sides: Sides, names: readonly { name: string; expr: Expression | null }[],
): Origin {
  const { join, kind, strictness } = sides
  const keys = names.map(({ name, expr }): UsingKey => {
    const [left, right] = [sides.left, sides.right].map((side, i) => {
      const found = scope.over(side.source).findColumn([name])
      if (found !== null) return found.index
      throw unknownName(`column of the ${i === 0 ? 'left' : 'right'} table`, name,
        side.source.columns.map((column) => column.name), expr ?? join, 'UNKNOWN_IDENTIFIER')
    })
    const types = [sides.left.source.columns[left].type, sides.right.source.columns[right].type]
    return { name, left, right, type: withSpan(expr ?? join, () => leastSupertype(types)) }
  })
  const left = castKeys(sides.left, keys.map(({ left: index, type }) => [index, type]), join)
  const right = castKeys(sides.right, keys.map(({ right: index, type }) => [index, type]), join)
  const leftCount = left.node.columns.length
  const cast = { left, right, join, kind, strictness }
  const source = bothSources(left.source, right.source)
  const equal = keys.map((key) => equals(
    column(left.node, key.left), { ...column(right.node, key.right), index: leftCount + key.right }))
  let asof: Asof | null = null
  if (strictness === 'asof') {
    const last = keys.at(-1) as UsingKey
    equal.pop()
    asof = sameType({
      left: column(left.node, last.left), right: column(right.node, last.right), op: 'greaterOrEquals',
    }, join)
  }
  const joined = oncePerKey(joinOf({
    left: left.node, right: right.node, kind, strictness, condition: conjunction(equal), asof,
    types: outputTypes(scope, cast),
  }), cast)
  return merged(joined, source, keys, leftCount, kind)
}

type ColumnExpr = Extract<TypedExpr, { kind: 'column' }>

const column = (node: PlanNode, index: number): ColumnExpr =>
  ({ kind: 'column', index, type: node.columns[index].type })

const equals = (left: TypedExpr, right: TypedExpr): TypedExpr =>
  ({ kind: 'call', name: 'equals', args: [left, right], type: 'UInt8', span: { at: 0, end: 0 } })

function castKeys(
  { node, source }: Origin, keys: readonly (readonly [number, DataType])[], join: Join,
): Origin {
  const types = source.columns.map((one) => one.type)
  for (const [index, type] of keys) types[index] = type
  return {
    node: castColumns(node, types, { at: join.at, end: join.end }),
    source: { ...source, columns: source.columns.map((one, i) => ({ ...one, type: types[i] })) },
  }
}

/** In front of the columns of both: those of USING, which hide the tables' own from bare names. */
function merged(
  node: PlanNode, both: Source, keys: readonly UsingKey[], leftCount: number, kind: JoinKind,
): Origin {
  const source = typed(both, node)
  const values = keys.map((key) =>
    usingValue(column(node, key.left), column(node, leftCount + key.right), kind))
  const hidden = new Set(keys.flatMap((key) => [key.left, leftCount + key.right]))
  return {
    node: {
      op: 'project', input: node, exprs: [...values, ...allColumns(node)],
      columns: [...keys.map(({ name }, i) => ({ name, type: values[i].type })), ...node.columns],
    },
    source: {
      tables: source.tables,
      columns: [
        ...keys.map(({ name }, i) => ({ name, type: parseDataType(values[i].type), table: NO_TABLE })),
        ...source.columns.map((one, i) => (hidden.has(i)
          ? { ...one, isMerged: true, isReplaced: kind === 'right' } : one)),
      ],
    },
  }
}

/** The side that a row surely has; of FULL the left one unless it is missing, which shows as its
 * default (a row whose left side has the default then has it on the right too, or nothing). */
function usingValue(left: TypedExpr, right: TypedExpr, kind: JoinKind): TypedExpr {
  if (kind !== 'full') return kind === 'right' ? right : left
  const type = parseDataType(left.type)
  const span = { at: 0, end: 0 }
  if (isNullable(type)) {
    return { kind: 'call', name: 'coalesce', args: [left, right], type: left.type, span }
  }
  const none: TypedExpr = { kind: 'literal', value: defaultValue(type), type: left.type, slot: -1 }
  return { kind: 'call', name: 'if', args: [equals(left, none), right, left], type: left.type, span }
}

// -------------------------------------------------------------------------------------- shared

/** Types after the join: with join_use_nulls a side that may be missing is Nullable. */
function outputTypes(scope: Scope, { left, right, kind }: Sides): string[] | null {
  if (!scope.analysis.isSet('join_use_nulls')) return null
  const wrap = ({ node }: Origin, isOptional: boolean) => node.columns.map(({ type }) =>
    (isOptional ? nullableIfPossible(parseDataType(type)).name : type))
  return [...wrap(left, kind === 'right' || kind === 'full'),
    ...wrap(right, kind === 'left' || kind === 'full')]
}

const typed = (source: Source, node: PlanNode): Source => ({
  ...source,
  columns: source.columns.map((one, i) => ({ ...one, type: parseDataType(node.columns[i].type) })),
})

/** ANY INNER JOIN gives one row for each key, of the left side as of the right. */
function oncePerKey(node: PlanNode, { kind, strictness }: Sides): PlanNode {
  if (strictness !== 'any' || kind !== 'inner') return node
  if (node.op === 'project') return { ...node, input: oncePerKeyOf(node.input) }
  return oncePerKeyOf(node)
}

function oncePerKeyOf(node: PlanNode): PlanNode {
  if (node.op !== 'join' || node.on.length !== 1 || node.on[0].keys.length === 0) return node
  return {
    op: 'limit-by', input: node, keys: node.on[0].keys.map((key) => key.left), columns: node.columns,
    limit: { value: 1, slot: -1 }, offset: { value: 0, slot: -1 },
  }
}

