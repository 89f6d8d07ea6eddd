// Expressions as ClickHouse's formatter writes them. Operands that are operators themselves stand in parentheses.
import type {
  ColumnTransformer, Expression, FrameBound, FunctionCall, Lambda, Literal, OrderItem, Query, WindowDefinition,
} from './ast.ts'
import { identifierText, pathText } from './format-names.ts'
import { numberValue } from './literals.ts'
import { INFIX_BY_NAME } from './operators.ts'

/** Where an expression stands; `isOperand`: operators need parentheses there. */
export type Place = { readonly indent: number; readonly isOperand: boolean }

const bare = (place: Place): Place => ({ ...place, isOperand: false })
const operandOf = (place: Place): Place => ({ ...place, isOperand: true })

/** Operators that ClickHouse's formatter writes as functions. */
const AS_CALL: ReadonlySet<string> = new Set(['concat', 'if', 'intDiv', 'match', 'map'])

export class ExpressionFormatter {
  private readonly isOneLine: boolean
  private readonly query: (query: Query, indent: number) => string

  constructor(isOneLine: boolean, query: (query: Query, indent: number) => string) {
    this.isOneLine = isOneLine
    this.query = query
  }

  /** `(SELECT …)`, over lines one step further in. */
  subquery(query: Query, indent: number): string {
    return this.isOneLine ? `(${this.query(query, indent + 1)})` : `(\n${this.query(query, indent + 1)}\n${'    '.repeat(indent)})`
  }

  aliased(expr: Expression, place: Place): string {
    if (expr.alias === undefined) return this.whole(expr, place)
    const own = place.isOperand ? { ...expr, parens: undefined } : expr
    const text = `${this.whole(own, bare(place))} AS ${identifierText(expr.alias)}`
    return place.isOperand ? `(${text})` : text
  }

  private list(exprs: readonly Expression[], place: Place): string {
    return exprs.map((expr) => this.aliased(expr, bare(place))).join(', ')
  }

  private whole(expr: Expression, place: Place): string {
    const isOwn = expr.parens === true && !(expr.kind === 'tuple' && isConstant(expr))
    const text = this.expression(expr, isOwn ? bare(place) : place)
    return isOwn ? `(${text})` : text
  }

  private expression(expr: Expression, place: Place): string {
    const around = (text: string): string => (place.isOperand ? `(${text})` : text)
    const inner = operandOf(place)
    switch (expr.kind) {
      case 'literal': return literalText(expr)
      case 'identifier': return pathText(expr.parts)
      case 'parameter': return `{${expr.name}:${expr.type}}`
      case 'asterisk': return `${qualifier(expr.qualifier)}*${this.transformers(expr.transformers, place)}`
      case 'columns': {
        const inside = typeof expr.pattern === 'string' ? quoted(expr.pattern) : this.list(expr.pattern, place)
        return `${qualifier(expr.qualifier)}COLUMNS(${inside})${this.transformers(expr.transformers, place)}`
      }
      case 'array': return `[${this.list(expr.items, place)}]`
      case 'tuple': return isConstant(expr) && expr.items.length > 1 ? constantText(expr)
        : expr.items.length < 2 ? `tuple(${this.list(expr.items, place)})` : `(${this.list(expr.items, place)})`
      case 'call': return expr.form === 'operator' ? this.operator(expr, place) : this.call(expr, place)
      case 'lambda': return around(this.lambda(expr, place))
      case 'case': {
        const parts = [...expr.operand === null ? [] : [expr.operand], ...expr.branches.flatMap(({ when, then }) => [when, then])]
        return `${expr.operand === null ? 'multiIf' : 'caseWithExpression'}(${this.list(parts, place)}, ${
          expr.otherwise === null ? 'NULL' : this.aliased(expr.otherwise, bare(place))})`
      }
      case 'cast': return `CAST(${expr.literalText === undefined ? this.aliased(expr.expr, bare(place)) : quoted(expr.literalText)}, ${quoted(expr.type)})`
      case 'between': {
        const [low, high] = expr.not ? ['<', '>'] : ['>=', '<=']
        const value = this.aliased(expr.expr, inner)
        return around(`(${value} ${low} ${this.aliased(expr.low, inner)}) ${expr.not ? 'OR' : 'AND'} (${value} ${high} ${this.aliased(expr.high, inner)})`)
      }
      case 'in': return around(this.inList(expr, inner))
      case 'interval': return `toInterval${expr.unit[0]}${expr.unit.slice(1).toLowerCase()}(${this.aliased(expr.value, bare(place))})`
      case 'subquery': return this.subquery(expr.query, place.indent)
      case 'exists': return `exists(${this.subquery(expr.query, place.indent)})`
    }
  }

  private inList(expr: Extract<Expression, { kind: 'in' }>, inner: Place): string {
    const words = `${expr.global ? 'GLOBAL ' : ''}${expr.not ? 'NOT ' : ''}IN`
    const { right } = expr
    const isWrapped = !['subquery', 'tuple', 'array', 'call', 'cast', 'case'].includes(right.kind) && right.parens !== true
    const isOperator = right.kind === 'call' && right.form === 'operator'
    const text = this.aliased(right.kind === 'tuple' ? { ...right, parens: undefined } : right, isOperator ? inner : bare(inner))
    return `${this.aliased(expr.expr, inner)} ${words} ${isWrapped ? `(${text})` : text}`
  }

  private call(call: FunctionCall, place: Place): string {
    const { params, distinct, filter, nulls, over } = call
    let name = call.name
    if (distinct === true) name += 'Distinct'
    const isStar = filter !== undefined && call.args.length === 1 && call.args[0].kind === 'asterisk'
    const args = isStar ? [] : [...call.args]
    if (filter !== undefined) {
      name += 'If'
      args.push(filter)
    }
    const isView = /^view$/i.test(call.name) && args[0]?.kind === 'subquery'
    const inside = isView && args[0].kind === 'subquery'
      ? (this.isOneLine ? this.query(args[0].query, place.indent) : `\n${this.query(args[0].query, place.indent + 1)}\n${'    '.repeat(place.indent)}`)
      : this.list(args, place)
    if (/^extract$/i.test(name)) name = 'extract'
    let text = /^values$/i.test(name) ? `\`${name}\`` : identifierText(name)
    if (params !== null) text += `(${this.list(params, place)})`
    text += `(${inside})`
    if (nulls !== undefined) text += ` ${nulls.toUpperCase()} NULLS`
    if (over === undefined) return text
    return `${text} OVER ${typeof over === 'string' ? identifierText(over) : `(${this.window(over, place)})`}`
  }

  private operator(call: FunctionCall, place: Place): string {
    const { name, args } = call
    const inner = operandOf(place)
    const around = (text: string): string => (place.isOperand ? `(${text})` : text)
    const infix = AS_CALL.has(name) ? undefined : INFIX_BY_NAME.get(name)
    if (infix !== undefined) {
      const shown = args.slice(0, ['and', 'or'].includes(name) ? undefined : 2).map((arg) => this.aliased(arg, inner)).join(` ${infix.symbol} `)
      return around(args.length === 3 && /like/i.test(name) ? `${shown} ESCAPE ${this.aliased(args[2], inner)}` : shown)
    }
    switch (name) {
      case 'not': return around(`NOT ${this.aliased(args[0], inner)}`)
      case 'negate': return around(args[0].kind === 'literal' ? `-(${literalText(args[0])})` : `-${this.aliased(args[0], inner)}`)
      case 'isNull': return around(`${this.aliased(args[0], inner)} IS NULL`)
      case 'isNotNull': return around(`${this.aliased(args[0], inner)} IS NOT NULL`)
      case 'arrayElement': return around(`${this.aliased(args[0], inner)}[${this.aliased(args[1], bare(place))}]`)
      case 'tupleElement': return args[1].kind === 'literal' && args[1].type === 'number' && args[1].text.startsWith('-')
        ? `tupleElement(${this.aliased(args[0], bare(place))}, -(${args[1].text.slice(1)}))` : args[1].kind === 'literal' ? around(`${isCall(args[0]) ? `(${this.aliased(args[0], inner)})` : this.aliased(args[0], inner)}.${memberText(args[1])}`) : this.call({ ...call, form: 'call' }, place)
      case 'map': return `{${args.map((arg, i) => `${this.aliased(arg, bare(place))}${i % 2 === 0 ? ':' : i < args.length - 1 ? ',' : ''}`).join('')}}`
      default: return this.call(call, place)
    }
  }

  private lambda(lambda: Lambda, place: Place): string {
    const params = lambda.params.length === 1 ? identifierText(lambda.params[0]) : `(${lambda.params.map(identifierText).join(', ')})`
    return `${params} -> ${this.aliased(lambda.body, operandOf(place))}`
  }

  private transformers(list: readonly ColumnTransformer[], place: Place): string {
    return list.map((one) => ` ${this.transformer(one, place)}`).join('')
  }

  private transformer(one: ColumnTransformer, place: Place): string {
    if (one.kind === 'apply') {
      const { apply, prefix } = one
      const text = 'kind' in apply ? this.lambda(apply, place) : `${apply.name}${apply.params.length === 0 ? '' : `(${this.list(apply.params, place)})`}`
      return prefix === undefined ? `APPLY ${text}` : `APPLY (${text}, ${quoted(prefix)})`
    }
    const strict = one.strict ? 'STRICT ' : ''
    if (one.kind === 'replace') {
      const items = one.items.map(({ expr, name }) => `${this.aliased(expr, bare(place))} AS ${identifierText(name)}`)
      return `REPLACE ${strict}(${items.join(', ')})`
    }
    const { columns } = one
    if (typeof columns === 'string') return `EXCEPT ${strict}${quoted(columns)}`
    return `EXCEPT ${strict}${columns.length === 1 ? identifierText(columns[0]) : `(${columns.map(identifierText).join(', ')})`}`
  }

  window(window: WindowDefinition, place: Place): string {
    const parts: string[] = []
    if (window.base !== null) parts.push(identifierText(window.base))
    if (window.partitionBy.length > 0) parts.push(`PARTITION BY ${this.list(window.partitionBy, place)}`)
    if (window.orderBy.length > 0) parts.push(`ORDER BY ${window.orderBy.map((item) => this.orderItem(item, bare(place))).join(', ')}`)
    if (window.frame !== null) {
      const { unit, start, finish } = window.frame
      parts.push(`${unit.toUpperCase()} BETWEEN ${this.bound(start, place)} AND ${this.bound(finish, place)}`)
    }
    return parts.join(' ')
  }

  private bound(bound: FrameBound, place: Place): string {
    if (bound.kind === 'current') return 'CURRENT ROW'
    return `${bound.offset === null ? 'UNBOUNDED' : this.aliased(bound.offset, operandOf(place))} ${bound.direction.toUpperCase()}`
  }

  orderItem(item: OrderItem, place: Place): string {
    let text = item.expr === null ? 'ALL' : this.aliased(item.expr, place)
    text += item.descending ? ' DESC' : ' ASC'
    if (item.nulls !== null) text += ` NULLS ${item.nulls.toUpperCase()}`
    if (item.collate !== null) text += ` COLLATE ${literalText(item.collate)}`
    if (item.fill === null) return text
    const { from, to, step, staleness } = item.fill
    const part = (word: string, expr: Expression | null): string => (expr === null ? '' : ` ${word} ${this.aliased(expr, place)}`)
    return `${text} WITH FILL${part('FROM', from)}${part('TO', to)}${part('STEP', step)}${part('STALENESS', staleness)}`
  }
}

/** A literal, or a list of some, whose parentheses and aliases are none of ClickHouse's tree. */
const isConstant = (expr: Expression): boolean => expr.alias === undefined && (expr.kind === 'literal'
  || ((expr.kind === 'tuple' || expr.kind === 'array') && expr.items.length > 0 && expr.items.every(isConstant)))

function constantText(expr: Expression): string {
  if (expr.kind === 'literal') return literalText(expr)
  if (expr.kind === 'array') return `[${expr.items.map(constantText).join(', ')}]`
  return expr.kind === 'tuple' ? `(${expr.items.map(constantText).join(', ')}${expr.items.length === 1 ? ',' : ''})` : ''
}
/** Calls whose elements ClickHouse writes behind parentheses. */
const isCall = (expr: Expression): boolean => expr.alias === undefined && expr.parens !== true
  && ((expr.kind === 'call' && expr.form === 'call' && !/^(tuple|array|map)$/.test(expr.name)) || expr.kind === 'case')

const memberText = (expr: Expression): string => (expr.kind === 'literal' && expr.type === 'string' ? identifierText(expr.value) : expr.kind === 'literal' ? literalText(expr) : '')

const qualifier = (parts: readonly string[]): string => (parts.length === 0 ? '' : `${pathText(parts)}.`)

const ESCAPES: Readonly<Record<string, string>> = { '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0', '\'': "\\'", '\\': '\\\\' }

/** A text in quotes; bytes that are no characters stay as they are. */
const quoted = (text: string): string => `'${text.replace(/[\b\f\n\r\t\0'\\]/g, (sign) => ESCAPES[sign])}'`

function literalText(literal: Literal): string {
  switch (literal.type) {
    case 'string': return quoted(literal.value)
    case 'null': return 'NULL'
    case 'bool': return String(literal.value)
    case 'number': {
      const number = numberValue(literal.text)
      if (number.kind === 'integer') return String(number.value)
      if (Number.isNaN(number.value)) return 'nan'
      if (!Number.isFinite(number.value)) return number.value > 0 ? 'inf' : '-inf'
      const text = Object.is(number.value, -0) ? '-0' : String(number.value).replace('e+', 'e')
      return /[.e]/.test(text) ? text : `${text}.`
    }
  }
}
