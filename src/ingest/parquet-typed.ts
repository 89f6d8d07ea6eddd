// Which columns of a Parquet file become columns of a data source without JSON between, and how: those
// whose values the kernel would read from their text as exactly the same. All others, and a column with a
// value that does not fit, go as JSON lines (parquet.ts).

import type { SchemaTree } from 'hyparquet'
import {
  FLAG_COMPUTED, FLAG_DEFAULT, FLAG_NULLABLE, KIND_BOOL, KIND_CODES, KIND_DATE, KIND_DATE32, KIND_DATETIME, KIND_DATETIME64,
  KIND_FLOAT32, KIND_FLOAT64, KIND_INT, KIND_UINT64,
} from '../../storage/kernels/ndjson-layout.ts'
import type { ColumnPlan } from './column-plan.ts'
import type { PagedReading } from './parquet-columns.ts'
import { NumberColumn } from './parquet-numbers.ts'
import { StringColumn, type StringTable, type TypedColumn } from './parquet-strings.ts'

/** How a column's values are read: strings by their numbers in a table, else numbers; `unit`: times, of
 * so many digits of a second. */
export type Reading = { readonly isString: boolean; readonly unit: number | null; readonly plan: ColumnPlan }

const UNITS: Readonly<Record<string, number>> = { MILLIS: 3, MICROS: 6, NANOS: 9, TIMESTAMP_MILLIS: 3, TIMESTAMP_MICROS: 6 }
const INTEGERS: ReadonlySet<string> = new Set(['UINT_8', 'UINT_16', 'UINT_32', 'UINT_64', 'INT_8', 'INT_16', 'INT_32', 'INT_64'])

/** Null: by JSON lines. */
export function readingOf({ element, children }: SchemaTree, plan: ColumnPlan): Reading | null {
  if (children.length > 0 || element.repetition_type === 'REPEATED') return null
  if (plan.path === null || plan.column.type.id === 'SimpleAggregateFunction') return null
  const { kind } = plan
  const { converted_type: converted = null, logical_type: logical } = element
  const isPlain = converted === null && logical === undefined
  const number = (isRead: boolean, unit: number | null = null) => (isRead ? { isString: false, unit, plan } : null)
  switch (element.type) {
    case 'BYTE_ARRAY': {
      const isText = (converted === null || converted === 'UTF8' || converted === 'ENUM')
        && (logical === undefined || logical.type === 'STRING' || logical.type === 'ENUM')
      return isText && kind === KIND_CODES && !plan.isConverted ? { isString: true, unit: null, plan } : null
    }
    case 'BOOLEAN': return number(isPlain && kind === KIND_BOOL)
    case 'FLOAT': return number(isPlain && (kind === KIND_FLOAT32 || kind === KIND_FLOAT64))
    case 'DOUBLE': return number(isPlain && kind === KIND_FLOAT64)
    case 'INT32': case 'INT64': {
      if (converted === 'DATE') return number(element.type === 'INT32' && (kind === KIND_DATE || kind === KIND_DATE32))
      const unit = UNITS[converted ?? (logical?.type === 'TIMESTAMP' ? logical.unit : '')]
      if (unit !== undefined) return number(element.type === 'INT64' && (kind === KIND_DATETIME || kind === KIND_DATETIME64), unit)
      const isInteger = (converted === null || INTEGERS.has(converted))
        && (logical === undefined || logical.type === 'INTEGER')
      // Unix time, as ClickHouse writes DateTime.
      if (kind === KIND_DATETIME) return number(isInteger, 0)
      return number(isInteger && (kind === KIND_INT || kind === KIND_UINT64))
    }
    default: return null
  }
}

/** Times and days as the numbers that the file has. */
export function readAsNumbers({ element }: SchemaTree): void {
  const isTime = element.converted_type === 'DATE' || element.logical_type?.type === 'TIMESTAMP'
    || element.converted_type?.startsWith('TIMESTAMP_') === true
  if (!isTime) return
  delete element.converted_type
  delete element.logical_type
}

/** A NULL is a mark, and no DEFAULT stands for it. */
const takesMarks = ({ flags }: ColumnPlan): boolean =>
  (flags & FLAG_NULLABLE) !== 0 && (flags & (FLAG_DEFAULT | FLAG_COMPUTED)) === 0

/** How the pages of a column are read; null: by the general reader. */
export function pagedReadingOf({ element }: SchemaTree, { unit, plan }: Reading): PagedReading | null {
  const { type, converted_type: converted, logical_type: logical } = element
  const isUnsigned = converted?.startsWith('UINT_') === true || (logical?.type === 'INTEGER' && !logical.isSigned)
  const physical = type === 'INT32' ? (isUnsigned ? 'UINT32' : 'INT32') : type === 'INT64' ? (isUnsigned ? 'UINT64' : 'INT64') : type
  if (physical === undefined || physical === 'INT96' || physical === 'FIXED_LEN_BYTE_ARRAY') return null
  return { physical, unit, plan, takesNulls: takesMarks(plan) }
}

/** A column of hyparquet's values (of strings: their numbers); null: by JSON lines after all. */
export function typedColumn(values: ArrayLike<unknown>, { isString, unit, plan }: Reading, table: StringTable): TypedColumn | null {
  const takesNulls = takesMarks(plan)
  return isString ? StringColumn.of(values, table, plan, takesNulls) : NumberColumn.ofValues(values, plan, unit, takesNulls)
}
