// A set of (group, key) pairs by open addressing, keys of one to four 32-bit words: what exact and
// approximate distinct counts and groupUniqArray ask "seen before?".
// Invariant: a slot is free where its first word is 0; the first word of an entry is group + 1.

import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { Kernels } from '../../../storage/kernels/load.ts'
import { pairHash } from '../../../storage/kernels/states.ts'
import { grown } from '../values/state-array.ts'

const SLOTS_FIRST = 256

export class KeySet {
  /** Entries in the set. */
  size = 0
  private slots: Uint32Array
  private capacity = SLOTS_FIRST
  private readonly words: number
  private readonly stride: number
  private readonly account: MemoryAccount

  constructor(words: 1 | 2 | 4, account: MemoryAccount) {
    this.words = words
    this.stride = words + 1
    this.account = account
    this.slots = grown(Uint32Array, null, SLOTS_FIRST * this.stride, account)
  }

  /** Adds a pair; true when it is new. Unused words are 0. */
  add(group: number, a: number, b = 0, c = 0, d = 0): boolean {
    if ((this.size + 1) * 2 > this.capacity) this.enlarge()
    const { slots, stride, words } = this
    const mask = this.capacity - 1
    const owner = group + 1
    let slot = pairHash(owner, a, b) & mask
    for (;;) {
      const at = slot * stride
      const found = slots[at]
      if (found === 0) {
        slots[at] = owner
        slots[at + 1] = a
        if (words > 1) slots[at + 2] = b
        if (words > 2) {
          slots[at + 3] = c
          slots[at + 4] = d
        }
        this.size++
        return true
      }
      if (found === owner && slots[at + 1] === a >>> 0 && (words === 1 || (slots[at + 2] === b >>> 0
        && (words === 2 || (slots[at + 3] === c >>> 0 && slots[at + 4] === d >>> 0))))) return false
      slot = (slot + 1) & mask
    }
  }

  /** Whether a pair of one key word is in the set. */
  has(group: number, a: number): boolean {
    const { slots, stride } = this
    const mask = this.capacity - 1
    for (let slot = pairHash(group + 1, a, 0) & mask; ; slot = (slot + 1) & mask) {
      const found = slots[slot * stride]
      if (found === 0) return false
      if (found === group + 1 && slots[slot * stride + 1] === a) return true
    }
  }

  /** Adds (groups[i], codes[i]) of one word; counts[group] counts the new ones. All arrays lie in work
   * memory. */
  addAll(
    groups: Uint32Array, codes: Uint32Array, count: number, counts: Uint32Array, kernels: Kernels): void {
    while ((this.size + count) * 2 > this.capacity) this.enlarge()
    this.size += kernels.addPairs(this.slots.byteOffset, this.capacity - 1, groups.byteOffset,
      codes.byteOffset, count, counts.byteOffset)
  }

  /** Every entry: its group and the place of its first key word in `words`. */
  each(visit: (group: number, words: Uint32Array, at: number) => void): void {
    const { slots, stride, capacity } = this
    for (let at = 0; at < capacity * stride; at += stride) {
      if (slots[at] !== 0) visit(slots[at] - 1, slots, at + 1)
    }
  }

  /** Drops the entries for which `keeps` says false. */
  filter(keeps: (group: number, words: Uint32Array, at: number) => boolean): void {
    this.rebuild(this.capacity, keeps)
  }

  /** Entries as (group, words…) one after another. */
  exportEntries(): Uint32Array {
    const out = new Uint32Array(this.size * this.stride)
    let to = 0
    this.each((group, words, at) => {
      out[to++] = group
      for (let w = 0; w < this.words; w++) out[to++] = words[at + w]
    })
    return out
  }

  /** Key words group by group: those of group g are words[offsets[g] .. offsets[g + 1]). */
  byGroup(groupCount: number): { offsets: Uint32Array; words: Uint32Array } {
    const { account } = this
    const perKey = this.words
    const offsets = account.u32(groupCount + 1).fill(0)
    this.each((group) => { offsets[group + 1] += perKey })
    for (let group = 0; group < groupCount; group++) offsets[group + 1] += offsets[group]
    const next = account.u32(groupCount + 1)
    next.set(offsets)
    const out = account.u32(this.size * perKey)
    this.each((group, words, at) => {
      for (let w = 0; w < perKey; w++) out[next[group]++] = words[at + w]
    })
    account.free(next.byteOffset)
    return { offsets, words: out }
  }

  free(): void {
    this.account.free(this.slots.byteOffset)
  }

  private enlarge(): void {
    this.rebuild(this.capacity * 2, null)
  }

  private rebuild(
    capacity: number, keeps: ((group: number, words: Uint32Array, at: number) => boolean) | null,
  ): void {
    const { slots: old, stride, words, account } = this
    const fresh = account.u32(capacity * stride).fill(0)
    const mask = capacity - 1
    let size = 0
    for (let at = 0; at < old.length; at += stride) {
      if (old[at] === 0 || at >= this.capacity * stride) continue
      if (keeps !== null && !keeps(old[at] - 1, old, at + 1)) continue
      let slot = pairHash(old[at], old[at + 1], words > 1 ? old[at + 2] : 0) & mask
      while (fresh[slot * stride] !== 0) slot = (slot + 1) & mask
      for (let w = 0; w < stride; w++) fresh[slot * stride + w] = old[at + w]
      size++
    }
    account.free(old.byteOffset)
    this.slots = fresh
    this.capacity = capacity
    this.size = size
  }
}
