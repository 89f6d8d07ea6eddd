// min and max: numbers in a double a group, everything else by the order of compareAt.
// Invariant: NaN in a number's slot means that the group saw no number yet.

import { bareType, type DataType } from '../../storage/column/data-type.ts'
import type { BytesVector, Vector } from '../../storage/column/vector.ts'
import type {
  AggregateDef, AggregateStates, EvalContext, StatePayload,
} from './function.ts'
import { meetGroups, meetOne } from './group-loops.ts'
import { KeptValues, keptStates } from './kept-values.ts'
import { grown } from './state-array.ts'
import {
  eachState, readNumberState, serializeGroups, writeNumberState,
} from './state-bytes.ts'
import { compareAt } from './comparison.ts'
import { newNumbers, numberVector } from './vectors.ts'

class ExtremeNumbers implements AggregateStates {
  private best: Float64Array | null = null
  private groupCount = 0
  private readonly step: 'min' | 'max'
  private readonly type: DataType
  private readonly context: EvalContext

  constructor(step: 'min' | 'max', type: DataType, context: EvalContext) {
    this.step = step
    this.type = type
    this.context = context
  }

  resize(groupCount: number): void {
    this.groupCount = Math.max(this.groupCount, groupCount)
    const room = this.best?.length ?? 0
    if (groupCount <= room) return
    this.best = grown(Float64Array, this.best, groupCount, this.context.account)
    this.best.fill(Number.NaN, room)
  }

  update(groups: Uint32Array, rowCount: number, args: readonly Vector[]): void {
    const [vector] = args
    if (vector.kind !== 'number') throw new Error(`${vector.type.name} is no number`)
    const best = this.best as Float64Array
    const isOne = this.groupCount === 1 && !vector.isConst
      && meetOne(this.step, vector.values, best, rowCount, this.context)
    if (!isOne) meetGroups(this.step, groups, vector.values, vector.isConst, best, rowCount, this.context)
  }

  exportStates(groupCount: number): StatePayload {
    return { arrays: [(this.best as Float64Array).subarray(0, groupCount)], numbers: [] }
  }

  mergeStates(payload: StatePayload, toGroup: Uint32Array): void {
    const from = payload.arrays[0] as Float64Array
    meetGroups(this.step, toGroup, from, false, this.best as Float64Array, from.length, this.context)
  }

  serialize(groupCount: number): BytesVector {
    const best = this.best as Float64Array
    return serializeGroups(groupCount, this.context.account, (out, group) => {
      out.byte(Number.isNaN(best[group]) ? 0 : 1)
      if (!Number.isNaN(best[group])) writeNumberState(out, this.type, best[group])
    })
  }

  mergeRows(groups: Uint32Array, rowCount: number, states: BytesVector): void {
    const values = (this.context.scratch ?? this.context.account).f64(rowCount).fill(Number.NaN)
    eachState(states, rowCount, (reader, row) => {
      if (reader.u8() === 1) values[row] = Number(readNumberState(reader, this.type))
    })
    meetGroups(this.step, groups, values, false, this.best as Float64Array, rowCount, this.context)
    if (this.context.scratch === undefined) this.context.account.free(values.byteOffset)
  }

  finish(groupCount: number): Vector {
    const best = this.best as Float64Array
    const none = this.type.values?.[0] ?? 0
    const out = newNumbers(this.type, groupCount, this.context.account)
    for (let g = 0; g < groupCount; g++) out[g] = Number.isNaN(best[g]) ? none : best[g]
    return numberVector(this.type, out)
  }
}

/** Numbers whose every value is a double: not the 64-bit ones. */
function fitsDouble(type: DataType): boolean {
  switch (type.id) {
    case 'Bool': case 'Int8': case 'Int16': case 'Int32': case 'UInt8': case 'UInt16': case 'UInt32':
    case 'Float32': case 'Float64': case 'Date': case 'Date32': case 'DateTime': case 'Enum8':
    case 'Enum16': case 'IPv4': return true
    default: return false
  }
}

const extreme = (name: 'min' | 'max', direction: number): AggregateDef => ({
  name, isCaseInsensitive: true, arity: [1, 1], nulls: 'skip', keepsArgumentType: true,
  takesTimes: () => true, returnType: ([arg]) => bareType(arg),
  create: ([arg], _parameters, context) => {
    const type = bareType(arg)
    if (fitsDouble(type)) return new ExtremeNumbers(name, type, context)
    const kept = new KeptValues(type, context)
    return keptStates(kept, ([vector], row, group) => {
      const best = kept.vectorOf(group)
      if (best < 0 || compareAt(vector, row, kept.view(), best) === direction) {
        kept.set(group, vector, row)
      }
    }, context)
  },
})

export const MIN_MAX: readonly AggregateDef[] = [extreme('min', -1), extreme('max', 1)]
