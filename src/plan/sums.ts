// Pass: sums of one number moved by constants (`sum(n), sum(n + 1), sum(n - 7)`) come out of one sum and
// one count. Whole numbers only: all of it is exact modulo 2^64, as the sums themselves are; floats would
// be rounded otherwise. ClickHouse rewrites sums so, too.

import { allColumns, columnOf, mapInputs } from './nodes.ts'
import type { AggregateCall, PlanNode, Span, TypedExpr } from './plan.ts'

type Aggregate = Extract<PlanNode, { op: 'aggregate' }>
type Project = Extract<PlanNode, { op: 'project' }>

/** sum(base + sign * by), or sum(by - base) where `isTurned`; `by` null: sum(base). */
type Moved = {
  readonly base: TypedExpr; readonly by: TypedExpr | null; readonly sign: 1 | -1; readonly isTurned: boolean
  /** Equal for equal bases. */
  readonly key: string
}

const WHOLE = /^U?Int(?:8|16|32|64)$/
/** One moved sum is as cheap as a sum and a count. */
const SUMS_MIN = 2

export function shareSums(root: PlanNode): PlanNode {
  const node = mapInputs(root, shareSums)
  return node.op === 'aggregate' && node.input.op === 'project' ? shared(node, node.input) : node
}

/** The bases that several sums have, one of them moved, by their keys. */
function sharedBases(moved: readonly (Moved | null)[]): ReadonlyMap<string, TypedExpr> {
  const all = moved.filter((one) => one !== null)
  const isShared = (key: string): boolean => {
    const same = all.filter((one) => one.key === key)
    return same.length >= SUMS_MIN && same.some(({ by }) => by !== null)
  }
  return new Map(all.filter(({ key }) => isShared(key)).map(({ key, base }) => [key, base]))
}

function shared(node: Aggregate, input: Project): PlanNode {
  const moved = node.aggregates.map((call) => movedOf(call, input))
  const bases = sharedBases(moved)
  if (bases.size === 0) return node
  const sharedAt = (index: number): Moved | null => {
    const one = moved[index]
    return one !== null && bases.has(one.key) ? one : null
  }
  const keyCount = node.keys.length
  const aggregates = node.aggregates.filter((_, i) => sharedAt(i) === null)
  const columns = node.columns.filter((_, i) => i < keyCount || sharedAt(i - keyCount) === null)
  const exprs = [...input.exprs]
  const sums = new Map<string, number>()
  const { span } = node.aggregates[0]
  for (const [key, base] of bases) {
    const type = base.type.startsWith('U') ? 'UInt64' : 'Int64'
    sums.set(key, columns.length)
    aggregates.push({ name: 'sum', combinators: [], parameters: [], args: [exprs.length], argTypes: [base.type], type, span })
    columns.push({ name: 'sum', type })
    exprs.push(base)
  }
  const count = columns.length
  aggregates.push({ name: 'count', combinators: [], parameters: [], args: [], argTypes: [], type: 'UInt64', span })
  columns.push({ name: 'count', type: 'UInt64' })
  const below: Project = { ...input, exprs, columns: exprs.map(({ type }, i) => input.columns[i] ?? { name: 'base', type }) }
  const inner: Aggregate = { ...node, input: below, aggregates, columns }
  // As signed numbers once, for all that is made of them.
  const signed: Project = {
    op: 'project', input: inner, columns: [...columns, ...[...sums.values(), count].map((index) => ({ ...columns[index], type: 'Int64' }))],
    exprs: [...allColumns(inner), ...[...sums.values(), count].map((index) => cast(columnOf(inner, index), 'Int64', span))],
  }
  const signedOf = new Map([...sums.keys()].map((key, i) => [key, columns.length + i]))
  let next = 0
  return {
    op: 'project', input: signed, columns: node.columns,
    exprs: node.columns.map((_, i) => {
      const one = i < keyCount ? null : sharedAt(i - keyCount)
      if (one === null) return columnOf(signed, next++)
      if (one.by === null) return columnOf(signed, sums.get(one.key) as number)
      return sumOf(one, one.by, columnOf(signed, signedOf.get(one.key) as number), columnOf(signed, signed.columns.length - 1),
        node.aggregates[i - keyCount])
    }),
  }
}

/** sum ± by * count, in 64 bits that wrap around; both are Int64. */
function sumOf(
  { sign, isTurned }: Moved, by: TypedExpr, sum: TypedExpr, count: TypedExpr, { type, span }: AggregateCall,
): TypedExpr {
  const call = (name: string, args: readonly TypedExpr[]): TypedExpr => ({ kind: 'call', name, args, type: 'Int64', span })
  const all = call('multiply', [cast(by, 'Int64', span), count])
  const moved = isTurned ? call('minus', [all, sum]) : call(sign === 1 ? 'plus' : 'minus', [sum, all])
  return cast(moved, type, span)
}

/** A literal that comes with the statement's text is one of the other type at once. */
function cast(expr: TypedExpr, type: string, span: Span): TypedExpr {
  if (expr.type === type) return expr
  if (expr.kind === 'literal' && expr.slot < 0 && Number.isSafeInteger(expr.value)) return { ...expr, type }
  return { kind: 'call', name: 'CAST', type, span, args: [expr, { kind: 'literal', value: type, type: 'String', slot: -1 }] }
}

function movedOf(call: AggregateCall, { exprs }: Project): Moved | null {
  if (call.name !== 'sum' || call.combinators.length > 0 || call.args.length !== 1) return null
  const expr = exprs[call.args[0]]
  if (!WHOLE.test(expr.type) || !/^U?Int64$/.test(call.type)) return null
  const [left, right] = expr.kind === 'call' && (expr.name === 'plus' || expr.name === 'minus') ? expr.args : []
  const isMoved = left !== undefined && WHOLE.test(left.type) && WHOLE.test(right.type)
    && (left.kind === 'literal') !== (right.kind === 'literal')
  if (!isMoved) return { base: expr, by: null, sign: 1, isTurned: false, key: keyOf(expr) }
  const sign = expr.kind === 'call' && expr.name === 'minus' ? -1 : 1
  const [base, by] = right.kind === 'literal' ? [left, right] : [right, left]
  return { base, by, sign, isTurned: base === right && sign === -1, key: keyOf(base) }
}

const keyOf = (expr: TypedExpr): string =>
  JSON.stringify(expr, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
