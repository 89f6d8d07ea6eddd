// A plan on one line, for tests and EXPLAIN:
//
//   scan events [user_id, ts] where equals(user_id, $0) > aggregate [user_id] count() > limit 10

import { valueName } from './literals.ts'
import type { AggregateCall, Count, PlanNode, TypedExpr, TypedPlan } from './plan.ts'

/** The root, then sets and scalars that are plans of their own. */
export function printPlan(plan: TypedPlan): string {
  const parts = [printNode(plan.root)]
  plan.sets.forEach((set, i) => {
    parts.push(set.kind === 'plan' ? `set ${i}: ${printNode(set.plan)}`
      : `set ${i}: ${set.rows.map((row, r) => printRow(row, set.slots[r])).join(' ')}`)
  })
  plan.scalars.forEach(({ plan: scalar }, i) => parts.push(`scalar ${i}: ${printNode(scalar)}`))
  return parts.join('; ')
}

const printRow = (row: readonly unknown[], slots: readonly number[]): string =>
  row.map((value, i) => (slots[i] >= 0 ? `$${slots[i]}` : valueName(value as string))).join('/')

/** One node and what lies below it, innermost first. */
export function printNode(node: PlanNode): string {
  switch (node.op) {
    case 'one': return 'one'
    case 'rows': return `${node.isWorking ? 'last' : 'all'} rows of recursion ${node.recursion}`
    case 'generate': return `${node.name}(${node.args.map((arg) => printExpr(arg, [])).join(', ')})`
    case 'scan': {
      const names = node.columns.map((column) => column.name)
      return `scan ${node.table}${node.final ? ' final' : ''} [${names.join(', ')}]`
        + (node.tokenFilter === null ? '' : ` token ${printExpr(node.tokenFilter, names)}`)
        + (node.before === null ? '' : ` prewhere ${printExpr(node.before, names)}`)
        + (node.filter === null ? '' : ` where ${printExpr(node.filter, names)}`)
    }
    case 'union': return `union (${node.inputs.map(printNode).join(') (')})`
    case 'join': return printJoin(node)
    default: {
      const names = node.input.columns.map((column) => column.name)
      return `${printNode(node.input)} > ${printStep(node, names)}`
    }
  }
}

function printJoin(node: Extract<PlanNode, { op: 'join' }>): string {
  const [left, right] = [node.left, node.right].map((side) => side.columns.map(({ name }) => name))
  const on = node.on.map(({ keys, residual }) => [
    ...keys.map((key) => `${left[key.left]} ${key.isNullSafe ? '<=>' : '='} ${right[key.right]}`),
    ...(residual === null ? [] : [printExpr(residual, [...left, ...right])]),
  ].join(' and '))
  const { asof } = node
  const nearest = asof === null ? ''
    : ` nearest ${left[asof.left]} ${asof.op} ${right[asof.right]}`
  const strictness = node.strictness === 'all' ? '' : ` ${node.strictness}`
  return `(${printNode(node.left)}) ${node.kind}${strictness} join (${printNode(node.right)}) on `
    + `[${on.join(' or ')}]${nearest}`
}

type Step = Exclude<PlanNode, { op: 'one' | 'rows' | 'generate' | 'scan' | 'union' | 'join' }>

function printStep(node: Step, names: readonly string[]): string {
  switch (node.op) {
    case 'filter': return `filter ${printExpr(node.condition, names)}`
    case 'project':
      return `project [${node.exprs.map((expr) => printExpr(expr, names)).join(', ')}]`
    case 'aggregate': {
      const calls = node.aggregates.map((call) => ` ${printAggregate(call, names)}`)
      return `aggregate [${node.keys.map((key) => names[key]).join(', ')}]${calls.join('')}`
    }
    case 'distinct': return 'distinct'
    case 'limit-share':
      return `limit ${node.limit ?? 'all'} after ${node.offset}${node.ties === null ? '' : ' with ties'}`
    case 'fill': return `fill ${names[node.fill.column]}`
    case 'array-join':
      return `${node.isLeft ? 'left ' : ''}array join [${node.arrays.map((i) => names[i]).join(', ')}]`
    case 'window': {
      const keys = node.order.map(({ index, descending }) =>
        `${names[index]}${descending ? ' desc' : ''}`)
      const calls = node.functions.map(({ call }) => printAggregate(call, names))
      return `window [${node.partition.map((index) => names[index]).join(', ')}] by `
        + `[${keys.join(', ')}] ${calls.join(' ')}`
    }
    case 'sort': {
      const keys = node.keys.map(({ index, descending, nullsFirst }) =>
        `${names[index]}${descending ? ' desc' : ''}${nullsFirst ? ' nulls first' : ''}`)
      const top = node.limit === null ? ''
        : ` top ${printCount(node.limit.limit)}${after(node.limit.offset)}`
      return `sort [${keys.join(', ')}]${top}`
    }
    case 'limit':
      return `limit ${node.limit === null ? 'all' : printCount(node.limit)}`
        + (node.offset === null ? '' : after(node.offset))
    case 'limit-by':
      return `limit ${printCount(node.limit)}${after(node.offset)} by `
        + `[${node.keys.map((key) => names[key]).join(', ')}]`
    default: return node satisfies never
  }
}

const printCount = ({ value, slot, expr }: Count): string =>
  (expr !== undefined ? printExpr(expr, []) : slot >= 0 ? `$${slot}` : String(value))

const after = (offset: Count): string =>
  (offset.value === 0 && offset.slot < 0 ? '' : ` after ${printCount(offset)}`)

function printAggregate(call: AggregateCall, names: readonly string[]): string {
  const parameters = call.parameters.length === 0 ? ''
    : `(${call.parameters.map(valueName).join(', ')})`
  return `${call.name}${call.combinators.join('')}${parameters}`
    + `(${call.args.map((arg) => names[arg]).join(', ')})`
}

/** Types whose values do not show what they are. */
const TYPED = /^(Nullable\(|LowCardinality\()*(Date|DateTime|Enum|Decimal)/

/** An expression over columns of these names. */
export function printExpr(expr: TypedExpr, names: readonly string[]): string {
  const all = (exprs: readonly TypedExpr[]) =>
    exprs.map((part) => printExpr(part, names)).join(', ')
  switch (expr.kind) {
    case 'column': return names[expr.index] ?? `#${expr.index}`
    case 'literal': {
      if (expr.slot >= 0) return `$${expr.slot}`
      const mark = TYPED.test(expr.type) && expr.value !== null ? `::${expr.type}` : ''
      return valueName(expr.value) + mark
    }
    case 'call': return `${expr.name}(${all(expr.args)})`
    case 'in': return `${expr.negated ? 'notIn' : 'in'}(${all(expr.exprs)}, set ${expr.set})`
    case 'scalar': return `scalar ${expr.scalar}`
    case 'lambda': {
      const parameters = Array.from({ length: expr.parameterCount }, (_, i) => `_${i}`)
      const captures = expr.captures.map((part) => printExpr(part, names))
      return `(${parameters.join(', ')}) -> ${printExpr(expr.body, [...captures, ...parameters])}`
    }
    default: return expr satisfies never
  }
}
