// Short ways to write functions of arrays, maps and tuples that are rarely called: each row's values
// in, a value out. Invariant: what is alive at a time is one block's values.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { Value } from '../values/value.ts'
import { define } from './define.ts'
import type { ArgInfo, FunctionDef } from '../values/function.ts'
import { valueAt, vectorOf } from '../values/values.ts'

export type List = readonly Value[]

/** A value that is an array. */
export const listOf = (value: Value): List => value as List // the type rule has let no other through

/** Rows between two looks whether the query is wanted still. */
const ROWS_UNASKED = 63

/** A function of whole values. */
export const byValues = (name: string, arity: readonly [number, number],
  typeOf: (args: readonly ArgInfo[]) => DataType, each: (values: readonly Value[], type: DataType) => Value,
  aliases: readonly string[] = []): FunctionDef =>
  define(name, arity, typeOf, (args, type, rowCount, context) => {
    const rows: Value[] = []
    for (let row = 0; row < rowCount; row++) {
      if ((row & ROWS_UNASKED) === 0) context.checkAlive()
      rows.push(each(args.map((arg) => valueAt(arg, row)), type))
    }
    return vectorOf(rows, type, context.account)
  }, { aliases })

/** The same for functions that see NULLs as they are. */
export const byOwnValues = (name: string, arity: readonly [number, number],
  typeOf: (args: readonly ArgInfo[]) => DataType, each: (values: readonly Value[], type: DataType) => Value,
): FunctionDef => ({ ...byValues(name, arity, typeOf, each), nulls: 'own' })

/** What tells a value from others; true is 1. */
export const keyOf = (value: Value): string =>
  JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? `${v}n` : typeof v === 'boolean' ? Number(v) : v))

/** Values without doubles, in the order of their first. */
export function distinct(values: List): Value[] {
  const seen = new Set<string>()
  return values.filter((value) => {
    const key = keyOf(value)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
