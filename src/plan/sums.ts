// Pass: sums of one number moved by constants (`sum(n), sum(n + 1), sum(n - 7)`) come out of one sum and
// one count. Whole numbers only: all of it is exact modulo 2^64, as the sums themselves are; floats would
// be rounded otherwise. ClickHouse rewrites sums so, too.

import { mapInputs } from './nodes.ts'
import type { AggregateCall, PlanNode, Span, TypedExpr } from './plan.ts'

type Aggregate = Extract<PlanNode, { op: 'aggregate' }>
type Project = Extract<PlanNode, { op: 'project' }>

/** sum(base + sign * by), or sum(by - base) where `isTurned`; `by` null: sum(base). */
type Moved = { readonly base: TypedExpr; readonly by: TypedExpr | null; readonly sign: 1 | -1; readonly isTurned: boolean }

const keyOf = (expr: TypedExpr): string =>
  JSON.stringify(expr, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))

const WHOLE = /^U?Int(?:8|16|32|64)$/
/** One moved sum is as cheap as a sum and a count. */
const SUMS_MIN = 2

export function shareSums(root: PlanNode): PlanNode {
  const node = mapInputs(root, shareSums)
  return node.op === 'aggregate' && node.input.op === 'project' ? shared(node, node.input) : node
}

function shared(node: Aggregate, input: Project): PlanNode {
  const moved = node.aggregates.map((call) => movedOf(call, input))
  const bases = new Map<string, { readonly base: TypedExpr; uses: number; moves: number }>()
  for (const one of moved) {
    if (one === null) continue
    const key = keyOf(one.base)
    const known = bases.get(key) ?? { base: one.base, uses: 0, moves: 0 }
    bases.set(key, known)
    known.uses++
    if (one.by !== null) known.moves++
  }
  const kept = [...bases].filter(([, { uses, moves }]) => uses >= SUMS_MIN && moves > 0)
  if (kept.length === 0) return node
  const isShared = (one: Moved | null): one is Moved => one !== null && kept.some(([key]) => key === keyOf(one.base))
  const aggregates = node.aggregates.filter((_, i) => !isShared(moved[i]))
  const columns = node.columns.filter((_, i) => i < node.keys.length || !isShared(moved[i - node.keys.length]))
  const exprs = [...input.exprs]
  const places = new Map<string, number>()
  const { span } = node.aggregates[0]
  for (const [key, { base }] of kept) {
    const type = base.type.startsWith('U') ? 'UInt64' : 'Int64'
    places.set(key, columns.length)
    aggregates.push({ name: 'sum', combinators: [], parameters: [], args: [exprs.length], argTypes: [base.type], type, span })
    columns.push({ name: 'sum', type })
    exprs.push(base)
  }
  const count = columns.length
  aggregates.push({ name: 'count', combinators: [], parameters: [], args: [], argTypes: [], type: 'UInt64', span })
  columns.push({ name: 'count', type: 'UInt64' })
  const below: Project = { ...input, exprs, columns: exprs.map(({ type }, i) => input.columns[i] ?? { name: 'base', type }) }
  const inner: Aggregate = { ...node, input: below, aggregates, columns }
  let next = node.keys.length
  const column = (index: number): TypedExpr => ({ kind: 'column', index, type: columns[index].type })
  return {
    op: 'project', input: inner, columns: node.columns,
    exprs: node.columns.map((_, i) => {
      if (i < node.keys.length) return column(i)
      const one = moved[i - node.keys.length]
      if (!isShared(one)) return column(next++)
      const call = node.aggregates[i - node.keys.length]
      return sumOf(one, column(places.get(keyOf(one.base)) as number), column(count), call)
    }),
  }
}

/** sum ± by * count, in 64 bits that wrap around. */
function sumOf({ by, sign, isTurned }: Moved, sum: TypedExpr, count: TypedExpr, { type, span }: AggregateCall): TypedExpr {
  const call = (name: string, args: readonly TypedExpr[]): TypedExpr => ({ kind: 'call', name, args, type: 'Int64', span })
  if (by === null) return sum
  const all = call('multiply', [cast(by, 'Int64', span), cast(count, 'Int64', span)])
  const plain = cast(sum, 'Int64', span)
  const moved = isTurned ? call('minus', [all, plain]) : call(sign === 1 ? 'plus' : 'minus', [plain, all])
  return cast(moved, type, span)
}

const cast = (expr: TypedExpr, type: string, span: Span): TypedExpr => (expr.type === type ? expr : {
  kind: 'call', name: 'CAST', type, span, args: [expr, { kind: 'literal', value: type, type: 'String', slot: -1 }],
})

function movedOf(call: AggregateCall, { exprs }: Project): Moved | null {
  if (call.name !== 'sum' || call.combinators.length > 0 || call.args.length !== 1) return null
  const expr = exprs[call.args[0]]
  if (!WHOLE.test(expr.type) || !/^U?Int64$/.test(call.type)) return null
  const plain: Moved = { base: expr, by: null, sign: 1, isTurned: false }
  if (expr.kind !== 'call' || (expr.name !== 'plus' && expr.name !== 'minus')) return plain
  const [left, right] = expr.args
  if (!WHOLE.test(left.type) || !WHOLE.test(right.type)) return plain
  const isConstant = ({ kind }: TypedExpr) => kind === 'literal'
  if (isConstant(left) === isConstant(right)) return plain
  const sign = expr.name === 'plus' ? 1 : -1
  return isConstant(right) ? { base: left, by: right, sign, isTurned: false }
    : { base: right, by: left, sign, isTurned: sign === -1 }
}
