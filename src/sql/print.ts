// Syntax tree to SQL text, in one line. Invariant: ClickHouse reads the text as it read the original:
// formatQuerySingleLine() of both is the same (test/sql/format-oracle.test.ts).
import type {
  Expression, GroupBy, Join, Limit, LimitBy, OrderBy, Query, SelectQuery, SetOperation, Setting,
  TableExpression, WithItem,
} from './ast.ts'
import { quoteName } from './literals.ts'
import { writeExpression, writeOrderItem, writePath, writeWindow } from './print-expression.ts'

/** Writes an expression, with its alias. */
export function printExpression(expr: Expression): string {
  return writeExpression(expr, printQuery)
}

/** Writes a whole query, with FORMAT and outer SETTINGS. */
export function printQuery(query: Query): string {
  let text = query.kind === 'select' ? printSelect(query) : printSet(query)
  if (query.parens === true) text = `(${text})`
  if (query.format !== undefined) text += ` FORMAT ${quoteName(query.format)}`
  if (query.outerSettings !== undefined) text += ` SETTINGS ${settings(query.outerSettings)}`
  return text
}

const list = (items: readonly Expression[]): string => items.map(printExpression).join(', ')

/** INTERSECT binds tighter than UNION and EXCEPT, which group from the left. */
function printSet(query: SetOperation): string {
  const isTight = query.operator.startsWith('intersect')
  const terms = query.queries.map((term, i) => {
    const text = printQuery(term)
    if (term.kind === 'select' || term.parens === true) return text
    const isTightTerm = term.operator.startsWith('intersect')
    const isOpen = isTight ? i === 0 && isTightTerm : i === 0 || isTightTerm
    // An open first term of the same operator would merge with this node.
    return isOpen && !(i === 0 && term.operator === query.operator) ? text : `(${text})`
  })
  return terms.join(` ${query.operator.toUpperCase()} `)
}

function printSelect(query: SelectQuery): string {
  const clauses: string[] = []
  if (query.with.length > 0) {
    const recursive = query.recursive ? 'RECURSIVE ' : ''
    clauses.push(`WITH ${recursive}${query.with.map(printWith).join(', ')}`)
  }
  const distinct = query.distinct ? 'DISTINCT '
    : query.distinctOn === null ? '' : `DISTINCT ON (${list(query.distinctOn)}) `
  clauses.push(`SELECT ${distinct}${list(query.select)}`)
  if (query.from !== null) clauses.push(`FROM ${printTable(query.from)}`)
  const condition = (word: string, expr: Expression | null): void => {
    if (expr !== null) clauses.push(`${word} ${printExpression(expr)}`)
  }
  condition('PREWHERE', query.prewhere)
  condition('WHERE', query.where)
  if (query.groupBy !== null) clauses.push(printGroupBy(query.groupBy))
  condition('HAVING', query.having)
  if (query.windows.length > 0) {
    const windows = query.windows.map(({ name, definition }) =>
      `${quoteName(name)} AS ${writeWindow(definition, printQuery)}`)
    clauses.push(`WINDOW ${windows.join(', ')}`)
  }
  condition('QUALIFY', query.qualify)
  if (query.orderBy !== null) clauses.push(printOrderBy(query.orderBy))
  if (query.limitBy !== null) clauses.push(printLimitBy(query.limitBy))
  if (query.limit !== null) clauses.push(printLimit(query.limit))
  if (query.settings.length > 0) clauses.push(`SETTINGS ${settings(query.settings)}`)
  return clauses.join(' ')
}

function printWith(item: WithItem): string {
  if (item.kind === 'expression') return printExpression(item.expr)
  const columns = item.columns.length === 0 ? '' : `(${item.columns.map(quoteName).join(', ')})`
  const materialized = item.materialized ? 'MATERIALIZED ' : ''
  return `${quoteName(item.name)}${columns} AS ${materialized}(${printQuery(item.query)})`
}

function printGroupBy(groupBy: GroupBy): string {
  const words: string[] = []
  if (groupBy.all) words.push('GROUP BY ALL')
  else if (groupBy.sets !== null) {
    const sets = groupBy.sets.map((keys) => `(${list(keys)})`)
    words.push(`GROUP BY GROUPING SETS (${sets.join(', ')})`)
  } else if (groupBy.keys.length > 0) words.push(`GROUP BY ${list(groupBy.keys)}`)
  if (groupBy.rollup) words.push('WITH ROLLUP')
  if (groupBy.cube) words.push('WITH CUBE')
  if (groupBy.totals) words.push('WITH TOTALS')
  return words.join(' ')
}

function printOrderBy(orderBy: OrderBy): string {
  const items = orderBy.items.map((item) => writeOrderItem(item, printQuery)).join(', ')
  if (orderBy.interpolate === null) return `ORDER BY ${items}`
  const columns = orderBy.interpolate.map(({ name, expr }) =>
    expr === null ? quoteName(name) : `${quoteName(name)} AS ${printExpression(expr)}`)
  const brackets = columns.length === 0 ? '' : ` (${columns.join(', ')})`
  return `ORDER BY ${items} INTERPOLATE${brackets}`
}

function printLimitBy({ limit, offset, by, all }: LimitBy): string {
  const skipped = offset === null ? '' : ` OFFSET ${printExpression(offset)}`
  return `LIMIT ${printExpression(limit)}${skipped} BY ${all ? 'ALL' : list(by)}`
}

function printLimit({ limit, offset, withTies }: Limit): string {
  const skipped = offset === null ? '' : `OFFSET ${printExpression(offset)}`
  if (limit === null) return skipped
  const ties = withTies ? ' WITH TIES' : ''
  return `LIMIT ${printExpression(limit)}${skipped === '' ? '' : ` ${skipped}`}${ties}`
}

function settings(items: readonly Setting[]): string {
  const written = items.map(({ name, value }) => {
    const path = name.split('.').map(quoteName).join('.')
    return `${path} = ${value === null ? 'DEFAULT' : printExpression(value)}`
  })
  return written.join(', ')
}

// --------------------------------------------------------------------------------------- tables

function printTable(table: TableExpression): string {
  if (table.kind === 'join') return printJoin(table)
  if (table.kind === 'array join') {
    const outer = table.outer ? 'LEFT ' : ''
    return `${printTable(table.left)} ${outer}ARRAY JOIN ${list(table.items)}`
  }
  let text = printBareTable(table)
  if (table.alias !== undefined) text += ` AS ${quoteName(table.alias)}`
  if (table.columnAliases !== undefined) text += `(${table.columnAliases.map(quoteName).join(', ')})`
  if (table.final) text += ' FINAL'
  if (table.sample !== null) {
    const { ratio, offset } = table.sample
    text += ` SAMPLE ${ratio}${offset === null ? '' : ` OFFSET ${offset}`}`
  }
  return text
}

function printBareTable(table: Exclude<TableExpression, { kind: 'join' | 'array join' }>): string {
  if (table.kind === 'table') return writePath(table.parts)
  if (table.kind === 'table subquery') return `(${printQuery(table.query)})`
  const args = table.args.map((arg) => /^view$/i.test(table.name) && arg.kind === 'subquery'
    ? printQuery(arg.query) : printExpression(arg))
  if (table.settings.length > 0) args.push(`SETTINGS ${settings(table.settings)}`)
  return `${quoteName(table.name)}(${args.join(', ')})`
}

function printJoin(join: Join): string {
  const left = printTable(join.left)
  const right = printTable(join.right)
  if (join.join === 'comma') return `${left}, ${right}`
  const words = [
    join.locality, join.natural ? 'natural' : null, join.strictness, join.join, 'join',
  ].filter((word) => word !== null)
  const on = join.on === null ? '' : ` ON ${printExpression(join.on)}`
  const using = join.using === null ? '' : ` USING (${list(join.using)})`
  return `${left} ${words.join(' ').toUpperCase()} ${right}${on}${using}`
}
