// Dense numbers for (group, key) pairs by open addressing, keys of four 32-bit words: what -Map,
// -ForEach, sumMap, topK and entropy find their slots with.
// Invariant: numbers are given in order of first appearance and never change; 0 in `slots` is free.

import { pairHash } from '../../../storage/kernels/states.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { grown } from '../values/state-array.ts'

const STRIDE = 5
const SLOTS_FIRST = 256

export class KeyMap {
  /** Pairs known. */
  size = 0
  /** The group of each pair. */
  groups: Uint32Array
  private keys: Uint32Array
  private slots: Uint32Array
  private capacity = SLOTS_FIRST
  private readonly account: MemoryAccount

  constructor(account: MemoryAccount) {
    this.account = account
    this.groups = grown(Uint32Array, null, 1, account)
    this.keys = grown(Uint32Array, null, STRIDE, account)
    this.slots = account.u32(SLOTS_FIRST).fill(0)
  }

  /** The number of a pair; a new one gets the next (`size` before the call). */
  numberOf(group: number, a: number, b = 0, c = 0, d = 0): number {
    if ((this.size + 1) * 2 > this.capacity) this.enlarge()
    const mask = this.capacity - 1
    let slot = pairHash(group + 1, a ^ c, b ^ d) & mask
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const found = this.slots[slot] - 1
      const { keys } = this
      const at = found * 4
      if (this.groups[found] === group && keys[at] === a >>> 0 && keys[at + 1] === b >>> 0
        && keys[at + 2] === c >>> 0 && keys[at + 3] === d >>> 0) return found
    }
    const number = this.size++
    this.slots[slot] = number + 1
    this.groups = grown(Uint32Array, this.groups, number + 1, this.account)
    this.keys = grown(Uint32Array, this.keys, (number + 1) * 4, this.account)
    this.groups[number] = group
    this.keys.set([a, b, c, d], number * 4)
    return number
  }

  /** The four key words of a number. */
  keyOf(number: number): Uint32Array { return this.keys.subarray(number * 4, number * 4 + 4) }

  /** Numbers group by group, in order of appearance: those of g are rows[offsets[g] ..
   * offsets[g + 1]). */
  byGroup(groupCount: number): { offsets: Uint32Array; rows: Uint32Array } {
    return rowsByGroup(this.groups, this.size, groupCount, this.account)
  }

  private enlarge(): void {
    this.capacity *= 2
    const fresh = this.account.u32(this.capacity).fill(0)
    const mask = this.capacity - 1
    for (let number = 0; number < this.size; number++) {
      const at = number * 4
      const { keys } = this
      let slot = pairHash(this.groups[number] + 1, keys[at] ^ keys[at + 2], keys[at + 1] ^ keys[at + 3]) & mask
      while (fresh[slot] !== 0) slot = (slot + 1) & mask
      fresh[slot] = number + 1
    }
    this.account.free(this.slots.byteOffset)
    this.slots = fresh
  }
}

/** Rows [0, count) by the group that owns each, stable: those of g are rows[offsets[g] ..
 * offsets[g + 1]). */
export function rowsByGroup(
  owners: Uint32Array, count: number, groupCount: number, account: MemoryAccount,
): { offsets: Uint32Array; rows: Uint32Array } {
  const offsets = account.u32(groupCount + 1).fill(0)
  for (let row = 0; row < count; row++) offsets[owners[row] + 1]++
  for (let group = 0; group < groupCount; group++) offsets[group + 1] += offsets[group]
  const next = account.u32(groupCount + 1)
  next.set(offsets)
  const rows = account.u32(count)
  for (let row = 0; row < count; row++) rows[next[owners[row]]++] = row
  account.free(next.byteOffset)
  return { offsets, rows }
}
