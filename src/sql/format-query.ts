// A query as ClickHouse's formatQuery writes it: what its parser made of the text, over lines or in one. Sugar is gone
// (CASE is multiIf, BETWEEN two comparisons, INTERVAL a call), operators within operators stand in parentheses.
// Source: ClickHouse's src/Parsers, the formatImpl of each node.
import type {
  Expression, GroupBy, Join, LimitBy, OrderBy, OrderItem, Query, SelectQuery, SetOperation, Setting, TableExpression,
  WithItem,
} from './ast.ts'
import { ExpressionFormatter, type Place } from './format-expression.ts'
import { identifierText, pathText } from './format-names.ts'

/** The query in ClickHouse's own form. */
export const formatQuery = (query: Query, isOneLine: boolean): string => new QueryFormatter(isOneLine).statement(query)

class QueryFormatter {
  private readonly isOneLine: boolean
  private readonly expressions: ExpressionFormatter

  constructor(isOneLine: boolean) {
    this.isOneLine = isOneLine
    this.expressions = new ExpressionFormatter(isOneLine, (query, indent) => this.query(query, indent))
  }

  statement(query: Query): string {
    let text = this.query(query, 0)
    if (query.format !== undefined) text += `${this.line(0)}FORMAT ${identifierText(query.format)}`
    if (query.outerSettings !== undefined) text += `${this.line(0)}SETTINGS ${this.settings(query.outerSettings)}`
    return text
  }

  /** The blank or new line before a clause. */
  private line(indent: number): string { return this.isOneLine ? ' ' : `\n${'    '.repeat(indent)}` }
  private margin(indent: number): string { return this.isOneLine ? '' : '    '.repeat(indent) }

  private query(query: Query, indent: number): string {
    return query.kind === 'select' ? this.select(query, indent) : this.set(query, indent)
  }

  /** A chain without brackets, but for queries beside an EXCEPT and for what stood in brackets itself. */
  private set(set: SetOperation, indent: number): string {
    const chain = chainOf(set)
    return chain.map(({ query, operator }, i) => {
      const isBesideExcept = operator.startsWith('except') || chain[i + 1]?.operator.startsWith('except') === true
      const text = isBesideExcept || query.kind === 'set' ? this.margin(indent) + this.expressions.subquery(query, indent) : this.query(query, indent)
      return i === 0 ? text : `${this.line(indent)}${operator.toUpperCase()}${this.isOneLine ? ' ' : '\n'}${text}`
    }).join('')
  }

  private select(query: SelectQuery, indent: number): string {
    const parts: string[] = []
    const clause = (text: string): void => { parts.push(this.line(indent) + text) }
    const place: Place = { indent, isOperand: false }
    const one = (expr: Expression): string => this.expressions.aliased(expr, place)
    if (query.with.length > 0) {
      const items = query.with.map((item, i) => (inner: number) => this.withItem(item, inner, i === 0))
      parts.push(`${this.margin(indent)}WITH${query.recursive ? ' RECURSIVE' : ''}${this.list(items, indent, true)}${this.isOneLine ? ' ' : '\n'}`)
    }
    parts.push(`${this.margin(indent)}SELECT${query.distinct ? ' DISTINCT' : ''}${this.exprs(query.select, indent)}`)
    if (query.from !== null) clause(`FROM${this.table(query.from, indent)}`)
    if (query.prewhere !== null) clause(`PREWHERE ${one(query.prewhere)}`)
    if (query.where !== null) clause(`WHERE ${one(query.where)}`)
    if (query.groupBy !== null) parts.push(this.groupBy(query.groupBy, indent))
    if (query.having !== null) clause(`HAVING ${one(query.having)}`)
    if (query.windows.length > 0) {
      clause(`WINDOW${this.list(query.windows.map(({ name, definition }) => (inner: number) =>
        `${identifierText(name)} AS (${this.expressions.window(definition, { indent: inner, isOperand: false })})`), indent)}`)
    }
    if (query.qualify !== null) clause(`QUALIFY ${one(query.qualify)}`)
    if (query.orderBy !== null) parts.push(this.orderBy(query.orderBy, indent))
    const limitBy = query.distinctOn === null ? query.limitBy
      : { limit: ONE, offset: null, by: query.distinctOn, all: false, at: query.at, end: query.at }
    if (limitBy !== null) clause(this.limitBy(limitBy, indent))
    if (query.limit !== null) {
      const { limit, offset, withTies } = query.limit
      if (limit !== null) clause(`LIMIT ${offset === null ? '' : `${one(offset)}, `}${one(limit)}`)
      else if (offset !== null) clause(`OFFSET ${one(offset)}`)
      if (withTies) clause(' WITH TIES')
    }
    if (query.settings.length > 0) clause(`SETTINGS ${this.settings(query.settings)}`)
    return parts.join('')
  }

  /** Items each on a line of their own, one beside the clause. */
  private list(items: readonly ((indent: number) => string)[], indent: number, isAlwaysNew = false): string {
    if (this.isOneLine) return ` ${items.map((item) => item(indent)).join(', ')}`
    if (items.length === 1 && !isAlwaysNew) return ` ${items[0](indent + 1)}`
    return items.map((item) => this.line(indent + 1) + item(indent + 1)).join(',')
  }

  private exprs(exprs: readonly Expression[], indent: number): string {
    return this.list(exprs.map((expr) => (inner: number) => this.expressions.aliased(expr, { indent: inner, isOperand: false })), indent)
  }

  private withItem(item: WithItem, indent: number, isFirst: boolean): string {
    // ClickHouse reads the name of the first as that of what the lambda gives.
    if (item.kind === 'expression' && item.expr.kind === 'lambda' && item.expr.alias !== undefined && !isFirst) {
      return `(${this.expressions.aliased({ ...item.expr, alias: undefined }, { indent, isOperand: false })}) AS ${identifierText(item.expr.alias)}`
    }
    if (item.kind === 'expression') return this.expressions.aliased(item.expr, { indent, isOperand: false })
    const columns = item.columns.length === 0 ? '' : `(${item.columns.map(identifierText).join(', ')})`
    const materialized = item.materialized ? ' MATERIALIZED' : ''
    return `${identifierText(item.name)}${columns} AS${materialized}${this.line(indent)}${this.expressions.subquery(item.query, indent)}`
  }

  private groupBy(groupBy: GroupBy, indent: number): string {
    const step = `${this.line(indent)}${this.isOneLine ? '' : '    '}`
    let text = this.line(indent) + (groupBy.all ? 'GROUP BY ALL' : 'GROUP BY')
    if (groupBy.sets !== null) {
      const sets = groupBy.sets.map((keys) => (inner: number) =>
        `(${keys.map((key) => this.expressions.aliased(key, { indent: inner, isOperand: false })).join(', ')})`)
      const inner = this.isOneLine ? sets.map((set) => set(indent)).join(', ')
        : sets.length === 1 ? sets[0](indent + 1) : sets.map((set) => this.line(indent + 2) + set(indent + 2)).join(',')
      text += `${step}GROUPING SETS (${inner})`
    } else if (!groupBy.all) text = groupBy.keys.length === 0 ? '' : text + this.exprs(groupBy.keys, indent)
    if (groupBy.rollup) text += `${step}WITH ROLLUP`
    if (groupBy.cube) text += `${step}WITH CUBE`
    if (groupBy.totals) text += `${step}WITH TOTALS`
    return text
  }

  private orderBy({ items, interpolate }: OrderBy, indent: number): string {
    let text = `${this.line(indent)}ORDER BY`
    text += this.list(items.map((item: OrderItem) => (inner: number) => this.expressions.orderItem(item, { indent: inner, isOperand: false })), indent)
    if (interpolate === null) return text
    const columns = interpolate.map(({ name, expr }) =>
      `\`${name}\` AS ${expr === null ? identifierText(name) : this.expressions.aliased(expr, { indent, isOperand: false })}`)
    return `${text}${this.line(indent)}INTERPOLATE${columns.length === 0 ? '' : ` (${columns.join(', ')})`}`
  }

  private limitBy({ limit, offset, by, all }: LimitBy, indent: number): string {
    const place: Place = { indent, isOperand: false }
    const skipped = offset === null ? '' : `${this.expressions.aliased(offset, place)}, `
    return `LIMIT ${skipped}${this.expressions.aliased(limit, place)} BY${all ? ' ALL' : this.exprs(by, indent)}`
  }

  private settings(items: readonly Setting[]): string {
    return items.map(({ name, value }) => `${pathText(name.split('.'))} = ${value === null ? 'DEFAULT'
      : this.expressions.aliased(value, { indent: 0, isOperand: false })}`).join(', ')
  }

  // --------------------------------------------------------------------------------------- tables

  /** With the blank or the new line before it. */
  private table(table: TableExpression, indent: number): string {
    if (table.kind === 'join') return this.join(table, indent)
    if (table.kind === 'array join') {
      return `${this.table(table.left, indent)}${this.line(indent)}${table.outer ? 'LEFT ' : ''}ARRAY JOIN${this.exprs(table.items, indent)}`
    }
    let text = ''
    if (table.kind === 'table') text = ` ${pathText(table.parts)}`
    else if (table.kind === 'table subquery') text = this.line(indent) + this.expressions.subquery(table.query, indent)
    else {
      const args = table.args.map((arg) => (arg.kind === 'subquery' && /^view$/i.test(table.name)
        ? `${this.isOneLine ? '' : '\n'}${this.query(arg.query, indent + 1)}${this.isOneLine ? '' : `\n${this.margin(indent)}`}` : this.expressions.aliased(arg, { indent, isOperand: false })))
      if (table.settings.length > 0) args.push(`SETTINGS ${this.settings(table.settings)}`)
      text = ` ${/^values$/i.test(table.name) ? `\`${table.name}\`` : identifierText(table.name)}(${args.join(', ')})`
    }
    if (table.alias !== undefined) text += ` AS ${identifierText(table.alias)}`
    if (table.columnAliases !== undefined) text += `(${table.columnAliases.map(identifierText).join(', ')})`
    if (table.final) text += `${this.line(indent)}FINAL`
    if (table.sample !== null) {
      text += `${this.line(indent)}SAMPLE ${ratioText(table.sample.ratio)}`
      if (table.sample.offset !== null) text += ` OFFSET ${ratioText(table.sample.offset)}`
    }
    return text
  }

  private join(join: Join, indent: number): string {
    const left = this.table(join.left, indent)
    const right = this.table(join.right, indent)
    if (join.join === 'comma') return `${left},${right}`
    const words = [join.locality, join.natural ? 'natural' : null, join.strictness, join.join === 'full' ? 'full outer' : join.join, 'join'].filter((word) => word !== null)
    const place: Place = { indent, isOperand: false }
    const on = join.on === null ? '' : ` ON ${this.expressions.aliased(join.on, place)}`
    const using = join.using === null ? '' : ` USING (${join.using.map((key) => this.expressions.aliased(key, place)).join(', ')})`
    return `${left}${this.line(indent)}${words.join(' ').toUpperCase()}${right}${on}${using}`
  }
}

/** The queries of a chain, each with the operator before it. */
function chainOf({ operator, queries }: SetOperation): { readonly query: Query; readonly operator: string }[] {
  return queries.flatMap((query, i) => {
    const part = query.kind === 'set' && query.parens !== true ? chainOf(query) : [{ query, operator: '' }]
    return i === 0 ? part : [{ ...part[0], operator }, ...part.slice(1)]
  })
}

/** `1/10` and `0.1` as the fraction that they are. */
function ratioText(written: string): string {
  if (written.includes('/')) return written.replace(/\s*\/\s*/, ' / ')
  const [, whole, fraction = '', power = '0'] = /^(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(written) ?? [written, written]
  const places = fraction.length - Number(power)
  const value = BigInt(`${whole}${fraction}` || '0')
  return places <= 0 ? String(value * 10n ** BigInt(-places)) : `${value} / ${10n ** BigInt(places)}`
}

const ONE: Expression = { kind: 'literal', type: 'number', text: '1', at: 0, end: 0 }
