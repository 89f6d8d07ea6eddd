// The 32-bit hashes by which uniq samples numbers: by their 64 bits, however a block holds them.

import { bareType } from '../../../storage/column/data-type.ts'
import type { NumberVector, Vector } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { EvalContext } from '../values/function.ts'

/** A hash of each number of a vector by its 64 bits (one of a constant); the caller frees it. */
export function wordSamples(vector: NumberVector | Vector & { kind: 'big' }, { account, kernels }: EvalContext): Uint32Array {
  const count = Math.max(1, vector.isConst ? 1 : vector.length)
  const low = account.u32(count)
  const high = account.u32(count)
  if (vector.kind === 'big') bigHalves(vector.values, low, high)
  else numberHalves(vector, low, high, account)
  kernels.wordSamples(low.byteOffset, high.byteOffset, count, low.byteOffset)
  account.free(high.byteOffset)
  return low
}

function bigHalves(values: ArrayLike<bigint>, low: Uint32Array, high: Uint32Array): void {
  for (let row = 0; row < low.length; row++) {
    low[row] = Number(values[row] & 0xffffffffn)
    high[row] = Number((values[row] >> 32n) & 0xffffffffn)
  }
}

const TWO32 = 4294967296

function numberHalves(
  vector: NumberVector, low: Uint32Array, high: Uint32Array, account: MemoryAccount,
): void {
  const { values } = vector
  const { id } = bareType(vector.type)
  if (id !== 'Float64' && id !== 'Float32') {
    for (let row = 0; row < low.length; row++) {
      low[row] = values[row]
      high[row] = Math.floor(values[row] / TWO32)
    }
    return
  }
  const scratch = account.f64(1)
  const single = new Float32Array(scratch.buffer, scratch.byteOffset, 1)
  const bits = new Uint32Array(scratch.buffer, scratch.byteOffset, 2)
  for (let row = 0; row < low.length; row++) {
    if (id === 'Float32') single[0] = values[row]
    else scratch[0] = values[row]
    low[row] = bits[0]
    high[row] = id === 'Float32' ? 0 : bits[1]
  }
  account.free(scratch.byteOffset)
}
