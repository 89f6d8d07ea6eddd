// Values of other columns in the order in which the rows of each string are known (string-rows.ts), so that those of
// one string lie next to each other: reading them out of the blocks of many row sets waits for memory once a row.
// Learnt in small steps when questions have asked for a column often enough: numbers of 32 bits, and codes of columns
// of few strings.
//
// Invariant: a value stands where its row stands in `places`; of a column that is known all of them are there.

import { storageOf } from '../../../storage/codec/arrays.ts'
import { isNullable, type DataType } from '../../../storage/column/data-type.ts'
import type { Dictionary, Vector } from '../../../storage/column/vector.ts'
import { MemoryLimitExceeded, type MemoryAccount } from '../../../storage/kernels/work-memory.ts'
import type { RowSet } from '../../../storage/part/row-set.ts'
import type { SharedDictionaries } from '../dictionaries/shared-dictionary.ts'

/** Values are learnt after so many questions, and one more for so many rows: by then they have paid. */
const ASKED_MIN = 128
const ROWS_AN_ASK = 256
/** Codes of larger dictionaries take more than a byte. */
const STRINGS_MAX = 256
/** Bytes of a row in all columns together: twice what is known of where its rows lie. */
const ROW_BYTES_MAX = 8

type Values = Uint8Array | Uint32Array
type Beside = {
  readonly type: DataType
  /** Of its codes; null: they are numbers. */
  readonly dictionary: Dictionary | null
  state: 'wanted' | 'read' | 'known' | 'refused'
  values: Values | null
}

/** What the rows are known of: see StringRows. */
export type Places = {
  /** Where each string's rows end. */
  readonly ends: Uint32Array
  readonly rowCount: number
  /** Whether rows of a row set are among them. */
  readonly takesPart: (rowSet: number) => boolean
  /** The string of each row of a block; null: they are not known. NO_STRING: of none. */
  readonly stringsOf: (rowSet: number, block: number) => Uint32Array | null
}

/** In place of a string: the row has none. */
export const NO_STRING = 0xffffffff

export class BesideRows {
  private readonly columns = new Map<number, Beside>()
  private asked = 0
  /** Questions from which on columns that are wanted are read; 0: none are wanted. */
  private wanted = 0
  /** The next place of each string while columns are read; null: none are. */
  private next: Uint32Array | null = null
  private isWanted = false
  private rowSet = 0
  private block = 0

  /** A column's values by place, which is wanted from now on; null: they are not known. */
  valuesOf(columnId: number, type: DataType, dictionary: Dictionary | null): Values | null {
    const known = this.columns.get(columnId)
    if (known !== undefined && known.type === type && known.dictionary === dictionary) return known.state === 'known' ? known.values : null
    if (isNullable(type) || (dictionary === null && storageOf(type) !== 'u32')) return null
    this.columns.set(columnId, { type, dictionary, state: 'wanted', values: null })
    this.isWanted = true
    return null
  }

  /** Called with each question, of so many rows in all: whether there is a step of learn() to be taken. */
  isDue(rowCount: number): boolean {
    this.asked++
    if (this.next !== null) return true
    if (!this.isWanted) return false
    if (this.wanted === 0) this.wanted = this.asked + ASKED_MIN + rowCount / ROWS_AN_ASK
    return this.asked >= this.wanted
  }

  /** Reads the next block of the columns that are wanted: a millisecond for six of them. */
  learn(places: Places, list: readonly RowSet[], dictionaries: SharedDictionaries, scratch: MemoryAccount): void {
    try {
      if (this.next === null) this.begin(places)
      if (this.next !== null) this.step(this.next, places, list, dictionaries, scratch)
    } catch (error) {
      // A question without the memory leaves it to later ones, from the beginning: places have moved. Of a block that is
      // damaged and that this question does not read, who reads it will say so.
      const isShort = error instanceof MemoryLimitExceeded
      this.end(isShort ? 'wanted' : 'refused')
      if (isShort) this.wanted = this.asked * 2
    }
  }

  private begin({ ends, rowCount }: Places): void {
    this.isWanted = false
    this.wanted = 0
    let bytes = 0
    for (const { values } of this.columns.values()) bytes += values?.byteLength ?? 0
    const wanted = [...this.columns.values()].filter(({ state }) => state === 'wanted')
    let isAny = false
    // Codes first: they are the smallest.
    for (const column of [...wanted.filter(({ dictionary }) => dictionary !== null), ...wanted.filter(({ dictionary }) => dictionary === null)]) {
      const { dictionary } = column
      const needed = dictionary === null ? rowCount * 4 : rowCount
      if (bytes + needed > rowCount * ROW_BYTES_MAX || (dictionary !== null && dictionary.size > STRINGS_MAX)) {
        column.state = 'refused'
        continue
      }
      column.state = 'read'
      column.values = dictionary === null ? new Uint32Array(rowCount) : new Uint8Array(rowCount)
      bytes += needed
      isAny = true
    }
    if (!isAny) return
    this.next = new Uint32Array(ends.length)
    this.next.set(ends.subarray(0, -1), 1)
    this.rowSet = 0
    this.block = 0
  }

  private step(
    next: Uint32Array, places: Places, list: readonly RowSet[], dictionaries: SharedDictionaries, scratch: MemoryAccount,
  ): void {
    while (this.rowSet < list.length && (this.block >= list[this.rowSet].blockCount || !places.takesPart(this.rowSet))) {
      this.rowSet++
      this.block = 0
    }
    if (this.rowSet === list.length) return this.end('known')
    const strings = places.stringsOf(this.rowSet, this.block)
    if (strings === null) return this.end('refused')
    const at = placesOf(strings, next)
    for (const [columnId, column] of this.columns) {
      if (column.state === 'read' && !this.take(columnId, column, list[this.rowSet], at, dictionaries, scratch)) {
        column.state = 'refused'
        column.values = null
      }
    }
    this.block++
  }

  /** Enters a block's values of a column; false: it has others than such. */
  private take(
    columnId: number, { type, dictionary, values }: Beside, rowSet: RowSet, at: Uint32Array, dictionaries: SharedDictionaries,
    scratch: MemoryAccount,
  ): boolean {
    const reader = rowSet.column(columnId)
    if (reader === null || values === null || (dictionary === null && reader.type !== type)) return false
    const shared = dictionary === null ? null : dictionaries.byId(dictionary.id)
    if (shared !== dictionary) return false
    const map = shared === null || reader.distinctCount < 0 ? null : dictionaries.known(shared, rowSet.label, reader)
    if (shared !== null && map === null) return false
    const vector = reader.decode(this.block, scratch, map)
    const from = wordsOf(vector, values instanceof Uint8Array)
    if (from === null) return false
    const step = vector.isConst ? 0 : 1
    if (!(values instanceof Uint8Array)) enterNumbers(values, at, from, step)
    return !(values instanceof Uint8Array) || enterCodes(values, at, from, step)
  }

  private end(state: 'known' | 'refused' | 'wanted'): void {
    for (const column of this.columns.values()) {
      if (column.state !== 'read') continue
      column.state = state
      if (state !== 'known') column.values = null
    }
    this.next = null
    this.isWanted ||= state === 'wanted'
  }
}

/** The place of each row of a block; NO_STRING: it has none. Each string's next place moves on. */
function placesOf(strings: Uint32Array, next: Uint32Array): Uint32Array {
  const at = new Uint32Array(strings.length)
  for (let row = 0; row < strings.length; row++) at[row] = strings[row] === NO_STRING ? NO_STRING : next[strings[row]]++
  return at
}

/** Row r has from[r * step]. Loops of their own: V8 compiles them when they have run for a block. */
function enterNumbers(values: Uint32Array, at: Uint32Array, from: Uint32Array, step: number): void {
  for (let row = 0; row < at.length; row++) if (at[row] !== NO_STRING) values[at[row]] = from[row * step]
}

/** False: a code takes more than a byte. */
function enterCodes(values: Uint8Array, at: Uint32Array, from: Uint32Array, step: number): boolean {
  let bits = 0
  for (let row = 0; row < at.length; row++) {
    bits |= from[row * step]
    if (at[row] !== NO_STRING) values[at[row]] = from[row * step]
  }
  return bits >>> 0 < STRINGS_MAX
}

/** Codes, or numbers of 32 bits; null: it is neither, or has NULLs. */
function wordsOf(vector: Vector, areCodes: boolean): Uint32Array | null {
  if (vector.nulls !== null) return null
  if (areCodes) return vector.kind === 'codes' ? vector.codes : null
  return vector.kind === 'number' && vector.values instanceof Uint32Array ? vector.values : null
}
