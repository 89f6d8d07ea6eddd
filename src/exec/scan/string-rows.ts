// Where the rows of each string of a column lie, over all row sets of a list: one look instead of one in the
// dictionary and the postings of each row set, which wait for memory each. Learnt in small steps, some blocks a
// question, once a list has been asked so often that it pays: a list lives until rows come. Strings of dictionaries
// that no query has entered so far are entered before, those of one row set a question.
//
//   ends     of each code of the table's dictionary, where its rows end in `places`
//   places   row numbers, counted over all row sets that take part: by code, then ascending
//
// Invariant: of a row set that takes part, all rows of a string are there, deleted ones too; of others nothing is known.

import { threadId } from 'node:worker_threads'
import type { Vector } from '../../../storage/column/vector.ts'
import { BLOCK_ROWS_MAX } from '../../../storage/column/vector.ts'
import { MemoryAccount, MemoryLimitExceeded } from '../../../storage/kernels/work-memory.ts'
import type { CodeMap, ColumnReader, RowSet } from '../../../storage/part/row-set.ts'
import { perPlan } from '../runtime/per-plan.ts'
import { BesideRows, NO_STRING, type Places } from './beside-rows.ts'
import type { KnownRows } from './scan-row-set.ts'
import type { SharedDictionaries } from '../dictionaries/shared-dictionary.ts'
import type { SharedDictionary } from '../dictionaries/string-table.ts'

/** Rows are learnt after so many questions, and one more for so many of them: by then they have paid. */
const ASKED_MIN = 64
const ROWS_AN_ASK = 4096
/** And for so many strings that have to be entered, some 50 µs each time. */
const STRINGS_AN_ASK = 256
/** 8 MiB a worker and column at most, and half of it for the strings. */
const ROWS_MAX = 2 ** 21
const STRINGS_MAX = 2 ** 20
/** Strings of one row set that a question enters at most: some 10 ms. */
const ENTERED_MAX = 2 ** 15
/** Blocks that are read for one question: some tenths of a millisecond. */
const BLOCKS_A_STEP = 4
/** Row sets without a dictionary take part up to so many rows: each string is looked up. */
const PLAIN_ROWS_MAX = 2048
/** Times that learning begins anew, with a row set less: each has its cost. */
const BEGUN_MAX = 8
/** Questions that may lack the memory to look at a block: others of the same list may have it. */
const REFUSED_MAX = 64

const NO_ROWS = new Uint32Array(0)
const NONE: KnownRows = { rows: NO_ROWS, place: 0 }
/** The answer while nothing is known of any row set. */
export const NO_LIST: readonly null[] = []

/** What is asked of: row sets with their readers of the column. */
export type Listed = {
  readonly list: readonly RowSet[]; readonly readers: readonly (ColumnReader | null)[]
  readonly dictionary: SharedDictionary; readonly dictionaries: SharedDictionaries
}

class StringRows {
  readonly dictionary: SharedDictionary
  private asked = 0
  /** Questions from which on it is looked at again whether learning pays. */
  private wanted = ASKED_MIN
  /** Row sets whose strings have turned out not to be known. */
  private readonly unknown = new Set<number>()
  private begun = 0
  private refused = 0
  private phase: 'wait' | 'count' | 'place' | 'done' | 'never' = 'wait'
  /** The block that is next. */
  private rowSet = 0
  private block = 0
  /** The first number of each row set's rows, and behind the last; those that take no part have no numbers. */
  private readonly bases: Uint32Array
  private ends = NO_ROWS
  private places = NO_ROWS
  private readonly beside = new BesideRows()

  constructor({ list, dictionary }: Listed) {
    this.dictionary = dictionary
    this.bases = new Uint32Array(list.length + 1)
  }

  /** By row set the rows that have a string, fresh and ascending; null: not known of that one. No list: of none. */
  ask(value: Uint8Array, listed: Listed, scratch: MemoryAccount): readonly (KnownRows | null)[] {
    if (this.phase === 'done') {
      if (this.beside.isDue(this.places.length)) this.learnBeside(listed, scratch)
      return this.found(listed.dictionary.find(value), listed.list.length)
    }
    if (this.phase !== 'never') this.learn(listed, scratch)
    return NO_LIST
  }

  /** What is known of other columns in the order of `places`; null: no rows are known. */
  get known(): BesideRows | null { return this.phase === 'done' ? this.beside : null }

  private learnBeside(listed: Listed, scratch: MemoryAccount): void {
    const own = besides(scratch)
    this.beside.learn(this.placesOf(listed, own), listed.list, listed.dictionaries, own)
    own.releaseAll()
  }

  private placesOf(listed: Listed, scratch: MemoryAccount): Places {
    const { ends, bases, places: { length: rowCount } } = this
    return {
      ends, rowCount,
      takesPart: (rowSet) => bases[rowSet] < bases[rowSet + 1],
      stringsOf: (rowSet, block) => this.stringsOf(rowSet, block, listed, scratch),
    }
  }

  private found(code: number, count: number): readonly (KnownRows | null)[] {
    const { ends, places, bases } = this
    // A string that came later is in none of these row sets.
    const isKnown = code >= 0 && code < ends.length
    let at = isKnown && code > 0 ? ends[code - 1] : 0
    const end = isKnown ? ends[code] : 0
    const rows: (KnownRows | null)[] = []
    for (let index = 0; index < count; index++) {
      const base = bases[index]
      const next = bases[index + 1]
      if (base === next) {
        rows.push(null)
        continue
      }
      const from = at
      while (at < end && places[at] < next) at++
      rows.push(at === from ? NONE : { rows: rowsFrom(base, places, from, at), place: from })
    }
    return rows
  }

  private learn(listed: Listed, scratch: MemoryAccount): void {
    this.asked++
    if (this.phase === 'wait') {
      this.begin(listed)
      return
    }
    const own = besides(scratch)
    try {
      this.step(listed, own)
    } catch (error) {
      // What failed to be read has changed nothing. A question without the memory leaves the block to the next ones;
      // one that is damaged leaves its row set out: who reads it will say so.
      if (!(error instanceof MemoryLimitExceeded) || ++this.refused % REFUSED_MAX === 0) this.leaveOut(this.rowSet)
    } finally {
      own.releaseAll()
    }
  }

  /** A row set's strings are not all known, or cannot be read: the others begin anew. */
  private leaveOut(rowSet: number): void {
    this.unknown.add(rowSet)
    this.rowSet = 0
    this.block = 0
    this.wanted = this.asked
    this.phase = 'wait'
  }

  private stop(): void {
    this.phase = 'never'
    this.ends = NO_ROWS
    this.places = NO_ROWS
  }

  /** Says who takes part, once that is worth its while and all strings of dictionaries have codes. */
  private begin(listed: Listed): void {
    const { list, readers, dictionary, dictionaries } = listed
    if (this.asked < this.wanted) return
    this.wanted = this.asked * 2
    let rows = 0
    let strings = 0
    let unmapped = -1
    for (let index = 0; index < list.length; index++) {
      this.bases[index] = rows
      const reader = readers[index]
      if (reader === null || this.unknown.has(index)) continue
      if (reader.distinctCount < 0 && list[index].rowCount > PLAIN_ROWS_MAX) continue
      if (reader.distinctCount >= 0 && dictionaries.known(dictionary, list[index].label, reader) === null) {
        if (reader.distinctCount > ENTERED_MAX) return
        strings += reader.distinctCount
        // From either end: two threads are to enter different ones.
        if (unmapped < 0 || threadId % 2 === 0) unmapped = index
      }
      rows += list[index].rowCount
    }
    this.bases[list.length] = rows
    // Its size is asked for now: another thread may have entered strings of these maps just before.
    const { size } = dictionary
    const paid = ASKED_MIN + rows / ROWS_AN_ASK + strings / STRINGS_AN_ASK
    if (this.asked < paid) {
      this.wanted = paid
      return
    }
    if (rows === 0 || rows > ROWS_MAX || size > STRINGS_MAX) return this.stop()
    if (unmapped >= 0) {
      // Where there is no room for them it is tried again, as where others are to enter them.
      if (size + strings <= STRINGS_MAX && this.enter(unmapped, listed)) this.wanted = this.asked + 1
      return
    }
    if (++this.begun > BEGUN_MAX) return this.stop()
    this.ends = new Uint32Array(size)
    this.places = new Uint32Array(rows)
    this.phase = 'count'
  }

  /** Gives the strings of a row set codes, or leaves it out where they cannot be read; false: there is no room for them. */
  private enter(index: number, { list, readers, dictionary, dictionaries }: Listed): boolean {
    const reader = readers[index]
    if (reader === null) return false
    try {
      return dictionaries.mapLocal(dictionary, list[index].label, reader) !== null
    } catch {
      this.unknown.add(index)
      return true
    }
  }

  /** The next blocks: rows of each string are counted first, then entered. */
  private step(listed: Listed, scratch: MemoryAccount): void {
    for (let blocks = 0; blocks < BLOCKS_A_STEP; blocks++) {
      while (this.rowSet < listed.list.length && this.isOver(listed.list[this.rowSet])) {
        this.rowSet++
        this.block = 0
      }
      if (this.rowSet === listed.list.length) return this.endPhase()
      this.read(listed, scratch)
      if (this.phase !== 'count' && this.phase !== 'place') return
      this.block++
    }
  }

  private isOver({ blockCount }: RowSet): boolean {
    return this.block >= blockCount || this.bases[this.rowSet] === this.bases[this.rowSet + 1]
  }

  private endPhase(): void {
    const { ends } = this
    this.rowSet = 0
    this.block = 0
    if (this.phase === 'place') {
      this.phase = 'done'
      return
    }
    this.phase = 'place'
    // What is a string's number of rows becomes where they begin; as they are entered it moves to their end.
    let start = 0
    for (let code = 0; code < ends.length; code++) {
      const rows = ends[code]
      ends[code] = start
      start += rows
    }
  }

  /** The code of each row of a block; null: of some there is none. */
  private stringsOf(index: number, block: number, { list, readers, dictionary, dictionaries }: Listed, scratch: MemoryAccount): Uint32Array | null {
    const reader = readers[index]
    if (reader === null) return null
    const map = reader.distinctCount < 0 ? null : dictionaries.known(dictionary, list[index].label, reader)
    return reader.distinctCount >= 0 && map === null ? null
      : codesOf(reader.decode(block, scratch, map), map, dictionary, this.ends.length)
  }

  private read(listed: Listed, scratch: MemoryAccount): void {
    const { rowSet: index, block } = this
    const codes = this.stringsOf(index, block, listed, scratch)
    if (codes === null) return this.leaveOut(index)
    const { ends, places } = this
    const base = this.bases[index] + block * BLOCK_ROWS_MAX
    for (let row = 0; row < codes.length; row++) {
      const code = codes[row]
      if (code === NO_STRING) continue // no string is equal to it
      if (this.phase === 'place') places[ends[code]] = base + row
      ends[code]++
    }
  }
}

/** Memory of its own: the question is to find as much as if nothing had been learnt by it. */
const besides = ({ work, limitBytes, usedBytes, workBytesMax }: MemoryAccount): MemoryAccount =>
  new MemoryAccount(work, limitBytes - usedBytes, workBytesMax)

/** The numbers of rows in their own row set, whose first is `base` among those of all. */
function rowsFrom(base: number, places: Uint32Array, from: number, to: number): Uint32Array {
  const rows = new Uint32Array(to - from)
  for (let i = from; i < to; i++) rows[i - from] = places[i] - base
  return rows
}

/** The code of each row, below `size`; null: some string has none. */
function codesOf(vector: Vector, map: CodeMap | null, dictionary: SharedDictionary, size: number): Uint32Array | null {
  const { nulls, length } = vector
  if (vector.isConst) return null
  const isNull = (row: number): boolean => nulls !== null && nulls[row] === 1
  const codes = new Uint32Array(length)
  if (vector.kind === 'codes' && map !== null) {
    for (let row = 0; row < length; row++) {
      const code = isNull(row) ? NO_STRING : vector.codes[row]
      if (code >= size && code !== NO_STRING) return null
      codes[row] = code
    }
    return codes
  }
  if (vector.kind !== 'bytes') return null
  const { offsets, bytes } = vector
  for (let row = 0; row < length; row++) {
    const code = isNull(row) ? NO_STRING : dictionary.find(bytes.subarray(offsets[row], offsets[row + 1]))
    if (code < 0 || (code >= size && code !== NO_STRING)) return null
    codes[row] = code
  }
  return codes
}

const known = perPlan((_list: readonly RowSet[]) => new Map<number, StringRows>())

/** By row set of the list the rows that have a string in a column, as far as they are known. */
export function rowsWith(value: Uint8Array, columnId: number, listed: Listed, scratch: MemoryAccount): readonly (KnownRows | null)[] {
  const columns = known(listed.list)
  let rows = columns.get(columnId)
  if (rows?.dictionary !== listed.dictionary) columns.set(columnId, rows = new StringRows(listed))
  return rows.ask(value, listed, scratch)
}

/** What is known of other columns beside the rows of each string of a column; null: rows are not known. */
export const besideOf = (list: readonly RowSet[], columnId: number): BesideRows | null => known(list).get(columnId)?.known ?? null
