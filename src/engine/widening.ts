// Changes of a column's type that every value survives as it is: they need no FORWARD_QUERY.

import type { DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { TableMeta } from '../../storage/face.ts'
import type { WantedTable } from './tables.ts'

const INTEGER = /^(U?)Int(\d+)$/

/** Whether all values of a type are the same ones in another: `Int16` in `Int64`, `String` in
 * `Nullable(String)` and `LowCardinality(String)`. */
export function isWidened(from: string, to: string): boolean {
  return from === to || holds(parseDataType(from), parseDataType(to))
}

function holds(from: DataType, to: DataType): boolean {
  if (from === to) return true
  if (from.id === 'LowCardinality') return holds(from.args[0], to)
  if (to.id === 'LowCardinality') return holds(from, to.args[0])
  if (to.id === 'Nullable') return holds(from.id === 'Nullable' ? from.args[0] : from, to.args[0])
  if (from.id === 'Nullable') return false
  const [a, b] = [INTEGER.exec(from.id), INTEGER.exec(to.id)]
  if (a !== null && b !== null) {
    const isSigned = b[1] === ''
    if (a[1] === '' && !isSigned) return false
    return Number(a[2]) + (a[1] !== '' && isSigned ? 1 : 0) <= Number(b[2])
  }
  if (from.id === 'Float32') return to.id === 'Float64'
  if (from.id === 'FixedString') return to.id === 'String'
  if (from.id === 'Date') return to.id === 'Date32'
  if (from.id === 'Decimal' && to.id === 'Decimal') return from.scale === to.scale && from.precision <= to.precision
  if (/^Enum/.test(from.id) && /^Enum/.test(to.id)) return isLonger(from, to)
  return false
}

/** An Enum that has all names of another, with their numbers. */
function isLonger(from: DataType, to: DataType): boolean {
  const numbers = ({ names, values }: DataType) => new Map((names ?? []).map((name, i) => [name, values?.[i]]))
  const known = numbers(to)
  return [...numbers(from)].every(([name, value]) => known.get(name) === value)
}

/** The wanted table with those columns in their stored types that are widened: what else is in the way of a
 * change can be asked of it. */
export const withoutWidening = (stored: TableMeta, wanted: WantedTable): WantedTable => ({
  ...wanted, columns: wanted.columns.map((column) => {
    const before = stored.columns.find(({ name }) => name === column.name)
    return before !== undefined && isWidened(before.type, column.type) ? { ...column, type: before.type } : column
  }),
})
