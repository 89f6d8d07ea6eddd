// Syntax to resolved expressions: names looked up, sugar (CASE, BETWEEN, INTERVAL, ::) turned into
// calls, calls typed. One case per kind of node; what a kind needs beyond that has a file of its
// own.

import { bareType, BOOL, DYNAMIC, isNullable, STRING, UINT64, type DataType } from '../../storage/column/data-type.ts'
import { DataTypeError, parseDataType } from '../../storage/column/parse-type.ts'
import { quoteText } from '../../storage/column/type-names.ts'
import { nullableIfPossible } from '../functions/values/types.ts'
import { isVariant } from '../functions/values/variant-fields.ts'
import type {
  ArrayLiteral, Case, Cast, Exists, Expression, FunctionCall, Identifier, In, Interval,
  Literal as LiteralNode, TupleLiteral,
} from '../sql/ast.ts'
import type { Analysis } from './analysis.ts'
import { typedArrayJoin } from './array-join.ts'
import { aggregateNamed, typedAggregate } from './aggregates.ts'
import { checkArity, inSession, typedCall } from './calls.ts'
import { typedCase } from './cases.ts'
import { COMPARISONS, typedComparison } from './compare.ts'
import { typedCorrelated } from './correlated.ts'
import { CorrelatedQuery } from './correlated-domain.ts'
import { nearestName } from '../sql/suggest.ts'
import { unknownName } from './errors.ts'
import { foldValue } from './fold.ts'
import { JOIN_GET, typedJoinGet } from './join-get.ts'
import { calledLambda, typedHigherOrder, withLambdas } from './lambdas.ts'
import { literalValue } from './literals.ts'
import { expandStars, nameOf } from './names.ts'
import { formattedRow, jsonBySettings, textBySettings } from './output-settings.ts'
import { QueryError, type Span } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import { constant, isConstant, keyOf, type Resolved } from './resolved.ts'
import { syntaxChildren, type Scope } from './scope.ts'
import { typedInList } from './sets.ts'
import { partOf, typedSubcolumn } from './subcolumns.ts'
import { settingValue } from './settings.ts'
import { checkAlternatives } from './variants.ts'
import { typedWindow, windowOnly } from './windows.ts'
import { tableQuery, typedExists, typedInQuery, typedScalar } from './subqueries.ts'

/** The meaning of an expression in a scope. Throws QueryError. */
export function resolve(scope: Scope, expr: Expression): Resolved {
  // Through its alias, so that inside of `toDate(ts) AS ts` the name is the column.
  const isAlias = expr.alias !== undefined && scope.aliases.get(expr.alias) === expr
  const known = isAlias ? resolveAlias(scope, expr.alias as string, true) : null
  return asKey(scope, known ?? resolvePlain(scope, expr))
}

/** A key of GROUP BY may be NULL above it where sets leave it out. */
function asKey(scope: Scope, value: Resolved): Resolved {
  if (scope.nullKeys === null || isNullable(value.type) || !scope.nullKeys.has(keyOf(value, false))
    || nullableIfPossible(value.type) === value.type) return value
  return typedCall(scope.analysis, 'toNullable', [value], { at: 0, end: 0 })
}

function resolvePlain(scope: Scope, expr: Expression): Resolved {
  const call = (name: string, args: readonly Resolved[]) =>
    typedCall(scope.analysis, name, args, expr)
  switch (expr.kind) {
    case 'literal': return resolveLiteral(expr)
    case 'identifier': return resolveIdentifier(scope, expr)
    case 'call': return resolveCall(scope, expr)
    case 'array': case 'tuple': return call(expr.kind, resolveAll(scope, itemsOf(scope, expr)))
    case 'case': return resolveCase(scope, expr)
    case 'cast': return resolveCast(scope, expr)
    case 'between': {
      const [value, low, high] = [expr.expr, expr.low, expr.high]
        .map((part) => resolve(scope, part))
      const compare = (name: string, bound: Resolved) =>
        typedComparison(scope.analysis, name, value, bound, expr)
      return expr.not ? call('or', [compare('less', low), compare('greater', high)])
        : call('and', [compare('greaterOrEquals', low), compare('lessOrEquals', high)])
    }
    case 'in': return resolveIn(scope, expr)
    case 'interval': return resolveInterval(scope, expr)
    case 'subquery':
      return orCorrelated(() => typedScalar(scope, expr), () =>
        typedCorrelated(scope, expr.query, expr, resolve, false))
    case 'exists':
      return orCorrelated(() => typedExists(scope, expr), () => existing(scope, expr))
    case 'lambda':
      throw new QueryError('A lambda can only be an argument of a function such as arrayMap', expr,
        'BAD_ARGUMENTS')
    case 'asterisk': case 'columns':
      throw new QueryError('* can only stand in the SELECT list or as arguments of a function',
        expr, 'UNSUPPORTED_METHOD')
    case 'parameter':
      throw new QueryError(`Substitution {${expr.name}:${expr.type}} has no value`, expr,
        'UNKNOWN_QUERY_PARAMETER')
    default: return expr satisfies never
  }
}

/** The plain meaning of a subquery, or the one that it has row by row. */
function orCorrelated(plain: () => Resolved, byRow: () => Resolved): Resolved {
  try {
    return plain()
  } catch (error) {
    if (error instanceof CorrelatedQuery) return byRow()
    throw error
  }
}

/** EXISTS over a correlated subquery: 1 where a row was found. */
function existing(scope: Scope, expr: Exists): Resolved {
  const found = typedCorrelated(scope, expr.query, expr, resolve, true)
  return typedCall(scope.analysis, 'ifNull', [found, constant(0)], expr)
}

/** Several expressions; stars among them are expanded. */
export const resolveAll = (scope: Scope, list: readonly Expression[]): Resolved[] =>
  list.flatMap((expr) => (expr.kind === 'asterisk' || expr.kind === 'columns'
    || (expr.kind === 'call' && expr.name === 'untuple')
    ? expandStars([expr], scope).map((item) => resolve(scope, item.expr)) : [resolve(scope, expr)]))

function resolveLiteral(node: LiteralNode): Resolved {
  const { value, type } = literalValue(node)
  return { kind: 'literal', value, type, slot: -1, source: node.slot ?? -1 }
}

// ------------------------------------------------------------------------------------- names

function resolveIdentifier(scope: Scope, expr: Identifier): Resolved {
  const { parts } = expr
  const star = scope.starColumns.get(expr)
  if (star !== undefined) return columnAt(scope, star, expr)
  const parameter = lambdaParameter(scope, parts[0])
  if (parameter !== null) return elementsOf(scope, parameter, parts.slice(1), expr)
  if (parts.length === 1 && !(scope.prefersColumns && scope.findColumn(parts) !== null)) {
    const alias = aliasOrColumn(scope, parts[0])
    if (alias !== null) return alias
  }
  const column = scope.findColumn(parts)
  if (column?.isAmbiguous === true) {
    throw new QueryError(`Column '${parts.join('.')}' is ambiguous: several tables have it; write `
      + 'the table before it', expr, 'AMBIGUOUS_IDENTIFIER')
  }
  if (column !== null) {
    return elementsOf(scope, columnAt(scope, column.index, expr), parts.slice(column.used), expr)
  }
  const alias = parts.length > 1 ? resolveAlias(scope, parts[0]) : null
  if (alias !== null) return elementsOf(scope, alias, parts.slice(1), expr)
  const outer = resolveOuter(scope, expr)
  if (outer !== null) return outer
  throw unknownColumn(scope, expr)
}

function unknownColumn(scope: Scope, expr: Identifier): QueryError {
  const name = expr.parts.join('.')
  if (scope.resolving.has(name)) {
    return new CircularAlias(`The alias '${name}' refers to itself, and there is no column '${name}'`,
      expr, 'UNKNOWN_IDENTIFIER')
  }
  const last = expr.parts.at(-1) as string
  const table = expr.parts.length > 1 ? scope.columnsOfTable(expr.parts.at(-2) as string) : []
  if (table.length > 0) {
    const near = nearestName(last, table)
    const hint = near === null ? '' : `. Did you mean '${expr.parts.at(-2)}.${near}'?`
    return new QueryError(`Unknown column '${name}'${hint}`, expr, 'UNKNOWN_IDENTIFIER')
  }
  const known = scope.knownNames()
  return known.includes(last)
    ? new QueryError(`Unknown column '${name}'. Did you mean '${last}'?`, expr, 'UNKNOWN_IDENTIFIER')
    : unknownName('column', name, known, expr, 'UNKNOWN_IDENTIFIER')
}

function columnAt(scope: Scope, index: number, span: Span): Resolved {
  const { name, type } = scope.source.columns[index]
  return { kind: 'column', index, type, name, span }
}

function lambdaParameter(scope: Scope, name: string): Resolved | null {
  for (const frame of [...scope.lambdas].reverse()) {
    const position = frame.names.indexOf(name)
    if (position >= 0 && frame.values !== undefined) return frame.values[position]
    if (position >= 0) {
      return { kind: 'parameter', lambda: frame.id, position, type: frame.types[position] }
    }
  }
  return null
}

/** The expression of an alias; null where it leads in a circle and a column has the name: `id AS x, x AS id`
 * are both the column id. */
function aliasOrColumn(scope: Scope, name: string): Resolved | null {
  try {
    return resolveAlias(scope, name)
  } catch (error) {
    const isName = scope.aliases.get(name)?.kind === 'identifier'
    if (error instanceof CircularAlias && isName && scope.findColumn([name]) !== null) return null
    throw error
  }
}

/** An alias that refers to itself. */
class CircularAlias extends QueryError {}

/** The expression of an alias; null inside of itself, where the name means a column. `isItself`: at its
 * own place, not by its name. */
function resolveAlias(scope: Scope, name: string, isItself = false): Resolved | null {
  const expr = scope.aliases.get(name)
  if (expr === undefined) return null
  if (scope.resolving.has(name)) {
    // In its own expression a name always means the column; further in, only while this is resolved.
    if ([...scope.resolving].at(-1) !== name) scope.asColumns.add(name)
    return null
  }
  const known = scope.resolved.get(name)
  if (known !== undefined && !(isItself && scope.cyclic.has(name))) return known
  const { lambdas, asColumns } = scope
  scope.lambdas = []
  scope.asColumns = new Set()
  scope.resolving.add(name)
  try {
    const resolved = resolvePlain(scope, expr)
    scope.analysis.countAlias(resolved, expr)
    // Where names mean each other (`a AS b, b AS a`), the first look-up by name counts for all others,
    // and each at its own place is resolved anew, as ClickHouse does it.
    if (scope.asColumns.size === 0 || !isItself) scope.resolved.set(name, resolved)
    if (scope.asColumns.size > 0) scope.cyclic.add(name)
    scope.asColumns.delete(name)
    return resolved
  } finally {
    scope.resolving.delete(name)
    scope.lambdas = lambdas
    scope.asColumns = new Set([...asColumns, ...scope.asColumns])
  }
}

/** A name of a query around. An alias (`WITH x + 1 AS y SELECT … FROM (SELECT y …)`) stands for its text,
 * whose names mean what they mean here; only where a name in it is of the query around it is a column of that. */
function resolveOuter(scope: Scope, expr: Identifier): Resolved | null {
  const [name] = expr.parts
  for (let { parent } = scope; parent !== null; { parent } = parent) {
    const text = parent.aliases.get(name)
    const isText = text !== undefined && text.kind !== 'subquery' && !scope.resolving.has(name)
    if (isText) return adopted(scope, name, text, expr)
    if (text === undefined && parent.findColumn(expr.parts) === null) continue
    const resolved = resolveIdentifier(parent, expr)
    if (isConstant(resolved)) return resolved
    throw new CorrelatedQuery(expr)
  }
  return null
}

/** What the alias of a query around means as an alias of this one. */
function adopted(scope: Scope, name: string, text: Expression, expr: Identifier): Resolved | null {
  scope.aliases.set(name, text)
  try {
    const value = resolveAlias(scope, name)
    return value === null ? null : elementsOf(scope, value, expr.parts.slice(1), expr)
  } catch (error) {
    scope.aliases.delete(name)
    throw error instanceof CorrelatedQuery ? new CorrelatedQuery(expr) : error
  }
}

/** The part of a value that names behind its own mean. */
const elementsOf = (scope: Scope, value: Resolved, parts: readonly string[], expr: Identifier): Resolved =>
  partOf(scope.analysis, value, parts, expr, () => unknownColumn(scope, expr))

// ------------------------------------------------------------------------------------- calls

function resolveCall(scope: Scope, expr: FunctionCall): Resolved {
  const text = () => scope.analysis.slots.unnoted(() => nameOf({ ...expr, alias: undefined }, scope))
  const lambda = scope.findLambda(expr.name)
  if (lambda !== null) return calledLambda(scope, expr, lambda, resolve)
  if (windowOnly(expr.name) !== null) {
    if (expr.over !== undefined) return typedWindow(scope, expr, null, resolve, text())
    throw new QueryError(`Function ${expr.name} is a window function: it needs OVER (…)`, expr,
      'BAD_ARGUMENTS')
  }
  const aggregate = aggregateNamed(respecting(expr, aggregateAlias(expr)))
  if (aggregate !== null) {
    const isCount = aggregate.def.name === 'count'
    const args = expr.args.filter((arg) => !(isCount && arg.kind === 'asterisk'))
    const make = () => typedAggregate(scope.analysis, {
      text: text(), name: aggregate, isOverWindow: expr.over !== undefined,
      args: resolveAll(scope, args), params: resolveAll(scope, expr.params ?? []),
      isDistinct: expr.distinct === true,
      filter: expr.filter === undefined ? null : resolve(scope, expr.filter), span: expr,
    })
    const typed = expr.over === undefined ? scope.belowGroups(make) : make()
    return inSession(scope.analysis,
      expr.over === undefined ? typed : typedWindow(scope, expr, typed, resolve, text()), expr)
  }
  if (expr.over !== undefined) {
    throw new QueryError(`${expr.name} is neither an aggregate nor a window function: it cannot have `
      + 'OVER', expr, 'UNKNOWN_AGGREGATE_FUNCTION')
  }
  if (expr.params !== null || expr.distinct === true || expr.filter !== undefined) {
    throw new QueryError(`${expr.name} is not an aggregate function: it takes no parameters, `
      + 'DISTINCT or FILTER', expr, 'FUNCTION_CANNOT_HAVE_PARAMETERS')
  }
  return resolvePlainCall(scope, expr)
}

/** first_value and last_value are any and anyLast. */
const aggregateAlias = ({ name }: FunctionCall): string => {
  const lower = name.toLowerCase()
  return lower === 'first_value' ? 'any' : lower === 'last_value' ? 'anyLast' : name
}

/** RESPECT NULLS makes another function of any and anyLast; no other has it. */
function respecting(expr: FunctionCall, name: string): string {
  if (expr.nulls !== 'respect' || expr.over !== undefined) return name
  const found = aggregateNamed(name)?.def.name
  if (found === 'any' || found === 'anyLast') return `${found}_respect_nulls`
  throw new QueryError(`Function ${expr.name} does not take RESPECT NULLS`, expr, 'NOT_IMPLEMENTED')
}

const NULL_IN = /^(null|notNull|globalNull|globalNotNull)In$/

/** nullIn and its kin: IN with an answer for NULL, which ClickHouse finds in no set. */
function typedNullIn(scope: Scope, expr: FunctionCall): Resolved {
  const { analysis } = scope
  if (expr.args.length !== 2) {
    throw new QueryError(`Function ${expr.name} takes 2 arguments, not ${expr.args.length}`, expr, 'NUMBER_OF_ARGUMENTS_DOESNT_MATCH')
  }
  const found = resolveIn(scope, {
    kind: 'in', not: false, global: false, expr: expr.args[0], right: expr.args[1], at: expr.at, end: expr.end,
  })
  const known = typedCall(analysis, 'ifNull', [found, constant(0)], expr)
  return /not/i.test(expr.name) ? typedCall(analysis, 'not', [known], expr) : known
}

function resolvePlainCall(scope: Scope, written: FunctionCall): Resolved {
  const { analysis } = scope
  const expr = withLambdas(scope, written)
  if (expr.args.some((arg) => arg.kind === 'lambda')) return typedHigherOrder(scope, expr, resolve)
  if (/^(in|notIn|globalIn|globalNotIn)$/.test(expr.name) && expr.args.length === 2) {
    return resolveIn(scope, {
      kind: 'in', not: expr.name.toLowerCase().endsWith('notin'), global: false, expr: expr.args[0],
      right: expr.args[1], at: expr.at, end: expr.end,
    })
  }
  if (NULL_IN.test(expr.name)) return typedNullIn(scope, expr)
  if (JOIN_GET.test(expr.name)) return typedJoinGet(scope, expr, resolve)
  if (expr.name === 'rowNumberInAllBlocks' && expr.args.length === 0) return rowNumber(scope, expr)
  const args = resolveAll(scope, expr.args)
  if (/^formatRow(NoNewline)?$/.test(expr.name)) {
    return formattedRow(analysis, expr.name, args, expandStars(expr.args.slice(1), scope).map(({ name }) => name), expr)
  }
  if (/^getSetting(OrDefault)?$/.test(expr.name)) return typedSetting(analysis, args, expr)
  if ((expr.name === 'arrayJoin' || expr.name.toLowerCase() === 'unnest') && args.length === 1) return typedArrayJoin(args[0], expr)
  if (expr.name.toLowerCase() === 'grouping') {
    return { kind: 'grouping', keys: args, type: UINT64, span: expr }
  }
  if ((expr.name === 'tupleElement' || expr.name === 'dynamicElement') && args.length === 2) {
    const path = expr.name === 'tupleElement' ? jsonPath(args) : typedPath(args)
    if (path !== null) return typedCall(analysis, 'getSubcolumn', path, expr)
  }
  const part = expr.name === 'getSubcolumn' && args.length === 2 ? typedSubcolumn(analysis, args, expr) : null
  if (part !== null) return part
  const to = args.length === 1 && (args[0].type === DYNAMIC || isVariant(args[0].type)) ? CONVERSION.exec(expr.name)?.[1] : undefined
  if (to !== undefined) return typedCall(analysis, 'CAST', [args[0], constant(to, STRING)], expr)
  const wide = args.length > 1 && isVariant(args[0].type) ? parameterized(expr.name, args.slice(1)) : null
  if (wide !== null) return typedCall(analysis, 'CAST', [args[0], constant(wide, STRING)], expr)
  if (COMPARISONS.has(expr.name) && args.length === 2) {
    return typedComparison(analysis, expr.name, args[0], args[1], expr)
  }
  if (/^caseWithExpr(ession)?$/.test(expr.name)) return typedCase(scope.analysis, args, expr)
  if (expr.name === 'toJSONString' && args.length === 1) return jsonBySettings(analysis, args[0], expr)
  if (expr.name === 'toString' && args.length === 1) args[0] = textBySettings(analysis, args[0], STRING, expr)
  const isLegacy = expr.name === 'toTime' && analysis.isSet('use_legacy_to_time')
  return typedCall(analysis, isLegacy ? 'toTimeWithFixedDate' : expr.name, args, expr)
}

/** The number of a row, from 0, as the rows come. */
function rowNumber(scope: Scope, expr: FunctionCall): Resolved {
  const { at, end } = expr
  const over = { base: null, partitionBy: [], orderBy: [], frame: null, at, end }
  const counted = resolve(scope, { ...expr, alias: undefined, name: 'row_number', over })
  const number = typedCall(scope.analysis, 'minus', [counted, constant(1)], expr)
  return typedCall(scope.analysis, 'CAST', [number, constant('UInt64', STRING)], expr)
}

/** Of a path's value they give the type's default where there is none. */
const CONVERSION = /^to(U?Int(?:8|16|32|64|128|256)|Float(?:32|64)|Date|Date32|DateTime|Time|Bool|String|UUID|IPv[46])$/

const DECIMAL_DIGITS: Readonly<Record<string, number>> = { toDecimal32: 9, toDecimal64: 18, toDecimal128: 38, toDecimal256: 76 }

/** The type that a conversion is to whose type has parameters; null: it is none, or they are no constants. */
function parameterized(name: string, parameters: readonly Resolved[]): string | null {
  const [first, zone] = parameters.map((one) => (one.kind === 'literal' && one.source < 0 ? one.value : null))
  if (typeof first === 'number' && name in DECIMAL_DIGITS) return `Decimal(${DECIMAL_DIGITS[name]}, ${first})`
  if (typeof first === 'number' && name === 'toTime64') return `Time64(${first})`
  if (typeof first !== 'number' || name !== 'toDateTime64') return null
  return typeof zone === 'string' ? `DateTime64(${first}, ${quoteText(zone)})` : parameters.length > 1 ? null : `DateTime64(${first})`
}

/** `(json).a.b`: the document and its path; null: no element of a document. */
function jsonPath([from, key]: readonly Resolved[]): readonly Resolved[] | null {
  const isItem = from.type === DYNAMIC && from.kind === 'call' && from.name === 'arrayElement'
  if (bareType(from.type).id === 'JSON' || isItem) return [from, key]
  if (from.kind !== 'call' || from.name !== 'getSubcolumn' || from.type !== DYNAMIC) return null
  const [document, outer] = from.args
  return outer.kind !== 'literal' || key.kind !== 'literal' ? null
    : [document, constant(`${String(outer.value)}.${String(key.value)}`, STRING)]
}

/** dynamicElement(json.a, 'T') is json.a.:T. */
function typedPath([from, type]: readonly Resolved[]): readonly Resolved[] | null {
  if (from.kind !== 'call' || from.name !== 'getSubcolumn' || from.type !== DYNAMIC || type.kind !== 'literal') return null
  const [document, path] = from.args
  return path.kind !== 'literal' ? null : [document, constant(`${String(path.value)}.:${String(type.value)}`, STRING)]
}

/** getSetting('name'): a constant of the setting's own kind. */
function typedSetting(analysis: Analysis, args: readonly Resolved[], expr: FunctionCall): Resolved {
  const hasDefault = expr.name !== 'getSetting'
  checkArity(expr.name, hasDefault ? [2, 2] : [1, 1], args.length, expr)
  const [name] = args
  if (name.kind !== 'literal' || typeof name.value !== 'string') {
    throw new QueryError(`The argument of function ${expr.name} is a constant text, the name of a setting`, expr,
      'ILLEGAL_COLUMN')
  }
  const value = settingValue(name.value, analysis.setting(name.value))
  if (value === null && hasDefault) return args[1]
  if (value === null) throw new QueryError(`Unknown setting '${name.value}'`, expr, 'UNKNOWN_SETTING')
  if (typeof value === 'boolean') return constant(value, BOOL)
  return typeof value === 'string' ? constant(value, STRING)
    : resolveLiteral({ kind: 'literal', type: 'number', text: String(value), at: expr.at, end: expr.end })
}

function resolveCase(scope: Scope, expr: Case): Resolved {
  const branches = expr.branches.flatMap(({ when, then }) => [when, then])
  const list = [...branches.map((part) => resolve(scope, part)), expr.otherwise === null
    ? resolveLiteral({ kind: 'literal', type: 'null', at: expr.end, end: expr.end })
    : resolve(scope, expr.otherwise)]
  if (expr.operand === null) return typedCall(scope.analysis, 'multiIf', list, expr)
  return typedCase(scope.analysis, [resolve(scope, expr.operand), ...list], expr)
}

function resolveCast(scope: Scope, expr: Cast): Resolved {
  try {
    checkAlternatives(scope.analysis, parseDataType(expr.type), expr)
  } catch (error) {
    if (error instanceof DataTypeError) {
      throw new QueryError(error.message, expr,
        error.message.includes('cannot be inside Nullable') ? 'ILLEGAL_TYPE_OF_ARGUMENT'
          : error.message.includes('Variant') ? 'BAD_ARGUMENTS' : 'UNKNOWN_TYPE')
    }
    throw error
  }
  const isList = expr.expr.kind === 'array' && expr.type.includes('Variant')
  const value = expr.literalText !== undefined && !hasSlot(expr.expr) && !isList
    ? constant(expr.literalText, STRING) : resolve(scope, expr.expr)
  const keeps = scope.analysis.isSet('cast_keep_nullable') && isNullable(value.type)
  const type = keeps ? nullableIfPossible(parseDataType(expr.type)).name : expr.type
  const given = textBySettings(scope.analysis, value, parseDataType(type), expr)
  return typedCall(scope.analysis, 'CAST', [given, constant(type, STRING)], expr)
}

const hasSlot = (expr: Expression): boolean =>
  ((expr.kind === 'literal' || expr.kind === 'array' || expr.kind === 'tuple')
    && expr.slot !== undefined) || syntaxChildren(expr).some(hasSlot)

/** The items of an array or tuple. One that is a slot as a whole decides the plan: how many items
 * the next call has is not known. */
function itemsOf(scope: Scope, expr: ArrayLiteral | TupleLiteral): readonly Expression[] {
  if (expr.slot === undefined) return expr.items
  scope.analysis.slots.consume(expr.slot)
  return expr.items.map((item) => (item.kind === 'literal' ? { ...item, slot: undefined } : item))
}

function resolveInterval(scope: Scope, expr: Interval): Resolved {
  const unit = expr.unit[0] + expr.unit.slice(1).toLowerCase()
  const value = resolve(scope, expr.value)
  // The unit stands in the same text as the number: another text may have another unit.
  if (expr.fromText === true && value.kind === 'literal') scope.analysis.slots.consume(value.source)
  return typedCall(scope.analysis, `toInterval${unit}`, [value], expr)
}

// --------------------------------------------------------------------------------------- IN

/** Texts of a constant list that are read as the type on the left: `id IN splitByChar(',', '1,2')`. */
function textsToRead({ analysis }: Scope, left: Resolved, list: Resolved): readonly Value[] | null {
  const isText = bareType(list.type.args[0]).id === 'String'
  if (!isText || bareType(left.type).id === 'String' || !isConstant(list)) return null
  const value = foldValue(analysis, list)
  return Array.isArray(value) ? value as readonly Value[] : null
}

function resolveIn(scope: Scope, expr: In): Resolved {
  const left = rowOf(scope, expr.expr, true)
  const right = written(scope, expr.right)
  const query = right.kind === 'subquery' ? right.query
    : right.kind === 'identifier' ? tableQuery(scope, right) : null
  if (query !== null) {
    scope.analysis.subqueryName(right)
    return typedInQuery(scope, left, query, expr.not, expr)
  }
  const isWide = left.length > 1
  if (!isWide && bareType(left[0].type).id === 'Tuple' && depthOf(scope, right) === typeDepth(left[0].type)) {
    return typedInList(scope.analysis, left, [[resolve(scope, right)]], expr.not, expr)
  }
  const items = listOf(scope, right, isWide)
  if (items !== null) {
    const rows = items.map((item) => rowOf(scope, item, isWide))
    return typedInList(scope.analysis, left, rows, expr.not, expr)
  }
  const value = resolve(scope, right)
  if (value.kind === 'call' && (value.name === 'array' || (value.name === 'tuple' && !isWide))) {
    return typedInList(scope.analysis, left, value.args.map((item) => [item]), expr.not, expr)
  }
  if (value.type.id === 'Array' && !isWide && left[0].type.id !== 'Array') {
    const read = textsToRead(scope, left[0], value)
    if (read !== null) return typedInList(scope.analysis, left, read.map((text) => [constant(text, STRING)]), expr.not, expr)
    const has = typedCall(scope.analysis, 'has', [value, left[0]], expr)
    return expr.not ? typedCall(scope.analysis, 'not', [has], expr) : has
  }
  return typedInList(scope.analysis, left, [rowOf(scope, right, isWide)], expr.not, expr)
}

/** How many tuples and arrays a value lies in, by the first element of each, as ClickHouse tells one from a list. */
function typeDepth(type: DataType): number {
  const bare = bareType(type)
  return (bare.id === 'Tuple' || bare.id === 'Array') && bare.args.length > 0 ? 1 + typeDepth(bare.args[0]) : 0
}

function depthOf(scope: Scope, expr: Expression): number {
  const items = expr.kind === 'array' ? itemsOf(scope, expr) : tupleItems(scope, expr)
  return items === null || items.length === 0 ? 0 : 1 + depthOf(scope, items[0])
}

/** What an alias stands for: `WITH (SELECT …) AS ids … IN ids` is a set, not one value. */
function written(scope: Scope, right: Expression): Expression {
  const alias = right.kind === 'identifier' && right.parts.length === 1
    ? scope.aliases.get(right.parts[0]) : undefined
  const isList = alias?.kind === 'subquery' || alias?.kind === 'array' || alias?.kind === 'tuple'
  return isList ? alias : right
}

/** The values that an item of IN, or its left side, stands for: the elements of a tuple. */
function rowOf(scope: Scope, expr: Expression, isWide: boolean): readonly Resolved[] {
  if (!isWide) return [resolve(scope, expr)]
  const items = tupleItems(scope, expr)
  if (items !== null && expr.alias === undefined) return resolveAll(scope, items)
  const value = resolve(scope, expr)
  return value.kind === 'call' && value.name === 'tuple' ? value.args : [value]
}

function tupleItems(scope: Scope, expr: Expression): readonly Expression[] | null {
  if (expr.kind === 'tuple') return itemsOf(scope, expr)
  return expr.kind === 'call' && expr.name === 'tuple' ? expr.args : null
}

/** The items of a list on the right of IN; null: it is one value (a column, one tuple). */
function listOf(scope: Scope, right: Expression, isWide: boolean): readonly Expression[] | null {
  if (right.kind === 'array') return itemsOf(scope, right)
  const items = tupleItems(scope, right)
  return items !== null && isWide && isOneRow(items) ? null : items
}

/** `(a, b) IN (1, 2)`: one tuple, not two. */
const isOneRow = (items: readonly Expression[]): boolean =>
  items.every((item) => item.kind !== 'tuple'
    && !(item.kind === 'call' && item.name === 'tuple'))
