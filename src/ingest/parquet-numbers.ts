// Numbers, days and times of a Parquet column as a vector has them, without a text between: times are
// ticks of the file's unit, brought to the column's by integer arithmetic.
// Invariant: a column is taken whole or not at all (null): what does not fit goes the way of JSON lines,
// where the kernel names the row.

import type { Vector } from '../../storage/column/vector.ts'
import type { BigArray, NumberArray } from '../../storage/column/number-array.ts'
import {
  KIND_DATE, KIND_DATE32, KIND_DATETIME, KIND_DATETIME64, KIND_FLOAT32, KIND_FLOAT64, KIND_INT, KIND_UINT64,
} from '../../storage/kernels/ndjson-layout.ts'
import type { MemoryAccount } from '../../storage/kernels/work-memory.ts'
import type { ColumnPlan } from './column-plan.ts'
import { arrayOfType } from './finish.ts'
import { nullsOf, type TypedColumn } from './parquet-strings.ts'

/** 1900 to 2299 in seconds and days, which ClickHouse's wide times hold; days of Date; seconds of DateTime. */
const FIRST_SECOND = -2_208_988_800n
const LAST_SECOND = 10_413_791_999n
const FIRST_DAY = -25_567n
const LAST_DAY = 120_529n
const DATE_MAX = 65_535n
const SECONDS_MAX = 4_294_967_295n
const INT64_MAX = 2n ** 63n - 1n
const UINT64_MAX = 2n ** 64n - 1n

/** How the file's integers become the column's. */
type Scale = { readonly factor: bigint; readonly divisor: bigint; readonly min: bigint; readonly max: bigint }

/** `unit`: decimal digits of a second that the file's times have; null: they are no times. */
function scaleOf(plan: ColumnPlan, unit: number | null): Scale {
  const plain = { factor: 1n, divisor: 1n }
  switch (plan.kind) {
    case KIND_INT: return { ...plain, min: plan.min, max: plan.max }
    case KIND_UINT64: return { ...plain, min: 0n, max: UINT64_MAX }
    case KIND_DATE: return { ...plain, min: 0n, max: DATE_MAX }
    case KIND_DATE32: return { ...plain, min: FIRST_DAY, max: LAST_DAY }
    case KIND_DATETIME: return { factor: 1n, divisor: 10n ** BigInt(unit ?? 0), min: 0n, max: SECONDS_MAX }
    case KIND_DATETIME64: {
      const shift = plan.precision - (unit ?? 0)
      const second = 10n ** BigInt(plan.precision)
      const last = (LAST_SECOND + 1n) * second - 1n
      return {
        factor: 10n ** BigInt(Math.max(shift, 0)), divisor: 10n ** BigInt(Math.max(-shift, 0)),
        min: FIRST_SECOND * second, max: last < INT64_MAX ? last : INT64_MAX,
      }
    }
    default: return { ...plain, min: 0n, max: 1n }
  }
}

/** A column of numbers of a row group. */
export class NumberColumn implements TypedColumn {
  private readonly plan: ColumnPlan
  private readonly values: NumberArray | BigArray
  private readonly nulls: Uint8Array | null

  private constructor(plan: ColumnPlan, values: NumberArray | BigArray, nulls: Uint8Array | null) {
    this.plan = plan
    this.values = values
    this.nulls = nulls
  }

  /** Values of the general reader. Null: some does not fit, or a NULL needs more than a mark. */
  static ofValues(values: ArrayLike<unknown>, plan: ColumnPlan, unit: number | null, takesNulls: boolean): NumberColumn | null {
    let nulls: Uint8Array | null = null
    for (let row = 0; row < values.length; row++) {
      if (values[row] !== null && values[row] !== undefined) continue
      if (!takesNulls) return null
      nulls ??= new Uint8Array(values.length)
      nulls[row] = 1
    }
    return NumberColumn.of(values as ArrayLike<number | bigint | boolean>, nulls, plan, unit)
  }

  /** Null: some value does not fit. */
  static of(
    given: ArrayLike<number | bigint | boolean>, nulls: Uint8Array | null, plan: ColumnPlan, unit: number | null,
  ): NumberColumn | null {
    const { length } = given
    const out = new (arrayOfType(plan))(new ArrayBuffer(length * plan.width), 0, length)
    const isFloat = plan.kind === KIND_FLOAT64 || plan.kind === KIND_FLOAT32
    if (isFloat) return fillFloats(given, nulls, out) ? new NumberColumn(plan, out, nulls) : null
    const scale = scaleOf(plan, unit)
    if (fillSafe(given, nulls, out, scale)) return new NumberColumn(plan, out, nulls)
    const wide = plan.width < 8 ? out
      : plan.kind === KIND_UINT64 ? new BigUint64Array(length) : new BigInt64Array(length)
    return fillWide(given, nulls, wide, scale) ? new NumberColumn(plan, wide, nulls) : null
  }

  vector(from: number, to: number, account: MemoryAccount): Vector {
    const { plan, values } = this
    const length = to - from
    const nulls = nullsOf(this.nulls, from, to, account)
    const common = { type: plan.column.type, length, isConst: false, nulls }
    const at = account.allocate(length * plan.width)
    const { buffer } = account.work
    if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
      if (!isSafe(values, from, to)) {
        const own = values instanceof BigInt64Array ? new BigInt64Array(buffer, at, length) : new BigUint64Array(buffer, at, length)
        own.set(values.subarray(from, to))
        return { ...common, kind: 'big', values: own }
      }
      const own = new Float64Array(buffer, at, length)
      for (let i = 0; i < length; i++) own[i] = Number(values[from + i])
      return { ...common, kind: 'number', values: own }
    }
    const own = new (arrayOfType(plan))(buffer, at, length)
    own.set(values.subarray(from, to))
    return { ...common, kind: 'number', values: own }
  }
}

/** Floats but for NaN and infinities; a zero has no sign, as JSON's numbers written by JavaScript. */
function fillFloats(values: ArrayLike<number | bigint | boolean>, nulls: Uint8Array | null, out: NumberArray): boolean {
  for (let row = 0; row < out.length; row++) {
    if (nulls !== null && nulls[row] === 1) continue
    const value = Number(values[row])
    if (!Number.isFinite(value)) return false
    out[row] = value + 0
  }
  return true
}

/** Integers as doubles hold them; false: some is too large for that, or does not fit. */
function fillSafe(
  values: ArrayLike<number | bigint | boolean>, nulls: Uint8Array | null, out: NumberArray, scale: Scale,
): boolean {
  const [factor, divisor, min, max] = [scale.factor, scale.divisor, scale.min, scale.max].map(Number)
  for (let row = 0; row < out.length; row++) {
    if (nulls !== null && nulls[row] === 1) continue
    let value = Number(values[row])
    if (!Number.isSafeInteger(value)) return false
    // Exact: the remainder is taken off before the division.
    if (divisor !== 1) value = (value - (((value % divisor) + divisor) % divisor)) / divisor
    else value *= factor
    if (!Number.isSafeInteger(value) || value < min || value > max) return false
    out[row] = value + 0
  }
  return true
}

function fillWide(
  values: ArrayLike<number | bigint | boolean>, nulls: Uint8Array | null, out: NumberArray | BigArray, scale: Scale,
): boolean {
  const { factor, divisor, min, max } = scale
  const isBig = out instanceof BigInt64Array || out instanceof BigUint64Array
  for (let row = 0; row < out.length; row++) {
    if (nulls !== null && nulls[row] === 1) continue
    let value = BigInt(values[row])
    if (divisor !== 1n) value = (value - (((value % divisor) + divisor) % divisor)) / divisor
    else value *= factor
    if (value < min || value > max) return false
    if (isBig) out[row] = value
    else out[row] = Number(value)
  }
  return true
}

function isSafe(values: BigArray, from: number, to: number): boolean {
  for (let row = from; row < to; row++) if (!Number.isSafeInteger(Number(values[row]))) return false
  return true
}
