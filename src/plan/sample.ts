// SAMPLE: the rows whose sampling key (ENGINE_SAMPLING_KEY) lies in a stretch of its type's range. The
// same rows each time, and those of a smaller sample lie in a larger one of the same offset.
//
//   scan -> condition on the key -> the columns, and _sample_factor behind them
//
// Invariant: shares are exact fractions, so that the ends of stretches are ClickHouse's.

import type { DataType } from '../../storage/column/data-type.ts'
import type { Sample } from '../sql/ast.ts'
import { allColumns } from './nodes.ts'
import { QueryError, type PlanNode, type Span, type TypedExpr } from './plan.ts'

/** A share or number of rows as a fraction. */
type Fraction = { readonly over: bigint; readonly under: bigint }

function fractionOf(text: string): Fraction {
  const [over, under = '1'] = text.split('/')
  const [number, power = '0'] = over.toLowerCase().split('e')
  const [whole, digits = ''] = number.split('.')
  const places = digits.length - Number(power)
  return {
    over: BigInt(whole + digits) * 10n ** BigInt(Math.max(0, -places)),
    under: BigInt(under) * 10n ** BigInt(Math.max(0, places)),
  }
}

const isAbove = ({ over, under }: Fraction, number: bigint): boolean => over > number * under

/** Values that a sampling key of the type may have. */
function rangeOf(type: DataType, span: Span): bigint {
  const bits = /^UInt(8|16|32|64)$/.exec(type.name)?.[1]
  if (bits !== undefined) return 1n << BigInt(bits)
  throw new QueryError(`The sampling key is ${type.name}: it must be UInt8, UInt16, UInt32 or UInt64`, span,
    'ILLEGAL_TYPE_OF_COLUMN_FOR_FILTER')
}

/** What SAMPLE asks, as SQL over the table: a condition (null: all rows) and the factor that counts of
 * rows are multiplied by. `rows`: the number of the table's rows, as SQL. */
export function sampleOf(
  { ratio, offset, ...span }: Sample, key: string, type: DataType, rows: string,
): { readonly condition: string | null; readonly factor: string } {
  const range = rangeOf(type, span)
  const [size, start] = [fractionOf(ratio), fractionOf(offset ?? '0')]
  if (size.over === 0n) return { condition: null, factor: '1.' }
  const isCounted = isAbove(size, 1n) || isAbove(start, 1n)
  if (isCounted) return countedSample(size, start, key, rows, range)
  const low = start.over * range / start.under
  const end = { over: size.over * start.under + start.over * size.under, under: size.under * start.under }
  const conditions = [
    ...low > 0n ? [`(${key}) >= ${low}`] : [],
    ...end.over < end.under ? [`(${key}) < ${end.over * range / end.under}`] : [],
    // An offset of all rows leaves none.
    ...low >= range ? ['0'] : [],
  ]
  return {
    condition: conditions.length === 0 ? null : conditions.join(' AND '),
    factor: `${size.under} / ${size.over}`,
  }
}

/** SAMPLE 10000: a number of rows is the share that it is of the table's. */
function countedSample(
  size: Fraction, start: Fraction, key: string, rows: string, range: bigint,
): { readonly condition: string; readonly factor: string } {
  const count = `greatest(${rows}, 1)`
  const share = ({ over, under }: Fraction) => {
    const own = `(${over} / ${under})`
    return isAbove({ over, under }, 1n) ? `least(${own} / ${count}, 1)` : own
  }
  const [low, end] = [share(start), `(${share(start)} + ${share(size)})`]
  return {
    condition: `(${key}) >= floor(${low} * ${range}.) AND (${key}) < floor(${end} * ${range}.)`,
    factor: `1 / ${share(size)}`,
  }
}

const FACTOR = '_sample_factor'

/** The rows with the factor as a column behind theirs. */
export const withFactor = (input: PlanNode, factor: TypedExpr): PlanNode => ({
  op: 'project', input, exprs: [...allColumns(input), factor],
  columns: [...input.columns, { name: FACTOR, type: 'Float64' }],
})
