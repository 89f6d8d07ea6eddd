// The table-wide dictionary of one string column: all threads see the same codes, so a code means the
// same string in every row set, block and partial state of the table.
//
//   control (i32): | lock | count | bytes | slots: address, mask, fill | entry chunks | byte chunk | ...
//   slots:         | distance from home: 4 bits | hash, of these bits | code + 1: as many bits as the number
//                  of a slot |, 0: free; home is the low bits of the hash; a bigger table replaces a full one
//   entry chunk k: 1024 * 2^k entries of (address low u32, address high << 24 | length)
//   byte chunks:   the strings end to end
//
// Invariants: it only grows; entries and bytes never move, and a code is handed out only after its
// entry and bytes are written (the lock's release orders them). A replaced slot table is freed at once,
// though another thread may be reading it: what it reads there is but a guess, a string is found by its
// own bytes, and is not there only where the table is still the one in use (SLOTS_MASK, which grows).

import type { Arena } from '../../../storage/arena/arena.ts'
import { lockWord, unlockWord } from '../../../storage/arena/word-lock.ts'
import type { Dictionary } from '../../../storage/column/vector.ts'
import type { MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import { copyBytes } from '../../functions/values/vectors.ts'
import { unpackWords } from '../blocks/packed-words.ts'

export const ADDRESS_UNIT = 8 // Arena addresses are multiples of it; stored divided, to fit a word.

const LOCK = 0
const COUNT = 1
export const BYTES = 2
const SLOTS = 3
const SLOTS_MASK = 4 // 0: the table is being replaced
const CHUNK_AT = 5 // byte chunk in use: address / 8 of its start
const CHUNK_USED = 6
const CHUNK_BYTES = 7
const OWNED_COUNT = 8
export const DEAD = 9
export const TABLE_ID = 10
export const COLUMN_ID = 11
const PLAIN_BYTES = 12 // of strings that came from rows without a dictionary, about
export const REFUSED_AT = 13 // second at which it was found too large or the arena full
const PLAIN_ROWS = 14 // rows of blocks without a dictionary whose codes were kept
export const MAP_BYTES = 15 // of maps and kept codes
const ENTRIES = 16 // 22 chunk addresses
export const LAST_USE = 38 // of joint keys: second of the last run
const USES = 39 // of joint keys: runs that asked for codes
const PLAIN_COUNT = 40 // strings of PLAIN_BYTES
const OWNED = 48 // (address / 8, bytes) pairs of everything allocated; the first: the slots
const OWNED_MAX = 1000
export const MAPS = OWNED + OWNED_MAX * 2 // chains of maps, and 3 words more (code-maps.ts)
export const MAP_CHAINS = 256
export const CONTROL_BYTES = (MAPS + MAP_CHAINS + 3) * 4

const ENTRY_SHIFT = 10
const SLOTS_FIRST = 1 << 11
/** From so many slots on a table is replaced by one twice as large, before by one of four times. */
const SLOTS_MANY = 1 << 21
const DISTANCE_SHIFT = 28
/** What is farther from its home: where that is, its bytes say. */
const DISTANCE_MAX = 15
/** Bits of the hash that slots know, as far as they are not code. */
const HASH_BITS = (1 << DISTANCE_SHIFT) - 1
const STRING_BYTES_MAX = 1 << 24
/** Rows that repeat their strings less often than this pays for are worked on as bytes. */
const PLAIN_BYTES_FREE = 64 * 1024 * 1024
const PLAIN_BYTES_A_ROW = 16
/** After so many rows it is asked whether strings are ids of their rows, fewer than a share of which repeat:
 * then those ahead will not, either. (Entering five million of them took ten seconds.) */
const SAMPLE_ROWS = 131_072
const REPEATED_SHARE = 1 / 32
/** What a string costs beside its bytes: its entry and its slot. */
const STRING_BYTES_MORE = 24
/** Longer strings are copied by set(). */
const WORDWISE_MAX = 64
const BYTES_FIRST = 16 * 1024
const BYTES_MAX = 8 * 1024 * 1024

/** Strings that are looked for beside each other (bringNear). */
const NEAR = 256
/** In the place of a code: there is none yet. More than any dictionary has. */
const UNKNOWN = 0xffffffff

/** The hash of a string: FNV-1a with a final mix, so that low bits can index a table. */
export function hashBytes(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193)
  hash ^= hash >>> 15
  hash = Math.imul(hash, 0x2c1b3c6d)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** A shared dictionary as one thread sees it. */
export class SharedDictionary implements Dictionary {
  readonly id: number
  readonly tableId: number
  readonly columnId: number
  /** Address of its control block. */
  readonly address: number
  readonly control: Int32Array
  private readonly arena: Arena
  private readonly budgetBytes: number
  private slots: Int32Array = new Int32Array(0)
  /** Of the slots; 0: none were looked at yet. */
  private mask = 0
  /** Views of the arena's buffers, by number; they are alike. */
  private readonly buffers: Uint8Array[] = []
  private readonly bufferBytes: number
  private readonly chunks: (Uint32Array | null)[] = Array.from({ length: 22 }, () => null)
  /** Of the strings being entered. */
  private readonly hashes = new Uint32Array(NEAR)
  private readonly places = new Float64Array(NEAR)

  constructor(arena: Arena, address: number, id: number, budgetBytes: number) {
    this.arena = arena
    this.address = address
    this.id = id
    this.budgetBytes = budgetBytes
    this.control = arena.i32(address, CONTROL_BYTES / 4)
    this.bufferBytes = arena.handle.buffers[0].byteLength
    this.tableId = this.control[TABLE_ID]
    this.columnId = this.control[COLUMN_ID]
  }

  /** Lays out an empty dictionary in a fresh control block; false: the arena is full. */
  static create(arena: Arena, address: number, tableId: number, columnId: number): boolean {
    const control = arena.i32(address, CONTROL_BYTES / 4)
    control.fill(0)
    control[TABLE_ID] = tableId
    control[COLUMN_ID] = columnId
    const slots = arena.allocate(SLOTS_FIRST * 4)
    if (slots === 0) return false
    arena.u32(slots, SLOTS_FIRST).fill(0)
    control[SLOTS] = slots / ADDRESS_UNIT
    control[SLOTS_MASK] = SLOTS_FIRST - 1
    control[OWNED] = slots / ADDRESS_UNIT
    control[OWNED + 1] = SLOTS_FIRST * 4
    control[OWNED_COUNT] = 1
    control[BYTES] = SLOTS_FIRST * 4
    return true
  }

  get size(): number { return Atomics.load(this.control, COUNT) }
  /** Bytes of arena that it holds, maps aside. */
  get usedBytes(): number { return this.control[BYTES] >>> 0 }

  /** Whether strings of rows that have no dictionary of their own are worth entering, when so many rows are
   * to be read. */
  takesPlain(rows: number): boolean {
    const { control } = this
    const bytes = Atomics.load(control, PLAIN_BYTES)
    const known = Atomics.load(control, PLAIN_ROWS)
    if (bytes > PLAIN_BYTES_FREE + PLAIN_BYTES_A_ROW * known) return false
    const strings = Atomics.load(control, PLAIN_COUNT)
    if (known < SAMPLE_ROWS || strings <= known * (1 - REPEATED_SHARE)) return true
    const all = Math.max(rows, known)
    return bytes / known * all <= PLAIN_BYTES_FREE + PLAIN_BYTES_A_ROW * all
  }

  /** Codes of so many plain rows were kept. */
  addPlainRows(count: number): void { Atomics.add(this.control, PLAIN_ROWS, count) }
  get plainRows(): number { return Atomics.load(this.control, PLAIN_ROWS) }

  /** Counts one run more; answers how many there were. */
  addUse(): number { return Atomics.add(this.control, USES, 1) }

  /** Whether its first string is this one. */
  isOf(first: Uint8Array): boolean { return this.size > 0 && Buffer.compare(this.bytesOf(0), first) === 0 }

  bytesOf(code: number): Uint8Array {
    const at = this.entryOf(code)
    const chunk = this.chunkOf(code)
    const high = chunk[at + 1]
    return this.arena.bytes((high >>> 24) * 4294967296 + chunk[at], high & 0xffffff)
  }

  lengthOf(code: number): number {
    return this.chunkOf(code)[this.entryOf(code) + 1] & 0xffffff
  }

  /** Of strings that are words packed by packWords(): word w of codes[i] to out[w][i], for the first `count`. */
  wordsOf(codes: Uint32Array, count: number, out: readonly Uint32Array[]): void {
    for (let i = 0; i < count; i++) {
      const at = this.entryOf(codes[i])
      const chunk = this.chunkOf(codes[i])
      const address = (chunk[at + 1] >>> 24) * 4294967296 + chunk[at]
      unpackWords(this.bufferOf(address), this.within(address), i, out)
    }
  }

  textsOf(codes: Uint32Array, count: number, account: MemoryAccount): { offsets: Uint32Array; bytes: Uint8Array } {
    const offsets = account.u32(count + 1)
    const places = account.f64(count)
    offsets[0] = 0
    for (let row = 0; row < count; row++) {
      const at = this.entryOf(codes[row])
      const chunk = this.chunkOf(codes[row])
      const high = chunk[at + 1]
      places[row] = (high >>> 24) * 4294967296 + chunk[at]
      offsets[row + 1] = offsets[row] + (high & 0xffffff)
    }
    const bytes = account.u8(offsets[count])
    const target = new DataView(account.work.buffer, bytes.byteOffset, bytes.length)
    const views: DataView[] = []
    for (let from = 0; from < count; from += NEAR) {
      const to = Math.min(count, from + NEAR)
      this.touch(places, from, to)
      for (let row = from; row < to; row++) {
        const number = Math.floor(places[row] / this.bufferBytes)
        const source = views[number] ??= new DataView(this.arena.handle.buffers[number])
        const start = places[row] - number * this.bufferBytes
        const length = offsets[row + 1] - offsets[row]
        if (length <= WORDWISE_MAX) copyShort(source, start, target, offsets[row], length)
        else copyBytes(this.bufferOf(places[row]), start, bytes, offsets[row], length)
      }
    }
    account.free(places.byteOffset)
    return { offsets, bytes }
  }

  /** Reads a byte of each of the strings: a loop that does nothing else waits for many of them at once. */
  private touch(places: Float64Array, from: number, to: number): number {
    let sum = 0
    for (let i = from; i < to; i++) sum += this.bufferOf(places[i])[this.within(places[i])]
    return sum
  }

  find(bytes: Uint8Array): number {
    const hash = hashBytes(bytes, 0, bytes.length)
    for (;;) {
      this.attachSlots()
      const code = this.findHashed(bytes, 0, bytes.length, hash, this.size)
      if (code >= 0 || Atomics.load(this.control, SLOTS_MASK) === this.mask) return code
    }
  }

  /** Fills `toShared[i]` with the code of string i, entering what is new, for i in [from, to). False:
   * the budget or the arena is exhausted; then what was entered stays. `isPlain`: of rows that have no
   * dictionary of their own. */
  enter(
    bytes: Uint8Array, offsets: Uint32Array, from: number, to: number, toShared: Uint32Array, isPlain = false,
  ): boolean {
    for (let first = from; first < to; first += NEAR) {
      if (!this.enterNear(bytes, offsets, first, Math.min(to, first + NEAR), toShared, isPlain)) return false
    }
    return true
  }

  /** At most NEAR of them. Those that are there already are found without the lock: most are, and queries that
   * map the same row sets at once had spent a third of that time in waiting for each other. */
  private enterNear(
    bytes: Uint8Array, offsets: Uint32Array, from: number, to: number, toShared: Uint32Array, isPlain: boolean,
  ): boolean {
    const { hashes } = this
    for (let i = from; i < to; i++) hashes[i - from] = hashBytes(bytes, offsets[i], offsets[i + 1])
    this.attachSlots()
    const { size } = this
    this.bringNear(to - from, size)
    let areAllKnown = true
    for (let i = from; i < to; i++) {
      const code = this.findHashed(bytes, offsets[i], offsets[i + 1], hashes[i - from], size)
      toShared[i] = code // of one that is not there UNKNOWN
      if (code < 0) areAllKnown = false
    }
    return areAllKnown || this.enterUnknown(bytes, offsets, from, to, toShared, isPlain)
  }

  private enterUnknown(
    bytes: Uint8Array, offsets: Uint32Array, from: number, to: number, toShared: Uint32Array, isPlain: boolean,
  ): boolean {
    lockWord(this.control, LOCK, 'shared dictionary')
    try {
      this.attachSlots()
      for (let i = from; i < to; i++) {
        if (toShared[i] !== UNKNOWN) continue
        const start = offsets[i]
        const end = offsets[i + 1]
        const hash = this.hashes[i - from]
        let code = this.findHashed(bytes, start, end, hash, UNKNOWN)
        if (code < 0) {
          code = this.append(bytes, start, end, hash)
          if (code < 0) return false
          if (isPlain) {
            Atomics.add(this.control, PLAIN_BYTES, end - start + STRING_BYTES_MORE)
            Atomics.add(this.control, PLAIN_COUNT, 1)
          }
        }
        toShared[i] = code
      }
      return true
    } finally {
      unlockWord(this.control, LOCK)
    }
  }

  /** Reads what the look-ups of the first hashes will read: slot, entry and string of each lie far from those
   * of the others, and loops that do nothing else wait for many of them at once. Decides nothing. */
  private bringNear(count: number, size: number): number {
    const { slots, mask, hashes, places } = this
    for (let i = 0; i < count; i++) {
      const place = slots[hashes[i] & mask] & mask
      places[i] = place > size ? 0 : place
    }
    for (let i = 0; i < count; i++) {
      if (places[i] === 0) continue
      const chunk = this.chunkOf(places[i] - 1)
      const at = this.entryOf(places[i] - 1)
      places[i] = (chunk[at + 1] >>> 24) * 4294967296 + chunk[at]
    }
    let sum = 0
    for (let i = 0; i < count; i++) {
      if (places[i] === 0) continue
      sum += this.bufferOf(places[i])[this.within(places[i])]
    }
    return sum
  }

  /** Gives everything back; nobody may use the dictionary afterwards, in any thread. */
  freeAll(): void {
    const { control, arena } = this
    for (let i = 0; i < control[OWNED_COUNT]; i++) {
      arena.free((control[OWNED + 2 * i] >>> 0) * ADDRESS_UNIT, control[OWNED + 2 * i + 1] >>> 0)
    }
    control[OWNED_COUNT] = 0
    arena.free(this.address, CONTROL_BYTES)
  }

  private entryOf(code: number): number {
    const k = 31 - Math.clz32((code >>> ENTRY_SHIFT) + 1)
    return (code - (((1 << k) - 1) << ENTRY_SHIFT)) * 2
  }

  private chunkOf(code: number): Uint32Array {
    const k = 31 - Math.clz32((code >>> ENTRY_SHIFT) + 1)
    return this.chunks[k] ??= this.arena.u32(
      (this.control[ENTRIES + k] >>> 0) * ADDRESS_UNIT, 2 << (ENTRY_SHIFT + k))
  }

  /** Looks at the slots that are in use. */
  private attachSlots(): void {
    const { control } = this
    for (;;) {
      const mask = Atomics.load(control, SLOTS_MASK)
      if (mask === this.mask) return
      const at = Atomics.load(control, SLOTS)
      if (mask === 0 || Atomics.load(control, SLOTS_MASK) !== mask) continue // stored in a moment
      this.slots = this.arena.i32((at >>> 0) * ADDRESS_UNIT, mask + 1)
      this.mask = mask
    }
  }

  /** The code of a string; -1: it is not there. `size`: as it was when the caller looked; what came since is not
   * looked at, as its entry may not be there for who has no lock. */
  private findHashed(bytes: Uint8Array, start: number, end: number, hash: number, size: number): number {
    const { slots, mask } = this
    // Bounded: what a table holds that was replaced is anybody's.
    const tagBits = HASH_BITS & ~mask
    const tag = hash & tagBits
    for (let slot = hash & mask, left = mask; left > 0; slot = (slot + 1) & mask, left--) {
      const held = slots[slot]
      const code = (held & mask) - 1
      if (code < 0 || code >= size) return -1
      if ((held & tagBits) === tag && this.isEqual(code, bytes, start, end)) return code
    }
    return -1
  }

  private isEqual(code: number, bytes: Uint8Array, start: number, end: number): boolean {
    const length = end - start
    const at = this.entryOf(code)
    const chunk = this.chunkOf(code)
    if ((chunk[at + 1] & 0xffffff) !== length) return false
    const address = (chunk[at + 1] >>> 24) * 4294967296 + chunk[at]
    const buffer = this.bufferOf(address)
    const mine = this.within(address)
    for (let i = 0; i < length; i++) if (buffer[mine + i] !== bytes[start + i]) return false
    return true
  }

  /** The whole buffer of the arena in which a string lies: a view for each of them costs more than its bytes. */
  private bufferOf(address: number): Uint8Array {
    const number = Math.floor(address / this.bufferBytes)
    return this.buffers[number] ??= new Uint8Array(this.arena.handle.buffers[number])
  }

  private within(address: number): number {
    return address - Math.floor(address / this.bufferBytes) * this.bufferBytes
  }

  private append(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { control } = this
    const length = end - start
    const code = control[COUNT]
    if (length >= STRING_BYTES_MAX) return -1
    if (!this.ensureSlots(code) || !this.ensureEntry(code)) return -1
    const address = this.room(length)
    if (address < 0) return -1
    copyBytes(bytes, start, this.bufferOf(address), this.within(address), length)
    const at = this.entryOf(code)
    const chunk = this.chunkOf(code)
    chunk[at] = address % 4294967296
    chunk[at + 1] = (Math.floor(address / 4294967296) << 24) | length
    insertSlot(this.slots, this.mask, hash, code)
    Atomics.store(control, COUNT, code + 1)
    return code
  }

  /** Allocates on the dictionary's account; 0: budget or arena is full. */
  private own(bytes: number): number {
    const { control } = this
    if (this.usedBytes + bytes > this.budgetBytes || control[OWNED_COUNT] >= OWNED_MAX) return 0
    const address = this.arena.allocate(bytes)
    if (address === 0) return 0
    const at = OWNED + 2 * control[OWNED_COUNT]
    control[at] = address / ADDRESS_UNIT
    control[at + 1] = bytes
    control[OWNED_COUNT]++
    control[BYTES] += bytes
    return address
  }

  /** Room for one more than `count`. Under the lock. */
  private ensureSlots(count: number): boolean {
    const { control, arena } = this
    const capacity = this.slots.length
    if (count * 2 < capacity) return true
    const bigger = capacity * (capacity < SLOTS_MANY ? 4 : 2)
    if (this.usedBytes + (bigger - capacity) * 4 > this.budgetBytes) return false
    const address = arena.allocate(bigger * 4)
    if (address === 0) return false
    const slots = arena.i32(address, bigger)
    slots.fill(0)
    this.moveSlots(slots)
    this.slots = slots
    this.mask = bigger - 1
    Atomics.store(control, SLOTS_MASK, 0)
    Atomics.store(control, SLOTS, address / ADDRESS_UNIT)
    Atomics.store(control, SLOTS_MASK, this.mask)
    arena.free((control[OWNED] >>> 0) * ADDRESS_UNIT, capacity * 4)
    control[OWNED] = address / ADDRESS_UNIT
    control[OWNED + 1] = bigger * 4
    control[BYTES] += (bigger - capacity) * 4
    return true
  }

  private moveSlots(larger: Int32Array): void {
    const { slots, mask } = this
    for (let slot = 0; slot <= mask; slot++) {
      const held = slots[slot]
      if (held === 0) continue
      const code = (held & mask) - 1
      const distance = held >>> DISTANCE_SHIFT
      const hash = distance === DISTANCE_MAX ? this.hashOf(code) : held & HASH_BITS & ~mask | (slot - distance) & mask
      insertSlot(larger, larger.length - 1, hash, code)
    }
  }

  private hashOf(code: number): number {
    const at = this.entryOf(code)
    const chunk = this.chunkOf(code)
    const address = (chunk[at + 1] >>> 24) * 4294967296 + chunk[at]
    const start = this.within(address)
    return hashBytes(this.bufferOf(address), start, start + (chunk[at + 1] & 0xffffff))
  }

  private ensureEntry(code: number): boolean {
    const k = 31 - Math.clz32((code >>> ENTRY_SHIFT) + 1)
    if (this.control[ENTRIES + k] !== 0) return true
    const address = this.own(8 << (ENTRY_SHIFT + k))
    if (address === 0) return false
    this.control[ENTRIES + k] = address / ADDRESS_UNIT
    return true
  }

  /** Address of `length` bytes in the byte chunk in use; -1: full. */
  private room(length: number): number {
    const { control } = this
    if (control[CHUNK_USED] + length > control[CHUNK_BYTES]) {
      const next = Math.min(BYTES_MAX, Math.max(BYTES_FIRST, control[CHUNK_BYTES] * 2))
      const bytes = Math.max(next, length)
      const address = this.own(bytes)
      if (address === 0) return -1
      control[CHUNK_AT] = address / ADDRESS_UNIT
      control[CHUNK_BYTES] = bytes
      control[CHUNK_USED] = 0
    }
    const address = (control[CHUNK_AT] >>> 0) * ADDRESS_UNIT + control[CHUNK_USED]
    control[CHUNK_USED] += length
    return address
  }
}

/** Words at any place, the last over the one before: half the time of bytes, and set() costs more than most strings are long. */
function copyShort(source: DataView, from: number, target: DataView, to: number, length: number): void {
  if (length < 4) {
    for (let i = 0; i < length; i++) target.setUint8(to + i, source.getUint8(from + i))
    return
  }
  const last = length - 4
  for (let at = 0; at < last; at += 4) target.setUint32(to + at, source.getUint32(from + at, true), true)
  target.setUint32(to + last, source.getUint32(from + last, true), true)
}

function insertSlot(slots: Int32Array, mask: number, hash: number, code: number): void {
  let slot = hash & mask
  let distance = 0
  for (; slots[slot] !== 0; distance++) slot = (slot + 1) & mask
  slots[slot] = Math.min(distance, DISTANCE_MAX) << DISTANCE_SHIFT | hash & HASH_BITS & ~mask | code + 1
}
