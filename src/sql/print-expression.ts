// Expressions back to SQL. Queries inside them are written by print.ts, which hands its function in.
// Invariant: parsing the text gives the same tree (positions aside). Parentheses are written where the
// tree remembers them, and also where a tree made by hand needs them.
import type {
  Case, Cast, ColumnTransformer, ColumnsMatcher, Expression, FrameBound, FunctionCall, Identifier,
  Lambda, Literal, OrderItem, Query, WindowDefinition,
} from './ast.ts'
import { quoteName, quoteString } from './literals.ts'
import {
  INFIX_BY_NAME, LIKES, MERGED, POWER_ATOM, POWER_BETWEEN, POWER_COMPARE, POWER_IS,
  POWER_LAMBDA, POWER_NEGATE, POWER_NOT, POWER_POSTFIX, POWER_TERNARY,
} from './operators.ts'
import { CLAUSE_WORDS, INTERVAL_UNITS } from './words.ts'

export type QueryPrinter = (query: Query) => string

/** Writes `expr` with its alias; `printQuery` writes the queries inside. */
export function writeExpression(expr: Expression, printQuery: QueryPrinter): string {
  return new ExpressionPrinter(printQuery).aliased(expr)
}

/** `([base] [PARTITION BY ...] [ORDER BY ...] [frame])`. */
export function writeWindow(window: WindowDefinition, printQuery: QueryPrinter): string {
  return new ExpressionPrinter(printQuery).window(window)
}

/** One item of ORDER BY. */
export function writeOrderItem(item: OrderItem, printQuery: QueryPrinter): string {
  return new ExpressionPrinter(printQuery).orderItem(item)
}

class ExpressionPrinter {
  private readonly printQuery: QueryPrinter

  constructor(printQuery: QueryPrinter) {
    this.printQuery = printQuery
  }

  /** `expr AS alias`, for places that take an alias. */
  aliased(expr: Expression): string {
    const text = expr.parens === true ? `(${this.bare(expr)})` : this.bare(expr)
    return expr.alias === undefined ? text : `${text} AS ${quoteName(expr.alias)}`
  }

  list(items: readonly Expression[]): string {
    return items.map((item) => this.aliased(item)).join(', ')
  }

  /** As an operand that must bind at least as tight as `power`. */
  operand(expr: Expression, power: number): string {
    if (expr.alias !== undefined) return `(${this.bare(expr)} AS ${quoteName(expr.alias)})`
    const text = this.bare(expr)
    return expr.parens === true || powerOf(expr) < power ? `(${text})` : text
  }

  /** Without alias and parentheses. */
  private bare(expr: Expression): string {
    switch (expr.kind) {
      case 'literal': return writeLiteral(expr)
      case 'identifier': return writePath(expr.parts)
      case 'parameter': return `{${quoteName(expr.name)}:${expr.type}}`
      case 'asterisk':
        return `${qualifierOf(expr.qualifier)}*${this.transformers(expr.transformers)}`
      case 'columns': return this.columns(expr)
      case 'array': return `[${this.list(expr.items)}]`
      case 'tuple': return `(${this.list(expr.items)}${expr.items.length === 1 ? ',' : ''})`
      case 'call': return expr.form === 'operator' ? this.operator(expr) : this.call(expr)
      case 'lambda': return this.lambda(expr)
      case 'case': return this.caseOf(expr)
      case 'cast': return this.cast(expr)
      case 'between': {
        const bounds = [expr.low, expr.high].map((bound) => this.operand(bound, POWER_BETWEEN + 1))
        const not = expr.not ? 'NOT ' : ''
        return `${this.operand(expr.expr, POWER_BETWEEN)} ${not}BETWEEN ${bounds.join(' AND ')}`
      }
      case 'in': {
        const words = `${expr.global ? 'GLOBAL ' : ''}${expr.not ? 'NOT ' : ''}IN`
        const left = this.operand(expr.expr, POWER_COMPARE)
        return `${left} ${words} ${this.operand(expr.right, POWER_COMPARE + 1)}`
      }
      case 'interval': {
        const isText = expr.fromText === true && expr.value.kind === 'literal' &&
          expr.value.type === 'number'
        return isText ? `INTERVAL '${writeLiteral(expr.value as Literal)} ${expr.unit}'`
          : `INTERVAL ${this.intervalValue(expr.value)} ${expr.unit}`
      }
      case 'subquery': return `(${this.printQuery(expr.query)})`
      case 'exists': return `EXISTS (${this.printQuery(expr.query)})`
    }
  }

  // ------------------------------------------------------------------------ calls and operators

  private call(call: FunctionCall): string {
    const { params, distinct, filter, nulls, over } = call
    const [first] = call.args
    const isView = /^view$/i.test(call.name) && first?.kind === 'subquery'
    const args = isView ? this.printQuery(first.query) : this.arguments(call)
    let text = quoteFunction(call.name)
    if (params !== null) text += `(${this.list(params)})`
    text += `(${distinct === true ? 'DISTINCT ' : ''}${args})`
    if (filter !== undefined) text += ` FILTER (WHERE ${this.aliased(filter)})`
    if (nulls !== undefined) text += ` ${nulls.toUpperCase()} NULLS`
    if (over === undefined) return text
    return `${text} OVER ${typeof over === 'string' ? quoteName(over) : this.window(over)}`
  }

  /** A column named like a unit of time is quoted where the bare word would be the unit. */
  private arguments({ name, args }: FunctionCall): string {
    const [first] = args
    const isUnit = first?.kind === 'identifier' && first.parts.length === 1 &&
      /^date_?diff$/i.test(name) && INTERVAL_UNITS.has(first.parts[0].toUpperCase())
    if (!isUnit) return this.list(args)
    return [`\`${first.parts[0]}\``, ...args.slice(1).map((arg) => this.aliased(arg))].join(', ')
  }

  private operator(call: FunctionCall): string {
    const { name, args } = call
    const infix = INFIX_BY_NAME.get(name)
    if (infix !== undefined) {
      if (LIKES.has(name) && args.length === 3) {
        const [value, pattern, escape] = args
        const like = this.infix(infix.symbol, infix.power, [value, pattern], false)
        return `${like} ESCAPE ${this.operand(escape, POWER_ATOM)}`
      }
      return this.infix(infix.symbol, infix.power, args, MERGED.has(name))
    }
    switch (name) {
      case 'not': return `NOT ${this.operand(args[0], POWER_NOT + 1)}`
      case 'negate': return this.negate(args[0])
      case 'isNull': return `${this.operand(args[0], POWER_IS)} IS NULL`
      case 'isNotNull': return `${this.operand(args[0], POWER_IS)} IS NOT NULL`
      case 'arrayElement': return `${this.postfixed(args[0], false)}[${this.aliased(args[1])}]`
      case 'tupleElement': return `${this.postfixed(args[0], true)}.${this.aliased(args[1])}`
      case 'if': {
        const [condition, then, otherwise] =
          args.map((arg) => this.operand(arg, POWER_TERNARY + 1))
        return `${condition} ? ${then} : ${otherwise}`
      }
      case 'map': return this.map(args)
      default: return this.call(call)
    }
  }

  /** Left operands may be of equal power, unless all operands of the chain belong to one call. */
  private infix(
    symbol: string, power: number, args: readonly Expression[], isMerged: boolean,
  ): string {
    const operands = args.map((arg, i) => this.operand(arg, i === 0 && !isMerged ? power : power + 1))
    return operands.join(` ${symbol} `)
  }

  /** A minus in front of digits would become part of the number, two of them a comment. */
  private negate(expr: Expression): string {
    const text = this.operand(expr, POWER_NEGATE + 1)
    if (/^(?:\d|(?:inf|nan|infinity)\b)/i.test(text)) return `+ -${text}`
    return text.startsWith('-') ? `- ${text}` : `-${text}`
  }

  /** `[...]` and `.1` may follow anything that binds as tight; but `5.1` would be a number. */
  private postfixed(expr: Expression, isDot: boolean): string {
    const text = this.operand(expr, POWER_POSTFIX)
    return isDot && /^[-\d.]+$/.test(text) ? `(${text})` : text
  }

  /** `{'key': value}`, in SETTINGS. */
  private map(args: readonly Expression[]): string {
    const pairs: string[] = []
    for (let i = 0; i + 1 < args.length; i += 2) {
      pairs.push(`${this.operand(args[i], POWER_ATOM)}: ${this.operand(args[i + 1], POWER_ATOM)}`)
    }
    return `{${pairs.join(', ')}}`
  }

  private lambda(lambda: Lambda): string {
    const names = lambda.params.map(quoteName)
    const params = names.length === 1 ? names[0] : `(${names.join(', ')})`
    return `${params} -> ${this.operand(lambda.body, POWER_TERNARY)}`
  }

  private caseOf(expr: Case): string {
    const operand = expr.operand === null ? '' : ` ${this.caseOperand(expr.operand)}`
    const branches = expr.branches.map(({ when, then }) =>
      ` WHEN ${this.aliased(when)} THEN ${this.aliased(then)}`)
    const otherwise = expr.otherwise === null ? '' : ` ELSE ${this.aliased(expr.otherwise)}`
    return `CASE${operand}${branches.join('')}${otherwise} END`
  }

  /** CASE followed by a sign, a bracket or a clause's word would be read as a name. */
  private caseOperand(expr: Expression): string {
    const text = this.aliased(expr)
    return /^[\w`'(]/.test(text) && !startsWithClause(text) ? text : `(${text})`
  }

  /** INTERVAL followed by a clause's word is a name; by a string and no unit, `'1 day'`. */
  private intervalValue(expr: Expression): string {
    const text = this.operand(expr, POWER_LAMBDA + 1)
    const isString = text.startsWith("'") && expr.kind !== 'literal'
    return /^[\w`'(-]/.test(text) && !isString && !startsWithClause(text) ? text : `(${text})`
  }

  private cast(expr: Cast): string {
    if (expr.form === 'as') return `CAST(${this.aliased(expr.expr)} AS ${expr.type})`
    if (expr.form === 'call') return `CAST(${this.aliased(expr.expr)}, ${quoteString(expr.type)})`
    if (expr.literalText !== undefined) return `${expr.literalText}::${expr.type}`
    return `${this.operand(expr.expr, POWER_POSTFIX)}::${expr.type}`
  }

  // --------------------------------------------------------------------------- columns, windows

  private columns(expr: ColumnsMatcher): string {
    const { pattern } = expr
    const inner = typeof pattern === 'string' ? quoteString(pattern) : this.list(pattern)
    return `${qualifierOf(expr.qualifier)}COLUMNS(${inner})${this.transformers(expr.transformers)}`
  }

  private transformers(transformers: readonly ColumnTransformer[]): string {
    return transformers.map((transformer) => ` ${this.transformer(transformer)}`).join('')
  }

  private transformer(transformer: ColumnTransformer): string {
    if (transformer.kind === 'apply') {
      const { apply, prefix } = transformer
      const name = 'kind' in apply ? this.lambda(apply) : quoteFunction(apply.name) +
        (apply.params.length === 0 ? '' : `(${this.list(apply.params)})`)
      return `APPLY(${name}${prefix === undefined ? '' : `, ${quoteString(prefix)}`})`
    }
    const strict = transformer.strict ? 'STRICT ' : ''
    if (transformer.kind === 'replace') {
      const items = transformer.items.map(({ expr, name }) =>
        `${this.operand(expr, POWER_LAMBDA)} AS ${quoteName(name)}`)
      return `REPLACE ${strict}(${items.join(', ')})`
    }
    const { columns } = transformer
    const inner = typeof columns === 'string' ? quoteString(columns) : columns.map(quoteName).join(', ')
    return `EXCEPT ${strict}(${inner})`
  }

  window(window: WindowDefinition): string {
    const parts: string[] = []
    if (window.base !== null) parts.push(quoteName(window.base))
    if (window.partitionBy.length > 0) parts.push(`PARTITION BY ${this.list(window.partitionBy)}`)
    if (window.orderBy.length > 0) {
      parts.push(`ORDER BY ${window.orderBy.map((item) => this.orderItem(item)).join(', ')}`)
    }
    if (window.frame !== null) {
      const { unit, start, finish } = window.frame
      const bounds = `${this.bound(start)} AND ${this.bound(finish)}`
      parts.push(`${unit.toUpperCase()} BETWEEN ${bounds}`)
    }
    return `(${parts.join(' ')})`
  }

  private bound(bound: FrameBound): string {
    if (bound.kind === 'current') return 'CURRENT ROW'
    const offset = bound.offset === null ? 'UNBOUNDED' : this.operand(bound.offset, POWER_NOT + 1)
    return `${offset} ${bound.direction.toUpperCase()}`
  }

  orderItem(item: OrderItem): string {
    let text = item.expr === null ? 'ALL' : this.aliased(item.expr)
    text += item.descending ? ' DESC' : ' ASC'
    if (item.nulls !== null) text += ` NULLS ${item.nulls.toUpperCase()}`
    if (item.collate !== null) text += ` COLLATE ${writeLiteral(item.collate)}`
    if (item.fill === null) return text
    const { from, to, step, staleness } = item.fill
    const part = (word: string, expr: Expression | null): string =>
      expr === null ? '' : ` ${word} ${this.operand(expr, POWER_LAMBDA)}`
    return `${text} WITH FILL${part('FROM', from)}${part('TO', to)}${part('STEP', step)}${
      part('STALENESS', staleness)}`
  }
}

function startsWithClause(text: string): boolean {
  const word = /^\w*/.exec(text)?.[0] ?? ''
  return CLAUSE_WORDS.has(word.toUpperCase())
}

/** How strongly the expression's outermost operator binds. */
function powerOf(expr: Expression): number {
  switch (expr.kind) {
    case 'lambda': return POWER_LAMBDA
    case 'between': return POWER_BETWEEN
    case 'in': return POWER_COMPARE
    case 'cast': return expr.form === 'colons' ? POWER_POSTFIX : POWER_ATOM
    case 'call': return expr.form === 'operator' ? operatorPower(expr.name) : POWER_ATOM
    default: return POWER_ATOM
  }
}

function operatorPower(name: string): number {
  const infix = INFIX_BY_NAME.get(name)
  if (infix !== undefined) return infix.power
  switch (name) {
    case 'not': return POWER_NOT
    case 'negate': return POWER_NEGATE
    case 'isNull':
    case 'isNotNull': return POWER_IS
    case 'arrayElement':
    case 'tupleElement': return POWER_POSTFIX
    case 'if': return POWER_TERNARY
    default: return POWER_ATOM
  }
}

function writeLiteral(literal: Literal): string {
  switch (literal.type) {
    case 'number': return literal.declared === undefined ? literal.text : `to${literal.declared}('${literal.text}')`
    case 'string': return quoteString(literal.value)
    case 'null': return 'NULL'
    case 'bool': return literal.value ? 'true' : 'false'
  }
}

/** A function's name: words that are special with a parenthesis behind them are quoted. */
function quoteFunction(name: string): string {
  return /^[a-zA-Z_]\w*$/.test(name) && !SPECIAL_CALLS.has(name.toUpperCase()) ? name
    : quoteName(name)
}

const SPECIAL_CALLS = new Set([
  'CASE', 'COLUMNS', 'DATE_ADD', 'DATEADD', 'DISTINCT', 'EXISTS', 'FROM', 'NOT', 'SELECT', 'WHERE',
])

function qualifierOf(parts: readonly string[]): string {
  return parts.length === 0 ? '' : `${writePath(parts)}.`
}

/** `a.b`, with the marks of JSON paths (`a.:Int64`, `a.^b`) and of query parameters. */
export function writePath(parts: Identifier['parts']): string {
  const written = parts.map((part, i) => {
    if (/^\{\w+:Identifier\}$/.test(part)) return part
    const mark = i > 0 && part.length > 1 && (part[0] === ':' || part[0] === '^') ? part[0] : ''
    return mark + quoteName(part.slice(mark.length))
  })
  return written.join('.')
}
