// Keys of a table's rows that were stored lately (DEDUPLICATE_BY): a row whose key is here is not stored
// again. A key is 16 bytes: a hash of the value, or the value (src/ingest/row-keys.ts); all zeros: the
// row has none, and is always stored.
//
//   chunks   keys in the order of their commits, 16 bytes each; old ones go from the front
//   runs     [number of the key after the last, sequence, ms] of each transaction
//   shards   256 open-addressing tables by a mixed hash: number of the key + 1, 0: free
//
// Memory: 16 bytes a key and 5 to 16 of index, 24 to 48 a transaction: at most 32 MB for a million keys of
// large inserts, 80 MB where each came alone. A shard grows by itself, so that no insert waits for all.
//
// Keys are claimed first, then confirmed with the sequence of their rows' transaction, or let go of.
// Invariants: at most one claim is open, and keys below `confirmed` are those of durable rows; a shard is
// as if its keys had come in the order of their numbers, so that the last ones can be taken out again.

import { turn } from '../turn.ts'

const KEY_WORDS = 4
export const KEY_BYTES = 16
const CHUNK_KEYS = 8192
/** Rows looked up between two turns of the event loop: some milliseconds. */
const ROWS_A_TURN = 8192
const SHARDS = 256
const SHARD_SLOTS_MIN = 16
/** Slots of a shard that may be taken, by keys and by those that are forgotten. */
const LOAD_MAX = 0.75
/** Fields of a run. */
const [END, SEQUENCE, AT, RUN_FIELDS] = [0, 1, 2, 3]
/** Numbers fit a slot until then: all shards are filled anew. */
const NUMBERS_MAX = 2 ** 32 - 2

/** Keys of one transaction as they are written out. */
export type KeyRun = {
  readonly sequence: number
  readonly atMs: number
  /** 16 bytes a key, in pieces. */
  readonly pieces: readonly Uint8Array[]
}

/** Remembered keys of one table. */
export class RowKeys {
  private chunks: Uint32Array[] = []
  /** Number of the first key in `chunks`: a multiple of CHUNK_KEYS. */
  private base = 0
  private first = 0
  private confirmed = 0
  private end = 0
  private runs = new Float64Array(16 * RUN_FIELDS)
  private firstRun = 0
  private runCount = 0
  /** Slots hold numbers from here on. */
  private origin = 0
  private readonly shards = Array.from({ length: SHARDS }, () => new Uint32Array(SHARD_SLOTS_MIN))
  private readonly taken = new Uint32Array(SHARDS)
  /** Of all shards. */
  private slots = SHARDS * SHARD_SLOTS_MIN

  /** Keys that are remembered. */
  get size(): number { return this.confirmed - this.first }
  /** Of keys, runs and index. */
  get memoryBytes(): number {
    return this.chunks.length * CHUNK_KEYS * KEY_BYTES + this.runs.byteLength
      + this.slots * Uint32Array.BYTES_PER_ELEMENT
  }

  /** Claims the keys of rows [from, to) that are not marked: marks[row] becomes 1 where a row's key is
   * remembered, or was claimed by an earlier row. Answers how many. */
  claim(keys: Uint32Array, from: number, to: number, marks: Uint8Array): number {
    let count = 0
    for (let row = from; row < to; row++) {
      const at = row * KEY_WORDS
      if (marks[row] === 1 || isNone(keys, at)) continue
      if (this.isKnown(keys, at)) {
        marks[row] = 1
        count++
      } else this.append(keys, at)
    }
    return count
  }

  /** As claim(), and claims nothing. */
  find(keys: Uint32Array, from: number, to: number, marks: Uint8Array): number {
    let count = 0
    for (let row = from; row < to; row++) {
      const at = row * KEY_WORDS
      if (marks[row] === 1 || isNone(keys, at) || !this.isKnown(keys, at)) continue
      marks[row] = 1
      count++
    }
    return count
  }

  /** Keys that are claimed. */
  get claimedCount(): number { return this.end - this.confirmed }

  /** The claimed keys, in order: a copy. */
  claimed(): Uint8Array { return Buffer.concat(this.claimedPieces()) }

  /** Views of the claimed keys, in order. */
  claimedPieces(): Uint8Array[] { return this.pieces(this.confirmed, this.end) }

  /** The claimed rows are durable. */
  confirm(sequence: number, atMs: number): void {
    if (this.end === this.confirmed) return
    this.confirmed = this.end
    this.addRun(sequence, atMs)
  }

  /** The claimed rows were refused. */
  letGo(): void {
    while (this.end > this.confirmed) {
      const number = this.end - 1
      const chunk = this.chunks[Math.floor((number - this.base) / CHUNK_KEYS)]
      const hash = hashOf(chunk, (number - this.base) % CHUNK_KEYS * KEY_WORDS)
      const shard = this.shards[hash >>> 24]
      const mask = shard.length - 1
      let slot = hash & mask
      while (shard[slot] !== number - this.origin + 1) slot = (slot + 1) & mask
      shard[slot] = 0
      this.taken[hash >>> 24]--
      this.end = number
    }
    this.chunks.length = Math.min(this.chunks.length, Math.ceil((this.end - this.base) / CHUNK_KEYS))
  }

  /** Takes keys that were written out: runs in the order of their sequences, while no claim is open. A
   * key may come twice. */
  load({ sequence, atMs, pieces }: KeyRun): void {
    for (const piece of pieces) this.take(piece)
    this.confirm(sequence, atMs)
  }

  /** Claims keys that nobody has. */
  take(piece: Uint8Array): void {
    const keys = new Uint32Array(piece.buffer.slice(piece.byteOffset, piece.byteOffset + piece.length))
    for (let at = 0; at < keys.length; at += KEY_WORDS) this.append(keys, at)
  }

  /** Forgets keys of before a time. */
  expire(beforeMs: number): void { this.forgetWhile((run) => this.runs[run + AT] < beforeMs) }

  /** Forgets keys of rows that are gone. */
  truncate(upTo: number): void { this.forgetWhile((run) => this.runs[run + SEQUENCE] <= upTo) }

  /** Runs with a sequence in (after, upTo]; the pieces are views: keys of durable rows never change. */
  written(after: number, upTo: number): KeyRun[] {
    const answer: KeyRun[] = []
    let start = this.first
    for (let index = 0; index < this.runCount; index++) {
      const run = (this.firstRun + index) * RUN_FIELDS
      const [end, sequence, atMs] = this.runs.subarray(run, run + RUN_FIELDS)
      if (sequence > after && sequence <= upTo) answer.push({ sequence, atMs, pieces: this.pieces(start, end) })
      start = end
    }
    return answer
  }

  /** When its last key was stored; 0: there is none. */
  get lastMs(): number {
    return this.runCount === 0 ? 0 : this.runs[(this.firstRun + this.runCount - 1) * RUN_FIELDS + AT]
  }

  private pieces(from: number, to: number): Uint8Array[] {
    const pieces: Uint8Array[] = []
    for (let at = from; at < to;) {
      const inChunk = (at - this.base) % CHUNK_KEYS
      const count = Math.min(to - at, CHUNK_KEYS - inChunk)
      const chunk = this.chunks[Math.floor((at - this.base) / CHUNK_KEYS)]
      pieces.push(new Uint8Array(chunk.buffer, inChunk * KEY_BYTES, count * KEY_BYTES))
      at += count
    }
    return pieces
  }

  private forgetWhile(isOver: (run: number) => boolean): void {
    while (this.runCount > 0 && isOver(this.firstRun * RUN_FIELDS)) {
      this.first = this.runs[this.firstRun * RUN_FIELDS + END]
      this.firstRun++
      this.runCount--
    }
    while (this.chunks.length > 0 && this.base + CHUNK_KEYS <= this.first) {
      this.chunks.shift()
      this.base += CHUNK_KEYS
    }
  }

  private addRun(sequence: number, atMs: number): void {
    if ((this.firstRun + this.runCount + 1) * RUN_FIELDS > this.runs.length) {
      const runs = new Float64Array(Math.max(16, this.runCount * 2) * RUN_FIELDS)
      runs.set(this.runs.subarray(this.firstRun * RUN_FIELDS, (this.firstRun + this.runCount) * RUN_FIELDS))
      this.runs = runs
      this.firstRun = 0
    }
    this.runs.set([this.end, sequence, atMs], (this.firstRun + this.runCount++) * RUN_FIELDS)
  }

  private isKnown(keys: Uint32Array, at: number): boolean {
    const hash = hashOf(keys, at)
    const shard = this.shards[hash >>> 24]
    const mask = shard.length - 1
    for (let slot = hash & mask; shard[slot] !== 0; slot = (slot + 1) & mask) {
      const number = this.origin + shard[slot] - 1
      if (number >= this.first && number < this.end && this.isSame(number, keys, at)) return true
    }
    return false
  }

  private isSame(number: number, keys: Uint32Array, at: number): boolean {
    const chunk = this.chunks[Math.floor((number - this.base) / CHUNK_KEYS)]
    const own = (number - this.base) % CHUNK_KEYS * KEY_WORDS
    return chunk[own] === keys[at] && chunk[own + 1] === keys[at + 1]
      && chunk[own + 2] === keys[at + 2] && chunk[own + 3] === keys[at + 3]
  }

  private append(keys: Uint32Array, at: number): void {
    const number = this.end
    if (number - this.origin >= NUMBERS_MAX) this.renumber()
    const chunkAt = Math.floor((number - this.base) / CHUNK_KEYS)
    if (chunkAt === this.chunks.length) this.chunks.push(new Uint32Array(CHUNK_KEYS * KEY_WORDS))
    const own = (number - this.base) % CHUNK_KEYS * KEY_WORDS
    for (let word = 0; word < KEY_WORDS; word++) this.chunks[chunkAt][own + word] = keys[at + word]
    this.end++
    this.enter(hashOf(keys, at), number)
  }

  private enter(hash: number, number: number): void {
    const index = hash >>> 24
    if (this.taken[index] + 1 > this.shards[index].length * LOAD_MAX) this.refill(index)
    const shard = this.shards[index]
    const mask = shard.length - 1
    let slot = hash & mask
    while (shard[slot] !== 0) slot = (slot + 1) & mask
    shard[slot] = number - this.origin + 1
    this.taken[index]++
  }

  /** A shard without the keys that are forgotten, with room for half as many again. */
  private refill(index: number): void {
    const numbers = this.shards[index].filter((slot) => slot !== 0 && this.isThere(this.origin + slot - 1)).sort()
    const slots = 2 ** Math.ceil(Math.log2(Math.max(SHARD_SLOTS_MIN, (numbers.length + 1) * 1.5 / LOAD_MAX)))
    const shard = new Uint32Array(slots)
    for (const slotValue of numbers) {
      const number = this.origin + slotValue - 1
      const chunk = this.chunks[Math.floor((number - this.base) / CHUNK_KEYS)]
      let slot = hashOf(chunk, (number - this.base) % CHUNK_KEYS * KEY_WORDS) & slots - 1
      while (shard[slot] !== 0) slot = (slot + 1) & slots - 1
      shard[slot] = slotValue
    }
    this.slots += slots - this.shards[index].length
    this.shards[index] = shard
    this.taken[index] = numbers.length
  }

  private isThere(number: number): boolean { return number >= this.first && number < this.end }

  /** Slots count from the first key that is remembered. */
  private renumber(): void {
    this.origin = this.first
    for (let index = 0; index < SHARDS; index++) this.shards[index] = new Uint32Array(SHARD_SLOTS_MIN)
    this.taken.fill(0)
    this.slots = SHARDS * SHARD_SLOTS_MIN
    for (let number = this.first; number < this.end; number++) {
      const chunk = this.chunks[Math.floor((number - this.base) / CHUNK_KEYS)]
      this.enter(hashOf(chunk, (number - this.base) % CHUNK_KEYS * KEY_WORDS), number)
    }
  }
}

const isNone = (keys: Uint32Array, at: number): boolean =>
  (keys[at] | keys[at + 1] | keys[at + 2] | keys[at + 3]) === 0

/** Keys may be plain numbers: their low bits alone would fill one shard. */
function hashOf(keys: Uint32Array, at: number): number {
  let hash = Math.imul(keys[at] ^ Math.imul(keys[at + 1], 0x9e3779b1), 0x85ebca6b)
  hash ^= Math.imul(keys[at + 2], 0xc2b2ae35) ^ Math.imul(keys[at + 3], 0x27d4eb2f)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39)
  return (hash ^ (hash >>> 15)) >>> 0
}

/** Runs `work` over rows in slices, and lets others go on between them; the sum of its answers. */
export async function inSlices(rows: number, work: (from: number, to: number) => number): Promise<number> {
  let sum = 0
  for (let from = 0; from < rows; from += ROWS_A_TURN) {
    if (from > 0) await turn()
    sum += work(from, Math.min(rows, from + ROWS_A_TURN))
  }
  return sum
}
