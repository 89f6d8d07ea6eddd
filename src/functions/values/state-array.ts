// Typed arrays with one slot a group that grow in the account's memory.
// Invariant: slots that were never written hold zero; the old array is returned on growth.

import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { EvalContext } from './function.ts'

type Constructor<A> = {
  readonly BYTES_PER_ELEMENT: number
  new (buffer: ArrayBuffer, offset: number, length: number): A
}

type AnyArray = Uint8Array | Uint32Array | Int32Array | Float64Array | BigInt64Array | BigUint64Array

const SLOTS_MIN = 64

/** Whether so many bytes may be taken before they are needed: half of what the account and its memory may
 * hold is left to what is. */
export const hasSpare = ({ usedBytes, limitBytes, work }: MemoryAccount, bytes: number): boolean =>
  usedBytes + bytes <= limitBytes / 2 && work.usedBytes + bytes <= work.buffer.byteLength / 2

/** The slots of some groups, in their order, instead of all. */
export function picked<A extends Float64Array | BigInt64Array>(
  Type: Constructor<A>, all: A, groups: Uint32Array, { account, kernels }: EvalContext): A {
  const some = new Type(account.work.buffer, account.allocate(Math.max(1, groups.length) * Type.BYTES_PER_ELEMENT), groups.length)
  kernels.takeDoubles(all.byteOffset, groups.byteOffset, groups.length, some.byteOffset)
  account.free(all.byteOffset)
  return some
}

/** `old` (or nothing) with room for at least `count` slots; new ones are zero. */
export function grown<A extends AnyArray>(
  Type: Constructor<A>, old: A | null, count: number, account: MemoryAccount): A {
  return old !== null && old.length >= count ? old : lengthened(Type, old, Math.max(count, (old?.length ?? 0) * 2), account)
}

/** As grown(), to no more than `count` where that is more: the last that come. */
export function lengthened<A extends AnyArray>(
  Type: Constructor<A>, old: A | null, count: number, account: MemoryAccount): A {
  if (old !== null && old.length >= count) return old
  const length = Math.max(SLOTS_MIN, count)
  const bytes = length * Type.BYTES_PER_ELEMENT
  const pointer = account.allocate(bytes)
  const fresh = new Type(account.work.buffer, pointer, length)
  const kept = (old?.length ?? 0) * Type.BYTES_PER_ELEMENT
  new Uint8Array(account.work.buffer, pointer + kept, bytes - kept).fill(0)
  if (old !== null) {
    new Uint8Array(account.work.buffer, pointer, kept).set(
      new Uint8Array(account.work.buffer, old.byteOffset, kept))
    account.free(old.byteOffset)
  }
  return fresh
}
