// GROUP BY of which all keys and arguments hang on one string column: rows are only counted by code as
// they come, and what the column's expressions and conditions say is asked of each code once, in the end.
//
//   scan -> [counts by code] -> a row for each code and how often it came -> conditions -> expressions
//        -> aggregate, each row `times` over
//
// Invariant: blocks that are not in codes of the same dictionary go the same way at once, once a row.

import { BLOCK_ROWS_MAX, type Block, type CodesVector, type Vector } from '../../../storage/column/vector.ts'
import { columnsOf } from '../../plan/lower.ts'
import type { PlanNode, TypedExpr } from '../../plan/plan.ts'
import type { AggregateOperator } from './aggregate.ts'
import { takesTimes } from './aggregate-run.ts'
import { boundOf, type Bound } from '../expressions/bounds.ts'
import { compileExpression, isConstant, isStringColumn, memoColumn } from '../expressions/expression.ts'
import type { Evaluator } from '../expressions/evaluator.ts'
import type { Operator } from '../runtime/operator.ts'
import { perPlan } from '../runtime/per-plan.ts'
import { compilePredicate, type Predicate } from '../expressions/predicate.ts'
import type { Runtime } from '../runtime/runtime.ts'
import type { ScanNode } from '../scan/scan.ts'
import { conditionsOf } from '../scan/scan-conditions.ts'
import { takeRows } from '../expressions/short-circuit.ts'

/** Codes that are counted: their table of 16 bytes a code has to lie in the near caches. */
const CODES_MAX = 65536
/** Rows of a first block that is worth counting. */
const ROWS_MIN = 1024
/** Rows for a code, at least: what is done for each code has to be paid for. */
const ROWS_A_CODE = 4
const LANES = 4
/** Rows are brought in at most so often at once: products with 32-bit numbers stay exact. */
const TIMES_MAX = 2 ** 20

type Aggregate = Extract<PlanNode, { op: 'aggregate' }>

export type Tally = {
  readonly scan: ScanNode
  /** The column, by number of the scan's. */
  readonly column: number
  /** Conditions that the scan is left to ask, and those on the column alone that stand behind them. */
  readonly before: readonly TypedExpr[]
  readonly after: readonly TypedExpr[]
  /** The columns of the aggregate's input; null: the scan's own. */
  readonly exprs: readonly TypedExpr[] | null
  /** Keys or arguments read the column: not only conditions do. */
  readonly isRead: boolean
}

/** How the rows of a GROUP BY can be counted by code; null: they can't. */
export function tallyOf(node: Aggregate, runtime: Runtime): Tally | null {
  const shape = shapeOf(node)
  if (shape === null) return null
  const { scan, conditions, exprs, isRead } = shape
  let { column } = shape
  let at = conditions.length
  for (; at > 0; at--) {
    const own = memoColumn(conditions[at - 1])
    if (own < 0 || (column >= 0 && own !== column) || isForScan(boundOf(conditions[at - 1], runtime))) break
    column = own
  }
  if (column < 0) return null
  return { scan, column, before: conditions.slice(0, at), after: conditions.slice(at), exprs, isRead }
}

/** Conditions that skip row sets and blocks belong to the scan; what a range of texts says the scan is told besides. */
const isForScan = (bound: Bound | null): boolean => bound !== null && bound.kind !== 'texts'

type Shape = Pick<Tally, 'scan' | 'column' | 'exprs' | 'isRead'> & { readonly conditions: readonly TypedExpr[] }

/** A GROUP BY over a scan that reads at most one column (-1: none), of strings. */
const shapeOf = perPlan((node: Aggregate): Shape | null => {
  if (!node.aggregates.every(takesTimes)) return null
  const project = node.input.op === 'project' ? node.input : null
  const below = project === null ? node.input : project.input
  const filter = below.op === 'filter' ? below : null
  const scan = filter === null ? below : filter.input
  if (scan.op !== 'scan') return null
  const used = new Set([...node.keys, ...node.aggregates.flatMap(({ args }) => args)])
  const exprs = project?.exprs ?? [...used].map((index): TypedExpr =>
    ({ kind: 'column', index, type: scan.columns[index].type }))
  const read = new Set<number>()
  for (const expr of exprs) {
    if (isConstant(expr)) continue
    if (!isStringColumn(expr) && memoColumn(expr) < 0) return null
    columnsOf(expr, read)
  }
  if (read.size > 1) return null
  return {
    scan, column: read.size === 0 ? -1 : [...read][0], exprs: project?.exprs ?? null, isRead: read.size > 0,
    conditions: conditionsOf(scan, filter?.condition ?? null),
  }
})

export class TallyOperator implements Operator {
  readonly isFull = false
  private readonly column: number
  private readonly predicates: readonly Predicate[]
  private readonly evaluators: readonly Evaluator[] | null
  private readonly isRead: boolean
  private readonly aggregate: AggregateOperator
  private readonly runtime: Runtime
  /** What codes mean, once some are counted. */
  private meaning: Pick<CodesVector, 'type' | 'dictionary'> | null = null
  /** LANES counts a code. */
  private counts: Uint32Array
  private rowsSeen = 0

  constructor({ column, after, exprs, isRead }: Tally, aggregate: AggregateOperator, runtime: Runtime) {
    this.column = column
    this.isRead = isRead
    this.aggregate = aggregate
    this.runtime = runtime
    this.predicates = after.map((expr) => compilePredicate(expr, runtime))
    this.evaluators = exprs?.map((expr) => compileExpression(expr, runtime)) ?? null
    this.counts = new Uint32Array(0)
  }

  push(block: Block): void {
    this.rowsSeen += block.rowCount
    const vector = block.columns[this.column]
    if (!this.takes(vector, block.rowCount)) {
      this.passOn(block)
      return
    }
    this.meaning ??= { type: vector.type, dictionary: vector.dictionary }
    this.ensure(vector.dictionary.size)
    this.runtime.scratch.kernels.tallyCodes(
      vector.codes.byteOffset, block.rowCount, this.counts.byteOffset)
  }

  private takes(vector: Vector, rowCount: number): vector is CodesVector {
    if (vector.kind !== 'codes' || vector.isConst || vector.nulls !== null) return false
    const { durable, scratch } = this.runtime
    const { id, size } = vector.dictionary
    if (id < 0 || size > CODES_MAX || vector.codes.buffer !== scratch.account.work.buffer) return false
    if (this.meaning !== null) return this.meaning.dictionary.id === id
    const rows = Math.max(this.rowsSeen, durable.expectedRows?.() ?? 0)
    return rowCount >= ROWS_MIN && size * ROWS_A_CODE <= rows
  }

  private ensure(codes: number): void {
    if (codes * LANES <= this.counts.length) return
    const { account } = this.runtime.durable
    const before = this.counts
    this.counts = account.u32((codes + (codes >>> 2) + 16) * LANES).fill(0)
    this.counts.set(before)
    if (before.length > 0) account.free(before.byteOffset)
  }

  /** `times`: how often each row came; once without it. */
  private passOn(block: Block, times?: Float64Array): void {
    let rest = block
    let often = times
    for (let i = 0; i < this.predicates.length; i++) {
      const rows = this.predicates[i].select(rest)
      if (rows === null) continue
      if (rows.length === 0) return
      if (often !== undefined) often = taken(often, rows, this.runtime)
      // Texts that nobody looks at any more stay as they are stored.
      const isWanted = this.isRead || i + 1 < this.predicates.length
      rest = isWanted ? takeRows(rest, rows, this.runtime) : { rowCount: rows.length, columns: [] }
    }
    const { evaluators } = this
    this.aggregate.push(evaluators === null ? rest
      : { rowCount: rest.rowCount, columns: evaluators.map((evaluate) => evaluate(rest)) }, often)
  }

  /** Brings in what was counted. */
  flush(): void {
    const { meaning, counts } = this
    if (meaning === null) return
    const { account } = this.runtime.scratch
    const codes = account.u32(BLOCK_ROWS_MAX)
    const times = account.f64(BLOCK_ROWS_MAX)
    let count = 0
    const flushRows = () => {
      this.runtime.scratch.checkAlive()
      if (count > 0) this.passOn(this.rowsOf(codes.subarray(0, count), meaning), times.subarray(0, count))
      count = 0
    }
    for (let at = 0; at < counts.length; at += LANES) {
      let rest = counts[at] + counts[at + 1] + counts[at + 2] + counts[at + 3]
      for (; rest > 0; rest -= TIMES_MAX) {
        codes[count] = at / LANES
        times[count++] = Math.min(rest, TIMES_MAX)
        if (count === BLOCK_ROWS_MAX) flushRows()
      }
    }
    flushRows()
    counts.fill(0)
  }

  /** A block in which only the column holds rows. */
  private rowsOf(codes: Uint32Array, meaning: Pick<CodesVector, 'type' | 'dictionary'>): Block {
    const columns: Vector[] = []
    columns[this.column] = {
      ...meaning, kind: 'codes', length: codes.length, isConst: false, nulls: null, codes,
    }
    return { rowCount: codes.length, columns }
  }

  finish(): void { this.aggregate.finish() }
}

function taken(times: Float64Array, rows: Uint32Array, { scratch }: Runtime): Float64Array {
  const out = scratch.account.f64(rows.length)
  for (let i = 0; i < rows.length; i++) out[i] = times[rows[i]]
  return out
}
