// groupArray, groupUniqArray: the values of a group as an array. Values lie in one log in order of
// arrival with their group's number beside; finish() sorts them by group.
// Invariant: all of it is accounted as it grows, so a groupArray of everything meets the limit early.

import { arrayOf, bareType, type DataType } from '../../../storage/column/data-type.ts'
import type { BytesVector, Vector } from '../../../storage/column/vector.ts'
import type { Value } from '../values/value.ts'
import { columnLog, type ColumnLog } from './column-log.ts'
import {
  FunctionError, type AggregateDef, type AggregateStates, type EvalContext,
} from '../values/function.ts'
import { keyWriter, type KeyWriter } from './key-of-value.ts'
import { KeySet } from './key-set.ts'
import { grown } from '../values/state-array.ts'
import { eachState, serializeGroups, writeStateValue } from '../values/state-bytes.ts'
import { arrayVector, take } from '../values/vectors.ts'

class ArrayStates implements AggregateStates {
  private readonly log: ColumnLog
  private owners: Uint32Array
  private counts: Uint32Array | null = null
  private readonly type: DataType
  private readonly sizeMax: number
  /** Not null: only values that a group has not yet. */
  private readonly seen: KeySet | null
  private readonly context: EvalContext

  constructor(type: DataType, sizeMax: number, isUnique: boolean, context: EvalContext) {
    this.type = type
    this.sizeMax = sizeMax
    this.context = context
    this.log = columnLog(type, context.account)
    this.owners = grown(Uint32Array, null, 1, context.account)
    this.seen = isUnique ? new KeySet(4, context.account) : null
  }

  resize(groupCount: number): void {
    this.counts = grown(Uint32Array, this.counts, groupCount, this.context.account)
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[]): void {
    const [vector] = args
    const key = this.seen === null ? null : keyWriter([vector], this.context)
    for (let row = 0; row < rowCount; row++) this.add(groups[row], vector, row, key)
    key?.free()
  }

  private add(group: number, vector: Vector, row: number, key: KeyWriter | null): void {
    const counts = this.counts as Uint32Array
    if (counts[group] >= this.sizeMax) return
    if (key !== null) {
      key.write(row)
      const { words } = key
      if (this.seen?.add(group, words[0], words[1], words[2], words[3]) === false) return
    }
    const at = this.log.length
    this.log.append(vector, row)
    this.owners = grown(Uint32Array, this.owners, at + 1, this.context.account)
    this.owners[at] = group
    counts[group]++
  }

  serialize(groupCount: number): BytesVector {
    const { offsets, rows } = this.byGroup(groupCount)
    const values = this.log.view()
    return serializeGroups(groupCount, this.context.account, (out, group) => {
      out.varint(offsets[group + 1] - offsets[group])
      for (let at = offsets[group]; at < offsets[group + 1]; at++) writeStateValue(out, values, rows[at])
    })
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    const { account } = this.context
    const log = columnLog(this.type, account)
    let owners = grown(Uint32Array, null, rowCount, account)
    eachState(states, rowCount, (reader, row) => {
      for (let count = reader.varint(); count > 0; count--) {
        owners = grown(Uint32Array, owners, log.length + 1, account)
        owners[log.length] = groups[row]
        log.read(reader)
      }
    })
    if (log.length > 0) this.update(owners, log.length, [log.view()])
    log.free()
    account.free(owners.byteOffset)
  }

  /** Rows of the log group by group, in order of arrival. */
  private byGroup(groupCount: number): { offsets: Uint32Array; rows: Uint32Array } {
    const { account } = this.context
    const total = this.log.length
    const counts = this.counts as Uint32Array
    const offsets = account.u32(groupCount + 1)
    let sum = 0
    for (let group = 0; group < groupCount; group++) {
      offsets[group] = sum
      sum += counts[group]
    }
    offsets[groupCount] = sum
    const next = account.u32(groupCount)
    next.set(offsets.subarray(0, groupCount))
    const rows = account.u32(total)
    for (let row = 0; row < total; row++) rows[next[this.owners[row]]++] = row
    return { offsets, rows }
  }

  finish(groupCount: number): Vector {
    const { account } = this.context
    const { offsets, rows } = this.byGroup(groupCount)
    const values = take(this.log.view(), rows, this.log.length, account)
    return arrayVector(arrayOf(this.type), offsets, values)
  }
}

function sizeOf(name: string, parameters: readonly Value[]): number {
  if (parameters.length === 0) return Number.POSITIVE_INFINITY
  const size = Number(parameters[0])
  if (Number.isInteger(size) && size > 0) return size
  throw new FunctionError(`Aggregate ${name} takes a positive size as its parameter, not ${size}`,
    'BAD_ARGUMENTS')
}

/** Elements lose Nullable (NULLs are skipped) and LowCardinality. */
const elementType = (arg: DataType): DataType => bareType(arg)

const arrayAggregate = (
  name: string, isUnique: boolean, aliases: readonly string[]): AggregateDef => ({
  name, anyCaseAliases: aliases, arity: [1, 1], nulls: 'skip', keepsNonNullable: true,
  returnType: ([arg], parameters) => {
    sizeOf(name, parameters)
    return arrayOf(elementType(arg))
  },
  create: ([arg], parameters, context) =>
    new ArrayStates(elementType(arg), sizeOf(name, parameters), isUnique, context),
})

export const GROUP_ARRAY: readonly AggregateDef[] = [
  arrayAggregate('groupArray', false, ['array_agg']),
  arrayAggregate('groupUniqArray', true, []),
]
