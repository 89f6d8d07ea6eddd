// Rows of one sorting key become one row of new values: SummingMergeTree and AggregatingMergeTree.
// Columns that fold (states, simple aggregates, sums) get the fold of the group's rows; the others
// keep the value of its first row. What a fold is, who knows SQL says (fold.ts).
//
//   sorted rows + group starts -> one value a group and column
//
// Source of the rules: ClickHouse's documentation of both engines. Invariant: rows of a group stand in
// the order of their commits.

import { concatVectors, takeRows } from '../codec/take.ts'
import type { EncodeSpace } from '../codec/space.ts'
import { bareType, isNullable, type DataType } from '../column/data-type.ts'
import { isLarge, largeReader } from '../column/large.ts'
import { parseDataType } from '../column/parse-type.ts'
import type { TupleVector, Vector } from '../column/vector.ts'
import type { ColumnSpec, TableMeta } from '../face.ts'
import type { CombineRule } from './combine.ts'
import type { ColumnFold, FoldCompiler } from './fold.ts'

/** Rows in the order of the sorting key, and where their groups begin (groups + 1 entries). */
export type GroupedRows = { readonly rows: Uint32Array; readonly starts: Uint32Array }

const SUMMABLE = /^(U?Int\d+|Float\d+|BFloat16|Decimal\d*|Bool)$/
const MAP_KEY = /^(U?Int\d+|Enum\d+|Date|Date32|DateTime|Bool|String|FixedString)$/
const FOLDED = /^(Simple)?AggregateFunction$/

/** How the values of a column combine under a rule: the type whose fold it is; null: the first row's
 * value stays. */
export function foldTypeOf(
  table: TableMeta, rule: CombineRule, column: ColumnSpec,
): string | null {
  if (rule.kind !== 'summing' && rule.kind !== 'aggregating') return null
  const type = parseDataType(column.type)
  if (FOLDED.test(type.id)) return type.name
  const map = rule.kind === 'summing' ? mapOf(table, column) : null
  if (map !== null) return `SimpleAggregateFunction(sumWithOverflowMap, Tuple(${[keyTypeOf(map), ...map.values.map(({ type: own }) => own)].join(', ')}))`
  return rule.kind === 'summing' && isSummed(table, column.name, type)
    ? `SimpleAggregateFunction(sumWithOverflow, ${type.name})` : null
}

/** Values are added up by key; of several keys, by all of them. */
type MapColumns = { readonly keys: readonly ColumnSpec[]; readonly values: readonly ColumnSpec[] }

/** The map that a column is part of: `hitsMap.key, hitsMap.n, …`, arrays of one Nested whose name ends with
 * Map. The first is its key, and so are those whose names end with ID, Key or Type. null: it is part of
 * none. */
function mapOf(table: TableMeta, { name }: ColumnSpec): MapColumns | null {
  const prefix = /^([^.]*Map)\../.exec(name)?.[1]
  if (prefix === undefined) return null
  const columns = table.columns.filter((column) => column.name.startsWith(`${prefix}.`))
  if (columns.some((column) => table.sortBy.includes(column.name))) return null
  const isOf = (pattern: RegExp) => ({ type }: ColumnSpec): boolean => {
    const { id, args } = parseDataType(type)
    return id === 'Array' && pattern.test(args[0].id)
  }
  const isKey = (column: ColumnSpec) => column === columns[0] || /(ID|Key|Type)$/.test(column.name)
  const keys = columns.filter(isKey)
  const values = columns.filter((column) => !isKey(column))
  return values.length > 0 && keys.every(isOf(MAP_KEY)) && values.every(isOf(SUMMABLE)) ? { keys, values } : null
}

/** The type of a map's keys: an array, of tuples where there are several. */
function keyTypeOf({ keys }: MapColumns): string {
  if (keys.length === 1) return keys[0].type
  return `Array(Tuple(${keys.map(({ type }) => parseDataType(type).args[0].name).join(', ')}))`
}

function isSummed(table: TableMeta, name: string, type: DataType): boolean {
  const asked = table.engineArgs?.columns ?? []
  if (table.sortBy.includes(name) || !SUMMABLE.test(bareType(type).id)) return false
  return asked.length === 0 || asked.includes(name)
}

/** Aggregates of SimpleAggregateFunction that make another value of one alone: without what is there twice. */
const CHANGES_ONE = /^(groupUniqArrayArray|(sum|min|max)Map)/

/** True where a row alone may get other values: a map or an array with a key twice. */
export function changesLoneRows(table: TableMeta, rule: CombineRule): boolean {
  return (rule.kind === 'summing' || rule.kind === 'aggregating') && table.columns.some((column) => {
    const { id, func } = parseDataType(column.type)
    if (id === 'SimpleAggregateFunction') return CHANGES_ONE.test(func ?? '')
    return rule.kind === 'summing' && mapOf(table, column)?.keys.length === 1
  })
}

/** Folds of a table's columns, in one task. */
export class ValueCombiner {
  private readonly table: TableMeta
  private readonly rule: CombineRule
  private readonly compileFold: FoldCompiler

  constructor(table: TableMeta, rule: CombineRule, compileFold: FoldCompiler) {
    this.table = table
    this.rule = rule
    this.compileFold = compileFold
  }

  /** True where the values of a column are folded. */
  folds(column: ColumnSpec): boolean {
    return foldTypeOf(this.table, this.rule, column) !== null
  }

  /** One value a group. The result and what it needs lie in the space's account. `vectorOf`: another
   * column of the same rows. */
  combine(
    column: ColumnSpec, vector: Vector, grouped: GroupedRows, vectorOf: (column: ColumnSpec) => Vector, space: EncodeSpace,
  ): Vector {
    const { account, kernels } = space
    const { rows, starts } = grouped
    const foldType = foldTypeOf(this.table, this.rule, column)
    if (foldType === null) {
      const first = firstRows(grouped, space)
      return takeRows(vector, first, first.length, space)
    }
    const fold = this.compileFold(foldType, { account, kernels }) as ColumnFold
    const groups = account.u32(rows.length)
    for (let group = 0; group < starts.length - 1; group++) {
      groups.fill(group, starts[group], starts[group + 1])
    }
    const map = FOLDED.test(vector.type.id) ? null : mapOf(this.table, column)
    if (map === null) {
      const folded = fold(takeRows(vector, rows, rows.length, space), groups, starts.length - 1)
      return { ...folded, type: vector.type }
    }
    const of = (one: ColumnSpec) => takeRows(one === column ? vector : vectorOf(one), rows, rows.length, space)
    const keys = map.keys.map(of)
    const maps = fold({
      kind: 'tuple', type: parseDataType(foldType).args[0], length: rows.length, isConst: false, nulls: null,
      fields: [tupled(keys, map), ...map.values.map(of)],
    }, groups, starts.length - 1) as TupleVector
    const summed = partOf(maps, map, column, vector.type)
    return keys.length === 1 ? summed : whereSeveral(summed, vector, grouped, space)
  }

  /** Groups that stay: SummingMergeTree drops a row whose sums are all zero. Null: all of them.
   * `read`: the columns that are read: as in ClickHouse, FINAL looks at no others. `vectorOf`: a
   * column of all rows, in memory that is the caller's to take back. */
  keptGroups(
    grouped: GroupedRows, read: readonly ColumnSpec[], vectorOf: (column: ColumnSpec) => Vector, space: EncodeSpace,
  ): Uint32Array | null {
    if (this.rule.kind !== 'summing') return null
    const folded = read.filter((column) => this.folds(column))
    const isOnlySums = folded.every(({ type }) => !/^Array|AggregateFunction\(/.test(type))
    if (folded.length === 0 || !isOnlySums) return null
    const groupCount = grouped.starts.length - 1
    const isZero = space.account.u8(groupCount).fill(1)
    for (const column of folded) {
      const sums = this.combine(column, vectorOf(column), grouped, vectorOf, space)
      for (let group = 0; group < groupCount; group++) {
        if (!isZeroAt(sums, group)) isZero[group] = 0
      }
    }
    const kept = space.account.u32(groupCount)
    let count = 0
    for (let group = 0; group < groupCount; group++) if (isZero[group] === 0) kept[count++] = group
    return count === groupCount ? null : kept.subarray(0, count)
  }
}

/** Several keys as one array of tuples. */
function tupled(keys: readonly Vector[], map: MapColumns): Vector {
  if (keys.length === 1) return keys[0]
  const type = parseDataType(keyTypeOf(map))
  const arrays = keys.map((key) => {
    if (key.kind !== 'array') throw new Error(`combine: ${key.type.name} is no array`)
    return key
  })
  const [{ offsets, length }] = arrays
  if (arrays.some((other) => other.offsets.some((end, row) => end !== offsets[row]))) {
    throw new Error(`The arrays of ${map.keys[0].name} and ${map.keys[1].name} differ in length`)
  }
  const values: Vector = {
    kind: 'tuple', type: type.args[0], length: offsets[length], isConst: false, nulls: null, fields: arrays.map((key) => key.values),
  }
  return { kind: 'array', type, length, isConst: false, nulls: null, offsets, values }
}

/** One column of summed maps. */
function partOf({ fields }: TupleVector, { keys, values }: MapColumns, column: ColumnSpec, type: DataType): Vector {
  const key = keys.indexOf(column)
  if (key < 0) return { ...fields[1 + values.indexOf(column)], type }
  const [all] = fields
  if (keys.length === 1) return { ...all, type }
  if (all.kind !== 'array' || all.values.kind !== 'tuple') throw new Error('combine: keys of a map are no tuples')
  return { ...all, type, values: all.values.fields[key] }
}

/** Maps of several keys are added up where rows meet; a row alone keeps its own as it was sent. */
function whereSeveral(summed: Vector, vector: Vector, grouped: GroupedRows, space: EncodeSpace): Vector {
  const { starts } = grouped
  const groupCount = starts.length - 1
  const first = firstRows(grouped, space)
  const both = concatVectors([summed, takeRows(vector, first, groupCount, space)], vector.type, space.account)
  const chosen = space.account.u32(groupCount)
  for (let group = 0; group < groupCount; group++) {
    chosen[group] = starts[group + 1] - starts[group] > 1 ? group : groupCount + group
  }
  return takeRows(both, chosen, groupCount, space)
}

function firstRows({ rows, starts }: GroupedRows, space: EncodeSpace): Uint32Array {
  const first = space.account.u32(starts.length - 1)
  for (let group = 0; group < first.length; group++) first[group] = rows[starts[group]]
  return first
}

/** As ClickHouse has it: a Nullable sum is nothing while it is NULL, and something when it is 0. */
function isZeroAt(vector: Vector, row: number): boolean {
  if (vector.nulls !== null && vector.nulls[row] !== 0) return true
  if (isNullable(vector.type)) return false
  if (vector.kind === 'number' || vector.kind === 'big') return Number(vector.values[row]) === 0
  if (vector.kind === 'bytes' && isLarge(bareType(vector.type))) return largeReader(vector)(row) === 0n
  return vector.kind === 'bytes'
    && vector.bytes.subarray(vector.offsets[row], vector.offsets[row + 1]).every((byte) => byte === 0)
}

/** The same groups without those that are not `kept`. */
export function withoutGroups(
  { rows, starts }: GroupedRows, kept: Uint32Array, space: EncodeSpace,
): GroupedRows {
  const left = space.account.u32(rows.length)
  const ends = space.account.u32(kept.length + 1)
  let at = 0
  kept.forEach((group, i) => {
    ends[i] = at
    left.set(rows.subarray(starts[group], starts[group + 1]), at)
    at += starts[group + 1] - starts[group]
  })
  ends[kept.length] = at
  return { rows: left.subarray(0, at), starts: ends }
}
