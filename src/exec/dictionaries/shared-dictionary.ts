// All table-wide dictionaries, and the maps from the local codes of each row set to them (code-maps.ts).
// Blocks of strings that have no local codes have their shared codes kept instead, row by row.
// Everything lies in the cache arena, so a string is entered, and a row set mapped, once for all threads.
//
//   directory (i32): | lock | next id | count | retired count | second of the oldest long query, 0: none |
//                    | entries: table, column, control, id | retired: control, second |
//
// Invariant: what a running query can hold is not freed: retired dictionaries and unused maps go only
// KEEP_SECONDS after their last use, which is longer than a query may run, and not while a query runs
// that began before it and may run longer (copies, feeds of views).

import type { Arena } from '../../../storage/arena/arena.ts'
import { lockWord, unlockWord } from '../../../storage/arena/word-lock.ts'
import { expandedBytes } from '../../../storage/part/dictionary.ts'
import type { CodeMap, ColumnReader, RowSet } from '../../../storage/part/row-set.ts'
import type { EvalContext } from '../../functions/values/function.ts'
import { CodeMaps, KEEP_SECONDS, labelHashes, mapBytes, seconds, type MapEntry } from './code-maps.ts'
import { packCodes } from './kept-codes.ts'
import { ListMaps } from './list-maps.ts'
import {
  ADDRESS_UNIT, BYTES, CONTROL_BYTES, DEAD, hashBytes, LAST_USE, MAP_BYTES, REFUSED_AT, SharedDictionary,
} from './string-table.ts'

const LOCK = 0
const NEXT_ID = 1
const COUNT = 2
const RETIRED = 3
const LONG_SINCE = 4
const ENTRIES = 5
const ENTRY_WORDS = 4
const ENTRIES_MAX = 8192
const RETIRED_AT = ENTRIES + ENTRIES_MAX * ENTRY_WORDS
const RETIRED_MAX = 4096
const DIRECTORY_BYTES = (RETIRED_AT + RETIRED_MAX * 2) * 4

/** A column that was too large is looked at again after this time. */
const RETRY_SECONDS = 30
/** A dictionary of so few bytes is expanded in the thread's own memory. */
const SMALL_DICTIONARY_BYTES = 64 * 1024
/** Dictionaries of joint keys, in all tables, their share of the budget, and how long an unused one keeps
 * its place from others. */
const JOINT_MAX = 64
const JOINT_SHARE = 1 / 2
const JOINT_SECONDS = 60
/** Rows to read, and bits of their keys, from which on joint keys are worth a code: fewer bits are found by
 * themselves (group-table.ts). */
const JOINT_ROWS_MIN = 32768
const JOINT_BITS_MIN = 17

/** What crosses to a worker. */
export type SharedDictionariesHandle = { readonly address: number; readonly budgetBytes: number }

/** Makes the empty directory; `budgetBytes` bounds each dictionary (a column beyond it is worked on
 * as bytes). Called once, on the main thread. */
export function createSharedDictionaries(
  arena: Arena, budgetBytes = Math.min(512 * 2 ** 20, arena.budgetBytes / 3),
): SharedDictionariesHandle {
  const address = arena.allocate(DIRECTORY_BYTES)
  if (address === 0) throw new Error('shared dictionaries: the cache arena is too small')
  arena.i32(address, DIRECTORY_BYTES / 4).fill(0)
  return { address, budgetBytes }
}

/** Queries that may run longer than what they use is kept. */
export const isLong = (ms: number): boolean => ms > (KEEP_SECONDS - 20) * 1000

/** Says since when the oldest of the long queries runs; called on the main thread before it begins. */
export function noteLongQueries(
  arena: Arena, { address }: SharedDictionariesHandle, startsMs: readonly number[],
): void {
  const since = startsMs.length === 0 ? 0 : Math.floor(Math.min(...startsMs) / 1000)
  Atomics.store(arena.i32(address, ENTRIES), LONG_SINCE, since)
}

/** A map of which it was said in second `stamped` that it is in use. */
type KnownMap = { readonly map: CodeMap; readonly entry: MapEntry; stamped: number }
/** How often it is said again: a point query looks at hundreds of maps. */
const STAMP_SECONDS = 5
/** Codes of the blocks of a column, as far as this thread has met them. */
type KnownBlocks = { readonly dictionary: SharedDictionary; readonly entries: (MapEntry | undefined)[] }

/** The dictionaries as one thread sees them. */
export class SharedDictionaries {
  private readonly arena: Arena
  private readonly handle: SharedDictionariesHandle
  private readonly hidden: ReadonlySet<number>
  private readonly budgetBytes: number
  private readonly directory: Int32Array
  /** By table and column: a query asks for one a column, and a text for both costs more than two looks. */
  private readonly opened = new Map<number, Map<number, SharedDictionary>>()
  private readonly openedById = new Map<number, SharedDictionary>()
  private readonly maps = new WeakMap<ColumnReader, KnownMap>()
  /** Where small dictionaries of row sets are expanded, each for as long as it is entered. */
  private expanded = new Uint8Array(0)
  private readonly blocks = new WeakMap<object, KnownBlocks>()
  readonly lists = new ListMaps()
  /** Bytes that joint keys may still take, as joint() found last. */
  jointRoomBytes = 0
  /** From where on joint keys are used; tests have fewer rows. */
  jointFrom = { rowsMin: JOINT_ROWS_MIN, bitsMin: JOINT_BITS_MIN, idleSeconds: JOINT_SECONDS }

  /** `hidden`: tables whose strings are not entered, because their rows are passing by. */
  constructor(
    arena: Arena, handle: SharedDictionariesHandle, hidden: ReadonlySet<number> = new Set(),
  ) {
    this.arena = arena
    this.hidden = hidden
    this.handle = handle
    this.budgetBytes = handle.budgetBytes
    this.directory = arena.i32(handle.address, DIRECTORY_BYTES / 4)
  }

  /** The same dictionaries for a query that sees passing rows of these tables. */
  without(tableIds: ReadonlySet<number>): SharedDictionaries {
    return new SharedDictionaries(this.arena, this.handle, tableIds)
  }

  /** The dictionary of a column, made when there is none; null: the arena or the directory is full. */
  of(tableId: number, columnId: number): SharedDictionary | null { return this.opening(tableId, columnId, true) }

  private opening(tableId: number, columnId: number, isMade: boolean): SharedDictionary | null {
    if (this.hidden.has(tableId)) return null
    const known = this.opened.get(tableId)?.get(columnId)
    if (known !== undefined && Atomics.load(known.control, DEAD) === 0) return known
    if (known !== undefined) this.forget(columnId, known)
    lockWord(this.directory, LOCK, 'shared dictionaries')
    try {
      const at = this.findEntry(tableId, columnId) || (isMade ? this.addEntry(tableId, columnId) : 0)
      if (at === 0) return null
      const address = (this.directory[at + 2] >>> 0) * ADDRESS_UNIT
      const made = new SharedDictionary(this.arena, address, this.directory[at + 3], this.budgetBytes)
      this.columnsOf(tableId).set(columnId, made)
      this.openedById.set(made.id, made)
      return made
    } finally {
      unlockWord(this.directory, LOCK)
    }
  }

  /** The dictionary of a column where there is one. */
  existing(tableId: number, columnId: number): SharedDictionary | null { return this.opening(tableId, columnId, false) }

  /** The dictionary of what several columns of a table hold together, made when there is none
   * (joint-keys.ts). `signature`: its first string. null: there is no room for it. */
  joint(tableId: number, signature: Uint8Array): SharedDictionary | null {
    const columnId = -1 - (hashBytes(signature, 0, signature.length) >>> 1)
    let made = this.jointRoom(tableId, columnId) ? this.of(tableId, columnId) : null
    if (made === null) return null
    if (made.size > 0 && !made.isOf(signature)) {
      // Of columns whose dictionaries are gone, or another signature with this hash.
      this.locked(() => this.retire((at) => this.directory[at] === tableId && this.directory[at + 1] === columnId))
      made = this.of(tableId, columnId)
    }
    if (made === null || (made.size === 0 && this.enter(made, signature) < 0) || !made.isOf(signature)) return null
    Atomics.store(made.control, LAST_USE, seconds())
    return made
  }

  /** What all joint keys together may take. */
  get jointBudgetBytes(): number { return this.budgetBytes * JOINT_SHARE }

  /** Makes room among joint keys for those of `columnId`, if need be; false: all are in use. */
  private jointRoom(tableId: number, columnId: number): boolean {
    const { directory } = this
    return this.locked(() => {
      let [bytes, count, oldest, isKnown] = [0, 1, 0, false]
      let since = seconds() - this.jointFrom.idleSeconds
      for (let i = 0; i < directory[COUNT]; i++) {
        const at = ENTRIES + i * ENTRY_WORDS
        if (directory[at + 1] >= 0) continue
        const control = this.controlOf(at)
        bytes += (control[BYTES] >>> 0) + control[MAP_BYTES]
        if (directory[at] === tableId && directory[at + 1] === columnId) isKnown = true
        else {
          count++
          if (control[LAST_USE] > since) continue
          since = control[LAST_USE]
          oldest = at
        }
      }
      this.jointRoomBytes = this.jointBudgetBytes - bytes
      if (count <= JOINT_MAX && this.jointRoomBytes > 0) return true
      if (oldest !== 0) this.retire((at) => at === oldest)
      return isKnown || oldest !== 0
    })
  }

  private controlOf(at: number): Int32Array {
    return this.arena.i32((this.directory[at + 2] >>> 0) * ADDRESS_UNIT, CONTROL_BYTES / 4)
  }

  /** A dictionary by its number, which is the same in all threads; null: it is gone. */
  byId(id: number): SharedDictionary | null {
    const known = this.openedById.get(id)
    if (known !== undefined) return known
    const { directory } = this
    for (let i = 0; i < directory[COUNT]; i++) {
      const at = ENTRIES + i * ENTRY_WORDS
      if (directory[at + 3] === id) return this.of(directory[at], directory[at + 1])
    }
    return null
  }

  /** The map of a row set's column if some thread has made it already. `label` names the row set. Nobody needs
   * its dictionary for that. */
  known(dictionary: SharedDictionary, label: string, reader: ColumnReader): CodeMap | null {
    const cached = this.maps.get(reader)
    if (cached !== undefined && cached.map.dictionary === dictionary && this.isInUse(dictionary, cached)) {
      return cached.map
    }
    const found = this.mapsOf(dictionary).find(labelHashes(label), reader.distinctCount)
    return found === null ? null : this.remember(dictionary, reader, found)
  }

  /** True where a map still lives; it was used just now. */
  private isInUse(dictionary: SharedDictionary, known: KnownMap): boolean {
    const now = seconds()
    // What was stamped so lately has long to live.
    if (now < known.stamped + STAMP_SECONDS && now >= known.stamped) return true
    known.stamped = now
    return this.mapsOf(dictionary).isLive(known.entry)
  }

  private mapsOf({ control }: SharedDictionary): CodeMaps {
    return new CodeMaps(this.arena, control, () => this.keptSince())
  }

  private keptSince(): number {
    const since = Atomics.load(this.directory, LONG_SINCE)
    const kept = seconds() - KEEP_SECONDS
    return since === 0 ? kept : Math.min(kept, since - 1)
  }

  /** The map from a row set's local codes of a column, which has a dictionary, to the table's, entering strings
   * that are new. null: the column is too large for codes; decode it as bytes. */
  mapLocal(dictionary: SharedDictionary, label: string, reader: ColumnReader): CodeMap | null {
    const known = this.known(dictionary, label, reader)
    if (known !== null) return known
    if (this.isRefused(dictionary)) return null
    const size = reader.distinctCount
    const address = this.arena.allocate(mapBytes(size))
    if (address === 0) return this.refuse(dictionary)
    if (!this.enterAll(dictionary, reader, this.arena.u32(address, size))) {
      this.arena.free(address, mapBytes(size))
      return this.refuse(dictionary)
    }
    const entry = this.mapsOf(dictionary).add(labelHashes(label), size, address)
    if (entry !== null) return this.remember(dictionary, reader, entry)
    this.arena.free(address, mapBytes(size))
    return this.refuse(dictionary)
  }

  /** Codes of all strings of a column's dictionary, which is not kept for them: the shared one has them from now on,
   * and most dictionaries are never read again. */
  private enterAll(dictionary: SharedDictionary, reader: ColumnReader, toShared: Uint32Array): boolean {
    const { distinctCount, dictionaryTextBytes } = reader
    const bytes = expandedBytes(distinctCount, dictionaryTextBytes)
    const address = bytes > SMALL_DICTIONARY_BYTES ? this.arena.allocate(bytes) : 0
    try {
      const place = address === 0 ? this.ownPlace(bytes) : this.arena.bytes(address, bytes)
      reader.expandDictionary(place)
      const offsets = new Uint32Array(place.buffer, place.byteOffset, distinctCount + 1)
      return dictionary.enter(place.subarray(offsets.byteLength), offsets, 0, distinctCount, toShared)
    } finally {
      if (address !== 0) this.arena.free(address, bytes)
    }
  }

  private ownPlace(bytes: number): Uint8Array {
    if (bytes > SMALL_DICTIONARY_BYTES) return new Uint8Array(bytes) // the arena is full
    if (this.expanded.length === 0) this.expanded = new Uint8Array(SMALL_DICTIONARY_BYTES)
    return this.expanded.subarray(0, bytes)
  }

  /** Shared codes of all rows of a block of `owner`, where they were kept (kept-codes.ts): in shared memory. */
  blockCodes(
    dictionary: SharedDictionary, owner: ColumnReader | RowSet, label: string, block: number, rows: number,
  ): Uint8Array | null {
    let known = this.blocks.get(owner)
    if (known?.dictionary !== dictionary) this.blocks.set(owner, known = { dictionary, entries: [] })
    const maps = this.mapsOf(dictionary)
    let entry = known.entries[block]
    if (entry === undefined || !maps.isLive(entry)) {
      const found = maps.find(labelHashes(blockLabel(label, block)), rows)
      if (found === null) return null
      known.entries[block] = entry = found
    }
    return this.arena.bytes((entry.at >>> 0) * ADDRESS_UNIT, entry.bytes)
  }

  /** Keeps what blockCodes() is to answer, where there is room. */
  keepBlockCodes(
    dictionary: SharedDictionary, label: string, block: number, codes: Uint32Array, context: EvalContext): void {
    const maps = this.mapsOf(dictionary)
    const hashes = labelHashes(blockLabel(label, block))
    if (codes.length === 0 || maps.find(hashes, codes.length) !== null) return
    const packed = packCodes(codes, context)
    const address = maps.bytes + packed.length > this.budgetBytes ? 0 : this.arena.allocate(packed.length)
    if (address !== 0) {
      this.arena.bytes(address, packed.length).set(packed)
      if (maps.add(hashes, codes.length, address, packed.length) === null) this.arena.free(address, packed.length)
      else dictionary.addPlainRows(codes.length)
    }
    context.account.free(packed.byteOffset)
  }

  /** The code of one string, entered when it is new; -1: no room. */
  enter(dictionary: SharedDictionary, bytes: Uint8Array): number {
    const found = dictionary.find(bytes)
    if (found >= 0) return found
    const code = new Uint32Array(1)
    const offsets = Uint32Array.of(0, bytes.length)
    return dictionary.enter(bytes, offsets, 0, 1, code) ? code[0] : -1
  }

  /** The table was emptied or dropped: its dictionaries go when no query can be using them. */
  forgetTable(tableId: number): void {
    this.locked(() => this.retire((at) => this.directory[at] === tableId))
    for (const { id } of this.opened.get(tableId)?.values() ?? []) this.openedById.delete(id)
    this.opened.delete(tableId)
  }

  private locked<T>(work: () => T): T {
    lockWord(this.directory, LOCK, 'shared dictionaries')
    try {
      return work()
    } finally {
      unlockWord(this.directory, LOCK)
    }
  }

  /** Retires the dictionaries whose entries (by their place) are wanted. Under the lock. */
  private retire(isWanted: (at: number) => boolean): void {
    const { directory } = this
    for (let i = directory[COUNT] - 1; i >= 0; i--) {
      const at = ENTRIES + i * ENTRY_WORDS
      if (!isWanted(at) || directory[RETIRED] >= RETIRED_MAX) continue
      const retired = RETIRED_AT + 2 * directory[RETIRED]++
      directory[retired] = directory[at + 2]
      directory[retired + 1] = seconds()
      Atomics.store(this.controlOf(at), DEAD, 1)
      const last = ENTRIES + --directory[COUNT] * ENTRY_WORDS
      directory.copyWithin(at, last, last + ENTRY_WORDS)
    }
    this.freeRetired()
  }

  private columnsOf(tableId: number): Map<number, SharedDictionary> {
    let columns = this.opened.get(tableId)
    if (columns === undefined) this.opened.set(tableId, columns = new Map())
    return columns
  }

  private forget(columnId: number, known: SharedDictionary): void {
    this.columnsOf(known.tableId).delete(columnId)
    this.openedById.delete(known.id)
  }

  /** Nothing is entered for a while. */
  refuse(dictionary: SharedDictionary): null {
    Atomics.store(dictionary.control, REFUSED_AT, seconds())
    return null
  }

  isRefused({ control }: SharedDictionary): boolean {
    return control[REFUSED_AT] !== 0 && seconds() < control[REFUSED_AT] + RETRY_SECONDS
  }

  private remember(dictionary: SharedDictionary, reader: ColumnReader, entry: MapEntry): CodeMap {
    const map = { dictionary, toShared: this.arena.u32((entry.at >>> 0) * ADDRESS_UNIT, reader.distinctCount) }
    this.maps.set(reader, { map, entry, stamped: seconds() })
    return map
  }

  private findEntry(tableId: number, columnId: number): number {
    const { directory } = this
    for (let i = 0; i < directory[COUNT]; i++) {
      const at = ENTRIES + i * ENTRY_WORDS
      if (directory[at] === tableId && directory[at + 1] === columnId) return at
    }
    return 0
  }

  private addEntry(tableId: number, columnId: number): number {
    const { directory, arena } = this
    this.freeRetired()
    if (directory[COUNT] >= ENTRIES_MAX) return 0
    const address = arena.allocate(CONTROL_BYTES)
    if (address === 0) return 0
    if (!SharedDictionary.create(arena, address, tableId, columnId)) {
      arena.free(address, CONTROL_BYTES)
      return 0
    }
    const at = ENTRIES + directory[COUNT]++ * ENTRY_WORDS
    directory.set([tableId, columnId, address / ADDRESS_UNIT, ++directory[NEXT_ID]], at)
    return at
  }

  private freeRetired(): void {
    const { directory } = this
    const oldest = this.keptSince()
    for (let i = directory[RETIRED] - 1; i >= 0; i--) {
      const at = RETIRED_AT + 2 * i
      if (directory[at + 1] > oldest) continue
      this.freeDictionary((directory[at] >>> 0) * ADDRESS_UNIT)
      const last = RETIRED_AT + 2 * --directory[RETIRED]
      directory.copyWithin(at, last, last + 2)
    }
  }

  private freeDictionary(address: number): void {
    const dictionary = new SharedDictionary(this.arena, address, -1, this.budgetBytes)
    this.mapsOf(dictionary).freeAll()
    dictionary.freeAll()
  }
}

const blockLabel = (label: string, block: number): string => `${label}, block ${block}`
