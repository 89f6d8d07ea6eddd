// The cache of all segments' sections, shared by all threads: bytes lie in the cache arena, and so
// does this directory of them. No locks: an entry is owned by whoever turned its pins from 0 to TAKEN.
//
//   directory (i32): | hand of the clock | buckets of 8 entries ... |
//   entry: | segment + 1, 0: free | offset low | offset high | address / 8 | bytes | pins | used | - |
//
// Invariants: bytes of an entry with pins > 0 do not change and are not freed. Two threads may load
// the same section; each publishes an entry, and the one that is not found ages out.

import type { Arena } from '../arena/arena.ts'
import { crc32c } from '../bytes/crc32c.ts'

const HEAD_WORDS = 8
const WORDS = 8
const WAYS = 8
const SEGMENT = 0
const LOW = 1
const HIGH = 2
const ADDRESS = 3
const BYTES = 4
const PINS = 5
const USED = 6

const TAKEN = -(2 ** 30)
const TWO32 = 4294967296
/** One entry for so many bytes of the budget: sections of columns have 2 to 16 KB. */
const BYTES_AN_ENTRY = 2048
const ENTRIES_MIN = 1024
/** The share of the cache that one thread may keep pinned between queries. */
const LEASED_SHARE = 1 / 32

/** What crosses to a worker. */
export type BlockCacheHandle = { readonly address: number; readonly buckets: number }

/** Makes the empty directory in the arena whose budget the cache may fill. Once, on the main thread, and
 * before anything was freed there: what was never used is zero, and costs nothing until it is written
 * (the directory of a 2 GiB cache has 32 MiB). */
export function createBlockCache(arena: Arena): BlockCacheHandle {
  const wanted = Math.max(ENTRIES_MIN, arena.budgetBytes / BYTES_AN_ENTRY) / WAYS
  const buckets = 2 ** Math.ceil(Math.log2(wanted))
  const words = HEAD_WORDS + buckets * WAYS * WORDS
  const address = arena.allocate(words * 4)
  if (address === 0) throw new Error('block cache: the cache arena is too small for its directory')
  return { address, buckets }
}

/** A pinned entry: where its bytes lie. `at` is given back to unpin(). */
export type Pinned = { readonly at: number; readonly bytes: Uint8Array }

/** Who keeps sections pinned until it is told to end that. */
export interface Lessee { endLeases(): void }

/** The cache as one thread sees it. */
export class BlockCache {
  readonly arena: Arena
  /** What sections that come in are compared with their checksums by. */
  readonly checksumOf: (bytes: Uint8Array) => number
  private readonly words: Int32Array
  private readonly buckets: number
  private readonly lessees = new Set<Lessee>()
  private space: Uint8Array | null = null
  private leasedBytes = 0

  constructor(arena: Arena, handle: BlockCacheHandle, checksumOf: (bytes: Uint8Array) => number = crc32c) {
    this.arena = arena
    this.checksumOf = checksumOf
    this.buckets = handle.buckets
    this.words = arena.i32(handle.address, HEAD_WORDS + handle.buckets * WAYS * WORDS)
  }

  /** The section at `offset` of a segment's file, pinned; null: it is not cached. */
  find(segment: number, offset: number): Pinned | null {
    const { words } = this
    const low = offset | 0
    const high = offset / TWO32 | 0
    const first = this.bucketOf(segment, offset)
    for (let at = first; at < first + WAYS * WORDS; at += WORDS) {
      if (!this.holds(at, segment, low, high)) continue
      const pins = Atomics.add(words, at + PINS, 1)
      if (pins >= 0 && this.holds(at, segment, low, high)) {
        words[at + USED] = 1
        const address = (words[at + ADDRESS] >>> 0) * 8
        return { at, bytes: this.arena.bytes(address, words[at + BYTES] >>> 0) }
      }
      Atomics.sub(words, at + PINS, 1)
    }
    return null
  }

  /** This thread's space for bytes on their way into the cache: until it is asked for again. */
  readSpace(bytes: number): Uint8Array {
    if (this.space === null || this.space.length < bytes) this.space = new Uint8Array(bytes)
    return this.space
  }

  unpin(at: number): void { Atomics.sub(this.words, at + PINS, 1) }

  /** Counts a section that stays pinned for this thread's later queries. */
  addLease(lessee: Lessee, bytes: number): void {
    this.lessees.add(lessee)
    this.leasedBytes += bytes
  }

  /** Its sections are no longer pinned. */
  dropLessee(lessee: Lessee, bytes: number): void {
    if (this.lessees.delete(lessee)) this.leasedBytes -= bytes
  }

  /** Unpins what this thread keeps, where that has become too much. Nobody may be reading it. */
  trimLeases(): void {
    if (this.leasedBytes <= this.arena.budgetBytes * LEASED_SHARE) return
    for (const lessee of this.lessees) lessee.endLeases()
    this.lessees.clear()
    this.leasedBytes = 0
  }

  /** Room for a new section, to be filled and then published; 0: there is none even after everything
   * that could go went. */
  allocate(bytes: number): number {
    let address = this.arena.allocate(bytes)
    for (let round = 0; address === 0 && round < 2; round++) {
      if (!this.evict(bytes)) return 0
      address = this.arena.allocate(bytes)
    }
    return address
  }

  /** Makes filled bytes findable and pins them for the caller; null: every entry that could name them
   * is pinned (the bytes were freed). */
  publish(segment: number, offset: number, address: number, bytes: number): Pinned | null {
    const { words } = this
    const at = this.takeEntry(this.bucketOf(segment, offset))
    if (at < 0) {
      this.arena.free(address, bytes)
      return null
    }
    words[at + LOW] = offset | 0
    words[at + HIGH] = offset / TWO32 | 0
    words[at + ADDRESS] = address / 8
    words[at + BYTES] = bytes
    words[at + USED] = 1
    Atomics.store(words, at + SEGMENT, segment + 1)
    Atomics.add(words, at + PINS, 1 - TAKEN)
    return { at, bytes: this.arena.bytes(address, bytes) }
  }

  private holds(at: number, segment: number, low: number, high: number): boolean {
    const { words } = this
    return Atomics.load(words, at + SEGMENT) === segment + 1
      && words[at + LOW] === low && words[at + HIGH] === high
  }

  private bucketOf(segment: number, offset: number): number {
    const mixed = Math.imul(segment, 0x9e3779b1) ^ Math.imul((offset / 64) | 0, 0x85ebca6b)
      ^ Math.imul(offset | 0, 0xc2b2ae35)
    const bucket = ((mixed ^ mixed >>> 15) >>> 0) & (this.buckets - 1)
    return HEAD_WORDS + bucket * WAYS * WORDS
  }

  /** An entry of a bucket for the caller alone: a free one, else one that was not used since the last
   * look; -1: all are pinned. */
  private takeEntry(first: number): number {
    const { words } = this
    const end = first + WAYS * WORDS
    for (let at = first; at < end; at += WORDS) {
      if (words[at + SEGMENT] === 0 && this.take(at)) return at
    }
    for (let round = 0; round < 2; round++) {
      for (let at = first; at < end; at += WORDS) {
        if (words[at + USED] !== 0) words[at + USED] = 0
        else if (this.take(at)) return at
      }
    }
    return -1
  }

  /** Takes an entry if nobody holds it, and frees what it had. It stays taken. */
  private take(at: number): boolean {
    const { words } = this
    if (Atomics.compareExchange(words, at + PINS, 0, TAKEN) !== 0) return false
    if (words[at + SEGMENT] !== 0) {
      Atomics.store(words, at + SEGMENT, 0)
      this.arena.free((words[at + ADDRESS] >>> 0) * 8, words[at + BYTES] >>> 0)
    }
    return true
  }

  /** Frees entries in the order of the clock until `bytes` and as much again went; false: nothing
   * could go. */
  private evict(bytes: number): boolean {
    const { words } = this
    let freed = 0
    for (let step = 0; step < this.buckets * 2 && freed < bytes * 2; step++) {
      const bucket = (Atomics.add(words, 0, 1) >>> 0) % this.buckets
      const first = HEAD_WORDS + bucket * WAYS * WORDS
      // Where sections are large most entries are free: passing over one has to cost next to nothing.
      for (let at = first; at < first + WAYS * WORDS; at += WORDS) {
        if (words[at + SEGMENT] === 0) continue
        if (words[at + USED] !== 0) {
          words[at + USED] = 0
          continue
        }
        const size = words[at + BYTES] >>> 0
        if (!this.take(at)) continue
        Atomics.sub(words, at + PINS, TAKEN)
        freed += size
      }
    }
    return freed > 0
  }
}
