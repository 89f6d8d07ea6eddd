// Table functions: rows out of nothing but their arguments (numbers, values, …). Those that reach files
// or the network are refused: a query reads data sources only.

import { bareType, UINT64, type DataType } from '../../storage/column/data-type.ts'
import { DataTypeError, parseDataType } from '../../storage/column/parse-type.ts'
import { leastSupertype } from '../functions/values/types.ts'
import type { Expression, TableFunction } from '../sql/ast.ts'
import { multiplied } from './array-join.ts'
import { notYet, unknownName, withSpan } from './errors.ts'
import { resolve } from './expressions.ts'
import { foldValue } from './fold.ts'
import { lower, sourceLeaf } from './lower.ts'
import { QueryError, type PlanNode, type TypedExpr } from './plan.ts'
import type { Value } from '../functions/values/value.ts'
import type { Resolved } from './resolved.ts'
import { Scope } from './scope.ts'
import { convertValue } from './values.ts'

const ONE: PlanNode = { op: 'one', columns: [] }

/** One row with the column `dummy`: system.one. */
function dummyRow(): PlanNode {
  return {
    op: 'project', input: ONE, columns: [{ name: 'dummy', type: 'UInt8' }],
    exprs: [{ kind: 'literal', value: 0, type: 'UInt8', slot: -1 }],
  }
}

/** Tables of ClickHouse's database `system` that hold no data of a server; null: another name. */
export function systemTable(parts: readonly string[]): PlanNode | null {
  switch (parts.join('.')) {
    case 'system.one': return dummyRow()
    case 'system.numbers': case 'system.numbers_mt':
      return { op: 'generate', name: 'numbers', args: [], columns: [{ name: 'number', type: UINT64.name }] }
    default: return null
  }
}

const NAMES = ['generateRandom', 'numbers', 'numbers_mt', 'zeros', 'generateSeries', 'generate_series', 'one', 'values',
  'null', 'view']

/** Of ClickHouse's: what reaches out of the process. */
const REACHING = new RegExp('^(file|url|s3|gcs|hdfs|azureBlobStorage|remote|remoteSecure|cluster\\w*|mysql|'
  + 'postgresql|mongodb|redis|sqlite|odbc|jdbc|input|executable|iceberg\\w*|deltaLake\\w*|hudi\\w*|kafka)'
  + '(Cluster)?$', 'i')

export function planTableFunction(scope: Scope, from: TableFunction): PlanNode {
  const name = from.name.toLowerCase()
  switch (name) {
    case 'one': return dummyRow()
    case 'values': case 'sqlstandardvalues': return planValues(scope, from)
    case 'null': {
      const columns = structureOf(textOf(from.args[0], from), from)
      return {
        op: 'filter', input: constantRows(columns, [columns.map(() => null)]),
        condition: { kind: 'literal', value: 0, type: 'UInt8', slot: -1 },
        columns: columns.map(({ name: column, type }) => ({ name: column, type: type.name })),
      }
    }
    case 'view': {
      const [query] = from.args
      if (query?.kind === 'subquery') return scope.analysis.planQuery(query.query, scope)
      throw new QueryError('view takes a query: view(SELECT …)', from, 'BAD_ARGUMENTS')
    }
    case 'generaterandom': return planRandom(scope, from)
    case 'numbers': case 'numbers_mt': case 'zeros': case 'generate_series': case 'generateseries':
      return planNumbers(scope, from, name)
    default:
  }
  if (REACHING.test(name)) {
    throw new QueryError(`Table function ${from.name} reaches files or the network: a query reads data `
      + 'sources only', from, 'ACCESS_DENIED')
  }
  if (/^(merge|dictionary|loop|format|fuzzJSON|mergeTree\w*|timeSeries\w*)$/i.test(from.name)) {
    throw notYet(`table function ${from.name}`, from)
  }
  throw unknownName('table function', from.name, NAMES, from, 'UNKNOWN_FUNCTION')
}

// ------------------------------------------------------------------------------------- numbers

function planNumbers(scope: Scope, from: TableFunction, name: string): PlanNode {
  const inner = new Scope(scope.analysis, scope)
  const args = from.args.map((arg) => countOf(scope, resolve(inner, arg), arg))
  const isSeries = name.startsWith('generate')
  const column = isSeries ? 'generate_series' : name === 'zeros' ? 'zero' : 'number'
  const type = name === 'zeros' ? 'UInt8' : UINT64.name
  return {
    op: 'generate', name: isSeries ? 'generate_series' : name.replace('_mt', ''), args,
    columns: [{ name: column, type }],
  }
}

/** An argument that is a number of rows: a constant, as UInt64. */
function countOf(scope: Scope, value: Resolved, span: Expression): TypedExpr {
  if (value.kind === 'literal' && typeof value.value === 'number' && value.source >= 0) {
    const slot = scope.analysis.slots.use(value.source, UINT64)
    return { kind: 'literal', value: value.value, type: UINT64.name, slot }
  }
  const expr = lower(scope.analysis, value, sourceLeaf)
  if (!/^U?Int/.test(expr.type)) {
    throw new QueryError('Arguments of this table function are whole numbers', span,
      'BAD_ARGUMENTS')
  }
  return expr
}

const LONGEST_DEFAULT = 10
const LONGEST_MAX = 10_000

/** generateRandom('a Int32, b String'[, seed[, longest text[, longest array]]]). */
function planRandom(scope: Scope, from: TableFunction): PlanNode {
  const columns = parseStructure(textOf(from.args[0], from), from)
  const inner = new Scope(scope.analysis, scope)
  const [seed, text = LONGEST_DEFAULT, array = LONGEST_DEFAULT] = from.args.slice(1).map((arg): number | null => {
    const value = foldValue(scope.analysis, resolve(inner, arg))
    return typeof value === 'number' ? value : null
  })
  for (const longest of [text, array]) {
    if (longest === null || (longest >= 0 && longest <= LONGEST_MAX)) continue
    throw new QueryError(`generateRandom: texts and arrays of up to ${LONGEST_MAX}, not ${longest}`, from, 'BAD_ARGUMENTS')
  }
  const literal = (value: number): TypedExpr => ({ kind: 'literal', value, type: UINT64.name, slot: -1 })
  const drawn: TypedExpr = { kind: 'call', name: 'rand', args: [], type: 'UInt32', span: { at: from.at, end: from.end } }
  return {
    op: 'generate', name: 'generateRandom', columns: columns.map(({ name, type }) => ({ name, type: type.name })),
    args: [seed === null || seed === undefined ? drawn : literal(seed), literal(text ?? LONGEST_DEFAULT),
      literal(array ?? LONGEST_DEFAULT)],
  }
}

/** The columns as they are written, LowCardinality kept. */
function parseStructure(text: string, from: TableFunction): ValueColumn[] {
  structureOf(text, from)
  const { names, args } = parseDataType(`Tuple(${text})`)
  return args.map((type, i) => ({ name: names?.[i] ?? '', type }))
}

// -------------------------------------------------------------------------------------- values

type ValueColumn = { readonly name: string; readonly type: DataType }

/** `values('a Int32, b String', (1, 'x'), …)`; without a structure c1, c2, … of their common types. */
function planValues(scope: Scope, from: TableFunction): PlanNode {
  const inner = new Scope(scope.analysis, scope)
  const [first] = from.args
  const structure = first?.kind === 'literal' && first.type === 'string' && from.args.length > 1
    ? structureIn(first.value) : null
  const args = structure === null ? from.args : from.args.slice(1)
  const isWide = structure === null ? first?.kind === 'tuple' : structure.length > 1
  const rows = args.map((arg) => (isWide && arg.kind === 'tuple' ? arg.items : [arg])
    .map((cell) => resolve(inner, cell)))
  const width = structure?.length ?? rows[0]?.length ?? 0
  rows.forEach((row, i) => {
    if (row.length === width && width > 0) return
    throw new QueryError(`values: row ${i + 1} has ${row.length} values, not ${width}`, args[i],
      'BAD_ARGUMENTS')
  })
  const columns = structure ?? Array.from({ length: width }, (_, c): ValueColumn => ({
    name: `c${c + 1}`, type: withSpan(from, () => leastSupertype(rows.map((row) => row[c].type))),
  }))
  return constantRows(columns, rows.map((row, r) =>
    row.map((cell, c) => cellOf(scope, cell, columns[c].type, args[r]))))
}

function cellOf(scope: Scope, cell: Resolved, type: DataType, span: Expression): Value {
  const value = foldValue(scope.analysis, cell)
  if (value === undefined) {
    throw new QueryError('values takes constants only', span, 'BAD_ARGUMENTS')
  }
  let converted: Value | undefined
  try {
    converted = convertValue(value, type)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new QueryError(`values: ${why}`, span, 'TYPE_MISMATCH')
  }
  if (converted === undefined) {
    throw new QueryError(`values: a value does not fit ${type.name}`, span, 'TYPE_MISMATCH')
  }
  return converted
}

/** Rows of constants: one row with an array a column, taken apart. */
function constantRows(columns: readonly ValueColumn[], rows: readonly (readonly Value[])[]): PlanNode {
  const arrays = columns.map(({ type }, c): TypedExpr => ({
    kind: 'literal', value: rows.map((row) => row[c]), type: `Array(${type.name})`, slot: -1,
  }))
  const node = multiplied(ONE, arrays, columns.map(({ type }) => type.name))
  return { ...node, columns: columns.map(({ name, type }) => ({ name, type: type.name })) }
}

function textOf(expr: Expression | undefined, from: TableFunction): string {
  if (expr?.kind === 'literal' && expr.type === 'string') return expr.value
  throw new QueryError(`${from.name} takes the names and types of its columns as text`, from,
    'BAD_ARGUMENTS')
}

/** `a Int32, b String`; null: the text is none. */
function structureIn(text: string): ValueColumn[] | null {
  try {
    const { names, args } = parseDataType(`Tuple(${text})`)
    return names === null ? null : args.map((type, i) => ({ name: names[i], type: bareEnough(type) }))
  } catch (error) {
    if (error instanceof DataTypeError) return null
    throw error
  }
}

/** Constants have no dictionary. */
const bareEnough = (type: DataType): DataType => (type.id === 'LowCardinality' ? bareType(type) : type)

function structureOf(text: string, from: TableFunction): ValueColumn[] {
  const columns = structureIn(text)
  if (columns !== null) return columns
  throw new QueryError(`Cannot read '${text}' as names and types of columns`, from, 'BAD_ARGUMENTS')
}
