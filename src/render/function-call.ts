// How template functions get their arguments. Invariant: an argument by position wins over one by
// name.

import type { Scope } from './scope.ts'
import { Missing, plain, type Value } from './values.ts'

/** Arguments as evaluated; `names` are the parameters' names where an argument is a bare name. */
export type FunctionCall = {
  readonly scope: Scope
  readonly args: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  readonly names: readonly (string | null)[]
}
export type TemplateFunction = (call: FunctionCall) => Value

/** The argument at `index`, or by its name; None where it is left out. */
export const arg = (call: FunctionCall, index: number, name: string): Value =>
  call.args[index] ?? call.named.get(name) ?? null

/** The argument, or `fallback` where it is left out or a parameter that is missing. */
export function argOr(call: FunctionCall, index: number, name: string, fallback: Value): Value {
  const value = plain(arg(call, index, name))
  return value === null || value instanceof Missing ? fallback : value
}
