// groupBitmapAnd, groupBitmapOr, groupBitmapXor: bitmaps of many rows to one, and how many numbers it has.
// Invariant: a group's numbers lie sorted in the account's memory; an array that is replaced is returned.

import { UINT64, type DataType } from '../../../storage/column/data-type.ts'
import { FunctionError, type AggregateDef, type AggregateStates, type EvalContext } from '../values/function.ts'
import { byGroup, eachState } from '../values/state-bytes.ts'
import { grown } from '../values/state-array.ts'
import { asBytes, newNumbers, numberVector } from '../values/vectors.ts'
import type { ByteReader } from '../../../storage/bytes/byte-reader.ts'

/** Which numbers of two sorted lists are kept: those of the first alone, of both, of the second alone. */
type Kept = readonly [first: boolean, both: boolean, second: boolean]

function bitmapStates(kept: Kept, type: DataType, { account, ...rest }: EvalContext): AggregateStates {
  const context = { account, ...rest }
  // Of each group: where its numbers are, how many, and whether any bitmap came.
  let pointers = grown(Float64Array, null, 1, account)
  let counts = grown(Uint32Array, null, 1, account)
  let seen = grown(Uint8Array, null, 1, account)
  const room = (length: number): BigUint64Array =>
    new BigUint64Array(account.work.buffer, account.allocate(Math.max(1, length) * 8), length)
  const numbers = (group: number): BigUint64Array =>
    (counts[group] === 0 ? new BigUint64Array(0) : new BigUint64Array(account.work.buffer, pointers[group], counts[group]))
  const put = (group: number, list: BigUint64Array, length: number): void => {
    if (seen[group] === 1) account.free(pointers[group])
    pointers[group] = list.byteOffset
    counts[group] = length
    seen[group] = 1
  }
  const add = (reader: ByteReader, group: number): void => {
    const fresh = room(reader.varint())
    for (let i = 0; i < fresh.length; i++) fresh[i] = BigInt.asUintN(64, BigInt(reader.i64()))
    fresh.sort()
    if (seen[group] === 0) return put(group, fresh, fresh.length)
    const before = numbers(group)
    const out = room(before.length + fresh.length)
    const length = mergeSorted(before, fresh, out, kept)
    account.free(fresh.byteOffset)
    put(group, out, length)
  }
  return byGroup({
    resize: (groupCount) => {
      pointers = grown(Float64Array, pointers, groupCount, account)
      counts = grown(Uint32Array, counts, groupCount, account)
      seen = grown(Uint8Array, seen, groupCount, account)
    },
    update: (groups, rowCount, [vector]) => {
      const states = asBytes(vector, account)
      eachState(states, rowCount, (reader, row) => add(reader, groups[row]))
      // No bytes are the bitmap of no numbers, which an intersection must not miss.
      for (let row = 0; row < rowCount; row++) {
        const slot = states.isConst ? 0 : row
        if (states.offsets[slot] === states.offsets[slot + 1] && kept[0] === false) put(groups[row], room(0), 0)
      }
    },
    write: (out, group) => {
      if (seen[group] === 0) return
      const list = numbers(group)
      out.varint(list.length)
      for (const value of list) out.i64(value)
    },
    read: add,
    finish: (groupCount) => {
      const out = newNumbers(type, groupCount, account)
      for (let group = 0; group < groupCount; group++) out[group] = counts[group]
      return numberVector(type, out)
    },
  }, context)
}

function mergeSorted(a: BigUint64Array, b: BigUint64Array, out: BigUint64Array, [first, both, second]: Kept): number {
  let [i, j, length] = [0, 0, 0]
  while (i < a.length || j < b.length) {
    const isEqual = i < a.length && j < b.length && a[i] === b[j]
    const isFirst = !isEqual && (j === b.length || (i < a.length && a[i] < b[j]))
    if (isEqual ? both : isFirst ? first : second) out[length++] = isEqual || isFirst ? a[i] : b[j]
    if (isEqual || isFirst) i++
    if (isEqual || !isFirst) j++
  }
  return length
}

const over = (name: string, kept: Kept): AggregateDef => ({
  name, arity: [1, 1], nulls: 'skip', keepsNonNullable: true,
  returnType: ([arg]) => {
    if (arg.id !== 'AggregateFunction' || !(arg.func ?? '').startsWith('groupBitmap')) {
      throw new FunctionError(`Illegal type ${arg.name} of argument for aggregate function ${name}: it takes bitmaps`)
    }
    return arg.args[0] ?? UINT64
  },
  create: ([arg], _parameters, context) => bitmapStates(kept, arg.args[0], context),
})

export const BITMAP_AGGREGATES: readonly AggregateDef[] = [
  over('groupBitmapAnd', [false, true, false]), over('groupBitmapOr', [true, true, true]),
  over('groupBitmapXor', [true, false, true]),
]
