// ROLLUP, CUBE and GROUPING SETS: every row goes once into each set, with the keys that the set leaves
// out at their defaults, and is grouped by the keys and the number of its set.
//
//   rows -> array join of [0, 1, …] -> project (keys of the set, defaults) -> aggregate
//
// Invariant: sets are lists of numbers of keys; the number of a set is a key behind the others.

import { UINT64, UINT8 } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import { defaultValue } from '../functions/values/values.ts'
import type { GroupBy } from '../sql/ast.ts'
import { multiplied } from './array-join.ts'
import { allColumns } from './nodes.ts'
import { QueryError, type OutputColumn, type PlanNode, type TypedExpr } from './plan.ts'

/** Which keys each set groups by, as numbers of the list of keys. `lists`: the keys of each written set. */
export function setsOf(
  groupBy: GroupBy, keyCount: number, lists: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  if (groupBy.sets !== null) return lists
  const all = Array.from({ length: keyCount }, (_, i) => i)
  if (groupBy.rollup) return [...all, keyCount].map((without) => all.slice(0, keyCount - without))
  if (keyCount > CUBE_KEYS_MAX) {
    throw new QueryError(`CUBE takes ${CUBE_KEYS_MAX} expressions at most: each more doubles its sets`,
      groupBy, 'TOO_MANY_COLUMNS')
  }
  return Array.from({ length: 2 ** keyCount }, (_, mask) =>
    all.filter((key) => (mask >> (keyCount - 1 - key) & 1) === 0))
}

const CUBE_KEYS_MAX = 10

/** The rows once for each set: columns as they were, the keys as each set has them, the set's number.
 * `keys`: numbers of columns. */
export function inSets(
  input: PlanNode, keys: readonly number[], sets: readonly (readonly number[])[],
): { node: PlanNode; keys: readonly number[] } {
  const numbers: TypedExpr = {
    kind: 'literal', value: sets.map((_, i) => i), type: 'Array(UInt32)', slot: -1,
  }
  const rows = multiplied(input, [numbers], ['UInt32'])
  const set: TypedExpr = { kind: 'column', index: rows.columns.length - 1, type: 'UInt32' }
  const masked = keys.map((index, key): TypedExpr => {
    const type = parseDataType(input.columns[index].type)
    const without = sets.flatMap((list, number) => (list.includes(key) ? [] : [number]))
    const value: TypedExpr = { kind: 'column', index, type: type.name }
    if (without.length === 0) return value
    return {
      kind: 'call', name: 'if', type: type.name, span: NOWHERE, args: [
        isOneOf(set, without),
        { kind: 'literal', value: defaultValue(type), type: type.name, slot: -1 },
        value,
      ],
    }
  })
  const width = input.columns.length
  const columns: OutputColumn[] = [
    ...input.columns, ...masked.map(({ type }, i) => ({ name: input.columns[keys[i]].name, type })),
    { name: '__grouping_set', type: 'UInt32' },
  ]
  return {
    node: { op: 'project', input: rows, exprs: [...allColumns(input), ...masked, set], columns },
    keys: [...masked.map((_, i) => width + i), width + masked.length],
  }
}

/** Groups, and over no rows the row of the empty set: of at most one row the aggregates are made, and
 * kept where there was none. */
export function orOfNothing(
  groups: Extract<PlanNode, { op: 'aggregate' }>, input: PlanNode, emptySet: number): PlanNode {
  const { columns, keys, aggregates } = groups
  const count = {
    name: 'count', combinators: [], parameters: [], args: [], argTypes: [], type: UINT64.name, span: NOWHERE,
  }
  const own = columns.slice(keys.length)
  const one: PlanNode = {
    op: 'aggregate', keys: [], aggregates: [...aggregates, count],
    columns: [...own, { name: 'count()', type: UINT64.name }],
    input: { op: 'limit', input, limit: { value: 1, slot: -1 }, offset: null, columns: input.columns },
  }
  const none: PlanNode = {
    op: 'filter', input: one, columns: one.columns,
    condition: equals({ kind: 'column', index: own.length, type: UINT64.name }, 0),
  }
  const exprs = columns.map(({ type }, i): TypedExpr => {
    if (i >= keys.length) return { kind: 'column', index: i - keys.length, type }
    const value = i === keys.length - 1 ? emptySet : defaultValue(parseDataType(type))
    return { kind: 'literal', value, type, slot: -1 }
  })
  return { op: 'union', inputs: [groups, { op: 'project', input: none, exprs, columns }], columns }
}

const NOWHERE = { at: 0, end: 0 }

const equals = (set: TypedExpr, number: number): TypedExpr => ({
  kind: 'call', name: 'equals', type: UINT8.name, span: NOWHERE,
  args: [set, { kind: 'literal', value: number, type: set.type, slot: -1 }],
})

function isOneOf(set: TypedExpr, numbers: readonly number[]): TypedExpr {
  const tests = numbers.map((number) => equals(set, number))
  return tests.length === 1 ? tests[0]
    : { kind: 'call', name: 'or', args: tests, type: UINT8.name, span: NOWHERE }
}

/** grouping(a, b): a bit for each argument, 1 where the row's set leaves it out. `wanted`: numbers of
 * keys; `set`: the column of the set's number. */
export function groupingOf(
  wanted: readonly number[], sets: readonly (readonly number[])[] | null, set: TypedExpr,
): TypedExpr {
  const literal = (value: number): TypedExpr => ({ kind: 'literal', value, type: UINT64.name, slot: -1 })
  if (sets === null) return literal(0)
  const values = sets.map((list) =>
    wanted.reduce((bits, key) => bits * 2 + (list.includes(key) ? 0 : 1), 0))
  if (values.every((value) => value === values[0])) return literal(values[0])
  const args = values.slice(0, -1).flatMap((value, i) => [equals(set, i), literal(value)])
  return {
    kind: 'call', name: 'multiIf', type: UINT64.name, span: NOWHERE,
    args: [...args, literal(values.at(-1) as number)],
  }
}
