// groupBitAnd, groupBitOr, groupBitXor over integers up to 64 bits, and sumWithOverflow, which wraps at
// its argument's width: one 64-bit word a group.
// Invariant: words are two's complement; the result is cut to the type's width at the end.

import { bareType, UINT8, type DataType } from '../../../storage/column/data-type.ts'
import { isLarge } from '../../../storage/column/large.ts'
import type { Vector } from '../../../storage/column/vector.ts'
import { FunctionError, type AggregateDef, type AggregateStates, type EvalContext } from '../values/function.ts'
import { largeStates } from './large-states.ts'
import { byGroup } from '../values/state-bytes.ts'
import { grown } from '../values/state-array.ts'
import { numberInfo } from '../values/types.ts'
import { bigVector, newBigs, newNumbers, numberVector } from '../values/vectors.ts'

type Step = (state: bigint, value: bigint) => bigint

function wordStates(type: DataType, first: bigint, step: Step, context: EvalContext): AggregateStates {
  const { account } = context
  const state = { words: grown(BigInt64Array, null, 1, account), groupCount: 0 }
  return byGroup({
    resize: (groupCount) => {
      if (groupCount <= state.groupCount) return
      state.words = grown(BigInt64Array, state.words, groupCount, account)
      state.words.fill(first, state.groupCount, groupCount)
      state.groupCount = groupCount
    },
    update: (groups, rowCount, [vector]) => {
      if (vector.kind !== 'number' && vector.kind !== 'big') return
      const { values, isConst } = vector
      for (let row = 0; row < rowCount; row++) {
        const group = groups[row]
        state.words[group] = step(state.words[group], BigInt(values[isConst ? 0 : row]))
      }
    },
    write: (out, group) => out.i64(state.words[group]),
    read: (reader, group) => {
      state.words[group] = step(state.words[group], BigInt(reader.i64()))
    },
    finish: (groupCount) => wordVector(type, state.words.subarray(0, groupCount), context),
  }, context)
}

/** Words as values of an integer type. */
function wordVector(type: DataType, words: BigInt64Array, { account }: EvalContext): Vector {
  const number = numberInfo(type)
  if (number === null) throw new Error(`${type.name} is no integer`)
  const bits = number.bytes * 8
  const cut = number.isSigned ? BigInt.asIntN : BigInt.asUintN
  const out = newNumbers(type, words.length, account)
  let isSafe = true
  for (let i = 0; i < words.length; i++) {
    out[i] = Number(cut(bits, words[i]))
    isSafe = isSafe && Number.isSafeInteger(out[i])
  }
  if (isSafe) return numberVector(type, out)
  const bigs = newBigs(type, words.length, account)
  bigs.set(words.map((word) => cut(bits, word)) as typeof bigs)
  return bigVector(type, bigs)
}

function integerOf(name: string, arg: DataType): DataType {
  const bare = bareType(arg)
  if (numberInfo(bare)?.isFloat !== false) {
    throw new FunctionError(`Illegal type ${arg.name} of argument for aggregate function ${name}`)
  }
  return bare.id === 'Bool' ? UINT8 : bare
}

const bits = (name: string, alias: string, first: bigint, step: Step): AggregateDef => ({
  name, anyCaseAliases: [alias], arity: [1, 1], nulls: 'skip', returnType: ([arg]) => integerOf(name, arg),
  create: ([arg], _parameters, context) => {
    const type = integerOf(name, arg)
    return isLarge(type) ? largeStates(type, first, step, context) : wordStates(type, first, step, context)
  },
})

export const BIT_AGGREGATES: readonly AggregateDef[] = [
  bits('groupBitAnd', 'BIT_AND', -1n, (state, value) => state & value),
  bits('groupBitOr', 'BIT_OR', 0n, (state, value) => state | value),
  bits('groupBitXor', 'BIT_XOR', 0n, (state, value) => state ^ value),
]

/** Sum of integers modulo the width of `type`. */
export const wrappingSum = (type: DataType, context: EvalContext): AggregateStates =>
  wordStates(type, 0n, (state, value) => BigInt.asIntN(64, state + value), context)
