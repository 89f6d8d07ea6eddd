// Shared codes of all rows of a block, as they are kept in shared memory: those of neighbours lie near each
// other, so that most take two or three bytes. (In bits they would take half of a word or less, but unpacking
// these costs 0.7 ns a row more than copying words.)
//
//   | base u32 | bytes u32 | each code less the base, in 2 or 3 bytes; in 4: as it is |

import { bitsAt } from '../../../storage/kernels/bits.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { EvalContext } from '../../functions/values/function.ts'

const HEAD_BYTES = 8
const WHOLE = 4
/** Below this share of a block's rows codes are read one by one. */
const FEW_SHARE = 1 / 8

/** At least one code, which lie in the context's memory, packed: in its account. */
export function packCodes(codes: Uint32Array, { account, kernels }: EvalContext): Uint8Array {
  const ends = account.f64(2)
  kernels.wordEnds(codes.byteOffset, codes.length, ends.byteOffset)
  const [base, most] = ends
  const bytes = most - base < 2 ** 16 ? 2 : most - base < 2 ** 24 ? 3 : WHOLE
  const packed = account.u8(HEAD_BYTES + codes.length * bytes)
  new Uint32Array(packed.buffer, packed.byteOffset, 2).set(bytes === WHOLE ? [0, bytes] : [base, bytes])
  if (bytes === WHOLE) packed.set(new Uint8Array(codes.buffer, codes.byteOffset, codes.byteLength), HEAD_BYTES)
  else kernels.packBits(codes.byteOffset, codes.length, base, bytes * 8, packed.byteOffset + HEAD_BYTES)
  account.free(ends.byteOffset)
  return packed
}

/** The codes of a block's rows, or of those in `rows`: in the context's account. */
export function unpackCodes(
  packed: Uint8Array, blockRows: number, rows: Uint32Array | null, context: EvalContext): Uint32Array {
  const [base, bytes] = new Uint32Array(packed.buffer, packed.byteOffset, 2)
  if (rows === null) return allCodes(packed, base, bytes, blockRows, context)
  if (rows.length < blockRows * FEW_SHARE) {
    const codes = context.account.u32(rows.length)
    for (let i = 0; i < rows.length; i++) codes[i] = base + bitsAt(packed, HEAD_BYTES, bytes * 8, rows[i])
    return codes
  }
  const all = allCodes(packed, base, bytes, blockRows, context)
  const codes = chosenOf(all, rows, context.account)
  context.account.free(all.byteOffset)
  return codes
}

export function chosenOf(codes: Uint32Array, rows: Uint32Array, account: MemoryAccount): Uint32Array {
  const chosen = account.u32(rows.length)
  for (let i = 0; i < rows.length; i++) chosen[i] = codes[rows[i]]
  return chosen
}

function allCodes(
  packed: Uint8Array, base: number, bytes: number, count: number, { account, kernels }: EvalContext): Uint32Array {
  const codes = account.u32(count)
  if (bytes === WHOLE) {
    codes.set(new Uint32Array(packed.buffer, packed.byteOffset + HEAD_BYTES, count))
    return codes
  }
  const near = account.copyOf(packed.subarray(HEAD_BYTES))
  kernels.spreadNumbers(near.byteOffset, bytes, count, base, codes.byteOffset)
  account.freeCopy(near)
  return codes
}
