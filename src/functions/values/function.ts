// The interface of functions and aggregates. A function is a record: a type rule and a loop over a
// block; an aggregate is a record that makes states: columns with one slot a group.
// Invariants: `evaluate` never changes its arguments; its result lies in the account's memory.

import type { DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector, Dictionary, Vector } from '../../../storage/column/vector.ts'
import type { Kernels } from '../../../storage/kernels/load.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { Value } from './value.ts'

/** What a running query lends to functions. */
export type EvalContext = {
  readonly account: MemoryAccount
  readonly kernels: Kernels
  /** Milliseconds since 1970 when the query began: now() is one value through a query. */
  readonly nowMs: number
  /** Throws when the query was cancelled or is past its deadline; call it in long loops. */
  readonly checkAlive: () => void
  /** A dictionary by its id, for states that meet codes of another worker's vectors. */
  readonly dictionaryById?: (id: number) => Dictionary | null
  /** Rows that the query reads at most, as far as it is known: what is worth preparing for. */
  readonly expectedRows?: () => number
  /** How many of them conditions leave, by what they have left so far; absent: expectedRows. */
  readonly likelyRows?: () => number
  /** Memory that is taken back when the block in work is done with; absent: account's. */
  readonly scratch?: MemoryAccount
}

/** An argument's type, and its value where it is a constant known at analysis. */
export type ArgInfo = {
  readonly type: DataType
  readonly value: Value | undefined
  /** A column of rows although its value is known: materialize() of a constant. */
  readonly isFull?: boolean
}

/** A lambda as a higher-order function calls it: parameters as vectors of `rowCount` elements;
 * `rowOfElement[i]` is the row whose captures element i sees. */
export type LambdaCall = (
  parameters: readonly Vector[], rowOfElement: Uint32Array, rowCount: number) => Vector

export type FunctionDef = {
  /** Canonical name, as errors and column names show it. */
  readonly name: string
  readonly aliases?: readonly string[]
  /** 'propagate': the caller strips Nullable and LowCardinality from argument types before
   * `returnType` and `evaluate`, makes the result Nullable and sets its nulls where an argument is
   * NULL. 'own': the function sees types and nulls as they are. */
  readonly nulls: 'propagate' | 'own'
  /** Fewest and most arguments. */
  readonly arity: readonly [number, number]
  /** The result's type; throws FunctionError with a sentence when the types don't fit. For
   * higher-order functions the lambda's type is its body's. */
  readonly returnType: (args: readonly ArgInfo[]) => DataType
  /** rowCount rows; constant arguments arrive as constant vectors (isConst). */
  readonly evaluate: (
    args: readonly Vector[], type: DataType, rowCount: number, context: EvalContext,
    lambda: LambdaCall | null) => Vector
  /** Higher-order: element types of the lambda's parameters, from the other arguments' types. */
  readonly lambdaParameters?: (args: readonly ArgInfo[]) => readonly DataType[]
  /** The result is never LowCardinality, whatever the arguments are. */
  readonly isPlain?: boolean
  /** It knows the bytes of a Variant's values: its arguments are not taken apart alternative by alternative. */
  readonly hashesVariants?: boolean
  /** Another value at each call or row (rand, generateUUIDv4): never folded, never memoised. */
  readonly isVolatile?: boolean
  /** Constant through one query only (now, today): folded at run time, not cached across calls. */
  readonly isPerQuery?: boolean
}

/** Thrown by type rules (400 at analysis) and by loops (400 while running). */
export class FunctionError extends Error {
  readonly code: string
  constructor(message: string, code = 'ILLEGAL_TYPE_OF_ARGUMENT') {
    super(message)
    this.name = 'FunctionError'
    this.code = code
  }
}

export type AggregateDef = {
  readonly name: string
  readonly aliases?: readonly string[]
  readonly isCaseInsensitive?: boolean
  /** Further names, in any case whatever isCaseInsensitive says. */
  readonly anyCaseAliases?: readonly string[]
  readonly arity: readonly [number, number]
  /** 'skip': rows with a NULL argument are not seen (the caller compacts them away); 'own': the
   * states see them (count(x), any, …). */
  readonly nulls: 'skip' | 'own'
  /** Result over rows of these types (Nullable stripped when nulls = 'skip'). `isNullable` results
   * over Nullable arguments are made by the caller, as ClickHouse does: Nullable(T) where the
   * argument was Nullable, except count and uniq. */
  readonly returnType: (args: readonly DataType[], parameters: readonly Value[]) => DataType
  readonly keepsNonNullable?: boolean
  /** The result is one of the first argument's values: it keeps SimpleAggregateFunction around it. */
  readonly keepsArgumentType?: boolean
  /** Whether states over bare arguments of these types know what a row is that stands for several:
   * update() then takes `times`. */
  readonly takesTimes?: (args: readonly DataType[]) => boolean
  readonly create: (
    args: readonly DataType[], parameters: readonly Value[], context: EvalContext) => AggregateStates
}

/** The states of all groups of one aggregate in one worker. Groups are dense numbers from 0. */
export interface AggregateStates {
  /** Makes room for groups [0, groupCount); new ones start empty. Called before update. */
  resize(groupCount: number): void
  /** Row r belongs to group groups[r]. `times` (in work memory): it stands for times[r] equal rows;
   * only where the aggregate takes that. */
  update(groups: Uint32Array, rowCount: number, args: readonly Vector[], times?: Float64Array): void
  /** The state of each group as bytes that mean the same in every worker and on disk: the values of
   * AggregateFunction columns and the partial results between workers (FORMAT.md 4). */
  serialize(groupCount: number): BytesVector
  /** Cuts states down to what a stored one keeps, before serialize(). */
  trim?(groupCount: number): void
  /** Adds states that serialize() wrote: row r's to groups[r]. No bytes: the state of no row. */
  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void
  /** One value a group. */
  finish(groupCount: number): Vector
  /** A shorter way than bytes between workers of one query, both or neither: codes inside are of the
   * table's shared dictionaries, so they mean the same in every worker. */
  exportStates?(groupCount: number): StatePayload
  /** Adds another worker's states: its group g becomes ours toGroup[g]. */
  mergeStates?(payload: StatePayload, toGroup: Uint32Array): void
  /** Of states that are a double a group, what rows do to it: both or neither with adopt(). */
  readonly slot?: Slot
  /** Leaves the states of these groups (in work memory), which get numbers in this order. */
  pack?(groups: Uint32Array): void
  /** Takes the doubles of all groups, which lie in the account, for those it has. NaN: no value yet. */
  adopt?(doubles: Float64Array): void
}

/** A group's number of rows, its least or greatest value, or its sum. */
export type Slot = 'count' | 'least' | 'most' | 'sum'

/** Arrays may be views of work memory: copy them, never clone their buffers. */
export type StatePayload = {
  readonly arrays: readonly (
    Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array | BigInt64Array
    | BigUint64Array)[]
  readonly numbers: readonly number[]
}
