// Combinators that choose or change the rows which the aggregate inside sees: -If, -Array, -Distinct,
// and what is done for all: rows with a NULL argument are left out.
// Invariant: what is taken for a block is returned with it.

import { bareType, type DataType } from '../../../storage/column/data-type.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { conditionMask } from '../base/call.ts'
import { Collected } from './collected.ts'
import { passedOn, type Combine } from './combinators.ts'
import { FunctionError, type AggregateStates, type EvalContext } from '../values/function.ts'
import { keyWriter } from './key-of-value.ts'
import { KeySet } from './key-set.ts'
import { asConst, rowsWhere, take } from '../values/vectors.ts'

const scratchOf = (context: EvalContext): MemoryAccount => context.scratch ?? context.account

/** update() of chosen rows only. */
export function updateRows(
  states: AggregateStates, groups: Uint32Array, rows: Uint32Array, args: readonly Vector[],
  context: EvalContext,
): void {
  const account = scratchOf(context)
  const count = rows.length
  const chosen = account.u32(count)
  for (let i = 0; i < count; i++) chosen[i] = groups[rows[i]]
  states.update(chosen, count, args.map((arg) => (arg.isConst ? asConst(arg, count)
    : take(arg, rows, count, account))))
}

/** The last argument is a condition; the others go on for the rows where it holds. */
export const combineIf: Combine = (inner, types, parameters) => {
  const condition = types.at(-1)
  const id = condition === undefined ? null : bareType(condition).id
  if (id !== 'UInt8' && id !== 'Bool' && id !== 'Nothing') {
    throw new FunctionError('The last argument of an aggregate function with -If is a condition '
      + `(UInt8), not ${condition?.name ?? 'missing'}`)
  }
  const bound = inner(types.slice(0, -1), parameters)
  return { type: bound.type, create: (context) => ifStates(bound.create(context), context) }
}

function ifStates(inner: AggregateStates, context: EvalContext): AggregateStates {
  const withScratch = { ...context, account: scratchOf(context) }
  return {
    ...passedOn(inner),
    resize: (groupCount) => inner.resize(groupCount),
    update: (groups, rowCount, args) => {
      const mask = conditionMask(args[args.length - 1], rowCount, withScratch)
      const rows = rowsWhere(mask, rowCount, withScratch.account)
      const rest = args.slice(0, -1)
      if (rows.length === rowCount) inner.update(groups, rowCount, rest)
      else if (rows.length > 0) updateRows(inner, groups, rows, rest, context)
    },
    serialize: (groupCount) => inner.serialize(groupCount),
    mergeRows: (groups, rowCount, states) => inner.mergeRows(groups, rowCount, states),
    finish: (groupCount) => inner.finish(groupCount),
  }
}

/** Type of the elements of an argument that must be an array. */
export function elementOf(suffix: string, type: DataType): DataType {
  const bare = bareType(type)
  if (bare.id === 'Array') return bare.args[0]
  throw new FunctionError(
    `The arguments of an aggregate function with -${suffix} are arrays, not ${type.name}`)
}

/** The elements of array arguments, row by row, with the row of each. */
export type Elements = {
  readonly count: number; readonly rowOf: Uint32Array; readonly values: readonly Vector[]
}

/** Throws where the arrays of a row differ in length. */
export function elementsOf(
  suffix: string, args: readonly Vector[], rowCount: number, account: MemoryAccount): Elements {
  const arrays = args.map((arg) => {
    if (arg.kind !== 'array') throw new Error(`-${suffix}: ${arg.type.name} is no array`)
    return arg
  })
  const [first] = arrays
  const lengthAt = (arg: (typeof arrays)[number], row: number) => {
    const slot = arg.isConst ? 0 : row
    return arg.offsets[slot + 1] - arg.offsets[slot]
  }
  let count = 0
  for (let row = 0; row < rowCount; row++) {
    const length = lengthAt(first, row)
    count += length
    if (arrays.some((arg) => lengthAt(arg, row) !== length)) {
      throw new FunctionError(`The arrays given to an aggregate function with -${suffix} differ in `
        + 'length', 'SIZES_OF_ARRAYS_DONT_MATCH')
    }
  }
  const rowOf = account.u32(count)
  let at = 0
  for (let row = 0; row < rowCount; row++) {
    for (let end = at + lengthAt(first, row); at < end; at++) rowOf[at] = row
  }
  const values = arrays.map((arg) => {
    const rows = account.u32(count)
    let to = 0
    for (let row = 0; row < rowCount; row++) {
      const start = arg.offsets[arg.isConst ? 0 : row]
      for (let i = 0, length = lengthAt(arg, row); i < length; i++) rows[to++] = start + i
    }
    return take(arg.values, rows, count, account)
  })
  return { count, rowOf, values }
}

/** Every element of the array is a row. */
export const combineArray: Combine = (inner, types, parameters) => {
  const bound = inner(types.map((type) => elementOf('Array', type)), parameters)
  return {
    type: bound.type,
    create: (context) => {
      const states = bound.create(context)
      return {
        ...passedOn(states),
        resize: (groupCount) => states.resize(groupCount),
        update: (groups, rowCount, args) => {
          const account = scratchOf(context)
          const { count, rowOf, values } = elementsOf('Array', args, rowCount, account)
          for (let i = 0; i < count; i++) rowOf[i] = groups[rowOf[i]]
          if (count > 0) states.update(rowOf, count, values)
        },
        serialize: (groupCount) => states.serialize(groupCount),
        mergeRows: (groups, rowCount, rows) => states.mergeRows(groups, rowCount, rows),
        finish: (groupCount) => states.finish(groupCount),
      }
    },
  }
}

/** Of equal rows in a group the first counts. The aggregate inside sees them in the end, because
 * what two workers have in common must count once. */
export const combineDistinct: Combine = (inner, types, parameters) => {
  const bound = inner(types, parameters)
  return { type: bound.type, create: (context) => distinctStates(types, () => bound.create(context), context) }
}

function distinctStates(
  types: readonly DataType[], create: () => AggregateStates, context: EvalContext): AggregateStates {
  const { account } = context
  const rows = new Collected(types, account)
  const seen = new KeySet(4, account)
  const addRows = (groupOf: Uint32Array, rowCount: number, args: readonly Vector[]): void => {
    const key = keyWriter(args, context)
    const { words } = key
    const chosen = rowsWithoutNull(args, rowCount, scratchOf(context))
    const count = chosen === null ? rowCount : chosen.length
    for (let i = 0; i < count; i++) {
      const row = chosen === null ? i : chosen[i]
      key.write(row)
      const group = groupOf[row]
      if (seen.add(group, words[0], words[1], words[2], words[3])) rows.add(group, args, row)
    }
    key.free()
  }
  return {
    resize: () => {},
    update: addRows,
    serialize: (groupCount) => rows.serialize(groupCount),
    mergeRows: (groups, rowCount, states) => {
      const read = new Collected(types, account)
      Collected.eachRow(types, groups, rowCount, states, account,
        (group, args, row) => read.add(group, args, row))
      addRows(read.owners, read.length, read.view())
      read.free()
    },
    finish: (groupCount) => {
      const states = create()
      states.resize(groupCount)
      if (rows.length > 0) states.update(rows.owners, rows.length, rows.view())
      return states.finish(groupCount)
    },
  }
}

/** Rows with a NULL argument are not seen. */
export function skipNulls(inner: AggregateStates, context: EvalContext): AggregateStates {
  return {
    ...passedOn(inner),
    resize: (groupCount) => inner.resize(groupCount),
    update: (groups, rowCount, args) => {
      const rows = rowsWithoutNull(args, rowCount, scratchOf(context))
      const bare = args.map((arg) => ({ ...arg, type: bareType(arg.type), nulls: null }))
      if (rows === null) inner.update(groups, rowCount, bare)
      else if (rows.length > 0) updateRows(inner, groups, rows, bare, context)
    },
    serialize: (groupCount) => inner.serialize(groupCount),
    mergeRows: (groups, rowCount, states) => inner.mergeRows(groups, rowCount, states),
    finish: (groupCount) => inner.finish(groupCount),
  }
}

/** Null: all of them. */
function rowsWithoutNull(
  args: readonly Vector[], rowCount: number, account: MemoryAccount): Uint32Array | null {
  const mask = presentRows(args, rowCount, account)
  if (mask === null) return null
  const rows = rowsWhere(mask, rowCount, account)
  return rows.length === rowCount ? null : rows
}

/** 1 where no argument is NULL; null: none is anywhere. */
export function presentRows(
  args: readonly Vector[], rowCount: number, account: MemoryAccount): Uint8Array | null {
  const tested = args.filter(({ nulls }) => nulls !== null)
  if (tested.length === 0) return null
  const mask = account.u8(rowCount).fill(1)
  for (const { nulls, isConst } of tested) {
    const flags = nulls as Uint8Array
    for (let row = 0; row < rowCount; row++) mask[row] &= flags[isConst ? 0 : row] ^ 1
  }
  return mask
}
