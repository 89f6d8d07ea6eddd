// One aggregate of a GROUP BY in one worker: its states, and around them what ClickHouse does for all
// aggregates: rows with a NULL argument are not seen, and over Nullable arguments a group without any
// value is NULL.

import { bareType, isNullable, type DataType } from '../../storage/column/data-type.ts'
import { parseDataType } from '../../storage/column/parse-type.ts'
import type { Block, Vector } from '../../storage/column/vector.ts'
import { conditionMask } from '../functions/call.ts'
import { FunctionError, type AggregateStates, type StatePayload } from '../functions/function.ts'
import { aggregateOf } from '../functions/registry.ts'
import { asBytes, asConst, retype, rowsWhere, take } from '../functions/vectors.ts'
import { QueryError, type AggregateCall } from '../plan/plan.ts'
import { growBytes } from './growing.ts'
import type { Runtime } from './runtime.ts'

export type AggregateRunPartial = { readonly payload: StatePayload; readonly seen: Uint8Array | null }

export class AggregateRun {
  private readonly call: AggregateCall
  private readonly runtime: Runtime
  private readonly states: AggregateStates
  private readonly skipsNulls: boolean
  private readonly type: DataType
  private readonly argTypes: readonly DataType[]
  /** 1 where a group has seen a row; null where the result is never NULL for want of rows. */
  private seen: Uint8Array | null
  private groupCount = 0
  /** Number of the -If condition among the arguments, -1: none. It is dealt with here, because rows
   * that it drops do not count as seen. */
  private readonly condition: number

  constructor(call: AggregateCall, runtime: Runtime) {
    this.call = call
    this.runtime = runtime
    const isIf = call.combinators.at(-1) === 'If'
    const def = aggregateOf(call.name, isIf ? call.combinators.slice(0, -1) : call.combinators)
    if (def === null) {
      throw new QueryError(`Aggregate function ${call.name} does not exist`, call.span, 'UNKNOWN_AGGREGATE_FUNCTION')
    }
    this.type = parseDataType(call.type)
    this.skipsNulls = def.nulls === 'skip'
    this.condition = isIf ? call.args.length - 1 : -1
    const given = call.argTypes.slice(0, isIf ? -1 : undefined).map(parseDataType)
    this.argTypes = given.map((type) => (this.skipsNulls ? bareType(type) : plainOf(type)))
    const isNulled = this.skipsNulls && isNullable(this.type) && def.keepsNonNullable !== true
      && call.argTypes.map(parseDataType).some(isNullable)
    this.seen = isNulled ? runtime.durable.account.u8(64).fill(0) : null
    this.states = this.placed(() => def.create(this.argTypes, call.parameters, runtime.durable))
  }

  resize(groupCount: number): void {
    if (groupCount <= this.groupCount) return
    this.states.resize(groupCount)
    this.groupCount = groupCount
    if (this.seen !== null && this.seen.length < groupCount) {
      const before = this.seen.length
      this.seen = growBytes(this.runtime.durable.account, this.seen, before, groupCount)
      this.seen.fill(0, before)
    }
  }

  update(groups: Uint32Array, block: Block): void {
    const { account } = this.runtime.scratch
    let args = this.argTypes.map((_, i) => this.argument(block.columns[this.call.args[i]], i))
    let rowCount = block.rowCount
    let chosen = groups
    const rows = this.rowsSeen(args, block)
    if (rows !== null) {
      rowCount = rows.length
      chosen = account.u32(rowCount)
      for (let i = 0; i < rowCount; i++) chosen[i] = groups[rows[i]]
      args = args.map((arg) => (arg.isConst ? asConst(arg, rowCount) : take(arg, rows, rowCount, account)))
    }
    if (this.skipsNulls) args = args.map((arg, i) => retype(arg, this.argTypes[i], null))
    if (rowCount === 0) return
    if (this.seen !== null) for (let i = 0; i < rowCount; i++) this.seen[chosen[i]] = 1
    this.placed(() => this.states.update(chosen, rowCount, args))
  }

  /** Rows that the states are to see; null: all. */
  private rowsSeen(args: readonly Vector[], block: Block): Uint32Array | null {
    const tested = this.skipsNulls ? args.filter(({ nulls }) => nulls !== null) : []
    const condition = this.condition < 0 ? null : block.columns[this.call.args[this.condition]]
    if (tested.length === 0 && condition === null) return null
    const { scratch } = this.runtime
    const mask = condition === null ? scratch.account.u8(block.rowCount).fill(1)
      : conditionMask(condition, block.rowCount, scratch)
    for (const { nulls, isConst } of tested) {
      const flags = nulls as Uint8Array
      for (let row = 0; row < block.rowCount; row++) mask[row] &= flags[isConst ? 0 : row] ^ 1
    }
    const rows = rowsWhere(mask, block.rowCount, scratch.account)
    return rows.length === block.rowCount ? null : rows
  }

  /** Codes of a query's own dictionary mean nothing in another worker: states get the bytes. */
  private argument(vector: Vector, index: number): Vector {
    const { account } = this.runtime.scratch
    const isForeign = vector.kind === 'codes' && vector.dictionary.id < 0
    const plain = isForeign ? asBytes(vector, account) : vector
    return this.skipsNulls ? plain : retype(plain, this.argTypes[index])
  }

  exportPartial(groupCount: number): AggregateRunPartial {
    return {
      payload: this.states.exportStates(groupCount),
      seen: this.seen === null ? null : this.seen.slice(0, groupCount),
    }
  }

  importPartial(partial: AggregateRunPartial, toGroup: Uint32Array): void {
    this.states.mergeStates(partial.payload, toGroup)
    if (this.seen === null || partial.seen === null) return
    for (let g = 0; g < partial.seen.length; g++) this.seen[toGroup[g]] |= partial.seen[g]
  }

  finish(groupCount: number): Vector {
    const result = this.placed(() => this.states.finish(groupCount))
    if (this.seen === null) return retype(result, this.type)
    const nulls = this.runtime.durable.account.u8(groupCount)
    let any = 0
    for (let g = 0; g < groupCount; g++) {
      nulls[g] = this.seen[g] ^ 1
      any |= nulls[g]
    }
    return retype(result, this.type, any === 1 ? nulls : result.nulls)
  }

  private placed<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (error instanceof FunctionError) throw new QueryError(error.message, this.call.span, error.code)
      throw error
    }
  }
}

/** Without LowCardinality. */
const plainOf = (type: DataType): DataType => (type.id === 'LowCardinality' ? type.args[0] : type)
