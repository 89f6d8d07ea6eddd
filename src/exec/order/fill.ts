// ORDER BY … WITH FILL: rows arrive in order; between them go rows with the values of the column that
// are missing. What is expected next walks on from FROM, or from the first row, by STEP.
//
// Invariant: rows keep their order; a filled row has defaults (or what INTERPOLATE says) in all columns
// but the filled one and those sorted by before it.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Block, Vector } from '../../../storage/column/vector.ts'
import { defaultVector, valueAt } from '../../functions/values/values.ts'
import { asConst, largeVector, newNumbers, numberVector, pick } from '../../functions/values/vectors.ts'
import { QueryError, type Fill, type FillStep } from '../../plan/plan.ts'
import { keepVector, restoreBlocks, type DictionaryById, type FlatBlock } from '../blocks/block-codec.ts'
import { compileExpression, constantOf } from '../expressions/expression.ts'
import type { Evaluator } from '../expressions/evaluator.ts'
import { growWords } from '../blocks/growing.ts'
import { KeptRows } from '../blocks/kept-rows.ts'
import type { Breaker, Operator } from '../runtime/operator.ts'
import { rowOrder } from './order.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { inPieces, sliceVector } from '../blocks/slice.ts'

/** Rows made by one WITH FILL, at most: a step too small for its range is an error, not a flood. */
const FILLED_ROWS_MAX = 10_000_000

/** Where a row comes from: a row of the input, or FILLED. */
const FILLED = 0xffffffff

export class FillOperator implements Breaker {
  readonly isFull = false
  private readonly kept: KeptRows
  private readonly fill: Fill
  private readonly types: readonly DataType[]
  private readonly next: Operator
  private readonly runtime: Runtime
  private readonly dictionaryById: DictionaryById
  private readonly evaluators: readonly (Evaluator | null)[]
  /** Of each row out: its row in, the row before it in the input, and the filled value. */
  private from: Uint32Array
  private before: Uint32Array
  private values: Float64Array
  private rowsOut = 0
  private readonly isUnsigned: boolean

  constructor(
    fill: Fill, types: readonly DataType[], next: Operator, runtime: Runtime,
    dictionaryById: DictionaryById,
  ) {
    const { account } = runtime.durable
    this.fill = fill
    this.types = types
    this.isUnsigned = /^UInt/.test(bareType(types[fill.column]).id)
    this.next = next
    this.runtime = runtime
    this.dictionaryById = dictionaryById
    this.kept = new KeptRows(account)
    this.evaluators = fill.interpolate.map(({ expr }) =>
      (expr === null ? null : compileExpression(expr, runtime)))
    this.from = account.u32(64)
    this.before = account.u32(64)
    this.values = account.f64(64)
  }

  push(block: Block): void { this.kept.add(block) }

  exportPartial(): FlatBlock[] { return this.kept.flat() }

  importPartial(partial: unknown): void {
    for (const block of restoreBlocks(partial, this.runtime.scratch.account, this.dictionaryById)) this.push(block)
  }

  finish(): void {
    const rows = this.kept.join(this.types)
    this.walk(rows)
    if (this.rowsOut > 0) {
      inPieces({ rowCount: this.rowsOut, columns: this.columnsOf(rows) }, (piece) => this.next.push(piece))
    }
    this.next.finish()
  }

  // ---------------------------------------------------------------------- which rows, in order

  private walk(rows: Block): void {
    const { fill } = this
    const sign = fill.descending ? -1 : 1
    const start = this.bound(fill.from)
    const stop = this.bound(fill.to)
    const column = rows.columns[fill.column]
    const prefixes = rowOrder(fill.prefix.map((index) => ({ index, descending: false, nullsFirst: false })),
      fill.prefix.map((index) => rows.columns[index]), this.runtime.scratch.account)
    let expected = start
    let last: number | null = null
    const before = (a: number, b: number | null) => b === null || sign * (b - a) > 0
    const fillUpTo = (end: number | null, row: number) => {
      const stale = fill.staleness === null || last === null ? null : stepped(last, fill.staleness, this.types[fill.column])
      const limit = stale !== null && before(stale, end) ? stale : end
      if (limit === null || expected === null) return
      while (before(expected, limit) && before(expected, stop)) {
        this.add(FILLED, row, expected)
        expected = stepped(expected, fill.step, this.types[fill.column])
      }
    }
    const isMade = this.madeIn(rows)
    for (let row = 0; row < rows.rowCount; row++) {
      if (isMade(row)) {
        if (row > 0 && !isMade(row - 1)) fillUpTo(stop, row - 1)
        // The first row of its values: it stands where nothing is to be filled in from FROM.
        if (start === null) this.add(row, row, numberAt(column, row) ?? 0)
        else {
          expected = start
          fillUpTo(stop ?? stepped(start, fill.step, this.types[fill.column]), row)
        }
        expected = start
        last = null
        continue
      }
      if (row > 0 && !isMade(row - 1) && prefixes(row - 1, row) !== 0) {
        fillUpTo(stop, row - 1)
        expected = start
        last = null
      }
      const value = numberAt(column, row)
      if (value !== null) {
        // Rows between stale ones are not walked over: what is expected goes on from the row.
        fillUpTo(value, last === null ? row : row - 1)
        expected = this.onward(expected, value, before)
      }
      this.add(row, row, value ?? 0)
      if (value === null) continue
      last = value
      if (expected === value) expected = stepped(value, fill.step, this.types[fill.column])
    }
    if (rows.rowCount > 0 && isMade(rows.rowCount - 1)) return
    if (stop !== null || fill.staleness !== null) fillUpTo(stop ?? (last === null ? null : stepped(last, fill.staleness as FillStep, this.types[fill.column])), rows.rowCount - 1)
  }

  /** Was a row made by a WITH FILL before this one? */
  private madeIn(rows: Block): (row: number) => boolean {
    const { made } = this.fill
    return made === null ? () => false : (row) => valueAt(rows.columns[made], row) === 1
  }

  /** What is expected at a value that was met: with STALENESS the steps go on from the first row. */
  private onward(
    expected: number | null, value: number, before: (a: number, b: number) => boolean,
  ): number {
    if (expected === null) return value
    const { staleness, step } = this.fill
    if (staleness === null) return before(expected, value) ? value : expected
    let at = expected
    if (step.unit === 'value' && before(at, value)) {
      at += Math.ceil((value - at) / step.count) * step.count
    }
    while (before(at, value)) at = stepped(at, step, this.types[this.fill.column])
    return at
  }

  private bound(expr: Fill['from']): number | null {
    return expr === null ? null : numberAt(constantOf(expr, this.runtime), 0)
  }

  private add(from: number, before: number, value: number): void {
    const { account } = this.runtime.durable
    if (from === FILLED && value < 0 && this.isUnsigned) return
    if (this.rowsOut >= FILLED_ROWS_MAX) {
      throw new QueryError(`WITH FILL makes more than ${FILLED_ROWS_MAX} rows: use a larger STEP or a `
        + 'smaller range', null, 'TOO_MANY_ROWS')
    }
    const count = this.rowsOut++
    this.from = growWords(account, this.from, count, count + 1)
    this.before = growWords(account, this.before, count, count + 1)
    if (count >= this.values.length) {
      const larger = account.f64(this.values.length * 2)
      larger.set(this.values)
      account.free(this.values.byteOffset)
      this.values = larger
    }
    this.from[count] = from
    this.before[count] = before
    this.values[count] = value
  }

  // ------------------------------------------------------------------------------- their columns

  private columnsOf(rows: Block): Vector[] {
    const { account } = this.runtime.durable
    const { fill, rowsOut } = this
    const which = account.u8(rowsOut)
    const places = account.u32(rowsOut)
    for (let i = 0; i < rowsOut; i++) {
      which[i] = this.from[i] === FILLED ? 1 : 0
      places[i] = which[i] === 1 ? i : this.from[i]
    }
    const interpolated = this.interpolatedColumns(rows)
    const isMade = this.madeIn(rows)
    // Rows of a WITH FILL before take their interpolated values as those of this one do.
    const [anew, at] = fill.made === null ? [which, places] : [which.slice(), places.slice()]
    if (fill.made !== null) {
      for (let i = 0; i < rowsOut; i++) {
        if (which[i] === 0 && isMade(this.from[i])) {
          anew[i] = 1
          at[i] = i
        }
      }
    }
    return rows.columns.map((column, c) => {
      const type = this.types[c]
      const own = interpolated.get(c)
      if (own !== undefined) return pick([column, own], anew, at, rowsOut, type, account)
      const made = c === fill.column || fill.copies.includes(c) ? this.filledColumn(type)
        : fill.prefix.includes(c) && rows.rowCount > 0
          ? pick([column], null, this.before.subarray(0, rowsOut), rowsOut, type, account)
          : asConst(defaultVector(type, 1, account), rowsOut)
      return pick([column, made], which, places, rowsOut, type, account)
    })
  }

  private filledColumn(type: DataType): Vector {
    const { account } = this.runtime.durable
    if (isLarge(bareType(type))) {
      return largeVector(type, this.rowsOut, account, (i) => BigInt(Math.trunc(this.values[i])))
    }
    const values = newNumbers(type, this.rowsOut, account)
    for (let i = 0; i < this.rowsOut; i++) values[i] = this.values[i]
    return numberVector(type, values)
  }

  /** One value for each filled row (others are not looked at), made out of the row before. */
  private interpolatedColumns(rows: Block): Map<number, Vector> {
    const { account } = this.runtime.durable
    const { interpolate, column: filled, copies, prefix } = this.fill
    if (interpolate.length === 0) return new Map()
    const isMade = this.madeIn(rows)
    const filledValues = this.filledColumn(this.types[filled])
    const pieces = interpolate.map((): Vector[] => [])
    let current: Vector[] = this.types.map((type) => defaultVector(type, 1, account))
    const which = interpolate.map(() => account.u32(this.rowsOut).fill(0))
    for (let i = 0; i < this.rowsOut; i++) {
      if (this.from[i] !== FILLED && !isMade(this.from[i])) {
        current = rows.columns.map((column) => sliceVector(column, this.from[i], this.from[i] + 1))
        continue
      }
      const above: Block = { rowCount: 1, columns: current }
      const made = interpolate.map(({ column }, n) => {
        const evaluate = this.evaluators[n]
        return evaluate === null ? current[column] : keepVector(evaluate(above), account)
      })
      current = current.map((vector, c) => (c === filled || copies.includes(c)
        ? sliceVector(filledValues, i, i + 1) : prefix.includes(c) ? vector
          : defaultVector(this.types[c], 1, account)))
      interpolate.forEach(({ column }, n) => {
        current[column] = made[n]
        which[n][i] = pieces[n].push(asConst(made[n], 1)) - 1
      })
      this.runtime.scratch.account.releaseAll()
    }
    return new Map(interpolate.map(({ column }, n) => {
      if (pieces[n].length === 0) return [column, asConst(defaultVector(this.types[column], 1, account), this.rowsOut)]
      return [column, pick(pieces[n], which[n], null, this.rowsOut, this.types[column], account)]
    }))
  }

  describe(): string { return `fill ${this.kept.rowCount} rows in, ${this.rowsOut} rows out` }
}

/** NULL and NaN have no place in a sequence. */
function numberAt(vector: Vector, row: number): number | null {
  const value = valueAt(vector, row)
  if (value === null || (typeof value === 'number' && Number.isNaN(value))) return null
  return Number(value)
}

const DAY_S = 86_400

/** The value one step on; months by the calendar (UTC). */
function stepped(value: number, { count, unit }: FillStep, type: DataType): number {
  if (unit === 'value') return value + count
  const bare = type.id === 'Nullable' || type.id === 'LowCardinality' ? type.args[0] : type
  const isDay = bare.id === 'Date' || bare.id === 'Date32'
  const scale = 10 ** bare.precision
  const seconds = isDay ? value * DAY_S : Math.floor(value / scale)
  const rest = isDay ? 0 : value - seconds * scale
  const date = new Date(seconds * 1000)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + count)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  const moved = date.getTime() / 1000
  return isDay ? moved / DAY_S : moved * scale + rest
}
