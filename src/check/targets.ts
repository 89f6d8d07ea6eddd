// Whether the rows of a materialized or copy node fit the data source they go to: by name, as
// inserting does. Invariant: a column is compared with the target's of the same name, never by its
// place.

import { bareType, isNullable, type DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { areSameStates } from '../functions/values/same-states.ts'
import type { OutputColumn } from '../plan/plan.ts'
import type { ColumnDef, DatasourceDef } from '../project/definitions.ts'
import { columnNames } from '../project/values.ts'
import { didYouMean } from '../sql/suggest.ts'

/** One thing that does not fit. */
export type Misfit = {
  readonly code: 'unknown-target-column' | 'missing-target-column' | 'target-type'
  readonly message: string
  readonly isError: boolean
}

/** What of `columns`, the output of `node`, does not fit `target`. A copy is an INSERT … SELECT: columns
 * that it does not give have their defaults, and text is read as what the column holds. */
export function misfits(
  node: string, columns: readonly OutputColumn[], target: DatasourceDef, isCopy: boolean,
): Misfit[] {
  const found: Misfit[] = []
  const wanted = new Map(target.columns.map(column => [column.name, column]))
  for (const column of columns) {
    const place = wanted.get(column.name)
    if (place === undefined) {
      const near = didYouMean(column.name, wanted.keys()) || `; it has ${[...wanted.keys()].join(', ')}`
      found.push({
        code: 'unknown-target-column', isError: true,
        message: `node ${node} gives the column ${column.name}, which ${target.name} does not have${near}`,
      })
    } else {
      const why = typeMisfit(column, place, isCopy)
      if (why !== null) {
        found.push({
          code: 'target-type', isError: why === 'error',
          message: `column ${column.name} is ${column.type} in node ${node} and ${place.type} in `
            + `${target.name}; convert it in the node, or change the type in ${target.name}`,
        })
      }
    }
  }
  const given = new Set(columns.map(column => column.name))
  for (const column of target.columns) {
    if (given.has(column.name)) continue
    const isNeeded = !isCopy && (isKey(column, target) || column.type.startsWith('AggregateFunction'))
    found.push({
      code: 'missing-target-column', isError: isNeeded,
      message: `node ${node} does not give the column ${column.name} ${column.type} of ${target.name}`
        + `; add it to the SELECT${isNeeded ? '' : ', or its default is stored'}`,
    })
  }
  return found
}

/** Rows without their keys, or groups without their states, are of no use; other columns that are
 * missing are filled with defaults, as inserting does. */
function isKey(column: ColumnDef, { engine }: DatasourceDef): boolean {
  if (column.defaultExpr !== null || isNullable(parseDataType(column.type))) return false
  const keys = [engine.sortingKey, engine.primaryKey, engine.partitionKey, engine.version, engine.sign]
  return keys.some(key => key !== null && columnNames(key).some(({ name }) => name === column.name))
}

/** 'error' where a value has no way into the column, 'warning' where it may lose something. */
function typeMisfit(column: OutputColumn, target: ColumnDef, isCopy: boolean): 'error' | 'warning' | null {
  const from = parseDataType(column.type)
  const to = parseDataType(target.type)
  if (from.name === to.name) return null
  const [a, b] = [plain(from), plain(to)]
  if (isCopy && kindOf(a) === 'text' && ['number', 'time'].includes(kindOf(b))) return 'warning'
  return compare(a, b) ?? (isNullable(from) && !isNullable(to) ? 'warning' : null)
}

/** The type of the values: SimpleAggregateFunction(max, T) holds T. */
function plain(type: DataType): DataType {
  const bare = bareType(type)
  return bare.id === 'SimpleAggregateFunction' ? bareType(bare.args[0]) : bare
}

function compare(from: DataType, to: DataType): 'error' | 'warning' | null {
  if (from.name === to.name || from.id === 'Nothing') return null
  const isState = from.id === 'AggregateFunction' || to.id === 'AggregateFunction'
  if (isState) return areSameStates(from, to) ? null : 'error'
  if (from.id === 'Array' && to.id === 'Array') return compare(plain(from.args[0]), plain(to.args[0]))
  const [a, b] = [kindOf(from), kindOf(to)]
  if (from.id === 'JSON' && b === 'text') return null
  if (a === 'composite' || b === 'composite') return from.id === to.id ? null : 'error'
  if (a !== b) return 'error'
  return a === 'number' && !holds(from, to) ? 'warning' : null
}

function kindOf(type: DataType): 'number' | 'text' | 'time' | 'composite' | string {
  switch (type.id) {
    case 'String': case 'FixedString': case 'Enum8': case 'Enum16': return 'text'
    case 'Date': case 'Date32': case 'DateTime': case 'DateTime64': return 'time'
    case 'Time': case 'Time64': return 'clock'
    case 'Array': case 'Tuple': case 'Map': case 'JSON': return 'composite'
    default: return /^(U?Int|Float|Bool|Decimal)/.test(type.id) ? 'number' : type.id
  }
}

/** True where every value of an integer type is one of the other type too. */
function holds(from: DataType, to: DataType): boolean {
  const range = (type: DataType): [number, number] | null => {
    const parts = /^(U?)Int(\d+)$/.exec(type.id === 'Bool' ? 'UInt8' : type.id)
    if (parts === null) return null
    const bits = Number(parts[2])
    return parts[1] === 'U' ? [0, bits] : [1, bits - 1]
  }
  const [a, b] = [range(from), range(to)]
  if (a === null || b === null) return b === null || to.id === 'Decimal'
  return a[1] <= b[1] && (a[0] === 0 || b[0] === 1)
}
