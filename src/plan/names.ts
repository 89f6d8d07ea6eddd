// Names of output columns: an expression without an alias is called by its text in function form,
// as ClickHouse does it: `a + 1` is `plus(a, 1)`, `a BETWEEN 1 AND 2` is `and(greaterOrEquals(a,
// 1), …)`.

import type { Cast, Expression, FrameBound, FunctionCall, In, Literal, NumberLiteral } from '../sql/ast.ts'
import { quoteString } from '../sql/literals.ts'
import { literalName } from './literals.ts'
import type { Scope } from './scope.ts'
import { expandStar, untupled, type Item } from './stars.ts'

/** The expressions of a list with stars expanded, each with its name. */
export const expandStars = (list: readonly Expression[], scope: Scope): Item[] =>
  list.flatMap((expr) => (expr.kind === 'asterisk' || expr.kind === 'columns'
    ? expandStar(expr, scope, nameOf)
    : expr.kind === 'call' && expr.name === 'untuple' ? untupled(expr, scope, nameOf)
      : [{ expr, name: nameOf(expr, scope) }]))

/** The name of an output column. */
export function nameOf(expr: Expression, scope: Scope): string {
  if (expr.alias !== undefined) return expr.alias
  const list = (items: readonly Expression[]) => items.map((item) => nameOf(item, scope)).join(', ')
  switch (expr.kind) {
    case 'literal': return literalText(expr, scope)
    case 'identifier': {
      const star = scope.starColumns.get(expr)
      return star === undefined ? identifierName(expr.parts, scope)
        : scope.nameOfColumn(star, true)
    }
    case 'call': return callName(expr, scope)
    case 'array': return arrayName(expr, scope, leavesOf(expr).some(isFloatLiteral))
    case 'tuple': return `(${list(expr.items)})`
    case 'lambda': return `lambda(tuple(${expr.params.join(', ')}), ${nameOf(expr.body, scope)})`
    case 'case': {
      const branches = list(expr.branches.flatMap(({ when, then }) => [when, then]))
      const otherwise = expr.otherwise === null ? 'NULL' : nameOf(expr.otherwise, scope)
      return expr.operand === null ? `multiIf(${branches}, ${otherwise})`
        : `caseWithExpression(${nameOf(expr.operand, scope)}, ${branches}, ${otherwise})`
    }
    case 'cast': return castName(expr, scope)
    case 'between': {
      const [value, low, high] = [expr.expr, expr.low, expr.high].map((part) => nameOf(part, scope))
      return expr.not ? `or(less(${value}, ${low}), greater(${value}, ${high}))`
        : `and(greaterOrEquals(${value}, ${low}), lessOrEquals(${value}, ${high}))`
    }
    case 'in': return inName(expr, scope)
    case 'interval': {
      const unit = expr.unit[0] + expr.unit.slice(1).toLowerCase()
      return `toInterval${unit}(${nameOf(expr.value, scope)})`
    }
    case 'subquery': return scope.analysis.subqueryName(expr)
    case 'exists': return `exists(${scope.analysis.subqueryName(expr)})`
    case 'parameter': return expr.name
    case 'asterisk': case 'columns':
      return expandStars([expr], scope).map((item) => item.name).join(', ')
    default: return expr satisfies never
  }
}

/** All that stands in an array and the arrays in it. */
const leavesOf = (expr: Expression): readonly Expression[] =>
  (expr.kind === 'array' ? expr.items.flatMap(leavesOf) : [expr])

/** A number by its digits alone. */
const isNumber = (expr: Expression): expr is NumberLiteral =>
  expr.kind === 'literal' && expr.type === 'number' && expr.declared === undefined
const isFloatLiteral = (expr: Expression): boolean =>
  isNumber(expr) && /[.]|^[^x]*e|inf|nan/i.test(expr.text)

/** An array of literals is one literal of one type: beside 1.5 the whole 1 is called `1.`. */
function arrayName(expr: Expression & { kind: 'array' }, scope: Scope, isFloat: boolean): string {
  const names = expr.items.map((item) => {
    if (item.kind === 'array') return arrayName(item, scope, isFloat)
    const name = nameOf(item, scope)
    return isFloat && isNumber(item) && /^-?\d+$/.test(name) ? `${name}.` : name
  })
  return `[${names.join(', ')}]`
}

/** A literal's value shows in the name: the name is then of this call only. */
function literalText(expr: Literal, scope: Scope): string {
  if (expr.slot !== undefined) scope.analysis.slots.consume(expr.slot)
  return literalName(expr)
}

/** `t.a` is `a`; deeper names keep what lies behind the column. */
function identifierName(parts: readonly string[], scope: Scope): string {
  if (parts.length === 1 || scope.lambdas.some((frame) => frame.names.includes(parts[0]))) {
    return parts.join('.')
  }
  const column = scope.findColumn(parts)
  if (column === null) return parts.join('.')
  return [scope.nameOfColumn(column.index), ...parts.slice(column.used).map(markedName)].join('.')
}

/** Marks of JSON paths as names show them: `j.a.:`Int64``, `j.^`a``. */
const markedName = (part: string): string =>
  (part.startsWith(':') || part.startsWith('^') ? `${part[0]}\`${part.slice(1)}\`` : part)

function callName(expr: FunctionCall, scope: Scope): string {
  // count(*) counts rows: its name has no columns.
  const args = expr.args.filter((arg) => arg.kind !== 'asterisk' || !/^count/i.test(expr.name))
  const names = expandStars(args, scope).map((item) => item.name)
  if (expr.filter !== undefined) names.push(nameOf(expr.filter, scope))
  if (expr.params === null && expr.name === 'array') return `[${names.join(', ')}]`
  if (expr.params === null && expr.name === 'tuple') return `(${names.join(', ')})`
  if (/^cast$/i.test(expr.name)) return `CAST(${names.join(', ')})`
  const suffix = (expr.distinct ? 'Distinct' : '') + (expr.filter ? 'If' : '')
  const params = expr.params === null ? ''
    : `(${expr.params.map((param) => nameOf(param, scope)).join(', ')})`
  return `${expr.name}${suffix}${params}(${names.join(', ')})${overName(expr.over, scope)}`
}

/** ` OVER (PARTITION BY a ORDER BY b ASC)`. */
function overName(over: FunctionCall['over'], scope: Scope): string {
  if (over === undefined) return ''
  if (typeof over === 'string') return ` OVER ${over}`
  const parts: string[] = over.base === null ? [] : [over.base]
  if (over.partitionBy.length > 0) {
    parts.push(`PARTITION BY ${over.partitionBy.map((expr) => nameOf(expr, scope)).join(', ')}`)
  }
  if (over.orderBy.length > 0) {
    const items = over.orderBy.map(({ expr, descending, nulls }) =>
      `${expr === null ? 'ALL' : nameOf(expr, scope)} ${descending ? 'DESC' : 'ASC'}`
      + (nulls === null ? '' : ` NULLS ${nulls.toUpperCase()}`))
    parts.push(`ORDER BY ${items.join(', ')}`)
  }
  if (over.frame !== null) {
    const { unit, start, finish } = over.frame
    parts.push(`${unit.toUpperCase()} BETWEEN ${boundName(start, scope)} AND `
      + boundName(finish, scope))
  }
  return ` OVER (${parts.join(' ')})`
}

function boundName({ kind, direction, offset }: FrameBound, scope: Scope): string {
  if (kind === 'current') return 'CURRENT ROW'
  const distance = offset === null ? 'UNBOUNDED' : nameOf(offset, scope)
  return `${distance} ${direction.toUpperCase()}`
}

/** `5::Int64` is CAST('5', 'Int64'): ClickHouse takes the text of the literal. */
function castName({ expr, type, literalText }: Cast, scope: Scope): string {
  const value = literalText === undefined ? nameOf(expr, scope) : quoteString(literalText)
  return `CAST(${value}, ${quoteString(type)})`
}

/** A list of one value stands without its brackets. */
function inName(expr: In, scope: Scope): string {
  const { right } = expr
  const isSingle = right.kind === 'tuple' && right.items.length === 1
    && right.items[0].kind !== 'tuple'
  const single = isSingle ? right.items[0] : right
  return `${expr.not ? 'notIn' : 'in'}(${nameOf(expr.expr, scope)}, ${nameOf(single, scope)})`
}
