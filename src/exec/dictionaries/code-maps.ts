// The directory of the maps of one shared dictionary: from the local codes of a row set to the column's;
// and, where a row set has no local codes, the column's codes of all rows of a block.
// Every new memory part brings one, so looking one up must not cost more the longer the server runs.
//
//   in the dictionary's control: heads of 256 chains | live maps | oldest and youngest spare entry
//   entry: | label hash * 2 | map address / 8 | size | second of last use | next in chain | next spare | bytes |
//
// Invariants: a chain is changed under the dictionary's lock and walked without it. An entry is never
// freed while its dictionary lives, because other threads write their last use to it; it is used again
// KEEP_SECONDS after it left its chain, when nobody walks over it any more.

import type { Arena } from '../../../storage/arena/arena.ts'
import { lockWord, unlockWord } from '../../../storage/arena/word-lock.ts'
import { ADDRESS_UNIT, MAP_BYTES, MAP_CHAINS, MAPS } from './string-table.ts'

export const KEEP_SECONDS = 300

const LIVE = MAPS + MAP_CHAINS
const SPARE_FIRST = LIVE + 1
const SPARE_LAST = LIVE + 2

const ENTRY_BYTES = 32
const ADDRESS = 2
const SIZE = 3
const LAST_USE = 4
const NEXT = 5
const NEXT_SPARE = 6
const BYTES = 7

/** Live maps of one column above which those of row sets that are gone are looked for ... */
const LIVE_MAX = 1024
/** ... after so many new ones. */
const PRUNE_EVERY = 256

/** The second before which nothing can be in use any more. */
export type KeptSince = () => number

export const seconds = (): number => Math.floor(Date.now() / 1000)

export const mapBytes = (size: number): number => Math.max(8, size * 4)

/** Two independent hashes of a label: 64 bits tell the row sets of a table apart. */
export type LabelHashes = readonly [number, number]

/** A map as its thread remembers it. */
export type MapEntry = { readonly hashes: LabelHashes; readonly words: Int32Array; readonly at: number; readonly bytes: number }

export function labelHashes(label: string): LabelHashes {
  let one = 0x811c9dc5
  let two = 0x9e3779b9
  for (let i = 0; i < label.length; i++) {
    const code = label.charCodeAt(i)
    one = Math.imul(one ^ code, 0x01000193)
    two = Math.imul(two + code, 0x85ebca6b) ^ (two >>> 15)
  }
  return [one | 0, two | 0]
}

/** The directory of the dictionary whose control block it is. */
export class CodeMaps {
  private readonly arena: Arena
  private readonly control: Int32Array
  private readonly keptSince: KeptSince

  constructor(arena: Arena, control: Int32Array, keptSince: KeptSince = () => seconds() - KEEP_SECONDS) {
    this.arena = arena
    this.control = control
    this.keptSince = keptSince
  }

  /** Maps that are kept, and their bytes. */
  get live(): number { return this.control[LIVE] }
  get bytes(): number { return Atomics.load(this.control, MAP_BYTES) }

  /** True where a remembered map still lives; it was used just now. */
  isLive({ hashes, words, at }: MapEntry): boolean {
    // Stamp first, then look whether it still lives: the pruner does it the other way round.
    Atomics.store(words, LAST_USE, seconds())
    return Atomics.load(words, ADDRESS) === at && words[0] === hashes[0] && words[1] === hashes[1]
  }

  /** The map of a row set if some thread has made it already. */
  find(hashes: LabelHashes, size: number): MapEntry | null {
    for (let next = Atomics.load(this.control, chainOf(hashes)); next !== 0;) {
      const words = this.entryAt(next)
      if (words[0] === hashes[0] && words[1] === hashes[1] && words[SIZE] === size) {
        Atomics.store(words, LAST_USE, seconds())
        const at = Atomics.load(words, ADDRESS)
        if (at !== 0) return { hashes, words, at, bytes: words[BYTES] }
      }
      next = words[NEXT]
    }
    return null
  }

  /** Enters a map of so many bytes that lies at `address`; null: the arena is full. */
  add(hashes: LabelHashes, size: number, address: number, bytes = mapBytes(size)): MapEntry | null {
    const { control } = this
    lockWord(control, 0, 'shared dictionary')
    try {
      const cell = this.takeSpare() || this.arena.allocate(ENTRY_BYTES) / ADDRESS_UNIT
      if (cell === 0) return null
      const words = this.entryAt(cell)
      const at = address / ADDRESS_UNIT | 0
      const chain = chainOf(hashes)
      words.set([hashes[0], hashes[1], 0, size, seconds(), control[chain], 0, bytes])
      Atomics.store(words, ADDRESS, at)
      Atomics.store(control, chain, cell)
      control[MAP_BYTES] += bytes
      if (++control[LIVE] > LIVE_MAX && control[LIVE] % PRUNE_EVERY === 0) this.prune()
      return { hashes, words, at, bytes }
    } finally {
      unlockWord(control, 0)
    }
  }

  /** Frees maps and entries; nobody may use them afterwards, in any thread. */
  freeAll(): void {
    const { control, arena } = this
    for (let chain = MAPS; chain < MAPS + MAP_CHAINS; chain++) {
      for (let next = control[chain]; next !== 0;) {
        const words = this.entryAt(next)
        arena.free((words[ADDRESS] >>> 0) * ADDRESS_UNIT, words[BYTES])
        const cell = next
        next = words[NEXT]
        arena.free((cell >>> 0) * ADDRESS_UNIT, ENTRY_BYTES)
      }
    }
    for (let next = control[SPARE_FIRST]; next !== 0;) {
      const cell = next
      next = this.entryAt(next)[NEXT_SPARE]
      arena.free((cell >>> 0) * ADDRESS_UNIT, ENTRY_BYTES)
    }
  }

  private entryAt(cell: number): Int32Array {
    return this.arena.i32((cell >>> 0) * ADDRESS_UNIT, ENTRY_BYTES / 4)
  }

  /** Frees maps that no query has used for long. */
  private prune(): void {
    const { control } = this
    const oldest = this.keptSince()
    for (let chain = MAPS; chain < MAPS + MAP_CHAINS; chain++) {
      let before: Int32Array | null = null
      for (let next = control[chain]; next !== 0;) {
        const cell = next
        const words = this.entryAt(cell)
        next = words[NEXT]
        if (!this.dropUnused(words, oldest)) {
          before = words
          continue
        }
        if (before === null) Atomics.store(control, chain, next)
        else Atomics.store(before, NEXT, next)
        control[LIVE]--
        this.addSpare(cell, words)
      }
    }
  }

  private dropUnused(words: Int32Array, oldest: number): boolean {
    if (Atomics.load(words, LAST_USE) > oldest) return false
    const at = Atomics.exchange(words, ADDRESS, 0)
    if (Atomics.load(words, LAST_USE) > oldest) {
      Atomics.store(words, ADDRESS, at)
      return false
    }
    this.arena.free((at >>> 0) * ADDRESS_UNIT, words[BYTES])
    this.control[MAP_BYTES] -= words[BYTES]
    return true
  }

  private addSpare(cell: number, words: Int32Array): void {
    const { control } = this
    words[LAST_USE] = seconds()
    words[NEXT_SPARE] = 0
    if (control[SPARE_LAST] === 0) control[SPARE_FIRST] = cell
    else this.entryAt(control[SPARE_LAST])[NEXT_SPARE] = cell
    control[SPARE_LAST] = cell
  }

  /** The entry that left its chain first, once nobody can look at it; 0: there is none. */
  private takeSpare(): number {
    const { control } = this
    const cell = control[SPARE_FIRST]
    if (cell === 0) return 0
    const words = this.entryAt(cell)
    if (Atomics.load(words, LAST_USE) > this.keptSince()) return 0
    control[SPARE_FIRST] = words[NEXT_SPARE]
    if (control[SPARE_FIRST] === 0) control[SPARE_LAST] = 0
    return cell
  }
}

const chainOf = ([one, two]: LabelHashes): number => MAPS + ((one ^ (two >>> 8)) & (MAP_CHAINS - 1))
