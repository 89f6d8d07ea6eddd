// The dictionaries of several images as one: each string once, with the way from every old code.

import { LocalStrings } from '../column/local-strings.ts'
import type { LocalDictionary } from '../part/row-set.ts'

const SLOTS_MIN = 64

/** Strings by number, found by hash (FNV-1a over the bytes, open addressing). */
export class StringInterner {
  private slots = new Uint32Array(SLOTS_MIN) // code + 1
  private hashes = new Uint32Array(SLOTS_MIN / 2)
  private offsets = new Uint32Array(SLOTS_MIN / 2 + 1)
  private bytes = new Uint8Array(1024)
  size = 0

  /** The code of bytes[from, to), given now if it is new. */
  codeOf(source: Uint8Array, from: number, to: number): number {
    let hash = 0x811c9dc5
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ source[at], 0x01000193)
    hash >>>= 0
    const mask = this.slots.length - 1
    let slot = hash & mask
    for (; this.slots[slot] !== 0; slot = (slot + 1) & mask) {
      const code = this.slots[slot] - 1
      if (this.hashes[code] === hash && this.isSame(code, source, from, to)) return code
    }
    return this.add(source, from, to, hash, slot)
  }

  strings(): LocalStrings {
    return new LocalStrings(this.size, this.bytes.subarray(0, this.offsets[this.size]), this.offsets.subarray(0, this.size + 1))
  }

  private isSame(code: number, source: Uint8Array, from: number, to: number): boolean {
    const start = this.offsets[code]
    if (this.offsets[code + 1] - start !== to - from) return false
    for (let at = from; at < to; at++) if (this.bytes[start + at - from] !== source[at]) return false
    return true
  }

  private add(source: Uint8Array, from: number, to: number, hash: number, slot: number): number {
    const code = this.size++
    const start = this.offsets[code]
    if (start + to - from > this.bytes.length) this.bytes = grown(this.bytes, (start + to - from) * 2)
    this.bytes.set(source.subarray(from, to), start)
    this.offsets[code + 1] = start + to - from
    this.hashes[code] = hash
    this.slots[slot] = code + 1
    if (this.size === this.hashes.length) this.widen()
    return code
  }

  private widen(): void {
    const capacity = this.slots.length * 2
    this.hashes = grown(this.hashes, capacity / 2)
    this.offsets = grown(this.offsets, capacity / 2 + 1)
    this.slots = new Uint32Array(capacity)
    for (let code = 0; code < this.size; code++) {
      let slot = this.hashes[code] & (capacity - 1)
      while (this.slots[slot] !== 0) slot = (slot + 1) & (capacity - 1)
      this.slots[slot] = code + 1
    }
  }
}

function grown<T extends Uint8Array | Uint32Array>(array: T, length: number): T {
  const out = new (array.constructor as new (length: number) => T)(length)
  out.set(array)
  return out
}

/** One dictionary for all; maps[i][local code] is the code in it. */
export function mergeDictionaries(dictionaries: readonly LocalDictionary[]): {
  readonly strings: LocalStrings
  readonly maps: readonly Uint32Array[]
} {
  const interner = new StringInterner()
  const maps = dictionaries.map(({ size, bytes, offsets }) => {
    const map = new Uint32Array(size)
    for (let code = 0; code < size; code++) map[code] = interner.codeOf(bytes, offsets[code], offsets[code + 1])
    return map
  })
  return { strings: interner.strings(), maps }
}
