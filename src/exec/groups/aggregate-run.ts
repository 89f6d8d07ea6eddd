// One aggregate of a GROUP BY in one worker: the states of its groups, fed block by block, and how they
// get to another worker.

import { plainType, type DataType } from '../../../storage/column/data-type.ts'
import { parseDataType } from '../../../storage/column/parse-type.ts'
import type { Block, BytesVector, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { bindAggregate } from '../../functions/aggregates/bind-aggregate.ts'
import { FunctionError, type AggregateStates, type Slot, type StatePayload } from '../../functions/values/function.ts'
import { withoutDictionaries } from '../../functions/values/types.ts'
import { asBytes, retype, retypeWithin } from '../../functions/values/vectors.ts'
import { QueryError, type AggregateCall } from '../../plan/plan.ts'
import { perPlan } from '../runtime/per-plan.ts'
import type { Runtime } from '../runtime/runtime.ts'

/** Some groups: by their numbers, or (null) those from `from` on. */
export type SomeGroups = { readonly from: number; readonly count: number; readonly numbers: Uint32Array | null }

/** States on their way: the short way of the aggregate (arrays of its own), or as bytes. */
export type AggregateRunPartial = StatePayload | { readonly offsets: Uint32Array; readonly bytes: Uint8Array }

export class AggregateRun {
  private readonly call: AggregateCall
  private readonly runtime: Runtime
  private readonly states: AggregateStates
  readonly type: DataType
  private readonly argTypes: readonly DataType[]
  private groupCount = 0

  constructor(call: AggregateCall, runtime: Runtime) {
    this.call = call
    this.runtime = runtime
    const { aggregate, type, argTypes } = this.placed(() => boundOf(call))
    this.type = type
    this.argTypes = argTypes
    this.states = this.placed(() => aggregate.create(runtime.durable))
  }

  resize(groupCount: number): void {
    if (groupCount <= this.groupCount) return
    this.states.resize(groupCount)
    this.groupCount = groupCount
  }

  /** `times`: how many rows each row of the block stands for; one without it. */
  update(groups: Uint32Array, block: Block, times?: Float64Array): void {
    if (block.rowCount === 0) return
    const args: Vector[] = []
    for (let i = 0; i < this.argTypes.length; i++) args.push(this.argument(block.columns[this.call.args[i]], this.argTypes[i]))
    this.placed(() => this.states.update(groups, block.rowCount, args, times))
  }

  /** What a row does to its group's double (AggregateStates.slot), and the column that it does it with
   * (-1: none); null: states are something else. */
  get slot(): { readonly slot: Slot; readonly column: number } | null {
    const { slot } = this.states
    const { args } = this.call
    if (slot === undefined || args.length !== (slot === 'count' ? 0 : 1)) return null
    return { slot, column: args[0] ?? -1 }
  }

  /** The doubles of some groups, where `slot` is there: in `account`. */
  doublesOf({ from, count, numbers }: SomeGroups, account: MemoryAccount): Float64Array {
    const partial = this.exportPartial(this.groupCount)
    const all = 'arrays' in partial ? partial.arrays[0] : null
    if (!(all instanceof Float64Array)) throw new Error(`exec: states of ${this.call.name} are no doubles`)
    const doubles = account.f64(count)
    if (numbers === null) doubles.set(all.subarray(from, from + count))
    else for (let i = 0; i < count; i++) doubles[i] = all[numbers[i]]
    return doubles
  }

  /** Whether pack() may be called. */
  get canPack(): boolean { return this.states.pack !== undefined }

  /** Leaves the states of these groups, which get numbers in this order. */
  pack(groups: Uint32Array): void {
    this.states.pack?.(groups)
    this.groupCount = groups.length
  }

  /** The doubles of all groups instead of what there is. */
  adopt(doubles: Float64Array): void {
    this.states.adopt?.(doubles)
    this.groupCount = doubles.length
  }

  /** Codes of a query's own dictionary mean nothing in another worker: states get the bytes. */
  private argument(vector: Vector, type: DataType): Vector {
    const isForeign = vector.kind === 'codes' && vector.dictionary.id < 0
    return retypeWithin(isForeign ? asBytes(vector, this.runtime.scratch.account) : vector, type)
  }

  exportPartial(groupCount: number): AggregateRunPartial {
    if (this.states.exportStates !== undefined) return this.states.exportStates(groupCount)
    const { offsets, bytes } = this.states.serialize(groupCount)
    return { offsets, bytes }
  }

  importPartial(partial: AggregateRunPartial, toGroup: Uint32Array): void {
    if ('arrays' in partial) {
      this.states.mergeStates?.(partial, toGroup)
      return
    }
    this.importStates({
      kind: 'bytes', type: this.type, length: toGroup.length, isConst: false, nulls: null,
      // What arrived lies in shared memory: readers of texts want memory of their own.
      offsets: partial.offsets.slice(), bytes: partial.bytes.slice(),
    }, toGroup)
  }

  /** The state of each group as bytes. */
  serialize(groupCount: number): BytesVector { return this.states.serialize(groupCount) }

  /** Adds such states: row r's to toGroup[r]. */
  importStates(states: Vector, toGroup: Uint32Array): void {
    this.placed(() => this.states.mergeRows(toGroup, states.length, states as BytesVector))
  }

  finish(groupCount: number): Vector {
    return retype(this.placed(() => this.states.finish(groupCount)), this.type)
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

/** Whether rows may come once for many equal ones. */
export function takesTimes(call: AggregateCall): boolean {
  try {
    return boundOf(call).aggregate.takesTimes === true
  } catch (error) {
    if (error instanceof FunctionError) return false
    throw error
  }
}

/** A call's aggregate over its types. Throws FunctionError. */
const boundOf = perPlan((call: AggregateCall) => {
  const types = call.argTypes.map(parseDataType)
  return {
    type: parseDataType(call.type), argTypes: types.map(plainOf),
    aggregate: bindAggregate(call.name, call.combinators, types, call.parameters),
  }
})

/** Without LowCardinality and SimpleAggregateFunction. */
const plainOf = (type: DataType): DataType => withoutDictionaries(plainType(type))
